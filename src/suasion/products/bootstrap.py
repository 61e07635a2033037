"""Bootstrap over years, exactly: all samples with replacement are counted, none is drawn.

With few years there are few different samples (126 of five years), so that the distribution over all of them is
known and needs neither draws nor a seed.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations_with_replacement
from math import comb, factorial, prod

import numpy as np

from suasion.errors import InputError
from suasion.products.indicators import NEEDED, SPAN
from suasion.quotient import over
from suasion.types import FloatArray

MOST_YEARS = 8
"""With eight years there are 6,435 different samples; more would only cost time."""


def rule_probability(flags: FloatArray, draws: int = SPAN, needed: int = NEEDED) -> FloatArray:
    """Probability that the rule holds for years drawn with replacement.

    Parameters
    ----------
    flags : (Y, ...)
        1, 0 or NaN (no record: such a year is not drawn).
    draws, needed : years drawn, and how many of them must be flagged

    Returns
    -------
    (...)
        0 to 1; NaN where no year has a record.

    Notes
    -----
    With the share p of flagged years, the number flagged among the draws is binomial.
    """
    known = (~np.isnan(flags)).sum(axis=0)
    share = over(np.nansum(flags, axis=0), known, np.nan)
    return np.asarray(
        sum(comb(draws, n) * share**n * (1.0 - share) ** (draws - n) for n in range(needed, draws + 1))
    )


def mean_band(values: FloatArray, level: float = 0.9) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean over years and its bootstrap band.

    Parameters
    ----------
    values : (Y, N) one row a year; NaN where missing. A column with a missing year has no band.
    level : probability inside the band

    Returns
    -------
    mean, low, high : (N,)

    Raises
    ------
    InputError
        If there are more than :data:`MOST_YEARS` years, or none.
    """
    years = values.shape[0]
    if not 1 <= years <= MOST_YEARS:
        raise InputError(f"The bootstrap takes 1 to {MOST_YEARS} years; {years} were given.")
    counts, weights = _samples(years)
    means = counts @ values / years
    order = np.argsort(means, axis=0)
    ranked = np.take_along_axis(means, order, axis=0)
    mass = np.cumsum(weights[order], axis=0)
    tail = (1.0 - level) / 2.0
    low = np.take_along_axis(ranked, (mass >= tail - 1e-12).argmax(axis=0)[None], axis=0)[0]
    high = np.take_along_axis(ranked, (mass >= 1.0 - tail - 1e-12).argmax(axis=0)[None], axis=0)[0]
    return np.asarray(values.mean(axis=0)), low, high


def mean_error(values: FloatArray) -> FloatArray:
    """Bootstrap standard error of the mean over years.

    Parameters
    ----------
    values : (Y, ...)
        NaN where missing.

    Returns
    -------
    (...)
        NaN where a year is missing.

    Notes
    -----
    Over all samples with replacement the variance of the mean is the variance of the years over their number.
    """
    return np.asarray(values.std(axis=0) / np.sqrt(values.shape[0]))


@cache
def _samples(years: int) -> tuple[FloatArray, FloatArray]:
    """Different samples as counts by year, and their probabilities."""
    rows = [
        [pick.count(year) for year in range(years)]
        for pick in combinations_with_replacement(range(years), years)
    ]
    weights = [factorial(years) / prod(map(factorial, row)) / years**years for row in rows]
    return np.array(rows, dtype=np.float64), np.array(weights, dtype=np.float64)
