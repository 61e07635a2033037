"""How good the alliance model is: forecasts made year by year from the past alone, and their scores.

Rolling origin: to forecast the events of year t + 1 the model is fitted to rows whose events lie in t or before. The
base rate is that of the same past rows; persistence says that nothing changes. Intervals draw whole treaties (for
events) and dyads (for the rest) with repetition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.errors import DataError
from suasion.scores import auc, average_precision, brier_parts, calibration, clustered_interval, skill
from suasion.scores.events import CLIP
from suasion.statecraft.alliance.flexible import fit_trees
from suasion.statecraft.alliance.logit import THIN, Logit, fit_logit, thinned
from suasion.statecraft.alliance.panel import AlliancePanel, Kind, at_risk, design, happened, names_of

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Method = Literal["logit", "trees"]
Predict = Callable[[FloatArray], FloatArray]

TRAIN_FROM = 1950
"""First year of training rows: the year before, recent rates rest on too little."""
TEST_FROM = 1970
"""First year from which forecasts are made."""
FOLDS = 8
DYADS_FROM = 10_000
"""Clusters of dyads are numbered from here, those of treaties below."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows at risk of one kind of event.

    Attributes
    ----------
    kind : str
        ``bilateral``, ``multilateral`` or ``ending``.
    x : (n, K)
        Covariates.
    y : (n,) bool
        Whether the event happens in the year after.
    year, pair, cluster, key : (n,) int
        Year of the covariates; pair; treaty (of an event, or of a pact that stands), else dyad; name of the row.
    """

    kind: Kind
    x: FloatArray
    y: BoolArray
    year: IntArray
    pair: IntArray
    cluster: IntArray
    key: IntArray

    def used(self, rows: BoolArray) -> tuple[IntArray, FloatArray]:
        """Rows and weights for fitting: events and a fraction of the others; of standing pacts all."""
        at = np.flatnonzero(rows)
        chosen, weights = thinned(self.key[at], self.y[at], 1 if self.kind == "ending" else THIN)
        return at[chosen], weights

    def fit(self, rows: BoolArray) -> Logit:
        """Logit of these rows."""
        at, weights = self.used(rows)
        return fit_logit(self.x[at], self.y[at], weights, names_of(self.kind))

    def predictor(self, rows: BoolArray, method: Method) -> Predict:
        """Model of these rows, as a function from covariates to probabilities."""
        if method == "logit":
            return self.fit(rows).predict
        at, weights = self.used(rows)
        trees = fit_trees(self.x[at], self.y[at], weights, names_of(self.kind), self.kind == "ending")
        return lambda x: np.asarray(trees.predict_proba(x)[:, 1])


def sample_of(panel: AlliancePanel, kind: Kind, start: int = TRAIN_FROM) -> Sample:
    """Return the rows at risk of a kind of event.

    Parameters
    ----------
    panel : AlliancePanel
        Risk sets.
    kind : str
        ``bilateral``, ``multilateral`` or ``ending``.
    start : int
        First year of the covariates.

    Raises
    ------
    DataError
        If the panel has no such event.
    """
    table = panel.table[at_risk(panel.table, kind) & (panel.table["year"] >= start).to_numpy()]
    y = happened(table, kind)
    if not y.any():
        raise DataError(f"The panel has no event of the kind {kind!r} from {start} on.")
    pair, year = table["pair"].to_numpy(dtype=np.int64), table["year"].to_numpy(dtype=np.int64)
    treaty = table["treaty"].fillna(0).to_numpy(dtype=np.int64)
    cluster = np.where((treaty > 0) & (y | (kind == "ending")), treaty, DYADS_FROM + pair)
    return Sample(kind, design(table, kind), y, year, pair, cluster, pair * 4096 + year)


def rolling_forecasts(
    sample: Sample, method: Method = "logit", first: int = TEST_FROM, window: int | None = None
) -> pd.DataFrame:
    """Forecast each year from the years before it.

    Parameters
    ----------
    sample : Sample
        Rows at risk.
    method : str
        ``logit`` or ``trees``.
    first : int
        First year from which a forecast is made (of the year after).
    window : int, optional
        Only so many past years are used; all without it.

    Returns
    -------
    DataFrame
        ``year`` (of the covariates), ``pair``, ``cluster``, ``event``, ``forecast``, ``base`` (rate of the same past
        rows).
    """
    parts = []
    for year in range(first, int(sample.year.max()) + 1):
        past = sample.year < year
        if window is not None:
            past &= sample.year >= year - window
        if not sample.y[past].any():
            continue
        parts.append(_forecast(sample, past, sample.year == year, method))
    return pd.concat(parts, ignore_index=True)


def _forecast(sample: Sample, past: BoolArray, now: BoolArray, method: Method) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "year": sample.year[now],
            "pair": sample.pair[now],
            "cluster": sample.cluster[now],
            "event": sample.y[now],
            "forecast": sample.predictor(past, method)(sample.x[now]),
            "base": float(sample.y[past].mean()),
        }
    )


def treaties_left_out(sample: Sample, method: Method = "logit", folds: int = FOLDS) -> pd.DataFrame:
    """Forecast every row from a model that saw neither its treaty nor, where there is none, its dyad.

    All years train, so that it says how far what one treaty teaches carries over to others, not how far the past does.

    Parameters
    ----------
    sample, method
        As for :func:`rolling_forecasts`.
    folds : int
        Parts; a treaty is wholly in one. The largest treaties are dealt out first.

    Returns
    -------
    DataFrame
        As for :func:`rolling_forecasts`.
    """
    names, place = np.unique(sample.cluster, return_inverse=True)
    events = np.bincount(place, sample.y)
    fold = np.empty(len(names), dtype=np.int64)
    load = np.zeros(folds)
    for k in np.argsort(-events, kind="stable"):
        fold[k] = np.argmin(load) if events[k] else names[k] % folds
        load[fold[k]] += events[k]
    of_row = fold[place]
    parts = [_forecast(sample, of_row != k, of_row == k, method) for k in range(folds)]
    return pd.concat(parts, ignore_index=True)


def within(forecasts: pd.DataFrame, years: int) -> pd.DataFrame:
    """Turn forecasts of one year into forecasts of several, with the hazard held.

    Parameters
    ----------
    forecasts : DataFrame
        Of :func:`rolling_forecasts`.
    years : int
        Horizon; origins whose horizon passes the last year are left out.

    Returns
    -------
    DataFrame
        The same columns: ``forecast`` and ``base`` as 1 - (1 - p)^years, ``event`` whether it happens within the years.
    """
    kept = forecasts[forecasts["year"] <= forecasts["year"].max() - years + 1]
    events = forecasts.loc[forecasts["event"], ["pair", "year", "cluster"]]
    near = kept[["pair", "year"]].reset_index().merge(events, on="pair", suffixes=("", "_event"))
    hit = near[near["year_event"].between(near["year"], near["year"] + years - 1)].drop_duplicates("index")
    made: pd.DataFrame = kept.assign(event=False)
    made.loc[hit["index"], "event"] = True
    made.loc[hit["index"], "cluster"] = hit["cluster"].to_numpy()
    for name in ("forecast", "base"):
        made[name] = -np.expm1(years * np.log1p(-kept[name].to_numpy()))
    return made.reset_index(drop=True)


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
