"""Finished results on disk, by the hash of what was asked: written in one step, checked when read.

A result is a set of named parts. A file that is not whole (a crash, a full disk) counts as absent and is removed.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from suasion.files import DRAFT, is_file, make_folder, seal, unseal, write_bytes
from suasion.temporary import mark, remove_folder

Parts = Mapping[str, bytes]
MARK = b"SUASION-RESULT-3"
KEY = re.compile(r"[0-9a-f]{64}")
KEPT_BYTES = 64_000_000
DRAFT_SECONDS = 3600
TOUCH_SECONDS = 60.0
"""Between two notes on disk that a result in memory is in use."""
SWEEP_SECONDS = 86_400
"""Age at which a sweep that nobody came back for is dropped."""
log = logging.getLogger("suasion.web")


def pack(key: str, parts: Parts) -> bytes:
    """One file of named parts, sealed with its key: mark, index, contents."""
    index = json.dumps([[name, len(content)] for name, content in parts.items()]).encode()
    return seal(key, b"\n".join((MARK, index, b"".join(parts.values()))))


def unpack(key: str, content: bytes) -> dict[str, bytes] | None:
    """Parts of a file; None where it is not whole, or is the answer to another key."""
    mark, _, rest = (unseal(key, content) or b"").partition(b"\n")
    if mark != MARK:
        return None
    index, _, payload = rest.partition(b"\n")
    parts, start = {}, 0
    for name, size in json.loads(index):
        parts[str(name)] = payload[start : start + size]
        start += size
    return parts


class ResultCache:
    """Results in memory and on disk.

    Parameters
    ----------
    folder : Path
        Where they lie; made if absent.
    most_bytes : int
        Size of the folder from which results are dropped, the least recently used first.

    Attributes
    ----------
    pinned : set of str
        Keys of results that all readers share: never dropped, in memory or on disk.

    Raises
    ------
    OutputError
        The folder cannot be made.
    """

    def __init__(self, folder: Path, most_bytes: int = 1_000_000_000) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self.pinned: set[str] = set()
        self._memory: OrderedDict[str, dict[str, bytes]] = OrderedDict()
        self._touched: dict[str, float] = {}
        self._held = 0
        for part in ("results", "jobs"):
            make_folder(folder / part)

    def path(self, key: str) -> Path:
        """Place of a result; the key is a hash, so that nothing a user types becomes a path."""
        if not KEY.fullmatch(key):
            raise ValueError("a key is a SHA-256 in hex")
        return self.folder / "results" / key[:2] / f"{key}.bin"

    def holds(self, key: str) -> bool:
        """Whether a result is on disk, without reading it."""
        return is_file(self.path(key))

    def get(self, key: str) -> dict[str, bytes] | None:
        """Parts of a result, or None."""
        held = self._memory.get(key)
        if held is not None:
            self._memory.move_to_end(key)
            self._touch(key, held)
            return held
        path = self.path(key)
        with contextlib.suppress(OSError):
            parts = unpack(key, path.read_bytes())
            if parts is None:
                path.unlink(missing_ok=True)
                return None
            self._remember(key, parts)
            self._touch(key, parts)
            return parts
        return None

    def put(self, key: str, parts: Parts) -> None:
        """Keep a result; a disk that refuses costs speed, not the answer."""
        self._remember(key, dict(parts))
        self._touched[key] = time.monotonic()
        self._write(key, parts)

    def _write(self, key: str, parts: Parts) -> None:
        path = self.path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(path, pack(key, parts))
        except OSError as error:
            log.warning("result not kept: %s", type(error).__name__)

    def _touch(self, key: str, parts: Parts) -> None:
        """Note that a result is in use; write it again where somebody took its file."""
        now = time.monotonic()
        if now < self._touched.get(key, -math.inf) + TOUCH_SECONDS:
            return
        self._touched[key] = now
        try:
            os.utime(self.path(key))
        except FileNotFoundError:
            self._write(key, parts)
        except OSError:  # not ours to touch: its age stays that of writing
            return

    def read(self, key: str) -> bytes | None:
        """One-part result, for the warm model's memo."""
        parts = self.get(key)
        return None if parts is None else parts.get("point")

    def write(self, key: str, content: bytes) -> None:
        """Keep a one-part result."""
        self.put(key, {"point": content})

    def _remember(self, key: str, parts: dict[str, bytes]) -> None:
        before = self._memory.pop(key, {})
        self._memory[key] = parts
        self._held += sum(map(len, parts.values()))
        self._held -= sum(map(len, before.values()))
        for old in [key for key in self._memory if key not in self.pinned][:-1]:
            if self._held <= KEPT_BYTES:
                break
            self._touched.pop(old, None)
            self._held -= sum(map(len, self._memory.pop(old).values()))

    def trim(self) -> int:
        """Drop results beyond the size allowed, the least recently used first, and drafts that a crash left.

        Returns
        -------
        int
            How many results went.
        """
        for draft in self.folder.rglob(f"{DRAFT}*"):
            with contextlib.suppress(OSError):
                if _age(draft) > DRAFT_SECONDS:
                    draft.unlink()
        for folder in (self.folder / "sweeps").glob("*"):
            with contextlib.suppress(OSError):
                if _age(folder) > SWEEP_SECONDS:
                    remove_folder(folder)
        return self._trim_results()

    def _trim_results(self) -> int:
        files = []
        for path in (self.folder / "results").rglob("*.bin"):
            with contextlib.suppress(OSError):
                files.append((path.stat().st_mtime, path.stat().st_size, path))
        total, dropped = sum(size for _, size, _ in files), 0
        for _, size, path in sorted(files):
            if total <= self.most_bytes:
                break
            if path.stem not in self.pinned:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
                    total -= size
                    dropped += 1
        return dropped

    def sweep_folder(self, key: str) -> Path:
        """Folder of an unfinished sweep, made and marked if absent; the key is a hash."""
        if not KEY.fullmatch(key):
            raise ValueError("a key is a SHA-256 in hex")
        folder = self.folder / "sweeps" / key
        with contextlib.suppress(FileExistsError):  # an earlier run began it
            folder.mkdir(parents=True)
            mark(folder)
        return folder

    def forget_sweep(self, folder: Path) -> None:
        """Drop the parts of a sweep whose result is there."""
        remove_folder(folder)

    def keep_job(self, key: str, task: str, arguments: Mapping[str, object]) -> None:
        """Write down a long job, so that a later start can take it up."""
        try:
            write_bytes(
                self._job_path(key), json.dumps({"task": task, "arguments": dict(arguments)}).encode()
            )
        except OSError as error:
            log.warning("job not kept: %s", type(error).__name__)

    def forget_job(self, key: str) -> None:
        """Strike out a long job that is done, failed or cancelled."""
        with contextlib.suppress(OSError):
            self._job_path(key).unlink(missing_ok=True)

    def kept_jobs(self) -> list[tuple[str, dict[str, object]]]:
        """Long jobs that an earlier run left unfinished."""
        found = []
        for path in sorted((self.folder / "jobs").glob("*.json")):
            try:
                data = json.loads(path.read_text(encoding="utf-8"))
                found.append((str(data["task"]), dict(data["arguments"])))
            except OSError:
                continue
            except (ValueError, KeyError, TypeError):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
        return found

    def _job_path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError("a key is a SHA-256 in hex")
        return self.folder / "jobs" / f"{key}.json"


def _age(path: Path) -> float:
    """Seconds since a file or folder was changed."""
    return math.fsum((time.time(), -path.stat().st_mtime))
