"""The equations linearised at the base, and an approximate inverse that is cheap for many right-hand sides.

For ``T(x)`` the targets that one sweep implies, a Newton step at the base solves ``(I - L) d = T(x) - x`` with
``L`` the derivative of ``T``. Prices answer to wages and themselves only, outputs to prices, wages and
themselves: the two large blocks are solved by a few Chebyshev steps with products of the shares (their spectral
radius is the share of inputs in cost, well below one), and wages by one dense matrix. That matrix is built with many
more steps than a Newton step takes: small eigenvalues of it would otherwise blow up what the few steps leave over.
Everything is in single precision: it steers the iteration and does not decide where it ends.

The shares and what follows from them belong to the base. Elasticities enter only through :class:`Bends`, linearly, so
that many sets of them, draws, share all large arrays.

Arrays carry the batch on the last axis: (country, sector, batch).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.kept import Keep, digest
from suasion.equilibrium.types import Parameters

Single = NDArray[np.float32]

#: Chebyshev steps of the price and output blocks in a Newton step; the error falls to a tenth of a per cent, below the
#: distance of a shocked economy from its base. With six, specific factors take two iterations more.
STEPS = 8
#: The same when the reduced system is built: to the digits of single precision.
BUILD_STEPS = 20
#: Right-hand sides that are solved together when the reduced system is built.
COLUMNS = 256
#: Reduced systems of this order and above take seconds to build and are kept on disk.
LARGE = 1000


@dataclass(frozen=True, slots=True)
class Bends:
    """One less the elasticities, one set (last axis 1) or one for each shock of a batch (last axis B).

    Attributes
    ----------
    cost : (N, S, B) 1 - theta
    inputs : (N, S, B) 1 - epsilon
    used : (N, S, B) 1 - epsilon of the users of each input, weighted with their share in its expenditure
    final : (N, 1, B) 1 - kappa
    trade : (1, S, B) 1 - sigma
    """

    cost: Single
    inputs: Single
    used: Single
    final: Single
    trade: Single

    def keep(self, which: NDArray[np.bool_]) -> Bends:
        """Return the sets of the shocks that stay; a set that all share stays."""
        parts = (self.cost, self.inputs, self.used, self.final, self.trade)
        return self if self.final.shape[-1] == 1 else Bends(*(part[..., which] for part in parts))


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
    made : (N, S, 1) one where the cell produces, else zero: an idle cell has nothing to respond with
    bends : elasticities
    rho : mobility of the factor, 0 for mobile
    radius : bound on the spectral radius of the two blocks
    price_wages : (N, S, N) response of prices to each country's wage; mobile only
    income_outputs : (N, N S) response of each country's factor income to what its outputs are driven by; mobile only
    system : (N, N) the reduced system in wages; mobile only
    inverse : of the reduced system, (N, N) or (B, N, N) where the factor is mobile, else (N S, N S)
    """

    pi: Single
    sales: Single
    inputs: Single
    users: Single
    va: Single
    final: Single
    alpha: Single
    earned: Single
    made: Single
    bends: Bends
    rho: float
    radius: float
    price_wages: Single
    income_outputs: Single
    system: Single
    inverse: Single

    @property
    def mobile(self) -> bool:
        """Whether one wage per country is enough."""
        return self.rho == 0.0

    def keep(self, which: NDArray[np.bool_]) -> Linear:
        """Return what the shocks that stay need."""
        inverse = self.inverse[which] if self.inverse.ndim == 3 else self.inverse
        return replace(self, bends=self.bends.keep(which), inverse=inverse)


def over_origins(matrix: Single, values: Single) -> Single:
    """Product over countries for every sector: (S, N, N) with (N, S, B)."""
    return np.asarray(np.matmul(matrix, values.transpose(1, 0, 2)).transpose(1, 0, 2))


def _chebyshev(apply: Callable[[Single], Single], right: Single, radius: float, steps: int) -> Single:
    """Solve ``(I - A) x = right`` with the spectrum of A in [0, radius]."""
    centre, half = 1.0 - 0.5 * radius, 0.5 * radius
    x = right / np.float32(centre)
    step, scale = x, 1.0 / centre
    for j in range(1, steps):
        residual = apply(x)
        residual -= x
        residual += right
        factor = (half * scale) ** 2 * (0.5 if j == 1 else 0.25)
        scale = 1.0 / (centre - factor / scale)
        residual *= np.float32(scale)
        step = residual + np.float32(factor) * step
        x = x + step
    return x


def _price_solve(lin: Linear, right: Single, steps: int) -> Single:
    """Prices (N, S, B) that answer to a residual, wages fixed."""
    weight = 1.0 - lin.va
    return _chebyshev(
        lambda p: over_origins(lin.pi, weight * np.matmul(lin.inputs, p)), right, lin.radius, steps
    )


def _output_solve(lin: Linear, right: Single, steps: int) -> Single:
    """Outputs (N, S, B) that answer to a residual, prices and wages fixed."""
    return _chebyshev(lambda y: over_origins(lin.sales, np.matmul(lin.users, y)), right, lin.radius, steps)


