"""A number that changes at dated events: a step line with its bands, each step named above it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from suasion.answers.language import Language
from suasion.answers.picture import grammar as g
from suasion.answers.picture import theme
from suasion.answers.picture.spec import PAGE, Form, Look, Spec, finish, records

WIDTH, HEIGHT = 700, 270
LETTER, LINE = 7.0, 15
"""Pixels of a letter, with room for a narrower screen, and of a line of names."""
TICKS, MOST_TICKS = (0.2, 0.5, 1, 2, 5, 10, 20), 5
"""Steps of the axis in percentage points; the last reaches 100 per cent."""
LEAD, TAIL = 0.4, 0.9
"""Years drawn before the first step and after the last one."""
TURN = 0.55
"""Part of the axis from which names stand on the left of their dates, so that none leaves the drawing."""


def steps(part: pd.DataFrame, whole: pd.DataFrame, head: str, look: Look = PAGE) -> Spec:
    """Draw one panel.

    part, whole: Rows in the order of time: ``at`` (ISO date; the first, where the line starts, has none),
      ``name`` of the step, ``value``, ``label``, ``low`` and ``high`` (the band within), ``least`` and
      ``most`` (the wider one).
    head: title of the axis, with its unit.
    """
    frame = placed(part)
    first, last, top = (float(end) for end in (frame["at"].min(), frame["end"].iloc[0], frame["most"].max()))
    lines = int(frame["row"].max()) + 1
    reach = 1.06 * top / (1.0 - lines * LINE / HEIGHT)
    years = list(range(int(first) + 1, int(last) + 1))
    x = g.field(
        "at:Q", title=None, scale=g.scale(first, last), axis={"format": "d", "grid": False, "values": years}
    )
    y = g.field("value:Q", title=head, scale=g.scale(0.0, reach), axis={"values": _ticks(top)})
    held = records(pd.concat([frame, frame.tail(1).assign(at=last)]))
    heights = reach * (1.0 - (lines - frame["row"] - 0.5) * LINE / HEIGHT)
    marks = records(frame.assign(top=heights))
    line = {"x": x, "y": y}
    drawn: dict[str, Any] = {"interpolate": "step-after", "color": theme.BLUE}
    layers = [
        *g.band(held, line, ("least", "most"), opacity=0.12, **drawn),
        *g.band(held, line, opacity=0.25, **drawn),
        *_names(marks, x, y),
        g.layer(held, "line", line, **drawn, strokeWidth=2.2),
        g.dots(
            marks,
            {**line, "tooltip": g.tips(look.say, name="after", label="probability")},
            36,
            color=theme.BLUE,
        ),
        g.words(held[-1:], line, "label", align="right", dy=-9, fontWeight="bold"),
    ]
    return finish(layers, WIDTH, HEIGHT)


def placed(part: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with their decimal year, the row and the side of their name, and where the line ends."""
    years = [_year(str(text)) for text in part["at"] if text]
    first, last = years[0] - LEAD, years[-1] + TAIL
    frame = part.assign(at=[first, *years])
    left = frame["at"] > first + TURN * (last - first)
    frame["side"] = ["left" if turned else "right" for turned in left]
    return frame.assign(row=_rows(frame, WIDTH / (last - first)), end=last)


def _year(text: str) -> float:
    day = date.fromisoformat(text)
    return day.year + (day.timetuple().tm_yday - 1) / 365.25


def _rows(frame: pd.DataFrame, scale: float) -> list[int]:
    """Row of each name, the lowest in which it meets no other name, and above every date line that it would cross."""
    at = frame["at"].to_numpy(dtype=float) * scale
    width = frame["name"].str.len().to_numpy(dtype=float) * LETTER + 8.0
    left = (frame["side"] == "left").to_numpy()
    west, east = np.where(left, at - width, at), np.where(left, at, at + width)
    rows: dict[int, int] = {}
    # A name on the right crosses the lines of later steps, one on the left those of earlier ones: they come first.
    for k in (*np.flatnonzero(~left)[::-1], *np.flatnonzero(left)):
        row = 1 + max((rows[j] for j in rows if west[k] < at[j] < east[k]), default=-1)
        while any(rows[j] == row and west[j] < east[k] and west[k] < east[j] for j in rows):
            row += 1
        rows[int(k)] = row
    return [rows[k] for k in range(len(frame))]


def _ticks(top: float) -> list[float]:
    """Round values of the axis up to the first above all bands, and never above 100 per cent."""
    unit = next(step for step in TICKS if top <= MOST_TICKS * step)
    return [unit * k for k in range(MOST_TICKS + 1) if unit * k <= min(top + unit, 100)]


def _names(marks: Sequence[dict[str, Any]], x: dict[str, Any], y: dict[str, Any]) -> list[Spec]:
    """Names of the steps above the bands, each with a line down to its date."""
    lines = {"x": x, "y": y, "y2": {"field": "top"}}
    over = {"x": x, "y": {**y, "field": "top"}}
    sides = (("right", "left", 3), ("left", "right", -3))
    return [
        g.layer(marks, "rule", lines, color=theme.RULE, strokeWidth=0.7),
        *(
            g.words(part, over, "name", align=align, dx=dx)
            for side, align, dx in sides
            if (part := [row for row in marks if row["side"] == side])
        ),
    ]


def _alt(rows: pd.DataFrame, up: str, across: str, language: Language) -> str:
    each = "; ".join(f"{name} {label}".strip() for name, label in rows[["name", "label"]].to_numpy())
    return language.say("figure.steps.alt", {"rows": each})


FORM = Form(steps, _alt)
