"""Who arms whom, for one pair: the table of both definitions, and the findings in sentences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from suasion.sources.countries import country_name
from suasion.statecraft.arms.breaks import LEAST, BreakTest, break_test
from suasion.statecraft.arms.drift import LEAST as DRIFT_LEAST
from suasion.statecraft.arms.drift import Drift, share_drift
from suasion.statecraft.arms.shares import arms_shares, self_reliance

WIDE = 0.7
"""Width of a 90 % band of a share from which on no value is named: it rules out next to nothing (an assumption)."""


@dataclass(frozen=True, slots=True)
class ArmsReport:
    """Arms deliveries from a supplier to a recipient.

    Attributes
    ----------
    recipient, supplier : str
    window : int
        Years in a sum.
    table : DataFrame
        ``year``, ``tiv``, ``import_share``, ``export_share`` (single years), ``import_share_sum``, ``export_share_sum``
        (of the years summed), 0 to 1; missing where there is no trade or the window is not full.
    reliance : DataFrame
        Of :func:`suasion.statecraft.arms.shares.self_reliance` for the recipient.
    change : BreakTest or None
        In the log odds of the recipient's import share; None where there is too little to test.
    drift : Drift or None
        Of the recipient's import share; None where there is too little to project.
    """

    recipient: str
    supplier: str
    window: int
    table: pd.DataFrame
    reliance: pd.DataFrame
    change: BreakTest | None
    drift: Drift | None


def arms_report(
    deliveries: pd.DataFrame,
    recipient: str,
    supplier: str,
    window: int = 5,
    to: int | None = None,
    seed: int = 0,
) -> ArmsReport:
    """Return what deliveries say about one supplier and one recipient.

    Parameters
    ----------
    deliveries : DataFrame
        ``supplier``, ``recipient``, ``year``, ``tiv``, as for :func:`suasion.statecraft.arms.shares.arms_shares`.
    recipient, supplier : str
    window : int
        Years in a sum.
    to : int, optional
        Last year of the projection; ten years beyond the data without it.
    seed : int

    Returns
    -------
    ArmsReport
    """
    single, sums = (arms_shares(deliveries, recipient, supplier, w) for w in (1, window))
    table = single[["year", "tiv", "import_share", "export_share"]].copy()
    for name in ("import_share", "export_share"):
        table[f"{name}_sum"] = sums[name]
    shares = single.set_index("year")["import_share"]
    last = int(table["year"].max()) + 10 if to is None else to
    enough = int((shares > 0.0).sum()) >= DRIFT_LEAST
    drift = share_drift(shares, last, seed=seed) if enough else None
    change = _change(shares, seed)
    return ArmsReport(
        recipient, supplier, window, table, self_reliance(deliveries, recipient, window), change, drift
    )


def arms_sentences(report: ArmsReport) -> list[str]:
    """Return the findings of a report, each with its measure and its doubt.

    Parameters
    ----------
    report : ArmsReport

    Returns
    -------
    list of str
    """
    return [_now(report), _reliance(report), _break(report), _ahead(report)]


def _change(shares: pd.Series[float], seed: int) -> BreakTest | None:
    held = shares.clip(0.01, 0.99)
    odds: pd.Series[float] = (held / (1.0 - held)).map(np.log)
    enough = held.count() >= LEAST and held.nunique() > 1  # else said in the sentence
    return break_test(odds, seed=seed) if enough else None


def _now(report: ArmsReport) -> str:
    last = report.table.iloc[-1]
    year, first = int(last["year"]), int(last["year"]) - report.window + 1
    supplier, recipient = country_name(report.supplier), country_name(report.recipient)
    return (
        f"Of the arms delivered to {recipient}, {supplier} sent {_percent(last['import_share'])} in "
        f"{year} and {_percent(last['import_share_sum'])} over {first}-{year}; of those that {supplier} sent, "
        f"{recipient} took {_percent(last['export_share'])} and {_percent(last['export_share_sum'])} (deliveries in "
        "trend-indicator values, which measure capability, not money)."
    )


def _reliance(report: ArmsReport) -> str:
    known = report.reliance.dropna(subset=["seller_share"])
    if known.empty:
        return f"{country_name(report.recipient)} has no arms trade in any window."
    old, new = known.iloc[0], known.iloc[-1]
    return (
        f"Of all arms that {country_name(report.recipient)} bought or sold, {_percent(old['seller_share'])} were "
        f"sold in the {report.window} years to {old['year']:.0f} and {_percent(new['seller_share'])} in those to "
        f"{new['year']:.0f}; its imports stand at {_percent(new['of_peak'])} of their peak. What it makes for itself "
        "is not in the data."
    )


def _break(report: ArmsReport) -> str:
    test = report.change
    if test is None:
        return "There are too few years with a share, or it never changes: no break is tested."
    if test.p <= 0.05:
        verdict = "a break in level"
    elif test.p_removed <= 0.05:
        verdict = "a break in level, or a slow movement that looks like one: the series is too short to tell"
    else:
        verdict = "no single break that its persistence alone would not make"
    return (
        f"Import share, largest F in {test.year}: {verdict} (F {test.f:.1f}; p {test.p:.3f} with the series' own "
        f"autocorrelation, {test.p_removed:.3f} with what is left without the break)."
    )


def _ahead(report: ArmsReport) -> str:
    drift = report.drift
    if drift is None:
        return f"There are deliveries in fewer than {DRIFT_LEAST} years: nothing is projected."
    last = drift.table.iloc[-1]
    if last["high"] - last["low"] > WIDE:
        return (
            f"Where the import share will be in {last['year']:.0f} if it goes on as it did, these years cannot tell: "
            f"the 90 % band runs from {_percent(last['low'])} to {_percent(last['high'])}; the drift is downward with "
            f"a probability of {_percent(drift.falling)}."
        )
    return (
        f"Import share in {last['year']:.0f} if it goes on as it did: {_percent(last['level'])} "
        f"(90 % band {_percent(last['low'])} to {_percent(last['high'])}); the drift is downward with a "
        f"probability of {_percent(drift.falling)}."
    )


def _percent(share: float) -> str:
    if np.isnan(share):
        return "an undefined part (none are recorded)"
    if 0.0 < share < 0.005:
        return "less than 1 %"
    return "more than 99 %" if 0.995 <= share < 1.0 else f"{100.0 * share:.0f} %"
