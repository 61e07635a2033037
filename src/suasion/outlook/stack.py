"""Weights for several forecasts by what they achieved: linear pools that maximise the past log score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from suasion.errors import InputError


@dataclass(frozen=True, slots=True)
class PoolWeights:
    """Weights of a pool of forecasts.

    Attributes
    ----------
    names : tuple of str
    weights : not negative, sum one
    score : mean log density of the pool over the past outcomes, in nats; larger is better
    best : the same of the best single forecast
    """

    names: tuple[str, ...]
    weights: tuple[float, ...]
    score: float
    best: float


def stack_weights(names: tuple[str, ...], densities: ArrayLike, *, tolerance: float = 1e-10) -> PoolWeights:
    """Weights that maximise the pool's mean log density; the problem is concave, so the optimum is global.

    Parameters
    ----------
    names : (k,)
    densities : (n, k) predictive density that each forecast gave to each past outcome; not negative
    tolerance : gain of the mean log density at which the EM iteration stops

    Returns
    -------
    PoolWeights

    Raises
    ------
    InputError
        If shapes do not fit, a density is negative or NaN, or some outcome was impossible for all.
    """
    density = np.asarray(densities, dtype=float)
    if density.ndim != 2 or density.shape[1] != len(names) or not density.shape[0]:
        raise InputError(f"Densities must be (outcomes, {len(names)}); got {density.shape}.")
    if not (density >= 0).all() or not density.any(1).all():
        raise InputError(
            "A density is negative or missing, or an outcome had density zero under every forecast."
        )
    weights = np.full(len(names), 1.0 / len(names))
    score = -np.inf
    for _ in range(100_000):
        mixed = density @ weights
        new = float(np.log(mixed).mean())
        if new - score < tolerance:
            break
        score = new
        weights = weights * (density / mixed[:, None]).mean(0)
    with np.errstate(divide="ignore"):
        best = float(np.log(density).mean(0).max())
    return PoolWeights(tuple(names), tuple(float(w) for w in weights / weights.sum()), score, best)
