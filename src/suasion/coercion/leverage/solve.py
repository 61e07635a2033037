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
from suasion.equilibrium.batch.beside import bracket_ends
from suasion.equilibrium.batch.many import Job, batchable, respond_many
from suasion.equilibrium.batch.patch import ground_of
from suasion.equilibrium.economy import Economy, economy_on, log_welfare
from suasion.equilibrium.flags import (
    GOOD,
    LOSS,
    LOST,
    Flag,
    flags_on,
    of_first_year,
    weighty,
)
from suasion.equilibrium.problem import DeficitRule
from suasion.equilibrium.solve import accounts_after
from suasion.world import World

#: Columns of the losses of ties; ``first`` and ``second`` are positions of sides, the first acts.
COLUMNS = (
    "first", "second", "first_percent", "first_usd", "second_percent", "second_usd", "residual", "batched", "reason",
    "first_replacement", "second_replacement", "first_no_switching", "second_no_switching",
    "first_supply", "second_supply",
)  # fmt: skip


#: Share of its supply that a good must lose, and multiple of its price at given costs, for a look at its equilibrium:
#: a flag stands at .9 and 3, and what follows from other prices is a fraction of the first rise. Assumptions.
MAY_BE_DEAR, MAY_BE_SCARCE = 0.3, 2.0


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

    def loss(self, log_welfare: FloatArray) -> FloatArray:
        """Million USD at base prices, (..., N)."""
        return np.asarray(-np.expm1(log_welfare - self.before) * self.worth)


def solve_plan(
    plan: Plan, progress: Callable[[int, int], None] | None = None, *, brackets: bool = True
) -> pd.DataFrame:
    """Solve all ties.

    Parameters
    ----------
    plan : what is asked for
    progress : called with (done, total)
    brackets : whether losses of the first year beyond the model get the ends of their bracket

    Returns
    -------
    DataFrame
        One row a tie, columns :data:`COLUMNS`: losses of both sides, per cent of real expenditure before the act and
        million USD at base prices.
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
    return _with_brackets(plan, start, jobs, belongs, frame, brackets)[list(COLUMNS)]


def _with_brackets(
    plan: Plan, start: _Start, jobs: Sequence[Job], belongs: FloatArray, frame: pd.DataFrame, wanted: bool
) -> pd.DataFrame:
    """Add the ends of the bracket, per cent, to ties of the first year that go beyond what the model can say.

    They cost a side more than that, or a good of a side that matters loses its supply.
    """
    names = ("replacement", "no_switching")
    found = {f"{who}_{name}": np.full(len(jobs), np.nan) for name in names for who in ("first", "second")}
    found |= {f"{who}_supply": np.zeros(len(jobs)) for who in ("first", "second")}
    if wanted and of_first_year(plan.parameters):
        worth, codes = belongs @ start.worth, list(plan.world.countries)
        large = frame[["first_percent", "second_percent"]].max(axis=1).to_numpy() > 100.0 * LOSS
        scarce = _scarce(plan, start, frame)
        for row in np.flatnonzero(scarce).tolist():
            solved, _ = respond(start.economy, jobs[row].shock())
            hit = {item.country for item in flags_on(solved, jobs[row].shock()) if item.flag is Flag.SUPPLY}
            for who in ("first", "second"):
                inside = belongs[int(frame[who].iloc[row])] > 0.0
                found[f"{who}_supply"][row] = any(inside[codes.index(country)] for country in hit)
            large[row] |= bool(found["first_supply"][row] or found["second_supply"][row])
        rows = np.flatnonzero(large)
        ends = bracket_ends(start.economy, [jobs[row].shock for row in rows.tolist()])
        percent = 100.0 * (start.loss(ends) @ belongs.T) / worth  # (J, 2, sides)
        for place, name in enumerate(names):
            for who in ("first", "second"):
                found[f"{who}_{name}"][rows] = percent[np.arange(rows.size), place, frame[who].iloc[rows]]
    return frame.assign(**found)


def _scarce(plan: Plan, start: _Start, frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a good that matters may lose its supply, by tie: it does at given costs of those who are left."""
    base, found = start.economy.accounts, np.zeros(len(frame), dtype=bool)
    if plan.measure.kind == "tariff":
        return found
    n, s = base.output.shape
    places = [np.array([base.countries.index(c) for c in side]) for side in plan.sides.values()]
    matters = (weighty(base) > GOOD).T
    for row, (a, b) in enumerate(plan.ties):
        cells = plan.measure.cells(places[a], places[b], s)
        k, m, _ = cells
        lost = np.bincount(k * n + m, base.pi[tuple(cells)], minlength=s * n).astype(np.float64).reshape(s, n)
        if ((lost > MAY_BE_DEAR) & matters).any():
            dear = plan.parameters.modes.lost(lost) > np.log(MAY_BE_SCARCE)
            found[row] = bool((matters & (dear | (lost > LOST))).any()) and not frame.reason.iloc[row]
    return found


def _start(plan: Plan) -> _Start:
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


def _jobs(plan: Plan, start: _Start, places: Sequence[NDArray[np.intp]]) -> list[Job]:
    accounts, measure = start.economy.accounts, plan.measure
    ground = ground_of(accounts, plan.parameters)
    plain = batchable(start.economy) and not (start.force.limits or start.force.by_use)
    jobs = []
    for a, b in plan.ties:
        cells = measure.cells(places[a], places[b], len(accounts.sectors))
        jobs.append(Job(measure.patch(ground, cells) if plain else None, _full(measure, start, cells)))
    return jobs


def _full(measure: Measure, start: _Start, cells: NDArray[np.intp]) -> Callable[[], Shock]:
    return lambda: measure.shock(start.economy.accounts, start.force, cells)
