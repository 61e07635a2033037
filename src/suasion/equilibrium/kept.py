"""Large matrices that are slow to compute, kept in the user's cache and mapped by all processes that use them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.sources.cache import cache_folder

Single = NDArray[np.float32]

#: Files that stay; the least recently used go first. At 80 x 50 one has 64 MB.
MOST = 8


def digest(*parts: Any) -> str:
    """Return a hash of arrays and plain values, in their order.

    Parameters
    ----------
    *parts : arrays, and values whose ``repr`` says what they are
    """
    sha = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            sha.update(f"{part.dtype}{part.shape}".encode())
            sha.update(np.ascontiguousarray(part).tobytes())
        else:
            sha.update(repr(part).encode())
        sha.update(b"|")
    return sha.hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Keep:
    """A folder of square matrices in single precision.

    A file appears whole or not at all, so that several processes may share the folder: who comes second maps the file
    of the first, and where both build at once the later file replaces an equal one. A file that cannot be read is
    built anew; a folder that cannot be written costs time, not the answer.

    Attributes
    ----------
    folder : where the files are; None is the user's cache folder
    """

    folder: Path | None = None

    def __call__(self, name: str, build: Callable[[], Single], order: int) -> Single:
        """Return the matrix of a name, (order, order), mapped from its file where there is one.

        Parameters
        ----------
        name : from :func:`digest`: another content must have another name
        build : computes it
        order : number of rows
        """
        target = self._file(name)
        found = _mapped(target, order)
        if found is not None:
            return found
        made = build()
        with contextlib.suppress(OSError):
            _write(made, target)
            _forget_old(target.parent)
        return made

    def has(self, name: str) -> bool:
        """Whether there is a file of this name."""
        return self._file(name).is_file()

    def _file(self, name: str) -> Path:
        return (self.folder or cache_folder() / "matrices") / f"{name}.npy"


def _mapped(target: Path, order: int) -> Single | None:
    """Map a file; None where it is absent, damaged, or of another shape."""
    try:
        found = np.load(target, mmap_mode="r", allow_pickle=False)
        if found.dtype != np.float32 or found.shape != (order, order):
            return None
        # Zeros at the end are what a disk leaves behind that was full or lost its power.
        if not (np.isfinite(found[:: max(1, order // 64)]).all() and found[-1].any()):
            return None
        os.utime(target)
    except (OSError, ValueError, EOFError):
        return None
    return np.asarray(found)


def _write(matrix: Single, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".partial")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            np.save(file, matrix, allow_pickle=False)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _forget_old(folder: Path) -> None:
    """Delete the files that were used the longest ago; a process that has one mapped goes on with it."""
    files = sorted(folder.glob("*.npy"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[MOST:]:
        file.unlink(missing_ok=True)
