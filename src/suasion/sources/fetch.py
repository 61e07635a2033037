"""Fetch a data set of the catalogue from its address into the store; where that fails, say how to get it by hand.

A download goes to a file beside the store's own, ``.part-NAME``, and continues from there when it is cut off. It enters
the store only when its size and checksum are right, where they are known, and its reader opened it.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.errors import ChecksumError, DataError, InputError, OutputError, SourceFileError
from suasion.extras import need
from suasion.files import checksum_of, is_file, make_folder
from suasion.sources.catalogue import UNKNOWN, DataSet, PublishedFile, data_set
from suasion.sources.catalogue_store import StoredFile, add, matches, store_folder
from suasion.types import Progress

if TYPE_CHECKING:
    import httpx


TEMPORARY = (408, 425, 429, 500, 502, 503, 504)
"""Answers after which another try makes sense."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait and how often to try.

    connect, read: seconds to wait for a connection, and for the next piece of the answer.
    tries: tries in all; each continues where the last one stopped.
    redirects: redirections to follow.
    """

    connect: float = 15.0
    read: float = 60.0
    tries: int = 3
    redirects: int = 5


def fetch(
    name: str,
    year: int | None = None,
    store: str | Path | None = None,
    *,
    address: str = "",
    patience: Patience | None = None,
    progress: Progress | None = None,
) -> tuple[StoredFile, ...]:
    """Fetch a data set into the store.

    name: name in the catalogue.
    year: year, for data sets with a file a year.
    store: folder of the store.
    address: another address than the catalogue's.
    patience: time-outs and tries.
    progress: called with bytes so far, bytes in all (0 where unknown) and the file's name.
    Returns: Files of the data set now in the store.
    Raises InputError if there is no such data set, or the year is not one of it.
    Raises SourceFileError if it cannot be fetched; the message gives the page, the file and the command that
      adds it by hand.
    Raises ChecksumError if what came is not the file that was published.
    Raises OutputError if the store cannot be written.
    """
    item = data_set(name)
    if item.kind == "parts" and not address:
        return _parts(item, store, patience or Patience(), progress)
    got = download(name, year, store, address=address, patience=patience, progress=progress)
    file = item.file_of(year)
    return _added(item, [got], store, address or file.address, file)


def download(
    name: str,
    year: int | None = None,
    store: str | Path | None = None,
    *,
    address: str = "",
    patience: Patience | None = None,
    progress: Progress | None = None,
) -> Path:
    """Bring a file beside the store, complete and checked, without adding it.

    name, year, store, address, patience, progress: As for :func:`fetch`.
    Returns: The file; remove it when it is used.
    Raises InputError, SourceFileError, ChecksumError, OutputError: As for :func:`fetch`.
    """
    item = data_set(name)
    file = item.file_of(year)
    return _download(item, file, address or file.address, store, patience or Patience(), progress)


def by_hand(item: DataSet, file: PublishedFile) -> str:
    """How to get a file without this program: page, name, size and checksum as far as known, and the command.

    item: entry of the catalogue.
    file: the file wanted.
    Returns: Sentences.
    """
    page = f"download it from {item.page}" if item.page != UNKNOWN else "no page is known"
    size = f"{file.size:,} bytes" if file.size else "size unknown"
    checksum = file.checksum or "checksum unknown"
    key = (
        f" An access key is free at {item.key_page}; put it into {item.key_variable}."
        if item.key_variable
        else ""
    )
    command = item.add_command("" if item.kind == "parts" else file.name)
    return f"By hand: {page}; file {file.name} ({size}, {checksum}); then run `{command}`.{key}"


def _parts(
    item: DataSet, store: str | Path | None, patience: Patience, progress: Progress | None
) -> tuple[StoredFile, ...]:
    got = [_download(item, file, file.address, store, patience, progress) for file in item.files]
    return _added(item, got, store, item.page, item.files[0])


def _added(
    item: DataSet, files: list[Path], store: str | Path | None, address: str, wanted: PublishedFile
) -> tuple[StoredFile, ...]:
    try:
        stored = add(item.name, files, store, source=address)
    except DataError as error:
        for path in files:
            _forget(path)
        raise SourceFileError(
            f"What came from {address} is not {item.name}: {error} {by_hand(item, wanted)}"
        ) from error
    for path in files:
        _forget(path)
    return stored


def _download(
    item: DataSet,
    file: PublishedFile,
    address: str,
    store: str | Path | None,
    patience: Patience,
    progress: Progress | None,
) -> Path:
    """Bring a file beside the store, complete and checked."""
    if not address:
        raise SourceFileError(f"No address is known for {item.name}. {by_hand(item, file)}")
    headers = _headers(item, file)
    folder = store_folder(store) / item.name / ".part"
    target = make_folder(folder) / file.name
    reason = ""
    for _ in range(patience.tries):
        reason, again = _try(address, headers, target, patience, progress)
        if not reason:
            _check(item, file, target, address)
            return target
        if not again:
            break
    raise SourceFileError(f"{item.name} could not be fetched from {address}: {reason}. {by_hand(item, file)}")


def _headers(item: DataSet, file: PublishedFile) -> dict[str, str]:
    """Headers to send; the access key comes from the environment and is never printed."""
    headers = {"Accept-Encoding": "identity"}
    if item.accept:
        headers["Accept"] = item.accept
    if item.key_variable:
        key = os.environ.get(item.key_variable, "")
        if not key:
            raise InputError(
                f"{item.name} needs an access key in the variable {item.key_variable}. {by_hand(item, file)}"
            )
        headers[item.key_header] = key
    return headers


def _try(
    address: str, headers: Mapping[str, str], target: Path, patience: Patience, progress: Progress | None
) -> tuple[str, bool]:
    """Try once to fetch or to go on; what went wrong (empty if nothing did), and whether another try makes sense."""
    httpx = need("httpx")
    have = _resumable(target, address)
    sent = dict(headers)
    if have:
        sent |= {"Range": f"bytes={have}-", "If-Range": _notes(target).get("validator", "")}
    limits = httpx.Timeout(patience.read, connect=patience.connect)
    try:
        with (
            httpx.Client(timeout=limits, follow_redirects=True, max_redirects=patience.redirects) as client,
            client.stream("GET", address, headers=sent) as answer,
        ):
            return _received(answer, address, target, have, progress)
    except httpx.TooManyRedirects:
        return f"more than {patience.redirects} redirections", False
    except httpx.TimeoutException:
        return f"no answer within {patience.read:g} seconds", True
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return str(error) or type(error).__name__, True
    except OSError as error:
        raise OutputError(
            f"{target} cannot be written: {error.strerror or error}. Free space, or give another store."
        ) from error


def _received(
    answer: httpx.Response, address: str, target: Path, have: int, progress: Progress | None
) -> tuple[str, bool]:
    if address.startswith("https:") and answer.url.scheme != "https":
        return "it redirects to an address that is not encrypted", False
    begins = answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
    if answer.status_code == 416 or (answer.status_code == 206 and not begins):  # begin anew
        _forget(target)
        return "the part already here fits no file there", True
    if answer.status_code not in (200, 206):
        return (
            f"the server answers {answer.status_code} {answer.reason_phrase}",
            answer.status_code in TEMPORARY,
        )
    start = have if answer.status_code == 206 else 0
    packed = "Content-Encoding" in answer.headers  # the length is then that of the packed file
    length = 0 if packed else int(answer.headers.get("Content-Length") or 0)
    _note(target, address, answer.headers.get("ETag") or answer.headers.get("Last-Modified") or "")
    done = start
    with target.open("ab" if start else "wb") as out:
        for piece in answer.iter_bytes():  # as they come: a larger piece would be lost with the connection
            out.write(piece)
            done += len(piece)
            if progress is not None:
                progress(done, start + length if length else 0, target.name)
    if length and done != start + length:
        return f"the answer ended after {done:,} of {start + length:,} bytes", True
    return "", False


def _check(item: DataSet, file: PublishedFile, target: Path, address: str) -> None:
    size = target.stat().st_size
    if file.size is not None and size != file.size:
        _forget(target)
        raise ChecksumError(
            f"{address} gave {size:,} bytes, {file.name} has {file.size:,}: another release, or damaged. "
            f"{by_hand(item, file)}"
        )
    if file.checksum and not matches(target, file.checksum):
        found = checksum_of(target, file.checksum.partition(":")[0])
        _forget(target)
        raise ChecksumError(
            f"{address} gave a file with checksum {found}, not {file.checksum}: another release, or damaged. "
            f"{by_hand(item, file)}"
        )


def _resumable(target: Path, address: str) -> int:
    """Bytes already here that can be continued: of the same address, and with a mark of the file's version."""
    notes = _notes(target)
    if not is_file(target) or notes.get("address") != address or not notes.get("validator"):
        return 0
    return target.stat().st_size


def _notes(target: Path) -> dict[str, Any]:
    path = target.with_name(target.name + ".json")
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _note(target: Path, address: str, validator: str) -> None:
    path = target.with_name(target.name + ".json")
    path.parent.mkdir(parents=True, exist_ok=True)
    # A weak mark does not promise the same bytes.
    text = json.dumps({"address": address, "validator": "" if validator.startswith("W/") else validator})
    path.write_text(text, encoding="utf-8")


def _forget(target: Path) -> None:
    target.unlink(missing_ok=True)
    target.with_name(target.name + ".json").unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # other parts may lie beside it
        target.parent.rmdir()
