"""Files of paths: typed YAML, its models, and errors that name the file, the line, the key and what is allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from suasion.equilibrium.scenario.scenario import FIRST_YEAR, LAST_YEAR
from suasion.errors import ScenarioError
from suasion.files import exists, shipped_text
from suasion.outlook.growth.path import OwnRate
from suasion.outlook.paths.laid import Break, CostPath, TechnologyPath, WorldPath
from suasion.schema import yaml_lines
from suasion.schema.typed_file import Lines, Names, Strict, TypedFile
from suasion.schema.yaml_lines import Fault, KeyPath
from suasion.types import Advice

Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Rate = Annotated[float, Field(gt=-50.0, lt=50.0)]
Factor = Annotated[float, Field(gt=0.0, le=100.0)]
Points = Annotated[dict[Year, Factor], Field(min_length=1)]

ALLOWED: dict[str, Advice] = {
    "name": "a text",
    "description": "a text",
    "growth": "a mapping with `source` and `rates`",
    "source": "cited or none",
    "rates": "a list of mappings with countries, from, to, percent",
    "countries": "a country, a group, or a list of them",
    "from": f"a whole number from {FIRST_YEAR} to {LAST_YEAR}",
    "to": f"a whole number from {FIRST_YEAR} to {LAST_YEAR}",
    "percent": "real growth in per cent a year, above -50 and below 50",
    "low": "per cent a year, with `high`",
    "high": "per cent a year, with `low`",
    "costs": "a list of mappings with senders, targets and path",
    "senders": "a country, a group, or a list of them",
    "targets": "a country, a group, or a list of them",
    "sectors": "a sector, or a list of them",
    "direction": "both, imports or exports",
    "path": "years with factors above 0 and at most 100, such as {2026: 1.5, 2030: 1.0}",
    "hold": "true or false",
    "technology": "a list of mappings with targets and path",
    "response": "by_age or long",
    "break": "a mapping with hazard, size, calm and basis",
    "hazard": "a probability a year, from 0 to below 1",
    "size": "log odds, from 0 to 5",
    "calm": "log odds a year, from 0 to 1",
    "basis": "a text",
    "notes": "a list of texts",
}
"""What may stand at each key, in words."""


class RateModel(Strict):
    """Keys of an own growth rate."""

    countries: Names
    first: Year = Field(alias="from")
    last: Year = Field(alias="to")
    percent: Rate
    low: Rate | None = None
    high: Rate | None = None


class GrowthModel(Strict):
    """Keys of the growth of a path."""

    source: Literal["cited", "none"] = "cited"
    rates: list[RateModel] = Field(default_factory=list)


class CostModel(Strict):
    """Keys of a path of trade costs."""

    senders: Names
    targets: Names
    sectors: Names | None = None
    direction: Literal["both", "imports", "exports"] = "both"
    path: Points
    hold: bool = False


class TechnologyModel(Strict):
    """Keys of a path of productivity."""

    targets: Names
    sectors: Names | None = None
    path: Points
    hold: bool = False


class BreakModel(Strict):
    """Keys of breaks of regime."""

    hazard: Annotated[float, Field(ge=0.0, lt=1.0)]
    size: Annotated[float, Field(ge=0.0, le=5.0)]
    calm: Annotated[float, Field(ge=0.0, le=1.0)] = 0.1
    basis: str = "own"


class PathModel(Strict):
    """Keys of a file of paths."""

    name: Annotated[str, Field(min_length=1)]
    description: str = ""
    growth: GrowthModel = GrowthModel()
    costs: list[CostModel] = Field(default_factory=list)
    technology: list[TechnologyModel] = Field(default_factory=list)
    response: Literal["by_age", "long"] = "by_age"
    breaks: BreakModel | None = Field(default=None, alias="break")
    notes: list[str] = Field(default_factory=list)


SHIPPED = ("persist", "deepen", "lifted")
"""Names of the paths that come with the library, in the order of charts."""


def shipped_paths() -> tuple[WorldPath, ...]:
    """Return the three paths that come with the library: sanctions persist, deepen, are lifted."""
    room = "suasion.outlook.paths"
    return tuple(parse_path(shipped_text(room, f"examples/{n}.yaml"), f"{n}.yaml") for n in SHIPPED)


def read_path(file: str | Path) -> WorldPath:
    """Read a file of paths, or one that is shipped, by its name.

    Parameters
    ----------
    file : YAML file in UTF-8, or one of :data:`SHIPPED`

    Returns
    -------
    WorldPath

    Raises
    ------
    ScenarioError
        When the file is absent, too large or not valid. Each problem stands on a line of its own with file, line, key
        and what is allowed.
    """
    if str(file) in SHIPPED and not exists(Path(file)):
        return shipped_paths()[SHIPPED.index(str(file))]
    return _path(*_FILE.read(file), str(Path(file)))


def parse_path(text: str, source: str = "<text>") -> WorldPath:
    """WorldPath from the text of a file.

    source: file name for messages.
    Raises ScenarioError: As for :func:`read_path`.
    """
    return _path(*_FILE.parse(text, source), source)


def _path(model: PathModel, lines: Lines, source: str) -> WorldPath:
    def at(key: str, place: int) -> str:
        spot: KeyPath = ("growth", "rates", place) if key == "rates" else (key, place)
        return f"{source}, line {yaml_lines.line_of(spot, lines)}"

    rates = tuple(_rate(one, at("rates", k)) for k, one in enumerate(model.growth.rates))
    return WorldPath(
        name=model.name,
        description=model.description,
        growth=rates,
        source=model.growth.source,
        costs=tuple(_cost(one, at("costs", k)) for k, one in enumerate(model.costs)),
        technology=tuple(_technology(one, at("technology", k)) for k, one in enumerate(model.technology)),
        response=model.response,
        breaks=Break() if model.breaks is None else Break(**model.breaks.model_dump()),
        notes=tuple(model.notes),
    )


def _faults(model: PathModel) -> Iterator[Fault]:
    """Periods that end before they begin, and ranges that do not hold their rate."""
    for place, one in enumerate(model.growth.rates):
        path: KeyPath = ("growth", "rates", place)
        if one.last < one.first:
            yield path, f"the period ends in {one.last}, before it begins in {one.first}."
        if (one.low is None) != (one.high is None):
            yield path, "give `low` and `high` together, or neither."
        elif one.low is not None and one.high is not None and not one.low <= one.percent <= one.high:
            yield (
                path,
                f"percent must lie between low and high; got {one.low}, {one.percent}, {one.high}.",
            )


_FILE = TypedFile("file of paths", PathModel, ScenarioError, _faults, ALLOWED)


def _rate(one: RateModel, where: str) -> OwnRate:
    return OwnRate(tuple(one.countries), one.first, one.last, one.percent, one.low, one.high, where)


def _points(given: Mapping[int, float]) -> tuple[tuple[int, float], ...]:
    return tuple(sorted(given.items()))


def _names(given: list[str] | None) -> tuple[str, ...] | None:
    return None if given is None else tuple(given)


def _cost(one: CostModel, where: str) -> CostPath:
    sides = tuple(one.senders), tuple(one.targets)
    return CostPath(*sides, _points(one.path), _names(one.sectors), one.direction, one.hold, where)


def _technology(one: TechnologyModel, where: str) -> TechnologyPath:
    return TechnologyPath(tuple(one.targets), _points(one.path), _names(one.sectors), one.hold, where)
