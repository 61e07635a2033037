"""A world input-output table as published: one shape for every data set of that kind, and how their files are found.

The tables are read with pandas alone. Rows sell and columns buy, country by country and industry by industry; final
purchases are summed over their categories for each country.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from suasion.errors import InputError, SourceFileError
from suasion.files import checksum_of, exists, is_file
from suasion.types import FloatArray


@dataclass(frozen=True, slots=True)
class WorldTable:
    """One year of a world input-output table, million USD.

    dataset: name and release.
    year: year.
    countries, industries: N alpha-3 codes (``ROW`` for the rest of the world), and S industry codes.
    inter: (N S, N S) float64. Sales for further production.
    final: (N S, N) float64. Sales to final users, summed over categories; withdrawals from stocks may make
      them negative.
    output: (N S,) float64 or None. Gross output as published; None where the file has none.
    checksum: SHA-256 of the file.
    names: names of industries, as far as the file has them.
    steps: what was done to the published numbers, one sentence each.
    """

    dataset: str
    year: int
    countries: tuple[str, ...]
    industries: tuple[str, ...]
    inter: FloatArray
    final: FloatArray
    output: FloatArray | None
    checksum: str
    names: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[str, ...] = ()


@contextmanager
def year_file(path: str | Path, pattern: str, year: int, data_set: str) -> Iterator[tuple[Path, str]]:
    """Find the file of a year, unpacked if it lies in a zip archive.

    path: the file, a zip archive that holds it, or a folder with either.
    pattern: regular expression for the whole name of the year's file.
    year: year, for messages.
    data_set: name of the data set, for messages.
    Yields: The file, for as long as the block lasts, and the SHA-256 of the file or archive.
    Raises SourceFileError if it is not there, or the archive is damaged.
    """
    place, named = Path(path), re.compile(pattern, re.IGNORECASE)
    if not exists(place):
        raise SourceFileError(f"There is no {place}. Give the file or folder of {data_set}.")
    if is_file(place) and place.suffix.lower() != ".zip" and not named.fullmatch(place.name):
        raise SourceFileError(
            f"{place.name} is not named like {data_set} of {year}. Give the year's own file."
        )
    candidates = [place] if is_file(place) else sorted(p for p in place.rglob("*") if is_file(p))
    plain = [p for p in candidates if named.fullmatch(p.name)]
    if plain:
        yield plain[0], checksum_of(plain[0])
        return
    archives = [
        (p, member) for p in candidates if p.suffix.lower() == ".zip" for member in _members(p, named)
    ]
    if not archives:
        held = ", ".join(p.name for p in candidates[:8]) or "nothing"
        raise SourceFileError(f"{place} holds no file of {data_set} for {year}; it holds {held}.")
    with tempfile.TemporaryDirectory() as folder:
        yield _unpacked(*archives[0], Path(folder)), checksum_of(archives[0][0])


def _unpacked(archive: Path, member: str, folder: Path) -> Path:
    target = folder / Path(member).name
    with zipfile.ZipFile(archive) as opened, opened.open(member) as source, target.open("wb") as out:
        while piece := source.read(1 << 20):
            out.write(piece)
    return target


def pooled(
    values: FloatArray, rows: Sequence[int], columns: Sequence[int], shape: tuple[int, int]
) -> FloatArray:
    """Sum the cells of a table that share a row and a column of another.

    values: (R, C) float64. Table.
    rows, columns: new place of each row and column; negative for those that are left out.
    shape: rows and columns of the result.
    Returns: (shape) float64.
    """
    row, column = np.asarray(rows), np.asarray(columns)
    kept = values[row >= 0][:, column >= 0]
    row, column = row[row >= 0], column[column >= 0]
    wide = np.zeros((kept.shape[0], shape[1]))
    np.add.at(wide.T, column, kept.T)
    out = np.zeros(shape)
    np.add.at(out, row, wide)
    return out


def check_year(year: int | None, years: range, data_set: str) -> int:
    """Return the year if the data set has it.

    Raises InputError if it does not; the message gives its years.
    """
    if year is None or year not in years:
        raise InputError(f"{data_set} has the years {years[0]} to {years[-1]}: give one of them, not {year}.")
    return year


def _members(archive: Path, named: re.Pattern[str]) -> list[str]:
    try:
        with zipfile.ZipFile(archive) as opened:
            return [m for m in opened.namelist() if named.fullmatch(Path(m).name)]
    except zipfile.BadZipFile as error:
        raise SourceFileError(f"{archive} is no zip archive, or damaged. Download it again.") from error
