"""Embedded table of cited single totals: what customs, officials and researchers said of a pair's trade."""

from __future__ import annotations

from functools import cache

import pandas as pd

from suasion.sources.embedded import checked, load_csv

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
    known = checked(table, "totals", COLUMNS, {"measure": MEASURES})
    return known.sort_values(["reporter", "partner", "measure", "year"], kind="stable", ignore_index=True)
