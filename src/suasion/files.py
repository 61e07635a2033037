"""Files of users: looked at, read and written in one way, with one clear error.

`pathlib` raises where a folder may not be entered or a name is too long, and answers False where a file is
absent; a program that asks in forty places answers with forty tracebacks. Whoever meets a path that a user
may have given asks here. Writing is atomic: a reader sees the old file or the new one, never half of it.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import IO, Any, TypeVar
from zipfile import BadZipFile

from suasion.errors import ChecksumError, InputError, OutputError, SourceFileError, UnreadableError

Kept = TypeVar("Kept")

#: What begins the name of a file that is still being written.
DRAFT = ".suasion-"
#: Errors that mean: there is no room.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
#: Errors that mean: there is no such file.
_ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})


#: The list of checksums that the data files of the package came with, as ``sha256sum`` writes it.
CHECKSUMS = "checksums.txt"
#: Endings of data files, and what holds words and layout alone.
_DATA = {".json", ".csv", ".parquet", ".toml", ".yaml", ".npz", ".gz", ".txt", ".jsonl"}
_WORDS = {
    "language",
    "schema",
    "templates",
    "static",
    "__pycache__",
    "remarks.toml",
    "instruments.toml",
    "words.toml",
    "doubts.toml",
    CHECKSUMS,
}
_MEND = "Install the package again (in a checkout, after a change on purpose: python tools/make_docs.py)."
#: Checksums of what this process has read of the package, by path below it.
_READ: dict[str, str] = {}


def package_folder() -> Path:
    """Folder of the package."""
    return Path(str(resources.files("suasion")))


@cache
def published() -> Mapping[str, str]:
    """Checksums that the data files of the package came with, by path below it.

    Raises SourceFileError: The list is absent or damaged.
    """
    try:
        lines = (package_folder() / CHECKSUMS).read_text("ascii").splitlines()
        return {name: checksum for checksum, name in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError) as reason:
        raise SourceFileError(f"The list {CHECKSUMS} of the package cannot be read. {_MEND}") from reason


def is_data(place: str) -> bool:
    """Whether a file of the package, by its path below it, holds data, which have a checksum, and not words."""
    path = Path(place)
    return path.suffix in _DATA and not _WORDS & set(path.parts)


def shipped(package: str, name: str, read: Callable[[IO[bytes]], Kept]) -> Kept:
    """Read a file that comes with a package of Suasion, held to its checksum.

    package, name: such as ``"suasion.statecraft.tables"`` and the file's name, or its path below the package.
    read: from the open file to what is made of it.
    Raises SourceFileError: The installation lacks the file, or it is damaged.
    """
    content = shipped_bytes(package, name)
    try:
        return read(io.BytesIO(content))
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as reason:
        raise SourceFileError(f"The file {name} cannot be read ({reason}). {_MEND}") from reason


def shipped_text(package: str, name: str) -> str:
    """Text of a file that comes with a package of Suasion; see :func:`shipped`."""
    return shipped(package, name, lambda file: file.read().decode("utf-8"))


def shipped_bytes(package: str, name: str) -> bytes:
    """Content of a file that comes with a package of Suasion, held to its checksum.

    Raises SourceFileError: The installation lacks the file.
    Raises ChecksumError: It is not the one that was published.
    """
    place = "/".join([*package.split(".")[1:], name])
    try:
        content = (package_folder() / place).read_bytes()
    except OSError as reason:
        missing = reason.errno in _ABSENT
        what = "is missing" if missing else f"cannot be read ({reason.strerror or reason})"
        raise SourceFileError(f"The file {name} of the package {what}. {_MEND}") from reason
    _hold(place, content)
    return content


def hold(path: Path, content: bytes) -> None:
    """Hold what was read from a path to its checksum, if it is a data file of the package; others are not looked at.

    Raises ChecksumError: It is not the one that was published.
    """
    if path.is_relative_to(package_folder()):
        _hold(path.relative_to(package_folder()).as_posix(), content)


def _hold(place: str, content: bytes) -> None:
    if is_data(place):
        found = hashlib.sha256(content).hexdigest()
        if found != published().get(place):
            raise ChecksumError(f"The file {place} of the package is not the one that was published. {_MEND}")
        _READ[place] = found


def shipped_checksum(package: str, name: str) -> str:
    """SHA-256 of a data file of the package as it was read, not as it was published; see :func:`shipped_bytes`."""
    place = "/".join([*package.split(".")[1:], name])
    if place not in _READ:
        shipped_bytes(package, name)
    return _READ[place]


def _mode(path: Path) -> int:
    """Type and rights of what a path leads to, links followed; 0 if there is nothing."""
    try:
        return path.stat().st_mode
    except OSError as error:
        if error.errno in _ABSENT:
            return 0
        raise unreadable(path, error) from error
    except ValueError as error:  # a NUL byte
        raise UnreadableError(f"{path!s:.80} is no path: {error}. Give another.") from error


def is_file(path: Path) -> bool:
    """Whether a path leads to something that can be read as a file: a regular one, a pipe, or a device.

    Raises UnreadableError: Nobody may say: a folder on the way may not be entered, or the name is too long.
    """
    mode = _mode(path)
    return bool(mode) and not stat.S_ISDIR(mode)


def is_folder(path: Path) -> bool:
    """Whether a path leads to a folder.

    Raises UnreadableError: As for :func:`is_file`.
    """
    return stat.S_ISDIR(_mode(path))


def exists(path: Path) -> bool:
    """Whether a path leads to anything.

    Raises UnreadableError: As for :func:`is_file`.
    """
    return bool(_mode(path))


def unreadable(path: Path, error: OSError) -> UnreadableError:
    """The error that says which path cannot be read, why, and what to do."""
    shown = str(path)
    shown = shown if len(shown) <= 120 else f"{shown[:60]}...{shown[-40:]}"
    return UnreadableError(f"{shown} cannot be read: {error.strerror or error}. {_advice(error)}")


def _advice(error: OSError) -> str:
    if error.errno in (errno.EACCES, errno.EPERM):
        return "Give yourself the right to read it, or name another."
    if error.errno == errno.ENAMETOOLONG:
        return "Give a shorter path."
    if error.errno in _ABSENT:
        return "Check the path."
    return "Name another."


def read_bytes(path: Path) -> bytes:
    """Content of a file.

    Raises UnreadableError: It is absent, a folder, or may not be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error


