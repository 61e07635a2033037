"""The world economy in changes: nested-CES production and demand, many countries and sectors.

A scenario is compiled into arrays, its impossibilities are named before anything iterates, the equations
(``system``) are solved by accelerated fixed point on a base prepared once (``economy``), and the
outcome is certified in levels by code that shares nothing with the solver (``certificate``).
Everything here works on plain arrays inside and on labels outside.
"""

from suasion.equilibrium.certificate import Certificate
from suasion.equilibrium.economy import Economy, advance, prepare, respond
from suasion.equilibrium.elasticities import Elasticities
from suasion.equilibrium.horizon import draws, resolve
from suasion.equilibrium.instruments import (
    Embargo,
    ExportBan,
    ExportTax,
    ImportBan,
    Labour,
    PriceCap,
    Productivity,
    Quota,
    Tariff,
    TradeCost,
    Transfer,
)
from suasion.equilibrium.result import Result
from suasion.equilibrium.scenario import Scenario, compile_scenario
from suasion.equilibrium.scenario_file import read_scenario
from suasion.equilibrium.simulate import run, simulate
from suasion.equilibrium.types import Limit, Parameters, Shock

__all__ = [
    "Certificate",
    "Economy",
    "Elasticities",
    "Embargo",
    "ExportBan",
    "ExportTax",
    "ImportBan",
    "Labour",
    "Limit",
    "Parameters",
    "PriceCap",
    "Productivity",
    "Quota",
    "Result",
    "Scenario",
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
]
