"""Likelihood of the model: an ordinal probit with one dimension.

A state with ideal point theta sees z = beta theta + N(0, 1) in an item and votes yes if z < g, no if
z > g + exp(d), else abstains. An item with two kinds of vote has one cutpoint, g. Votes come in two kinds:
*ends*, with one cutpoint c and a sign s, of probability Phi(s (c - beta theta)), and *middles*, between two.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from suasion.statecraft.ideal_points.record import BoolArray, FloatArray, IntArray, VotingRecord

BOUND = 7.0
"""Cutpoints lie between -7 and 7, as published; they are uniform there."""

_ROOT = 1.0 / np.sqrt(2.0 * np.pi)
_FAR = 37.0  # beyond it the normal distribution function underflows
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes of one kind of order: ends first, middles second.

    Attributes
    ----------
    end_item, end_state : IntArray
        Item and state of each end.
    sign : FloatArray
        +1 where the vote lies below the cutpoint, -1 above it.
    upper : BoolArray
        Whether the cutpoint is the item's second one.
    mid_item, mid_state : IntArray
        Item and state of each middle.
    """

    end_item: IntArray
    end_state: IntArray
    sign: FloatArray
    upper: BoolArray
    mid_item: IntArray
    mid_state: IntArray


@dataclass(frozen=True, slots=True)
class Items:
    """Parameters of the items (m,): slope ``beta``, first cutpoint ``cut``, log distance ``gap`` to the second."""

    beta: FloatArray
    cut: FloatArray
    gap: FloatArray


@dataclass(frozen=True, slots=True)
class Terms:
    """Log likelihood of each vote with first and second derivatives.

    For ends ``slope`` is the derivative with respect to s (c - beta theta) and ``bend`` minus the second one; for
    middles with lower and upper argument: ``low``, ``high`` = density / probability, and the information
    ``low2``, ``high2``, ``cross``.
    """

    end: FloatArray
    slope: FloatArray
    bend: FloatArray
    mid: FloatArray
    low: FloatArray
    high: FloatArray
    low2: FloatArray
    high2: FloatArray
    cross: FloatArray


def split_votes(record: VotingRecord, keep: BoolArray | None = None) -> Votes:
    """Votes of a record, or of those of its states that are kept, as ends and middles."""
    wanted = np.ones(record.item.size, dtype=bool) if keep is None else keep[record.state]
    three = record.ternary[record.item]
    lowest, highest = _range(record)
    middle = wanted & three & (record.vote == 2)
    end = wanted & ~(three & (record.vote == 2))
    item = record.item[end]
    below = record.vote[end] == lowest[item]
    return Votes(
        end_item=item,
        end_state=record.state[end],
        sign=np.where(below, 1.0, -1.0),
        upper=(record.vote[end] == highest[item]) & record.ternary[item],
        mid_item=record.item[middle],
        mid_state=record.state[middle],
    )


def likelihood(votes: Votes, theta: FloatArray, items: Items) -> Terms:
    """Evaluate the likelihood of each vote and its derivatives.

    Parameters
    ----------
    votes : Votes
        Who voted what.
    theta : FloatArray
        Ideal points (n,).
    items : Items
        Parameters of the items (m,).

    Returns
    -------
    Terms
    """
    second = items.cut + width(items.gap)
    cut = np.concatenate([items.cut, second])[votes.end_item + votes.upper * items.cut.size]
    t = votes.sign * (cut - items.beta[votes.end_item] * theta[votes.end_state])
    np.maximum(t, -_FAR, out=t)
    chance = ndtr(t)
    slope = _ROOT * np.exp(-0.5 * t * t) / chance
    eta = items.beta[votes.mid_item] * theta[votes.mid_state]
    a, b = (np.clip(edge[votes.mid_item] - eta, -_FAR, _FAR) for edge in (items.cut, second))
    # the lower tail keeps its digits, the upper one does not
    mirrored = a + b > 0
    between = np.where(mirrored, ndtr(-a) - ndtr(-b), ndtr(b) - ndtr(a))
    np.maximum(between, _TINY, out=between)
    low, high = (_ROOT * np.exp(-0.5 * x * x) / between for x in (a, b))
    return Terms(
        end=np.log(chance),
        slope=slope,
        bend=slope * (slope + t),
        mid=np.log(between),
        low=low,
        high=high,
        low2=low * (low - a),
        high2=high * (high + b),
        cross=-low * high,
    )


