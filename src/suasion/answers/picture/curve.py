"""One number over another with its band, both ends of the curve with their numbers."""

from __future__ import annotations

import pandas as pd

from suasion.answers.picture import grammar as g
from suasion.answers.picture import theme
from suasion.answers.picture.drawn import reach
from suasion.answers.picture.spec import PAGE, Look, Spec, finish, records

WIDTH, HEIGHT = 340, 190
ROOM = 1.12
"""How far the axis upward reaches beyond the numbers, for the labels at the ends."""


def curve(part: pd.DataFrame, whole: pd.DataFrame, head: str, look: Look = PAGE) -> Spec:
    """Draw one panel.

    Parameters
    ----------
    part, whole : DataFrame
        Rows of the panel, and those that share its axes; see :func:`suasion.answers.picture.drawn.drawn`.
    head : str
        Title of the axis, with its unit.
    look : Look
    """
    low, high = reach(whole)
    first, last = float(whole["at"].min()), float(whole["at"].max())
    x = g.field("at:Q", title=look.across, scale=g.scale(first, last))
    y = g.field("value:Q", title=head, scale=g.scale(low, ROOM * high), axis={"tickCount": 4})
    colour = g.field("side:N", scale=g.SIDE_SCALE, legend=look.legend)
    rows, ends = records(part), records(part.sort_values("at").iloc[[0, -1]])
    band = [row for row in rows if row["low"] is not None and row["high"] is not None]
    span = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour}
    layers = [
        g.layer(band, "area", span, opacity=0.18),
        g.layer(rows, "line", {"x": x, "y": y, "color": colour}, strokeWidth=2.2),
        g.dots(ends, {"x": x, "y": y, "tooltip": g.tips(look.say, label="value")}, 40, color=theme.BLUE),
        *(
            g.words([end], {"x": x, "y": y}, "label", align=side, dx=shift, dy=-9)
            for end, side, shift in zip(ends, ("left", "right"), (5, -5), strict=True)
        ),
    ]
    return finish(layers if band else layers[1:], look.width or WIDTH, HEIGHT)
