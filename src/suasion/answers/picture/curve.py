"""One number over another with its band, both ends of each curve with their numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from suasion.answers.language import Language
from suasion.answers.numbers import MINUS, signs
from suasion.answers.picture.inline.canvas import SMALL, Anchor, Canvas, LinearAxis, lines_of
from suasion.answers.picture.rows import Form, PictureAxes, ends_of, reach, side_of
from suasion.answers.style import width

HEIGHT, TOP = 190, 20
MARK = 6.5
"""Half the width of a mark."""
WIDE, LOG_ROOM = 30.0, 1.3
"""Ratio of the ends of an axis from which on it is drawn in logs, and the room that it leaves at either end."""
ROOM = 1.12
"""How far the axis upward reaches beyond the numbers, for the labels at the ends."""


@dataclass(frozen=True, slots=True)
class LogAxis:
    """An axis in logs, from numbers to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the pixel of a number; what lies beyond the axis stands at its end."""
        part = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return self.start + min(part, 1.0) * (self.end - self.start)

    def ticks(self, most: int = 5) -> tuple[float, ...]:
        """Ones, twos and fives on the axis; powers of ten alone where these are more than so many."""
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        for steps in ((1, 2, 5), (1, 3), (1,)):
            ticks = [step * 10.0**power for power in powers for step in steps]
            inside = tuple(tick for tick in ticks if self.low <= tick <= self.high)
            if len(inside) <= most + 1:
                break
        return inside


Axis = LinearAxis | LogAxis


def axis_of(values: pd.Series[float], ends: tuple[float, float], start: float, end: float) -> Axis:
    """Return an axis, in logs where numbers are positive and span more than a decade and a half."""
    low, high = float(values.min()), float(values.max())
    if low > 0 and high > WIDE * low:
        return LogAxis(low / LOG_ROOM, high * LOG_ROOM, start, end)
    return (
        LinearAxis(*ends, start, end) if ends[1] > ends[0] else LinearAxis(ends[0], ends[0] + 1, start, end)
    )


def draw_curve(canvas: Canvas, part: pd.DataFrame, axes: PictureAxes) -> float:
    """Draw one panel: axes, bands, lines, and the numbers or names of points that are told."""
    across_title = list(lines_of(axes.across, canvas.width)) if axes.across else []
    whole, (low, high) = axes.whole, reach(axes.whole)
    up = axis_of(whole["value"], (low, ROOM * high), TOP + HEIGHT, TOP)
    ticks = [(up(tick), _number(tick)) for tick in up.ticks(4)]
    left = max(width(words, SMALL) for _, words in ticks) + 8
    along = axis_of(
        whole["at"], (float(whole["at"].min()), float(whole["at"].max())), left, canvas.width - 14
    )
    for y, words in ticks:
        canvas.line(left, y, canvas.width, y, "third" if words == "0" else "grid")
        canvas.text(left - 6, y + 4.5, words, "end", fill="mute")
    bottom = TOP + HEIGHT
    for tick in along.ticks(5 if canvas.width > 480 else 4):
        canvas.line(along(tick), bottom, along(tick), bottom + 4, "rule")
        canvas.text(along(tick), bottom + 19, _number(tick), "middle", fill="mute")
    for place, words in enumerate(across_title):
        canvas.text(canvas.width, bottom + 38 + 16 * place, words, "end", fill="mute")
    curves = [one.sort_values("at", kind="stable") for _, one in part.groupby("side", sort=False)]
    for one in curves:
        _line(canvas, one, along, up)
    told = [(one, _marked(canvas, one, along, up)) for one in curves]
    for one, shown in told:
        _told(canvas, one, shown, along, up)
    end = bottom + 26 + 16 * len(across_title)
    named = [(str(one["side"].iloc[0]), str(one["series"].iloc[0])) for one in curves]
    keys = [(partial(canvas.mark, side=side_of(side), size=5), words) for side, words in named if words]
    return canvas.key(end, keys) if keys else end + 4


def _number(tick: float) -> str:
    return signs(f"{tick:,.10g}".replace("-", MINUS))


def _line(canvas: Canvas, one: pd.DataFrame, along: Axis, up: Axis) -> None:
    side = side_of(str(one["side"].iloc[0]))
    band = one.dropna(subset=["low", "high"])
    if len(band) > 1:
        upper = [(along(x), up(y)) for x, y in band[["at", "high"]].to_numpy(dtype=float)]
        lower = [(along(x), up(y)) for x, y in band[["at", "low"]].to_numpy(dtype=float)[::-1]]
        canvas.area([*upper, *lower], f"{side}-band", opacity=0.75)
    places = [(along(x), up(y)) for x, y in one[["at", "value"]].to_numpy(dtype=float)]
    canvas.path(places, side, stroke_width=3, stroke_linejoin="round", stroke_linecap="round")


def _marked(canvas: Canvas, one: pd.DataFrame, along: Axis, up: Axis) -> pd.DataFrame:
    """Mark the points that are told, and return them: all that have names, else both ends with their numbers."""
    shown = one.assign(label=one["name"]) if "name" in one else one.iloc[[0, -1]]
    for at, value in shown[["at", "value"]].to_numpy(dtype=float):
        x, y = along(at), up(value)
        canvas.mark(x, y, side_of(str(one["side"].iloc[0])), size=5.5)
        canvas.keep_off(x, y, MARK)
    return shown


def _told(canvas: Canvas, one: pd.DataFrame, shown: pd.DataFrame, along: Axis, up: Axis) -> None:
    """Write what is told of the points that are marked."""
    side = side_of(str(one["side"].iloc[0]))
    rising = float(one["value"].iloc[-1]) >= float(one["value"].iloc[0])
    middle = along(float(np.mean([one["at"].min(), one["at"].max()])))
    for at, value, label in shown[["at", "value", "label"]].itertuples(index=False):
        x, y = along(float(at)), up(float(value))
        anchor: Anchor = "start" if x <= middle else "end"
        below = rising == (anchor == "start")  # away from the line, which goes up or down from its end
        spot = _free(canvas, x, y, str(label), anchor, (20, -10) if below else (-10, 20))
        canvas.text(*spot, str(label), anchor, fill=side if side != "third" else "ink", size=SMALL, bold=True,
                    halo=True)  # fmt: skip


def _free(
    canvas: Canvas, x: float, y: float, words: str, anchor: Anchor, first: Sequence[float]
) -> tuple[float, float]:
    """Place above or below a mark at which a label meets no other."""
    shift = 4 if anchor == "start" else -4
    spots = [(x + shift, y + down) for down in (*first, -26, 36, -42, 52)]
    spots += [(x + 3 * shift, y + down) for down in (5, -4, 14)]
    inside = [spot for spot in spots if SMALL <= spot[1] <= TOP + HEIGHT - 3] or spots
    return next((spot for spot in inside if canvas.fits(*spot, words, anchor, bold=True)), inside[0])


def _alt(rows: pd.DataFrame, up: str, across: str, language: Language) -> str:
    parts = [f"{name} {', '.join(f'{at:g}: {label}' for label, at in ends)}" for name, *ends in ends_of(rows)]
    return language.say("figure.chapter.alt_curve", {"up": up, "across": across, "ends": "; ".join(parts)})


FORM = Form(draw_curve, _alt, half=True)
