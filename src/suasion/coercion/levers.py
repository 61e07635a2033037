"""What outsiders can change on a tie: levers, red lines, and what each coalition of them can do.

The influence matrix says what each lever does to each outcome; a linear programme finds the best use of the levers
that red lines allow; the exact solution verifies it. An outcome is then direct, blocked by a red line whose price is
printed, or not influenceable. A lever whose sign is not stable over draws of the elasticities is listed as unstable
and not used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.frontier_board import board_on
from suasion.coercion.levers_columns import (
    available,
    columns_of,
    parties_of,
    party_name,
    red_lines,
)
from suasion.coercion.levers_file import read_levers
from suasion.coercion.levers_influence import OUTCOMES, OutcomeName, Question, influence
from suasion.coercion.levers_models import LeversModel
from suasion.coercion.levers_plan import Plan, Task, best_plan
from suasion.coercion.levers_response import response_moves, responses
from suasion.coercion.levers_rows import influence_rows, lever_sentences, plan_rows
from suasion.coercion.outcomes import Horizon, base_accounts
from suasion.coercion.redlines import Lines
from suasion.equilibrium import Economy, Elasticities, draws, resolve
from suasion.equilibrium.economy import economy_on
from suasion.equilibrium.problem import DeficitRule
from suasion.errors import ConvergenceError, InputError, ShockError
from suasion.world import World

FloatArray = NDArray[np.float64]
Progress = Callable[[int, int, str], None]

#: A lever is used only where this share of draws gives it the sign that it has at the central elasticities.
STABLE = 0.9


@dataclass(frozen=True, slots=True)
class Levers:
    """What an audience can change on a tie.

    Attributes
    ----------
    outcomes : one row per outcome for the whole audience: outcome, unit, base, class (``direct``, ``blocked by a red
        line``, ``not influenceable``), gain_with_red_lines, gain_without, blocked_by (red lines with a price, the
        dearest first, then others that the plan without them crosses), price (the highest, per full use of a lever),
        budget_price (per billion USD of own loss), levers, threshold
    influence : one row per outcome and lever in a hand: outcome, lever, owner, effect (of full use, first order;
        negative lowers the outcome), low, high (90 % band over draws), same_sign (share of draws), stable, size (rate
        by which the wedge changes at full use, or million USD), basis
    plans : one row per coalition and outcome, with and without red lines: coalition, outcome, red_lines, base,
        first_order (gain by the influence matrix of the world as it is), predicted (sum of what the linear programmes
        of the steps promised), actual (at the exact solution; gains are falls of the outcome), share_of_base_percent,
        levers, own_cost_usd, rounds
    responses : what a and b do about the plans of the whole audience; see
        :func:`suasion.coercion.levers_response.responses`
    unstable : levers without a stable sign, as (outcome, lever, owner)
    a, b, audience, coalitions : parties, as printed
    draws, failed : of the elasticities, and how many had no equilibrium
    budget_usd : million USD that each coalition may lose
    horizon, deficits, notes : how it was computed
    """

    outcomes: pd.DataFrame
    influence: pd.DataFrame
    plans: pd.DataFrame
    responses: pd.DataFrame
    unstable: tuple[tuple[str, str, str], ...]
    a: str
    b: str
    audience: str
    coalitions: tuple[str, ...]
    draws: int
    failed: int
    budget_usd: float
    horizon: str
    deficits: DeficitRule
    notes: tuple[str, ...]
    plans_by: dict[tuple[str, str, bool], Plan] = field(repr=False)

    def sentences(self) -> tuple[str, ...]:
        """Say what was found, every number from the tables."""
        return lever_sentences(self)


@dataclass(frozen=True, slots=True)
class Stability:
    """Signs of the influence matrix over draws.

    Attributes
    ----------
    values : outcome to (draws, K) derivatives; NaN rows failed
    same_sign : outcome to (K,) share of draws with the central sign
    """

    values: dict[OutcomeName, FloatArray]
    same_sign: dict[OutcomeName, FloatArray]


def levers(
    world: World,
    a: str,
    b: str,
    audience: Sequence[str],
    file: LeversModel | None = None,
    horizon: Horizon = "long",
    *,
    matters: float = 0.01,
    draws: int = 16,
    seed: int = 1,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
    progress: Progress | None = None,
) -> Levers:
    """Find what an audience can change on the tie of a and b.

    Parameters
    ----------
    world : World
    a, b : the pair; a is the side whose dependence is in question
    audience : countries and groups that may act, alone or together
    file : levers and red lines from :func:`suasion.coercion.levers_file.read_levers`; those shipped by default
    horizon : ``"short"``, ``"long"`` or years
    matters : share of an outcome's level that a plan must move to count as influence
    draws : of the elasticities, for the signs of the levers; 0 leaves stability unknown and uses every lever
    seed : of the draws
    deficits : deficit rule, see :func:`suasion.equilibrium.simulate`
    elasticities : own values that replace the presets
    progress : called with (done, total, what)

    Returns
    -------
    Levers

    Raises
    ------
    InputError
        A number is out of range, or no lever moves anything.
    SameCountryError
        A party is on two sides.
    NotInWorldError
        A party or sector is not in the world's table.
    ShockError
        Red lines that nobody can meet together; the message names them.
    """
    if draws < 0 or not 0.0 < matters < 1.0:
        raise InputError(f"draws={draws} must be zero or more, and matters={matters:g} between 0 and 1.")
    model = file or read_levers()
    parameters = resolve(world, horizon, elasticities=elasticities)
    economy = economy_on(base_accounts(world, deficits, elasticities), parameters, deficits)
    task, lines, notes = _prepare(world, economy, (a, b), audience, model)
    say = progress or (lambda done, total, what: None)
    found = _stability(task, horizon, draws, seed, elasticities, say)
    plans = _plans(task, lines, found, say)
    return _result(task, model, found, plans, lines, matters, deficits, notes, draws)


def _prepare(
    world: World, economy: Economy, pair: tuple[str, str], audience: Sequence[str], model: LeversModel
) -> tuple[Task, Lines, tuple[str, ...]]:
    """Solve the world as it is, with every lever's derivative."""
    parties = parties_of(world, *pair, audience, economy.accounts)
    columns, notes = columns_of(parties, model, economy.accounts)
    board = board_on(economy, [*(column.move for column in columns), *response_moves(parties, economy)])
    question = Question(parties, board)
    start = question.position(np.zeros(len(board.moves)))
    matrix = dict(influence(question, start))
    budget = model.budget_percent / 100.0 * float(board.spending[parties.whole].sum())
    task = Task(question, columns, start, matrix, question.own_slopes(start), budget)
    return task, red_lines(model, columns), notes


