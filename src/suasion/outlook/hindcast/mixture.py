"""Forecasts of a share as mixtures of Student's t in log odds, and how they score; closed forms but for the CRPS."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suasion.errors import InputError
from suasion.types import FloatArray

POINTS = 64
"""Quantiles that stand for one part of a mixture in the CRPS: the error is below 1 % of the score."""
EDGE = 1e-6
"""Shares nearer to 0 or 1 than this are taken there when their log odds are needed."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """Forecasts of log odds, one a row, each a mixture of K Student's t.

    centre, scale, degrees, weight: (D, K); scales are positive, degrees of freedom above zero, weights of a
      row sum to one.
    """

    centre: FloatArray
    scale: FloatArray
    degrees: FloatArray
    weight: FloatArray

    @staticmethod
    def single(centre: FloatArray, scale: FloatArray, degrees: ArrayLike) -> Mixture:
        """Return a mixture of one part."""
        d = np.broadcast_to(np.asarray(degrees, dtype=float), centre.shape)
        return Mixture(centre[:, None], scale[:, None], d[:, None], np.ones((centre.size, 1)))

    def rows(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Mixture:
        """Forecasts of some rows."""
        return Mixture(self.centre[chosen], self.scale[chosen], self.degrees[chosen], self.weight[chosen])

    def pit(self, share: ArrayLike) -> FloatArray:
        """Probability that the share is at most the outcome (D,)."""
        from scipy.special import stdtr

        z = (logits(share)[:, None] - self.centre) / self.scale
        return np.asarray((self.weight * stdtr(self.degrees, z)).sum(1))

    def density(self, share: ArrayLike) -> FloatArray:
        """Density of the log odds of the outcome (D,)."""
        from scipy.special import gammaln

        v = self.degrees
        z = (logits(share)[:, None] - self.centre) / self.scale
        log = gammaln((v + 1) / 2) - gammaln(v / 2) - 0.5 * np.log(v * math.pi) - np.log(self.scale)
        return np.asarray((self.weight * np.exp(log - (v + 1) / 2 * np.log1p(z**2 / v))).sum(1))

    def _points(self) -> tuple[FloatArray, FloatArray]:
        """Shares that stand for the forecast, ascending, and their weights: both (D, K POINTS)."""
        from scipy.special import expit, stdtrit

        level = (np.arange(POINTS) + 0.5) / POINTS
        # One table of quantiles for each of the few degrees of freedom, not one for each forecast.
        kinds, place = np.unique(self.degrees, return_inverse=True)
        unit = stdtrit(kinds[:, None], level)[place.reshape(self.degrees.shape)]
        points = expit(self.centre[..., None] + self.scale[..., None] * unit).reshape(
            len(self.centre), self.centre.shape[1] * POINTS
        )
        weight = np.repeat(self.weight / POINTS, POINTS, axis=1)
        if self.centre.shape[1] == 1:
            return points, weight
        order = np.argsort(points, axis=1)
        return np.take_along_axis(points, order, 1), np.take_along_axis(weight, order, 1)

    def crps(self, share: ArrayLike) -> FloatArray:
        """Continuous ranked probability score in shares (D,), smaller is better."""
        points, weight = self._points()
        near = (weight * np.abs(points - np.asarray(share, dtype=float)[:, None])).sum(1)
        below = weight.cumsum(1) - weight
        spread = (weight * points * (2 * below + weight - 1)).sum(1)
        return np.asarray(near - spread)

    def quantiles(self, levels: Sequence[float]) -> FloatArray:
        """Shares at some probabilities (D, levels), by bisection of the distribution function."""
        from scipy.special import expit

        low, high = np.full((2, len(self.centre), len(levels)), [[[-40.0]], [[40.0]]])
        for _ in range(60):
            middle = 0.5 * (low + high)
            passed = np.column_stack([self.pit(expit(column)) for column in middle.T]) >= np.asarray(levels)
            low, high = np.where(passed, low, middle), np.where(passed, middle, high)
        return np.asarray(expit(0.5 * (low + high)))


def pool(parts: Sequence[Mixture], weights: ArrayLike) -> Mixture:
    """Mix forecasts of the same rows.

    parts: forecasts.
    weights: of each, not negative, sum one.
    Raises InputError if there is not one weight for each part, or weights do not sum to one.
    """
    w = np.asarray(weights, dtype=float)
    if w.shape != (len(parts),) or (w < 0).any() or abs(w.sum() - 1) > 1e-9:
        raise InputError(
            f"A pool of {len(parts)} needs as many weights, not negative, that sum to 1; got {w.tolist()}."
        )
    used = [(part, x) for part, x in zip(parts, w, strict=True) if x > 0]
    return Mixture(
        np.hstack([part.centre for part, _ in used]),
        np.hstack([part.scale for part, _ in used]),
        np.hstack([part.degrees for part, _ in used]),
        np.hstack([part.weight * x for part, x in used]),
    )


def logits(share: ArrayLike) -> FloatArray:
    """Log odds of shares, those at the ends moved inside by :data:`EDGE`."""
    s = np.clip(np.asarray(share, dtype=float), EDGE, 1 - EDGE)
    return np.asarray(np.log(s) - np.log1p(-s))
