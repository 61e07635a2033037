"""The best plan for one outcome: linear programmes within red lines, by levers whose sign holds, verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.frontier.policy_space import ROUGH
from suasion.coercion.levers.columns import LeverColumn
from suasion.coercion.levers.influence import COEFFICIENTS, LeverTarget, OutcomeName, Position
from suasion.coercion.levers.redlines import LinearPlan, Lines, plan_linear
from suasion.equilibrium import Parameters
from suasion.errors import ConvergenceError, ShockError
from suasion.types import BoolArray, FloatArray, Progress

#: Name of the constraint that the audience's own loss stays within its budget.
BUDGET = "budget"
ROUNDS = 5
#: A step is taken only if it brings this share of what the linear programme promised.
KEPT = 0.1
#: A further round must promise this share of the gain so far.
WORTHWHILE = 0.02
#: The exact solution may overrun the budget by this share before a step is refused.
OVERRUN = 0.02


class WhyNot(StrEnum):
    """Why an outcome cannot be moved, or not be measured."""

    UNSURE = "unsure"
    SMALL = "small"
    NO_LOSS = "no_loss"
    GROUPS = "groups"
    NOT_FITTED = "not_fitted"
    NO_GROWTH = "no_growth"


@dataclass(frozen=True, slots=True)
class LeverPlan:
    """The best use of levers for one outcome.

    outcome: which.
    use: (K,) of every lever.
    first_order: gain of the outcome by the influence matrix of the world as it is.
    predicted: sum of what the linear programmes of the steps taken promised, each from where it began.
    actual: gain at the exact solution; a gain is a fall of the outcome.
    prices: constraint to its shadow price at the plan: gain of the outcome per unit of slack (per full use of
      a lever; for the budget per billion USD).
    rounds: linear programmes solved.
    position: the exact solution.
    """

    outcome: OutcomeName
    use: FloatArray
    first_order: float
    predicted: float
    actual: float
    prices: dict[str, float]
    rounds: int
    position: Position = field(repr=False)


@dataclass(frozen=True, slots=True)
class LeverTask:
    """What all plans of a question share.

    question: tie and levers.
    columns: levers; further moves of the board, of those who answer, stay at zero.
    start: the world as it is.
    outcomes: that can be measured here.
    absent: outcome to why it cannot.
    budget: million USD that the audience may lose.
    seen: plans that were looked at, so that none is solved twice.
    """

    question: LeverTarget
    columns: tuple[LeverColumn, ...]
    start: Position
    outcomes: tuple[OutcomeName, ...]
    absent: Mapping[OutcomeName, WhyNot]
    budget: float
    seen: dict[bytes, Position] = field(default_factory=dict, repr=False)

    def at(self, plan: FloatArray, near: Position) -> Position:
        """Return the position of a plan (K,), the same one each time."""
        key = (plan + 0.0).tobytes()  # minus zero is zero
        if key not in self.seen:
            self.seen[key] = self.question.at(plan, near)
        return self.seen[key]

    def rest(self) -> None:
        """Let go of the worlds behind the plans that were looked at."""
        for position in self.seen.values():
            position.rest()


def best_plan(task: LeverTask, outcome: OutcomeName, allowed: BoolArray, lines: Lines) -> LeverPlan:
    """Lower an outcome as far as levers, bounds, red lines and the budget allow.

    task: question, levers, world as it is.
    outcome: to be lowered.
    allowed: (K,) levers in use; the others stay at zero.
    lines: red lines.
    Raises ShockError: The red lines cannot be met; the message says which.

    Sequential linear programming with a trust region on the use of levers. Yes-or-no levers are free of the region: a
    part of them does not exist.
    """
    now, radius, prices, predicted, rounds = task.start, 1.0, dict[str, float](), 0.0, 0
    slope, own = now.slopes(outcome), now.own_slopes()
    while rounds < ROUNDS:
        rounds += 1
        best, within = _linear(task, now, slope, own, allowed, lines, radius)
        promised = float(-slope[: best.plan.size] @ (best.plan - now.plan[: best.plan.size]))
        prices = _prices(best, within)
        so_far = task.start.value(outcome) - now.value(outcome)
        if promised <= max(1e-9, WORTHWHILE * abs(so_far)):
            break
        new = _tried(task, now, best.plan, outcome, promised)
        if new is None:
            radius *= 0.5
            continue
        now, predicted = new, predicted + promised
        slope, own = now.slopes(outcome), now.own_slopes()
    size = len(task.columns)
    first = float(-task.start.slopes(outcome)[:size] @ now.plan[:size])
    actual = task.start.value(outcome) - now.value(outcome)
    return LeverPlan(outcome, now.plan[:size], first, predicted, actual, prices, rounds, now)


def _linear(
    task: LeverTask,
    now: Position,
    slope: FloatArray,
    own: FloatArray,
    allowed: BoolArray,
    lines: Lines,
    radius: float,
) -> tuple[LinearPlan, Lines]:
    """Linear programme around a position."""
    size = len(task.columns)
    discrete = np.array([column.discrete for column in task.columns])
    low = np.array([column.low for column in task.columns]) * allowed
    high = np.array([column.high for column in task.columns]) * allowed
    near = now.plan[:size]
    low = np.where(discrete, low, np.maximum(low, near - radius))
    high = np.where(discrete, high, np.minimum(high, near + radius))
    # -(EV + own (u - near)) <= budget, in billion USD.
    room = (task.budget + now.audience_usd - float(own[:size] @ near)) / 1e3
    within = Lines(
        (*lines.names, BUDGET),
        np.vstack([lines.matrix, -own[:size] / 1e3]),
        np.append(lines.limit, room),
    )
    return plan_linear(-slope[:size], low, high, within, discrete & allowed), within


def _prices(best: LinearPlan, within: Lines) -> dict[str, float]:
    return {
        name: float(price) for name, price in zip(within.names, best.prices, strict=True) if price > 1e-12
    }


def _tried(
    task: LeverTask, now: Position, use: FloatArray, outcome: OutcomeName, promised: float
) -> Position | None:
    """Take a step if it exists, brings enough of what was promised, and keeps to the budget."""
    plan = now.plan.copy()
    plan[: use.size] = use
    new = task.at(plan, now)
    try:
        gained, lost = now.value(outcome) - new.value(outcome), -new.audience_usd
    except (ShockError, ConvergenceError):
        return None
    kept = gained >= KEPT * promised and lost <= (1.0 + OVERRUN) * task.budget
    return new if kept else None


#: A lever is used only where this share of draws gives it the sign that it has at the central elasticities.
STABLE = 0.9


@dataclass(frozen=True, slots=True)
class Stability:
    """Signs of the influence matrix over draws.

    values: outcome to (draws, K) derivatives with the size of each lever drawn too; NaN rows failed; of a
      pact with several draws of its coefficients for each draw of the elasticities.
    same_sign: outcome to (K,) share of draws with the central sign; NaN without draws.
    """

    values: dict[OutcomeName, FloatArray]
    same_sign: dict[OutcomeName, FloatArray]

    def usable(self, outcome: OutcomeName) -> NDArray[np.bool_]:
        """Return the levers whose sign is stable, or all where there are no draws, (K,)."""
        same = self.same_sign[outcome]
        return np.asarray(np.isnan(same) | (same >= STABLE))

    def solved(self, outcome: OutcomeName) -> FloatArray:
        """Derivatives at the draws that have an equilibrium, (draws, K)."""
        drawn = self.values[outcome]
        return np.asarray(drawn[np.isfinite(drawn).all(1)])


def stability(task: LeverTask, sets: Sequence[Parameters], seed: int, say: Progress) -> Stability:
    """Differentiate at draws of the elasticities, of the sizes of levers, and of the coefficients of a pact.

    task: question, levers, world as it is.
    sets: draws of the elasticities; none leaves stability unknown.
    seed: of the sizes and coefficients.
    say: called with (done, total, what).
    """
    size, count, rng = len(task.columns), len(sets), np.random.default_rng(seed)
    values: dict[OutcomeName, list[FloatArray]] = {name: [] for name in task.outcomes}
    for place, parameters in enumerate(sets):
        say(place, count, "draws")
        scale = _sizes(task.columns, rng)
        for name, rows in _drawn(task, parameters, seed + place).items():
            values[name].append(rows * scale)
    drawn = {name: np.vstack(rows) if rows else np.zeros((0, size)) for name, rows in values.items()}
    same = {name: _same_sign(rows, task.start.slopes(name)[:size]) for name, rows in drawn.items()}
    return Stability(drawn, same)


def _drawn(task: LeverTask, parameters: Parameters, seed: int) -> dict[OutcomeName, FloatArray]:
    """Derivatives at one draw, (1, K) each, of a pact (draws of its coefficients, K); NaN where it fails."""
    question, size = task.question, len(task.columns)
    boards = [
        None if board is None else replace(board, economy=replace(board.economy, parameters=parameters))
        for board in (question.board, question.later)
    ]
    assert boards[0] is not None  # the first board always exists
    here = replace(question, board=boards[0], later=boards[1], accuracy=ROUGH).at(task.start.plan, task.start)
    try:
        rows = {name: here.slopes(name)[None, :size] for name in task.outcomes}
        if "pact" in rows and question.pact is not None:
            rates = [one.rate(0.0) for one in question.pact.drawn(COEFFICIENTS, seed)]
            rows["pact"] = np.outer(rates, here.closeness_slopes()[:size])
    except (ShockError, ConvergenceError):
        return {name: np.full((1, size), np.nan) for name in task.outcomes}
    return rows


def _sizes(columns: Sequence[LeverColumn], rng: np.random.Generator) -> FloatArray:
    """Effect of each lever at a size drawn from its range over that at its size, (K,): as often below as above."""
    drawn = {name: rng.uniform(-1.0, 1.0) for name in dict.fromkeys(column.lever for column in columns)}
    return np.array(
        [
            1.0 + abs(part) * ((column.most if part > 0.0 else column.least) - 1.0)
            for column in columns
            for part in (drawn[column.lever],)
        ]
    )


def _same_sign(drawn: FloatArray, central: FloatArray) -> FloatArray:
    """Share of draws with the central sign, (K,); NaN without draws."""
    good = drawn[np.isfinite(drawn).all(1)]
    if good.size == 0:
        return np.full(central.size, np.nan)
    return np.asarray((np.sign(good) == np.sign(central)).mean(0))
