"""The briefing: the seven screens of a pair on one page of A4, without their folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from suasion.answers.catalogue import say
from suasion.answers.finding import Finding
from suasion.answers.picture.pdf import pdf
from suasion.answers.style import width
from suasion.dossier.context import DossierContext
from suasion.dossier.screens import Chart, DossierScreen, Light, screens
from suasion.dossier.screens.why import FOLDS
from suasion.dossier.screens.words import question_of, said
from suasion.dossier.sheet import Sheet

DOT = 25.4 / 96
"""Millimetres of a pixel."""
WIDTH, HEIGHT = 210 / DOT, 297 / DOT
LEFT, GAP = 48.0, 26.0
ROOM = WIDTH - 2 * LEFT
HALF = (ROOM - GAP) / 2
TITLE = 15
"""Pixels of a block's heading."""
POINTS = 72 / 96
"""Points of a pixel: the unit of a PDF."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How much the page tells.

    plot: height of plots in pixels.
    sentences, lead: most sentences of a block, and of what stands under the headline.
    charts: whether all blocks have charts.
    """

    plot: float
    sentences: int
    charts: bool = False
    lead: int = 9


DETAILS = (
    Detail(230, 3, charts=True),
    Detail(190, 3, charts=True),
    *(Detail(plot, 3) for plot in (240, 210, 180, 160, 140)),
    *(Detail(plot, sentences) for sentences in (2, 1) for plot in (150, 130, 110)),
    *(Detail(plot, sentences, lead=3) for sentences in (1, 0) for plot in (130, 110, 95)),
    *(Detail(plot, 0, lead=lead) for plot, lead in ((80, 3), (95, 2), (80, 2), (64, 2), (50, 1))),
)
"""The most first: the page is drawn with the first that fits."""


def briefing(dossier: DossierContext) -> bytes:
    """Return the briefing as PDF, one page of A4."""
    return pdf(briefing_svg(dossier))


def briefing_svg(dossier: DossierContext) -> str:
    """Return the briefing as SVG, in the colours of paper."""
    seven = screens(dossier)
    for detail in DETAILS:
        sheet = Sheet(WIDTH, dossier=dossier, height=HEIGHT)
        if _body(sheet, seven, detail) <= _foot(sheet, seven, detail):
            break
    return sheet.drawn("print", POINTS)


def _body(sheet: Sheet, seven: Sequence[DossierScreen], detail: Detail) -> float:
    """Draw everything above the foot and return where it ends."""
    y = _head(sheet)
    first, changed, why, closed, used, outside, _ = seven
    size = min((25, 22.5), key=lambda one: len(sheet.held(said(first.block.heading), ROOM, one)))
    y = sheet.heading(LEFT, y + 34, sheet.held(said(first.block.heading), ROOM, size), size, size + 4)
    y = sheet.paragraph(LEFT, y + 24, " ".join(map(said, first.block.text[: detail.lead])), ROOM, 13, 17) - 8
    half = [SheetBlock(one, *one.charts[:1]) for one in (changed, closed)]
    half += [SheetBlock(one, *(one.charts[:1] if detail.charts else ())) for one in (used, outside)]
    rows = [[SheetBlock(first, *first.charts[:1])] if first.charts else []]
    rows += [[one for one in half[:2] if one.shown], [SheetBlock(why, shown) for shown in why.charts]]
    rest = [
        *(one for one in half[:2] if not one.shown),
        *([] if why.charts else [SheetBlock(why)]),
        *half[2:],
    ]
    rows += [rest[place : place + 2] for place in range(0, len(rest), 2)]
    for row in filter(None, rows):
        room = ROOM if len(row) == 1 else HALF
        ends = [
            _block(sheet, one, LEFT + (HALF + GAP) * place, y + 4, room, detail)
            for place, one in enumerate(row)
        ]
        y = max(ends)
    return y


def _head(sheet: Sheet) -> float:
    made = sheet.dossier.provenance
    sheet.brand(LEFT, 44, 18)
    words = (
        say("briefing.name"),
        say("page.vintage", year=made.year),
        say("page.run_of", run=made.run_id[:7]),
    )
    sheet.text(LEFT + ROOM, 43, " · ".join(words), "end", fill="mute", size=12)
    sheet.line(LEFT, 57, LEFT + ROOM, 57, "rule")
    return 57


