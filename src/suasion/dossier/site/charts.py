"""Drawings of the pages: rows of an answer's table, with names and numbers as printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from suasion.answers import front
from suasion.answers.catalogue import say
from suasion.answers.picture.inline.canvas import Side
from suasion.answers.picture.inline.heat import MOST, heat
from suasion.answers.picture.inline.lollipop import RankedRow, lollipop
from suasion.answers.picture.inline.multiples import YearsPanel, multiples
from suasion.answers.picture.inline.world_map import world_map
from suasion.answers.table import Table
from suasion.dossier.site import printed

NARROW, HALF = 482, 530
"""Pixels of a drawing beside a map, and of one of two side by side."""
NAMED = 3
"""Rows that the description of a drawing names."""


def loss_map(table: Table, holder: Sequence[str], name: str) -> str:
    """Return the map of what each would lose without a holder.

    table: ``exposed`` of the question ``leverage``.
    holder: Codes of the holder's economies.
    name: Column of the losses.
    """
    rows: list[dict[Any, Any]] = table.frame.to_dict("records")
    values = {row["country"]: float(row[name]) for row in rows if row[name] == row[name]}
    first = name.startswith("short")
    said = {
        code: f"{printed.plain(code)}: {printed.loss(value, first=first)}" for code, value in values.items()
    }
    most = sorted(values, key=lambda code: -values[code])[:NAMED]
    who = printed.plain(str(table.frame["holder"].iloc[0])) if rows else ""
    label = say("site.map_alt", holder=who, rows="; ".join(said[code] for code in most))
    return world_map(values, holder, label, said)


def ranked(
    rows: Sequence[dict[Any, Any]], of: str, name: str, label: str, *, side: Side, wide: float, link: str
) -> str:
    """Return ranked losses with their ranges.

    rows: Of a table of losses.
    of, name: Columns of the names and the losses.
    label: What is seen, in a sentence without rows.
    side: Of the marks.
    link: Address of a name, with ``{code}`` for its code.
    """
    first = name.startswith("short")
    items = [
        RankedRow(
            printed.plain(row[of]),
            float(row[name]),
            printed.loss(row[name], first=first),
            printed.number_in(row, f"{name}_low"),
            printed.number_in(row, f"{name}_high"),
            printed.span(row, name),
            side,
            link=link.format(code=row[of]),
        )
        for row in rows
    ]
    told = "; ".join(f"{one.name} {one.text}" for one in items[:NAMED])
    return lollipop(items, f"{label} {told}", wide=wide).html


def counts(rows: Sequence[tuple[str, int]], label: str) -> str:
    """Return how many economies would lose much without each holder."""
    items = [
        RankedRow(printed.plain(code), float(count), str(count), side="b", link=f"/leverage?holder={code}")
        for code, count in rows
    ]
    told = "; ".join(f"{one.name} {one.text}" for one in items[:NAMED])
    return lollipop(items, f"{label} {told}", wide=HALF, unit="").html


def matrix(table: Table, name: str) -> str:
    """Return the matrix of the sides of a table."""
    rows: list[dict[Any, Any]] = table.frame.to_dict("records")
    sides = list(dict.fromkeys(row["country"] for row in rows))[:MOST]
    cells = {(row["country"], row["partner"]): row[name] for row in rows}
    names = [printed.plain(code) for code in sides]
    first = name.startswith("short")
    label = say("site.matrix_alt", rows=", ".join(names))
    return heat(
        names,
        lambda row, column: cells.get((sides[row], sides[column])),
        label,
        lambda value: f">{front.BEYOND:.0f}" if first and value > front.BEYOND else printed.digits(value),
    ).html


def history(table: Table) -> str:
    """Return shares of partners over years, one panel a partner."""
    frame = table.frame
    panels = []
    for code, part in frame.groupby("partner", sort=False):
        line = part[part["series_form"] == "line"]
        points = tuple(zip(part["year"].astype(float), 100.0 * part["goods_share"], strict=True))
        dotted = float(line["year"].max()) if len(line) < len(part) else None
        panels.append(YearsPanel(printed.plain(str(code)), points, printed.loss(points[-1][1]), dotted))
    told = "; ".join(f"{one.name} {one.end}" for one in panels)
    return multiples(panels, say("site.history_alt", rows=told)).html
