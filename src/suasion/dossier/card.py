"""The card: headline, three losses with their ranges, and of which year, as one picture to pass on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from suasion.answers.catalogue import say
from suasion.answers.picture.inline.canvas import Anchor, LinearAxis, percent, reach
from suasion.answers.picture.inline.dumbbell import CostRow, Mark
from suasion.answers.picture.paper import png
from suasion.answers.style import Theme, width
from suasion.dossier.context import DossierContext
from suasion.dossier.screens import parts_of
from suasion.dossier.screens.answer import WIDEST, cost_rows
from suasion.dossier.screens.words import said
from suasion.dossier.sheet import Sheet
from suasion.questions.verdict import blocks
from suasion.questions.verdict.block import Block

WIDTH, HEIGHT, EDGE = 1200, 630, 60
"""Pixels."""
LABEL, LEAST = 22, 20
"""Pixels of type: names with their numbers, and everything else."""
HEADLINES = (50, 46, 42, 38, 34)
"""Sizes of the headline; the first that gives three lines, or else the last."""


def card(dossier: DossierContext, theme: Theme = "light") -> bytes:
    """Return the card as PNG, 1200 by 630 pixels."""
    return png(card_svg(dossier, theme), 1.0)


def card_svg(dossier: DossierContext, theme: Theme = "light") -> str:
    """Return the card as SVG.

    theme: {"light", "dark", "print"}.
    """
    parts = parts_of(dossier)
    sheet, (first, changed, why, *_) = Sheet(WIDTH, dossier=dossier, height=HEIGHT), blocks(parts)
    sheet.rect(0, 0, WIDTH / 2, 10, "a")
    sheet.rect(WIDTH / 2, 0, WIDTH / 2, 10, "b")
    sheet.brand(EDGE, 75, 27)
    marks = list(_marks(cost_rows(parts)))
    sheet.text(WIDTH - EDGE, 73, _vintage(dossier, marks), "end", fill="mute", size=LEAST)
    bottom = _headline(sheet, first)
    if marks:
        _rows(sheet, marks, bottom + 38)
    else:
        y = bottom + 56
        for one in (*first.text[:1], changed.heading, why.heading):
            y = sheet.paragraph(EDGE, y, said(one), WIDTH - 2 * EDGE, 26, 36) + 12
    return sheet.drawn(theme)


def _vintage(dossier: DossierContext, marks: Sequence[Mark]) -> str:
    year = say("page.vintage", year=dossier.provenance.year)
    if not marks:
        return year
    ranged = [bool(mark.span) for mark in marks]
    key = "card.bars" if all(ranged) else "card.some" if any(ranged) else "page.no_runs"
    return f"{say(key)} · {year}"


def _marks(rows: Sequence[CostRow]) -> Iterator[Mark]:
    """The first state's loss, the same with markets closed, and the other's; none where one is not known."""
    first = {mark.side: mark for mark in (rows[0].marks if rows else ())}
    if len(first) < 2:
        return
    yield first["a"]
    closed = next((row for row in rows if row.under), None)
    for mark in closed.marks if closed else ():
        if closed and mark.side == "a":
            yield replace(mark, size=say("card.closed", loss=mark.size, closed=closed.under))
    yield first["b"]


def _headline(sheet: Sheet, first: Block) -> float:
    room = WIDTH - 2 * EDGE - 40
    for size in HEADLINES:
        lines = sheet.held(said(first.heading), room, size)
        if len(lines) <= 3:
            break
    return sheet.heading(EDGE, 172, lines, size, 1.14 * size)


def _rows(sheet: Sheet, marks: Sequence[Mark], top: float) -> None:
    low, high = reach([end for mark in marks for end in (mark.low, mark.value, mark.high)])
    scale = LinearAxis(low, min(high, WIDEST), EDGE, WIDTH - EDGE - 40)
    bottom = HEIGHT - 66
    for tick in scale.ticks(5):
        x = scale(tick)
        sheet.line(x, top, x, bottom, "third" if tick == 0 else "grid", stroke_width=2 if tick == 0 else 1.5)
        anchor: Anchor = "start" if x < EDGE + 20 else "middle"
        sheet.text(x, bottom + 30, percent(tick), anchor, fill="mute", size=LEAST)
    step = (bottom - top) / len(marks)
    for place, mark in enumerate(marks):
        _row(sheet, scale, mark, top + step * (place + 0.62))


def _row(sheet: Sheet, scale: LinearAxis, mark: Mark, y: float) -> None:
    """One loss: bar, mark, and its words right of them, or above where they would leave the card."""
    if mark.low is not None and mark.high is not None:
        sheet.bar(scale(mark.low), scale(mark.high), y, mark.side, 18)
    sheet.mark(scale(mark.value), y, mark.side, size=11)
    far = scale(mark.value if mark.high is None else max(mark.high, mark.value))
    wide = width(mark.label, LABEL, "sans-bold") + 14 + width(mark.span, LEAST)
    x, base = max(far + 14, scale(mark.value) + 24), y + 8
    if x + wide > WIDTH - EDGE:
        x, base = max(EDGE, min(scale(mark.value) + 20, WIDTH - EDGE - wide)), y - 17
    box = sheet.text(x, base, mark.label, fill=mark.side, size=LABEL, bold=True, halo=True)
    if mark.span:
        sheet.text(box.right + 14, base, mark.span, fill="mute", size=LEAST, halo=True)