@dataclass(frozen=True, slots=True)
class SheetBlock:
    """A screen, and the chart of it that is shown."""

    screen: DossierScreen
    shown: Chart | None = None

    @property
    def named(self) -> bool:
        """Whether it is titled by what its chart shows: the headline says the finding, or two charts share it."""
        return self.shown is not None and self.screen.key in ("answer", "why")

    @property
    def title(self) -> str:
        """The finding, or what the chart shows."""
        return said(self.shown.title if self.shown and self.named else self.screen.block.heading)

    @property
    def measure(self) -> str:
        """What the chart measures: of goods, the share alone is drawn here."""
        if self.shown is None:
            return ""
        if self.screen.key == "why":
            raw = self.shown.rows == FOLDS["raw"]
            return said(Finding("briefing.raw" if raw else "briefing.share", self.shown.sub.values))
        return said(self.shown.sub)

    def sentences(self, most: int) -> list[str]:
        """What is said below, so many at most, chances first; what stands under the headline is not said again."""
        if self.screen.key == "answer":
            return []
        block = self.screen.block
        text = tuple(reversed(block.text)) if block.key == "used" else block.text
        return [said(one) for one in (*block.chance, *text)][: most if self.shown else min(max(most, 1), 2)]


def _block(sheet: Sheet, block: SheetBlock, x: float, y: float, room: float, detail: Detail) -> float:
    sheet.line(x, y, x + room, y, "ink")
    start = sheet.discs(x + room, y + 14, block.screen.block.light) - 8
    title, name = sheet.held(block.title, room, TITLE), say(f"word.evidence.{block.screen.block.light}")
    left = start - width(name, 12) - x - 8
    question, wide = question_of(block.screen), width(block.title, TITLE, "serif")
    beside = wide <= (start - x if block.named else left)
    if not beside:
        sheet.text(x, y + 18, question, fill="mute", size=12, bold=True)
        wide = width(question, 12, "sans-bold")
    if wide <= left:  # the foot says what the discs mean
        sheet.text(start, y + 18, name, "end", fill="mute", size=12)
    y = sheet.heading(x, y + (21 if beside else 37), title, TITLE, 18) + 17
    if block.shown:
        y = sheet.paragraph(x, y, block.measure, room, 11.5, 14.5, "mute")
        y = sheet.put(block.shown.drawing.drawn(room, detail.plot), x, y - 8) + 14
    for sentence in block.sentences(detail.sentences):
        y = sheet.paragraph(x, y, sentence, room, 12.5, 16)
    return y - 8


def _foot(sheet: Sheet, seven: Sequence[DossierScreen], detail: Detail) -> float:
    """Draw the last screen, the key of the lights, sources and address at the bottom; return where they begin."""
    sources = dict.fromkeys(
        said(one.charts[0].source) for one in seven[: None if detail.charts else 4] if one.charts
    )
    a, b = sheet.dossier.a.code, sheet.dossier.b.code
    more = say("briefing.more", a=a, b=b, command=sheet.dossier.provenance.command)
    assumed = [said(one.block.aside) for one in seven[:1] if one.block.aside]
    named = [one for one in sources if not any(other != one and other.startswith(one) for other in sources)]
    words = " ".join((*assumed, *named, more))
    probe = Sheet(WIDTH, dossier=sheet.dossier, height=HEIGHT)
    top = HEIGHT - 22 - probe.paragraph(LEFT, 0, words, ROOM, 10.5, 13) - 24
    sheet.line(LEFT, top, LEFT + ROOM, top, "rule")
    sheet.text(LEFT, top + 18, said(seven[-1].block.heading), size=12, bold=True)
    x = LEFT + ROOM
    for light in (Light.JUDGED, Light.MODELLED, Light.MEASURED):
        name = say(f"word.evidence.{light}")
        x = sheet.text(x, top + 18, name, "end", fill="mute", size=11).left - 6
        x = sheet.discs(x, top + 14, light) - 12
    sheet.paragraph(LEFT, top + 35, words, ROOM, 10.5, 13, "mute")
    return top
