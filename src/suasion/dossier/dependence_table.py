"""The descriptive part of a dossier as one table: how dependent one state is on another."""

from __future__ import annotations

from typing import Any

from suasion.answers import numbers as n
from suasion.dossier.gather import ask
from suasion.dossier.gather_measures import materials, shares_and_exposure, totals
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
    question = ask(a, on, (), world)
    shares, exposure = shares_and_exposure(question, world)
    goods, published = materials(question), totals(question, world)
    rows: Rows = [
        (row.measure, world.year, row.share_percent, row.value_musd, shares.source, row.of)
        for row in shares.rows
        if row.country == question.a.code
    ]
    rows += _materials(goods.rows, question.a.code, goods.source)
    rows += [
        (row.measure, row.year, row.value, None, row.source, row.definition)
        for row in published.rows
        if row.country == question.a.code and row.unit == "percent"
    ]
    printed: Rows = [
        (row[0], row[1], n.share(row[2]), "" if row[3] is None else n.usd(row[3]), row[4]) for row in rows
    ]
    reasons = tuple(dict.fromkeys(s.reason for s in (shares, exposure, goods, published) if s.reason))
    return COLUMNS, rows, printed, reasons


def _materials(rows: tuple[Any, ...], a: str, source: str) -> Rows:
    """Both directions of trade in materials, in the last year that has any."""
    last = max((row.year for row in rows if row.value_musd), default=0)
    found: Rows = []
    for row in rows:
        if row.year != last or not row.value_musd:
            continue
        sells = row.seller == a
        goods = row.group[0].lower() + row.group[1:]
        share = row.export_share_percent if sells else row.import_share_percent
        what = f"{'exports' if sells else 'imports'} of {goods}"
        found.append((what, last, share, row.value_musd, source, ""))
    return found
