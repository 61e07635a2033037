"""A dot with its range for each row, its number at the right end."""

from __future__ import annotations

import pandas as pd

from suasion.answers.language import Language
from suasion.answers.picture import grammar as g
from suasion.answers.picture import theme
from suasion.answers.picture.spec import PAGE, Form, Look, Spec, finish, ordered, reach, records

WIDTH, ROW = 640, 22
LONGEST = 280
"""Pixels of a name, beyond which it is cut."""
TOLD = 12
"""Rows named in the description of a picture."""
WIDER = 0.12
"""By how much the widest common font exceeds the one measured with."""


def ranges(part: pd.DataFrame, whole: pd.DataFrame, head: str, look: Look = PAGE) -> Spec:
    """Draw one panel.

    part, whole: Rows of the panel, and those that share its axis; see
      :func:`suasion.answers.picture.spec.drawn`.
    head: title of the axis, with its unit.
    """
    low, high = reach(whole)
    span, lines = high - low, part["side"].nunique()
    room = _room(whole, low, span)
    x = g.field("value:Q", title=head, scale=g.scale(low - 0.02 * span * (low < 0), high + room * span))
    names = ordered([str(name) for name in part["at"]])
    y = {**g.names(names, limit=LONGEST, labelPadding=7), "field": "at"}
    beside = {"yOffset": g.field("side:N", scale={"domain": list(theme.KEYS[:lines])})} if lines > 1 else {}
    place = {"y": y, **beside}
    colour = g.field("side:N", scale=g.SIDE_SCALE, legend=look.legend)
    shape = g.field("side:N", scale=g.SIDE_SHAPES, legend=None)
    rows = records(part.assign(end=part["high"].fillna(part["value"])))
    band = [row for row in rows if row["low"] is not None and row["high"] is not None]
    tip = g.tips(look.say, at="what", series="of", label="value")
    ends = {**x, "field": "low"}, {"field": "high"}
    layers = [
        g.layer([{"zero": 0.0}], "rule", {"x": {**x, "field": "zero"}}, color=theme.RULE, strokeWidth=1),
        g.layer(band, "rule", {**place, "x": ends[0], "x2": ends[1]}, color=theme.RULE, strokeWidth=2),
        g.dots(rows, {**place, "x": x, "color": colour, "shape": shape, "tooltip": tip}, 70),
        g.words(rows, {**place, "x": {**x, "field": "end"}}, "label", align="left", dx=9),
    ]
    height = len(names) * (ROW if lines == 1 else 6 + 16 * lines)
    wider = round(WIDER * min(LONGEST, 6 * max(map(len, names), default=0)))
    shown = [layers[0], *([layers[1]] if band else []), *layers[2:]]
    return finish(shown, WIDTH, max(height, 2 * ROW), slack=8 + wider)


def _room(part: pd.DataFrame, low: float, span: float) -> float:
    """Part of the span that is left free at the right, so that each label ends inside the drawing."""
    longest = max((len(str(name)) for name in part["at"]), default=0)
    plot = WIDTH - min(LONGEST, 6 * longest) - 60
    ends = part["high"].fillna(part["value"])
    needed = [
        (end - low) / span / max(0.2, 1 - (7 * len(str(label)) + 9) / plot) - 1
        for end, label in zip(ends, part["label"], strict=True)
    ]
    return float(max(0.1, *needed))


def _alt(rows: pd.DataFrame, up: str, across: str, language: Language) -> str:
    each = rows[["at", "series", "label"]].head(TOLD).astype(str).to_numpy()
    parts = [f"{at}{series and f' ({series})'}: {label}" for at, series, label in each]
    return language.say("figure.chapter.alt_ranges", {"rows": "; ".join(parts)})


FORM = Form(ranges, _alt)
