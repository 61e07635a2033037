"""Who arms whom, for one pair: shares by both definitions, self-reliance, and a test for a break of a series.

F(k) compares one mean with two, before and from year k; the statistic is the largest F over the middle years. Its
distribution under no break comes from a bootstrap: series with one mean, first-order autocorrelation phi and residuals
drawn again. A short series cannot tell a break from slow drift, so there are two answers:

- phi estimated with one mean, corrected for its bias (1 + 3 phi) / n. A break that is there inflates it. This test
  finds too little: at a level of 5 % it calls at most 3 % of series without a break broken.
- phi estimated with the break taken out, corrected by (2 + 4 phi) / n. This test finds too much where the series is
  persistent: of 24 years with phi = 0, 0.5 and 0.8 and no break, 6, 18 and 26 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.errors import InputError
from suasion.statecraft.arms.drift import LEAST as DRIFT_LEAST
from suasion.statecraft.arms.drift import Drift, share_drift
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
