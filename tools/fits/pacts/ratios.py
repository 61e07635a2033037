"""What evidence is worth: likelihood ratios from pairs that signed and like pairs that did not.

For each bilateral pact and each of the ten years before it, the pair is set beside the pairs without a pact of the same
year and class that lie most alike in distance. The log odds ``b`` that the signer is the one with the evidence has a
normal prior; each treaty weighs one. With ``q`` the share of like pairs that have the evidence, seeing it is worth
``e^b / (1 - q + q e^b)``, and not seeing it ``1 / (1 - q + q e^b)``. Bands draw whole treaties with repetition.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd

from fits.pacts.origins import TRAIN_FROM
from fits.pacts.panel import CLASSES, AlliancePanel
from suasion.types import FloatArray

YEARS = 10
"""Years before a pact that are looked at."""
LIKE = 60
"""Like pairs of each year."""
PRIOR_SD = 0.7
DRAWS = 200
STEPS = 40


class EvidenceKind(StrEnum):
    """What may be known of a pair in a year."""

    LARGE_ARMS = "large_arms"
    ARMS = "arms"
    NUCLEAR = "nuclear"
    COMMON_RIVAL = "common_rival"
    NEAR_VOTES = "near_votes"
    CONSULTATION = "consultation"
    TRADE = "trade"
    NONAGGRESSION = "nonaggression"
    EARLIER_PACT = "earlier_pact"
    TERRITORY = "territory"


IN_HAZARD = frozenset(EvidenceKind) - {EvidenceKind.NUCLEAR}
"""EvidenceKind that the hazard knows already: it must not be counted again in a ledger."""
LARGE = 500.0
"""Orders in ten years, million TIV, that are large."""
NEAR_VOTES = 0.75
MUCH_TRADE = 0.02
"""Share of all trade of the one that depends less, from which trade is much. Assumption."""


def seen(table: pd.DataFrame) -> pd.DataFrame:
    """Return which evidence each row of a panel shows, one column a member of :class:`EvidenceKind`; NaN if unknown.

    Parameters
    ----------
    table : DataFrame
        Of the panel.
    """
    return pd.DataFrame(
        {
            EvidenceKind.LARGE_ARMS: table["arms"] >= np.log1p(LARGE) / 5.0,
            EvidenceKind.ARMS: table["arms"] > 0,
            # The register of agreements ends early: years after it say nothing, not that none was signed.
            EvidenceKind.NUCLEAR: (table["nuclear"] > 0).where(table["nuclear"].notna()),
            EvidenceKind.COMMON_RIVAL: table["rivals_shared"] > 0,
            EvidenceKind.NEAR_VOTES: table["ideal_distance"] < NEAR_VOTES,
            EvidenceKind.CONSULTATION: table["consults"] == 1,
            EvidenceKind.TRADE: table["trade_dependence"] >= np.log1p(1000.0 * MUCH_TRADE),
            EvidenceKind.NONAGGRESSION: table["nonaggression"] == 1,
            EvidenceKind.EARLIER_PACT: table["past_pact"] == 1,
            EvidenceKind.TERRITORY: table["territory"] >= 0.5,
        }
    ).astype(float)


def evidence_ratios(panel: AlliancePanel, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Return the likelihood ratio of each kind of evidence.

    Parameters
    ----------
    panel : AlliancePanel
    draws, seed : int
        Of whole treaties.

    Returns
    -------
    DataFrame
        ``evidence``, ``before`` and ``others`` (shares of the signers' years and of the like pairs with it),
        ``ratio`` if seen with its 90 % band (``ratio_low``, ``ratio_high``), ``ratio_absent`` if not, ``in_hazard``.
    """
    table = panel.table
    matched = _matched(table[~table["held"] & (table["year"] >= TRAIN_FROM - YEARS)])
    shown = seen(table)
    rng = np.random.default_rng(seed)
    treaties = matched["treaty"].nunique()
    drawn = rng.multinomial(treaties, np.full(treaties, 1.0 / treaties), draws)
    rows = []
    for name in EvidenceKind:
        column = shown[name].to_numpy()
        known = matched[~np.isnan(column[matched["case"].to_numpy()])]
        case, like = _shares(known, column)
        q = float(like.mean())
        own = _log_odds(case, like, known, np.ones(treaties))
        band = [_log_odds(case, like, known, times) for times in drawn.astype(float)]
        low, high = np.quantile([_if_seen(b, q) for b in band], [0.05, 0.95])
        absent = 1.0 / (1.0 - q + q * np.exp(own))
        rows.append(
            (name.value, float(case.mean()), q, _if_seen(own, q), low, high, absent, name in IN_HAZARD)
        )
    columns = [
        "evidence",
        "before",
        "others",
        "ratio",
        "ratio_low",
        "ratio_high",
        "ratio_absent",
        "in_hazard",
    ]
    return pd.DataFrame(rows, columns=columns)


def _if_seen(b: float, q: float) -> float:
    return float(np.exp(b) / (1.0 - q + q * np.exp(b)))


def _matched(free: pd.DataFrame) -> pd.DataFrame:
    """One row a treaty and year before it: ``treaty`` (0, 1, ...), ``case`` (row), ``like`` (rows)."""
    signed = free[(free["kind"] == "bilateral") & (free["year"] >= TRAIN_FROM)]
    group = free[list(CLASSES)].to_numpy().argmax(axis=1)
    by_year = {
        int(str(year)): np.flatnonzero(rows)
        for year, rows in ((y, free["year"] == y) for y in free["year"].unique())
    }
    pair, distance, row = (free[name].to_numpy() for name in ("pair", "distance", "pair"))
    row = free.index.to_numpy()
    found = []
    for number, (_, event) in enumerate(signed.iterrows()):
        for year in range(int(event["year"]) - YEARS + 1, int(event["year"]) + 1):
            there = by_year.get(year, np.array([], dtype=int))
            own = there[pair[there] == event["pair"]]
            if not len(own):
                continue
            others = there[(group[there] == group[own[0]]) & (pair[there] != event["pair"])]
            gap = np.abs(distance[others] - distance[own[0]])
            nearest = others[np.argsort(np.nan_to_num(gap, nan=np.inf), kind="stable")[:LIKE]]
            found.append((number, row[own[0]], row[nearest]))
    table = pd.DataFrame(found, columns=["treaty", "case", "like"])
    return table.assign(treaty=np.unique(table["treaty"], return_inverse=True)[1])


def _shares(matched: pd.DataFrame, shown: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Whether the signer shows it, and the share of the like pairs that do, of each year before a pact."""
    case = shown[matched["case"].to_numpy()]
    return case, np.array([shown[rows].mean() if len(rows) else 0.0 for rows in matched["like"]])


def _log_odds(case: FloatArray, like: FloatArray, matched: pd.DataFrame, times: FloatArray) -> float:
    """Posterior mode by Newton steps: one parameter, each treaty as often as said, its years sharing its weight."""
    treaty = matched["treaty"].to_numpy()
    weight = times[treaty] / np.bincount(treaty)[treaty]
    n = np.array([len(rows) for rows in matched["like"]])
    b = 0.0
    for _ in range(STEPS):
        # Chance that of the pair and its likes the pair is the one with the evidence: strata of one case.
        showing = (case + like * n) * np.exp(b)
        p = showing / (showing + (1.0 - case) + (1.0 - like) * n)
        slope = (weight * (case - p)).sum() - b / PRIOR_SD**2
        b += float(slope / ((weight * p * (1.0 - p)).sum() + PRIOR_SD**-2))
    return b
