"""Read a table of international-relations data as published: R, Stata or CSV, under any of its column names.

The same data set circulates as the project's own CSV or Stata file and as an R file in a package of data, with other
column names. A reader names, for each column it wants, the names that it is published under.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from suasion.errors import DataError, SourceFileError
from suasion.files import is_file, is_folder, shipped_text
from suasion.schema.typed_file import unique_rows
from suasion.sources.rfiles import read_r
from suasion.types import Advice

TRACES = (
    "Date",
    "POSIXct",
    "collector_character",
    "collector_double",
    "collector_guess",
    "collector",
    "col_spec",
    "grouped_df",
    "haven_labelled",
    "labelled",
    "list",
    "numeric",
    "spec_tbl_df",
    "vctrs_list_of",
    "vctrs_vctr",
)
"""Classes that R's packages leave in a table and that say nothing of its numbers."""

CALENDAR = (1500, 2100)
"""First and last year that a table may name: one row of the year 19950 would stretch what the source covers."""

R_FILES, STATA_FILES, TEXT_FILES = (".rda", ".rdata"), (".dta",), (".csv", ".gz", ".txt")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a reader wants from a published file.

    Attributes
    ----------
    names : file names as published, the preferred one first; looked for where a folder is given
    columns : our column to the names that it is published under, in any case
    advice : where to get a right file; ends error messages
    optional : our columns that a file may lack; they are then missing in every row
    missing : numbers that stand for "missing" in this data set, in columns other than ``keys``
    keys : columns that hold whole numbers and are never missing; a ``year`` among them is one of :data:`CALENDAR`
    flags : columns that hold 0 or 1, or are missing where they are no keys: a code for "missing" is no promise
    limits : column to the least and the most that it may hold
    either_way : whether a pair is the same both ways round: the smaller code comes first
    unique, title : columns of which no combination may occur twice, and what the message calls the table
    yes : columns that become true where the number is above zero.
    """

    names: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    advice: str
    optional: tuple[str, ...] = ()
    missing: tuple[float, ...] = ()
    keys: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    either_way: bool = False
    unique: tuple[str, ...] = ()
    title: str = "The table"
    yes: tuple[str, ...] = ()


@cache
def layout(name: str) -> Layout:
    """Return what is read of a published table, by its name in ``layouts.toml``."""
    return Layout(**_fixed(_layouts()[name]))


@cache
def _layouts() -> Mapping[str, Any]:
    return tomllib.loads(shipped_text("suasion.sources", "layouts.toml"))


def _fixed(value: Any) -> Any:
    """Lists as tuples, at every depth."""
    if isinstance(value, dict):
        return {key: _fixed(one) for key, one in value.items()}
    return tuple(map(_fixed, value)) if isinstance(value, list) else value


def locate(path: str | Path, names: Sequence[str]) -> Path:
    """Return the file at ``path``, or the first of ``names`` in that folder or a folder just below it.

    Raises SourceFileError if there is none; the message lists what the folder holds.
    """
    place = Path(path)
    if is_file(place):
        return place
    for name in names:
        for hit in (place / name, *sorted(place.glob(f"*/{name}"))):
            if is_file(hit):
                return hit
    inside = sorted(f.name for f in place.iterdir() if is_file(f)) if is_folder(place) else []
    held = f" The folder holds {', '.join(inside[:8])}." if inside else ""
    raise SourceFileError(
        f"There is no {' or '.join(names)} at {place}.{held} Give the file or the folder that holds it."
    )


def read_layout(path: str | Path, layout: Layout) -> pd.DataFrame:
    """Read the columns of a layout from a published file.

    path: R, Stata or CSV file, or the folder that holds one of ``layout.names``.
    layout: what to read.
    Returns: Columns in the order of ``layout.columns``; keys as integers, missing codes as NaN, rows as in
      the file.
    Raises SourceFileError if the file is absent, damaged, or lacks a column; the message names it.
    Raises DataError if a key is missing or no whole number, a year is outside the calendar, a flag is
      neither 0 nor 1, or a number outside its limits.
    Raises DuplicateLabelError if a combination that should be unique occurs twice.
    """
    file = locate(path, layout.names)
    raw = raw_table(file, layout.advice)
    given = {str(name).lower(): name for name in raw.columns}
    found = {ours: _first(given, names) for ours, names in layout.columns.items()}
    absent = [ours for ours, name in found.items() if name is None and ours not in layout.optional]
    if absent:
        wanted = "; ".join(f"{a} ({' or '.join(layout.columns[a])})" for a in absent)
        raise SourceFileError(f"{file} has no column {wanted}: another file? {layout.advice}")
    parts = {o: raw[n].to_numpy() if n is not None else np.full(len(raw), np.nan) for o, n in found.items()}
    table = pd.DataFrame(parts)
    if table.empty:
        raise SourceFileError(f"{file} has no rows. {layout.advice}")
    return _ordered(_within(file, _clean(file, table, layout), layout), layout)


def raw_table(file: Path, advice: str) -> pd.DataFrame:
    """Read the one table of an R, Stata or CSV file as it is.

    Raises SourceFileError if it cannot be read as what its ending says, or holds no table.
    """
    kind = file.suffix.lower()
    try:
        if kind in R_FILES:
            return _r_table(file, advice)
        if kind in STATA_FILES:
            return pd.read_stata(file, convert_categoricals=False)
        if kind in TEXT_FILES:
            return _text_table(file, "latin-1", low_memory=False)
    except SourceFileError:
        raise
    except (ValueError, OSError, KeyError, EOFError) as error:
        raise SourceFileError(f"{file} cannot be read: {error}. {advice}") from error
    raise SourceFileError(f"{file} ends in {kind or 'nothing'}; .rda, .dta and .csv can be read. {advice}")


def csv_table(file: Path, advice: Advice, **options: Any) -> pd.DataFrame:
    """Read a CSV file as it is, in UTF-8, or as Windows writes it in the West (WITS does).

    advice: how to get the right file, for messages.
    options: of :func:`pandas.read_csv`.
    Raises SourceFileError if the file cannot be read.
    """
    try:
        return _text_table(file, "cp1252", **options)
    except (ValueError, OSError, EOFError) as error:
        raise SourceFileError(f"{file} cannot be read: {error}. {advice}") from error


def existing(path: str | Path, advice: Advice) -> Path:
    """Return the path of a file that is there.

    Raises SourceFileError if it is not.
    """
    file = Path(path)
    if not is_file(file):
        raise SourceFileError(f"There is no file {file}. {advice}")
    return file


def refuse_lacking(file: Path, table: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    """Refuse a table without some columns.

    what: ends the message.
    Raises SourceFileError: It lacks one; the message names it.
    """
    if absent := [one for one in columns if one not in table]:
        raise SourceFileError(f"{file} has no column {', '.join(absent)}: {what}")


def file_of_year(place: Path, year: int | None, endings: Sequence[str], usual: str, advice: str) -> Path:
    """Return a file, or that of a year in a folder.

    endings: of files in a folder.
    usual: name of the file of a year, for the message.
    Raises SourceFileError: There is none.
    """
    if is_folder(place) and year is not None:
        hits = sorted(one for one in place.iterdir() if one.suffix in endings and str(year) in one.name)
        place = hits[0] if hits else place / usual
    return existing(place, advice)


def flows_of_year(
    table: pd.DataFrame, year: int | None, title: str, path: str | Path, what: str, advice: str
) -> pd.DataFrame:
    """Return the flows of a year, or of all: some, none negative, each once.

    table: flows with their ``value``; its other columns tell them apart.
    title, what: what messages call the table, and what it holds.
    Raises SourceFileError: There are none.
    Raises DataError: One is negative.
    Raises DuplicateLabelError: One occurs twice.
    """
    kept = table if year is None else table[table["year"] == year]
    if kept.empty:
        raise SourceFileError(f"{path} has no {what}{'' if year is None else f' of {year}'}. {advice}")
    if (kept["value"] < 0).any():
        raise DataError(f"{path} has negative {what}. {advice}")
    return unique_rows(kept.reset_index(drop=True), [str(one) for one in kept if one != "value"], title)


def dates(values: pd.Series) -> pd.Series:
    """R's dates (days since 1970) as dates."""
    return pd.to_datetime(values.astype("float64"), unit="D").dt.normalize()


