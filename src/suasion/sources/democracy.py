"""How democratic states are, by year: V-Dem's polyarchy and Polity's score, by Correlates of War code."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from suasion.sources.cow_crosswalk import CowCrosswalk
from suasion.sources.cow_system import read_by_state
from suasion.sources.ir_files import Layout

LAYOUT = Layout(
    names=("cw_democracy.rda", "hist_ccode_democracy.rda"),
    columns={
        "cow": ("ccode", "cowcode"),
        "year": ("year",),
        "polyarchy": ("v2x_polyarchy",),
        "polity": ("polity2",),
    },
    advice="Get `cw_democracy` of the R package isard, or the country-years of V-Dem from v-dem.net.",
    optional=("polity",),
    keys=("cow", "year"),
    missing=(-88, -77, -66),
    limits={"polyarchy": (0, 1), "polity": (-10, 10)},
    unique=("cow", "year"),
    title="Democracy",
)
"""Missing codes are Polity's: transition, interregnum, interruption."""


def read_democracy(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read how democratic states are, by year.

    path: ``cw_democracy.rda`` of isard, ``hist_ccode_democracy.rda`` of peacesciencer, a CSV with the same
      columns, or a folder.
    states: adds ``country``.
    Returns: ``cow``, ``year``, ``polyarchy`` (V-Dem electoral democracy, 0 to 1), ``polity`` (Polity, -10 to
      10). Missing values are NaN.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a state has two rows in a year.
    Raises DataError if a score is out of its range.
    """
    return read_by_state(path, LAYOUT, states)
