"""Judgements in files: numbers that say where they come from, and errors that name file and line.

A number is plain, or a mapping of value, source, range and note. The source is one of those that the file lists,
or the word ``assumption``, which needs a range. Ledgers of signals, choices of supplier and supply networks are
written so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from suasion.schema.typed_file import Strict
from suasion.schema.yaml_lines import Fault, KeyPath
from suasion.types import Advice

ASSUMPTION = "assumption"


class FigureModel(Strict):
    """A number with where it comes from."""

    written: ClassVar[str] = "a number, or a mapping with `value`, `source`, `range`"
    value: float
    source: str | None = None
    range: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    note: str = ""


def bare(value: Any) -> Any:
    """Bare numbers as figures, everything else as it is."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"value": float(value)}
    return value


Figure = Annotated[FigureModel, BeforeValidator(bare)]


class SourceModel(Strict):
    """Where something was read."""

    title: str
    where: str
    locator: str
    says: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """One number of a file that somebody may see otherwise.

    Attributes
    ----------
    place : item and key, such as ``vostok_2018: ratio``.
    value, low, high : number and its range; low = high = value where it has none
    source : key of the source, ``assumption``, or empty where the file says nothing
    note : what the file says of it
    path : where it stands in the file
    """

    place: str
    value: float
    low: float
    high: float
    source: str = ""
    note: str = ""
    path: KeyPath = ()

    def at(self, value: float) -> Judgement:
        """Return it held at another number, without a range."""
        return replace(self, value=value, low=value, high=value)


def judgement(place: str, figure: FigureModel, path: KeyPath = ()) -> Judgement:
    """Return the judgement of a figure.

    place: item and key.
    figure: the number as written.
    path: where it stands in the file.
    """
    low, high = figure.range or (figure.value, figure.value)
    return Judgement(place, figure.value, low, high, figure.source or "", figure.note, path)


def figure_faults(
    path: KeyPath,
    place: str,
    figure: FigureModel,
    sources: Mapping[str, object],
    bounds: tuple[float, float],
    closed: tuple[bool, bool],
) -> Iterator[Fault]:
    """Faults of a number: not finite, out of its bounds or its own range, a source that is not listed.

    path, place: Where it stands, and what it is called in messages.
    figure: the number.
    sources: sources of the file by key.
    bounds: smallest and largest number allowed.
    closed: whether each bound itself is allowed.
    """
    numbers = [figure.value, *(figure.range or [])]
    wrong = next((x for x in numbers if not _inside(x, bounds, closed)), None)
    if wrong is not None:
        yield path, f"{place} is {wrong:g}; {_allowed(bounds, closed)}."
    yield from source_faults(path, place, figure, sources)


def source_faults(
    path: KeyPath, place: str, figure: FigureModel, sources: Mapping[str, object]
) -> Iterator[Fault]:
    """Faults of where a number comes from, and of its range; parameters as for :func:`figure_faults`."""
    if figure.source not in (None, ASSUMPTION) and figure.source not in sources:
        yield path, f"{place}: source {figure.source!r} is not listed under `sources`."
    if figure.source == ASSUMPTION and figure.range is None:
        yield path, f"{place} is an assumption without a range; give one."
    if figure.range and not figure.range[0] <= figure.value <= figure.range[1]:
        low, high = figure.range
        yield path, f"{place} is {figure.value:g}, outside of its range {low:g} to {high:g}."


def said(sources: Mapping[str, SourceModel]) -> dict[str, str]:
    """Text of each source: title, place, locator."""
    return {key: f"{s.title}. {s.where}, {s.locator}" for key, s in sources.items()}


def _inside(x: float, bounds: tuple[float, float], closed: tuple[bool, bool]) -> bool:
    low, high = bounds
    return math.isfinite(x) and low <= x <= high and (closed[0] or x > low) and (closed[1] or x < high)


def _allowed(bounds: tuple[float, float], closed: tuple[bool, bool]) -> Advice:
    signs = (">=" if closed[0] else ">", "<=" if closed[1] else "<")
    limits = [f"{s} {b:g}" for s, b in zip(signs, bounds, strict=True) if math.isfinite(b)]
    return f"it must be {' and '.join(limits)}" if limits else "it must be a finite number"
