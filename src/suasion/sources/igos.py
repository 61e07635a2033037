"""Intergovernmental organizations that two states both belong to (Correlates of War IGO 3.0, 1816 to 2014)."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pandas as pd

from suasion.sources.cow_crosswalk import CowCrosswalk
from suasion.sources.cow_system import read_by_state
from suasion.sources.ir_files import Layout

JOINT = Layout(
    names=("cow_igo_ndy.rda",),
    columns={"cow1": ("ccode1",), "cow2": ("ccode2",), "year": ("year",), "joint": ("dyadigos",)},
    advice="Get `cow_igo_ndy` of the R package peacesciencer, made from IGO 3.0 of correlatesofwar.org.",
    keys=("cow1", "cow2", "year"),
    missing=(-9,),
    limits={"joint": (0, inf)},
    either_way=True,
    unique=("cow1", "cow2", "year"),
    title="Joint organizations",
)


def read_joint_igos(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read how many organizations two states are both full members of, by year.

    path: ``cow_igo_ndy.rda``, or a folder.
    states: adds ``country1`` and ``country2``.
    Returns: ``cow1`` < ``cow2``, ``year``, ``joint`` (count). A pair-year without a row is unknown, not zero.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a pair has two rows in a year.
    Raises DataError if a count is negative.
    """
    return read_by_state(path, JOINT, states)
