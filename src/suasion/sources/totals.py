"""Embedded table of cited single totals: what customs, officials and researchers said of a pair's trade."""

from __future__ import annotations

from functools import cache

import pandas as pd

from suasion.errors import SourceFileError
from suasion.sources.embedded import load_csv

COLUMNS = (
    "reporter",
    "partner",
    "year",
    "measure",
    "value",
    "unit",
    "source",
    "locator",
    "definition",
    "status",
)
MEASURES = ("share_of_turnover", "share_of_exports", "share_of_imports", "turnover", "exports", "imports")


def totals() -> pd.DataFrame:
    """Cited single totals of the trade between two economies.

    Returns
    -------
    DataFrame
        Columns: ``reporter``, ``partner`` (ISO 3166 alpha-3), ``year``, ``measure`` (one of ``MEASURES``;
        shares are of the reporter's trade), ``value``, ``unit`` (``"percent"`` or ``"billion USD"``),
        ``source``, ``locator``, ``definition``, ``status`` (``"article"``, ``"press quoting customs"``,
        ``"derived"``, ...). Rows differ in source and definition: show them as dots, never join them into a
        line.

    Raises
    ------
    SourceFileError
        If the file lacks a column or has a measure that is not known.
    """
    return _totals().copy()


@cache
def _totals() -> pd.DataFrame:
    return checked_totals(load_csv("totals.csv"))


def checked_totals(table: pd.DataFrame) -> pd.DataFrame:
    """Table of totals with its columns and measures checked, sorted by pair, measure and year."""
    if tuple(table.columns) != COLUMNS:
        raise SourceFileError(
            f"The table of totals must have the columns {', '.join(COLUMNS)}; "
            f"it has {', '.join(table.columns)}."
        )
    unknown = sorted(set(table["measure"]) - set(MEASURES))
    if unknown:
        raise SourceFileError(
            f"The table of totals has unknown measures: {', '.join(unknown)}. Known: {', '.join(MEASURES)}."
        )
    keys = ["reporter", "partner", "measure", "year"]
    return table.sort_values(keys, kind="stable").reset_index(drop=True)
