"""Whether one forecast beats another, and by how much."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from suasion.errors import InputError


@dataclass(frozen=True, slots=True)
class DieboldMariano:
    """Test of equal accuracy.

    Attributes
    ----------
    difference : mean loss of the first forecast less that of the second; negative: the first is better.
    statistic, p_value : studentised difference and its two-sided probability
    """

    difference: float
    statistic: float
    p_value: float


def skill(score: float, reference: float) -> float:
    """Share of the reference's score that a forecast saves: 1 is perfect, 0 is no better, below 0 is worse.

    Parameters
    ----------
    score, reference : of one kind, smaller is better

    Returns
    -------
    float
        NaN where the reference is zero.
    """
    return float("nan") if reference == 0 else 1.0 - score / reference


def diebold_mariano(first: ArrayLike, second: ArrayLike, horizon: int = 1) -> DieboldMariano:
    """Compare two series of losses in time order.

    Long-run variance with Bartlett weights over ``horizon - 1`` lags, the small-sample factor of Harvey, Leybourne and
    Newbold, and Student's t with n - 1 degrees of freedom.

    Parameters
    ----------
    first, second : (n,) losses of the two forecasts of the same outcomes
    horizon : steps ahead, at least 1

    Returns
    -------
    DieboldMariano

    Raises
    ------
    InputError
        If the series differ in length, are shorter than three, or the horizon is below one.
    """
    from scipy.special import stdtr

    d = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    n = d.size
    if np.shape(first) != np.shape(second) or d.ndim != 1 or n < 3 or horizon < 1:
        raise InputError(
            f"The test needs two series of one length of at least 3, and a horizon; got {n}, {horizon}."
        )
    mean, centred = float(d.mean()), d - d.mean()
    lags = range(1, min(horizon, n))
    variance = float(centred @ centred) / n
    variance += 2 * sum((1 - k / horizon) * float(centred[k:] @ centred[:-k]) / n for k in lags)
    if variance <= 0:
        return DieboldMariano(
            mean, 0.0 if mean == 0 else math.copysign(math.inf, mean), 1.0 if mean == 0 else 0.0
        )
    factor = math.sqrt(max(n + 1 - 2 * horizon + horizon * (horizon - 1) / n, 1.0) / n)
    statistic = factor * mean / math.sqrt(variance / n)
    return DieboldMariano(mean, statistic, float(2 * stdtr(n - 1, -abs(statistic))))
