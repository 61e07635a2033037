"""Losses of two sides, a row a case: each a mark on its range, with ticks for other readings of the same quantity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from suasion.answers.picture.inline.canvas import (
    SIZE,
    SMALL,
    WIDE,
    Anchor,
    Canvas,
    Drawing,
    LinearAxis,
    Side,
    box_of,
    drawing,
    lines_of,
    percent,
    reach,
)
from suasion.answers.style import width

LEFT, MONEY = 150, 112
"""Pixels of the names of rows, and of the column of money."""
APART, BELOW, HEAD = 32, 22, 44
"""Pixels between the two marks of a row, below the last one, and above the first."""
TIGHT = 21, 16, 184
"""On a sheet: pixels between the marks of a row, below the last one, and of the column of money, on one line."""
NAMED = 2
"""Ticks of a mark that are named; the others have their name on focus alone."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One number with its range.

    side: {"a", "b", "third"}.
    name, size: whose it is, and the number as printed.
    low, high: range.
    span: the range as printed; empty without one.
    ticks: other readings of the same quantity, each with its name.
    money, money_span: what stands in the column beside.
    """

    side: Side
    value: float
    name: str
    size: str
    low: float | None = None
    high: float | None = None
    span: str = ""
    ticks: tuple[tuple[float, str], ...] = ()
    money: str = ""
    money_span: str = ""
    hollow: bool = False

    @property
    def label(self) -> str:
        """Name and number, as they stand beside the mark."""
        return f"{self.name} {self.size}"


@dataclass(frozen=True, slots=True)
class CostRow:
    """A row: its name, what is said under it, and its marks from top to bottom."""

    name: str
    marks: tuple[Mark, ...]
    under: str = ""


def dumbbell(cases: Sequence[CostRow], label: str, money: str = "", most: float | None = None) -> Drawing:
    """Draw losses in per cent.

    label: a sentence that says what is seen.
    money: head of the column of money; empty for none.
    most: end of the axis where numbers lie beyond.
    """
    return drawing(lambda canvas: draw_costs(canvas, cases, money, most), label)


def draw_costs(
    canvas: Canvas,
    cases: Sequence[CostRow],
    money: str = "",
    most: float | None = None,
    *,
    unit: str = "%",
    also: Sequence[float | None] = (),
    names: float = LEFT,
) -> float:
    """Draw losses on a canvas and return the height.

    unit: At the ticks of the axis.
    also: Numbers that the axis reaches too: of what shares it.
    names: pixels of the names of rows.
    """
    wide = canvas.width >= WIDE * 0.8
    apart, below, column = TIGHT if canvas.room else (APART, BELOW, MONEY)
    left, right = (names, canvas.width - (column if money else 8)) if wide else (9, canvas.width - 16)
    marks = [mark for case in cases for mark in case.marks]
    ends = [end for one in marks for end in (one.low, one.high, one.value, *(tick for tick, _ in one.ticks))]
    low, high = reach([*ends, *also])
    words = max((_wide(mark) for mark in marks), default=0) if canvas.room else 0
    scale = LinearAxis(low, min(high, most or high), left, right - (22 + words if wide else 0))
    top = 18
    y, rows = top + (8 if wide else 14), []
    for place, case in enumerate(cases):
        rows.append((y, case))
        first = y + (18 if wide else HEAD)
        y = first + apart * (len(case.marks) - 1) + below
        if place < len(cases) - 1:
            y += 8
    _axis(canvas, scale, top, y, wide, unit)
    if money and wide:
        canvas.text(right, 12, money, fill="mute")
    named: set[str] = set()
    for place, (start, case) in enumerate(rows):
        if place:
            canvas.line(0, start - 7, canvas.width, start - 7, "rule")
        _case(canvas, scale, case, start, (right, bool(money) and wide), names if wide else 0)
        _ticks(canvas, scale, case, start + (18 if wide else HEAD), named)
    return y + 22


def _axis(canvas: Canvas, scale: LinearAxis, top: float, bottom: float, wide: bool, unit: str) -> None:
    ticks = scale.ticks(5 if wide else 4)
    for tick in ticks:
        x = scale(tick)
        canvas.line(x, top, x, bottom, "third" if tick == 0 else "grid")
        last = bool(unit) and (wide or tick in (ticks[0], ticks[-1]))
        anchor: Anchor = "start" if x < 20 else "middle"
        canvas.text(x, bottom + 18, percent(tick, last), anchor, fill="mute")


def _case(
    canvas: Canvas, scale: LinearAxis, case: CostRow, start: float, money: tuple[float, bool], names: float
) -> None:
    first = start + (18 if names else HEAD)
    if names:
        canvas.text(0, first + 5, case.name, size=SIZE, bold=True)
        for line, words in enumerate(lines_of(case.under, names - 8) if case.under else ()):
            canvas.text(0, first + 21 + 15 * line, words, fill="mute")
    else:
        canvas.text(0, start + 6, f"{case.name} {case.under}".strip(), size=SIZE, bold=True)
    end = money[0] - 14 if money[1] else canvas.width
    for place, mark in enumerate(case.marks):
        y = first + (TIGHT[0] if canvas.room else APART) * place
        if mark.low is not None and mark.high is not None:
            canvas.bar(scale(mark.low), scale(mark.high), y, mark.side)
        for value, _ in mark.ticks:
            canvas.line(scale(value), y - 9, scale(value), y + 9, "ink", stroke_width=1.6)
        canvas.mark(scale(mark.value), y, mark.side, mark.hollow)
        if money[1] and mark.money:
            _money(canvas, mark, money[0], y)
        _label(canvas, scale, mark, y, end)


def _money(canvas: Canvas, mark: Mark, x: float, y: float) -> None:
    if canvas.room:
        end = canvas.text(x, y + 5, mark.money, bold=True).right
        canvas.text(end + 8, y + 5, mark.money_span, fill="mute")
        return
    canvas.text(x, y + 1, mark.money, bold=True)
    canvas.text(x, y + 16, mark.money_span, fill="mute")


def _wide(mark: Mark) -> float:
    return width(mark.label, SIZE, "sans-bold") + (10 if mark.span else 0) + width(mark.span, SMALL)


def _fitting(mark: Mark, room: float) -> Mark:
    """A mark whose label has room: of a group that is written out as many names as fit."""
    names = mark.name.split(", ")
    while _wide(mark) > room and len(names) > 1:
        names.pop()
        mark = replace(mark, name=", ".join(names) + ", \N{HORIZONTAL ELLIPSIS}")
    return mark


def _label(canvas: Canvas, scale: LinearAxis, mark: Mark, y: float, end: float) -> None:
    """Name and number right of the range; above it where it would leave the plot."""
    far = max(scale(one) for one in (mark.value, mark.high if mark.high is not None else mark.value))
    x = max(far + 9, scale(mark.value) + 15)
    gap = 10 if mark.span else 0
    mark = _fitting(mark, end)
    wide = _wide(mark)
    for tick in sorted(scale(value) for value, _ in mark.ticks):
        x = tick + 9 if x - 9 < tick < x + wide + 4 else x
    if x + wide > end:
        x, y = min(scale(mark.value) + 12, end - wide), y - 16
    colour = mark.side if mark.side in ("a", "b") else "ink"
    box = canvas.text(x, y + 5, mark.label, fill=colour, size=SIZE, bold=True, halo=True)
    if mark.span:
        canvas.text(box.right + gap, y + 5, mark.span, fill="mute", halo=True)


def _across_zero(scale: LinearAxis, x: float, anchor: Anchor, name: str) -> bool:
    """Whether a name would stand on the line of zero."""
    box = box_of(x, 0.0, name, anchor, SMALL, "sans")
    return box.left < scale(0.0) < box.right


def _ticks(canvas: Canvas, scale: LinearAxis, case: CostRow, first: float, named: set[str]) -> None:
    """Name each kind of tick once, above it, where there is room."""
    for place, mark in enumerate(case.marks):
        for value, name in [tick for tick in mark.ticks if tick[1] not in named][:NAMED]:
            x, y = scale(value), first + (TIGHT[0] if canvas.room else APART) * place - 13
            tries: list[tuple[float, Anchor]] = [(x - 2, "end"), (x + 3, "start"), (x, "middle")]
            tries.sort(key=lambda one: _across_zero(scale, one[0], one[1], name))
            spot = next((one for one in tries if canvas.fits(one[0], y, name, one[1])), None)
            if spot:
                named.add(name)
                canvas.text(spot[0], y, name, spot[1], fill="mute", halo=True)
