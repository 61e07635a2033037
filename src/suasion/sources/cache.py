"""Tables that are slow to make, kept as Parquet in the user's cache folder under a checksum of name and content."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pandas as pd
import platformdirs

from suasion.files import make_folder, read_bytes, replacing
from suasion.store import ResultStore


def cache_folder() -> Path:
    """Folder of the user's cache; nothing in it is needed, all of it can be made again."""
    return Path(platformdirs.user_cache_dir("suasion"))


def cached_table(
    source: Path, label: str, read: Callable[[Path], pd.DataFrame], folder: Path | None = None
) -> pd.DataFrame:
    """Return what ``read`` makes of a file, from the cache if the same bytes were read before.

    source: file to read.
    label: name and version of the table: another one for another layout.
    read: makes the table.
    folder: where to keep it; the user's cache folder without it.
    """
    digest = hashlib.sha256(read_bytes(source)).hexdigest()[:24]
    return kept_table(f"{label}-{digest}", lambda: read(source), folder or cache_folder())


def kept_table(key: str, make: Callable[[], pd.DataFrame], folder: Path) -> pd.DataFrame:
    """Return a table that was kept under a key, else make and keep it.

    key: name of all that the table depends on.
    make: makes it.
    folder: where it is kept.
    """
    store = ResultStore(folder, ".parquet")
    content = store.get(key)
    if content is not None:
        with suppress(ValueError):  # written by a library that this one does not read
            return pd.read_parquet(io.BytesIO(content))
    made, out = make(), io.BytesIO()
    made.to_parquet(out, index=False)
    store.put(key, out.getvalue())
    store.trim()
    return made


def write_parquet(table: pd.DataFrame, target: Path) -> None:
    """Write a table so that no other process ever sees half of it.

    table: table to write.
    target: file; its folder is made.
    Raises OutputError if it cannot be written.
    """
    make_folder(target.parent)
    with replacing(target) as file:
        table.to_parquet(file, index=False)
