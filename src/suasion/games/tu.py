"""Cooperative games with transferable utility: players, and the worth of every coalition.

A coalition is a number whose bit i says whether player i belongs to it, so that the worths of all of them are one
vector of 2^n numbers: worth[0] = 0 is that of nobody, worth[-1] that of everybody.

Beyond twenty players the Shapley value is estimated from random orders of the players, with standard errors.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from suasion.errors import GameError
from suasion.types import BoolArray, FloatArray

MOST_PLAYERS = 20
"""Largest number of players whose 2^n worths are kept."""


@dataclass(frozen=True, slots=True)
class Game:
    """A cooperative game.

    Parameters
    ----------
    players : names, each once; at most 20
    worth : (2^n,) array
        Worth of every coalition, in the order of the bits; worth[0] is zero.

    Raises
    ------
    GameError
        Names repeat, the length is not 2^n, a worth is not finite, or nobody is worth something.
    """

    players: tuple[str, ...]
    worth: FloatArray = field(repr=False)

    def __post_init__(self) -> None:
        players = tuple(self.players)
        twice = sorted({p for p in players if players.count(p) > 1})
        if twice or not 1 <= len(players) <= MOST_PLAYERS:
            what = f"players repeat: {', '.join(twice)}" if twice else f"there are {len(players)} players"
            raise GameError(f"A game has 1 to {MOST_PLAYERS} players of different names; {what}.")
        worth = np.array(self.worth, dtype=float)
        if worth.shape != (1 << len(players),):
            raise GameError(
                f"{len(players)} players need {1 << len(players)} worths, nobody's included; given {worth.size}."
            )
        object.__setattr__(self, "players", players)
        _check_worth(self.players, worth)
        worth.flags.writeable = False
        object.__setattr__(self, "worth", worth)

    @classmethod
    def of(cls, players: Sequence[str], worth: Mapping[tuple[str, ...], float]) -> Game:
        """Game from the coalitions that are worth something; all others are worth nothing.

        Parameters
        ----------
        players : sequence of str
        worth : worth of each coalition named; a coalition is a tuple of names
        """
        values = np.zeros(1 << len(players))
        for names, value in worth.items():
            values[coalition(players, names)] = value
        return cls(tuple(players), values)

    @property
    def n(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def total(self) -> float:
        """Worth of everybody together."""
        return float(self.worth[-1])

    @property
    def alone(self) -> FloatArray:
        """Worth of each player alone, (n,)."""
        return np.asarray(self.worth[1 << np.arange(self.n)])

    def __call__(self, *names: str) -> float:
        """Worth of a coalition."""
        return float(self.worth[coalition(self.players, names)])


def bankruptcy(estate: float, claims: Mapping[str, float]) -> Game:
    """Bankruptcy game: a coalition is worth what the estate leaves it after all others have been paid in full.

    Parameters
    ----------
    estate : what there is, >= 0
    claims : claim of each player

    Returns
    -------
    Game

    Raises
    ------
    GameError
        The estate or a claim is negative.

    Notes
    -----
    v(S) = max(0, estate - sum of the claims outside S).
    """
    amounts = np.array(list(claims.values()), dtype=float)
    if estate < 0 or (amounts < 0).any():
        raise GameError("The estate and all claims of a bankruptcy must be >= 0.")
    outside = amounts.sum() - sums(amounts)
    worth = np.maximum(0.0, estate - outside)
    worth[0] = 0.0
    return Game(tuple(claims), worth)


def coalition(players: Sequence[str], names: Iterable[str]) -> int:
    """Bit mask of a coalition given by names.

    Raises GameError: A name is no player.
    """
    given = [names] if isinstance(names, str) else list(names)
    unknown = [name for name in given if name not in players]
    if unknown:
        raise GameError(f"{', '.join(unknown)}: no such player. Players: {', '.join(players)}.")
    return sum(1 << list(players).index(name) for name in set(given))


def members(players: Sequence[str], mask: int) -> tuple[str, ...]:
    """Names of a coalition given by its bit mask."""
    return tuple(p for i, p in enumerate(players) if mask >> i & 1)


def sums(values: FloatArray) -> FloatArray:
    """Sum of the players' values over every coalition, (2^n,); ``values`` has shape (n,) or (n, K)."""
    out = np.zeros((1, *values.shape[1:]))
    for value in values:
        out = np.concatenate((out, out + value))
    return out


@lru_cache(maxsize=4)
def sizes(n: int) -> NDArray[np.int64]:
    """Number of members of every coalition of n players, (2^n,)."""
    out = sums(np.ones(n)).astype(np.int64)
    out.flags.writeable = False
    return out


def share_out(game: Game, allocation: Mapping[str, float] | Sequence[float] | FloatArray) -> FloatArray:
    """Allocation as an array in the order of the players, (n,).

    Raises GameError: It lacks a player, has one too many, or is not finite.
    """
    if isinstance(allocation, Mapping):
        odd = set(allocation) ^ set(game.players)
        if odd:
            raise GameError(f"The allocation and the game differ in the players {', '.join(sorted(odd))}.")
        allocation = [allocation[p] for p in game.players]
    out = np.asarray(allocation, dtype=float)
    if out.shape != (game.n,) or not np.isfinite(out).all():
        raise GameError(f"An allocation has one finite number for each of the {game.n} players.")
    return out


def _check_worth(players: Sequence[str], worth: FloatArray) -> None:
    odd = np.flatnonzero(~np.isfinite(worth))
    if odd.size:
        names = ", ".join(members(players, int(odd[0]))) or "nobody"
        raise GameError(f"{odd.size} worths are not finite, first that of {{{names}}}.")
    if worth[0] != 0.0:
        raise GameError(
            f"Nobody is worth {worth[0]:g}; the first worth must be 0. Is the order that of bits?"
        )


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
