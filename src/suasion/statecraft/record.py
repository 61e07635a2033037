"""One record of each pair of states: what they promised, did, voted, delivered and fought over, with its sources.

Treaties stand in ``pacts.toml``, exercises in ``events.toml``, measures in the library of dated measures, all else in
``record.toml``; who has added facts (``suasion data add dyad-record``) has them beside these. For each kind of fact and
year the record knows whether a source covers the pair: only there does a missing fact mean that there was none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import combinations
from typing import Any

import pandas as pd

from suasion.sources.catalogue_store import load, manifest_of
from suasion.sources.dated import dated_measures, measure_sides
from suasion.sources.dyad_record import NONE
from suasion.statecraft.alliance.hazards import Status, load_hazards, load_pact_model
from suasion.statecraft.events import events_between
from suasion.statecraft.pacts import coverages, pacts
from suasion.statecraft.tables import read_table
from suasion.types import Citation

ADDED = "dyad-record"
PACTS_RECORD: Citation = "ATOP to 2018, and treaties signed since"


class FactKind(StrEnum):
    """What a fact is about."""

    DEFENCE = "defence"
    NEUTRALITY = "neutrality"
    NONAGGRESSION = "nonaggression"
    CONSULTATION = "consultation"
    CONDUCT = "conduct"
    VOTE = "vote"
    EXERCISE = "exercise"
    PATROL = "patrol"
    OPERATION = "operation"
    COMBAT = "combat"
    ARMS = "arms"
    WAR = "war"
    DISPUTE = "dispute"
    RIVALRY = "rivalry"
    PARTNERSHIP = "partnership"
    MEASURE = "measure"
    SANCTIONS = "sanctions"


DIRECTED = (FactKind.MEASURE, FactKind.SANCTIONS)
"""Kinds that one of the two does to the other: ``a`` is the sender."""
LASTING = (*list(FactKind)[:4], FactKind.WAR, FactKind.RIVALRY, FactKind.PARTNERSHIP, *DIRECTED)
"""Kinds that go on while no end is given; all others are of one day."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact.

    a, b: alpha-3 codes; of arms the supplier and the recipient, of a measure or sanctions the sender (also EU) and the
      target.
    kind: of :class:`FactKind`.
    start, end: day, or month or year alone where only that was read; ``end`` is empty while it lasts.
    value: act of conduct, TIV (million) of arms, votes of the two, tier of a partnership, or empty.
    what, source, locator: in words; what was read, and where.
    key: short name of the treaty or measure, or of its label on a line of trade; empty without.
    """

    a: str
    b: str
    kind: FactKind
    start: str
    end: str
    value: str
    what: str
    source: str
    locator: str
    key: str = ""

    def holds(self, year: int) -> bool:
        """Whether it was so on at least one day of a year."""
        last = self.end or ("9999" if self.kind in LASTING else self.start)
        return int(self.start[:4]) <= year <= int(last[:4])


@dataclass(frozen=True, slots=True)
class Cover:
    """Years, both inside, for which a source lists all facts of a kind for a pair."""

    kind: FactKind
    first: int
    last: int
    source: str
    locator: str


@dataclass(frozen=True, slots=True)
class _Typed:
    """Rows that were typed or added, by pair: facts, and what sources cover."""

    facts: Mapping[frozenset[str], list[Fact]] = field(default_factory=dict)
    covers: Mapping[frozenset[str], list[Cover]] = field(default_factory=dict)


def facts_between(a: str, b: str) -> tuple[Fact, ...]:
    """All facts on a pair, the earliest first.

    a, b: alpha-3 codes.
    """
    added = _added().facts.get(frozenset((a, b)), ())
    found = _shipped_facts(*sorted((a, b)))
    return tuple(sorted((*found, *added), key=_order)) if added else found


def _order(one: Fact) -> tuple[str, str, str]:
    return one.start, one.kind, one.what


@cache
def _shipped_facts(a: str, b: str) -> tuple[Fact, ...]:
    pair = frozenset((a, b))
    parts = (*_promised(a, b), *_together(a, b), *_measured(pair), *_typed().facts.get(pair, ()))
    return tuple(sorted(parts, key=_order))


def covers_of(a: str, b: str) -> tuple[Cover, ...]:
    """What sources cover of a pair, by kind of fact and years, once where it is so either way (of arms).

    a, b: alpha-3 codes.
    """
    pair = frozenset((a, b))
    return tuple(dict.fromkeys((*_shipped_covers(pair), *_added().covers.get(pair, ()))))


@cache
def _shipped_covers(pair: frozenset[str]) -> tuple[Cover, ...]:
    return (*_treaties_cover(pair), *_typed().covers.get(pair, ()))


def status_of(kind: FactKind | str, a: str, b: str, year: int) -> Status:
    """Whether a fact of a kind holds for a pair in a year: "no" only where a source covers it."""
    if any(one.kind == kind and one.holds(year) for one in facts_between(a, b)):
        return "yes"
    covered = any(one.kind == kind and one.first <= year <= one.last for one in covers_of(a, b))
    return "no" if covered else "unknown"


def pairs_with(kinds: Collection[FactKind], year: int) -> set[frozenset[str]]:
    """Pairs of whom a fact that ships, of one of some kinds, holds in a year."""
    every = _typed().facts.items()
    return {pair for pair, facts in every if any(one.kind in kinds and one.holds(year) for one in facts)}


def at_war(a: str, b: str, year: int) -> bool:
    """Whether the record has the two at war in a year."""
    return status_of(FactKind.WAR, a, b, year) == "yes"


def marks(a: str, b: str) -> tuple[Fact, ...]:
    """Facts with a label that stand on a pair's lines: its own, and wars and clashes of either with others."""
    typed = (*_typed().facts.values(), *_added().facts.values())
    own = [one for facts in typed for one in facts if one.key]
    clashes = (FactKind.WAR, FactKind.DISPUTE)
    return tuple(
        sorted(
            (
                one
                for one in own
                if {one.a, one.b} == {a, b} or (one.kind in clashes and {one.a, one.b} & {a, b})
            ),
            key=lambda one: one.start,
        )
    )


