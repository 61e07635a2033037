"""Capital as a third horizon: the stock adjusts until its real return is back where it was.

With value added Cobb-Douglas in labour and capital, capital earns the share ``alpha`` of factor income. Its real
return, its income per unit over the price of final goods, is back at the base when the stock has moved with real
factor income y:

    K = y,   endowment of the composite factor F = K^alpha L^(1-alpha),   so log F = alpha log y.

As y itself moves with F, a loss is larger than with a fixed stock, by about 1 / (1 - alpha) where terms of trade move
little. Investment goods are taken to have the price of final goods, and the saving rate is constant, so that
consumption moves with final expenditure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from suasion.equilibrium.batch.many import readings_of
from suasion.equilibrium.solve import Solved
from suasion.errors import ConvergenceError, InputError
from suasion.types import FloatArray

CAPITAL_SHARE = 0.4
"""Share of capital in value added. Assumption, range 0.3 to 0.5."""
STEADY_TOLERANCE = 1e-8
"""Largest gap, in logs, between the real return of capital and the base's."""
ROUNDS = 60


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
    for _ in range(ROUNDS):
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
