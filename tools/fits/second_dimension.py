"""The second dimension of votes, given the first: what votes have in common that the first leaves out.

A state at x (the ideal point that ships, held fixed) and y sees z = b x + c y + N(0, 1) in an item and votes yes
below its first cutpoint, no above its second. y walks from one UN session to the next as the first place does. In
every UN session y has mean 0, standard deviation 1 and no correlation with x over all states: it has no level and no
stretch of its own that could run off, and says who stands where beside the others of the year. Items and places are
put to their most likely values in turn by Newton steps; the sd is that of the curvature. What other subjects would
change is added as for the first place (:mod:`fits.vote_subjects`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.linalg import solveh_banded
from scipy.special import ndtr

from suasion.statecraft.ideal_points import VotingRecord, voting_record
from suasion.types import BoolArray, FloatArray, IntArray

SWEEPS = 20
"""Places move by less than 0.01 after the fifteenth."""
SLOPE_SD = 1.0
"""Prior sd of both slopes of an item, as of the first dimension."""
CUT_SD = 3.0
"""Prior sd of cutpoints, which have no bounds here."""
LONGEST = 1.0
"""Longest Newton step."""
LEAST_GAP = 0.02
"""Least distance of the two cutpoints of an item."""
FAR = 30.0
"""Beyond it an edge is none."""
ANCHOR = ("USA", "RUS", 77)
"""The first is above the second in that UN session: which end is high."""
_ROOT = 1.0 / np.sqrt(2.0 * np.pi)
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Seen:
    """Votes, their edges and what an item knows of them.

    item, state: of each vote (v,).
    low, high: index of the item's cutpoint below and above the vote, 0 or 1, -1 where there is none.
    """

    item: IntArray
    state: IntArray
    low: IntArray
    high: IntArray


@dataclass(frozen=True, slots=True)
class Slopes:
    """Items: both slopes (m, 2) and both cutpoints (m, 2)."""

    slope: FloatArray
    cut: FloatArray


def second_places(
    votes: pd.DataFrame, matches: pd.DataFrame | None, first: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Places on the second dimension, and what each item says of it.

    votes, matches: as :func:`suasion.statecraft.estimate_ideal_points` takes them.
    first: ``country``, ``un_session``, ``mean`` of the first dimension.
    Returns: ``country``, ``un_session``, ``votes``, ``mean``, ``sd``; and by item ``rcid`` and the slopes ``first``,
      ``second``.
    """
    record = voting_record(votes, matches)
    keys = pd.MultiIndex.from_arrays([record.countries, record.un_session], names=["country", "un_session"])
    place = first.set_index(["country", "un_session"])["mean"].reindex(keys)
    seen = _seen(record, place.notna().to_numpy())
    x = place.fillna(0.0).to_numpy(dtype=np.float64)
    y, items, sd = _fitted(record, seen, x)
    sign = _sign(keys, y)
    table = keys.to_frame(index=False).assign(votes=record.votes, mean=sign * y, sd=sd)
    slopes = pd.DataFrame(
        {"rcid": record.items, "first": items.slope[:, 0], "second": sign * items.slope[:, 1]}
    )
    return table, slopes


def _seen(record: VotingRecord, known: BoolArray) -> Seen:
    kept = known[record.state]
    vote = record.vote[kept]
    return Seen(
        record.item[kept],
        record.state[kept],
        np.where(vote == 1, -1, np.where(vote == 2, 0, 1)),
        np.where(vote == 1, 0, np.where(vote == 2, 1, -1)),
    )


def _fitted(record: VotingRecord, seen: Seen, x: FloatArray) -> tuple[FloatArray, Slopes, FloatArray]:
    """Places, items, and sds of the places."""
    m = len(record.items)
    items = Slopes(np.zeros((m, 2)), np.tile([0.5, 1.5], (m, 1)))
    y = np.zeros(x.size)
    for _ in range(8):
        items = _moved_items(seen, x, y, items, free=1)
    y = _turned(record, standard(_start(seen, x, items), x, record.un_session))
    sd = np.ones(x.size)
    for _ in range(SWEEPS):
        items = _moved_items(seen, x, y, items, free=2)
        y, sd = _moved_places(record, seen, x, y, items)
        y = standard(y, x, record.un_session)
    return y, items, sd


def _start(seen: Seen, x: FloatArray, items: Slopes) -> FloatArray:
    """First principal direction of what one dimension leaves out, a country at a time, by power steps over items."""
    eta = items.slope[seen.item, 0] * x[seen.state]
    left = _derivatives(seen, eta, items)[0]
    y = np.random.default_rng(0).standard_normal(x.size)
    for _ in range(30):
        load = np.bincount(seen.item, left * y[seen.state], len(items.slope))
        y = np.bincount(seen.state, left * load[seen.item], x.size).astype(np.float64)
        y /= np.abs(y).std() + _TINY
    return y


def _turned(record: VotingRecord, y: FloatArray) -> FloatArray:
    """Each UN session turned to the side of the one before, by the countries of both."""
    made = y.copy()
    for number in np.unique(record.un_session)[1:]:
        here = np.flatnonzero((record.un_session == number) & (record.previous >= 0))
        if made[here] @ made[record.previous[here]] < 0:
            made[record.un_session == number] *= -1.0
    return made


def standard(y: FloatArray, x: FloatArray, un_session: IntArray) -> FloatArray:
    """Places with mean 0, sd 1 and no correlation with ``x`` in every UN session."""
    made = np.empty_like(y)
    for number in np.unique(un_session):
        here = un_session == number
        basis = np.column_stack([np.ones(int(here.sum())), x[here]])
        rest = y[here] - basis @ np.linalg.lstsq(basis, y[here], rcond=None)[0]
        made[here] = rest / max(float(rest.std()), _TINY)
    return made


