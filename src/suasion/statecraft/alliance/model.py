"""The fitted alliance model as an object of numbers: what ships instead of data, and how it is made from data.

Shipped are coefficients, covariances, training window, scores, base rates, quantiles of the fitted log odds, and for a
few pairs of major powers their fitted log odds with a standard deviation. None of these lets anybody read a row of the
sources.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.errors import SourceFileError
from suasion.statecraft.alliance.covariates import COVARIATES
from suasion.statecraft.alliance.logit import (
    Logit,
    bootstrap_covariance,
    two_way_covariance,
)
from suasion.statecraft.alliance.panel import KINDS, AlliancePanel, Kind, at_risk, design, happened
from suasion.statecraft.alliance.scores import TRAIN_FROM, Sample, sample_of

FloatArray = npt.NDArray[np.float64]

FILE = "alliance_model.json"
VERSION = "alliance-1"
DRIFT_YEARS = 20
GRID = np.linspace(0.0, 1.0, 41)
POWERS = ("USA", "RUS", "CHN", "GBR", "FRA", "DEU", "JPN", "IND")
MORE_PAIRS = ("CHN-PAK", "CHN-PRK", "CHN-IRN", "IRN-RUS", "PRK-RUS", "BLR-RUS", "ISR-USA", "SAU-USA")
"""Pairs besides those of the powers whose fitted log odds are shipped."""
SHIPPED_GROUP = dict.fromkeys(("votes", "trade", "regimes"), "closeness")
"""Groups that ship as one sum: with few members each, their covariates could be solved for."""


@dataclass(frozen=True, slots=True)
class FittedKind:
    """One kind of event.

    Attributes
    ----------
    kind : str
        ``bilateral``, ``multilateral`` or ``ending``.
    logit : Logit
        Coefficients.
    covariance : (K + 1, K + 1)
        Of the coefficients, from draws of whole treaties and dyads.
    sandwich_sd : (K + 1,)
        Standard errors by the two-way sandwich, for comparison.
    rows, events, treaties : int
        Rows at risk, events, clusters with events.
    base_rate, recent_rate : float
        Events per row at risk in the training window, and in its last ten years.
    drift : (DRIFT_YEARS,)
        Standard deviation of the change of the log odds of a pair with a major power over 1, 2, ... years.
    of_events, of_others : (41,)
        Quantiles of the fitted log odds before an event, and without one.
    """

    kind: Kind
    logit: Logit
    covariance: FloatArray
    sandwich_sd: FloatArray
    rows: int
    events: int
    treaties: int
    base_rate: float
    recent_rate: float
    drift: FloatArray
    of_events: FloatArray
    of_others: FloatArray

    def spread(self, x: FloatArray) -> FloatArray:
        """Standard deviation of the log odds (n,) of raw covariates (n, K)."""
        z = self.logit.standard(x)
        return np.asarray(np.sqrt(np.einsum("ij,jk,ik->i", z, self.covariance, z)))

    def effects(self, x: FloatArray) -> dict[str, float]:
        """What each covariate of one row (K,) adds to the log odds, against the average pair at risk."""
        z = self.logit.standard(x[None])[0]
        return dict(zip(self.logit.names, (z * self.logit.beta)[1:].tolist(), strict=True))

    def percentile(self, eta: float, of_events: bool) -> float:
        """Share of the pairs that had the event (or did not) whose log odds were lower."""
        grid = self.of_events if of_events else self.of_others
        return float(np.interp(eta, grid, GRID))

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, ready for JSON."""
        plain = {k: getattr(self, k) for k in ("rows", "events", "treaties", "base_rate", "recent_rate")}
        arrays = {k: _short(getattr(self, k)) for k in ("sandwich_sd", "drift", "of_events", "of_others")}
        logit = {k: _short(getattr(self.logit, k)) for k in ("centre", "scale", "beta")}
        lower = _short(self.covariance[np.tril_indices(len(self.covariance))])
        return {"names": list(self.logit.names), **plain, **arrays, **logit, "covariance": lower}

    @classmethod
    def of(cls, kind: Kind, values: Mapping[str, Any]) -> FittedKind:
        """Read what :meth:`to_dict` wrote."""
        array = {
            k: np.array(v, dtype=float) for k, v in values.items() if isinstance(v, list) and k != "names"
        }
        logit = Logit(tuple(values["names"]), array["centre"], array["scale"], array["beta"])
        full = np.zeros((len(logit.beta),) * 2)
        full[np.tril_indices(len(full))] = array["covariance"]
        full += np.tril(full, -1).T
        return cls(
            kind,
            logit,
            full,
            array["sandwich_sd"],
            *(values[k] for k in ("rows", "events", "treaties", "base_rate", "recent_rate")),
            *(array[k] for k in ("drift", "of_events", "of_others")),
        )


