"""The same line of several partners side by side, on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from suasion.answers.picture.inline.canvas import (
    SIZE,
    SMALL,
    Canvas,
    Drawing,
    LinearAxis,
    Side,
    drawing,
    percent,
)
from suasion.answers.style import width

GAP, END = 34, 44
"""Pixels between panels, and right of each line for its last number."""
TALL = 104


@dataclass(frozen=True, slots=True)
class YearsPanel:
    """One line.

    points: tuple of (year, value).
    end: last number as printed.
    dotted: year from which on the line crosses sources.
    side: whose colour it has.
    band: tuple of (year, value). The range, once around; empty without one.
    """

    name: str
    points: tuple[tuple[float, float], ...]
    end: str
    dotted: float | None = None
    side: Side = "b"
    band: tuple[tuple[float, float], ...] = ()


def multiples(panels: Sequence[YearsPanel], label: str) -> Drawing:
    """Draw panels: four in a row, two on a phone.

    label: a sentence that says what is seen.
    """
    return drawing(lambda canvas: _draw(canvas, panels), label, 1120)


def _draw(canvas: Canvas, panels: Sequence[YearsPanel]) -> float:
    across = 2 if canvas.width < 480 else 4
    gap = GAP / 2 if across == 2 else GAP
    room = (canvas.width - gap * (across - 1)) / across
    most = max((value for one in panels for _, value in (*one.points, *one.band)), default=1.0)
    for place, one in enumerate(panels):
        x, y = (room + gap) * (place % across), (TALL + 62) * (place // across)
        _panel(canvas, one, x, y, room, most)
    return (TALL + 62) * ((len(panels) + across - 1) // across)


def _panel(canvas: Canvas, one: YearsPanel, x: float, y: float, room: float, most: float) -> None:
    years = [year for year, _ in one.points]
    along = LinearAxis(min(years), max(years), x, x + room - END)
    up = LinearAxis(0.0, most * 1.08, y + 26 + TALL, y + 26)
    canvas.text(x, y + 14, one.name, size=SIZE, bold=True)
    if one.band:
        canvas.area([(along(year), up(value)) for year, value in one.band], f"{one.side}-band", opacity=0.75)
    places = [(along(year), up(value)) for year, value in one.points]
    for tick in up.ticks(3):
        canvas.line(x, up(tick), x + room - END, up(tick), "third" if tick == 0 else "grid")
        start, wide = up(tick) - 4, width(percent(tick), SMALL) + 6
        # All panels have the same ticks: where the line runs, the number is not needed again.
        if tick and not any(at < x + wide and start - SMALL < y < start + 4 for at, y in places):
            canvas.text(x, start, percent(tick), fill="mute", halo=True)
    cut = len(places) if one.dotted is None else sum(year <= one.dotted for year in years)
    canvas.path(places[:cut], one.side, stroke_width=2.5, stroke_linejoin="round")
    if cut < len(places):
        canvas.path(places[max(cut - 1, 0) :], one.side, stroke_width=2.5, stroke_dasharray="2 4")
    canvas.mark(*places[-1], one.side, size=5)
    canvas.text(places[-1][0] + 10, places[-1][1] + 5, one.end, fill=one.side, bold=True)
    canvas.text(x, up.start + 18, f"{min(years):g}", fill="mute", size=SMALL)
    canvas.text(x + room - END, up.start + 18, f"{max(years):g}", "end", fill="mute", size=SMALL)