def day_of(table: pd.DataFrame, year: str, month: str, day: str, what: str) -> pd.Series:
    """Return the days that three columns name.

    year, month, day: its columns.
    what: of what the message speaks.
    Raises DataError if there is no such day.
    """
    parts = pd.DataFrame({"year": table[year], "month": table[month], "day": table[day]})
    made = pd.to_datetime(parts, errors="coerce")
    if made.isna().any():
        row = int(made.isna().to_numpy().argmax())
        said = "-".join(str(v) for v in parts.iloc[row])
        raise DataError(f"{what}: row {row + 1} has no day {said} in {year}, {month}, {day}. Mend the row.")
    return made


def _text_table(file: Path, other: str, **options: Any) -> pd.DataFrame:
    """CSV in UTF-8, with or without its mark, else in another code; ``options`` may name the only one."""
    try:
        table: pd.DataFrame = pd.read_csv(file, **{"encoding": "utf-8-sig", **options})
    except UnicodeDecodeError:
        table = pd.read_csv(file, **{**options, "encoding": other})
    return table


def _first(given: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((given[n.lower()] for n in names if n.lower() in given), None)


def _r_table(file: Path, advice: str) -> pd.DataFrame:
    for value in read_r(file, plain_classes=TRACES).values():
        if isinstance(value, pd.DataFrame):
            return value
        if isinstance(value, dict):
            return pd.DataFrame({k: v for k, v in value.items() if np.ndim(v) == 1})
    raise SourceFileError(f"{file} holds no table. {advice}")


def _clean(file: Path, table: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    for key in layout.keys:
        number = pd.to_numeric(table[key], errors="coerce")
        wrong = number.isna() | (number % 1 != 0)
        if wrong.any():
            raise _wrong(file, table[key], wrong, f"no whole number in {key}", layout)
        table[key] = number.astype("int64")
        if key == "year" and (outside := ~table[key].between(*CALENDAR)).any():
            raise _wrong(file, table[key], outside, "a year outside {} to {}".format(*CALENDAR), layout)
    for column in table.columns.difference(list(layout.keys)):
        if pd.api.types.is_numeric_dtype(table[column]):
            # R's own NA is a NaN that makes arithmetic complain: every missing value becomes the plain one.
            table[column] = table[column].mask(table[column].isna() | table[column].isin(layout.missing))
    for flag in layout.flags:
        if (odd := table[flag].notna() & ~table[flag].isin([0, 1])).any():
            raise _wrong(file, table[flag], odd, f"neither 0 nor 1 in {flag}", layout)
    return table


def _within(file: Path, table: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    for column, (low, high) in layout.limits.items():
        if (outside := (table[column] < low) | (table[column] > high)).any():
            what = f"a {column} outside {low:g} to {high:g}" if high < np.inf else f"a negative {column}"
            raise _wrong(file, table[column], outside, what, layout)
    return table


def _ordered(table: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    if layout.either_way:
        codes = table[["cow1", "cow2"]]
        table = table.assign(cow1=codes.min(axis=1), cow2=codes.max(axis=1))
    if layout.unique:
        unique_rows(table, layout.unique, layout.title)
    table[list(layout.yes)] = table[list(layout.yes)] > 0
    return table


def _wrong(file: Path, column: pd.Series, wrong: pd.Series, what: str, layout: Layout) -> DataError:
    """What is wrong in how many rows, and the first of them."""
    row, value = int(wrong.to_numpy().argmax()) + 1, column[wrong].iloc[0]
    shown = "empty" if pd.isna(value) else str(value)
    return DataError(
        f"{file}: {int(wrong.sum())} rows have {what}, the first is row {row} ({shown}). {layout.advice}"
    )
