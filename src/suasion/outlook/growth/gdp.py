"""Real GDP of the model as statistical offices measure it, and the productivity that brings it onto a path.

Volumes are double-deflated: output at last year's basic prices less inputs at last year's purchasers' prices. The
change from one year to the next is Fisher's index, the geometric mean of the Laspeyres and the Paasche volume, and
years are chained. In continuous time this is the Divisia index, whose change equals that of endowments plus sectors'
productivity weighted with output over value added (Hulten 1978): a rise in a country's terms of trade is no growth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.solve import Solved
from suasion.equilibrium.system import split
from suasion.errors import ConvergenceError, SuasionError
from suasion.types import FloatArray

TOLERANCE = 1e-7
"""Largest relative gap between real GDP and its path, ten times closer than what is promised."""
ROUNDS = 30
Respond = Callable[
    [Sequence[int], Sequence[NDArray[np.float64]], Sequence[NDArray[np.float64]]],
    "list[Solved | SuasionError]",
]


@dataclass(frozen=True, slots=True)
class Volumes:
    """What real GDP is computed from, (N, S) each: output and input purchases in million USD, and logs of prices.

    output, inputs: receipts at basic prices; purchases of each good for further production at purchasers'
      prices.
    cost, price: logs of basic prices and of the price index of purchases, over the base's.
    """

    output: FloatArray
    inputs: FloatArray
    cost: FloatArray
    price: FloatArray

    @property
    def value_added(self) -> FloatArray:
        """(N,) million USD at current prices."""
        return np.asarray((self.output - self.inputs).sum(1))


def base_volumes(base: Accounts) -> Volumes:
    """Volumes of the base, where all prices are one."""
    zero = np.zeros_like(base.output)
    return Volumes(base.output, base.uses.sum(1), zero, zero)


def volumes_of(solved: Solved) -> Volumes:
    """Volumes of an equilibrium."""
    swept = solved.swept
    final = swept.final_share * swept.income[:, None]
    output = np.where(solved.problem.alive, swept.receipts, 0.0)
    return Volumes(output, swept.expenditure - final, swept.costs.unit, split(solved.problem, solved.x).price)


def fisher_growth(before: Volumes, after: Volumes) -> FloatArray:
    """Change in real GDP, Fisher's index of double-deflated value added, (N,) new over old.

    before, after: volumes of two equilibria with one base.
    """
    cost, price = after.cost - before.cost, after.price - before.price
    old_prices = (after.output * np.exp(-cost)).sum(1) - (after.inputs * np.exp(-price)).sum(1)
    new_prices = (before.output * np.exp(cost)).sum(1) - (before.inputs * np.exp(price)).sum(1)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.sqrt(old_prices / before.value_added * after.value_added / new_prices))


@dataclass(frozen=True, slots=True)
class Reached:
    """An equilibrium whose real GDP is on its path.

    solved: the equilibrium.
    labour: (N,) log of labour-augmenting productivity over the base's.
    real: (N,) real GDP over the base's.
    volumes: of the equilibrium.
    gap: largest relative gap between real GDP and the path.
    solves: equilibria that it took.
    """

    solved: Solved
    labour: FloatArray
    real: FloatArray
    volumes: Volumes
    gap: float
    solves: int


def reach(
    respond: Respond,
    before: Sequence[Reached],
    targets: Sequence[FloatArray],
    guesses: Sequence[FloatArray],
    starts: Sequence[FloatArray],
    tolerance: float = TOLERANCE,
) -> list[Reached | SuasionError]:
    """Find, for each of some draws, the productivity at which real GDP is on its path.

    Real GDP moves nearly one to one with labour-augmenting productivity, so that dividing by the gap is a Newton
    step; the rest of the derivative is of the third order in a year's price changes.

    respond: from positions of draws, log productivity (N,) and unknowns to start from of each, to equilibria.
    before: last year's.
    targets: (N,) real GDP over the base's.
    guesses: (N,) log productivity to start from.
    starts: unknowns to start from.
    tolerance: largest relative gap.
    Returns: The equilibrium on the path, or the error that says why it was not reached.
    """
    found: dict[int, Reached | SuasionError] = {}
    labour, x = list(guesses), list(starts)
    left = list(range(len(before)))
    for round_ in range(1, ROUNDS + 1):
        for k, solved in zip(
            left, respond(left, [labour[k] for k in left], [x[k] for k in left]), strict=True
        ):
            if isinstance(solved, SuasionError):
                found[k] = solved
                continue
            volumes = volumes_of(solved)
            real = before[k].real * fisher_growth(before[k].volumes, volumes)
            missing = np.log(targets[k] / real)
            gap = float(np.abs(missing).max())
            if gap <= tolerance:
                found[k] = Reached(solved, labour[k], real, volumes, gap, round_)
            elif round_ == ROUNDS or not np.isfinite(gap):
                found[k] = _missed(gap, round_)
            labour[k], x[k] = labour[k] + missing, solved.x
        left = [k for k in left if k not in found]
        if not left:
            break
    return [found[k] for k in range(len(before))]


def _missed(gap: float, rounds: int) -> ConvergenceError:
    return ConvergenceError(
        f"Real GDP stays {gap:.1e} off its path after {rounds} steps. The path moves prices too far in one year: "
        "smooth it, or take higher elasticities."
    )
