"""Bands that hold as often as they say: raw quantiles are read at the places where past outcomes fell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suasion.types import FloatArray

RAW = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Probabilities of the quantiles that are fitted."""
LEVELS = np.arange(1, 100) / 100.0
"""Probabilities of a forecast: per cents."""
CLASSES = 9
OWN = 300.0
"""Outcomes at which a class counts as much as all classes together (prototype's choice, before these tests)."""


def _z(p: ArrayLike) -> FloatArray:
    from scipy.special import ndtri

    return np.asarray(ndtri(p))


def places(quantiles: FloatArray, y: FloatArray) -> FloatArray:
    """Where outcomes fall among raw quantiles, as normal scores; beyond the ends by the outer half widths.

    quantiles: (R, 7) ascending, at :data:`RAW`.
    y: (R,).
    """
    knots = _z(RAW)
    found = np.empty(y.size)
    inside = (quantiles[:, :-1] <= y[:, None]) & (y[:, None] < quantiles[:, 1:])
    cell = np.where(inside.any(1), inside.argmax(1), np.where(y < quantiles[:, 0], -1, len(RAW) - 1))
    low, high = (y < quantiles[:, 0]), (y >= quantiles[:, -1])
    mid = ~(low | high)
    c, rows = cell[mid], np.flatnonzero(mid)
    left, right = quantiles[rows, c], quantiles[rows, c + 1]
    found[mid] = knots[c] + (knots[c + 1] - knots[c]) * (y[mid] - left) / np.maximum(right - left, 1e-12)
    centre = quantiles[:, len(RAW) // 2]
    for end, which in ((0, low), (-1, high)):
        half = np.maximum(np.abs(quantiles[which, end] - centre[which]), 1e-9)
        found[which] = knots[end] * (1 + np.abs(y[which] - quantiles[which, end]) / half)
    return found


def read_at(quantiles: FloatArray, scores: FloatArray) -> FloatArray:
    """Values (R, levels) of the raw quantiles at normal scores (R, levels): the inverse of :func:`places`."""
    knots = _z(RAW)
    cell = np.clip(np.searchsorted(knots, scores) - 1, 0, len(RAW) - 2)
    rows = np.arange(len(quantiles))[:, None]
    left, right = quantiles[rows, cell], quantiles[rows, cell + 1]
    inner = left + (right - left) * (scores - knots[cell]) / (knots[cell + 1] - knots[cell])
    centre = quantiles[:, [len(RAW) // 2]]
    low = quantiles[:, [0]] - (scores / knots[0] - 1) * (centre - quantiles[:, [0]])
    high = quantiles[:, [-1]] + (scores / knots[-1] - 1) * (quantiles[:, [-1]] - centre)
    return np.asarray(np.where(scores < knots[0], low, np.where(scores > knots[-1], high, inner)))


def bands_of(
    scores: FloatArray, classes: NDArray[np.intp], weights: FloatArray, wider: float = 1.0
) -> FloatArray:
    """Learn from past outcomes the normal scores at which raw quantiles are read: (classes, 99), ascending.

    scores: (n,) of past outcomes, from :func:`places`.
    classes: (n,).
    weights: (n,).
    wider: factor on the outer scores.
    """
    pooled = weighted_quantiles(scores, weights, LEVELS)
    table = np.empty((CLASSES, LEVELS.size))
    for k in range(CLASSES):
        mine = classes == k
        part = mine.sum() / (mine.sum() + OWN)
        own = weighted_quantiles(scores[mine], weights[mine], LEVELS) if mine.any() else pooled
        table[k] = part * own + (1 - part) * pooled
    outer = (LEVELS < 0.15) | (LEVELS > 0.85)
    table[:, outer] *= wider
    return np.sort(table, axis=1)


def weighted_quantiles(values: FloatArray, weights: FloatArray, levels: FloatArray) -> FloatArray:
    """Quantiles of weighted values."""
    order = np.argsort(values)
    sorted_weights = weights[order]
    reached = (np.cumsum(sorted_weights) - 0.5 * sorted_weights) / sorted_weights.sum()
    return np.asarray(np.interp(levels, reached, values[order]))


def crps_of(quantiles: FloatArray, y: FloatArray) -> FloatArray:
    """Score (R,) of forecasts given by quantiles (R, 99) at :data:`LEVELS`: twice the mean pinball loss."""
    gap = y[:, None] - quantiles
    return np.asarray(2.0 * np.maximum(LEVELS * gap, (LEVELS - 1) * gap).mean(1))


def mixed(parts: Sequence[FloatArray], weights: ArrayLike) -> FloatArray:
    """Quantiles (R, 99) of the linear pool of forecasts given by theirs.

    parts: each (R, 99) at :data:`LEVELS`.
    weights: one a part, not negative, sum one.
    """
    each = np.asarray(weights, dtype=float)
    values = np.concatenate(parts, axis=1)
    masses = np.broadcast_to(np.repeat(each / LEVELS.size, LEVELS.size), values.shape)
    order = np.argsort(values, axis=1)
    values, masses = np.take_along_axis(values, order, 1), np.take_along_axis(masses, order, 1)
    reached = masses.cumsum(1) - 0.5 * masses
    return np.stack([np.interp(LEVELS, r, v) for r, v in zip(reached, values, strict=True)])


def with_shift(odds: FloatArray, part: float, sd: float) -> FloatArray:
    """Mix a forecast with a wide normal around its median: a break of the regime, which the past shows seldom.

    odds: (R, 99) log odds at :data:`LEVELS`.
    part: probability of a break.
    sd: of the normal, in log odds.
    """
    centre = odds[:, [LEVELS.size // 2]]
    return mixed([odds, centre + sd * _z(LEVELS)], [1 - part, part]) if part else odds
