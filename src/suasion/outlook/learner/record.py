"""What a forecast of shares may know, and bands of what it does not: errors by class of size and of the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suasion.outlook.histories import Flows, Measure, Panel, panel_of, sides_of
from suasion.types import FloatArray

LEAST_ODDS = 1e-4
"""Shares nearer to 0 or 1 are taken there when log odds are needed: a flow below it is mostly a matter of reporting."""


@dataclass(frozen=True, slots=True)
class ShareRecord:
    """Shares of all pairs and what goes with them, by year.

    panel: shares; NaN in years without a record.
    known: (D, Y) bool: whether a share is on record, so that a forecast of it can be learnt from and scored.
      A share that was patched is used to look back, and is no outcome.
    odds: (D, Y) log odds of the shares; years without a record on a straight line between their neighbours.
    mirror: (D, Y) log odds of the share of ``of`` in the trade of the partner.
    own, other: (D, Y) logarithm of the share of ``of`` and of the partner in the world's trade.
    spread: (D, Y) concentration of the trade of ``of``: the sum of its squared shares.
    steady: whether only pairs are forecast that traded in every year looked back at, as in the hindcasts:
      single goods are sold to many buyers in some years only.
    """

    panel: Panel
    known: NDArray[np.bool_]
    odds: FloatArray
    mirror: FloatArray
    own: FloatArray
    other: FloatArray
    spread: FloatArray
    steady: bool = False

    @property
    def years(self) -> NDArray[np.int64]:
        """(Y,) whole numbers."""
        return self.panel.years


LEAST_SIZE = 1e-12
"""Least share in the world trade whose logarithm is told apart."""


def record_of_shares(
    flows: Flows,
    measure: Measure = "turnover",
    holes: NDArray[np.bool_] | None = None,
    steady: bool = False,
) -> ShareRecord:
    """Lay out what forecasts of shares may know.

    flows: a year in which all is NaN has no record.
    measure: ``turnover``, ``exports`` or ``imports``.
    holes: (Y, N, N) flows that are patched.
    steady: of :class:`ShareRecord`.
    """
    panel = panel_of(flows, measure)
    place = {code: n for n, code in enumerate(flows.countries)}
    i, j = (np.array([place[code] for code in side]) for side in (panel.of, panel.partner))
    mine: FloatArray = np.sum(sides_of(np.nan_to_num(flows.values), measure), axis=0)
    theirs = mine.transpose(0, 2, 1)
    recorded = np.asarray(~np.isnan(flows.values).all((1, 2)))
    whole, others = mine.sum(2), theirs.sum(2)
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = ((mine / whole[:, :, None]) ** 2).sum(2)
        mirrored = mine[:, i, j].T / others[:, j].T
        sizes = [
            np.log(np.maximum(part / part.sum(1, keepdims=True), LEAST_SIZE)) for part in (whole, others)
        ]
    known = np.broadcast_to(recorded, panel.shares.shape) & np.isfinite(panel.shares)
    if holes is not None:
        known = known & ~np.any(sides_of(holes, measure), axis=0)[:, i, j].T
    parts = (odds_of(panel.shares), odds_of(mirrored), sizes[0][:, i].T, sizes[1][:, j].T, squares[:, i].T)
    odds, mirror, own, other, spread = (bridged(part, recorded) for part in parts)
    return ShareRecord(panel, known, odds, mirror, own, other, spread, steady)


def odds_of(shares: FloatArray) -> FloatArray:
    """Log odds of shares, kept :data:`LEAST_ODDS` away from 0 and 1; NaN stays."""
    inside = np.clip(shares, LEAST_ODDS, 1 - LEAST_ODDS)
    return np.asarray(np.log(inside) - np.log1p(-inside))


def shares_of(odds: FloatArray) -> FloatArray:
    """Shares of log odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def bridged(values: FloatArray, recorded: NDArray[np.bool_]) -> FloatArray:
    """Lay years without a record on a straight line between their neighbours.

    values: (D, Y).
    recorded: (Y,).
    """
    at = np.flatnonzero(recorded)
    filled = values.copy()
    for year in np.flatnonzero(~recorded):
        after = np.searchsorted(at, year)
        if 0 < after < at.size:
            left, right = at[after - 1], at[after]
            part = (year - left) / (right - left)
            filled[:, year] = (1 - part) * values[:, left] + part * values[:, right]
    return filled


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
