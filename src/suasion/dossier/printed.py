"""The tables of the dossier as text prints them: short, for a terminal of 80 columns and for Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from suasion.answers.render.lines import title_of
from suasion.answers.table import Table
from suasion.dossier import tables
from suasion.dossier.chapter import Chapter, key_of, source_of
from suasion.dossier.context import DossierContext

LEFT_OUT = ("lines", "curve", "grid", "map")
"""Forms whose rows are too many for a terminal."""
MOST, MOST_BRIEF = 8, 20
"""Rows of a table, and of one that names the columns for people."""


def printed_tables(dossier: DossierContext) -> list[tables.PrintedTable]:
    """Return the tables of the dossier as printed, long ones shortened; chapters not included."""
    answered = (
        one for answer in dossier.answers.values() for one in _short("", answer.tables, source_of(answer))
    )
    return [table for table in (*answered, tables.certificate_table(dossier)) if table]


def chapter_tables(chapter: Chapter) -> list[tables.PrintedTable]:
    """Return the tables of a chapter as printed, long ones shortened."""
    return list(_short(chapter.key, chapter.tables, chapter.source))


def _short(chapter: str, found: Iterable[Table], source: str) -> Iterator[tables.PrintedTable]:
    for table in found:
        if not table.detail and not (table.picture and table.picture.form in LEFT_OUT):
            most = MOST_BRIEF if table.brief else MOST
            yield tables.answer_table(table, key_of(chapter, table), source, brief=True, most=most)


def absent(dossier: DossierContext) -> dict[str, str]:
    """Return why tables are absent, by the question that they would answer."""
    return {title_of(one): one.absent.sentence() for one in dossier.answers.values() if one.absent}