def _promised(a: str, b: str) -> Iterator[Fact]:
    for pact in pacts():
        for start, end in pact.together(a, b):
            for kind in pact.kinds:
                yield Fact(
                    a, b, FactKind(kind), start, end, "", pact.name, pact.source, pact.locator, pact.key
                )


def _together(a: str, b: str) -> Iterator[Fact]:
    for one in events_between(a, b):
        place = f"{one.name}, {one.place}"
        yield Fact(a, b, FactKind(one.kind.value), one.start, one.end, "", place, one.source, one.locator)


def _measured(pair: frozenset[str]) -> Iterator[Fact]:
    for name, one in dated_measures().items():
        if one.kind == "collected":  # what was paid under an act is no act of its own
            continue
        senders, targets = measure_sides(name)
        for a, b in combinations(sorted(pair), 2):
            for sender, target in ((a, b), (b, a)):
                if not one.plan and sender in senders and target in targets:
                    ends = one.until.isoformat() if one.until else ""
                    text = (one.date.isoformat(), ends, "", name, one.source, one.locator, name)
                    yield Fact(sender, target, FactKind.MEASURE, *text)


@cache
def _typed() -> _Typed:
    """What ``record.toml`` holds."""
    table = read_table("record.toml")
    rows = [*table["fact"], *_votes(table["vote"])]
    for block in table["block"]:
        shared = {name: block[name] for name in ("kind", "source", "locator")}
        rows += [shared | row for row in block["rows"]]
    for cover in table["cover"]:
        own = {"value": NONE, "start": str(cover["first"]), "end": str(cover["last"])}
        shared = {name: cover[name] for name in ("source", "locator")} | own
        rows += [
            shared | {"kind": kind, "a": a, "b": b} for kind in cover["kinds"] for a, b in cover["pairs"]
        ]
    return _sorted(rows)


def _added() -> _Typed:
    """What the user added."""
    files = manifest_of(ADDED)
    return _of_store(files[0].sha256) if files else _Typed()


@cache
def _of_store(checksum: str) -> _Typed:
    table: pd.DataFrame = load(ADDED)
    return _sorted([{str(key): value for key, value in row.items()} for row in table.to_dict("records")])


def _sorted(rows: list[dict[str, Any]]) -> _Typed:
    facts: dict[frozenset[str], list[Fact]] = {}
    covers: dict[frozenset[str], list[Cover]] = {}
    for row in rows:
        pair, kind = frozenset((row["a"], row["b"])), FactKind(row["kind"])
        read = (row["source"], row["locator"])
        if row.get("value") == NONE:
            span = (int(row["start"][:4]), int(row["end"][:4]))
            covers.setdefault(pair, []).append(Cover(kind, *span, *read))
            continue
        text = (row["start"], row.get("end", ""), row.get("value", ""), row.get("what", ""))
        facts.setdefault(pair, []).append(Fact(row["a"], row["b"], kind, *text, *read, row.get("key", "")))
    return _Typed(facts, covers)


def _votes(votes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Votes by name as facts of pairs: the same side, or that one is known not to be on the other's."""
    sides = ("in_favour", "against", "abstain")
    for vote in votes:
        cast = {code: side for side in sides for code in vote[side]}
        shared = {"kind": "vote", "start": vote["date"], "source": vote["source"], "locator": vote["locator"]}
        shared["what"] = (
            f"{vote['what']} ({' to '.join(map(str, vote['tally'][:2]))}, {vote['tally'][2]} abstaining)"
        )
        for a, b in combinations(sorted(cast), 2):
            yield shared | {"a": a, "b": b, "value": f"{cast[a]} {cast[b]}"}


def _treaties_cover(pair: frozenset[str]) -> Iterator[Cover]:
    """Of whose promises the table of treaties is complete; of defence pacts of all pairs the years without one."""
    for one in coverages():
        if pair <= set(one.states):
            for kind in one.kinds:
                yield Cover(FactKind(kind), one.first_year, one.last_year, one.source, one.locator)
    table, key = load_hazards(), (*sorted(pair), "bilateral")
    if key in table.index:
        last = int(load_pact_model()["last_year"])
        first = last - int(float(str(table.loc[key, "quiet"]))) + 1
        yield Cover(FactKind.DEFENCE, first, last, PACTS_RECORD, "docs: pacts")
