"""Derivatives backwards of what is read off an equilibrium: real expenditure, and flows of trade.

A flow counts like the receipt of a producer, with a weight of its own for each buyer. So the transposed sweep serves
both: run once at a point whose producers receive only what counts, it gives the derivative of the reading by every
unknown, and by every cost and tax at given unknowns; the transposed system adds the rest. The system is solved only as
far as is asked, from the answer of a neighbouring point.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from suasion.coercion.frontier.policy_space import PolicySpace
from suasion.equilibrium.adjoint.backward import Backward, Seeds, pull
from suasion.equilibrium.adjoint.point import Point
from suasion.equilibrium.adjoint.solve import Gradient, Scaling, solve_transposed
from suasion.equilibrium.system import Unknowns, split
from suasion.errors import ConvergenceError
from suasion.types import FloatArray

#: Gap of the transposed equations relative to the largest entry of the right-hand side: for plans, and for draws,
#: of which only signs and bands are read. Slopes are then good to about as many digits.
CLOSE, ROUGH = 1e-6, 1e-4


@dataclass(frozen=True, slots=True)
class Slope:
    """Derivative of one reading by the moves of a board.

    by_move: (K,).
    worth: solution of the transposed system, to start a neighbour from.
    """

    by_move: FloatArray
    worth: FloatArray


def welfare_slope(
    board: PolicySpace, point: Point, weight: FloatArray, accuracy: float = CLOSE, near: Slope | None = None
) -> Slope:
    """Differentiate ``weight @ log real expenditure`` by every move.

    board: moves.
    point: the equilibrium.
    weight: (N,).
    accuracy: of the transposed equations.
    near: of a neighbouring point.
    """
    seeds = Seeds(weight / point.income, np.zeros_like(weight), -weight)
    worth = _answer(point, pull(point, seeds, _zero(point)), board.scaling, accuracy, near)
    whole = pull(point, seeds, split(point.problem, worth))
    return Slope(board.by_move(point, Gradient(point, whole, accuracy, 0)), worth)


def flow_slope(
    board: PolicySpace, point: Point, count: FloatArray, accuracy: float = CLOSE, near: Slope | None = None
) -> Slope:
    """Differentiate a weighted sum of flows by every move.

    board: moves.
    point: the equilibrium.
    count: (S, importer, exporter) what a million USD received by each producer from each buyer counts;
      broadcast.
    accuracy, near: as for :func:`welfare_slope`.
    """
    counted = point.counted(count)
    first = pull(counted, None, replace(_zero(point), output=counted.receipts))
    worth = _answer(point, first, board.scaling, accuracy, near)
    back = pull(point, None, split(point.problem, worth))
    direct = board.by_move(counted, Gradient(counted, first, 0.0, 0))
    return Slope(direct + board.by_move(point, Gradient(point, back, accuracy, 0)), worth)


def _zero(point: Point) -> Unknowns:
    size = 2 * point.expenditure.size + point.earned.size + point.binding.size
    return split(point.problem, np.zeros(size))


def _answer(
    point: Point, first: Backward, scaling: Scaling, accuracy: float, near: Slope | None
) -> FloatArray:
    """Solve the transposed system whose right-hand side is the first sweep."""
    right = Unknowns(first.price, first.output, first.factor, first.multiplier).joined()
    found = solve_transposed(point, right, scaling, accuracy, None if near is None else near.worth)
    if not found.met:
        raise ConvergenceError(
            f"The derivatives could not be computed to {accuracy:.0e}. The economy may be close to a collapse; take "
            "smaller levers."
        )
    return found.worth
