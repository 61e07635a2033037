"""Hazards of all pairs, as :mod:`suasion.statecraft.alliance.hazards` ships them: drawn, described and made small."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from fits.pacts.origins import HALF_LIVES, Sample, hazards, rate_of, sample_of
from fits.pacts.panel import CLASSES, KINDS, AlliancePanel, Kind, names_of
from fits.pacts.rank import PriorOn, Rank, fit_rank, priors_of
from suasion.statecraft.alliance.hazards import SINCE
from suasion.types import FloatArray

DRAWS = 60
LEVEL_EVENTS = 6.0
"""Shape of the gamma distribution of the level: what six events would leave open. Assumption."""
CLASS_SD = (0.5, 2.0)
"""Pooling of the classes of pairs over the draws, even in logarithms. Assumption."""
FRAILTY = (0.0, 2.0)
"""Frailty over the draws; the likelihood is flat from 0 to 4 with its top at one."""


def exposures(sample: Sample, rank: Rank) -> FloatArray:
    """Return the summed hazard that each row's pair has outlived since its last pact, to the end of its year (n,).

    Parameters
    ----------
    sample : Sample
    rank : Rank
        Fitted to all rows; the level of each year is the one known then.
    """
    hazard = np.zeros(len(sample.year))
    for year in np.unique(sample.year)[1:]:
        at, found = hazards(sample, rank, rate_of(sample, int(year)), int(year))
        hazard[at] = found
    # The hazard of a row is of the year after it: what a row has outlived are the rows before it, while they follow on.
    table = pd.DataFrame({"pair": sample.pair, "year": sample.year, "hazard": hazard})
    broken = table.groupby("pair")["year"].diff().ne(1).cumsum()
    outlived = table.groupby(broken)["hazard"].cumsum() - table["hazard"]
    return outlived.to_numpy()


def fit_hazards(
    panel: AlliancePanel, draws: int = DRAWS, seed: int = 0
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Fit the three questions to the whole record.

    Parameters
    ----------
    panel : AlliancePanel
    draws, seed : int
        Of treaties, level, pooling and frailty.

    Returns
    -------
    DataFrame, dict
        The table of hazards and the ``kinds`` of :func:`load_pact_model`.
    """
    tables: list[pd.DataFrame] = []
    kinds: dict[str, Any] = {}
    for kind in KINDS:
        sample = sample_of(panel, kind)
        rank = fit_rank(kind, sample.rows)
        table, drawn = _drawn(panel, sample, rank, draws, np.random.default_rng(seed))
        tables.append(table)
        kinds[kind] = _described(sample, rank, drawn, panel.last_year)
    return pd.concat(tables, ignore_index=True), kinds


def _drawn(
    panel: AlliancePanel, sample: Sample, rank: Rank, draws: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, FloatArray]:
    """Hazards of the last year's rows over draws, and the coefficients of each draw."""
    rows, year = sample.rows, panel.last_year
    outlived = exposures(sample, rank)
    clusters = np.unique(rows.cluster[rows.y], return_inverse=True)[1]
    logs: list[FloatArray] = []
    betas: list[FloatArray] = []
    while len(logs) < draws:
        times = np.zeros(len(rows.y))
        times[rows.y] = rng.poisson(1.0, clusters.max() + 1)[clusters]
        if not times.any():
            continue
        one = fit_rank(sample.kind, rows, _pooled(sample.kind, rng), times)
        rate = _level(sample, year, rng)
        at, hazard = hazards(sample, one, rate, year)
        frailty = 0.0 if sample.kind == "ending" else rng.uniform(*FRAILTY)
        logs.append(np.log(hazard / (1.0 + frailty * outlived[at])))
        betas.append(one.beta)
    last = panel.table.iloc[sample.index[at]]
    found = np.array(logs)
    if sample.kind == "ending":
        found = _pooled_rate(sample, found.shape)
    quiet = np.minimum(np.expm1(last["quiet"].to_numpy()), SINCE).round()
    table = pd.DataFrame(
        {
            "a": last["country1"].astype(str).to_numpy(),
            "b": last["country2"].astype(str).to_numpy(),
            "kind": sample.kind,
            "hazard": np.exp(found).mean(axis=0),
            "sd": found.std(axis=0, ddof=1),
            "outlived": outlived[at],
            "quiet": np.nan_to_num(quiet),
        }
    )
    return table, np.array(betas)


def _pooled_rate(sample: Sample, shape: tuple[int, ...]) -> FloatArray:
    """Log rate of all pacts over draws, alike for all pairs: a model of endings has no skill that is clear of zero."""
    treaties = len(np.unique(sample.cluster[sample.y]))
    middle = np.log(sample.y[sample.followed].mean())
    spread = np.sqrt(1.0 / treaties)
    points = middle + spread * (np.linspace(-1.0, 1.0, shape[0]) * np.sqrt(3.0)) - 0.5 * spread**2
    return np.tile(points[:, None], (1, shape[1]))


def _pooled(kind: Kind, rng: np.random.Generator) -> dict[str, PriorOn]:
    """Priors with another pooling of the classes."""
    priors = priors_of(kind)
    low, high = np.log(CLASS_SD)
    sd = float(np.exp(rng.uniform(low, high)))
    return priors | {name: priors[name]._replace(sd=sd) for name in CLASSES if name in priors}


def _level(sample: Sample, year: int, rng: np.random.Generator) -> float:
    """One draw of the level: of how it forgets, and of how many events there happened to be."""
    noise = float(rng.gamma(LEVEL_EVENTS) / LEVEL_EVENTS)
    if sample.kind == "accession":
        return noise * rate_of(sample, year)
    share = rng.uniform()
    fast, slow = (rate_of(sample, year, (half,)) for half in HALF_LIVES)
    return noise * (share * fast + (1.0 - share) * slow)


def _described(sample: Sample, rank: Rank, betas: FloatArray, year: int) -> dict[str, Any]:
    names, known = names_of(sample.kind), sample.followed
    return {
        "names": list(names),
        "beta": _short(rank.beta),
        "sd": _short(betas.std(axis=0, ddof=1)),
        "unit": _short(rank.beta / rank.scale),
        "events": int(sample.y.sum()),
        "treaties": len(np.unique(sample.cluster[sample.y])),
        "rate": _short(np.array([rate_of(sample, year)]))[0],
        "base": _short(np.array([sample.y[known].mean()]))[0],
    }


def _short(values: FloatArray) -> list[float]:
    """Six digits: far below every uncertainty here."""
    return [float(f"{v:.6g}") for v in values]


def to_ship(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of hazards in small types, pairs in alphabetical order.

    Parameters
    ----------
    table : DataFrame
        Of :func:`fit_hazards`.
    """
    ordered = pd.DataFrame(np.sort(table[["a", "b"]].to_numpy(dtype=str), axis=1), columns=["a", "b"])
    made = table.assign(a=ordered["a"], b=ordered["b"]).sort_values(["kind", "a", "b"], ignore_index=True)
    small = {name: _rounded(made[name].to_numpy(dtype=float)) for name in ("hazard", "sd", "outlived")}
    names = {name: made[name].astype("category") for name in ("a", "b", "kind")}
    return made.assign(**small, **names, quiet=made["quiet"].astype(np.int8))


def _rounded(values: FloatArray) -> npt.NDArray[np.float32]:
    """Four digits, in single precision: they pack well."""
    unit = 10.0 ** (np.floor(np.log10(np.maximum(values, 1e-12))) - 3)
    return np.asarray(np.round(values / unit) * unit, dtype=np.float32)
