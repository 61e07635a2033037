"""Scores of forecasts that are distributions of a number."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from suasion.errors import InputError
from suasion.types import FloatArray


def crps_normal(mean: ArrayLike, sd: ArrayLike, y: ArrayLike) -> FloatArray:
    """Continuous ranked probability score of normal forecasts, in the unit of ``y``; smaller is better.

    Parameters
    ----------
    mean, sd, y : arrays of one shape, or numbers
        Standard deviations are not negative; with zero the score is the absolute error.

    Returns
    -------
    ndarray
        ``sd (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi))`` with ``z = (y - mean) / sd``.

    Raises
    ------
    InputError
        If a standard deviation is negative.
    """
    from scipy.special import ndtr

    m, s, x = np.broadcast_arrays(*(np.asarray(part, dtype=float) for part in (mean, sd, y)))
    if (s < 0).any():
        raise InputError(f"A standard deviation is {float(s.min())}; it cannot be negative.")
    z = np.divide(x - m, s, out=np.zeros_like(x), where=s > 0)
    density = np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
    score = s * (z * (2 * ndtr(z) - 1) + 2 * density - 1 / math.sqrt(math.pi))
    return np.asarray(np.where(s > 0, score, np.abs(x - m)))


def crps_sample(draws: ArrayLike, y: ArrayLike, *, fair: bool = True) -> FloatArray:
    """Continuous ranked probability score of forecasts given as draws.

    Parameters
    ----------
    draws : (..., m) draws of each forecast
    y : (...) outcomes
    fair : whether to correct for the number of draws, so that the expectation is that of the distribution itself

    Returns
    -------
    ndarray
        (...), in the unit of ``y``.

    Raises
    ------
    InputError
        If there are fewer than two draws, or one is NaN.
    """
    sample = np.sort(np.asarray(draws, dtype=float), axis=-1)
    m = sample.shape[-1]
    if m < 2 or np.isnan(sample).any():
        raise InputError(
            f"A sample needs at least two draws and no NaN; got {m} draws, {int(np.isnan(sample).sum())} NaN."
        )
    near = np.abs(sample - np.asarray(y, dtype=float)[..., None]).mean(-1)
    # Sum over pairs |x_i - x_j| from the order statistics.
    pairs = 2.0 * (sample * (2.0 * np.arange(1, m + 1) - m - 1)).sum(-1)
    return np.asarray(near - pairs / (2.0 * m * (m - 1 if fair else m)))


def coverage(low: ArrayLike, high: ArrayLike, y: ArrayLike) -> float:
    """Share of outcomes inside their intervals, ends included.

    Parameters
    ----------
    low, high, y : arrays of one shape

    Returns
    -------
    float

    Raises
    ------
    InputError
        If an interval ends before it begins.
    """
    a, b, x = (np.asarray(part, dtype=float) for part in (low, high, y))
    if (a > b).any():
        raise InputError("An interval ends before it begins: low is above high.")
    return float(((a <= x) & (x <= b)).mean())
