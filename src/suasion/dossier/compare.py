"""Two dossiers side by side: other years, worlds, editions or assumptions, from their published contexts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from suasion.answers.catalogue import say
from suasion.answers.language import ENGLISH
from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Column, Picture, Unit
from suasion.dossier.context import SCHEMA
from suasion.dossier.words import listing, plain_name
from suasion.errors import InputError

Plain = Mapping[str, Any]
UNITS: tuple[Unit, ...] = ("share", "percent", "musd")
MADE = {
    "command": "command",
    "world": "world_name",
    "year": "year",
    "deficits": "deficits",
    "draws": "draws",
    "version": "package_version",
    "run": "run_id",
}
"""What is told of the making of either, and its field in the provenance."""


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
        What made them, and one table per unit: what, first, second, change (second less first).

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
        _table(unit, [dict(_numbers(plain, unit)) for plain in (first, second)], names) for unit in UNITS
    ]
    shown = tuple(table for table in tables if table is not None)
    a, b = (plain_name(first[side]["name"]) for side in ("a", "b"))
    title = say("compare.title", a=a, b=b, first=names[0], second=names[1])
    if not shown:
        return Chapter("compare", title, reason=say("compare.none"))
    return Chapter("compare", title, tables=(*shown, _made(first, second, names)))


def _made(first: Plain, second: Plain, names: tuple[str, str]) -> ChapterTable:
    """What made the two: where their numbers differ, this says why."""
    pair = [plain["provenance"] for plain in (first, second)]
    return ChapterTable(
        key="compare-made",
        title=say("compare.made"),
        subtitle=say("compare.made_subtitle"),
        columns=(Column("item", say("compare.item")), Column("first", names[0]), Column("second", names[1])),
        rows=tuple(
            (say(f"compare.{item}"), *(str(made.get(field, "")) for made in pair))
            for item, field in MADE.items()
        ),
        source=say("compare.source"),
        most=len(MADE),
    )


def _numbers(plain: Plain, unit: str) -> Iterator[tuple[str, float | None]]:
    """What is measured, and its number, in the order of the page."""
    if unit == "share":
        for row in _rows(plain, "dependence", "shares"):
            sides = {name: ENGLISH.country(row[name], "plain") for name in ("partner", "country")}
            measure = ENGLISH.template(f"word.channel.{row['channel']}")
            share = row["partner_share"]
            yield say("compare.share_row", **sides, measure=measure), None if share is None else 100.0 * share
        return
    for key in ("exit-costs", "exit-audience"):
        for row in _rows(plain, "exit_cost", key):
            sides = {name: ENGLISH.country(row[name], "plain") for name in ("partner", "country")}
            words = {"country": sides["country"], "cut": sides["partner"], "horizon": row["horizon"]}
            yield say("compare.loss_row", **words, outlet=row["outlet"]), row[f"loss_{unit}"]


def _rows(plain: Plain, question: str, key: str) -> Iterator[dict[str, Any]]:
    """Rows of a table of an answer in a context, by the names of their columns."""
    for table in plain["answers"][question]["tables"]:
        if table["key"] == key:
            names = [column["name"] for column in table["columns"]]
            yield from (dict(zip(names, row, strict=True)) for row in table["rows"])


def _table(unit: Unit, found: list[dict[str, float | None]], names: tuple[str, str]) -> ChapterTable | None:
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
    kind = "musd" if unit == "musd" else "percent"
    return ChapterTable(
        key=f"compare-{unit}",
        title=say(f"compare.{unit}"),
        subtitle=say("compare.subtitle", first=names[0], second=names[1]),
        columns=(
            Column("what", say("compare.what")),
            Column("edition", say("compare.edition")),
            Column("value", say(f"compare.value_{kind}"), unit),
            Column("change", say(f"compare.change_{kind}"), moved),
        ),
        rows=tuple(rows),
        source=say("compare.source"),
        notes=(_only(found, names),) if _only(found, names) else (),
        picture=Picture("ranges", "value", "what", series="edition"),
        most=40,
    )  # fmt: skip


def _only(found: list[dict[str, float | None]], names: tuple[str, str]) -> str:
    left = [sum(what not in other for what in own) for own, other in (found, found[::-1])]
    parts = [
        say("compare.only_part", count=count, name=name)
        for count, name in zip(left, names, strict=True)
        if count
    ]
    return say("compare.only", parts=listing(parts)) if parts else ""
