"""What a forecast of shares may know: shares of all pairs, sizes of both sides, and which years are on record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.outlook.histories import Flows, Measure, Panel, panel_of, sides_of
from suasion.types import FloatArray

LEAST_ODDS = 1e-4
"""Shares nearer to 0 or 1 are taken there when log odds are needed: a flow below it is mostly a matter of reporting."""


@dataclass(frozen=True, slots=True)
class ShareRecord:
    """Shares of all pairs and what goes with them, by year.

    panel: shares; NaN in years without a record.
    known: (D, Y) bool: whether a share is on record, so that a forecast of it can be learnt from and scored.
      A share that was patched is used to look back, and is no outcome.
    odds: (D, Y) log odds of the shares; years without a record on a straight line between their neighbours.
    mirror: (D, Y) log odds of the share of ``of`` in the trade of the partner.
    own, other: (D, Y) logarithm of the share of ``of`` and of the partner in the world's trade.
    spread: (D, Y) concentration of the trade of ``of``: the sum of its squared shares.
    steady: whether only pairs are forecast that traded in every year looked back at, as in the hindcasts:
      single goods are sold to many buyers in some years only.
    """

    panel: Panel
    known: NDArray[np.bool_]
    odds: FloatArray
    mirror: FloatArray
    own: FloatArray
    other: FloatArray
    spread: FloatArray
    steady: bool = False

    @property
    def years(self) -> NDArray[np.int64]:
        """(Y,) whole numbers."""
        return self.panel.years


LEAST_SIZE = 1e-12
"""Least share in the world trade whose logarithm is told apart."""


def record_of_shares(
    flows: Flows,
    measure: Measure = "turnover",
    holes: NDArray[np.bool_] | None = None,
    steady: bool = False,
) -> ShareRecord:
    """Lay out what forecasts of shares may know.

    flows: a year in which all is NaN has no record.
    measure: ``turnover``, ``exports`` or ``imports``.
    holes: (Y, N, N) flows that are patched.
    steady: of :class:`ShareRecord`.
    """
    panel = panel_of(flows, measure)
    place = {code: n for n, code in enumerate(flows.countries)}
    i, j = (np.array([place[code] for code in side]) for side in (panel.of, panel.partner))
    mine: FloatArray = np.sum(sides_of(np.nan_to_num(flows.values), measure), axis=0)
    theirs = mine.transpose(0, 2, 1)
    recorded = np.asarray(~np.isnan(flows.values).all((1, 2)))
    whole, others = mine.sum(2), theirs.sum(2)
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = ((mine / whole[:, :, None]) ** 2).sum(2)
        mirrored = mine[:, i, j].T / others[:, j].T
        sizes = [
            np.log(np.maximum(part / part.sum(1, keepdims=True), LEAST_SIZE)) for part in (whole, others)
        ]
    known = np.broadcast_to(recorded, panel.shares.shape) & np.isfinite(panel.shares)
    if holes is not None:
        known = known & ~np.any(sides_of(holes, measure), axis=0)[:, i, j].T
    parts = (odds_of(panel.shares), odds_of(mirrored), sizes[0][:, i].T, sizes[1][:, j].T, squares[:, i].T)
    odds, mirror, own, other, spread = (bridged(part, recorded) for part in parts)
    return ShareRecord(panel, known, odds, mirror, own, other, spread, steady)


def odds_of(shares: FloatArray) -> FloatArray:
    """Log odds of shares, kept :data:`LEAST_ODDS` away from 0 and 1; NaN stays."""
    inside = np.clip(shares, LEAST_ODDS, 1 - LEAST_ODDS)
    return np.asarray(np.log(inside) - np.log1p(-inside))


def shares_of(odds: FloatArray) -> FloatArray:
    """Shares of log odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def bridged(values: FloatArray, recorded: NDArray[np.bool_]) -> FloatArray:
    """Lay years without a record on a straight line between their neighbours.

    values: (D, Y).
    recorded: (Y,).
    """
    at = np.flatnonzero(recorded)
    filled = values.copy()
    for year in np.flatnonzero(~recorded):
        after = np.searchsorted(at, year)
        if 0 < after < at.size:
            left, right = at[after - 1], at[after]
            part = (year - left) / (right - left)
            filled[:, year] = (1 - part) * values[:, left] + part * values[:, right]
    return filled
