"""The user's store: files of the catalogue that were checked, copied, and written down with their source.

Layout: a folder a data set with its files and a ``manifest.json``. A file enters only after its reader opened it; it is
copied under another name first and takes its place when complete, so nobody ever sees half of one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs

from suasion.errors import DataError, InputError, OutputError, SourceFileError, UnreadableError
from suasion.files import checksum_of, exists, is_file, is_folder, write_json
from suasion.sources.catalogue import DataSet, catalogue, data_set

VARIABLE = "SUASION_DATA"
"""Environment variable that moves the store."""

MANIFEST = "manifest.json"
BY_HAND = "added by hand"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the store.

    file: its name.
    sha256: its checksum when it was added.
    added: day, as YYYY-MM-DD.
    source: address it came from, or ``added by hand``.
    holds: what its reader found: rows and years.
    as_published: whether it equals the version in the catalogue; None where the catalogue knows no checksum.
    """

    file: str
    sha256: str
    size: int
    added: str
    source: str
    holds: str
    as_published: bool | None = None


def store_folder(store: str | Path | None = None) -> Path:
    """Folder of the store: the one given, else that of ``SUASION_DATA``, else the user's data folder."""
    named = store or os.environ.get(VARIABLE)
    return Path(named).expanduser() if named else Path(platformdirs.user_data_dir("suasion")) / "data"


