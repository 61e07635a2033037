"""Solve the ties of a leverage matrix in batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.leverage.ties import Measure, Sides, Tie
from suasion.coercion.outcomes import FloatArray, base_accounts
from suasion.equilibrium import Elasticities, Parameters, Scenario, Shock, compile_scenario, respond
from suasion.equilibrium.batch.many import Job, batchable, respond_many
from suasion.equilibrium.batch.patch import ground_of
from suasion.equilibrium.economy import Economy, economy_on, log_welfare
from suasion.equilibrium.problem import DeficitRule
from suasion.equilibrium.solve import accounts_after
from suasion.world import World

#: Columns of the losses of ties; ``first`` and ``second`` are positions of sides, the first acts.
COLUMNS = (
    "first", "second", "first_percent", "first_usd", "second_percent", "second_usd", "residual", "batched", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What a leverage matrix asks for.

    Attributes
    ----------
    world, parameters, deficits, elasticities, given : as asked; the horizon is in the parameters
    measure : what acting sides do
    sides : name to members
    ties : pairs of positions of sides
    """

    world: World
    parameters: Parameters
    deficits: DeficitRule
    elasticities: Elasticities | None
    given: Scenario | None
    measure: Measure
    sides: Sides
    ties: Sequence[Tie]


@dataclass(frozen=True, slots=True)
class _Start:
    """Where ties are cut.

    ``economy`` is the one that jobs are solved on, ``force`` what each job's shock joins, ``before`` (N,) the log
    change in welfare that such a shock contains already, ``worth`` (N,) real expenditure before the act at base prices.
    """

    economy: Economy
    force: Shock
    before: FloatArray
    worth: FloatArray


def solve_plan(plan: Plan, progress: Callable[[int, int], None] | None = None) -> pd.DataFrame:
    """Solve all ties.

    Parameters
    ----------
    plan : what is asked for
    progress : called with (done, total)

    Returns
    -------
    DataFrame
        One row a tie, columns :data:`COLUMNS`: losses of both sides, per cent of real expenditure before the act and
        million USD at base prices.
    """
    start = _start(plan)
    codes = list(plan.world.countries)
    places = [np.array([codes.index(c) for c in side], dtype=np.intp) for side in plan.sides.values()]
    outcome = respond_many(start.economy, _jobs(plan, start, places), progress)
    loss = (
        -np.expm1(outcome.log_welfare - start.before) * start.worth
    )  # (ties, N), million USD at base prices
    belongs = np.stack([np.bincount(place, minlength=len(codes)) for place in places]).astype(np.float64)
    usd, worth = loss @ belongs.T, belongs @ start.worth
    first, second = np.array(plan.ties, dtype=np.intp).T
    row = np.arange(first.size)
    frame = pd.DataFrame({"first": first, "second": second})
    for name, side in (("first", first), ("second", second)):
        frame[f"{name}_usd"] = usd[row, side]
        frame[f"{name}_percent"] = 100.0 * usd[row, side] / worth[side]
    frame = frame.assign(residual=outcome.residual, batched=outcome.batched, reason=list(outcome.reasons))
    return frame[list(COLUMNS)]


def _start(plan: Plan) -> _Start:
    """Prepare the base, with the scenario in force where there is one.

    What is in force becomes the base of the acts. Quotas and caps cannot: they bind anew after every act, so that each
    act is solved together with them.
    """
    accounts = base_accounts(plan.world, plan.deficits, plan.elasticities)
    economy = economy_on(accounts, plan.parameters, plan.deficits)
    none = np.zeros(accounts.income.size)
    if plan.given is None:
        return _Start(economy, Shock(), none, accounts.income)
    force = compile_scenario(plan.world, plan.given)
    solved, _ = respond(economy, force)
    before = log_welfare(solved)
    worth = accounts.income * np.exp(before)
    if force.limits:
        return _Start(economy, force, before, worth)
    rule: DeficitRule = "balance" if plan.deficits == "eliminate" else plan.deficits
    return _Start(economy_on(accounts_after(solved), plan.parameters, rule), Shock(), none, worth)


def _jobs(plan: Plan, start: _Start, places: Sequence[NDArray[np.intp]]) -> list[Job]:
    accounts, measure = start.economy.accounts, plan.measure
    ground = ground_of(accounts, plan.parameters)
    plain = batchable(start.economy) and not start.force.limits
    jobs = []
    for a, b in plan.ties:
        cells = measure.cells(places[a], places[b], len(accounts.sectors))
        jobs.append(Job(measure.patch(ground, cells) if plain else None, _full(measure, start, cells)))
    return jobs


def _full(measure: Measure, start: _Start, cells: NDArray[np.intp]) -> Callable[[], Shock]:
    return lambda: measure.shock(start.economy.accounts, start.force, cells)
