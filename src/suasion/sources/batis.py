"""OECD-WTO Balanced Trade in Services (BaTIS), sixth manual: services by exporter and importer, million USD.

One CSV, in a zip archive or out of it, with a row for each reporter, partner, flow, item and year. Its balanced values
are the same from both sides: exports of one are the other's imports. ``S`` is all services.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import pandas as pd

from suasion.errors import DataError, SourceFileError, UnknownCountryError
from suasion.files import is_file
from suasion.sources.countries import resolve_country
from suasion.sources.ir_files import unique_rows

CITATION = "OECD and WTO, Balanced Trade in Services (BaTIS), BPM6"
ADVICE = "Get it with `suasion data fetch batis`, or in a browser and `suasion data add batis FILE`."
ALL, EXPORTS = "S", "X"
FIELDS = ("Reporter", "Partner", "Flow", "Item_code", "Year", "Balanced_value")
ROWS = 1_000_000
"""Rows read at a time: the whole file has some gigabytes."""


def read_batis(path: str | Path, year: int | None = None, item: str = ALL) -> pd.DataFrame:
    """Read exports of services by exporter, importer and year.

    Parameters
    ----------
    path : path
        The zip archive, or the CSV out of it.
    year : int, optional
        Year to keep; all without it.
    item : str
        Code of the kind of service (EBOPS 2010); ``S`` is all.

    Returns
    -------
    DataFrame
        ``exporter``, ``importer`` (alpha-3), ``year``, ``value`` (million USD, balanced). Groups, and areas that are no
        country or territory of ISO, are left out.

    Raises
    ------
    SourceFileError
        If the file is absent or another one, or has no such year or item.
    DuplicateLabelError
        If a flow occurs twice.
    DataError
        If a flow is negative.
    """
    place = Path(path)
    if not is_file(place):
        raise SourceFileError(f"There is no file {place}. {ADVICE}")
    try:
        parts = list(_parts(place, year, item))
    except (ValueError, OSError, KeyError, zipfile.BadZipFile) as error:
        raise SourceFileError(f"{place} is not BaTIS as published: {error}. {ADVICE}") from error
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(FIELDS))
    codes = {code: _alpha3(code) for code in {*rows["Reporter"], *rows["Partner"]}}
    table = pd.DataFrame(
        {
            "exporter": rows["Reporter"].map(codes),
            "importer": rows["Partner"].map(codes),
            "year": rows["Year"].astype("int64"),
            "value": rows["Balanced_value"].astype("float64"),
        }
    ).dropna()
    if table.empty:
        raise SourceFileError(
            f"{place} has no item {item!r}{'' if year is None else f' in {year}'}. {ADVICE}"
        )
    if (table["value"] < 0).any():
        raise DataError(f"{place} has negative exports. {ADVICE}")
    return unique_rows(table.reset_index(drop=True), ("exporter", "importer", "year"), "Exports of services")


def _parts(place: Path, year: int | None, item: str) -> Iterator[pd.DataFrame]:
    """Rows that are wanted, part by part."""
    with ExitStack() as stack:
        file: Path | IO[bytes] = place
        if zipfile.is_zipfile(place):
            archive = stack.enter_context(zipfile.ZipFile(place))
            names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
            file = stack.enter_context(archive.open(names[0] if names else "a table (.csv)"))
        types = dict.fromkeys(FIELDS[:4], str)
        for part in pd.read_csv(file, usecols=list(FIELDS), dtype=types, keep_default_na=False,
                                na_values={"Balanced_value": ["", "NA"]}, chunksize=ROWS):  # fmt: skip
            kept = (part["Flow"] == EXPORTS) & (part["Item_code"] == item)
            yield part[kept if year is None else kept & (part["Year"] == year)]


def _alpha3(code: str) -> str | None:
    """Country of a code; None for groups and areas."""
    try:
        return resolve_country(code)
    except UnknownCountryError:
        return None
