"""National accounts of all economies by year: product, trade in goods, income of residents, what is received or owed.

Sources: World Bank, World Development Indicators; for Taiwan, which is not in them, its own statistical office.
"""

from __future__ import annotations

from typing import Literal, get_args

import pandas as pd

from suasion.errors import InputError
from suasion.sources.embedded import load_csv, load_parquet

Item = Literal[
    "gdp",
    "goods_exports",
    "goods_imports",
    "gni_over_gdp",
    "remittances_received",
    "oda_received",
    "debt_service_pct_exports",
]
ITEMS: tuple[Item, ...] = get_args(Item)
"""Domestic product, trade in goods, remittances and aid received, million USD of the year; income of residents over
domestic product; debt service in per cent of exports and income from abroad."""
TRANSFERS = ITEMS[4:]


def macro(item: Item) -> pd.DataFrame:
    """Return a series of national accounts.

    Parameters
    ----------
    item : one of :data:`ITEMS`

    Returns
    -------
    DataFrame
        One row an economy (alpha-3), one column a year from 2010; NaN where the source has none.

    Raises
    ------
    InputError
        If there is no such series.
    """
    if item not in ITEMS:
        raise InputError(f"There is no series {item!r}. Known: {', '.join(ITEMS)}.")
    if item in TRANSFERS:
        frame = load_parquet("transfers.parquet")
    else:
        frame = pd.concat(
            [load_parquet("macro.parquet"), load_csv("macro_typed.csv", text=("country", "item"))]
        )
    chosen = frame[frame["item"] == item]
    return chosen.pivot(index="country", columns="year", values="value").sort_index()
