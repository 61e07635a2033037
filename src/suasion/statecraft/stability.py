r"""Networks of alliances that nobody has a reason to leave, to extend or to attack: every graph of a few states.

State i is vulnerable in network g if some state j and a group C of j and some of its allies, without i, are stronger
than i and those of its allies outside C: M(C) > gamma M(C'), with gamma >= 1 the advantage of the defence. A network
is *war-stable* if nobody is vulnerable, no alliance could be added that makes anybody vulnerable, and each alliance
is needed: without it both its ends are vulnerable. Jackson and Nei (arXiv 1405.6400, abstract read) prove that no
network with any alliance is war-stable, and that trade can restore stability.

With trade, an alliance brings each end a net benefit t_ij (trade gained less upkeep), and a group attacks i only if
each of its members gains: an equal part of the spoils E_i, less its own trade benefit with i. A network is *stable
with trade* if nobody is vulnerable to such an attack; no alliance could be added that makes anybody so, nor one that
one end wants strictly and the other does not mind; and each alliance brings both ends a benefit >= 0 or keeps
them from becoming vulnerable. The paper's own wording of this case was not read; these conditions are ours (an
**assumption**), and they become war-stability where spoils are large and every t_ij is slightly negative.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.errors import InputError
from suasion.types import FloatArray

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
LARGEST = 6
"""States whose 2^15 graphs are checked within seconds; one more would make two million."""


@dataclass(frozen=True, slots=True)
class Stability:
    """Which of all networks of some states are stable.

    Attributes
    ----------
    states : tuple of str
    links : tuple of pair of str
        Possible alliances; bit k of a graph's number says whether link k is there.
    vulnerable : ndarray
        (graph, state): who can be attacked with success, and with profit where there is trade.
    stable : ndarray
        (graph,).
    """

    states: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    vulnerable: BoolArray
    stable: BoolArray

    def networks(self) -> list[tuple[tuple[str, str], ...]]:
        """Alliances of each stable network, the smallest first; the empty tuple is the network without any."""
        found = [
            tuple(link for k, link in enumerate(self.links) if g >> k & 1)
            for g in np.flatnonzero(self.stable)
        ]
        return sorted(found, key=lambda alliances: (len(alliances), alliances))

    def number_of(self, alliances: Sequence[tuple[str, str]]) -> int:
        """Return the number of the graph with some alliances.

        Parameters
        ----------
        alliances : sequence of pair of str

        Raises
        ------
        InputError
            If one of them is not between two of the states.
        """
        places = {frozenset(link): k for k, link in enumerate(self.links)}
        wrong = [a for a in alliances if frozenset(a) not in places]
        if wrong:
            raise InputError(f"{wrong[0]} is no alliance among {', '.join(self.states)}.")
        return sum(1 << k for k in {places[frozenset(a)] for a in alliances})


def stable_networks(
    strength: Mapping[str, float],
    gamma: float = 1.0,
    trade: pd.DataFrame | None = None,
    spoils: Mapping[str, float] | None = None,
) -> Stability:
    """Check every network of alliances among a few states.

    Parameters
    ----------
    strength : mapping
        Military strength > 0 of each state; 2 to 6 states.
    gamma : float
        Advantage of the defence, >= 1.
    trade : DataFrame, optional
        Net benefit of an alliance, index who gains, columns ally, both the states; its diagonal is not looked at.
        Without it trade plays no part: war-stability.
    spoils : mapping, optional
        What a victorious group takes from each state, >= 0, in the unit of ``trade``; needed with it.

    Returns
    -------
    Stability

    Raises
    ------
    InputError
        If there are too few or too many states, a number is out of its range, or trade and spoils do not go together.
    """
    states = tuple(strength)
    _check(states, np.array(list(strength.values()), dtype=np.float64), gamma)
    n = len(states)
    links = list(combinations(range(n), 2))
    neighbours = _neighbours(n, links)
    sums = _sums(np.array([strength[s] for s in states], dtype=np.float64))
    value, profit = _economy(states, trade, spoils, neighbours)
    exposed = _vulnerable(neighbours, sums, gamma, profit)
    stable: BoolArray = np.logical_not(exposed.any(axis=1))
    graphs = np.arange(1 << len(links))
    for k, (a, b) in enumerate(links):
        has = (graphs >> k & 1).astype(bool)
        other = graphs ^ (1 << k)
        stable = stable & np.where(has, _kept(exposed[other], value, a, b), ~exposed[other].any(axis=1))
        if value is not None and _wanted(value[a, b], value[b, a]):
            stable = stable & has
    return Stability(states, tuple((states[a], states[b]) for a, b in links), exposed, stable)


def _check(states: tuple[str, ...], strength: FloatArray, gamma: float) -> None:
    if not 2 <= len(states) <= LARGEST:
        raise InputError(
            f"{len(states)} states: give 2 to {LARGEST}, for all their networks are checked one by one."
        )
    if not (np.isfinite(strength).all() and (strength > 0).all()):
        raise InputError(f"Strengths must be positive: {dict(zip(states, strength.tolist(), strict=True))}.")
    if not (gamma >= 1.0 and np.isfinite(gamma)):
        raise InputError(
            f"gamma is {gamma:g}; the defence is at least as strong as the attack, so it is >= 1."
        )


def _neighbours(n: int, links: list[tuple[int, int]]) -> IntArray:
    """Bit mask of the allies of each state in each graph, (graph, state)."""
    graphs = np.arange(1 << len(links), dtype=np.int64)
    masks = np.zeros((len(graphs), n), dtype=np.int64)
    for k, (a, b) in enumerate(links):
        there = graphs >> k & 1
        masks[:, a] |= there << b
        masks[:, b] |= there << a
    return masks


def _sums(strength: FloatArray) -> FloatArray:
    """Strength of every group, by its bit mask."""
    groups = np.arange(1 << len(strength))
    members = groups[:, None] >> np.arange(len(strength)) & 1
    total: FloatArray = members @ strength
    return total


def _economy(
    states: tuple[str, ...],
    trade: pd.DataFrame | None,
    spoils: Mapping[str, float] | None,
    neighbours: IntArray,
) -> tuple[FloatArray | None, BoolArray | None]:
    """Benefits (n, n), and whether every member of a group gains by attacking a state, (graph, group, state)."""
    if (trade is None) != (spoils is None):
        raise InputError("Trade and spoils go together: give both, or neither.")
    if trade is None or spoils is None:
        return None, None
    n, names = len(states), list(states)
    lacking = [s for s in names if s not in trade.index or s not in trade.columns or s not in spoils]
    if lacking:
        raise InputError(f"Trade or spoils lack {', '.join(lacking)}.")
    value = trade.loc[names, names].to_numpy(dtype=np.float64).copy()
    np.fill_diagonal(value, 0.0)
    prize = np.array([spoils[s] for s in names], dtype=np.float64)
    if not np.isfinite(value).all() or not (np.isfinite(prize).all() and (prize >= 0).all()):
        raise InputError("Trade must be finite numbers and spoils >= 0; one of them is not.")
    groups = np.arange(1 << n)
    size = np.array([int(g).bit_count() for g in groups])
    gains = np.ones((len(neighbours), 1 << n, n), dtype=np.bool_)
    for member in range(n):
        inside = (groups >> member & 1).astype(bool)
        allied = (neighbours[:, member, None] >> np.arange(n) & 1).astype(bool)  # (graph, target)
        lost = np.where(allied, value[member], 0.0)
        part = prize / np.maximum(size, 1)[:, None]  # (group, target)
        gains[:, inside] &= part[None, inside] > lost[:, None, :]
    return value, gains


def _vulnerable(neighbours: IntArray, sums: FloatArray, gamma: float, profit: BoolArray | None) -> BoolArray:
    """Who is vulnerable in each graph, (graph, state)."""
    n = neighbours.shape[1]
    groups = np.arange(1 << n, dtype=np.int64)
    closed = neighbours | (1 << np.arange(n))
    can = np.zeros((len(neighbours), 1 << n), dtype=np.bool_)  # has the group a member allied to all others?
    for j in range(n):
        can |= ((groups >> j & 1) == 1) & ((groups & ~closed[:, j, None]) == 0)
    out = np.zeros(neighbours.shape, dtype=np.bool_)
    for i in range(n):
        defence = sums[(1 << i) | (neighbours[:, i, None] & ~groups)]
        # Equal strength up to rounding is no victory.
        wins = sums[groups] > gamma * defence * (1.0 + 1e-12)
        attack = can & wins & ((groups >> i & 1) == 0)
        out[:, i] = (attack if profit is None else attack & profit[:, :, i]).any(axis=1)
    return out


def _kept(without: BoolArray, value: FloatArray | None, a: int, b: int) -> BoolArray:
    """Whether both ends keep an alliance, given who is vulnerable without it."""
    need_a, need_b = without[:, a], without[:, b]
    if value is None:
        return np.logical_and(need_a, need_b)
    kept: BoolArray = (need_a | (value[a, b] >= 0.0)) & (need_b | (value[b, a] >= 0.0))
    return kept


def _wanted(mine: float, yours: float) -> bool:
    """Whether two states would ally for trade alone: one gains, the other does not lose."""
    return (mine > 0.0 and yours >= 0.0) or (yours > 0.0 and mine >= 0.0)