def _demand(lin: Linear, price: Single, gap: Single, wage: Single, income: Single) -> tuple[Single, Single]:
    """Response of outputs (N, S, B) to prices and wages, outputs of users fixed, and of unit costs.

    ``gap`` is the residual of prices: the new prices of a sweep are ``price - gap``. ``wage`` is (N, S or 1, B),
    ``income`` (N, B). Linear in the bends, but for the part of ``income``.
    """
    bends = lin.bends
    index = np.matmul(lin.inputs, price)
    cost = lin.va * wage + (1.0 - lin.va) * index
    users = bends.cost * (index - cost) - bends.inputs * index
    consumer = (lin.alpha * price).sum(1, keepdims=True)
    spending = (
        np.matmul(lin.users, users)
        + bends.used * price
        + lin.final * (bends.final * (price - consumer) + income[:, None, :])
    )
    shifted = spending - bends.trade * (price - gap)
    return lin.made * (bends.trade * cost) + over_origins(lin.sales, shifted), cost


def bends_of(users: Single, parameters: Sequence[Parameters]) -> Bends:
    """Lay elasticities side by side.

    Parameters
    ----------
    users : (N, S, S) composition of expenditure (input, user)
    parameters : one set, or one for each shock

    Returns
    -------
    Bends
    """

    def single(name: str) -> Single:
        return np.stack([1.0 - getattr(p, name) for p in parameters], axis=-1).astype(np.float32)

    inputs = single("epsilon")
    used = np.matmul(users, inputs)
    return Bends(single("theta"), inputs, used, single("kappa")[:, None], single("sigma")[None])


def linearise(base: Accounts, parameters: Parameters, keep: Keep | None = None) -> Linear:
    """Linearise at a base with one factor, mobile, specific or Roy.

    Parameters
    ----------
    base : accounts; taxes are left out of the derivative of income, which the iteration corrects
    parameters : elasticities
    keep : where a large reduced system is kept for later; None builds it anew

    Returns
    -------
    Linear
        Where the factor is not fully mobile the reduced system has a wage for every cell: a dense matrix of order
        N x S is built and inverted, seconds and 64 MB at 80 x 50, worth it for many shocks only.
    """
    lin = _shares(base, parameters)
    if lin.mobile:
        return _with_wages(lin, base)
    n, s, _ = lin.va.shape

    def build() -> Single:
        starts = range(0, n * s, COLUMNS)
        columns = [_wage_columns(lin, range(start, min(start + COLUMNS, n * s))) for start in starts]
        targets = np.concatenate(columns, axis=-1).reshape(n * s, n * s)
        income = base.factor_income[..., 0].ravel()
        return np.linalg.inv(_closed(targets, income))

    if keep is None or n * s < LARGE:
        return replace(lin, inverse=build())
    return replace(lin, inverse=keep(reduced_name(base, parameters), build, n * s))


def reduced_name(base: Accounts, parameters: Parameters) -> str:
    """Name of the file that keeps a large reduced system: a hash of all that it depends on."""
    arrays = (base.pi, base.output, base.va_share, base.input_share, base.final_share, base.tariff)
    elastic = (parameters.sigma, parameters.theta, parameters.epsilon, parameters.kappa, parameters.mobility)
    return f"reduced-{digest(*arrays, *elastic, BUILD_STEPS)}"


def _closed(targets: Single, income: NDArray[np.float64]) -> Single:
    """Identity less the derivative. All wages together are the numeraire: a rank-one term removes that direction."""
    eye = np.eye(income.size, dtype=np.float32)
    return np.asarray(eye - targets + (income / income.sum()).astype(np.float32))


def _wage_columns(lin: Linear, which: range) -> Single:
    """Response of factor-income targets (N, S, B) to unit factor incomes of some cells."""
    n, s, _ = lin.va.shape
    unit = np.zeros((n * s, len(which)), dtype=np.float32)
    unit[list(which), range(len(which))] = 1.0
    zero = np.zeros((n, s, len(which)), dtype=np.float32)
    return _respond(lin, zero, zero, unit.reshape(n, s, -1), BUILD_STEPS)[2]


def _respond(
    lin: Linear, price: Single, output: Single, factor: Single, steps: int = STEPS
) -> tuple[Single, Single, Single]:
    """Solve prices and outputs for their residuals and given factor incomes (N, S, B); targets of the latter."""
    income = (lin.earned * factor).sum(1)
    wage = np.float32(lin.rho) * factor + np.float32(1.0 - lin.rho) * income[:, None, :]  # (2.14) in logs
    first = _price_solve(lin, price + over_origins(lin.pi, np.asarray(lin.va * wage)), steps)
    forced, cost = _demand(lin, first, price, wage, income)
    second = _output_solve(lin, output + forced, steps)
    return first, second, lin.made * (lin.bends.cost * (wage - cost)) + second - output


