"""Supply networks: producers, transit states and customers, joined by routes.

Quantities, prices and values are in any units that fit together, such as bcm a year, USD per 1,000 m3 and million USD
a year. Places are nodes; players own them. What a coalition can use is what its members consent to.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from suasion.errors import InputError, NetworkError
from suasion.games import network_models


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
        network_models.check(self)

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
            network_models.known(kind[:-1], names, [item.name for item in items])
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
        network_models.known("route", (route,), [r.name for r in self.routes])
        changed = (replace(r, investment=investment) if r.name == route else r for r in self.routes)
        return replace(self, routes=tuple(changed))


def lock_in(
    to_one_buyer: Sequence[float], capacity: Sequence[float], weights: Sequence[float] | None = None
) -> float:
    """Share of capacity that can serve one buyer only, from 0 to 1.

    Parameters
    ----------
    to_one_buyer : (K,) capacity for that buyer alone, of each product
    capacity : (K,) whole capacity
    weights : (K,) weight of each product, such as its share in export value; by capacity without it

    Returns
    -------
    float

    Raises
    ------
    InputError
        A capacity is negative or zero in total, one part exceeds the whole, or lengths differ.

    Notes
    -----
    LOCK = sum_k w_k x (capacity for one buyer only) / capacity, with weights that add up to one.
    """
    part, whole = np.asarray(to_one_buyer, float), np.asarray(capacity, float)
    weight = whole if weights is None else np.asarray(weights, float)
    if not part.shape == whole.shape == weight.shape or part.ndim != 1:
        raise InputError(
            "Capacities for one buyer, whole capacities and weights must have one number a product."
        )
    if not np.isfinite(np.concatenate((part, whole, weight))).all():
        raise InputError("Capacities and weights must be finite numbers; one is missing or infinite.")
    if (part < 0).any() or (part > whole).any() or (whole <= 0).any():
        raise InputError("Each capacity must be > 0, and that for one buyer between 0 and it.")
    if (weight < 0).any() or weight.sum() <= 0:
        raise InputError("Weights must be >= 0, and one of them above zero.")
    return float(weight @ (part / whole) / weight.sum())


def outlets(network: SupplyNetwork) -> pd.DataFrame:
    """Buyers that each producer of a network can reach over the routes that stand.

    Parameters
    ----------
    network : a supply network; routes yet to be built do not count

    Returns
    -------
    DataFrame
        One row a producer: ``producer``, ``player``, ``capacity``, ``buyers`` (players other than its own whose markets
        it reaches, in the network's order) and ``sole_buyer`` (the only one, else empty).
    """
    standing: dict[str, set[str]] = {}
    for route in network.routes:
        if route.investment is None and route.capacity > 0:
            standing.setdefault(route.start, set()).add(route.end)
    rows = []
    for producer in network.producers:
        places = _downstream(producer.node, standing)
        reached = {c.player for c in network.customers if c.node in places} - {producer.player, None}
        buyers = tuple(player for player in network.players if player in reached)
        sole = buyers[0] if len(buyers) == 1 else ""
        rows.append((producer.name, producer.player, producer.capacity, buyers, sole))
    return pd.DataFrame(rows, columns=["producer", "player", "capacity", "buyers", "sole_buyer"])


def network_lock_in(network: SupplyNetwork, seller: str, buyer: str) -> float:
    """Share of a seller's capacity in a network that leads to one buyer only, 0 to 1.

    Parameters
    ----------
    network : a supply network
    seller, buyer : players

    Returns
    -------
    float

    Raises
    ------
    InputError
        The seller produces nothing there.
    """
    table = outlets(network)
    own = table[(table["player"] == seller) & (table["capacity"] > 0)]
    if own.empty:
        raise InputError(f"{seller!r} produces nothing in {network.name}; no capacity can be locked in.")
    locked = own["capacity"].where(own["sole_buyer"] == buyer, 0.0)
    return lock_in(locked.to_list(), own["capacity"].to_list())


def _downstream(start: str, routes: Mapping[str, Collection[str]]) -> set[str]:
    """Places that can be reached, the first one included."""
    seen, ahead = {start}, [start]
    while ahead:
        for place in routes.get(ahead.pop(), ()):
            if place not in seen:
                seen.add(place)
                ahead.append(place)
    return seen
