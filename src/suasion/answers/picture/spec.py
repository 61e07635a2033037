"""What every picture is made of: rows as they are drawn, layers put together to a specification, labels apart."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from suasion.answers.catalogue import say
from suasion.answers.language import Language
from suasion.answers.numbers import OPEN
from suasion.answers.picture import theme
from suasion.answers.table import Column, Picture, Table
from suasion.answers.values import Value

Spec = dict[str, Any]
LINE = 14
"""Height in pixels of a line of text in a chart."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a form is drawn where it stands.

    say: words of a key, for tooltips.
    legend: Vega-Lite legend of the colours, where nothing around the picture explains them.
    width: Pixels of lines; 0 for the usual width.
    across: title of the axis across, where it is a number.
    """

    say: Callable[[str], str] = say
    legend: Mapping[str, Any] | None = None
    width: int = 0
    across: str = ""


PAGE = Look()
"""On a page, which has a legend of its own."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of picture; each module of this folder that draws one has it under ``FORM``.

    draw: From the rows of a panel, all rows that share its axes, the title of its axis and its look to a
      specification.
    tell: What is drawn, for who does not see it: from the rows, the titles of the axes upward and across, and
      a language.
    rows: from a table, its picture and a language to rows as drawn, where none of them is a number on an
      axis.
    land: whether it is drawn over the outlines of the world.
    """

    draw: Callable[[pd.DataFrame, pd.DataFrame, str, Look], Spec]
    tell: Callable[[pd.DataFrame, str, str, Language], str]
    rows: Callable[[Table, Picture, Language], pd.DataFrame] | None = None
    land: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a figure's legend.

    style: CSS class of the swatch ("side-a", "class-0", "no-data", ...).
    text: what it means.
    """

    style: str
    text: str


def plain_rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Rows of a frame as Python objects, missing numbers as None."""
    return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame as dictionaries for a specification: six digits, missing numbers as None."""
    return [dict(zip(frame.columns, map(_short, row), strict=True)) for row in plain_rows(frame)]


def _short(cell: Any) -> Any:
    return float(f"{cell:.6g}") if isinstance(cell, float) else cell


def finish(layers: Sequence[Spec], width: int, height: int, slack: int = 0, **extra: Any) -> Spec:
    """Put layers together to a specification of a given size with the house look.

    layers: Layers with inline data.
    width, height: size in pixels: of the whole in width, of the inner part in height.
    slack: room in pixels left and right for labels in a wider font than the one measured with.
    **extra: Further entries of the specification (a projection).
    """
    spec: Spec = {
        "layer": list(layers),
        "config": theme.config(),
        "width": width,
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 5 + slack, "right": 5 + slack, "top": 5, "bottom": 5},
        **extra,
    }
    _share_data(spec)
    return spec


def _share_data(spec: Spec) -> None:
    """Keep rows that several layers use once, under a name."""
    names: dict[str, str] = {}
    for layer in spec.get("layer", []):
        values = layer.get("data", {}).get("values")
        if values is not None:
            text = json.dumps(values)
            names.setdefault(text, f"rows{len(names)}")
            layer["data"] = {"name": names[text]}
    spec["datasets"] = {
        **spec.get("datasets", {}),
        **{name: json.loads(text) for text, name in names.items()},
    }


def ordered(values: Sequence[str]) -> list[str]:
    """Distinct values in order of first appearance, for the order of an axis."""
    return list(dict.fromkeys(values))


End = tuple[str, Any]
"""A number as printed, and where it stands on the axis across."""


def ends_of(rows: pd.DataFrame) -> Iterator[tuple[str, End, End]]:
    """Yield each line or curve of drawn rows: its name, and the first and the last number that is known."""
    known = rows[rows["value"].notna()].sort_values("at").astype({"panel": str})
    for name, part in known.groupby(["panel", "series"], sort=False):
        first, last = ((str(part["label"].iloc[place]), part["at"].iloc[place]) for place in (0, -1))
        yield " ".join(ordered([str(word) for word in name if word])), first, last


def spread(ends: Sequence[float], reach: float, height: int) -> list[int]:
    """Vertical shifts in pixels that keep labels at the ends of lines apart.

    ends: values at the ends of the lines.
    reach: value at the top of the axis; its bottom is zero.
    height: height of the drawing in pixels.
    """
    heights = [end * height / reach for end in ends]
    if len(ends) == 2 and abs(heights[0] - heights[1]) <= LINE <= min(heights):
        return [-LINE // 2, LINE // 2] if ends[0] >= ends[1] else [LINE // 2, -LINE // 2]
    shifts, free = [0] * len(ends), LINE / 2  # no label on the axis
    for place in sorted(range(len(ends)), key=heights.__getitem__):
        free = max(heights[place], free)
        shifts[place] = -round(free - heights[place])
        free += LINE
    return shifts


MOST_ROWS = 16
"""Rows drawn in a panel of a long table; all of them stand in the table under it."""
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
    letters = dict(zip(ordered(series), theme.KEYS, strict=False))
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
    known = frame[(frame["value"].notna() | (picture.form == "lines")) & frame["side"].notna()]
    return (_first_names(known) if ranges else known).reset_index(drop=True)


def _first_names(known: pd.DataFrame) -> pd.DataFrame:
    """Rows of the first names of each panel."""
    names = known.groupby("panel", sort=False)["at"]
    place = names.transform(lambda part: pd.factorize(part.astype(str))[0])
    return known[place.astype(int) < MOST_ROWS]


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
