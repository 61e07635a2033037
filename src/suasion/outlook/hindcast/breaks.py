"""Breaks: how often a share leaves its path, how far it then goes, and what that does to the odds of passing a level.

A break is a yearly change of the log odds beyond a threshold. The hazard is its rate per pair and year, with the
posterior interval of a Poisson rate under Jeffreys' prior. With it the path of log odds is a jump diffusion: small
steps, and rare jumps up or down, as far as breaks went. A break in the record (a reporter that stops, a mirror that
changes) counts like one in the world: rates of small states say more of their statistics than of their politics.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from suasion.errors import InputError
from suasion.outlook.hindcast.forms import BREAK
from suasion.outlook.histories import Panel
from suasion.outlook.passage import logit
from suasion.types import FloatArray


@dataclass(frozen=True, slots=True)
class BreakHazard:
    """How often and how far shares break.

    Attributes
    ----------
    source, measure : str
    threshold : float
        Change of the log odds in a year beyond which it is a break.
    breaks, dyad_years : int
        Counted changes beyond it, and all changes observed.
    rate, low, high : float
        Per pair and year: posterior mean ``(breaks + 1/2) / dyad_years`` and 90 % interval.
    up : float
        Share of the breaks that went up.
    size : float
        Root mean square of the breaks, in log odds.
    calm : float
        Standard deviation of the other changes.
    """

    source: str
    measure: str
    threshold: float
    breaks: int
    dyad_years: int
    rate: float
    low: float
    high: float
    up: float
    size: float
    calm: float


def break_hazard(
    panel: Panel, *, threshold: float = BREAK, least: float = 0.01, most: float = 1.0, level: float = 0.9
) -> BreakHazard:
    """Count breaks among all pairs with enough trade.

    Parameters
    ----------
    panel : shares
    threshold : of the yearly change of the log odds; ln 2 is odds that double or halve
    least, most : share at the start of the year, so that small and large ties can be told apart
    level : of the interval

    Returns
    -------
    BreakHazard
        A share that falls to zero, or starts there, has no log odds: its change is not counted.

    Raises
    ------
    InputError
        If the threshold or level is out of range, or no change is observed.
    """
    from scipy.special import gammaincinv

    if threshold <= 0 or not 0 < level < 1:
        raise InputError(
            f"The threshold is above zero and the level between 0 and 1; got {threshold}, {level}."
        )
    s = np.where((panel.shares > 0) & (panel.shares < 1), panel.shares, np.nan)
    change = np.diff(np.log(s) - np.log1p(-s), axis=1)
    used = np.isfinite(change) & (s[:, :-1] >= least) & (s[:, :-1] <= most)
    d = change[used]
    if not d.size:
        raise InputError(
            f"{panel.source} ({panel.measure}) has no change of a share between {least:g} and {most:g}."
        )
    broke = np.abs(d) > threshold
    count = int(broke.sum())
    ends = gammaincinv(count + 0.5, [(1 - level) / 2, (1 + level) / 2]) / d.size
    return BreakHazard(
        panel.source, panel.measure, threshold, count, int(d.size), (count + 0.5) / d.size, float(ends[0]),
        float(ends[1]), float((d[broke] > 0).mean()) if count else float("nan"),
        float(np.sqrt((d[broke] ** 2).mean())) if count else float("nan"),
        float(d[~broke].std()),
    )  # fmt: skip


def jump_passage(
    start: float,
    level: float,
    drift: float,
    volatility: float,
    years: int,
    hazard: float,
    size: float,
    up: float = 0.5,
    *,
    steps: int = 12,
    paths: int = 20_000,
    seed: int = 0,
) -> FloatArray:
    """Probability that a share has reached a level by the end of each year, when it may break.

    Between observations the path is bridged in closed form, so that without breaks the answer is that of
    :func:`suasion.outlook.passage_probability` but for simulation noise.

    Parameters
    ----------
    start, level : shares strictly between 0 and 1; a level below the start is reached from above
    drift, volatility : of the log odds between breaks, per year; volatility is above zero
    years : number of years
    hazard : breaks per year, not negative
    size : root mean square of a break in log odds, whose distance is half normal
    up : probability that a break goes up
    steps, paths, seed : observations a year, and the simulation

    Returns
    -------
    ndarray
        (years,) probabilities, not falling.

    Raises
    ------
    InputError
        If a share is outside (0, 1), volatility is not above zero, hazard or size is negative, ``up`` is no
        probability, or years are below one.
    """
    if volatility <= 0 or hazard < 0 or size < 0 or years < 1 or steps < 1 or not 0 <= up <= 1:
        raise InputError(
            "Volatility is above zero, hazard and size are not negative, years and steps at least 1, up is a "
            f"probability; got {volatility}, {hazard}, {size}, {years}, {steps}, {up}."
        )
    distance = logit(level) - logit(start)
    side = 1.0 if distance >= 0 else -1.0
    rng = np.random.default_rng(seed)
    gap = np.full(paths, abs(distance))
    missed = np.where(gap > 0, 1.0, 0.0)  # probability that a path has not passed yet
    span, found = 1.0 / steps, np.empty(years)
    for year in range(years):
        for _ in range(steps):
            move = side * drift * span + volatility * math.sqrt(span) * rng.standard_normal(paths)
            after = gap - move
            bridge = np.exp(-2 * np.maximum(gap, 0) * np.maximum(after, 0) / (volatility**2 * span))
            missed *= np.where((gap > 0) & (after > 0), 1 - bridge, 0.0)
            gap = after - side * _jumps(hazard * span, size, up, paths, rng)
            missed *= gap > 0
        found[year] = 1 - missed.mean()
    return found


def _jumps(hazard: float, size: float, up: float, paths: int, rng: np.random.Generator) -> FloatArray:
    """Jumps of a short time (paths,): at most one, zero for most."""
    jumped = rng.random(paths) < -math.expm1(-hazard)
    sign = np.where(rng.random(paths) < up, 1.0, -1.0)
    return np.asarray(jumped * sign * size * np.abs(rng.standard_normal(paths)))
