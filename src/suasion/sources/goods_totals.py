"""Embedded goods trade of all pairs of economies, 2000-2020 and 2023.

Source: CEPII, BACI (harmonised mirror statistics of goods trade), summed over products: HS 1992 to 2020, HS 2022 for
2023.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from suasion.sources.embedded import load_parquet

LINE = range(2000, 2021)
"""Years of one source and one definition."""
LATER = (2023,)
"""Years of another vintage, in which pairs of late reporters are missing."""


def goods_totals() -> pd.DataFrame:
    """Goods trade of all pairs.

    Returns
    -------
    DataFrame
        One row a flow, sorted by exporter, importer, year. Columns: ``exporter``, ``importer`` (ISO 3166 alpha-3),
        ``year`` (2000-2020 and 2023), ``value`` (million USD, free on board, four digits). A flow without a row was not
        recorded; in 2023 that may mean that it had not been reported yet. No Taiwan.

    Raises
    ------
    SourceFileError
        If the file is missing or broken.
    """
    return load_parquet("goods_totals.parquet")


@cache
def on_record(year: int) -> frozenset[str]:
    """Return the codes of economies of which a year has any flow, by their own reports or others'."""
    flows = goods_totals()
    flows = flows[flows["year"] == year]
    return frozenset(map(str, {*flows["exporter"], *flows["importer"]}))
