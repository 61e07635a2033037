"""A Metropolis sampler whose every proposal is a Newton step with the noise of the local curvature.

Given the ideal points the items are independent, given the items every other UN session of a country is: all
items, then all even and all odd states are proposed at once, each accepted or not by itself. The latent z is
integrated out, so that cutpoints move freely (drawing z makes them crawl). Acceptance probabilities are exact:
the draws are from the posterior of the model as stated.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from suasion.statecraft.ideal_points.model import (
    BOUND,
    Terms,
    VoteItems,
    Votes,
    by_item,
    by_state,
    choose,
    likelihood,
    split_votes,
    width,
)
from suasion.statecraft.ideal_points.record import VotingRecord
from suasion.types import BoolArray, FloatArray, IntArray

GRIP = (1e-6, 1e-6, 0.5)
"""Least curvature that proposals of slope, cut and log gap are made with: flat directions get steps of order one.
It enters the proposal only, not the posterior."""

FREEDOM = 6.0
"""Degrees of freedom of the noise. Gaussian noise would hold a state that strayed far out: the way home is long there
and the way back out, by the curvature at home, all but impossible."""


@dataclass(frozen=True, slots=True)
class Prior:
    """Gaussian priors beside the random walk.

    mean, variance: Of each state by itself (n,); the random walk links it to its neighbours besides.
    item_mean, item_precision: Of slope, first cutpoint and log gap of each item, (m, 3) and (m, 3, 3).
    flat: whether the item's cutpoints are uniform (m,); else the precision holds what is known of them.
    """

    mean: FloatArray
    variance: FloatArray
    item_mean: FloatArray
    item_precision: FloatArray
    flat: BoolArray


@dataclass(frozen=True, slots=True)
class PosteriorProblem:
    """What the sampler works on: votes of even and of odd states, chains in time, priors."""

    halves: tuple[Votes, Votes]
    odd: BoolArray
    previous: IntArray
    following: IntArray
    link: FloatArray
    prior: Prior


@dataclass(frozen=True, slots=True)
class ChainPoint:
    """A place of the chain: ideal points, items, and the terms of the likelihood there by half."""

    theta: FloatArray
    items: VoteItems
    terms: tuple[Terms, Terms]


def make_problem(record: VotingRecord, prior: Prior) -> PosteriorProblem:
    """Arrange a record for the sampler."""
    n = len(record.countries)
    position = np.zeros(n, dtype=np.intp)
    following = np.full(n, -1, dtype=np.intp)
    for index, before in enumerate(record.previous):
        if before >= 0:
            position[index] = position[before] + 1
            following[before] = index
    odd = position % 2 == 1
    return PosteriorProblem(
        halves=(split_votes(record, ~odd), split_votes(record, odd)),
        odd=odd,
        previous=record.previous,
        following=following,
        link=np.where(record.previous < 0, 0.0, 1.0 / record.drift),
        prior=prior,
    )


def place(problem: PosteriorProblem, theta: FloatArray, items: VoteItems) -> ChainPoint:
    """Evaluate the likelihood at given values."""
    first, second = (likelihood(votes, theta, items) for votes in problem.halves)
    return ChainPoint(theta, items, (first, second))


def sweep(
    problem: PosteriorProblem, point: ChainPoint, rng: np.random.Generator | None, damping: float = 1.0
) -> tuple[ChainPoint, FloatArray]:
    """Update all items and all states once.

    problem: votes and priors.
    point: where the chain is.
    rng: Source of randomness; without it every step climbs towards the mode, or stays.
    damping: length of a climbing step.
    Returns: The next place, and the shares of items and of states that moved.
    """
    with ThreadPoolExecutor(2) as pool:
        point, items = _update_items(problem, point, rng, damping, pool)
        moved = np.zeros(point.theta.size, dtype=bool)
        for half in (0, 1):
            point, accepted = _update_states(problem, point, half, rng, damping)
            moved |= accepted
    return point, np.array([items.mean(), moved.mean()])


def _update_items(
    problem: PosteriorProblem,
    point: ChainPoint,
    rng: np.random.Generator | None,
    damping: float,
    pool: ThreadPoolExecutor,
) -> tuple[ChainPoint, BoolArray]:
    m = point.items.beta.size
    here = stack(point.items)
    level, gradient, factor = _item_shape(problem, point.theta, here, point.terms, pool)
    step = _solve(factor, gradient) * damping
    noise = np.zeros((m, 3)) if rng is None else _noise(rng, (m, 3))
    there = here + step + _solve_transposed(factor, noise)
    proposed_items = unstack(there)
    proposed = tuple(pool.map(lambda v: likelihood(v, point.theta, proposed_items), problem.halves))
    new, push, back = _item_shape(problem, point.theta, there, proposed, pool)
    with np.errstate(invalid="ignore"):  # both outside: nan, which is never accepted
        ratio = new - level
    if rng is not None:
        ratio = (
            ratio + _density(back, here - there - _solve(back, push)) - _density(factor, there - here - step)
        )
    accepted = _decide(ratio, rng)
    terms = tuple(
        pool.map(lambda k: choose(problem.halves[k], accepted, "item", proposed[k], point.terms[k]), range(2))
    )
    items = unstack(np.where(accepted[:, None], there, here))
    return ChainPoint(point.theta, items, (terms[0], terms[1])), accepted


def _item_shape(
    problem: PosteriorProblem,
    theta: FloatArray,
    x: FloatArray,
    terms: tuple[Terms, ...],
    pool: ThreadPoolExecutor,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Log posterior (m,), gradient (m, 3) and Cholesky factor of the curvature (m, 3, 3) in slope, cut, gap."""
    m, prior = len(x), problem.prior
    parts = list(pool.map(lambda k: by_item(problem.halves[k], theta, terms[k], m), range(2)))
    level, raw, info = (sum(part) for part in zip(*parts, strict=True))
    apart_cuts = width(x[:, 2])
    # the second cutpoint is cut + exp(gap)
    turn = np.zeros((m, 3, 3))
    turn[:, 0, 0] = turn[:, 1, 1] = turn[:, 2, 1] = 1.0
    turn[:, 2, 2] = apart_cuts
    turned = np.swapaxes(turn, 1, 2)
    apart = x - prior.item_mean
    pull = np.einsum("mij,mj->mi", prior.item_precision, apart)
    gradient = np.einsum("mij,mj->mi", turned, raw) - pull
    gradient[:, 2] += prior.flat
    level = level - 0.5 * (apart * pull).sum(axis=1) + np.where(prior.flat, x[:, 2], 0.0)
    outside = (x[:, 1] < -BOUND) | (x[:, 1] + apart_cuts > BOUND) | (np.abs(x[:, 0]) > 2.0 * BOUND)
    curvature = turned @ info @ turn + prior.item_precision + np.diag(GRIP)
    return np.where(outside, -np.inf, level), gradient, _cholesky(curvature)


