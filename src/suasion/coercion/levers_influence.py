"""What levers do to a tie: outcomes at a plan, and the matrix of their derivatives by every lever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.frontier_board import Board, real_flows
from suasion.coercion.frontier_groups import flows_between
from suasion.coercion.levers_columns import Parties
from suasion.coercion.sensitivity_outcomes import EquivalentVariation, Loss, LossRatio, Outcome, State
from suasion.equilibrium.economy import log_welfare
from suasion.equilibrium.solve import Solved

FloatArray = NDArray[np.float64]
OutcomeName = Literal["exit_cost_a", "exit_cost_b", "leverage", "share"]
OUTCOMES: tuple[OutcomeName, ...] = get_args(OutcomeName)
#: Use of a lever over which a share of trade is differenced.
STEP = 1e-3


@dataclass(frozen=True, slots=True)
class Position:
    """A plan, the world under it, and that world with the tie cut.

    Attributes
    ----------
    plan : (K,) use of every move of the board
    values : outcome to its value: exit costs in per cent of own real expenditure, leverage (loss of a over loss of b,
        both in per cent), share of b in the trade of a in per cent
    audience_usd : equivalent variation of the audience, million USD; negative is a loss
    a_usd, b_usd : those of the pair
    """

    plan: FloatArray
    values: dict[str, float]
    audience_usd: float
    a_usd: float
    b_usd: float
    state: State = field(repr=False)
    before: Solved = field(repr=False)
    after: Solved = field(repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """The tie on a board of levers.

    Attributes
    ----------
    parties : who acts on whose tie
    board : economy and moves
    """

    parties: Parties
    board: Board

    def position(self, plan: FloatArray, near: Position | None = None) -> Position:
        """Solve a plan, with the tie and without it.

        Parameters
        ----------
        plan : (K,)
        near : where to start from

        Returns
        -------
        Position

        Raises
        ------
        ShockError, ConvergenceError
            The plan has no equilibrium.
        """
        before = self.board.solve(plan, None, None if near is None else near.before.x)
        after = self.board.solve(plan, self._tie(), None if near is None else near.after.x)
        parties = self.parties
        state = State(parties.world, self.board.spending, log_welfare(before), log_welfare(after))
        usd = self.board.variation(before)
        loss_a, loss_b = (Loss(side).value(state) for side in (parties.a, parties.b))
        values = {
            "exit_cost_a": loss_a,
            "exit_cost_b": loss_b,
            "leverage": loss_a / loss_b if loss_b > 0.0 else float("nan"),
            "share": self._share(before),
        }
        sides = (parties.whole, *parties.pair)
        audience, a, b = (float(usd[mask].sum()) for mask in sides)
        return Position(plan.copy(), values, audience, a, b, state, before, after)

    def slopes(self, position: Position, outcome: OutcomeName) -> FloatArray:
        """Derivative of an outcome by every move, (K,): by adjoint, or for the share by differences.

        Parameters
        ----------
        position : where
        outcome : of what
        """
        if outcome == "share":
            return self._share_slopes(position)
        a, b = self.parties.a, self.parties.b
        known: dict[str, Outcome] = {
            "exit_cost_a": Loss(a),
            "exit_cost_b": Loss(b),
            "leverage": LossRatio(a, b),
        }
        found = known[outcome].slopes(position.state)
        slopes = self.board.slopes(position.after, found.after)
        return slopes if found.before is None else slopes + self.board.slopes(position.before, found.before)

    def own_slopes(self, position: Position) -> FloatArray:
        """Derivative of the audience's equivalent variation by every move, million USD, (K,)."""
        codes = [
            c for c, inside in zip(self.parties.world.countries, self.parties.whole, strict=True) if inside
        ]
        state = State(
            position.state.world, position.state.spending, position.state.before, position.state.before
        )
        return self.board.slopes(position.before, EquivalentVariation(codes).slopes(state).after)

    def _tie(self) -> NDArray[np.bool_]:
        a, b = self.parties.pair
        every = np.ones(self.board.economy.parameters.sigma.size, dtype=bool)
        return flows_between(a, b, every) | flows_between(b, a, every)

    def _share(self, solved: Solved) -> float:
        """Share of b in all foreign trade of a, current prices, per cent."""
        price = np.exp(solved.swept.costs.unit)
        trade = (real_flows(solved) * price[None]).sum(2)
        both = trade + trade.T
        a, b = self.parties.pair
        foreign = both[a][:, ~a].sum()
        return float(100.0 * both[a][:, b].sum() / foreign)

    def _share_slopes(self, position: Position) -> FloatArray:
        slopes = np.zeros(position.plan.size)
        for place in range(slopes.size):
            moved = position.plan.copy()
            moved[place] += STEP
            solved = self.board.solve(moved, None, position.before.x)
            slopes[place] = (self._share(solved) - position.values["share"]) / STEP
        return slopes


def influence(
    question: Question, position: Position, outcomes: Sequence[OutcomeName] = OUTCOMES
) -> dict[str, FloatArray]:
    """Influence matrix, by rows: outcome to its derivative by every move, (K,).

    Parameters
    ----------
    question : tie and levers
    position : where
    outcomes : which rows

    Returns
    -------
    dict
    """
    return {name: question.slopes(position, name) for name in outcomes}
