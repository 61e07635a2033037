"""Chinese official lending and grants (AidData, Global Chinese Development Finance 3.0, 2000 to 2021).

Two summaries: commitments by country over all years, and by year and kind of flow over all countries. The bilateral
series by year is in AidData's own workbook, which is not read here.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from suasion.errors import DataError
from suasion.sources.countries import resolve_country
from suasion.sources.ir_files import Layout, read_layout, unique_rows

ADVICE = "Get the summaries of Global Chinese Development Finance 3.0 (gcdf); the original is at aiddata.org."
BY_COUNTRY = Layout(
    names=("gcdf_country_commitments.rda",),
    columns={
        "country": ("iso3c",),
        "name": ("country_name",),
        "commitments_bn": ("total_commitments_bn",),
        "interest_percent": ("weighted_interest_rate",),
    },
    advice=ADVICE,
)
BY_YEAR = Layout(
    names=("gcdf_yearly_flows.rda",),
    columns={"year": ("commitment_year",), "kind": ("flow_class",), "commitments_bn": ("commitments_bn",)},
    advice=ADVICE,
    keys=("year",),
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
    table = unique_rows(read_layout(path, BY_COUNTRY), ("name",), "Commitments by country")
    known = table["country"].notna() & (table["country"].astype("string") != "")
    table["country"] = [
        resolve_country(str(c)) if k else None for c, k in zip(table["country"], known, strict=True)
    ]
    return _not_negative(table)


def _not_negative(table: pd.DataFrame) -> pd.DataFrame:
    if (table["commitments_bn"] < 0).any():
        raise DataError(f"A commitment is negative. {ADVICE}")
    return table
