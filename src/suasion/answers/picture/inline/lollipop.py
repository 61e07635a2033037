"""Ranked numbers, each a bar of its range with a mark: at most ten, the largest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from suasion.answers.picture.inline.canvas import (
    SIZE,
    SMALL,
    WIDE,
    Canvas,
    Drawing,
    LinearAxis,
    Side,
    drawing,
    lines_of,
    percent,
    reach,
)
from suasion.answers.style import width

MOST = 10
ROW, TALL, LINE, GAP = 30, 48, 17, 8
"""Pixels of a row, of one whose name stands above, of each further line of a name, and between number and range."""


@dataclass(frozen=True, slots=True)
class RankedRow:
    """One row.

    text: the number as printed.
    span: the range as printed.
    side: {"a", "b", "third"}.
    link: address that the name leads to.
    """

    name: str
    value: float
    text: str
    low: float | None = None
    high: float | None = None
    span: str = ""
    side: Side = "a"
    hollow: bool = False
    link: str = ""


def lollipop(
    items: Sequence[RankedRow],
    label: str,
    *,
    wide: float = WIDE,
    unit: str = "%",
    most: int = MOST,
) -> Drawing:
    """Draw ranked numbers.

    items: in the order drawn.
    label: a sentence that says what is seen.
    wide: width of the wide drawing.
    unit: At the ticks of the axis.
    most: Items drawn, the first of them.
    """
    return drawing(lambda canvas: draw_ranked(canvas, items[:most], unit), label, wide)


def draw_ranked(
    canvas: Canvas, items: Sequence[RankedRow], unit: str, also: Sequence[float | None] = ()
) -> float:
    """Draw ranked numbers on a canvas and return the height.

    also: Numbers that the axis reaches too: of what shares it.
    """
    above = canvas.width < 480
    names = max((width(one.name, SIZE, "sans-bold") for one in items), default=0)
    left = 9 if above else min(names, 0.4 * canvas.width) + 16
    said = max((width(one.text, SIZE, "sans-bold") + width(one.span, SMALL) + 10 for one in items), default=0)
    right = canvas.width - 8
    ends = [end for one in items for end in (one.low, one.high, one.value)]
    ends += also
    scale = LinearAxis(*reach(ends), left, right - min(said + 16, 0.45 * right))
    room = canvas.width - 8 if above else left - 8
    lines = max((len(_lines(one, room)) for one in items), default=1)
    step, top = (TALL if above else ROW) + LINE * (lines - 1), 4 if above else 8
    under = above and any(_beside(scale, one, right, above) is None for one in items)
    step += LINE * under
    bottom = top + step * len(items) + 2
    ticks = scale.ticks(4)
    places = [_at(top, step, place, above) - LINE * under for place in range(len(items))]
    # Beside the bars alone where names stand between them: a line through a name is hard to read.
    spans = [(y - 10, y + 10) for y in places] if above else [(top, bottom)]
    for tick in ticks:
        for start, end in spans:
            canvas.line(scale(tick), start, scale(tick), end, "third" if tick == 0 else "grid")
        words = percent(tick, False) + (f"\N{NO-BREAK SPACE}{unit}" if unit and tick == ticks[-1] else "")
        canvas.text(scale(tick), bottom + 17, words, "start" if scale(tick) < 12 else "middle", fill="mute")
    for one, y in zip(items, places, strict=True):
        _item(canvas, scale, one, y, above, right, room)
    return bottom + 22


def _at(top: float, step: float, place: int, above: bool) -> float:
    """Height of the bar of a row."""
    return top + step * place + (step - TALL + 30 if above else step / 2)


def _lines(one: RankedRow, room: float) -> list[str]:
    """The name of a row, in lines that fit."""
    return list(lines_of(one.name, room, SIZE, "sans-bold"))


def _item(
    canvas: Canvas, scale: LinearAxis, one: RankedRow, y: float, above: bool, right: float, room: float
) -> None:
    lines = _lines(one, room)
    for back, words in enumerate(reversed(lines)):
        at_line = y - LINE * back + (-16 if above else 5 + LINE * (len(lines) - 1) / 2)
        canvas.text(0, at_line, words, size=SIZE, bold=True, halo=above, link=one.link)
    if one.low is not None and one.high is not None:
        canvas.bar(scale(one.low), scale(one.high), y, one.side)
    else:
        canvas.line(scale(0.0), y, scale(one.value), y, "rule", stroke_width=2)
    canvas.mark(scale(one.value), y, one.side, one.hollow)
    at, base = _beside(scale, one, right, above), y + 5
    if at is None:
        at, base = right - _need(one), y + 5 + LINE * above
    colour = one.side if one.side in ("a", "b") else "ink"
    box = canvas.text(at, base, one.text, fill=colour, size=SIZE, bold=True, halo=True)
    if one.span:
        canvas.text(box.right + GAP, base, one.span, fill="mute", halo=True)


def _need(one: RankedRow) -> float:
    """Pixels of the number and the range of a row."""
    return width(one.text, SIZE, "sans-bold") + (GAP + width(one.span, SMALL) if one.span else 0)


def _beside(scale: LinearAxis, one: RankedRow, right: float, above: bool) -> float | None:
    """Where the number of a row begins: right of its bar, or left of it; None where neither has room."""
    low, high = (one.value if end is None else end for end in (one.low, one.high))
    x = max(scale(high) + 9, scale(one.value) + 14)
    if min(one.value, low) < 0:  # beside the line of zero, not across it
        x = max(x, scale(0.0) + 9)
    before = min(scale(low) - 9, scale(one.value) - 14) - _need(one)
    return x if x + _need(one) <= right else before if before >= (0 if above else scale.start) else None
