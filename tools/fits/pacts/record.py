"""The record of pacts as the forecasts are fitted to it: published files to their end, then what was typed or ships.

Alliances end in 2018 in the published data; after it the treaties of ``pacts.toml`` that were signed since are added to
those that stood. Votes are those of our own ideal points, trade from 2015 on the embedded goods trade, orders of arms
the register's. Rivalries go on as in the last year of their list.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from fits.pacts.orders import read_arms_orders
from fits.pacts.panel import AlliancePanel, risk_sets
from suasion.sources.cow_system import CowCrosswalk, cow_codes_by_year, read_cow_crosswalk
from suasion.sources.goods_totals import goods_totals
from suasion.sources.ir_files import layout, locate
from suasion.sources.ir_tables import read_mids, read_territorial_disputes
from suasion.statecraft.dyads.table import DyadYears, dyad_years
from suasion.statecraft.pacts import pacts
from suasion.statecraft.shipped_points import shipped_ideal_points
from suasion.types import FloatArray

ATOP_TO = 2018
"""Last year of the published alliances."""
LAST = 2025
"""Last year whose pacts are known here."""
COW_TRADE_TO = 2014
REGISTER = "trade_register_1950_2024.csv.gz"
PLEDGES = ("defence", "consultation", "neutrality", "nonaggression")
SINCE_THE_FREEZE = frozenset(
    {"aus-tuv-2023", "jpn-aus-2022", "gbr-jpn-hiroshima-2023", "rus-blr-2024", "fra-grc-2021", "fra-pol-2025"}
)
"""Keys of the treaties that went into ``pacts.toml`` after the hazards that ship were fitted. Scores count them at
once; the fit that ships does from the next freeze of a quarter on, which empties this set."""


def pact_record(
    folder: str | Path, last: int = LAST, without: Collection[str] = frozenset()
) -> AlliancePanel:
    """Return the risk sets of all pairs to a last year.

    Parameters
    ----------
    folder : path
        Folder of the published files, those of orders of arms and of disputes over territory among them.
    last : int
        Last year whose pacts are known.
    without : collection of str
        Keys of treaties that are left out.

    Returns
    -------
    AlliancePanel

    Raises
    ------
    SourceFileError
        If a file is not there.
    """
    place = Path(folder)
    dyads = dyad_years(place, 1816, last)
    states = read_cow_crosswalk(_beside(place, "cow_states.rda"))
    table = dyads.table.copy()
    rows = _Rows(table)
    table["ideal_point_distance"] = _votes(table)
    table["trade"] = _trade(table, rows, states)
    table["rivalry"] = _carried(table, "rivalry")
    table["fatal"] = _flags(rows, _fatal(place))
    table["territorial"] = _flags(
        rows, read_territorial_disputes(_beside(place, layout("territorial_disputes").names[0]))
    )
    table["orders"] = _orders(table, rows, place, states)
    for pledge in PLEDGES:
        table[f"atop_{pledge}"] = _promised(table, pledge, without)
    return risk_sets(DyadYears(table, dyads.coverage, False))


class _Rows:
    """Row of a pair and year, by codes in either order."""

    def __init__(self, table: pd.DataFrame) -> None:
        keys = _key(*(table[name].to_numpy(dtype=np.int64) for name in ("cow1", "cow2", "year")))
        self.order = np.argsort(keys)
        self.keys = keys[self.order]

    def of(self, one: pd.Series, two: pd.Series, year: pd.Series) -> npt.NDArray[np.int64]:
        """Row of each; -1 without one."""
        sides = np.sort(np.column_stack([one, two]).astype(np.int64), axis=1)
        key = _key(sides[:, 0], sides[:, 1], year.to_numpy(dtype=np.int64))
        place = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
        return np.where(self.keys[place] == key, self.order[place], -1)

    def sums(self, one: pd.Series, two: pd.Series, year: pd.Series, value: pd.Series) -> FloatArray:
        """Sums of values over the rows (rows,); 0 where nothing is."""
        at = self.of(one, two, year)
        return np.bincount(at[at >= 0], value.to_numpy(dtype=float)[at >= 0], len(self.keys)).astype(float)


def _key(
    one: npt.NDArray[np.int64], two: npt.NDArray[np.int64], year: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    return (one * 1000 + two) * 10_000 + year


def _beside(folder: Path, name: str) -> Path:
    """A file in a folder, or just below it."""
    return next(iter(sorted(folder.glob(f"*/{name}"))), None) or locate(folder, (name,))


def _votes(table: pd.DataFrame) -> FloatArray:
    """Distance of our own ideal points."""
    points = shipped_ideal_points().set_index(["country", "year"])["mean"]
    year = table["year"]
    sides = [
        points.reindex(pd.MultiIndex.from_arrays([table[f"country{k}"].astype(str), year])).to_numpy()
        for k in (1, 2)
    ]
    return np.asarray(np.abs(sides[0] - sides[1]))


def _trade(table: pd.DataFrame, rows: _Rows, states: CowCrosswalk) -> FloatArray:
    """Trade of each pair: the Correlates of War's to 2014, goods after it; unknown where no flow is recorded."""
    goods = goods_totals()
    goods = goods[goods["year"] > COW_TRADE_TO]
    year = goods["year"].to_numpy(dtype=np.int64)
    sides = [
        pd.Series(cow_codes_by_year(states, goods[name].to_numpy(dtype=object), year))
        for name in ("exporter", "importer")
    ]
    late = rows.sums(sides[0], sides[1], goods["year"], goods["value"])
    old = table["trade"].to_numpy(dtype=float)
    return np.where(table["year"] <= COW_TRADE_TO, old, np.where(late > 0, late, np.nan))


