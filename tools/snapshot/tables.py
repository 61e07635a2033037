"""Tidy tables from the two vintages of the World Factbook."""

from __future__ import annotations

import re

import pandas as pd

from suasion.errors import SuasionError
from suasion.sources.countries import resolve_country

from . import factbook

VINTAGES = (2014, 2025)
"""Edition of the text: most figures of the first are for 2014, of the second for 2022-24."""

PARTNER_NAMES = {
    "Curacao": "CUW",
    "DRC": "COD",
    "Micronesia": "FSM",
    "Republic of the Congo": "COG",
    "S. Korea": "KOR",
    "N. Korea": "PRK",
    "Sint Maarten": "SXM",
    "The Bahamas": "BHS",
    "The Former Yugo Rep of Macedonia": "MKD",
    "The Gambia": "GMB",
}
"""Names that the Factbook writes in its own way."""

ALIASES = {"UNSC": "UN Security Council"}
"""Organizations that the two editions name differently."""

Codes = dict[str, str]
Entries = dict[str, factbook.Entry]


def partner_code(name: str) -> str | None:
    """ISO alpha-3 of a partner's name, or None for groups and unreadable names."""
    clean = re.sub(r"\s+", " ", name).strip(" .;").replace("&", "and").replace("St. ", "Saint ")
    if clean in PARTNER_NAMES:
        return PARTNER_NAMES[clean]
    try:
        return resolve_country(clean)
    except SuasionError:
        return None


def partner_shares(entries: Entries, codes: Codes, vintage: int) -> tuple[pd.DataFrame, list[str]]:
    """Rows reporter, partner, flow, year, share (fraction), vintage; and the names that are no country."""
    rows, unread = [], []
    for fips, reporter in codes.items():
        for flow in ("exports", "imports"):
            phrase = factbook.text(entries.get(fips, {}), "Economy", f"{flow.capitalize()} - partners")
            year = factbook.year_of(phrase)
            for share in factbook.shares(phrase):
                partner = partner_code(share.name)
                if partner is None or year is None:
                    unread.append(f"{reporter} {flow}: {share.name}")
                    continue
                rows.append((reporter, partner, flow, year, share.percent / 100.0, vintage))
    frame = pd.DataFrame(rows, columns=["reporter", "partner", "flow", "year", "share", "vintage"])
    keys = ["reporter", "partner", "flow", "year", "vintage"]
    return frame.drop_duplicates(keys).sort_values(keys).reset_index(drop=True), unread


def memberships(entries: Entries, codes: Codes, vintage: int) -> pd.DataFrame:
    """Rows country, organization, status, vintage."""
    rows = []
    for fips, country in codes.items():
        phrase = factbook.text(
            entries.get(fips, {}), "Government", "International organization participation"
        )
        for organization, status in factbook.organizations(phrase):
            rows.append((country, ALIASES.get(organization, organization), status, vintage))
    frame = pd.DataFrame(rows, columns=["country", "organization", "status", "vintage"])
    keys = ["country", "organization", "vintage"]
    return frame.drop_duplicates(keys).sort_values(keys).reset_index(drop=True)


def military(entries: Entries, codes: Codes, vintage: int) -> pd.DataFrame:
    """Rows country, year, percent_of_gdp, vintage."""
    section = "Military" if vintage == 2014 else "Military and Security"
    rows = []
    for fips, country in codes.items():
        for year, phrase in factbook.dated(entries.get(fips, {}), section, "Military expenditures").items():
            value = factbook.percent(phrase)
            if value is not None:
                rows.append((country, year, value, vintage))
    frame = pd.DataFrame(rows, columns=["country", "year", "percent_of_gdp", "vintage"])
    return frame.sort_values(["country", "year", "vintage"]).reset_index(drop=True)


MONEY_ITEMS = (
    ("exports", "Exports", "million USD"),
    ("imports", "Imports", "million USD"),
    ("gdp_ppp", "Real GDP (purchasing power parity)", "million USD of 2021, purchasing power parity"),
    ("gdp_nominal", "GDP (official exchange rate)", "million USD"),
)


def economy(entries: Entries, codes: Codes, vintage: int) -> pd.DataFrame:
    """Rows country, item, year, value, unit, vintage: trade totals, output and its growth."""
    rows = []
    for fips, country in codes.items():
        entry = entries.get(fips, {})
        for item, title, unit in MONEY_ITEMS:
            for year, phrase in factbook.dated(entry, "Economy", title).items():
                value = factbook.million_usd(phrase)
                if value is not None and not (vintage == 2014 and item == "gdp_ppp"):
                    rows.append((country, item, year, value, unit, vintage))
        title = "GDP - real growth rate" if vintage == 2014 else "Real GDP growth rate"
        for year, phrase in factbook.dated(entry, "Economy", title).items():
            value = factbook.percent(phrase)
            if value is not None:
                rows.append((country, "real_growth", year, value, "percent a year", vintage))
    frame = pd.DataFrame(rows, columns=["country", "item", "year", "value", "unit", "vintage"])
    return frame.sort_values(["country", "item", "year", "vintage"]).reset_index(drop=True)
