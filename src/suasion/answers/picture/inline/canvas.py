"""What inline drawings are made of: marks in the colours of a page's variables, and labels that know their boxes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from suasion.answers.numbers import MINUS, signs
from suasion.answers.style import Face, width

WIDE, NARROW = 742, 358
"""Pixels of a drawing in its column, and on a phone."""
SIZE, SMALL = 14, 13
"""Pixels of type: labels, and what goes with them."""
AIR = 3
"""Pixels that two labels keep between them."""
NAMES = {"a": "a", "b": "b", "third": "ink", "ink": "ink"}
"""Colour of each side's marks."""

Side = Literal["a", "b", "third"]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Box:
    """Where a label stands, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two are closer than labels may be."""
        return (
            self.left < other.right + AIR
            and other.left < self.right + AIR
            and self.top < other.bottom
            and other.top < self.bottom
        )


def box_of(x: float, y: float, text: str, anchor: Anchor, size: float, face: Face) -> Box:
    """Return the box of a line of text whose base line is at a height."""
    wide = width(text, size, face)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return Box(left, y - 0.78 * size, left + wide, y + 0.24 * size)


@dataclass
class Canvas:
    """A drawing being made.

    width: in pixels.
    parts: Elements so far.
    boxes: labels so far.
    room: Pixels of the height of a plot where many stand on one sheet; a form takes its usual height
      otherwise.
    """

    width: float
    parts: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    room: float | None = None

    @property
    def steps(self) -> int:
        """How many steps an axis going up has at most."""
        return 3 if self.room and self.room < 140 else 5

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str = "grid", **look: object) -> None:
        """Draw a straight line in a colour."""
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="var(--{stroke})"{_look(look)}/>'
        )

    def path(self, places: Sequence[tuple[float, float]], stroke: str, **look: object) -> None:
        """Draw a line through points."""
        steps = " ".join(f"{'L' if k else 'M'}{x:.1f} {y:.1f}" for k, (x, y) in enumerate(places))
        self.parts.append(f'<path d="{steps}" fill="none" stroke="var(--{stroke})"{_look(look)}/>')

    def area(self, places: Sequence[tuple[float, float]], fill: str, **look: object) -> None:
        """Fill the inside of a line."""
        steps = " ".join(f"{'L' if k else 'M'}{x:.1f} {y:.1f}" for k, (x, y) in enumerate(places))
        self.parts.append(f'<path d="{steps}Z" fill="var(--{fill})"{_look(look)}/>')

    def rect(self, x: float, y: float, wide: float, high: float, fill: str, **look: object) -> None:
        """Draw a rectangle; ``fill`` is a colour's name, or none."""
        paint = f"var(--{fill})" if fill != "none" else fill
        size = f'width="{max(wide, 0):.1f}" height="{high:.1f}"'
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{paint}"{_look(look)}/>')

    def bar(self, x1: float, x2: float, y: float, side: str, thick: float = 10) -> None:
        """Draw a range as a bar around a height."""
        wide = max(x2 - x1, 3.0)
        self.rect(x1, y - thick / 2, wide, thick, f"{side}-band", rx=f"{min(thick, wide) / 2:.1f}")

    def mark(self, x: float, y: float, side: str, hollow: bool = False, size: float = 6.5) -> None:
        """Draw the mark of a side: a disc, a diamond or a triangle; hollow where something is closed or not so."""
        colour = f"var(--{NAMES[side]})"
        inside, edge, wide = ("var(--paper)", colour, 2.2) if hollow else (colour, "var(--paper)", 1.6)
        paint = f'fill="{inside}" stroke="{edge}" stroke-width="{wide}"'
        if side == "a":
            self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" {paint}/>')
            return
        far = 1.25 * size
        ends = (
            ((0, -far), (far, 0), (0, far), (-far, 0))
            if side == "b"
            else ((0, -far), (far, 0.8 * far), (-far, 0.8 * far))
        )
        steps = " ".join(f"{'L' if k else 'M'}{x + dx:.1f} {y + dy:.1f}" for k, (dx, dy) in enumerate(ends))
        self.parts.append(f'<path d="{steps}Z" {paint}/>')

    def keep_off(self, x: float, y: float, half: float) -> None:
        """Let no label that looks for room meet what stands around a place."""
        self.boxes.append(Box(x - half, y - half, x + half, y + half))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        anchor: Anchor = "start",
        *,
        fill: str = "ink",
        size: float = SMALL,
        bold: bool = False,
        halo: bool = False,
        link: str = "",
    ) -> Box:
        """Write a line of text and return its box; with a halo of paper where it may cross lines.

        A line in the middle of its place moves to the side as far as it would leave the drawing.
        """
        if anchor == "middle":
            half = width(text, size, "sans-bold" if bold else "sans") / 2
            x = max(min(x, self.width - half), min(half, self.width / 2))
        look = f' text-anchor="{anchor}"' if anchor != "start" else ""
        look += ' font-weight="700"' if bold else ""
        look += (
            ' stroke="var(--paper)" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
            if halo
            else ""
        )
        words = f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="var(--{fill})"{look}>{escape(text)}</text>'
        self.parts.append(f'<a href="{escape(link)}">{words}</a>' if link else words)
        box = box_of(x, y, text, anchor, size, "sans-bold" if bold else "sans")
        self.boxes.append(box)
        return box

    def fits(self, x: float, y: float, text: str, anchor: Anchor = "start", size: float = SMALL, *, bold: bool = False,
             right: float | None = None) -> bool:  # fmt: skip
        """Whether a label at a place stays inside the drawing (or left of ``right``) and meets no other."""
        box = box_of(x, y, text, anchor, size, "sans-bold" if bold else "sans")
        inside = box.left >= -1 and box.right <= (self.width if right is None else right)
        return inside and not any(box.meets(other) for other in self.boxes)

    def key(self, y: float, entries: Iterable[tuple[Callable[[float, float], None], str]]) -> float:
        """Write a key in lines that fit, and return the height below it.

        y: height above it.
        entries: What draws a mark around a place, and its meaning.
        """
        x, base = 0.0, y + 18
        for mark, words in entries:
            wide = 20 + width(words, SMALL)
            if x and x + wide > self.width:
                x, base = 0.0, base + 20
            mark(x + 7, base - 4.5)
            self.text(x + 20, base, words, fill="mute")
            x += wide + 18
        return base + 8

    def put(self, drawing: str, x: float, y: float) -> float:
        """Set a drawing with its corner at a place and return the height below it."""
        self.parts.append(drawing.replace("<svg ", f'<svg x="{x:.1f}" y="{y:.1f}" ', 1))
        return y + float(drawing.partition(' height="')[2].partition('"')[0])

    def inside(self, y: float, other: Canvas, x: float = 0.0) -> None:
        """Set what another canvas holds at a place."""
        self.parts.append(f'<g transform="translate({x:.1f} {y:.1f})">{"".join(other.parts)}</g>')

    def svg(self, height: float, label: str, css: str) -> str:
        """Return the drawing as an element with a name for those who do not see it."""
        wide, high = math.ceil(self.width), math.ceil(height)
        # An image hides what is inside it from those who do not see it: links must not be hidden.
        role = "group" if any(part.startswith("<a ") for part in self.parts) else "img"
        css = f"chart {css}".strip()
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{css}" viewBox="0 0 {wide} {high}" width="{wide}" '
            f'height="{high}" role="{role}" aria-label="{escape(label)}" font-family="Suasion Sans" font-size="{SIZE}">'
            f"{''.join(self.parts)}</svg>"
        )


