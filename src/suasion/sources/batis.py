"""OECD-WTO Balanced Trade in Services (BaTIS), sixth manual: services by exporter and importer, million USD.

One CSV, in a zip archive or out of it, with a row for each reporter, partner, flow, item and year. Its balanced values
are the same from both sides: exports of one are the other's imports. ``S`` is all services.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pandas as pd

from suasion.errors import DataError, SourceFileError, UnknownCountryError
from suasion.schema.typed_file import unique_rows
from suasion.sources.countries import resolve_country
from suasion.sources.ir_files import existing

ALL, EXPORTS = "S", "X"
ROWS = 1_000_000
"""Rows read at a time: the whole file has some gigabytes."""


@dataclass(frozen=True, slots=True)
class BalancedLayout:
    """Where a file of balanced trade keeps what.

    title, name: of the data set, and its name in the catalogue.
    exporter, importer, year, value: columns.
    power: column of the power of ten of the value's unit in USD; empty where values are million USD.
    """

    title: str
    name: str
    exporter: str
    importer: str
    year: str
    value: str
    power: str = ""

    @property
    def advice(self) -> str:
        """Where to get the file."""
        return f"Get it with `suasion data fetch {self.name}`, or in a browser and `suasion data add {self.name} FILE`."


LAYOUT = BalancedLayout("BaTIS", "batis", "Reporter", "Partner", "Year", "Balanced_value")


def read_batis(path: str | Path, year: int | None = None, item: str = ALL) -> pd.DataFrame:
    """Read exports of services by exporter, importer and year.

    path: the zip archive, or the CSV out of it.
    year: year to keep; all without it.
    item: code of the kind of service (EBOPS 2010); ``S`` is all.
    Returns: ``exporter``, ``importer`` (alpha-3), ``year``, ``value`` (million USD, balanced). Groups, and
      areas that are no country or territory of ISO, are left out.
    Raises SourceFileError if the file is absent or another one, or has no such year or item.
    Raises DuplicateLabelError if a flow occurs twice.
    Raises DataError if a flow is negative.
    """
    return balanced_flows(path, LAYOUT, {"Flow": EXPORTS, "Item_code": item}, year)


def balanced_flows(
    path: str | Path, layout: BalancedLayout, kept: Mapping[str, str], year: int | None
) -> pd.DataFrame:
    """Read flows from a file of balanced trade in one of its layouts.

    path: a zip archive of one CSV or more, or a CSV.
    kept: columns to the one value whose rows are read.
    year: year to keep; all without it.
    Returns: ``exporter``, ``importer`` (alpha-3), ``year``, ``value`` (million USD).
    Raises SourceFileError if the file is absent or another one, or has no such rows.
    Raises DuplicateLabelError if a flow occurs twice.
    Raises DataError if a flow is negative.
    """
    place = existing(path, layout.advice)
    try:
        parts = list(_parts(place, layout, kept, year))
    except (ValueError, OSError, KeyError, zipfile.BadZipFile) as error:
        raise SourceFileError(
            f"{place} is not {layout.title} as published: {error}. {layout.advice}"
        ) from error
    rows = pd.concat(parts, ignore_index=True)
    codes = {code: _alpha3(code) for code in {*rows[layout.exporter], *rows[layout.importer]}}
    value = rows[layout.value].astype("float64")
    if layout.power:
        value *= 10.0 ** (rows[layout.power].astype("float64") - 6.0)
    columns = {
        "exporter": rows[layout.exporter].map(codes),
        "importer": rows[layout.importer].map(codes),
        "year": rows[layout.year].astype("int64"),
        "value": value,
    }
    table = pd.DataFrame(columns).dropna()
    if table.empty:
        asked = ", ".join(f"{name} {wanted!r}" for name, wanted in kept.items())
        raise SourceFileError(
            f"{place} has no {asked}{'' if year is None else f' in {year}'}. {layout.advice}"
        )
    if (table["value"] < 0).any():
        raise DataError(f"{place} has negative exports. {layout.advice}")
    return unique_rows(table.reset_index(drop=True), ("exporter", "importer", "year"), layout.title)


def _parts(
    place: Path, layout: BalancedLayout, kept: Mapping[str, str], year: int | None
) -> Iterator[pd.DataFrame]:
    """Rows that are wanted, part by part."""
    texts = (layout.exporter, layout.importer, *kept)
    columns = [*texts, layout.year, layout.value, *([layout.power] if layout.power else [])]
    with ExitStack() as stack:
        files: list[Path | IO[bytes]] = [place]
        if zipfile.is_zipfile(place):
            archive = stack.enter_context(zipfile.ZipFile(place))
            names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
            files = [stack.enter_context(archive.open(name)) for name in names or ["a table (.csv)"]]
        for file in files:
            for part in pd.read_csv(file, usecols=columns, dtype=dict.fromkeys(texts, str), keep_default_na=False,
                                    na_values={layout.value: ["", "NA"]}, chunksize=ROWS):  # fmt: skip
                chosen = (part[list(kept)] == list(kept.values())).all(axis=1)
                yield part[chosen if year is None else chosen & (part[layout.year] == year)]


def _alpha3(code: str) -> str | None:
    """Country of a code; None for groups and areas."""
    try:
        return resolve_country(code)
    except UnknownCountryError:
        return None
