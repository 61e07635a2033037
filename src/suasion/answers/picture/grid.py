"""A mark for each year and row: full for yes, hollow for no, a question mark for what is not known."""

from __future__ import annotations

import pandas as pd

from suasion.answers.language import Language
from suasion.answers.picture.inline.canvas import SIZE, SMALL, Anchor, Canvas, LinearAxis, lines_of
from suasion.answers.picture.inline.series import years_at
from suasion.answers.picture.rows import KEYS, Form, PictureAxes, ordered, records
from suasion.answers.style import width
from suasion.answers.table import Picture, Table

STATUSES = ("yes", "no", "unknown")
"""Members of the word list of the marks, in the order of the key."""
ROW, NAMES, LINE = 26, 0.34, 16
"""Pixels of a row, part of the width for names beside it, and pixels of a line of a name above it on a phone."""
LARGEST = 13
"""Pixels of a mark, at most."""


def grid_rows(table: Table, picture: Picture, language: Language) -> pd.DataFrame:
    """Return the rows of a table as they are drawn.

    Returns: ``at`` (the year), ``row`` (its name), ``side`` (key of the mark), ``series`` and ``label`` (the
      mark in words), ``value`` (the year again: each row has a mark), ``panel`` (none).
    """
    said = table.words(picture.series, language)
    return pd.DataFrame(
        {
            "at": table.cells(picture.x),
            "row": table.words(picture.y, language),
            "side": [KEYS[STATUSES.index(str(cell))] for cell in table.cells(picture.series)],
            "series": said,
            "label": said,
            "value": table.cells(picture.x),
            "panel": "",
        }
    )


def draw_grid(canvas: Canvas, part: pd.DataFrame, axes: PictureAxes) -> float:
    """Draw one panel, the first name uppermost: names beside their rows, above them on a phone."""
    names, beside = ordered([str(name) for name in part["row"]]), canvas.width >= 480
    years = sorted({int(year) for year in axes.whole["at"]})
    widest = max(width(name, SIZE, "sans-bold") for name in names)
    room = min(widest, NAMES * canvas.width) if beside else canvas.width
    start = room + 18 if beside else 8
    across = LinearAxis(years[0], max(years[-1], years[0] + 1), start, canvas.width - 10)
    size = min(LARGEST, 0.8 * (across.end - across.start) / max(1, years[-1] - years[0]))
    y = 0.0
    for name, own in part.groupby("row", sort=False):
        lines = list(lines_of(str(name), room, SIZE, "sans-bold"))
        tall = max(ROW, LINE * len(lines) + 6) if beside else ROW + LINE * len(lines)
        middle = y + tall / 2 if beside else y + tall - 12
        for place, words in enumerate(lines):
            base = middle + 5 - LINE * ((len(lines) - 1) / 2 - place) if beside else y + LINE * (place + 1)
            canvas.text(0, base, words, size=SIZE, bold=True)
        for row in records(own):
            _mark(canvas, str(row["side"]), across(float(row["at"])), middle, size)
        y += tall
    for year in years_at(years[0], years[-1], 7 if beside else 4):
        ends: dict[int, Anchor] = {} if beside else {years[-1]: "end", years[0]: "start"}
        canvas.text(across(year), y + 16, str(year), ends.get(year, "middle"), fill="mute")
    sides = dict(sorted(set(zip(part["side"], part["series"], strict=True))))
    entries = [
        (lambda x, at, side=side: _mark(canvas, side, x, at, LARGEST), str(words))
        for side, words in sides.items()
    ]
    return canvas.key(y + 22, entries)


def _mark(canvas: Canvas, side: str, x: float, y: float, size: float) -> None:
    status = STATUSES[KEYS.index(side)]
    if status == "unknown":
        look = f'text-anchor="middle" font-size="{min(size + 1, SMALL):.1f}" fill="var(--mute)"'
        canvas.parts.append(f'<text x="{x:.1f}" y="{y + 4.5:.1f}" {look}>?</text>')
        return
    fill, stroke = ("a", "a") if status == "yes" else ("paper", "third")
    canvas.rect(
        x - size / 2, y - size / 2, size, size, fill, stroke=f"var(--{stroke})", stroke_width=1.2, rx=1.5
    )


def _alt(rows: pd.DataFrame, up: str, across: str, language: Language) -> str:
    """Return the drawn rows in words: of each row the years that have it."""
    each = [
        language.say(
            "figure.chapter.alt_grid_row",
            {
                "name": str(name),
                "years": ", ".join(str(year) for year in part.loc[part["side"] == KEYS[0], "at"])
                or language.say("figure.chapter.alt_no_year"),
            },
        )
        for name, part in rows.groupby("row", sort=False)
    ]
    return language.say("figure.chapter.alt_grid", {"rows": "; ".join(each)})


FORM = Form(draw_grid, _alt, grid_rows)
