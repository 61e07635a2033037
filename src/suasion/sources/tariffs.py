"""Embedded tariffs: applied means by importer and year, US duties and what was added by day, agreements in force.

Sources: World Bank, World Development Indicators (applied rates, weighted means); US Census Bureau and US tariff
lists through tradewartracker (MIT); the WTO's list of regional trade agreements.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd

from suasion.errors import InputError
from suasion.sources.embedded import load_csv, load_parquet
from suasion.sources.groups import group_code, members

COLLECTED = 2024
"""Year of the duties that the United States collected."""
LAST_DAY = date(2026, 7, 23)
"""Last day that the US additions are known for: the surcharge of February 2026 ended on the next."""
KINDS = ("CU", "FTA", "continued", "PSA", "one-way")


@cache
def tariff_means() -> pd.DataFrame:
    """Weighted means of applied rates.

    Returns
    -------
    DataFrame
        Indexed by ``importer`` (alpha-3) and ``year``: ``manufactured``, ``primary``, ``all`` (per cent; missing where
        not published).
    """
    table = load_parquet("tariff_means.parquet").set_index(["importer", "year"])
    return table.where(table >= 0) / 100.0


@cache
def us_duties() -> pd.DataFrame:
    """US imports and duties collected of 2024, and rates added since, by partner and industry.

    Returns
    -------
    DataFrame
        Indexed by ``partner`` (alpha-3; ``EU`` without Slovakia) and ``sector`` (``other``: goods without industry):
        ``imports_musd`` (million USD), ``collected``, and a column of rates added for each first day (ISO date), all
        per cent.
    """
    table = load_parquet("us_tariffs.parquet").set_index(["partner", "sector"])
    rates = [str(name) for name in table if name != "imports_musd"]
    return table.assign(**{name: table[name] / 100.0 for name in rates})


def us_days() -> tuple[str, ...]:
    """First days of each set of US additions, the earliest first."""
    return tuple(str(name) for name in us_duties() if str(name)[:1].isdigit())


def us_added(day: date) -> pd.Series[float]:
    """Rates that the United States had added by a day, per cent, by partner and industry; nothing before 2025.

    Raises
    ------
    InputError
        If the day is after the last that is known.
    """
    if day > LAST_DAY:
        raise InputError(
            f"US tariffs are known to {LAST_DAY}, not on {day}. Give an earlier day, or lay later measures on it with "
            "`given`."
        )
    before = [first for first in us_days() if first <= day.isoformat()]
    table = us_duties()
    return table[before[-1]] if before else table["collected"] * 0.0


def us_mean(day: date) -> float:
    """Mean US tariff on a day, per cent, on all imports of 2024: duties collected then and what has been added."""
    table = us_duties()
    weight = table["imports_musd"]
    return float(((table["collected"] + us_added(day)) * weight).sum() / weight.sum())


@dataclass(frozen=True, slots=True)
class TradeAgreement:
    """A trade agreement between two sides, or among all of the first where there is no second.

    agreement: name. kind: one of :data:`KINDS`. one, other: codes and groups, separated by blanks.
    entry, exit: first year, and the first year after the last; empty before 2011, and while it lasts.
    read: ``list`` (of the WTO) or ``assumption``.
    """

    agreement: str
    kind: str
    one: str
    other: str
    entry: str
    exit: str
    read: str

    def age(self, year: int) -> int | None:
        """Years in force at the end of ``year``, None where it is not; ten where it is older than the list."""
        if (self.entry and int(self.entry) > year) or (self.exit and int(self.exit) <= year):
            return None
        return year - int(self.entry) if self.entry else 10

    def pairs(self, year: int) -> list[tuple[str, str]]:
        """(importer, exporter) that it prefers in ``year``."""
        one, other = (_codes(side, year) for side in (self.one, self.other or self.one))
        there = [(a, b) for a in one for b in other if a != b]
        return there if self.kind == "one-way" else there + [(b, a) for a, b in there]


def _codes(text: str, year: int) -> list[str]:
    """States of a side in a year; a group that did not exist yet has none."""
    found: list[str] = []
    for item in text.split():
        try:
            found += members(item, year) if group_code(item) else [item]
        except InputError:
            continue
    return found


@cache
def agreements() -> tuple[TradeAgreement, ...]:
    """All agreements of ``agreements.csv``."""
    rows = load_csv("agreements.csv", ("entry", "exit")).fillna("")
    return tuple(TradeAgreement(*map(str, row)) for row in rows.itertuples(index=False))
