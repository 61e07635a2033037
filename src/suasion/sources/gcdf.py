"""Chinese official lending and grants (AidData, Global Chinese Development Finance 3.0, 2000 to 2021).

Commitments by country over all years. The bilateral series by year is in AidData's own workbook, not read here.
"""

from __future__ import annotations

from math import inf
from pathlib import Path

import pandas as pd

from suasion.sources.countries import resolve_country
from suasion.sources.ir_files import Layout, read_layout

BY_COUNTRY = Layout(
    names=("gcdf_country_commitments.rda",),
    columns={
        "country": ("iso3c",),
        "name": ("country_name",),
        "commitments_bn": ("total_commitments_bn",),
        "interest_percent": ("weighted_interest_rate",),
    },
    advice="Get the summaries of Global Chinese Development Finance 3.0 (gcdf); the original is at aiddata.org.",
    limits={"commitments_bn": (0, inf)},
    unique=("name",),
    title="Commitments by country",
)


def read_gcdf_countries(path: str | Path) -> pd.DataFrame:
    """Read Chinese commitments by recipient, 2000 to 2021 together.

    path: ``gcdf_country_commitments.rda``, or a folder.
    Returns: ``country`` (alpha-3; missing for groups of countries), ``name``, ``commitments_bn`` (billion
      constant USD, as published), ``interest_percent`` (weighted mean rate of loans; NaN where none is
      known).
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a recipient has two rows.
    Raises DataError if an amount is negative.
    """
    table = read_layout(path, BY_COUNTRY)
    known = table["country"].notna() & (table["country"].astype("string") != "")
    table["country"] = [
        resolve_country(str(c)) if k else None for c, k in zip(table["country"], known, strict=True)
    ]
    return table
