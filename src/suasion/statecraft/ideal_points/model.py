"""Likelihood of the model: an ordinal probit with one dimension.

A state with ideal point theta sees z = beta theta + N(0, 1) in an item and votes yes if z < g, no if
z > g + exp(d), else abstains. As published, every item has both cutpoints, whichever votes were cast on it, they lie
between -7 and 7, and z lies between -9 and 9: a state is never further from an item than its votes can tell.
Votes come in two kinds: *ends*, between one cutpoint c and an end of the scale, of probability
Phi(s (c - beta theta)) - Phi(-9 - s beta theta) with sign s, and *middles*, between the two cutpoints.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from suasion.statecraft.ideal_points.record import VotingRecord
from suasion.types import BoolArray, FloatArray, IntArray

BOUND = 7.0
"""Cutpoints lie between -7 and 7, as published; they are uniform there."""

REACH = 9.0
"""The latent z lies between -9 and 9, as published."""

_ROOT = 1.0 / np.sqrt(2.0 * np.pi)
_FAR = 37.0  # beyond it the normal distribution function underflows
_TINY = 1e-300
_STEEPEST = 1e6
_FELT = 6.0  # the end of the scale changes a log probability by less than 1e-9 from that far off


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes of one kind of order: ends first, middles second.

    end_item, end_state: item and state of each end.
    sign: +1 where the vote lies below the cutpoint, -1 above it.
    upper: whether the cutpoint is the item's second one.
    mid_item, mid_state: item and state of each middle.
    """

    end_item: IntArray
    end_state: IntArray
    sign: FloatArray
    upper: BoolArray
    mid_item: IntArray
    mid_state: IntArray


ENDS = ("end", "slope", "bend", "push", "stiff", "tie")
"""Fields of :class:`Terms` that belong to ends; the others belong to middles."""


@dataclass(frozen=True, slots=True)
class VoteItems:
    """Parameters of the items (m,): slope ``beta``, first cutpoint ``cut``, log distance ``gap`` to the second."""

    beta: FloatArray
    cut: FloatArray
    gap: FloatArray


@dataclass(frozen=True, slots=True)
class Terms:
    """Log likelihood of each vote with first and second derivatives.

    For ends, in mirrored units where the vote lies below its cutpoint: ``slope`` is the derivative in the cutpoint and
    ``bend`` minus the second one; ``push`` minus the derivative in beta theta, ``stiff`` minus the second one, ``tie``
    the mixed one. For middles with lower and upper argument: ``low``, ``high`` = density / probability, and the
    information ``low2``, ``high2``, ``cross``.
    """

    end: FloatArray
    slope: FloatArray
    bend: FloatArray
    push: FloatArray
    stiff: FloatArray
    tie: FloatArray
    mid: FloatArray
    low: FloatArray
    high: FloatArray
    low2: FloatArray
    high2: FloatArray
    cross: FloatArray


def split_votes(record: VotingRecord, keep: BoolArray | None = None) -> Votes:
    """Votes of a record, or of those of its states that are kept, as ends and middles."""
    wanted = np.ones(record.item.size, dtype=bool) if keep is None else keep[record.state]
    middle = wanted & (record.vote == 2)
    end = wanted & (record.vote != 2)
    below = record.vote[end] == 1
    return Votes(
        end_item=record.item[end],
        end_state=record.state[end],
        sign=np.where(below, 1.0, -1.0),
        upper=~below,
        mid_item=record.item[middle],
        mid_state=record.state[middle],
    )


def likelihood(votes: Votes, theta: FloatArray, items: VoteItems) -> Terms:
    """Evaluate the likelihood of each vote and its derivatives.

    votes: who voted what.
    theta: Ideal points (n,).
    items: parameters of the items (m,).
    """
    second = items.cut + width(items.gap)
    cut = np.concatenate([items.cut, second])[votes.end_item + votes.upper * items.cut.size]
    end, slope, bend, push, stiff, tie = _ends(
        votes.sign * cut, votes.sign * items.beta[votes.end_item] * theta[votes.end_state]
    )
    eta = items.beta[votes.mid_item] * theta[votes.mid_state]
    a, b = (np.clip(edge[votes.mid_item] - eta, -_FAR, _FAR) for edge in (items.cut, second))
    between = chance_between(a, b)
    low, high = _steep(a, between), _steep(b, between)
    return Terms(
        end=end,
        slope=slope,
        bend=bend,
        push=push,
        stiff=stiff,
        tie=tie,
        mid=np.log(between),
        low=low,
        high=high,
        low2=low * (low - a),
        high2=high * (high + b),
        cross=-low * high,
    )


