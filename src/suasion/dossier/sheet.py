"""A sheet: words and charts as one drawing that becomes a file without a browser, wrapped by the widths of letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from suasion.answers.catalogue import say
from suasion.answers.picture.inline.canvas import Canvas, box_of, lines_of
from suasion.answers.style import Theme, painted
from suasion.dossier.context import DossierContext
from suasion.dossier.screens.words import by_side
from suasion.questions.verdict.block import Light

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
