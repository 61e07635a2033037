"""Direct contiguity of states (Correlates of War, version 3.2) and minimum distance between them.

Contiguity comes as spells of months, and two spells of a pair may touch in one month. Types: 1 by land, 2 to 5 across
at most 12, 24, 150 and 400 miles of water. 0 stands for none, which is no step below 1: the scale is not ordered.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from suasion.errors import DataError
from suasion.sources.cow_system import CowCrosswalk, read_by_state, state_years, years_of
from suasion.sources.ir_files import dates, layout, locate, read_layout

ADVICE = "Get Direct Contiguity 3.2 (master file, contdir) from correlatesofwar.org."
LAYOUT = layout("contiguity")
DISTANCE = layout("distance")


def read_contiguity(path: str | Path) -> pd.DataFrame:
    """Read spells of direct contiguity.

    path: master file ``contdir`` (``.dta``, ``.csv``: begin and end as YYYYMM), the R file of peacesciencer,
      or a folder.
    Returns: ``cow1`` < ``cow2``, ``type`` (1 to 5; 0 where a release states that there was none), ``first``,
      ``last`` (first days of the first and the last month), one row a spell.
    Raises SourceFileError if the file is absent or another one.
    Raises DataError if a spell ends before it begins, or has another type.
    """
    file = locate(path, LAYOUT.names)
    table = read_layout(file, LAYOUT)
    for side in ("first", "last"):
        table[side] = _month(table[side])
    spells = table.drop_duplicates(ignore_index=True)
    wrong = spells[(spells["last"] < spells["first"]) | ~spells["type"].between(0, 5)]
    if len(wrong):
        row = wrong.iloc[0]
        raise DataError(
            f"{file}: {row['cow1']} and {row['cow2']} have contiguity {row['type']} from {row['first']:%Y-%m} to "
            f"{row['last']:%Y-%m}. {ADVICE}"
        )
    return spells


def contiguity_years(spells: pd.DataFrame) -> pd.DataFrame:
    """Contiguity by pair and year: the closest type that held in any month of the year.

    spells: as :func:`read_contiguity` returns it.
    Returns: ``cow1``, ``cow2``, ``year``, ``contiguity`` (1 to 5, 0 for none), one row a pair and year.
    """
    rows, year = years_of(spells["first"].dt.year.to_numpy(), spells["last"].dt.year.to_numpy())
    table = spells[["cow1", "cow2"]].iloc[rows].reset_index(drop=True).assign(year=year)
    # None counts only where nothing closer was recorded in the year.
    table["rank"] = np.where(spells["type"].to_numpy()[rows] == 0, 9, spells["type"].to_numpy()[rows])
    closest: pd.DataFrame = table.groupby(["cow1", "cow2", "year"])[["rank"]].min().reset_index()
    closest["contiguity"] = closest.pop("rank").replace(9, 0).astype("int64")
    return closest


def read_distance(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read minimum distances between the territories of two states.

    path: ``cow_mindist.rda``, or a folder.
    states: adds ``country1`` and ``country2``.
    Returns: ``cow1`` < ``cow2``, ``year``, ``distance_km`` (0 for neighbours by land), 1886 to 2019.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a pair has two distances in a year.
    Raises DataError if a distance is negative.
    """
    return read_by_state(path, DISTANCE, states)


def distance_years(distances: pd.DataFrame, states: CowCrosswalk) -> pd.DataFrame:
    """Distance by pair and year, the year included in which a state of the pair enters the system.

    The source has no row of that year, as if it measured on the first day of each. What it says of the year after holds
    for the year of birth, too.

    distances: as :func:`read_distance` returns it.
    states: list of states, with dates.
    Returns: the same columns, with a row more for each pair of which both were members in the year before one that
      is known, and that year is not.
    """
    keys = ["cow1", "cow2", "year"]
    first, last = int(distances["year"].min()), int(distances["year"].max())
    members = pd.MultiIndex.from_frame(state_years(states, first, last)[["cow", "year"]])
    before = distances.assign(year=distances["year"] - 1)
    unknown = ~pd.MultiIndex.from_frame(before[keys]).isin(pd.MultiIndex.from_frame(distances[keys]))
    one, two = (pd.MultiIndex.from_frame(before[[side, "year"]]).isin(members) for side in keys[:2])
    return pd.concat([distances, before[unknown & one & two]], ignore_index=True)


def _month(values: pd.Series) -> pd.Series:
    """Months as YYYYMM, which are large numbers, or R's days since 1970, which are not."""
    if (values.astype("float64") < 180_000).any():
        return dates(values)
    return pd.to_datetime(values.astype("int64").astype(str), format="%Y%m")
