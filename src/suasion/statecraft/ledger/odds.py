r"""A Bayesian ledger of signals: what each one is worth, and what they come to.

Posterior log odds = prior log odds + sum over items of w_k ln(LR_k). The likelihood ratio LR_k says how much likelier
the item is if the hypothesis holds than if not. Items of one group tell partly the same story: with correlation
rho, n of them get the weight w = 1 / (1 + (n - 1) rho) each. That is exact for n equally diagnostic, equally
correlated normal observations. Cheap talk costs nothing whoever says it, so its ratio is 1 and it is not counted,
unless the file justifies another one.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from suasion.errors import InputError, JudgementError
from suasion.schema.judgements import Judgement
from suasion.types import Brief, FloatArray

BAND = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence.

    Attributes
    ----------
    key : its id in the file
    date : when it happened
    text : what happened
    kind : one of :data:`suasion.statecraft.ledger.file.KINDS`
    ratio : likelihood ratio, > 0
    group : items of one group are correlated; empty where it stands alone
    source : key of the source of the event, or ``assumption``
    counted : False for cheap talk whose ratio nobody justifies, and for what the prior knows already
    justified : why cheap talk counts, where it does
    in_prior : group of covariates under which the prior knows it already; it is not counted again
    short : what happened in a few words, for pictures; its id without them
    """

    key: str
    date: dt.date
    text: str
    kind: str
    ratio: Judgement
    group: str = ""
    source: str = ""
    counted: bool = True
    justified: str = ""
    in_prior: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Ledger(Brief):
    """Prior, evidence in the order of time, and how much of it is the same evidence twice.

    Attributes
    ----------
    name, question, hypothesis, otherwise : what is asked, and the two answers that the ratios compare
    prior : probability of the hypothesis before any item, in (0, 1)
    items : oldest first
    groups : Mapping
        Correlation within each group, in [0, 1).
    sources : Mapping
        Text of each source.
    pair, by : of which states, and by the end of which year, a pact is asked
    """

    name: str
    question: str
    hypothesis: str
    otherwise: str
    prior: Judgement
    items: tuple[Item, ...]
    groups: Mapping[str, Judgement] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    pair: tuple[str, str] | None = None
    by: int | None = None

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """Every number that somebody may see otherwise: prior, ratios, correlations, in this order."""
        return (self.prior, *(i.ratio for i in self.items), *self.groups.values())

    def with_prior(self, value: float, low: float, high: float, source: str = "given") -> Ledger:
        """Return the ledger with another prior, such as the hazard of a model with its band.

        Parameters
        ----------
        value, low, high : probability and its range, 0 < low <= value <= high < 1
        source : where it comes from

        Raises
        ------
        JudgementError
            If the three are not probabilities in this order.
        """
        if not 0.0 < low <= value <= high < 1.0:
            raise JudgementError(
                f"A prior needs 0 < low <= value <= high < 1, not {low:g}, {value:g}, {high:g}."
            )
        return replace(self, prior=Judgement("prior", value, low, high, source))


def log_odds(probability: float | FloatArray) -> FloatArray:
    """Natural logarithm of the odds of a probability in (0, 1)."""
    p = np.asarray(probability, dtype=np.float64)
    odds: FloatArray = np.log(p) - np.log1p(-p)
    return odds


def probability(odds: float | FloatArray) -> FloatArray:
    """Probability of natural log odds."""
    x = np.asarray(odds, dtype=np.float64)
    p: FloatArray = np.exp(-np.logaddexp(0.0, -x))
    return p


