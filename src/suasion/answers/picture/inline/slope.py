"""A loss with markets open and closed: a panel a year, a full mark on the left, a hollow one on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from suasion.answers.picture.inline.canvas import (
    SIZE,
    SMALL,
    WIDE,
    Box,
    Canvas,
    Drawing,
    LinearAxis,
    Side,
    drawing,
    percent,
    reach,
)
from suasion.answers.style import width

HEIGHT = 190
MARK = 7
"""Half the width of a mark, with a little air."""
BESIDE = 7.0
"""Pixels by which each of two sides stands off, where their ranges would lie on each other."""
End = tuple[float, str, float | None, float | None]
"""A number, the number as printed, and its range."""


@dataclass(frozen=True, slots=True)
class SlopePanel:
    """One year: its head, what is said under it, and either end of each side's line."""

    head: str
    under: str
    lines: tuple[tuple[Side, End, End], ...]


def slope(panels: Sequence[SlopePanel], label: str, ends: tuple[str, str], wide: float = WIDE) -> Drawing:
    """Draw losses with markets open and closed.

    panels: At most three, on one axis.
    label: a sentence that says what is seen.
    ends: words under the two ends.
    wide: width of the wide drawing.
    """
    return drawing(lambda canvas: _draw(canvas, panels, ends), label, wide)


def _draw(canvas: Canvas, panels: Sequence[SlopePanel], ends: tuple[str, str]) -> float:
    if canvas.room:  # a low plot holds the numbers of one side alone
        panels = [replace(panel, lines=panel.lines[:1]) for panel in panels]
    numbers = [
        end
        for panel in panels
        for _, *both in panel.lines
        for value, _, *band in both
        for end in (value, *band)
    ]
    top = 46
    up = LinearAxis(*reach(numbers, 1.08), top + (canvas.room or HEIGHT), top)
    ticks = up.ticks(canvas.steps)
    for tick in ticks:
        canvas.line(0, up(tick), canvas.width, up(tick), "third" if tick == 0 else "grid")
        if tick:
            canvas.text(0, up(tick) - 4, percent(tick, tick == ticks[-1]), fill="mute")
    room = (canvas.width - 34) / len(panels)
    for place, panel in enumerate(panels):
        left = 34 + place * room
        if place:
            canvas.line(left, top - 30, left, up.start, "rule")
        _panel(canvas, panel, up, left, room, ends)
    return up.start + 24


def _panel(
    canvas: Canvas, panel: SlopePanel, up: LinearAxis, left: float, room: float, ends: tuple[str, str]
) -> None:
    middle = left + room / 2
    canvas.text(middle, 14, panel.head, "middle", size=SIZE, bold=True)
    canvas.text(middle, 31, panel.under, "middle", fill="mute")
    said = max(width(words, SIZE, "sans-bold") for _, *both in panel.lines for _, words, *_ in both)
    least = sum(width(words, SMALL) for words in ends) / 2 + 8
    spread = max(min(room * 0.5, 190, room - 2 * (said + 13 + BESIDE) - 6), least)
    xs = (middle - spread / 2, middle + spread / 2)
    for x, words in zip(xs, ends, strict=True):
        canvas.text(x, up.start + 20, words, "middle", fill="mute")
    apart = BESIDE if _meet(panel) else 0.0
    for side, *both in panel.lines:
        own = [x + (apart if side == "b" else -apart) for x in xs]
        for x, (_, _, low, high) in zip(own, both, strict=True):
            if low is not None and high is not None:
                canvas.rect(x - 5, up(high), 10, max(up(low) - up(high), 3), f"{side}-band", rx=5)
                canvas.boxes.append(Box(x - 5, up(high), x + 5, up(low)))
        canvas.path([(x, up(end[0])) for x, end in zip(own, both, strict=True)], side, stroke_width=2)
        for place, (x, (value, *_)) in enumerate(zip(own, both, strict=True)):
            canvas.mark(x, up(value), side, hollow=bool(place))
            canvas.keep_off(x, up(value), MARK)
    canvas.boxes.append(Box(left, up.start - 1, left + room, up.start + 1))
    for side, *both in panel.lines:
        for place, (x, (value, words, *_)) in enumerate(zip(xs, both, strict=True)):
            out = x + (apart if place else -apart)
            _number(canvas, out, up(value), words, side, right=bool(place))


def _meet(panel: SlopePanel) -> bool:
    """Whether the ranges of two sides would lie on each other at an end."""
    for ends in zip(*(both for _, *both in panel.lines), strict=True):
        spans = sorted((value if low is None else low, value if high is None else high)
                       for value, _, low, high in ends)  # fmt: skip
        if any(one[1] > other[0] for one, other in pairwise(spans)):
            return True
    return False


def _number(canvas: Canvas, x: float, y: float, words: str, side: Side, *, right: bool) -> None:
    """Write a number beside its mark, higher or lower where something else stands there."""
    wide = width(words, SIZE, "sans-bold")
    beside = [
        place + 13 if right else place - 13 - wide for place in (x, x + BESIDE if right else x - BESIDE)
    ]
    tries = [(at, y + down) for at in beside for down in (5, -3, -11, 21, -27, -42)]
    tries += [(x - wide / 2, y + down) for down in (-12, 23, -27, -42)]
    at, base = next((spot for spot in tries if canvas.fits(*spot, words, size=SIZE, bold=True)), tries[0])
    canvas.text(at, base, words, fill=side, size=SIZE, bold=True, halo=True)
