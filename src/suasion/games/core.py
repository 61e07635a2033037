"""Stability: the core, the least core, and convexity.

The core holds the divisions that no coalition can improve on by walking out.

A sequence of linear programmes. Each minimises the largest excess among the coalitions whose share is still open,
then fixes the coalitions that are tight in *every* optimum. A positive multiplier proves that; a multiplier of zero
proves nothing, so the coalitions left are tested by a second programme: the same one with the proven ones fixed. If
its optimum is no lower, its own multipliers name further tight coalitions; if it is lower, there were none, and it is
the programme of the next level.

Of 2^n coalitions only a few ever bind. The programme starts with few of them and adds those that its solution
violates, found by one vectorised pass over all, until none is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from suasion.errors import ConvergenceError, GameError
from suasion.games.tu import Game, members, share_out, sums
from suasion.types import BoolArray, FloatArray, IntArray

_NONE = 1e-7  # of the largest worth: above what a solver's tolerance of 1e-10 leaves after scaling back


@dataclass(frozen=True, slots=True)
class LeastCore:
    """Smallest subsidy to leaving that makes some division stable.

    Parameters
    ----------
    excess : smallest possible largest complaint of a coalition, neither nobody nor everybody; at or below zero the
        core has a division in it
    allocation : (n,) one division that attains it
    empty : whether the core is empty
    """

    excess: float
    allocation: FloatArray
    empty: bool


def excesses(game: Game, allocation: Mapping[str, float] | Sequence[float] | FloatArray) -> FloatArray:
    """Worth less share of every coalition, (2^n,): what it could gain by leaving.

    Parameters
    ----------
    game : Game
    allocation : mapping from names, or (n,) numbers in the order of the players

    Returns
    -------
    (2^n,) array

    Raises
    ------
    GameError
        The allocation does not fit the players.
    """
    return game.worth - sums(share_out(game, allocation))


def objections(
    game: Game, allocation: Mapping[str, float] | Sequence[float] | FloatArray, most: int = 10
) -> pd.DataFrame:
    """Coalitions that get less than they are worth, the largest gain first; none if the division is in the core.

    Parameters
    ----------
    game : Game
    allocation : mapping from names, or (n,) numbers in the order of the players
    most : largest number of rows

    Returns
    -------
    DataFrame
        Columns coalition (names), gain.

    Raises
    ------
    GameError
        The shares do not add up to the total.
    """
    shares = share_out(game, allocation)
    scale = max(float(np.abs(game.worth).max()), 1e-300)
    if abs(shares.sum() - game.total) > _NONE * scale:
        raise GameError(f"The shares add up to {shares.sum():g}, the total is {game.total:g}.")
    gain = excesses(game, shares)
    rows = np.flatnonzero(gain > _NONE * scale)
    rows = rows[np.argsort(-gain[rows], kind="stable")][:most]
    names = [", ".join(members(game.players, int(s))) for s in rows]
    return pd.DataFrame({"coalition": names, "gain": gain[rows]})


def in_core(game: Game, allocation: Mapping[str, float] | Sequence[float] | FloatArray) -> bool:
    """Whether a division of the total leaves no coalition with less than its worth.

    Parameters
    ----------
    game : Game
    allocation : mapping from names, or (n,) numbers in the order of the players

    Returns
    -------
    bool

    Raises
    ------
    GameError
        The shares do not add up to the total.
    """
    return objections(game, allocation, most=1).empty


def least_core(game: Game) -> LeastCore:
    """Least core: the divisions whose largest complaint is smallest.

    Raises
    ------
    GameError
        The game has one player only.
    ConvergenceError
        The linear programme failed.
    """
    if game.n < 2:
        raise GameError("A game of one player has no coalition that could complain.")
    scale = float(np.abs(game.worth).max()) or 1.0
    active = np.ones(game.worth.size, dtype=bool)
    active[[0, -1]] = False
    best = smallest_excess(
        game.worth / scale, np.ones((1, game.n)), np.array([game.total / scale]), active, None
    )
    return LeastCore(best.excess * scale, best.allocation * scale, best.excess > _NONE)


def is_convex(game: Game) -> bool:
    """Whether a player adds the more, the larger the coalition it joins (then the Shapley value is in the core)."""
    small = _NONE * max(float(np.abs(game.worth).max()), 1e-300)
    for j in range(game.n):
        rest = game.worth.reshape(-1, 2, 1 << j)
        joining = (rest[:, 1] - rest[:, 0]).reshape(-1)  # player j's contribution, bits of the others
        for i in range(j):
            pair = joining.reshape(-1, 2, 1 << i)
            if (pair[:, 1] < pair[:, 0] - small).any():
                return False
    return True


MOST_PLAYERS = 18
_SAME = 1e-9


def nucleolus(game: Game) -> FloatArray:
    """Nucleolus, (n,), in the unit of the worths.

    Parameters
    ----------
    game : at most 18 players, whose worths alone do not exceed the total

    Raises
    ------
    GameError
        More than 18 players, or no division gives each player what it is worth alone.
    ConvergenceError
        A linear programme failed.
    """
    return _lexicographic(game, individually_rational=True)


def prenucleolus(game: Game) -> FloatArray:
    """Nucleolus without the condition that each player gets at least its worth alone, (n,).

    Raises
    ------
    GameError
        More than 18 players.
    """
    return _lexicographic(game, individually_rational=False)


def _lexicographic(game: Game, individually_rational: bool) -> FloatArray:
    if game.n > MOST_PLAYERS:
        raise GameError(
            f"The nucleolus is computed to {MOST_PLAYERS} players; this game has {game.n}. Merge players, "
            "or use the Shapley value."
        )
    # Zero-normalised and scaled, so that one tolerance fits all games; the nucleolus follows both.
    shift = game.alone
    worth = game.worth - sums(shift)
    scale = float(np.abs(worth).max()) or 1.0
    worth = worth / scale
    if individually_rational and worth[-1] < -_SAME:
        raise GameError(
            f"The players are worth {shift.sum():g} alone but {game.total:g} together: no division gives each its "
            "own. Use `prenucleolus`."
        )
    floor = np.zeros(game.n) if individually_rational else None
    worth[-1] = max(worth[-1], 0.0) if individually_rational else worth[-1]
    return shift + scale * _levels(worth, game.n, floor)


def _levels(worth: FloatArray, n: int, floor: FloatArray | None) -> FloatArray:
    """Solve the levels until the equations leave no freedom."""
    fixed, levels, rows = np.ones((1, n)), np.array([worth[-1]]), None
    for _ in range(n):
        free = _freedom(fixed)
        if not free.shape[1]:
            break
        active = np.abs(sums(free)).max(axis=1) > _SAME
        best = smallest_excess(worth, fixed, levels, active, floor, rows)
        rows = best.rows
        new = [((s >> np.arange(n)) & 1).astype(float) for s in best.binding]
        value = [worth[s] - best.excess for s in best.binding]
        if floor is not None:
            new += [np.eye(n)[i] for i in best.at_floor]
            value += [float(floor[i]) for i in best.at_floor]
        fixed, levels = _independent(fixed, levels, new, value)
    return np.asarray(np.linalg.lstsq(fixed, levels, rcond=None)[0])


def _freedom(fixed: FloatArray) -> FloatArray:
    """Directions that the equations leave open, (n, n - E)."""
    return np.asarray(np.linalg.qr(fixed.T, mode="complete")[0][:, len(fixed) :])


def _independent(
    fixed: FloatArray, levels: FloatArray, new: list[FloatArray], value: list[float]
) -> tuple[FloatArray, FloatArray]:
    """Equations with those new ones added that do not follow from the others."""
    size = len(fixed)
    for row, level in zip(new, value, strict=True):
        if np.abs(row @ _freedom(fixed)).max(initial=0.0) > _SAME:
            fixed, levels = np.vstack((fixed, row)), np.append(levels, level)
    if len(fixed) == size:
        raise ConvergenceError(
            "The nucleolus fixed no coalition at a level: the worths differ by rounding only."
        )
    return fixed, levels


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
