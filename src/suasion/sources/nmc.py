"""National material capabilities of the Correlates of War project: CINC and its six parts, from 1816."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from suasion.sources.cow_crosswalk import CowCrosswalk
from suasion.sources.cow_system import read_by_state
from suasion.sources.ir_files import Layout

LAYOUT = Layout(
    names=("cow_nmc.rda", "NMC-70-abridged.csv"),
    columns={
        "cow": ("ccode",),
        "year": ("year",),
        "cinc": ("cinc",),
        "military_spending": ("milex",),
        "military_personnel": ("milper",),
        "iron_and_steel": ("irst",),
        "energy": ("pec",),
        "population": ("tpop",),
        "urban_population": ("upop",),
    },
    advice="Get National Material Capabilities (abridged) from correlatesofwar.org.",
    keys=("cow", "year"),
    missing=(-9,),
    limits={"cinc": (0, 1)},
    unique=("cow", "year"),
    title="National material capabilities",
)


def read_nmc(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read national material capabilities by state and year.

    path: the project's abridged ``.csv``, or the R file of peacesciencer, or a folder.
    states: adds ``country``.
    Returns: ``cow``, ``year``, ``cinc`` (share of the world, 0 to 1), ``military_spending`` (thousand; pounds
      sterling to 1913, current USD from 1914), ``military_personnel`` (thousand), ``iron_and_steel``
      (thousand tons), ``energy`` (thousand coal-ton equivalents), ``population``, ``urban_population``
      (thousand). Missing values are NaN.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a state has two rows in a year.
    Raises DataError if an index lies outside 0 to 1.
    """
    return read_by_state(path, LAYOUT, states)