def _derivatives(seen: Seen, eta: FloatArray, items: Slopes) -> tuple[FloatArray, ...]:
    """Of the log likelihood of each vote: first and minus second in eta; densities over probability at both edges."""
    low = np.where(seen.low < 0, -FAR, items.cut[seen.item, seen.low] - eta)
    high = np.where(seen.high < 0, FAR, items.cut[seen.item, seen.high] - eta)
    low, high = np.clip(low, -FAR, FAR), np.clip(high, -FAR, FAR)
    mirrored = low + high > 0
    chance = np.where(mirrored, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
    chance = np.maximum(chance, _TINY)
    below, above = (_ROOT * np.exp(-0.5 * edge**2) / chance for edge in (low, high))
    slope = below - above
    return slope, np.maximum(slope**2 + high * above - low * below, 1e-9), below, above, low, high


def _moved_items(seen: Seen, x: FloatArray, y: FloatArray, items: Slopes, free: int) -> Slopes:
    """One Newton step of all items in ``free`` slopes and both cutpoints."""
    held = np.array([1.0 / SLOPE_SD**2] * 2 + [1.0 / CUT_SD**2] * 2)
    values = np.hstack([items.slope, items.cut])
    gradient, info = _item_terms(seen, np.column_stack([x, y])[seen.state], items)
    gradient -= held * values
    info += np.diag(held)
    if free == 1:
        gradient[:, 1], info[:, 1, :], info[:, :, 1] = 0.0, 0.0, 0.0
        info[:, 1, 1] = 1.0
    step = np.linalg.solve(info, gradient[:, :, None])[:, :, 0]
    step *= np.minimum(1.0, LONGEST / np.maximum(np.abs(step).max(axis=1), _TINY))[:, None]
    made = values + step
    made[:, 3] = np.maximum(made[:, 3], made[:, 2] + LEAST_GAP)
    return Slopes(made[:, :2], made[:, 2:])


def _item_terms(seen: Seen, places: FloatArray, items: Slopes) -> tuple[FloatArray, FloatArray]:
    """Gradient (m, 4) and information (m, 4, 4) of slopes and cutpoints; ``places`` (v, 2) of the voters."""
    eta = (items.slope[seen.item] * places).sum(axis=1)
    _, _, below, above, low, high = _derivatives(seen, eta, items)
    # how the lower and the upper edge of a vote move with slopes and cutpoints
    edges = np.zeros((seen.item.size, 2, 4))
    edges[:, :, :2] = -places[:, None, :]
    for side, which in enumerate((seen.low, seen.high)):
        there = which >= 0
        edges[there, side, 2 + which[there]] = 1.0
    own = np.column_stack([below**2 - low * below, above**2 + high * above])
    gradient = np.einsum("vs,vsk->vk", np.column_stack([-below, above]), edges)
    info = np.einsum("vs,vsk,vsl->vkl", own, edges, edges)
    mixed = np.einsum("v,vk,vl->vkl", -below * above, edges[:, 0], edges[:, 1])
    info += mixed + mixed.transpose(0, 2, 1)
    m = len(items.slope)
    sums = [np.bincount(seen.item, column, m) for column in (*gradient.T, *info.reshape(-1, 16).T)]
    both = np.column_stack(sums).astype(np.float64)
    return both[:, :4], both[:, 4:].reshape(m, 4, 4)


def _moved_places(
    record: VotingRecord, seen: Seen, x: FloatArray, y: FloatArray, items: Slopes
) -> tuple[FloatArray, FloatArray]:
    """One Newton step of all places, linked in time, and their sds."""
    n = y.size
    slopes = items.slope[seen.item]
    eta = slopes[:, 0] * x[seen.state] + slopes[:, 1] * y[seen.state]
    slope, bend, *_ = _derivatives(seen, eta, items)
    push = np.bincount(seen.state, slope * slopes[:, 1], n)
    stiff = np.bincount(seen.state, bend * slopes[:, 1] ** 2, n)
    first = record.previous < 0
    link = np.where(first, 0.0, 1.0 / record.drift)
    diagonal = stiff + link + np.where(first, 1.0, 0.0) + np.r_[link[1:], 0.0]
    step = np.where(first, 0.0, y - y[record.previous])
    pull = -link * step + np.r_[(link * step)[1:], 0.0] - np.where(first, y, 0.0)
    bands = np.vstack([np.r_[0.0, -link[1:]], diagonal])
    move = solveh_banded(bands, push + pull)
    made = y + np.clip(move, -LONGEST, LONGEST)
    return made, np.sqrt(_inverse_diagonal(diagonal, -link[1:]))


def _inverse_diagonal(diagonal: FloatArray, off: FloatArray) -> FloatArray:
    """Diagonal of the inverse of a tridiagonal matrix: 1 / (forward pivot + backward pivot - diagonal)."""
    n = diagonal.size
    ahead, behind = diagonal.copy(), diagonal.copy()
    for k in range(1, n):
        ahead[k] -= off[k - 1] ** 2 / ahead[k - 1]
    for k in range(n - 2, -1, -1):
        behind[k] -= off[k] ** 2 / behind[k + 1]
    inverse: FloatArray = 1.0 / (ahead + behind - diagonal)
    return inverse


def _sign(keys: pd.MultiIndex, y: FloatArray) -> float:
    table = pd.Series(y, index=keys)
    one, two, number = ANCHOR
    if not {(one, number), (two, number)} <= set(keys):
        return 1.0
    return 1.0 if table[(one, number)] > table[(two, number)] else -1.0
