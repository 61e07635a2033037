"""Rows of sanctions: gains and losses with what stands beside them, rates, real flows, leakage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.frontier.ascent import Policy, closed_flows
from suasion.coercion.frontier.policy_space import PolicySpace, real_flows
from suasion.coercion.outcomes import Beside, solved_alongside
from suasion.equilibrium.batch.many import respond_draws
from suasion.equilibrium.types import Parameters, Shock
from suasion.types import BoolArray, FloatArray

if TYPE_CHECKING:
    from suasion.coercion.frontier.contest import Contest

OWN = "own_"
"""Beginning of columns that stand beside the senders' loss; those beside the target's have none."""


class TaxStatus(StrEnum):
    """What a rate is."""

    NONE = "none"
    SET = "set"
    AT_BOUND = "at_bound"
    EMBARGO = "embargo"


def leakage(
    before: FloatArray, after: FloatArray, senders: NDArray[np.bool_], target: NDArray[np.bool_]
) -> float:
    """Extra real sales of the target to bystanders over its lost real sales to the senders.

    before, after: (importer, exporter, sector) real flows.
    senders, target: bool (country,).
    Returns: Zero: all lost sales are lost; one: all found other buyers. NaN where no sales were lost.
    """
    change = (after - before)[:, target].sum((1, 2))
    lost = -change[senders].sum()
    return float(change[~senders & ~target].sum() / lost) if lost > 0 else float("nan")


def base_flows(contest: Contest) -> FloatArray:
    """Base flows at basic prices, (importer, exporter, sector), million USD."""
    return np.asarray(contest.board.economy.accounts.receipts.transpose(1, 2, 0))


def shock_of(board: PolicySpace, stand: Policy) -> Callable[[], Shock]:
    """Return what makes the compiled scenario of a policy, which is large."""
    return partial(_compiled, board, stand)


def _compiled(board: PolicySpace, stand: Policy) -> Shock:
    return board.shock(stand.policy, closed_flows(board, stand.closed))


def beside(board: PolicySpace, stands: Sequence[Policy], sides: Sequence[BoolArray]) -> list[list[Beside]]:
    """Return flags, bracket and the loss with capital of some sides under some policies, by policy and side.

    board: on which the policies are.
    stands: the policies.
    sides: (N,) countries of each.
    """
    answers = [(shock_of(board, stand), stand.solved) for stand in stands]
    return solved_alongside(board.economy, answers, sides)


def change_of(board: PolicySpace, stand: Policy, side: BoolArray) -> tuple[float, float]:
    """Change of a side's real expenditure, million USD and per cent."""
    change = float(stand.variation[side].sum())
    return change, 100.0 * change / float(board.spending[side].sum())


def loss_rows(contest: Contest, stands: Sequence[Policy], senders: BoolArray) -> list[dict[str, Any]]:
    """Return what policies cost senders and target, each loss with what stands beside it.

    contest: sides, moves, economy.
    stands: the policies.
    senders: (N,) those whose loss is told.
    Returns: own_change_musd, own_change_percent, harm_musd, harm_percent (a loss of the target is positive),
      and of both flags, replacement_percent, no_switching_percent and capital_percent, the senders' with
      ``own_`` before.
    """
    rows = []
    marks = beside(contest.board, stands, (senders, contest.target))
    for stand, (own, target) in zip(stands, marks, strict=True):
        (gain, gain_percent), (fall, fall_percent) = (
            change_of(contest.board, stand, side) for side in (senders, contest.target)
        )
        rows.append(
            {
                "own_change_musd": gain,
                "own_change_percent": gain_percent,
                "harm_musd": -fall,
                "harm_percent": -fall_percent,
                **target,
                **{f"{OWN}{name}": cell for name, cell in own.items()},
            }
        )
    return rows


CHANGES = ("own_change_musd", "own_change_percent", "harm_musd", "harm_percent", "bystanders_change_musd")
"""Columns of a point that have bands."""


