"""Blocks of an outlook on disk: one Parquet file a scenario and block of draws, and a manifest of what was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from suasion.errors import InputError, OutputError
from suasion.files import is_file, is_folder, write_json
from suasion.sources.cache import write_parquet

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class ProjectionStore:
    """A folder of blocks; without a folder nothing is kept.

    folder: where, or None.
    """

    folder: Path | None

    def block(self, name: str, columns: tuple[str, ...], make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return a block, from its file where it is whole.

        name: of the block.
        columns: that it must have.
        make: computes it.
        """
        if self.folder is None:
            return make()
        target = self.folder / f"{name}.parquet"
        if is_file(target):
            try:
                found = pd.read_parquet(target)
                if tuple(found.columns) == columns and len(found):
                    return found
            except (OSError, ValueError):
                pass  # damaged: made anew
        made = make()
        write_parquet(made, target)
        return made


def open_store(folder: Path | None, asked: Mapping[str, Any]) -> ProjectionStore:
    """Open a folder for an outlook, new or begun before.

    folder: where; None keeps nothing.
    asked: plain data that say all that the numbers depend on, number of draws left out.
    Raises InputError if the folder holds another outlook, or files but no manifest.
    Raises OutputError if it cannot be written.
    """
    if folder is None:
        return ProjectionStore(None)
    document = {"format": FORMAT, **asked}
    target = folder / MANIFEST
    try:
        if is_file(target):
            _check_same(json.loads(target.read_text("utf-8")), document, folder)
            return ProjectionStore(folder)
        if is_folder(folder) and any(folder.iterdir()):
            raise InputError(
                f"{folder} holds files, but no {MANIFEST}. Choose an empty folder, or a new name."
            )
        folder.mkdir(parents=True, exist_ok=True)
        write_json(target, document, durable=True)
    except json.JSONDecodeError as error:
        raise InputError(f"{target} is damaged. Choose another folder, or delete this one.") from error
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}. Choose another folder.") from error
    return ProjectionStore(folder)


def _check_same(held: Any, asked: Mapping[str, Any], folder: Path) -> None:
    plain = json.loads(json.dumps(asked, sort_keys=True))
    differ = [key for key in plain if not isinstance(held, dict) or held.get(key) != plain[key]]
    if differ:
        raise InputError(
            f"{folder} holds another outlook: {', '.join(differ[:4])} differ. Choose another folder, or "
            "ask the same again."
        )
