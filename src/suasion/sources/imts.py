"""IMF, international trade in goods by partner (formerly Direction of Trade): exports as SDMX-CSV, USD."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from suasion.sources.ir_files import csv_table, file_of_year, flows_of_year, refuse_lacking

ADVICE = "Get exports (XG_FOB_USD, annual) from data.imf.org, or with `suasion data fetch imts --year Y`."
EXPORTS = "XG_FOB_USD"
FIELDS = ("COUNTRY", "INDICATOR", "COUNTERPART_COUNTRY", "FREQUENCY", "TIME_PERIOD", "OBS_VALUE")


def read_imts(path: str | Path, year: int | None = None) -> pd.DataFrame:
    """Read exports by reporter and partner.

    path: SDMX-CSV file, or a folder of files by year.
    year: year to keep, and whose file is read where a folder is given.
    Returns: ``exporter``, ``importer`` (alpha-3; the Fund's own codes, such as ``G001`` for the world, as
      they are), ``year``, ``value`` (USD, free on board). Rows without a value are left out: not stated is
      not zero.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a flow occurs twice.
    Raises DataError if a flow is negative.
    """
    place = file_of_year(Path(path), year, (".csv",), f"imts_exports_{year}.csv", ADVICE)
    rows = csv_table(place, ADVICE, dtype=str, keep_default_na=False)
    refuse_lacking(place, rows, FIELDS, f"not the Fund's SDMX-CSV? {ADVICE}")
    rows = rows[(rows["INDICATOR"] == EXPORTS) & (rows["FREQUENCY"] == "A") & (rows["OBS_VALUE"] != "")]
    table = pd.DataFrame(
        {
            "exporter": rows["COUNTRY"],
            "importer": rows["COUNTERPART_COUNTRY"],
            "year": rows["TIME_PERIOD"].astype("int64"),
            "value": rows["OBS_VALUE"].astype("float64"),
        }
    )
    return flows_of_year(table, year, "Exports", place, "exports", ADVICE)
