"""Files of paths: typed YAML whose every error names the file, the line, the key and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from suasion.errors import ScenarioError
from suasion.files import exists
from suasion.nearest import did_you_mean
from suasion.outlook.growth.path import OwnRate
from suasion.outlook.paths.laid import Break, CostPath, TechnologyPath, WorldPath
from suasion.outlook.paths.models import (
    ALLOWED,
    BY_PLACE,
    CostModel,
    PathModel,
    RateModel,
    TechnologyModel,
)
from suasion.schema import yaml_lines
from suasion.schema.yaml_lines import KeyPath
from suasion.types import Advice

MAX_BYTES = 200_000
_NOUN = "file of paths"
SHIPPED = ("persist", "deepen", "lifted")
"""Names of the paths that come with the library, in the order of charts."""


def shipped_paths() -> tuple[WorldPath, ...]:
    """Return the three paths that come with the library: sanctions persist, deepen, are lifted."""
    folder = resources.files("suasion.outlook.paths") / "examples"
    return tuple(parse_path((folder / f"{n}.yaml").read_text("utf-8"), f"{n}.yaml") for n in SHIPPED)


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
    return parse_path(yaml_lines.read_text(file, _NOUN, MAX_BYTES, ScenarioError), str(Path(file)))


def parse_path(text: str, source: str = "<text>") -> WorldPath:
    """WorldPath from the text of a file.

    source: file name for messages.
    Raises ScenarioError: As for :func:`read_path`.
    """
    data, lines = yaml_lines.parse(text, source, _NOUN, MAX_BYTES, ScenarioError)
    try:
        model = PathModel.model_validate(data)
    except ValidationError as error:
        found = (_problem(dict(item), lines) for item in error.errors(include_url=False))
        raise ScenarioError(yaml_lines.in_order(found, source)) from error

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


def _rate(one: RateModel, where: str) -> OwnRate:
    if one.last < one.first:
        raise ScenarioError(f"{where}: the period ends in {one.last}, before it begins in {one.first}.")
    if (one.low is None) != (one.high is None):
        raise ScenarioError(f"{where}: give `low` and `high` together, or neither.")
    if one.low is not None and one.high is not None and not one.low <= one.percent <= one.high:
        raise ScenarioError(
            f"{where}: percent must lie between low and high; got {one.low}, {one.percent}, {one.high}."
        )
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


def _problem(item: dict[str, Any], lines: Mapping[KeyPath, int]) -> tuple[int, Advice]:
    path = tuple(part for part in item["loc"] if part != "[key]")
    line = yaml_lines.line_of(tuple(str(p) if _is_year(p, path) else p for p in path), lines)
    key = next((str(p) for p in reversed(path) if isinstance(p, str) and p in ALLOWED), "")
    if item["type"] == "extra_forbidden":
        unknown, model = str(path[-1]), _model(path)
        known = [field.alias or name for name, field in model.model_fields.items()]
        return (
            line,
            f"key `{unknown}` is unknown; allowed: {', '.join(known)}.{did_you_mean(unknown, known)}",
        )
    if item["type"] == "missing":
        return line, f"key `{key}` is missing; give {ALLOWED[key]}."
    allowed = ALLOWED.get(key, "a mapping that begins with `name:`")
    return line, f"key `{key}` is {yaml_lines.in_words(item['input'])}; allowed: {allowed}."


def _is_year(part: object, path: tuple[Any, ...]) -> bool:
    """Whether a number is a key of the mapping `path`; the lines know keys by their text."""
    return isinstance(part, int) and "path" in path and path.index("path") < path.index(part)


def _model(path: tuple[Any, ...]) -> type[BaseModel]:
    inside = [BY_PLACE[p] for p in path[:-1] if p in BY_PLACE]
    return inside[-1] if inside else PathModel
