"""Estimates of ideal points with their uncertainty, and their update by one more UN session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.errors import InputError
from suasion.statecraft.ideal_points.identification import (
    balanced_weight,
    standardise,
    start_values,
    vague_prior,
)
from suasion.statecraft.ideal_points.model import VoteItems
from suasion.statecraft.ideal_points.record import VotingRecord, voting_record
from suasion.statecraft.ideal_points.sampler import (
    ChainPoint,
    PosteriorProblem,
    Prior,
    make_problem,
    place,
    stack,
    sweep,
)
from suasion.types import FloatArray

CLIMB = (1.0, 0.5, 1.0, 0.25)
"""Lengths of the climbing steps before the first draw, over and over."""

CLIMBS = 16

HASTE = 1.5
"""How fast the weight of the prior is corrected: a spread one per cent too wide adds 1.5 per cent at first."""


@dataclass(frozen=True, slots=True)
class IdealPoints:
    """Draws of ideal points from their posterior.

    Attributes
    ----------
    record : votes they rest on
    draws : (draw, state), mean 0 and sd 1 over the states of each draw; high is the side of ``high``
    high : country that says which side is high
    item_mean, item_covariance : FloatArray
        Posterior moments of slope, first cutpoint and log gap, (m, 3) and (m, 3, 3).
    moved : FloatArray
        Mean shares of items and states that moved in a sweep.
    weight : precision of the prior of an ideal point for each vote of its country, found so that the sd is 1
    """

    record: VotingRecord
    draws: npt.NDArray[np.float32]
    high: str
    item_mean: FloatArray
    item_covariance: FloatArray
    moved: FloatArray
    weight: float

    @property
    def frame(self) -> pd.DataFrame:
        """One row a country and UN session: ``votes``, ``mean``, ``sd``, ``low``, ``high`` (5 and 95 %), ``r_hat``."""
        low, high = np.quantile(self.draws, [0.05, 0.95], axis=0)
        return pd.DataFrame(
            {
                "country": self.record.countries,
                "un_session": self.record.un_session,
                "year": self.record.un_session + 1945,
                "votes": self.record.votes,
                "mean": self.draws.mean(axis=0, dtype=np.float64),
                "sd": self.draws.std(axis=0, dtype=np.float64),
                "low": low,
                "high": high,
                "r_hat": split_r_hat(self.draws.astype(np.float64)),
            }
        )

    def of(self, country: str, un_session: int) -> FloatArray:
        """Draws (k,) of one country in one UN session, by its number ``un_session``.

        Parameters
        ----------
        country : label of the record
        un_session : number of the UN session

        Returns
        -------
        array (draw,)

        Raises
        ------
        InputError
            If it did not vote then; the message gives when it did.
        """
        own = [k for k, name in enumerate(self.record.countries) if name == country]
        hit = [k for k in own if self.record.un_session[k] == un_session]
        if hit:
            return self.draws[:, hit[0]].astype(np.float64)
        if not own:
            raise InputError(
                f"{country} has no ideal point. Give the code of a country that votes, such as {self.high}."
            )
        spell = self.record.un_session[own]
        raise InputError(
            f"{country} has no ideal point in UN session {un_session}; it has from {spell.min()} to {spell.max()}, "
            f"{len(own)} in all."
        )

    def distance(self, a: str, b: str) -> pd.DataFrame:
        """Distance of ``a`` and ``b`` by UN session: ``mean``, ``low``, ``high`` (5 and 95 %) over joint draws.

        Parameters
        ----------
        a, b : labels of the record
        """
        numbers = [
            {int(self.record.un_session[k]) for k, name in enumerate(self.record.countries) if name == x}
            for x in (a, b)
        ]
        rows = []
        for number in sorted(numbers[0] & numbers[1]):
            apart = np.abs(self.of(a, number) - self.of(b, number))
            low, high = np.quantile(apart, [0.05, 0.95])
            rows.append((number, number + 1945, float(apart.mean()), float(low), float(high)))
        return pd.DataFrame(rows, columns=["un_session", "year", "mean", "low", "high"])


def estimate_ideal_points(
    votes: pd.DataFrame | VotingRecord,
    matches: pd.DataFrame | None = None,
    high: str = "USA",
    draws: int = 400,
    burn: int = 200,
    thin: int = 2,
    seed: int = 0,
) -> IdealPoints:
    """Estimate dynamic ordinal ideal points from roll calls.

    Parameters
    ----------
    votes : ``country``, ``un_session``, ``rcid``, ``vote`` (1 yes, 2 abstain, 3 no), or a record made of them
    matches : ``rcid`` and ``repeats``, for votes given as a table
    high : country whose side is the high one
    draws, burn, thin : draws kept, sweeps before the first, sweeps for each
    seed : seed of the random numbers

    Returns
    -------
    IdealPoints

    Raises
    ------
    InputError
        If there are fewer than 20 draws, or ``high`` does not vote.
    """
    record = votes if isinstance(votes, VotingRecord) else voting_record(votes, matches)
    theta, items = start_values(record, high)
    problem = make_problem(record, vague_prior(record, 1.0))
    size = checked_size(draws, burn, thin, seed)
    rng = np.random.default_rng(seed)
    point, problem, weight = _settle(record, problem, place(problem, theta, items), size, rng)
    return _sample(record, problem, point, high, size, rng, standardise, weight)


def update(
    posterior: IdealPoints,
    votes: pd.DataFrame,
    matches: pd.DataFrame | None = None,
    draws: int = 400,
    burn: int = 100,
    thin: int = 2,
    seed: int = 0,
) -> IdealPoints:
    """Estimate one more UN session on the scale of an earlier estimate, without doing the whole record anew.

    Each country starts from its last ideal point, its uncertainty widened by the drift; roll calls on a text
    that was voted before start from what is known of it. Earlier ideal points are left as they are.

    Parameters
    ----------
    posterior : earlier estimate
    votes : votes of one UN session later than all of it
    matches : ``rcid`` and ``repeats``
    draws, burn, thin : draws kept, sweeps before the first, sweeps for each
    seed : seed of the random numbers

    Returns
    -------
    IdealPoints
        Of the new UN session alone.

    Raises
    ------
    InputError
        If the votes are of more than one UN session, or of one that is not later.
    """
    record = voting_record(votes, matches)
    numbers = np.unique(record.un_session)
    last = int(posterior.record.un_session.max())
    if numbers.size != 1 or numbers[0] <= last:
        raise InputError(
            f"The votes are of UN session {', '.join(map(str, numbers[:5]))}; "
            f"give those of one UN session after {last}."
        )
    prior, theta = _carried(posterior, record)
    items = _known_items(posterior, record, matches)
    prior = replace(prior, item_mean=items[0], item_precision=items[1], flat=items[2])
    problem = make_problem(record, prior)
    start = (
        start_values(record, posterior.high)[1]
        if posterior.high in record.countries
        else _plain_items(record)
    )
    size = checked_size(draws, burn, thin, seed)
    rng = np.random.default_rng(seed)
    point = _climb(problem, place(problem, theta, start))
    for _ in range(burn):
        point, _ = sweep(problem, point, rng)
    return _sample(record, problem, point, posterior.high, size, rng, lambda p: p, posterior.weight)


def split_r_hat(draws: FloatArray) -> FloatArray:
    """Potential scale reduction of each state, first half of the draws against the second (1 is best)."""
    half = len(draws) // 2
    parts = np.stack([draws[:half], draws[half : 2 * half]])
    within = parts.var(axis=1, ddof=1).mean(axis=0)
    between = half * parts.mean(axis=1).var(axis=0, ddof=1)
    ratio: FloatArray = np.sqrt((half - 1) / half + between / (half * np.maximum(within, 1e-300)))
    return ratio


def checked_size(draws: int, burn: int, thin: int, seed: int) -> tuple[int, int, int, int]:
    """Return the size of a run, refused with InputError where it makes no sense."""
    if draws < 20 or burn < 0 or thin < 1:
        raise InputError(f"{draws} draws, {burn} before, every {thin}th: give at least 20, 0 and 1.")
    return draws, burn, thin, seed


def _climb(problem: PosteriorProblem, point: ChainPoint) -> ChainPoint:
    """Go some way towards the mode."""
    for k in range(CLIMBS):
        point = sweep(problem, point, None, CLIMB[k % len(CLIMB)])[0]
    return point


def _settle(
    record: VotingRecord,
    problem: PosteriorProblem,
    point: ChainPoint,
    size: tuple[int, int, int, int],
    rng: np.random.Generator,
) -> tuple[ChainPoint, PosteriorProblem, float]:
    """Climb, then sweep while the weight of the prior is found at which the sd of the ideal points stays 1.

    Ideal points are standardised after each sweep, the items are not: the sd before it says which way the weight errs.
    """
    weight, gain = 1.0 / float(record.votes.mean()), 1.0
    for k in range(CLIMBS + size[1]):
        weight = balanced_weight(record, problem.link, point) * gain if k else weight
        climbs = k < CLIMBS
        problem = replace(problem, prior=vague_prior(record, weight))
        point, _ = sweep(problem, point, None if climbs else rng, CLIMB[k % len(CLIMB)] if climbs else 1.0)
        spread = point.theta.std()
        if not climbs:
            gain *= spread ** (HASTE / (1.0 + (k - CLIMBS) / 10.0))
        point = place(problem, (point.theta - point.theta.mean()) / spread, point.items)
    return point, problem, weight


def _sample(
    record: VotingRecord,
    problem: PosteriorProblem,
    point: ChainPoint,
    high: str,
    size: tuple[int, int, int, int],
    rng: np.random.Generator,
    identify: Callable[[ChainPoint], ChainPoint],
    weight: float,
) -> IdealPoints:
    """Draw from the posterior; each draw that is kept is put in its unit, the chain is left as it is."""
    draws, _, thin, _ = size
    kept = np.empty((draws, point.theta.size), dtype=np.float32)
    first, second = np.zeros((len(record.items), 3)), np.zeros((len(record.items), 3, 3))
    moved = np.zeros(2)
    for k in range(draws * thin):
        point, share = sweep(problem, point, rng)
        moved += share / (draws * thin)
        if k % thin == thin - 1:
            here = identify(point)
            kept[k // thin] = here.theta
            x = stack(here.items)
            first += x / draws
            second += np.einsum("mi,mj->mij", x, x) / draws
    spread = second - np.einsum("mi,mj->mij", first, first)
    return IdealPoints(record, kept, high, first, spread, moved, weight)


def _carried(posterior: IdealPoints, record: VotingRecord) -> tuple[Prior, FloatArray]:
    """Prior of each state from the country's last one and the unit, and its mean to start from."""
    old = posterior.record
    last = {country: k for k, country in enumerate(old.countries)}  # sorted by time: the last one stays
    prior = vague_prior(record, posterior.weight)
    mean, precision = np.zeros(len(record.countries)), 1.0 / prior.variance
    for k, country in enumerate(record.countries):
        if country in last:
            before = posterior.draws[:, last[country]].astype(np.float64)
            share = record.votes[k] / (record.votes[k] + old.votes[last[country]])
            known = 1.0 / (before.var() + 0.5 * share)
            precision[k] += known
            mean[k] = before.mean() * known / precision[k]
    return replace(prior, mean=mean, variance=1.0 / precision), mean


def _known_items(
    posterior: IdealPoints, record: VotingRecord, matches: pd.DataFrame | None
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.bool_]]:
    """Moments of the items that repeat a text of the earlier record."""
    prior = vague_prior(record, posterior.weight)
    mean, precision, flat = prior.item_mean.copy(), prior.item_precision.copy(), prior.flat.copy()
    if matches is None:
        return mean, precision, flat
    before = {int(a): int(b) for a, b in matches[["rcid", "repeats"]].itertuples(index=False)}
    place_of = {item: k for k, item in enumerate(posterior.record.items)}
    for k, item in enumerate(record.items):
        earlier = posterior.record.chain.get(before.get(item, item), item)
        old = place_of.get(earlier)
        if old is not None:
            mean[k] = posterior.item_mean[old]
            precision[k] = np.linalg.inv(posterior.item_covariance[old] + 1e-4 * np.eye(3))
            flat[k] = False
    return mean, precision, flat


def _plain_items(record: VotingRecord) -> VoteItems:
    m = len(record.items)
    return VoteItems(np.zeros(m), np.zeros(m), np.full(m, -0.7))
