"""Drawings of the pages: rows of an answer's table, with names and numbers as printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from suasion.answers import front
from suasion.answers.catalogue import say
from suasion.answers.picture.inline.heat import MOST, heat
from suasion.answers.picture.inline.lollipop import RankedRow, lollipop
from suasion.answers.picture.inline.multiples import YearsPanel, multiples
from suasion.answers.picture.inline.world_map import world_map
from suasion.pages import printed

HALF = 530
"""Pixels of a drawing, one of two side by side."""
NAMED = 3
"""Rows that the description of a drawing names."""
Rows = Sequence[Mapping[str, Any]]
Spec = Mapping[str, Any]


def loss_map(rows: Rows, spec: Spec, values: Mapping[str, Any]) -> str:
    """Return the map of what each would lose without a holder, whose economies are the value ``inside``."""
    name = spec["of"]
    losses = {row["country"]: float(row[name]) for row in rows if row[name] is not None}
    guessed = {row["country"] for row in rows if row.get("estimate", "none") != "none"}
    said = {
        code: f"{printed.plain(code)}: {_loss(value, name)}{_estimated(code in guessed)}"
        for code, value in losses.items()
    }
    most = sorted(losses, key=lambda code: -losses[code])[:NAMED]
    label = say(
        "site.map_alt", holder=printed.plain(rows[0]["holder"]), rows="; ".join(said[code] for code in most)
    )
    return world_map(losses, values["inside"], label, said)


def _estimated(guessed: bool) -> str:
    """What goes with the loss of an economy that is estimated."""
    return f" ({say('site.estimated')})" if guessed else ""


def ranked(rows: Rows, spec: Spec, values: Mapping[str, Any]) -> str:
    """Return ranked losses with their ranges, each name a link."""
    name = spec["of"]
    items = [
        RankedRow(
            printed.plain(row[spec["name"]]),
            float(row[name]),
            _loss(row[name], name),
            printed.number_in(row, f"{name}_low"),
            printed.number_in(row, f"{name}_high"),
            printed.span(row, name),
            spec["side"],
            link=spec["to"].format_map({**values, **row}),
        )
        for row in rows
    ]
    return lollipop(items, _told(say(spec["alt"], **values), items), wide=spec["wide"]).html


def counts(rows: Sequence[tuple[str, int]], label: str) -> str:
    """Return how many economies would lose much without each holder."""
    items = [
        RankedRow(printed.plain(code), float(count), str(count), side="b", link=f"/leverage?holder={code}")
        for code, count in rows
    ]
    return lollipop(items, _told(label, items), wide=HALF, unit="").html


def _told(label: str, items: Sequence[RankedRow]) -> str:
    return f"{label} {'; '.join(f'{one.name} {one.text}' for one in items[:NAMED])}"


def _loss(value: float, name: str) -> str:
    return printed.loss(value, first=name.startswith("short"))


def matrix(rows: Rows, spec: Spec, values: Mapping[str, Any]) -> str:
    """Return what each row would lose without each column."""
    name = spec["of"]
    sides = list(dict.fromkeys(row["country"] for row in rows))[:MOST]
    cells = {(row["country"], row["partner"]): row[name] for row in rows}
    names = [printed.plain(code) for code in sides]
    first = name.startswith("short")
    return heat(
        names,
        lambda row, column: cells.get((sides[row], sides[column])),
        say("site.matrix_alt", rows=", ".join(names)),
        lambda value: f">{front.BEYOND:.0f}" if first and value > front.BEYOND else printed.digits(value),
    ).html


def history(rows: Rows, spec: Spec, values: Mapping[str, Any]) -> str:
    """Return shares of partners over years, one panel a partner."""
    panels = []
    for code in dict.fromkeys(row["partner"] for row in rows):
        own = [row for row in rows if row["partner"] == code]
        points = tuple((float(row["year"]), 100.0 * row["goods_share"]) for row in own)
        line = [float(row["year"]) for row in own if row["series_form"] == "line"]
        dotted = max(line) if len(line) < len(own) else None
        panels.append(YearsPanel(printed.plain(code), points, printed.loss(points[-1][1]), dotted))
    told = "; ".join(f"{one.name} {one.end}" for one in panels)
    return multiples(panels, say("site.history_alt", rows=told)).html


FORMS: Mapping[str, Callable[[Rows, Spec, Mapping[str, Any]], str]] = {
    "bars": ranked,
    "map": loss_map,
    "matrix": matrix,
    "years": history,
}
"""How a part is drawn, by the form that the layout names."""