def _stability(
    task: Task,
    horizon: Horizon,
    count: int,
    seed: int,
    elasticities: Elasticities | None,
    say: Progress,
) -> Stability:
    """Influence matrix at draws of the elasticities."""
    question, size = task.question, len(task.columns)
    values = {name: np.full((count, size), np.nan) for name in OUTCOMES}
    economy = question.board.economy
    sets = (
        draws(question.parties.world, count, horizon, seed=seed, elasticities=elasticities) if count else []
    )
    for place, parameters in enumerate(sets):
        say(place, count, "draws of the elasticities")
        drawn = replace(economy, parameters=parameters)
        asked = Question(question.parties, board_on(drawn, question.board.moves[:size]))
        try:
            here = asked.position(np.zeros(size), task.start)
            rows = influence(asked, here)
        except (ShockError, ConvergenceError):
            continue
        for name in OUTCOMES:
            values[name][place] = rows[name]
    same = {name: _same_sign(values[name], task.matrix[name][:size]) for name in OUTCOMES}
    return Stability(values, same)


def _same_sign(drawn: FloatArray, central: FloatArray) -> FloatArray:
    """Share of draws with the central sign, (K,); NaN without draws."""
    good = drawn[np.isfinite(drawn).all(1)]
    if good.size == 0:
        return np.full(central.size, np.nan)
    return np.asarray((np.sign(good) == np.sign(central)).mean(0))


def usable(found: Stability, outcome: OutcomeName) -> NDArray[np.bool_]:
    """Return the levers whose sign is stable, or all where there are no draws, (K,).

    Parameters
    ----------
    found : signs over draws
    outcome : on which outcome
    """
    same = found.same_sign[outcome]
    return np.asarray(np.isnan(same) | (same >= STABLE))


def _plans(
    task: Task, lines: Lines, found: Stability, say: Progress
) -> dict[tuple[tuple[str, ...], OutcomeName, bool], Plan]:
    """Best plan of every coalition for every outcome, with and without red lines."""
    parties = task.question.parties
    none = Lines((), np.zeros((0, len(task.columns))), np.zeros(0))
    plans: dict[tuple[tuple[str, ...], OutcomeName, bool], Plan] = {}
    coalitions = parties.coalitions()
    for place, coalition in enumerate(coalitions):
        say(place, len(coalitions), f"plans of {party_name(parties, coalition)}")
        inside = available(task.columns, coalition, parties.audience)
        for outcome in OUTCOMES:
            allowed = inside & usable(found, outcome)
            for bound in (True, False):
                plans[coalition, outcome, bound] = best_plan(task, outcome, allowed, lines if bound else none)
    return plans


def _result(
    task: Task,
    model: LeversModel,
    found: Stability,
    plans: dict[tuple[tuple[str, ...], OutcomeName, bool], Plan],
    lines: Lines,
    matters: float,
    deficits: DeficitRule,
    notes: tuple[str, ...],
    count: int,
) -> Levers:
    parties = task.question.parties
    coalitions = parties.coalitions()
    names = {coalition: party_name(parties, coalition) for coalition in coalitions}
    table = influence_rows(task, found.values, found.same_sign, STABLE)
    loose = table[~table.stable]
    rows, outcomes = plan_rows(task, plans, coalitions[-1], lines, matters)
    answered = {(name, bound): plan for (who, name, bound), plan in plans.items() if who == coalitions[-1]}
    return Levers(
        outcomes=outcomes,
        influence=table,
        plans=rows,
        responses=responses(task, answered),
        unstable=tuple(zip(loose.outcome, loose.lever, loose.owner, strict=True)),
        a=parties.a,
        b=parties.b,
        audience=names[coalitions[-1]],
        coalitions=tuple(names.values()),
        draws=count,
        failed=int(np.isnan(found.values["leverage"]).any(1).sum()),
        budget_usd=task.budget,
        horizon=task.question.board.economy.parameters.horizon,
        deficits=deficits,
        notes=(*notes, _marked(model)),
        plans_by={(names[who], name, bound): plan for (who, name, bound), plan in plans.items()},
    )


def _marked(model: LeversModel) -> str:
    """How many sizes are assumptions."""
    assumed = sum(lever.basis.startswith("assumption") for lever in model.levers)
    return (
        f"{assumed} of {len(model.levers)} levers have a size that is an assumption; effects scale with it."
    )
