"""What the forecasts of pacts know of a pair at the end of a year: names, meaning, and how each is computed.

All covariates are of the year before the event. Nothing is looked up in the future; yet the sources are today's
releases, not those that a forecaster had then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.types import FloatArray

IntArray = npt.NDArray[np.int64]

SPAN = 5
"""Years over which change is measured."""
CARRY = 10
"""Years for which a covariate is carried past its last value."""
FATAL_HALF = 15.0
TERRITORY_HALF = 25.0
"""Half-lives in years of a dispute with deaths, and of one over territory."""
ARMS_YEARS = 10
"""Years over which orders of arms are added up."""


@dataclass(frozen=True, slots=True)
class DyadIndex:
    """Places of states and years, to go from pairs to states and back.

    Attributes
    ----------
    states : (K,) int
        Codes in order.
    first : int
        First year.
    one, two, year : (rows,) int
        Places of the states and of the year of each row.
    shape : pair of int
        Years and states.
    """

    states: IntArray
    first: int
    one: IntArray
    two: IntArray
    year: IntArray
    shape: tuple[int, int]

    @classmethod
    def of(cls, table: pd.DataFrame) -> DyadIndex:
        """Make it from dyad-years with ``cow1``, ``cow2``, ``year``."""
        one, two, year = (table[k].to_numpy(dtype=np.int64) for k in ("cow1", "cow2", "year"))
        states = np.unique(np.concatenate([one, two]))
        first = int(year.min())
        shape = (int(year.max()) - first + 1, len(states))
        return cls(
            states, first, np.searchsorted(states, one), np.searchsorted(states, two), year - first, shape
        )

    def by_state(self, of_one: FloatArray, of_two: FloatArray) -> FloatArray:
        """Values of states (years, K) from columns of pairs; NaN where a state has none."""
        grid = np.full(self.shape, np.nan)
        grid[self.year, self.one] = of_one
        known = ~np.isnan(of_two)
        grid[self.year[known], self.two[known]] = of_two[known]
        return grid

    def sums(self, values: FloatArray) -> FloatArray:
        """Sums over partners (years, K) of a column of pairs; NaN counts nothing."""
        grid = np.zeros(self.shape)
        amount = np.nan_to_num(values)
        np.add.at(grid, (self.year, self.one), amount)
        np.add.at(grid, (self.year, self.two), amount)
        return grid

    def both(self, grid: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Values of the first and of the second state of each row."""
        return grid[self.year, self.one], grid[self.year, self.two]

    def crossed(self, tie: npt.NDArray[np.bool_], other: npt.NDArray[np.bool_]) -> FloatArray:
        """Partners of one by ``tie`` (rows,) that are partners of the other by ``other``, both ways (rows,)."""
        found = np.zeros(len(tie))
        for rows in self._years():
            ours, theirs = self._net(rows, tie), self._net(rows, other)
            there = (ours @ theirs)[self.one[rows], self.two[rows]]
            found[rows] = there + (theirs @ ours)[self.one[rows], self.two[rows]]
        return found

    def in_common(self, tie: npt.NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
        """Partners in common, and partners of the one that has more, where ``tie`` (rows,) marks the ties."""
        shared, most = np.zeros(len(tie)), np.zeros(len(tie))
        for rows in self._years():
            net = self._net(rows, tie)
            size = net.sum(axis=0)
            shared[rows] = (net @ net)[self.one[rows], self.two[rows]]
            most[rows] = np.maximum(size[self.one[rows]], size[self.two[rows]])
        return shared, most

    def _years(self) -> list[IntArray]:
        """RiskRows of each year."""
        order = np.argsort(self.year, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(self.year[order])) + 1)

    def _net(self, rows: IntArray, tie: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
        """Ties among some rows as a symmetric matrix (K, K)."""
        on = rows[tie[rows]]
        net = np.zeros((self.shape[1], self.shape[1]), dtype=np.float32)
        net[self.one[on], self.two[on]] = net[self.two[on], self.one[on]] = 1
        return net


def carried(values: FloatArray, pair: IntArray, year: IntArray) -> tuple[FloatArray, FloatArray]:
    """Carry the last known value of a pair forward, for at most ``CARRY`` years.

    Parameters
    ----------
    values, pair, year : (rows,)
        Sorted by pair and year.

    Returns
    -------
    values, age : (rows,) float
        Age in years of each value: 0 where known, NaN where nothing is left to carry.
    """
    known = ~np.isnan(values)
    last = np.maximum.accumulate(np.where(known, np.arange(len(values)), -1))
    fits = (last >= 0) & (pair[last] == pair)
    age = np.where(fits, year - year[last], np.nan).astype(float)
    age[age > CARRY] = np.nan
    return np.where(np.isnan(age), np.nan, values[last]), age


def changes(grid: FloatArray) -> FloatArray:
    """Absolute change of each state over ``SPAN`` years (years, K); NaN where an end is not known."""
    moved = np.full(grid.shape, np.nan)
    moved[SPAN:] = np.abs(grid[SPAN:] - grid[:-SPAN])
    return moved


def since(event: npt.NDArray[np.bool_], pair: IntArray, year: IntArray) -> FloatArray:
    """Years since a pair's last event, this year's included; NaN before the first."""
    last = np.maximum.accumulate(np.where(event, np.arange(len(event)), -1))
    fits = (last >= 0) & (pair[last] == pair)
    return np.where(fits, year - year[last], np.nan).astype(float)


def covariates(table: pd.DataFrame, pair: IntArray) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Compute the covariates that need no treaty: all but those of history and system.

    Parameters
    ----------
    table : DataFrame
        Dyad-years, sorted; NaN where a source does not say.
    pair : (rows,) int
        Number of the pair of each row.

    Returns
    -------
    values, ages : dict of (rows,) float
        By name; ages of those that are carried.
    """
    grid, year = DyadIndex.of(table), table["year"].to_numpy(dtype=np.int64)
    column = {c: table[c].to_numpy(dtype=float) for c in table.columns if table[c].dtype.kind == "f"}
    known, ages = {}, {}
    for name, values in _raw(column, grid, pair, year).items():
        known[name], ages[name] = carried(values, pair, year)
    known |= _networks(column, grid) | _quarrels(column, pair, year)
    known["no_votes"] = np.isnan(known["ideal_distance"]).astype(float)
    known["no_trade"] = np.isnan(known["trade_dependence"]).astype(float)
    return known, ages


def _raw(
    column: Mapping[str, FloatArray], grid: DyadIndex, pair: IntArray, year: IntArray
) -> dict[str, FloatArray]:
    """Covariates that follow from a pair's own columns; NaN where the source ends."""
    power = grid.by_state(np.log(column["cinc_1"] + 1e-6), np.log(column["cinc_2"] + 1e-6))
    regime = grid.by_state(column["polyarchy_1"], column["polyarchy_2"])
    one, two = grid.both(power)
    totals = grid.both(grid.sums(column["trade"]))
    less = column["trade"] / np.maximum(np.maximum(*totals), 1e-9)
    dispute = np.exp(-since(column["mid_ongoing"] == 1, pair, year) / 10.0)
    regimes = np.stack([column["polyarchy_1"], column["polyarchy_2"]])
    return {
        "rivalry": column["rivalry"],
        "dispute": np.where(np.isnan(column["mid_ongoing"]), np.nan, np.nan_to_num(dispute)),
        "strength": np.maximum(one, two),
        "parity": -np.abs(one - two),
        "power_change": np.maximum(*grid.both(changes(power))),
        "ideal_distance": column["ideal_point_distance"],
        "trade_dependence": np.log1p(1000.0 * less),
        "land_border": column["land_border"],
        "distance": np.log1p(column["distance_km"]),
        "regime_difference": np.abs(regimes[0] - regimes[1]),
        "democracy": regimes.min(axis=0),
        "regime_change": np.maximum(*grid.both(changes(regime))),
    }


def _quarrels(column: Mapping[str, FloatArray], pair: IntArray, year: IntArray) -> dict[str, FloatArray]:
    """Covariates of what a pair has against each other, and of the arms that it orders from each other.

    Lists of disputes end years before the rest: after their end nothing new is known, and what was fades. Orders of the
    ten years to the end of their register are carried: a year that it lacks is not one without orders.
    """
    absent = np.full(len(pair), np.nan)
    fatal, territory, orders = (column.get(name, absent) for name in ("fatal", "territorial", "orders"))
    agreements = column.get("nuclear_agreements", absent)
    rivals = np.nan_to_num(carried(column["rivalry"], pair, year)[0])
    arms = np.log1p(_of_decade(orders, pair, year)) / 5.0
    return {
        "hostility": np.maximum(rivals, _fading(fatal, FATAL_HALF, pair, year)),
        "territory": _fading(territory, TERRITORY_HALF, pair, year),
        "arms": np.nan_to_num(carried(np.where(np.isnan(orders), np.nan, arms), pair, year)[0]),
        "nuclear": np.where(np.isnan(agreements), np.nan, _of_decade(agreements, pair, year)),
    }


def _fading(event: FloatArray, half_life: float, pair: IntArray, year: IntArray) -> FloatArray:
    """1 in a year with the event, halved every so many years after the last; 0 without one."""
    return np.nan_to_num(2.0 ** (-since(event == 1, pair, year) / half_life))


def _of_decade(amount: FloatArray, pair: IntArray, year: IntArray) -> FloatArray:
    """Sum over the last :data:`ARMS_YEARS` years of a pair, this one included; what is not known counts nothing."""
    total = np.concatenate([[0.0], np.cumsum(np.nan_to_num(amount))])
    key = pair * 10_000 + year
    return np.asarray(total[1:] - total[np.searchsorted(key, key - (ARMS_YEARS - 1))])


def _networks(column: Mapping[str, FloatArray], grid: DyadIndex) -> dict[str, FloatArray]:
    rivalry, pact = column["rivalry"] == 1, column["atop_defence"] == 1
    rivals, _ = grid.in_common(rivalry)
    allies, most = grid.in_common(pact)
    return {
        "opposed": np.where(np.isnan(column["rivalry"]), np.nan, np.log1p(grid.crossed(pact, rivalry))),
        "rivals_shared": np.where(np.isnan(column["rivalry"]), np.nan, np.log1p(rivals)),
        "allies_shared": np.where(np.isnan(column["atop_defence"]), np.nan, np.log1p(allies)),
        "allies_most": np.where(np.isnan(column["atop_defence"]), np.nan, np.log1p(most)),
    }
