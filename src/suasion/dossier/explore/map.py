"""The world map of a table of losses: the specification that a browser draws, and the same as a static picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import unquote

from suasion.answers.catalogue import say
from suasion.answers.picture import theme
from suasion.answers.table import Table
from suasion.dossier import charts
from suasion.dossier.charts.elsewhere import DISPUTED, draw_map, prepare_elsewhere
from suasion.dossier.charts.figure import Figure, Panel
from suasion.dossier.page import page_pictures
from suasion.dossier.rows import ElsewhereRow
from suasion.sources import dots, outline

NOTE = DISPUTED


@cache
def _world() -> Mapping[str, Any]:
    """The outline, read once: it is never changed here."""
    return outline()


def map_spec(losses: Table, horizon: str) -> dict[str, Any]:
    """Vega-Lite specification of the map at a horizon, without outline and without the look.

    Its data sets alone change from one answer to the next.
    """
    spec = _panel(losses, horizon).spec
    return {key: value for key, value in spec.items() if key not in ("config", "$schema")}


def map_svg(losses: Table, horizon: str) -> str:
    """Static picture of the map at a horizon."""
    return charts.draw_svg(_panel(losses, horizon), {"world": _world()})


def map_shared() -> dict[str, Any]:
    """What all drawings of the application share: the look, and its counterpart in the dark."""
    return {"config": theme.config(), "dark": theme.DARK}


def map_alt(losers: Sequence[str], gainers: Sequence[str]) -> str:
    """Description of the map from its data: the largest losses and gains, as printed."""
    none = say("map.none")
    return say("map.alt", losers=", ".join(losers) or none, gainers=", ".join(gainers) or none)


def _panel(losses: Table, horizon: str) -> Panel:
    names = ("horizon", "country", "loss_percent", "loss_musd")
    cells = zip(*(losses.cells(name) for name in names), losses.words("country"), strict=True)
    rows: list[ElsewhereRow] = []
    for at, code, percent, musd, name in cells:
        if at == horizon:
            change, usd = (0.0 - cell if isinstance(cell, float) else None for cell in (percent, musd))
            rows.append(ElsewhereRow(str(code), name, change, usd))
    frame = prepare_elsewhere(sorted(rows, key=lambda row: row.country), _world(), dots())
    return Panel("map", "", draw_map(frame), len(rows), wide=True, ratio=0.5)


def pictures(figures: Sequence[Figure]) -> dict[str, dict[str, Any]]:
    """Static pictures of all panels as data addresses with their size, by the key of the panel."""
    return page_pictures([panel for figure in figures for panel in figure.panels], _world())


def svg_of(address: str) -> str:
    """Picture behind a data address of :func:`pictures`, as an SVG file."""
    return unquote(str(address).partition(",")[2])
