"""Solve a set of cuts on one world, at several horizons and for draws of the elasticities."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium import Economy, Elasticities, Parameters, Shock, draws, prepare, resolve, respond
from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.certificate import Certificate
from suasion.equilibrium.economy import certificate_of, economy_on, log_welfare
from suasion.equilibrium.problem import DeficitRule
from suasion.errors import ConvergenceError, InputError, ShockError
from suasion.world import World

FloatArray = NDArray[np.float64]
Progress = Callable[[int, int, str], None]
Horizon = str | float


@dataclass(frozen=True, slots=True)
class Request:
    """What to solve.

    Attributes
    ----------
    world : World
    shocks : named cuts; each is solved on the same base
    horizons : labels understood by the elasticity presets
    deficits : deficit rule
    draws, seed : number of draws of the elasticities for bands, and the seed of their sequence
    elasticities : own values
    progress : called with (done, total, what), or None
    """

    world: World
    shocks: Mapping[str, Shock]
    horizons: Sequence[Horizon]
    deficits: DeficitRule = "balance"
    draws: int = 0
    seed: int = 1
    elasticities: Elasticities | None = None
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Log changes in welfare of all countries after every cut, at one horizon.

    Attributes
    ----------
    label : horizon with its years
    income : (1 + draws, N) base real expenditure after the deficit rule, million USD
    log_welfare : shock name to (1 + draws, N); row 0 has the central elasticities; NaN rows failed
    certificates : shock name to the check of the central solution
    failures : shock name to the reason why the central solution does not exist
    marks : remarks on elasticities and on how the cuts were read
    """

    label: str
    income: FloatArray
    log_welfare: Mapping[str, FloatArray]
    certificates: Mapping[str, Certificate]
    failures: Mapping[str, str]
    marks: tuple[str, ...]

    def failed_draws(self, name: str) -> int:
        """Count the draws without an equilibrium."""
        return int(np.isnan(self.log_welfare[name][1:]).any(1).sum())


def solve_cuts(request: Request) -> dict[Horizon, Outcomes]:
    """Solve every cut at every horizon, for central elasticities and draws.

    Raises
    ------
    InputError
        The number of draws is negative.
    """
    if request.draws < 0:
        raise InputError(
            f"draws={request.draws} must be zero (no band) or more; 64 gives a usable 90 % band."
        )
    accounts = base_accounts(request.world, request.deficits, request.elasticities)
    return {horizon: _one_horizon(request, accounts, horizon) for horizon in request.horizons}


def base_accounts(world: World, deficits: DeficitRule, elasticities: Elasticities | None = None) -> Accounts:
    """Return the base after the deficit rule: one for all horizons and draws, which differ in the response only."""
    return prepare(world, resolve(world, "long", elasticities=elasticities), deficits).accounts


def _one_horizon(request: Request, accounts: Accounts, horizon: Horizon) -> Outcomes:
    world, own = request.world, request.elasticities
    central = resolve(world, horizon, elasticities=own)
    sets: list[Parameters] = [central]
    if request.draws:
        sets += draws(world, request.draws, horizon, seed=request.seed, elasticities=own)
    n = len(world.countries)
    income = np.broadcast_to(accounts.income, (len(sets), n))
    welfare = {name: np.full((len(sets), n), np.nan) for name in request.shocks}
    certificates: dict[str, Certificate] = {}
    failures: dict[str, str] = {}
    marks: dict[str, None] = dict.fromkeys(central.marks)
    starts: dict[str, FloatArray] = {}
    for index, parameters in enumerate(sets):
        economy = economy_on(accounts, parameters, request.deficits)
        for name, shock in request.shocks.items():
            _one_cut(economy, shock, name, index, welfare, certificates, failures, marks, starts)
        if request.progress:
            request.progress(index + 1, len(sets), central.horizon)
    return Outcomes(central.horizon, income, welfare, certificates, failures, tuple(marks))


def _one_cut(
    economy: Economy,
    shock: Shock,
    name: str,
    index: int,
    welfare: dict[str, FloatArray],
    certificates: dict[str, Certificate],
    failures: dict[str, str],
    marks: dict[str, None],
    starts: dict[str, FloatArray],
) -> None:
    """Solve one cut and file the outcome; draws start from the central solution."""
    try:
        solved, remarks = respond(economy, shock, starts.get(name))
    except (ShockError, ConvergenceError) as error:
        if index == 0:
            failures[name] = str(error)
        return
    welfare[name][index] = log_welfare(solved)
    if index == 0:
        certificates[name] = certificate_of(solved)
        starts[name] = solved.x
        marks.update(dict.fromkeys(remarks))
