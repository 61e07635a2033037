"""International Trade and Production Database for Estimation (ITPD-E), goods and services.

Two files: the data base itself, of release 1 to 3 (``ITPDE_R03.csv``), by industry in million current USD, which is
summed over industries while it is read; and a table ``exporter, importer, year, value_usd2010``, summed over
industries, in USD of 2010. Domestic trade (exporter = importer) is output sold at home. Use shares rather than levels
of the deflated file.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from suasion.database import open_database
from suasion.errors import DataError, SourceFileError, UnknownCountryError
from suasion.schema.typed_file import unique_rows
from suasion.sources.countries import resolve_country
from suasion.sources.ir_files import csv_table, locate

NAMES = ("ITPDE_R03.csv", "ITPD_E_R02.csv", "ITPD_E_R01.csv", "itpd_bilateral_2000_2016.csv.gz")
ADVICE = "Get it from usitc.gov/data/gravity/itpde.htm."
_SPELLINGS = {"Congo": "COG", "Cote dIvoire": "CIV", "Macedonia (FYROM)": "MKD"}
_FULL = {"exporter_iso3", "importer_iso3", "year", "trade"}
_SUMMED = {"exporter", "importer", "year", "value_usd2010"}


def read_itpd(path: str | Path) -> pd.DataFrame:
    """Read trade by exporter, importer and year, all industries together.

    path: the data base, the summed table (both may be compressed), or a folder.
    Returns: ``exporter``, ``importer`` (alpha-3; the file's own code where ISO has none), ``year``, ``value``
      (million USD: current in the data base, of 2010 in the summed table). A pair without a row is unknown,
      not zero.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if the summed table has a pair and year twice.
    Raises DataError if a flow is negative, or a country of the summed table is not known.
    """
    file = locate(path, NAMES)
    columns = _columns(file)
    if columns >= _FULL:
        table = _query(
            file,
            "select exporter_iso3 as exporter, importer_iso3 as importer, cast(year as integer) as year, "
            "sum(trade) as value",
            "group by all order by all",
        )
    elif columns >= _SUMMED:
        table = _query(
            file, "select exporter, importer, cast(year as integer) as year, value_usd2010 / 1e6 as value", ""
        )
        codes = {name: _code(name) for name in set(table["exporter"]) | set(table["importer"])}
        table = table.assign(exporter=table["exporter"].map(codes), importer=table["importer"].map(codes))
        unique_rows(table, ("exporter", "importer", "year"), "The trade table")
    else:
        raise SourceFileError(f"{file} has the columns {', '.join(sorted(columns))}: not ITPD-E? {ADVICE}")
    if (table["value"] < 0).any() or table["value"].isna().any():
        raise DataError(f"{file} has negative or missing flows. {ADVICE}")
    return table


def _columns(file: Path) -> set[str]:
    return set(csv_table(file, ADVICE, nrows=0).columns)


def _query(file: Path, what: str, after: str) -> pd.DataFrame:
    """Read the file in streams: the whole data base has tens of millions of rows."""
    import duckdb  # slow to import

    try:
        with open_database() as base:
            return base.execute(
                f"{what} from read_csv(?, header = true, nullstr = '') {after}", [str(file)]
            ).df()
    except duckdb.Error as error:
        raise SourceFileError(f"{file} cannot be read: {str(error).splitlines()[0]}. {ADVICE}") from error


def _code(name: str) -> str:
    try:
        return _SPELLINGS.get(name) or resolve_country(name)
    except UnknownCountryError as error:
        raise DataError(f"The trade table names {name!r}, which is not known. {error}") from error
