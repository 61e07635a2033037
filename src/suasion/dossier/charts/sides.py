"""Dumbbells of two sides: one row per item, a mark and perhaps a band for each side, on one scale."""

from __future__ import annotations

from typing import Any

import pandas as pd

from suasion.answers.picture import grammar as g
from suasion.answers.picture import theme
from suasion.answers.picture.spec import Spec, finish, ordered, records

ROW_STEP = 54


def known_values(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with a value: a row without one has no mark, and stands in the table with its reason.

    Parameters
    ----------
    frame : DataFrame
        Columns row, side ("a", "b" or "c"), who, value, label and optionally low, high.
    """
    return frame[frame["value"].notna()].reset_index(drop=True)


def draw_sides(frame: pd.DataFrame, title: str, domain: tuple[float, float], width: int = 340) -> Spec:
    """Draw two sides per row: circles with numbers above for one, diamonds with numbers below for the other.

    Parameters
    ----------
    frame : DataFrame
        As :func:`known_values` returns it.
    title : str
        Title of the x-axis.
    domain : tuple of float
        Range of the x-axis, the same for all panels of one unit.
    width : int
        Width in pixels of the static drawing.
    """
    rows = records(frame)
    order = ordered(list(frame["row"]))
    y = g.names(order, labelPadding=8)
    x = g.field("value:Q", title=title, scale=g.scale(*domain))
    colour = g.field("side:N", scale=g.SIDE_SCALE, legend=None)
    shape = g.field("side:N", scale=g.SIDE_SHAPES, legend=None)
    tip = g.tips(who="who", row="what", label="value")
    layers = [
        g.layer(
            _ends(frame), "rule", {"y": y, "x": x, "x2": {"field": "end"}}, color=theme.GRID, strokeWidth=5
        ),
        *_zero(domain, x),
        *_bands(rows, x, y, colour),
        g.dots(rows, {"x": x, "y": y, "color": colour, "shape": shape, "tooltip": tip}, 110),
        *_labels(rows, x, y),
    ]
    return finish(layers, width, ROW_STEP * len(order), slack=12)


def _ends(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Both ends of the line between the two sides of a row."""
    found = frame.groupby("row", sort=False)["value"].agg(["min", "max"])
    return [{"row": row, "value": ends["min"], "end": ends["max"]} for row, ends in found.iterrows()]


def _zero(domain: tuple[float, float], x: dict[str, Any]) -> list[Spec]:
    if not domain[0] <= 0 <= domain[1]:
        return []
    return [g.layer([{"value": 0}], "rule", {"x": x}, color=theme.RULE)]


def _bands(rows: list[dict[str, Any]], x: dict[str, Any], y: Any, colour: Any) -> list[Spec]:
    layers = []
    for side, shift in (("a", -5), ("b", 5), ("c", 5)):
        mine = [row for row in rows if row["side"] == side and row.get("low") is not None]
        if mine:
            ends = {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}, "color": colour}
            layers.append(g.layer(mine, "rule", ends, strokeWidth=3, opacity=0.6, yOffset=shift))
    return layers


def _labels(rows: list[dict[str, Any]], x: Any, y: Any) -> list[Spec]:
    return [
        g.words(
            [row for row in rows if row["side"] == side], {"x": x, "y": y}, "label", align="center", dy=dy
        )
        for side, dy in (("a", -16), ("b", 17), ("c", 17))
        if any(row["side"] == side for row in rows)
    ]
