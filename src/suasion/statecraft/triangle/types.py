"""Triangles of three powers: signs of the edges, Dittmer's types, pivot, balance, probabilities.

An edge is positive where two powers are nearer to each other than a threshold. The soft weight of an edge at
distance d is 1 - d / threshold, held between -1 and 1. What triangle it is depends on the threshold: results
over several thresholds belong beside any single one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import combinations, product
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.errors import DuplicateLabelError, InputError, MissingValueError
from suasion.statecraft.ladder.evidence import LadderRules, rungs_of
from suasion.statecraft.pacts import pacts, promises
from suasion.statecraft.record import Fact, FactKind, at_war, facts_between, status_of
from suasion.statecraft.shipped_points import shipped_ideal_points
from suasion.statecraft.tables import read_table
from suasion.statecraft.triangle.years import edge_probabilities
from suasion.types import FloatArray

Kind = Literal["menage a trois", "romantic triangle", "stable marriage", "unit veto"]
KINDS: tuple[Kind, ...] = ("menage a trois", "romantic triangle", "stable marriage", "unit veto")
"""Types by the number of negative edges: 0, 1, 2, 3."""


@dataclass(frozen=True, slots=True)
class Triangle:
    """Three powers with signed edges.

    Attributes
    ----------
    powers : the three
    kind : ``"menage a trois"`` (three friendships), ``"romantic triangle"`` (two), ``"stable marriage"`` (one) or
        ``"unit veto"`` (none)
    roles : Mapping
        Role of each: friend, pivot or wing, partner or outcast, enemy.
    pivot : the friend of both others in a romantic triangle
    balanced : whether the product of the signs is positive (structural balance). Balance calls the romantic triangle
        unstable where Dittmer sees the best place for its pivot: both verdicts are reported.
    """

    powers: tuple[str, str, str]
    kind: Kind
    roles: Mapping[str, str]
    pivot: str | None
    balanced: bool


def classify(signs: Mapping[tuple[str, str], int]) -> Triangle:
    """Return the type of a triangle from the signs of its edges.

    Parameters
    ----------
    signs : three pairs of powers, in any order, to +1 or -1

    Returns
    -------
    Triangle

    Raises
    ------
    InputError
        If there are not three pairs among three powers, or a sign is neither +1 nor -1.
    """
    powers = tuple(sorted({power for pair in signs for power in pair}))
    pairs = {tuple(sorted(pair)): sign for pair, sign in signs.items()}
    if len(powers) != 3 or len(pairs) != 3 or any(len(set(pair)) != 2 for pair in pairs):
        raise InputError(f"A triangle has three pairs among three powers, not {', '.join(map(str, signs))}.")
    if not set(pairs.values()) <= {1, -1}:
        raise InputError(
            f"Signs are +1 or -1, not {sorted(set(pairs.values()) - {1, -1})}. Use a threshold first."
        )
    friends = {p: sum(sign > 0 for pair, sign in pairs.items() if p in pair) for p in powers}
    positive = sum(sign > 0 for sign in pairs.values())
    names = {3: {2: "friend"}, 2: {2: "pivot", 1: "wing"}, 1: {1: "partner", 0: "outcast"}, 0: {0: "enemy"}}
    roles = {p: names[positive][count] for p, count in friends.items()}
    pivot = next((p for p, role in roles.items() if role == "pivot"), None)
    return Triangle(powers, KINDS[3 - positive], roles, pivot, positive in (1, 3))


def special(triangle: Triangle) -> str:
    """Its pivot or its outcast; empty without."""
    return next((p for p, role in triangle.roles.items() if role in ("pivot", "outcast")), "")


def possible(signs: Mapping[tuple[str, str], int]) -> tuple[tuple[str, str], ...]:
    """Type, and pivot or outcast, of the triangles that signs allow; an edge of sign 0 is taken both ways."""
    choices = product(*((s,) if s else (1, -1) for s in signs.values()))
    made = (classify(dict(zip(signs, picked, strict=True))) for picked in choices)
    return tuple(dict.fromkeys((one.kind, special(one)) for one in made))


def soft_edge(distance: float | FloatArray, threshold: float) -> FloatArray:
    """Weight of an edge: 1 at distance 0, 0 at the threshold, -1 at twice the threshold and beyond.

    Parameters
    ----------
    distance : distance, >= 0
    threshold : distance that is neither near nor far, such as the median over all pairs

    Returns
    -------
    FloatArray

    Raises
    ------
    InputError
        If the threshold is not positive or a distance is negative.
    """
    apart = np.asarray(distance, dtype=np.float64)
    if not threshold > 0 or not (apart >= 0).all():
        raise InputError(f"Distances must be >= 0 and the threshold positive; it is {threshold}.")
    weight: FloatArray = np.clip(1.0 - apart / threshold, -1.0, 1.0)
    return weight


def median_distance(points: Sequence[float] | FloatArray) -> float:
    """Median distance over all pairs of ideal points: the default threshold.

    Parameters
    ----------
    points : ideal points of all countries at one time

    Returns
    -------
    float

    Raises
    ------
    InputError
        If there are fewer than two.
    """
    x = np.asarray(points, dtype=np.float64)
    if x.size < 2:
        raise InputError("A median distance needs at least two ideal points.")
    first, second = np.triu_indices(x.size, 1)
    return float(np.median(np.abs(x[first] - x[second])))


def triangle_probabilities(draws: Mapping[str, FloatArray], threshold: float | FloatArray) -> pd.DataFrame:
    """Return the probability of each type and each pivot from joint draws of three ideal points.

    Parameters
    ----------
    draws : power to its draws (k,), the same k joint draws for all three
    threshold : distance below which an edge is positive; one for all draws, or one for each (k,)

    Returns
    -------
    DataFrame
        ``kind``, ``special`` (the pivot, the outcast of a stable marriage, or empty), ``balanced``, ``probability``;
        probabilities sum to 1, the likeliest first. Combinations that never occur have no row.

    Raises
    ------
    InputError
        If there are not three powers, numbers of draws differ, or the threshold is not positive.
    MissingValueError
        If a draw is missing.
    """
    if len(draws) != 3:
        raise InputError(f"A triangle has three powers, not {len(draws)}: {', '.join(draws)}.")
    table = {p: np.asarray(x, dtype=np.float64) for p, x in draws.items()}
    if len({x.shape for x in table.values()}) != 1 or next(iter(table.values())).ndim != 1:
        raise InputError(
            "The three powers have different numbers of draws. Give joint draws of one posterior."
        )
    lacking = [p for p, x in table.items() if not np.isfinite(x).all()]
    if lacking:
        raise MissingValueError(
            f"Draws of {', '.join(lacking)} are missing. Choose a time when all three vote."
        )
    if not (np.asarray(threshold) > 0).all():
        raise InputError(f"The threshold must be positive, not {threshold}.")
    pairs = list(combinations(sorted(table), 2))
    near = np.stack([np.abs(table[a] - table[b]) < threshold for a, b in pairs], axis=1)
    rows = []
    for pattern, share in zip(*_shares(near), strict=True):
        found = classify({pair: 1 if s else -1 for pair, s in zip(pairs, pattern, strict=True)})
        rows.append((found.kind, special(found), found.balanced, share))
    result = pd.DataFrame(rows, columns=["kind", "special", "balanced", "probability"])
    return result.sort_values(
        ["probability", "kind", "special"], ascending=[False, True, True], ignore_index=True
    )


def threshold_sensitivity(draws: Mapping[str, FloatArray], thresholds: Sequence[float]) -> pd.DataFrame:
    """Return the probabilities of :func:`triangle_probabilities` over several thresholds.

    Parameters
    ----------
    draws : power to its joint draws (k,)
    thresholds : distances to try, each once

    Returns
    -------
    DataFrame
        The same columns behind ``threshold``.

    Raises
    ------
    DuplicateLabelError
        If a threshold is given twice.
    """
    if len(set(thresholds)) != len(thresholds):
        raise DuplicateLabelError("A threshold is given twice. Give each once.")
    parts = [triangle_probabilities(draws, t).assign(threshold=t) for t in thresholds]
    table = pd.concat(parts, ignore_index=True)
    return table[["threshold", "kind", "special", "balanced", "probability"]]


def _shares(near: npt.NDArray[np.bool_]) -> tuple[list[tuple[bool, ...]], list[float]]:
    patterns, counts = np.unique(near, axis=0, return_counts=True)
    return [tuple(bool(x) for x in row) for row in patterns], [float(c) / len(near) for c in counts]


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
