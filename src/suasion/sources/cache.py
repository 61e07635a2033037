"""Tables that are slow to read, kept as Parquet in the user's cache folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import platformdirs

from suasion.errors import OutputError


def cache_folder() -> Path:
    """Folder of the user's cache; nothing in it is needed, all of it can be made again."""
    return Path(platformdirs.user_cache_dir("suasion"))


def cached_table(
    source: Path, label: str, read: Callable[[Path], pd.DataFrame], folder: Path | None = None
) -> pd.DataFrame:
    """Return what ``read`` makes of a file, from the cache if the same bytes were read before.

    Parameters
    ----------
    source : Path
        File to read.
    label : str
        Name and version of the table: another one for another layout.
    read : callable
        Makes the table.
    folder : Path, optional
        Where to keep it; the user's cache folder without it.

    Returns
    -------
    DataFrame
    """
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:24]
    target = (folder or cache_folder()) / f"{label}-{digest}.parquet"
    if target.is_file():
        # A damaged file is as good as none.
        with contextlib.suppress(OSError, ValueError):
            return pd.read_parquet(target)
    table = read(source)
    # A cache that cannot be written costs time, not the answer.
    with contextlib.suppress(OutputError):
        write_parquet(table, target)
    return table


def write_parquet(table: pd.DataFrame, target: Path) -> None:
    """Write a table so that no other process ever sees half of it.

    Parameters
    ----------
    table : DataFrame
        Table to write.
    target : Path
        File; its folder is made.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, suffix=".partial")
        os.close(handle)
        part = Path(name)
        try:
            table.to_parquet(part, index=False)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            f"{target} could not be written: {error}. Choose another folder, or free space."
        ) from error
