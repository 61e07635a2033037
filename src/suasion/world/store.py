"""Write a world to one file and read it back: plain arrays and JSON in an ``npz``, no pickle."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from suasion.errors import ChecksumError, SourceFileError
from suasion.files import is_file, replacing, unreadable
from suasion.types import FloatArray
from suasion.world import arrays as acc
from suasion.world.provenance import Provenance
from suasion.world.uses import UseKind, UseMatrix

if TYPE_CHECKING:
    from suasion.world.world import World

FORMAT = "suasion world 1"
META = "meta.json"


def save(world: World, path: str | Path, use: bool = True) -> Path:
    """Write a world to one file: it is complete or absent, never half written.

    world: The accounts to write.
    path: File to write, by custom with the ending ``.npz``; an existing one is replaced.
    use: Write the full use matrix too, where there is one; it is by far the largest part.
    Returns: The file written.
    Raises OutputError if the file cannot be written.
    """
    target = Path(path)
    meta = meta_of(world)
    matrix = world.use if use else None
    meta["use"] = world.use_kind if matrix is not None else "none"
    with replacing(target, durable=True) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(META, json.dumps(meta, indent=1, ensure_ascii=False))
        for name in acc.STORED:
            _write(archive, name, world.arrays[name])
        if matrix is not None:
            _write(archive, "use", matrix)
    return target


def load(path: str | Path) -> World:
    """Read a world written by :func:`save`; the checksum and every identity are verified.

    path: The file. The full use matrix, if it holds one, is read from it when first asked for.
    Raises SourceFileError if the file is absent or not a world.
    Raises ChecksumError if its numbers are not those that were written.
    """
    from suasion.world.world import World as Built

    source = Path(path)
    if not is_file(source):
        raise SourceFileError(f"There is no file {source}. Write one with `world.save(path)`.")
    try:
        with zipfile.ZipFile(source) as archive:
            meta = json.loads(archive.read(META))
            arrays = {name: _read(archive, name) for name in acc.STORED}
    except OSError as error:
        raise unreadable(source, error) from error
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise SourceFileError(
            f"{source} is not a world file, or it is damaged: {error}. Save it again."
        ) from error
    world = Built(arrays=arrays, use_matrix=_stored_use(source, meta["use"]), **fields_of(meta))
    if world.checksum != meta["checksum"]:
        raise ChecksumError(
            f"{source} differs from what was saved: checksum {world.checksum}, not {meta['checksum']}."
        )
    return world


def meta_of(world: World) -> dict[str, Any]:
    """Return what a file says of a world beside its arrays."""
    return {
        "format": FORMAT,
        "checksum": (world if world.response is None else world.replace(response=None)).checksum,
        "year": world.year,
        "countries": world.countries,
        "sectors": world.sectors,
        "factors": world.factors,
        "missing": sorted(world.missing),
        "notes": world.notes,
        "sector_names": dict(world.sector_names),
        "provenance": world.provenance.to_dict(),
    }


def fields_of(meta: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a world of what :func:`meta_of` made."""
    tuples = {name: tuple(meta[name]) for name in ("countries", "sectors", "factors", "notes")}
    return {
        **tuples,
        "year": meta["year"],
        "missing": frozenset(meta["missing"]),
        "sector_names": meta["sector_names"],
        "provenance": Provenance.from_dict(meta["provenance"]),
    }


def _stored_use(source: Path, kind: str) -> UseMatrix | None:
    known: dict[str, UseKind] = {name: name for name in get_args(UseKind)}
    if kind not in known:
        return None

    def read() -> FloatArray:
        with zipfile.ZipFile(source) as archive:
            return _read(archive, "use")

    return UseMatrix(known[kind], read)


def _write(archive: zipfile.ZipFile, name: str, values: FloatArray) -> None:
    with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
        np.lib.format.write_array(member, values, allow_pickle=False)


def _read(archive: zipfile.ZipFile, name: str) -> FloatArray:
    with archive.open(f"{name}.npy") as member:
        return np.asarray(np.lib.format.read_array(member, allow_pickle=False), dtype=np.float64)