def width(gap: FloatArray) -> FloatArray:
    """Distance between the cutpoints; held finite far outside their bounds, where nothing is accepted."""
    apart: FloatArray = np.exp(np.clip(gap, -40.0, 4.0))
    return apart


def choose(votes: Votes, new: BoolArray, of: str, proposed: Terms, current: Terms) -> Terms:
    """Terms where ``new`` holds for the vote's item or state (``of``) are the proposed ones."""
    end = new[votes.end_item if of == "item" else votes.end_state]
    mid = new[votes.mid_item if of == "item" else votes.mid_state]

    def pick(name: str) -> FloatArray:
        where = end if name in ("end", "slope", "bend") else mid
        chosen: FloatArray = np.where(where, getattr(proposed, name), getattr(current, name))
        return chosen

    return Terms(**{name: pick(name) for name in Terms.__dataclass_fields__})


def by_state(votes: Votes, items: Items, terms: Terms, n: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Log likelihood, its derivative and information for each ideal point (n,)."""
    beta, other = items.beta[votes.end_item], items.beta[votes.mid_item]
    bend = terms.low2 + terms.high2 + 2.0 * terms.cross

    def total(end: FloatArray, mid: FloatArray) -> FloatArray:
        sums = np.bincount(votes.end_state, end, n) + np.bincount(votes.mid_state, mid, n)
        return sums.astype(np.float64)

    return (
        total(terms.end, terms.mid),
        total(-votes.sign * terms.slope * beta, (terms.low - terms.high) * other),
        total(terms.bend * beta**2, bend * other**2),
    )


def by_item(
    votes: Votes, theta: FloatArray, terms: Terms, m: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Log likelihood (m,), gradient (m, 3) and information (m, 3, 3) in slope, first and second cutpoint."""
    end, mid = theta[votes.end_state], theta[votes.mid_state]
    place = votes.end_item + votes.upper * m
    push = votes.sign * terms.slope

    def ends(weights: FloatArray) -> FloatArray:
        sums: FloatArray = np.bincount(place, weights, 2 * m).reshape(2, m).astype(np.float64)
        return sums

    def mids(weights: FloatArray) -> FloatArray:
        sums: FloatArray = np.bincount(votes.mid_item, weights, m).astype(np.float64)
        return sums

    gradient, info = np.empty((m, 3)), np.empty((m, 3, 3))
    gradient[:, 0] = mids(mid * (terms.low - terms.high)) - ends(push * end).sum(axis=0)
    gradient[:, 1:] = (ends(push) + np.stack([mids(-terms.low), mids(terms.high)])).T
    lean = ends(terms.bend * end)
    first, second = terms.low2 + terms.cross, terms.high2 + terms.cross
    info[:, 0, 0] = ends(terms.bend * end**2).sum(axis=0) + mids((first + second) * mid**2)
    own = ends(terms.bend)
    info[:, 1, 1] = own[0] + mids(terms.low2)
    info[:, 2, 2] = own[1] + mids(terms.high2)
    info[:, 1, 2] = info[:, 2, 1] = mids(terms.cross)
    info[:, 0, 1] = info[:, 1, 0] = -lean[0] - mids(first * mid)
    info[:, 0, 2] = info[:, 2, 0] = -lean[1] - mids(second * mid)
    return ends(terms.end).sum(axis=0) + mids(terms.mid), gradient, info


def _range(record: VotingRecord) -> tuple[IntArray, IntArray]:
    """Lowest and highest vote cast on each item (m,)."""
    lowest = np.full(record.ternary.size, 9, dtype=np.intp)
    highest = np.zeros(record.ternary.size, dtype=np.intp)
    np.minimum.at(lowest, record.item, record.vote)
    np.maximum.at(highest, record.item, record.vote)
    return lowest, highest
