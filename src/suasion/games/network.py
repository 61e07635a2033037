"""Supply networks: producers, transit states and customers, joined by routes.

Quantities, prices and values are in any units that fit together, such as bcm a year, USD per 1,000 m3 and million USD
a year. Places are nodes; players own them. What a coalition can use is what its members consent to.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from suasion.errors import NetworkError
from suasion.games import network_checks


@dataclass(frozen=True, slots=True)
class Producer:
    """A source of supply.

    Parameters
    ----------
    name : str
    node : where it feeds in
    capacity : largest quantity
    cost : cost a unit, constant
    player : who decides over it; None is an outside supplier that sells to all comers at its cost
    """

    name: str
    node: str
    capacity: float
    cost: float
    player: str | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """A market with a straight demand curve: price = intercept - slope x quantity, up to a limit.

    Parameters
    ----------
    name : str
    node : str
    player : whose surplus it is
    intercept : price at which nothing is bought
    slope : fall of the price a unit; 0 with a limit is a fixed worth a unit
    limit : largest quantity
    """

    name: str
    node: str
    player: str | None
    intercept: float
    slope: float
    limit: float = math.inf

    @classmethod
    def through(
        cls, name: str, node: str, player: str | None, price: float, quantity: float, elasticity: float
    ) -> Customer:
        """Demand curve through an observed point with an elasticity there.

        Parameters
        ----------
        name, node, player
            As for a customer.
        price, quantity : point observed, > 0
        elasticity : fall of the quantity in per cent when the price rises by one, there; > 0

        Raises
        ------
        NetworkError
            One of the three is not positive.
        """
        if min(price, quantity, elasticity) <= 0:
            raise NetworkError(f"Customer {name}: price, quantity and elasticity must be above zero.")
        slope = price / (elasticity * quantity)
        return cls(name, node, player, price + slope * quantity, slope)


@dataclass(frozen=True, slots=True)
class Route:
    """A one-way link between two nodes.

    Parameters
    ----------
    name : str
    start, end : nodes
    capacity : float
    cost : cost a unit: fuel and upkeep, not the fee that bargaining decides on.
    needs : players who must consent; without it the owners of both ends
    investment : fixed cost a year of a route that is yet to be built; None if it stands and its cost is sunk
    """

    name: str
    start: str
    end: str
    capacity: float
    cost: float = 0.0
    needs: tuple[str, ...] | None = None
    investment: float | None = None


@dataclass(frozen=True)
class SupplyNetwork:
    """A supply network.

    Parameters
    ----------
    players : code of each player and its name; a player is also a node of that code
    producers, customers, routes : tuples
    nodes : further nodes and the player who owns each, None for nobody
    third_party : players under third-party access: they cannot refuse the use of routes that stand. They still decide
        over their production, their purchases and what is to be built.
    name, quantity, price, value : name and units, for tables

    Raises
    ------
    NetworkError
        A route is there twice or leads nowhere, a number is negative, a customer cannot be reached, a name is unknown.
    """

    players: Mapping[str, str]
    producers: tuple[Producer, ...]
    customers: tuple[Customer, ...]
    routes: tuple[Route, ...] = ()
    nodes: Mapping[str, str | None] = field(default_factory=dict)
    third_party: frozenset[str] = frozenset()
    name: str = "network"
    quantity: str = "units"
    price: str = "value per unit"
    value: str = "value"

    def __post_init__(self) -> None:
        own: dict[str, str | None] = {code: code for code in self.players}
        for key, value in {
            "players": MappingProxyType(dict(self.players)),
            "nodes": MappingProxyType(own | dict(self.nodes)),
            "producers": tuple(self.producers),
            "customers": tuple(self.customers),
            "routes": tuple(self.routes),
            "third_party": frozenset(self.third_party),
        }.items():
            object.__setattr__(self, key, value)
        network_checks.check(self)

    @property
    def optional(self) -> tuple[Route, ...]:
        """Routes that are yet to be built."""
        return tuple(r for r in self.routes if r.investment is not None)

    def consents(self, route: Route) -> tuple[str, ...]:
        """Players without whom a route cannot be used."""
        ends = (self.nodes[route.start], self.nodes[route.end])
        needs = route.needs if route.needs is not None else tuple(p for p in ends if p is not None)
        free = self.third_party if route.investment is None else frozenset[str]()
        return tuple(p for p in self.players if p in needs and p not in free)

    def without(
        self, routes: Iterable[str] = (), customers: Iterable[str] = (), producers: Iterable[str] = ()
    ) -> SupplyNetwork:
        """Network in which some links, customers or producers are gone.

        Parameters
        ----------
        routes, customers, producers : names of what goes

        Raises
        ------
        NetworkError
            A name is unknown, or a customer that stays loses its last supplier.
        """
        gone = {"routes": tuple(routes), "customers": tuple(customers), "producers": tuple(producers)}
        kept: dict[str, Any] = {}
        for kind, names in gone.items():
            items = getattr(self, kind)
            network_checks.known(kind[:-1], names, [item.name for item in items])
            kept[kind] = tuple(item for item in items if item.name not in names)
        return replace(self, **kept)

    def with_access(self, players: Iterable[str]) -> SupplyNetwork:
        """Network in which these players, and those before, are under third-party access."""
        return replace(self, third_party=self.third_party | frozenset(players))

    def building(self, route: str, investment: float | None) -> SupplyNetwork:
        """Network in which one route is yet to be built at a cost a year, or, with None, stands.

        Parameters
        ----------
        route : str
        investment : fixed cost a year

        Raises
        ------
        NetworkError
            The route is unknown.
        """
        network_checks.known("route", (route,), [r.name for r in self.routes])
        changed = (replace(r, investment=investment) if r.name == route else r for r in self.routes)
        return replace(self, routes=tuple(changed))