def _with_wages(lin: Linear, base: Accounts) -> Linear:
    """Add the responses to a wage per country: prices forwards, factor income by the transposed output block."""
    n, s, _ = lin.va.shape
    own = np.eye(n, dtype=np.float32)[:, None, :]
    prices = _price_solve(lin, over_origins(lin.pi, lin.va * own), BUILD_STEPS)
    back, buyers = lin.sales.transpose(0, 2, 1), lin.users.transpose(0, 2, 1)
    earned = np.ascontiguousarray(lin.earned * own)
    drives = _chebyshev(lambda z: np.matmul(buyers, over_origins(back, z)), earned, lin.radius, BUILD_STEPS)
    incomes = np.ascontiguousarray(drives.transpose(2, 0, 1)).reshape(n, n * s)
    lin = replace(lin, price_wages=np.ascontiguousarray(prices), income_outputs=incomes)
    system = _closed(income_targets(lin, lin.bends, 1.0), base.factor_income.sum((1, 2)))
    return replace(lin, system=system, inverse=np.linalg.inv(system))


def income_targets(lin: Linear, bends: Bends, spent: float) -> Single:
    """Response (N, N) of factor-income targets to a wage per country, its part in spending weighted with ``spent``."""
    n, s, _ = lin.va.shape
    wage = np.eye(n, dtype=np.float32)
    still = np.zeros((1, 1, 1), dtype=np.float32)
    drawn = replace(lin, bends=bends)
    forced, cost = _demand(drawn, lin.price_wages, still, wage[:, None], np.float32(spent) * wage)
    cells = lin.earned * bends.cost * (wage[:, None] - cost)
    return np.asarray(lin.income_outputs @ forced.reshape(n * s, n) + cells.sum(1))


def _shares(base: Accounts, parameters: Parameters) -> Linear:
    def single(array: NDArray[np.float64]) -> Single:
        return np.ascontiguousarray(array, dtype=np.float32)

    def ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.divide(top, bottom, out=np.zeros(np.broadcast(top, bottom).shape), where=bottom > 0)

    uses = ((1.0 - base.va_share) * base.output)[..., None] * base.input_share
    sales = ratio(base.receipts, base.output.T[:, None, :]).transpose(0, 2, 1)
    users = single(ratio(uses.transpose(0, 2, 1), base.expenditure[..., None]))
    empty = np.empty((0, 0), dtype=np.float32)
    lin = Linear(
        pi=single(base.pi),
        sales=single(sales),
        inputs=single(base.input_share),
        users=users,
        va=single(base.va_share[..., None]),
        final=1.0 - users.sum(2, keepdims=True),
        alpha=single(base.final_share[..., None]),
        earned=single(ratio(base.factor_income.sum(2), base.factor_income.sum((1, 2))[:, None])[..., None]),
        made=(base.output > 0).astype(np.float32)[..., None],
        bends=bends_of(users, [parameters]),
        rho=float(parameters.mobility[0]),
        radius=0.0,
        price_wages=empty,
        income_outputs=empty,
        system=empty,
        inverse=empty,
    )
    return replace(lin, radius=_radius(lin))


def _radius(lin: Linear) -> float:
    """Largest eigenvalue of the price block by power iteration, a little enlarged; that of outputs is the same."""
    weight, vector, growth = 1.0 - lin.va, np.ones_like(lin.va), 0.0
    for _ in range(40):
        vector = over_origins(lin.pi, weight * np.matmul(lin.inputs, vector))
        growth = float(vector.max())
        if growth <= 0.0:
            return 0.1
        vector = vector / np.float32(growth)
    return min(0.95, 1.02 * growth + 0.01)


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
    if lin.mobile:
        return _mobile_step(lin, price, output, factor)
    size = price.shape[2]
    target = _respond(lin, price, output, np.zeros_like(factor))[2]
    wages = (lin.inverse @ (factor + target).reshape(-1, size)).reshape(factor.shape)
    first, second, _ = _respond(lin, price, output, wages)
    return first, second, wages


def _mobile_step(lin: Linear, price: Single, output: Single, factor: Single) -> tuple[Single, Single, Single]:
    """Newton step with a wage per country: prices once, wages, outputs once."""
    n, s, size = price.shape
    first = _price_solve(lin, price, STEPS)
    still = np.zeros_like(factor)
    forced, cost = _demand(lin, first, price, still[:, None], still)
    forced += output
    reduced = factor + lin.income_outputs @ forced.reshape(n * s, size)
    reduced -= (lin.earned * (lin.bends.cost * cost + output)).sum(1)
    # (N, N), or one for each shock of a batch
    inverse = lin.inverse
    wages = inverse @ reduced if inverse.ndim == 2 else np.matmul(inverse, reduced.T[..., None])[..., 0].T
    first = first + (lin.price_wages.reshape(n * s, n) @ wages).reshape(first.shape)
    forced, _ = _demand(lin, first, price, wages[:, None], wages)
    return first, _output_solve(lin, output + forced, STEPS), wages
