"""The fan chart of an outlook: named scenarios as lines with bands, what lies beyond the data marked."""

from __future__ import annotations

from typing import Any

from suasion.errors import InputError
from suasion.outlook.projection.result import Outlook
from suasion.pictures import LIVE, check_ending, draw
from suasion.sources.countries import country_name

Spec = dict[str, Any]
#: The colours, dashes and fonts of the library's other charts; colour never stands alone.
COLOURS = ("#12436D", "#F46A25", "#801650", "#3D3D3D")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
INK, MUTED, RULE = "#1b1b1b", "#3D3D3D", "#8a8f96"
CARRIED = "carried over"
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"


def fan_spec(made: Outlook, quantity: str = "turnover_share") -> Spec:
    """Return the fan of a share as a Vega-Lite specification with its data inline, a panel for each side.

    Parameters
    ----------
    made : Outlook
    quantity : ``turnover_share``, ``export_share`` or ``import_share``

    Raises
    ------
    InputError
        If there are more scenarios than lines can be told apart.
    """
    if len(made.scenarios) > len(COLOURS):
        raise InputError(f"A chart can tell {len(COLOURS)} scenarios apart; got {len(made.scenarios)}.")
    pair = f"{country_name(made.a)} and {country_name(made.b)}"
    panels = [_panel(made, quantity, of) for of in (made.a, made.b)]
    drawn = f"; bands hold 90 % of {made.draws} draws" if made.draws else ""
    extra = [y for y in made.years if any(g.extrapolated(y) for g in made.growth.values())]
    carried = (
        [f"Hollow: growth rates of some economies in {_span(extra)} are {CARRIED} from other years."]
        if extra
        else []
    )
    return {
        "title": {
            "text": f"{pair}: share of each in the other's trade to {made.years[-1]}",
            "subtitle": [
                f"Per cent of exports and imports; {made.base_year} is data, later years projected{drawn}.",
                *carried,
                f"Source: {made.source}; Suasion. Names imply no view on any status.",
            ],
            "anchor": "start",
            "color": INK,
            "subtitleColor": MUTED,
            "fontSize": 16,
            "subtitleFontSize": 12,
        },
        "hconcat": panels,
        "config": {
            "font": FONT,
            "background": "#ffffff",
            "view": {"stroke": None},
            "axis": {"labelColor": MUTED, "titleColor": MUTED},
        },
    }


def _span(years: list[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"


def _panel(made: Outlook, quantity: str, of: str) -> Spec:
    partner = made.b if of == made.a else made.a
    rows = _rows(made, quantity, of)
    names = [path.name for path in made.scenarios]
    x: Spec = {"field": "year", "type": "quantitative", "title": None, "axis": {"format": "d", "grid": False}}
    x["scale"] = {"domain": [made.base_year, made.years[-1]], "nice": False, "zero": False}
    y: Spec = {"field": "share", "type": "quantitative", "title": "Per cent"}
    colour: Spec = {"field": "scenario", "type": "nominal", "title": None}
    colour["scale"] = {"domain": names, "range": list(COLOURS[: len(names)])}
    colour["legend"] = {"orient": "bottom", "labelLimit": 260, "symbolOpacity": 1}
    dash = {**colour, "scale": {"domain": names, "range": list(DASHES[: len(names)])}}
    low, high = {**y, "field": "low"}, {"field": "high"}
    tips = [{"field": n, "type": "nominal", "title": t} for n, t in _TIPS.items()]
    layers: list[Spec] = [
        {
            "mark": {"type": "line", "strokeWidth": 2.2},
            "encoding": {"x": x, "y": y, "color": colour, "strokeDash": dash},
        },
        {
            "mark": {"type": "point", "size": 26, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": colour, "fill": _filled(colour), "tooltip": tips},
        },
        *_edge(made.base_year),
    ]
    if made.draws:
        area = {"x": x, "y": low, "y2": high, "color": colour}
        layers.insert(0, {"mark": {"type": "area", "opacity": 0.16, "aria": False}, "encoding": area})
    return {
        "title": {
            "text": f"{country_name(partner)} in the trade of {country_name(of)}",
            "fontSize": 13,
            "anchor": "start",
        },
        "data": {"values": rows},
        "layer": layers,
        "width": 340,
        "height": 230,
    }


def _filled(colour: Spec) -> Spec:
    """Points are hollow where growth rates are carried over from other years."""
    test = f"indexof(datum.status, '{CARRIED}') >= 0"
    return {**colour, "legend": None, "condition": {"test": test, "value": "#ffffff"}}


def _edge(base: int) -> list[Spec]:
    """Where the data end: a line after the base year, and what lies to its right."""
    x: Spec = {"datum": base + 0.5, "type": "quantitative"}
    text: Spec = {
        "type": "text",
        "text": "projected",
        "align": "left",
        "dx": 5,
        "color": MUTED,
        "fontSize": 11,
    }
    once: Spec = {"values": [{}]}
    return [
        {"data": once, "mark": {"type": "rule", "strokeDash": [3, 3], "color": RULE}, "encoding": {"x": x}},
        {"data": once, "mark": text, "encoding": {"x": x, "y": {"value": 8}}},
    ]


_TIPS = {"scenario": "scenario", "year": "year", "label": "share", "status": "status"}


def _rows(made: Outlook, quantity: str, of: str) -> list[Spec]:
    rows: list[Spec] = []
    for r in made.fan(quantity, of).to_dict("records"):
        status = "data" if not r["projected"] else "projected"
        status += f", growth partly {CARRIED}" if r["extrapolated"] else ""
        share = round(100 * r["central"], 4)
        row: Spec = {
            "scenario": r["scenario"],
            "year": r["year"],
            "share": share,
            "label": f"{share:.1f} %",
            "status": status,
        }
        if made.draws:
            row["low"], row["high"] = round(100 * r["p5"], 4), round(100 * r["p95"], 4)
        rows.append(row)
    return rows


def fan_picture(made: Outlook, ending: str, quantity: str = "turnover_share") -> bytes:
    """Draw the fan.

    Parameters
    ----------
    made : Outlook
    ending : ``.svg``, ``.png``, or ``.html``
    quantity : as for :func:`fan_spec`

    Returns
    -------
    bytes
        Content of the file.
    """
    check_ending(ending, LIVE)
    return draw(fan_spec(made, quantity), ending, LIVE)
