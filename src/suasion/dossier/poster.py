"""A figure as one picture that can travel alone: title, measure, legend, panels, source and run in the drawing."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from html import escape

from suasion.answers.catalogue import say
from suasion.answers.picture import theme
from suasion.answers.picture.spec import Key
from suasion.dossier.figure import Figure

WIDTH, GAP, MARGIN = 800, 20, 24
"""Pixels: width of the picture, between its columns, and around it."""
LINE = 19
TEXT_WIDTH = WIDTH - 2 * MARGIN
_COLOURS = {"side-a": theme.BLUE, "side-b": theme.ORANGE, "side-c": theme.PLUM, "no-data": theme.NO_DATA}
_SIZE = re.compile(r"<svg[^>]*? width=[\"']([\d.]+)[\"'] height=[\"']([\d.]+)[\"']")


def posters(figures: Sequence[Figure], pictures: Mapping[str, str], run_id: str) -> dict[str, str]:
    """Return each figure as one picture, by its key.

    pictures: panels as SVG, by their keys.
    run_id: what made the numbers.
    """
    return {one.key: poster(one, [pictures[panel.key] for panel in one.panels], run_id) for one in figures}


def poster(figure: Figure, pictures: Sequence[str], run_id: str) -> str:
    """Put the drawings of a figure together with everything that stands around them on the page.

    figure: the figure.
    pictures: its panels as SVG, in order.
    run_id: what made the numbers, as printed under it.
    Returns: One SVG, 800 pixels wide, on white.
    """
    parts, y = _words(figure.title, MARGIN + 20, 19, "bold")
    more, y = _words(figure.subtitle, y + 4, 13, fill=theme.MUTED)
    parts += more
    more, y = _legend(figure.legend, y + 8)
    parts += more
    more, y = _panels(figure, pictures, y + 8)
    parts += more
    key = "page.source" if figure.source else "page.own"
    more, y = _words(say(key, source=figure.source, run=run_id[:12]), y + 18, 12, fill=theme.MUTED)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 8}" width="{WIDTH}" height="{y + 8}"',
            f' font-family="{theme.FONT.replace(chr(39), "")}" role="img" aria-label="{escape(figure.alt)}">',
            f"<title>{escape(figure.title)}</title><desc>{escape(figure.alt)}</desc>",
            f'<rect width="100%" height="100%" fill="{theme.PAPER}"/>',
            *parts,
            *more,
            "</svg>",
        )
    )


def _words(
    text: str, y: int, size: int, weight: str = "normal", fill: str = theme.INK
) -> tuple[list[str], int]:
    """Lines of text from a height on, and the height after them."""
    lines = textwrap.wrap(text, int(TEXT_WIDTH / (0.53 * size))) if text else []
    step = round(1.35 * size)
    parts = [
        f'<text x="{MARGIN}" y="{y + step * row}" font-size="{size}" font-weight="{weight}" fill="{fill}">'
        f"{escape(line)}</text>"
        for row, line in enumerate(lines)
    ]
    return parts, y + step * len(lines)


def _legend(keys: Sequence[Key], y: int) -> tuple[list[str], int]:
    parts, x = [], MARGIN
    for key in keys:
        wide = 30 + round(7.2 * len(key.text))
        if x > MARGIN and x + wide > WIDTH - MARGIN:
            x, y = MARGIN, y + LINE
        parts.append(f'<g transform="translate({x} {y})">{_swatch(key.style)}')
        parts.append(f'<text x="26" y="4" font-size="12.5" fill="{theme.INK}">{escape(key.text)}</text></g>')
        x += wide
    return parts, y + (LINE if keys else 0)


def _swatch(style: str) -> str:
    names = set(style.split())
    side = next((name for name in names if name in _COLOURS), "")
    place = next((int(name[6:]) for name in names if name.startswith("class-")), None)
    colour = _COLOURS.get(side, theme.INK) if place is None else theme.CHANGE_COLOURS[place]
    if names & {"solid", "dashed", "level"}:
        dash = {"dashed": "6 3", "level": "2 3"}.get(next(iter(names & {"dashed", "level"}), ""), "none")
        colour = theme.PLUM if "level" in names else colour
        return f'<path d="M0 0h20" stroke="{colour}" stroke-width="2.4" stroke-dasharray="{dash}"/>'
    if place is not None or names & {"square", "no-data"}:
        inside = theme.PAPER if "hollow" in names else colour
        return f'<rect x="4" y="-6" width="12" height="12" fill="{inside}" stroke="{theme.RULE}"/>'
    if side == "side-b":
        return f'<path d="M10 -7l7 7l-7 7l-7 -7z" fill="{colour}"/>'
    if side == "side-c":
        return f'<rect x="4" y="-6" width="12" height="12" fill="{colour}"/>'
    if "unknown" in names:
        return ""
    inside = theme.PAPER if "hollow" in names else colour
    return f'<circle cx="10" r="5.5" fill="{inside}" stroke="{colour}" stroke-width="1.6"/>'


def _panels(figure: Figure, pictures: Sequence[str], y: int) -> tuple[list[str], int]:
    """Panels in rows of one or two, each with its heading."""
    parts: list[str] = []
    column, deepest = 0, y
    for place, (panel, svg) in enumerate(zip(figure.panels, pictures, strict=True)):
        wide = panel.wide or len(figure.panels) == 1
        if wide and column:
            column, y = 0, deepest + GAP
        room = TEXT_WIDTH if wide else (TEXT_WIDTH - GAP) // 2
        x = MARGIN + column * (room + GAP)
        head, top = ([], y) if not panel.title else _head(panel.title, x, y)
        parts += head
        drawn, tall = _placed(svg, x, top, room, place)
        parts.append(drawn)
        deepest = max(deepest, top + tall)
        column = 0 if wide or column else 1
        if column == 0:
            y = deepest + GAP
    return parts, deepest


def _head(title: str, x: int, y: int) -> tuple[list[str], int]:
    words = f'<text x="{x}" y="{y + 12}" font-size="13" font-weight="bold" fill="{theme.MUTED}">{escape(title)}</text>'
    return [words], y + LINE


def _placed(svg: str, x: int, y: int, room: int, place: int) -> tuple[str, int]:
    """Return a drawing at its place and in its width, and the height that it takes."""
    found = _SIZE.search(svg)
    width, height = (float(found[1]), float(found[2])) if found else (room, room / 2)
    scale = min(1.0, room / width)
    plain = re.sub(r"<style>@media.*?</style>", "", svg, count=1)
    own = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>p{place}-", plain)  # names of one drawing stay its own
    return f'<g transform="translate({x} {y}) scale({scale:.4f})">{own}</g>', round(scale * height)
