"""One number over another with its band, both ends of each curve with their numbers."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from suasion.answers.language import Language
from suasion.answers.picture import grammar as g
from suasion.answers.picture.spec import PAGE, Form, Look, Spec, ends_of, finish, reach, records

WIDTH, HEIGHT = 340, 190
ROOM = 1.12
"""How far the axis upward reaches beyond the numbers, for the labels at the ends."""
WIDE, LOG_ROOM = 30.0, 1.3
"""Ratio of the ends of an axis from which on it is drawn in logs, and the room that it leaves at either end."""


def curve(part: pd.DataFrame, whole: pd.DataFrame, head: str, look: Look = PAGE) -> Spec:
    """Draw one panel.

    part, whole: Rows of the panel, and those that share its axes; see
      :func:`suasion.answers.picture.spec.drawn`.
    head: title of the axis, with its unit.
    """
    x = g.field(
        "at:Q", title=look.across, **_axis(whole["at"], (float(whole["at"].min()), float(whole["at"].max())))
    )
    low, high = reach(whole)
    y = g.field("value:Q", title=head, **_axis(whole["value"], (low, ROOM * high)))
    line = {"x": x, "y": y, "color": g.field("side:N", scale=g.SIDE_SCALE, legend=look.legend)}
    rows = records(part)
    ends = records(_told(part))
    tip = g.tips(look.say, label="value")
    layers = [
        *g.band(rows, line),
        g.layer(rows, "line", line, strokeWidth=2.2),
        g.dots(ends, {**line, "tooltip": tip}, 40),
        *(
            g.words(
                [end],
                {"x": x, "y": y},
                "label",
                align="right" if last else "left",
                dx=-5 if last else 5,
                dy=-9,
            )
            for place, end in enumerate(ends)
            for last in (place == len(ends) - 1 if "name" in part else place % 2,)
        ),
    ]
    return finish(layers, look.width or WIDTH, HEIGHT)


def _told(part: pd.DataFrame) -> pd.DataFrame:
    """Points that are told: all that have names, else both ends of each curve with their numbers."""
    if "name" in part:
        return part.sort_values("at").assign(label=part["name"])
    return pd.concat([one.sort_values("at").iloc[[0, -1]] for _, one in part.groupby("side", sort=False)])


def _axis(values: pd.Series[float], ends: tuple[float, float]) -> dict[str, Any]:
    """Scale and ticks of an axis: in logs where numbers are positive and span more than a decade and a half."""
    low, high = float(values.min()), float(values.max())
    if not (low > 0 and high > WIDE * low):
        return {"scale": g.scale(*ends), "axis": {"tickCount": 4}}
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [step * 10.0**power for power in powers for step in (1, 2, 5)]
    inside = [tick for tick in ticks if low / LOG_ROOM <= tick <= high * LOG_ROOM]
    scale = g.scale(low / LOG_ROOM, high * LOG_ROOM, "log")
    return {"scale": scale, "axis": {"values": inside, "format": "~g"}}


def _alt(rows: pd.DataFrame, up: str, across: str, language: Language) -> str:
    parts = [f"{name} {', '.join(f'{at:g}: {label}' for label, at in ends)}" for name, *ends in ends_of(rows)]
    return language.say("figure.chapter.alt_curve", {"up": up, "across": across, "ends": "; ".join(parts)})


FORM = Form(curve, _alt)
