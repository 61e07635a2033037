"""Losses on a map: countries in fixed classes, so that two maps compare, and dots for those too small for a shape."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from suasion.answers.language import Language
from suasion.answers.picture.inline.canvas import Canvas
from suasion.answers.picture.inline.world_map import HEIGHT, WIDTH, class_words, hatched, world_map
from suasion.answers.picture.rows import Form, PictureAxes, records
from suasion.answers.table import Picture, Table

TOLD = 10
"""Countries named in the description, the largest first."""
SQUARE = 13
"""Pixels of a class in the key."""


def area_rows(table: Table, picture: Picture, language: Language) -> pd.DataFrame:
    """Return the rows of a table as they are drawn.

    picture: ``x`` is a number in per cent, ``y`` the country, ``label`` the country whose act it is, if any:
      it is drawn in ink.
    Returns: ``id``, ``name``, ``value``, ``label`` (as printed), and the columns that all forms have; the
      largest first.
    """
    column, codes = table.column(picture.x), table.cells(picture.y)
    cells = table.cells(picture.x)
    frame = pd.DataFrame(
        {
            "id": codes,
            "name": table.words(picture.y, language),
            "value": pd.to_numeric(pd.Series(cells, dtype=object)),
            "label": [language.cell(cell, column.unit, column.name) for cell in cells],
            "at": codes,
            "side": "",
            "series": "",
            "panel": "",
            "actor": table.cells(picture.label) if picture.label else "",
        }
    )
    return frame[frame["value"].notna()].sort_values("value", ascending=False, kind="stable")


def draw_areas(canvas: Canvas, part: pd.DataFrame, axes: PictureAxes) -> float:
    """Draw one panel: land without a number is hatched."""
    said = {str(row["id"]): f"{row['name']}: {row['label']}" for row in records(part)}
    actors = sorted({*part["actor"]} - {"", None})
    drawn = world_map(dict(zip(part["id"], part["value"], strict=True)), actors, "", said)
    classes = [f"{words}\N{NO-BREAK SPACE}%" for words in class_words()]
    return keyed_map(canvas, drawn, "map", classes, axes.language.say("figure.elsewhere.no_data"))


def keyed_map(canvas: Canvas, drawn: str, colours: str, classes: Sequence[str], without: str) -> float:
    """Set a map on a canvas with its classes below, and return the height.

    drawn: from :func:`suasion.answers.picture.inline.world_map.world_map`.
    colours: Name of the colours of classes, which are counted.
    classes: What they mean.
    without: What land without a number is.
    """
    tall = HEIGHT * canvas.width / WIDTH
    canvas.parts.append(f'<svg width="{canvas.width:g}" height="{tall:.0f}"{drawn.removeprefix("<svg")}')

    def square(fill: str, x: float, y: float) -> None:
        half = SQUARE / 2
        canvas.rect(x - half, y - half, SQUARE, SQUARE, fill, stroke="var(--rule)", stroke_width=0.6)

    def hatch(x: float, y: float) -> None:
        square("paper", x, y)
        canvas.parts.append(hatched(x, y, SQUARE))

    entries = [
        (lambda x, y, fill=f"{colours}-{place}": square(fill, x, y), words)
        for place, words in enumerate(classes)
    ]
    return canvas.key(tall + 4, [*entries, (hatch, without)])


def _alt(rows: pd.DataFrame, up: str, across: str, language: Language) -> str:
    """Return the largest of the drawn countries in words."""
    each = "; ".join(f"{row.name} {row.label}" for row in rows.head(TOLD).itertuples(index=False))
    return language.say("figure.areas.alt", {"rows": each})


FORM = Form(draw_areas, _alt, area_rows)
