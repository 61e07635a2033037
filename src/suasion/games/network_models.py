"""Keys and types of network files, and what a network must obey, each fault with its place."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from suasion.errors import NetworkError
from suasion.nearest import did_you_mean
from suasion.schema.judgements import FigureModel, SourceModel, bare
from suasion.schema.typed_file import Strict
from suasion.schema.yaml_lines import SHOWN, Fault

if TYPE_CHECKING:
    from suasion.games.network import Route, SupplyNetwork

UNITS = {
    "bcm/year": ("USD/1000 m3", "million USD/year"),
    "Mt/year": ("USD/t", "million USD/year"),
    "million barrels/year": ("USD/barrel", "million USD/year"),
    "units": ("value/unit", "value"),
}
"""Units of quantity, with the unit of price and of value that fit them."""
QUANTITIES = ("capacity", "limit", "quantity")
PRICES = ("cost", "price", "intercept")
_WITH_UNIT = re.compile(r"\s*([-+]?[0-9.]+(?:[eE][-+]?\d+)?)\s+(\S.*?)\s*")


class NetworkFigureModel(FigureModel):
    """A number with where it comes from, and its unit where the file says it."""

    unit: str | None = None


def _figure(value: Any) -> Any:
    """Bare numbers, and texts such as ``38 bcm/year``, as figures."""
    value = bare(value)
    found = _WITH_UNIT.fullmatch(value) if isinstance(value, str) else None
    if found:
        return {"value": float(found[1]), "unit": found[2]}
    if not isinstance(value, dict):
        raise PydanticCustomError(
            "figure", "it must be a number, with or without its unit, or a mapping with `value`"
        )
    return value


Figure = Annotated[NetworkFigureModel, BeforeValidator(_figure)]


class UnitsModel(Strict):
    """Units of the file."""

    quantity: str
    price: str


class ProducerModel(Strict):
    """Keys of a producer."""

    name: str
    node: str
    player: str | None = None
    capacity: Figure
    cost: Figure


class CustomerModel(Strict):
    """Keys of a customer: either a point with an elasticity, or intercept and slope."""

    name: str
    node: str
    player: str | None = None
    price: Figure | None = None
    quantity: Figure | None = None
    elasticity: Figure | None = None
    intercept: Figure | None = None
    slope: Figure | None = None
    limit: Figure | None = None


class RouteModel(Strict):
    """Keys of a route; ``capital`` makes it one that is yet to be built."""

    name: str
    start: str = Field(alias="from")
    end: str = Field(alias="to")
    capacity: Figure
    cost: Figure
    needs: list[str] | None = None
    capital: Figure | None = None
    note: str = ""


class CaseModel(Strict):
    """Keys of a case: what is different in it."""

    name: str
    description: str = ""
    close: list[str] = Field(default_factory=list)
    without: list[str] = Field(default_factory=list)
    third_party: list[str] = Field(default_factory=list)


class NetworkModel(Strict):
    """Keys of a network file."""

    name: str
    description: str = ""
    units: UnitsModel
    players: dict[str, str]
    nodes: dict[str, str | None] = Field(default_factory=dict)
    rate: Figure | None = None
    life: Figure | None = None
    producers: list[ProducerModel]
    customers: list[CustomerModel]
    routes: list[RouteModel] = Field(default_factory=list)
    third_party: list[str] = Field(default_factory=list)
    cases: list[CaseModel] = Field(default_factory=list)
    sources: dict[str, SourceModel] = Field(default_factory=dict)


MOST_OPTIONS = 8
"""Most routes that are yet to be built in one network: every choice among them is tried."""
FINITE = 1e300


def check(network: SupplyNetwork) -> None:
    """Raise with the first faults of a network, if any.

    Raises NetworkError.
    """
    found = [text for _, text in faults(network)]
    if found:
        more = [f"... and {len(found) - SHOWN} more."] if len(found) > SHOWN else []
        raise NetworkError("\n".join(found[:SHOWN] + more))


def known(kind: str, names: Iterable[str], there: Sequence[str]) -> None:
    """Raise if a name is not there.

    Raises NetworkError.
    """
    for name in names:
        if name not in there:
            raise NetworkError(f"There is no {kind} {name!r}.{_hint(name, there)}")


def faults(network: SupplyNetwork) -> list[Fault]:
    """All faults of a network; those of connection only when all else is right."""
    found = [*_players(network), *_names(network), *_places(network), *_numbers(network)]
    return found or [*_unconnected(network)] or [*_worthless(network)]


def _hint(name: str, there: Iterable[str]) -> str:
    options = list(there)
    return did_you_mean(name, options, show=repr) or f" Known: {', '.join(options)}."


def _players(network: SupplyNetwork) -> Iterator[Fault]:
    if not network.players:
        yield ("players",), "a network needs players."
    if not network.customers:
        yield ("customers",), "a network needs a customer."
    options = len(network.optional)
    if options > MOST_OPTIONS:
        yield (
            ("routes",),
            f"{options} routes are yet to be built; at most {MOST_OPTIONS} can be chosen among.",
        )
    for player in sorted(network.third_party - set(network.players)):
        yield ("third_party",), f"third_party: no player {player!r}.{_hint(player, network.players)}"


def _names(network: SupplyNetwork) -> Iterator[Fault]:
    """Names that occur twice."""
    for kind in ("producers", "customers", "routes"):
        first: dict[str, str] = {}
        for index, item in enumerate(getattr(network, kind)):
            name = " ".join(item.name.casefold().split())
            if name in first:
                yield (
                    (kind, index),
                    f"{kind[:-1]} {item.name!r} is there twice (first as {first[name]!r}). Remove one; give parallel "
                    "lines names of their own.",
                )
            first.setdefault(name, item.name)


def _places(network: SupplyNetwork) -> Iterator[Fault]:
    """Nodes and players that are named but not declared."""
    nodes = network.nodes
    for name, owner in nodes.items():
        if owner is not None and owner not in network.players:
            yield ("nodes", name), f"node {name}: no player {owner!r}.{_hint(owner, network.players)}"
    for kind in ("producers", "customers"):
        for index, item in enumerate(getattr(network, kind)):
            if item.node not in nodes:
                yield (
                    (kind, index, "node"),
                    f"{kind[:-1]} {item.name}: no node {item.node!r}.{_hint(item.node, nodes)}",
                )
            if item.player is not None and item.player not in network.players:
                yield (
                    (kind, index, "player"),
                    f"{kind[:-1]} {item.name}: no player {item.player!r}.{_hint(item.player, network.players)}",
                )
    for index, route in enumerate(network.routes):
        yield from _ends(route, index, nodes, network.players)


def _ends(
    route: Route, index: int, nodes: Mapping[str, str | None], players: Mapping[str, str]
) -> Iterator[Fault]:
    for key, node in (("from", route.start), ("to", route.end)):
        if node not in nodes:
            yield ("routes", index, key), f"route {route.name}: no node {node!r}.{_hint(node, nodes)}"
    if route.start == route.end:
        yield ("routes", index), f"route {route.name} leads from {route.start} to itself."
    for player in route.needs or ():
        if player not in players:
            yield (
                ("routes", index, "needs"),
                f"route {route.name}: no player {player!r}.{_hint(player, players)}",
            )


def _numbers(network: SupplyNetwork) -> Iterator[Fault]:
    """Numbers out of range."""
    for kind in ("producers", "customers", "routes"):
        for index, item in enumerate(getattr(network, kind)):
            for key in ("capacity", "cost", "intercept", "slope", "investment", "limit"):
                value, most = getattr(item, key, None), math.inf if key == "limit" else FINITE
                if value is not None and not 0.0 <= value <= most:
                    bound = ">= 0" if key == "limit" else "finite and >= 0"
                    yield (
                        (kind, index, key),
                        f"{kind[:-1]} {item.name}: {key} is {value:g}; it must be {bound}.",
                    )
    for index, item in enumerate(network.customers):
        if item.slope == 0 and math.isinf(item.limit):
            yield (
                ("customers", index),
                f"customer {item.name} buys any quantity at {item.intercept:g}; give a slope above 0 or a limit.",
            )


def _unconnected(network: SupplyNetwork) -> Iterator[Fault]:
    """Customers whom no producer reaches, whoever consents."""
    reached = {p.node for p in network.producers if p.capacity > 0}
    for _ in network.routes:
        reached |= {r.end for r in network.routes if r.start in reached and r.capacity > 0}
    for index, customer in enumerate(network.customers):
        if customer.node not in reached:
            yield (
                ("customers", index),
                f"customer {customer.name} is disconnected: no route leads from a producer to {customer.node}. "
                "Add one, or leave the customer out.",
            )


def _worthless(network: SupplyNetwork) -> Iterator[Fault]:
    """Prices so far apart that no trade is worth while: as a rule two units are mixed up."""
    cheapest = dict.fromkeys(network.nodes, math.inf)
    for producer in network.producers:
        cheapest[producer.node] = min(cheapest[producer.node], producer.cost)
    for _ in network.routes:
        for route in network.routes:
            cheapest[route.end] = min(cheapest[route.end], cheapest[route.start] + route.cost)
    best = max(network.customers, key=lambda c: c.intercept - cheapest[c.node])
    if best.intercept <= cheapest[best.node]:
        yield (
            ("customers", network.customers.index(best)),
            f"no customer pays what supply costs: {best.name} pays at most {best.intercept:g}, the cheapest supply "
            f"there costs {cheapest[best.node]:g}. Are all prices in {network.price}?",
        )
