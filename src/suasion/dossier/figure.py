"""A figure of the dossier: panels with a drawing each, and the words, table and file that go with them."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from suasion.answers.picture.spec import Key, Spec
from suasion.answers.picture.svg import compact
from suasion.dossier.studio import drawings
from suasion.errors import ChartError


@dataclass(frozen=True, slots=True)
class FigurePanel:
    """One drawing.

    key: Identifier within the page.
    title: Heading of the panel; empty where the figure has one panel.
    spec: Vega-Lite specification with its data inline.
    least_marks: Number of marks that it draws at least.
    wide: Whether it takes the whole width.
    broad: Whether it needs more width than a phone has: there it is scrolled sideways, the page is not.
    ratio: Height over width of a map, which is drawn on the outline of the world that the page has once; 0
      for all else.
    """

    key: str
    title: str
    spec: Spec
    least_marks: int
    wide: bool = False
    broad: bool = False
    ratio: float = 0.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with everything that stands around it.

    key: Identifier within the page.
    title, subtitle, alt, source: Finding; measure, unit, place, period; description of the picture; source
      line.
    panels: The drawings.
    frame: The rows drawn, with readable column names: the table, and the file to download.
    legend: What colours and shapes mean.
    notes: Cautions, as sentences.
    brief: Address of the full figure of which this one is a short form without a table; empty for a full one.
    """

    key: str
    title: str
    subtitle: str
    alt: str
    source: str
    panels: tuple[FigurePanel, ...]
    frame: pd.DataFrame
    legend: tuple[Key, ...] = ()
    notes: tuple[str, ...] = ()
    brief: str = ""

    def csv(self) -> str:
        """Return the rows as CSV, missing cells empty, preceded by nothing."""
        return self.frame.to_csv(index=False, lineterminator="\n")


def draw_svgs(panels: Sequence[FigurePanel], shared: Mapping[str, Any] | None = None) -> list[str]:
    """Draw panels as SVG that follow the reader's light or dark setting.

    panels: Specifications, each with the number of marks expected.
    shared: Data sets kept once per page (the outline of the world); a panel gets those that it names.
    Raises ChartError if one draws fewer marks than it must.
    """
    pictures = drawings().all([_text(panel, shared or {}) for panel in panels])
    for panel, svg in zip(panels, pictures, strict=True):
        marks = count_marks(svg)
        if marks < panel.least_marks:
            raise ChartError(f"chart {panel.key!r} drew {marks} marks, expected at least {panel.least_marks}")
    return [compact(svg) for svg in pictures]


def draw_ahead(panels: Sequence[FigurePanel], shared: Mapping[str, Any] | None = None) -> None:
    """Start to draw panels, and return at once.

    panels, shared: As for :func:`draw_svgs`.
    """
    drawings().ahead([_text(panel, shared or {}) for panel in panels])


def _text(panel: FigurePanel, shared: Mapping[str, Any]) -> str:
    """Specification as JSON, with the shared data sets that it names."""
    text = json.dumps(panel.spec)
    used = {name: data for name, data in shared.items() if f'"name": "{name}"' in text}
    spec = {**panel.spec, "datasets": {**panel.spec.get("datasets", {}), **used}}
    return json.dumps(spec) if used else text


def count_marks(svg: str) -> int:
    """Count drawn data marks (not axes or titles) of an SVG made by Vega."""
    root = ET.fromstring(svg)
    groups = [
        g for g in root.iter() if "role-mark" in g.get("class", "") and "mark-group" not in g.get("class", "")
    ]
    return sum(1 for group in groups for leaf in group.iter() if leaf is not group and _drawn(leaf))


def _drawn(leaf: ET.Element) -> bool:
    return bool(leaf.get("d") or leaf.tag.endswith("line") or (leaf.text or "").strip())
