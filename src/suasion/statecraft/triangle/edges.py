"""The edges of a triangle, each by what it rests on: pacts, rivalry, deadly disputes, votes; and by all together.

A defence pact makes an edge friendly, a strategic rivalry or a deadly dispute of the last ten years hostile; the
absence of any of them says nothing. Votes make it friendly where the two are nearer to each other than the median
pair, with the probability of the draws. All together: hostile with a rivalry or a deadly dispute and no pact,
friendly with a pact and neither, and as the votes say in all other cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import combinations, product
from typing import Any

import pandas as pd

from suasion.statecraft.pacts import promises
from suasion.statecraft.shipped_points import shipped_ideal_points
from suasion.statecraft.tables import read_table
from suasion.statecraft.triangle.types import classify
from suasion.statecraft.triangle.years import edge_probabilities

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


@dataclass(frozen=True, slots=True)
class EdgeBy:
    """One edge by one basis.

    a, b: alpha-3 codes.
    friendly: probability that it is friendly; of votes alone.
    """

    a: str
    b: str
    tie: EdgeBasis
    edge: Edge
    friendly: float | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A textbook case.

    kind, special: what is commonly told: type, and pivot or outcast.
    found: types that the edges allow.
    """

    year: int
    kind: str
    special: str
    tie: EdgeBasis
    found: tuple[str, ...]
    verdict: CaseVerdict


def edges_of(powers: Sequence[str], year: int, atop: pd.DataFrame | None = None) -> tuple[EdgeBy, ...]:
    """Return every edge of three powers in a year, by each basis and by all.

    powers: three alpha-3 codes.
    atop: as for :func:`suasion.statecraft.pacts.promises`.
    Raises InputError if there are not three powers.
    """
    voting = _voting(tuple(powers))
    found: list[EdgeBy] = []
    for a, b in combinations(powers, 2):
        own = {EdgeBasis.PACT: _pact(a, b, year, atop), **_ties(a, b, year)}
        friendly = voting.get((a, b, year))
        own[EdgeBasis.VOTES] = _by_votes(friendly)
        found += [
            EdgeBy(a, b, tie, edge, friendly if tie is EdgeBasis.VOTES else None) for tie, edge in own.items()
        ]
        found.append(EdgeBy(a, b, EdgeBasis.ALL, _together(own)))
    return tuple(found)


def triangles(edges: Sequence[EdgeBy], tie: EdgeBasis) -> tuple[tuple[str, str], ...]:
    """Return the triangles (type, and pivot or outcast) that the edges of one basis allow, open ones either way.

    edges: of :func:`edges_of`.
    """
    own = [edge for edge in edges if edge.tie is tie]
    settled = {Edge.FRIENDLY: (1,), Edge.HOSTILE: (-1,)}
    made = [
        classify({(edge.a, edge.b): sign for edge, sign in zip(own, signs, strict=True)})
        for signs in product(*(settled.get(edge.edge, (1, -1)) for edge in own))
    ]
    named = [
        (t.kind, t.pivot or next((p for p, role in t.roles.items() if role == "outcast"), "")) for t in made
    ]
    return tuple(dict.fromkeys(named))


def textbook_cases(tie: EdgeBasis, atop: pd.DataFrame | None = None) -> tuple[Case, ...]:
    """Return what is commonly told of the triangle of China, Russia and the United States, and what the edges say.

    atop: as for :func:`edges_of`.
    """
    made = []
    for row in read_table("ties.toml")["case"]:
        allowed = triangles(edges_of(("CHN", "RUS", "USA"), row["year"], atop), tie)
        told = (row["kind"], row["special"])
        verdict = (
            CaseVerdict.FAILED
            if told not in allowed
            else CaseVerdict.PASSED
            if len(allowed) == 1
            else CaseVerdict.OPEN
        )
        kinds = tuple(dict.fromkeys(kind for kind, _ in allowed))
        made.append(Case(row["year"], *told, tie, kinds, verdict))
    return tuple(made)


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
        return {EdgeBasis.RIVALRY: Edge.UNKNOWN, EdgeBasis.DISPUTE: Edge.UNKNOWN}
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
    return own[EdgeBasis.VOTES]
