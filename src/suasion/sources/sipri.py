"""Deliveries of major arms by supplier, recipient and year, in trend-indicator values (TIV, million).

Three files are read: the register of transfers as downloaded (11 lines before the heading, Latin-1), by delivery,
summed over its rows; the register by deal, whose rows name all years of delivery and one value, which is spread evenly
over them; and a table ``supplier, recipient, year, tiv_m``. A table by year of *order* is refused: an order and its
deliveries lie years apart, and the two do not add up to each other.
"""

from __future__ import annotations

import gzip
import io
import re
from pathlib import Path

import pandas as pd

from suasion.errors import AmbiguousCountryError, DataError, SourceFileError, UnknownCountryError
from suasion.sources.countries import resolve_country
from suasion.sources.ir_files import existing

ADVICE = "Get a register of transfers from sipri.org/databases/armstransfers."
NAMES = {
    "Bosnia-Herzegovina": "BIH",
    "Cote d'Ivoire": "CIV",
    "Czechoslovakia": "CSK",
    "East Germany (GDR)": "DDR",
    "Libya GNC": "LBY",
    "North Yemen": "YEM",
    "Saint Vincent": "VCT",
    "South Vietnam": "VDR",
    "South Yemen": "YMD",
    "Soviet Union": "RUS",
    "Western Sahara": "ESH",
    "Yemen Arab Republic (North Yemen)": "YEM",
    "Yugoslavia": "YUG",
}
"""Names that are a state's here but that the resolver does not know; former states keep the codes of the votes."""
NO_STATES = ("Biafra", "Katanga", "Northern Cyprus")
"""Names of parties that no list of states has: they stay as they are."""

GZIP = b"\x1f\x8b"
_REGISTER = {
    "Supplier": "supplier",
    "Recipient": "recipient",
    "Delivery year": "year",
    "TIV delivery values": "tiv",
}
_BY_DEAL = {
    "Supplier": "supplier",
    "Recipient": "recipient",
    "Year(s) of delivery": "year",
    "SIPRI TIV of delivered weapons": "tiv",
}
_TABLE = {"supplier": "supplier", "recipient": "recipient", "year": "year", "tiv_m": "tiv"}


def read_arms_deliveries(path: str | Path) -> pd.DataFrame:
    """Read deliveries of arms by dyad and year.

    path: register of transfers, or a table ``supplier, recipient, year, tiv_m``.
    Returns: ``supplier``, ``recipient`` (alpha-3; the file's own name for rebels, organizations and the
      unknown), ``year`` of delivery, ``tiv`` (million). A dyad-year without a row has no delivery on record.
    Raises SourceFileError if the file is absent, another one, or a table of orders.
    Raises DataError if a value is missing or negative.
    """
    file = existing(path, ADVICE)
    table = _columns(file, _read(file))
    wrong = table[table["tiv"].isna() | table["year"].isna() | (table["tiv"] < 0)]
    if len(wrong):
        row = wrong.iloc[0]
        raise DataError(
            f"{file}: {row['supplier']} to {row['recipient']} has TIV {row['tiv']} in {row['year']}."
        )
    for side in ("supplier", "recipient"):
        names = table[side].astype(str).unique()
        table[side] = table[side].astype(str).map({n: party(n) for n in names})
    keys = ["supplier", "recipient", "year"]
    sums = table.astype({"year": int, "tiv": float}).groupby(keys)["tiv"].sum()
    return sums.to_frame("tiv").reset_index()


def party(name: str) -> str:
    """Return the alpha-3 code of a state, or the name of what is none (rebels, organizations, the unknown)."""
    if name.endswith("*") or name.startswith("unknown") or name in NO_STATES:
        return name
    try:
        return NAMES.get(name) or resolve_country(name)
    except (UnknownCountryError, AmbiguousCountryError) as error:
        if name == "Congo":  # the other one is listed as DR Congo
            return "COG"
        raise DataError(f"The arms deliveries name {name!r}, which is not known. {error}") from error


def _read(file: Path) -> pd.DataFrame:
    held = file.read_bytes()
    lines = (gzip.decompress(held) if held[:2] == GZIP else held).split(b"\n", 40)
    wanted = ("supplier,", '"supplier",', "sipri at database", "recipient,supplier,")
    for skipped, line in enumerate(lines):
        if line.decode("latin-1").lower().startswith(wanted):
            text = io.BytesIO(gzip.decompress(held) if held[:2] == GZIP else held)
            return pd.read_csv(text, skiprows=skipped, encoding="latin-1")
    raise SourceFileError(f"{file} has no heading with supplier and recipient: not arms transfers? {ADVICE}")


def _columns(file: Path, table: pd.DataFrame) -> pd.DataFrame:
    for names in (_REGISTER, _TABLE):
        if set(names) <= set(table):
            return table[list(names)].rename(columns=names)
    if set(_BY_DEAL) <= set(table):
        return _spread(table[list(_BY_DEAL)].rename(columns=_BY_DEAL))
    if "order_year" in table:
        raise SourceFileError(
            f"{file} counts arms by the year they were ordered. Orders and deliveries are never mixed here. {ADVICE}"
        )
    raise SourceFileError(f"{file} has no columns supplier, recipient, year, tiv_m. {ADVICE}")


def _spread(deals: pd.DataFrame) -> pd.DataFrame:
    """Deliveries by year of deals that name their years: a deal's value evenly over them."""
    years = deals["year"].map(lambda text: re.findall(r"\d{4}", str(text)))
    count = years.map(len)
    known = deals["tiv"].notna() & count.gt(0)
    shares = deals.assign(year=years, tiv=deals["tiv"] / count.clip(lower=1))[known]
    return shares.explode("year", ignore_index=True).astype({"year": int})
