"""The fixed-point map of the equations, scaled so that it converges fast, and its residuals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts, FloatArray
from suasion.equilibrium.problem import Problem
from suasion.equilibrium.system import Sweep, Unknowns, split, sweep
from suasion.equilibrium.types import Parameters

Array = NDArray[Any]


def wage_scaling(base: Accounts, parameters: Parameters) -> FloatArray:
    """Approximate inverse of (identity less the derivative of factor income by wages), (N, N).

    The derivative is that of a model in which every cost moves with the country's own wage:
    selling to market m, origin n loses (sigma - 1) (own wage less the market's average) and gains with the
    income of m. It is exact for one sector without inputs and close enough elsewhere: it only
    speeds the iteration, the fixed point does not depend on it.
    """
    receipts = base.receipts
    outputs = np.where(base.output.T > 0, base.output.T, 1.0)
    value_added = base.va_share * base.output
    weight = (value_added / value_added.sum(1)[:, None]).T
    sales = receipts / outputs[:, None, :] * weight[:, None, :]  # (sector, market, origin)
    strength = sales * (parameters.sigma - 1.0)[:, None, None]
    n = base.transfer.size
    across = np.matmul(strength.transpose(0, 2, 1), base.pi).sum(0)
    derivative = across - np.diag(strength.sum((0, 1))) + sales.sum(0).T
    size = value_added.sum(1)
    # One common factor of all wages is the numeraire: the rank-one term fixes it.
    return np.asarray(np.linalg.inv(np.eye(n) - derivative + np.ones((n, 1)) * (size / size.sum())))


def cell_scaling(base: Accounts, parameters: Parameters) -> FloatArray:
    """Inverse of one less the own derivative of each cell's factor income by its wage, (N, S)."""
    receipts = base.receipts
    outputs = np.where(base.output.T > 0, base.output.T, 1.0)
    loss = (receipts * (1.0 - base.pi)).sum(1) / outputs * (parameters.sigma - 1.0)[:, None]
    own = (1.0 - parameters.theta) * (1.0 - base.va_share) - loss.T * base.va_share
    return np.asarray(1.0 / np.maximum(1.0 - own, 0.2))


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
    shipped = (
        swept.weights.net[k, n, i] * swept.cost_power[k, i] * swept.inverse[k, n] * swept.expenditure[n, k]
    )
    before = problem.base.receipts[k, n, i]
    quantity = np.log(shipped / before) - cost
    floor = np.log(np.maximum(limits.bound, 1e-12))
    # The own-price elasticity of a flow is near sigma; the exporter's price yields far less to a wedge.
    excess = np.where(limits.is_cap, 2.0 * (cost - floor), (quantity - floor) / problem.parameters.sigma[k])
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


def make_map(problem: Problem, scaling: FloatArray) -> Any:
    """Return G: vector of unknowns in, next vector out; its fixed point is the equilibrium.

    Parameters
    ----------
    problem : the counterfactual
    scaling : from :func:`wage_scaling` (N, N) when factors are mobile, else :func:`cell_scaling` (N, S)
    """

    def step(x: Array) -> Array:
        unknowns = split(problem, x)
        swept = sweep(problem, x)
        gap = factor_targets(problem, swept) - unknowns.factor
        moved = scaling @ gap if problem.pooled else scaling[..., None] * gap
        return Unknowns(
            price=swept.price,
            output=log_ratio(swept.receipts, problem.base.output, problem.alive),
            factor=numeraire(problem, unknowns.factor + moved),
            multiplier=multiplier_targets(problem, swept, unknowns.multiplier),
        ).joined()

    return step
