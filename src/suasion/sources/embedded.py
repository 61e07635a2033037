"""Access to the embedded data files: paths, checksums, and errors that say how to mend them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from suasion.errors import SourceFileError
from suasion.files import checksum_of, is_file, read_bytes

ADVICE = "install the package again, or rebuild the snapshot with tools/build_snapshot.py"


def snapshot_folder() -> Path:
    """Folder of the embedded data files."""
    return Path(str(resources.files("suasion") / "snapshot"))


def snapshot_path(name: str) -> Path:
    """Path of an embedded file.

    Parameters
    ----------
    name : file name, such as ``"materials.parquet"``

    Returns
    -------
    Path

    Raises
    ------
    SourceFileError
        If the installation lacks the file.
    """
    path = snapshot_folder() / name
    if not is_file(path):
        raise SourceFileError(f"the embedded file {name} is missing; {ADVICE}")
    return path


def load_file(name: str, read: Callable[[Path], Any]) -> Any:
    """Read an embedded file; whatever breaks becomes a :class:`SourceFileError` naming the file."""
    path = snapshot_path(name)
    try:
        return read(path)
    except (OSError, ValueError, KeyError, EOFError) as reason:
        raise SourceFileError(f"the embedded file {name} cannot be read ({reason}); {ADVICE}") from reason


def load_parquet(name: str) -> pd.DataFrame:
    """Embedded Parquet file, read once, as a fresh frame."""
    frame: pd.DataFrame = load_file(name, _parquet)
    return frame.copy()


def load_csv(name: str, text: tuple[str, ...] = ()) -> pd.DataFrame:
    """Embedded CSV file, read once, as a fresh frame; lines starting with ``#`` are comments, empty cells are missing.

    name: file name.
    text: columns kept as text even where they look like numbers or like ``NA``.
    """
    frame: pd.DataFrame = load_file(name, partial(_csv, text=text))
    return frame.copy()


_parquet = cache(pd.read_parquet)


@cache
def _csv(path: Path, text: tuple[str, ...]) -> pd.DataFrame:
    kinds: Mapping[str, Any] = dict.fromkeys(text, str)
    return pd.read_csv(path, comment="#", dtype=kinds, keep_default_na=False, na_values=[""])


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

    def read(path: Path) -> dict[str, np.ndarray[Any, Any]]:
        with np.load(path, allow_pickle=False) as source:
            return {key: source[key] for key in source.files}

    arrays: dict[str, np.ndarray[Any, Any]] = load_file(name, read)
    return arrays


@cache
def manifest() -> Mapping[str, Mapping[str, str]]:
    """Manifest of the embedded files: name to ``sha256``, ``source`` and ``licence``."""
    entries: Mapping[str, Mapping[str, str]] = load_file(
        "manifest.json", lambda path: json.loads(path.read_text(encoding="utf-8"))["files"]
    )
    return entries


def verify_embedded() -> list[dict[str, str]]:
    """Check every data file of the package against the checksums that it came with.

    Returns
    -------
    list of dict
        ``name`` (``embedded``), ``file`` and ``state`` (``ok``, ``changed`` or ``missing``), one row a file.
    """
    published = {name: entry["sha256"] for name, entry in manifest().items()}
    rows = [(name, snapshot_folder() / name, checksum) for name, checksum in published.items()]
    rows += [(name, package_folder() / name, checksum) for name, checksum in _checksums().items()]
    return [{"name": "embedded", "file": name, "state": _state(path, was)} for name, path, was in rows]


def checksum_lines() -> str:
    """Checksums of the package's data files outside the snapshot, as ``sha256sum`` writes them."""
    folder = package_folder()
    files = sorted(
        p for p in folder.rglob("*") if p.suffix in _DATA and not _elsewhere(p.relative_to(folder))
    )
    return "".join(f"{checksum_of(p)}  {p.relative_to(folder).as_posix()}\n" for p in files)


def package_folder() -> Path:
    """Folder of the package."""
    return Path(str(resources.files("suasion")))


#: Endings of data files, and folders whose files are words and layout, or in the snapshot's own manifest.
_DATA = {".json", ".csv", ".parquet", ".toml", ".yaml", ".npz", ".gz"}
_WORDS = {"language", "schema", "templates", "static", "__pycache__"}
CHECKSUMS = "checksums.txt"


def _elsewhere(path: Path) -> bool:
    return bool(_WORDS & set(path.parts)) or path.parent.as_posix() == "snapshot"


def _checksums() -> dict[str, str]:
    lines = read_bytes(package_folder() / CHECKSUMS).decode().splitlines()
    return {name: checksum for checksum, name in (line.split("  ", 1) for line in lines)}


def _state(path: Path, wanted: str) -> str:
    if not is_file(path):
        return "missing"
    return "ok" if checksum_of(path) == wanted else "changed"
