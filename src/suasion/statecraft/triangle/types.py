"""Triangles of three powers: signs of the edges, Dittmer's types, pivot, balance, probabilities.

An edge is positive where two powers are nearer to each other than a threshold. The soft weight of an edge at
distance d is 1 - d / threshold, held between -1 and 1. What triangle it is depends on the threshold: results
over several thresholds belong beside any single one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.errors import DuplicateLabelError, InputError, MissingValueError
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
