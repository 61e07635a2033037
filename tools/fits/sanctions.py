"""Onset of trade or financial sanctions: eight senders, all targets, one pooled logit, rolling origins.

A row is a sender, a target and a year; the event is that a case of trade or financial sanctions of the sender on the
target begins in the year ahead. All covariates are known at the end of the row's year. The level of each sender is then
set to its own rate of the last years, which a fit of decades forgets too slowly, times what earlier rates were too low.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from fits.logit import Logit, fit_logit
from fits.scores import auc, clustered_interval, log_score
from suasion.sources.groups import expand
from suasion.statecraft.sanctions import (
    HISTORY,
    MOST,
    SENDERS,
    OnsetFactor,
    case_history,
    levelled,
    sender_rates,
)
from suasion.types import FloatArray

STANDS_FOR_EU = "DEU"
"""State whose covariates stand for the European Union's."""
FACTORS = {
    OnsetFactor.POLITICS: (
        "ideal_distance", "rivals_shared", "allies_shared", "held", "hostility", "opposed",
    ),
    OnsetFactor.TRADE: ("trade_dependence", "distance"),
    OnsetFactor.REGIME: ("regime_difference", "democracy"),
    OnsetFactor.POWER: ("parity", "strength"),
}  # fmt: skip
COVARIATES = tuple(name for names in FACTORS.values() for name in names)
NAMES = (*COVARIATES, *HISTORY, *(f"sender_{name}" for name in SENDERS))
FIRST_YEAR, FIRST_RATE = 1975, 1988
"""First year of the rows; first year whose onsets are held against the rate of the time."""
FORGET = 10.0
"""Half-life of the weights of rows, years."""
FEW = 10.0
"""Onsets by which what came over what was expected is pulled to one."""
PRIOR_SD = 0.3


def panel(dyads: pd.DataFrame, found: pd.DataFrame, last: int) -> pd.DataFrame:
    """Rows of all senders and targets, with covariates, history and the event of the year ahead.

    Parameters
    ----------
    dyads : DataFrame
        Undirected rows with ``country1``, ``country2``, ``year`` and the covariates.
    found : DataFrame
        Of :func:`suasion.statecraft.sanctions.sanction_cases`.
    last : int
        Last year of the cases; the event of rows of that year and later is not known (NaN), their history that of it.

    Returns
    -------
    DataFrame
        A row a sender, target and year; members of the European Union are no targets of it.
    """
    late = dyads[dyads["year"] >= FIRST_YEAR]
    table = pd.concat([_rows(late, sender) for sender in SENDERS], ignore_index=True)
    table = table.drop_duplicates(["sender", "target", "year"], ignore_index=True)
    past = [
        case_history(found, table[table["year"] == year], min(int(year), last))
        for year in table["year"].unique()
    ]
    table = table.join(pd.concat(past))
    begun = set(zip(found["sender"], found["target"], found["begin"], strict=True))
    keys = zip(table["sender"], table["target"], table["year"] + 1, strict=True)
    event = np.array([float(key in begun) for key in keys])
    return table.assign(event=np.where(table["year"] < last, event, np.nan))


def _rows(dyads: pd.DataFrame, sender: str) -> pd.DataFrame:
    state = STANDS_FOR_EU if sender == "EU" else sender
    one, two = (dyads[name].astype(str) for name in ("country1", "country2"))
    own = (one == state) | (two == state)
    target = two.where(one == state, one)[own]
    rows = dyads.loc[own, list(COVARIATES)].astype(float)
    rows = rows.assign(sender=sender, target=target, year=dyads.loc[own, "year"].astype(int))
    if sender != "EU":
        return rows
    inside = {(code, year) for year in rows["year"].unique() for code in expand(["EU"], max(int(year), 1993))}
    return rows[[key not in inside for key in zip(rows["target"], rows["year"], strict=True)]]


def design(table: pd.DataFrame) -> FloatArray:
    """Covariates, history and sender of each row (n, K); NaN where not known."""
    who = np.column_stack([(table["sender"] == sender).to_numpy(float) for sender in SENDERS])
    return np.column_stack([table[[*COVARIATES, *HISTORY]].to_numpy(float), who])


