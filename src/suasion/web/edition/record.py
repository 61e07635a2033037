"""What an edition notes beside its files: a line for each unit that is whole, added as it is done.

A line that a kill cut short counts as absent. Of a unit the last line holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from suasion.errors import InputError
from suasion.files import is_file, read_bytes, write_bytes

NAME = "edition.jsonl"


@dataclass(frozen=True, slots=True)
class Noted:
    """A unit that is whole.

    unit: Its name.
    solved, laid: Hashes of what its numbers, and its pages, were made of.
    files: Paths.
    entries: By language: what the search tells.
    first: By language: the first sentence of a pair.
    moved: By language: the sentence that stood there before, where a reader sees another one; ``day`` is when.
    """

    unit: str
    solved: str
    laid: str
    files: tuple[str, ...]
    entries: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    first: Mapping[str, str] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)

    @property
    def line(self) -> bytes:
        """As it is noted."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode() + b"\n"


class Record:
    """The notes of an edition.

    folder: of the edition.
    Raises InputError: It holds other things, or notes that are none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / NAME
        self.units: dict[str, Noted] = {}
        if not is_file(self.path):
            if any(folder.iterdir()):
                raise InputError(
                    f"{folder} holds other things; --out takes a folder that is new, empty, or an earlier edition."
                )
            return
        for line in read_bytes(self.path).split(b"\n"):
            if line.strip() and (one := _noted(line)) is not None:
                self.units[one.unit] = one

    def kept(self, unit: str, laid: str) -> bool:
        """Whether a unit is there as it would be made."""
        noted = self.units.get(unit)
        return (
            noted is not None
            and noted.laid == laid
            and all(is_file(self.folder / one) for one in noted.files)
        )

    def add(self, noted: Noted) -> None:
        """Note a unit whose files lie there."""
        self.units[noted.unit] = noted
        with self.path.open("ab") as file:
            file.write(noted.line)

    def close(self, units: set[str], others: set[str]) -> None:
        """Remove files of units that are asked no more, and write a line each of those that are.

        others: Files that belong to no unit.
        """
        there = {name for unit in units for name in self.units[unit].files} | others
        for noted in self.units.values():
            for name in set(noted.files) - there:
                (self.folder / name).unlink(missing_ok=True)
        self.units = {unit: self.units[unit] for unit in sorted(units)}
        write_bytes(self.path, b"".join(one.line for one in self.units.values()))


def _noted(line: bytes) -> Noted | None:
    """A line of the record; None of one that a kill cut short, and files outside the folder are none."""
    try:
        given = json.loads(line)
        files = tuple(str(one) for one in given["files"])
        own = tuple(one for one in files if ".." not in PurePosixPath(one).parts and not one.startswith("/"))
        return Noted(**{**given, "files": own})
    except (ValueError, KeyError, TypeError):
        return None
