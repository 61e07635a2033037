"""What the record has of two states: each fact with its day and source, and which kinds and years sources cover."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from suasion.answers import MAIN, USUAL, Answer, Country, Finding, Quantity, Source, Table, Value, Word
from suasion.errors import InputError
from suasion.nearest import did_you_mean
from suasion.questions.question import State, question

if TYPE_CHECKING:
    from suasion.statecraft.record import Cover, Fact

SOURCES = (Source("events.source"),)


@question
def events(a: State, b: State, *, kind: str = "", start: int = 1946, end: int = 2026) -> Answer:
    """What two states promised, did, voted, delivered and fought over, each fact with its source.

    Parameters
    ----------
    kind : str
        One kind of fact, such as conduct, vote, arms, exercise or defence; all without.
    start : int
        First year.
    end : int
        Last year.

    Returns
    -------
    Answer
        Tables ``events`` and ``covered``; a kind and year that no source covers is not known.

    Examples
    --------
    >>> su.events("RUS", "UKR", start=2014)
    <Answer events RUS UKR 2014 2026: events (...>
    """
    from suasion.statecraft.record import FactKind, covers_of, facts_between

    if kind and kind not in set(FactKind):
        raise InputError(f"There is no kind of fact {kind!r}.{did_you_mean(kind, list(FactKind), show=repr)}")
    if start > end:
        raise InputError(f"The years run from {start} to {end}; give them in order.")
    facts = [one for one in facts_between(a, b) if _within(one, kind, start, end)]
    covers = [one for one in covers_of(a, b) if kind in ("", one.kind)]
    asked: dict[str, Value] = {"a": Country(a), "b": Country(b), "start": start, "end": end}
    if not facts and not covers:
        return Answer("events", asked, absent=Finding("events.none", asked), sources=SOURCES)
    tables = (_facts(facts, asked), _covered(covers, asked))
    shown = tuple(table for table in tables if table.rows)
    return Answer(
        "events", asked, tuple(_findings(facts, asked)), shown, sources=SOURCES, result=tuple(facts)
    )


def _within(one: Fact, kind: str, start: int, end: int) -> bool:
    return kind in ("", one.kind) and any(one.holds(year) for year in range(start, end + 1))


def _facts(facts: list[Fact], asked: dict[str, Value]) -> Table:
    from suasion.statecraft.record import DIRECTED

    measured = {one: one.kind in DIRECTED for one in facts}
    rows: list[dict[str, Any]] = [
        {
            "date": one.start,
            "fact_end": one.end or None,
            "fact_kind": one.kind,
            "senders": one.a if measured[one] else None,
            "targets": one.b if measured[one] else None,
            "fact_value": one.value or None,
            "what": one.what,
            "source": one.source,
            "locator": one.locator,
        }
        for one in facts
    ]
    sides = "senders targets " if any(measured.values()) else ""
    brief = f"date fact_end fact_kind {sides}fact_value what"
    names = "date fact_end fact_kind senders targets fact_value what source locator"
    return Table.of("events", names, rows, values=asked, brief=brief)


def _covered(covers: list[Cover], asked: dict[str, Value]) -> Table:
    rows = [
        {
            "fact_kind": one.kind,
            "first": one.first,
            "last": one.last,
            "source": one.source,
            "locator": one.locator,
        }
        for one in covers
    ]
    return Table.of(
        "covered",
        "fact_kind first last source locator",
        rows,
        values=asked,
        notes=(Finding("events.unknown"),),
    )


def _findings(facts: list[Fact], asked: dict[str, Value]) -> Iterator[Finding]:
    count = Quantity(len(facts), "count")
    if not facts:
        yield Finding("events.empty", asked, weight=MAIN)
        return
    kinds = tuple(Word("fact_kind", kind) for kind in dict.fromkeys(one.kind.value for one in facts))
    yield Finding("events.listed", {**asked, "count": count, "kinds": kinds}, weight=MAIN)
    last = max(facts, key=lambda one: one.start)
    kind = Word("fact_kind", last.kind.value)
    yield Finding("events.last", {**asked, "date": last.start, "kind": kind, "what": last.what}, weight=USUAL)
