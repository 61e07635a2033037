"""What is known of each economy beside trade: product, income a head, sectors, trade with services, lists of goods."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from fits.every.commodities import industry_of
from snapshot import factbook, packages
from suasion.sources.embedded import load_csv, load_parquet
from suasion.sources.macro import macro
from suasion.types import FloatArray

ECONOMY = "Economy"
SECTORS = ("agriculture", "industry", "services")
JUDGED = {"CUB": 27_000.0, "PRK": 16_000.0}
"""Domestic product, million USD, by judgement: the factbook has Cuba at its official parity, North Korea as of 2015.
Cuba between 20 and 40 billion, North Korea between 13 and 30 (assumption)."""
USUAL_HEAD, USUAL_SECTORS = 3000.0, (10.0, 28.0, 62.0)
"""Income a head at purchasing power, USD, and sectors, per cent, where nothing is known."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of economies, in the order of the codes.

    product: domestic product, million USD of the year.
    surveyed: whether the World Bank has it in that year.
    head: product a head at purchasing power, USD.
    sectors: shares of three sectors in value added (economy, sector); NaN where unknown.
    sold, bought: goods and services sold and bought abroad, million USD; NaN where unknown.
    exports, imports: industries of the five goods most sold and bought, largest first.
    """

    codes: tuple[str, ...]
    product: FloatArray
    surveyed: FloatArray
    head: FloatArray
    sectors: FloatArray
    sold: FloatArray
    bought: FloatArray
    exports: tuple[tuple[str, ...], ...]
    imports: tuple[tuple[str, ...], ...]


def read_facts(codes: tuple[str, ...], year: int, cache: Path) -> Facts:
    """Read what is known of economies in a year.

    cache: folder of downloaded packages.
    """
    raw = factbook.load(packages.FACTBOOK, cache)
    fips = load_csv("countries.csv", text=("iso3", "fips")).set_index("iso3")["fips"].to_dict()
    entries = [raw.get(str(fips.get(code, "")).lower(), {}) for code in codes]
    product, surveyed = _product(codes, year)
    head = [_first(entry, "Real GDP per capita", year) for entry in entries]
    return Facts(
        codes,
        product,
        surveyed,
        np.where(np.isfinite(head), head, USUAL_HEAD),
        np.array([_sectors(entry) for entry in entries]),
        np.array([_first(entry, "Exports", year) for entry in entries]),
        np.array([_first(entry, "Imports", year) for entry in entries]),
        tuple(_listed(entry, "Exports - commodities") for entry in entries),
        tuple(_listed(entry, "Imports - commodities") for entry in entries),
    )


def _product(codes: tuple[str, ...], year: int) -> tuple[FloatArray, FloatArray]:
    """Domestic product: the World Bank's of the year, else of a year before, else the factbook's nearest."""
    bank = macro("gdp").reindex(list(codes))
    known = np.asarray(bank[year].notna(), dtype=np.float64)
    economy = load_parquet("economy.parquet")
    book = economy[(economy["item"] == "gdp_nominal") & (economy["vintage"] == 2025)]
    table = book.pivot_table(index="country", columns="year", values="value").reindex(list(codes))
    others = sorted((int(str(one)) for one in table.columns), key=lambda one: abs(one - year))
    sources = [bank[when] for when in (year, year - 1, year - 2, year + 1)] + [table[when] for when in others]
    value = np.full(len(codes), np.nan)
    for one in sources:
        value = np.where(np.isfinite(value), value, one.to_numpy(float))
    judged = np.array([JUDGED.get(code, np.nan) for code in codes])
    return np.asarray(np.where(np.isfinite(judged), judged, value), dtype=np.float64), known


def _first(entry: factbook.Entry, item: str, year: int) -> float:
    """The amount of an item nearest to a year, USD a head or million USD; NaN where there is none."""
    years = factbook.dated(entry, ECONOMY, item)
    for when in sorted(years, key=lambda one: abs(one - year)):
        amount = factbook.million_usd(years[when])
        if amount is not None:
            return amount * (1e6 if "capita" in item else 1.0)
    return math.nan


def _sectors(entry: factbook.Entry) -> list[float]:
    found = [
        factbook.percent(factbook.text(entry, ECONOMY, "GDP - composition, by sector of origin", name))
        for name in SECTORS
    ]
    known = [one for one in found if one is not None]
    return [one / sum(known) for one in known] if len(known) == len(SECTORS) else [math.nan] * len(SECTORS)


def _listed(entry: factbook.Entry, item: str) -> tuple[str, ...]:
    words = re.sub(r"\([^)]*\)", "", factbook.plain(factbook.text(entry, ECONOMY, item)))
    return tuple(industry_of(one) for one in words.lower().split(",") if one.strip())[:5]


def partner_shares(codes: tuple[str, ...]) -> pd.DataFrame:
    """Shares of the partners that the factbook lists for 2023 (reporter, partner, flow, share)."""
    frame = load_parquet("partner_shares.parquet")
    chosen = (frame["vintage"] == 2025) & (frame["year"] == 2023)
    kept = chosen & frame["reporter"].isin(codes) & frame["partner"].isin(codes)
    return frame[kept]