def checksum_of(path: Path, algorithm: str = "sha256") -> str:
    """Checksum of a file, read piece by piece."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, algorithm).hexdigest()


def inside(folder: Path) -> list[Path]:
    """What is in a folder, sorted by name; empty if it is absent or no folder.

    Raises UnreadableError: It may not be listed.
    """
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        if error.errno in _ABSENT:
            return []
        raise unreadable(folder, error) from error


def check_writable(path: str | Path) -> Path:
    """Make sure that a file can be written, before the work whose result it shall hold.

    path: the file. A symbolic link stands for what it leads to.
    Returns: The file that will be written, links resolved.
    Raises OutputError if the path is a folder, a device, a pipe or a read-only file, or its folder is absent
      or not writable.
    """
    target, _ = _destination(Path(path))
    draft = _new(target)
    draft.unlink()
    return target


def check_folder(folder: Path) -> None:
    """Make sure that files can be put into a folder, which need not be there yet, before the work.

    Raises OutputError if it is no folder and cannot become one, or nothing can be written there.
    """
    place = folder
    while not os.path.lexists(place) and place != place.parent:
        place = place.parent
    if not is_folder(place):
        what = "a link that leads nowhere" if place.is_symlink() and not exists(place) else "no folder"
        raise OutputError(f"cannot write into {folder}: {place} is {what}; choose another folder")
    check_writable(place / DRAFT)


def path_of(value: object, example: str, call: str) -> Path:
    """Return what a caller named as a file.

    value: As given.
    example, call: A name that would do, and who takes it, for the message.
    Raises InputError if it is no text and no path, or empty.
    """
    if isinstance(value, str | Path) and str(value):
        return Path(value)
    given = f"it is {value!r:.40} ({type(value).__name__})" if str(value) else "none was given"
    raise InputError(f"A file has a name, as {example!r}; {given}. Write {call}({example!r})")


def write_text(path: str | Path, text: str) -> Path:
    """Write a text file (UTF-8) in one step; see :func:`write_bytes`.

    Raises OutputError if it cannot be written; what was there before stays.
    """
    return write_bytes(path, text.encode("utf-8"))


def write_json(path: str | Path, content: Any, *, durable: bool = False) -> Path:
    """Write a JSON file with sorted keys; see :func:`write_bytes`."""
    text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return write_bytes(path, f"{text}\n".encode(), durable=durable)


def write_bytes(path: str | Path, content: bytes, *, durable: bool = False) -> Path:
    """Write a file in one step: a reader sees the old file or the new one, never half of it.

    path: the file.
    content: what it shall hold.
    durable: See :func:`replacing`.
    Returns: The file that was written, links resolved.
    Raises OutputError if it cannot be written; what was there before stays.
    """
    with replacing(path, durable=durable) as file:
        file.write(content)
    return Path(path).resolve()


@contextmanager
def replacing(path: str | Path, *, durable: bool = False) -> Iterator[IO[bytes]]:
    """Open a new file that takes the place of another when the block ends well.

    path: the file. A symbolic link stays, and what it leads to is replaced. A new file has the rights that
      the user's mask leaves, an old one keeps its own.
    durable: whether it must outlive a loss of power: where another file will say that this one is complete.
    Yields: Open for writing and seeking; its ``name`` is that of the draft.
    Raises OutputError if it cannot be written; what was there before stays, and nothing else is left behind.
    """
    target, mode = _destination(Path(path))
    draft = _new(target)
    try:
        with draft.open("r+b") as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        if mode:
            draft.chmod(stat.S_IMODE(mode))
        draft.replace(target)
        if durable:
            _sync_folder(target.parent)
    except OutputError:
        raise
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        draft.unlink(missing_ok=True)


def _destination(path: Path) -> tuple[Path, int]:
    """The file behind a path and its type and rights (0 if it is new); refused unless it can be replaced."""
    try:
        target = path.resolve()
        if (
            target.is_symlink()
        ):  # links that lead round in a circle: from Python 3.13 on they resolve to one of them
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        mode = _mode(target)
    except (OSError, RuntimeError, UnreadableError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(f"cannot write {path!s:.120}: {reason.rstrip('.')}; choose another path") from error
    if stat.S_ISDIR(mode):
        raise OutputError(f"cannot write {path}: it is a folder; name a file in it")
    if mode and not stat.S_ISREG(mode):
        raise OutputError(f"cannot write {path}: it is a device or a pipe, not a file; name a file")
    # The bits are asked too, since root may write everywhere: read-only is said on purpose.
    if mode and not (mode & 0o222 and os.access(target, os.W_OK)):
        raise OutputError(f"cannot write {path}: it is read-only; allow writing, or choose another")
    if not target.parent.is_dir():
        raise OutputError(
            f"cannot write {path}: the folder {target.parent} does not exist; make it, or choose another"
        )
    return target, mode


def _new(target: Path) -> Path:
    """A new empty file beside another; the user's mask decides its rights."""
    draft = target.with_name(f"{DRAFT}{secrets.token_hex(8)}")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        raise _unwritable(target, error) from error
    return draft


def _unwritable(target: Path, error: OSError) -> OutputError:
    advice = "free space" if error.errno in FULL else "allow writing"
    return OutputError(
        f"cannot write {target}: {error.strerror or error}; {advice}, or choose another folder"
    )


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder outlive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> Path:
    """Make a folder and those above it.

    Raises OutputError if it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"The folder {folder} cannot be made: {error.strerror or error}. Choose another, or allow writing."
        ) from error
    return folder
