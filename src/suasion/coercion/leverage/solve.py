"""Solve the ties of a leverage matrix in batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.leverage.ties import LeverageAct, Sides, Tie
from suasion.coercion.outcomes import base_accounts
from suasion.equilibrium import Elasticities, Parameters, Scenario, Shock, compile_scenario, respond
from suasion.equilibrium.batch.beside import bracket_ends
from suasion.equilibrium.batch.many import BatchTask, batchable, respond_many
from suasion.equilibrium.batch.patch import ground_of
from suasion.equilibrium.economy import Economy, economy_on, log_welfare
from suasion.equilibrium.flags import LOSS, Flag, Flagged, of_first_year
from suasion.equilibrium.problem import DeficitRule
from suasion.equilibrium.solve import accounts_after
from suasion.types import FloatArray
from suasion.world import World

#: Columns of the losses of ties; ``first`` and ``second`` are positions of sides, the first acts.
COLUMNS = (
    "first", "second", "first_percent", "first_usd", "second_percent", "second_usd", "residual", "batched", "reason",
    "first_replacement", "second_replacement", "first_no_switching", "second_no_switching",
    "first_supply", "second_supply",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MatrixPlan:
    """What a leverage matrix asks for.

    world, parameters, deficits, elasticities, given: as asked; the horizon is in the parameters.
    measure: what acting sides do.
    sides: name to members.
    ties: pairs of positions of sides.
    """

    world: World
    parameters: Parameters
    deficits: DeficitRule
    elasticities: Elasticities | None
    given: Scenario | None
    measure: LeverageAct
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

    def loss(self, log_welfare: FloatArray) -> FloatArray:
        """Million USD at base prices, (..., N)."""
        return np.asarray(-np.expm1(log_welfare - self.before) * self.worth)


def solve_plan(
    plan: MatrixPlan, progress: Callable[[int, int], None] | None = None, *, brackets: bool = True
) -> pd.DataFrame:
    """Solve all ties.

    plan: what is asked for.
    progress: called with (done, total).
    brackets: whether losses of the first year beyond the model get the ends of their bracket.
    Returns: One row a tie, columns :data:`COLUMNS`: losses of both sides, per cent of real expenditure before
      the act and million USD at base prices.
    """
    start = _start(plan)
    codes = list(plan.world.countries)
    places = [np.array([codes.index(c) for c in side], dtype=np.intp) for side in plan.sides.values()]
    jobs = _jobs(plan, start, places)
    outcome = respond_many(start.economy, jobs, progress)
    loss = start.loss(outcome.log_welfare)
    belongs = np.stack([np.bincount(place, minlength=len(codes)) for place in places]).astype(np.float64)
    usd, worth = loss @ belongs.T, belongs @ start.worth
    first, second = np.array(plan.ties, dtype=np.intp).T
    row = np.arange(first.size)
    frame = pd.DataFrame({"first": first, "second": second})
    for name, side in (("first", first), ("second", second)):
        frame[f"{name}_usd"] = usd[row, side]
        frame[f"{name}_percent"] = 100.0 * usd[row, side] / worth[side]
    frame = frame.assign(residual=outcome.residual, batched=outcome.batched, reason=list(outcome.reasons))
    flags = outcome.flags if brackets else [()] * len(jobs)
    return _with_brackets(plan, start, jobs, belongs, frame, flags)[list(COLUMNS)]


def _with_brackets(
    plan: MatrixPlan,
    start: _Start,
    jobs: Sequence[BatchTask],
    belongs: FloatArray,
    frame: pd.DataFrame,
    flags: Sequence[Sequence[Flagged]],
) -> pd.DataFrame:
    """Add the ends of the bracket, per cent, to ties of the first year that go beyond what the model can say.

    They cost a side more than that, or a good of a side that matters loses its supply.
    """
    names = ("replacement", "no_switching")
    found = {f"{who}_{name}": np.full(len(jobs), np.nan) for name in names for who in ("first", "second")}
    found |= {f"{who}_supply": np.zeros(len(jobs)) for who in ("first", "second")}
    if any(flags) and of_first_year(plan.parameters):
        worth, codes = belongs @ start.worth, list(plan.world.countries)
        large = frame[["first_percent", "second_percent"]].max(axis=1).to_numpy() > 100.0 * LOSS
        hits = [{one.country for one in some if one.flag is Flag.SUPPLY} for some in flags]
        for row, hit in enumerate(hits):
            for who in ("first", "second") if hit else ():
                inside = belongs[int(frame[who].iloc[row])] > 0.0
                found[f"{who}_supply"][row] = any(inside[codes.index(country)] for country in hit)
        large |= (found["first_supply"] > 0.0) | (found["second_supply"] > 0.0)
        rows = np.flatnonzero(large)
        ends = bracket_ends(start.economy, [jobs[row].shock for row in rows.tolist()])
        percent = 100.0 * (start.loss(ends) @ belongs.T) / worth  # (J, 2, sides)
        for place, name in enumerate(names):
            for who in ("first", "second"):
                found[f"{who}_{name}"][rows] = percent[np.arange(rows.size), place, frame[who].iloc[rows]]
    return frame.assign(**found)


def _start(plan: MatrixPlan) -> _Start:
    """Prepare the base, with the scenario in force where there is one.

    What is in force becomes the base of the acts. Quotas and caps cannot: they bind anew after every act, so that each
    act is solved together with them; so is what holds for one use only.
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
    if force.limits or force.by_use:
        return _Start(economy, force, before, worth)
    return _Start(economy_on(accounts_after(solved), plan.parameters, plan.deficits), Shock(), none, worth)


def _jobs(plan: MatrixPlan, start: _Start, places: Sequence[NDArray[np.intp]]) -> list[BatchTask]:
    accounts, measure = start.economy.accounts, plan.measure
    ground = ground_of(accounts, plan.parameters)
    plain = batchable(start.economy) and not (start.force.limits or start.force.by_use)
    jobs = []
    for a, b in plan.ties:
        cells = measure.cells(places[a], places[b], len(accounts.sectors))
        jobs.append(BatchTask(measure.patch(ground, cells) if plain else None, _full(measure, start, cells)))
    return jobs


def _full(measure: LeverageAct, start: _Start, cells: NDArray[np.intp]) -> Callable[[], Shock]:
    return lambda: measure.shock(start.economy.accounts, start.force, cells)
