"""One picture for all tables: its columns say what is drawn, its units say the axis, its bands draw themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from suasion.answers.answer import Picture, Table
from suasion.answers.language import ENGLISH, Language

SCALED = {"probability": 100.0}
"""Units whose axis is in per cent while their numbers are not."""
COLOURS = ("#2f6690", "#b8572a", "#6b6b6b")


def spec_of(table: Table, picture: Picture, language: Language = ENGLISH) -> dict[str, Any]:
    """Return the Vega-Lite specification of a table's picture, its data inline.

    Parameters
    ----------
    table : Table
    picture : Picture
        Which columns, in which form.
    language : Language
    """
    number = picture.x if picture.form == "ranges" else picture.y
    rows = [_row(table, picture, number, place, language) for place in range(len(table.rows))]
    value = {"field": "value", "type": "quantitative", "title": language.say(f"head.{number}")}
    colour = {"field": "series", "type": "nominal", "title": None, "scale": {"range": list(COLOURS)}}
    if picture.form == "ranges":
        along, across, offset = ("x", "y", {"yOffset": {"field": "series"}})
        other: dict[str, Any] = {"field": "at", "type": "nominal", "title": None, "sort": None}
        mark, band = {"type": "point", "filled": True, "size": 70}, "rule"
    else:
        along, across, offset = ("y", "x", {})
        other = {"field": "at", "type": "quantitative", "title": None, "axis": {"format": "d", "grid": False}}
        mark, band = {"type": "line"}, "area"
    place = {across: other, "color": colour, **offset}
    ends = {**place, along: {**value, "field": "low"}, f"{along}2": {"field": "high"}}
    shown = [row for row in rows if row["value"] is not None]
    layers = [{"mark": mark, "encoding": {**place, along: value}}]
    if any(row["low"] is not None for row in shown):
        layers.insert(0, {"mark": {"type": band, "opacity": 0.35}, "encoding": ends})
    return {"data": {"values": shown}, "layer": layers, "width": 560}


def _row(table: Table, picture: Picture, number: str, place: int, language: Language) -> dict[str, Any]:
    units = {column.name: column.unit for column in table.columns}
    cells = dict(zip(units, table.rows[place], strict=True))
    factor = SCALED.get(units[number], 1.0)
    ends = table.band(number) or ("", "")
    found = {"value": number, "low": ends[0], "high": ends[1]}
    made: dict[str, Any] = {name: _scaled(cells.get(column), factor) for name, column in found.items()}
    at = picture.y if picture.form == "ranges" else picture.x
    made["at"] = language.cell(cells[at], units[at], at) if picture.form == "ranges" else cells[at]
    made["series"] = (
        language.cell(cells[picture.series], units[picture.series], picture.series) if picture.series else ""
    )
    return made


def _scaled(cell: Any, factor: float) -> float | None:
    return None if cell is None else factor * float(cell)


def svg(table: Table, language: Language = ENGLISH) -> str:
    """Return the picture of a table as SVG; empty without one."""
    from suasion.pictures import draw

    return draw(spec_of(table, table.picture, language), ".svg").decode() if table.picture else ""


def write_picture(table: Table, path: Path, language: Language = ENGLISH) -> None:
    """Draw a table to a file of the form that its ending names.

    Raises
    ------
    InputError
        If the table has no picture, or the ending is not one of a picture.
    """
    from suasion.errors import InputError
    from suasion.pictures import LIVE, draw

    if table.picture is None:
        raise InputError(f"The table {table.key!r} has no picture.")
    path.write_bytes(draw(spec_of(table, table.picture, language), path.suffix, LIVE))
