"""Files that commands write, checked before the work starts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from suasion.errors import InputError


def check_picture(path: Path, endings: Sequence[str] = (".svg", ".png")) -> None:
    """Make sure that a picture can be written.

    path: the file.
    endings: those that it can have.
    Raises InputError if it has another ending.
    Raises OutputError if it cannot be written.
    """
    if path.suffix not in endings:
        raise InputError(
            f"{path} ends in {path.suffix or 'nothing'}; give a file that ends in {' or '.join(endings)}."
        )
    from suasion.files import check_writable

    check_writable(path)
