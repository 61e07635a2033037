"""How often pacts are signed, and forecasts made from the past alone: level, rolling origins, questions of some years.

The level is known at the end of a year from the events to that year. Of bilateral pacts and of endings it is the mean
of two rates, forgotten with half-lives of 10 and of 50 years. Of accessions it is the rate of waves times the median
number of pairs of a wave: who joins a treaty with whom is one decision.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from fits.pacts.panel import AlliancePanel, Kind, at_risk, design, happened
from fits.pacts.rank import Priors, Rank, RiskRows, fit_rank, rows_of
from suasion.types import FloatArray

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

TRAIN_FROM = 1950
"""First year of the covariates of training rows."""
TEST_FROM = 1970
"""First year from which forecasts are made."""
HALF_LIVES = (10.0, 50.0)
WAVE_HALF_LIFE = 10.0
WAVE_YEARS = 30
"""Past years whose waves have a say in the size of the next."""
DYADS_FROM = 10_000
"""Clusters of dyads are numbered from here, those of treaties below."""


@dataclass(frozen=True, slots=True)
class Sample:
    """All rows at risk of a kind of event, in the order of the panel.

    Attributes
    ----------
    kind : str
    x : (n, K)
        Covariates.
    y, followed : (n,) bool
        Whether the event happens in the year after, and whether that year is known.
    year, pair, cluster : (n,) int
        Year of the covariates; pair; treaty of an event, or of a pact that stands, else dyad.
    index : (n,) int
        Row of the panel.
    """

    kind: Kind
    x: FloatArray
    y: BoolArray
    followed: BoolArray
    year: IntArray
    pair: IntArray
    cluster: IntArray
    index: IntArray

    @property
    def rows(self) -> RiskRows:
        """RiskRows for fitting: of standing pacts all, of pairs without a pact thinned."""
        known = self.followed
        parts = (self.x[known], self.y[known], self.year[known], self.cluster[known])
        key = self.pair[known] * 4096 + self.year[known]
        return rows_of(*parts, key, 1) if self.kind == "ending" else rows_of(*parts, key)


def sample_of(panel: AlliancePanel, kind: Kind, start: int = TRAIN_FROM) -> Sample:
    """Return the rows at risk of a kind of event, those of the last year included.

    Parameters
    ----------
    panel : AlliancePanel
    kind : str
    start : int
        First year of the covariates.
    """
    whole = panel.table
    free = whole["held"] == (kind == "ending")
    last = free & (whole["year"] == panel.last_year)
    index = np.flatnonzero((at_risk(whole, kind) | last) & (whole["year"] >= start))
    table = whole.iloc[index]
    y = happened(table, kind) & table["followed"].to_numpy()
    pair, year = (table[name].to_numpy(dtype=np.int64) for name in ("pair", "year"))
    treaty = table["treaty"].fillna(0).to_numpy(dtype=np.int64)
    cluster = np.where((treaty > 0) & (y | (kind == "ending")), treaty, DYADS_FROM + pair)
    if kind == "accession":  # a wave is one event
        cluster = np.where(y, -(treaty * 10_000 + year), cluster)
    followed = table["followed"].to_numpy(dtype=bool)
    return Sample(kind, design(table, kind), y, followed, year, pair, cluster, index)


def rate_of(sample: Sample, year: int, half_lives: tuple[float, ...] = HALF_LIVES) -> float:
    """Return the level known at the end of a year: events a pair and year.

    Parameters
    ----------
    sample : Sample
    year : int
        Events to this year are known.
    half_lives : tuple of float
        In years; the rates are averaged.
    """
    known = sample.followed & (sample.year < year)
    if sample.kind == "accession":
        return _rate_of_waves(sample, known, year)
    e, n = sample.y[known], np.ones(int(known.sum()))
    rates = []
    for half in half_lives:
        kept = 2.0 ** (-(year - 1 - sample.year[known]) / half)
        rates.append(((e * kept).sum() + 1.0) / ((n * kept).sum() + n.sum() / max(float(e.sum()), 1.0)))
    return float(np.mean(rates))


def waves_of(sample: Sample, year: int) -> pd.DataFrame:
    """Return the waves of accession known at the end of a year: ``year`` of the signing, ``pairs``."""
    known = sample.y & (sample.year < year)
    table = pd.DataFrame({"cluster": sample.cluster[known], "year": sample.year[known] + 1})
    waves = table.groupby("cluster")["year"]
    return pd.DataFrame({"year": waves.first(), "pairs": waves.size()}).reset_index(drop=True)


def _rate_of_waves(sample: Sample, known: BoolArray, year: int) -> float:
    waves = waves_of(sample, year)
    years = np.arange(int(sample.year.min()) + 1, year + 1)
    kept = 2.0 ** (-(year - years) / WAVE_HALF_LIFE)
    a_year = (kept * np.isin(years, waves["year"]) * _counts(waves["year"], years)).sum() / kept.sum()
    late = waves[waves["year"] > year - WAVE_YEARS]
    size = float((late if len(late) else waves)["pairs"].median())
    return float(a_year * size / max((sample.year == year).sum(), 1))


def _counts(found: pd.Series, years: IntArray) -> FloatArray:
    return np.array([(found == year).sum() for year in years], dtype=float)


def hazards(sample: Sample, rank: Rank, rate: float, year: int) -> tuple[IntArray, FloatArray]:
    """Return the places of a year's rows in the sample, and the hazard of each in the year after (n,).

    Parameters
    ----------
    sample, rank
    rate : float
        Level.
    year : int
    """
    at = np.flatnonzero(sample.year == year)
    eta = rank.eta(sample.x[at])
    share = np.exp(eta - eta.max())
    return at, np.minimum(rate * share / share.mean(), 0.999)


def rolling(
    sample: Sample, priors: Priors | None = None, first: int = TEST_FROM, last: int = 2017
) -> pd.DataFrame:
    """Forecast each year from the years before it.

    Parameters
    ----------
    sample : Sample
    priors : mapping, optional
    first, last : int
        First and last year from which a forecast is made (of the year after).

    Returns
    -------
    DataFrame
        ``year`` (of the covariates), ``pair``, ``cluster``, ``event``, ``forecast``, ``base`` (rate of all past
        rows), and ``index`` (row of the panel).
    """
    rows, parts = sample.rows, []
    for year in range(first, last + 1):
        past = rows.until(year)
        if not past.y.any():
            continue
        rank = fit_rank(sample.kind, past, priors)
        parts.append(_forecast(sample, rank, year))
    return pd.concat(parts, ignore_index=True)


def from_origin(sample: Sample, year: int, until: int, priors: Priors | None = None) -> pd.DataFrame:
    """Forecast the years after an origin as one question, with the hazard of the origin held.

    Parameters
    ----------
    sample : Sample
    year : int
        Origin: its events and covariates are known.
    until : int
        Last year of the question.
    priors : mapping, optional

    Returns
    -------
    DataFrame
        As of :func:`rolling`, for the pairs at risk at the origin; ``event`` to the end of ``until``.
    """
    made = _forecast(sample, fit_rank(sample.kind, sample.rows.until(year), priors), year)
    within = sample.y & (sample.year >= year) & (sample.year < until)
    cluster = dict(zip(sample.pair[within], sample.cluster[within], strict=True))
    made["event"] = made["pair"].isin(cluster)
    made["cluster"] = [
        cluster.get(pair, old) for pair, old in zip(made["pair"], made["cluster"], strict=True)
    ]
    for name in ("forecast", "base"):
        made[name] = -np.expm1((until - year) * np.log1p(-made[name]))
    return made


def _forecast(sample: Sample, rank: Rank, year: int) -> pd.DataFrame:
    at, hazard = hazards(sample, rank, rate_of(sample, year), year)
    past = sample.followed & (sample.year < year)
    return pd.DataFrame(
        {
            "year": sample.year[at],
            "pair": sample.pair[at],
            "cluster": sample.cluster[at],
            "event": sample.y[at],
            "forecast": hazard,
            "base": float(sample.y[past].mean()),
            "index": sample.index[at],
        }
    )
