"""Stability: the core, the least core, and convexity.

The core holds the divisions that no coalition can improve on by walking out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from suasion.errors import GameError
from suasion.games.linear import smallest_excess
from suasion.games.tu import Game, members, share_out, sums
from suasion.types import FloatArray

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
