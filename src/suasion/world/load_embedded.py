"""The embedded worlds by year: 2019 of the G20, 2022 as corrected, 2023, and 2024 as a projection."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from suasion.errors import InputError
from suasion.files import shipped, shipped_checksum
from suasion.quotient import over
from suasion.sources import icio2022
from suasion.sources.embedded import ROOM, load_npz
from suasion.types import FloatArray
from suasion.world.provenance import Provenance
from suasion.world.table import TableArrays, settled_table
from suasion.world.uses import UseMatrix
from suasion.world.world import World

UNIT = 10_000.0
"""Units of 100 USD in a million."""


@cache
def embedded_words() -> dict[str, Any]:
    """What is said beside the embedded worlds, and the steps that made each, as ``embedded.toml`` has them."""
    return shipped("suasion.world", "embedded.toml", tomllib.load)


def _notes(*names: str) -> tuple[str, ...]:
    return tuple(embedded_words()["note"][name] for name in names)


@lru_cache(maxsize=2)
def embedded_world(year: int) -> World:
    """Open an embedded world by its year; the last two stay, with what was prepared for them.

    year: one of :data:`EMBEDDED`.
    Raises InputError if there is no embedded world of that year.
    Raises SourceFileError if its file is missing or broken.
    """
    if year not in EMBEDDED:
        raise InputError(
            f"There is no embedded world of {year}. Embedded: {', '.join(map(str, sorted(EMBEDDED)))}; 2011 to 2021 as "
            "published; other years: load_world(name, year), with a name such as 'icio' or 'wiod13'."
        )
    return EMBEDDED[year]()


def world_2022(folder: Path | None = None) -> World:
    """Return the table of 2022 with destinations as published where they are; see docs/explanation/world.md.

    folder: another snapshot than the package's, while one is built.
    """
    table = icio2022.icio2022_arrays() if folder is None else icio2022.read_arrays(folder)
    raw = _arrays("world2022.npz", folder)
    return World(
        countries=table.countries,
        sectors=table.sectors,
        year=2022,
        arrays={**table.arrays, "final": raw["final"] / UNIT},
        provenance=origin_of(2022, folder),
        notes=_notes("year_2022", "tariffs", "outside", "destinations"),
        sector_names=icio2022.icio2022_sectors(),
        use_matrix=UseMatrix("observed", icio2022.icio2022_use),
    )


def _later(year: int) -> World:
    base, raw = world_2022(), _arrays(f"world{year}.npz", None)
    arrays = {name: raw[name] / UNIT for name in ("intermediate", "final", "input_use")}
    output = (raw["intermediate"] + raw["final"]).sum(0)
    arrays["factor_income"] = ((output - raw["input_use"].sum(2)) / UNIT)[:, :, None]
    return World(
        countries=base.countries,
        sectors=base.sectors,
        year=year,
        arrays=arrays,
        provenance=origin_of(year),
        notes=_notes(*(("projection",) if year == 2024 else ()), "tariffs", "outside", "destinations"),
        sector_names=base.sector_names,
        use_matrix=UseMatrix("moved", partial(moved_use, year)),
    )


def moved_use(year: int) -> FloatArray:
    """Return the full use matrix of 2022, scaled to the inputs of a later year's users and the flows of its pairs.

    Returns: ndarray, shape (exporter, input, importer, user).
    """
    raw, old = _arrays(f"world{year}.npz", None), icio2022.icio2022_arrays()
    use = icio2022.icio2022_use()
    users = over(raw["input_use"] / UNIT, old.input_use, 1.0)  # country, user, input
    use *= users.transpose(2, 0, 1)[None]
    flow = (raw["intermediate"] / UNIT).transpose(1, 2, 0)  # exporter, input, importer
    reached = use.sum(3)
    use *= over(flow, reached, 1.0)[..., None]
    return use


def _world_2019() -> World:
    raw = _arrays("icio2019.npz", None)
    countries, sectors = (tuple(map(str, raw[name])) for name in ("countries", "sectors"))
    final = raw["final"].reshape(len(countries) * len(sectors), len(countries), -1).sum(axis=2)
    return settled_table(
        TableArrays(raw["inter"], final, raw["output"]),
        (countries, sectors),
        2019,
        provenance=origin_of(2019),
        notes=_notes("year_2019", "tariffs"),
    )


def _arrays(name: str, folder: Path | None) -> dict[str, np.ndarray[Any, Any]]:
    if folder is None:
        return load_npz(name)
    with np.load(folder / name, allow_pickle=False) as raw:
        return {key: raw[key] for key in raw.files}


def origin_of(year: int, folder: Path | None = None) -> Provenance:
    """Return where an embedded world comes from, without opening it."""
    file = {2019: "icio2019.npz"}.get(year, f"world{year}.npz")
    made, origin = embedded_words()["steps"], embedded_words()["origin"]
    years = (2019,) if year == 2019 else tuple(y for y in sorted(map(int, made)) if 2022 <= y <= year)
    steps = tuple(step for y in years for step in made[str(y)])
    edition = "2023" if year == 2019 else "2025"
    name = {2019: "G20", 2022: "published destinations"}.get(year, f"moved to {year}")
    return Provenance(
        dataset=f"OECD ICIO, {edition} release, {name}",
        version=str(year),
        checksum="" if folder is not None else shipped_checksum(ROOM, file),
        transformations=steps,
        licence=origin["licence"],
        citation=origin["credit_2019" if year == 2019 else "credit"],
    )


EMBEDDED: dict[int, Callable[[], World]] = {
    2019: _world_2019,
    2022: world_2022,
    2023: partial(_later, 2023),
    2024: partial(_later, 2024),
}
"""Embedded worlds by year."""
