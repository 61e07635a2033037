"""Sheets, words and charts as one drawing without a browser: the card to pass on, and the briefing, a page of A4."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from suasion.answers.catalogue import say
from suasion.answers.finding import Finding
from suasion.answers.picture.inline.canvas import Anchor, Canvas, LinearAxis, box_of, lines_of, percent, reach
from suasion.answers.picture.inline.dumbbell import CostRow, Mark
from suasion.answers.picture.paper import png
from suasion.answers.picture.pdf import pdf
from suasion.answers.style import Theme, painted, width
from suasion.dossier.context import DossierContext
from suasion.dossier.screens import Chart, DossierScreen, parts_of, screens
from suasion.dossier.screens.answer import WIDEST, cost_rows
from suasion.dossier.screens.why import FOLDS
from suasion.dossier.screens.words import by_side, question_of, said
from suasion.questions.verdict import blocks
from suasion.questions.verdict.parts import Block, Light

COLOURS = {Light.MEASURED: "ok", Light.MODELLED: "mid", Light.JUDGED: "bad", Light.UNKNOWN: "third"}
FULL = {Light.MEASURED: 3, Light.MODELLED: 2, Light.JUDGED: 1, Light.UNKNOWN: 0}
"""Discs of a light that are full."""
MARK = (
    '<path d="M4 7 30 15" stroke="var(--ink)" stroke-width="2.4"/><path d="M17 12l5 12H12z" fill="var(--ink)"/>'
    '<circle cx="5" cy="7" r="4.6" fill="var(--a)"/><path d="M29 9l5 6-5 6-5-6z" fill="var(--b)"/>'
)


@dataclass
class Sheet(Canvas):
    """A sheet being made; its dossier says which names have a colour.

    height: in pixels.
    """

    dossier: DossierContext = field(kw_only=True)
    height: float = field(kw_only=True)

    def heading(self, x: float, y: float, lines: Sequence[str], size: float, step: float) -> float:
        """Write lines in the face of headings, names in the colours of their sides; return the last base line."""
        for place, line in enumerate(lines):
            base = y + step * place
            words = "".join(
                f'<tspan fill="var(--{side})">{escape(text)}</tspan>' if side else escape(text)
                for text, side in by_side(line.replace(HELD, " "), self.dossier)
            )
            self.parts.append(
                f'<text x="{x:.1f}" y="{base:.1f}" font-size="{size}" font-family="Suasion Serif" font-weight="600" '
                f'fill="var(--ink)">{words}</text>'
            )
            self.boxes.append(box_of(x, base, line, "start", size, "serif"))
        return y + step * (len(lines) - 1)

    def paragraph(
        self, x: float, y: float, text: str, room: float, size: float, step: float, fill: str = "ink"
    ) -> float:
        """Write a text in lines that fit and return the base line after the last one."""
        for line in lines_of(text, room, size) if text else ():
            self.text(x, y, line, fill=fill, size=size)
            y += step
        return y

    def held(self, text: str, room: float, size: float) -> list[str]:
        """Break a heading into lines that fit; the name of a state stays on one."""
        whole = "".join(
            part.replace(" ", HELD) if side else part for part, side in by_side(text, self.dossier)
        )
        return list(lines_of(whole, room, size, "serif"))

    def brand(self, x: float, y: float, size: float) -> None:
        """Set mark and name of the program, the name on a base line."""
        scale = size / 18
        self.parts.append(
            f'<g transform="translate({x:.1f} {y - 19 * scale:.1f}) scale({scale:.3f})">{MARK}</g>'
        )
        self.heading(x + 42 * scale, y, [say("briefing.brand")], size, 0)

    def discs(self, right: float, y: float, light: Light) -> float:
        """Draw the three discs of a light, ending at a place, and return where they begin."""
        for place in range(3):
            fill = f"var(--{COLOURS[light]})" if place < FULL[light] else "none"
            self.parts.append(
                f'<circle cx="{right - 33 + 14 * place:.1f}" cy="{y:.1f}" r="4.8" fill="{fill}" '
                f'stroke="var(--{COLOURS[light]})" stroke-width="1.3"/>'
            )
        return right - 39

    def drawn(self, theme: Theme, scale: float = 1.0) -> str:
        """Return the sheet as SVG in the colours of a theme; with a scale it is so many times as large."""
        size = f'width="{scale * self.width:.4f}" height="{scale * self.height:.4f}"'
        body = f'<rect width="100%" height="100%" fill="var(--paper)"/>{"".join(self.parts)}'
        return painted(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:.4f} {self.height:.4f}" {size} '
            f'font-family="Suasion Sans">{body}</svg>',
            theme,
        )


HELD = "\N{NO-BREAK SPACE}"


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


DOT = 25.4 / 96
"""Millimetres of a pixel."""
PAGE_WIDTH, PAGE_HEIGHT = 210 / DOT, 297 / DOT
LEFT, GAP = 48.0, 26.0
ROOM = PAGE_WIDTH - 2 * LEFT
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
        sheet = Sheet(PAGE_WIDTH, dossier=dossier, height=PAGE_HEIGHT)
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
    probe = Sheet(PAGE_WIDTH, dossier=sheet.dossier, height=PAGE_HEIGHT)
    held = list(lines_of(said(seven[-1].block.heading), _key(probe, 0) - LEFT, 12, "sans-bold"))
    under = 17 + 15 * len(held)
    top = PAGE_HEIGHT - 22 - probe.paragraph(LEFT, 0, words, ROOM, 10.5, 13) - under + 8
    sheet.line(LEFT, top, LEFT + ROOM, top, "rule")
    for place, line in enumerate(held):
        sheet.text(LEFT, top + 18 + 15 * place, line, size=12, bold=True)
    _key(sheet, top + 18)
    sheet.paragraph(LEFT, top + under + 3, words, ROOM, 10.5, 13, "mute")
    return top


def _key(sheet: Sheet, y: float) -> float:
    """Draw what the lights mean at the right of a line; return where that begins."""
    x = LEFT + ROOM
    for light in (Light.JUDGED, Light.MODELLED, Light.MEASURED):
        name = say(f"word.evidence.{light}")
        x = sheet.text(x, y, name, "end", fill="mute", size=11).left - 6
        x = sheet.discs(x, y - 4, light) - 12
    return x
