"""Network files: typed YAML in which every number says where it comes from.

A number is plain, or has a unit (``38 bcm/year``), or is a mapping of value, source and range; the source is one of
those that the file lists, or the word ``assumption``, which needs a range.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import ValidationError

from suasion.errors import NetworkError
from suasion.games import network_checks, network_parts
from suasion.games.network import SupplyNetwork
from suasion.games.network_models import (
    ASSUMPTION,
    PRICES,
    QUANTITIES,
    UNITS,
    NetworkFigureModel,
    NetworkModel,
)
from suasion.schema import yaml_lines
from suasion.schema.yaml_lines import Fault, KeyPath

MAX_BYTES = 200_000
_NOUN = "network file"
#: Networks of the package, each under its name.
SHIPPED = Path(__file__).parents[1] / "snapshot" / "networks"
BASE: Literal["as in the file"] = "as in the file"


@dataclass(frozen=True, slots=True)
class NetworkFigure:
    """One number of a network file.

    Parameters
    ----------
    place : item and key, such as ``route Yamal-Europe: capacity``.
    value, low, high : number and its range; low = high = value where it has none
    source : key of the source, ``assumption``, or empty where the file says nothing
    path : where it stands in the file
    """

    place: str
    value: float
    low: float
    high: float
    source: str
    path: KeyPath


@dataclass(frozen=True)
class NetworkFile:
    """A network as written down: numbers with ranges and sources, and named cases.

    Parameters
    ----------
    model : NetworkModel
    figures : tuple of NetworkFigure
    cases : names of the cases; the first is the file as it stands
    """

    model: NetworkModel = field(repr=False)
    figures: tuple[NetworkFigure, ...] = field(repr=False)
    cases: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name of the network."""
        return self.model.name

    @property
    def sources(self) -> Mapping[str, str]:
        """Text of each source: title, place, locator."""
        said = {key: f"{s.title}. {s.where}, {s.locator}" for key, s in self.model.sources.items()}
        return MappingProxyType(said)

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
        network_checks.known("case", (case,), self.cases)
        whole = network_parts.build(self.model, values or {})
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
    text = yaml_lines.read_text(path, _NOUN, MAX_BYTES, NetworkError, SHIPPED)
    return parse_network(text, Path(path).name)


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
    data, lines = yaml_lines.parse(text, source, _NOUN, MAX_BYTES, NetworkError)
    try:
        model = NetworkModel.model_validate(data)
    except ValidationError as error:
        faults = [yaml_lines.wrong_key(item) for item in error.errors(include_url=False)]
        raise NetworkError(yaml_lines.report(faults, lines, source)) from error
    faults = [*_figure_faults(model), *network_parts.demand_faults(model), *_case_names(model)]
    if not faults:
        faults = network_parts.faults(model)
    if faults:
        raise NetworkError(yaml_lines.report(faults, lines, source))
    made = NetworkFile(model, tuple(_figures(model)), (BASE, *(c.name for c in model.cases)))
    for index, case in enumerate(made.cases[1:]):
        try:
            made.network(case)
        except NetworkError as error:
            text = f"case {case}: {error}"
            raise NetworkError(yaml_lines.report([(("cases", index), text)], lines, source)) from error
    return made


def _case_names(model: NetworkModel) -> Iterator[Fault]:
    names = [BASE, *(c.name for c in model.cases)]
    for index, case in enumerate(model.cases):
        if case.name in names[: index + 1]:
            yield ("cases", index), f"case {case.name!r} is there twice."


def _all_figures(model: NetworkModel) -> Iterator[tuple[KeyPath, str, str, NetworkFigureModel]]:
    """Path, item, key and figure of every number."""
    for key in ("rate", "life"):
        figure = getattr(model, key)
        if figure is not None:
            yield (key,), "network", key, figure
    for kind in ("producers", "customers", "routes"):
        for index, item in enumerate(getattr(model, kind)):
            for key in type(item).model_fields:
                figure = getattr(item, key)
                if isinstance(figure, NetworkFigureModel):
                    yield (kind, index, key), f"{kind[:-1]} {item.name}", key, figure


def _figures(model: NetworkModel) -> Iterator[NetworkFigure]:
    for path, item, key, figure in _all_figures(model):
        low, high = figure.range or (figure.value, figure.value)
        yield NetworkFigure(f"{item}: {key}", figure.value, low, high, figure.source or "", path)


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
    if figure.source not in (None, ASSUMPTION) and figure.source not in model.sources:
        yield path, f"{place}: source {figure.source!r} is not listed under `sources`."
    if figure.source == ASSUMPTION and figure.range is None:
        yield path, f"{place} is an assumption without a range; give one."
    if figure.range and not figure.range[0] <= figure.value <= figure.range[1]:
        yield (
            path,
            f"{place} is {figure.value:g}, outside of its range {figure.range[0]:g} to {figure.range[1]:g}.",
        )
