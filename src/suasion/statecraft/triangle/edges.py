"""The edges of a triangle, each by what it rests on, from the record of each pair; and by all together.

All together, the first that speaks decides: a war; the latest act of the last ten years, a deadly dispute or a
suspended commitment against, a treaty signed, renewed or an understanding for; a frozen treaty leaves the edge open;
then what stands, a defence pact for and a strategic rivalry against; then what the two do, arms and joint operations;
then votes, where the two are nearer to each other than the median pair. Of a pair of whose rivalries no
source speaks, votes alone settle nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from itertools import combinations
from typing import Any

import pandas as pd

from suasion.statecraft.commitments import promises
from suasion.statecraft.ladder.evidence import LadderRules, rungs_of
from suasion.statecraft.pacts import pacts
from suasion.statecraft.record import Fact, FactKind, at_war, facts_between, status_of
from suasion.statecraft.shipped_points import shipped_ideal_points
from suasion.statecraft.tables import read_table
from suasion.statecraft.triangle.types import possible
from suasion.statecraft.triangle.years import edge_probabilities

RECENT = 10
"""Years for which an act or a deadly dispute settles an edge. Assumption, 5 to 20."""
CLEAR = 0.8
"""Probability from which votes settle an edge. Assumption."""


class EdgeBasis(StrEnum):
    """What an edge rests on."""

    PACT = "pact"
    RIVALRY = "rivalry"
    DISPUTE = "dispute"
    CONDUCT = "conduct"
    TIES = "ties"
    VOTES = "votes"
    ALL = "all"


class Edge(StrEnum):
    """What an edge is."""

    FRIENDLY = "friendly"
    HOSTILE = "hostile"
    OPEN = "open"
    UNKNOWN = "unknown"


class CaseVerdict(StrEnum):
    """Whether a triangle is the one that is commonly told of a year."""

    PASSED = "passed"
    FAILED = "failed"
    OPEN = "open"


def edges_of(powers: Sequence[str], year: int, atop: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return every edge of three powers in a year, by each basis and by all.

    powers: three alpha-3 codes.
    atop: as for :func:`suasion.statecraft.pacts.promises`.
    Returns: ``a``, ``b`` (codes), ``tie`` (:class:`EdgeBasis`) and ``edge`` (:class:`Edge`).
    Raises InputError if there are not three powers who vote.
    """
    voting = _voting(tuple(powers), year)
    rows = []
    for a, b in combinations(powers, 2):
        own = {EdgeBasis.PACT: _pact(a, b, year, atop), **_of_record(a, b, year)}
        own[EdgeBasis.TIES] = _ties(a, b, year, atop)
        own[EdgeBasis.VOTES] = _by_votes(voting.get(f"{a}-{b}"))
        own[EdgeBasis.ALL] = Edge.HOSTILE if at_war(a, b, year) else _together(own)
        rows += [(a, b, tie, edge) for tie, edge in own.items()]
    return pd.DataFrame(rows, columns=["a", "b", "tie", "edge"], dtype=object)


def triangles(edges: pd.DataFrame, tie: EdgeBasis) -> tuple[tuple[str, str], ...]:
    """Return the triangles (type, and pivot or outcast) that the edges of one basis allow, open ones either way.

    edges: of :func:`edges_of`.
    """
    own = edges[edges["tie"] == tie]
    settled = {Edge.FRIENDLY: 1, Edge.HOSTILE: -1}
    pairs = zip(own["a"], own["b"], strict=True)
    return possible(dict(zip(pairs, (settled.get(edge, 0) for edge in own["edge"]), strict=True)))


def textbook_cases(tie: EdgeBasis, atop: pd.DataFrame | None = None) -> Iterator[dict[str, Any]]:
    """Return what is commonly told of the triangle of China, Russia and the United States, and what the edges say.

    atop: as for :func:`edges_of`.
    Yields: ``year``; ``kind`` and ``special`` (pivot or outcast) as commonly told; ``tie``; ``found``: types that the
      edges allow; ``verdict`` (:class:`CaseVerdict`).
    """
    for row in read_table("record.toml")["case"]:
        allowed = triangles(edges_of(("CHN", "RUS", "USA"), row["year"], atop), tie)
        verdict = CaseVerdict.PASSED if len(allowed) == 1 else CaseVerdict.OPEN
        yield {
            **row,
            "tie": tie,
            "found": tuple(dict.fromkeys(kind for kind, _ in allowed)),
            "verdict": verdict if (row["kind"], row["special"]) in allowed else CaseVerdict.FAILED,
        }


