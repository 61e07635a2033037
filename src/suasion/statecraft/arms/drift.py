r"""Where a share drifts: its level over time and beyond the data, with a band.

The log odds of the share in one year are y_t = mu_t + e_t; their level is a random walk with drift,
mu_t = mu_(t-1) + d + h_t. The drift and the first level have flat priors. Of the variance of a year's change,
the part lambda = Var(h) / (Var(h) + Var(e)) is the level's; it is uniform between 0 (a straight line with noise) and 1
(a random walk), and the band is averaged over it, over the scale (t distribution) and over drift and level.
A year without trade is missing. Shares nearer to 0 or 1 than the floor are taken at the floor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.types import FloatArray

LEAST = 8
"""Years with a share that a drift needs at least."""
_GRID = np.linspace(0.0, 1.0, 41)


@dataclass(frozen=True, slots=True)
class Drift:
    """A share's level with its band, and its drift.

    Attributes
    ----------
    table : ``year``, ``share`` (missing beyond the data), ``level`` (median), ``low``, ``high`` (5th and 95th of 100)
        of the level, ``year_low`` and ``year_high`` of a single year's share, ``projected``
    drift, drift_low, drift_high : drift of the log odds a year: median and 90 % band.
    falling : share of the draws in which the drift is negative
    draws : int
    floor : shares nearer to 0 or 1 are taken at it
    floored : years in which that was so
    """

    table: pd.DataFrame
    drift: float
    drift_low: float
    drift_high: float
    falling: float
    draws: int
    floor: float
    floored: int


Fit = tuple[float, FloatArray, FloatArray, float, float, float]
"""For one lambda: log weight; mean and sd of the level; sd of a year's noise; drift and its sd. Location and scale are
those of a t with n - 2 degrees of freedom."""


def share_drift(
    shares: pd.Series[float], last: int, floor: float = 0.01, draws: int = 8000, seed: int = 0
) -> Drift:
    """Estimate the drift of a yearly share and carry it forward.

    Parameters
    ----------
    shares : share by year, 0 to 1, each year once; missing ones are allowed. Shares of single years: sums over
        several years overlap, and would make the band too narrow.
    last : last year of the projection, not before the last of the data
    floor : in (0, 0.2]
    draws : at least 500
    seed : int

    Returns
    -------
    Drift

    Raises
    ------
    InputError
        If there are fewer than 8 shares, one is not between 0 and 1, a year occurs twice, or ``last``, ``floor`` or
        ``draws`` is out of its range.
    """
    known = shares.dropna().sort_index()
    _check(known, last, floor, draws)
    x = known.to_numpy(dtype=np.float64)
    held = np.clip(x, floor, 1.0 - floor)
    y = np.log(held) - np.log1p(-held)
    when = known.index.to_numpy(dtype=np.float64)
    ahead = np.arange(int(when[0]), last + 1, dtype=np.float64)
    fits = [_fit(y, when - when[0], ahead - when[0], lam) for lam in _GRID]
    table, drift = _mixture(fits, len(y) - 2, draws, seed)
    table.insert(0, "year", ahead.astype(int))
    table.insert(1, "share", known.reindex(ahead.astype(int)).to_numpy(dtype=np.float64))
    table["projected"] = table["year"] > int(when[-1])
    low, middle, high = np.quantile(drift, [0.05, 0.5, 0.95])
    falling = float((drift < 0.0).mean())
    return Drift(table, float(middle), float(low), float(high), falling, draws, floor, int((held != x).sum()))


def _fit(y: FloatArray, when: FloatArray, ahead: FloatArray, lam: float) -> Fit:
    """Universal kriging: a line plus a random walk plus noise, scale integrated out."""
    n = len(y)
    walk = lam * np.minimum.outer(when, when)
    cover = walk + (1.0 - lam) * np.eye(n)
    if lam == 1.0:
        cover = cover + 1e-9 * np.eye(n)  # the walk starts at 0, where its variance is 0
    x, x_new = (np.column_stack([np.ones_like(t), t]) for t in (when, ahead))
    inverse = np.linalg.inv(cover)
    precision = x.T @ inverse @ x
    spread = np.linalg.inv(precision)
    beta = spread @ (x.T @ (inverse @ y))
    rest = y - x @ beta
    scale = max(float(rest @ inverse @ rest) / (n - 2), 1e-12)
    link = lam * np.minimum.outer(ahead, when) @ inverse
    mean = x_new @ beta + link @ rest
    gap = x_new - link @ x
    own = lam * ahead - (link * (lam * np.minimum.outer(ahead, when))).sum(axis=1)
    variance = np.maximum(own + ((gap @ spread) * gap).sum(axis=1), 0.0)
    signs = np.linalg.slogdet(cover)[1] + np.linalg.slogdet(precision)[1]
    weight = -0.5 * signs - 0.5 * (n - 2) * np.log(scale)
    drift_sd = float(np.sqrt(scale * spread[1, 1]))
    noise = float(np.sqrt(scale * (1.0 - lam)))
    return weight, mean, np.sqrt(scale * variance), noise, float(beta[1]), drift_sd


def _mixture(fits: list[Fit], freedom: int, draws: int, seed: int) -> tuple[pd.DataFrame, FloatArray]:
    """Quantiles over lambda, scale, level and drift."""
    rng = np.random.default_rng(seed)
    logs, mean, sd, noise, drifts, drift_sds = map(np.array, zip(*fits, strict=True))
    weights = np.exp(logs - logs.max())
    which = rng.choice(len(fits), size=draws, p=weights / weights.sum())
    t = rng.standard_normal(draws) / np.sqrt(rng.chisquare(freedom, draws) / freedom)
    level = mean[which] + sd[which] * t[:, None]
    year = level + noise[which][:, None] * rng.standard_normal(level.shape)
    drift = drifts[which] + drift_sds[which] * rng.standard_t(freedom, draws)
    low, middle, high = _share(np.quantile(level, [0.05, 0.5, 0.95], axis=0))
    year_low, year_high = _share(np.quantile(year, [0.05, 0.95], axis=0))
    columns = {"level": middle, "low": low, "high": high, "year_low": year_low, "year_high": year_high}
    return pd.DataFrame(columns), drift


def _share(odds: FloatArray) -> FloatArray:
    share: FloatArray = 1.0 / (1.0 + np.exp(-odds))
    return share


def _check(known: pd.Series[float], last: int, floor: float, draws: int) -> None:
    if len(known) < LEAST:
        raise InputError(f"A drift needs at least {LEAST} years with a share; there are {len(known)}.")
    if known.index.has_duplicates:
        raise InputError("A year occurs twice among the shares.")
    if not ((known >= 0.0) & (known <= 1.0)).all():
        raise InputError("Shares must lie between 0 and 1.")
    if last < int(known.index.max()):
        raise InputError(f"The projection ends in {last}, before the data do in {int(known.index.max())}.")
    if last > int(known.index.max()) + 50:
        raise InputError(f"A projection to {last} is more than 50 years beyond the data.")
    if not 0.0 < floor <= 0.2 or draws < 500:
        raise InputError(f"floor is {floor:g} and draws {draws}; give a floor in (0, 0.2] and at least 500.")