def _look(look: dict[str, object]) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in look.items())


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart, drawn twice, and once more where a sheet asks for it.

    wide, narrow: For a column of a page, and for a phone.
    drawn: width and height of the plot, in pixels, to the drawing for a sheet.
    label: a sentence that says what is seen: for those who do not see it, and for a terminal.
    """

    wide: str
    narrow: str
    drawn: Callable[[float, float], str] = field(compare=False, repr=False)
    label: str = ""

    @property
    def html(self) -> str:
        """Both; the style sheet shows the one that fits."""
        return self.wide + self.narrow


def drawing(draw: Callable[[Canvas], float], label: str, wide: float = WIDE) -> Drawing:
    """Draw a chart twice.

    draw: Draws on a canvas, which knows its width, and returns the height.
    label: a sentence that says what is seen.
    wide: width of the wide one; one that a phone has room for serves everywhere.
    """

    def at(canvas: Canvas, css: str) -> str:
        return canvas.svg(draw(canvas), label, css)

    small = wide <= NARROW
    return Drawing(
        at(Canvas(wide), "" if small else "wide"),
        "" if small else at(Canvas(NARROW), "narrow"),
        lambda across, high: at(Canvas(across, room=high), "sheet"),
        label,
    )


@dataclass(frozen=True, slots=True)
class LinearAxis:
    """A linear axis from numbers to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the pixel of a number; what lies beyond the axis stands at its end."""
        part = (value - self.low) / (self.high - self.low)
        return self.start + min(max(part, 0.0), 1.0) * (self.end - self.start)

    def ticks(self, most: int = 5) -> tuple[float, ...]:
        """Round numbers on the axis, at most so many steps."""
        step = step_of((self.high - self.low) / most)
        first = math.ceil(self.low / step - 1e-9)
        return tuple(step * k for k in range(first, math.floor(self.high / step + 1e-9) + 1))


def step_of(least: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that is not smaller."""
    power = 10.0 ** math.floor(math.log10(least)) if least > 0 else 1.0
    return next(part * power for part in (1, 2, 5, 10) if part * power >= least * (1 - 1e-9))


def reach(values: Sequence[float | None], room: float = 1.03) -> tuple[float, float]:
    """Return the ends of an axis that holds zero and all numbers."""
    known = [value for value in values if value is not None] or [1.0]
    low, high = min(0.0, *known) * room, max(0.0, *known) * room
    return (low, high) if high > low else (0.0, 1.0)


def percent(value: float, last: bool = True) -> str:
    """Number at a tick of an axis."""
    text = signs(f"{value:g}".replace("-", MINUS))
    return f"{text}\N{NO-BREAK SPACE}%" if last else text


def lines_of(text: str, room: float, size: float = SMALL, face: Face = "sans") -> Iterator[str]:
    """Break a text into lines that fit."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}".strip()
        if line and width(longer, size, face) > room:
            yield line
            line = word
        else:
            line = longer
    yield line
