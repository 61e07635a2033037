"""Militarized interstate disputes by dyad and year (Correlates of War, version 5.0, 1816 to 2014).

The dyad-years are derived from participants: both sides of a dispute are paired whether or not the two ever met.
Where a pair had several disputes in a year, the table keeps the one that is a new onset, then the gravest.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from suasion.sources.cow_crosswalk import CowCrosswalk
from suasion.sources.cow_system import read_by_state
from suasion.sources.ir_files import Layout, read_layout

LAYOUT = Layout(
    names=("cow_mid_ddydisps.rda", "gml_mid_ddydisps.rda"),
    columns={
        "cow1": ("ccode1",),
        "cow2": ("ccode2",),
        "year": ("year",),
        "dispute": ("dispnum",),
        "ongoing": ("cowmidongoing", "gmlmidongoing"),
        "onset": ("cowmidonset", "gmlmidonset"),
        "side_a": ("sidea1",),
        "originator": ("orig1",),
        "hostility_1": ("hostlev1",),
        "hostility": ("hostlev",),
        "fatality": ("fatality",),
    },
    advice="Get `cow_mid_ddydisps` of the R package peacesciencer, made from MID 5.0 of correlatesofwar.org.",
    keys=("cow1", "cow2", "year", "dispute", "ongoing", "onset"),
    missing=(-9,),
    flags=("ongoing", "onset"),
    unique=("cow1", "cow2", "year"),
    title="The table of disputes",
    yes=("ongoing", "onset", "side_a", "originator"),
)


def read_mids(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read disputes by directed dyad and year.

    path: ``cow_mid_ddydisps.rda``, or the Gibler-Miller-Little ``gml_mid_ddydisps.rda``, or a folder.
    states: adds ``country1`` and ``country2``.
    Returns: ``cow1``, ``cow2``, ``year``, ``dispute`` (number), ``ongoing`` and ``onset`` (bool), ``side_a``
      (True if the first state is on the side that took the first action) and ``originator`` (True if the
      first state was in from the first day), ``hostility_1`` (of the first state) and ``hostility`` (of the
      dispute; 1 none to 5 war), ``fatality`` (level 0 to 6). Both directions are there. A dyad-year without a
      row has no dispute.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a directed dyad-year occurs twice.
    """
    return read_by_state(path, LAYOUT, states)


TERRITORY = 1
"""Code of a wish to revise who holds a territory."""
REVISIONS = ("wish_1", "wish_1_more", "wish_2", "wish_2_more")
TERRITORIAL = Layout(
    names=("gml_dirdisp.rda",),
    columns={
        "cow1": ("ccode1",),
        "cow2": ("ccode2",),
        "year": ("year",),
        **dict(zip(REVISIONS, (("revtype11",), ("revtype12",), ("revtype21",), ("revtype22",)), strict=True)),
    },
    advice="Get `gml_dirdisp` of the R package peacesciencer (Gibler, Miller and Little 2016).",
    keys=("cow1", "cow2", "year"),
    missing=(-9,),
)


def read_territorial_disputes(path: str | Path) -> pd.DataFrame:
    """Read the pairs and years with a dispute in which one of the two wants another hold on a territory.

    path: ``gml_dirdisp.rda`` of peacesciencer, or a folder.
    Returns: ``cow1`` < ``cow2``, ``year``; each once.
    Raises SourceFileError if the file is absent or another one.
    """
    table = read_layout(path, TERRITORIAL)
    own = table[(table[list(REVISIONS)] == TERRITORY).any(axis=1) & (table["cow1"] < table["cow2"])]
    return own[["cow1", "cow2", "year"]].drop_duplicates(ignore_index=True)
