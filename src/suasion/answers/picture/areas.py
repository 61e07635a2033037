"""Losses on a map: countries in fixed classes, so that two maps compare, and dots for those too small for a shape."""

from __future__ import annotations

import json

import pandas as pd

from suasion.answers.language import Language
from suasion.answers.picture import grammar as g
from suasion.answers.picture import theme
from suasion.answers.picture.map import OUTLINE
from suasion.answers.picture.spec import PAGE, Form, Look, Spec, finish, records
from suasion.answers.table import Picture, Table

BOUNDS = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Bounds of the classes, per cent."""
COLOURS = ("#EFEDE6", "#F8D6B8", "#EFB283", "#DD8842", "#B5500D", "#742903")
"""Of the classes, from the least to the most; those of the site's map."""
TOLD = 10
"""Countries named in the description, the largest first."""


def area_rows(table: Table, picture: Picture, language: Language) -> pd.DataFrame:
    """Return the rows of a table as they are drawn.

    picture: ``x`` is a number in per cent, ``y`` the country, ``label`` the country whose act it is, if any:
      it is drawn in ink.
    Returns: ``id``, ``name``, ``value``, ``label`` (as printed), ``longitude`` and ``latitude`` of those
      without a shape, and the columns that all forms have; the largest first.
    """
    from suasion.sources.outline import dots

    places = dots().set_index("country")
    column, codes = table.column(picture.x), table.cells(picture.y)
    cells = table.cells(picture.x)
    frame = pd.DataFrame(
        {
            "id": codes,
            "name": table.words(picture.y, language),
            "value": pd.to_numeric(pd.Series(cells, dtype=object)),
            "label": [language.cell(cell, column.unit, column.name) for cell in cells],
            "at": codes,
            "side": "",
            "series": "",
            "panel": "",
            "actor": table.cells(picture.label) if picture.label else "",
        }
    )
    drawn = frame.join(places[["longitude", "latitude"]], on="id")
    return drawn[drawn["value"].notna()].sort_values("value", ascending=False, kind="stable")


def areas(part: pd.DataFrame, whole: pd.DataFrame, head: str, look: Look = PAGE) -> Spec:
    """Draw one panel: land without a number in grey, countries by class, dots for small ones.

    part, whole: rows of :func:`area_rows`; all of them.
    head: title of the classes.
    """
    colour = g.field(
        "value:Q",
        scale={"type": "threshold", "domain": list(BOUNDS), "range": list(COLOURS)},
        legend={
            "orient": "bottom",
            "title": f"{head}, %",
            "type": "symbol",
            "symbolType": "square",
            "columns": 6,
        },
    )
    tip = g.tips(look.say, name="who", label="loss")
    edge = {"stroke": theme.PAPER, "strokeWidth": 0.4}
    shapes = g.layer(
        records(part[["id", "name", "value", "label"]]), "geoshape", {"color": colour, "tooltip": tip}, **edge
    )
    shapes["transform"] = [
        {
            "lookup": "id",
            "from": {"data": dict(OUTLINE), "key": "id", "fields": ["type", "geometry", "properties"]},
        },
        {"filter": "isValid(datum.geometry)"},
    ]
    at = {"longitude": g.field("longitude:Q"), "latitude": g.field("latitude:Q")}
    small = records(part.loc[part["longitude"].notna(), ["longitude", "latitude", "name", "value", "label"]])
    dot = {"size": 46, "opacity": 1, "stroke": theme.INK, "strokeWidth": 0.6}
    actors = json.dumps(sorted({*part["actor"]} - {""}))
    layers = [
        _land(theme.NO_DATA, f"indexof({json.dumps(sorted(part['id']))}, datum.id) < 0"),
        _land(theme.INK, f"indexof({actors}, datum.id) >= 0"),
        shapes,
        g.layer(small, "circle", {**at, "color": colour, "tooltip": tip}, **dot),
    ]
    return finish(layers, 720, 360, projection={"type": "equalEarth"})


def _land(colour: str, which: str) -> Spec:
    """Some shapes in one colour."""
    return {
        "data": dict(OUTLINE),
        "transform": [{"filter": which}],
        "mark": {
            "type": "geoshape",
            "fill": colour,
            "stroke": theme.PAPER,
            "strokeWidth": 0.4,
            "aria": False,
        },
    }


def _alt(rows: pd.DataFrame, up: str, across: str, language: Language) -> str:
    """Return the largest of the drawn countries in words."""
    each = "; ".join(f"{row.name} {row.label}" for row in rows.head(TOLD).itertuples(index=False))
    return language.say("figure.areas.alt", {"rows": each})


FORM = Form(areas, _alt, area_rows, land=True)
