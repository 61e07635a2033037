"""Simulate a scenario: resolve elasticities, prepare the base, compile the shock, solve, certify."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from suasion.equilibrium.doubts import doubts_on
from suasion.equilibrium.economy import Economy, check_before_balance, prepare, respond
from suasion.equilibrium.elasticities.horizon import draws as drawn_elasticities
from suasion.equilibrium.elasticities.horizon import resolve, resolve_base
from suasion.equilibrium.elasticities.own import Elasticities
from suasion.equilibrium.elasticities.response import Factors
from suasion.equilibrium.result import Result
from suasion.equilibrium.scenario.scenario import Scenario, compile_scenario
from suasion.equilibrium.types import Parameters, Shock
from suasion.errors import warn
from suasion.types import DeficitRule, FloatArray
from suasion.world import World


def simulate(
    world: World,
    scenario: Scenario,
    horizon: str | float | Elasticities = "long",
    *,
    factors: Factors | None = None,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
    certify: bool = True,
    draws: int = 0,
    seed: int = 1,
) -> Result:
    """Solve the world economy after a scenario.

    Parameters
    ----------
    world : balanced accounts
    scenario : instruments to apply together
    horizon : {"months", "short", "long"}, years since the shock, or Elasticities
        Which elasticities answer; ``"long"`` is ten years with mobile factors, ``"short"`` the first
        year, ``"months"`` the first months, in which nobody changes supplier or job.
    factors : {"mobile", "specific", "roy", "capital"}, optional
        Overrides the mobility of the horizon; with ``"capital"`` labour is mobile and the stock of capital adjusts.
    deficits : {"balance", "world", "gdp", "eliminate"}
        ``balance`` re-solves the base without transfers, at long-run elasticities, and then shocks it;
        ``world`` keeps each transfer in units of world factor income; ``gdp`` keeps it as a share of own
        factor income, the rest spread by income; ``eliminate`` removes transfers as part of the shock. A transfer
        that the scenario itself makes is in units of world factor income under every rule.
    elasticities : own values that replace those of the horizon
    certify : refuse numbers that fail their certificate; without it they come with a note that begins with
        UNCERTIFIED
    draws : draws of the elasticities for bands (:meth:`Result.band`); 0 for none, 64 give a usable one. Own values of
        sigma are the middle of the draws, other own values stay fixed.
    seed : of the draws

    Returns
    -------
    Result
        Labelled outcomes with a certificate, provenance and notes.

    Warns
    -----
    SuasionWarning
        A value is rarely meant, the elasticities were not made for the horizon, or the answer is beyond the model.

    Raises
    ------
    InputError, ScenarioError, NotInWorldError, ElasticityError
        Something in the arguments is wrong; the message says what.
    NoSupplierError, CollapseError
        The scenario has no equilibrium.
    ConvergenceError
        No equilibrium was found to the tolerance.
    UncertifiedError
        The solution fails its certificate.
    """
    parameters = resolve(world, horizon, elasticities=elasticities, factors=factors)
    long_run = resolve_base(world, own(horizon, elasticities))
    shock = compile_scenario(world, scenario)
    check_before_balance(world, parameters, shock)
    economy = prepare(world, parameters, deficits, long_run)
    found = run(economy, world, scenario, shock, certify)
    if draws:
        from suasion.equilibrium.batch.bands import over_draws

        sets = drawn_elasticities(world, draws, horizon, seed, elasticities, factors)
        found = replace(found, drawn=over_draws(economy, found.shock, found.solved, sets))
    warn(found.warnings)
    return found


def own(horizon: str | float | Elasticities, elasticities: Elasticities | None) -> Elasticities | None:
    """Return the own values, wherever they were given."""
    return horizon if isinstance(horizon, Elasticities) else elasticities


def run(economy: Economy, world: World, scenario: Scenario, shock: Shock, certify: bool = True) -> Result:
    """Solve a compiled scenario on a prepared economy and wrap the outcome.

    Parameters
    ----------
    economy : base of the shock, from :func:`suasion.equilibrium.economy.prepare`
    world : where the base came from, for provenance and notes
    scenario, shock : the scenario and its compiled form
    certify : as in :func:`suasion.equilibrium.economy.respond`

    Returns
    -------
    Result
    """
    solved, remarks = respond(economy, shock, certify=certify)
    return Result(
        scenario=scenario,
        horizon=economy.parameters.horizon,
        deficits=economy.deficits,
        provenance=world.provenance,
        parameters=summarise(economy.parameters),
        notes=(*shock.labels, *remarks, *economy.parameters.marks),
        warnings=(*shock.doubts, *economy.parameters.doubts, *doubts_on(economy.deficits, solved, shock)),
        solved=solved,
        shock=shock,
    )


def summarise(parameters: Parameters) -> Mapping[str, str]:
    """Describe elasticities in a line each: the value, or the range over cells."""
    fields = ("sigma", "zeta", "epsilon", "eta", "kappa", "mobility")
    return {name: _range(getattr(parameters, name)) for name in fields}


def _range(values: FloatArray) -> str:
    low, middle, high = np.quantile(values, [0.0, 0.5, 1.0])
    return f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}, median {middle:.3g}"
