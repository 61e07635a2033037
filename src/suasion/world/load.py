"""Load a world by the name of its data set; official tables of other years come from the user's store or a path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from suasion.errors import InputError
from suasion.files import shipped_checksum
from suasion.nearest import did_you_mean
from suasion.sources import eora26, icio, icio2022, wiod13, wiod16
from suasion.sources.catalogue import data_set
from suasion.sources.catalogue_store import located
from suasion.sources.embedded import ROOM
from suasion.sources.published_flows import YEARS
from suasion.sources.world_table import WorldTable, check_year
from suasion.world.checks import Provenance, Step
from suasion.world.every_state import DATASET as STATES
from suasion.world.every_state import every_state
from suasion.world.load_embedded import G20_YEAR, g20_origin, g20_world
from suasion.world.published import DATASET as PUBLISHED
from suasion.world.published import published_world
from suasion.world.reconciled import DATASET as RECONCILED
from suasion.world.reconciled import reconciled_world
from suasion.world.table import from_table
from suasion.world.uses import UseMatrix
from suasion.world.world import World

if TYPE_CHECKING:
    from suasion.world.prepared import Prepared

TAXES: Step = "Value added is output less inputs: net taxes on products and transport margins are in it."
TARIFFS: Step = "Tariffs and export taxes are not in the table: they are set to zero and marked missing."
REST: Step = "The rest of the world is in the table as ROW; final sales are observed by destination."


UNIT: Step = "The unit of Eora26 is taken to be a thousand USD (assumption)."
Reader = Callable[[str | Path, int | None], WorldTable]
TABLES: dict[str, tuple[Reader, range, str, tuple[Step, ...]]] = {
    "icio": (icio.read_icio, icio.YEARS, icio.DATASET, (TARIFFS, TAXES, REST)),
    "wiod13": (wiod13.read_wiod13, wiod13.YEARS, wiod13.DATASET, (TARIFFS, TAXES)),
    "wiod16": (wiod16.read_wiod16, wiod16.YEARS, wiod16.DATASET, (TARIFFS, TAXES, REST)),
    "eora26": (eora26.read_eora26, eora26.YEARS, eora26.DATASET, (TARIFFS, TAXES, UNIT)),
}
"""Official tables: how they are read, their years and name, and what to know of their worlds."""


def table_world(name: str, year: int | None, path: str | Path | None) -> World:
    """Load the world of an official table.

    name: key of :data:`TABLES`.
    year, path: as for :func:`~suasion.world.load.load_world`.
    """
    read, years, dataset, notes = TABLES[name]
    wanted = check_year(year, years, dataset)  # before a file is looked for
    table = read(path or located(name), wanted)
    item = data_set(name)
    origin = Provenance(
        dataset=table.dataset,
        version=str(table.year),
        checksum=table.checksum,
        transformations=table.steps,
        licence=item.licence,
        citation=item.citation,
    )
    return from_table(
        table.inter,
        table.final,
        table.output,
        table.countries,
        table.industries,
        table.year,
        provenance=origin,
        notes=notes,
        sector_names=table.names,
    )


Loader = Callable[[int | None, str | Path | None], World]


def load_world(
    name: str | None = None,
    year: int | None = None,
    path: str | Path | None = None,
    tariffs: str | None = None,
    states: str = "",
) -> World:
    """Load a world by its year, or by the name of its data set.

    Parameters
    ----------
    name
        Left out: the world of the year given, or of the latest with totals of all pairs, at applied tariffs; its flows
        are as published to 2020 and reconciled from 2021. ``"reconciled"`` (2011 to 2024) and ``"published"`` (2011 to
        2022): the same without tariffs. ``"g20"``: the
        G20 and the rest of the world in 20 sections, 2019. ``"icio2022"``: the table of 2022 whose destinations of
        final sales follow the pattern of inputs, kept for comparison. Not embedded: ``"icio"`` (OECD, other years),
        ``"wiod13"`` (41 x 35, 1995 to 2011), ``"wiod16"`` (44 x 56, 2000 to 2014), ``"eora26"`` (189 x 26).
    year
        Year of the table, 2011 to 2024 without a name; needed where the data set named has several. 2024 is partly a
        projection.
    path
        File or folder of a data set that is not embedded; without it, what ``suasion data add`` put into the store.
        Without ``name``, a file that :meth:`World.save` wrote.
    tariffs
        ``"applied"``: those in force in the world's year, each cell with kind and range (see
        :func:`suasion.world.applied.applied_tariffs`), to which the accounts are balanced again; the usual where
        neither name nor path is given. ``"zero"``: as a table has them, which is none; the usual for others.
    states
        ``"all"``: every state of 2023, 80 economies as known and 115 estimated, each with a class of doubt, at applied
        tariffs (see :mod:`suasion.world.every_state`). A question that names one of them opens it by itself.

    Returns
    -------
    World

    Raises
    ------
    InputError
        If the name, the year or the tariffs are not known; the message says what is.
    SourceFileError
        If a file is absent or not what it should be.

    Examples
    --------
    >>> load_world()
    <World 2023: 81 countries x 50 sectors, OECD ICIO, 2025 release, reconciled>
    >>> load_world("published", 2022)
    <World 2022: 81 countries x 50 sectors, OECD ICIO, 2025 release, published flows>
    >>> float(load_world()["tariff"].sel(importer="USA", exporter="CHN", sector="C29").round(2))
    0.23
    """
    if states:
        return every_state(states, year, (tariffs or "applied") if (name, path) == (None, None) else "named")
    known = ("zero", "applied")
    if tariffs is None:
        tariffs = "applied" if name is None and path is None else "zero"
    if tariffs not in known:
        raise InputError(
            f"There are no tariffs {tariffs!r}.{did_you_mean(str(tariffs), known, show=repr)} Known: "
            f"{', '.join(known)}; others: `world.with_tariffs`."
        )
    world = _loaded(name, year, path)
    if tariffs == "zero":
        return world
    from suasion.world.applied import with_applied

    return _taxed().get(world, "applied", lambda: with_applied(world))


def usual_key(world: World) -> str:
    """Return what results that ship are filed under: year and flows of a usual world; empty for any other.

    A checksum over floating-point arrays is of one machine: sums in another order differ in the last digit.
    """
    origin = world.provenance
    if origin.dataset not in (PUBLISHED, RECONCILED):
        return ""
    usual = load_world(year=world.year)
    same = world is usual or (origin == usual.provenance and world.checksum == usual.checksum)
    return f"{world.year}:{origin.checksum}" if same else ""


@cache
def _taxed() -> Prepared[World]:
    """Worlds with their applied tariffs, by the one that they come from."""
    from suasion.world.prepared import Prepared

    return Prepared(1)


def _loaded(name: str | None, year: int | None, path: str | Path | None) -> World:
    """The world as its table has it."""
    if name is None:
        if path is not None:
            if year is not None:
                raise InputError("A saved world has its year: leave `year` out, or name the file's data set.")
            return World.load(path)
        when = LATEST if year is None else int(year)
        return published_world(when) if YEARS[0] <= when < RECONCILED_FROM else reconciled_world(when)
    if name not in WORLDS:
        year_meant = f" A year goes to `year`: load_world(year={name})." if str(name).isdigit() else ""
        hint = year_meant or did_you_mean(name, WORLDS, show=repr)
        raise InputError(
            f"There is no world {name!r}.{hint} Known: {', '.join(WORLDS)}; others: `from_table`."
        )
    return WORLDS[name](year, path)


def _check_embedded(
    name: str, path: str | Path | None, year: int | None = None, only: int | None = None
) -> None:
    """Raise where an embedded world is asked for with a path, or in another year than its only one."""
    if only is not None and year not in (None, only):
        raise InputError(
            f"The world {name} is of {only}, not {year}. Leave `year` out; load_world(year={year}) asks for another."
        )
    if path is not None:
        raise InputError(f"The world {name} is embedded: leave `path` out.")


def _published(year: int | None, path: str | Path | None) -> World:
    _check_embedded("published", path)
    return published_world(YEARS[-1] if year is None else int(year))


def _reconciled(year: int | None, path: str | Path | None) -> World:
    _check_embedded("reconciled", path)
    return reconciled_world(LATEST if year is None else int(year))


def _g20(year: int | None, path: str | Path | None) -> World:
    _check_embedded("g20", path, year, G20_YEAR)
    return g20_world()


def _every(year: int | None, path: str | Path | None) -> World:
    _check_embedded("every", path)
    return every_state("all", year, "zero")


def _icio2022(year: int | None, path: str | Path | None) -> World:
    _check_embedded("icio2022", path, year, 2022)
    table = icio2022.icio2022_arrays()
    return World(
        countries=table.countries,
        sectors=table.sectors,
        year=2022,
        arrays=table.arrays,
        provenance=_icio_provenance(table),
        notes=_icio_notes(table),
        sector_names=icio2022.icio2022_sectors(),
        use_matrix=UseMatrix("observed", icio2022.icio2022_use),
    )


def _icio_provenance(table: icio2022.IcioTable) -> Provenance:
    return Provenance(
        dataset="OECD ICIO, 2025 release",
        version="2022",
        checksum=shipped_checksum(ROOM, "icio2022.npz"),
        transformations=(
            "rest of the world dropped: its inputs sit in value added, its purchases in final sales",
            "final sales split over destinations by RAS, seeded with the intermediate pattern; absorption is "
            f"value added less net exports of 2022, closed by one factor of {table.absorption_factor:.4f}",
            "full use matrix stored in logarithmic steps of 0.2 % and balanced again",
        ),
        licence="OECD terms and conditions, CC BY 4.0",
        citation="OECD (2025), Inter-Country Input-Output tables",
    )


def _icio_notes(table: icio2022.IcioTable) -> tuple[Step, ...]:
    unknown = ", ".join(table.net_exports_missing)
    return (
        "2022 is a year of record gas prices and of sanctions on Russia only half in force.",
        TARIFFS,
        "The rest of the world is left out: its inputs sit in value added, its purchases in final sales.",
        "The destinations of final sales are estimated, those of intermediate sales are observed"
        + (f"; net exports of {unknown} are unknown and taken as zero." if unknown else "."),
    )


WORLDS: dict[str, Loader] = {
    "every": _every,
    "g20": _g20,
    "icio2022": _icio2022,
    "published": _published,
    "reconciled": _reconciled,
    **{name: partial(table_world, name) for name in TABLES},
}
"""Data sets that :func:`load_world` knows."""

RECONCILED_FROM = 2021
"""First year whose world is reconciled: what is published of it and 2022 is not what happened to Russia and Belarus."""
LATEST = 2023
"""Year of the embedded world that is loaded where none is named."""

_DATASETS = {dataset: name for name, (_, _, dataset, _) in TABLES.items()}


def option_of(world: World) -> str:
    """Return how a command names a world (nothing for the embedded one, `DATASET:YEAR`, or a file) and its tariffs."""
    from suasion.world.applied import STEP

    *before, last = world.provenance.transformations or ("",)
    if last != STEP.format(year=world.year):
        return _option(world, world.provenance)
    if world.provenance.dataset == (PUBLISHED if world.year < RECONCILED_FROM else RECONCILED):
        return "" if world.year == LATEST else f"--world {world.year}"
    return f"{_option(world, replace(world.provenance, transformations=tuple(before)))} --tariffs applied".strip()


def _option(world: World, origin: Provenance) -> str:
    if origin.dataset == "OECD ICIO, 2025 release":
        return "--world icio2022"
    by_year = {PUBLISHED: "published", RECONCILED: "reconciled", STATES: "every", g20_origin().dataset: "g20"}
    name = by_year.get(origin.dataset) or _DATASETS.get(origin.dataset)
    return f"--world {name}:{world.year}" if name else "--world FILE.npz"
