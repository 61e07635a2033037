"""The frontier of sanctions: the least that a coalition pays for the harm it does, by instrument and sector.

For each weight lambda the coalition maximises ``EV_own - lambda EV_target``, both in USD at base prices: lambda is the
dollars of own loss that it accepts for a dollar of harm. At zero it is the optimal tariff of a cynic; towards infinity
the most harm that can be done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from suasion.coercion.frontier.ascent import Ascent, Objective, Policy
from suasion.coercion.frontier.path import Checks, Path, trace
from suasion.coercion.frontier.policy_space import (
    Move,
    PolicySpace,
    board_on,
    country_mask,
    flows_between,
    sector_groups,
)
from suasion.coercion.frontier.response import answer
from suasion.coercion.frontier.rows import CHANGES, changes_over, point_rows, rate_rows
from suasion.coercion.outcomes import Horizon, Side, economy_for, side_name
from suasion.equilibrium import Elasticities, Parameters
from suasion.equilibrium.batch.bands import OverDraws, drawn_rows, sets_of, with_bands
from suasion.equilibrium.scenario.places import sector_mask
from suasion.errors import InputError, SameCountryError
from suasion.types import DeficitRule, FloatArray, Progress
from suasion.world import World

Means = Literal["tariff", "export_tax", "finance"]
Response = Literal["none", "once", "nash"]

#: Twenty weights from 0 to 5, closer together where the policy moves most.
LAMBDAS = (
    0.0,
    0.05,
    0.1,
    0.2,
    0.3,
    0.4,
    0.5,
    0.6,
    0.7,
    0.8,
    0.9,
    1.0,
    1.25,
    1.5,
    2.0,
    2.5,
    3.0,
    3.5,
    4.0,
    5.0,
)
#: Largest weight: the range that the question asks for.
MOST = 5.0
#: Highest tax that is tried short of an embargo: 1,000 per cent.
HIGHEST = 10.0
#: Highest financial wedge on all trade of a pair (assumption, range .05 to 1): payments at half again the price.
DEAREST_PAYMENTS = 0.5


@dataclass(frozen=True, slots=True)
class Contest:
    """Two sides, their means, and the economy in which they meet.

    board: economy, and the moves of the senders followed by those of the target.
    groups: sectors of each group.
    senders, target: bool (N,).
    ours, theirs: bool (K,) moves of the senders, and of the target.
    group_of, means_of: (K,) what each move is.
    high: (K,) upper bounds.
    names: of the two sides.
    scale: million USD of base trade at stake.
    prized: (N, S) bool, producers of the target whose sales count as harm in place of its welfare; or None.
    """

    world: World
    board: PolicySpace
    groups: Mapping[str, NDArray[np.bool_]]
    senders: NDArray[np.bool_]
    target: NDArray[np.bool_]
    ours: NDArray[np.bool_]
    theirs: NDArray[np.bool_]
    group_of: tuple[str, ...]
    means_of: tuple[Means, ...]
    high: FloatArray
    names: tuple[str, str]
    scale: float
    prized: NDArray[np.bool_] | None = None

    def aim(self, weight: float) -> Objective:
        """Aim of the senders at a weight on harm."""
        low = np.zeros_like(self.high)
        return Objective(self.senders, self.target, weight, self.ours, low, self.high, self.prized)

    def answer(self, weight: float = 0.0) -> Objective:
        """Aim of the target: its own welfare, less the weight times that of the senders."""
        return Objective(self.target, self.senders, weight, self.theirs, np.zeros_like(self.high), self.high)


@dataclass(frozen=True, slots=True, repr=False)
class Frontier(OverDraws):
    """Best sanctions of a coalition for each weight on harm.

    points: one row per lambda: harm_weight, the columns of :func:`suasion.coercion.frontier.rows.loss_rows`,
      bystanders_change_musd, objective_musd, harm_per_cost (dollars of harm for a dollar of own loss; NaN
      where the senders gain), leaked_percent (extra real sales of the target to bystanders over its lost real
      sales to the senders), embargoes (how many groups are cut to zero); with ``prized`` sectors also
      sales_change_musd, the change of their sales, million USD in units of world factor income.
    rates: the columns of :func:`suasion.coercion.frontier.rows.rate_rows`, the target's own where it answers.
    checks: whether the frontier is what it must be; see :class:`suasion.coercion.frontier.path.Checks`.
    senders, target: names as asked.
    response: of the target: ``none``, ``once`` or ``nash``.
    horizon, deficits: how it was computed.
    unsettled: weights at which answers did not come to rest.
    drawn: (draw, row) what the policy of each point, which is best at the central elasticities, does to both sides at
      draws of them; the points have its 90 % band then. None without draws.
    """

    points: pd.DataFrame
    rates: pd.DataFrame
    checks: Checks
    senders: str
    target: str
    response: Response
    horizon: str
    deficits: DeficitRule
    unsettled: tuple[float, ...]
    contest: Contest = field(repr=False)
    stands: tuple[Policy, ...] = field(repr=False)
    drawn: xr.Dataset | None = field(default=None, repr=False)


def frontier(
    world: World,
    senders: Side,
    target: Side,
    means: Sequence[Means] = ("tariff",),
    groups: Mapping[str, Sequence[str]] | None = None,
    lambdas: Sequence[float] = LAMBDAS,
    horizon: Horizon = "long",
    *,
    response: Response = "none",
    prized: Sequence[str] | None = None,
    restarts: int = 2,
    from_above: bool = True,
    seed: int = 1,
    draws: int = 0,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
    progress: Progress | None = None,
) -> Frontier:
    """Trace the frontier of a coalition's sanctions on a target.

    senders: act as one; a code, name or group, or a list of them.
    target: likewise.
    means: ``tariff`` on imports from the target and ``export_tax`` on sales to it, by group of sectors, both
      up to. 1,000 per cent or an embargo; ``finance``: one iceberg wedge on all trade of the pair, up to 50
      per cent.
    groups: name to sectors; ten groups of industries by default.
    lambdas: weights on harm, from 0 to 5, each once.
    horizon: ``"months"``, ``"short"``, ``"long"`` or years.
    response: ``none``: the target keeps its taxes; ``once``: the senders choose as if it did, and it answers
      once with its own best taxes of the same means; ``nash``: both answer each other until neither moves.
    prized: sectors of the target whose sales, at home and abroad, count as harm in place of its welfare:
      lambda is then dollars of own loss accepted for a dollar of their sales.
    restarts: random starts at the first, middle and last lambda, as a check.
    from_above: whether the curve is followed from the highest lambda too.
    seed: of the random starts, and of the draws.
    draws: draws of the elasticities for 90 % bands of what the chosen policies do: they are not chosen anew.
    deficits: deficit rule, see :func:`suasion.equilibrium.simulate`.
    elasticities: own values that replace the presets.
    progress: called with (done, total, what).
    Raises InputError: A lambda is negative or above 5, a means or response is unknown, a group is empty.
    Raises SameCountryError: A country is on both sides.
    Raises NotInWorldError: A country or sector is outside the world's table.

    Each best policy is found from both ends of the range of lambda and the better of the two is kept; embargoes are
    compared as exact zeros, not as high taxes.
    """
    weights = checked_weights(lambdas)
    _check_options(response, restarts)
    contest = contest_of(
        world,
        senders,
        target,
        means,
        groups,
        horizon,
        prized=prized,
        deficits=deficits,
        elasticities=elasticities,
    )
    climber = Ascent(contest.board, contest.scale)
    path = trace(contest, climber, weights, restarts, seed, progress, from_above=from_above)
    settled = path.stands, tuple[float, ...]()
    stands, unsettled = settled if response == "none" else answer(contest, climber, path, response, progress)
    return _with_bands(
        _assemble(contest, path, stands, response, deficits, unsettled),
        sets_of(world, draws, horizon, seed, elasticities),
    )


def _with_bands(found: Frontier, sets: Sequence[Parameters]) -> Frontier:
    """The same with bands of what its policies do."""
    drawn = drawn_rows(found.points, changes_over(found.contest, found.stands, sets), CHANGES)
    return replace(found, points=with_bands(found.points, drawn), drawn=drawn)


def contest_of(
    world: World,
    senders: Side,
    target: Side,
    means: Sequence[Means] = ("tariff",),
    groups: Mapping[str, Sequence[str]] | None = None,
    horizon: Horizon = "long",
    *,
    prized: Sequence[str] | None = None,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
) -> Contest:
    """Prepare an economy and the moves of two sides on it.

    world, senders, target, means, groups, horizon, prized, deficits, elasticities: as in :func:`frontier`.
    Raises InputError, SameCountryError, NotInWorldError: As in :func:`frontier`.
    """
    ours, theirs = _sides(world, senders, target, means)
    names = side_name(senders), side_name(target)
    sectors = sector_groups(world, groups)
    economy = economy_for(world, horizon, deficits, elasticities)
    sent = moves_of(economy.accounts.pi, sectors, means, ours, theirs, names[0])
    answered = moves_of(economy.accounts.pi, sectors, means, theirs, ours, names[1])
    moves, made_by = [m for m, _, _ in (*sent, *answered)], np.arange(len(sent) + len(answered)) < len(sent)
    kinds = tuple(kind for _, kind, _ in (*sent, *answered))
    receipts = economy.accounts.receipts
    return Contest(
        world=world,
        board=board_on(economy, moves),
        groups=sectors,
        senders=ours,
        target=theirs,
        ours=made_by,
        theirs=~made_by,
        group_of=tuple(group for _, _, group in (*sent, *answered)),
        means_of=kinds,
        high=highest(kinds),
        names=names,
        scale=float(receipts[:, ours][:, :, theirs].sum() + receipts[:, theirs][:, :, ours].sum()),
        prized=None if prized is None else theirs[:, None] & sector_mask(tuple(prized), world),
    )


def highest(kinds: Sequence[Means]) -> FloatArray:
    """Upper bounds of moves by their means, log wedges, (K,)."""
    return np.array([np.log1p(DEAREST_PAYMENTS if kind == "finance" else HIGHEST) for kind in kinds])


def _sides(
    world: World, senders: Side, target: Side, means: Sequence[str]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Countries of both sides, checked."""
    unknown = [name for name in means if name not in get_args(Means)]
    if unknown or not means:
        raise InputError(f"means={list(means)!r}: choose among {', '.join(get_args(Means))}.")
    ours, theirs = country_mask(world, senders), country_mask(world, target)
    both = [code for code, inside in zip(world.countries, ours & theirs, strict=True) if inside]
    if both:
        raise SameCountryError(f"{', '.join(both)} is among the senders and the targets. Name two sides.")
    return ours, theirs


