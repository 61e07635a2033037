"""Production by country and product, where the user has it: checked once, kept in the store, looked up by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from suasion.errors import DataError, InputError, SourceFileError
from suasion.files import is_file, make_folder
from suasion.schema.typed_file import unique_rows
from suasion.sources.cache import write_parquet
from suasion.sources.countries import resolve_country
from suasion.types import Advice, FloatArray

COLUMNS = ("year", "country", "product", "quantity")
FILE = "production.parquet"
SHOWN = 5


@dataclass(frozen=True)
class Production:
    """A checked table of production.

    Attributes
    ----------
    table : ``year``, ``country`` (alpha-3), ``product`` (HS code, text), ``quantity`` (tonnes)
    source : where it comes from
    """

    table: pd.DataFrame
    source: str


def production_table(table: pd.DataFrame, source: str) -> Production:
    """Check a table of production. None is shipped: no open licence was found for mine production.

    Parameters
    ----------
    table : columns year, country, product, quantity (tonnes)
    source : where it comes from, to be printed

    Returns
    -------
    Production

    Raises
    ------
    DataError
        If a column is lacking, or a quantity is negative or missing; the message names the row.
    DuplicateLabelError
        If a country, product and year occurs twice.
    """
    plain = _columns(table, "The table of production").astype({"country": str, "product": str})
    wrong = plain[~(plain["quantity"] >= 0)]
    if len(wrong):
        row = wrong.iloc[0]
        raise DataError(
            f"{len(wrong)} quantities of production are negative or missing; first: {row['country']}, "
            f"{row['product']}, {row['year']}."
        )
    unique_rows(plain, ("year", "country", "product"), "Table of production")
    return Production(plain, source)


def read_production(path: str | Path, source: str = "") -> Production:
    """Read a table of production from a CSV or Parquet file.

    Parameters
    ----------
    path : file with the columns ``year``, ``country`` (code or name), ``product`` (HS code of six digits) and
        ``quantity`` (tonnes); other columns are left alone
    source : where the numbers come from; the file's name without it

    Returns
    -------
    Production

    Raises
    ------
    SourceFileError
        If the file cannot be read.
    DataError
        If a column is lacking, or a cell is no year, country, product or quantity; the message names the first five
        rows (of a CSV file, its lines).
    DuplicateLabelError
        If a country, product and year occurs twice.
    """
    file = Path(path)
    try:
        table = pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file, dtype=str)
    except (OSError, ValueError) as reason:
        raise SourceFileError(f"{file} cannot be read as a table of production: {reason}.") from reason
    plain = _columns(table, file.name)
    countries = {text: _country(str(text)) for text in plain["country"].unique()}
    made = pd.DataFrame(
        {
            "year": pd.to_numeric(plain["year"], errors="coerce"),
            "country": plain["country"].map(countries),
            "product": plain["product"].astype(str).str.strip().str.extract(r"^(\d{5,6})$")[0].str.zfill(6),
            "quantity": pd.to_numeric(plain["quantity"], errors="coerce"),
        }
    )
    wrong = made.isna()
    wrong["year"] |= made["year"] % 1 != 0
    wrong["quantity"] |= np.isinf(made["quantity"])
    if wrong.to_numpy().any():
        raise DataError(_complaint(file.name, plain, wrong))
    return production_table(made.astype({"year": int}), source or file.name)


def _columns(table: pd.DataFrame, name: str) -> pd.DataFrame:
    lacking = [column for column in COLUMNS if column not in table.columns]
    if lacking:
        raise DataError(f"{name} lacks {', '.join(lacking)}; it needs {', '.join(COLUMNS)}.")
    return table[list(COLUMNS)].reset_index(drop=True)


def _country(text: str) -> str | None:
    try:
        return resolve_country(text)
    except InputError:
        return None


def _complaint(name: str, table: pd.DataFrame, wrong: pd.DataFrame) -> Advice:
    """Name the first cells that are wrong; a CSV file's first row is its second line."""
    rows, columns = np.nonzero(wrong.to_numpy())
    shown = [
        f"line {row + 2}: {wrong.columns[column]} is {table.iloc[row, column]!r}"
        for row, column in zip(rows[:SHOWN], columns[:SHOWN], strict=True)
    ]
    more = f"; and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    return f"{name} has {len(rows)} cells that are no year, country, product or quantity: {'; '.join(shown)}{more}."


def keep_production(production: Production, folder: Path) -> None:
    """Write a table into a store's folder, in place of the one before."""
    write_parquet(production.table.assign(source=production.source), make_folder(folder) / FILE)


def kept_production(folder: Path) -> Production | None:
    """Return the table of a store's folder; None where none was added.

    Raises SourceFileError if it is there and cannot be read.
    """
    if not is_file(folder / FILE):
        return None
    try:
        table = pd.read_parquet(folder / FILE)
        return Production(table[list(COLUMNS)], str(table["source"].iloc[0]) if len(table) else "")
    except (OSError, ValueError, KeyError) as reason:
        raise SourceFileError(
            f"{folder / FILE} cannot be read ({reason}); add the production again."
        ) from reason


def produced(production: Production, country: str, year: int, products: Sequence[str]) -> FloatArray:
    """Production of one country in a year, (P,), tonnes; NaN for products the table does not cover that year.

    production: the table.
    country: alpha-3 code.
    year: calendar year.
    products: HS codes, (P,).

    A product is covered if the table has any producer in the year; a country not listed then produces none.
    """
    rows = production.table[production.table["year"] == year]
    covered = rows["product"].unique()
    own = rows[rows["country"] == country].set_index("product")["quantity"]
    values = own.reindex(list(products)).to_numpy(dtype=np.float64)
    return np.where(np.isnan(values) & np.isin(list(products), covered), 0.0, values)
