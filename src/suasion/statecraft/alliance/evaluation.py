"""The whole evaluation of the alliance model as one table, and the part of it that ships with the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from suasion.scores import calibration_table
from suasion.statecraft.alliance.panel import KINDS, AlliancePanel
from suasion.statecraft.alliance.scores import (
    Method,
    rolling_forecasts,
    sample_of,
    scores_of,
    treaties_left_out,
    within,
)

HORIZONS = (1, 5, 10)
LATE = 1990
"""First year of forecasts that had no part in choosing the penalty."""
WINDOWS = (10, 20, 30)
"""Past years used, for the learning curve."""

BINS = 20
"""Groups of the calibration table."""

Tell = Callable[[str], None]


def alliance_evaluation(
    panel: AlliancePanel, methods: tuple[Method, ...] = ("logit", "trees"), tell: Tell | None = None
) -> pd.DataFrame:
    """Score the model in every way.

    Parameters
    ----------
    panel : AlliancePanel
        Risk sets.
    methods : tuple of str
        ``logit``, ``trees`` (needs scikit-learn).
    tell : callable, optional
        Told what is being done.

    Returns
    -------
    DataFrame
        One row a kind of event (and ``either`` kind of forming), method, scheme (``rolling``, ``rolling from 1990``,
        ``last 10 years``, ..., ``treaties left out``), horizon in years; columns of
        :func:`suasion.statecraft.alliance.scores.scores_of`.
    """
    rows = []
    for kind, method, scheme, horizon, forecasts in _forecasts(panel, methods):
        if tell is not None:
            tell(f"{kind}, {method}, {scheme}, {horizon}")
        names = {"kind": kind, "method": method, "scheme": scheme, "horizon": horizon}
        rows.append({**names, **scores_of(forecasts)})
    return pd.DataFrame(rows)


def _forecasts(
    panel: AlliancePanel, methods: tuple[Method, ...]
) -> Iterator[tuple[str, Method, str, int, pd.DataFrame]]:
    for method in methods:
        rolled = {}
        for kind in KINDS:
            sample = sample_of(panel, kind)
            rolled[kind] = rolling_forecasts(sample, method)
            yield from _horizons(kind, method, rolled[kind])
            yield kind, method, "treaties left out", 1, treaties_left_out(sample, method)
            for window in WINDOWS if method == "logit" else ():
                late = rolling_forecasts(sample, method, LATE, window)
                yield kind, method, f"last {window} years", 1, late
        yield from _horizons("either", method, either(rolled["bilateral"], rolled["multilateral"]))


def _horizons(
    kind: str, method: Method, forecasts: pd.DataFrame
) -> Iterator[tuple[str, Method, str, int, pd.DataFrame]]:
    for years in HORIZONS:
        yield kind, method, "rolling", years, forecasts if years == 1 else within(forecasts, years)
    yield kind, method, f"rolling from {LATE}", 1, forecasts[forecasts["year"] >= LATE]


def either(bilateral: pd.DataFrame, multilateral: pd.DataFrame) -> pd.DataFrame:
    """Forecasts that a pact of either kind begins, from those of each; both have the same rows.

    Parameters
    ----------
    bilateral, multilateral : DataFrame
        Of :func:`suasion.statecraft.alliance.scores.rolling_forecasts`.
    """
    keys = ["year", "pair"]
    both = bilateral.merge(multilateral, on=keys, suffixes=("", "_m"), validate="one_to_one")
    made = both[keys].copy()
    made["event"] = both["event"] | both["event_m"]
    made["cluster"] = np.where(both["event_m"], both["cluster_m"], both["cluster"])
    for name in ("forecast", "base"):
        made[name] = 1.0 - (1.0 - both[name]) * (1.0 - both[f"{name}_m"])
    return made


def alliance_calibration(panel: AlliancePanel, bins: int = BINS) -> pd.DataFrame:
    """Compare the logit's rolling forecasts with what happened, in groups of equal size.

    Parameters
    ----------
    panel : AlliancePanel
        Risk sets.
    bins : int
        Groups of each kind; events are rare, so that the last groups hold nearly all of them.

    Returns
    -------
    DataFrame
        ``kind``, ``group`` (1 has the lowest forecasts), ``count``, ``events``, ``forecast`` (mean), ``rate``, ``low``,
        ``high`` (90 % Wilson interval, which takes rows as independent: too narrow for pacts of many).
    """
    parts = []
    for kind in KINDS:
        made = rolling_forecasts(sample_of(panel, kind))
        table = calibration_table(made["forecast"], made["event"], bins)
        events = (table["count"] * table["rate"]).round().astype(int)
        parts.append(table.assign(kind=kind, group=np.arange(1, len(table) + 1), events=events))
    columns = ["kind", "group", "count", "events", "forecast", "rate", "low", "high"]
    return pd.concat(parts, ignore_index=True)[columns]


def shipped_scores(evaluation: pd.DataFrame) -> dict[str, dict[str, dict[str, float]]]:
    """Scores of the logit's rolling forecasts by kind and horizon, for the object that ships.

    Parameters
    ----------
    evaluation : DataFrame
        Of :func:`alliance_evaluation`.
    """
    kept = ("rows", "events", "clusters", "base_rate", "log_skill", "log_skill_low", "log_skill_high")
    more = ("brier_skill", "brier_skill_low", "brier_skill_high", "average_precision", "calibration_slope")
    late = f"rolling from {LATE}"
    part = evaluation[(evaluation["method"] == "logit") & evaluation["scheme"].isin(["rolling", late])]
    found: dict[str, dict[str, dict[str, float]]] = {}
    for _, row in part.iterrows():
        scores = {k: float(f"{row[k]:.6g}") for k in (*kept, *more)}
        horizon = "late" if row["scheme"] == late else str(row["horizon"])
        found.setdefault(str(row["kind"]), {})[horizon] = scores
    return found
