"""Deadly disputes of pairs within ten years: a logit on past ones, rivalry, territory, contiguity, size and regimes.

A row is a pair at the end of a year; the event is a militarized dispute with deaths of the two in one of the ten years
after. A fit of an origin sees rows whose ten years had ended by then, older ones weighing less.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from fits.logit import Logit, fit_logit
from fits.scores import auc, log_score
from suasion.statecraft.clashes import FADES, YEARS
from suasion.types import FloatArray

NAMES = (
    "recent", "count", "rivalry", "territory", "land_border", "distance", "strength", "parity", "ideal_distance",
    "democracy", "regime_difference", "promises", "major", "both_major",
)  # fmt: skip
HALF_LIFE, PRIOR_SD = 20.0, 0.5
"""Of the weights of rows, years; of the prior of a standardised coefficient."""
FIRST, COUNTED, EVERY = 1950, 30, 3
"""First year of the rows; years in which past disputes count; years from one row of a pair in a fit to the next."""


def panel(dyads: pd.DataFrame, disputes: pd.DataFrame, last: int) -> pd.DataFrame:
    """Rows with covariates and event.

    Parameters
    ----------
    dyads : DataFrame
        Undirected rows of all pairs and years, with the covariates of the forecasts of pacts.
    disputes : DataFrame
        ``cow1``, ``cow2``, ``year`` of disputes with deaths, in either order.
    last : int
        Last year of the disputes.

    Returns
    -------
    DataFrame
        The rows from 1950 on, with ``recent``, ``count`` and ``event`` (NaN where its ten years are not known).
    """
    table = dyads[dyads["year"] >= FIRST].reset_index(drop=True)
    sides = np.sort(disputes[["cow1", "cow2"]].to_numpy(dtype=np.int64), axis=1)
    years = pd.Series(disputes["year"].to_numpy()).groupby(sides[:, 0] * 1000 + sides[:, 1]).unique()
    key = table["cow1"].to_numpy(dtype=np.int64) * 1000 + table["cow2"].to_numpy(dtype=np.int64)
    made = np.zeros((len(table), 3))
    for code, rows in pd.Series(np.arange(len(key))).groupby(key):
        if code in years.index:
            made[rows] = _of_pair(np.sort(years[code]), table["year"].to_numpy()[rows])
    values = dict(zip(("recent", "count", "event"), made.T, strict=True))
    values["event"] = np.where(table["year"] <= last - YEARS, values["event"], np.nan)
    return table.assign(**values)


def _of_pair(disputes: FloatArray, years: FloatArray) -> FloatArray:
    """How fresh the last dispute is, log of one and their number in thirty years, and whether one follows in ten."""
    after = np.searchsorted(disputes, years, side="right")
    before = disputes[np.maximum(after - 1, 0)]
    recent = np.where(after > 0, np.exp(-(years - before) / FADES), 0.0)
    count = after - np.searchsorted(disputes, years - COUNTED, side="right")
    follows = np.searchsorted(disputes, years + YEARS, side="right") > after
    return np.column_stack([recent, np.log1p(count), follows])


def fit(table: pd.DataFrame, until: int) -> Logit:
    """Logit on every third row of a pair whose ten years had ended by the end of a year."""
    origin = until - YEARS
    kept = (table["year"] <= origin) & (table["year"] % EVERY == origin % EVERY) & table["event"].notna()
    known = table[kept]
    weights = 0.5 ** ((origin - known["year"].to_numpy(dtype=float)) / HALF_LIFE)
    x = known[list(NAMES)].to_numpy(dtype=float)
    return fit_logit(x, known["event"].to_numpy() == 1.0, weights, NAMES, PRIOR_SD)


def rolling(table: pd.DataFrame, origins: range) -> pd.DataFrame:
    """Forecasts of all pairs by origin: ``country1``, ``country2``, ``year``, ``event``, ``chance``, ``base``."""
    parts = []
    for origin in origins:
        rows = table[table["year"] == origin]
        seen = table.loc[table["year"].between(origin - YEARS - 20, origin - YEARS), "event"]
        chance = fit(table, origin).predict(rows[list(NAMES)].to_numpy(dtype=float))
        names = rows[["country1", "country2", "year", "event"]]
        parts.append(names.assign(chance=chance, base=float(seen.mean())))
    return pd.concat(parts, ignore_index=True)


def drift(forecasts: pd.DataFrame) -> float:
    """Spread of the log of the disputes that came over those that were expected, from origin to origin."""
    sums = forecasts.groupby("year")[["event", "chance"]].sum() + 1.0
    return float(np.sqrt(np.mean(np.log(sums["event"] / sums["chance"]) ** 2)))


def scores(forecasts: pd.DataFrame) -> dict[str, float]:
    """Disputes, how many were expected, area, and skill over the rate of all pairs in the twenty years before."""
    y, chance, base = (forecasts[name].to_numpy() for name in ("event", "chance", "base"))
    return {
        "events": float(y.sum()),
        "expected": float(chance.sum()),
        "area": auc(chance, y),
        "log_skill": 1.0 - log_score(chance, y) / log_score(base, y),
    }
