"""The catalogue: data sets that are read but not shipped, with page, file and licence, and whether a file is one.

Entries are in ``catalogue.toml``. An entry claims nothing that was not read: an address that nobody reached is marked
``verified = "never"``, a licence that was not read says so, and an unknown page is called unknown.
"""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd

from suasion.errors import InputError, SourceFileError
from suasion.files import is_file, shipped_text
from suasion.nearest import did_you_mean

Kind = Literal["one", "parts", "years"]
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file of a data set as published.

    name: file name; ``{year}`` stands for the year.
    size: bytes of the version that was read; None where unknown.
    checksum: its checksum as ``sha256:...`` or ``sha1:...``; empty where unknown.
    address: where it can be fetched; empty where no address is known.
    years: first and last year that it holds; None for all.
    """

    name: str
    size: int | None = None
    checksum: str = ""
    address: str = ""
    years: tuple[int, int] | None = None

    def holds(self, year: int | None) -> bool:
        """Whether it is the file of a year."""
        return self.years is None or (year is not None and self.years[0] <= year <= self.years[1])

    def of_year(self, year: int | None) -> PublishedFile:
        """Return it with the year filled in."""
        if year is None:
            return self
        return PublishedFile(
            self.name.replace("{year}", str(year)),
            self.size,
            self.checksum,
            self.address.replace("{year}", str(year)),
            self.years,
        )


@dataclass(frozen=True, slots=True)
class DataSet:
    """An entry of the catalogue.

    Attributes
    ----------
    name, title, covers : name for commands, title, and what it covers
    page : official page, or ``unknown``
    kind : ``one`` file (alternatives by name), ``parts`` (every file is needed), or ``years`` (a file a year)
    files : files as published
    reader : ``module:function`` that reads it
    citation, licence : how to cite it, and its terms as read
    read : where citation, page and addresses were read
    verified : date on which somebody reached the address, or ``never``
    years : first and last year, for ``years``
    key_variable, key_header, key_page : environment variable of the access key, header that carries it, and where to
        get one; empty without a key
    accept : content type to ask for; empty for any
    """

    name: str
    title: str
    covers: str
    page: str
    kind: Kind
    files: tuple[PublishedFile, ...]
    reader: str
    citation: str
    licence: str
    read: str
    verified: str = "never"
    years: tuple[int, int] | None = None
    key_variable: str = ""
    key_header: str = ""
    key_page: str = ""
    accept: str = ""

    def function(self) -> Callable[..., Any]:
        """Return the reader, imported.

        Raises
        ------
        SourceFileError
            If this installation has no such reader.
        """
        module, _, name = self.reader.partition(":")
        try:
            return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]
        except (ImportError, AttributeError) as error:
            raise SourceFileError(
                f"This version of Suasion cannot read {self.name}: {self.reader} is absent."
            ) from error

    def file_of(self, year: int | None) -> PublishedFile:
        """File to fetch: the one with an address, else the first; for a year where files are by year.

        Raises
        ------
        InputError
            If a year is needed and not given, or outside the data set.
        """
        if self.kind != "years":
            return next((f for f in self.files if f.address), self.files[0])
        if self.years is None or year is None or not self.years[0] <= year <= self.years[1]:
            span = f"{self.years[0]} to {self.years[1]}" if self.years else UNKNOWN
            other = "" if year is None else f", not {year}"
            raise InputError(f"The data set {self.name} has a file a year, {span}: give one (--year){other}.")
        fitting = [f for f in self.files if f.holds(year)]
        return next((f for f in fitting if f.address), fitting[0]).of_year(year)

    def add_command(self, file: str = "") -> str:
        """Command that adds a file already downloaded."""
        by_year = [f for f in self.files if "{year}" in f.name]
        wanted = self.files if self.kind == "parts" else (by_year or list(self.files))[:1]
        named = file or " ".join(f.name.replace("{year}", "YYYY") for f in wanted)
        return f"suasion data add {self.name} {named}"


@cache
def catalogue() -> Mapping[str, DataSet]:
    """Return all entries by name.

    Raises SourceFileError if the table of the catalogue is broken; the message names the entry.
    """
    text = shipped_text("suasion.sources", "catalogue.toml")
    return MappingProxyType({name: entry(name, values) for name, values in tomllib.loads(text).items()})


def data_set(name: str) -> DataSet:
    """Return one entry.

    Raises
    ------
    InputError
        If there is none; the message offers a close name.
    """
    found = catalogue().get(name)
    if found is None:
        hint = did_you_mean(name, catalogue(), show=repr)
        raise InputError(f"There is no data set {name!r}.{hint} Known: {', '.join(catalogue())}.")
    return found


def entry(name: str, values: Mapping[str, Any]) -> DataSet:
    """Build an entry from its table.

    Raises SourceFileError if a field is absent, unknown or not allowed.
    """
    known = {f.name for f in fields(DataSet)}
    needed = known - {"name", "verified", "years", "key_variable", "key_header", "key_page", "accept"}
    wrong = sorted((needed - set(values)) | (set(values) - known))
    if wrong or values["kind"] not in ("one", "parts", "years") or not values["files"]:
        raise SourceFileError(
            f"The catalogue's entry {name} is not valid: {', '.join(wrong) or 'kind or files'}."
        )
    files = tuple(_published(file) for file in values["files"])
    years = tuple(values["years"]) if "years" in values else None
    return DataSet(**{**values, "name": name, "files": files, "years": years})


def _published(file: Mapping[str, Any]) -> PublishedFile:
    years = tuple(file["years"]) if "years" in file else None
    return PublishedFile(**{**file, "years": years})


def found_in(folder: Path) -> dict[str, Path]:
    """Data sets whose published files lie in a folder or just below it.

    Parameters
    ----------
    folder : folder of downloads

    Returns
    -------
    dict
        Name to the file (``one``), or to the folder that holds the files (``parts``, ``years``).
    """
    at: dict[str, Path] = {}
    for path in [*sorted(folder.glob("*/*"), reverse=True), *sorted(folder.glob("*"), reverse=True)]:
        if is_file(path):
            at[path.name] = path
    found: dict[str, Path] = {}
    for name, item in catalogue().items():
        if item.kind == "one":
            hit = next((at[f.name] for f in item.files if f.name in at), None)
        elif item.kind == "parts":
            hit = at[item.files[0].name].parent if all(f.name in at for f in item.files) else None
        else:
            span = range(item.years[0], item.years[1] + 1) if item.years else range(0)
            names = [f.of_year(y).name for f in item.files for y in span]
            hit = next((at[n].parent for n in names if n in at), None)
        if hit is not None:
            found[name] = hit
    return found


LEAST_ROWS: dict[str, int] = {
    "atop": 200_000,
    "contiguity": 500,
    "cow-alliances": 20_000,
    "cow-states": 200,
    "cow-trade": 300_000,
    "democracy": 10_000,
    "distance": 400_000,
    "gsdb": 700,
    "igos": 400_000,
    "ideal-points": 9_000,
    "mids": 4_000,
    "nmc": 14_000,
    "pwt": 10_000,
    "rivalries": 150,
}
"""Fewest rows that a whole file has, well below any release: a cut-off file has fewer."""


def describe(item: DataSet, paths: Sequence[Path]) -> dict[str, str]:
    """Open files with the data set's reader and say what they hold.

    item: entry of the catalogue.
    paths: files, side by side in one folder for a data set of parts.
    Returns: File name to what it holds: rows and years.
    Raises SourceFileError if a file is not what it should be, or has too few rows.
    """
    read = item.function()
    if item.kind == "years":
        return {path.name: _years_in(item, path) for path in paths}
    place = paths[0].parent if item.kind == "parts" else paths[0]
    made = read(place)
    words = in_words(made)
    table = _table(made)
    if table is not None and len(table) < LEAST_ROWS.get(item.name, 1):
        raise SourceFileError(
            f"{place} has {len(table)} rows; a whole file of {item.name} has at least {LEAST_ROWS[item.name]:,}. "
            f"Download it again from {item.page}."
        )
    return {path.name: words if path == paths[0] else f"part of it, beside {paths[0].name}" for path in paths}


def in_words(made: Any) -> str:
    """What a reader returned, in a few words."""
    table = _table(made)
    if table is None:
        shape = "x".join(str(len(getattr(made, k))) for k in ("countries", "industries") if hasattr(made, k))
        return f"{shape or type(made).__name__}, {getattr(made, 'year', 'no year')}"
    years = next((table[c] for c in ("year", "begin", "start", "un_session") if c in table), None)
    span = "" if years is None else f", {years.name} {str(years.min())[:4]} to {str(years.max())[:4]}"
    return f"{len(table):,} rows{span}"


def years_named(path: Path) -> tuple[int, ...]:
    """Years that a file name speaks of: one, or all of a span such as 2015-2018; the edition is left out."""
    found = [
        int(y)
        for y in re.findall(
            r"(?<!\d)(?:19|20)\d\d(?!\d)", re.sub(r"ICIO20\d\d_|_Nov16|_October16", "", path.name)
        )
    ]
    if len(found) == 2 and found[0] < found[1]:
        return tuple(range(found[0], found[1] + 1))
    return tuple(found[:1])


def _years_in(item: DataSet, path: Path) -> str:
    """Read the last year of the file; whole years are read when they are used."""
    years = years_named(path)
    if not years and path.suffix.lower() != ".zip":
        raise SourceFileError(f"{path.name} names no year. Give the file of {item.name} its published name.")
    span = f"{years[0]} to {years[-1]}" if len(years) > 1 else f"{years[0]}" if years else "its years"
    last = years[-1] if years else item.years[1] if item.years else None
    made = item.function()(path, last)
    return f"{in_words(made)}; holds {span}" if len(years) > 1 else in_words(made)


def _table(made: Any) -> pd.DataFrame | None:
    if isinstance(made, pd.DataFrame):
        return made
    for name in ("votes", "spells"):
        part = getattr(made, name, None)
        if isinstance(part, pd.DataFrame):
            return part
    return None
