"""Three answers as one table: how dependent one state is on another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from suasion.answers.answer import Answer
from suasion.answers.language import ENGLISH
from suasion.questions import dependence, materials, published_totals
from suasion.questions.question import State
from suasion.sources import resolve_country
from suasion.world import World, load_world

Rows = list[tuple[Any, ...]]
COLUMNS = ("what", "year", "share_percent", "value_musd", "source", "definition")


def dependence_rows(
    a: str, on: str, world: World | None = None
) -> tuple[tuple[str, ...], Rows, Rows, tuple[str, ...]]:
    """Return columns, rows of numbers, the same as printed, and what is missing and why.

    Parameters
    ----------
    a, on : str
        The state, and the one it may depend on.
    world : World, optional
        The embedded world by default.
    """
    world = world or load_world()
    pair = State(a), State(on)
    answers = dependence(*pair, world=world), materials(*pair), published_totals(*pair, world=world)
    first = resolve_country(a)
    rows: Rows = [row for answer in answers if not answer.absent for row in _rows(answer, first, world.year)]
    numbers = ENGLISH.numbers
    printed: Rows = [
        (row[0], row[1], numbers.share(row[2]), "" if row[3] is None else numbers.usd(row[3]), row[4])
        for row in rows
    ]
    return COLUMNS, rows, printed, tuple(one.absent.sentence() for one in answers if one.absent)


def _rows(answer: Answer, a: str, year: int | None) -> Iterator[tuple[Any, ...]]:
    """Rows of the first state of the main table."""
    source = answer.sources[0].line()
    table = answer.table()
    names = [column.name for column in table.columns]
    for cells in table.rows:
        row: dict[str, Any] = dict(zip(names, cells, strict=True))
        if answer.question == "materials":
            sells = row["seller"] == a
            share = row["export_share"] if sells else row["import_share"]
            goods = ENGLISH.template(f"word.material.{row['material']}")
            what = f"{'exports' if sells else 'imports'} of {goods}"
            yield what, row["year"], _percent(share), row["value_musd"], source, ""
        elif row["country"] != a:
            continue
        elif answer.question == "dependence":
            what = ENGLISH.template(f"word.channel.{row['channel']}")
            yield what, year, _percent(row["partner_share"]), row["value_musd"], source, ""
        elif table.key == "totals":
            what = ENGLISH.template(f"word.trade_flow.{row['trade_flow']}")
            yield what, row["year"], row["total_percent"], None, row["source_name"], row["definition_text"]


def _percent(share: float | None) -> float | None:
    return None if share is None else 100.0 * share