def moves_of(
    share: FloatArray,
    sectors: Mapping[str, NDArray[np.bool_]],
    means: Sequence[Means],
    mover: NDArray[np.bool_],
    other: NDArray[np.bool_],
    name: str,
) -> list[tuple[Move, Means, str]]:
    """Return the moves of one side: those whose flows exist, each with its means and group.

    share: (S, importer, exporter) base shares of origins.
    sectors: of each group.
    means: allowed.
    mover, other: countries of the side and of the one it moves against.
    name: of the side.
    """
    found: list[tuple[Move, Means, str]] = []
    used = share.transpose(1, 2, 0) > 0
    for group, mask in sectors.items():
        bought, sold = (flows_between(*sides, mask) & used for sides in ((mover, other), (other, mover)))
        if "tariff" in means and bought.any():
            found.append((Move(f"{name}: tariff, {group}", "tariff", bought), "tariff", group))
        if "export_tax" in means and sold.any():
            found.append((Move(f"{name}: export tax, {group}", "export_tax", sold), "export_tax", group))
    if "finance" in means:
        every = np.logical_or.reduce(list(sectors.values()))
        flows = (flows_between(mover, other, every) | flows_between(other, mover, every)) & used
        found.append((Move(f"{name}: financial wedge", "trade_cost", flows), "finance", "all_trade"))
    return found


