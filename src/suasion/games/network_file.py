"""Network files: typed YAML in which every number says where it comes from.

A number is plain, or has a unit (``38 bcm/year``), or is a mapping of value, source and range; the source is one of
those that the file lists, or the word ``assumption``, which needs a range.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal, cast

from suasion.errors import NetworkError
from suasion.games import network_models
from suasion.games.network import Customer, Producer, Route, SupplyNetwork
from suasion.games.network_models import (
    PRICES,
    QUANTITIES,
    UNITS,
    CustomerModel,
    NetworkFigureModel,
    NetworkModel,
    ProducerModel,
    RouteModel,
)
from suasion.schema.judgements import Judgement, judgement, said, source_faults
from suasion.schema.typed_file import Strict, TypedFile, repeats
from suasion.schema.yaml_lines import Fault, KeyPath

#: Networks of the package, each under its name.
SHIPPED = Path(__file__).parents[1] / "snapshot" / "networks"
BASE: Literal["as in the file"] = "as in the file"


@dataclass(frozen=True)
class NetworkFile:
    """A network as written down: numbers with ranges and sources, and named cases.

    Parameters
    ----------
    model : NetworkModel
    figures : tuple of Judgement
    cases : names of the cases; the first is the file as it stands
    """

    model: NetworkModel = field(repr=False)
    figures: tuple[Judgement, ...] = field(repr=False)
    cases: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name of the network."""
        return self.model.name

    @property
    def sources(self) -> Mapping[str, str]:
        """Text of each source: title, place, locator."""
        return said(self.model.sources)

    def network(self, case: str = BASE, values: Mapping[KeyPath, float] | None = None) -> SupplyNetwork:
        """Network of a case.

        Parameters
        ----------
        case : str
        values : other numbers for some figures, by their path

        Raises
        ------
        NetworkError
            There is no such case, or the numbers make no valid network.
        """
        network_models.known("case", (case,), self.cases)
        whole = build(self.model, values or {})
        changes = {c.name: c for c in self.model.cases}
        if case not in changes:
            return whole
        change = changes[case]
        return whole.without(routes=change.close, customers=change.without).with_access(change.third_party)


def read_network(path: str | Path) -> NetworkFile:
    """Read a network file.

    Parameters
    ----------
    path : YAML in UTF-8, at most 200,000 bytes; or the name of a network that ships with Suasion, such as
        ``eurasian_gas``

    Returns
    -------
    NetworkFile

    Raises
    ------
    NetworkError
        The file is absent, too large or not valid. Each problem stands on a line of its own, with file and line.
    """
    return _made(_FILE.read(path)[0])


def parse_network(text: str, source: str = "<text>") -> NetworkFile:
    """Network from the text of a network file.

    Parameters
    ----------
    text : str
    source : file name, for messages

    Returns
    -------
    NetworkFile

    Raises
    ------
    NetworkError
        As for :func:`read_network`.
    """
    return _made(_FILE.parse(text, source)[0])


def _made(model: NetworkModel) -> NetworkFile:
    return NetworkFile(model, tuple(_figures(model)), (BASE, *(c.name for c in model.cases)))


def _faults(model: NetworkModel) -> Iterable[Fault]:
    """Faults of numbers and names; of the network where these are right, and of its cases where that is."""
    found = [*_figure_faults(model), *demand_faults(model), *_case_names(model)]
    return found or faults(model) or _case_faults(_made(model))


def _case_faults(file: NetworkFile) -> Iterator[Fault]:
    for index, case in enumerate(file.cases[1:]):
        try:
            file.network(case)
        except NetworkError as error:
            yield ("cases", index), f"case {case}: {error}"


def _case_names(model: NetworkModel) -> Iterator[Fault]:
    for index, name in repeats([BASE, *(c.name for c in model.cases)]):
        yield ("cases", index - 1), f"case {name!r} is there twice."


def _all_figures(model: NetworkModel) -> Iterator[tuple[KeyPath, str, str, NetworkFigureModel]]:
    """Path, item, key and figure of every number."""
    for key, figure in figures_of(model).items():
        yield (key,), "network", key, figure
    for kind in ("producers", "customers", "routes"):
        for index, item in enumerate(getattr(model, kind)):
            for key, figure in figures_of(item).items():
                yield (kind, index, key), f"{kind[:-1]} {item.name}", key, figure


def _figures(model: NetworkModel) -> Iterator[Judgement]:
    for path, item, key, figure in _all_figures(model):
        yield judgement(f"{item}: {key}", figure, path)


def _figure_faults(model: NetworkModel) -> Iterator[Fault]:
    """Units that are mixed up, sources that are not listed, assumptions without a range."""
    fits = UNITS.get(model.units.quantity)
    if fits is None:
        yield (
            ("units", "quantity"),
            f"unit {model.units.quantity!r} is unknown; give one of {', '.join(UNITS)}.",
        )
        return
    if model.units.price != fits[0]:
        yield (
            ("units", "price"),
            f"quantities in {model.units.quantity} go with prices in {fits[0]}, not in {model.units.price}.",
        )
    for path, item, key, figure in _all_figures(model):
        yield from _one_figure(path, f"{item}: {key}", _unit_of(key, model), figure, model)


def _unit_of(key: str, model: NetworkModel) -> str:
    if key in QUANTITIES:
        return model.units.quantity
    if key in PRICES:
        return model.units.price
    return {"capital": "million USD", "life": "years"}.get(key, "")


def _one_figure(
    path: KeyPath, place: str, unit: str, figure: NetworkFigureModel, model: NetworkModel
) -> Iterator[Fault]:
    if figure.unit is not None and figure.unit != unit:
        wanted = f"in {unit}" if unit else "without a unit"
        yield path, f"{place} is in {figure.unit}, but this file has it {wanted}. Convert it."
    yield from source_faults(path, place, figure, model.sources)


_FILE = TypedFile("network file", NetworkModel, NetworkError, _faults, shipped=SHIPPED)


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
    return network_models.faults(cast(SupplyNetwork, bare))


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
