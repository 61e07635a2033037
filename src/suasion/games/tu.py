"""Cooperative games with transferable utility: players, and the worth of every coalition.

A coalition is a number whose bit i says whether player i belongs to it, so that the worths of all of them are one
vector of 2^n numbers: worth[0] = 0 is that of nobody, worth[-1] that of everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from suasion.errors import GameError
from suasion.types import FloatArray

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
