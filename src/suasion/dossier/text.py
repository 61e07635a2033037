"""The dossier in a terminal: conclusions first, then tables, at 80 columns."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from suasion.answers.catalogue import say
from suasion.answers.render.text import captured, together
from suasion.dossier import tables
from suasion.dossier.chapter import Chapter
from suasion.dossier.context import Dossier, RunProvenance
from suasion.dossier.printed import absent, chapter_tables, printed_tables


def as_text(dossier: Dossier, width: int = 80) -> str:
    """Return the dossier as plain text.

    Parameters
    ----------
    dossier : Dossier
        The context.
    width : int
        Columns of the terminal.
    """
    return captured(_parts(dossier), width) + "\n"


def run_line(made: RunProvenance) -> Text:
    """Return the version, the run and the command of a dossier as its last line."""
    return Text(f"Suasion {made.package_version}, run {made.run_id[:12]}, {made.command}", style="dim")


def _parts(dossier: Dossier) -> Iterator[RenderableType]:
    yield Text(dossier.question, style="bold")
    yield ""
    for number, claim in enumerate(dossier.summary):
        yield _paragraph(claim.sentence(), "" if number == 0 else "- ")
        yield ""
    for table in printed_tables(dossier):
        yield from _table(table)
    for chapter in dossier.chapters:
        yield from _chapter(chapter)
    for title, reason in absent(dossier).items():
        yield _paragraph(f"{title}: {reason}")
    yield Text(say("table.printed.caveats"), style="bold")
    for caveat in dossier.caveats:
        yield _paragraph(caveat, "- ")
    yield run_line(dossier.provenance)


def _chapter(chapter: Chapter) -> Iterator[RenderableType]:
    yield Text(chapter.title, style="bold")
    yield ""
    if chapter.reason:
        yield _paragraph(chapter.reason)
    for claim in chapter.findings:
        yield _paragraph(claim.sentence(), "- ")
    yield ""
    for table in chapter_tables(chapter):
        yield from _table(table)


def _paragraph(text: str, mark: str = "") -> RenderableType:
    if not mark:
        return Text(together(text))
    body = RichTable.grid(padding=0)
    body.add_column(width=len(mark))
    body.add_column()
    body.add_row(mark, Text(together(text)))
    return body


def _table(table: tables.PrintedTable) -> Iterator[RenderableType]:
    shown = RichTable(
        box=box.SIMPLE_HEAD, title=table.caption, title_justify="left", title_style="bold", pad_edge=False
    )
    for column in table.columns:
        shown.add_column(column, overflow="fold")
    for row in table.rows:
        shown.add_row(*(Text(together(cell)) for cell in row))
    yield shown
    if table.note:
        yield Padding(Text(table.note, style="dim"), (0, 0, 1, 0))
