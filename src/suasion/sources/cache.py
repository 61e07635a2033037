"""Tables that are slow to make, kept as Parquet in the user's cache folder under a checksum of name and content."""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import platformdirs

from suasion.errors import OutputError
from suasion.files import make_folder, read_bytes, replacing, seal, unseal, write_bytes


def cache_folder() -> Path:
    """Folder of the user's cache; nothing in it is needed, all of it can be made again."""
    return Path(platformdirs.user_cache_dir("suasion"))


def cached_table(
    source: Path, label: str, read: Callable[[Path], pd.DataFrame], folder: Path | None = None
) -> pd.DataFrame:
    """Return what ``read`` makes of a file, from the cache if the same bytes were read before.

    Parameters
    ----------
    source : file to read
    label : name and version of the table: another one for another layout.
    read : makes the table
    folder : where to keep it; the user's cache folder without it
    """
    digest = hashlib.sha256(read_bytes(source)).hexdigest()[:24]
    target = (folder or cache_folder()) / f"{label}-{digest}.parquet"
    found = recall(target)
    if found is None:
        found = read(source)
        keep(found, target)
    return found


def recall(target: Path) -> pd.DataFrame | None:
    """Return a table that :func:`keep` kept; None where it is absent, damaged, or was kept under another name."""
    with contextlib.suppress(OSError, ValueError):
        content = unseal(target.name, target.read_bytes())
        return None if content is None else pd.read_parquet(io.BytesIO(content))
    return None


def keep(table: pd.DataFrame, target: Path) -> None:
    """Keep a table for :func:`recall`. A cache that cannot be written costs time, not the answer."""
    content = io.BytesIO()
    table.to_parquet(content, index=False)
    with contextlib.suppress(OutputError):
        write_bytes(make_folder(target.parent) / target.name, seal(target.name, content.getvalue()))


def write_parquet(table: pd.DataFrame, target: Path) -> None:
    """Write a table so that no other process ever sees half of it.

    Parameters
    ----------
    table : table to write
    target : file; its folder is made

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    make_folder(target.parent)
    with replacing(target) as file:
        table.to_parquet(file, index=False)
