"""A probability as a hundred dots: full up to it, in outline up to the upper end of its range."""

from __future__ import annotations

from suasion.answers.picture.inline.canvas import Canvas, Drawing, drawing

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
