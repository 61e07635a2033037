"""Similarity of foreign policy portfolios: S, Scott's pi, Cohen's kappa and tau-b.

A portfolio is a vector with one entry per item: commitments to each state (0 none, 1 entente, 2 neutrality
or non-aggression, 3 defence), votes (1 yes, 2 abstain, 3 no), memberships. All four coefficients lie between
-1 and 1 and are 1 for equal portfolios; they differ in what they call unrelated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from suasion.errors import InputError, MissingValueError
from suasion.types import FloatArray

Distance = Literal["absolute", "squared"]
Numbers = Sequence[float] | npt.NDArray[np.float64] | npt.NDArray[np.int64]


def s_score(
    x: Numbers,
    y: Numbers,
    scale: float | Numbers,
    weights: Numbers | None = None,
    distance: Distance = "absolute",
) -> float:
    """Return the similarity S of two portfolios, from -1 (as far apart as conceivable) to 1 (equal).

    S = 1 - (2 / sum w) sum w d(x, y), with d = abs(x - y) / scale or its square.

    Parameters
    ----------
    x, y : portfolios of the same n items. Several blocks (alliances, votes, ...) are put behind each other, each item
        with the scale and the weight of its block.
    scale : conceivable range of each item (3 for commitments 0 to 3, 2 for votes 1 to 3), not the observed one
    weights : weight of each item, >= 0; equal without it
    distance : {"absolute", "squared"}
        The original's absolute distance, or its square.

    Returns
    -------
    float

    Raises
    ------
    InputError
        If lengths differ, a weight is negative, all are zero, a scale is not positive or is exceeded.
    MissingValueError
        If a value is missing.

    Notes
    -----
    Common absent ties raise S: two states without any ally have S = 1. :func:`scott_pi` and
    :func:`cohen_kappa` correct for that.

    Examples
    --------
    >>> s_score([3, 2, 0], [3, 0, 0], scale=3)  # doctest: +ELLIPSIS
    0.555...
    """
    a, b, w = _portfolios(x, y, weights)
    span = np.broadcast_to(np.asarray(scale, dtype=np.float64), a.shape)
    if not (span > 0).all():
        raise InputError(
            f"The scale of item {_first(~(span > 0))} is not positive. Give its conceivable range."
        )
    gap = np.abs(a - b) / span
    if (gap > 1.0 + 1e-12).any():
        raise InputError(
            f"Item {_first(gap > 1.0 + 1e-12)} differs by more than its scale. Give the conceivable range of each item."
        )
    if distance not in ("absolute", "squared"):
        raise InputError(f"`distance` is {distance!r}; give 'absolute' or 'squared'.")
    gap = gap if distance == "absolute" else gap**2
    return float(1.0 - 2.0 * (w @ gap) / w.sum())


def scott_pi(x: Numbers, y: Numbers, weights: Numbers | None = None, power: float = 2.0) -> float:
    """Return Scott's pi: agreement beyond chance, both portfolios drawn from their average marginal.

    pi = 1 - D / E; D = mean of abs(x - y)**power; E = the same for independent draws from the average of
    the two distributions of values.

    Parameters
    ----------
    x, y : portfolios of the same items
    weights : weight of each item, >= 0; equal without it
    power : power of the distance: 1 absolute, 2 squared.

    Returns
    -------
    float
        1 for equal portfolios, 0 for agreement by chance, at least -1; NaN where both hold one and the same
        value throughout, for then chance explains everything.

    Raises
    ------
    InputError
        If lengths differ, a weight is negative, or the power is not positive.
    MissingValueError
        If a value is missing.
    """
    a, b, w = _portfolios(x, y, weights)
    values, left, right = _marginals(a, b, w)
    middle = (left + right) / 2.0
    return _beyond_chance(a, b, w, values, (middle, middle), power)


def cohen_kappa(x: Numbers, y: Numbers, weights: Numbers | None = None, power: float = 2.0) -> float:
    """Return Cohen's weighted kappa: agreement beyond chance, each portfolio with its own marginal.

    Parameters
    ----------
    x, y : portfolios of the same items
    weights : weight of each item, >= 0; equal without it
    power : power of the distance: 1 absolute, 2 squared.

    Returns
    -------
    float
        1 for equal portfolios, 0 for agreement by chance; NaN where both hold one and the same value
        throughout.

    Raises
    ------
    InputError
        If lengths differ, a weight is negative, or the power is not positive.
    MissingValueError
        If a value is missing.
    """
    a, b, w = _portfolios(x, y, weights)
    values, left, right = _marginals(a, b, w)
    return _beyond_chance(a, b, w, values, (left, right), power)


def tau_b(x: Numbers, y: Numbers) -> float:
    """Return Kendall's tau-b, the rank correlation of two portfolios.

    Parameters
    ----------
    x, y : portfolios of the same items

    Returns
    -------
    float
        NaN where one portfolio has a single value throughout. Rank correlation is not similarity: portfolios
        can be in the same order and far apart.

    Raises
    ------
    InputError
        If lengths differ.
    MissingValueError
        If a value is missing.
    """
    a, b, _ = _portfolios(x, y, None)
    if np.ptp(a) == 0.0 or np.ptp(b) == 0.0:
        return float("nan")
    return _tau_b(a, b)


def _tau_b(a: FloatArray, b: FloatArray) -> float:
    """Tau-b from the table of the values' joint counts: commitments and votes have few levels."""
    levels, rows = np.unique(a, return_inverse=True)
    others, columns = np.unique(b, return_inverse=True)
    table = np.zeros((levels.size, others.size))
    np.add.at(table, (rows, columns), 1.0)
    # Counts of pairs of which the second member is strictly below, and to the right or to the left.
    below = table[::-1].cumsum(0)[::-1] - table
    right = below[:, ::-1].cumsum(1)[:, ::-1] - below
    left = below.cumsum(1) - below
    pairs, (ties_a, ties_b) = a.size * (a.size - 1), (table.sum(1), table.sum(0))
    free = [pairs - float((ties * (ties - 1.0)).sum()) for ties in (ties_a, ties_b)]
    return float(2.0 * (table * (right - left)).sum() / (free[0] * free[1]) ** 0.5)