def manifest_of(name: str, store: str | Path | None = None) -> tuple[StoredFile, ...]:
    """Files of a data set in the store.

    Raises SourceFileError if the manifest is damaged.
    """
    path = store_folder(store) / name / MANIFEST
    try:
        if not is_file(path):
            return ()
    except UnreadableError as error:
        raise UnreadableError(f"{error} Or set {VARIABLE} to a folder of your own.") from error
    try:
        return tuple(StoredFile(**row) for row in json.loads(path.read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SourceFileError(f"{path} is damaged ({error}). Add the files of {name} again.") from error


def installed(store: str | Path | None = None) -> dict[str, tuple[StoredFile, ...]]:
    """Data sets in the store, with their files.

    Raises UnreadableError if a file has the store's name.
    """
    folder = store_folder(store)
    if is_file(folder):
        raise UnreadableError(
            f"{folder} is a file; your data are in a folder. Name one, or none for your own."
        )
    found = {name: manifest_of(name, store) for name in catalogue()}
    return {name: files for name, files in found.items() if files}


def located(name: str, store: str | Path | None = None) -> Path:
    """Where a data set lies: its file, or the folder of its files where there are several.

    Parameters
    ----------
    name : name in the catalogue
    store : folder of the store

    Returns
    -------
    Path
        To give to the reader.

    Raises
    ------
    InputError
        If there is no such data set.
    SourceFileError
        If it is not in the store; the message gives the commands that bring it there.
    """
    item = data_set(name)
    files = manifest_of(name, store)
    folder = store_folder(store) / name
    lost = [f.file for f in files if not is_file(folder / f.file)]
    if not files or lost:
        what = (
            f"{', '.join(lost)} of it is gone from {folder}"
            if lost
            else f"it is not in {store_folder(store)}"
        )
        fetch = f"run `suasion data fetch {name}`, or " if any(f.address for f in item.files) else ""
        raise SourceFileError(
            f"The data set {name} is needed: {what}. To get it, {fetch}download it from {item.page} and run "
            f"`{item.add_command()}`."
        )
    return folder / files[0].file if item.kind == "one" else folder


def load(name: str, store: str | Path | None = None, **options: Any) -> Any:
    """Read a data set from the store.

    name: name in the catalogue.
    store: folder of the store.
    **options: Further arguments of the reader, such as ``year`` or ``states``.
    Returns: What the reader returns.
    Raises SourceFileError if it is not in the store, or is not what it should be.
    """
    return data_set(name).function()(located(name, store), **options)


def add(
    name: str, paths: Sequence[str | Path], store: str | Path | None = None, *, source: str = BY_HAND
) -> tuple[StoredFile, ...]:
    """Check files with the data set's reader and copy them into the store.

    name: name in the catalogue.
    paths: files, or a folder that holds files named as published.
    store: folder of the store.
    source: address the files came from.
    Returns: Files of the data set now in the store. Adding the same files again changes nothing.
    Raises InputError if there is no such data set, or a part is not given.
    Raises SourceFileError if a file is absent or not what it should be; nothing is added then.
    Raises OutputError if the store cannot be written, or the disk is full.
    """
    from suasion.sources.catalogue import describe

    item = data_set(name)
    if not item.reader.startswith("suasion.sources"):
        raise InputError(f"{name} is not kept as files: read it with `{item.reader.replace(':', '.')}`.")
    chosen = chosen_files(item, [Path(p) for p in paths])
    before = manifest_of(name, store) if _readable(name, store) else ()
    folder = store_folder(store) / name
    with _staging(folder, chosen) as staged:
        sums = {path.name: _copied(path, staged / path.name) for path in chosen}
        kept = {f.file: f for f in before}
        same = all(n in kept and kept[n].sha256 == s and is_file(folder / n) for n, s in sums.items())
        if same and (item.kind == "years" or set(kept) == set(sums)):
            return before
        try:
            holds = describe(item, [staged / path.name for path in chosen])
        except DataError as error:  # the user knows the file by its own place
            raise type(error)(str(error).replace(f"{staged}{os.sep}", "")) from error
        new = [_entry(item, staged / n, s, source, holds[n]) for n, s in sums.items()]
        rows = _placed(item, staged, folder, new, store)
    return rows


def _placed(
    item: DataSet, staged: Path, folder: Path, new: Sequence[StoredFile], store: str | Path | None
) -> tuple[StoredFile, ...]:
    """Let new files take their places, and write the manifest: those of other years stay, other releases go."""
    named = {f.file for f in new}
    # Read again: another process may have added a year while this file was checked.
    before = manifest_of(item.name, store) if _readable(item.name, store) else ()
    others = [f for f in before if f.file not in named]
    stay = others if item.kind == "years" else []
    with _writing(folder):
        for file in new:
            (staged / file.file).replace(folder / file.file)
        rows = tuple(sorted([*stay, *new], key=lambda f: f.file))
        _write_manifest(item, folder, rows)
        for gone in others[len(stay) :]:
            (folder / gone.file).unlink(missing_ok=True)
    return rows


def verify(store: str | Path | None = None) -> list[dict[str, str]]:
    """Check every file in the store against its checksum.

    store: folder of the store.
    Returns: ``name``, ``file`` and ``state`` (``ok``, ``changed`` or ``missing``), one row a file.
    """
    rows = []
    for name, files in installed(store).items():
        for file in files:
            path = store_folder(store) / name / file.file
            state = "missing"
            if is_file(path):
                state = "ok" if checksum_of(path) == file.sha256 else "changed"
            rows.append({"name": name, "file": file.file, "state": state})
    return rows


def chosen_files(item: DataSet, paths: Sequence[Path]) -> list[Path]:
    """Files to add out of paths and folders.

    Raises SourceFileError if a path is absent, or a folder holds no published file.
    Raises InputError if a part is lacking, or several files are given where one is wanted.
    """
    files: list[Path] = []
    for path in paths:
        if not exists(path):
            raise SourceFileError(
                f"There is no file {path}. Give the file of {item.name} that you downloaded."
            )
        files += _in_folder(item, path) if is_folder(path) else [path]
    if item.kind == "parts":
        wanted = [f.name for f in item.files]
        lacking = [n for n in wanted if n not in {f.name for f in files}]
        if lacking:
            raise InputError(
                f"The data set {item.name} also needs {', '.join(lacking)}. Run `{item.add_command()}`."
            )
        files = [f for f in files if f.name in wanted]
    if item.kind == "one" and len(files) > 1:
        raise InputError(f"The data set {item.name} is one file; {len(files)} were given. Give one of them.")
    twice = sorted({f.name for f in files if sum(g.name == f.name for g in files) > 1})
    hidden = [f.name for f in files if f.name == MANIFEST or f.name.startswith(".")]
    if hidden:
        raise InputError(f"A file of the store may not be called {hidden[0]}. Give it its published name.")
    if twice or not files:
        raise InputError(f"Give each file of {item.name} once; {', '.join(twice) or 'none'} was given.")
    return files


def matches(path: Path, wanted: str) -> bool:
    """Whether a file has a checksum written as ``algorithm:digits``."""
    algorithm, _, digits = wanted.partition(":")
    return checksum_of(path, algorithm) == digits


def _in_folder(item: DataSet, folder: Path) -> list[Path]:
    span = range(item.years[0], item.years[1] + 1) if item.years else (None,)
    names = dict.fromkeys(f.of_year(y).name for f in item.files for y in span)
    there = [folder / n for n in names if is_file(folder / n)]
    if not there:
        shown = ", ".join(f.name for f in item.files)
        raise SourceFileError(
            f"{folder} holds no file of {item.name} named as published ({shown}). Give the file."
        )
    return there[:1] if item.kind == "one" else there


def _readable(name: str, store: str | Path | None) -> bool:
    try:
        manifest_of(name, store)
    except SourceFileError:
        return False  # a damaged manifest is replaced
    return True


def _copied(source: Path, target: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as incoming, target.open("wb") as out:
        while piece := incoming.read(1 << 20):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _entry(item: DataSet, path: Path, sha256: str, source: str, holds: str) -> StoredFile:
    known = next((f.checksum for f in item.files if f.name == path.name and f.checksum), "")
    same = None if not known else matches(path, known)
    day = datetime.now(tz=UTC).date().isoformat()
    return StoredFile(path.name, sha256, path.stat().st_size, day, source, holds, same)


def _write_manifest(item: DataSet, folder: Path, files: Sequence[StoredFile]) -> None:
    content: Mapping[str, Any] = {
        "name": item.name,
        "title": item.title,
        "page": item.page,
        "citation": item.citation,
        "licence": item.licence,
        "files": [asdict(f) for f in files],
    }
    write_json(folder / MANIFEST, content, durable=True)


@contextlib.contextmanager
def _staging(folder: Path, files: Sequence[Path]) -> Iterator[Path]:
    """Folder beside the store's files into which new ones are copied; gone afterwards."""
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        needed, free = sum(f.stat().st_size for f in files), shutil.disk_usage(folder).free
        if needed > free:
            raise OutputError(
                f"The disk of {folder} is full: {needed:,} bytes are needed, {free:,} are free. Free space, or give "
                f"another store (--store, or the variable {VARIABLE})."
            )
        staged = Path(tempfile.mkdtemp(dir=folder, prefix=".incoming-"))
    try:
        with _writing(folder):
            yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


@contextlib.contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Errors of the disk as one that says which folder and what to do."""
    try:
        yield
    except (DataError, InputError, OutputError):
        raise
    except OSError as error:
        raise OutputError(
            f"The store {folder} cannot be written: {error.strerror or error}. Free space, or give another store "
            f"(--store, or the variable {VARIABLE})."
        ) from error
