"""Who arms whom, for one pair: shares by both definitions, self-reliance, a test for a break, and the drift.

**A break.** F(k) compares one mean with two, before and from year k; the statistic is the largest F over the middle
years. Its distribution under no break comes from a bootstrap: series with one mean, first-order autocorrelation phi
and residuals drawn again. A short series cannot tell a break from slow drift, so there are two answers:

- phi estimated with one mean, corrected for its bias (1 + 3 phi) / n. A break that is there inflates it. This test
  finds too little: at a level of 5 % it calls at most 3 % of series without a break broken.
- phi estimated with the break taken out, corrected by (2 + 4 phi) / n. This test finds too much where the series is
  persistent: of 24 years with phi = 0, 0.5 and 0.8 and no break, 6, 18 and 26 %.

**The drift** of a share, its level over time and beyond the data, with a band: the log odds of the share in one year
are y_t = mu_t + e_t; their level is a random walk with drift,
mu_t = mu_(t-1) + d + h_t. The drift and the first level have flat priors. Of the variance of a year's change,
the part lambda = Var(h) / (Var(h) + Var(e)) is the level's; it is uniform between 0 (a straight line with noise) and 1
(a random walk), and the band is averaged over it, over the scale (t distribution) and over drift and level.
A year without trade is missing. Shares nearer to 0 or 1 than the floor are taken at the floor.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.errors import InputError
from suasion.statecraft.arms.shares import arms_shares, self_reliance
from suasion.types import FloatArray


@dataclass(frozen=True, slots=True)
class ArmsReport:
    """Arms deliveries from a supplier to a recipient.

    Attributes
    ----------
    recipient, supplier : str
    window : years in a sum
    table : ``year``, ``tiv``, ``import_share``, ``export_share`` (single years), ``import_share_sum``,
        ``export_share_sum`` (of the years summed), 0 to 1; missing where there is no trade or the window is not full
    reliance : of :func:`suasion.statecraft.arms.shares.self_reliance` for the recipient
    change : in the log odds of the recipient's import share; None where there is too little to test
    drift : of the recipient's import share; None where there is too little to project
    """

    recipient: str
    supplier: str
    window: int
    table: pd.DataFrame
    reliance: pd.DataFrame
    change: BreakTest | None
    drift: Drift | None


def arms_report(
    deliveries: pd.DataFrame,
    recipient: str,
    supplier: str,
    window: int = 5,
    to: int | None = None,
    seed: int = 0,
) -> ArmsReport:
    """Return what deliveries say about one supplier and one recipient.

    Parameters
    ----------
    deliveries : ``supplier``, ``recipient``, ``year``, ``tiv``, as for
        :func:`suasion.statecraft.arms.shares.arms_shares`
    recipient, supplier : str
    window : years in a sum
    to : last year of the projection; ten years beyond the data without it
    seed : int

    Returns
    -------
    ArmsReport
    """
    single, sums = (arms_shares(deliveries, recipient, supplier, w) for w in (1, window))
    table = single[["year", "tiv", "import_share", "export_share"]].copy()
    for name in ("import_share", "export_share"):
        table[f"{name}_sum"] = sums[name]
    shares = single.set_index("year")["import_share"]
    last = int(table["year"].max()) + 10 if to is None else to
    enough = int((shares > 0.0).sum()) >= DRIFT_LEAST
    drift = share_drift(shares, last, seed=seed) if enough else None
    change = _change(shares, seed)
    return ArmsReport(
        recipient, supplier, window, table, self_reliance(deliveries, recipient, window), change, drift
    )


def _change(shares: pd.Series[float], seed: int) -> BreakTest | None:
    held = shares.clip(0.01, 0.99)
    odds: pd.Series[float] = (held / (1.0 - held)).map(np.log)
    enough = held.count() >= LEAST and held.nunique() > 1
    return break_test(odds, seed=seed) if enough else None


LEAST = 12
"""Years that a test needs at least."""
TRIM = 0.15
"""Share of years at either end in which no break is sought."""
_MOST_PHI = 0.97


class Verdict(StrEnum):
    """What a test of a short series can tell."""

    BREAK = "break"
    BREAK_OR_DRIFT = "break_or_drift"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class BreakTest:
    """One break in the mean of a series.

    Attributes
    ----------
    year : first year of the new level, where F is largest
    before, after : means before it and from it on
    f : F statistic there
    p : share of bootstrap series without a break whose statistic is at least as large; finds too little
    p_removed : the same with the autocorrelation left when the break is taken out; finds too much
    phi, phi_removed : first-order autocorrelation used for each
    years : years with a value; the others are left out
    missing : years without one
    """

    year: int
    before: float
    after: float
    f: float
    p: float
    p_removed: float
    phi: float
    phi_removed: float
    years: int
    missing: int

    @property
    def verdict(self) -> Verdict:
        """At a level of 5 %: a break, a break or a slow movement that looks like one, or neither."""
        if self.p <= 0.05:
            return Verdict.BREAK
        return Verdict.BREAK_OR_DRIFT if self.p_removed <= 0.05 else Verdict.NONE


def break_test(
    series: pd.Series[float],
    draws: int = 1999,
    seed: int = 0,
) -> BreakTest:
    """Test a yearly series for one break in its mean.

    Parameters
    ----------
    series : values by year, in the order of time; missing ones are left out and counted
    draws : bootstrap series, at least 99
    seed : int

    Returns
    -------
    BreakTest

    Raises
    ------
    InputError
        If there are fewer than 12 values, all of them equal, years out of order, or fewer than 99 draws.
    """
    values = series.dropna()
    years = [int(y) for y in values.index]
    x: FloatArray = np.asarray(values, dtype=np.float64)
    _check(years, x, draws)
    edge = max(2, int(np.ceil(TRIM * len(x))))
    cuts = np.arange(edge, len(x) - edge + 1)
    f = f_statistics(x[None, :], cuts)[0]
    best = int(cuts[f.argmax()])
    means: FloatArray = np.where(np.arange(len(x)) < best, x[:best].mean(), x[best:].mean())
    phi, p = _p_value(x - x.mean(), 1, cuts, f.max(), draws, seed)
    phi_removed, p_removed = _p_value(x - means, 2, cuts, f.max(), draws, seed)
    return BreakTest(
        year=years[best],
        before=float(means[0]),
        after=float(means[-1]),
        f=float(f.max()),
        p=p,
        p_removed=p_removed,
        phi=phi,
        phi_removed=phi_removed,
        years=len(x),
        missing=len(series) - len(values),
    )


def f_statistics(x: FloatArray, cuts: npt.NDArray[np.int64]) -> FloatArray:
    """F of two means against one, for each series and each first place of the new level.

    x: (s, n) series.
    cuts: (c,) places, 1 to n - 1.
    Returns: array (s, c).
    """
    n = x.shape[1]
    centred = x - x.mean(axis=1, keepdims=True)
    first = np.cumsum(centred, axis=1)[:, cuts - 1]  # the rest sums to its negative
    gain = first**2 * (1.0 / cuts + 1.0 / (n - cuts))
    rest = np.maximum((centred**2).sum(axis=1, keepdims=True) - gain, 1e-300)
    f: FloatArray = gain / (rest / (n - 2))
    return f


def _check(years: list[int], x: FloatArray, draws: int) -> None:
    if len(x) < LEAST:
        raise InputError(f"A break test needs at least {LEAST} years with a value; there are {len(x)}.")
    if any(b <= a for a, b in pairwise(years)):
        raise InputError("The years of the series are not in order, or one is there twice.")
    if not np.isfinite(x).all() or float(np.ptp(x)) == 0.0:
        raise InputError(
            "All values of the series are equal, or one is infinite: there is no break to look for."
        )
    if draws < 99:
        raise InputError(f"draws is {draws}; give at least 99.")


def _p_value(
    centred: FloatArray, means: int, cuts: npt.NDArray[np.int64], f: float, draws: int, seed: int
) -> tuple[float, float]:
    """Autocorrelation left around the means, and share of series without a break that reach F."""
    n = len(centred)
    raw = float(centred[1:] @ centred[:-1] / max(float(centred[:-1] @ centred[:-1]), 1e-300))
    phi = float(np.clip(raw + (means + (means + 2.0) * raw) / n, 0.0, _MOST_PHI))
    noise = centred[1:] - phi * centred[:-1]
    made = _series(noise - noise.mean(), phi, n, draws, np.random.default_rng(seed))
    null = f_statistics(made, cuts).max(axis=1)
    return phi, float((1 + (null >= f).sum()) / (draws + 1))


def _series(noise: FloatArray, phi: float, n: int, draws: int, rng: np.random.Generator) -> FloatArray:
    """Series of one mean with these residuals, (draws, n)."""
    ahead = 50  # forgets where it starts
    shocks = rng.choice(noise, size=(draws, n + ahead))
    made = np.zeros((draws, n + ahead))
    for t in range(1, n + ahead):
        made[:, t] = phi * made[:, t - 1] + shocks[:, t]
    return made[:, ahead:]


DRIFT_LEAST = 8
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
    _drift_check(known, last, floor, draws)
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


def _drift_check(known: pd.Series[float], last: int, floor: float, draws: int) -> None:
    if len(known) < DRIFT_LEAST:
        raise InputError(f"A drift needs at least {DRIFT_LEAST} years with a share; there are {len(known)}.")
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
