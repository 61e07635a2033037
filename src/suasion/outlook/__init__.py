"""The room of outlooks: where a dependence goes, how sure that is, and how good earlier calls would have been.

Statistical forms carry a share into the future with their past errors; structural paths solve the world economy
year by year under named scenarios. Each is scored on rolling origins before it is believed, and what lies beyond
the data is marked.
"""

from typing import TYPE_CHECKING, Any

from suasion.outlook.defiance.place import Defiance as Defiance
from suasion.outlook.defiance.place import defiance as defiance
from suasion.outlook.forms import FORMS as FORMS
from suasion.outlook.forms import History as History
from suasion.outlook.forms import LogitWalk as LogitWalk
from suasion.outlook.forms import fit_walk as fit_walk
from suasion.outlook.forms import forecast as forecast
from suasion.outlook.growth.path import Growth as Growth
from suasion.outlook.growth.path import OwnRate as OwnRate
from suasion.outlook.growth.path import growth_path as growth_path
from suasion.outlook.hindcast.forms import HINDCAST_FORMS as HINDCAST_FORMS
from suasion.outlook.hindcast.origins import Hindcast as Hindcast
from suasion.outlook.hindcast.origins import Rules as Rules
from suasion.outlook.hindcast.origins import hindcast as hindcast
from suasion.outlook.hindcast.structural import structural_changes as structural_changes
from suasion.outlook.hindcast.table import best_three as best_three
from suasion.outlook.hindcast.table import named_hindcast as named_hindcast
from suasion.outlook.hindcast.table import skill_table as skill_table
from suasion.outlook.histories import Flows as Flows
from suasion.outlook.histories import Panel as Panel
from suasion.outlook.histories import flows_from as flows_from
from suasion.outlook.histories import flows_of as flows_of
from suasion.outlook.histories import panel_of as panel_of
from suasion.outlook.odds import OddsDrivers as OddsDrivers
from suasion.outlook.odds import PoolWeights as PoolWeights
from suasion.outlook.odds import drivers_of as drivers_of
from suasion.outlook.odds import fit_gravity as fit_gravity
from suasion.outlook.odds import real_growth as real_growth
from suasion.outlook.odds import stack_weights as stack_weights
from suasion.outlook.paths.laid import Break as Break
from suasion.outlook.paths.laid import CostPath as CostPath
from suasion.outlook.paths.laid import TechnologyPath as TechnologyPath
from suasion.outlook.paths.laid import WorldPath as WorldPath
from suasion.outlook.projection.beside import beside as beside
from suasion.outlook.projection.beside import pool_of as pool_of
from suasion.outlook.projection.chain import world_of as world_of
from suasion.outlook.projection.outlook import outlook as outlook
from suasion.outlook.projection.outlook import states as states
from suasion.outlook.projection.result import Outlook as Outlook
from suasion.outlook.projection.solve import ProjectionOptions as ProjectionOptions

if TYPE_CHECKING:
    from suasion.outlook.paths.file import read_path as read_path
    from suasion.outlook.paths.file import shipped_paths as shipped_paths


def __getattr__(name: str) -> Any:
    """Load the reader of files of paths when it is asked for: its parsers are slow to import."""
    if name not in ("read_path", "shipped_paths"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from suasion.outlook.paths import file as paths_file

    return getattr(paths_file, name)