def _carried(table: pd.DataFrame, name: str) -> FloatArray:
    """A flag of pairs, after the end of its list as in the last year."""
    return table.groupby(["cow1", "cow2"], sort=False)[name].ffill().to_numpy(dtype=float)


def _fatal(folder: Path) -> pd.DataFrame:
    disputes = read_mids(_beside(folder, "cow_mid_ddydisps.rda"))
    return disputes[disputes["fatality"] > 0]


def _flags(rows: _Rows, found: pd.DataFrame) -> FloatArray:
    ones = pd.Series(np.ones(len(found)))
    return np.minimum(rows.sums(found["cow1"], found["cow2"], found["year"], ones), 1.0)


def _orders(table: pd.DataFrame, rows: _Rows, folder: Path, states: CowCrosswalk) -> FloatArray:
    """Arms ordered from each other by year; unknown after the end of the register."""
    orders = read_arms_orders(_beside(folder, REGISTER))
    year = orders["year"].to_numpy(dtype=np.int64)
    sides = [
        pd.Series(cow_codes_by_year(states, orders[name].to_numpy(dtype=object), year))
        for name in ("supplier", "recipient")
    ]
    found = rows.sums(sides[0], sides[1], orders["year"], orders["tiv"])
    return np.where(table["year"] <= year.max(), found, np.nan)


def _promised(table: pd.DataFrame, pledge: str, without: Collection[str]) -> FloatArray:
    """A promise, after the end of the published data as in their last year, and those signed since."""
    held = _carried(table, f"atop_{pledge}")
    places = np.flatnonzero(table["year"] > ATOP_TO)
    first, second = (table[name].iloc[places] for name in ("country1", "country2"))
    years = table["year"].to_numpy(dtype=np.int64)
    for pact in (one for one in pacts() if pledge in one.kinds and one.key not in without):
        members = {spell.country for spell in pact.spells}
        inside = (first.isin(members) & second.isin(members)).to_numpy()
        for row, a, b in zip(places[inside], first[inside], second[inside], strict=True):
            if pact.binds(a, b, int(years[row])) and not pact.binds(a, b, ATOP_TO):
                held[row] = 1.0
    return held
