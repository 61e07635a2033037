"""Embedded world outlines for maps, and dots for economies too small to be drawn.

Outlines: Natural Earth 1:110 million as modified by visionscarto (Crimea in Ukraine), trimmed. Boundaries
imply no view on any territory.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.errors import SourceFileError
from suasion.sources.embedded import load_csv, load_file

Ring = npt.NDArray[np.float64]


@cache
def outline() -> dict[str, Any]:
    """World outlines as TopoJSON.

    Returns
    -------
    dict
        Topology with the object ``countries``; each shape's ``id`` is its ISO 3166 alpha-3 code (``XKX``
        Kosovo; ``CYN`` and ``SOL`` are shapes without a standard code), ``properties.name`` its English
        name. Antarctica is left out. The same object at each call, which nobody changes.
    """
    topology: dict[str, Any] = load_file("outline.json", json.load)
    if topology.get("type") != "Topology" or "countries" not in topology.get("objects", {}):
        raise SourceFileError(
            "The embedded file outline.json is no topology of countries; rebuild the snapshot."
        )
    return topology


def dots() -> pd.DataFrame:
    """Places of economies that have no shape in the outlines.

    Returns
    -------
    DataFrame
        Columns: ``country`` (ISO 3166 alpha-3), ``longitude``, ``latitude`` (degrees).
    """
    return load_csv("dots.csv", text=("country",))


@cache
def rings() -> dict[str, tuple[Ring, ...]]:
    """Outlines of all shapes by their code.

    Returns: Code to closed rings of points, (N, 2) degrees of longitude and latitude.
    """
    arcs = _arcs()
    found = {}
    for shape in outline()["objects"]["countries"]["geometries"]:
        parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        found[str(shape["id"])] = tuple(_ring(ring, arcs) for part in parts for ring in part)
    return found


def country_at(longitude: float, latitude: float) -> str | None:
    """Code of the shape that holds a point, or None at sea.

    Parameters
    ----------
    longitude, latitude : float
        Degrees; east and north positive.

    Returns
    -------
    str or None
        ISO 3166 alpha-3 code of the first shape that holds the point.
    """
    arcs = _arcs()
    for shape in outline()["objects"]["countries"]["geometries"]:
        parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        inside = sum(_holds(_ring(ring, arcs), longitude, latitude) for part in parts for ring in part)
        if inside % 2 == 1:
            return str(shape["id"])
    return None


@cache
def _arcs() -> tuple[Ring, ...]:
    """Arcs in degrees: stored steps summed, scaled and moved."""
    topology = outline()
    scale, shift = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    return tuple(np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"])


def _ring(numbers: list[int], arcs: tuple[Ring, ...]) -> Ring:
    """Join arcs into a closed ring of points; a negative number is the arc walked backwards."""
    pieces = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
    return np.vstack([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _holds(ring: Ring, longitude: float, latitude: float) -> bool:
    """Whether a ring holds a point: an eastward ray crosses it an odd number of times."""
    x, y = ring[:, 0], ring[:, 1]
    straddles = (y[:-1] > latitude) != (y[1:] > latitude)
    rise = np.where(straddles, y[1:] - y[:-1], 1.0)
    crossing = x[:-1] + (latitude - y[:-1]) * (x[1:] - x[:-1]) / rise
    return bool(np.count_nonzero(straddles & (crossing > longitude)) % 2)
