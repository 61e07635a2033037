"""The published sampler, step by step: what its authors ran, which is not the posterior of the model that they state.

Johnson and Albert's sampler for ordinal votes (cutpoints by Metropolis steps, then the latent z, then slopes), with
three rules of the published code (``UN_Ideal_Rcpp.R``) that are no step of a Gibbs sampler:

* an ideal point is centred on the *conditional mean*, in the sweep before, of the one before it; nothing is learned
  from later UN sessions, but a country's first one is centred on its second;
* ideal points are cut off at -5 and 5, and z at -9 and 9;
* then all ideal points are put to mean 0 and standard deviation 1, and the items are left as they are.

Votes say little of the level of a decade and of how far out its wings are. Both come out as published only if this is
done as published.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.special import log_ndtr, ndtr, ndtri

from suasion.statecraft.ideal_points.identification import start_values
from suasion.statecraft.ideal_points.model import (
    BOUND,
    REACH,
    VoteItems,
    Votes,
    chance_between,
    split_votes,
    width,
)
from suasion.statecraft.ideal_points.posterior import IdealPoints, checked_size
from suasion.statecraft.ideal_points.record import VotingRecord, voting_record
from suasion.statecraft.ideal_points.sampler import stack
from suasion.types import BoolArray, FloatArray, IntArray

STEP = 0.2 / 3
"""Standard deviation of the proposed move of a cutpoint, as published."""

EDGE = 5.0
"""Ideal points are cut off there before they are standardised, as published."""

PARTS = 2
"""Votes are worked on in so many threads. The number belongs to the result: each part has its own random numbers."""

_LEAST = 1e-300


@dataclass(frozen=True, slots=True)
class SampledPart:
    """Some of the items, and the votes on them.

    Attributes
    ----------
    items : slice
        The items.
    votes : Votes
        Their votes; items count from the first of the part.
    place : IntArray
        Each end's cutpoint in the first cutpoints followed by the second ones.
    states : int
        Number of states.
    """

    items: slice
    votes: Votes
    place: IntArray
    states: int


@dataclass(frozen=True, slots=True)
class Walk:
    """Where each ideal point is centred.

    Attributes
    ----------
    centre : IntArray
        State on whose conditional mean it is (n,).
    precision : FloatArray
        Of the step from there (n,).
    alone : BoolArray
        Whether the country has one UN session only (n,): it is centred on 0.
    """

    centre: IntArray
    precision: FloatArray
    alone: BoolArray


@dataclass(frozen=True, slots=True)
class PublishedPlace:
    """A place of the chain.

    Attributes
    ----------
    theta, mean : FloatArray
        Ideal points, and their conditional means before they were standardised (n,).
    items : VoteItems
        Slopes and cutpoints.
    pull, hold : FloatArray
        Sums over a state's votes of slope x z, and of squared slopes (n,).
    moved : float
        Share of items whose cutpoints moved.
    """

    theta: FloatArray
    mean: FloatArray
    items: VoteItems
    pull: FloatArray
    hold: FloatArray
    moved: float = 0.0


def estimate_as_published(
    votes: pd.DataFrame | VotingRecord,
    matches: pd.DataFrame | None = None,
    high: str = "USA",
    draws: int = 400,
    burn: int = 1500,
    thin: int = 6,
    seed: int = 0,
) -> IdealPoints:
    """Estimate ideal points by the procedure of the published series.

    Parameters
    ----------
    votes : DataFrame or VotingRecord
        ``country``, ``un_session``, ``rcid``, ``vote`` (1 yes, 2 abstain, 3 no), or a record made of them.
    matches : DataFrame, optional
        ``rcid`` and ``repeats``, for votes given as a table.
    high : str
        Country whose side is the high one.
    draws, burn, thin : int
        Draws kept, sweeps before the first, sweeps for each. Cutpoints crawl: give over a thousand sweeps before.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    IdealPoints

    Raises
    ------
    InputError
        If there are fewer than 20 draws, or ``high`` does not vote.
    """
    record = votes if isinstance(votes, VotingRecord) else voting_record(votes, matches)
    draws, burn, thin, seed = checked_size(draws, burn, thin, seed)
    parts, walk = parts_of(record), walk_of(record)
    rngs = [np.random.default_rng([seed, k]) for k in range(PARTS + 1)]
    place = start_place(parts, *start_values(record, high), rngs[1:])
    kept = np.empty((draws, place.theta.size), dtype=np.float32)
    items = np.empty((draws, len(record.items), 3), dtype=np.float32)
    moved = 0.0
    with ThreadPoolExecutor(PARTS) as pool:
        for k in range(burn + draws * thin):
            place = published_sweep(parts, walk, place, rngs, pool)
            done = k + 1 - burn
            if done > 0 and done % thin == 0:
                kept[done // thin - 1], items[done // thin - 1] = place.theta, stack(place.items)
                moved += place.moved / draws
    mean = items.mean(axis=0, dtype=np.float64)
    apart = items - mean
    spread = np.einsum("kmi,kmj->mij", apart, apart) / draws
    # all states move in every sweep; who joins later starts from about N(0, 1)
    return IdealPoints(
        record, kept, high, mean, spread, np.array([moved, 1.0]), 1.0 / float(record.votes.mean())
    )


def walk_of(record: VotingRecord) -> Walk:
    """Return the centres of a record's ideal points: the state before; for a first one, the state after it."""
    index, before = np.arange(len(record.countries)), record.previous
    followed = np.isin(index, before)
    centre = np.where(before >= 0, before, np.where(followed, index + 1, index))
    # the drift of a first state is that of equal numbers of votes, half the smoothing
    share = record.votes / (record.votes + record.votes[centre])
    drift = np.where(before >= 0, record.drift, 2.0 * record.drift * share)
    alone = (before < 0) & ~followed
    return Walk(centre, np.where(alone, 1.0, 1.0 / drift), alone)


