"""Points on a map, by kind, with the names of their places beside them where these have room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

import numpy as np
import pandas as pd

from suasion.answers.language import Language
from suasion.answers.picture.inline.canvas import SMALL, Anchor, Canvas
from suasion.answers.picture.rows import KEYS, Form, PictureAxes, records, side_of
from suasion.answers.table import Picture, Table
from suasion.sources.outline import rings

SHAPE = 340 / 760
"""Height over width."""
POINT, GAP = 5.0, 8.0
"""Pixels: half the width of a point, and what is left free between it and its label."""
SIDES: tuple[tuple[int, int, Anchor], ...] = (
    (1, 0, "start"),
    (-1, 0, "end"),
    (0, -1, "middle"),
    (0, 1, "middle"),
)
"""Where a label can stand, the best side first: steps right and down of its point."""


@dataclass(frozen=True, slots=True)
class Window:
    """Part of the world that a plate carree shows.

    longitude, latitude: its middle in degrees.
    wide: Degrees from its western to its eastern edge.
    """

    longitude: float
    latitude: float
    wide: float

    def place(self, longitude: float, latitude: float, across: float) -> tuple[float, float]:
        """Pixels right of and below the upper left corner of a map so many pixels wide."""
        east = (longitude - self.longitude + 180.0) % 360.0 - 180.0
        scale = across / self.wide
        return across / 2 + east * scale, across * SHAPE / 2 - (latitude - self.latitude) * scale

    def shows(self, longitude: float, latitude: float) -> bool:
        """Whether a point lies inside."""
        x, y = self.place(longitude, latitude, 1.0)
        return 0.0 <= x <= 1.0 and 0.0 <= y <= SHAPE


EURASIA = Window(90.0, 33.0, 210.0)
"""From the Atlantic to the Bering Sea, cut at 165 degrees west."""
WORLD = Window(150.0, 10.0, 360.0)
"""All of it, cut in the Atlantic at 30 degrees west."""


def window_of(frame: pd.DataFrame) -> Window:
    """Smallest window that shows all events.

    frame: ``longitude``, ``latitude``.
    """
    places = zip(frame["longitude"], frame["latitude"], strict=True)
    return EURASIA if all(EURASIA.shows(float(x), float(y)) for x, y in places) else WORLD


def map_rows(table: Table, picture: Picture, language: Language) -> pd.DataFrame:
    """Return the rows of a table as they are drawn.

    table: its first column names each point, and ``date`` says when (ISO, at least the year).
    picture: ``x`` and ``y`` are degrees east and north, ``label`` the place, ``series`` a word list of up to
      four kinds: each has the same mark in every picture.
    Returns: ``longitude``, ``latitude``, ``name``, ``start``, ``year``, ``short`` (the place), ``side`` (key
      of the mark), ``series`` (the kind in words), ``label``, ``value``, ``at``, ``panel``.
    """
    begins = f"word.{picture.series}."
    kinds = [key.removeprefix(begins) for key in language.words if key.startswith(begins)]
    dates, short = table.cells("date"), table.words(picture.label, language)
    return pd.DataFrame(
        {
            "longitude": table.cells(picture.x),
            "latitude": table.cells(picture.y),
            "name": table.cells(table.columns[0].name),
            "start": dates,
            "year": [int(str(date)[:4]) for date in dates],
            "short": short,
            "side": [KEYS[kinds.index(str(kind))] for kind in table.cells(picture.series)],
            "series": table.words(picture.series, language),
            "label": short,
            "value": table.cells(picture.y),
            "at": table.cells(picture.x),
            "panel": "",
        }
    )


def draw_points(canvas: Canvas, part: pd.DataFrame, axes: PictureAxes) -> float:
    """Draw one panel: from the Atlantic to the Bering Sea where that holds all points, else the world."""
    window, across = window_of(part), canvas.width
    tall = across * SHAPE
    # A view of a drawing as wide as one degree is ten: what lies outside is cut off.
    size = f'width="{across:g}" height="{tall:.0f}" viewBox="0 0 {10 * window.wide:g} {10 * window.wide * SHAPE:.0f}"'
    canvas.parts.append(f'<svg {size}><path d="{land(window)}" fill="var(--rule)"/></svg>')
    rows = part.sort_values(["year", "start"], ascending=False)
    places = [
        window.place(float(x), float(y), across)
        for x, y in zip(rows["longitude"], rows["latitude"], strict=True)
    ]
    for place in places:
        canvas.keep_off(*place, POINT)
    for (x, y), row in zip(places, records(rows), strict=True):
        canvas.parts.append(f"<g><title>{_said(row)}</title>")
        mark(canvas, str(row["side"]), x, y)
        canvas.parts.append("</g>")
    write_names(canvas, rows.assign(place=pd.Series(places, index=rows.index, dtype=object)), tall)
    kinds = dict(sorted(set(zip(part["side"], part["series"], strict=True))))
    entries = [
        (lambda x, y, side=side: mark(canvas, side, x, y), str(words)) for side, words in kinds.items()
    ]
    return canvas.key(tall + 2, entries)


def _said(row: dict[str, object]) -> str:
    return escape(f"{row['name']}, {row['start']}, {row['short']}: {row['series']}")


@cache
def land(window: Window) -> str:
    """Return all outlines as the data of one path, in tenths of a degree from the upper left corner of a window."""
    edge = window.longitude - window.wide / 2
    top = window.latitude + window.wide * SHAPE / 2
    parts = []
    for ring in (ring for shape in rings().values() for ring in shape):
        east = np.degrees(np.unwrap(np.radians(ring[:, 0]))) - edge
        for turn in (-360.0, 0.0, 360.0):
            if east.max() + turn > 0 and east.min() + turn < window.wide:
                x = np.round(10 * (east + turn)).astype(int)
                y = np.round(10 * (top - ring[:, 1])).astype(int)
                steps = np.diff(np.column_stack([x, y]), axis=0)
                moved = steps[(steps != 0).any(axis=1)].tolist()
                parts.append(f"M{x[0]} {y[0]}l{' '.join(f'{right} {down}' for right, down in moved)}z")
    return "".join(parts)


def mark(canvas: Canvas, side: str, x: float, y: float) -> None:
    """Draw the mark of a kind; the fourth is a cross."""
    if side != KEYS[3]:
        canvas.mark(x, y, side_of(side), size=POINT)
        return
    steps = f"M{x - 4:.1f} {y - 4:.1f}l8 8M{x + 4:.1f} {y - 4:.1f}l-8 8"
    for colour, wide in (("paper", 4.5), ("ink", 2.2)):
        canvas.parts.append(f'<path d="{steps}" stroke="var(--{colour})" stroke-width="{wide}" fill="none"/>')


def write_names(canvas: Canvas, rows: pd.DataFrame, tall: float) -> None:
    """Write the names and years of places, those of most events first, none over a label, a point or the edge.

    rows: of :func:`map_rows`, with their ``place`` on the canvas. A place without room stays without a name.
    """
    for name, group in sorted(rows.groupby("short", sort=False), key=lambda pair: -len(pair[1])):
        label = f"{name} {_years(sorted(set(group['year'])))}"
        spots = (
            (x + right * GAP, y + 4.5 + down * (GAP + 7), anchor)
            for x, y in group["place"]
            for right, down, anchor in SIDES
        )
        for x, y, anchor in spots:
            if SMALL < y < tall and canvas.fits(x, y, label, anchor):
                canvas.text(x, y, label, anchor, halo=True)
                break


def _years(years: Sequence[int]) -> str:
    """One or two years named, more as their span."""
    return f"{years[0]}-{years[-1]}" if len(years) > 2 else ", ".join(map(str, years))


def _alt(rows: pd.DataFrame, up: str, across: str, language: Language) -> str:
    """Return the drawn points in words."""
    each = "; ".join(f"{row.short} {row.year} ({row.series})" for row in rows.itertuples())
    return language.say("figure.places.alt", {"rows": each})


FORM = Form(draw_points, _alt, map_rows)
