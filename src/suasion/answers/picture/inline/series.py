"""Numbers over years: lines from zero on one axis, published totals as strokes, disagreement shaded, dated events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from suasion.answers.picture.inline.canvas import (
    SIZE,
    WIDE,
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

END = 128
"""Pixels right of the last year, for what lines end in."""
EVENTS, WORDS = 3, 4
"""Events drawn, and words of each."""
LINE, MARK = 18, 6
"""Pixels of a line of words, and half a mark."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """A line.

    side: {"a", "b", "third"}.
    points: tuple of (year, value). In the order of time.
    end: last number as printed.
    under: what is said under it.
    dotted: year from which on the line crosses sources or holes.
    strokes: tuple of (year, value). Published totals.
    band: tuple of (year, low, high). Where sources disagree, or the range of a forecast.
    """

    side: Side
    name: str
    points: tuple[Point, ...]
    end: str = ""
    under: str = ""
    dotted: int | None = None
    strokes: tuple[Point, ...] = ()
    band: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """A dated event in at most four words."""

    year: float
    date: str
    words: str


def series(
    lines: Sequence[Series],
    label: str,
    *,
    events: Sequence[DatedEvent] = (),
    wide: float = WIDE,
    unit: str = "%",
    height: float = 268,
) -> Drawing:
    """Draw lines over years.

    lines: the first one on top.
    label: a sentence that says what is seen.
    events: the first three.
    wide: width of the wide drawing.
    unit: At the highest tick.
    height: of the plot.
    """
    return drawing(
        lambda canvas: draw_series(canvas, lines, list(events)[:EVENTS], unit, height), label, wide
    )


def draw_series(
    canvas: Canvas,
    lines: Sequence[Series],
    events: Sequence[DatedEvent],
    unit: str,
    height: float,
    also: Sequence[Point] = (),
) -> float:
    """Draw lines over years on a canvas and return the height.

    also: tuple of (year, value). What the axes reach too: of what shares them.
    """
    values = [value for one in lines for _, value in (*one.points, *one.strokes)]
    values += [end for one in lines for _, *ends in one.band for end in ends] + [value for _, value in also]
    years = [year for one in lines for year, *_ in (*one.points, *one.strokes, *one.band)]
    years += [year for year, _ in also]
    says = [text for one in lines for text in (one.end, one.under) if text]
    end = min(END, max((width(text, SIZE, "sans-bold") for text in says), default=0) + 16)
    first, last = min(years), max(years)
    across = LinearAxis(first, last if last > first else first + 1, 2, canvas.width - max(end, 8))
    if canvas.room:  # room above a low plot for one event, whose words stand left of it
        events = [one for one in events if across(one.year) - 7 >= _need(one)][:1]
    room = 14 + 36 * len(events)
    top = room if canvas.width < 480 or len(events) else 14
    low, high = reach(values, 1.06)
    bottom = min(top, 34) + canvas.room if canvas.room else top + height
    up = LinearAxis(low, high, bottom, min(top, 34))
    while not canvas.room and up.end < top and _crossed(canvas, across, up, lines, events):
        up = LinearAxis(low, high, bottom, up.end + 6)
    _grid(canvas, across, up)
    _events(canvas, across, up, events)
    for year, value in (one.points[-1] for one in lines if one.points):
        canvas.keep_off(across(year), up(value), MARK)
    _ticks(canvas, across, up, unit)
    for one in lines:
        _line(canvas, across, up, one)
    _ends(canvas, across, up, lines)
    unnamed = [one for one in lines if one.name and not _named(canvas, across, up, one, lines)]
    if canvas.room or not unnamed:
        return up.start + 24
    return canvas.key(
        up.start + 24, ((partial(canvas.mark, side=one.side, size=5), one.name) for one in unnamed)
    )


def _grid(canvas: Canvas, across: LinearAxis, up: LinearAxis) -> None:
    for tick in up.ticks(canvas.steps):
        canvas.line(across.start, up(tick), across.end, up(tick), "third" if tick == 0 else "grid")
    narrow = canvas.width < 480
    for year in years_at(int(across.low), int(across.high), 4 if narrow else 7):
        words = f"’{year % 100:02d}" if narrow and year != int(across.low) else str(year)
        anchor: Anchor = "start" if year == int(across.low) else "middle"
        canvas.text(across(year), up.start + 20, words, anchor, fill="mute")


def _ticks(canvas: Canvas, across: LinearAxis, up: LinearAxis, unit: str) -> None:
    """Numbers above their lines: on the left, or on the right where other words stand."""
    ticks = [tick for tick in up.ticks(canvas.steps) if tick]
    for tick in ticks:
        words = percent(tick, False) + (f"\N{NO-BREAK SPACE}{unit}" if tick == ticks[-1] and unit else "")
        tries: tuple[tuple[float, Anchor], ...] = ((across.start, "start"), (across.end - 4, "end"))
        spot = next((one for one in tries if canvas.fits(one[0], up(tick) - 4, words, one[1])), None)
        if spot:
            canvas.text(spot[0], up(tick) - 4, words, spot[1], fill="mute", halo=True)


def years_at(first: int, last: int, most: int) -> list[int]:
    """First year, last year, and round ones between them that do not come close to either."""
    step = next(step for step in (1, 2, 5, 10, 20, 50) if (last - first) / step <= most)
    inner = list(range(first - first % step + step, last, step))
    near = max(1, 0.55 * step)
    return [first, *(year for year in inner if year - first >= near and last - year >= near), last]


def _need(one: DatedEvent) -> float:
    return max(width(one.date, 13, "sans-bold"), width(one.words, 13))


def _events(canvas: Canvas, across: LinearAxis, up: LinearAxis, events: Sequence[DatedEvent]) -> None:
    """Date and words of each event left of its line, the last one highest, so that no words cross a later line."""
    for one, x, y, (left, right) in _places(canvas, across, events):
        above = left < x < right
        canvas.line(x, y + 24 if above else y - 8, x, up.start, "ink", stroke_dasharray="2 3")
        anchor: Anchor = "end" if right < x else "start"
        at = right if right < x else left
        canvas.text(x if above else at, y + 2, one.date, "middle" if above else anchor, bold=True, halo=True)
        canvas.text(at, y + 18, one.words, anchor, fill="mute", halo=True)


def _places(
    canvas: Canvas, across: LinearAxis, events: Sequence[DatedEvent]
) -> Iterator[tuple[DatedEvent, float, float, tuple[float, float]]]:
    """Each event with its place, the height of its words and their ends: above its line where no side has room."""
    ordered = sorted(events, key=lambda one: one.year)
    for place, one in enumerate(ordered):
        x, need = across(one.year), _need(one)
        starts = (x - 7 - need, x + 7)
        start = next((start for start in starts if 0 <= start <= canvas.width - need), 0.0)
        yield one, x, 12 + 36 * (len(ordered) - 1 - place), (start, start + need)


def _crossed(
    canvas: Canvas, across: LinearAxis, up: LinearAxis, lines: Sequence[Series], events: Sequence[DatedEvent]
) -> bool:
    """Whether a line runs through the words of an event."""
    for _, _, y, (left, right) in _places(canvas, across, events):
        for line in lines:
            heights = [up(value) for year, value in line.points if left - 8 <= across(year) <= right + 8]
            if any(height < y + 24 for height in heights):
                return True
    return False


def _line(canvas: Canvas, across: LinearAxis, up: LinearAxis, one: Series) -> None:
    if one.band:
        upper = [(across(year), up(high)) for year, _, high in one.band]
        lower = [(across(year), up(low)) for year, low, _ in reversed(one.band)]
        canvas.area([*upper, *lower], f"{one.side}-band", opacity=0.75)
    whole = [(across(year), up(value)) for year, value in one.points]
    cut = len(whole) if one.dotted is None else sum(year <= one.dotted for year, _ in one.points)
    colour = one.side if one.side in ("a", "b") else "third"
    look = {"stroke_width": 3, "stroke_linejoin": "round", "stroke_linecap": "round"}
    if cut > 1:
        canvas.path(whole[:cut], colour, **look)
    if cut < len(whole):
        canvas.path(whole[max(cut - 1, 0) :], colour, **look, stroke_dasharray="1 6")
    for year, value in one.strokes:
        canvas.line(across(year) - 7, up(value), across(year) + 7, up(value), "ink", stroke_width=2)
    if whole:
        canvas.mark(*whole[-1], one.side, size=6)


def _ends(canvas: Canvas, across: LinearAxis, up: LinearAxis, lines: Sequence[Series]) -> None:
    """Last numbers on the right, moved apart where they would meet."""
    told = sorted((one for one in lines if one.points and one.end), key=lambda one: up(one.points[-1][1]))
    tall = [LINE + (16 if one.under else 0) for one in told]
    ys = [up(one.points[-1][1]) + 5 for one in told]
    for k in range(1, len(ys)):
        ys[k] = max(ys[k], ys[k - 1] + tall[k - 1])
    over = ys[-1] + tall[-1] - LINE - up.start - 2 if ys else 0
    if over > 0:
        for k in range(len(ys) - 1, -1, -1):
            ceiling = ys[k] - over if k == len(ys) - 1 else min(ys[k], ys[k + 1] - tall[k])
            ys[k] = ceiling
    for one, y in zip(told, ys, strict=True):
        x = across.end + 12
        colour = one.side if one.side in ("a", "b") else "ink"
        canvas.text(x, y, one.end, fill=colour, size=SIZE, bold=True)
        if one.under:
            canvas.text(x, y + 16, one.under, fill="mute")


def _named(canvas: Canvas, across: LinearAxis, up: LinearAxis, one: Series, lines: Sequence[Series]) -> bool:
    """Write the name of a line along it, above or below, where neither labels nor any line are; say whether it fits."""
    if len(one.points) < 2:
        return False
    colour = one.side if one.side in ("a", "b") else "ink"
    wide = width(one.name, SIZE, "sans-bold")
    for place in (0.2, 0.35, 0.1, 0.5, 0.0, 0.65):
        x = across.start + 26 + place * (across.end - across.start)
        over = [up(value) for year, value in one.points if x - 12 <= across(year) <= x + wide + 12]
        if not over or x + wide > across.end:
            continue
        others = [
            up(value)
            for line in lines
            for year, value in line.points
            if x - 12 <= across(year) <= x + wide + 12
        ]
        for y in (min(over) - 10, max(over) + 22):
            free = all(
                canvas.fits(x, y + near, one.name, size=SIZE, bold=True, right=across.end) for near in (-4, 4)
            )
            free = free and not any(y - SIZE < other < y + 5 for other in others)
            if free and up.end - 20 < y < up.start - 4:
                canvas.text(x, y, one.name, fill=colour, size=SIZE, bold=True, halo=True)
                return True
    return False