def parts_of(record: VotingRecord) -> tuple[SampledPart, ...]:
    """Cut a record into parts of about as many votes each."""
    votes, m, n = split_votes(record), len(record.items), len(record.countries)
    edges = [0, *(int(record.item[record.item.size * k // PARTS]) for k in range(1, PARTS)), m]
    return tuple(_part(votes, first, last, n) for first, last in pairwise(edges))


def _part(votes: Votes, first: int, last: int, n: int) -> SampledPart:
    end = (votes.end_item >= first) & (votes.end_item < last)
    mid = (votes.mid_item >= first) & (votes.mid_item < last)
    own = Votes(
        end_item=votes.end_item[end] - first,
        end_state=votes.end_state[end],
        sign=votes.sign[end],
        upper=votes.upper[end],
        mid_item=votes.mid_item[mid] - first,
        mid_state=votes.mid_state[mid],
    )
    return SampledPart(slice(first, last), own, own.end_item + own.upper * (last - first), n)


def start_place(
    parts: tuple[SampledPart, ...], theta: FloatArray, items: VoteItems, rngs: list[np.random.Generator]
) -> PublishedPlace:
    """Draw z where ideal points and items start."""
    place = PublishedPlace(theta, theta, items, np.zeros(theta.size), np.zeros(theta.size))
    return _together(place, [_draw_part(part, place, rng) for part, rng in zip(parts, rngs, strict=True)])


def published_sweep(
    parts: tuple[SampledPart, ...],
    walk: Walk,
    place: PublishedPlace,
    rngs: list[np.random.Generator],
    pool: ThreadPoolExecutor,
) -> PublishedPlace:
    """Update all ideal points, then all items.

    Parameters
    ----------
    parts : tuple of SampledPart
        Votes.
    walk : Walk
        Where ideal points are centred.
    place : PublishedPlace
        Where the chain is.
    rngs : list of Generator
        One for the ideal points, then one for each part.
    pool : ThreadPoolExecutor
        Threads for the parts.

    Returns
    -------
    Place
    """
    centre = np.where(walk.alone, 0.0, place.mean[walk.centre])
    variance = 1.0 / (place.hold + walk.precision)
    mean = variance * (place.pull + walk.precision * centre)
    drawn = mean + np.sqrt(variance) * rngs[0].standard_normal(mean.size)
    drawn = np.clip(drawn, -EDGE, EDGE)
    here = PublishedPlace(
        (drawn - drawn.mean()) / drawn.std(ddof=1), mean, place.items, place.pull, place.hold
    )
    return _together(
        here, list(pool.map(lambda k: _draw_part(parts[k], here, rngs[k + 1]), range(len(parts))))
    )


Drawn = tuple[VoteItems, FloatArray, FloatArray, float]


def _together(place: PublishedPlace, drawn: list[Drawn]) -> PublishedPlace:
    items = VoteItems(
        *(np.concatenate([getattr(d[0], name) for d in drawn]) for name in ("beta", "cut", "gap"))
    )
    moved = sum(d[3] * d[0].beta.size for d in drawn) / items.beta.size
    pull, hold = np.sum([d[1] for d in drawn], axis=0), np.sum([d[2] for d in drawn], axis=0)
    return PublishedPlace(place.theta, place.mean, items, pull, hold, moved)


def _draw_part(part: SampledPart, place: PublishedPlace, rng: np.random.Generator) -> Drawn:
    """Cutpoints, then z, then slopes of a part's items."""
    votes, theta = part.votes, place.theta
    items = VoteItems(*(getattr(place.items, name)[part.items] for name in ("beta", "cut", "gap")))
    end, mid = theta[votes.end_state], theta[votes.mid_state]
    eta = items.beta[votes.end_item] * end, items.beta[votes.mid_item] * mid
    items, chances, moved = _draw_cuts(part, items, eta, rng)
    z_end, z_mid = _draw_latent(part, items, eta, chances, rng)
    m = items.beta.size
    weight = np.bincount(votes.end_item, end * end, m) + np.bincount(votes.mid_item, mid * mid, m)
    pull = np.bincount(votes.end_item, end * z_end, m) + np.bincount(votes.mid_item, mid * z_mid, m)
    variance = 1.0 / (weight + 1.0)
    beta = variance * pull + np.sqrt(variance) * rng.standard_normal(m)
    ends, mids = beta[votes.end_item], beta[votes.mid_item]

    def by_state(of_ends: FloatArray, of_mids: FloatArray) -> FloatArray:
        sums = np.bincount(votes.end_state, of_ends, part.states)
        sums = sums + np.bincount(votes.mid_state, of_mids, part.states)
        return sums.astype(np.float64)

    made = VoteItems(beta, items.cut, items.gap)
    return made, by_state(ends * z_end, mids * z_mid), by_state(ends * ends, mids * mids), moved


def _draw_cuts(
    part: SampledPart, items: VoteItems, eta: tuple[FloatArray, FloatArray], rng: np.random.Generator
) -> tuple[VoteItems, FloatArray, float]:
    """One Metropolis step of both cutpoints of each item; and the probability of each end at the new ones."""
    votes, m = part.votes, items.beta.size
    old = np.stack([items.cut, items.cut + width(items.gap)])
    new = _proposed(old, rng)
    (before, old_mid), (after, new_mid) = (_chances(part, cuts, eta) for cuts in (old, new))
    ratio = np.bincount(votes.end_item, np.log(after / before), m)
    ratio += np.bincount(votes.mid_item, np.log(new_mid / old_mid), m)
    ratio += log_ndtr((old[1] - new[0]) / STEP) - log_ndtr((new[1] - old[0]) / STEP)
    moved = np.log(rng.random(m)) < ratio
    cuts = np.where(moved, new, old)
    gap = np.log(np.maximum(cuts[1] - cuts[0], _LEAST))
    return (
        VoteItems(items.beta, cuts[0], gap),
        np.where(moved[votes.end_item], after, before),
        float(moved.mean()),
    )


def _proposed(cuts: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Normal steps: the first cutpoint above -7 and below the old second one, that one above the new first, below 7."""
    u = rng.random(cuts.shape)
    low, high = ndtr((-BOUND - cuts[0]) / STEP), ndtr((cuts[1] - cuts[0]) / STEP)
    first = cuts[0] + STEP * ndtri(low + u[0] * (high - low))
    low, high = ndtr((first - cuts[1]) / STEP), ndtr((BOUND - cuts[1]) / STEP)
    return np.stack([first, cuts[1] + STEP * ndtri(low + u[1] * (high - low))])


def _chances(
    part: SampledPart, cuts: FloatArray, eta: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Probabilities of ends and of middles."""
    votes = part.votes
    ends = ndtr(votes.sign * (cuts.reshape(-1)[part.place] - eta[0]))
    low, high = (edge[votes.mid_item] - eta[1] for edge in cuts)
    return np.maximum(ends, _LEAST), chance_between(low, high)


def _draw_latent(
    part: SampledPart,
    items: VoteItems,
    eta: tuple[FloatArray, FloatArray],
    chance: FloatArray,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Draw z of ends and of middles from the normal distribution between the cutpoints."""
    votes = part.votes
    ends = eta[0] + votes.sign * ndtri(rng.random(chance.size) * chance)
    first, second = (
        items.cut[votes.mid_item] - eta[1],
        (items.cut + width(items.gap))[votes.mid_item] - eta[1],
    )
    mirrored = first + second > 0
    low, high = np.where(mirrored, -second, first), np.where(mirrored, -first, second)
    floor = ndtr(low)
    drawn = ndtri(np.maximum(floor + rng.random(low.size) * (ndtr(high) - floor), _LEAST))
    mids = eta[1] + np.where(mirrored, -drawn, drawn)
    return np.clip(ends, -REACH, REACH), np.clip(mids, -REACH, REACH)
