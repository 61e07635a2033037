"""A world in the forms of other tools: labelled arrays, a tidy frame, NetCDF, pymrio; and its own file, and back."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pandas as pd
import xarray as xr

from suasion.errors import ChecksumError, SourceFileError
from suasion.extras import need
from suasion.files import is_file, replacing, unreadable
from suasion.types import FloatArray
from suasion.world import arrays as acc
from suasion.world.aggregate import from_arrays
from suasion.world.checks import Provenance
from suasion.world.uses import UseKind, UseMatrix

if TYPE_CHECKING:
    from suasion.world.world import World

FINAL = "final use"
"""Name of the one category of final use."""
UNIT = "million USD"


def to_xarray(world: World) -> xr.Dataset:
    """Return all arrays over their labels, with units and meaning in their attributes.

    Returns: Stored and derived arrays; origin and year in the attributes.
    """
    origin = {"year": world.year, "dataset": world.provenance.dataset, "checksum": world.checksum}
    return xr.Dataset({name: world[name] for name in world}, attrs=origin)


def to_frame(world: World, name: str) -> pd.DataFrame:
    """Return one array as a tidy frame: a row a cell that is not zero, the unit in ``attrs``.

    name: of an array.
    """
    held = world[name]
    series = held.to_series()
    frame = series[series != 0.0].rename(name).reset_index()
    frame.attrs["units"] = {name: held.attrs["unit"]}
    return frame


def to_netcdf(world: World, path: Path) -> Path:
    """Write the stored arrays as NetCDF, without the full use matrix.

    Raises OutputError if the file cannot be written.
    """
    held = xr.Dataset(
        {name: world[name] for name in acc.STORED}, attrs={"suasion": json.dumps(meta_of(world))}
    )
    content = held.to_netcdf(engine="scipy")
    with replacing(path, durable=True) as file:
        file.write(content)
    return path


def from_netcdf(path: Path) -> World:
    """Read a file written by :func:`to_netcdf`; its checksum is verified.

    Parameters
    ----------
    path : Path

    Returns
    -------
    World

    Raises
    ------
    SourceFileError
        If the file is absent or not a world.
    ChecksumError
        If its numbers are not those that were written.
    """
    from suasion.world.world import World as Built

    if not is_file(path):
        raise SourceFileError(f"There is no file {path}. Write one with `world.save(path)`.")
    try:
        with xr.open_dataset(path, engine="scipy") as held:
            meta = json.loads(held.attrs["suasion"])
            arrays = {name: np.asarray(held[name].values, dtype=np.float64) for name in acc.STORED}
    except (OSError, LookupError, ValueError, TypeError) as error:
        raise SourceFileError(f"{path} is not a world in NetCDF, or it is damaged. Save it again.") from error
    world = Built(arrays=arrays, **fields_of(meta))
    if world.checksum != meta["checksum"]:
        raise ChecksumError(f"{path} differs from what was saved: save it again from its source.")
    return world


def to_pymrio(world: World) -> Any:
    """Return the world as an ``IOSystem`` of pymrio, in million USD at basic prices.

    Returns: ``Z``, ``Y`` with one category of final use, and the extension ``value_added`` with a row a
      factor. Where the full use matrix is not known, inputs have one mix of origins for all. Tariffs and
      export taxes are left out.
    Raises MissingPackageError if pymrio is missing.
    """
    pymrio = need("pymrio")
    use = world.use if world.use is not None else proportional_use(world)
    rows = pd.MultiIndex.from_product([world.countries, world.sectors], names=["region", "sector"])
    size = len(rows)
    final = world.array("final").transpose(1, 2, 0).reshape(size, len(world.countries))
    categories = pd.MultiIndex.from_product([world.countries, [FINAL]], names=["region", "category"])
    factors = pd.Index(world.factors, name="stressor")
    income = world.array("factor_income").reshape(size, len(world.factors)).T
    made = pymrio.IOSystem(
        unit=pd.DataFrame({"unit": UNIT}, rows),
        Z=pd.DataFrame(np.asarray(use).reshape(size, size), rows, rows),
        Y=pd.DataFrame(final, rows, categories),
        year=world.year,
        name="suasion",
    )
    unit = pd.DataFrame({"unit": UNIT}, factors)
    made.value_added = pymrio.Extension("value_added", F=pd.DataFrame(income, factors, rows), unit=unit)
    return made


def from_pymrio(table: Any, year: int) -> World:
    """Return the world of an ``IOSystem`` of pymrio in million USD; all final use is one.

    Parameters
    ----------
    table : pymrio.IOSystem
        With ``Z`` and ``Y``; value added is output less inputs.
    year : int

    Returns
    -------
    World

    Raises
    ------
    DataError
        If the accounts do not hold together.
    """
    flows = table.Z
    countries = list(dict.fromkeys(flows.index.get_level_values(0)))
    sectors = list(dict.fromkeys(flows.index.get_level_values(1)))
    order = pd.MultiIndex.from_product([countries, sectors])
    n, s = len(countries), len(sectors)
    use = flows.reindex(index=order, columns=order).to_numpy(dtype=np.float64).reshape(n, s, n, s)
    demand = table.Y.T.groupby(level=0, sort=False).sum().T.reindex(index=order, columns=countries)
    final = demand.to_numpy(dtype=np.float64).reshape(n, s, n).transpose(2, 0, 1)
    return from_arrays(
        countries,
        sectors,
        year,
        intermediate=use.sum(axis=3).transpose(2, 0, 1),
        final=final,
        input_use=use.sum(axis=0).transpose(1, 2, 0),
    )


def overview(world: World, most: int) -> list[tuple[str, float, float, float, float]]:
    """Output, value added, exports and imports of the largest economies, million USD with one digit, largest first."""
    flow = world.array("intermediate").sum(axis=2) + world.array("final").sum(axis=2)
    home, output = np.diag(flow), world.array("output").sum(axis=1)
    columns = (
        output,
        world.array("value_added").sum(axis=1),
        flow.sum(axis=0) - home,
        flow.sum(axis=1) - home,
    )
    rows = np.round(np.stack(columns, axis=1), 1)
    return [(world.countries[c], *map(float, rows[c])) for c in np.argsort(-output)[:most]]


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


def proportional_use(world: World) -> FloatArray:
    """Fill a use matrix with one mix of origins for all users of an input in a country.

    Returns
    -------
    FloatArray
        (exporter, input, importer, user) at basic prices, million USD; needs (N S)^2 x 8 bytes.
    """
    flow = world.arrays["intermediate"]
    bought = acc.user_flows(flow, world.arrays["tariff"], world.arrays["export_tax"]).sum(axis=1)
    mix = flow / np.where(bought > 0, bought, 1.0)[:, None, :]  # basic value per unit of user value
    filled = np.einsum("nik,nsk->ikns", mix, world.arrays["input_use"], optimize=True)
    return np.asarray(filled, dtype=np.float64)


def with_proportional_use(world: World) -> World:
    """Return the world with :func:`proportional_use` as its use matrix, marked ``"proportional"``."""
    return world.replace(use_matrix=UseMatrix("proportional", lambda: proportional_use(world)))
