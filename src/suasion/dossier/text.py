"""The dossier in a terminal: conclusions first, then tables, at 80 columns."""

from __future__ import annotations

from collections.abc import Iterator

from suasion.answers.catalogue import say
from suasion.answers.render.text import grid_text, wrapped_lines
from suasion.dossier.chapter import Chapter
from suasion.dossier.context import Dossier, RunProvenance
from suasion.dossier.printed import absent, chapter_tables, printed_tables
from suasion.dossier.tables import PrintedTable


def as_text(dossier: Dossier, width: int = 80) -> str:
    """Return the dossier as plain text.

    dossier: the context.
    width: columns of the terminal.
    """
    return "\n".join(_lines(dossier, width)) + "\n"


def run_line(made: RunProvenance) -> str:
    """Return the version, the run and the command of a dossier as its last line."""
    return f"Suasion {made.package_version}, run {made.run_id[:12]}, {made.command}"


def _lines(dossier: Dossier, width: int) -> Iterator[str]:
    yield from wrapped_lines(dossier.question, width)
    yield ""
    for number, claim in enumerate(dossier.summary):
        yield from wrapped_lines(claim.sentence(), width, "" if number == 0 else "- ")
        yield ""
    for table in printed_tables(dossier):
        yield from _table(table, width)
    for chapter in dossier.chapters:
        yield from _chapter(chapter, width)
    for title, reason in absent(dossier).items():
        yield from wrapped_lines(f"{title}: {reason}", width)
    yield say("table.printed.caveats")
    for caveat in dossier.caveats:
        yield from wrapped_lines(caveat, width, "- ")
    yield from wrapped_lines(run_line(dossier.provenance), width)


def _chapter(chapter: Chapter, width: int) -> Iterator[str]:
    yield from wrapped_lines(chapter.title, width)
    yield ""
    if chapter.reason:
        yield from wrapped_lines(chapter.reason, width)
    for claim in chapter.findings:
        yield from wrapped_lines(claim.sentence(), width, "- ")
    yield ""
    for table in chapter_tables(chapter):
        yield from _table(table, width)


def _table(table: PrintedTable, width: int) -> Iterator[str]:
    yield from wrapped_lines(table.caption, width)
    yield grid_text("", table.columns, table.rows, width)
    if table.note:
        yield from wrapped_lines(table.note, width)
        yield ""
