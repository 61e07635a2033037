"""Pictures of what matters: bars of the largest effects, and bars of Sobol indices, as plain Vega-Lite."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from suasion.errors import InputError
from suasion.pictures import LIVE, draw
from suasion.sources import icio2022_sectors

if TYPE_CHECKING:
    from suasion.coercion.drivers.spread import Drivers
    from suasion.coercion.sensitivity.gradient import Sensitivity

Spec = dict[str, Any]
BLUE, ORANGE, INK, MUTED, GRID = "#12436D", "#F46A25", "#1b1b1b", "#3D3D3D", "#e4e5e7"
ENDINGS = (*LIVE, ".json")
_LONGEST = 46
_CONFIG: Spec = {
    "font": "Arial, 'Liberation Sans', Helvetica, sans-serif",
    "background": "#ffffff",
    "view": {"stroke": None},
    "axis": {"labelColor": MUTED, "titleColor": MUTED, "gridColor": GRID, "labelFontSize": 12, "titleFontSize": 12,
             "titleFontWeight": "normal", "labelLimit": 420},
    "title": {"anchor": "start", "color": INK, "subtitleColor": MUTED, "fontSize": 15, "subtitleFontSize": 12},
    "text": {"color": INK, "fontSize": 11},
}  # fmt: skip


def ranking_chart(found: Sensitivity, top: int = 20) -> Spec:
    """Bars of the largest effects.

    Parameters
    ----------
    found : sensitivity
    top : how many bars

    Returns
    -------
    dict
        Vega-Lite specification. Bars to the left lower the outcome, bars to the right raise it; labels say the same.

    Raises
    ------
    InputError
        There is no effect to draw.
    """
    table = found.table(top)
    if table.empty:
        raise InputError(f"The {found.outcome.title} depends on no {found.wrt}: there is nothing to draw.")
    rows = [
        {"row": _place(row), "effect": row["effect"], "label": f"{row['effect']:+.3g}"}
        for row in table.to_dict("records")
    ]
    y = _names([str(row["row"]) for row in rows])
    x: Spec = {"field": "effect", "type": "quantitative", "title": f"Effect, {found.effect.attrs['unit']}"}
    colour = {"condition": {"test": "datum.effect < 0", "value": ORANGE}, "value": BLUE}
    far = max(abs(float(row["effect"])) for row in rows)
    label = {"type": "text", "align": {"expr": "datum.effect < 0 ? 'right' : 'left'"},
             "dx": {"expr": "datum.effect < 0 ? -4 : 4"}}  # fmt: skip
    layers = [
        {
            "mark": {"type": "bar"},
            "encoding": {"y": y, "x": x, "color": colour, "tooltip": _tips("row", "label")},
        },
        {"mark": label, "encoding": {"y": y, "x": x, "text": {"field": "label", "type": "nominal"}}},
    ]
    x["scale"] = {"domain": _room([float(row["effect"]) for row in rows], far)}
    title = f"What the {found.outcome.title} depends on most"
    return {
        "title": {
            "text": title,
            "subtitle": f"{found.horizon}, {found.given}; left lowers it, right raises it",
        },
        "data": {"values": rows},
        "layer": layers,
        "width": 420,
        "height": 22 * len(rows),
        "config": _CONFIG,
    }


def driver_chart(found: Drivers) -> Spec:
    """Bars of total indices with their intervals, and a tick at the first-order index, for each outcome.

    Parameters
    ----------
    found : indices

    Returns
    -------
    dict
        Vega-Lite specification.
    """
    rows = found.table.astype(object).where(found.table.notna(), None).to_dict("records")
    y = {**_names(list(found.groups)), "field": "group"}
    share = {
        "type": "quantitative",
        "title": "Share of the variance",
        "axis": {"format": ".0%", "tickCount": 5},
    }
    total = {"field": "total", **share}
    layers: list[Spec] = [
        {"mark": {"type": "bar", "color": BLUE, "opacity": 0.85}, "encoding": {"y": y, "x": total}},
        {"mark": {"type": "rule", "color": INK},
         "encoding": {"y": y, "x": {"field": "total_low", **share}, "x2": {"field": "total_high"}}},
        {"mark": {"type": "tick", "color": ORANGE, "thickness": 3, "size": 16},
         "encoding": {"y": y, "x": {"field": "first", **share}}},
    ]  # fmt: skip
    facet = {
        "field": "outcome",
        "type": "nominal",
        "title": None,
        "sort": list(dict.fromkeys(found.table.outcome)),
    }
    subtitle = [
        f"{found.question}; {found.horizon}, {found.given}",
        "Bar: total index with its 90 % interval; tick: first-order index",
    ]
    return {
        "title": {"text": "Which elasticities drive the answer", "subtitle": subtitle},
        "data": {"values": rows},
        "facet": facet,
        "columns": 3,
        "spec": {"layer": layers, "width": 260, "height": {"step": 24}},
        "config": _CONFIG,
    }


def picture(spec: Spec, ending: str) -> bytes:
    """Draw a specification.

    Parameters
    ----------
    spec : Vega-Lite
    ending : ``".svg"``, ``".png"``, ``".html"`` (one file, nothing is loaded from elsewhere) or ``".json"`` (the
        specification itself)

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        For another ending.
    """
    check_ending(Path(f"chart{ending}"))
    if ending == ".json":
        return json.dumps(spec, ensure_ascii=False, indent=1).encode()
    return draw(spec, ending, ENDINGS)


def check_ending(path: Path) -> None:
    """Raise unless a chart can be written under this name.

    Raises
    ------
    InputError
        For an ending that is not known.
    """
    if path.suffix not in ENDINGS:
        raise InputError(
            f"A chart cannot be written as {path.suffix or 'a file without ending'}; use {', '.join(ENDINGS)}."
        )


def _names(order: list[str]) -> Spec:
    axis = {"ticks": False, "domain": False}
    return {"field": "row", "type": "nominal", "sort": order, "title": None, "axis": axis}


def _tips(*fields: str) -> list[Spec]:
    return [{"field": name, "type": "nominal"} for name in fields]


def _room(effects: list[float], far: float) -> list[float]:
    """Axis with room for labels on the sides that are used."""
    low, high = min(effects), max(effects)
    return [low - 0.25 * far if low < 0 else 0.0, high + 0.25 * far if high > 0 else 0.0]


def _place(row: dict[Any, Any]) -> str:
    """Name a flow, cell or country."""
    where = str(row.get("country", ""))
    if "exporter" in row:
        where = f"{row['importer']} buys from {row['exporter']}"
    if "sector" not in row or pd.isna(row["sector"]):
        return where
    code = str(row["sector"])
    name = f"{code} {icio2022_sectors().get(code, '').removeprefix('Manufacture of ')}".strip()
    short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"
    return f"{where}: {short}"
