"""Whether a file is what its name in the catalogue says: the reader opens it, and what it holds is put into words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from suasion.errors import SourceFileError
from suasion.sources.catalogue import DataSet

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
