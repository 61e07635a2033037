"""The room of outlooks: where a dependence goes, how sure that is, and how good earlier calls would have been.

Statistical forms carry a share into the future with their past errors; structural paths solve the world economy
year by year under named scenarios. Each is scored on rolling origins before it is believed, and what lies beyond
the data is marked.
"""

from typing import TYPE_CHECKING, Any

from suasion.outlook.defiance.place import Defiance, defiance
from suasion.outlook.forms import FORMS, History, LogitWalk, fit_walk, forecast
from suasion.outlook.growth.path import Growth, OwnRate, growth_path
from suasion.outlook.hindcast.forms import HINDCAST_FORMS
from suasion.outlook.hindcast.origins import Hindcast, Rules, hindcast
from suasion.outlook.hindcast.structural import structural_changes
from suasion.outlook.hindcast.table import best_three, named_hindcast, skill_table
from suasion.outlook.histories import Flows, Panel, flows_from, flows_of, panel_of
from suasion.outlook.odds import OddsDrivers, drivers_of, fit_gravity, real_growth
from suasion.outlook.paths.laid import Break, CostPath, TechnologyPath, WorldPath
from suasion.outlook.projection.beside import beside, pool_of
from suasion.outlook.projection.chain import world_of
from suasion.outlook.projection.outlook import ProjectionOptions, outlook, states
from suasion.outlook.projection.result import Outlook
from suasion.outlook.stack import PoolWeights, stack_weights

if TYPE_CHECKING:
    from suasion.outlook.paths.file import read_path as read_path
    from suasion.outlook.paths.file import shipped_paths as shipped_paths

__all__ = [
    "FORMS",
    "HINDCAST_FORMS",
    "Break",
    "CostPath",
    "Defiance",
    "Flows",
    "Growth",
    "Hindcast",
    "History",
    "LogitWalk",
    "OddsDrivers",
    "Outlook",
    "OwnRate",
    "Panel",
    "PoolWeights",
    "ProjectionOptions",
    "Rules",
    "TechnologyPath",
    "WorldPath",
    "beside",
    "best_three",
    "defiance",
    "drivers_of",
    "fit_gravity",
    "fit_walk",
    "flows_from",
    "flows_of",
    "forecast",
    "growth_path",
    "hindcast",
    "named_hindcast",
    "outlook",
    "panel_of",
    "pool_of",
    "read_path",
    "real_growth",
    "shipped_paths",
    "skill_table",
    "stack_weights",
    "states",
    "structural_changes",
    "world_of",
]


def __getattr__(name: str) -> Any:
    """Load the reader of files of paths when it is asked for: its parsers are slow to import."""
    if name not in ("read_path", "shipped_paths"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from suasion.outlook.paths import file as paths_file

    return getattr(paths_file, name)
