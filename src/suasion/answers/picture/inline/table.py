"""The picture of a table as one drawing that needs no package: its panels one below the other, on paper of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

import pandas as pd

from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.picture.inline.canvas import SIZE, SMALL, WIDE, Canvas, Side, lines_of
from suasion.answers.picture.inline.dumbbell import LEFT, CostRow, Mark, dumbbell
from suasion.answers.picture.inline.lollipop import RankedRow, lollipop
from suasion.answers.picture.inline.series import Series, series
from suasion.answers.picture.inline.world_map import HEIGHT, WIDTH, class_words, world_map
from suasion.answers.picture.spec import MOST_ROWS
from suasion.answers.style import faces, tokens_sheet, width
from suasion.answers.table import Table

SIDES: dict[str, Side] = {"a": "a", "b": "b"}
"""Sides in a colour of their own; all others share one."""
EDGE = 12
"""Pixels of paper around the drawing."""
SQUARE = 14
"""Pixels of a class of the map in its key."""


def draws(table: Table) -> bool:
    """Whether a table's picture has a form that is drawn here."""
    return table.picture is not None and table.picture.form in FORMS


def table_svg(table: Table, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return the picture of a table as an image of its own, with its fonts, its paper and colours for light and dark.

    Raises KeyError if its form is not drawn here; see :func:`draws`.
    """
    from suasion.answers.picture import alt_of, head_of, picture_of, rows_of

    picture, rows = picture_of(table), rows_of(table, language)
    name = picture.x if picture.form == "areas" else picture.value
    column = table.column(name)
    unit = "%" if column.unit in ("percent", "probability") else ""
    canvas = Canvas(WIDE)
    y = _words(canvas, 0, head_of(language.say(f"head.{name}"), column.unit, language), bold=False)
    for title, part in rows.groupby("panel", sort=False):
        y = _words(canvas, y + 8, str(title)) if title else y
        made = FORMS[picture.form](part.reset_index(drop=True), unit)
        tall = float(re.search(r' height="(\d+)"', made)[1])  # type: ignore[index]
        canvas.parts.append(f'<svg y="{y + 8:.0f}"{made.removeprefix("<svg")}')
        y += 8 + tall
    return _image(canvas, y, alt_of(table, language, rows))


def _words(canvas: Canvas, y: float, text: str, *, bold: bool = True) -> float:
    """Write lines of a heading and return where they end."""
    size = SIZE if bold else SMALL
    for line in lines_of(text, canvas.width, size, "sans-bold" if bold else "sans"):
        y += size + 4
        canvas.text(0, y - 4, line, fill="ink" if bold else "mute", size=size, bold=bold)
    return y


def _image(canvas: Canvas, tall: float, label: str) -> str:
    fonts = "".join(line for line in faces().splitlines() if "Suasion Sans" in line)
    wide, high = canvas.width + 2 * EDGE, round(tall) + 2 * EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-EDGE} {-EDGE} {wide} {high}" width="{wide}" '
        f'height="{high}" role="img" aria-label="{escape(label)}" font-family="Suasion Sans" font-size="{SIZE}">'
        f"<style>{fonts}{tokens_sheet()}</style>"
        f'<rect x="{-EDGE}" y="{-EDGE}" width="{wide}" height="{high}" fill="var(--paper)"/>'
        f"{''.join(canvas.parts)}</svg>"
    )


def _records(rows: pd.DataFrame) -> list[dict[Any, Any]]:
    return rows.to_dict("records")


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _ranges(rows: pd.DataFrame, unit: str) -> str:
    """A mark on its range a row; rows of one name together where they are of several sides."""
    if rows["side"].nunique() < 2 or unit != "%":
        several = rows["side"].nunique() > 1
        items = [
            RankedRow(
                f"{row['at']}, {row['series']}" if several else str(row["at"]), row["value"], row["label"],
                _known(row["low"]), _known(row["high"]), side=SIDES.get(row["side"], "third"),
            )
            for row in _records(rows)
        ]  # fmt: skip
        return lollipop(items, "", unit=unit, most=3 * MOST_ROWS).wide
    cases = []
    for at, part in rows.groupby("at", sort=False):
        first, *more = lines_of(str(at), LEFT - 8, SIZE, "sans-bold")
        marks = (
            Mark(
                SIDES.get(row["side"], "third"),
                row["value"],
                row["series"],
                row["label"],
                _known(row["low"]),
                _known(row["high"]),
            )
            for row in _records(part)
        )
        cases.append(CostRow(first, tuple(marks), " ".join(more)))
    return dumbbell(cases, "").wide


def _lines(rows: pd.DataFrame, unit: str) -> str:
    """Lines broken where a year is missing; the last part of each has its name and its last number."""
    made = []
    for (key, name), part in rows.groupby(["side", "series"], sort=False):
        part = part.sort_values("at", kind="stable")
        pieces = [piece for _, piece in part[part["value"].notna()].groupby(part["value"].isna().cumsum())]
        for piece in pieces:
            band = piece.dropna(subset=["low", "high"])
            points = tuple(zip(piece["at"].astype(float), piece["value"], strict=True))
            ends = tuple(zip(band["at"].astype(float), band["low"], band["high"], strict=True))
            last = piece is pieces[-1]
            words = (str(name), str(piece["label"].iloc[-1])) if last else ("", "")
            made.append(Series(SIDES.get(str(key), "third"), words[0], points, words[1], band=ends))
    return series(made, "", unit=unit).wide


def _areas(rows: pd.DataFrame, _: str) -> str:
    """The map with its classes below."""
    said = {str(row["id"]): f"{row['name']}: {row['label']}" for row in _records(rows)}
    actors = sorted({*rows["actor"]} - {"", None})
    drawn = world_map(dict(zip(rows["id"], rows["value"], strict=True)), actors, "", said)
    scale = WIDE / WIDTH
    tall, canvas, x = HEIGHT * scale, Canvas(WIDE), 0.0
    for place, words in enumerate(class_words()):
        canvas.rect(x, tall + 10, SQUARE, SQUARE, f"map-{place}")
        canvas.text(x + SQUARE + 6, tall + 22, f"{words}\N{NO-BREAK SPACE}%", fill="mute")
        x += SQUARE + 30 + width(f"{words} %", SMALL)
    canvas.parts.append(f'<svg width="{WIDE}" height="{tall:.0f}"{drawn.removeprefix("<svg")}')
    return canvas.svg(tall + 30, "", "wide")


FORMS: dict[str, Callable[[pd.DataFrame, str], str]] = {"ranges": _ranges, "lines": _lines, "areas": _areas}
"""Forms that are drawn here, by their names in :data:`suasion.answers.picture.FORMS`."""
