"""American troops abroad, by country and year, 1950 to 2024 (troopdata, from reports of the Department of Defense)."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pandas as pd

from suasion.sources.ir_files import Layout, read_layout

LAYOUT = Layout(
    names=("troopdata_rebuild_long.rda",),
    columns={
        "cow": ("ccode",),
        "country": ("iso3c",),
        "name": ("countryname",),
        "year": ("year",),
        "quarter": ("quarter",),
        "troops": ("troops_ad",),
    },
    advice="Get troopdata_rebuild_long.rda of the R package troopdata.",
    keys=("year",),
    limits={"troops": (0, inf)},
)


def read_us_troops(path: str | Path) -> pd.DataFrame:
    """Read active-duty troops of the United States by host and year.

    path: ``troopdata_rebuild_long.rda``, or a folder.
    Returns: ``cow`` (NaN where the place is no state), ``country`` (alpha-3, or missing), ``name``, ``year``,
      ``quarter``, ``troops`` (active duty; NaN where not reported). From 2006 there are several reports a
      year.
    Raises SourceFileError if the file is absent or another one.
    Raises DataError if a number is negative.
    """
    return read_layout(path, LAYOUT)
