"""Plans within red lines: a linear programme with the price of each line, and the lines that nobody can meet together.

A red line is a hard constraint. It is never priced into the aim; its price is reported: what the aim would gain from
one unit of slack in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.errors import InputError, ShockError
from suasion.types import Advice, FloatArray

#: Slack below which a line counts as met, in its own units.
MET = 1e-9


@dataclass(frozen=True, slots=True)
class Lines:
    """Red lines ``matrix @ u <= limit``.

    names: of each line.
    matrix: (M, K).
    limit: (M,).
    """

    names: tuple[str, ...]
    matrix: FloatArray
    limit: FloatArray

    def gaps(self, plan: FloatArray) -> FloatArray:
        """(M,) by how much each line is crossed; negative is room."""
        return np.asarray(self.matrix @ plan - self.limit)


@dataclass(frozen=True, slots=True)
class LinearPlan:
    """The best plan of a linear programme.

    plan: (K,).
    value: gain of the aim.
    prices: (M,) shadow price of each line: gain of the aim per unit of slack, >= 0.
    bound_prices: (K,) shadow price of the bound that each instrument stands at, >= 0; zero inside.
    """

    plan: FloatArray
    value: float
    prices: FloatArray
    bound_prices: FloatArray


def plan_linear(
    gain: FloatArray,
    low: FloatArray,
    high: FloatArray,
    lines: Lines,
    discrete: NDArray[np.bool_] | None = None,
) -> LinearPlan:
    """Maximise ``gain @ u`` within bounds and red lines.

    Parameters
    ----------
    gain : (K,) of the aim for a unit of each instrument
    low, high : (K,) bounds
    lines : red lines
    discrete : (K,) instruments that are whole numbers; with any, the prices are those of the continuous ones with the
        discrete ones held

    Raises
    ------
    ShockError
        No plan meets all red lines; the message names the fewest that cannot be met together, and by how much they
        would have to give.
    InputError
        A lower bound is above its upper one.

    Examples
    --------
    Two instruments, a budget of four, and a red line on the first:

    >>> lines = Lines(("budget", "red line"), np.array([[1.0, 1.0], [1.0, 0.0]]), np.array([4.0, 2.0]))
    >>> best = plan_linear(np.array([3.0, 2.0]), np.zeros(2), np.full(2, 10.0), lines)
    >>> best.plan.tolist(), best.value, best.prices.tolist()
    ([2.0, 2.0], 10.0, [2.0, 1.0])
    """
    if (low > high).any():
        raise InputError("A lower bound of an instrument is above its upper bound.")
    whole = np.zeros(gain.size, dtype=bool) if discrete is None else discrete
    found = _solve(gain, low, high, lines, whole)
    if found is None:
        raise ShockError(_unmet(low, high, lines, whole))
    if whole.any():
        held = np.where(whole, np.round(found[0]), found[0])
        priced = _solve(gain, np.where(whole, held, low), np.where(whole, held, high), lines, whole & False)
        # Rounding whole numbers to exactly that may leave no room at a line's edge; then the prices stay unknown.
        if priced is not None:
            plan, prices, bounds = priced
            return LinearPlan(plan, float(gain @ plan), prices, np.where(whole, 0.0, bounds))
    plan, prices, bounds = found
    return LinearPlan(plan, float(gain @ plan), prices, bounds)


def _solve(
    gain: FloatArray, low: FloatArray, high: FloatArray, lines: Lines, whole: NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    from scipy.optimize import linprog  # slow to import

    some = {"A_ub": lines.matrix, "b_ub": lines.limit} if lines.names else {}
    found = linprog(
        -gain,
        bounds=np.stack([low, high], axis=1),
        method="highs",
        integrality=whole.astype(int) if whole.any() else None,
        **some,
    )
    if found.status == 2:
        return None
    if not found.success:
        raise ShockError(f"The linear programme of the plan was not solved: {found.message}")
    if whole.any():
        return np.asarray(found.x), np.full(len(lines.names), np.nan), np.full(gain.size, np.nan)
    prices = -np.asarray(found.ineqlin.marginals) if lines.names else np.zeros(0)
    bounds = np.abs(np.asarray(found.lower.marginals)) + np.abs(np.asarray(found.upper.marginals))
    return np.asarray(found.x), np.maximum(prices, 0.0), bounds


def conflict(
    low: FloatArray, high: FloatArray, lines: Lines, discrete: NDArray[np.bool_] | None = None
) -> tuple[tuple[str, float], ...]:
    """Name the fewest red lines that cannot be met together, and by how much each would have to give.

    low, high: (K,) bounds.
    lines: red lines.
    discrete: (K,) instruments that are whole numbers.
    Returns: tuple of (name, slack). Empty where all can be met. Leaving any one out lets the others be met;
      the slacks are the smallest in sum, in each line's own units.
    """
    whole = np.zeros(low.size, dtype=bool) if discrete is None else discrete
    kept = list(range(len(lines.names)))
    if _solve(np.zeros(low.size), low, high, lines, whole) is not None:
        return ()
    for place in range(len(lines.names)):
        fewer = [line for line in kept if line != place]
        if _solve(np.zeros(low.size), low, high, _some(lines, fewer), whole) is None:
            kept = fewer
    slack = _slack(low, high, _some(lines, kept), whole)
    return tuple((lines.names[line], float(size)) for line, size in zip(kept, slack, strict=True))


def _slack(low: FloatArray, high: FloatArray, lines: Lines, whole: NDArray[np.bool_]) -> FloatArray:
    """Elastic relaxation: the smallest sum of slacks that lets all lines be met, (M,)."""
    count, size = len(lines.names), low.size
    wide = Lines(lines.names, np.hstack([lines.matrix, -np.eye(count)]), lines.limit)
    cost = np.concatenate([np.zeros(size), -np.ones(count)])
    found = _solve(
        cost,
        np.concatenate([low, np.zeros(count)]),
        np.concatenate([high, np.full(count, np.inf)]),
        wide,
        np.concatenate([whole, np.zeros(count, dtype=bool)]),
    )
    assert found is not None  # with slack in every line there is always a plan
    return found[0][size:]


def _some(lines: Lines, places: Sequence[int]) -> Lines:
    chosen = list(places)
    return Lines(tuple(lines.names[k] for k in chosen), lines.matrix[chosen], lines.limit[chosen])


def _unmet(low: FloatArray, high: FloatArray, lines: Lines, whole: NDArray[np.bool_]) -> Advice:
    together = conflict(low, high, lines, whole)
    named = "; ".join(
        f"{name!r} (would have to give {slack:.3g})" if slack > MET else f"{name!r}"
        for name, slack in together
    )
    if len(together) == 1:
        return f"Nobody can meet the red line {named}: the bounds of the instruments rule it out. Change one of them."
    return (
        f"No plan meets these red lines together: {named}. Any one of them left out lets the others be met."
    )
