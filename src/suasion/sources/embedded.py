"""Access to the embedded data files: paths, checksums, and errors that say how to mend them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from suasion.errors import ChecksumError, SourceFileError
from suasion.files import is_file

ADVICE = "install the package again, or rebuild the snapshot with tools/build_snapshot.py"


def snapshot_folder() -> Path:
    """Folder of the embedded data files."""
    return Path(str(resources.files("suasion") / "snapshot"))


def snapshot_path(name: str) -> Path:
    """Path of an embedded file.

    Parameters
    ----------
    name : str
        File name, such as ``"materials.parquet"``.

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
    """Embedded Parquet file as a fresh frame."""
    frame: pd.DataFrame = load_file(name, pd.read_parquet)
    return frame


def load_csv(name: str, text: tuple[str, ...] = ()) -> pd.DataFrame:
    """Embedded CSV file as a fresh frame; lines starting with ``#`` are comments, empty cells are missing.

    Parameters
    ----------
    name : str
        File name.
    text : tuple of str
        Columns kept as text even where they look like numbers or like ``NA``.
    """

    def read(path: Path) -> pd.DataFrame:
        kinds: Mapping[str, Any] = dict.fromkeys(text, str)
        return pd.read_csv(path, comment="#", dtype=kinds, keep_default_na=False, na_values=[""])

    frame: pd.DataFrame = load_file(name, read)
    return frame


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


def verify_snapshot() -> tuple[str, ...]:
    """Check every embedded file against the manifest.

    Returns
    -------
    tuple of str
        Names of the files checked.

    Raises
    ------
    ChecksumError
        If a file differs from the one that was published; the message names it.
    SourceFileError
        If a file is missing.
    """
    for name, entry in manifest().items():
        found = hashlib.sha256(snapshot_path(name).read_bytes()).hexdigest()
        if found != entry["sha256"]:
            raise ChecksumError(f"the embedded file {name} differs from the published one; {ADVICE}")
    return tuple(manifest())