def changes_over(
    contest: Contest, stands: Sequence[Policy], sets: Sequence[Parameters]
) -> Iterator[pd.DataFrame]:
    """Yield for each draw of the elasticities what policies do to senders, target and bystanders, as :data:`CHANGES`.

    contest: sides, moves, economy.
    stands: the policies, which stay as they are.
    sets: elasticities.
    """
    board, senders, target = contest.board, contest.senders, contest.target
    changes = [
        np.expm1(respond_draws(board.economy, _compiled(board, one), one.solved, sets).log_welfare)
        for one in (stands if sets else ())
    ]
    spending = board.spending
    for place in range(len(sets)):
        rows = [change[place] * spending for change in changes]
        own, fall, others = (
            np.array([row[side].sum() for row in rows]) for side in (senders, target, ~senders & ~target)
        )
        yield pd.DataFrame(
            {
                "own_change_musd": own,
                "own_change_percent": 100.0 * own / spending[senders].sum(),
                "harm_musd": -fall,
                "harm_percent": -100.0 * fall / spending[target].sum(),
                "bystanders_change_musd": others,
            }
        )


def point_rows(contest: Contest, weights: Sequence[float], stands: Sequence[Policy]) -> pd.DataFrame:
    """Return one row a point of the frontier; see :class:`suasion.coercion.frontier.contest.Frontier`."""
    losses = loss_rows(contest, stands, contest.senders)
    before = base_flows(contest)
    rows = []
    for weight, stand, loss in zip(weights, stands, losses, strict=True):
        own, leaked = loss["own_change_musd"], leakage(before, real_flows(stand.solved), *_sides(contest))
        others = ~contest.senders & ~contest.target
        rows.append(
            {
                "harm_weight": weight,
                **loss,
                "bystanders_change_musd": float(stand.variation[others].sum()),
                "objective_musd": contest.aim(weight).value(stand.variation, stand.solved),
                "harm_per_cost": -loss["harm_musd"] / own if own < 0.0 else float("nan"),
                "leaked_percent": 100.0 * leaked,
                "embargoes": int((stand.closed & contest.ours).sum()),
                **_prized(contest, stand),
            }
        )
    return pd.DataFrame(rows)


def _sides(contest: Contest) -> tuple[BoolArray, BoolArray]:
    return contest.senders, contest.target


def _prized(contest: Contest, stand: Policy) -> dict[str, float]:
    """Change of the sales that count as harm, where there are such."""
    if contest.prized is None:
        return {}
    return {"sales_change_musd": contest.aim(1.0).held(stand.variation, stand.solved)}


def trade_changes(contest: Contest, stand: Policy) -> Iterator[tuple[float, float]]:
    """Yield for every move its base flows, million USD, and by how many per cent they change in real terms."""
    before, after = base_flows(contest), real_flows(stand.solved)
    for move in contest.board.moves:
        where = np.asarray(move.where, dtype=bool)
        base = float(before[where].sum())
        yield base, 100.0 * (float(after[where].sum()) / base - 1.0)


def rate_rows(
    contest: Contest, weight: float, stand: Policy, imposers: Sequence[str]
) -> Iterator[Mapping[str, Any]]:
    """Yield the rates of one policy.

    contest: sides, moves, economy.
    weight: on harm.
    stand: the policy.
    imposers: of each move.
    Yields: harm_weight, imposer, means, sector_group, rate_percent (NaN for an embargo), tax_status,
      trade_change_percent (real flow against the base), trade_musd (of the base).
    """
    for place, (base, change) in enumerate(trade_changes(contest, stand)):
        status = _status(contest, stand, place)
        rate = 100.0 * float(np.expm1(stand.policy[place]))
        yield {
            "harm_weight": weight,
            "imposer": imposers[place],
            "means": contest.means_of[place],
            "sector_group": contest.group_of[place],
            "rate_percent": float("nan") if status is TaxStatus.EMBARGO else rate,
            "tax_status": status.value,
            "trade_change_percent": change,
            "trade_musd": base,
        }


def _status(contest: Contest, stand: Policy, place: int) -> TaxStatus:
    if stand.closed[place]:
        return TaxStatus.EMBARGO
    if stand.policy[place] >= contest.high[place] - 1e-9:
        return TaxStatus.AT_BOUND
    return TaxStatus.SET if stand.policy[place] > 0.0 else TaxStatus.NONE
