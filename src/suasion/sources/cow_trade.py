"""Trade between states, million current USD (Correlates of War, version 4.0, 1870 to 2014).

The project counts imports as the importer reports them. A missing flow is missing, not zero.
"""

from __future__ import annotations

from math import inf
from pathlib import Path

import pandas as pd

from suasion.errors import DataError
from suasion.sources.cow_crosswalk import CowCrosswalk
from suasion.sources.cow_system import read_by_state
from suasion.sources.ir_files import Layout

LAYOUT = Layout(
    names=("hist_cow_trade_ndy.rda", "Dyadic_COW_4.0.csv"),
    columns={
        "cow1": ("ccode1",),
        "cow2": ("ccode2",),
        "year": ("year",),
        "imports_1_from_2": ("flow1",),
        "imports_2_from_1": ("flow2",),
    },
    advice="Get Dyadic Trade 4.0 from correlatesofwar.org.",
    keys=("cow1", "cow2", "year"),
    missing=(-9,),
    limits={"imports_1_from_2": (0, inf), "imports_2_from_1": (0, inf)},
    unique=("cow1", "cow2", "year"),
    title="Trade",
)


def read_cow_trade(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read trade by pair and year.

    path: ``Dyadic_COW_4.0.csv``, or the R file of peacesciencer (rounded to a million), or a folder.
    states: adds ``country1`` and ``country2``.
    Returns: ``cow1`` < ``cow2``, ``year``, ``imports_1_from_2``, ``imports_2_from_1`` (million current USD).
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a pair has two rows in a year.
    Raises DataError if a flow is negative, or a pair is not in the order of its codes.
    """
    table = read_by_state(path, LAYOUT, states)
    if (table["cow1"] >= table["cow2"]).any():
        raise DataError(f"Pairs must have the smaller code first. {LAYOUT.advice}")
    return table
