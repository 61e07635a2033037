"""Writing files: checked before the long work, and atomically after it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from suasion.errors import OutputError


def check_writable(path: str | Path) -> Path:
    """Make sure that a file can be written, before the work whose result it shall hold.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    Path
        The same, as a path.

    Raises
    ------
    OutputError
        If the path is a folder, or its folder is absent or not writable.
    """
    target = Path(path)
    folder = target.parent
    if target.is_dir():
        raise OutputError(f"cannot write {target}: it is a folder; name a file in it")
    if not folder.is_dir():
        raise OutputError(
            f"cannot write {target}: the folder {folder} does not exist; make it, or choose another"
        )
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".suasion-"):
            pass
    except OSError as error:
        raise OutputError(
            f"cannot write {target}: {error.strerror or error}; choose another folder"
        ) from error
    return target


def write_text(path: str | Path, text: str) -> Path:
    """Write a text file (UTF-8) in one step; see :func:`write_bytes`.

    Raises
    ------
    OutputError
        If it cannot be written; what was there before stays.
    """
    return write_bytes(path, text.encode("utf-8"))


def write_bytes(path: str | Path, content: bytes) -> Path:
    """Write a file in one step: a reader sees the old file or the new one, never half of it.

    Parameters
    ----------
    path : str or Path
        The file.
    content : bytes
        What it shall hold.

    Returns
    -------
    Path
        The same, as a path.

    Raises
    ------
    OutputError
        If it cannot be written; what was there before stays.
    """
    target = check_writable(path)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".suasion-")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        draft.chmod(0o644)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        reason = error.strerror or error
        raise OutputError(f"cannot write {target}: {reason}; free space, or choose another") from error
    return target
