"""Real GDP of the model as statistical offices measure it, the productivity that brings it onto a path, and capital.

Volumes are double-deflated: output at last year's basic prices less inputs at last year's purchasers' prices. The
change from one year to the next is Fisher's index, the geometric mean of the Laspeyres and the Paasche volume, and
years are chained. In continuous time this is the Divisia index, whose change equals that of endowments plus sectors'
productivity weighted with output over value added (Hulten 1978): a rise in a country's terms of trade is no growth.

With value added Cobb-Douglas in labour and capital, capital earns the share ``alpha`` of factor income. Its real
return, its income per unit over the price of final goods, is back at the base when the stock has moved with real
factor income y:

    K = y,   endowment of the composite factor F = K^alpha L^(1-alpha),   so log F = alpha log y.

As y itself moves with F, a loss is larger than with a fixed stock, by about 1 / (1 - alpha) where terms of trade move
little. Investment goods are taken to have the price of final goods, and the saving rate is constant, so that
consumption moves with final expenditure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.batch.many import readings_of
from suasion.equilibrium.solve import Solved
from suasion.equilibrium.system import split
from suasion.errors import ConvergenceError, InputError, SuasionError
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


CAPITAL_SHARE = 0.4
"""Share of capital in value added. Assumption, range 0.3 to 0.5."""
STEADY_TOLERANCE = 1e-8
"""Largest gap, in logs, between the real return of capital and the base's."""
CAPITAL_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Steady:
    """An equilibrium with capital at rest.

    solved: the equilibrium.
    capital: (N,) log change of the stock.
    gap: largest gap, in logs, of the real return.
    """

    solved: Solved
    capital: FloatArray
    gap: float


def steady(
    respond: Callable[[FloatArray, FloatArray | None], Solved],
    share: float | FloatArray = CAPITAL_SHARE,
    before: FloatArray | float = 0.0,
    start: FloatArray | None = None,
) -> Steady:
    """Let capital adjust to a shock.

    respond: from log endowments (N,), those of the shock left out, and unknowns to start from, to the
      equilibrium of the shock.
    share: of capital in value added, in (0, 1), one or (N,).
    before: (N,) log real factor income at which capital was at rest, over the base's.
    start: unknowns to start from.
    Raises InputError if the share is out of range, or the world has several factors.
    Raises ConvergenceError if the stock does not settle.
    """
    alpha = np.asarray(share, dtype=float)
    if not ((alpha > 0) & (alpha < 1)).all():
        raise InputError(f"The share of capital is {share}; it must lie between 0 and 1.")
    factor, x = np.zeros(1), start
    for _ in range(CAPITAL_ROUNDS):
        solved = respond(factor, x)
        if solved.problem.base.factor_share.shape[2] > 1:
            raise InputError("capital='steady' needs a world with one factor; merge its factors first.")
        income = real_factor_income(solved) - before
        gap = float(np.abs(alpha * income - factor).max())
        if gap <= STEADY_TOLERANCE:
            return Steady(solved, np.asarray(factor / alpha + 0.0 * income), gap / float(alpha.min()))
        # Real income moves nearly one to one with the endowment: this step is Newton's but for the terms of trade.
        factor = factor + (alpha * income - factor) / (1.0 - alpha)
        x = solved.x
    raise ConvergenceError(
        f"Capital did not settle: its real return is still {gap:.1e} off. Take a smaller share."
    )


def real_factor_income(solved: Solved) -> FloatArray:
    """Log of factor income over the price of final goods, over the base's, (N,)."""
    _, _, wage, _ = readings_of(solved)
    return np.asarray(wage + solved.problem.endowments)
