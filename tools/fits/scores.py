"""Scores of forecasts: probabilities of events, distributions of a number, and how sure a mean over clusters is.

A score without a base rate or a reference forecast beside it says little. Rare events: look at the log score and the
area under precision and recall, never at accuracy.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from suasion.errors import InputError
from suasion.types import Z90, FloatArray

CLIP = 1e-6
"""Probabilities are kept this far from 0 and 1 in the log score, or one sure miss would end all comparison."""


@dataclass(frozen=True, slots=True)
class BrierParts:
    """Murphy's partition of the Brier score: ``score = reliability - resolution + uncertainty``.

    Attributes
    ----------
    score, reliability, resolution, uncertainty : the partition is exact, because the bins are the distinct values of
        the forecast
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float


def checked(p: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return forecasts and outcomes as arrays (n,).

    Raises
    ------
    InputError
        If they differ in length, are empty, a probability is outside [0, 1] or NaN, or an outcome is neither 0 nor 1.
    """
    forecast, outcome = np.asarray(p, dtype=float).ravel(), np.asarray(y, dtype=float).ravel()
    if forecast.size != outcome.size or not forecast.size:
        raise InputError(
            f"Scores need as many forecasts as outcomes; got {forecast.size} and {outcome.size}."
        )
    if not ((forecast >= 0) & (forecast <= 1)).all():
        wrong = forecast[~((forecast >= 0) & (forecast <= 1))][0]
        raise InputError(f"A forecast is {wrong}; probabilities lie between 0 and 1.")
    if not np.isin(outcome, (0.0, 1.0)).all():
        raise InputError(f"An outcome is {outcome[~np.isin(outcome, (0.0, 1.0))][0]}; outcomes are 0 or 1.")
    return forecast, outcome


def brier(p: ArrayLike, y: ArrayLike) -> float:
    """Mean squared error of probabilities: 0 is perfect, ``ybar (1 - ybar)`` is the base rate's.

    Parameters
    ----------
    p : (n,) probabilities
    y : (n,) outcomes, 0 or 1

    Returns
    -------
    float

    Raises
    ------
    InputError
        As :func:`checked`.
    """
    forecast, outcome = checked(p, y)
    return float(((forecast - outcome) ** 2).mean())


def brier_parts(p: ArrayLike, y: ArrayLike) -> BrierParts:
    """Split the Brier score into reliability, resolution and uncertainty (Murphy).

    Parameters
    ----------
    p : (n,) probabilities
    y : (n,) outcomes, 0 or 1

    Returns
    -------
    BrierParts

    Raises
    ------
    InputError
        As :func:`checked`.
    """
    forecast, outcome = checked(p, y)
    values, place = np.unique(forecast, return_inverse=True)
    count = np.bincount(place)
    rate = np.bincount(place, outcome) / count
    base, n = outcome.mean(), outcome.size
    return BrierParts(
        score=brier(forecast, outcome),
        reliability=float((count * (values - rate) ** 2).sum() / n),
        resolution=float((count * (rate - base) ** 2).sum() / n),
        uncertainty=float(base * (1.0 - base)),
    )


def log_score(p: ArrayLike, y: ArrayLike, clip: float = CLIP) -> float:
    """Mean negative log likelihood, in nats; smaller is better.

    Parameters
    ----------
    p : (n,) probabilities
    y : (n,) outcomes, 0 or 1
    clip : distance kept from 0 and 1

    Returns
    -------
    float

    Raises
    ------
    InputError
        As :func:`checked`.
    """
    forecast, outcome = checked(p, y)
    kept = np.clip(forecast, clip, 1.0 - clip)
    return float(-(outcome * np.log(kept) + (1.0 - outcome) * np.log1p(-kept)).mean())


def auc(p: ArrayLike, y: ArrayLike) -> float:
    """Probability that an event got a higher forecast than a non-event; ties count half. NaN without both kinds.

    Parameters
    ----------
    p : (n,) probabilities
    y : (n,) outcomes, 0 or 1

    Returns
    -------
    float

    Raises
    ------
    InputError
        As :func:`checked`.
    """
    forecast, outcome = checked(p, y)
    events = int(outcome.sum())
    if events in (0, outcome.size):
        return float("nan")
    rank = pd.Series(forecast).rank().to_numpy()
    return float((rank[outcome == 1].sum() - events * (events + 1) / 2) / (events * (outcome.size - events)))


def average_precision(p: ArrayLike, y: ArrayLike) -> float:
    """Area under the precision-recall curve, by steps at distinct forecasts; the base rate is that of no skill.

    Parameters
    ----------
    p : (n,) probabilities
    y : (n,) outcomes, 0 or 1

    Returns
    -------
    float
        NaN without events.

    Raises
    ------
    InputError
        As :func:`checked`.
    """
    forecast, outcome = checked(p, y)
    if not outcome.any():
        return float("nan")
    order = np.argsort(-forecast, kind="stable")
    last = np.append(np.flatnonzero(np.diff(forecast[order])), forecast.size - 1)
    hits = np.cumsum(outcome[order])[last]
    return float((np.diff(hits, prepend=0.0) * hits / (last + 1)).sum() / outcome.sum())


def calibration(p: ArrayLike, y: ArrayLike, clip: float = CLIP) -> tuple[float, float]:
    """Intercept and slope of the logit regression of outcomes on the forecasts' logits; (0, 1) is calibrated.

    Parameters
    ----------
    p : (n,) probabilities
    y : (n,) outcomes, 0 or 1
    clip : distance kept from 0 and 1

    Returns
    -------
    intercept, slope : float
        NaN where all outcomes are alike or all forecasts are.

    Raises
    ------
    InputError
        As :func:`checked`.
    """
    forecast, outcome = checked(p, y)
    kept = np.clip(forecast, clip, 1.0 - clip)
    logit = np.log(kept) - np.log1p(-kept)
    if np.ptp(outcome) == 0 or np.ptp(logit) == 0:
        return float("nan"), float("nan")
    design = np.column_stack([np.ones_like(logit), logit])
    beta = np.array([0.0, 1.0])
    for _ in range(100):
        mean = 1.0 / (1.0 + np.exp(-design @ beta))
        step = np.linalg.solve(
            (design * (mean * (1 - mean) + 1e-12)[:, None]).T @ design, design.T @ (outcome - mean)
        )
        beta = beta + step / max(
            1.0, float(np.abs(step).max())
        )  # perfectly separable outcomes have no finite optimum
        if np.abs(step).max() < 1e-10:
            break
    return float(beta[0]), float(beta[1])


def calibration_table(p: ArrayLike, y: ArrayLike, bins: int = 10) -> pd.DataFrame:
    """Forecasts in groups of about equal size against what happened.

    Parameters
    ----------
    p : (n,) probabilities
    y : (n,) outcomes, 0 or 1
    bins : largest number of groups; equal forecasts stay together

    Returns
    -------
    DataFrame
        count, forecast (mean), rate (share of events), low, high (90 % Wilson interval of the rate).

    Raises
    ------
    InputError
        As :func:`checked`.
    """
    forecast, outcome = checked(p, y)
    edges = np.unique(np.quantile(forecast, np.linspace(0, 1, bins + 1)[1:-1]))
    group = np.searchsorted(edges, forecast, side="right")
    frame = pd.DataFrame({"forecast": forecast, "outcome": outcome}).groupby(group)
    table = frame.agg(count=("outcome", "size"), forecast=("forecast", "mean"), rate=("outcome", "mean"))
    z, n, rate = Z90, table["count"], table["rate"]
    centre = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    return table.assign(low=(centre - half).clip(0, 1), high=(centre + half).clip(0, 1)).reset_index(
        drop=True
    )


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


def clustered_interval(
    groups: ArrayLike,
    statistic: Callable[[NDArray[np.intp]], float],
    *,
    draws: int = 500,
    level: float = 0.9,
    seed: int = 0,
) -> tuple[float, float]:
    """Bootstrap interval of a statistic when whole clusters (dyads, treaties) are drawn, not single rows.

    Parameters
    ----------
    groups : (n,) cluster of each row
    statistic : from positions of rows (with repetition) to a number; NaN draws are left out
    draws, level, seed : of the bootstrap

    Returns
    -------
    low, high : float

    Raises
    ------
    InputError
        If there are fewer than two clusters, or no draw gives a number.
    """
    names, place = np.unique(np.asarray(groups), return_inverse=True)
    if names.size < 2:
        raise InputError("A clustered interval needs at least two clusters.")
    order = np.argsort(place, kind="stable")
    rows = np.split(order, np.cumsum(np.bincount(place))[:-1])
    rng = np.random.default_rng(seed)
    found = [
        statistic(np.concatenate([rows[k] for k in rng.integers(0, names.size, names.size)]))
        for _ in range(draws)
    ]
    known = np.array([value for value in found if not math.isnan(value)])
    if not known.size:
        raise InputError("No bootstrap draw gave a number.")
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
