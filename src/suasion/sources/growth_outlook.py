"""Embedded table of cited growth projections, one typed row a figure, and the region each economy belongs to.

It stands in for the shared socio-economic pathways, which cannot be shipped. Sources differ in date and definition: a
row is one published view or a marked assumption, never a forecast of this project.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import pandas as pd

from suasion.errors import InputError, NotInWorldError, SourceFileError
from suasion.sources.countries import resolve_country
from suasion.sources.embedded import checked, load_csv

Status = Literal["published", "assumption"]

COLUMNS = (
    "region",
    "first_year",
    "last_year",
    "growth_percent",
    "low_percent",
    "high_percent",
    "source",
    "locator",
    "definition",
    "status",
)
STATUSES: tuple[Status, ...] = ("published", "assumption")


@dataclass(frozen=True, slots=True)
class GrowthRow:
    """One rate of growth with its source.

    Attributes
    ----------
    region : ISO 3166 alpha-3 code, or a region's name
    first_year, last_year : years the rate is an average of, both included
    growth_percent : real growth of GDP, per cent a year
    low_percent, high_percent : range; of the source where it gives one, always given for an assumption
    source, locator, definition : who says so, where it was read, and what exactly is measured
    status : {"published", "assumption"}
        Whether somebody published the rate.
    """

    region: str
    first_year: int
    last_year: int
    growth_percent: float
    low_percent: float | None
    high_percent: float | None
    source: str
    locator: str
    definition: str
    status: Status


def growth_outlook() -> pd.DataFrame:
    """Cited projections of real growth by economy and region.

    Returns
    -------
    DataFrame
        Columns: ``region`` (ISO 3166 alpha-3 or a region's name), ``first_year``, ``last_year``,
        ``growth_percent``, ``low_percent``, ``high_percent`` (per cent a year; empty where the source gives no
        range), ``source``, ``locator``, ``definition``, ``status`` (``"published"`` or ``"assumption"``). An
        economy may have several rows for one year: views of several sources.

    Raises
    ------
    SourceFileError
        If the file lacks a column, names an unknown status, or an assumption has no range.
    """
    return checked_outlook(load_csv("growth_outlook.csv"))


def growth_regions() -> dict[str, str]:
    """Region of each economy of the embedded world, and of ``"ROW"``.

    Returns
    -------
    dict of str to str
        ISO 3166 alpha-3 code to the region whose rates it takes where it has none of its own.

    Raises
    ------
    SourceFileError
        If the file is missing or broken.
    """
    return dict(_regions())


def growth_of(country: str, year: int) -> GrowthRow:
    """Rate of growth for an economy in a year.

    Rows of the economy itself come before rows of its region, published ones before assumptions, and the row
    with the shortest period before longer averages; among equals the first in the file.

    Parameters
    ----------
    country : code or name, as :func:`resolve_country` takes it; ``"ROW"`` gives the world's rate
    year : calendar year; every economy of the embedded world is covered from 2025 to 2050

    Returns
    -------
    GrowthRow

    Raises
    ------
    UnknownCountryError
        If there is no such country.
    NotInWorldError
        If the country has neither a row nor a region.
    InputError
        If no row covers the year.

    Examples
    --------
    >>> growth_of("China", 2028).growth_percent
    3.8
    """
    code = resolve_country(country)
    rows = preferred_rows()
    region = _regions().get(code)
    if region is None and code not in rows:
        raise NotInWorldError(
            f"There is no growth rate for {code}: it has no row in growth_outlook() and no region in "
            "growth_regions(). Take one of the economies listed there, or ROW for the world."
        )
    for one in (one for name in (code, region) for one in rows.get(name or "", ())):
        if one.first_year <= year <= one.last_year:
            return one
    raise InputError(
        f"No growth rate of {code} covers {year}. Every economy of the embedded world is covered from 2025 to "
        "2050; growth_outlook() lists the periods."
    )


@cache
def _regions() -> dict[str, str]:
    table = load_csv("growth_regions.csv", text=("country", "region"))
    return dict(zip(table["country"], table["region"], strict=True))


def checked_outlook(table: pd.DataFrame) -> pd.DataFrame:
    """Table of growth rates with its columns, statuses and ranges checked, in the order of the file."""
    checked(table, "growth rates", COLUMNS, {"status": STATUSES})
    bare = table[
        (table["status"] == "assumption") & table[["low_percent", "high_percent"]].isna().any(axis=1)
    ]
    if len(bare):
        raise SourceFileError(
            f"The table of growth rates has assumptions without a range: {', '.join(bare['region'][:3])}. "
            "Give low_percent and high_percent."
        )
    return table


@cache
def preferred_rows() -> dict[str, list[GrowthRow]]:
    """Rows of each region, those that are taken before others first."""
    found: dict[str, list[GrowthRow]] = {}
    records: list[dict[Any, Any]] = growth_outlook().to_dict("records")
    for row in records:
        ends = {name: _optional(row[name]) for name in ("low_percent", "high_percent")}
        found.setdefault(row["region"], []).append(GrowthRow(**(row | ends)))
    for rows in found.values():
        rows.sort(key=lambda one: (one.status == "assumption", one.last_year - one.first_year))
    return found


def _optional(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