def posterior_path(ledger: Ledger, draws: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Return the posterior after each item, with its band over the ranges of all judgements.

    Parameters
    ----------
    ledger : Ledger
    draws : points of a Latin hypercube: ratios and the odds of the prior uniform in logarithms over their ranges,
        correlations uniform; all independent.
    seed : int

    Returns
    -------
    DataFrame
        First row the prior. ``date``, ``item``, ``ratio``, ``step`` (change of log odds), ``posterior``, ``low`` and
        ``high`` (5th and 95th of 100 draws), ``least`` and ``most`` (every judgement at its worst and best).

    Raises
    ------
    InputError
        If there are fewer than 20 draws.
    """
    if draws < 20:
        raise InputError(f"draws is {draws}; give at least 20.")
    drawn = probability(odds_path(ledger, _draw(ledger, draws, seed)))
    low, high = np.quantile(drawn, BAND, axis=0)
    columns = ["date", "item", "ratio", "step", "posterior", "low", "high", "least", "most"]
    return exact_path(ledger).assign(low=low, high=high)[columns]


def exact_path(ledger: Ledger) -> pd.DataFrame:
    """Return the posterior after each item with what bounds it exactly; nothing is drawn.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    DataFrame
        First row the prior. ``date``, ``item``, ``ratio``, ``step``, ``posterior``, ``least``, ``most`` as in
        :func:`posterior_path`; ``prior_low``, ``prior_high`` (the prior at either end of its range, all else as given).
    """
    own = odds_path(ledger, as_given(ledger))[0]
    ends = [extremes(replace(ledger, items=ledger.items[:k])) for k in range(len(ledger.items) + 1)]
    prior = {side: log_odds(getattr(ledger.prior, side)) - own[0] for side in ("low", "high")}
    return pd.DataFrame(
        {
            "date": [None, *(i.date for i in ledger.items)],
            "item": ["prior", *(i.key for i in ledger.items)],
            "ratio": [np.nan, *(i.ratio.value for i in ledger.items)],
            "step": np.diff(own, prepend=own[0]),
            "posterior": probability(own),
            "prior_low": probability(own + prior["low"]),
            "prior_high": probability(own + prior["high"]),
            "least": [e[0] for e in ends],
            "most": [e[1] for e in ends],
        }
    )


def item_values(ledger: Ledger) -> pd.DataFrame:
    """Return what each item is worth in log odds when all is told; the values add up to the whole.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    DataFrame
        ``item``, ``date``, ``kind``, ``group``, ``ratio``, ``log_ratio``, ``weight`` (1 where nothing else tells the
        same story, 0 for cheap talk that is not counted), ``value`` = weight x log_ratio, ``source``.
    """
    counts = Counter(i.group for i in ledger.items if i.counted and i.group)
    rows = []
    for i in ledger.items:
        weight = 1.0 / (1.0 + (counts.get(i.group, 1) - 1) * _rho(ledger, i.group)) if i.counted else 0.0
        log = float(np.log(i.ratio.value))
        rows.append(
            (i.key, i.date, i.kind, i.group, i.ratio.value, log, weight, weight * log, i.ratio.source)
        )
    names = ["item", "date", "kind", "group", "ratio", "log_ratio", "weight", "value", "source"]
    return pd.DataFrame(rows, columns=names)


def extremes(ledger: Ledger) -> tuple[float, float]:
    """Smallest and largest posterior with every judgement anywhere in its range.

    Returns: (least, most): pair of float.
    """
    ends = []
    for side, sign in (("low", 1.0), ("high", -1.0)):
        total = float(log_odds(getattr(ledger.prior, side)))
        for group in dict.fromkeys(
            i.group for i in ledger.items
        ):  # the order of a set differs from run to run
            members = [i for i in ledger.items if i.group == group and i.counted]
            told = sum(float(np.log(getattr(i.ratio, side))) for i in members)
            total += told * _weight_at(ledger, group, len(members), more=sign * told < 0)
        ends.append(float(probability(total)))
    return ends[0], ends[1]


def _weight_at(ledger: Ledger, group: str, size: int, more: bool) -> float:
    """Weight of a group's items at that end of its correlation at which they count for more, or for less."""
    if group not in ledger.groups or size < 2:
        return 1.0
    rho = ledger.groups[group].low if more else ledger.groups[group].high
    return 1.0 / (1.0 + (size - 1) * rho)


def _rho(ledger: Ledger, group: str) -> float:
    return ledger.groups[group].value if group in ledger.groups else 0.0


def as_given(ledger: Ledger) -> FloatArray:
    """Judgements as they stand, (1, J), in the order of :attr:`Ledger.judgements`."""
    return np.array([[g.value for g in ledger.judgements]])


def _draw(ledger: Ledger, draws: int, seed: int) -> FloatArray:
    """Judgements drawn over their ranges, (D, J)."""
    given = ledger.judgements
    low, high = (np.array([getattr(g, side) for g in given]) for side in ("low", "high"))
    from scipy.stats import qmc  # slow to load, and many uses of this room draw nothing

    unit = qmc.LatinHypercube(len(given), rng=seed).random(draws)
    last = 1 + len(ledger.items)
    points: FloatArray = low + (high - low) * unit
    points[:, 1:last] = low[1:last] * (high[1:last] / low[1:last]) ** unit[:, 1:last]
    start, end = log_odds(low[0]), log_odds(high[0])
    points[:, 0] = probability(start + (end - start) * unit[:, 0])
    return points


def odds_path(ledger: Ledger, points: FloatArray) -> FloatArray:
    """Log odds before and after each item.

    ledger: which items there are, and which count.
    points: (D, J) judgements, in the order of :attr:`Ledger.judgements`.
    Returns: array (D, K + 1).
    """
    items, names = ledger.items, list(ledger.groups)
    logs = np.log(points[:, 1 : 1 + len(items)])
    rho = points[:, 1 + len(items) :]
    out = np.empty((len(points), len(items) + 1))
    out[:, 0] = log_odds(points[:, 0])
    told = np.zeros((len(points), len(names)))
    size = np.zeros(len(names))
    for k, i in enumerate(items):
        out[:, k + 1] = out[:, k]
        if not i.counted:
            continue
        if i.group not in ledger.groups:
            out[:, k + 1] += logs[:, k]
            continue
        g = names.index(i.group)
        before = told[:, g] / (1.0 + max(size[g] - 1.0, 0.0) * rho[:, g])
        told[:, g] += logs[:, k]
        size[g] += 1.0
        out[:, k + 1] += told[:, g] / (1.0 + (size[g] - 1.0) * rho[:, g]) - before
    return out
