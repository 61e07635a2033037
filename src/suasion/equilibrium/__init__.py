"""The world economy in changes: nested-CES production and demand, many countries and sectors.

A scenario is compiled into arrays, its impossibilities are named before anything iterates, the equations
(``system``) are solved by accelerated fixed point on a base prepared once (``economy``), and the
outcome is certified in levels by code that shares nothing with the solver (``certificate``).
Everything here works on plain arrays inside and on labels outside.
"""

from typing import TYPE_CHECKING, Any

from suasion.equilibrium.batch.simulate_many import ManyResults as ManyResults
from suasion.equilibrium.batch.simulate_many import simulate_many as simulate_many
from suasion.equilibrium.certificate import Certificate as Certificate
from suasion.equilibrium.economy import Economy as Economy
from suasion.equilibrium.economy import advance as advance
from suasion.equilibrium.economy import prepare as prepare
from suasion.equilibrium.economy import respond as respond
from suasion.equilibrium.elasticities.horizon import draws as draws
from suasion.equilibrium.elasticities.horizon import resolve as resolve
from suasion.equilibrium.elasticities.own import Elasticities as Elasticities
from suasion.equilibrium.result import Result as Result
from suasion.equilibrium.scenario.instruments import *  # noqa: F403  -- every instrument
from suasion.equilibrium.scenario.scenario import Scenario as Scenario
from suasion.equilibrium.scenario.scenario import compile_scenario as compile_scenario
from suasion.equilibrium.simulate import run as run
from suasion.equilibrium.simulate import simulate as simulate
from suasion.equilibrium.types import Limit as Limit
from suasion.equilibrium.types import Parameters as Parameters
from suasion.equilibrium.types import Shock as Shock

if TYPE_CHECKING:
    from suasion.equilibrium.scenario.file import read_scenario as read_scenario


def __getattr__(name: str) -> Any:
    """Load the reader of scenario files when it is asked for: its parsers are slow to import."""
    if name != "read_scenario":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from suasion.equilibrium.scenario import file as scenario_file

    return scenario_file.read_scenario
