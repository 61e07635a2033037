"""Load worlds from official tables of other years and sources, out of the user's store or a path."""

from __future__ import annotations

from pathlib import Path

from suasion.sources import eora26, icio, wiod16
from suasion.sources.catalogue import data_set
from suasion.sources.catalogue_store import located
from suasion.sources.world_table import WorldTable, check_year
from suasion.world.provenance import Provenance, Step
from suasion.world.table import from_table
from suasion.world.world import World

TAXES: Step = "Value added is output less inputs: net taxes on products and transport margins are in it."
TARIFFS: Step = "Tariffs and export taxes are not in the table: they are set to zero and marked missing."
REST: Step = "The rest of the world is in the table as ROW; final sales are observed by destination."


def icio_world(year: int | None, path: str | Path | None) -> World:
    """OECD ICIO of a year, with the rest of the world and observed final demand."""
    wanted = check_year(year, icio.YEARS, icio.DATASET)
    return _world(icio.read_icio(path or located("icio"), wanted), "icio", (TARIFFS, TAXES, REST))


def wiod16_world(year: int | None, path: str | Path | None) -> World:
    """WIOD, release of 2016, of a year."""
    wanted = check_year(year, wiod16.YEARS, wiod16.DATASET)
    return _world(wiod16.read_wiod16(path or located("wiod16"), wanted), "wiod16", (TARIFFS, TAXES, REST))


def eora26_world(year: int | None, path: str | Path | None) -> World:
    """Eora26 of a year."""
    unit: Step = "The unit of Eora26 is taken to be a thousand USD (assumption)."
    wanted = check_year(year, eora26.YEARS, eora26.DATASET)
    table = eora26.read_eora26(path or located("eora26"), wanted)
    return _world(table, "eora26", (TARIFFS, TAXES, unit))


def _world(table: WorldTable, name: str, notes: tuple[str, ...]) -> World:
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
