"""Values of a game: Shapley, Banzhaf and Harsanyi's dividends, exact and vectorised over coalitions.

Beyond twenty players the Shapley value is estimated from random orders of the players, with standard errors.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from suasion.errors import GameError
from suasion.games.tu import Game, sizes
from suasion.types import BoolArray, FloatArray

Worth = Callable[[BoolArray], FloatArray]
"""Worth of M coalitions given as an (M, n) array of who belongs; (M,) numbers."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Shapley value estimated from random orders.

    Parameters
    ----------
    players : tuple of str
    value : (n,) mean of the marginal contributions
    standard_error : (n,) of that mean
    orders : number of orders drawn
    """

    players: tuple[str, ...]
    value: FloatArray
    standard_error: FloatArray
    orders: int


def shapley(game: Game) -> FloatArray:
    """Shapley value, (n,), in the unit of the worths.

    Notes
    -----
    phi_i = sum over S without i of s! (n - s - 1)! / n! [v(S + i) - v(S)], s the size of S, in O(n 2^n).
    """
    n = game.n
    weight = np.array([1.0 / (n * math.comb(n - 1, s)) for s in range(n)])
    weights = weight[np.minimum(sizes(n), n - 1)]
    out = np.empty(n)
    for i in range(n):
        without, joined = _pairs(game.worth, i)
        out[i] = np.vdot(_pairs(weights, i)[0], joined - without)
    return out


def banzhaf(game: Game) -> FloatArray:
    """Banzhaf value, (n,): mean marginal contribution over all coalitions; it need not add up to the total."""
    out = np.empty(game.n)
    for i in range(game.n):
        without, joined = _pairs(game.worth, i)
        out[i] = (joined - without).mean()
    return out


def dividends(game: Game) -> FloatArray:
    """Harsanyi's dividends, (2^n,): what each coalition adds beyond all smaller ones inside it.

    The worth of a coalition is the sum of the dividends within it, and the Shapley value of a player the sum of the
    dividends of its coalitions, each divided by their size.
    """
    out = game.worth.copy()
    for i in range(game.n):
        view = out.reshape(-1, 2, 1 << i)
        view[:, 1] -= view[:, 0]
    return out


def estimate_shapley(
    players: Sequence[str], worth: Worth, orders: int, rng: np.random.Generator, batch: int = 256
) -> Estimate:
    """Shapley value from random orders of the players, for games too large to enumerate.

    Every order is used with its reverse, which lowers the variance; standard errors are those of the mean over pairs.

    Parameters
    ----------
    players : sequence of str
    worth : worth of M coalitions from an (M, n) array of who belongs
    orders : orders to draw, even, at least 4
    rng : numpy Generator
    batch : orders evaluated in one call

    Returns
    -------
    Estimate

    Raises
    ------
    GameError
        ``orders`` is odd or below 4.
    """
    n = len(players)
    if orders < 4 or orders % 2:
        raise GameError(
            f"orders is {orders}; give an even number of at least 4 (each is used with its reverse)."
        )
    pairs, size = orders // 2, max(batch // 2, 1)
    means = np.empty((pairs, n))
    for first in range(0, pairs, size):
        drawn = np.argsort(rng.random((min(size, pairs - first), n)), axis=1)
        both = _marginals(drawn, worth) + _marginals(drawn[:, ::-1], worth)
        means[first : first + size] = both / 2
    error = means.std(axis=0, ddof=1) / math.sqrt(pairs)
    return Estimate(tuple(players), means.mean(axis=0), error, orders)


def _pairs(values: FloatArray, i: int) -> tuple[FloatArray, FloatArray]:
    """Values of the coalitions without player i and, in the same order, of those with it: views."""
    view = values.reshape(-1, 2, 1 << i)
    return view[:, 0], view[:, 1]


def _marginals(drawn: np.ndarray, worth: Worth) -> FloatArray:
    """Marginal contribution of every player in each order, (M, n)."""
    count, n = drawn.shape
    joined_at = np.argsort(drawn, axis=1)
    inside = joined_at[:, None, :] < np.arange(n + 1)[None, :, None]
    values = worth(inside.reshape(-1, n)).reshape(count, n + 1)
    out: FloatArray = np.take_along_axis(np.diff(values, axis=1), joined_at, axis=1)
    return out
