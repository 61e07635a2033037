"""Location, scale, sign, and values to start from.

Votes say nothing about the unit, the origin and the sign of the scale. As published, ideal points have mean 0
and standard deviation 1 over all country sessions in every draw, and the United States lie on the high side.
"""

from __future__ import annotations

import numpy as np

from suasion.errors import InputError
from suasion.statecraft.ideal_points.model import VoteItems
from suasion.statecraft.ideal_points.record import VotingRecord
from suasion.statecraft.ideal_points.sampler import ChainPoint, Prior
from suasion.types import FloatArray, IntArray


def standardise(point: ChainPoint) -> ChainPoint:
    """Shift and stretch so that ideal points have mean 0 and sd 1: no probability changes but near the ends."""
    middle, spread = point.theta.mean(), point.theta.std()
    items = VoteItems(
        beta=point.items.beta * spread,
        cut=point.items.cut - point.items.beta * middle,
        gap=point.items.gap,
    )
    return ChainPoint((point.theta - middle) / spread, items, point.terms)


def balanced_weight(record: VotingRecord, link: FloatArray, point: ChainPoint) -> float:
    """Weight of the prior at which ideal points tend neither to spread nor to shrink, where they now are.

    Stretching all ideal points by k and dividing all slopes by k changes no probability of a vote. The density along
    that line is level at k = 1 where the sum of weight x votes x theta^2 is n - m + the squared slopes - the
    squared steps over their variances (n ideal points, m items).

    record: votes.
    link: Precision of the step to each state from the one before (n,), 0 for a first one.
    point: where the ideal points and slopes are.
    """
    n, m = point.theta.size, point.items.beta.size
    step = point.theta - point.theta[record.previous]
    needed = n - m + (point.items.beta**2).sum() - (link * step**2).sum()
    # a short record may leave next to nothing: the prior then counts for a twentieth of its normal size
    return float(max(needed, 0.05 * n) / (record.votes * point.theta**2).sum())


def vague_prior(record: VotingRecord, weight: float) -> Prior:
    """Slopes N(0, 1) and cutpoints uniform, as published; and each ideal point N(0, 1 / (weight x votes)).

    The last is what the unit demands. The published sampler divides every draw by the standard deviation of all, which
    pulls each ideal point inward in proportion to what its votes tell; a prior that counts for a fixed share of a vote
    does the same. Without it a bloc that always votes alike drifts away without bound: all cutpoints lie on one side of
    it, and nothing says how far away it is.

    record: votes.
    weight: precision of the prior for each vote of a state.
    """
    n, m = len(record.countries), len(record.items)
    precision = np.zeros((m, 3, 3))
    precision[:, 0, 0] = 1.0
    variance: FloatArray = 1.0 / (weight * record.votes.astype(np.float64))
    return Prior(np.zeros(n), variance, np.zeros((m, 3)), precision, np.ones(m, dtype=bool))


def start_values(record: VotingRecord, high: str) -> tuple[FloatArray, VoteItems]:
    """Values to start from: the first principal component of the votes of each UN session.

    record: votes.
    high: country whose side is the high one, in every UN session that it attends.
    Raises InputError if that country never votes.
    """
    if high not in record.countries:
        raise InputError(f"{high} has no votes: name a country that attends, for it says which side is high.")
    theta = np.zeros(len(record.countries))
    names = np.array(record.countries)
    seen: dict[str, float] = {}
    for number in np.unique(record.un_session):
        states = np.flatnonzero(record.un_session == number)
        score = _component(record, states)
        theta[states] = score * _sign(names[states], score, high, seen)
        seen |= dict(zip(names[states], theta[states], strict=True))
    theta = (theta - theta.mean()) / theta.std()
    return theta, _start_items(record, theta)


def _component(record: VotingRecord, states: IntArray) -> FloatArray:
    """Scores of the states on the first principal component of their votes, mean 0 and sd 1."""
    own = np.isin(record.state, states)
    row = np.searchsorted(states, record.state[own])
    _, column = np.unique(record.item[own], return_inverse=True)
    table = np.full((states.size, column.max() + 1), np.nan)
    table[row, column] = record.vote[own]
    apart = np.nan_to_num(table - np.nanmean(table, axis=0))
    left, size, _ = np.linalg.svd(apart, full_matrices=False)
    # missing votes count as average ones: undo the shrinkage of states that were often absent
    score: FloatArray = left[:, 0] * size[0] / np.sqrt((~np.isnan(table)).mean(axis=1))
    spread = score.std()
    centred: FloatArray = (score - score.mean()) / (spread if spread > 0 else 1.0)
    return centred


def _sign(names: FloatArray, score: FloatArray, high: str, seen: dict[str, float]) -> float:
    if high in names:
        return 1.0 if score[names == high][0] >= 0 else -1.0
    pairs = [(seen[x], s) for x, s in zip(names, score, strict=True) if x in seen]
    return -1.0 if sum(a * b for a, b in pairs) < 0 else 1.0


def _start_items(record: VotingRecord, theta: FloatArray) -> VoteItems:
    """Slopes by the covariance of votes and scores, cutpoints by the shares of votes."""
    m = len(record.items)
    count = np.bincount(record.item, minlength=m)
    value, score = record.vote.astype(float), theta[record.state]
    middle = np.bincount(record.item, score, m) / count
    apart = score - middle[record.item]
    slope = np.bincount(record.item, apart * value, m) / (np.bincount(record.item, apart**2, m) + 1.0)
    yes, abstain = (np.bincount(record.item, value == kind, m) / count for kind in (1.0, 2.0))
    slope = np.clip(slope, -2.0, 2.0)
    cut = np.clip(2.0 * yes - 1.0 + slope * middle, -4.0, 4.0)
    return VoteItems(slope, cut, np.log(np.clip(2.0 * abstain, 0.05, 2.0)))
