"""How large each of two states was in the other's goods trade, year by year, and which measures were taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    MAIN,
    USUAL,
    Answer,
    Comparison,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
)
from suasion.questions.posed import code_or_group
from suasion.questions.question import Side, question
from suasion.questions.ties.since import losses_since, since_findings, since_table, turned

if TYPE_CHECKING:
    import pandas as pd

    from suasion.statecraft.record import Fact

SOURCES = (Source("trade_history.source", "BACI"), Source("published_totals.source"))
SPAN = 10
"""Years before the last one from which a change is told."""
YEAR = 2023
"""Of the members of a group."""
LEAST = 0.001
"""Share from which on a change is worth a sentence."""
DENIED = {
    "turnover": "trade_history.denied_turnover",
    "imports": "trade_history.denied_imports",
    "exports": "trade_history.denied_exports",
}
"""What is said of a published share that contradicts the record, by flow, the most telling first."""


@question
def trade_history(a: Side, b: Side) -> Answer:
    """How large each was in the other's goods trade, and what it would have lost without it, year by year.

    Measures between the two, or that hit either, stand beside.

    Returns
    -------
    Answer
        Tables ``trade-history``, ``losses-by-year`` (of two states of the table of the world economy) and
        ``trade-events``; empty where no trade of the two is on record.

    Examples
    --------
    >>> su.trade_history("ASEAN", "CHN")
    <Answer trade_history ASEAN CHN: trade-history (...>
    """
    from suasion.measures.history import trade_history as measure

    a, b = pair = code_or_group(a), code_or_group(b)
    asked: dict[str, Value] = {"a": Country(a), "b": Country(b)}
    frame = measure(a, b)
    doubts = denied(frame)
    frame = frame[(frame["flow"] == "turnover") & frame["share"].gt(0)]
    if frame.empty:
        return Answer("trade_history", asked, absent=Finding("trade_history.none", asked), sources=SOURCES)
    # Where a flow of the pair itself is a hole, nobody reported the number.
    frame["form"] = frame["form"].where(frame["reporter"] != "estimate", "estimate")
    frame = frame.assign(second=frame["country"] != a).sort_values(["second", "year", "form"], kind="stable")
    frame = frame.assign(mark=[str(place) for place in range(1, len(frame) + 1)])
    history = Table.of(
        "trade-history",
        "mark country partner year trade_share=share trade_share_least=low trade_share_most=high value_musd=value "
        "share_record=form",
        frame,
        axes="mark",
        picture=Picture("lines", "year", "trade_share", series="country"),
        values=asked,
        notes=(*doubts, Finding("trade_history.records")),
        brief="country year trade_share share_record",
    )
    events = Table.of(
        "trade-events", "event date senders targets source locator", _events(pair), values=asked
    )
    losses = losses_since((pair, (b, a)))
    tables = (history, since_table(losses, asked, "country"), events)
    return Answer(
        "trade_history",
        asked,
        (
            *(one for side in (pair, pair[::-1]) for one in _changed(frame, *side, first=side == pair)),
            *(_first(one, a) for one in since_findings(losses)),
        ),
        tuple(table for table in tables if table.rows),
        sources=SOURCES,
        result=frame,
    )


def denied(history: pd.DataFrame) -> list[Finding]:
    """Published shares that contradict the recorded ones of a pair, see :func:`suasion.measures.history.contradicted`.

    history: of the pair, as :func:`suasion.measures.history.trade_history` returns it.
    """
    from suasion.measures.history import contradicted

    return [
        Finding(
            DENIED[row["flow"]],
            {
                "a": Country(row["country"]),
                "b": Country(row["partner"]),
                "year": int(row["year"]),
                "told": Quantity(float(row["told"]), "probability"),
                "recorded": Quantity(float(row["share"]), "probability"),
            },
        )
        for row in contradicted(history).to_dict("records")
    ]


def _events(pair: tuple[str, str]) -> Iterator[dict[str, Any]]:
    """What the record has of the pair itself: measures between the two, acts, and wars and clashes of either."""
    from suasion.sources.groups import expand
    from suasion.statecraft.record import FactKind, facts_between, marks

    sides = [expand([side], YEAR) for side in pair]
    found: dict[str, Fact] = {}
    for a, b in product(*sides):
        measures = (one for one in facts_between(a, b) if one.kind is FactKind.MEASURE)
        found |= {one.key: one for one in (*measures, *marks(a, b))} if a != b else {}
    for one in sorted(found.values(), key=lambda one: one.start):
        yield {
            "event": one.key,
            "date": one.start,
            "senders": one.a,
            "targets": one.b,
            "source": one.source,
            "locator": one.locator,
        }


def _first(told: Finding, subject: str) -> Finding:
    """What the first of the pair would have lost, before what else is told of either."""
    ours = told.values["country"] == Country(subject)
    return replace(told, weight=told.weight + MAIN - USUAL - 0.3) if ours else told


def _changed(frame: pd.DataFrame, country: str, partner: str, first: bool) -> Iterator[Finding]:
    """How the partner's share stands to that of ten years before, and its turning point since."""
    rows = frame[(frame["country"] == country) & (frame["form"] != "dot")]
    if rows.empty:
        return
    last = rows.iloc[-1]
    before = rows[rows["year"] <= last["year"] - SPAN]
    if before.empty or max(last["share"], before.iloc[-1]["share"]) < LEAST:
        return
    start = before.iloc[-1]
    now, then = (Quantity(float(row["share"]), "probability") for row in (last, start))
    about: dict[str, Value] = {"country": Country(country), "partner": Country(partner)}
    span: dict[str, Value] = {"first": int(start["year"]), "last": int(last["year"])}
    weight = MAIN if first else MAIN - 0.5
    values = {**about, **span, "now": now, "then": then}
    yield Finding("trade_history.changed", values, Comparison(now, then), weight=weight)
    line: list[dict[Any, Any]] = rows[rows["year"] >= start["year"]].to_dict("records")
    if turn := turned(line, "share"):
        kind, row = turn
        told: dict[str, Value] = {
            "year": int(row["year"]),
            "share": Quantity(float(row["share"]), "probability"),
        }
        yield Finding(f"trade_history.turn.{kind}", {**about, **told}, weight=weight - 0.2)
