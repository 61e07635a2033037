"""World outlines: a trimmed copy of the pinned topology, and dots for small economies."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd

from . import factbook, packages

Topology = dict[str, Any]


def trimmed(source: Topology, drop: frozenset[str] = frozenset({"ATA"})) -> Topology:
    """Topology with the countries only, without those in ``drop``, and the arcs they use."""
    kept = [
        shape
        for shape in source["objects"]["countries"]["geometries"]
        if shape["properties"]["a3"] not in drop
    ]
    used = sorted({arc if arc >= 0 else ~arc for shape in kept for arc in flat(shape["arcs"])})
    place = {old: new for new, old in enumerate(used)}
    shapes = [
        {
            "type": shape["type"],
            "id": shape["properties"]["a3"],
            "properties": {"name": shape["properties"]["name"]},
            "arcs": renumbered(shape["arcs"], place),
        }
        for shape in kept
    ]
    return {
        "type": "Topology",
        "bbox": source["bbox"],
        "transform": source["transform"],
        "objects": {"countries": {"type": "GeometryCollection", "geometries": shapes}},
        "arcs": [source["arcs"][old] for old in used],
    }


def flat(arcs: Any) -> list[int]:
    """All arc numbers of a nested list."""
    return [arcs] if isinstance(arcs, int) else [number for part in arcs for number in flat(part)]


def renumbered(arcs: Any, place: dict[int, int]) -> Any:
    """Nested arc numbers in the pruned numbering; a negative number is the arc walked backwards."""
    if isinstance(arcs, int):
        return place[arcs] if arcs >= 0 else ~place[~arcs]
    return [renumbered(part, place) for part in arcs]


def build(cache: Path) -> Topology:
    """Trimmed topology from the pinned package."""
    return trimmed(json.loads(packages.member(packages.OUTLINE, cache, "world/110m.json")))


def dots(entries: dict[str, factbook.Entry], from_fips: dict[str, str], countries: list[str]) -> pd.DataFrame:
    """Longitude and latitude (degrees) of countries, from the Factbook's geographic coordinates."""
    to_fips = {iso3: fips for fips, iso3 in from_fips.items()}
    rows = []
    for country in countries:
        phrase = factbook.text(entries[to_fips[country]], "Geography", "Geographic coordinates")
        found = re.match(r"(\d+) (\d+) ([NS]), (\d+) (\d+) ([EW])", phrase)
        if found is None:
            raise ValueError(f"no coordinates for {country}: {phrase!r}")
        north, east = (int(found[k]) + int(found[k + 1]) / 60.0 for k in (1, 4))
        longitude, latitude = (-east if found[6] == "W" else east), (-north if found[3] == "S" else north)
        rows.append((country, round(longitude, 2), round(latitude, 2)))
    return pd.DataFrame(rows, columns=["country", "longitude", "latitude"])
