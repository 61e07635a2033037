"""The world economy in changes: nested-CES production and demand, many countries and sectors.

A scenario is compiled into arrays, its impossibilities are named before anything iterates, the equations
(``system``) are solved by accelerated fixed point on a base prepared once (``economy``), and the
outcome is certified in levels by code that shares nothing with the solver (``certificate``).
Everything here works on plain arrays inside and on labels outside.
"""

from typing import TYPE_CHECKING, Any

from suasion.equilibrium.batch.simulate_many import ManyResults, simulate_many
from suasion.equilibrium.certificate import Certificate
from suasion.equilibrium.economy import Economy, advance, prepare, respond
from suasion.equilibrium.elasticities.horizon import draws, resolve
from suasion.equilibrium.elasticities.own import Elasticities
from suasion.equilibrium.result import Result
from suasion.equilibrium.scenario.bans import Embargo, ExportBan, ImportBan, Share
from suasion.equilibrium.scenario.instruments import (
    Endowments,
    ExportTax,
    PriceCap,
    Productivity,
    Quota,
    Tariff,
    TradeCost,
    Transfer,
)
from suasion.equilibrium.scenario.scenario import Scenario, compile_scenario
from suasion.equilibrium.simulate import run, simulate
from suasion.equilibrium.types import Limit, Parameters, Shock

if TYPE_CHECKING:
    from suasion.equilibrium.scenario.file import read_scenario as read_scenario

__all__ = [
    "Certificate",
    "Economy",
    "Elasticities",
    "Embargo",
    "Endowments",
    "ExportBan",
    "ExportTax",
    "ImportBan",
    "Limit",
    "ManyResults",
    "Parameters",
    "PriceCap",
    "Productivity",
    "Quota",
    "Result",
    "Scenario",
    "Share",
    "Shock",
    "Tariff",
    "TradeCost",
    "Transfer",
    "advance",
    "compile_scenario",
    "draws",
    "prepare",
    "read_scenario",
    "resolve",
    "respond",
    "run",
    "simulate",
    "simulate_many",
]


def __getattr__(name: str) -> Any:
    """Load the reader of scenario files when it is asked for: its parsers are slow to import."""
    if name != "read_scenario":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from suasion.equilibrium.scenario import file as scenario_file

    return scenario_file.read_scenario
