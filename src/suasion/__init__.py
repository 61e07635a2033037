"""Who depends on whom, who can pressure whom, and what would change it.

The public names of Suasion, nothing else. They load on first use: ``import suasion`` itself reads only the
standard library, so that a script's start costs nothing it does not need.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn

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
    from suasion.dossier import dossier as dossier
    from suasion.equilibrium import Elasticities as Elasticities
    from suasion.equilibrium import ManyResults as ManyResults
    from suasion.equilibrium import Result as Result
    from suasion.equilibrium import Scenario as Scenario
    from suasion.equilibrium.scenario.instruments import *  # noqa: F403  -- every instrument, as a class and in one line
    from suasion.errors import SuasionError as SuasionError
    from suasion.errors import SuasionWarning as SuasionWarning
    from suasion.products import ingest_baci as ingest_baci
    from suasion.public.joins import join as join
    from suasion.public.names import code as code
    from suasion.public.tables import table as table
    from suasion.public.worlds import load_world as load_world
    from suasion.queries import ask as ask
    from suasion.queries import read_scenario as read_scenario
    from suasion.questions import *  # noqa: F403  -- every question, without a further line
    from suasion.questions.scenarios.many import leverage_matrix as leverage_matrix
    from suasion.questions.scenarios.many import simulate_many as simulate_many
    from suasion.schema import describe as describe
    from suasion.world import World as World
    from suasion.world import from_table as from_table

__version__ = "0.2.0"

# Public name -> "module" that holds it, or "module:name" where the name there is another one.
_PUBLIC = {
    "Drivers": "suasion.coercion",
    "Elasticities": "suasion.equilibrium",
    "EquivalentVariation": "suasion.coercion",
    "ExitCost": "suasion.coercion",
    "LeverageMatrix": "suasion.coercion",
    "Loss": "suasion.coercion",
    "LossGap": "suasion.coercion",
    "LossRatio": "suasion.coercion",
    "ManyResults": "suasion.equilibrium",
    "RealIncome": "suasion.coercion",
    "Result": "suasion.equilibrium",
    "Scenario": "suasion.equilibrium",
    "Sensitivity": "suasion.coercion",
    "SuasionError": "suasion.errors",
    "SuasionWarning": "suasion.errors",
    "Welfare": "suasion.coercion",
    "World": "suasion.world",
    "ask": "suasion.queries",
    "code": "suasion.public",
    "table": "suasion.public",
    "describe": "suasion.schema",
    "errors": "suasion.errors:",
    "from_table": "suasion.world",
    "ingest_baci": "suasion.products",
    "join": "suasion.public",
    "load_world": "suasion.public",
    "read_scenario": "suasion.queries",
}


class _Package(ModuleType):
    """The package itself; a room that Python binds here on import does not hide the function of its name."""

    def __setattr__(self, name: str, value: object) -> None:
        if type(value) is ModuleType:
            value.__class__ = _Room
        if not (isinstance(value, ModuleType) and name in _HIDDEN_ROOMS):
            super().__setattr__(name, value)

    def __call__(self, *_: object, **__: object) -> NoReturn:
        """Tell who calls the package what to call.

        Raises InputError: Always.
        """
        from suasion.errors import InputError

        raise InputError('suasion is called by its functions. Write su.exit_cost("RUS", "CHN")')


class _Room(ModuleType):
    """A module of the package, which somebody may call as if it were a function."""

    def __call__(self, *_: object, **__: object) -> NoReturn:
        """Tell who calls it what it is.

        Raises InputError: Always.
        """
        from suasion.errors import InputError

        name = self.__name__.removeprefix("suasion.")
        use = "except su.errors.InputError" if name == "errors" else f"help(su.{name}) for what it holds"
        raise InputError(f"su.{name} is a module, and no function. Write {use}")


_HIDDEN_ROOMS = ("dossier", "outlook")


def __getattr__(name: str) -> object:
    """Load a public name on first use: a class, a function, or a question."""
    if name == "__all__":
        return __dir__()
    if name.startswith("_"):
        raise AttributeError(f"module 'suasion' has no attribute {name!r}")
    value = _loaded(name) if name in _PUBLIC else import_module("suasion.public").face(name)
    if value is None:
        from suasion.nearest import did_you_mean

        raise AttributeError(f"suasion has no {name!r}.{did_you_mean(name, __dir__())}")
    globals()[name] = value
    return value


def _loaded(name: str) -> object:
    module, colon, attribute = _PUBLIC[name].partition(":")
    loaded = import_module(module)
    if colon and not attribute:
        return loaded
    return import_module("suasion.public").answered(getattr(loaded, attribute or name), name)


def __dir__() -> list[str]:
    classes = import_module("suasion.instruments").classes()
    return sorted({"__version__", *_PUBLIC, *classes, *import_module("suasion.public").names()})


sys.modules[__name__].__class__ = _Package