def _update_states(
    problem: PosteriorProblem, point: ChainPoint, half: int, rng: np.random.Generator | None, damping: float
) -> tuple[ChainPoint, BoolArray]:
    n, votes = point.theta.size, problem.halves[half]
    mine = problem.odd == bool(half)
    pull, precision = _neighbours(problem, point.theta)
    level, gradient, info = by_state(votes, point.items, point.terms[half], n)
    here = point.theta
    sharp = info + precision
    step = (gradient + pull - precision * here) / sharp * damping
    noise = 0.0 if rng is None else _noise(rng, (n, 1))[:, 0] / np.sqrt(sharp)
    there = np.where(mine, here + step + noise, here)
    proposed = likelihood(votes, there, point.items)
    new, push, bend = by_state(votes, point.items, proposed, n)
    ratio = new - level + pull * (there - here) - 0.5 * precision * (there**2 - here**2)
    if rng is not None:
        back = bend + precision
        home = there + (push + pull - precision * there) / back
        ratio += 0.5 * np.log(back / sharp) + _tail(back * (here - home) ** 2, 1)
        ratio -= _tail(sharp * (there - here - step) ** 2, 1)
    accepted = mine & _decide(ratio, rng)
    chosen = choose(votes, accepted, "state", proposed, point.terms[half])
    terms = (chosen, point.terms[1]) if half == 0 else (point.terms[0], chosen)
    return replace(point, theta=np.where(accepted, there, here), terms=terms), accepted


