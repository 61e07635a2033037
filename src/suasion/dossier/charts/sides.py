"""Dumbbells of two sides: one row per item, a mark and perhaps a band for each side, on one scale."""

from __future__ import annotations

from typing import Any

import pandas as pd

from suasion.dossier.charts import theme
from suasion.dossier.charts.figure import Spec, finish, inline, ordered, records

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
    import altair as alt

    rows = ordered(list(frame["row"]))
    base = inline(records(frame))
    y = alt.Y("row:N", sort=rows, title=None, axis=alt.Axis(ticks=False, domain=False, labelPadding=8))
    x = alt.X("value:Q", title=title, scale=alt.Scale(domain=list(domain), nice=False))
    layers = [_zero(domain), _link(base, y)]
    if frame.get("low") is not None and frame["low"].notna().any():
        layers += _bands(base, y)
    layers += [_points(base, x, y), *_labels(base, x, y)]
    return finish(alt.layer(*layers), width, ROW_STEP * len(rows), slack=12)


def _zero(domain: tuple[float, float]) -> Any:

    inside = [{"zero": 0}] if domain[0] <= 0 <= domain[1] else []
    return inline(inside).mark_rule(color=theme.RULE, aria=False).encode(x="zero:Q")


def _link(base: Any, y: Any) -> Any:

    ends = base.transform_aggregate(low_end="min(value)", high_end="max(value)", groupby=["row"])
    return ends.mark_rule(color=theme.GRID, strokeWidth=5, aria=False).encode(
        y=y, x="low_end:Q", x2="high_end:Q"
    )


def _colour() -> Any:
    import altair as alt

    return alt.Color("side:N", scale=alt.Scale(domain=list(theme.KEYS), range=list(theme.THREE)), legend=None)


def _bands(base: Any, y: Any) -> list[Any]:
    import altair as alt

    def band(side: str, shift: int) -> Any:
        mine = base.transform_filter(f"datum.side == '{side}' && isValid(datum.low)")
        mark = mine.mark_rule(strokeWidth=3, opacity=0.6, yOffset=shift)
        return mark.encode(y=y, x=alt.X("low:Q"), x2="high:Q", color=_colour())

    return [band("a", -5), band("b", 5), band("c", 5)]


def _points(base: Any, x: Any, y: Any) -> Any:
    import altair as alt

    shape = alt.Shape(
        "side:N", scale=alt.Scale(domain=list(theme.KEYS), range=list(theme.SHAPES)), legend=None
    )
    tip = [
        alt.Tooltip("who:N", title="who"),
        alt.Tooltip("row:N", title="what"),
        alt.Tooltip("label:N", title="value"),
    ]
    mark = base.mark_point(filled=True, size=110, opacity=1)
    return mark.encode(x=x, y=y, color=_colour(), shape=shape, tooltip=tip)


def _labels(base: Any, x: Any, y: Any) -> list[Any]:
    return [
        base.transform_filter(f"datum.side == '{side}'")
        .mark_text(align="center", dy=dy, aria=False)
        .encode(x=x, y=y, text="label:N")
        for side, dy in (("a", -16), ("b", 17), ("c", 17))
    ]
