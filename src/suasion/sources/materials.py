"""Embedded bilateral trade in 74 raw materials, 1995-2024, and the governance record of their suppliers.

Sources: CEPII BACI (harmonised mirror statistics of goods trade, HS 1992) and the Worldwide Governance
Indicators, both as carried by the package named in PROVENANCE.md. Refined oil products are not among the
materials.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pandas as pd

from suasion.sources.embedded import load_csv, load_parquet

MINED: Mapping[str, tuple[str, ...]] = {"B05": ("2701", "2702"), "B06": ("2709", "2711"), "B07": ("26",)}
"""Mining industries whose goods are among the materials, by the beginnings of codes; of others there is a sliver."""


def materials() -> pd.DataFrame:
    """Bilateral trade in raw materials.

    Returns
    -------
    DataFrame
        One row a flow (1.26 million), sorted by product, exporter, importer, year. Columns: ``product`` (HS
        1992 code, six digits, text), ``exporter`` and ``importer`` (ISO 3166 alpha-3), ``year``
        (1995-2024), ``value`` (thousand USD, free on board), ``quantity`` (tonnes, missing where unknown).
        Values and quantities keep three significant digits, values from 10 million USD four; no flow is
        left out. A pair without a row has no recorded trade, which for pipeline gas may mean that it is
        withheld.

    Raises
    ------
    SourceFileError
        If the file is missing or broken.

    Notes
    -----
    Codes beside the standard: ``TWN`` is "Other Asia, nes", in practice Taiwan; ``BLX`` Belgium and
    Luxembourg until 1998; ``ZA1`` the Southern African Customs Union until 1999; ``SCG`` Serbia and
    Montenegro until 2005; ``ANT`` the Netherlands Antilles until 2010; ``R20`` European countries not
    specified.
    """
    return load_parquet("materials.parquet")


@cache
def mined(year: int) -> pd.DataFrame:
    """What customs record of goods of mining industries.

    year: 1995 to 2024.
    Returns: one row a flow, by ``industry`` (of :data:`MINED`), ``exporter``, ``importer``: ``value``, million USD at
      the border.
    """
    table = materials()
    table = table[table["year"] == year].astype({"product": str, "exporter": str, "importer": str})
    parts = [
        table[table["product"].str.startswith(starts)].assign(industry=code) for code, starts in MINED.items()
    ]
    found = pd.concat(parts).groupby(["industry", "exporter", "importer"])["value"].sum() / 1000.0
    return found.reset_index()


def material_products() -> pd.DataFrame:
    """Names and groups of the raw materials.

    Returns
    -------
    DataFrame
        74 rows. Columns: ``product`` (HS 1992 code, text), ``group`` (such as ``"crude oil"``, ``"natural
        gas"``, ``"coal"``, ``"rare earths"``), ``name`` (short), ``description`` (as in the source),
        ``first_year`` and ``last_year`` with any trade.
    """
    return load_csv("material_products.csv", text=("product",))


def governance() -> pd.DataFrame:
    """Political stability and absence of violence, one of the Worldwide Governance Indicators.

    Returns
    -------
    DataFrame
        Columns: ``country`` (ISO 3166 alpha-3), ``year`` (1996-2024, every second year before 2002),
        ``estimate`` (standard normal units, higher is more stable), ``standard_error``, ``sources`` (number
        of surveys used).
    """
    return load_parquet("governance.parquet")
