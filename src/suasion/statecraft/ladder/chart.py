"""Pictures of a ladder: the rungs year by year, and exercises and operations on a map.

A step that prepares rows and a step that draws them; specifications are plain data (Vega-Lite), so that a page can
take them as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from suasion.errors import InputError
from suasion.pictures import check_ending, draw
from suasion.sources.countries import country_name
from suasion.sources.outline import outline
from suasion.statecraft.ladder.evidence import RUNGS
from suasion.statecraft.ladder.labels import GAP, LINE, PIXELS_HIGH, PIXELS_WIDE, SIDES, labelled, window_of
from suasion.statecraft.ladder.rungs import TITLES, Ladder

Spec = dict[str, Any]
BLUE, ORANGE, PLUM, INK, MUTED, RULE, LAND, PAPER = (
    "#12436D",
    "#F46A25",
    "#801650",
    "#1b1b1b",
    "#3D3D3D",
    "#8a8f96",
    "#d4d7db",
    "#ffffff",
)
STATUS = {"yes": "holds", "no": "does not hold", "unknown": "unknown"}
KIND_TITLES = {
    "exercise": "exercise",
    "patrol": "joint patrol",
    "operation": "other operation",
    "combat": "combat",
}
OUTLINES = (
    "Outlines: Natural Earth as arranged by Visionscarto. A border on this map is no statement on its status."
)
SHAPES = ("circle", "diamond", "square", "cross")
"""Marks of the kinds, with their colours: the same pair for the same kind whatever else is drawn."""


def path_frame(made: Ladder) -> pd.DataFrame:
    """One row for each year and rung.

    Returns
    -------
    DataFrame
        ``year``, ``rung`` (title), ``status``, ``shown`` (in words).
    """
    return pd.DataFrame(
        {"year": y.year, "rung": TITLES[rung], "status": status, "shown": STATUS[status]}
        for y in made.years
        for rung, status in zip(RUNGS, y.statuses, strict=True)
    )


def draw_path(frame: pd.DataFrame, title: str) -> Spec:
    """Draw years across and rungs upward; shape and colour both say what holds.

    Parameters
    ----------
    frame : DataFrame
        Of :func:`path_frame`.
    title : str
        Heading.
    """
    order = [STATUS[s] for s in ("yes", "no", "unknown")]
    kind = {"field": "shown", "type": "nominal", "legend": {"orient": "top", "title": None}}
    rungs = [TITLES[r] for r in reversed(RUNGS)]
    encoding = {
        "x": {"field": "year", "type": "ordinal", "title": None, "axis": {"labelOverlap": True}},
        "y": {"field": "rung", "type": "nominal", "sort": rungs, "title": None},
        "color": {**kind, "sort": order, "scale": {"domain": order, "range": [BLUE, RULE, ORANGE]}},
        "shape": {**kind, "scale": {"domain": order, "range": ["square", "stroke", "circle"]}},
    }
    layers = [
        _marks(frame[frame["status"] == status], encoding, filled=status == "yes", size=size)
        for status, size in (("yes", 130), ("no", 60), ("unknown", 30))
    ]
    return {"title": title, "width": PIXELS_WIDE, "height": 190, "layer": layers, "config": _config()}


def _marks(rows: pd.DataFrame, encoding: Mapping[str, Any], *, filled: bool, size: int) -> Spec:
    return {
        "data": {"values": rows.to_dict("records")},
        "mark": {"type": "point", "filled": filled, "size": size, "opacity": 1},
        "encoding": dict(encoding),
    }


def map_frame(made: Ladder) -> pd.DataFrame:
    """One row for each exercise or operation.

    Returns
    -------
    DataFrame
        ``name``, ``start``, ``kind``, ``place``, ``short`` (the place where the point stands), ``longitude``,
        ``latitude``, ``source``, ``locator``, ``year``, ``shown`` (kind in words); without rows where none is listed.
    """
    plain = ("name", "start", "kind", "place", "short", "longitude", "latitude", "source", "locator")
    rows = [[getattr(e, name) for name in plain] for e in made.events]
    table = pd.DataFrame(rows, columns=list(plain))
    shown = [KIND_TITLES[kind] for kind in table["kind"]]
    years = [int(start[:4]) for start in table["start"]]
    return table.assign(year=years, shown=shown)


def draw_map(frame: pd.DataFrame, title: str, topology: Mapping[str, Any] | None = None) -> Spec:
    """Draw the events on a map: from the Atlantic to the Bering Sea where that holds them all, else of the world.

    Parameters
    ----------
    frame : DataFrame
        Of :func:`map_frame`.
    title : str
        Heading.
    topology : mapping, optional
        TopoJSON outline with the object ``countries``; the embedded one without it.

    Raises
    ------
    InputError
        If there is no event to draw.
    """
    if frame.empty:
        raise InputError("No joint exercise or operation of the pair is listed: there is nothing to map.")
    values = {"values": dict(topology or outline()), "format": OUTLINE_FORMAT}
    return {
        "title": {"text": title, "subtitle": OUTLINES, "subtitleColor": MUTED, "subtitleFontSize": 10},
        "width": PIXELS_WIDE,
        "height": PIXELS_HIGH,
        "projection": map_projection(frame),
        "layer": map_layers(frame, values),
        "config": _config(),
    }


OUTLINE_FORMAT = {"type": "topojson", "feature": "countries"}


def map_layers(frame: pd.DataFrame, land: Mapping[str, Any]) -> list[Spec]:
    """Layers of a map of events: land, points, and names beside them.

    Parameters
    ----------
    frame : DataFrame
        Of :func:`map_frame`.
    land : mapping
        Data of the outlines, as Vega-Lite takes it.

    Returns
    -------
    list of dict
    """
    shape = {
        "type": "geoshape",
        "fill": LAND,
        "stroke": PAPER,
        "strokeWidth": 0.4,
        "clip": True,
        "aria": False,
    }
    dots = {"type": "point", "filled": True, "size": 70, "opacity": 0.85, "clip": True}
    return [
        {"data": dict(land), "mark": shape},
        {"data": {"values": frame.to_dict("records")}, "mark": dots, "encoding": _places(frame)},
        *_names(frame),
    ]


def map_projection(frame: pd.DataFrame) -> Spec:
    """Plate carree of the window that shows all events, as wide as what it is drawn in.

    Parameters
    ----------
    frame : DataFrame
        Of :func:`map_frame`.

    Returns
    -------
    dict
    """
    window = window_of(frame)
    return {
        "type": "equirectangular",
        "rotate": [-window.longitude, 0, 0],
        "center": [0, window.latitude],
        "scale": {"expr": f"width * 180 / (PI * {window.wide:g})"},
        "translate": {"expr": "[width / 2, height / 2]"},
    }


def _places(frame: pd.DataFrame) -> Spec:
    """Place, and colour and shape that both say the kind."""
    marks = zip(KIND_TITLES.values(), (BLUE, ORANGE, PLUM, MUTED), SHAPES, strict=True)
    used = [mark for mark in marks if mark[0] in set(frame["shown"])]
    kinds, colours, shapes = (list(column) for column in zip(*used, strict=True))
    kind = {"field": "shown", "type": "nominal", "legend": {"orient": "bottom", "title": None}}
    return {
        **_DEGREES,
        "color": {**kind, "scale": {"domain": kinds, "range": colours}},
        "shape": {**kind, "scale": {"domain": kinds, "range": shapes}},
        "tooltip": [{"field": f, "type": "nominal"} for f in ("name", "start", "place")],
    }


_DEGREES = {name: {"field": name, "type": "quantitative"} for name in ("longitude", "latitude")}


def _names(frame: pd.DataFrame) -> list[Spec]:
    """Names beside their points, a layer for each side."""
    table = labelled(frame)
    size = {"expr": "max(8, min(10, width / 72))"}  # on a small screen the map is drawn smaller
    look = {"type": "text", "fontSize": size, "color": INK, "clip": True, "aria": False, "baseline": "middle"}
    aligned = {1: "left", 0: "center", -1: "right"}
    return [
        {
            "data": {"values": part[["longitude", "latitude", "label"]].to_dict("records")},
            "mark": {**look, "dx": east * GAP, "dy": -north * (GAP + LINE / 2), "align": aligned[east]},
            "encoding": {**_DEGREES, "text": {"field": "label", "type": "nominal"}},
        }
        for side, (east, north) in SIDES.items()
        if len(part := table[table["side"] == side])
    ]


def _config() -> Spec:
    font = "Arial, 'Liberation Sans', Helvetica, sans-serif"
    return {"font": font, "background": PAPER, "view": {"stroke": None}, "title": {"anchor": "start"}}


def ladder_picture(made: Ladder, ending: str, *, on_map: bool = False) -> bytes:
    """Picture of a ladder as a file's content.

    Parameters
    ----------
    made : Ladder
        The path of a pair.
    ending : str
        ``.svg`` or ``.png``.
    on_map : bool
        Events on a map, instead of rungs by year.

    Raises
    ------
    InputError
        For another ending, or a map without an event.
    """
    check_ending(ending)
    pair = f"{country_name(made.a)} and {country_name(made.b)}"
    span = f"{made.years[0].year}-{made.years[-1].year}"
    if on_map:
        spec = draw_map(map_frame(made), f"{pair}: joint exercises and operations, {span}")
    else:
        spec = draw_path(path_frame(made), f"{pair}: rungs of the ladder to alliance, {span}")
    return draw(spec, ending)
