"""From the keys of a network file to a network."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from suasion.errors import NetworkError
from suasion.games import network_checks
from suasion.games.network import Customer, Producer, Route, SupplyNetwork
from suasion.games.network_models import (
    UNITS,
    CustomerModel,
    NetworkFigureModel,
    NetworkModel,
    ProducerModel,
    RouteModel,
)
from suasion.schema.strict import Strict
from suasion.schema.yaml_lines import Fault, KeyPath

Values = Mapping[KeyPath, float]
_POINT = ("price", "quantity", "elasticity")
_LINE = ("intercept", "slope")


def build(model: NetworkModel, values: Values) -> SupplyNetwork:
    """Network of a file, with other numbers for some figures.

    Raises NetworkError: The numbers make no valid network.
    """
    return SupplyNetwork(**_pieces(model, values))


def faults(model: NetworkModel) -> list[Fault]:
    """Faults of the network of a file, with their places."""
    pieces = _pieces(model, {})
    own: dict[str, str | None] = {code: code for code in model.players}
    pieces["nodes"] = own | pieces["nodes"]
    optional = tuple(r for r in pieces["routes"] if r.investment is not None)
    bare = SimpleNamespace(**pieces, optional=optional)
    return network_checks.faults(cast(SupplyNetwork, bare))


def demand_faults(model: NetworkModel) -> Iterator[Fault]:
    """Customers whose demand curve is given twice or not at all, and routes to build without interest and life."""
    for index, customer in enumerate(model.customers):
        given = tuple(k for k in (*_POINT, *_LINE) if getattr(customer, k) is not None)
        if given not in (_POINT, _LINE):
            yield (
                ("customers", index),
                f"customer {customer.name} needs either price, quantity and elasticity, or intercept and slope.",
            )
        for key in _POINT:
            figure = getattr(customer, key)
            if figure is not None and figure.value <= 0:
                yield (
                    ("customers", index, key),
                    f"customer {customer.name}: {key} is {figure.value:g}; it must be > 0.",
                )
    for index, route in enumerate(model.routes):
        if route.capital is not None and (model.rate is None or model.life is None):
            yield (
                ("routes", index, "capital"),
                f"route {route.name} is to be built; give `rate` and `life`.",
            )


def annual_cost(capital: float, rate: float, life: float) -> float:
    """Cost a year that pays off an investment with interest.

    rate: interest a year, such as 0.08; zero spreads the capital evenly.
    life: years, > 0.
    Raises NetworkError: The rate is negative or the life not positive.
    """
    if rate < 0 or life <= 0:
        raise NetworkError(f"rate is {rate:g} and life {life:g}; they must be >= 0 and > 0.")
    return capital / life if rate == 0 else capital * rate / (1.0 - (1.0 + rate) ** -life)


def figures_of(item: Strict) -> dict[str, NetworkFigureModel]:
    """Numbers of an item as they stand in the file, by key."""
    given = {key: getattr(item, key) for key in type(item).model_fields}
    return {key: figure for key, figure in given.items() if isinstance(figure, NetworkFigureModel)}


def _numbers(item: Strict, place: KeyPath, values: Values) -> dict[str, float]:
    """Numbers of an item, or those that replace them."""
    return {key: values.get((*place, key), figure.value) for key, figure in figures_of(item).items()}


def _pieces(model: NetworkModel, values: Values) -> dict[str, Any]:
    """Arguments of the network of a file."""
    return {
        "players": model.players,
        "nodes": dict(model.nodes),
        "producers": tuple(_producer(p, i, values) for i, p in enumerate(model.producers)),
        "customers": tuple(_customer(c, i, values) for i, c in enumerate(model.customers)),
        "routes": tuple(_route(r, i, values, model) for i, r in enumerate(model.routes)),
        "third_party": frozenset(model.third_party),
        "name": model.name,
        "quantity": model.units.quantity,
        "price": model.units.price,
        "value": UNITS[model.units.quantity][1],
    }


def _producer(item: ProducerModel, index: int, values: Values) -> Producer:
    numbers = _numbers(item, ("producers", index), values)
    return Producer(item.name, item.node, player=item.player, **numbers)


def _route(item: RouteModel, index: int, values: Values, model: NetworkModel) -> Route:
    numbers = _numbers(item, ("routes", index), values)
    if (capital := numbers.pop("capital", None)) is not None:
        numbers["investment"] = annual_cost(capital, **_numbers(model, (), values))
    needs = None if item.needs is None else tuple(item.needs)
    return Route(item.name, item.start, item.end, needs=needs, **numbers)


def _customer(item: CustomerModel, index: int, values: Values) -> Customer:
    numbers = _numbers(item, ("customers", index), values)
    limit = numbers.pop("limit", math.inf)
    make = Customer if item.price is None else Customer.through
    return replace(make(item.name, item.node, item.player, **numbers), limit=limit)
