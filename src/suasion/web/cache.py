"""Finished results of the web, in memory and in the store: named parts, by the hash of what was asked."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from suasion import __version__
from suasion.answers.catalogue import LANGUAGE
from suasion.files import make_folder, write_bytes
from suasion.store import Recent, ResultStore, age
from suasion.temporary import mark, remove_folder

if TYPE_CHECKING:
    from suasion.world import World

Parts = Mapping[str, bytes]
MARK = b"SUASION-RESULT-3"
KEY = re.compile(r"[0-9a-f]{64}")
KEPT_BYTES = 64_000_000
TOUCH_SECONDS = 60.0
"""Between two notes on disk that a result in memory is in use."""
SWEEP_SECONDS = 86_400
"""Age at which a sweep that nobody came back for is dropped."""
TOUCHED = 10_000
"""Results whose last note on disk is remembered."""
log = logging.getLogger("suasion.web")


def pack(parts: Parts) -> bytes:
    """One file of named parts: mark, index, contents."""
    index = json.dumps([[name, len(content)] for name, content in parts.items()]).encode()
    return b"\n".join((MARK, index, b"".join(parts.values())))


def unpack(content: bytes) -> dict[str, bytes] | None:
    """Parts of a file; None where another version wrote it."""
    mark, _, rest = content.partition(b"\n")
    if mark != MARK:
        return None
    index, _, payload = rest.partition(b"\n")
    parts, start = {}, 0
    for name, size in json.loads(index):
        parts[str(name)] = payload[start : start + size]
        start += size
    return parts


def facts_of(world: World, look: str) -> dict[str, str]:
    """What results depend on beside the question.

    world: the data.
    look: hash of templates and words.
    """
    return {
        "world": world.checksum,
        "name": f"{world.provenance.dataset}, {world.year}",
        "citation": world.provenance.citation,
        "version": __version__,
        "look": look,
        "language": LANGUAGE,
    }


def _bytes_of(parts: Parts) -> int:
    return sum(map(len, parts.values()))


class ResultCache:
    """Results in memory and on disk.

    folder: where they lie; made if absent.
    most_bytes: size of the folder from which results are dropped, the least recently used first.
    pinned: keys of results that all readers share: never dropped, in memory or on disk.
    Raises OutputError: The folder cannot be made.
    """

    def __init__(self, folder: Path, most_bytes: int = 1_000_000_000) -> None:
        self.folder = folder
        self.store = ResultStore(folder / "results", ".bin", most_bytes)
        self.pinned: set[str] = set()
        self._memory: Recent[str, dict[str, bytes]] = Recent(KEPT_BYTES, _bytes_of, self.pinned)
        self._touched: Recent[str, float] = Recent(TOUCHED)
        for part in ("results", "jobs"):
            make_folder(folder / part)

    def path(self, key: str) -> Path:
        """Place of a result; the key is a hash, so that nothing a user types becomes a path."""
        return self.store.path(_checked(key))

    def holds(self, key: str) -> bool:
        """Whether a result is on disk, without reading it."""
        return self.store.holds(_checked(key))

    def get(self, key: str) -> dict[str, bytes] | None:
        """Parts of a result, or None."""
        held = self._memory.get(_checked(key))
        if held is not None:
            self._touch(key, held)
            return held
        parts = unpack(self.store.get(key) or b"")
        if parts is not None:
            self._memory.put(key, parts)
            self._touched.put(key, time.monotonic())
        return parts

    def put(self, key: str, parts: Parts) -> None:
        """Keep a result; a disk that refuses costs speed, not the answer."""
        self._memory.put(_checked(key), dict(parts))
        self._touched.put(key, time.monotonic())
        self.store.put(key, pack(parts))

    def _touch(self, key: str, parts: Parts) -> None:
        """Note that a result is in use; write it again where somebody took its file."""
        now = time.monotonic()
        before = self._touched.get(key)
        if before is None or now >= before + TOUCH_SECONDS:
            self._touched.put(key, now)
            if not self.store.touch(key):
                self.store.put(key, pack(parts))

    def read(self, key: str) -> bytes | None:
        """One-part result, for the warm model's memo."""
        parts = self.get(key)
        return None if parts is None else parts.get("point")

    def write(self, key: str, content: bytes) -> None:
        """Keep a one-part result."""
        self.put(key, {"point": content})

    def trim(self) -> int:
        """Drop results beyond the size allowed, and sweeps that nobody came back for; how many results went."""
        for folder in (self.folder / "sweeps").glob("*"):
            with contextlib.suppress(OSError):
                if age(folder) > SWEEP_SECONDS:
                    remove_folder(folder)
        ResultStore(self.folder / "jobs", ".json").trim()
        return self.store.trim(self.pinned)

    def sweep_folder(self, key: str) -> Path:
        """Folder of an unfinished sweep, made and marked if absent; the key is a hash."""
        folder = self.folder / "sweeps" / _checked(key)
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
        return self.folder / "jobs" / f"{_checked(key)}.json"


def _checked(key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValueError("a key is a SHA-256 in hex")
    return key
