"""Who depends on whom, who can pressure whom, and what would change it.

The public names of Suasion, nothing else. They load on first use: ``import suasion`` itself reads only the
standard library, so that a script's start costs nothing it does not need.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from suasion import errors as errors
    from suasion.coercion import Drivers as Drivers
    from suasion.coercion import EquivalentVariation as EquivalentVariation
    from suasion.coercion import ExitCost as ExitCost
    from suasion.coercion import LeverageMatrix as LeverageMatrix
    from suasion.coercion import Loss as Loss
    from suasion.coercion import LossGap as LossGap
    from suasion.coercion import LossRatio as LossRatio
    from suasion.coercion import RealIncome as RealIncome
    from suasion.coercion import Sensitivity as Sensitivity
    from suasion.coercion import Welfare as Welfare
    from suasion.coercion import leverage_matrix as leverage_matrix
    from suasion.coercion import nash_tariffs as nash_tariffs
    from suasion.coercion.drivers.spread import drivers as drivers
    from suasion.coercion.exit_cost import exit_cost as exit_cost
    from suasion.coercion.sensitivity.gradient import sensitivity as sensitivity
    from suasion.dossier import dossier as dossier
    from suasion.equilibrium import Elasticities as Elasticities
    from suasion.equilibrium import Embargo as Embargo
    from suasion.equilibrium import ExportBan as ExportBan
    from suasion.equilibrium import ExportTax as ExportTax
    from suasion.equilibrium import ImportBan as ImportBan
    from suasion.equilibrium import Labour as Labour
    from suasion.equilibrium import ManyResults as ManyResults
    from suasion.equilibrium import PriceCap as PriceCap
    from suasion.equilibrium import Productivity as Productivity
    from suasion.equilibrium import Quota as Quota
    from suasion.equilibrium import Result as Result
    from suasion.equilibrium import Scenario as Scenario
    from suasion.equilibrium import Share as Share
    from suasion.equilibrium import Tariff as Tariff
    from suasion.equilibrium import TradeCost as TradeCost
    from suasion.equilibrium import Transfer as Transfer
    from suasion.equilibrium import read_scenario as read_scenario
    from suasion.equilibrium.batch.simulate_many import simulate_many as simulate_many
    from suasion.equilibrium.simulate import simulate as simulate
    from suasion.errors import SuasionError as SuasionError
    from suasion.errors import SuasionWarning as SuasionWarning
    from suasion.measures.dependence import dependence as dependence
    from suasion.products import ingest_baci as ingest_baci
    from suasion.products import replaceability as replaceability
    from suasion.products import screen as screen
    from suasion.schema import describe as describe
    from suasion.sources import resolve_country as country  # noqa: F401
    from suasion.world import World as World
    from suasion.world import from_table as from_table
    from suasion.world import load_world as load_world

__version__ = "0.1.0"

# Public name -> "module" that holds it, or "module:name" where the name there is another one.
_PUBLIC = {
    "Drivers": "suasion.coercion",
    "Elasticities": "suasion.equilibrium",
    "Embargo": "suasion.equilibrium",
    "EquivalentVariation": "suasion.coercion",
    "ExitCost": "suasion.coercion",
    "ExportBan": "suasion.equilibrium",
    "ExportTax": "suasion.equilibrium",
    "ImportBan": "suasion.equilibrium",
    "Labour": "suasion.equilibrium",
    "LeverageMatrix": "suasion.coercion",
    "Loss": "suasion.coercion",
    "LossGap": "suasion.coercion",
    "LossRatio": "suasion.coercion",
    "ManyResults": "suasion.equilibrium",
    "PriceCap": "suasion.equilibrium",
    "Productivity": "suasion.equilibrium",
    "Quota": "suasion.equilibrium",
    "RealIncome": "suasion.coercion",
    "Result": "suasion.equilibrium",
    "Scenario": "suasion.equilibrium",
    "Sensitivity": "suasion.coercion",
    "SuasionError": "suasion.errors",
    "SuasionWarning": "suasion.errors",
    "Tariff": "suasion.equilibrium",
    "Share": "suasion.equilibrium",
    "TradeCost": "suasion.equilibrium",
    "Transfer": "suasion.equilibrium",
    "Welfare": "suasion.coercion",
    "World": "suasion.world",
    "country": "suasion.sources:resolve_country",
    "dependence": "suasion.measures",
    "describe": "suasion.schema",
    "dossier": "suasion.dossier",
    "drivers": "suasion.coercion",
    "errors": "suasion.errors:",
    "exit_cost": "suasion.coercion",
    "from_table": "suasion.world",
    "ingest_baci": "suasion.products",
    "leverage_matrix": "suasion.coercion",
    "nash_tariffs": "suasion.coercion",
    "load_world": "suasion.world",
    "read_scenario": "suasion.equilibrium",
    "replaceability": "suasion.products",
    "screen": "suasion.products",
    "sensitivity": "suasion.coercion",
    "simulate": "suasion.equilibrium",
    "simulate_many": "suasion.equilibrium",
}

__all__ = ["__version__", *_PUBLIC]  # one table, so that list and look-up cannot differ


class _Package(ModuleType):
    """The package itself; a room that Python binds here on import does not hide the function of its name."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (isinstance(value, ModuleType) and name in _PUBLIC and not _PUBLIC[name].endswith(":")):
            super().__setattr__(name, value)


def __getattr__(name: str) -> object:
    """Load a public name on first use."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'suasion' has no attribute {name!r}")
    module, colon, attribute = _PUBLIC[name].partition(":")
    loaded = import_module(module)
    value: object = loaded if colon and not attribute else getattr(loaded, attribute or name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


sys.modules[__name__].__class__ = _Package
