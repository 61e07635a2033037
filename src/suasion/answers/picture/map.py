"""Points on a map, by kind, with the names of their places beside them where these have room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from suasion.answers.language import Language
from suasion.answers.picture import grammar as g
from suasion.answers.picture import theme
from suasion.answers.picture.labels import GAP, LINE, PIXELS_HIGH, PIXELS_WIDE, SIDES, labelled, window_of
from suasion.answers.picture.spec import PAGE, Form, Look, Spec, finish, records
from suasion.answers.table import Picture, Table

OUTLINE = {"name": "world", "format": {"type": "topojson", "feature": "countries"}}
"""Data of the outlines: a page keeps them once, a picture that stands alone has them itself."""
KEYS = (*theme.KEYS, "d")
_LOOKS = (
    ("color", [*theme.THREE, theme.MUTED]),
    ("shape", [*theme.SHAPES, "cross"]),
)
_DEGREES = {name: {"field": name, "type": "quantitative"} for name in ("longitude", "latitude")}


def map_rows(table: Table, picture: Picture, language: Language) -> pd.DataFrame:
    """Return the rows of a table as they are drawn.

    table: its first column names each point, and ``date`` says when (ISO, at least the year).
    picture: ``x`` and ``y`` are degrees east and north, ``label`` the place, ``series`` a word list of up to
      four kinds: each has the same mark in every picture.
    Returns: ``longitude``, ``latitude``, ``name``, ``start``, ``year``, ``short`` (the place), ``side`` (key
      of the mark), ``series`` (the kind in words), ``label``, ``value``, ``at``, ``panel``.
    """
    begins = f"word.{picture.series}."
    kinds = [key.removeprefix(begins) for key in language.words if key.startswith(begins)]
    dates, short = table.cells("date"), table.words(picture.label, language)
    return pd.DataFrame(
        {
            "longitude": table.cells(picture.x),
            "latitude": table.cells(picture.y),
            "name": table.cells(table.columns[0].name),
            "start": dates,
            "year": [int(str(date)[:4]) for date in dates],
            "short": short,
            "side": [KEYS[kinds.index(str(kind))] for kind in table.cells(picture.series)],
            "series": table.words(picture.series, language),
            "label": short,
            "value": table.cells(picture.y),
            "at": table.cells(picture.x),
            "panel": "",
        }
    )


def points(part: pd.DataFrame, whole: pd.DataFrame, head: str, look: Look = PAGE) -> Spec:
    """Draw one panel: from the Atlantic to the Bering Sea where that holds all points, else the world.

    part, whole: rows of :func:`map_rows`; all of them.
    head: not used: a map has no axis.
    """
    window = window_of(part)
    projection = {
        "type": "equirectangular",
        "rotate": [-window.longitude, 0, 0],
        "center": [0, window.latitude],
        "scale": {"expr": f"width * 180 / (PI * {window.wide:g})"},
        "translate": {"expr": "[width / 2, height / 2]"},
    }
    land = {
        "type": "geoshape",
        "fill": theme.NO_DATA,
        "stroke": theme.PAPER,
        "strokeWidth": 0.4,
        "clip": True,
        "aria": False,
    }
    marks = {
        name: g.field("side:N", scale={"domain": list(KEYS), "range": range_}, legend=_below(look.legend))
        for name, range_ in _LOOKS
    }
    tip = g.tips(look.say, name="what", start="year", series="of", short="at")
    layers = [
        {"data": dict(OUTLINE), "mark": land},
        g.dots(records(part), {**_DEGREES, **marks, "tooltip": tip}, 70, clip=True),
        *_names(part),
    ]
    return finish(layers, PIXELS_WIDE - 40, PIXELS_HIGH - 18, projection=projection)


def _below(legend: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return legend and {**legend, "orient": "bottom"}


def _names(part: pd.DataFrame) -> list[Spec]:
    """Names beside their points, a layer for each side."""
    table = labelled(part)
    size = {"expr": "max(8, min(10, width / 72))"}  # on a small screen the map is drawn smaller
    aligned = {1: "left", 0: "center", -1: "right"}
    return [
        g.words(
            records(own[["longitude", "latitude", "label"]]),
            dict(_DEGREES),
            "label",
            fontSize=size,
            clip=True,
            baseline="middle",
            dx=east * GAP,
            dy=-north * (GAP + LINE / 2),
            align=aligned[east],
        )
        for side, (east, north) in SIDES.items()
        if len(own := table[table["side"] == side])
    ]


def _alt(rows: pd.DataFrame, up: str, across: str, language: Language) -> str:
    """Return the drawn points in words."""
    each = "; ".join(f"{row.short} {row.year} ({row.series})" for row in rows.itertuples())
    return language.say("figure.places.alt", {"rows": each})


FORM = Form(points, _alt, map_rows, land=True)
