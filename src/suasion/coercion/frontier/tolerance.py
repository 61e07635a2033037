"""The most harm that members of a coalition bear: each loses no more than it tolerates, with and without transfers.

A coalition is held back by the member that loses most. Transfers between members let the others carry part of its
burden, so that sanctions can go on until all are at what they tolerate. The harm at that constraint can only rise: a
coalition that may pay transfers may also pay none.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.frontier.ascent import Ascent, Policy
from suasion.coercion.frontier.coalition import Transfers, member_rows, with_transfers
from suasion.coercion.frontier.contest import Contest
from suasion.coercion.frontier.policy_space import PolicySpace, Slope, welfare_slope
from suasion.coercion.frontier.rows import beside, change_of
from suasion.coercion.outcomes import Beside
from suasion.equilibrium.adjoint.point import point_of
from suasion.equilibrium.economy import log_welfare
from suasion.errors import ConvergenceError, InputError, ShockError
from suasion.types import FloatArray

#: A member is at its tolerance from this many percentage points on; the search ends well within.
AT = 1e-4
#: Accuracy of the search: change of harm, in per cent of the target's spending.
PRECISE = 1e-7
STEPS = 200
#: Weight on harm at which the search begins.
FIRST = 1.0


@dataclass(frozen=True, slots=True)
class Tolerance:
    """The most harm within what members tolerate.

    table: one row per member, without and with transfers: the columns of
      :func:`suasion.coercion.frontier.coalition.member_rows`, and binds (whether it is at what it tolerates).
    rates: one row per means, group and transfers: rate_percent.
    percent: loss that each member tolerates, per cent of own real expenditure.
    harm_musd: loss of the target without and with transfers.
    harm_percent: the same in per cent of its real expenditure.
    beside: flags, replacement_percent, no_switching_percent and capital_percent of the two.
    """

    table: pd.DataFrame
    rates: pd.DataFrame
    percent: float
    harm_musd: tuple[float, float]
    harm_percent: tuple[float, float]
    beside: tuple[Beside, Beside]


def most_harm(contest: Contest, percent: float) -> Tolerance:
    """Find the most harmful sanctions under which no member loses more than it tolerates.

    contest: sides, moves, economy; harm is the loss of the target's welfare.
    percent: loss that each member tolerates, per cent of its own real expenditure, 0 or more.
    Raises InputError: There is one sender only, the tolerance is negative, or harm is counted in sales.
    Raises ConvergenceError: The search does not end, or a member loses more whatever is done.

    Sequential quadratic programming on exact gradients, from the best sanctions at lambda 1. The end is a local best.
    """
    place = np.flatnonzero(contest.senders)
    if place.size < 2:
        raise InputError("One sender has nobody to share a burden with; name two or more.")
    if not percent >= 0.0:
        raise InputError(
            f"tolerance={percent:g}: give the loss that members tolerate, in per cent, 0 or more."
        )
    if contest.prized is not None:
        raise InputError(
            "What members tolerate is found for harm to the target's welfare; leave `prized` out."
        )
    low = np.zeros_like(contest.high)
    first = Ascent(contest.board, contest.scale).climb(contest.aim(FIRST), low, low.astype(bool)).policy
    apart = _Search(contest, contest.board, place, percent / 100.0).best(first)
    board = with_transfers(contest.board, place)
    start = np.concatenate([apart.policy, np.zeros(place.size)])
    shared = _Search(contest, board, place, percent / 100.0).best(start)
    return _tolerance(contest, percent, apart, (board, shared))


@dataclass(slots=True)
class _Search:
    """One constrained search: policies, then transfers in units of a hundredth of each member's spending."""

    contest: Contest
    board: PolicySpace
    place: NDArray[np.intp]
    tolerated: float
    _climber: Ascent = field(init=False)
    _near: dict[str, Slope] = field(default_factory=dict)
    _seen: tuple[bytes, FloatArray, FloatArray] | None = None

    def __post_init__(self) -> None:
        self._climber = Ascent(self.board, self.contest.scale)

    def best(self, start: FloatArray) -> Policy:
        """Search from a policy."""
        from scipy.optimize import minimize  # slow to import

        free, paid = np.flatnonzero(self.contest.ours), len(start) - len(self.contest.high)
        moved = np.concatenate([free, len(self.contest.high) + np.arange(paid)])
        unit = np.concatenate([np.ones(free.size), 0.01 * self.board.spending[self.place][:paid]])
        bounds = [(0.0, float(self.contest.high[k])) for k in free] + [(None, None)] * paid
        limits = [
            {
                "type": "ineq",
                "fun": lambda v: self._read(v, moved, unit)[0][1:] + 100.0 * self.tolerated,
                "jac": lambda v: self._read(v, moved, unit)[1][1:],
            }
        ]
        if paid:
            level = np.concatenate([np.zeros(free.size), unit[free.size :]]) / self.contest.scale
            limits.append({"type": "eq", "fun": lambda v: float(level @ v), "jac": lambda v: level})
        found = minimize(
            lambda v: float(self._read(v, moved, unit)[0][0]),
            start[moved] / unit,
            jac=lambda v: self._read(v, moved, unit)[1][0],
            bounds=bounds,
            constraints=limits,
            method="SLSQP",
            options={"ftol": PRECISE, "maxiter": STEPS},
        )
        change = self._read(found.x, moved, unit)[0]
        if not found.success or change[1:].min() < -100.0 * self.tolerated - AT:
            raise ConvergenceError(
                f"No sanctions were found under which every member keeps within {100.0 * self.tolerated:g} per cent "
                f"({found.message}). Allow more, or name fewer members."
            )
        policy = self._policy(found.x, moved, unit)
        return self._climber.stand(self.contest.aim(0.0), policy, np.zeros(policy.size, dtype=bool))

    def _policy(self, values: FloatArray, moved: NDArray[np.intp], unit: FloatArray) -> FloatArray:
        policy = np.zeros(len(self.board.moves))
        policy[moved] = values * unit
        return policy

    def _read(
        self, values: FloatArray, moved: NDArray[np.intp], unit: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Change of the target's and every member's real expenditure, per cent, and its slopes by the values."""
        key = np.asarray(values).tobytes()
        if self._seen is not None and self._seen[0] == key:
            return self._seen[1:]
        policy = self._policy(values, moved, unit)
        try:
            solved = self._climber.solve(policy, np.zeros(policy.size, dtype=bool))
        except (ShockError, ConvergenceError):  # far out: the search turns back
            size = 1 + self.place.size
            return np.full(size, 1e3) * np.r_[1.0, -np.ones(size - 1)], np.zeros((size, moved.size))
        rows = [self.contest.target, *(np.arange(self.board.spending.size) == n for n in self.place)]
        point, level = point_of(solved), self.board.spending * np.exp(log_welfare(solved))
        change = self.board.variation(solved)
        values_, slopes = [], []
        for row, mask in enumerate(rows):
            whole = float(self.board.spending[mask].sum()) / 100.0
            self._near[str(row)] = welfare_slope(
                self.board, point, mask * level / whole, near=self._near.get(str(row))
            )
            values_.append(float(change[mask].sum()) / whole)
            slopes.append(self._near[str(row)].by_move[moved] * unit)
        self._seen = key, np.array(values_), np.array(slopes)
        return self._seen[1:]


def _tolerance(
    contest: Contest, percent: float, apart: Policy, shared: tuple[PolicySpace, Policy]
) -> Tolerance:
    policies = {Transfers.WITHOUT: (contest.board, apart), Transfers.WITH: shared}
    table = member_rows(contest, policies)
    rates = [
        {
            "means": contest.means_of[k],
            "sector_group": contest.group_of[k],
            "transfers": transfers.value,
            "rate_percent": 100.0 * float(np.expm1(stand.policy[k])),
        }
        for transfers, (_, stand) in policies.items()
        for k in np.flatnonzero(contest.ours)
    ]
    harm = [change_of(*policy, contest.target) for policy in policies.values()]
    marks = [beside(board, [stand], [contest.target])[0][0] for board, stand in policies.values()]
    return Tolerance(
        table=table.assign(binds=table.loss_percent >= percent - AT),
        rates=pd.DataFrame(rates),
        percent=percent,
        harm_musd=(-harm[0][0], -harm[1][0]),
        harm_percent=(-harm[0][1], -harm[1][1]),
        beside=(marks[0], marks[1]),
    )
