"""The nucleolus: the division whose sorted complaints are smallest, the largest first.

A sequence of linear programmes. Each minimises the largest excess among the coalitions whose share is still open,
then fixes the coalitions that are tight in *every* optimum. A positive multiplier proves that; a multiplier of zero
proves nothing, so the coalitions left are tested by a second programme: the same one with the proven ones fixed. If
its optimum is no lower, its own multipliers name further tight coalitions; if it is lower, there were none, and it is
the programme of the next level.
"""

from __future__ import annotations

import numpy as np

from suasion.errors import ConvergenceError, GameError
from suasion.games.linear import smallest_excess
from suasion.games.tu import Game, sums
from suasion.types import FloatArray

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
