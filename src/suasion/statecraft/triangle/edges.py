"""The edges of a triangle, each by what it rests on: pacts, rivalry, deadly disputes, votes; and by all together.

A defence pact makes an edge friendly, a strategic rivalry or a deadly dispute of the last ten years hostile; the
absence of any of them says nothing. Votes make it friendly where the two are nearer to each other than the median
pair, with the probability of the draws. All together: hostile with a rivalry or a deadly dispute and no pact,
friendly with a pact and neither, and as the votes say in all other cases; of a pair whose rivalries no list on file
has, votes settle nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from itertools import combinations
from typing import Any

import pandas as pd

from suasion.statecraft.pacts import promises
from suasion.statecraft.shipped_points import shipped_ideal_points
from suasion.statecraft.tables import read_table
from suasion.statecraft.triangle.types import possible
from suasion.statecraft.triangle.years import edge_probabilities
from suasion.wars import BELLIGERENTS, WAR_SINCE

RECENT = 10
"""Years for which a deadly dispute keeps an edge hostile. Assumption, 5 to 20."""
CLEAR = 0.8
"""Probability from which votes settle an edge. Assumption."""


class EdgeBasis(StrEnum):
    """What an edge rests on."""

    PACT = "pact"
    RIVALRY = "rivalry"
    DISPUTE = "dispute"
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
    Raises InputError if there are not three powers.
    """
    voting = _voting(tuple(powers))
    rows = []
    for a, b in combinations(powers, 2):
        own = {EdgeBasis.PACT: _pact(a, b, year, atop), **_ties(a, b, year)}
        own[EdgeBasis.VOTES] = _by_votes(voting.get((a, b, year)))
        own[EdgeBasis.ALL] = _together(own)
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
    for row in read_table("ties.toml")["case"]:
        allowed = triangles(edges_of(("CHN", "RUS", "USA"), row["year"], atop), tie)
        verdict = CaseVerdict.PASSED if len(allowed) == 1 else CaseVerdict.OPEN
        yield {
            **row,
            "tie": tie,
            "found": tuple(dict.fromkeys(kind for kind, _ in allowed)),
            "verdict": verdict if (row["kind"], row["special"]) in allowed else CaseVerdict.FAILED,
        }


@cache
def _voting(powers: tuple[str, ...]) -> Mapping[tuple[str, str, int], float]:
    """Probability by pair and year that votes make an edge friendly."""
    table = edge_probabilities(shipped_ideal_points(), powers)
    pairs = [tuple(str(edge).split("-")) for edge in table["edge"]]
    rows = zip(pairs, table["year"], table["probability"], strict=True)
    return {(pair[0], pair[1], int(year)): float(p) for pair, year, p in rows}


def _pact(a: str, b: str, year: int, atop: pd.DataFrame | None) -> Edge:
    status = promises(a, b, year, atop)["defence"]
    return {"yes": Edge.FRIENDLY, "no": Edge.OPEN, "unknown": Edge.UNKNOWN}[status]


def _ties(a: str, b: str, year: int) -> dict[EdgeBasis, Edge]:
    """Edges by rivalry and by deadly disputes, from what was typed."""
    table = read_table("ties.toml")
    row: dict[str, Any] | None = next((tie for tie in table["tie"] if set(tie["pair"]) == {a, b}), None)
    if row is None:
        at_war = {a, b} == BELLIGERENTS and year >= WAR_SINCE
        return {EdgeBasis.RIVALRY: Edge.UNKNOWN, EdgeBasis.DISPUTE: Edge.HOSTILE if at_war else Edge.UNKNOWN}
    # A rivalry that goes on in the last year of the list is taken to go on.
    then = min(year, table["rivalry_to"])
    rivals = any(first <= then <= last for first, last in row["rivalry"])
    deadly = any(year - RECENT < one <= year for one in row["fatal"])
    known = year <= table["fatal_to"]
    return {
        EdgeBasis.RIVALRY: Edge.HOSTILE if rivals else Edge.OPEN,
        EdgeBasis.DISPUTE: Edge.HOSTILE if deadly else Edge.OPEN if known else Edge.UNKNOWN,
    }


def _by_votes(friendly: float | None) -> Edge:
    if friendly is None:
        return Edge.UNKNOWN
    return Edge.FRIENDLY if friendly >= CLEAR else Edge.HOSTILE if friendly <= 1.0 - CLEAR else Edge.OPEN


def _together(own: Mapping[EdgeBasis, Edge]) -> Edge:
    pact = own[EdgeBasis.PACT] is Edge.FRIENDLY
    hostile = Edge.HOSTILE in (own[EdgeBasis.RIVALRY], own[EdgeBasis.DISPUTE])
    if pact != hostile:
        return Edge.FRIENDLY if pact else Edge.HOSTILE
    if own[EdgeBasis.RIVALRY] is Edge.UNKNOWN:
        return Edge.UNKNOWN
    return own[EdgeBasis.VOTES]
