"""Access to the embedded data files: paths, checksums, and errors that say how to mend them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from suasion.errors import SourceFileError
from suasion.files import (
    checksum_of,
    is_data,
    is_file,
    package_folder,
    published,
    shipped,
    shipped_checksum,
)

ROOM = "suasion.snapshot"
"""Where the embedded files lie, in the words of :func:`suasion.files.shipped`."""
ADVICE = "install the package again, or rebuild the snapshot with tools/build_snapshot.py"


def snapshot_path(name: str) -> Path:
    """Path of an embedded file, held to its checksum, for readers that take a path alone.

    Parameters
    ----------
    name : file name, such as ``"materials.parquet"``

    Returns
    -------
    Path

    Raises
    ------
    SourceFileError
        If the installation lacks the file, or it is not the one that was published.
    """
    shipped_checksum(ROOM, name)
    return package_folder() / "snapshot" / name


def load_file(name: str, read: Callable[[IO[bytes]], Any]) -> Any:
    """Read an embedded file; whatever breaks becomes a :class:`SourceFileError` naming the file."""
    return shipped(ROOM, name, read)


def load_parquet(name: str) -> pd.DataFrame:
    """Embedded Parquet file, read once, as a fresh frame."""
    return _parquet(name).copy()


def load_csv(name: str, text: tuple[str, ...] = ()) -> pd.DataFrame:
    """Embedded CSV file, read once, as a fresh frame; lines starting with ``#`` are comments, empty cells are missing.

    name: file name.
    text: columns kept as text even where they look like numbers or like ``NA``.
    """
    return _csv(name, text).copy()


@cache
def _parquet(name: str) -> pd.DataFrame:
    frame: pd.DataFrame = load_file(name, pd.read_parquet)
    return frame


@cache
def _csv(name: str, text: tuple[str, ...]) -> pd.DataFrame:
    kinds: Mapping[str, Any] = dict.fromkeys(text, str)
    read = partial(pd.read_csv, comment="#", dtype=kinds, keep_default_na=False, na_values=[""])
    frame: pd.DataFrame = load_file(name, read)
    return frame


def checked(
    table: pd.DataFrame, noun: str, columns: tuple[str, ...], kinds: Mapping[str, tuple[str, ...]]
) -> pd.DataFrame:
    """Return a table typed by hand that has its columns, and in some of them known words alone.

    noun: what its rows are, for messages.
    kinds: column to its words.
    Raises SourceFileError if it does not.
    """
    if tuple(table.columns) != tuple(columns):
        raise SourceFileError(
            f"The table of {noun} must have the columns {', '.join(columns)}; it has {', '.join(table.columns)}."
        )
    for column, known in kinds.items():
        if unknown := sorted(set(table[column]) - set(known)):
            raise SourceFileError(
                f"The table of {noun} has an unknown {column}: {', '.join(map(str, unknown))}. "
                f"Known: {', '.join(known)}."
            )
    return table


def load_npz(name: str) -> dict[str, np.ndarray[Any, Any]]:
    """Arrays of an embedded npz file by name; pickled content is refused."""

    def read(file: IO[bytes]) -> dict[str, np.ndarray[Any, Any]]:
        with np.load(file, allow_pickle=False) as source:
            return {key: source[key] for key in source.files}

    arrays: dict[str, np.ndarray[Any, Any]] = load_file(name, read)
    return arrays


@cache
def manifest() -> Mapping[str, Mapping[str, str]]:
    """Manifest of the embedded files: name to ``sha256``, ``source`` and ``licence``."""
    entries: Mapping[str, Mapping[str, str]] = load_file(
        "manifest.json", lambda file: json.load(file)["files"]
    )
    return entries


def verify_embedded() -> list[dict[str, str]]:
    """Check every data file of the package against the checksums that it came with.

    Returns
    -------
    list of dict
        ``name`` (``embedded``), ``file`` (its path in the package) and ``state`` (``ok``, ``changed``, ``missing``,
        or ``unknown`` if it did not come with the package), one row a file, whatever else is broken.
    """
    rows = [(name, _state(package_folder() / name, was)) for name, was in published().items()]
    rows += [(name, "unknown") for name in _there() if name not in published()]
    return [{"name": "embedded", "file": name, "state": state} for name, state in rows]


def checksum_lines() -> str:
    """Checksums of the package's data files, as ``sha256sum`` writes them."""
    return "".join(f"{checksum_of(package_folder() / name)}  {name}\n" for name in _there())


def _there() -> list[str]:
    folder = package_folder()
    return [name for p in sorted(folder.rglob("*")) if is_data(name := p.relative_to(folder).as_posix())]


def _state(path: Path, wanted: str) -> str:
    if not is_file(path):
        return "missing"
    return "ok" if checksum_of(path) == wanted else "changed"
