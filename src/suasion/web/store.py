"""Finished results on disk, by the hash of what was asked: written in one step, checked when read.

A result is a set of named parts. A file that is not whole (a crash, a full disk) counts as absent and is removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import re
import shutil
import time
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from suasion.errors import OutputError
from suasion.files import write_bytes

Parts = Mapping[str, bytes]
MARK = b"SUASION-RESULT-1"
KEY = re.compile(r"[0-9a-f]{64}")
KEPT_BYTES = 64_000_000
DRAFT_SECONDS = 3600
SWEEP_SECONDS = 86_400
"""Age at which a sweep that nobody came back for is dropped."""
log = logging.getLogger("suasion.web")


def pack(parts: Parts) -> bytes:
    """One file of named parts: mark, checksum, index, contents."""
    index = json.dumps([[name, len(content)] for name, content in parts.items()]).encode()
    body = index + b"\n" + b"".join(parts.values())
    return b"\n".join((MARK, hashlib.sha256(body).hexdigest().encode(), body))


def unpack(content: bytes) -> dict[str, bytes] | None:
    """Parts of a file; None where it is not whole."""
    mark, _, rest = content.partition(b"\n")
    checksum, _, body = rest.partition(b"\n")
    if mark != MARK or hashlib.sha256(body).hexdigest().encode() != checksum:
        return None
    index, _, payload = body.partition(b"\n")
    parts, start = {}, 0
    for name, size in json.loads(index):
        parts[str(name)] = payload[start : start + size]
        start += size
    return parts


class Store:
    """Results in memory and on disk.

    Parameters
    ----------
    folder : Path
        Where they lie; made if absent.
    most_bytes : int
        Size of the folder from which the oldest results are dropped.

    Raises
    ------
    OutputError
        The folder cannot be made.
    """

    def __init__(self, folder: Path, most_bytes: int = 1_000_000_000) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self._memory: OrderedDict[str, dict[str, bytes]] = OrderedDict()
        self._held = 0
        try:
            (folder / "results").mkdir(parents=True, exist_ok=True)
            (folder / "jobs").mkdir(exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot make the cache folder {folder}: {error.strerror or error}") from error

    def path(self, key: str) -> Path:
        """Place of a result; the key is a hash, so that nothing a user types becomes a path."""
        if not KEY.fullmatch(key):
            raise ValueError("a key is a SHA-256 in hex")
        return self.folder / "results" / key[:2] / f"{key}.bin"

    def get(self, key: str) -> dict[str, bytes] | None:
        """Parts of a result, or None."""
        if key in self._memory:
            self._memory.move_to_end(key)
            return self._memory[key]
        path = self.path(key)
        try:
            parts = unpack(path.read_bytes())
        except OSError:
            return None
        if parts is None:
            path.unlink(missing_ok=True)
            return None
        self._remember(key, parts)
        return parts

    def put(self, key: str, parts: Parts) -> None:
        """Keep a result; a disk that refuses costs speed, not the answer."""
        self._remember(key, dict(parts))
        path = self.path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(path, pack(parts))
        except OSError as error:
            log.warning("result not kept: %s", type(error).__name__)

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
        while self._held > KEPT_BYTES and len(self._memory) > 1:
            _, old = self._memory.popitem(last=False)
            self._held -= sum(map(len, old.values()))

    def trim(self) -> int:
        """Drop the oldest results beyond the size allowed, and drafts that a crash left; return how many went."""
        for draft in self.folder.rglob(".suasion-*"):
            with contextlib.suppress(OSError):
                if draft.stat().st_mtime + DRAFT_SECONDS < time.time():
                    draft.unlink()
        for folder in (self.folder / "sweeps").glob("*"):
            with contextlib.suppress(OSError):
                if folder.stat().st_mtime + SWEEP_SECONDS < time.time():
                    shutil.rmtree(folder, ignore_errors=True)
        files = []
        for path in (self.folder / "results").rglob("*.bin"):
            try:
                files.append((path.stat().st_mtime, path.stat().st_size, path))
            except OSError:
                continue
        total, dropped = sum(size for _, size, _ in files), 0
        for _, size, path in sorted(files):
            if total <= self.most_bytes:
                break
            path.unlink(missing_ok=True)
            total -= size
            dropped += 1
        return dropped

    def sweep_folder(self, key: str) -> Path:
        """Place of an unfinished sweep; the key is a hash."""
        if not KEY.fullmatch(key):
            raise ValueError("a key is a SHA-256 in hex")
        return self.folder / "sweeps" / key

    def forget_sweep(self, folder: Path) -> None:
        """Drop the parts of a sweep whose result is there."""
        shutil.rmtree(folder, ignore_errors=True)

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
        self._job_path(key).unlink(missing_ok=True)

    def kept_jobs(self) -> list[tuple[str, dict[str, object]]]:
        """Long jobs that an earlier run left unfinished."""
        found = []
        for path in sorted((self.folder / "jobs").glob("*.json")):
            try:
                data = json.loads(path.read_text(encoding="utf-8"))
                found.append((str(data["task"]), dict(data["arguments"])))
            except (OSError, ValueError, KeyError, TypeError):
                path.unlink(missing_ok=True)
        return found

    def _job_path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError("a key is a SHA-256 in hex")
        return self.folder / "jobs" / f"{key}.json"
