"""The gaps of the equations at a point, and the fixed-point map that closes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.corrector import Corrector
from suasion.equilibrium.problem import Problem
from suasion.equilibrium.system import Sweep, Unknowns, split, sweep
from suasion.types import FloatArray

Array = NDArray[Any]


def log_ratio(new: Array, old: FloatArray, mask: Array) -> Array:
    """Log of new over old where the mask holds, zero elsewhere."""
    return np.asarray(np.log(np.where(mask, new, 1.0) / np.where(mask, old, 1.0)))


def factor_targets(problem: Problem, swept: Sweep) -> Array:
    """Log change of factor payments that the goods markets imply, in the shape of the unknowns."""
    base = problem.base.factor_income
    if problem.pooled:
        totals = base.sum(1)
        return log_ratio(swept.payments.sum(1), totals, totals > 0)
    return log_ratio(swept.payments, base, (base > 0) & problem.alive[..., None])


def multiplier_targets(problem: Problem, swept: Sweep, multiplier: Array) -> Array:
    """Excess of quantity (or price) over the bound, as the change wanted in each multiplier."""
    limits = problem.limits
    if limits is None:
        return multiplier
    k, n, i = limits.cells[:, limits.first]
    cost = swept.costs.unit[i, k]
    before = problem.base.receipts[k, n, i]
    quantity = np.log(swept.shipped(k, n, i) / before) - cost
    floor = np.log(np.maximum(limits.bound, 1e-12))
    # The own-price elasticity of a flow is near sigma; the exporter's price yields far less to a wedge.
    excess = np.where(limits.is_cap, 2.0 * (cost - floor), (quantity - floor) / problem.modes.sigma[k])
    return np.asarray(np.maximum(0.0, multiplier + excess))


def numeraire(problem: Problem, factor: Array) -> Array:
    """Shift log factor incomes so that every bloc's factor income equals its base value."""
    base = problem.base.factor_income
    if problem.pooled:
        income = (base.sum(1) * np.exp(factor)).sum(1)
    else:
        income = np.where(problem.alive[..., None], base * np.exp(factor), 0.0).sum((1, 2))
    members = problem.bloc[:, None] == problem.bloc
    shift = np.log((members @ income) / (members @ base.sum((1, 2))))
    return np.asarray(factor - shift.reshape(-1, *([1] * (factor.ndim - 1))))


def gaps(problem: Problem, unknowns: Unknowns, swept: Sweep) -> Unknowns:
    """Return the targets of a sweep less the unknowns it started from: all zero in equilibrium."""
    return Unknowns(
        price=swept.price - unknowns.price,
        output=log_ratio(swept.receipts, problem.base.output, problem.alive) - unknowns.output,
        factor=factor_targets(problem, swept) - unknowns.factor,
        multiplier=multiplier_targets(problem, swept, unknowns.multiplier) - unknowns.multiplier,
    )


class Evaluated:
    """The equations of a problem, evaluated at the point asked for, once where it is asked for again.

    problem: the counterfactual.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._last: tuple[Array, Sweep] | None = None

    def __call__(self, x: Array) -> Sweep:
        """Return the sweep at ``x``, which nobody changes."""
        if self._last is None or self._last[0] is not x:
            self._last = x, sweep(self.problem, x)
        return self._last[1]


def make_map(equations: Evaluated, corrector: Corrector) -> Callable[[Array], Array]:
    """Return G: vector of unknowns in, next vector out; its fixed point is the equilibrium.

    equations: of the counterfactual.
    corrector: turns gaps into a step; the fixed point does not depend on it.
    """
    problem = equations.problem

    def step(x: Array) -> Array:
        unknowns = split(problem, x)
        move = corrector.step(problem, gaps(problem, unknowns, equations(x)))
        return Unknowns(
            price=unknowns.price + move.price,
            output=unknowns.output + move.output,
            factor=numeraire(problem, unknowns.factor + move.factor),
            multiplier=unknowns.multiplier + move.multiplier,
        ).joined()

    return step


def make_residual(problem: Problem) -> Callable[[Array], Array]:
    """Return F, the gaps as one vector, analytic where no limit switches; the numeraire replaces no equation.

    Adding the numeraire's shift to every factor gap removes the direction in which all wages move together.
    """
    return lambda x: residual_at(problem, x, sweep(problem, x))


def residual_at(problem: Problem, x: Array, swept: Sweep) -> Array:
    """Return F at a point whose equations have been evaluated."""
    unknowns = split(problem, x)
    gap = gaps(problem, unknowns, swept)
    shift = numeraire(problem, unknowns.factor) - unknowns.factor
    return replace(gap, factor=gap.factor + shift).joined()
