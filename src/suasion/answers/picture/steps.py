"""A number that changes at dated events: a step line with its bands, each step named above it, on a phone below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd

from suasion.answers.language import Language
from suasion.answers.picture.inline.canvas import SIZE, SMALL, Anchor, Canvas, LinearAxis, lines_of, percent
from suasion.answers.picture.rows import Form, PictureAxes
from suasion.answers.style import width

HEIGHT, LINE = 200, 18
"""Pixels of the plot, and of a line of names."""
LEAD, TAIL = 0.4, 0.9
"""Years drawn before the first step and after the last one."""
TURN = 0.55
"""Part of the axis from which names stand on the left of their dates, so that none leaves the drawing."""

StepName = tuple[float, Anchor, str]
"""Pixel of a step's date, the side of its name that stands there, and the name."""


def draw_steps(canvas: Canvas, part: pd.DataFrame, axes: PictureAxes) -> float:
    """Draw one panel.

    part: Rows in the order of time: ``at`` (ISO date; the first, where the line starts, has none), ``name`` of
      the step, ``value``, ``label``, ``low`` and ``high`` (the band within), ``least`` and ``most`` (the wider
      one).
    """
    years = [year_of(str(text)) for text in part["at"] if text]
    first, last = years[0] - LEAD, years[-1] + TAIL
    beside = canvas.width >= 480
    across = LinearAxis(first, last, 6, canvas.width - 2)
    names = [str(name) for name in part["name"][1:]]
    sides: list[Anchor] = ["end" if year > first + TURN * (last - first) else "start" for year in years]
    told = [(across(year), side, name) for year, side, name in zip(years, sides, names, strict=True)]
    rows = rows_of_names(told) if beside else []
    top = LINE * (max(rows, default=0) + 1) + 12 if beside else 24
    up = LinearAxis(0.0, min(100.0, 1.06 * float(part["most"].max())) or 1.0, top + HEIGHT, top)
    for tick in up.ticks(5):
        canvas.line(0, up(tick), canvas.width, up(tick), "third" if tick == 0 else "grid")
    for year in range(int(first) + 1, int(last) + 1, 1 if beside else 3):
        anchor: Anchor = "start" if across(year) < 18 else "middle"
        canvas.text(across(year), up.start + 19, str(year), anchor, fill="mute")
    placed = list(zip(told, rows, strict=False))
    for (x, _, _), row in placed:
        canvas.line(x, top - 21 - LINE * row, x, up.start, "rule", stroke_width=0.8)
    for (x, side, name), row in placed:  # over all lines, as the last named cross some of them
        canvas.text(x + (5 if side == "start" else -5), top - 10 - LINE * row, name, side, halo=True)
    _line(canvas, part, [first, *years, last], across, up)
    for tick in [tick for tick in up.ticks(5) if tick]:
        canvas.text(2, up(tick) - 4, percent(tick, bool(axes.unit)), fill="mute", halo=True)
    return up.start + 24 if beside else _listed(canvas, told, across, up)


def year_of(text: str) -> float:
    """Return an ISO date as a decimal year."""
    day = date.fromisoformat(text)
    return day.year + (day.timetuple().tm_yday - 1) / 365.25


def _ends(at: float, side: Anchor, name: str) -> tuple[float, float]:
    wide = width(name, SMALL) + 10
    return (at, at + wide) if side == "start" else (at - wide, at)


def rows_of_names(names: Sequence[StepName]) -> list[int]:
    """Return the row of each name, the lowest in which it meets no other and is above all lines that it crosses."""
    ends = [_ends(*one) for one in names]
    rows: dict[int, int] = {}
    # A name on the right crosses the lines of later steps, one on the left those of earlier ones: they come first.
    starts = [k for k, one in enumerate(names) if one[1] == "start"]
    for k in (*reversed(starts), *(k for k in range(len(names)) if k not in starts)):
        west, east = ends[k]
        row = 1 + max((rows[j] for j in rows if west < names[j][0] < east), default=-1)
        while any(rows[j] == row and ends[j][0] < east and west < ends[j][1] for j in rows):
            row += 1
        rows[k] = row
    return [rows[k] for k in range(len(names))]


def _line(
    canvas: Canvas, part: pd.DataFrame, years: Sequence[float], across: LinearAxis, up: LinearAxis
) -> None:
    """Bands, the line and a mark at each step, and the last number."""

    def stairs(name: str) -> Iterator[tuple[float, float]]:
        for place, value in enumerate(part[name]):
            yield from ((across(year), up(float(value))) for year in years[place : place + 2])

    for low, high, opacity in (("least", "most", 0.5), ("low", "high", 1.0)):
        if part[[low, high]].notna().all(axis=None):
            canvas.area([*stairs(high), *reversed(list(stairs(low)))], "a-band", opacity=opacity)
    canvas.path(list(stairs("value")), "a", stroke_width=2.6, stroke_linejoin="round")
    values = [float(value) for value in part["value"]]
    for year, value in zip(years, values, strict=False):
        canvas.mark(across(year), up(value), "a", size=4.5)
    y = up(values[-1])
    canvas.text(canvas.width - 2, y - 9 if y > up.end + 24 else y + 22, str(part["label"].iloc[-1]), "end",
                fill="a", size=SIZE, bold=True, halo=True)  # fmt: skip


def _listed(canvas: Canvas, names: Sequence[StepName], across: LinearAxis, up: LinearAxis) -> float:
    """Number the steps above the plot, and name them below: a phone has no room for names over their dates."""
    y, free = up.start + 34, 0.0
    for place, (x, _, name) in enumerate(names, start=1):
        at = max(x, free)
        canvas.line(x, up.end - 6, x, up.start, "rule", stroke_width=0.8)
        free = canvas.text(at, up.end - 10, str(place), "middle", fill="mute").right + width("0", SMALL)
        for line, words in enumerate(lines_of(name, canvas.width - 28)):
            if line == 0:
                canvas.text(20, y + 12, str(place), "end", fill="mute")
            canvas.text(28, y + 12, words)
            y += LINE
    return y + 6


def _alt(rows: pd.DataFrame, up: str, across: str, language: Language) -> str:
    each = "; ".join(f"{name} {label}".strip() for name, label in rows[["name", "label"]].to_numpy())
    return language.say("figure.steps.alt", {"rows": each})


FORM = Form(draw_steps, _alt)
