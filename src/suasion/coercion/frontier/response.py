"""The target's answer: its own best taxes against given sanctions, once, or until neither side moves; Nash tariffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from suasion.coercion.frontier.ascent import Ascent, Objective, Policy
from suasion.coercion.frontier.policy_space import (
    Move,
    PolicySpace,
    board_on,
    country_mask,
    flows_between,
    sector_groups,
)
from suasion.coercion.frontier.rows import beside, change_of
from suasion.coercion.outcomes import Horizon, Side, base_accounts
from suasion.equilibrium import Elasticities, Parameters, resolve
from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.batch.bands import OverDraws, drawn_rows, over_sets, sets_of, with_bands
from suasion.equilibrium.economy import economy_on
from suasion.errors import ConvergenceError, InputError
from suasion.types import DeficitRule, FloatArray, Progress
from suasion.world import World

if TYPE_CHECKING:
    from suasion.coercion.frontier.contest import Contest
    from suasion.coercion.frontier.path import Path


#: Largest step of a log wedge in a round that counts as nobody moving.
STILL = 1e-5
ROUNDS = 40


def answer(
    contest: Contest,
    climber: Ascent,
    path: Path,
    response: Literal["once", "nash"],
    progress: Progress | None = None,
) -> tuple[tuple[Policy, ...], tuple[float, ...]]:
    """Let the target answer the sanctions of each point of a frontier.

    contest: sides, moves, economy.
    climber: of its board.
    path: best sanctions against a target that keeps its taxes.
    response: ``once``: the target answers and the senders stay; ``nash``: both answer in turn until neither
      moves.
    progress: called with (done, total, what).
    Returns: The policies of both sides, valued for the senders; the weights at which they did not come to
      rest.
    """
    found: list[Policy] = []
    moving: list[float] = []
    for place, (weight, stand) in enumerate(zip(path.weights, path.stands, strict=True)):
        if progress:
            progress(place, len(path.weights), "answers")
        aims = [contest.answer(), contest.aim(weight)]
        rounds = 1 if response == "once" else ROUNDS
        if found and response == "nash":
            stand = climber.stand(aims[1], found[-1].policy, stand.closed)
        stand, settled = in_turn(climber, aims, stand, rounds)
        if response == "nash" and not settled:
            moving.append(weight)
        found.append(climber.revalued(aims[1], stand))
    return tuple(found), tuple(moving)


def in_turn(climber: Ascent, aims: Sequence[Objective], stand: Policy, rounds: int) -> tuple[Policy, bool]:
    """Let sides climb in turn until nobody moves; with one round only the first of them moves.

    climber: of the board.
    aims: of the sides.
    stand: where they begin.
    rounds: at most.
    Returns: Where they end, and whether they came to rest.
    """
    for turn in range(rounds):
        before = stand.policy
        for aim in aims[:1] if rounds == 1 else aims:
            stand = climber.climb(aim, stand.policy, stand.closed)
        if turn and float(np.abs(stand.policy - before).max()) < STILL:
            return stand, True
    return stand, rounds == 1


class WarStage(StrEnum):
    """Whether others set their tariffs too."""

    ALONE = "alone"
    WAR = "war"


OUTCOMES = ("tariff_percent", "welfare_change_percent")
RATES = ("alone_rate_percent", "war_rate_percent")
"""Columns that have bands."""


@dataclass(frozen=True, slots=True, repr=False)
class TariffWar(OverDraws):
    """Optimal and Nash tariffs of some players against everybody.

    rates: imposer, sector_group, alone_rate_percent (nobody else moves), war_rate_percent (all have moved),
      trade_musd; the rates with ``_low`` and ``_high`` where there were draws.
    outcomes: imposer, war_stage (:class:`WarStage`), tariff_percent (trade-weighted mean of its rates),
      welfare_change_percent (of own real expenditure), both with their bands, and what stands beside a loss.
    rounds: of answers until nobody moved.
    gap: largest step of a log wedge in the last round.
    drawn: (draw, row) tariff_percent and welfare_change_percent of the outcomes; None without draws.
    """

    rates: pd.DataFrame
    outcomes: pd.DataFrame
    rounds: int
    gap: float
    drawn: xr.Dataset | None = None


@dataclass(frozen=True, slots=True)
class _Players:
    """Who sets which tariffs on one base.

    names, masks: of each player, and (N,) its countries.
    owners: player and group of sectors of each move.
    """

    base: Accounts
    deficits: DeficitRule
    names: Sequence[str]
    masks: Sequence[NDArray[np.bool_]]
    owners: Sequence[tuple[str, str]]
    moves: Sequence[Move]

    @property
    def sizes(self) -> FloatArray:
        """(K,) trade under each move, million USD."""
        trade = self.base.receipts.transpose(1, 2, 0)
        return np.array([trade[np.asarray(move.where, dtype=bool)].sum() for move in self.moves])

    def war(self, parameters: Parameters, marked: bool, progress: Progress | None = None) -> TariffWar:
        """Fight it with one set of elasticities; ``marked`` for what stands beside the outcomes, too."""
        board = board_on(economy_on(self.base, parameters, self.deficits), self.moves)
        sizes, aims = self.sizes, _aims(self.names, self.masks, self.owners, len(self.owners))
        alone, war, rounds, gap = _war(Ascent(board, float(sizes.sum())), aims, progress)
        rows = []
        for name, mask, first in zip(self.names, self.masks, alone, strict=True):
            own = np.array([who == name for who, _ in self.owners]) * sizes
            for stage, stand in ((WarStage.ALONE, first), (WarStage.WAR, war)):
                marks = beside(board, [stand], [mask])[0][0] if marked else {}
                rows.append({**_outcome(board, (name, mask), stage, stand, own), **marks})
        return TariffWar(_rates(self.owners, alone, war, sizes), pd.DataFrame(rows), rounds, gap)


def nash_tariffs(
    world: World,
    players: Sequence[Side],
    groups: Mapping[str, Sequence[str]] | None = None,
    horizon: Horizon = "long",
    *,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
    draws: int = 0,
    seed: int = 1,
    progress: Progress | None = None,
) -> TariffWar:
    """Find the tariffs that each player would set alone, and those of a war between all of them.

    players: each a country or a group that acts as one; its tariff on a group of sectors is the same for all
      sellers outside it and comes on top of what is in force.
    groups: name to sectors, see :func:`suasion.coercion.frontier.policy_space.sector_groups`.
    horizon, deficits, elasticities: as in :func:`suasion.coercion.frontier.contest.frontier`.
    draws, seed: draws of the elasticities, each with a war of its own, for 90 % bands, and their seed.
    progress: called with (done, total, what).
    Raises InputError: There are fewer than two players, or two share a country.
    Raises ConvergenceError: The answers do not settle.
    """
    sets = sets_of(world, draws, horizon, seed, elasticities)
    base = base_accounts(world, deficits, horizon, elasticities)
    sides = _players(world, players, sector_groups(world, groups), base, deficits)
    found = sides.war(resolve(world, horizon, elasticities=elasticities), True, progress)
    wars = [*over_sets(sets, lambda one: sides.war(one, False), progress)]
    outcomes = drawn_rows(found.outcomes, [None if one is None else one.outcomes for one in wars], OUTCOMES)
    rates = drawn_rows(found.rates, [None if one is None else one.rates for one in wars], RATES)
    return replace(
        found,
        rates=with_bands(found.rates, rates),
        outcomes=with_bands(found.outcomes, outcomes),
        drawn=outcomes,
    )


def _players(
    world: World,
    players: Sequence[Side],
    sectors: Mapping[str, NDArray[np.bool_]],
    base: Accounts,
    deficits: DeficitRule,
) -> _Players:
    """Players and their moves: each taxes what it buys of others, where there is such trade."""
    masks = [country_mask(world, player) for player in players]
    if len(masks) < 2 or (np.sum(masks, axis=0) > 1).any():
        raise InputError("A tariff war needs two players or more that share no country.")
    used = base.pi.transpose(1, 2, 0) > 0
    names = [player if isinstance(player, str) else "+".join(player) for player in players]
    flows = {
        (name, group): flows_between(mask, ~mask, inside) & used
        for name, mask in zip(names, masks, strict=True)
        for group, inside in sectors.items()
    }
    owners = [label for label, where in flows.items() if where.any()]
    moves = [Move(f"{who}: tariff, {group}", "tariff", flows[who, group]) for who, group in owners]
    return _Players(base, deficits, names, masks, owners, moves)


def _rates(
    owners: Sequence[tuple[str, str]], alone: Sequence[Policy], war: Policy, sizes: FloatArray
) -> pd.DataFrame:
    """Rates of each player, which moves only its own when it is alone."""
    return pd.DataFrame(owners, columns=["imposer", "sector_group"]).assign(
        alone_rate_percent=_percent(np.sum([one.policy for one in alone], axis=0)),
        war_rate_percent=_percent(war.policy),
        trade_musd=sizes,
    )


def _percent(logs: FloatArray) -> FloatArray:
    return np.asarray(100.0 * np.expm1(logs))


def _outcome(
    board: PolicySpace,
    player: tuple[str, NDArray[np.bool_]],
    stage: WarStage,
    stand: Policy,
    sizes: FloatArray,
) -> dict[str, Any]:
    """What a player sets on average, and what comes of it; ``sizes`` are its flows, zero for those of others."""
    name, mask = player
    return {
        "imposer": name,
        "war_stage": stage.value,
        "tariff_percent": float(np.average(_percent(stand.policy), weights=sizes)),
        "welfare_change_percent": change_of(board, stand, mask)[1],
    }


def _aims(
    names: Sequence[str], masks: Sequence[NDArray[np.bool_]], owners: Sequence[tuple[str, str]], size: int
) -> list[Objective]:
    nobody = np.zeros_like(masks[0])
    high = np.full(size, np.log1p(10.0))
    return [
        Objective(mask, nobody, 0.0, np.array([owner == name for owner, _ in owners]), np.zeros(size), high)
        for name, mask in zip(names, masks, strict=True)
    ]


def _war(
    climber: Ascent, aims: Sequence[Objective], progress: Progress | None
) -> tuple[list[Policy], Policy, int, float]:
    size = len(climber.board.moves)
    nothing, none = np.zeros(size), np.zeros(size, dtype=bool)
    alone = [climber.climb(aim, nothing, none) for aim in aims]
    stand = climber.stand(aims[0], np.sum([one.policy for one in alone], axis=0), none)
    gap = np.inf
    for turn in range(1, ROUNDS + 1):
        before = stand.policy
        for aim in aims:
            stand = climber.climb(aim, stand.policy, none)
        gap = float(np.abs(stand.policy - before).max())
        if progress:
            progress(turn, ROUNDS, f"round {turn}, largest step {gap:.1e}")
        if gap < STILL:
            return alone, stand, turn, gap
    raise ConvergenceError(f"The tariff war did not settle in {ROUNDS} rounds: the last step was {gap:.1e}.")
