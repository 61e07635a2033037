"""How good forecasts of pacts were: scores against what happened, beside the base rate of the same past rows.

Intervals draw whole treaties (for events) and dyads (for the rest) with repetition.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from fits.scores import CLIP, auc, average_precision, brier_parts, calibration, clustered_interval
from suasion.scores import skill
from suasion.types import FloatArray

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def losses(p: FloatArray, y: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Log and squared loss of each forecast (n,)."""
    kept = np.clip(p, CLIP, 1 - CLIP)
    return -np.where(y, np.log(kept), np.log1p(-kept)), (p - y) ** 2


def scores_of(forecasts: pd.DataFrame, draws: int = 500, seed: int = 0) -> dict[str, float]:
    """Score forecasts against what happened.

    Parameters
    ----------
    forecasts : DataFrame
        ``event``, ``forecast``, ``base``, ``cluster``.
    draws, seed : int
        Of the clustered bootstrap.

    Returns
    -------
    dict
        ``rows``, ``events``, ``clusters`` (with events), ``base_rate``; ``log_score`` and ``brier`` with its parts (of
        forecasts rounded to one digit, whose values are the bins); ``log_skill`` and ``brier_skill`` against the base
        rate with 90 % intervals; ``persistence_log_skill``, ``persistence_brier_skill``; ``average_precision``,
        ``auc``; ``calibration_intercept``, ``calibration_slope``.
    """
    p, base = forecasts["forecast"].to_numpy(dtype=float), forecasts["base"].to_numpy(dtype=float)
    y = forecasts["event"].to_numpy(dtype=bool)
    ours, reference, still = losses(p, y), losses(base, y), losses(np.zeros(len(y)), y)
    parts = brier_parts(one_digit(p), y)
    found: dict[str, float] = {
        "rows": len(y),
        "events": int(y.sum()),
        "clusters": int(forecasts.loc[y, "cluster"].nunique()),
        "base_rate": float(y.mean()),
        "log_score": float(ours[0].mean()),
        "brier": float(ours[1].mean()),
        "reliability": parts.reliability,
        "resolution": parts.resolution,
        "uncertainty": parts.uncertainty,
    }
    cluster = np.unique(forecasts["cluster"].to_numpy(), return_inverse=True)[1]
    for k, name in enumerate(("log_skill", "brier_skill")):
        found[name] = skill(ours[k].mean(), reference[k].mean())
        found[f"{name}_low"], found[f"{name}_high"] = _interval(ours[k], reference[k], cluster, draws, seed)
        found[f"persistence_{name}"] = skill(ours[k].mean(), still[k].mean())
    found |= {"average_precision": average_precision(p, y), "auc": auc(p, y)}
    found["calibration_intercept"], found["calibration_slope"] = calibration(p, y)
    return found


def _interval(
    ours: FloatArray, reference: FloatArray, cluster: IntArray, draws: int, seed: int
) -> tuple[float, float]:
    """Interval of skill; losses are summed by cluster first, which changes nothing and saves much."""
    sums = np.bincount(cluster, ours), np.bincount(cluster, reference)
    places = np.arange(len(sums[0]))
    return clustered_interval(
        places, lambda rows: skill(sums[0][rows].sum(), sums[1][rows].sum()), draws=draws, seed=seed
    )


def one_digit(p: FloatArray) -> FloatArray:
    """Forecasts rounded to one significant digit, so that few distinct values are left."""
    safe = np.maximum(p, CLIP)
    unit = 10.0 ** np.floor(np.log10(safe))
    return np.minimum(np.round(safe / unit) * unit, 1.0)
