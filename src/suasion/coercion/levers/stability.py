"""Whether the sign of a lever holds: the influence matrix at draws of everything that is uncertain about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.frontier.adjoint import ROUGH
from suasion.coercion.levers.columns import LeverColumn
from suasion.coercion.levers.influence import OutcomeName
from suasion.coercion.levers.pact import COEFFICIENTS
from suasion.coercion.levers.plan import LeverTask
from suasion.equilibrium import Parameters
from suasion.errors import ConvergenceError, ShockError
from suasion.types import FloatArray, Progress

#: A lever is used only where this share of draws gives it the sign that it has at the central elasticities.
STABLE = 0.9


@dataclass(frozen=True, slots=True)
class Stability:
    """Signs of the influence matrix over draws.

    values: outcome to (draws, K) derivatives with the size of each lever drawn too; NaN rows failed; of a
      pact with several draws of its coefficients for each draw of the elasticities.
    same_sign: outcome to (K,) share of draws with the central sign.
    """

    values: dict[OutcomeName, FloatArray]
    same_sign: dict[OutcomeName, FloatArray]


def usable(found: Stability, outcome: OutcomeName) -> NDArray[np.bool_]:
    """Return the levers whose sign is stable, or all where there are no draws, (K,).

    found: signs over draws.
    outcome: on which outcome.
    """
    same = found.same_sign[outcome]
    return np.asarray(np.isnan(same) | (same >= STABLE))


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
