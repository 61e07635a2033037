"""Formal alliances of the Correlates of War project, version 4.1, 1816 to 2012.

The project's own dyad-years are alliances that a pair was in, so that a pair with two alliances has two rows in a year;
they are merged here, promise by promise. Promises are recorded as mutual in every case. Some releases list each pair
in one direction only: the missing direction is filled in, because leaving it out halves the allies of a state.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from suasion.sources.cow_crosswalk import CowCrosswalk
from suasion.sources.cow_system import with_countries
from suasion.sources.ir_files import Layout, read_layout

PLEDGES = ("defence", "neutrality", "nonaggression", "entente")
"""Kinds of promise, as named here."""

LAYOUT = Layout(
    names=("hist_cow_alliance.rda", "alliance_v4.1_by_directed_yearly.csv"),
    columns={
        "cow1": ("ccode1",),
        "cow2": ("ccode2",),
        "year": ("year",),
        "defence": ("cow_defense", "defense"),
        "neutrality": ("cow_neutral", "neutrality"),
        "nonaggression": ("cow_nonagg", "nonaggression"),
        "entente": ("cow_entente", "entente"),
    },
    advice="Get the directed yearly alliances, version 4.1, from correlatesofwar.org.",
    keys=("cow1", "cow2", "year"),
    missing=(-9,),
    flags=PLEDGES,
    either_way=True,
    yes=PLEDGES,
)


def read_cow_alliances(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read formal alliances by dyad and year.

    path: directed yearly alliances 4.1 (the project's ``.csv``, or the R file of peacesciencer), or a folder.
    states: adds ``country1`` and ``country2``.
    Returns: ``cow1`` < ``cow2``, ``year``, and ``defence``, ``neutrality``, ``nonaggression``, ``entente``
      (bool), one row a pair and year. Promises are mutual. A pair-year without a row has no alliance.
    Raises SourceFileError if the file is absent or another one.
    """
    table = read_layout(path, LAYOUT)
    merged = table.groupby(["cow1", "cow2", "year"], as_index=False)[list(PLEDGES)].any()
    return with_countries(merged, states)
