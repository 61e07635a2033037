"""Secondary sanctions: whether a bystander can be made to join, what threat it takes, and whether it is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.frontier.board import Move, board_on
from suasion.coercion.frontier.climb import Climber, Stand
from suasion.coercion.frontier.contest import HIGHEST, Contest
from suasion.coercion.frontier.groups import country_mask, flows_between
from suasion.coercion.sides import Side, side_name
from suasion.errors import InputError
from suasion.types import FloatArray

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Secondary:
    """Whether a bystander can be made to join by the threat of secondary sanctions.

    Attributes
    ----------
    table : one row per course: course, own_usd, target_usd, bystander_usd, bystander_percent
    needed_percent : the least extra tariff of the senders on all that the bystander sells them that makes joining the
        better course for it; NaN where even 1,000 per cent does not
    threat_cost_usd : what carrying out that threat would cost the senders, against letting the bystander be
    credible : whether the senders would rather carry it out than let the bystander be, at the weight on harm given;
        true where no threat is needed
    """

    table: pd.DataFrame
    needed_percent: float
    threat_cost_usd: float
    credible: bool

    def sentences(self) -> tuple[str, ...]:
        """Say whether a threat is needed, what it is and whether it would be carried out."""
        if self.needed_percent == 0.0:
            return ("No threat is needed: joining is the bystander's better course as it is.",)
        if np.isnan(self.needed_percent):
            return ("No extra tariff up to 1,000 per cent makes joining the bystander's better course.",)
        would = "would rather carry it out" if self.credible else "would rather not carry it out"
        return (
            f"An extra tariff of {self.needed_percent:.1f} per cent on all that the bystander sells the senders makes "
            f"joining its better course; it would cost them {self.threat_cost_usd:,.0f} million USD, and they {would}.",
        )


def secondary_sanctions(contest: Contest, stand: Stand, bystander: Side, weight: float = 0.0) -> Secondary:
    """Compare a bystander's courses: keep trading, join with the senders' own rates, or keep trading and be taxed.

    Parameters
    ----------
    contest : sides, moves, economy
    stand : the senders' sanctions on the target
    bystander : neither sender nor target
    weight : lambda with which the senders value harm to the target

    Returns
    -------
    Secondary

    Raises
    ------
    InputError
        The bystander is one of the sides, or harm is counted in sales.
    """
    if contest.prized is not None:
        raise InputError("Secondary sanctions are weighed by the target's welfare; leave `prized` out.")
    outside = country_mask(contest.world, bystander)
    if (outside & (contest.senders | contest.target)).any():
        raise InputError(f"{side_name(bystander)} is one of the sides of the sanctions, not a bystander.")
    like, joint = _joined(contest, outside)
    board = board_on(contest.board.economy, [*contest.board.moves, *joint, _threat(contest, outside)])
    climber = Climber(board, contest.scale)

    def course(join: bool, threat: float) -> FloatArray:
        policy = np.concatenate([stand.policy, join * stand.policy[like], [threat]])
        closed = np.concatenate([stand.closed, join & stand.closed[like], [False]])
        return board.variation(climber.solve(policy, closed))

    found = {"keeps trading": course(False, 0.0), "joins": course(True, 0.0)}
    joined = float(found["joins"][outside].sum())
    needed = _least_threat(lambda t: float(course(False, t)[outside].sum()) - joined)
    if needed > 0.0:
        found["keeps trading, is taxed"] = course(False, needed)
    rows = [_course_row(contest, outside, name, change) for name, change in found.items()]
    worth = contest.aim(weight).worth
    threat = found.get("keeps trading, is taxed")
    if threat is None:
        cost, credible = (0.0, True) if needed == 0.0 else (float("nan"), False)
    else:
        less = found["keeps trading"] - threat
        cost, credible = float(less[contest.senders].sum()), bool(worth @ less <= 0.0)
    return Secondary(pd.DataFrame(rows), 100.0 * float(np.expm1(needed)), cost, credible)


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


def _course_row(contest: Contest, outside: BoolArray, name: str, change: FloatArray) -> dict[str, Any]:
    return {
        "course": name,
        "own_usd": float(change[contest.senders].sum()),
        "target_usd": float(change[contest.target].sum()),
        "bystander_usd": float(change[outside].sum()),
        "bystander_percent": 100.0
        * float(change[outside].sum())
        / float(contest.board.spending[outside].sum()),
    }
