"""The one store of results, on disk and in memory: under keys, the least recently used first out.

A file is sealed with its key, so that neither damage nor a swap is served: what is not whole counts as absent, and
goes. A disk that refuses costs speed, not the answer.
"""

from __future__ import annotations

import hashlib
import logging
import math
import os
import re
import time
from collections.abc import Callable, Collection, Hashable
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

from suasion.errors import OutputError
from suasion.files import DRAFT, is_file, make_folder, write_bytes

KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
DRAFT_SECONDS = 3600
log = logging.getLogger("suasion")
Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")


class Recent(Generic[Key, Kept]):
    """Results in memory.

    most: how many; beyond that the one not asked for the longest goes.
    size_of: what a result counts as; with it ``most`` is a sum of sizes, which the latest alone may pass.
    pinned: keys of results that stay.
    """

    def __init__(
        self, most: int, size_of: Callable[[Kept], int] | None = None, pinned: Collection[Key] = ()
    ) -> None:
        self._most, self._size_of, self._pinned = most, size_of or _one, pinned
        self._kept: dict[Key, Kept] = {}  # the latest last
        self._held = 0

    def __contains__(self, key: Key) -> bool:
        """Whether a result is there; that is no use of it."""
        return key in self._kept

    def __getitem__(self, key: Key) -> Kept:
        """A result that is there, which is a use of it."""
        return self.put(key, self._kept[key])

    def get(self, key: Key) -> Kept | None:
        """A result, or None."""
        return self[key] if key in self._kept else None

    def put(self, key: Key, result: Kept) -> Kept:
        """Keep a result, and return it."""
        if key in self._kept:
            self._drop(key)
        self._kept[key] = result
        self._held += self._size_of(result)
        while self._held > self._most:
            free = (other for other in self._kept if other != key and other not in self._pinned)
            if (oldest := next(free, None)) is None:
                break
            self._drop(oldest)
        return result

    def _drop(self, key: Key) -> None:
        self._held -= self._size_of(self._kept.pop(key))


def _one(_: object) -> int:
    return 1


class ResultStore:
    """Results in a folder.

    folder: where they lie; made when something is kept.
    ending: of their files.
    most_bytes: size beyond which :meth:`trim` drops results.
    """

    def __init__(self, folder: Path, ending: str, most_bytes: int = 1_000_000_000) -> None:
        self.folder, self.ending, self.most_bytes = folder, ending, most_bytes

    def path(self, key: str) -> Path:
        """Place of a result.

        Raises ValueError: The key is no plain name, so that it might lead out of the folder.
        """
        if not KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a result")
        return self.folder / f"{key}{self.ending}"

    def holds(self, key: str) -> bool:
        """Whether a result is there, without reading it."""
        return is_file(self.path(key))

    def get(self, key: str) -> bytes | None:
        """A result, or None."""
        path = self.path(key)
        with suppress(OSError):
            content = unseal(key, path.read_bytes())
            if content is None:
                path.unlink(missing_ok=True)
            else:
                self.touch(key)
            return content
        return None

    def put(self, key: str, content: bytes) -> None:
        """Keep a result."""
        try:
            write_bytes(make_folder(self.folder) / self.path(key).name, seal(key, content))
        except OutputError as error:
            log.warning("result not kept: %s", type(error).__name__)

    def touch(self, key: str) -> bool:
        """Note that a result is in use; False where its file is gone."""
        try:
            os.utime(self.path(key))
        except FileNotFoundError:
            return False
        except OSError:  # not ours to touch: its age stays that of writing
            pass
        return True

    def trim(self, pinned: Collection[str] = ()) -> int:
        """Drop results beyond the size allowed, the least recently used first, and drafts that a crash left.

        pinned: Keys of results that stay.
        Returns: How many results went.
        """
        try:
            found = list(self.folder.iterdir())
        except OSError:  # a folder that may not be read holds nothing of ours to drop
            return 0
        files = []
        for path in found:
            with suppress(OSError):
                if path.name.startswith(DRAFT):
                    if age(path) > DRAFT_SECONDS:
                        path.unlink()
                elif path.name.endswith(self.ending):
                    files.append((path.stat().st_mtime, path.stat().st_size, path))
        total, dropped = sum(size for _, size, _ in files), 0
        for _, size, path in sorted(files):
            if total <= self.most_bytes:
                break
            if path.name.removesuffix(self.ending) not in pinned:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
                    total -= size
                    dropped += 1
        return dropped


def seal(key: str, content: bytes) -> bytes:
    """Bytes to keep under a key: preceded by a checksum of both."""
    return hashlib.sha256(key.encode() + b"\0" + content).digest() + content


def unseal(key: str, data: bytes) -> bytes | None:
    """Content that was kept under a key; None where it is damaged or another key's."""
    content = data[hashlib.sha256().digest_size :]
    return content if seal(key, content) == data else None


def age(path: Path) -> float:
    """Seconds since a file or folder was changed."""
    return math.fsum((time.time(), -path.stat().st_mtime))
