"""What one side buys from the other: a bar a good on the whole of its imports, and who else would sell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from suasion.answers.picture.inline.canvas import SIZE, SMALL, Canvas, Drawing, Side, drawing, lines_of
from suasion.answers.style import width

WIDE = 540
UNDER = 17
"""Pixels of a line of words under a bar."""
NAMES, LINE, TYPE = 0.52, 14, 12
"""On a sheet: part of the width that names take, and pixels of a line of them and of their type."""


@dataclass(frozen=True, slots=True)
class Good:
    """One good.

    share: of the other side in what this one imports of it (0 to 1).
    text: the share as printed.
    beside: value a year, and the rise of its price where one was computed.
    under: who would fill the gap, or what is known in its place.
    """

    name: str
    share: float
    text: str
    beside: str = ""
    under: str = ""


def chokepoints(goods: Sequence[Good], side: Side, label: str) -> Drawing:
    """Draw the goods that one side buys from the other, the largest value first.

    side: {"a", "b"}. Who buys.
    label: a sentence that says what is seen.
    """
    return drawing(lambda canvas: (_bars if canvas.room else _draw)(canvas, goods, side), label, WIDE)


def _draw(canvas: Canvas, goods: Sequence[Good], side: Side) -> float:
    share = max((width(one.text, SIZE, "sans-bold") for one in goods), default=0) + 10
    track = canvas.width - share
    y = 0.0
    for one in goods:
        beside = width(one.beside, SMALL)
        names = list(lines_of(one.name, canvas.width - beside - 12, SIZE, "sans-bold"))
        for line in names:
            y += 19
            canvas.text(0, y - 4, line, size=SIZE, bold=True)
        if one.beside:
            canvas.text(canvas.width, y - 4, one.beside, "end", fill="mute")
        canvas.rect(0, y + 2, track, 10, "grid")
        canvas.rect(0, y + 2, track * min(one.share, 1.0), 10, side)
        canvas.text(canvas.width, y + 12, one.text, "end", fill=side, size=SIZE, bold=True)
        y += 14
        for line in lines_of(one.under, canvas.width) if one.under else ():
            y += UNDER
            canvas.text(0, y - 2, line, fill="mute")
        y += 9
    return y


def _bars(canvas: Canvas, goods: Sequence[Good], side: Side) -> float:
    """Name, bar and share of each good side by side, as many as the room holds."""
    left = NAMES * canvas.width
    track = canvas.width - left - 44
    y = 0.0
    for one in goods:
        names = list(lines_of(one.name, left - 8, TYPE))
        if y + LINE * len(names) > (canvas.room or 0):
            break
        canvas.rect(left, y + 4, track, 9, "grid")
        canvas.rect(left, y + 4, track * min(one.share, 1.0), 9, side)
        canvas.text(canvas.width, y + 13, one.text, "end", fill=side, bold=True)
        for line in names:
            y += LINE
            canvas.text(0, y - 2, line, size=TYPE)
        y += 4
    return y + 4
