"""The linear programme behind core, least core and nucleolus: the smallest largest excess.

Of 2^n coalitions only a few ever bind. The programme starts with few of them and adds those that its solution
violates, found by one vectorised pass over all, until none is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog

from suasion.errors import ConvergenceError
from suasion.games.tu import sums
from suasion.types import BoolArray, FloatArray, IntArray

TOLERANCE = 1e-9
"""Excess that counts as none, for worths scaled to one."""
_SURE = 1e-7  # multipliers below this may be noise of the solver
_ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Optimum:
    """Solution of one programme: allocation (n,), its largest excess, and who binds with a positive multiplier."""

    allocation: FloatArray
    excess: float
    binding: IntArray  # coalitions
    at_floor: IntArray  # players
    rows: IntArray  # coalitions in the programme


def smallest_excess(
    worth: FloatArray,
    fixed: FloatArray,
    levels: FloatArray,
    active: BoolArray,
    floor: FloatArray | None,
    start: IntArray | None = None,
) -> Optimum:
    """Minimise the largest excess v(S) - x(S) over the active coalitions.

    worth: (2^n,) scaled so that the largest is about one.
    fixed: (E, n) left sides of the equations that the allocation obeys.
    levels: (E,) their right sides.
    active: (2^n,) coalitions that count.
    floor: (n,) least share of each player, or None.
    start: coalitions to begin with besides the smallest and largest, such as those of the level before.
    Raises ConvergenceError: The solver failed.
    """
    n = fixed.shape[1]
    rows = _first_rows(n, active, start)
    for _ in range(_ROUNDS):
        answer = _solve(worth, fixed, levels, rows, floor)
        x, excess = answer.x[:n], float(answer.x[n])
        over = np.where(active, worth - sums(x) - excess, -np.inf)
        over[rows] = -np.inf
        bad = np.flatnonzero(over > TOLERANCE)
        if not bad.size:
            multipliers = -answer.ineqlin.marginals
            at_floor = answer.lower.marginals[:n] > _SURE if floor is not None else np.zeros(n, bool)
            return Optimum(x, excess, rows[multipliers > _SURE], np.flatnonzero(at_floor), rows)
        worst = bad[np.argsort(-over[bad], kind="stable")[: 40 * n]]
        rows = np.concatenate((rows, worst))
    raise ConvergenceError("The linear programme of the game needed too many rounds of new coalitions.")


def _first_rows(n: int, active: BoolArray, start: IntArray | None) -> IntArray:
    """Single players, everybody but one, and those given, where active; else the first active coalition."""
    single = 1 << np.arange(n)
    given = np.empty(0, dtype=int) if start is None else start
    start = np.unique(np.concatenate((single, (1 << n) - 1 - single, given)))
    start = start[active[start]]
    return start if start.size else np.flatnonzero(active)[:1]


def _solve(
    worth: FloatArray, fixed: FloatArray, levels: FloatArray, rows: IntArray, floor: FloatArray | None
) -> Any:
    n = fixed.shape[1]
    inside = (rows[:, None] >> np.arange(n)) & 1
    low = [None] * n if floor is None else floor
    answer = linprog(
        np.append(np.zeros(n), 1.0),
        A_ub=-np.column_stack((inside, np.ones(rows.size))),
        b_ub=-worth[rows],
        A_eq=np.column_stack((fixed, np.zeros(len(fixed)))),
        b_eq=levels,
        bounds=[*((bound, None) for bound in low), (None, None)],
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if answer.status != 0:
        raise ConvergenceError(f"The linear programme of the game was not solved: {answer.message}")
    return answer
