"""The crosswalk of country codes: trade-data numbers, ISO codes, the Factbook's FIPS codes and names."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from . import factbook, packages

M49_WHERE_BACI_DIFFERS = {"FRA": 250, "NOR": 578, "USA": 840, "CHE": 756, "IND": 356, "TWN": 158, "BLX": 58}
"""BACI numbers some reporters as Comtrade does (with territories); these are their UN M49 numbers."""

BACI_LABELS = {490: "TWN", 58: "BLX", 711: "ZA1", 697: "R20"}
"""490 is "Other Asia, nes", mostly Taiwan; 58 Belgium-Luxembourg until 1998; 711 a customs union."""

FORMER = {"CSK", "DDR", "ANT", "SUN", "SCG", "BLX", "ZA1", "R20", "PUS"}
"""Codes of states and groups that have ended or are no state."""

ABSENT_FROM_BACI = {
    "MC": ("MCO", 492),
    "LI": ("LIE", 438),
    "PR": ("PRI", 630),
    "VI": ("VIR", 850),
    "GG": ("GGY", 831),
    "JE": ("JEY", 832),
    "IM": ("IMN", 833),
    "FO": ("FRO", 234),
    "SJ": ("SJM", 744),
    "VA": ("VAT", 336),
    "MF": ("MAF", 663),
    "EH": ("ESH", 732),
    "AQ": ("ATA", 10),
    "BV": ("BVT", 74),
    "HM": ("HMD", 334),
    "XK": ("XKX", None),
}
"""ISO alpha-3 and M49 of the territories that the trade data merge; Kosovo has no M49 number."""


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Lookups between codes, and the table that is shipped."""

    from_baci: dict[int, str]
    from_fips: dict[str, str]
    table: pd.DataFrame


def baci_database(cache: Path) -> sqlite3.Connection:
    """Load the trade database of the pinned package into memory."""
    content = packages.member(packages.MATERIALS, cache, "lib/baci.db")
    return open_database(content)


def open_database(content: bytes) -> sqlite3.Connection:
    """In-memory copy of a SQLite file."""
    memory = sqlite3.connect(":memory:")
    with tempfile.NamedTemporaryFile(suffix=".db") as file:
        file.write(content)
        file.flush()
        disk = sqlite3.connect(file.name)
        disk.backup(memory)
        disk.close()
    return memory


def repair(text: str) -> str:
    """Undo UTF-8 read as Latin-1, which the package's country names show."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return text


def build(database: sqlite3.Connection, entries: dict[str, factbook.Entry]) -> Crosswalk:
    """Crosswalk from the trade data's code table and the Factbook's internet country codes."""
    codes = pd.read_sql("SELECT * FROM country_codes_V202401b", database)
    from_baci, rows = {}, {}
    for row in codes.itertuples():
        number = int(row.country_code)
        iso3 = BACI_LABELS.get(number, row.country_iso3)
        from_baci[number] = iso3
        if iso3 not in rows and not re.search(r"\(\.\.\.\d{4}\)", row.country_name):
            m49 = M49_WHERE_BACI_DIFFERS.get(iso3, number)
            rows[iso3] = {
                "iso3": iso3,
                "iso2": row.country_iso2 or "",
                "m49": m49,
                "trade_name": repair(row.country_name),
            }
    rows["TWN"]["iso2"], rows["NAM"]["iso2"] = "TW", "NA"
    for iso2, (iso3, m49) in ABSENT_FROM_BACI.items():
        rows.setdefault(iso3, {"iso3": iso3, "iso2": iso2, "m49": m49, "trade_name": ""})
    by_iso2 = {row["iso2"]: iso3 for iso3, row in rows.items() if row["iso2"]}
    from_fips = fips_codes(entries, by_iso2)
    for fips, iso3 in from_fips.items():
        rows[iso3] |= {"fips": fips.upper(), **names(entries[fips])}
    table = pd.DataFrame(rows.values()).sort_values("iso3").reset_index(drop=True)
    table = table[~table["iso3"].isin(FORMER)]
    table["m49"] = table["m49"].map(lambda n: "" if pd.isna(n) else f"{int(n):03d}")
    return Crosswalk(
        from_baci,
        from_fips,
        table[["iso3", "iso2", "m49", "fips", "name", "long_name", "trade_name"]].fillna(""),
    )


def fips_codes(entries: dict[str, factbook.Entry], by_iso2: dict[str, str]) -> dict[str, str]:
    """ISO alpha-3 by FIPS code, through the internet country code that each entry prints.

    The Gaza Strip and the West Bank share ``.ps`` and the same figures: the West Bank's entry stands for
    both.
    """
    found = {}
    for fips, entry in entries.items():
        code = re.search(r"\.([a-z]{2})\b", factbook.text(entry, "Communications", "Internet country code"))
        iso2 = "" if code is None else code[1].upper().replace("UK", "GB")
        if iso2 in by_iso2 and fips not in {"gz", "ee"}:
            found[fips] = by_iso2[iso2]
    return found


def names(entry: factbook.Entry) -> dict[str, str]:
    """Short and long English names of an entry."""
    parts = {}
    for key, field in (("name", "conventional short form"), ("long_name", "conventional long form")):
        name = factbook.plain(factbook.text(entry, "Government", "Country name", field))
        parts[key] = "" if name == "none" else name
    return parts if parts["name"] else parts | {"name": parts["long_name"]}
