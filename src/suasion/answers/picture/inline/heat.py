"""A matrix of losses in the fixed classes of maps: rows lose, columns are lost; numbers from one per cent on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from suasion.answers.picture.inline.canvas import SMALL, Canvas, Drawing, drawing
from suasion.answers.picture.inline.world_map import class_of
from suasion.answers.style import width

MOST, FEW = 20, 8
"""Sides drawn, and on a phone."""
ROW = 27
PRINTED = 1.0
"""Per cent from which on the number stands in the cell."""
DARK = 4
"""Class from which on the number is in the light colour."""


def heat(
    sides: Sequence[str],
    loss: Callable[[int, int], float | None],
    label: str,
    printed: Callable[[float], str],
) -> Drawing:
    """Draw a matrix.

    sides: names, the first twenty; the first eight on a phone.
    loss: from the places of a row and a column to a loss, per cent; None where there is none.
    label: a sentence that says what is seen.
    printed: from a loss to its text in a cell.
    """
    return drawing(lambda canvas: _draw(canvas, sides, loss, printed), label, 1120)


def _draw(
    canvas: Canvas,
    sides: Sequence[str],
    loss: Callable[[int, int], float | None],
    printed: Callable[[float], str],
) -> float:
    sides = sides[: FEW if canvas.width < 480 else MOST]
    longest = max((width(name, SMALL) for name in sides), default=0)
    left = min(longest, 0.3 * canvas.width) + 10
    top = 0.71 * longest + 18
    step = (canvas.width - left - 0.5 * longest) / max(len(sides), 1)
    for column, name in enumerate(sides):
        x, y = left + step * (column + 0.5), top - 8
        canvas.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{SMALL}" fill="var(--mute)" class="turned" '
            f'transform="rotate(-45 {x:.1f} {y:.1f})">{name}</text>'
        )
    for row, name in enumerate(sides):
        y = top + ROW * row
        canvas.text(left - 8, y + 18, name, "end")
        for column in range(len(sides)):
            value = None if row == column else loss(row, column)
            if value is None:
                continue
            kind = class_of(value)
            canvas.rect(left + step * column, y, step - 1.5, ROW - 1.5, f"map-{kind}")
            if value >= PRINTED:
                fill = "on-dark" if kind >= DARK else "on-light"
                canvas.text(left + step * (column + 0.5) - 0.75, y + 18, printed(value), "middle", fill=fill)
    return top + ROW * len(sides) + 4
