"""Alliance Treaty Obligations and Provisions (ATOP): who promised what to whom, by year, 1815 to 2018.

Directed dyad-years. A row says what the first state promised the second; in 984 rows the promise of defence has no
counterpart (France to Belgium in 1832), so neither direction may be dropped.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from suasion.sources.cow_crosswalk import CowCrosswalk
from suasion.sources.cow_system import read_by_state
from suasion.sources.ir_files import Layout

PLEDGES = ("defence", "offence", "neutrality", "nonaggression", "consultation")
"""Kinds of promise, as named here."""

LAYOUT = Layout(
    names=("atop_alliance.rda", "atop5_1ddyr.dta", "atop5_1ddyr.csv"),
    columns={
        "cow1": ("ccode1", "statea"),
        "cow2": ("ccode2", "stateb"),
        "year": ("year",),
        "defence": ("atop_defense", "defense"),
        "offence": ("atop_offense", "offense"),
        "neutrality": ("atop_neutral", "neutral"),
        "nonaggression": ("atop_nonagg", "nonagg"),
        "consultation": ("atop_consul", "consul"),
    },
    advice="Get the directed dyad-years of ATOP 5.1 from atopdata.org.",
    keys=("cow1", "cow2", "year", *PLEDGES),
    flags=PLEDGES,
    unique=("cow1", "cow2", "year"),
    title="ATOP",
    yes=PLEDGES,
)


def read_atop(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read promises between states by year.

    path: directed dyad-years of ATOP 5.1 (``.dta``, ``.csv``, or the R file of peacesciencer), or a folder.
    states: adds ``country1`` and ``country2``.
    Returns: ``cow1`` (who promises), ``cow2`` (to whom), ``year``, and ``defence``, ``offence``,
      ``neutrality``, ``nonaggression``, ``consultation`` (bool). A dyad-year without a row has no alliance.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a directed dyad-year occurs twice.
    """
    return read_by_state(path, LAYOUT, states)
