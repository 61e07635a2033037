"""Cases on one axis, a step of a ladder for every year, and a chance as dots among a hundred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from suasion.answers.picture.inline.canvas import (
    SIZE,
    Anchor,
    Canvas,
    Drawing,
    LinearAxis,
    Side,
    drawing,
    percent,
    reach,
)
from suasion.answers.style import width

WIDE = 540
Held = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Past:
    """One case: its number, two lines of words, whether the state gave in, and today's pair in its colour."""

    value: float
    words: str
    under: str = ""
    gave_in: bool = False
    today: bool = False
    side: Side = "a"
    low: float | None = None
    high: float | None = None


def cases(past: Sequence[Past], label: str) -> Drawing:
    """Draw past cases and today's pair on one axis of losses.

    label: a sentence that says what is seen.
    """
    return drawing(lambda canvas: _cases(canvas, past), label, WIDE)


def _cases(canvas: Canvas, past: Sequence[Past]) -> float:
    scale = LinearAxis(
        *reach([end for one in past for end in (one.value, one.low, one.high)]), 9, canvas.width - 16
    )
    above = sorted((one for one in past if not one.today), key=lambda one: one.value)
    rows = _rows(scale, above, canvas.width)
    tall = 40 * (max(rows, default=0) + 1)
    y = tall + 14
    for one, row in zip(above, rows, strict=True):
        x, top = scale(one.value), y - 24 - 40 * row
        canvas.line(x, top + 4, x, y, "rule")
        at, anchor = _beside(x, max(width(one.words, 13, "sans-bold"), width(one.under, 13)), canvas.width)
        canvas.text(at, top - 14, one.words, anchor, bold=True)
        canvas.text(at, top + 1, one.under, anchor, fill="mute")
    for tick in scale.ticks(5):
        canvas.line(scale(tick), y - 6, scale(tick), y + 6, "third")
        canvas.text(scale(tick), y + 24, percent(tick), "start" if tick == 0 else "middle", fill="mute")
    canvas.line(scale.start, y, scale.end, y, "third")
    for one in [one for one in past if one.today]:
        if one.low is not None and one.high is not None:
            canvas.bar(scale(one.low), scale(one.high), y, one.side)
    for one in past:
        canvas.mark(
            scale(one.value), y, one.side if one.today else "ink", hollow=not one.gave_in and not one.today
        )
    bottom = y + 24
    for one in [one for one in past if one.today]:
        at, anchor = _beside(
            scale(one.value), max(width(one.words, SIZE, "sans-bold"), width(one.under, 13)), canvas.width
        )
        canvas.text(at, bottom + 20, one.words, anchor, fill=one.side, size=SIZE, bold=True)
        canvas.text(at, bottom + 36, one.under, anchor, fill="mute")
        bottom += 36
    return bottom + 8


def _beside(x: float, wide: float, room: float) -> tuple[float, Anchor]:
    """Where words stand that belong to a place on an axis: in its middle, or at the edge."""
    if x - wide / 2 < 0:
        return 0.0, "start"
    return (room, "end") if x + wide / 2 > room else (x, "middle")


def _rows(scale: LinearAxis, past: Sequence[Past], room: float) -> list[int]:
    """Row of each case's words above the axis, the lowest that is free."""
    rows: list[int] = []
    taken: list[tuple[float, float]] = []
    for one in past:
        wide = max(width(one.words, 13, "sans-bold"), width(one.under, 13))
        at, anchor = _beside(scale(one.value), wide, room)
        left = {"start": at, "middle": at - wide / 2, "end": at - wide}[anchor]
        row = 0
        while any(
            r == row and left < t[1] + 14 and t[0] < left + wide + 14
            for r, t in zip(rows, taken, strict=True)
        ):
            row += 1
        rows.append(row)
        taken.append((left, left + wide))
    return rows


def ladder(
    steps: Sequence[tuple[str, Sequence[Held]]],
    years: tuple[int, int],
    label: str,
    key: Sequence[tuple[Held, str]],
) -> Drawing:
    """Draw which steps of a ladder were held in which years: full yes, outline no, hatched not known.

    steps: sequence of (name, one entry a year). The highest first.
    years: first and last.
    label: a sentence that says what is seen.
    key: sequence of (entry, words). What the looks mean.
    """
    return drawing(lambda canvas: _ladder(canvas, steps, years, key), label, WIDE)


def _ladder(
    canvas: Canvas,
    steps: Sequence[tuple[str, Sequence[Held]]],
    years: tuple[int, int],
    key: Sequence[tuple[Held, str]],
) -> float:
    names = max(width(name, 13) for name, _ in steps)
    above = canvas.width < 480
    left, step, y = (0.0, 34, 18) if above else (names + 14, 22, 4)
    count = years[1] - years[0] + 1
    cell = (canvas.width - left) / count
    for name, held in steps:
        canvas.text(0, y - 5 if above else y + 11, name, fill="ink")
        for place, state in enumerate(held):
            _cell(canvas, left + place * cell, y, cell - 1.4, 12, state)
        y += step
    y += 2 if not above else -12
    canvas.text(left, y + 12, str(years[0]), fill="mute")
    canvas.text(canvas.width, y + 12, str(years[1]), "end", fill="mute")
    y += 34
    x = left
    for state, words in key:
        _cell(canvas, x, y - 11, 12, 12, state)
        x = canvas.text(x + 18, y, words, fill="mute").right + 18
    return y + 6


def _cell(canvas: Canvas, x: float, y: float, wide: float, high: float, state: Held) -> None:
    if state == "yes":
        canvas.rect(x, y, wide, high, "ink")
        return
    canvas.rect(x + 0.5, y + 0.5, wide - 1, high - 1, "none", stroke="var(--third)", stroke_width=0.8)
    if state == "unknown":
        # Lines and no pattern: a pattern has an id, and one inside a hidden drawing does not paint.
        for part in (0.25, 0.75):
            canvas.line(
                x + 0.5,
                y + high * (part + 0.25),
                x + wide - 0.5,
                y + high * (part - 0.25),
                "third",
                stroke_width=0.8,
            )


ACROSS, DOWN, STEP = 20, 5, 17


def dots(value: float, high: float, label: str) -> Drawing:
    """Draw a probability.

    value, high: the probability and the upper end of its range, 0 to 1.
    label: a sentence that says what is seen.
    """
    return drawing(lambda canvas: _dots(canvas, round(100 * value), round(100 * high)), label, ACROSS * STEP)


def _dots(canvas: Canvas, full: int, reach: int) -> float:
    for place in range(ACROSS * DOWN):
        x, y = STEP * (place % ACROSS + 0.5), STEP * (place // ACROSS + 0.5)
        if place < full:
            paint = 'fill="var(--ink)"'
        elif place < reach:
            paint = 'fill="none" stroke="var(--ink)" stroke-width="1.4"'
        else:
            paint = 'fill="var(--grid)"'
        canvas.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.4" {paint}/>')
    return DOWN * STEP