@dataclass(frozen=True, slots=True)
class AllianceModel:
    """The three kinds of event, the pairs and the scores that ship.

    Attributes
    ----------
    first_year, last_year : int
        Years of the covariates that were used, and the last year whose pacts were known.
    kinds : mapping
        Fits by kind.
    pairs : mapping
        By ``AAA-BBB``: ``held``, ``powers`` (major ones), ``carried`` (years by covariate), and for each kind ``eta``,
        ``sd``, ``trees`` (hazard by boosted trees), ``groups`` (sums of effects by group of covariates).
    scores : mapping
        By kind (and ``either`` kind of forming), then horizon as text (``late``: one year, forecasts that had no part
        in choosing the penalty): scores of the rolling forecasts.
    classes : mapping
        For pairs of ``two``, ``one`` or ``no`` major powers, by kind: events, and pair-years at risk.
    """

    first_year: int
    last_year: int
    kinds: Mapping[Kind, FittedKind]
    pairs: Mapping[str, Mapping[str, Any]]
    scores: Mapping[str, Mapping[str, Mapping[str, float]]]
    classes: Mapping[str, Mapping[str, tuple[int, int]]]

    def to_json(self) -> str:
        """Text of the shipped file."""
        content = {
            "version": VERSION,
            "first_year": self.first_year,
            "last_year": self.last_year,
            "kinds": {k: f.to_dict() for k, f in self.kinds.items()},
            "pairs": self.pairs,
            "scores": self.scores,
            "classes": self.classes,
        }
        return json.dumps(content, separators=(",", ":"), allow_nan=False).replace('},"', '},\n"') + "\n"

    @classmethod
    def from_json(cls, text: str) -> AllianceModel:
        """Read what :meth:`to_json` wrote.

        Raises
        ------
        SourceFileError
            If it is something else.
        """
        try:
            content = json.loads(text)
            if content["version"] != VERSION:
                raise ValueError(f"version {content['version']!r}, not {VERSION!r}")
            kinds = {k: FittedKind.of(k, content["kinds"][k]) for k in KINDS}
            years = int(content["first_year"]), int(content["last_year"])
            return cls(*years, kinds, content["pairs"], content["scores"], content["classes"])
        except (ValueError, KeyError, TypeError) as error:
            raise SourceFileError(
                f"The alliance model cannot be read ({error}). Install the package again, or fit it anew."
            ) from error


@cache
def load_alliance_model() -> AllianceModel:
    """Read the model that ships.

    Returns
    -------
    AllianceModel

    Raises
    ------
    SourceFileError
        If the installation lacks it.
    """
    try:
        text = resources.files("suasion.statecraft").joinpath("tables", FILE).read_text(encoding="utf-8")
    except OSError as error:
        raise SourceFileError(
            f"The alliance model {FILE} is absent ({error}). Install the package again."
        ) from error
    return AllianceModel.from_json(text)


def fit_alliance_model(
    panel: AlliancePanel,
    scores: Mapping[str, Mapping[str, Mapping[str, float]]],
    draws: int = 200,
    seed: int = 0,
    trees: bool = True,
) -> AllianceModel:
    """Fit the model to a panel.

    Parameters
    ----------
    panel : AlliancePanel
        Risk sets.
    scores : mapping
        Scores of the rolling forecasts, to go with it.
    draws, seed : int
        Of the bootstrap behind the covariances.
    trees : bool
        Whether boosted trees are fitted too, for the pairs (needs scikit-learn).

    Returns
    -------
    AllianceModel
    """
    samples = {kind: sample_of(panel, kind) for kind in KINDS}
    kinds = {kind: fit_kind(panel, sample, draws, seed) for kind, sample in samples.items()}
    pairs = _pairs(panel, kinds, samples, trees)
    return AllianceModel(TRAIN_FROM, panel.last_year, kinds, pairs, scores, classes_of(panel.table))


def fit_kind(panel: AlliancePanel, sample: Sample, draws: int, seed: int) -> FittedKind:
    """Fit one kind of event, with its covariance, drift and quantiles.

    Parameters
    ----------
    panel, sample, draws, seed
        As for :func:`fit_alliance_model`.
    """
    everything = np.ones(len(sample.y), dtype=bool)
    rows, weights = sample.used(everything)
    logit = sample.fit(everything)
    data = (sample.x[rows], sample.y[rows], weights)
    eta = logit.eta(sample.x)
    late = sample.year > sample.year.max() - 10
    return FittedKind(
        sample.kind,
        logit,
        bootstrap_covariance(logit, *data, sample.cluster[rows], draws, seed),
        np.sqrt(np.diag(two_way_covariance(logit, *data, (sample.cluster[rows], sample.pair[rows])))),
        len(sample.y),
        int(sample.y.sum()),
        len(np.unique(sample.cluster[sample.y])),
        float(sample.y.mean()),
        float(sample.y[late].mean()),
        drift_of(panel.table, logit, sample.kind),
        np.quantile(eta[sample.y], GRID),
        np.quantile(eta[~sample.y], GRID),
    )


