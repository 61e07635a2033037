"""The dossier in a terminal, at 80 columns: its seven screens, or conclusions, shortened tables and chapters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from suasion.answers.catalogue import say
from suasion.answers.language import capital
from suasion.answers.picture.inline.dumbbell import Mark
from suasion.answers.render.lines import title_of
from suasion.answers.render.text import grid_text, wrapped_lines
from suasion.answers.table import Table
from suasion.dossier import tables
from suasion.dossier.chapter import Chapter, key_of, source_of
from suasion.dossier.context import DossierContext, RunProvenance
from suasion.dossier.screens import DossierScreen, parts_of, screens
from suasion.dossier.screens.answer import cost_rows
from suasion.dossier.screens.words import grounds_of, plain, question_of, reason_of, said
from suasion.dossier.tables import PrintedTable


def as_text(dossier: DossierContext, width: int = 80) -> str:
    """Return the dossier as plain text.

    dossier: the context.
    width: columns of the terminal.
    """
    return "\n".join(_lines(dossier, width)) + "\n"


def run_line(made: RunProvenance) -> str:
    """Return the version, the run and the command of a dossier as its last line."""
    return f"Suasion {made.package_version}, run {made.run_id[:12]}, {made.command}"


def _lines(dossier: DossierContext, width: int) -> Iterator[str]:
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


INDENT = "  "


def as_front(dossier: DossierContext, width: int = 80) -> str:
    """Return the seven screens of a dossier as plain text.

    dossier: the context.
    width: columns of the terminal.
    """
    return "\n".join(_front(dossier, width)) + "\n"


def _front(dossier: DossierContext, width: int) -> Iterator[str]:
    made = dossier.provenance
    yield from wrapped_lines(dossier.question, width)
    yield say("page.vintage", year=made.year)
    shown = screens(dossier)
    for screen in shown:
        yield ""
        yield from _screen(screen, dossier, width)
    yield _grounds(shown[:-1], width)
    yield ""
    yield from wrapped_lines(say("page.everything", a=dossier.a.code, b=dossier.b.code), width)
    yield from wrapped_lines(run_line(made), width)


def _screen(screen: DossierScreen, dossier: DossierContext, width: int) -> Iterator[str]:
    block = screen.block
    yield from wrapped_lines(f"{question_of(screen).upper()} · {reason_of(screen)}", width)
    yield from wrapped_lines(said(block.heading), width)
    for text in block.text:
        yield from wrapped_lines(said(text), width, INDENT)
    if screen.key == "answer":
        yield from _losses(dossier, width)
    for chart in screen.charts:
        if chart.told:
            yield grid_text("", chart.told[0], chart.told[1:], width)
        elif not block.text:
            yield from wrapped_lines(chart.drawing.label, width, INDENT)
        for text in chart.under:
            yield from wrapped_lines(said(text), width, INDENT)
    for text in block.chance:
        yield from wrapped_lines(said(text), width, INDENT)
    for text in filter(None, (block.aside, block.caption)):
        yield from wrapped_lines(said(text), width, INDENT)


def _losses(dossier: DossierContext, width: int) -> Iterator[str]:
    """Losses of both sides by horizon, each with its range, as on the chart of the first screen."""
    names = {"a": plain(dossier.a.code), "b": plain(dossier.b.code)}
    rows = []
    for row in cost_rows(parts_of(dossier)):
        cells: dict[str, str] = {mark.side: _cell(mark) for mark in row.marks}
        rows.append((f"{row.name} {row.under}".strip(), *(cells.get(side, "") for side in names)))
    if rows:
        yield grid_text("", (say("figure.answer.case_head"), *names.values()), rows, width)


def _cell(mark: Mark) -> str:
    return f"{mark.size} ({mark.span})" if mark.span else mark.size


def _grounds(shown: Sequence[DossierScreen], width: int) -> str:
    """What each screen rests on, and what would change it."""
    heads = [say(f"head.{name}") for name in ("topic", "foundation", "improvement")]
    return grid_text("", heads, [(capital(question_of(one)), *grounds_of(one)) for one in shown], width)


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