@cache
def _voting(powers: tuple[str, ...], year: int) -> Mapping[str, float]:
    """Probability by edge that votes of a year make it friendly; empty where one of the three has no point then."""
    points = shipped_ideal_points()
    now = points[points["year"] == year]
    if not set(powers) <= set(now["country"]):
        return {}
    table = edge_probabilities(now, powers)
    return {str(edge): float(p) for edge, p in zip(table["edge"], table["probability"], strict=True)}


def _pact(a: str, b: str, year: int, atop: pd.DataFrame | None) -> Edge:
    status = promises(a, b, year, atop)["defence"]
    return {"yes": Edge.FRIENDLY, "no": Edge.OPEN, "unknown": Edge.UNKNOWN}[status]


def _of_record(a: str, b: str, year: int) -> dict[EdgeBasis, Edge]:
    """Edges by rivalry, by deadly disputes and wars, and by the latest act of the last ten years."""
    known = {"yes": Edge.HOSTILE, "no": Edge.OPEN, "unknown": Edge.UNKNOWN}
    recent = [one for one in facts_between(a, b) if year - RECENT < int(one.start[:4]) <= year]
    clashed = at_war(a, b, year) or any(one.kind is FactKind.DISPUTE for one in recent)
    acts = [(one.start, edge) for one in recent if (edge := _meant(one)) is not None]
    return {
        EdgeBasis.RIVALRY: known[status_of(FactKind.RIVALRY, a, b, year)],
        EdgeBasis.DISPUTE: Edge.HOSTILE if clashed else known[status_of(FactKind.DISPUTE, a, b, year)],
        EdgeBasis.CONDUCT: max(acts)[1] if acts else Edge.UNKNOWN,
    }


ACTS = {"understanding": Edge.FRIENDLY, "renewed": Edge.FRIENDLY, "frozen": Edge.OPEN, "suspended": Edge.HOSTILE,
        "ended": Edge.HOSTILE}  # fmt: skip
"""What an act of conduct makes of an edge; talks say nothing yet. Assumption."""


def _meant(one: Fact) -> Edge | None:
    """What a fact makes of an edge on its day; None where it says nothing."""
    if one.kind is FactKind.DISPUTE or one.kind is FactKind.WAR:
        return Edge.HOSTILE
    if one.kind is FactKind.CONDUCT:
        return ACTS.get(one.value)
    return Edge.FRIENDLY if one.key in _own_treaties() else None


@cache
def _own_treaties() -> frozenset[str]:
    """Treaties of two or three, and those of defence: what many sign says little of any two of them."""
    few = 3
    return frozenset(
        pact.key
        for pact in pacts()
        if "defence" in pact.kinds or len({s.country for s in pact.spells}) <= few
    )


def _ties(a: str, b: str, year: int, atop: pd.DataFrame | None) -> Edge:
    """By what the two do: arms delivered, or operations together."""
    found = rungs_of(a, b, year, LadderRules(), atop)
    done = [found[rung][0] for rung in ("arms", "operations")]
    return Edge.FRIENDLY if "yes" in done else Edge.OPEN if done == ["no", "no"] else Edge.UNKNOWN


def _by_votes(friendly: float | None) -> Edge:
    if friendly is None:
        return Edge.UNKNOWN
    return Edge.FRIENDLY if friendly >= CLEAR else Edge.HOSTILE if friendly <= 1.0 - CLEAR else Edge.OPEN


def _together(own: Mapping[EdgeBasis, Edge]) -> Edge:
    if own[EdgeBasis.CONDUCT] is not Edge.UNKNOWN:
        return own[EdgeBasis.CONDUCT]
    pact, hostile = own[EdgeBasis.PACT] is Edge.FRIENDLY, own[EdgeBasis.RIVALRY] is Edge.HOSTILE
    if pact != hostile:
        return Edge.FRIENDLY if pact else Edge.HOSTILE
    if own[EdgeBasis.TIES] is Edge.FRIENDLY:
        return Edge.FRIENDLY
    return Edge.UNKNOWN if own[EdgeBasis.RIVALRY] is Edge.UNKNOWN else own[EdgeBasis.VOTES]
