"""Odds decomposition: what growth and what trade costs did to a share.

``d ln[s / (1 - s)] = (g_C - g_W) + (1 - sigma) d ln(relative trade cost)``: the partner's growth less that of the other
partners, weighted by their shares, and the change of the pair's trade costs relative to everybody's.

Costs come from gravity by Poisson pseudo-maximum likelihood with effects of exporter and of importer in every year.
Its fitted trade has the observed totals of every exporter and importer (Fally 2015, Journal of International
Economics 97, 76-85), so that it is found by scaling rows and columns in turn; what a pair trades
above or below it is its cost term, to the power of the trade elasticity.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from suasion.errors import InputError
from suasion.outlook.histories import Flows, Panel, sides_of
from suasion.quotient import over
from suasion.types import FloatArray


@dataclass(frozen=True, slots=True)
class OddsDrivers:
    """What drove the shares of a panel.

    Attributes
    ----------
    gaps, costs : (D, Y - 1) growth of the partner less that of the others, and change of the pair's cost term; logs,
        NaN where not on record
    courses : (D, Y, H) change of the log odds that the structural model foresaw from each year for 1 to H years
        ahead, of :func:`suasion.outlook.structural_changes`
    """

    gaps: FloatArray
    costs: FloatArray
    courses: FloatArray | None = None


def drivers_of(flows: Flows, panel: Panel, growth: pd.DataFrame) -> OddsDrivers:
    """Return growth gaps and cost terms of a panel's pairs.

    Parameters
    ----------
    flows : trade from which the panel was made
    panel : shares
    growth : from :func:`real_growth`, or one's own

    Returns
    -------
    OddsDrivers
    """
    return OddsDrivers(growth_gaps(flows, panel, growth), cost_changes(flows, panel))


def real_growth(path: str | Path | None = None) -> pd.DataFrame:
    """Yearly real growth at national prices, from the Penn World Table.

    Parameters
    ----------
    path : the file or its folder; without it, the user's store

    Returns
    -------
    DataFrame
        (years, countries) differences of logs; NaN where not on record.
    """
    from suasion.sources.catalogue_store import located
    from suasion.sources.ir_tables import read_pwt

    table = read_pwt(path or located("pwt")).pivot(index="year", columns="country", values="gdp_national")
    return table.apply(np.log).diff()


def growth_gaps(flows: Flows, panel: Panel, growth: pd.DataFrame) -> FloatArray:
    """Growth of each pair's partner less that of the state's other partners, weighted by last year's shares.

    flows: trade from which the panel was made.
    panel: shares.
    growth: from :func:`real_growth`, or one's own.
    Returns: (D, Y - 1) logs; NaN where the partner's growth is not on record, or that of all others.
    """
    grown = growth.reindex(index=flows.years[1:], columns=list(flows.countries)).to_numpy(float)
    weights = _weights(flows, panel.measure)[:-1]
    told, rate = np.isfinite(grown), np.nan_to_num(grown)
    sums = np.einsum("tij,tj->ti", weights, rate)
    covered = np.einsum("tij,tj->ti", weights, told.astype(float))
    i, j = _places(flows, panel)
    mine = weights[:, i, j] * told[:, j]
    with np.errstate(invalid="ignore", divide="ignore"):
        others = (sums[:, i] - mine * rate[:, j]) / (covered[:, i] - mine)
    enough = covered[:, i] - mine > 1e-9
    return np.where(told[:, j] & enough, rate[:, j] - others, np.nan).T


def cost_changes(flows: Flows, panel: Panel) -> FloatArray:
    """Yearly change of a pair's cost term ``(1 - sigma) d ln(trade cost)``.

    flows: trade from which the panel was made.
    panel: shares.
    Returns: (D, Y - 1) logs; NaN where a flow is unknown or zero.
    """
    trade = flows.values.copy()
    every = np.arange(len(flows.countries))
    trade[:, every, every] = np.nan
    fitted = np.stack([fit_gravity(year) for year in trade])
    i, j = _places(flows, panel)
    if panel.measure == "turnover":
        seen, made = trade[:, i, j] + trade[:, j, i], fitted[:, i, j] + fitted[:, j, i]
    else:
        a, b = (i, j) if panel.measure == "exports" else (j, i)
        seen, made = trade[:, a, b], fitted[:, a, b]
    with np.errstate(invalid="ignore", divide="ignore"):
        term = np.log(seen) - np.log(made)
    return np.diff(np.where(np.isfinite(term), term, np.nan), axis=0).T


def fit_gravity(trade: FloatArray, *, tolerance: float = 1e-9, rounds: int = 500) -> FloatArray:
    """Fit exporter and importer effects by Poisson pseudo-maximum likelihood.

    Parameters
    ----------
    trade : (N, N) from exporter to importer; NaN cells are left out
    tolerance : relative gap of the exporters' totals at which the iteration stops
    rounds : at most

    Returns
    -------
    ndarray
        (N, N) fitted trade, NaN where the input is.

    Raises
    ------
    InputError
        If trade is not a square table without negative cells.
    """
    x = np.asarray(trade, dtype=float)
    if x.ndim != 2 or x.shape[0] != x.shape[1] or (x < 0).any():
        raise InputError(f"Gravity needs a square table of flows that are not negative; got shape {x.shape}.")
    told = np.isfinite(x)
    sold, bought = np.nansum(x, 1), np.nansum(x, 0)
    mask = told.astype(float)
    seller, buyer = sold.copy(), np.ones_like(bought)
    for _ in range(rounds):
        buyer = over(bought, mask.T @ seller)
        reach = mask @ buyer
        gap = np.abs(seller * reach - sold).max()
        seller = over(sold, reach)
        if gap <= tolerance * max(float(sold.max()), 1e-300):
            break
    return np.where(told, np.outer(seller, buyer), np.nan)


def _weights(flows: Flows, measure: str) -> FloatArray:
    """Shares of all partners (Y, N, N); unknown flows count as none, as in the totals of the shares."""
    both: FloatArray = np.sum(sides_of(np.nan_to_num(flows.values), measure), axis=0)
    return over(both, both.sum(2, keepdims=True))


def _places(flows: Flows, panel: Panel) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    place = {c: n for n, c in enumerate(flows.countries)}
    return np.array([place[str(c)] for c in panel.of]), np.array([place[str(c)] for c in panel.partner])


@dataclass(frozen=True, slots=True)
class PoolWeights:
    """Weights of a pool of forecasts.

    Attributes
    ----------
    names : tuple of str
    weights : not negative, sum one
    score : mean log density of the pool over the past outcomes, in nats; larger is better
    best : the same of the best single forecast
    """

    names: tuple[str, ...]
    weights: tuple[float, ...]
    score: float
    best: float


def stack_weights(names: tuple[str, ...], densities: ArrayLike, *, tolerance: float = 1e-10) -> PoolWeights:
    """Weights that maximise the pool's mean log density; the problem is concave, so the optimum is global.

    Parameters
    ----------
    names : (k,)
    densities : (n, k) predictive density that each forecast gave to each past outcome; not negative
    tolerance : gain of the mean log density at which the EM iteration stops

    Returns
    -------
    PoolWeights

    Raises
    ------
    InputError
        If shapes do not fit, a density is negative or NaN, or some outcome was impossible for all.
    """
    density = np.asarray(densities, dtype=float)
    if density.ndim != 2 or density.shape[1] != len(names) or not density.shape[0]:
        raise InputError(f"Densities must be (outcomes, {len(names)}); got {density.shape}.")
    if not (density >= 0).all() or not density.any(1).all():
        raise InputError(
            "A density is negative or missing, or an outcome had density zero under every forecast."
        )
    weights = np.full(len(names), 1.0 / len(names))
    score = -np.inf
    for _ in range(100_000):
        mixed = density @ weights
        new = float(np.log(mixed).mean())
        if new - score < tolerance:
            break
        score = new
        weights = weights * (density / mixed[:, None]).mean(0)
    with np.errstate(divide="ignore"):
        best = float(np.log(density).mean(0).max())
    return PoolWeights(tuple(names), tuple(float(w) for w in weights / weights.sum()), score, best)
