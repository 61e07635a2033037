"""Drawings of the pages: rows of an answer's table, with names and numbers as printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from suasion.answers import front
from suasion.answers.catalogue import say
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.numbers import Unit
from suasion.answers.picture.inline.canvas import WIDE, Side
from suasion.answers.picture.inline.heat import MOST, heat
from suasion.answers.picture.inline.lollipop import RankedRow, lollipop
from suasion.answers.picture.inline.multiples import YearsPanel, multiples
from suasion.answers.picture.inline.world_map import world_map
from suasion.pages import printed
from suasion.questions.ties.since import ONE_TABLE
from suasion.schema.variables import BAND, unit_of

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
    """Return ranked numbers with their ranges, each name a link where the layout has one.

    ``name`` are columns that name a row, ``scale`` and ``unit`` those of the axis where it is not per cent, ``mark`` a
    column: rows where it says yes have the one side's colour, others the other's.
    """
    name, ends, scale = spec["of"], tuple(spec["ends"] or BAND), float(spec["scale"] or 1.0)
    unit = _unit(name)
    told = unit.startswith(("musd", "score"))
    items = []
    for row in rows:
        sizes = {end: number_of(row, f"{name}{end}", scale) for end in ("", *ends)}
        cells = {f"{name}{end}": size for end, size in sizes.items()}
        side: Side = spec["side"] if not spec["mark"] else "a" if row[spec["mark"]] == "yes" else "b"
        items.append(
            RankedRow(
                _named(row, spec["name"]),
                sizes[""] or 0.0,
                DEFAULT_LANGUAGE.cell(row[name], unit, name) if told else _loss(sizes[""] or 0.0, name),
                sizes[ends[0]],
                sizes[ends[1]],
                printed.span(cells, name, ends),
                side,
                hollow=row.get("estimate", "none") != "none",
                link=spec["to"].format_map({**values, **row}),
            )
        )
    told_of = _told(say(spec["alt"], **values), items)
    axis = say(spec["unit"]) if spec["unit"] else "" if unit == "score" else "%"
    return lollipop(items, told_of, wide=spec["wide"] or WIDE, unit=axis).html


def number_of(row: Mapping[str, Any], name: str, scale: float) -> float | None:
    """Return a number of a row in the unit of an axis; None where it has none."""
    value = printed.number_in(row, name)
    return None if value is None else scale * value


def _unit(name: str) -> Unit:
    return cast(Unit, unit_of(name))


def _named(row: Mapping[str, Any], names: str) -> str:
    """What a row is called: states by their names, all else as in a table."""
    units = {name: _unit(name) for name in names.split() if row[name] not in (None, "")}
    return ", ".join(
        printed.plain(row[name]) if unit == "country" else DEFAULT_LANGUAGE.cell(row[name], unit, name)
        for name, unit in units.items()
    )


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
    """Return a number of each partner over years with its range, one panel a partner."""
    name, panels = spec["of"], []
    scale = 100.0 if name.endswith("share") else 1.0
    for code in dict.fromkeys(row["partner"] for row in rows):
        own = [row for row in rows if row["partner"] == code]
        points, low, high = (
            tuple((float(row["year"]), scale * row[end]) for row in own if row.get(end) is not None)
            for end in (name, f"{name}_low", f"{name}_high")
        )
        line = [float(row["year"]) for row in own if row.get("series_form", _source(row)) == "line"]
        dotted = max(line) if len(line) < len(own) else None
        panels.append(
            YearsPanel(
                printed.plain(code),
                points,
                printed.loss(points[-1][1]),
                dotted,
                spec["side"] or "b",
                (*low, *high[::-1]),
            )
        )
    told = "; ".join(f"{one.name} {one.end}" for one in panels)
    return multiples(panels, say(spec["alt"], rows=told)).html


def _source(row: Mapping[str, Any]) -> str:
    """Whether a year of losses is of the source that reaches back."""
    return "line" if row["year"] <= ONE_TABLE else "other"


FORMS: Mapping[str, Callable[[Rows, Spec, Mapping[str, Any]], str]] = {
    "bars": ranked,
    "map": loss_map,
    "matrix": matrix,
    "years": history,
}
"""How a part is drawn, by the form that the layout names."""
