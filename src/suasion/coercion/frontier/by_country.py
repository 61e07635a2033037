"""Senders each for themselves: everybody chooses its own taxes on the target and takes those of the others as given.

A coalition that acts as one counts what a member's tariff does to the other members; senders each for themselves do
not. All count the same harm. The resting point, from which nobody wants to move alone, is looked for in turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.frontier.ascent import Ascent, Objective, Policy
from suasion.coercion.frontier.contest import Contest, Means, checked_weights, contest_of, highest, moves_of
from suasion.coercion.frontier.policy_space import board_on, country_mask
from suasion.coercion.frontier.response import ROUNDS, in_turn
from suasion.coercion.frontier.rows import change_of, loss_rows, rate_rows
from suasion.coercion.outcomes import Horizon, Side, members, side_name
from suasion.equilibrium import Elasticities
from suasion.errors import ConvergenceError, InputError
from suasion.types import DeficitRule, Progress
from suasion.world import World


@dataclass(frozen=True, slots=True)
class Apart:
    """Sanctions of senders that each act for themselves.

    points: one row per lambda and sender: harm_weight, sender, the columns of
      :func:`suasion.coercion.frontier.rows.loss_rows` (harm is that of all senders), together_change_musd.
    rates: the columns of :func:`suasion.coercion.frontier.rows.rate_rows`.
    corner_gain_musd: most that an exact embargo of one of its groups, or of all, would add to a sender's aim.
    """

    points: pd.DataFrame
    rates: pd.DataFrame
    corner_gain_musd: float


def each_for_itself(
    world: World,
    senders: Sequence[Side],
    target: Side,
    means: Sequence[Means] = ("tariff",),
    groups: Mapping[str, Sequence[str]] | None = None,
    lambdas: Sequence[float] = (0.0, 0.7),
    horizon: Horizon = "long",
    *,
    prized: Sequence[str] | None = None,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
    progress: Progress | None = None,
) -> Apart:
    """Find the sanctions of senders that each maximise ``EV_own - lambda EV_target`` and take the others' as given.

    senders: each a country, or a group that acts as one.
    target, means, groups, horizon, prized, deficits, elasticities: as in
      :func:`suasion.coercion.frontier.contest.frontier`.
    lambdas: weights on harm from 0 to 5, the same for all senders.
    progress: called with (done, total, what).
    Raises InputError: There are fewer than two senders, two share a country, or a lambda is negative or above
      5.
    Raises SameCountryError, NotInWorldError: As in :func:`suasion.coercion.frontier.contest.frontier`.
    Raises ConvergenceError: The senders do not come to rest.
    """
    weights, masks = checked_weights(lambdas), [country_mask(world, sender) for sender in senders]
    if len(masks) < 2 or (np.sum(masks, axis=0) > 1).any():
        raise InputError("Senders each for themselves are two or more that share no country.")
    every = list(dict.fromkeys(code for sender in senders for code in members(world, sender)))
    options: dict[str, Any] = {"prized": prized, "deficits": deficits, "elasticities": elasticities}
    whole = contest_of(world, every, target, means, groups, horizon, **options)
    names = [side_name(sender) for sender in senders]
    contest, owner = _apart(whole, means, masks, names)
    climber, policy = Ascent(contest.board, contest.scale), np.zeros(owner.size)
    stands, gain = list[Policy](), 0.0
    for place, weight in enumerate(weights):
        if progress:
            progress(place, len(weights), f"lambda {weight:g}, each for itself")
        aims = [replace(contest.aim(weight), own=m, free=owner == k) for k, m in enumerate(masks)]
        stands.append(_rest(climber, aims, policy))
        policy, gain = stands[-1].policy, max(gain, *(_corner(climber, aim, stands[-1]) for aim in aims))
    imposers = [names[k] for k in owner]
    rates = [
        row
        for weight, stand in zip(weights, stands, strict=True)
        for row in rate_rows(contest, weight, stand, imposers)
    ]
    return Apart(
        _points(contest, weights, stands, dict(zip(names, masks, strict=True))), pd.DataFrame(rates), gain
    )


def _points(
    contest: Contest,
    weights: Sequence[float],
    stands: Sequence[Policy],
    senders: Mapping[str, NDArray[np.bool_]],
) -> pd.DataFrame:
    losses = {name: loss_rows(contest, stands, mask) for name, mask in senders.items()}
    return pd.DataFrame(
        [
            {
                "harm_weight": weight,
                "sender": name,
                **losses[name][place],
                "together_change_musd": change_of(contest.board, stand, contest.senders)[0],
            }
            for place, (weight, stand) in enumerate(zip(weights, stands, strict=True))
            for name in senders
        ]
    )


def _rest(climber: Ascent, aims: Sequence[Objective], policy: NDArray[np.float64]) -> Policy:
    """Where no sender wants to move alone, from a policy on."""
    start = climber.stand(aims[0], policy, np.zeros(policy.size, dtype=bool))
    stand, settled = in_turn(climber, aims, start, ROUNDS)
    if not settled:
        raise ConvergenceError(
            f"At lambda {aims[0].weight:g} the senders do not come to rest in {ROUNDS} rounds."
        )
    return stand


def _apart(
    whole: Contest, means: Sequence[Means], masks: Sequence[NDArray[np.bool_]], names: Sequence[str]
) -> tuple[Contest, NDArray[np.intp]]:
    """The contest with moves of every sender for itself, and the sender of each move."""
    share = whole.board.economy.accounts.pi
    made = [
        (k, *one)
        for k, (mask, name) in enumerate(zip(masks, names, strict=True))
        for one in moves_of(share, whole.groups, means, mask, whole.target, name)
    ]
    kinds = tuple(kind for _, _, kind, _ in made)
    every = np.ones(len(made), dtype=bool)
    contest = replace(
        whole,
        board=board_on(whole.board.economy, [move for _, move, _, _ in made]),
        ours=every,
        theirs=~every,
        group_of=tuple(group for _, _, _, group in made),
        means_of=kinds,
        high=highest(kinds),
    )
    return contest, np.array([k for k, *_ in made])


def _corner(climber: Ascent, aim: Objective, stand: Policy) -> float:
    """What exact embargoes would add to a sender's aim."""
    here = climber.revalued(aim, stand)
    return climber.corners(aim, here).value - here.value
