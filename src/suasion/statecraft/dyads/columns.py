"""What the columns of the dyad-year table mean, which data set fills them, and how each data set is read for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from suasion.sources.contiguity import contiguity_years, distance_years, read_contiguity, read_distance
from suasion.sources.cow_system import CowCrosswalk, cow_codes_by_year, read_majors
from suasion.sources.ideal_points import read_ideal_points
from suasion.sources.ir_tables import (
    PLEDGES,
    read_atop,
    read_cow_alliances,
    read_cow_trade,
    read_democracy,
    read_joint_igos,
    read_mids,
    read_nmc,
    read_nuclear_agreements,
)
from suasion.sources.rivalries import KINDS, read_rivalries, rivalry_years
from suasion.sources.sipri import read_arms_deliveries
from suasion.types import FloatArray

Shape = Literal["pair", "directed", "state"]
Absent = Literal["zero", "missing"]
PROMISES = ("defence", "neutrality", "nonaggression", "entente")
"""Promises of formal alliances of the Correlates of War project; all of them are mutual."""


@dataclass(frozen=True, slots=True)
class CovariatePart:
    """Rows of one data set, ready to be put into the table.

    shape: ``pair``: one row for both directions; ``directed``: of the first towards the second; ``state``: of
      one state.
    table: ``cow1``, ``cow2``, ``year`` (``cow``, ``year`` for states), one row each, and the value columns.
    columns: value column to the name in the dyad-year table; directed and state columns get their endings
      there.
    absent: what a dyad-year without a row means between the first and the last year: ``zero`` for lists of
      events and pacts, ``missing`` for measurements. Outside those years it is always missing.
    first_year, last_year: years that the data set covers; those of its rows without them.
    """

    shape: Shape
    table: pd.DataFrame
    columns: Mapping[str, str]
    absent: Absent
    first_year: int | None = None
    last_year: int | None = None

    def years(self) -> tuple[int, int]:
        """First and last year that the data set covers."""
        year = self.table["year"]
        first = int(year.min()) if self.first_year is None else self.first_year
        return first, int(year.max()) if self.last_year is None else self.last_year


def _as_read(
    shape: Shape, read: Callable[[Path], pd.DataFrame], columns: Mapping[str, str], absent: Absent
) -> Callable[[Path, CowCrosswalk], CovariatePart]:
    """Loader of a data set whose reader returns the rows as the table needs them."""
    return lambda path, states: CovariatePart(shape, read(path), columns, absent)


def contiguity(path: Path, states: CowCrosswalk) -> CovariatePart:
    """Contiguity by land or across water; the list covers the years from 1816."""
    table = contiguity_years(read_contiguity(path))
    table["land"] = table["contiguity"] == 1
    return CovariatePart(
        "pair", table, {"contiguity": "contiguity", "land": "land_border"}, "zero", first_year=1816
    )


def distance(path: Path, states: CowCrosswalk) -> CovariatePart:
    """Minimum distance in kilometres, from the year of birth on."""
    table = distance_years(read_distance(path), states)
    return CovariatePart("pair", table, {"distance_km": "distance_km"}, "missing")


def disputes(path: Path, states: CowCrosswalk) -> CovariatePart:
    """Militarized disputes; both directions of a dispute are one event of the pair."""
    table = read_mids(path)
    pair = table.assign(cow1=table[["cow1", "cow2"]].min(axis=1), cow2=table[["cow1", "cow2"]].max(axis=1))
    merged = pair.groupby(["cow1", "cow2", "year"], as_index=False)[["onset", "ongoing", "hostility"]].max()
    return CovariatePart(
        "pair", merged, {"onset": "mid_onset", "ongoing": "mid_ongoing", "hostility": "mid_hostility"}, "zero"
    )


def rivalries(path: Path, states: CowCrosswalk) -> CovariatePart:
    """Strategic rivalries and their kinds."""
    spells = read_rivalries(path)
    table = rivalry_years(spells).assign(rivalry=True)
    names = {"rivalry": "rivalry", **{k: f"rivalry_{k}" for k in KINDS}}
    return CovariatePart("pair", table, names, "zero", 1816, int(spells["end"].max()))


def trade(path: Path, states: CowCrosswalk) -> CovariatePart:
    """Exports, as the importer reports them."""
    table = read_cow_trade(path)
    back = table.rename(columns={"cow1": "cow2", "cow2": "cow1", "imports_1_from_2": "exports"})
    there = table.rename(columns={"imports_2_from_1": "exports"})
    both = pd.concat([there, back], ignore_index=True)[["cow1", "cow2", "year", "exports"]]
    return CovariatePart("directed", both, {"exports": "exports"}, "missing")


def majors(path: Path, states: CowCrosswalk) -> CovariatePart:
    """Major powers; a state that was one on any day of a year is one in that year."""
    spells = read_majors(path)
    first, last = spells["first"].dt.year.tolist(), spells["last"].dt.year.tolist()
    rows = [(c, y) for c, a, b in zip(spells["cow"], first, last, strict=True) for y in range(a, b + 1)]
    table = pd.DataFrame(rows, columns=["cow", "year"]).drop_duplicates(ignore_index=True).assign(major=True)
    return CovariatePart("state", table, {"major": "major"}, "zero", 1816, max(last))


def arms(path: Path, states: CowCrosswalk) -> CovariatePart:
    """Deliveries of major arms; rebels, organizations and the unknown are left out, and counted as not matched."""
    table = read_arms_deliveries(path)
    sides = {"cow1": "supplier", "cow2": "recipient"}
    year = table["year"].to_numpy(dtype=np.int64)
    codes = {k: cow_codes_by_year(states, table[v].to_numpy(dtype=object), year) for k, v in sides.items()}
    pairs = table.assign(**codes).groupby(["cow1", "cow2", "year"])[["tiv"]].sum().reset_index()
    return CovariatePart("directed", pairs, {"tiv": "arms"}, "zero", int(year.min()), int(year.max()))


def nuclear(path: Path, states: CowCrosswalk) -> CovariatePart:
    """Agreements on nuclear cooperation signed in the year."""
    signed = read_nuclear_agreements(path)[["cow1", "cow2", "year"]]
    counts = signed.value_counts(sort=False)
    table = counts.index.to_frame(index=False).assign(agreements=counts.to_numpy())
    return CovariatePart("pair", table, {"agreements": "nuclear_agreements"}, "zero")


SOURCES: dict[str, Callable[[Path, CowCrosswalk], CovariatePart]] = {
    "atop": _as_read("directed", read_atop, {p: f"atop_{p}" for p in PLEDGES}, "zero"),
    "cow-alliances": _as_read("pair", read_cow_alliances, {n: f"cow_{n}" for n in PROMISES}, "zero"),
    "nmc": _as_read("state", read_nmc, {"cinc": "cinc"}, "missing"),
    "contiguity": contiguity,
    "distance": distance,
    "mids": disputes,
    "rivalries": rivalries,
    "igos": _as_read("pair", read_joint_igos, {"joint": "igos_joint"}, "missing"),
    "democracy": _as_read("state", read_democracy, {n: n for n in ("polyarchy", "polity")}, "missing"),
    "ideal-points": _as_read("state", read_ideal_points, {"mean": "ideal_point"}, "missing"),
    "cow-trade": trade,
    "majors": majors,
    "sipri": arms,
    "nuclear": nuclear,
}
"""Data sets that fill columns, by their names in the catalogue, in the order of the columns.

