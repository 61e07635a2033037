"""What every picture is made of: rows as plain data, layers put together to a specification, labels kept apart."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from suasion.answers.catalogue import say
from suasion.answers.language import Language
from suasion.answers.picture import theme
from suasion.answers.table import Picture, Table

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


def missing(cell: object) -> bool:
    """Whether a cell has no value."""
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def plain_rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Rows of a frame as Python objects, missing numbers as None."""
    return [
        [None if missing(cell) else cell for cell in row] for row in frame.astype(object).to_numpy().tolist()
    ]


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
