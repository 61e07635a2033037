"""What every picture is made of: the rows of a table as they are drawn, and a form that draws and tells them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from suasion.answers.language import Language
from suasion.answers.numbers import OPEN
from suasion.answers.picture.inline.canvas import Canvas, Side
from suasion.answers.table import Column, Picture, Table
from suasion.answers.values import Value

KEYS = ("a", "b", "c", "d")
"""Sides of rows, in the order of first appearance: each has a mark and a colour."""
SIDES: dict[str, Side] = {"a": "a", "b": "b"}
"""Sides in a colour of their own; all others share one."""
SHARED_SIDE: Side = "third"


@dataclass(frozen=True, slots=True)
class PictureAxes:
    """What a panel is drawn on.

    whole: Rows that share its axes.
    up, across: titles of the axes, with their units.
    unit: At the ticks of the number that is drawn; empty where its title has it.
    language: of what is written.
    """

    whole: pd.DataFrame
    up: str
    across: str
    unit: str
    language: Language


class PictureDraw(Protocol):
    """Draws the rows of a panel on a canvas and returns the height."""

    def __call__(self, canvas: Canvas, part: pd.DataFrame, axes: PictureAxes) -> float:
        """Draw."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of picture; each module of this folder that draws one has it under ``FORM``.

    draw: Draws the rows of a panel on a canvas and returns the height.
    tell: What is drawn, for who does not see it: from the rows, the titles of the axes upward and across, and
      a language.
    rows: from a table, its picture and a language to rows as drawn, where none of them is a number on an
      axis.
    half: whether two of its panels stand beside each other.
    """

    draw: PictureDraw
    tell: Callable[[pd.DataFrame, str, str, Language], str]
    rows: Callable[[Table, Picture, Language], pd.DataFrame] | None = None
    half: bool = False


def side_of(key: str) -> Side:
    """Return the side whose mark and colour rows of a key have."""
    return SIDES.get(key, SHARED_SIDE)


def known(value: float) -> float | None:
    """Return a number, or None where it is missing."""
    return None if pd.isna(value) else float(value)


def records(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return rows as dictionaries."""
    return frame.to_dict("records")


def plain_rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Rows of a frame as Python objects, missing numbers as None."""
    return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()


def ordered(values: Sequence[str]) -> list[str]:
    """Distinct values in order of first appearance, for the order of an axis."""
    return list(dict.fromkeys(values))


End = tuple[str, Any]
"""A number as printed, and where it stands on the axis across."""


def ends_of(rows: pd.DataFrame) -> Iterator[tuple[str, End, End]]:
    """Yield each line or curve of drawn rows: its name, and the first and the last number that is known."""
    there = rows[rows["value"].notna()].sort_values("at").astype({"panel": str})
    for name, part in there.groupby(["panel", "series"], sort=False):
        first, last = ((str(part["label"].iloc[place]), part["at"].iloc[place]) for place in (0, -1))
        yield " ".join(ordered([str(word) for word in name if word])), first, last


MOST_ROWS = 16
"""Rows drawn in a panel of a long table; all of them stand in the table under it."""
MOST_SERIES = 3
"""Series that are told apart by colour and mark."""
SQUEEZED = 0.25
"""Part of the common axis under which a panel gets one of its own."""


def drawn(table: Table, picture: Picture, language: Language) -> pd.DataFrame:
    """Return the rows of an answer's table as they are drawn.

    Returns: ``at``, ``value``, ``low``, ``high``, ``series``, ``side`` (key of its colour), ``panel``, ``label``
      (with its range where each row is a dot with its range), ``name`` of steps and of points of a curve, and the
      wider band of steps (``least``, ``most``); probabilities in per cent, as the labels are. Rows without the
      number are left out, but for the gaps of lines, and so are those of a long table of ranges.
    """
    column = table.column(picture.value)
    band, bounds = table.band(picture.value), table.bounds(picture.value)
    ranges, steps = picture.form == "ranges", picture.form == "steps"
    blank = [""] * len(table.rows)

    def numbers(name: str | None) -> pd.Series[float]:
        return pd.Series(table.cells(name) if name else [None] * len(table.rows), dtype=float)

    wide = zip(("least", "most"), bounds or (None, None), strict=True) if steps else ()
    low, high = map(numbers, (band if steps else band or bounds) or (None, None))
    told = zip(table.cells(column.name), low, high, strict=True)
    series = table.words(picture.series, language) if picture.series else blank
    letters = dict(zip(ordered(series), KEYS[:MOST_SERIES], strict=False))
    frame = pd.DataFrame(
        {
            "at": table.words(picture.y, language) if ranges else table.cells(picture.x),
            "value": numbers(column.name),
            "low": low,
            "high": high,
            "series": series,
            "side": [letters.get(name) for name in series],
            "panel": table.words(picture.panel, language) if picture.panel else blank,
            "label": [_label(column, *row, band is not None, ranges, language) for row in told],
            **({"name": table.words(picture.label, language)} if picture.label else {}),
            **{end: numbers(name) for end, name in wide},
        }
    )
    likely = ["value", "low", "high", "least", "most"] if column.unit == "probability" else []
    across = ["at"] if not ranges and table.column(picture.x).unit == "probability" else []
    frame[frame.columns.intersection(likely + across)] *= 100.0
    told_rows = frame[(frame["value"].notna() | (picture.form == "lines")) & frame["side"].notna()]
    return (_first_names(told_rows) if ranges else told_rows).reset_index(drop=True)


def _first_names(told: pd.DataFrame) -> pd.DataFrame:
    """Rows of the first names of each panel."""
    names = told.groupby("panel", sort=False)["at"]
    place = names.transform(lambda part: pd.factorize(part.astype(str))[0])
    return told[place.astype(int) < MOST_ROWS]


def _label(
    column: Column, cell: Value, low: float, high: float, band: bool, ranges: bool, language: Language
) -> str:
    """A number as it is written in a drawing: with its range as that stands at its right end, or that none is known."""
    printer = language.numbers
    unknown = band and column.unit == "probability" and high - low > OPEN
    label = (
        printer.not_known
        if unknown
        else printer.shortened(language.cell(cell, column.unit, column.name, column.draws))
    )
    if not ranges or math.isnan(low) or math.isnan(high):
        return label
    ends = [printer.shortened(printer.printed(end, column.unit)) for end in (low, high)]
    return label if ends[0] == ends[1] == label else printer.range_of(label, *ends)


def reach(frame: pd.DataFrame) -> tuple[float, float]:
    """Range of all values and bands that holds zero."""
    ends = pd.concat([frame["value"], frame["low"], frame["high"]]).dropna()
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    return (low, high) if high > low else (low, low + 1.0)


def squeezed(part: pd.DataFrame, whole: pd.DataFrame) -> bool:
    """Whether a panel would fill too little of an axis that all panels share, so that nothing in it could be told."""
    (low, high), (least, most) = reach(part), reach(whole)
    return high - low < SQUEEZED * (most - least)
