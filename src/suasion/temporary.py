"""Folders that the program makes for itself, marked so that it never removes another's.

A folder is removed only if it holds a marker whose content proves it: the name of the program, the number of the folder
itself in its file system (a copy of the folder, or another one put in its place, has another), a random identifier, and
the process that made it with the time at which that started (numbers of processes are given out again).
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import secrets
import shutil
import stat
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

MARKER = "suasion-folder.json"
PROGRAM = "suasion"
START_FIELD = 19
"""Place of the start time among the fields of ``/proc/PID/stat`` that follow the name of the program."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A process, told apart from all others of its number.

    host, boot, space: Name of the machine, its last start, and its table of processes (containers have their
      own).
    pid: number of the process.
    started: When it started, in the system's own count; empty where the system does not say.
    """

    host: str
    boot: str
    space: str
    pid: int
    started: str

    @property
    def gone(self) -> bool:
        """Whether the process is known to run no more; false where that cannot be known."""
        here = this_process()
        if self.host != here.host:
            return False
        if self.boot != here.boot:  # the machine was started again since
            return True
        return self.space == here.space and not _runs(self.pid, self.started)


def this_process() -> Owner:
    """Process that asks."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        space = str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        boot = space = ""
    return Owner(platform.node(), boot, space, os.getpid(), _started(os.getpid()))


def _started(pid: int) -> str:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return fields[START_FIELD] if len(fields) > START_FIELD else ""


def _runs(pid: int, started: str) -> bool:
    if os.name != "posix":  # elsewhere the question itself may end the process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return not started or _started(pid) in ("", started)


def made_folder(parent: str | Path, prefix: str) -> Path:
    """Make a folder of a new name that belongs to this process, and mark it.

    parent: where.
    prefix: begin of its name.
    Raises OSError: The parent is not there, or full, or may not be written.
    """
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        mark(folder)
    except OSError:
        (folder / MARKER).unlink(missing_ok=True)
        folder.rmdir()
        raise
    return folder


def mark(folder: Path) -> None:
    """Mark a folder that the caller has just made.

    folder: it is empty.
    Raises OSError: It is not empty, not there, or full.
    """
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} holds files already and is not marked as the program's own")
    proof = {"program": PROGRAM, "folder": folder.stat().st_ino, "id": secrets.token_hex(8)}
    content = {**proof, **asdict(this_process())}
    (folder / MARKER).write_text(json.dumps(content), encoding="utf-8")


def owner_of(folder: Path) -> Owner | None:
    """Process that made a folder; None where nothing proves that this program did.

    folder: it need not be there.
    """
    try:
        if not (stat.S_ISDIR(folder.lstat().st_mode) and stat.S_ISREG((folder / MARKER).lstat().st_mode)):
            return None
        found = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        if (found["program"], found["folder"]) != (PROGRAM, folder.stat().st_ino) or not found["id"]:
            return None
        host, boot, space = (str(found[name]) for name in ("host", "boot", "space"))
        return Owner(host, boot, space, int(found["pid"]), str(found["started"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remove_folder(folder: Path) -> bool:
    """Remove a folder that this program made, its marker last; leave any other.

    folder: it need not be there.
    Returns: Whether it bears its marker and is gone.
    """
    if owner_of(folder) is None:
        return False
    with contextlib.suppress(OSError):
        for inside in folder.iterdir():
            if inside.name == MARKER:
                continue
            try:
                inside.unlink()  # a link goes, not what it leads to
            except OSError:
                shutil.rmtree(inside, ignore_errors=True)
        if [inside.name for inside in folder.iterdir()] == [MARKER]:
            shutil.rmtree(folder, ignore_errors=True)
    return not os.path.lexists(folder)


def sweep(parent: str | Path, prefix: str) -> int:
    """Remove what processes that are gone left behind.

    parent: where :func:`made_folder` made them.
    prefix: begin of their names.
    Returns: Number of folders removed.
    """
    removed = 0
    with contextlib.suppress(OSError):
        for folder in Path(parent).iterdir():
            owner = owner_of(folder) if folder.name.startswith(prefix) else None
            removed += owner is not None and owner.gone and remove_folder(folder)
    return removed
