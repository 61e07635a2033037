"""The seven screens in a terminal: question, finding, how sure, few words, and the losses as a table."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from suasion.answers.catalogue import say
from suasion.answers.language import capital
from suasion.answers.picture.inline.dumbbell import Mark
from suasion.answers.render.text import captured
from suasion.dossier.context import Dossier
from suasion.dossier.screens import DossierScreen, screens
from suasion.dossier.screens.answer import cost_rows
from suasion.dossier.screens.words import plain, question_of, said
from suasion.dossier.text import run_line

INDENT = (0, 0, 0, 2)


def as_front(dossier: Dossier, width: int = 80) -> str:
    """Return the seven screens of a dossier as plain text.

    Parameters
    ----------
    dossier : Dossier
    width : int
        Columns of the terminal.
    """
    return captured(_parts(dossier), width) + "\n"


def _parts(dossier: Dossier) -> Iterator[RenderableType]:
    made = dossier.provenance
    yield Text(dossier.question, style="bold")
    yield Text(say("front.vintage", year=made.year), style="dim")
    for screen in screens(dossier):
        yield ""
        yield from _screen(screen, dossier)
    yield ""
    yield Text(say("front.printed.more", a=dossier.a.code, b=dossier.b.code))
    yield run_line(made)


def _screen(screen: DossierScreen, dossier: Dossier) -> Iterator[RenderableType]:
    yield Text(f"{question_of(screen, dossier).upper()} · {said(screen.why)}", style="dim")
    yield Text(said(screen.heading), style="bold")
    for text in screen.text:
        yield Padding(said(text), INDENT)
    if screen.key == "answer":
        yield from _losses(dossier)
    for chart in () if screen.text else screen.charts:
        yield Padding(chart.drawing.label, INDENT)
    for text in screen.box[1] if screen.box else ():
        yield Padding(said(text), INDENT)
    if screen.aside:
        yield Padding(Text(said(screen.aside), style="italic"), INDENT)
    if screen.rows:
        yield _grounds(screen, dossier)


def _losses(dossier: Dossier) -> Iterator[RenderableType]:
    """Losses of both sides by horizon, each with its range, as on the chart of the first screen."""
    names = {"a": plain(dossier.a.code), "b": plain(dossier.b.code)}
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in (say("front.answer.case_head"), *names.values()):
        shown.add_column(head)
    for row in cost_rows(dossier):
        cells: dict[str, str] = {mark.side: _cell(mark, names[mark.side]) for mark in row.marks}
        shown.add_row(f"{row.name} {row.under}".strip(), *(cells.get(side, "") for side in names))
    if shown.rows:
        yield shown


def _cell(mark: Mark, name: str) -> str:
    size = mark.label.removeprefix(name).strip()
    return f"{size} ({mark.span})" if mark.span else size


def _grounds(screen: DossierScreen, dossier: Dossier) -> Table:
    """What each screen rests on, and what would change it."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for key in ("block", "why", "better"):
        shown.add_column(say(f"front.sure.head_{key}"))
    for row in screen.rows:
        shown.add_row(
            capital(question_of(row, dossier)),
            said(row.basis) if row.basis else "",
            said(row.better) if row.better else "",
        )
    return shown
