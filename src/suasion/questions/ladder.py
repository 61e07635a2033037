"""On which rungs to an alliance two states stand, year by year, and on what evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import combinations
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    MAIN,
    Answer,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
    Word,
)
from suasion.questions.question import Calendar, State, question
from suasion.wars import BELLIGERENTS, WAR_SINCE

if TYPE_CHECKING:
    from suasion.statecraft.ladder.rungs import Ladder

SOURCES = (Source("ladder.source"),)


@question
def ladder(
    a: State,
    b: State,
    *,
    start: Calendar = 1992,
    end: Calendar = 2025,
    patrols: str = "operations",
    scale: bool = False,
) -> Answer:
    """On which rungs to an alliance two states stand, year by year, and on what evidence.

    Parameters
    ----------
    start : int
        First year.
    end : int
        Last year.
    patrols : str
        Count joint patrols of bombers and warships as operations or exercises.
    scale : bool
        Also say how cumulative the rungs are over all pairs of states whose pacts are known.

    Returns
    -------
    Answer
        Tables ``rungs``, ``exercises``, ``rung-evidence`` and ``rung-scale``; those without rows are left out.

    Examples
    --------
    >>> su.ladder("RUS", "CHN", start=2014)
    <Answer ladder RUS CHN 2014 2025: rungs (...>
    """
    from suasion.statecraft.align.parts import added_atop, added_deliveries
    from suasion.statecraft.ladder import rungs
    from suasion.statecraft.ladder.evidence import LadderRules

    rules = LadderRules(patrols=patrols)  # type: ignore[arg-type]
    data: dict[str, Any] = {"atop": added_atop(), "deliveries": added_deliveries(), "rules": rules}
    path = rungs.ladder(a, b, start, end, **data)
    asked: dict[str, Value] = {"a": Country(path.a), "b": Country(path.b), "start": start, "end": end}
    tables = [_rungs(path, patrols, asked), _exercises(path, asked), _evidence(path, asked)]
    findings = [_standing(path)]
    if scale:
        table, finding = _scale(end, data)
        tables.append(table)
        findings.append(finding)
    shown = tuple(table for table in tables if table.rows)
    return Answer("ladder", asked, tuple(findings), shown, sources=SOURCES, result=path)


def _rungs(path: Ladder, patrols: str, asked: dict[str, Value]) -> Table:
    """Each rung in each year, the highest rung first."""
    from suasion.statecraft.ladder.evidence import RUNGS

    years = path.frame.to_dict("records")
    return Table.of(
        "rungs", "year rung rung_status", [
        {"year": row["year"], "rung": rung, "rung_status": row[rung]}
        for rung in reversed(RUNGS)
        for row in years
    ], axes="year rung", values=asked, picture=Picture("grid", "year", "rung", series="rung_status"),
        notes=tuple(_notes(path, patrols)),
    )  # fmt: skip


def _notes(path: Ladder, patrols: str) -> Iterator[Finding]:
    from suasion.statecraft.events import EventKind

    if path.not_known:
        yield Finding("ladder.not_known", {"rungs": tuple(map(Word.of, path.not_known))})
    if any(event.kind is EventKind.PATROL for event in path.events):
        yield Finding(f"ladder.patrols.{patrols}")
    if path.broad:
        yield Finding("ladder.broad", {"pacts": path.broad})


def _exercises(path: Ladder, asked: dict[str, Value]) -> Table:
    from suasion.statecraft.events import events

    return Table.of(
        "exercises",
        "event_name=name date=start event_kind=kind event_place=place point_at=short longitude latitude source locator",
        map(asdict, path.events),
        values=asked,
        picture=Picture("map", "longitude", "latitude", series="event_kind", label="point_at"),
        notes=(
            Finding(
                "ladder.listed",
                {"count": Quantity(len(path.events), "count"), "all": Quantity(len(events()), "count")},
            ),
            Finding("figure.elsewhere.disputed"),
        ),
        brief="event_name date event_kind event_place",
    )


def _evidence(path: Ladder, asked: dict[str, Value]) -> Table:
    return Table.of(
        "rung-evidence",
        "rung what date first=first_year last=last_year source locator",
        path.evidence_table(),
        values=asked,
        brief="rung what date first last",
    )


def _scale(year: int, data: dict[str, Any]) -> tuple[Table, Finding]:
    """How cumulative the rungs are over the pairs of states that the treaties cover."""
    from suasion.statecraft.ladder.evidence import Rung
    from suasion.statecraft.ladder.rungs import ladder_scale
    from suasion.statecraft.pacts import pact_coverage

    pairs = list(combinations(pact_coverage().states, 2))
    fit = ladder_scale(pairs, year, **data)
    lines = zip(fit.items, fit.popularity, fit.known, fit.item_h, strict=True)
    names = ("rung", "pairs_with", "pairs_known", "scalability")
    values: dict[str, Value] = {
        "year": year,
        "pairs": Quantity(len(pairs), "count"),
        "h": Quantity(fit.h, "score"),
        "errors": Quantity(fit.errors, "count"),
        "expected": Quantity(fit.expected, "score"),
        "order": tuple(Word.of(Rung(one)) for one in fit.order),
    }
    rows = [dict(zip(names, line, strict=True)) for line in lines]
    table = Table.of("rung-scale", " ".join(names), rows, axes="rung", values=values)
    return table, Finding("ladder.scale", values, weight=DETAIL)


def _standing(path: Ladder) -> Finding:
    """Where the pair stands in the last year."""
    from suasion.statecraft.ladder.evidence import RUNGS, Rung

    last = path.frame.iloc[-1]
    values: dict[str, Value] = {"year": int(last["year"]), "a": Country(path.a), "b": Country(path.b)}
    if last.ceiling in RUNGS:
        values["ceiling"] = Word.of(Rung(last.ceiling))
    if last.highest not in RUNGS:
        case = "no_rung" if last.highest == "none" else "unknown"
        return Finding(f"ladder.{case}", values, weight=MAIN)
    values["rung"] = Word.of(Rung(last.highest))
    if {path.a, path.b} == BELLIGERENTS and last.year >= WAR_SINCE:
        return Finding("ladder.war", values | {"since": WAR_SINCE}, weight=MAIN)
    case = "highest" if last.highest == last.ceiling else "at_least"
    return Finding(f"ladder.{case}", values, weight=MAIN)