def checked_weights(lambdas: Sequence[float]) -> tuple[float, ...]:
    """Return weights on harm, rising.

    Raises InputError: There is none, one is below 0 or above 5, or one is given twice.
    """
    weights = tuple(sorted(float(value) for value in lambdas))
    if not weights or not all(0.0 <= value <= MOST for value in weights) or len(set(weights)) < len(weights):
        raise InputError(
            f"lambda={', '.join(f'{v:g}' for v in weights) or 'nothing'}: give numbers from 0 to {MOST:g}, each once. "
            "Lambda is the dollars of own loss accepted for a dollar of harm; a negative one would reward the target."
        )
    return weights


def _check_options(response: str, restarts: int) -> None:
    if response not in get_args(Response):
        raise InputError(f"response={response!r} is not one of {', '.join(get_args(Response))}.")
    if restarts < 0:
        raise InputError(f"restarts={restarts} must be zero or more.")


def _assemble(
    contest: Contest,
    path: Path,
    stands: Sequence[Policy],
    response: Response,
    deficits: DeficitRule,
    unsettled: tuple[float, ...],
) -> Frontier:
    imposers = [contest.names[0 if mine else 1] for mine in contest.ours]
    return Frontier(
        points=point_rows(contest, path.weights, stands),
        rates=pd.DataFrame(
            [
                row
                for weight, stand in zip(path.weights, stands, strict=True)
                for mine, row in zip(contest.ours, rate_rows(contest, weight, stand, imposers), strict=True)
                if mine or response != "none"
            ]
        ),
        checks=path.checks,
        senders=contest.names[0],
        target=contest.names[1],
        response=response,
        horizon=contest.board.economy.parameters.horizon,
        deficits=deficits,
        unsettled=unsettled,
        contest=contest,
        stands=tuple(stands),
    )
