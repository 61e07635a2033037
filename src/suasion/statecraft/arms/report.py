"""Who arms whom, for one pair: shares by both definitions, self-reliance, a test for a break, and the drift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from suasion.statecraft.arms.breaks import LEAST, BreakTest, break_test
from suasion.statecraft.arms.drift import LEAST as DRIFT_LEAST
from suasion.statecraft.arms.drift import Drift, share_drift
from suasion.statecraft.arms.shares import arms_shares, self_reliance


@dataclass(frozen=True, slots=True)
class ArmsReport:
    """Arms deliveries from a supplier to a recipient.

    Attributes
    ----------
    recipient, supplier : str
    window : years in a sum
    table : ``year``, ``tiv``, ``import_share``, ``export_share`` (single years), ``import_share_sum``,
        ``export_share_sum`` (of the years summed), 0 to 1; missing where there is no trade or the window is not full
    reliance : of :func:`suasion.statecraft.arms.shares.self_reliance` for the recipient
    change : in the log odds of the recipient's import share; None where there is too little to test
    drift : of the recipient's import share; None where there is too little to project
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
    deliveries : ``supplier``, ``recipient``, ``year``, ``tiv``, as for
        :func:`suasion.statecraft.arms.shares.arms_shares`
    recipient, supplier : str
    window : years in a sum
    to : last year of the projection; ten years beyond the data without it
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


def _change(shares: pd.Series[float], seed: int) -> BreakTest | None:
    held = shares.clip(0.01, 0.99)
    odds: pd.Series[float] = (held / (1.0 - held)).map(np.log)
    enough = held.count() >= LEAST and held.nunique() > 1
    return break_test(odds, seed=seed) if enough else None
