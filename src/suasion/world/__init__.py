"""The world room: balanced accounts of countries and sectors for one year, and what keeps them honest.

:class:`World` holds labels, arrays and provenance; it is frozen and checked when built. Building, aligning,
aggregating, putting in tariffs and storing are functions beside it. Nothing here knows of a model.
"""

from suasion.world.aggregate import aggregate as aggregate
from suasion.world.aggregate import from_arrays as from_arrays
from suasion.world.aggregate import replace as replace
from suasion.world.aggregate import select as select
from suasion.world.checks import Provenance as Provenance
from suasion.world.draws import pair_totals as pair_totals
from suasion.world.draws import table_draws as table_draws
from suasion.world.forms import from_netcdf as from_netcdf
from suasion.world.forms import from_pymrio as from_pymrio
from suasion.world.forms import proportional_use as proportional_use
from suasion.world.forms import with_proportional_use as with_proportional_use
from suasion.world.load import load_world as load_world
from suasion.world.nowcast import nowcast as nowcast
from suasion.world.rents import with_export_rents as with_export_rents
from suasion.world.table import from_long as from_long
from suasion.world.table import from_table as from_table
from suasion.world.tariffs import with_tariffs as with_tariffs
from suasion.world.uses import UseMatrix as UseMatrix
from suasion.world.world import World as World
