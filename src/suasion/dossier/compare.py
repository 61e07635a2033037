"""Two dossiers side by side: other years, worlds, editions or assumptions, from their published contexts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Column, Picture, Unit
from suasion.dossier.context import SCHEMA
from suasion.dossier.words import plain_name
from suasion.errors import InputError

Plain = Mapping[str, Any]
TITLES: dict[Unit, str] = {
    "share": "Shares",
    "percent": "Losses from a break",
    "musd": "Losses from a break, in money",
}


def read_context(path: str | Path) -> dict[str, Any]:
    """Read the JSON file of a dossier.

    Raises
    ------
    InputError
        If it is no such file, or of a version that this one does not know.
    """
    try:
        plain = json.loads(Path(path).read_text(encoding="utf-8"))
        version = plain["schema"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} is not the JSON file of a dossier ({error}); `suasion dyad A B --json F` writes one."
        ) from error
    if version != SCHEMA:
        raise InputError(f"{path} has version {version} of the context; this Suasion reads version {SCHEMA}.")
    made: dict[str, Any] = plain
    return made


def compare(first: Plain, second: Plain, names: tuple[str, str] = ("first", "second")) -> Chapter:
    """Put the numbers of two dossiers beside each other.

    Parameters
    ----------
    first, second : mapping
        Contexts, as ``Dossier.to_dict`` gives them, of one pair of states.
    names : pair of str
        What to call them.

    Returns
    -------
    Chapter
        One table per unit: what, first, second, change (second less first).

    Raises
    ------
    InputError
        If they are about different pairs.
    """
    pairs = [(plain["a"]["code"], plain["b"]["code"]) for plain in (first, second)]
    if set(pairs[0]) != set(pairs[1]):
        raise InputError(
            f"One dossier is about {'-'.join(pairs[0])}, the other about {'-'.join(pairs[1])}: name two of one pair."
        )
    if names[0] == names[1]:
        names = (f"{names[0]} (1)", f"{names[1]} (2)")
    tables = [
        _table(unit, title, [dict(_numbers(plain, unit)) for plain in (first, second)], names)
        for unit, title in TITLES.items()
    ]
    shown = tuple(table for table in tables if table is not None)
    title = (
        f"{plain_name(first['a']['name'])} and {plain_name(first['b']['name'])}: {names[0]} and {names[1]}"
    )
    return Chapter(
        "compare", title, tables=shown, reason="" if shown else "The two have no number in common."
    )


def _numbers(plain: Plain, unit: str) -> Iterator[tuple[str, float | None]]:
    """What is measured, and its number, in the order of the page."""
    called = plain["names"]

    def name(code: str) -> str:
        return plain_name(called.get(code, code))

    if unit == "share":
        for row in plain["shares"]["rows"]:
            yield f"{name(row['partner'])} in {name(row['country'])}: {row['measure']}", row["share_percent"]
        return
    field = "loss_percent" if unit == "percent" else "loss_usd"
    for row in plain["exit_costs"]["rows"]:
        yield (
            f"{name(row['country'])}, {row['cut']}, {row['horizon']} run, outlet {row['alternative']}",
            row[field],
        )


def _table(
    unit: Unit, title: str, found: list[dict[str, float | None]], names: tuple[str, str]
) -> ChapterTable | None:
    both = [what for what in found[0] if what in found[1]]
    rows: list[tuple[Cell, ...]] = []
    for what in both:
        x, y = found[0][what], found[1][what]
        for name, value in zip(names, (x, y), strict=True):
            change = "" if name == names[0] else None if x is None or y is None else y - x
            rows.append((what, name, value, change))
    if not rows:
        return None
    moved: Unit = "musd_change" if unit == "musd" else "change"
    return ChapterTable(
        key=f"compare-{unit}",
        title=title,
        subtitle=f"{names[0]} and {names[1]}; the change is the second less the first, in points or in money",
        columns=(
            Column("what", "What"),
            Column("edition", "Edition"),
            Column("value", "Million USD" if unit == "musd" else "Per cent", unit),
            Column("change", "Change", moved),
        ),
        rows=tuple(rows),
        source="the two dossiers",
        notes=(_only(found, names),) if _only(found, names) else (),
        picture=Picture("ranges", "value", "what", series="edition"),
        most=40,
    )  # fmt: skip


def _only(found: list[dict[str, float | None]], names: tuple[str, str]) -> str:
    left = [sum(what not in other for what in own) for own, other in (found, found[::-1])]
    parts = [f"{count} only in {name}" for count, name in zip(left, names, strict=True) if count]
    return f"Not compared: {' and '.join(parts)}." if parts else ""
