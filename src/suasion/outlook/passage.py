"""When a share passes a level: closed form and simulation for a random walk with drift in logits."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from suasion.errors import InputError


def logit(share: float) -> float:
    """Log odds of a share.

    Raises
    ------
    InputError
        If it is not strictly between 0 and 1.
    """
    if not 0.0 < share < 1.0:
        raise InputError(f"A share is {share}; log odds need one strictly between 0 and 1 (17 % is 0.17).")
    return math.log(share) - math.log1p(-share)


def passage_probability(start: float, level: float, drift: float, volatility: float, years: float) -> float:
    """Probability that a share reaches a level at least once within some years.

    The log odds follow a Brownian motion with drift; the formula is that of its first passage.

    Parameters
    ----------
    start, level : shares strictly between 0 and 1; a level not above the start is passed at once
    drift : of the log odds, per year
    volatility : standard deviation of the log odds' yearly change, not negative
    years : not negative

    Returns
    -------
    float

    Raises
    ------
    InputError
        If a share is outside (0, 1), or volatility or years are negative.
    """
    from scipy.special import log_ndtr, ndtr

    if volatility < 0 or years < 0:
        raise InputError(f"Volatility and years cannot be negative; got {volatility} and {years}.")
    distance = logit(level) - logit(start)
    if distance <= 0:
        return 1.0
    spread = volatility * math.sqrt(years)
    if spread == 0:
        return float(drift * years >= distance)
    direct = float(ndtr((drift * years - distance) / spread))
    reflected = float(log_ndtr((-drift * years - distance) / spread)) + 2 * drift * distance / volatility**2
    return min(1.0, direct + math.exp(min(reflected, 0.0)))


def simulated_passage(
    start: float,
    level: float,
    drift: float,
    volatility: float,
    years: int,
    *,
    paths: int = 20_000,
    steps: int = 1,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Share of simulated paths that have reached a level by the end of each year.

    Parameters
    ----------
    start, level, drift, volatility : as in :func:`passage_probability`
    years : number of years
    paths, seed : of the simulation
    steps : observations a year; a path that passes the level between two observations and falls back is not seen, so
        that the simulated probability rises to the closed form as steps grow

    Returns
    -------
    ndarray
        (years,) probabilities, not falling.

    Raises
    ------
    InputError
        As :func:`passage_probability`.
    """
    if volatility < 0 or years < 1:
        raise InputError(
            f"Volatility cannot be negative and years must be at least 1; got {volatility}, {years}."
        )
    distance = logit(level) - logit(start)
    rng = np.random.default_rng(seed)
    position, passed = np.zeros(paths), np.full(paths, distance <= 0)
    found = np.empty(years)
    for year in range(years):
        for _ in range(steps):
            position += drift / steps + volatility / math.sqrt(steps) * rng.standard_normal(paths)
            passed |= position >= distance
        found[year] = passed.mean()
    return found
