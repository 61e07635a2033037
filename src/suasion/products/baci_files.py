"""Finding the files of CEPII's BACI in zips and folders: one file a year, a country list, a product list.

    BACI_HS92_Y2019_V202401b.csv   trade of 2019 by HS 1992, release 202401b: t, i, j, k, v, q
    country_codes_V202401b.csv     numbers and names
    product_codes_HS92_V202401b.csv

(CEPII, "The CEPII-BACI dataset", sections Description and naming of files.)
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from suasion.errors import InputError, SourceFileError
from suasion.files import checksum_of, is_file, is_folder

TRADE_NAME = re.compile(r"BACI_(HS\d{2})_Y(\d{4})_V(\w+)\.csv$", re.IGNORECASE)
COUNTRY_NAME = re.compile(r"country_codes_V(\w+)\.csv$", re.IGNORECASE)
PRODUCT_NAME = re.compile(r"product_codes_(HS\d{2})_V(\w+)\.csv$", re.IGNORECASE)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError)


@dataclass(frozen=True, slots=True)
class FilePart:
    """One CSV file, alone or inside a zip.

    path: the zip, or the file itself.
    member: name inside the zip; empty for a file.
    revision, release: from its name; empty in a country list.
    year: year of trade; 0 for lists.
    """

    path: Path
    member: str
    revision: str
    year: int
    release: str

    @property
    def name(self) -> str:
        """Name to print."""
        return f"{self.path.name}: {Path(self.member).name}" if self.member else self.path.name

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open for reading bytes; a damaged zip becomes one clear error.

        Raises SourceFileError if the file is gone, or the zip is cut short or damaged.
        """
        try:
            if not self.member:
                with self.path.open("rb") as stream:
                    yield stream
                return
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as inside:
                yield inside
        except BROKEN as reason:
            raise broken(self.path, reason) from reason
        except OSError as reason:
            raise SourceFileError(f"{self.path} cannot be read: {reason}.") from reason


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What a call is about to read.

    trade: files of trade by year.
    revision, release: of all of them.
    countries, products: number to (alpha-3, name), and HS code as a number to name; empty where the lists are
      not there.
    """

    trade: tuple[FilePart, ...]
    revision: str
    release: str
    countries: dict[int, tuple[str, str]]
    products: dict[int, str]


def broken(path: Path, reason: BaseException) -> SourceFileError:
    """Error of a zip that is cut short or damaged."""
    return SourceFileError(
        f"{path.name} is cut short or damaged ({str(reason) or type(reason).__name__}). "
        "Download it again; nothing of it was kept."
    )


def plan(paths: Sequence[Path]) -> FilePlan:
    """Look into the files given, and check that they belong together.

    paths: zips, CSV files, or folders that hold them.
    Raises InputError if there is no trade file, or files of several revisions, releases, or twice the same
      year.
    Raises SourceFileError if a zip is damaged.
    """
    parts = [part for path in _files(paths) for part in _parts(path)]
    trade = sorted((p for p in parts if p.year), key=lambda p: p.year)
    if not trade:
        raise InputError(
            "No trade file of BACI found: their names look like BACI_HS92_Y2019_V202401b.csv, alone or in a zip."
        )
    lists = [p for p in parts if not p.year and p.revision]
    revision = _one("HS revisions", [(p.revision, p.name) for p in [*trade, *lists]])
    release = _one("releases", [(p.release, p.name) for p in parts])
    years = [p.year for p in trade]
    twice = sorted({year for year in years if years.count(year) > 1})
    if twice:
        named = ", ".join(p.name for p in trade if p.year == twice[0])
        raise InputError(f"Year {twice[0]} occurs in two files ({named}). Give one of them.")
    countries = [p for p in parts if not p.year and not p.revision]
    return FilePlan(
        tuple(trade),
        revision,
        release,
        _countries(countries[0]) if countries else {},
        _products(lists[0]) if lists else {},
    )


def digest(paths: Sequence[Path]) -> str:
    """SHA-256 over the content of the files, whatever their names and order."""
    sums = sorted(checksum_of(path) for path in _files(paths))
    return hashlib.sha256("".join(sums).encode()).hexdigest()


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in map(Path, paths):
        if is_folder(path):
            found += sorted(p for p in path.iterdir() if p.suffix.lower() in (".csv", ".zip"))
        elif is_file(path):
            found.append(path)
        else:
            raise SourceFileError(f"There is no file {path}. Give the BACI zips or CSV files that you have.")
    return list(dict.fromkeys(found))


def _parts(path: Path) -> list[FilePart]:
    if path.suffix.lower() != ".zip":
        return _named(path, "")
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except BROKEN as reason:
        raise broken(path, reason) from reason
    return [part for name in names for part in _named(path, name)]


def _named(path: Path, member: str) -> list[FilePart]:
    name = Path(member or path.name).name
    if hit := TRADE_NAME.search(name):
        return [FilePart(path, member, hit[1].upper(), int(hit[2]), hit[3])]
    if hit := PRODUCT_NAME.search(name):
        return [FilePart(path, member, hit[1].upper(), 0, hit[2])]
    if hit := COUNTRY_NAME.search(name):
        return [FilePart(path, member, "", 0, hit[1])]
    return []


def _one(what: str, found: Sequence[tuple[str, str]]) -> str:
    kinds = dict(reversed(found))
    if len(kinds) > 1:
        named = "; ".join(f"{kind} in {name}" for kind, name in sorted(kinds.items()))
        raise InputError(f"The files mix {what}: {named}. Add them one by one, to stores of their own.")
    return next(iter(kinds))


def _countries(part: FilePart) -> dict[int, tuple[str, str]]:
    rows = _rows(part, ("country_code", "country_name", "country_iso3"))
    return {int(row["country_code"]): (row["country_iso3"], row["country_name"]) for row in rows}


def _products(part: FilePart) -> dict[int, str]:
    rows = _rows(part, ("code", "description"))
    # Some lists end with rows such as 9999AA, commodities not specified, which no trade file uses.
    return {int(row["code"]): row["description"] for row in rows if row["code"].isdigit()}


def _rows(part: FilePart, columns: Sequence[str]) -> list[dict[str, str]]:
    with part.open() as stream:
        text = stream.read().decode("utf-8", errors="replace")
    reader = csv.DictReader(io.StringIO(text))
    lacking = [name for name in columns if name not in (reader.fieldnames or [])]
    if lacking:
        raise SourceFileError(f"{part.name} lacks the columns {', '.join(lacking)}; it is no list of BACI.")
    return list(reader)