def _portfolios(x: Numbers, y: Numbers, weights: Numbers | None) -> tuple[FloatArray, FloatArray, FloatArray]:
    a, b = (np.asarray(values, dtype=np.float64) for values in (x, y))
    if a.ndim != 1 or a.shape != b.shape or not a.size:
        raise InputError(
            f"The portfolios have shapes {a.shape} and {b.shape}. "
            "Give two vectors over the same items, in the same order."
        )
    w = np.ones_like(a) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != a.shape or not (w >= 0).all() or not w.sum() > 0:
        raise InputError(f"`weights` must be {a.size} numbers >= 0, not all zero, one for each item.")
    lacking = ~np.isfinite(a) | ~np.isfinite(b)
    if lacking.any():
        raise MissingValueError(
            f"Item {_first(lacking)} has no value in one portfolio ({lacking.sum()} items in all). "
            "Missing is not zero: drop those items from both, or fill them on purpose."
        )
    return a, b, w


def _first(wrong: npt.NDArray[np.bool_]) -> int:
    return int(np.flatnonzero(wrong)[0])


def _marginals(a: FloatArray, b: FloatArray, w: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    values, place = np.unique(np.concatenate([a, b]), return_inverse=True)
    left, right = (np.bincount(p, w, values.size) / w.sum() for p in np.split(place, 2))
    return values, left, right


def _beyond_chance(
    a: FloatArray,
    b: FloatArray,
    w: FloatArray,
    values: FloatArray,
    marginals: tuple[FloatArray, FloatArray],
    power: float,
) -> float:
    if not power > 0:
        raise InputError(
            f"`power` is {power}; give a positive number, 1 for absolute and 2 for squared distance."
        )
    observed = float(w @ np.abs(a - b) ** power / w.sum())
    apart = np.abs(values[:, None] - values[None, :]) ** power
    expected = float(marginals[0] @ apart @ marginals[1])
    return 1.0 - observed / expected if expected > 0.0 else float("nan")
