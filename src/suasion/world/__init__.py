"""The world room: balanced accounts of countries and sectors for one year, and what keeps them honest.

:class:`World` holds labels, arrays and provenance; it is frozen and checked when built. Building, aligning,
aggregating, putting in tariffs and storing are functions beside it. Nothing here knows of a model.
"""

from suasion.world.aggregate import aggregate, select
from suasion.world.build import from_arrays, replace
from suasion.world.draws import table_draws
from suasion.world.forms import from_netcdf, from_pymrio
from suasion.world.load import load_world
from suasion.world.nowcast import nowcast
from suasion.world.pairs import pair_totals
from suasion.world.provenance import Provenance
from suasion.world.rents import with_export_rents
from suasion.world.table import from_table
from suasion.world.tariffs import with_tariffs
from suasion.world.uses import UseMatrix, proportional_use, with_proportional_use
from suasion.world.world import World

__all__ = [
    "Provenance",
    "UseMatrix",
    "World",
    "aggregate",
    "from_arrays",
    "from_netcdf",
    "from_pymrio",
    "from_table",
    "load_world",
    "nowcast",
    "pair_totals",
    "proportional_use",
    "replace",
    "select",
    "table_draws",
    "with_export_rents",
    "with_proportional_use",
    "with_tariffs",
]
