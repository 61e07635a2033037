"""The world map of a scenario: the specification that a browser draws, and the same as a static picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import unquote

from suasion.answers.catalogue import say
from suasion.answers.picture import theme
from suasion.dossier import charts
from suasion.dossier.charts.elsewhere import DISPUTED, draw_map, prepare_elsewhere
from suasion.dossier.charts.figure import Figure, Panel
from suasion.dossier.explore.rows import ScenarioAnswer
from suasion.dossier.page import page_pictures
from suasion.dossier.rows import ElsewhereRow
from suasion.sources import dots, outline

NOTE = DISPUTED


@cache
def _world() -> Mapping[str, Any]:
    """The outline, read once: it is never changed here."""
    return outline()


def map_spec(found: ScenarioAnswer) -> dict[str, Any]:
    """Vega-Lite specification of the map in the shown run, without outline and without the look.

    Its data sets alone change from one answer to the next.
    """
    spec = _panel(found).spec
    return {key: value for key, value in spec.items() if key not in ("config", "$schema")}


def map_svg(found: ScenarioAnswer) -> str:
    """Static picture of the map in the shown run."""
    return charts.draw_svg(_panel(found), {"world": _world()})


def map_shared() -> dict[str, Any]:
    """What all drawings of the application share: the look, and its counterpart in the dark."""
    return {"config": theme.config(), "dark": theme.DARK}


def map_alt(found: ScenarioAnswer) -> str:
    """Description of the map from its data: the three largest losses and gains."""
    rows = [
        (row.name, change) for row in found.economies for change in row.changes if change.run == found.shown
    ]
    known = [(name, change) for name, change in rows if change.percent is not None]
    losers = [f"{name} {c.text}" for name, c in known[:3] if (c.percent or 0) < 0]
    gainers = [f"{name} {c.text}" for name, c in reversed(known[-3:]) if (c.percent or 0) > 0]
    none = say("map.none")
    return say("map.alt", losers=", ".join(losers) or none, gainers=", ".join(gainers) or none)


def _panel(found: ScenarioAnswer) -> Panel:
    rows = [
        ElsewhereRow(row.code, row.name, change.percent, change.usd)
        for row in found.economies
        for change in row.changes
        if change.run == found.shown
    ]
    frame = prepare_elsewhere(sorted(rows, key=lambda row: row.country), _world(), dots())
    return Panel("map", "", draw_map(frame), len(rows), wide=True, ratio=0.5)


def pictures(figures: Sequence[Figure]) -> dict[str, dict[str, Any]]:
    """Static pictures of all panels as data addresses with their size, by the key of the panel."""
    return page_pictures([panel for figure in figures for panel in figure.panels], _world())


def svg_of(address: str) -> str:
    """Picture behind a data address of :func:`pictures`, as an SVG file."""
    return unquote(str(address).partition(",")[2])
