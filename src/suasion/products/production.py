"""Production by country and product, where the user has it: checked once, looked up by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from suasion.errors import DataError, DuplicateLabelError
from suasion.world.arrays import FloatArray

COLUMNS = ("year", "country", "product", "quantity")


@dataclass(frozen=True)
class Production:
    """A checked table of production.

    Attributes
    ----------
    table : DataFrame
        ``year``, ``country`` (alpha-3), ``product`` (HS code, text), ``quantity`` (tonnes).
    source : str
        Where it comes from.
    """

    table: pd.DataFrame
    source: str


def production_table(table: pd.DataFrame, source: str) -> Production:
    """Check a table of production. None is shipped: no open licence was found for mine production.

    Parameters
    ----------
    table : DataFrame
        Columns year, country, product, quantity (tonnes).
    source : str
        Where it comes from, to be printed.

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
    lacking = [name for name in COLUMNS if name not in table.columns]
    if lacking:
        raise DataError(f"The table of production lacks {', '.join(lacking)}; it needs {', '.join(COLUMNS)}.")
    plain = table[list(COLUMNS)].astype({"country": str, "product": str}).reset_index(drop=True)
    wrong = plain[~(plain["quantity"] >= 0)]
    if len(wrong):
        row = wrong.iloc[0]
        raise DataError(
            f"{len(wrong)} quantities of production are negative or missing; first: {row['country']}, "
            f"{row['product']}, {row['year']}."
        )
    twice = plain[plain.duplicated(["year", "country", "product"])]
    if len(twice):
        row = twice.iloc[0]
        raise DuplicateLabelError(
            f"Production of {row['country']}, {row['product']}, {row['year']} occurs twice."
        )
    return Production(plain, source)


def produced(production: Production, country: str, year: int, products: Sequence[str]) -> FloatArray:
    """Production of one country in a year, (P,), tonnes; NaN for products the table does not cover that year.

    Parameters
    ----------
    production : Production
        The table.
    country : str
        Alpha-3 code.
    year : int
        Calendar year.
    products : sequence of str
        HS codes, (P,).

    Notes
    -----
    A product is covered if the table has any producer in the year; a country not listed then produces none.
    """
    rows = production.table[production.table["year"] == year]
    covered = rows["product"].unique()
    own = rows[rows["country"] == country].set_index("product")["quantity"]
    values = own.reindex(list(products)).to_numpy(dtype=np.float64)
    return np.where(np.isnan(values) & np.isin(list(products), covered), 0.0, values)
