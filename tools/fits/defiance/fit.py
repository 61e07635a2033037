"""Does an exit cost tell who yields? A logit on past disputes, scored on later cases against the base rate."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from fits.logit import clustered_covariance, fit_logit
from fits.scores import auc, brier, clustered_interval, log_score
from suasion.errors import InputError
from suasion.outlook.defiance.place import FLOOR, PRIOR_RATE, QUANTILES
from suasion.types import FloatArray

PRIOR_WEIGHT = 10.0
"""Cases that the prior rate is worth in the rolling base rate. Assumption, range 2 to 30."""
PRIOR_SD = 2.5
"""Standard deviation of the normal prior of a slope on a standardised variable: it only keeps separation finite.
Assumption, range 1 to 10."""
FEATURES = ("ln target loss", "ln sender loss", "multilateral")
MODELS: dict[str, tuple[str, ...]] = {
    "base rate": (),
    "target loss": FEATURES[:1],
    "both losses": FEATURES[:2],
    "all three": FEATURES,
}
"""Name to the variables of a logit."""


class Yielding(NamedTuple):
    """A fit on the variables themselves, ``constant`` first: (k,), (k, k) robust to clusters, and how many cases."""

    names: tuple[str, ...]
    coefficients: FloatArray
    covariance: FloatArray
    cases: int


def variables(table: pd.DataFrame, horizon: str) -> FloatArray:
    """Variables of the logit (n, 3): logarithms of the losses in per cent, floored, and multilateral.

    Parameters
    ----------
    table : from :func:`fits.defiance.build.case_costs`
    horizon : whose losses
    """
    target = np.log(np.maximum(table[f"target_{horizon}"].to_numpy(float), FLOOR))
    sender = np.log(np.maximum(table[f"sender_{horizon}"].to_numpy(float), FLOOR))
    return np.column_stack([target, sender, table["multilateral"].to_numpy(float)])


def fit_yielding(x: FloatArray, y: FloatArray, groups: ArrayLike, names: tuple[str, ...]) -> Yielding:
    """Fit the logit, with errors robust to clusters.

    Parameters
    ----------
    x : (n, k) variables
    y : (n,) outcomes, 0 or 1
    groups : (n,) clusters
    names : of the variables

    Returns
    -------
    Yielding

    Raises
    ------
    InputError
        If values are missing, or outcomes are all alike.
    """
    if not np.isfinite(x).all():
        raise InputError(f"A logit on {', '.join(names)} needs complete variables.")
    event, weights = y > 0, np.ones(len(y))
    fit = fit_logit(x, event, weights, names, PRIOR_SD)
    robust = clustered_covariance(fit, x, event, weights, (np.asarray(groups),), PRIOR_SD, corrected=False)
    back = np.vstack(
        [np.r_[1.0, -fit.centre / fit.scale], np.c_[np.zeros(len(names)), np.diag(1 / fit.scale)]]
    )
    return Yielding(("constant", *names), back @ fit.beta, back @ robust @ back.T, len(y))


def rolling_forecasts(table: pd.DataFrame, horizon: str, *, least: int = 40) -> pd.DataFrame:
    """Forecast each case from those whose outcome was known before it began.

    Parameters
    ----------
    table : cases with ``yielded``, ``known_from``, ``begin`` and losses
    horizon : whose losses
    least : cases known that a forecast needs

    Returns
    -------
    DataFrame
        ``target``, ``begin``, ``yielded``, and a probability for each of :data:`MODELS` and for ``prior`` (33 %).
    """
    rows = []
    for year, part in table.groupby("begin"):
        known = table[table["known_from"] <= year]
        if len(known) < least or np.ptp(known["yielded"]) == 0:
            continue
        made = part[["target", "begin", "yielded"]].copy()
        for name, features in MODELS.items():
            made[name] = _forecast(known, part, horizon, len(features))
        rows.append(made.assign(prior=PRIOR_RATE))
    columns = ["target", "begin", "yielded", *MODELS, "prior"]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)


def _forecast(known: pd.DataFrame, part: pd.DataFrame, horizon: str, width: int) -> FloatArray:
    y = known["yielded"].to_numpy(float)
    if width == 0:  # the prior rate counts as so many cases
        rate = (y.sum() + PRIOR_WEIGHT * PRIOR_RATE) / (y.size + PRIOR_WEIGHT)
        return np.full(len(part), rate)
    fit = fit_logit(variables(known, horizon)[:, :width], y > 0, np.ones(y.size), FEATURES[:width], PRIOR_SD)
    return fit.predict(variables(part, horizon)[:, :width])


def rolling_scores(forecasts: pd.DataFrame, *, draws: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Score rolling forecasts.

    Parameters
    ----------
    forecasts : from :func:`rolling_forecasts`
    draws, seed : of the interval, over targets

    Returns
    -------
    DataFrame
        One row a model: ``log``, ``brier``, ``auc``, and ``log_gain`` over the base rate with a 90 % interval
        (``gain_low``, ``gain_high``); above zero it forecasts better.
    """
    y = forecasts["yielded"].to_numpy(float)
    loss = {
        name: -np.log(np.clip(np.where(y == 1, p, 1 - p), 1e-6, 1))
        for name, p in ((n, forecasts[n].to_numpy(float)) for n in (*MODELS, "prior"))
    }
    rows = []
    for name, own in loss.items():
        gain = loss["base rate"] - own
        low, high = (0.0, 0.0)
        if name != "base rate":
            low, high = clustered_interval(forecasts["target"], _mean_of(gain), draws=draws, seed=seed)
        p = forecasts[name]
        rows.append(
            {
                "model": name, "forecasts": y.size, "log": log_score(p, y), "brier": brier(p, y), "auc": auc(p, y),
                "log_gain": float(gain.mean()), "gain_low": low, "gain_high": high,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _mean_of(gain: FloatArray) -> Callable[[NDArray[np.intp]], float]:
    return lambda rows: float(gain[rows].mean())


def loss_quantiles(losses: ArrayLike) -> list[float]:
    """Quantiles of losses in per cent at :data:`QUANTILES`, to place a pair without the cases themselves.

    Parameters
    ----------
    losses : (n,) per cent of own real expenditure

    Returns
    -------
    list of float
    """
    return [float(q) for q in np.quantile(np.asarray(losses, dtype=float), QUANTILES)]
