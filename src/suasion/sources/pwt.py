"""Penn World Table 10.01: output, population, capital and prices of 183 economies, 1950 to 2019.

``rgdpe`` and ``rgdpo`` are in purchasing power and compare levels between economies; growth over time is that of
``rgdpna``, real output at constant national prices.
"""

from __future__ import annotations

from math import inf
from pathlib import Path

import pandas as pd

from suasion.sources.ir_files import Layout, read_layout

LAYOUT = Layout(
    names=("pwt10.01.rda", "pwt1001.dta"),
    columns={
        "country": ("isocode", "countrycode"),
        "year": ("year",),
        "gdp_national": ("rgdpna",),
        "gdp_expenditure": ("rgdpe",),
        "gdp_output": ("rgdpo",),
        "population": ("pop",),
        "employment": ("emp",),
        "human_capital": ("hc",),
        "capital": ("rnna",),
        "productivity": ("rtfpna",),
        "labour_share": ("labsh",),
    },
    advice="Get Penn World Table 10.01 from rug.nl/ggdc.",
    keys=("year",),
    limits=dict.fromkeys(
        ("gdp_national", "gdp_expenditure", "gdp_output", "population", "employment", "capital"), (0, inf)
    ),
    unique=("country", "year"),
    title="The Penn World Table",
)


def read_pwt(path: str | Path) -> pd.DataFrame:
    """Read the Penn World Table.

    path: ``pwt10.01.rda`` or ``pwt1001.dta``, or a folder.
    Returns: ``country`` (alpha-3), ``year``, ``gdp_national`` (million USD of 2017 at constant national
      prices), ``gdp_expenditure`` and ``gdp_output`` (million USD of 2017 in purchasing power),
      ``population`` and ``employment`` (million), ``human_capital`` (index), ``capital`` (million USD of
      2017), ``productivity`` (2017 = 1), ``labour_share`` (of output). Missing values are NaN.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if an economy has two rows in a year.
    Raises DataError if a level is negative.
    """
    return read_layout(path, LAYOUT).astype({"country": str})
