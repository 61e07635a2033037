"""The dossier in a terminal: conclusions first, then tables, at 80 columns."""

from __future__ import annotations

import io
import re

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from suasion.answers.catalogue import say
from suasion.dossier import tables
from suasion.dossier.chapter import Chapter
from suasion.dossier.context import Dossier
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
    out = io.StringIO()
    print_dossier(dossier, Console(file=out, width=width, color_system=None, legacy_windows=False))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def print_dossier(dossier: Dossier, console: Console) -> None:
    """Print the dossier on a console."""
    console.print(Text(dossier.question, style="bold"))
    console.print()
    for number, claim in enumerate(dossier.summary):
        _paragraph(console, claim.sentence(), "" if number == 0 else "- ")
        console.print()
    for table in printed_tables(dossier):
        _table(console, table)
    for chapter in dossier.chapters:
        _chapter(console, chapter)
    for title, reason in absent(dossier).items():
        _paragraph(console, f"{title}: {reason}")
    _caveats(dossier, console)


def _chapter(console: Console, chapter: Chapter) -> None:
    console.print(Text(chapter.title, style="bold"))
    console.print()
    if chapter.reason:
        _paragraph(console, chapter.reason)
    for claim in chapter.findings:
        _paragraph(console, claim.sentence(), "- ")
    console.print()
    for table in chapter_tables(chapter):
        _table(console, table)


def _fast(text: str) -> Text:
    """Text in which a unit stays on the line of its number."""
    return Text(re.sub(r"(?<=\d) (?=%|bn|mn|tn)", "\N{NO-BREAK SPACE}", text))


def _paragraph(console: Console, text: str, mark: str = "") -> None:
    body = RichTable.grid(padding=0)
    body.add_column(width=len(mark) or 1)
    body.add_column()
    body.add_row(mark, _fast(text))
    console.print(body if mark else _fast(text))


def _table(console: Console, table: tables.Table) -> None:
    shown = RichTable(
        box=box.SIMPLE_HEAD, title=table.caption, title_justify="left", title_style="bold", pad_edge=False
    )
    for column in table.columns:
        shown.add_column(column, overflow="fold")
    for row in table.rows:
        shown.add_row(*(_fast(cell) for cell in row))
    console.print(shown)
    if table.note:
        console.print(Padding(Text(table.note, style="dim"), (0, 0, 1, 0)))


def _caveats(dossier: Dossier, console: Console) -> None:
    console.print(Text(say("table.printed.caveats"), style="bold"))
    for caveat in dossier.caveats:
        _paragraph(console, caveat, "- ")
    made = dossier.provenance
    console.print(
        Text(f"Suasion {made.package_version}, run {made.run_id[:12]}, {made.command}", style="dim")
    )
