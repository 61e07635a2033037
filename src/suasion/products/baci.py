"""Adding CEPII's BACI to a product store: all products, all years, straight from the zip."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from suasion.errors import InputError, OutputError
from suasion.files import write_json
from suasion.products.baci_files import FilePart, FilePlan, digest, plan
from suasion.products.baci_rows import CODES, NUMBERS, AllowedCodes, Tally, blocks
from suasion.products.store import POINTER, read_pointer, side_by_side, user_store
from suasion.sources.baci_countries import baci_countries
from suasion.temporary import made_folder, remove_folder, sweep
from suasion.types import Progress

PARTIAL = ".partial-"
MILLION = 1e3  # thousand USD in a million USD


Part = dict[str, Any]
"""Counts of one year: ``file`` in the store, ``source`` (file it was read from), ``year``, ``rows`` (flows), ``value``
(their sum, thousand USD), ``no_quantity`` (flows without a quantity)."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did.

    Attributes
    ----------
    store : folder of the store
    revision, release : what was added
    digest : SHA-256 over the content of the files
    parts : counts of each year of the store, ascending: ``file``, ``source``, ``year``, ``rows``, ``value`` (thousand
        USD), ``no_quantity``
    already : whether the same content was there before; nothing was written then
    replaced : release that this one replaced; may be empty
    reread : years of the same release that were read anew
    """

    store: Path
    revision: str
    release: str
    digest: str
    parts: tuple[Part, ...]
    already: bool
    replaced: str = ""
    reread: int = 0

    columns = ("year", "flows", "value, m USD", "flows without quantity", "from")

    def rows(self) -> list[tuple[Any, ...]]:
        """One row a year for printing, in the order of :attr:`columns`, and the total last."""
        rows = [
            (p["year"], p["rows"], round(p["value"] / MILLION), p["no_quantity"], p["source"])
            for p in self.parts
        ]
        flows, value, blank = (sum(p[name] for p in self.parts) for name in ("rows", "value", "no_quantity"))
        return [*rows, ("total", flows, round(value / MILLION), blank, "")]


def ingest_baci(
    paths: Sequence[Path] | Path, store: Path | None = None, *, progress: Progress | None = None
) -> IngestReport:
    """Add official BACI files to a product store.

    Parameters
    ----------
    paths : zips as CEPII offers them, their CSV files, or folders of these. All of one revision and release.
    store : folder of the store; the user's own without it
    progress : called with years done, years in all, and the file just read

    Returns
    -------
    IngestReport
        Counts and totals by year. Years that the store had of the same release stay; a newer release of the same
        revision replaces the old one, and a note says so.

    Raises
    ------
    InputError
        If files do not belong together, or the store holds another revision.
    DataError, DuplicateLabelError, SourceFileError
        If a file is not what it should be; the message names file, line and value. Nothing is kept then.
    OutputError
        If the store cannot be written.
    """
    base = Path(store) if store is not None else user_store()
    files = [paths] if isinstance(paths, str | Path) else paths
    if odd := [one for one in files if not isinstance(one, str | Path)]:
        raise InputError(f"paths holds {odd[0]!r}; give paths of files or folders.")
    chosen = plan(files)
    content = digest(files)
    head = _head(base, chosen)
    if head is not None and content in head["digests"]:
        return _report(base, head, content, already=True)
    try:
        base.mkdir(parents=True, exist_ok=True)
        sweep(base, PARTIAL)  # what ingests left behind when they were killed
        work = made_folder(base, PARTIAL)
    except OSError as error:
        raise OutputError(f"{base} cannot be written: {error}. Choose another folder.") from error
    try:
        return _fill(base, work, chosen, content, progress)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"{base} cannot be written: {error}. Free space, or choose another.") from error
    finally:
        remove_folder(work)


def _head(base: Path, chosen: FilePlan) -> dict[str, Any] | None:
    """Release in use; None for a new store. Files of another revision are refused."""
    head = read_pointer(base)
    if head is not None and head["revision"] != chosen.revision:
        raise InputError(
            f"The store {base} holds {head['revision']}, the files are {chosen.revision}. Give another store."
        )
    return head


@contextmanager
def _alone(base: Path) -> Iterator[None]:
    """Hold the store while it changes: a second ingest waits here, and one that is killed lets go."""
    if sys.platform == "win32":  # no lock of a folder there
        yield
        return
    import fcntl

    folder = os.open(base, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _fill(base: Path, work: Path, chosen: FilePlan, content: str, progress: Progress | None) -> IngestReport:
    """Write all into the working folder, then put it in place, beside what the store holds by then."""
    countries = _countries(chosen)
    parts = _write_all(chosen, _allowed(chosen, countries), work, progress)
    countries.to_parquet(work / "countries.parquet", index=False)
    with _alone(base):
        head = _head(base, chosen)
        if head is not None and content in head["digests"]:
            return _report(base, head, content, already=True)
        return _join(base, work, chosen, content, parts, head)


def _join(
    base: Path,
    work: Path,
    chosen: FilePlan,
    content: str,
    parts: list[Part],
    head: dict[str, Any] | None,
) -> IngestReport:
    """Add the years that the store keeps, and publish."""
    kept, changed, digests = _kept(base, work, chosen, head)
    products = _products(chosen, base, head if kept else None)
    products.to_parquet(work / "products.parquet", index=False)
    every = sorted([*parts, *kept], key=lambda part: part["year"])
    new = {
        "folder": f"{chosen.revision}-{chosen.release}-{content[:12]}{work.name.removeprefix(PARTIAL[:-1])}",
        "revision": chosen.revision,
        "release": chosen.release,
        "digests": [*digests, content],
        "parts": every,
        **changed,
    }
    _publish(base, work, new, head)
    return _report(base, new, content, already=False)


def _countries(chosen: FilePlan) -> pd.DataFrame:
    """Country table: ours, and what only the release's own list knows."""
    table = baci_countries()
    known = set(table["number"])
    extra = [(n, iso, name, 0, 9999) for n, (iso, name) in chosen.countries.items() if n not in known]
    return pd.concat([table, pd.DataFrame(extra, columns=table.columns)], ignore_index=True).astype(
        {"number": "int64", "first_year": "int64", "last_year": "int64"}
    )


