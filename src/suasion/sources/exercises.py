"""Joint military exercises: how many a state took part in, by year, 1978 to 2016 (JME data).

The file counts by state and year. It does not say with whom, so it can not fill a pair of states.
"""

from __future__ import annotations

from math import inf
from pathlib import Path

import pandas as pd

from suasion.sources.cow_crosswalk import CowCrosswalk
from suasion.sources.cow_system import read_by_state
from suasion.sources.ir_files import Layout

LAYOUT = Layout(
    names=("ctryYrData.rda",),
    columns={
        "cow": ("ccode",),
        "year": ("year",),
        "exercises": ("count",),
        "any": ("jme_d",),
        "multilateral": ("multi_d",),
    },
    advice="Get ctryYrData.rda, the state-years of the data on joint military exercises.",
    keys=("cow", "year"),
    limits={"exercises": (0, inf)},
    unique=("cow", "year"),
    title="Joint exercises",
)


def read_exercises(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read how many joint exercises a state took part in, by year.

    path: ``ctryYrData.rda``, or a folder.
    states: adds ``country``.
    Returns: ``cow``, ``year``, ``exercises`` (count), ``any`` (1 if there was one), ``multilateral`` (1 if
      one had more than two members). Missing values are NaN.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a state has two rows in a year.
    Raises DataError if a count is negative.
    """
    return read_by_state(path, LAYOUT, states)
