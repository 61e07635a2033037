"""Secondary sanctions: whether a bystander can be made to join, what threat it takes, and whether it is meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.frontier.ascent import Ascent, Policy
from suasion.coercion.frontier.contest import HIGHEST, Contest
from suasion.coercion.frontier.policy_space import Move, PolicySpace, board_on, country_mask, flows_between
from suasion.coercion.frontier.rows import beside, change_of
from suasion.coercion.outcomes import Side, side_name
from suasion.errors import InputError
from suasion.types import BoolArray, FloatArray


class BystanderCourse(StrEnum):
    """What a bystander may do."""

    KEEPS_TRADING = "keeps_trading"
    JOINS = "joins"
    IS_TAXED = "is_taxed"
    """It keeps trading, and carries the threat."""


@dataclass(frozen=True, slots=True)
class Secondary:
    """Whether a bystander can be made to join by the threat of secondary sanctions.

    table: bystander_course (:class:`BystanderCourse`), own_change_musd, harm_musd, bystander_change_musd, and
      of the bystander loss_percent with what stands beside it.
    needed_percent: the least extra tariff of the senders on all that the bystander sells them that makes
      joining the better course for it; NaN where even 1,000 per cent does not.
    threat_cost_musd: what carrying out that threat would cost the senders, against letting the bystander be.
    credible: whether the senders would rather carry it out than let the bystander be, at the weight on harm
      given; true where no threat is needed.
    """

    table: pd.DataFrame
    needed_percent: float
    threat_cost_musd: float
    credible: bool


def secondary_sanctions(contest: Contest, stand: Policy, bystander: Side, weight: float = 0.0) -> Secondary:
    """Compare a bystander's courses: keep trading, join with the senders' own rates, or keep trading and be taxed.

    contest: sides, moves, economy.
    stand: the senders' sanctions on the target.
    bystander: neither sender nor target.
    weight: lambda with which the senders value harm to the target.
    Raises InputError: The bystander is one of the sides, or harm is counted in sales.
    """
    if contest.prized is not None:
        raise InputError("Secondary sanctions are weighed by the target's welfare; leave `prized` out.")
    outside = country_mask(contest.world, bystander)
    if (outside & (contest.senders | contest.target)).any():
        raise InputError(f"{side_name(bystander)} is one of the sides of the sanctions, not a bystander.")
    like, joint = _joined(contest, outside)
    board = board_on(contest.board.economy, [*contest.board.moves, *joint, _threat(contest, outside)])
    climber = Ascent(board, contest.scale)

    def course(join: bool, threat: float) -> Policy:
        policy = np.concatenate([stand.policy, join * stand.policy[like], [threat]])
        closed = np.concatenate([stand.closed, join & stand.closed[like], [False]])
        return climber.stand(contest.aim(0.0), policy, closed)

    found = {BystanderCourse.KEEPS_TRADING: course(False, 0.0), BystanderCourse.JOINS: course(True, 0.0)}
    joined = float(found[BystanderCourse.JOINS].variation[outside].sum())
    needed = _least_threat(lambda t: float(course(False, t).variation[outside].sum()) - joined)
    if needed > 0.0:
        found[BystanderCourse.IS_TAXED] = course(False, needed)
    cost, credible = _threatened(contest, found, contest.aim(weight).worth)
    if needed == 0.0:
        cost, credible = 0.0, True
    return Secondary(
        _courses(contest, board, outside, found), 100.0 * float(np.expm1(needed)), cost, credible
    )


def _threatened(
    contest: Contest, found: Mapping[BystanderCourse, Policy], worth: FloatArray
) -> tuple[float, bool]:
    """What carrying out the threat costs the senders, and whether they would; NaN where no threat is enough."""
    if BystanderCourse.IS_TAXED not in found:
        return float("nan"), False
    less = found[BystanderCourse.KEEPS_TRADING].variation - found[BystanderCourse.IS_TAXED].variation
    return float(less[contest.senders].sum()), bool(worth @ less <= 0.0)


def _joined(contest: Contest, outside: BoolArray) -> tuple[NDArray[np.intp], list[Move]]:
    """Which of the senders' moves a bystander could copy, and the copies."""
    used = contest.board.economy.accounts.pi.transpose(1, 2, 0) > 0
    like, moves = [], []
    for place in np.flatnonzero(contest.ours):
        move = contest.board.moves[place]
        covered = np.asarray(np.asarray(move.where, dtype=bool).any((0, 1)))
        bought = flows_between(outside, contest.target, covered) & used
        sold = flows_between(contest.target, outside, covered) & used
        where = {"tariff": bought, "export_tax": sold}.get(move.kind, bought | sold)
        if where.any():
            like.append(place)
            moves.append(Move(f"copied {move.name}", move.kind, where, move.size))
    return np.array(like, dtype=np.intp), moves


def _threat(contest: Contest, outside: BoolArray) -> Move:
    used = contest.board.economy.accounts.pi.transpose(1, 2, 0) > 0
    every = np.ones(used.shape[2], dtype=bool)
    return Move("secondary tariff", "tariff", flows_between(contest.senders, outside, every) & used)


def _least_threat(gain: Callable[[float], float]) -> float:
    """Least log wedge at which staying out is no better than joining; NaN where none is.

    ``gain`` is the advantage of staying out.
    """
    from scipy.optimize import brentq  # slow to import

    if gain(0.0) <= 0.0:
        return 0.0
    high = float(np.log1p(HIGHEST))
    if gain(high) > 0.0:
        return float("nan")
    return float(brentq(gain, 0.0, high, xtol=1e-6))


def _courses(
    contest: Contest, board: PolicySpace, outside: BoolArray, found: Mapping[BystanderCourse, Policy]
) -> pd.DataFrame:
    marks = beside(board, list(found.values()), [outside])
    rows = []
    for (course, stand), (mark,) in zip(found.items(), marks, strict=True):
        change, percent = change_of(board, stand, outside)
        rows.append(
            {
                "bystander_course": course.value,
                "own_change_musd": change_of(board, stand, contest.senders)[0],
                "harm_musd": -change_of(board, stand, contest.target)[0],
                "bystander_change_musd": change,
                "loss_percent": -percent,
                **mark,
            }
        )
    return pd.DataFrame(rows)
