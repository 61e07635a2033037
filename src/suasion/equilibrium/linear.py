"""The equations linearised at the base, and an approximate inverse that is cheap for many right-hand sides.

For ``T(x)`` the targets that one sweep implies, a Newton step at the base solves ``(I - L) d = T(x) - x`` with
``L`` the derivative of ``T``. Prices answer to wages and themselves only, outputs to prices, wages and
themselves: the two large blocks are solved by a few Chebyshev steps with products of the shares (their spectral
radius is the share of inputs in cost, well below one), and wages by one small dense matrix that is exact up to
those steps. Everything is in single precision: it steers the iteration and does not decide where it ends.

Arrays carry the batch on the last axis: (country, sector, batch).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.types import Parameters

Single = NDArray[np.float32]

#: Chebyshev steps of the price and output blocks: the error falls to a few per mille, where the distance of
#: the shocked economy from the base matters more.
STEPS = 6


@dataclass(frozen=True, slots=True)
class Linear:
    """Derivatives of the targets at the base, in single precision, for mobile factors.

    Attributes
    ----------
    pi, sales : (S, N, N) sourcing shares (importer, exporter) and the exporter's sales shares (exporter, importer)
    inputs, users : (N, S, S) composition of input cost (user, input) and of expenditure (input, user)
    va : (N, S, 1) share of value added in cost
    final : (N, S, 1) share of final use in expenditure
    alpha : (N, S, 1) composition of final use
    earned : (N, S, 1) share of the sector in the country's factor income
    bend : (N, S, 1) 1 - theta
    input_bend : (N, S, 1) 1 - epsilon
    final_bend : (N, 1, 1) 1 - kappa
    trade_bend : (1, S, 1) 1 - sigma
    radius : bound on the spectral radius of the two blocks
    price_wages, output_wages : (N, S, N) response of prices and outputs to each country's wage
    wage_inverse : (N, N) inverse of the reduced system in wages
    """

    pi: Single
    sales: Single
    inputs: Single
    users: Single
    va: Single
    final: Single
    alpha: Single
    earned: Single
    bend: Single
    input_bend: Single
    final_bend: Single
    trade_bend: Single
    radius: float
    price_wages: Single
    output_wages: Single
    wage_inverse: Single


def _over_origins(matrix: Single, values: Single) -> Single:
    """Product over countries for every sector: (S, N, N) with (N, S, B)."""
    return np.asarray(np.matmul(matrix, values.transpose(1, 0, 2)).transpose(1, 0, 2))


def _chebyshev(apply: Callable[[Single], Single], right: Single, radius: float, steps: int) -> Single:
    """Solve ``(I - A) x = right`` with the spectrum of A in [0, radius]."""
    centre, half = 1.0 - 0.5 * radius, 0.5 * radius
    x = right / np.float32(centre)
    step, scale = x, 1.0 / centre
    for j in range(1, steps):
        residual = right - (x - apply(x))
        factor = (half * scale) ** 2 * (0.5 if j == 1 else 0.25)
        scale = 1.0 / (centre - factor / scale)
        step = np.float32(scale) * residual + np.float32(factor) * step
        x = x + step
    return x


def _price_solve(lin: Linear, right: Single) -> Single:
    """Prices (N, S, B) that answer to a residual, wages fixed."""
    weight = 1.0 - lin.va
    return _chebyshev(
        lambda p: _over_origins(lin.pi, weight * np.matmul(lin.inputs, p)), right, lin.radius, STEPS
    )


def _output_solve(lin: Linear, right: Single) -> Single:
    """Outputs (N, S, B) that answer to a residual, prices and wages fixed."""
    return _chebyshev(lambda y: _over_origins(lin.sales, np.matmul(lin.users, y)), right, lin.radius, STEPS)


def _demand(lin: Linear, price: Single, gap: Single, wage: Single) -> tuple[Single, Single]:
    """Response of outputs (N, S, B) to prices and wages, outputs of users fixed, and of unit costs.

    ``gap`` is the residual of prices: the new prices of a sweep are ``price - gap``.
    """
    index = np.matmul(lin.inputs, price)
    cost = lin.va * wage[:, None, :] + (1.0 - lin.va) * index
    users = lin.bend * (index - cost) - lin.input_bend * index
    used = 1.0 - lin.final
    consumer = (lin.alpha * price).sum(1, keepdims=True)
    spending = (
        np.matmul(lin.users, users)
        + used * _input_bend_of(lin) * price
        + lin.final * (lin.final_bend * (price - consumer) + wage[:, None, :])
    )
    shifted = spending - lin.trade_bend * (price - gap)
    return lin.trade_bend * cost + _over_origins(lin.sales, shifted), cost


def _input_bend_of(lin: Linear) -> Single:
    """1 - epsilon of the users of each input, on average (N, S, 1)."""
    used = np.maximum(1.0 - lin.final, np.float32(1e-6))
    return np.asarray(np.matmul(lin.users, lin.input_bend) / used)


def linearise(base: Accounts, parameters: Parameters) -> Linear:
    """Linearise at a base with mobile factors.

    Parameters
    ----------
    base : accounts; taxes are left out of the derivative of income, which the iteration corrects
    parameters : elasticities
    """
    from dataclasses import replace

    lin = _shares(base, parameters)
    n = base.transfer.size
    wages = np.eye(n, dtype=np.float32)
    direct = _over_origins(lin.pi, np.asarray(lin.va * wages[:, None, :]))
    price = _price_solve(lin, direct)
    forced, cost = _demand(lin, price, np.zeros_like(price), wages)
    output = _output_solve(lin, forced)
    targets = (lin.earned * (lin.bend * (wages[:, None, :] - cost) + output)).sum(1)
    size = base.factor_income.sum((1, 2))
    # All wages together are the numeraire: the rank-one term removes that direction.
    system = np.eye(n) - targets + np.ones((n, 1)) * (size / size.sum())
    inverse = np.linalg.inv(system.astype(np.float64)).astype(np.float32)
    return replace(lin, price_wages=price, output_wages=output, wage_inverse=inverse)


def _shares(base: Accounts, parameters: Parameters) -> Linear:
    def single(array: NDArray[np.float64]) -> Single:
        return np.ascontiguousarray(array, dtype=np.float32)

    def ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.divide(top, bottom, out=np.zeros(np.broadcast(top, bottom).shape), where=bottom > 0)

    n, s = base.output.shape
    uses = ((1.0 - base.va_share) * base.output)[..., None] * base.input_share
    sales = ratio(base.receipts, base.output.T[:, None, :]).transpose(0, 2, 1)
    users = ratio(uses.transpose(0, 2, 1), base.expenditure[..., None])
    empty = np.zeros((n, s, n), dtype=np.float32)
    cost_radius = float(((1.0 - base.va_share) * base.output).sum() / base.output.sum())
    return Linear(
        pi=single(base.pi),
        sales=single(sales),
        inputs=single(base.input_share),
        users=single(users),
        va=single(base.va_share[..., None]),
        final=single(1.0 - users.sum(2))[..., None],
        alpha=single(base.final_share[..., None]),
        earned=single(ratio(base.factor_income.sum(2), base.factor_income.sum((1, 2))[:, None])[..., None]),
        bend=single(1.0 - parameters.theta)[..., None],
        input_bend=single(1.0 - parameters.epsilon)[..., None],
        final_bend=single(1.0 - parameters.kappa)[:, None, None],
        trade_bend=single(1.0 - parameters.sigma)[None, :, None],
        radius=min(0.9, 1.25 * cost_radius),
        price_wages=empty,
        output_wages=empty,
        wage_inverse=np.eye(n, dtype=np.float32),
    )


def newton_step(lin: Linear, price: Single, output: Single, wage: Single) -> tuple[Single, Single, Single]:
    """Return the approximate Newton step for residuals of prices, outputs (N, S, B) and wages (N, B)."""
    first = _price_solve(lin, price)
    zero = np.zeros_like(wage)
    forced, cost = _demand(lin, first, price, zero)
    second = _output_solve(lin, output + forced)
    reduced = wage + (lin.earned * (second - output - lin.bend * cost)).sum(1)
    wages = lin.wage_inverse @ reduced
    return (
        first + np.matmul(lin.price_wages, wages),
        second + np.matmul(lin.output_wages, wages),
        wages,
    )
