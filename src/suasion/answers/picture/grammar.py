"""Vega-Lite layers as plain data: fields, marks, layers.

Written out rather than through Altair, which takes a second to import and two more for the charts of one page;
the specifications are the same, and a test validates each against Altair's schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from suasion.answers.catalogue import say
from suasion.answers.picture import theme

Layer = dict[str, Any]
_TYPES = {"Q": "quantitative", "N": "nominal"}
SIDE_SCALE = {"domain": list(theme.KEYS), "range": list(theme.THREE)}
SIDE_SHAPES = {"domain": list(theme.KEYS), "range": list(theme.SHAPES)}
CHANGE_SCALE = {"type": "threshold", "domain": list(theme.CHANGE_BOUNDS), "range": list(theme.CHANGE_COLOURS)}


def field(shorthand: str, **options: Any) -> dict[str, Any]:
    """Encode a field: ``field("value:Q", title="Share, %")``.

    shorthand: name and type, ``Q`` for numbers and ``N`` for names.
    **options: Further entries of the channel (scale, axis, sort, title, legend).
    """
    name, _, kind = shorthand.rpartition(":")
    return {"field": name, "type": _TYPES[kind], **options}


def scale(low: float, high: float, kind: str = "linear") -> dict[str, Any]:
    """Axis range that is taken as it is, without rounding to nice numbers."""
    whole = {} if kind == "log" else {"zero": False}
    return {"type": kind, "domain": [low, high], "nice": False, **whole}


WIDEST = 9.0
"""Pixels of a letter, at most: names of at most so many times their letters are never cut."""


def names(rows: Sequence[str], limit: int = 190, **axis: Any) -> dict[str, Any]:
    """Vertical axis of names in the order given, cut where one is wider than ``limit`` pixels.

    A limit is set only where it could bind: under one the drawing measures every name many times.
    """
    binds = WIDEST * max(map(len, rows), default=0) > limit
    return field(
        "row:N",
        sort=list(rows),
        title=None,
        axis={"ticks": False, "domain": False, **({"labelLimit": limit} if binds else {}), **axis},
    )


def tips(words: Callable[[str], str] = say, /, **titles: str) -> list[dict[str, Any]]:
    """Tooltip lines: field and the key of its title, in the words of a language."""
    return [field(f"{name}:N", title=words(f"figure.tip.{title}")) for name, title in titles.items()]


def layer(rows: Sequence[Mapping[str, Any]], mark: str, encoding: Mapping[str, Any], **style: Any) -> Layer:
    """Build one layer.

    rows: its data.
    mark: Vega-Lite's name of the mark.
    encoding: Channel to encoding.
    **style: Further entries of the mark. Text and rules are hidden from screen readers, for the table says
      the same.
    """
    quiet = {"aria": False} if mark in ("text", "rule") else {}
    return {
        "data": {"values": [dict(row) for row in rows]},
        "mark": {"type": mark, **quiet, **style},
        "encoding": dict(encoding),
    }


def band(
    rows: Sequence[Mapping[str, Any]],
    line: Mapping[str, Any],
    ends: tuple[str, str] = ("low", "high"),
    **style: Any,
) -> list[Layer]:
    """Build the area between two ends behind a line, of the rows that have both; nothing where none has.

    line: Channels of the line.
    """
    low, high = ends
    known = [row for row in rows if row[low] is not None and row[high] is not None]
    span = {**line, "y": {**line["y"], "field": low}, "y2": {"field": high}}
    return [layer(known, "area", span, **{"opacity": 0.18, **style})] if known else []


def dots(rows: Sequence[Mapping[str, Any]], encoding: Mapping[str, Any], size: int, **style: Any) -> Layer:
    """Build a layer of filled dots."""
    return layer(rows, "point", encoding, filled=True, size=size, opacity=1, **style)


def words(rows: Sequence[Mapping[str, Any]], encoding: Mapping[str, Any], text: str, **style: Any) -> Layer:
    """Build a layer of text from a field."""
    return layer(rows, "text", {**encoding, "text": field(f"{text}:N")}, **style)