def class_of(row: Mapping[str, Any] | pd.Series) -> str:
    """Return how many of a pair are major powers: ``two``, ``one`` or ``no``."""
    return "two" if row["both_major"] == 1 else "one" if row["major"] == 1 else "no"


def classes_of(table: pd.DataFrame) -> dict[str, dict[str, tuple[int, int]]]:
    """Count events and pair-years at risk by the number of major powers in a pair.

    Parameters
    ----------
    table : DataFrame
        Of the panel.
    """
    late = (table["year"] >= TRAIN_FROM).to_numpy()
    number = (table["major"].fillna(0) + table["both_major"].fillna(0)).to_numpy()
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for count, name in enumerate(("no", "one", "two")):
        for kind in KINDS:
            risk = late & at_risk(table, kind) & (number == count)
            found.setdefault(name, {})[kind] = int((risk & happened(table, kind)).sum()), int(risk.sum())
    return found


def drift_of(table: pd.DataFrame, logit: Logit, kind: Kind) -> FloatArray:
    """Standard deviation of the change of log odds over 1 to ``DRIFT_YEARS`` years, of pairs with a major power.

    Parameters
    ----------
    table : DataFrame
        Of the panel.
    logit : Logit
        Fitted.
    kind : str
        Both ends of a change must be without a pact, or with one where the kind is ``ending``.
    """
    fits = (table["held"] == (kind == "ending")) & (table["major"] == 1) & (table["year"] >= TRAIN_FROM)
    part = table[fits]
    eta = pd.Series(logit.eta(design(part, kind)), index=pd.MultiIndex.from_frame(part[["pair", "year"]]))
    wide = eta.unstack("year")
    wide = wide.reindex(columns=range(int(wide.columns.min()), int(wide.columns.max()) + 1))
    values = wide.to_numpy()
    spans = range(1, min(DRIFT_YEARS, values.shape[1] - 1) + 1)
    found = [float(np.nanstd(values[:, k:] - values[:, :-k])) for k in spans]
    return np.array(found + found[-1:] * (DRIFT_YEARS - len(found)))


def _pairs(
    panel: AlliancePanel, kinds: Mapping[Kind, FittedKind], samples: Mapping[Kind, Sample], trees: bool
) -> dict[str, dict[str, Any]]:
    chosen = {"-".join(sorted((a, b))) for a in POWERS for b in POWERS if a < b} | set(MORE_PAIRS)
    last = panel.table[panel.table["year"] == panel.last_year]
    label = [
        "-".join(sorted((str(a), str(b)))) for a, b in zip(last["country1"], last["country2"], strict=True)
    ]
    hit = np.isin(label, sorted(chosen))
    rows, names = last[hit], np.array(label)[hit]
    everything = {k: np.ones(len(s.y), dtype=bool) for k, s in samples.items()}
    forest = {k: s.predictor(everything[k], "trees") for k, s in samples.items()} if trees else {}
    found: dict[str, dict[str, Any]] = {}
    for name, (index, row) in sorted(zip(names, rows.iterrows(), strict=True)):
        part = rows.loc[[index]]
        ages = panel.ages.loc[part.index[0]]
        found[str(name)] = {
            "held": bool(row["held"]),
            "powers": class_of(row),
            "carried": {str(k): int(v) for k, v in ages[ages > 0].items()},
        }
        for kind in kinds_of(bool(row["held"])):
            found[str(name)][kind] = _of_pair(part, kinds[kind], forest.get(kind))
    return found


def kinds_of(held: bool) -> tuple[Kind, ...]:
    """Kinds of event of which a pair is at risk."""
    return ("ending",) if held else ("bilateral", "multilateral")


def _of_pair(part: pd.DataFrame, fit: FittedKind, forest: Any) -> dict[str, Any]:
    x = design(part, fit.kind)
    groups: dict[str, float] = {}
    for name, effect in fit.effects(x[0]).items():
        group = SHIPPED_GROUP.get(COVARIATES[name][0], COVARIATES[name][0])
        groups[group] = groups.get(group, 0.0) + effect
    return {
        "eta": round(float(fit.logit.eta(x)[0]), 4),
        "sd": round(float(fit.spread(x)[0]), 4),
        "trees": None if forest is None else float(f"{forest(x)[0]:.4g}"),
        "groups": {k: round(v, 2) for k, v in groups.items()},
    }


def _short(values: FloatArray) -> list[float]:
    """Six digits: far below every uncertainty here."""
    return [float(f"{v:.6g}") for v in values]
