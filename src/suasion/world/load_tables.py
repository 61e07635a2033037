"""Load worlds from official tables of other years and sources, out of the user's store or a path."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from suasion.sources import eora26, icio, wiod13, wiod16
from suasion.sources.catalogue import data_set
from suasion.sources.catalogue_store import located
from suasion.sources.world_table import WorldTable, check_year
from suasion.world.provenance import Provenance, Step
from suasion.world.table import from_table
from suasion.world.world import World

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