Of ideal points the year is that in which the UN session opened.
"""

KEYS = ("cow1", "cow2", "year", "country1", "country2", "shared_days", "membership_assumed")
"""Columns that identify a row."""

COLUMNS: dict[str, tuple[str, str]] = {
    **{f"atop_{pledge}": ("atop", "directed") for pledge in PLEDGES},
    **{f"cow_{promise}": ("cow-alliances", "pair") for promise in PROMISES},
    "cinc": ("nmc", "state"),
    "cinc_share_1": ("nmc", "derived"),
    "cinc_ratio": ("nmc", "derived"),
    "contiguity": ("contiguity", "pair"),
    "land_border": ("contiguity", "pair"),
    "distance_km": ("distance", "pair"),
    **{f"mid_{part}": ("mids", "pair") for part in ("onset", "ongoing", "hostility")},
    "rivalry": ("rivalries", "pair"),
    **{f"rivalry_{kind}": ("rivalries", "pair") for kind in KINDS},
    "igos_joint": ("igos", "pair"),
    "polyarchy": ("democracy", "state"),
    "polity": ("democracy", "state"),
    "ideal_point": ("ideal-points", "state"),
    "ideal_point_distance": ("ideal-points", "derived"),
    "exports": ("cow-trade", "directed"),
    "trade": ("cow-trade", "derived"),
    "major": ("majors", "state"),
    "arms": ("sipri", "directed"),
    "nuclear_agreements": ("nuclear", "pair"),
}
"""Column (before its endings) to the data set that fills it, and its shape; the page on dyads says what each means.

``directed`` columns end in ``_12`` (of the first state towards the second) and ``_21``; ``state`` columns end in ``_1``
and ``_2``; ``pair`` and ``derived`` columns have no ending.
"""


def derived(columns: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Columns that follow from others of the table; NaN wherever a part is.

    columns: columns filled so far, by full name.
    Returns: ``atop_*`` without ending, ``cinc_share_1``, ``cinc_ratio``, ``ideal_point_distance``, ``trade``,
      as far as their parts are there.
    """
    made: dict[str, FloatArray] = {}
    for pledge in PLEDGES:
        if f"atop_{pledge}_12" in columns:
            made[f"atop_{pledge}"] = np.maximum(columns[f"atop_{pledge}_12"], columns[f"atop_{pledge}_21"])
    if "cinc_1" in columns:
        one, two = columns["cinc_1"], columns["cinc_2"]
        with np.errstate(invalid="ignore", divide="ignore"):
            made["cinc_share_1"] = one / (one + two)
            made["cinc_ratio"] = np.minimum(one, two) / np.maximum(one, two)
    if "ideal_point_1" in columns:
        made["ideal_point_distance"] = np.abs(columns["ideal_point_1"] - columns["ideal_point_2"])
    if "exports_12" in columns:
        made["trade"] = columns["exports_12"] + columns["exports_21"]
    return made
