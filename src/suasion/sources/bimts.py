"""OECD Balanced International Merchandise Trade Statistics (BIMTS): goods by exporter and importer, million USD.

CSV as SDMX delivers it, alone or several in a zip archive (``HS17_2D_DE_1995_To_2024.zip``). Balanced values are the
same from both sides and come in two forms: ``B``, and ``B_ADJ_RX``, re-exports taken out. A flow of nothing has no row.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from suasion.sources.batis import EXPORTS, BalancedLayout, balanced_flows

TOTAL, WITHOUT_REEXPORTS = "_T", "B_ADJ_RX"
LAYOUT = BalancedLayout(
    "BIMTS", "bimts", "REF_AREA", "COUNTERPART_AREA", "TIME_PERIOD", "OBS_VALUE", "UNIT_MULT"
)


def read_bimts(
    path: str | Path, year: int | None = None, product: str = TOTAL, form: str = WITHOUT_REEXPORTS
) -> pd.DataFrame:
    """Read exports of goods by exporter, importer and year.

    path: the zip archive, or a CSV out of it.
    year: year to keep; all without it.
    product: code of HS 2017 as the file writes it (``HS17_27``); ``_T`` is all.
    form: ``B`` or ``B_ADJ_RX``. With re-exports, or without.
    Returns: ``exporter``, ``importer`` (alpha-3), ``year``, ``value`` (million USD, balanced). Groups, and
      areas that are no country or territory of ISO, are left out.
    Raises SourceFileError if the file is absent or another one, or has no such year, product or form.
    Raises DuplicateLabelError if a flow occurs twice.
    Raises DataError if a flow is negative.
    """
    kept = {"TRADE_FLOW": EXPORTS, "PRODUCT_HS": product, "ADJUSTMENT": form}
    return balanced_flows(path, LAYOUT, kept, year)
