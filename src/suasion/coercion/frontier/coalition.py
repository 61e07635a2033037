"""Who joins: the gain from each further member, what bystanders are worth, and how members could share the burden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.frontier.ascent import Ascent, Policy
from suasion.coercion.frontier.contest import Contest, Frontier, Means, contest_of
from suasion.coercion.frontier.policy_space import Move, PolicySpace, board_on
from suasion.coercion.frontier.rows import base_flows, beside, change_of, loss_rows
from suasion.coercion.outcomes import Horizon, Side, members, side_name
from suasion.coercion.power_years import power
from suasion.errors import ConvergenceError, InputError
from suasion.types import BoolArray
from suasion.world import World

#: Members' losses in per cent are equal to this many percentage points.
EQUAL = 1e-9


@dataclass(frozen=True, slots=True)
class Members:
    """What each further member of a coalition adds.

    table: one row per coalition, growing: members, joiner, share_percent (of the target's trade that the
      means cover), the columns of :func:`suasion.coercion.frontier.rows.loss_rows`, harm_per_cost (NaN where
      they gain), added_harm_musd and added_own_change_musd by the last member, harm_per_share (million USD of
      harm for a percentage point of trade, of the last member), alone_harm_musd (of the last member without
      the others).
    elasticity: of harm by share along the table, log harm on log share; it depends on the order of joining.
    together_over_alone: harm of the whole coalition over the sum of what each joiner does alone; it does not.
    convex: whether together they do more harm than apart.
    """

    table: pd.DataFrame
    elasticity: float
    together_over_alone: float
    convex: bool


def coalition_gains(
    world: World,
    joiners: Sequence[Side],
    target: Side,
    weight: float | None = None,
    means: Sequence[Means] = ("export_tax",),
    horizon: Horizon = "long",
) -> Members:
    """Let a coalition grow member by member, in the order given.

    joiners: each a country or a group.
    target: country or group.
    weight: lambda, at which each coalition chooses its best rates; None is an embargo by all the means, so
      that only the coalition differs between rows.
    means: ``export_tax`` (with no weight: an export ban), ``tariff`` (an import ban), or both.
    horizon: ``"months"``, ``"short"``, ``"long"`` or years.
    Raises InputError: There are fewer than two joiners, or a means that cannot be an embargo.
    """
    if len(joiners) < 2 or "finance" in means:
        raise InputError(
            "Name two joiners or more, and tariff or export_tax: a financial wedge is no embargo."
        )
    rows, codes = [], list[str]()

    def row(senders: Side) -> dict[str, Any]:
        contest = contest_of(world, senders, target, means, None, horizon)
        climber = Ascent(contest.board, contest.scale)
        stand = _embargo(contest, climber) if weight is None else _best(contest, climber, weight)
        return _member_row(contest, stand, means)

    for joiner in joiners:
        codes += [code for code in members(world, joiner) if code not in codes]
        alone = row(joiner)["harm_musd"]
        rows.append({"joiner": side_name(joiner), **row(list(codes)), "alone_harm_musd": alone})
    return _members(pd.DataFrame(rows))


def _embargo(contest: Contest, climber: Ascent) -> Policy:
    return climber.stand(contest.aim(0.0), np.zeros(contest.high.size), contest.ours)


def _best(contest: Contest, climber: Ascent, weight: float) -> Policy:
    aim = contest.aim(weight)
    start = climber.climb(aim, np.zeros(contest.high.size), np.zeros(contest.high.size, dtype=bool))
    return climber.corners(aim, start)


def _member_row(contest: Contest, stand: Policy, means: Sequence[Means]) -> dict[str, Any]:
    trade = base_flows(contest)
    bought, sold = trade[contest.target], trade[:, contest.target]
    parts = [(bought, bought[:, contest.senders])] if "export_tax" in means else []
    parts += [(sold, sold[contest.senders])] if "tariff" in means else []
    home = float(trade[contest.target][:, contest.target].sum())
    whole = sum(float(every.sum()) - home for every, _ in parts)
    loss = loss_rows(contest, [stand], contest.senders)[0]
    own = loss["own_change_musd"]
    return {
        "members": int(contest.senders.sum()),
        "share_percent": 100.0 * sum(float(part.sum()) for _, part in parts) / whole,
        **loss,
        "harm_per_cost": -loss["harm_musd"] / own if own < 0.0 else float("nan"),
    }


def _members(table: pd.DataFrame) -> Members:
    harm, share = table.harm_musd.to_numpy(), table.share_percent.to_numpy()
    added = np.diff(harm, prepend=0.0)
    table = table.assign(
        added_harm_musd=added,
        added_own_change_musd=np.diff(table.own_change_musd.to_numpy(), prepend=0.0),
        harm_per_share=added / np.diff(share, prepend=0.0),
    )
    slope = float(np.polyfit(np.log(share), np.log(harm), 1)[0]) if (harm > 0).all() else float("nan")
    together = float(harm[-1] / table.alone_harm_musd.sum())
    return Members(table, slope, together, together > 1.0)


@dataclass(frozen=True, slots=True)
class Burden:
    """Transfers that make members of a coalition lose alike.

    table: one row per member, without and with the transfers: the columns of :func:`member_rows`.
    common_percent: the change that all share.
    harm_musd: of the target, without and with.
    """

    table: pd.DataFrame
    common_percent: float
    harm_musd: tuple[float, float]


class Transfers(StrEnum):
    """Whether members of a coalition pay each other."""

    WITHOUT = "without"
    WITH = "with"


def member_rows(contest: Contest, policies: Mapping[Transfers, tuple[PolicySpace, Policy]]) -> pd.DataFrame:
    """Return what each member loses without and with transfers.

    contest: sides, moves, economy.
    policies: on which board, and which; transfers are the last moves of a board that has them.
    Returns: member, transfers, loss_percent (of own real expenditure), transfer_musd (received, million USD
      in units of world factor income; they sum to zero), and what stands beside a loss.
    """
    place, rows = np.flatnonzero(contest.senders), list[dict[str, Any]]()
    sides = list(np.eye(contest.senders.size, dtype=bool)[place])
    for transfers, (board, stand) in policies.items():
        given = stand.policy[contest.high.size :] if transfers is Transfers.WITH else np.zeros(place.size)
        for side, paid, mark in zip(sides, given, beside(board, [stand], sides)[0], strict=True):
            rows.append(
                {
                    "member": contest.world.countries[int(side.argmax())],
                    "transfers": transfers.value,
                    "loss_percent": -change_of(board, stand, side)[1],
                    "transfer_musd": float(paid),
                    **mark,
                }
            )
    return pd.DataFrame(rows)


def equalise(contest: Contest, stand: Policy) -> Burden:
    """Find the transfers among the senders that equalise their losses in per cent of own real expenditure.

    contest: sides, moves, economy.
    stand: the sanctions.
    Raises InputError: There is one sender only.
    Raises ConvergenceError: The transfers do not settle.
    """
    place = np.flatnonzero(contest.senders)
    if place.size < 2:
        raise InputError("One sender has nobody to share a burden with; name two or more.")
    board = with_transfers(contest.board, place)
    climber = Ascent(board, contest.scale)
    closed = np.concatenate([stand.closed, np.zeros(place.size, dtype=bool)])
    given, spending = np.zeros(place.size), board.spending[place]
    for _ in range(30):
        found = climber.stand(contest.aim(0.0), np.concatenate([stand.policy, given]), closed)
        change = found.variation[place] / spending
        common = float(change @ spending / spending.sum())
        if float(np.abs(change - common).max()) < EQUAL:
            break
        given = given + (common - change) * spending
        given -= given.sum() * spending / spending.sum()
    else:
        raise ConvergenceError(f"Transfers among the members did not settle to {EQUAL:g} of their spending.")
    policies = {Transfers.WITHOUT: (contest.board, stand), Transfers.WITH: (board, found)}
    harm = [-change_of(*policy, contest.target)[0] for policy in policies.values()]
    return Burden(member_rows(contest, policies), 100.0 * common, (harm[0], harm[1]))


def with_transfers(board: PolicySpace, place: NDArray[np.intp]) -> PolicySpace:
    """Add one transfer a member; their sum is held at zero by whoever sets them."""
    unit = np.eye(board.spending.size)
    return board_on(
        board.economy, [*board.moves, *(Move(f"transfer to {n}", "transfer", unit[n]) for n in place)]
    )


def credibility(found: Frontier, beta: float = 0.5) -> pd.DataFrame:
    """Say what each point of a frontier is worth as a threat.

    found: a frontier.
    beta: bargaining weight of the senders, 0 to 1; one half is an even split.
    Returns: One row per lambda: harm_weight, concession_musd and concession_log: ``beta L_target - (1 - beta)
      L_own``, zero if negative, in money (million USD) and in log utility (100 times the log of real
      expenditure), where L is the loss of a side; and the same in every row power_percent and
      target_power_percent: loss of each side by the partial formula when the other withdraws all it supplies,
      per cent of its real expenditure.
    Raises InputError: ``beta`` is outside 0 to 1.
    """
    if not 0.0 <= beta <= 1.0:
        raise InputError(f"beta={beta:g} must be from 0 to 1; one half splits evenly.")
    losses = {"own": -found.points.own_change_musd, "target": found.points.harm_musd}
    shares = {"own": -found.points.own_change_percent, "target": found.points.harm_percent}
    logs = {name: -100.0 * np.log1p(-share / 100.0) for name, share in shares.items()}

    def concession(loss: Mapping[str, pd.Series]) -> pd.Series:
        return (beta * loss["target"] - (1.0 - beta) * loss["own"]).clip(lower=0.0)

    table = found.points[["harm_weight"]].assign(
        concession_musd=concession(losses), concession_log=concession(logs)
    )
    return table.assign(**_formula_power(found.contest))


def _formula_power(contest: Contest) -> dict[str, float]:
    """Power of each side over the other by the partial formula, weighted by the members' expenditure."""
    codes = np.array(contest.world.countries)
    parameters, spending = contest.board.economy.parameters, contest.board.spending

    def over(holder: BoolArray, subject: BoolArray) -> float:
        each = [
            float(
                power(contest.world, list(codes[holder]), code, parameters=parameters).formula_percent.iloc[0]
            )
            for code in codes[subject]
        ]
        return float(np.average(each, weights=spending[subject]))

    return {
        "power_percent": over(contest.senders, contest.target),
        "target_power_percent": over(contest.target, contest.senders),
    }
