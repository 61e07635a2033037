"""Drawings that leave the page: an image with its own paper, fonts and colours, as SVG or PNG, and as an address."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from suasion.answers.picture.inline.canvas import NARROW, SIZE, SMALL, WIDE, Canvas, lines_of
from suasion.answers.style import FACES, faces, painted, tokens_sheet, unpacked

EDGE = 12
"""Pixels of paper around the drawing."""
GAP = WIDE - 2 * NARROW
"""Pixels between two panels beside each other."""
HERE = "suasion-picture"
"""Class of an image that stands alone: its colours are its own, wherever its text is put."""


class PictureBody(Protocol):
    """A part of a picture; see :class:`suasion.answers.picture.PicturePanel`."""

    @property
    def title(self) -> str:
        """Its heading."""

    @property
    def draw(self) -> Callable[[Canvas], float]:
        """Draws it on a canvas and returns the height."""

    @property
    def half(self) -> bool:
        """Whether two stand beside each other."""


@dataclass(frozen=True, slots=True)
class Line:
    """A text over or under panels."""

    text: str
    size: float = SMALL
    bold: bool = False


def standing_alone(
    panels: Sequence[PictureBody], label: str, above: Sequence[Line] = (), below: Sequence[Line] = ()
) -> str:
    """Return panels as one image, halves beside each other, with paper and colours but without its fonts.

    label: a sentence that says what is seen.
    above, below: What is written around them.
    """
    canvas = Canvas(WIDE)
    y = 0.0
    for line in above:
        y = _words(canvas, 0, y, WIDE, line)
    for row in _rows(panels):
        ends = []
        for place, one in enumerate(row):
            own = Canvas(NARROW if one.half else WIDE)
            x, top = place * (NARROW + GAP), y + 8
            if one.title:
                top = _words(canvas, x, top, own.width, Line(one.title, SIZE, bold=True)) + 8
            ends.append(top + one.draw(own))
            canvas.inside(top, own, x)
        y = max(ends)
    for line in below:
        y = _words(canvas, 0, y + 6, WIDE, line)
    return _image(canvas, y, label)


def with_fonts(svg: str) -> str:
    """Return an image of :func:`standing_alone` that brings its fonts along."""
    fonts = "".join(line for line in faces().splitlines() if "Suasion Sans" in line)
    return svg.replace("<style>", f"<style>{fonts}", 1)


def _rows(panels: Sequence[PictureBody]) -> Iterator[list[PictureBody]]:
    """Panels that stand in one row: one, or two halves."""
    row: list[PictureBody] = []
    for one in panels:
        if row and not (one.half and row[0].half and len(row) == 1):
            yield row
            row = []
        row.append(one)
    if row:
        yield row


def _words(canvas: Canvas, x: float, y: float, room: float, line: Line) -> float:
    """Write lines of text and return where they end."""
    for words in lines_of(line.text, room, line.size, "sans-bold" if line.bold else "sans"):
        y += line.size + 4
        canvas.text(x, y - 4, words, fill="ink" if line.bold else "mute", size=line.size, bold=line.bold)
    return y


def _image(canvas: Canvas, tall: float, label: str) -> str:
    wide, high = canvas.width + 2 * EDGE, round(tall) + 2 * EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{HERE}" viewBox="{-EDGE} {-EDGE} {wide} {high}" '
        f'width="{wide}" height="{high}" role="img" aria-label="{escape(label)}" font-family="Suasion Sans" '
        f'font-size="{SIZE}"><style>{tokens_sheet().replace(":root", f".{HERE}")}</style>'
        f'<rect x="{-EDGE}" y="{-EDGE}" width="{wide}" height="{high}" fill="var(--paper)"/>'
        f"{''.join(canvas.parts)}</svg>"
    )


@cache
def _fonts() -> tuple[tempfile.TemporaryDirectory[str], list[str]]:
    """Files of the fonts of the package; their folder stays as long as the process."""
    folder = tempfile.TemporaryDirectory(prefix="suasion-", ignore_cleanup_errors=True)
    files = [Path(folder.name) / f"{face}.ttf" for face in FACES]
    for face, file in zip(FACES, files, strict=True):
        file.write_bytes(unpacked(face))
    return folder, [str(file) for file in files]


def png(svg: str, scale: float = 2.0) -> bytes:
    """Return a drawing in its light colours as PNG.

    scale: pixels a pixel of the drawing.
    """
    from resvg_py import svg_to_bytes

    plain = painted(re.sub(r"<style>.*?</style>", "", svg, count=1, flags=re.DOTALL))
    # Of the fonts of the system none is needed, and reading them takes most of the time.
    return bytes(svg_to_bytes(svg_string=plain, zoom=scale, skip_system_fonts=True, font_files=_fonts()[1]))


_SAFE = " ()<>=:;,/!@*+$?|[]{}~^`'-_."
"""Nothing here ends an attribute in double quotes or begins another part of an address."""


def data_address(svg: str) -> str:
    """Return a drawing as the address of an image, for an attribute in double quotes."""
    # Inside tags single quotes serve as well, and need no escape.
    single = re.sub(r"<[^>]*>", lambda tag: tag[0].replace('"', "'"), svg)
    return f"data:image/svg+xml,{quote(single, safe=_SAFE)}"
