"""Two dossiers side by side, from their published contexts: other years, worlds, editions or assumptions; as a page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from suasion import __version__
from suasion.answers.answer import Answer
from suasion.answers.catalogue import say
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.table import Picture, Table
from suasion.answers.values import Country, Value
from suasion.dossier.chapter import Chapter, listing
from suasion.dossier.context import SCHEMA
from suasion.dossier.figures import chapter_figures
from suasion.dossier.page import render_page
from suasion.dossier.tables import answer_table
from suasion.errors import InputError
from suasion.files import write_text
from suasion.questions.bands import BESIDE

Plain = Mapping[str, Any]
VALUES = {
    "share": ("partner_share", "change_points"),
    "percent": ("loss_percent", "change_points"),
    "musd": ("loss_musd", "change_musd"),
}
"""What is compared, by unit, and the column of its change."""
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

    Raises InputError if it is no such file, or of a version that this one does not know.
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


def compare(first: Plain, second: Plain, names: tuple[str, str] = ("first", "second")) -> Answer:
    """Put the numbers of two dossiers beside each other.

    first, second: Contexts, as ``Dossier.to_dict`` gives them, of one pair of states.
    names: pair of str. What to call them.
    Returns: One table per unit: what, edition, value, change (second less first); and what made them.
    Raises InputError if they are about different pairs.
    """
    pairs = [(plain["a"]["code"], plain["b"]["code"]) for plain in (first, second)]
    if set(pairs[0]) != set(pairs[1]):
        raise InputError(
            f"One dossier is about {'-'.join(pairs[0])}, the other about {'-'.join(pairs[1])}: name two of one pair."
        )
    if names[0] == names[1]:
        names = (f"{names[0]} (1)", f"{names[1]} (2)")
    both = first, second
    tables = [
        _table(
            unit,
            [dict(_numbers(plain, unit)) for plain in both],
            names,
            [_beside(plain, unit) for plain in both],
        )
        for unit in VALUES
    ]
    shown = tuple(table for table in tables if table is not None)
    sides: dict[str, Value] = {side: Country(first[side]["code"]) for side in ("a", "b")}
    asked = {**sides, "first": names[0], "second": names[1]}
    if not shown:
        return Answer("compare", asked, absent=Finding("compare.none"))
    return Answer("compare", asked, tables=(*shown, _made(first, second, names)))


def _made(first: Plain, second: Plain, names: tuple[str, str]) -> Table:
    """What made the two: where their numbers differ, this says why."""
    rows = [
        {
            "item": say(f"compare.{item}"),
            "edition": name,
            "made_with": str(plain["provenance"].get(field, "")),
        }
        for item, field in MADE.items()
        for name, plain in zip(names, (first, second), strict=True)
    ]
    columns = "item edition made_with"
    return Table.of("compare-made", columns, rows, brief=columns)


def _numbers(plain: Plain, unit: str) -> Iterator[tuple[str, float | None]]:
    """What is measured, and its number, in the order of the page."""
    if unit == "share":
        for row in _rows(plain, "dependence", "shares"):
            sides = {name: DEFAULT_LANGUAGE.country(row[name], "plain") for name in ("partner", "country")}
            measure = DEFAULT_LANGUAGE.template(f"word.channel.{row['channel']}")
            yield say("compare.share_row", **sides, measure=measure), row["partner_share"]
        return
    for key in ("exit-costs", "exit-audience"):
        for row in _rows(plain, "exit_cost", key):
            words = {name: DEFAULT_LANGUAGE.country(row[name], "plain") for name in ("partner", "country")}
            words |= {name: DEFAULT_LANGUAGE.word(name, row[name]) for name in ("horizon", "outlet")}
            yield say("compare.loss_row", **words), row[f"loss_{unit}"]


def _rows(plain: Plain, question: str, key: str) -> Iterator[dict[str, Any]]:
    """Rows of a table of an answer in a context, by the names of their columns."""
    for table in plain["answers"][question]["tables"]:
        if table["key"] == key:
            names = [column["name"] for column in table["columns"]]
            yield from (dict(zip(names, row, strict=True)) for row in table["rows"])


def _beside(plain: Plain, unit: str) -> dict[str, dict[str, Any]]:
    """What stands beside each loss in per cent: flags, and the ends of the bracket."""
    if unit != "percent":
        return {}
    rows = [row for key in ("exit-costs", "exit-audience") for row in _rows(plain, "exit_cost", key)]
    losses = zip(_numbers(plain, unit), rows, strict=True)
    return {what: {name: row.get(name) for name in BESIDE} for (what, _), row in losses}


def _table(
    unit: str,
    found: list[dict[str, float | None]],
    names: tuple[str, str],
    beside: Sequence[Mapping[str, Mapping[str, Any]]],
) -> Table | None:
    value, change = VALUES[unit]
    size = 100.0 if unit == "share" else 1.0
    rows = []
    for what in (one for one in found[0] if one in found[1]):
        x, y = found[0][what], found[1][what]
        moved = None if x is None or y is None else size * (y - x)
        for name, number, gap, marks in zip(names, (x, y), (None, moved), beside, strict=True):
            rows.append({"what": what, "edition": name, value: number, change: gap, **marks.get(what, {})})
    if not rows:
        return None
    columns = ("what", "edition", value, change)
    marked = BESIDE if unit == "percent" else ()
    return Table.of(
        f"compare-{unit}",
        " ".join((*columns, *marked)),
        rows,
        axes=" ".join(columns[:2]),
        picture=Picture("ranges", value, "what", series="edition"),
        values={"first": names[0], "second": names[1]},
        notes=_only(found, names),
        brief=" ".join((*columns, *(marked if any(row.get("flags") for row in rows) else ()))),
    )


def _only(found: list[dict[str, float | None]], names: tuple[str, str]) -> tuple[Finding, ...]:
    left = [sum(what not in other for what in own) for own, other in (found, found[::-1])]
    parts = [
        say("compare.only_part", count=count, name=name)
        for count, name in zip(left, names, strict=True)
        if count
    ]
    return (Finding("compare.only", {"parts": listing(parts)}),) if parts else ()


def write_compare_page(compared: Answer, contexts: tuple[Plain, Plain], path: str | Path) -> Path:
    """Write the comparison as one self-contained HTML file (atomically).

    compared: as :func:`suasion.dossier.compare.compare` returns it.
    contexts: pair of mapping. The two dossiers.
    path: the file.
    Raises OutputError if the file cannot be written.
    """
    chapter = Chapter("compare", compared)
    figures = chapter_figures(chapter)
    made = [context["provenance"] for context in contexts]
    run_id = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()
    html = render_page(
        "compare.html.j2",
        title=chapter.title,
        version=__version__,
        run_id=run_id,
        stem="compare",
        chapter=chapter,
        figures=figures,
        tables=[answer_table(table, table.key, "") for table in chapter.tables if not table.picture],
    )
    return write_text(path, html)