def _products(chosen: FilePlan, base: Path, head: dict[str, Any] | None) -> pd.DataFrame:
    table = pd.DataFrame(
        {"product": [f"{code:06d}" for code in chosen.products], "name": list(chosen.products.values())},
        dtype="str",
    )
    if table.empty and head is not None:
        return pd.read_parquet(base / head["folder"] / "products.parquet")
    return table


def _allowed(chosen: FilePlan, countries: pd.DataFrame) -> AllowedCodes:
    numbers = np.zeros(NUMBERS, bool)
    numbers[countries["number"].to_numpy()] = True
    codes = np.zeros(CODES, bool)
    if chosen.products:
        codes[list(chosen.products)] = True
    else:
        codes[10_000:] = True  # chapters 01 to 99
    return AllowedCodes(numbers, codes)


def _write_all(chosen: FilePlan, allowed: AllowedCodes, work: Path, progress: Progress | None) -> list[Part]:
    """Read years side by side: unpacking, parsing and packing release the interpreter's lock."""
    done: list[Part] = []
    workers = min(os.cpu_count() or 1, 8)
    for part in side_by_side(lambda file: _write(file, allowed, work), chosen.trade, workers):
        done.append(part)
        if progress is not None:
            progress(len(done), len(chosen.trade), part["source"])
    return done


def _write(part: FilePart, allowed: AllowedCodes, work: Path) -> Part:
    name = f"trade-{part.year}.parquet"
    tally = Tally()
    writer: pq.ParquetWriter | None = None
    try:
        for table in blocks(part, allowed, tally):
            writer = writer or pq.ParquetWriter(
                work / name,
                table.schema,
                compression="zstd",
                compression_level=1,
                use_dictionary=["year", "exporter", "importer", "product"],
            )
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()
    return {
        "file": name,
        "source": part.name,
        "year": part.year,
        "rows": tally.rows,
        "value": tally.value,
        "no_quantity": tally.no_quantity,
    }


def _kept(
    base: Path, work: Path, chosen: FilePlan, head: dict[str, Any] | None
) -> tuple[list[Part], dict[str, str | int], list[str]]:
    """Years of the same release that the store has already; linked, not copied. And what of the store changed."""
    if head is None:
        return [], {}, []
    if head["release"] != chosen.release:
        return [], {"replaced": head["release"]}, []
    years = {part.year for part in chosen.trade}
    kept = [part for part in head["parts"] if part["year"] not in years]
    for part in kept:
        _link(base / head["folder"] / part["file"], work / part["file"])
    dropped = len(head["parts"]) - len(kept)
    changed: dict[str, str | int] = {"reread": dropped} if dropped else {}
    return kept, changed, [] if dropped else list(head["digests"])


def _link(old: Path, new: Path) -> None:
    """Give a file a second name; copy it where the file system knows no links."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)


def _publish(base: Path, work: Path, new: dict[str, Any], head: dict[str, Any] | None) -> None:
    """Put the folder in place, then point to it; readers see the old release or the new one."""
    work.rename(base / new["folder"])
    write_json(base / POINTER, new, durable=True)
    if head is not None:  # its pointer may name any folder: only the marker proves one ours
        remove_folder(base / Path(head["folder"]).name)


def _report(base: Path, head: dict[str, Any], content: str, *, already: bool) -> IngestReport:
    changed = {} if already else {key: head[key] for key in ("replaced", "reread") if key in head}
    return IngestReport(
        base, head["revision"], head["release"], content, tuple(head["parts"]), already, **changed
    )
