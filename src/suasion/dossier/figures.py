"""The figures of a dossier: pictures of its answers' tables, each with its words, its table and its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import pandas as pd

from suasion.answers.catalogue import say
from suasion.answers.picture import alt_of, measure_of, panels_of, picture_of, rows_of
from suasion.answers.picture.rows import MOST_ROWS
from suasion.answers.table import Column, Table
from suasion.dossier.chapter import Chapter, key_of, source_of
from suasion.dossier.context import DossierContext
from suasion.dossier.elsewhere import elsewhere_figure
from suasion.dossier.figure import Figure
from suasion.dossier.tables import ranges_of

VERDICTS = {"exit-costs": "exit_cost.asymmetry", "shares": "dependence.turnover"}
"""Tables whose figures bear a verdict as title, and the topic of it."""
MOST_KEPT = 64
"""Figures kept after they are made: more than one dossier has."""


def figures(dossier: DossierContext) -> tuple[Figure, ...]:
    """All figures that the dossier has data for, in the order of the page."""
    answered = (figure for name in dossier.answers for figure in _answered(dossier, name))
    of_chapters = (figure for chapter in dossier.chapters for figure in chapter_figures(chapter))
    return tuple(figure for figure in (*answered, *of_chapters) if figure is not None)


def _answered(dossier: DossierContext, name: str) -> Iterator[Figure | None]:
    """Figures of an answer; what it does to everybody is drawn on a map."""
    answer = dossier.answers[name]
    for table in answer.tables:
        if table.key == "elsewhere":
            yield elsewhere_figure(dossier)
        elif drawn_here(table) and not table.detail:
            figure = figure_of(table, table.key, source_of(answer))
            verdict = dossier.headline(VERDICTS.get(table.key, ""), figure.title)
            yield replace(figure, title=verdict)


def chapter_figures(chapter: Chapter) -> tuple[Figure, ...]:
    """Draw those tables of a chapter that have a picture."""
    return tuple(
        figure_of(table, key_of(chapter.key, table), chapter.source)
        for table in chapter.tables
        if drawn_here(table)
    )


def drawn_here(table: Table) -> bool:
    """Whether a table has a picture that stands in a dossier: maps of whole states are drawn on pages of their own."""
    return table.picture is not None and table.picture.form != "areas"


class _Itself:
    """A table as a key of what was made of it: the same only as itself."""

    __slots__ = ("table",)

    def __init__(self, table: Table) -> None:
        self.table = table

    def __hash__(self) -> int:
        return id(self.table)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and other.table is self.table


def figure_of(table: Table, key: str, source: str) -> Figure:
    """Draw one table; what was drawn ahead of its page is not made again.

    table: Its rows are also the figure's file.
    key: Address within the page.
    source: Source line.
    """
    return _drawn(_Itself(table), key, source)


@lru_cache(maxsize=MOST_KEPT)
def _drawn(itself: _Itself, key: str, source: str) -> Figure:
    table = itself.table
    rows = rows_of(table)
    return Figure(
        key=key,
        title=table.title(),
        subtitle=" · ".join(filter(None, (measure_of(table), ranges_of(table).rstrip(".")))),
        alt=alt_of(table, rows=rows),
        source=source,
        panels=panels_of(table, rows=rows),
        frame=printed_frame(table),
        notes=(*(note.sentence() for note in table.notes), *_left_out(table)),
    )


def printed_frame(table: Table) -> pd.DataFrame:
    """Return the rows of a table with words in place of codes, and numbers as they are, units in the heads."""
    cells = {
        _file_head(one): table.words(one.name)
        if one.unit in ("country", "industry", "word", "years", "horizon", "text")
        else table.cells(one.name)
        for one in table.columns
    }
    return pd.DataFrame(cells, dtype=object)


_FILE_UNITS = {
    **dict.fromkeys(("share", "percent", "change"), "%"),
    **dict.fromkeys(("musd", "musd_change"), "million USD"),
    "probability": "0 to 1",
}


def _file_head(column: Column) -> str:
    unit = _FILE_UNITS.get(column.unit, "")
    return f"{column.name}, {unit}" if unit else column.name


def _left_out(table: Table) -> tuple[str, ...]:
    """A sentence that says that a long list of ranges is cut."""
    picture = picture_of(table)
    if picture.form != "ranges":
        return ()
    panels = table.cells(picture.panel) if picture.panel else ("",) * len(table.rows)
    names: dict[object, set[object]] = {}
    for panel, name in zip(panels, table.cells(picture.y), strict=True):
        names.setdefault(panel, set()).add(name)
    if max(map(len, names.values())) <= MOST_ROWS:
        return ()
    return (say("figure.chapter.left", count=MOST_ROWS),)