def fit(table: pd.DataFrame, until: int) -> Logit:
    """Pooled logit on the rows whose event was known by the end of a year."""
    known = table[(table["year"] < until) & table["event"].notna()]
    weights = 0.5 ** ((until - 1 - known["year"].to_numpy(float)) / FORGET)
    return fit_logit(design(known), known["event"].to_numpy() == 1.0, weights, NAMES, PRIOR_SD)


def recalibration(table: pd.DataFrame, found: pd.DataFrame, until: int) -> float:
    """Onsets that came over those that rates of the year before made expect, to the last year whose onsets are known.

    Rates have risen since 1988, and a rate of the last years lags behind them. For forecasts of later years it is the
    same: a factor of its own for four years ahead saved no more of the log score.
    """
    came, expected = _levels(table, found, until, 1).sum(axis=0) + FEW
    return float(came / expected)


def drift(table: pd.DataFrame, found: pd.DataFrame, until: int, ahead: int) -> float:
    """Spread of the log of what came over what was expected as many years ahead, all senders together."""
    came, expected = _levels(table, found, until, ahead).T
    logs = np.log((came + 1.0) / (recalibration(table, found, until) * expected + 1.0))
    return float(np.sqrt(np.mean(logs**2)))


def _levels(table: pd.DataFrame, found: pd.DataFrame, until: int, ahead: int) -> FloatArray:
    """Onsets that came and that rates of as many years before made expect (year, 2)."""
    rows = []
    for year in range(FIRST_RATE, until + 1):
        then = table[table["year"] == year - ahead]
        rates = sender_rates(found, then, year - ahead)
        came = table.loc[table["year"] == year - 1, "event"].sum()
        rows.append((came, then["sender"].map(rates).sum()))
    return np.array(rows, dtype=float)


def rolling(table: pd.DataFrame, found: pd.DataFrame, years: Iterable[int], ahead: int = 1) -> pd.DataFrame:
    """Forecasts for each year from what was known at the end of the year ``ahead`` years before.

    Parameters
    ----------
    table : DataFrame
        Of :func:`panel`.
    found : DataFrame
        Cases.
    years : iterable of int
        Years that are forecast.
    ahead : int
        Years from the last one whose cases are known to the one forecast.

    Returns
    -------
    DataFrame
        ``year``, ``sender``, ``target``, ``event``, ``base`` (the sender's rate), ``chance``.
    """
    return pd.concat([_forecasts(table, found, year, ahead) for year in years], ignore_index=True)


def _forecasts(table: pd.DataFrame, found: pd.DataFrame, year: int, ahead: int) -> pd.DataFrame:
    until = year - ahead
    rows = table[table["year"] == until]
    factor = recalibration(table, found, until)
    rates = {name: min(factor * rate, MOST) for name, rate in sender_rates(found, rows, until).items()}
    came = table[table["year"] == year - 1].set_index(["sender", "target"])["event"]
    event = came.reindex(pd.MultiIndex.from_frame(rows[["sender", "target"]])).to_numpy()
    chance = levelled(fit(table, until).eta(design(rows)), rows["sender"], rates)
    made = rows[["sender", "target"]].assign(year=year, event=event, chance=chance)
    return made.assign(base=rows["sender"].map(rates)).dropna(subset="event")


def scores(forecasts: pd.DataFrame) -> dict[str, float]:
    """Onsets, how many were expected, area, that of the senders' rates, and skill over these with its 90 % band."""
    y, chance, base = (forecasts[name].to_numpy() for name in ("event", "chance", "base"))

    def skill(rows: FloatArray) -> float:
        at = rows.astype(int)
        return 1.0 - log_score(chance[at], y[at]) / log_score(base[at], y[at])

    low, high = clustered_interval(forecasts["target"].to_numpy(), skill, draws=200)  # type: ignore[arg-type]
    return {
        "events": float(y.sum()),
        "expected": float(chance.sum()),
        "area": auc(chance, y),
        "base_area": auc(base, y),
        "log_skill": skill(np.arange(len(y))),  # type: ignore[arg-type]
        "log_skill_low": low,
        "log_skill_high": high,
    }