def _neighbours(problem: PosteriorProblem, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Precision-weighted pull of the states before and after, and the precision, for each state (n,)."""
    prior, last = problem.prior, problem.following < 0
    after = np.where(last, 0.0, problem.link[problem.following])
    pull = prior.mean / prior.variance + problem.link * theta[problem.previous]
    return pull + after * theta[problem.following], 1.0 / prior.variance + problem.link + after


def _decide(ratio: FloatArray, rng: np.random.Generator | None) -> BoolArray:
    if rng is None:
        return np.nan_to_num(ratio, nan=-np.inf) > 0.0
    chance: BoolArray = np.log(rng.random(ratio.size)) < np.nan_to_num(ratio, nan=-np.inf)
    return chance


def _cholesky(a: FloatArray) -> FloatArray:
    """Cholesky factors of (m, 3, 3); pivots lost to rounding are floored: a poor proposal, not a wrong one."""
    factor = np.zeros_like(a)
    for j in range(3):
        pivot = a[:, j, j] - (factor[:, j, :j] ** 2).sum(axis=1)
        factor[:, j, j] = np.sqrt(np.maximum(pivot, 1e-9 * (1.0 + np.abs(a[:, j, j]))))
        for i in range(j + 1, 3):
            rest = a[:, i, j] - (factor[:, i, :j] * factor[:, j, :j]).sum(axis=1)
            factor[:, i, j] = rest / factor[:, j, j]
    return factor


def stack(items: VoteItems) -> FloatArray:
    """Items as rows of slope, cut, gap (m, 3)."""
    return np.column_stack([items.beta, items.cut, items.gap])


def unstack(x: FloatArray) -> VoteItems:
    """Inverse of :func:`stack`."""
    return VoteItems(x[:, 0].copy(), x[:, 1].copy(), x[:, 2].copy())


def _solve(factor: FloatArray, right: FloatArray) -> FloatArray:
    """Apply the inverse of L L' to rows (m, 3)."""
    a = factor
    y0 = right[:, 0] / a[:, 0, 0]
    y1 = (right[:, 1] - a[:, 1, 0] * y0) / a[:, 1, 1]
    y2 = (right[:, 2] - a[:, 2, 0] * y0 - a[:, 2, 1] * y1) / a[:, 2, 2]
    return _solve_transposed(factor, np.column_stack([y0, y1, y2]))


def _solve_transposed(factor: FloatArray, right: FloatArray) -> FloatArray:
    """Apply the inverse of L' to rows (m, 3): noise of covariance (L L')^-1."""
    a = factor
    x2 = right[:, 2] / a[:, 2, 2]
    x1 = (right[:, 1] - a[:, 2, 1] * x2) / a[:, 1, 1]
    x0 = (right[:, 0] - a[:, 1, 0] * x1 - a[:, 2, 0] * x2) / a[:, 0, 0]
    return np.column_stack([x0, x1, x2])


def _density(factor: FloatArray, apart: FloatArray) -> FloatArray:
    """Log density of the noise of scale (L L')^-1 at rows (m, 3), up to a constant."""
    white = np.einsum("mji,mj->mi", factor, apart)
    log: FloatArray = np.log(np.einsum("mii->mi", factor)).sum(axis=1) + _tail((white**2).sum(axis=1), 3)
    return log


def _noise(rng: np.random.Generator, shape: tuple[int, int]) -> FloatArray:
    """Multivariate t noise by rows."""
    spread: FloatArray = np.sqrt(FREEDOM / rng.chisquare(FREEDOM, shape[0]))
    return rng.standard_normal(shape) * spread[:, None]


def _tail(square: FloatArray, dims: int) -> FloatArray:
    """Log density of t noise in ``dims`` dimensions at a squared length, up to a constant."""
    log: FloatArray = -0.5 * (FREEDOM + dims) * np.log1p(square / FREEDOM)
    return log
