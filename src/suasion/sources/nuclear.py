"""Agreements on civil nuclear cooperation between two states, by year of signature, 1951 to 2003 (NCA data set)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from suasion.errors import DataError
from suasion.sources.cow_crosswalk import CowCrosswalk
from suasion.sources.cow_system import read_by_state
from suasion.sources.ir_files import Layout

LAYOUT = Layout(
    names=("nca_dataset.dta",),
    columns={
        "cow1": ("ccode1",),
        "cow2": ("ccode2",),
        "year": ("year",),
        "signed": ("nca",),
        "kind": ("nca_type",),
    },
    advice="Get nca_dataset.dta, the data set of nuclear cooperation agreements.",
    keys=("cow1", "cow2", "year"),
    either_way=True,
)


def read_nuclear_agreements(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read agreements on nuclear cooperation.

    path: ``nca_dataset.dta``, or a folder.
    states: adds ``country1`` and ``country2``.
    Returns: ``cow1`` < ``cow2``, ``year`` (of signature), ``kind`` (number as published; what the numbers
      mean is in the codebook, which is not read here), one row an agreement: a pair may sign several in a
      year.
    Raises SourceFileError if the file is absent or another one.
    Raises DataError if a row is no agreement.
    """
    table = read_by_state(path, LAYOUT, states)
    if (table.pop("signed") != 1).any():
        raise DataError(f"The file has rows without an agreement. {LAYOUT.advice}")
    return table.sort_values(["cow1", "cow2", "year"], ignore_index=True)
