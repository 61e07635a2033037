"""IMF, international trade in goods by partner (formerly Direction of Trade): exports as SDMX-CSV, USD."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from suasion.errors import DataError, SourceFileError
from suasion.files import is_file, is_folder
from suasion.sources.ir_files import unique_rows

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
    place = Path(path)
    if is_folder(place) and year is not None:
        hits = sorted(p for p in place.glob("*.csv") if str(year) in p.name)
        place = hits[0] if hits else place / f"imts_exports_{year}.csv"
    if not is_file(place):
        raise SourceFileError(f"There is no file {place}. {ADVICE}")
    try:
        rows = pd.read_csv(place, dtype=str, keep_default_na=False)
    except (ValueError, OSError) as error:
        raise SourceFileError(f"{place} cannot be read: {error}. {ADVICE}") from error
    absent = [f for f in FIELDS if f not in rows]
    if absent:
        raise SourceFileError(f"{place} has no {', '.join(absent)}: not the Fund's SDMX-CSV? {ADVICE}")
    rows = rows[(rows["INDICATOR"] == EXPORTS) & (rows["FREQUENCY"] == "A") & (rows["OBS_VALUE"] != "")]
    table = pd.DataFrame(
        {
            "exporter": rows["COUNTRY"],
            "importer": rows["COUNTERPART_COUNTRY"],
            "year": rows["TIME_PERIOD"].astype("int64"),
            "value": rows["OBS_VALUE"].astype("float64"),
        }
    )
    kept = table if year is None else table[table["year"] == year]
    if kept.empty:
        raise SourceFileError(f"{place} has no exports{'' if year is None else f' of {year}'}. {ADVICE}")
    if (kept["value"] < 0).any():
        raise DataError(f"{place} has negative exports. {ADVICE}")
    return unique_rows(kept.reset_index(drop=True), ("exporter", "importer", "year"), "Exports")
