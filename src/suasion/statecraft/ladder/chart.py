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
from suasion.statecraft.ladder.rungs import TITLES, Ladder

Spec = dict[str, Any]
BLUE, ORANGE, PLUM, MUTED, RULE, LAND, PAPER = (
    "#12436D",
    "#F46A25",
    "#801650",
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
DEGREES_WIDE, PIXELS_WIDE = 210.0, 760
LABEL_WIDE, LABEL_HIGH = 8.5, 2.6
"""Degrees that a year takes on the map."""


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
        ``name``, ``start``, ``kind``, ``place``, ``longitude``, ``latitude``, ``source``, ``locator``, ``year``,
        ``shown`` (kind in words); without rows where none is listed.
    """
    plain = ("name", "start", "kind", "place", "longitude", "latitude", "source", "locator")
    rows = [[getattr(e, name) for name in plain] for e in made.events]
    table = pd.DataFrame(rows, columns=list(plain))
    shown = [KIND_TITLES[kind] for kind in table["kind"]]
    years = [int(start[:4]) for start in table["start"]]
    return table.assign(year=years, shown=shown)


def draw_map(frame: pd.DataFrame, title: str, topology: Mapping[str, Any] | None = None) -> Spec:
    """Draw the events on a map from the Atlantic to the Bering Sea.

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
    land = {
        "data": {
            "values": dict(topology or outline()),
            "format": {"type": "topojson", "feature": "countries"},
        },
        "mark": {"type": "geoshape", "fill": LAND, "stroke": PAPER, "strokeWidth": 0.4, "clip": True},
    }
    dots = {
        "data": {"values": frame.to_dict("records")},
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 0.85, "clip": True},
        "encoding": _places(frame),
    }
    return {
        "title": {"text": title, "subtitle": OUTLINES, "subtitleColor": MUTED, "subtitleFontSize": 10},
        "width": PIXELS_WIDE,
        "height": 340,
        "projection": _projection(),
        "layer": [land, dots, _years(frame)],
        "config": _config(),
    }


def _places(frame: pd.DataFrame) -> Spec:
    """Place, and colour and shape that both say the kind."""
    marks = zip(
        KIND_TITLES.values(),
        (BLUE, ORANGE, PLUM, MUTED),
        ("circle", "triangle-up", "diamond", "cross"),
        strict=True,
    )
    used = [mark for mark in marks if mark[0] in set(frame["shown"])]
    kinds, colours, shapes = (list(column) for column in zip(*used, strict=True))
    kind = {"field": "shown", "type": "nominal", "legend": {"orient": "bottom", "title": None}}
    return {
        "longitude": {"field": "longitude", "type": "quantitative"},
        "latitude": {"field": "latitude", "type": "quantitative"},
        "color": {**kind, "scale": {"domain": kinds, "range": colours}},
        "shape": {**kind, "scale": {"domain": kinds, "range": shapes}},
        "tooltip": [{"field": f, "type": "nominal"} for f in ("name", "start", "place")],
    }


def _years(frame: pd.DataFrame) -> Spec:
    return {
        "data": {"values": labelled(frame).to_dict("records")},
        "mark": {"type": "text", "dx": 9, "align": "left", "fontSize": 9, "color": MUTED, "clip": True},
        "encoding": {
            "longitude": {"field": "longitude", "type": "quantitative"},
            "latitude": {"field": "latitude", "type": "quantitative"},
            "text": {"field": "year", "type": "nominal"},
        },
    }


def labelled(frame: pd.DataFrame) -> pd.DataFrame:
    """Events whose year is written beside the point: the latest first, none over another.

    Parameters
    ----------
    frame : DataFrame
        Of :func:`map_frame`.

    Returns
    -------
    DataFrame
        ``longitude``, ``latitude``, ``year``.
    """
    kept: list[tuple[float, float, int]] = []
    rows = frame.sort_values(["year", "start"], ascending=False)
    for x, y, year in zip(rows["longitude"], rows["latitude"], rows["year"], strict=True):
        east = float(x) % 360.0
        if all(abs(east - u % 360.0) > LABEL_WIDE or abs(y - v) > LABEL_HIGH for u, v, _ in kept):
            kept.append((float(x), float(y), int(year)))
    return pd.DataFrame(kept, columns=["longitude", "latitude", "year"])


def _projection() -> Spec:
    """Plate carree of 15 degrees west to 165 degrees west, so that the Bering Sea is not cut."""
    scale = PIXELS_WIDE / (DEGREES_WIDE * 3.141592653589793 / 180.0)
    return {
        "type": "equirectangular",
        "rotate": [-90, 0, 0],
        "center": [0, 33],
        "scale": scale,
        "translate": [PIXELS_WIDE / 2, 170],
    }


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
