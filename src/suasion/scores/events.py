"""Scores of probabilities of events that happen or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from suasion.errors import InputError
from suasion.types import FloatArray

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
    z, n, rate = 1.6448536269514722, table["count"], table["rate"]
    centre = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    return table.assign(low=(centre - half).clip(0, 1), high=(centre + half).clip(0, 1)).reset_index(
        drop=True
    )
