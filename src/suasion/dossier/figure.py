"""A figure of the dossier: panels with a drawing each, and the words, table and file that go with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from suasion.answers.catalogue import say
from suasion.answers.picture import PicturePanel
from suasion.answers.picture.inline.canvas import SMALL, Drawing
from suasion.answers.picture.paper import Line, standing_alone


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with everything that stands around it.

    key: Identifier within the page.
    title, subtitle, alt, source: Finding; measure, unit, place, period; description of the picture; source
      line.
    panels: The drawings.
    frame: The rows drawn, with readable column names: the table, and the file to download.
    notes: Cautions, as sentences.
    """

    key: str
    title: str
    subtitle: str
    alt: str
    source: str
    panels: tuple[PicturePanel, ...]
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()

    def csv(self) -> str:
        """Return the rows as CSV, missing cells empty, preceded by nothing."""
        return self.frame.to_csv(index=False, lineterminator="\n")

    def drawn(self) -> Iterator[tuple[PicturePanel, Drawing]]:
        """Yield each panel with its drawing for a page; the description stands with the first."""
        for place, panel in enumerate(self.panels):
            more = say("page.alt_more", figure=self.title, panel=panel.title) if place else self.alt
            yield panel, panel.drawing(more)

    @property
    def html(self) -> str:
        """All drawings as markup, one below the other."""
        return "".join(drawing.html for _, drawing in self.drawn())

    def poster(self, run_id: str) -> str:
        """Return the figure as one picture that can travel alone: title, measure, panels, source and run in it.

        run_id: what made the numbers, as printed under it.
        """
        key = "page.source" if self.source else "page.own"
        source = say(key, source=self.source, run=run_id[:12])
        above = (Line(self.title, 18, bold=True), Line(self.subtitle))
        return standing_alone(self.panels, self.alt, above, (Line(source, SMALL),))