def _ends(cut: FloatArray, eta: FloatArray) -> tuple[FloatArray, ...]:
    """Log likelihood and derivatives of votes below a cutpoint and above the lower end of the scale."""
    t = np.maximum(cut - eta, -_FAR)
    chance = ndtr(t)
    # the far end of the scale counts for the few that are near it
    far = np.flatnonzero(eta < _FELT - REACH)
    u = np.minimum(-REACH - eta[far], _FAR)
    below = chance_between(u, np.minimum(t[far], _FAR))
    chance[far] = below
    slope = _steep(t, chance)
    bend = slope * (slope + t)
    push, stiff, tie = slope.copy(), bend.copy(), bend.copy()
    other = _steep(u, below)
    cross = other * slope[far]
    push[far] -= other
    stiff[far] += other * (other - u) - 2.0 * cross
    tie[far] -= cross
    return np.log(chance), slope, bend, push, stiff, tie


def _steep(x: FloatArray, chance: FloatArray) -> FloatArray:
    """Normal density over a probability, held finite where nothing is accepted."""
    ratio: FloatArray = np.minimum(_ROOT * np.exp(-0.5 * x * x) / chance, _STEEPEST)
    return ratio


def chance_between(a: FloatArray, b: FloatArray) -> FloatArray:
    """Probability between two arguments, a < b; the lower tail keeps its digits, the upper one does not."""
    mirrored = a + b > 0
    chance: FloatArray = np.where(mirrored, ndtr(-a) - ndtr(-b), ndtr(b) - ndtr(a))
    return np.maximum(chance, _TINY)


def width(gap: FloatArray) -> FloatArray:
    """Distance between the cutpoints; held finite far outside their bounds, where nothing is accepted."""
    apart: FloatArray = np.exp(np.clip(gap, -40.0, 4.0))
    return apart


def choose(votes: Votes, new: BoolArray, of: str, proposed: Terms, current: Terms) -> Terms:
    """Terms where ``new`` holds for the vote's item or state (``of``) are the proposed ones."""
    end = new[votes.end_item if of == "item" else votes.end_state]
    mid = new[votes.mid_item if of == "item" else votes.mid_state]

    def pick(name: str) -> FloatArray:
        where = end if name in ENDS else mid
        chosen: FloatArray = np.where(where, getattr(proposed, name), getattr(current, name))
        return chosen

    return Terms(**{name: pick(name) for name in Terms.__dataclass_fields__})


def by_state(
    votes: Votes, items: VoteItems, terms: Terms, n: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Log likelihood, its derivative and information for each ideal point (n,)."""
    beta, other = items.beta[votes.end_item], items.beta[votes.mid_item]
    bend = terms.low2 + terms.high2 + 2.0 * terms.cross

    def total(end: FloatArray, mid: FloatArray) -> FloatArray:
        sums = np.bincount(votes.end_state, end, n) + np.bincount(votes.mid_state, mid, n)
        return sums.astype(np.float64)

    return (
        total(terms.end, terms.mid),
        total(-votes.sign * terms.push * beta, (terms.low - terms.high) * other),
        total(terms.stiff * beta**2, bend * other**2),
    )


def by_item(
    votes: Votes, theta: FloatArray, terms: Terms, m: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Log likelihood (m,), gradient (m, 3) and information (m, 3, 3) in slope, first and second cutpoint."""
    end, mid = theta[votes.end_state], theta[votes.mid_state]
    place = votes.end_item + votes.upper * m
    edge, pull = votes.sign * terms.slope, votes.sign * terms.push

    def ends(weights: FloatArray) -> FloatArray:
        sums: FloatArray = np.bincount(place, weights, 2 * m).reshape(2, m).astype(np.float64)
        return sums

    def mids(weights: FloatArray) -> FloatArray:
        sums: FloatArray = np.bincount(votes.mid_item, weights, m).astype(np.float64)
        return sums

    gradient, info = np.empty((m, 3)), np.empty((m, 3, 3))
    gradient[:, 0] = mids(mid * (terms.low - terms.high)) - ends(pull * end).sum(axis=0)
    gradient[:, 1:] = (ends(edge) + np.stack([mids(-terms.low), mids(terms.high)])).T
    lean = ends(terms.tie * end)
    first, second = terms.low2 + terms.cross, terms.high2 + terms.cross
    info[:, 0, 0] = ends(terms.stiff * end**2).sum(axis=0) + mids((first + second) * mid**2)
    own = ends(terms.bend)
    info[:, 1, 1] = own[0] + mids(terms.low2)
    info[:, 2, 2] = own[1] + mids(terms.high2)
    info[:, 1, 2] = info[:, 2, 1] = mids(terms.cross)
    info[:, 0, 1] = info[:, 1, 0] = -lean[0] - mids(first * mid)
    info[:, 0, 2] = info[:, 2, 0] = -lean[1] - mids(second * mid)
    return ends(terms.end).sum(axis=0) + mids(terms.mid), gradient, info
