"""What the alliance model knows of a pair at the end of a year: names, meaning, and how each is computed.

All covariates are of the year before the event. Nothing is looked up in the future; yet the sources are today's
releases, not those that a forecaster had then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

COVARIATES: dict[str, tuple[str, str]] = {
    "rivals_shared": ("threat", "log(1 + states that are rivals of both)"),
    "rivalry": ("threat", "the two are rivals, 1 or 0"),
    "dispute": ("threat", "exp(-years since their last militarized dispute / 10); 0 without one"),
    "strength": ("power", "log of the stronger state's share of the world's capabilities"),
    "parity": ("power", "log(weaker / stronger capabilities); 0 is parity"),
    "power_change": ("power", "larger of the two |log changes| of capabilities over five years"),
    "major": ("power", "one of them at least is a major power, 1 or 0"),
    "both_major": ("power", "both are major powers, 1 or 0"),
    "ideal_distance": ("votes", "distance of ideal points in the General Assembly"),
    "no_votes": ("votes", "1 where no ideal point is known"),
    "trade_dependence": (
        "trade",
        "log(1 + 1000 x trade of the two over all trade of the one that depends less)",
    ),
    "no_trade": ("trade", "1 where their trade is not known"),
    "land_border": ("place", "border by land, 1 or 0"),
    "distance": ("place", "log(1 + minimum distance in km)"),
    "regime_difference": ("regimes", "|difference of polyarchy|"),
    "democracy": ("regimes", "polyarchy of the less democratic state"),
    "regime_change": ("regimes", "larger of the two |changes of polyarchy| over five years"),
    "allies_shared": ("network", "log(1 + states that both have a defence pact with)"),
    "allies_most": ("network", "log(1 + defence pacts of the state that has more)"),
    "promises": ("history", "a promise of consultation, neutrality or non-aggression stands, 1 or 0"),
    "past_pact": ("history", "they had a defence pact before, 1 or 0"),
    "quiet": ("history", "log(1 + years since the last pact, or since both exist; at most 50)"),
    "age": ("history", "log(1 + years of the pact that stands)"),
    "many_members": ("history", "the pact is multilateral, 1 or 0"),
    "recent_rate": ("system", "log of the rate of such events in the ten years before, all pairs at risk"),
}
"""Name to its group and its meaning."""

SPAN = 5
"""Years over which change is measured."""
CARRY = 10
"""Years for which a covariate is carried past its last value."""
SINCE = 50


@dataclass(frozen=True, slots=True)
class Grid:
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
    def of(cls, table: pd.DataFrame) -> Grid:
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

    def in_common(self, tie: npt.NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
        """Partners in common, and partners of the one that has more, where ``tie`` (rows,) marks the ties."""
        shared, most = np.zeros(len(tie)), np.zeros(len(tie))
        order = np.argsort(self.year, kind="stable")
        for rows in np.split(order, np.flatnonzero(np.diff(self.year[order])) + 1):
            on = rows[tie[rows]]
            net = np.zeros((self.shape[1], self.shape[1]), dtype=np.float32)
            net[self.one[on], self.two[on]] = net[self.two[on], self.one[on]] = 1
            size = net.sum(axis=0)
            shared[rows] = (net @ net)[self.one[rows], self.two[rows]]
            most[rows] = np.maximum(size[self.one[rows]], size[self.two[rows]])
        return shared, most


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
    grid, year = Grid.of(table), table["year"].to_numpy(dtype=np.int64)
    column = {c: table[c].to_numpy(dtype=float) for c in table.columns if table[c].dtype.kind == "f"}
    known, ages = {}, {}
    for name, values in _raw(column, grid, pair, year).items():
        known[name], ages[name] = carried(values, pair, year)
    known |= _networks(column, grid)
    known["no_votes"] = np.isnan(known["ideal_distance"]).astype(float)
    known["no_trade"] = np.isnan(known["trade_dependence"]).astype(float)
    return known, ages


def _raw(
    column: Mapping[str, FloatArray], grid: Grid, pair: IntArray, year: IntArray
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


def _networks(column: Mapping[str, FloatArray], grid: Grid) -> dict[str, FloatArray]:
    rivals, _ = grid.in_common(column["rivalry"] == 1)
    allies, most = grid.in_common(column["atop_defence"] == 1)
    return {
        "rivals_shared": np.where(np.isnan(column["rivalry"]), np.nan, np.log1p(rivals)),
        "allies_shared": np.where(np.isnan(column["atop_defence"]), np.nan, np.log1p(allies)),
        "allies_most": np.where(np.isnan(column["atop_defence"]), np.nan, np.log1p(most)),
    }
