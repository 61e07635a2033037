"""The equations linearised at the base, and an approximate inverse that is cheap for many right-hand sides.

For ``T(x)`` the targets that one sweep implies, a Newton step at the base solves ``(I - L) d = T(x) - x`` with
``L`` the derivative of ``T``. Prices answer to wages and themselves only, outputs to prices, wages and
themselves: the two large blocks are solved by a few Chebyshev steps with products of the shares (their spectral
radius is the share of inputs in cost, well below one), and wages by one dense matrix that is exact up to
those steps. Everything is in single precision: it steers the iteration and does not decide where it ends.

Arrays carry the batch on the last axis: (country, sector, batch).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

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
    """Derivatives of the targets at the base, in single precision, for one factor.

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
    used_bend : (N, S, 1) 1 - epsilon of the users of each input, weighted with their share in its expenditure
    final_bend : (N, 1, 1) 1 - kappa
    trade_bend : (1, S, 1) 1 - sigma
    rho : mobility of the factor, 0 for mobile
    radius : bound on the spectral radius of the two blocks
    price_wages, output_wages : (N, S, N) response of prices and outputs to each country's wage; mobile only
    wage_inverse : inverse of the reduced system in factor incomes, (N, N) where mobile, else (N S, N S)
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
    used_bend: Single
    final_bend: Single
    trade_bend: Single
    rho: float
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


def _demand(lin: Linear, price: Single, gap: Single, wage: Single, income: Single) -> tuple[Single, Single]:
    """Response of outputs (N, S, B) to prices and wages, outputs of users fixed, and of unit costs.

    ``gap`` is the residual of prices: the new prices of a sweep are ``price - gap``. ``wage`` is (N, S or 1, B),
    ``income`` (N, B).
    """
    index = np.matmul(lin.inputs, price)
    cost = lin.va * wage + (1.0 - lin.va) * index
    users = lin.bend * (index - cost) - lin.input_bend * index
    consumer = (lin.alpha * price).sum(1, keepdims=True)
    spending = (
        np.matmul(lin.users, users)
        + lin.used_bend * price
        + lin.final * (lin.final_bend * (price - consumer) + income[:, None, :])
    )
    shifted = spending - lin.trade_bend * (price - gap)
    return lin.trade_bend * cost + _over_origins(lin.sales, shifted), cost


def linearise(base: Accounts, parameters: Parameters) -> Linear:
    """Linearise at a base with one factor, mobile, specific or Roy.

    Parameters
    ----------
    base : accounts; taxes are left out of the derivative of income, which the iteration corrects
    parameters : elasticities

    Returns
    -------
    Linear
        Where the factor is not fully mobile the reduced system has a wage for every cell: a dense matrix of order
        N x S is built and inverted, seconds and 64 MB at 80 x 50, worth it for many shocks only.
    """
    lin = _shares(base, parameters)
    mobile = lin.rho == 0.0
    n, s, _ = lin.va.shape
    size = n if mobile else n * s
    columns = [_wage_columns(lin, range(start, min(start + 256, size))) for start in range(0, size, 256)]
    targets = np.concatenate([c[2] for c in columns], axis=-1).reshape(size, size)
    income = base.factor_income.sum((1, 2)) if mobile else base.factor_income[..., 0].ravel()
    # All wages together are the numeraire: the rank-one term removes that direction.
    system = np.eye(size, dtype=np.float32) - targets + (income / income.sum()).astype(np.float32)
    inverse = np.linalg.inv(system)
    if not mobile:
        return replace(lin, wage_inverse=inverse)
    price, output = (np.concatenate([c[j] for c in columns], axis=-1) for j in (0, 1))
    return replace(lin, price_wages=price, output_wages=output, wage_inverse=inverse)


def _wage_columns(lin: Linear, which: range) -> tuple[Single, Single, Single]:
    """Response of prices, outputs and factor-income targets to unit factor incomes of some cells or countries."""
    n, s, _ = lin.va.shape
    shape = (n, 1) if lin.rho == 0.0 else (n, s)
    unit = np.zeros((shape[0] * shape[1], len(which)), dtype=np.float32)
    unit[list(which), range(len(which))] = 1.0
    zero = np.zeros((n, s, len(which)), dtype=np.float32)
    return _respond(lin, zero, zero, unit.reshape(*shape, -1))


def _respond(lin: Linear, price: Single, output: Single, factor: Single) -> tuple[Single, Single, Single]:
    """Solve prices and outputs for their residuals and given factor incomes (N, S or 1, B); targets of the latter."""
    wage, income = _wages(lin, factor)
    first = _price_solve(lin, price + _over_origins(lin.pi, np.asarray(lin.va * wage)))
    forced, cost = _demand(lin, first, price, wage, income)
    second = _output_solve(lin, output + forced)
    cells = lin.bend * (wage - cost) + second - output
    return first, second, (lin.earned * cells).sum(1, keepdims=True) if lin.rho == 0.0 else cells


def _wages(lin: Linear, factor: Single) -> tuple[Single, Single]:
    """Wages (N, S or 1, B) and incomes (N, B) that go with factor incomes: equation (2.14) in logs."""
    if lin.rho == 0.0:
        return factor, factor[:, 0]
    income = (lin.earned * factor).sum(1)
    return np.float32(lin.rho) * factor + np.float32(1.0 - lin.rho) * income[:, None, :], income


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
        used_bend=np.matmul(single(users), single(1.0 - parameters.epsilon)[..., None]),
        final_bend=single(1.0 - parameters.kappa)[:, None, None],
        trade_bend=single(1.0 - parameters.sigma)[None, :, None],
        rho=float(parameters.mobility[0]),
        radius=min(0.9, 1.25 * cost_radius),
        price_wages=empty,
        output_wages=empty,
        wage_inverse=np.eye(n, dtype=np.float32),
    )


def newton_step(lin: Linear, price: Single, output: Single, factor: Single) -> tuple[Single, Single, Single]:
    """Return the approximate Newton step.

    Parameters
    ----------
    lin : linearised base
    price, output : (N, S, B) residuals
    factor : (N, B) residuals of factor incomes where the factor is mobile, else (N, S, B)

    Returns
    -------
    steps of the same shapes
    """
    mobile = lin.rho == 0.0
    given = factor[:, None, :] if mobile else factor
    first, second, target = _respond(lin, price, output, np.zeros_like(given))
    reduced = given + target
    wages = (lin.wage_inverse @ reduced.reshape(-1, reduced.shape[-1])).reshape(reduced.shape)
    if not mobile:
        first, second, _ = _respond(lin, price, output, wages)
        return first, second, wages
    flat = wages[:, 0]
    return first + np.matmul(lin.price_wages, flat), second + np.matmul(lin.output_wages, flat), flat
