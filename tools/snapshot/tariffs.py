"""Tariffs as they ship: applied weighted means by importer and year, US duties and additions, agreements in force."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

HUNDREDTHS = 100.0
FIRST = 2010
"""First year of means that ships."""
PARTNERS = {
    "EUROPEAN UNION": "EU", "ALGERIA": "DZA", "ANGOLA": "AGO", "ARGENTINA": "ARG", "AUSTRALIA": "AUS",
    "BANGLADESH": "BGD", "BRAZIL": "BRA", "CAMBODIA": "KHM", "CANADA": "CAN", "CHILE": "CHL", "CHINA": "CHN",
    "COLOMBIA": "COL", "COSTA RICA": "CRI", "DOMINICAN REPUBLIC": "DOM", "ECUADOR": "ECU", "EGYPT": "EGY",
    "EL SALVADOR": "SLV", "GUATEMALA": "GTM", "HONDURAS": "HND", "HONG KONG": "HKG", "INDIA": "IND",
    "INDONESIA": "IDN", "IRAQ": "IRQ", "ISRAEL": "ISR", "JAPAN": "JPN", "KOREA, SOUTH": "KOR", "KUWAIT": "KWT",
    "MALAYSIA": "MYS", "MEXICO": "MEX", "NEW ZEALAND": "NZL", "NICARAGUA": "NIC", "NIGERIA": "NGA", "NORWAY": "NOR",
    "PAKISTAN": "PAK", "PERU": "PER", "PHILIPPINES": "PHL", "RUSSIA": "RUS", "SAUDI ARABIA": "SAU",
    "SINGAPORE": "SGP", "SLOVAKIA": "SVK", "SOUTH AFRICA": "ZAF", "SRI LANKA": "LKA", "SWITZERLAND": "CHE",
    "TAIWAN": "TWN", "THAILAND": "THA", "TRINIDAD AND TOBAGO": "TTO", "TURKEY": "TUR",
    "UNITED ARAB EMIRATES": "ARE", "UNITED KINGDOM": "GBR", "VENEZUELA": "VEN", "VIETNAM": "VNM",
}  # fmt: skip
"""Partners of the US table; Slovakia stands apart from the Union there."""
UNMAPPED = "other"
"""Goods that no industry has."""


def means(folder: Path) -> pa.Table:
    """Weighted means of applied rates by importer and year, hundredths of a per cent; -1 where there is none."""
    raw = pd.read_csv(folder / "tariffs" / "wdi_tariffs_applied_weighted.csv", keep_default_na=False)
    raw = raw[raw["year"] >= FIRST].assign(value=lambda t: pd.to_numeric(t["value"]))
    wide = raw.pivot_table(index=["iso3", "year"], columns="item", values="value").reset_index()
    columns = {name: _hundredths(wide[name]) for name in ("manufactured", "primary", "all")}
    labels = {"importer": _text(wide["iso3"]), "year": pa.array(wide["year"].astype("int16"))}
    return pa.table({**labels, **columns})


def united_states(folder: Path) -> pa.Table:
    """Imports and duties collected of 2024, and rates added by day, by partner and industry; a column a day.

    Rates are hundredths of a per cent, imports million USD.
    """
    raw = pd.read_parquet(folder / "tariffs" / "us_added_by_partner_sector_date_2025_2026.parquet")
    raw = raw.assign(partner=raw["partner"].map(PARTNERS), sector=raw["sector"].fillna(UNMAPPED).str.lower())
    raw["sector"] = raw["sector"].where(raw["sector"] == UNMAPPED, raw["sector"].str.upper())
    dates = sorted(raw["date"].unique())
    for name in ("collected_2024_percent", "added_percent"):
        raw[name] = raw[name].fillna(0.0) * raw["imports_2024_usd"]  # without imports there is no rate
    sums = raw.groupby(["partner", "sector", "date"], as_index=False)[
        ["imports_2024_usd", "collected_2024_percent", "added_percent"]
    ].sum()
    bought = sums["imports_2024_usd"].where(sums["imports_2024_usd"] > 0)
    sums = sums.assign(
        collected=sums["collected_2024_percent"] / bought, added=sums["added_percent"] / bought
    ).dropna()
    base = sums.drop_duplicates(["partner", "sector"]).set_index(["partner", "sector"])
    added = sums.pivot_table(index=["partner", "sector"], columns="date", values="added").loc[base.index]
    return pa.table(
        {
            "partner": _text(base.index.get_level_values(0)),
            "sector": _text(base.index.get_level_values(1)),
            "imports_musd": pa.array((base["imports_2024_usd"] / 1e6).round(3).astype("float32")),
            "collected": _hundredths(base["collected"]),
            **{date: _hundredths(added[date]) for date in dates},
        }
    )


def _hundredths(values: pd.Series) -> pa.Array:
    return pa.array(np.round(values.fillna(-1 / HUNDREDTHS) * HUNDREDTHS).astype("int32"))


def _text(values: object) -> pa.Array:
    return pa.array(pd.Series(values).astype(str).to_numpy()).dictionary_encode()
