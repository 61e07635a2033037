"""The picture of a table, one module a form: columns say what is drawn, units say the axis, bands draw themselves.

A picture is a form of a table, as CSV is: whatever it shows stands in the rows.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from html import escape

import pandas as pd

from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.numbers import Unit
from suasion.answers.picture.inline.canvas import NARROW, WIDE, Canvas, Drawing, drawing
from suasion.answers.picture.paper import Line, png, standing_alone, with_fonts
from suasion.answers.picture.rows import Form, PictureAxes, drawn, squeezed
from suasion.answers.table import Picture, Table
from suasion.errors import InputError


def _forms() -> Iterator[tuple[str, Form]]:
    for found in pkgutil.iter_modules(__path__, f"{__name__}."):
        form = getattr(importlib.import_module(found.name), "FORM", None)
        if form is not None:
            yield found.name.rpartition(".")[2], form


FORMS: dict[str, Form] = dict(_forms())
"""Every form, by the name of its module."""
STILL = (".svg", ".png")
"""Endings of files of pictures."""


def picture_of(table: Table) -> Picture:
    """Return how a table is drawn.

    Raises InputError if it is not.
    """
    if table.picture is None:
        raise InputError(f"The table {table.key!r} has no picture.")
    if table.picture.form not in FORMS:
        raise InputError(f"There is no form of picture {table.picture.form!r}; use {', '.join(FORMS)}.")
    return table.picture


def rows_of(table: Table, language: Language = DEFAULT_LANGUAGE) -> pd.DataFrame:
    """Return the rows of a table as its form draws them.

    Raises InputError if the table has no picture.
    """
    picture = picture_of(table)
    return (FORMS[picture.form].rows or drawn)(table, picture, language)


@dataclass(frozen=True, slots=True)
class PicturePanel:
    """One part of a picture.

    title: Its heading; empty where the picture has one panel.
    draw: Draws it on a canvas and returns the height.
    half: whether two stand beside each other.
    """

    title: str
    draw: Callable[[Canvas], float]
    half: bool

    def drawing(self, label: str, wide: float = WIDE) -> Drawing:
        """Return it drawn for a page: wide and narrow, or once where it takes half the width."""
        return drawing(self.draw, label, NARROW if self.half else wide)


def panels_of(
    table: Table, language: Language = DEFAULT_LANGUAGE, rows: pd.DataFrame | None = None
) -> tuple[PicturePanel, ...]:
    """Return the panels of a table's picture; those whose numbers are of one size share an axis.

    rows: of :func:`rows_of`, where they are at hand.
    Raises InputError if the table has no picture.
    """
    picture = picture_of(table)
    form = FORMS[picture.form]
    rows = rows_of(table, language) if rows is None else rows
    up, across = titles_of(table, language)
    column = table.column(picture.value if picture.form != "areas" else picture.x)
    unit = "%" if column.unit in ("percent", "probability", "share", "change") else ""
    panels = []
    for name, part in rows.groupby("panel", sort=False):
        part = part.reset_index(drop=True)
        own = not form.rows and squeezed(part, rows)
        axes = PictureAxes(part if own else rows, up, across, unit, language)
        panels.append((str(name), partial(form.draw, part=part, axes=axes)))
    return tuple(PicturePanel(name, draw, form.half and len(panels) > 1) for name, draw in panels)


def titles_of(table: Table, language: Language = DEFAULT_LANGUAGE) -> tuple[str, str]:
    """Return the titles of what is drawn, and of what it is drawn against, each with its unit."""
    picture = picture_of(table)
    return _head(table, picture.value, language), _head(table, picture.x, language)


def measure_of(table: Table, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return what stands over a picture: the title of what is drawn; empty where none of its rows is a number."""
    return "" if picture_of(table).form in ("grid", "map") else titles_of(table, language)[0]


def _head(table: Table, name: str, language: Language) -> str:
    return head_of(language.say(f"head.{name}"), table.column(name).unit, language)


def head_of(title: str, unit: Unit, language: Language) -> str:
    """Title of an axis with its unit."""
    if unit in ("musd", "musd_change"):
        return language.words["figure.axis.musd"].format(title=title)
    return language.words["figure.axis.percent"].format(title=title) if unit == "probability" else title


def alt_of(table: Table, language: Language = DEFAULT_LANGUAGE, rows: pd.DataFrame | None = None) -> str:
    """Return the description of a table's picture for who does not see it: its rows, or the ends of its lines.

    ``rows`` are those of :func:`rows_of`, where they are at hand.
    """
    rows = rows_of(table, language) if rows is None else rows
    return FORMS[picture_of(table).form].tell(rows, *titles_of(table, language), language)


def svg(table: Table, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return the picture of a table as an image of its own: fonts, paper, and colours for the reader's light or dark.

    Raises InputError if the table has no picture.
    """
    rows = rows_of(table, language)
    above = [Line(title)] if (title := measure_of(table, language)) else []
    return with_fonts(standing_alone(panels_of(table, language, rows), alt_of(table, language, rows), above))


def page_of(
    table: Table, language: Language = DEFAULT_LANGUAGE, *, level: int = 4, wide: float = WIDE
) -> str:
    """Return the picture of a table as markup for a page with the house's style sheet, wide and for a phone.

    level: of the headings of its panels; wide: pixels of the wide drawing.
    Raises InputError if the table has no picture.
    """
    rows = rows_of(table, language)
    alt, parts = alt_of(table, language, rows), []
    if title := measure_of(table, language):
        parts.append(f'<p class="sub">{escape(title)}</p>')
    for panel in panels_of(table, language, rows):
        title = f"<h{level}>{escape(panel.title)}</h{level}>" if panel.title else ""
        parts.append(f"<div>{title}{panel.drawing(alt if len(parts) < 2 else panel.title, wide).html}</div>")
    return "".join(parts)


def picture_bytes(table: Table, ending: str, language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Return the picture of a table as the content of a file.

    ending: one of :data:`STILL`; PNG has twice the size in pixels.
    Raises InputError if the table has no picture, or there is no such ending.
    """
    if ending not in STILL:
        raise InputError(
            f"A picture cannot be written as {ending or 'a file without ending'!r}; use {' or '.join(STILL)}."
        )
    text = svg(table, language)
    return png(text) if ending == ".png" else text.encode()
