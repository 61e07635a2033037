"""The equations linearised at the base, and an approximate inverse that is cheap for many right-hand sides.

For ``T(x)`` the targets that one sweep implies, a Newton step at the base solves ``(I - L) d = T(x) - x`` with
``L`` the derivative of ``T``. Prices answer to wages and themselves only, outputs to prices, wages and
themselves. Where the factor is mobile the two large blocks are solved as :mod:`suasion.equilibrium.borders` says, and
the wage of every country by one dense matrix. That matrix is built with more steps than a Newton step takes: small
eigenvalues of it would otherwise blow up what the few steps leave over. Where the factor is not mobile every cell has a
wage, and the step is that of two families of small systems, :mod:`suasion.equilibrium.blocks`. Everything is in
single precision: it steers the iteration and does not decide where it ends.

The shares and what follows from them belong to the base. Elasticities enter only through :class:`Bends`, linearly, so
that many sets of them, draws, share all large arrays.

Arrays carry the batch on the last axis: (country, sector, batch).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.blocks import Blocks, Parts, invert
from suasion.equilibrium.borders import (
    BUILD_ERROR,
    ERROR,
    Abroad,
    abroad_of,
    block_solve,
    chebyshev,
    over_origins,
    radius_of,
)
from suasion.equilibrium.elasticities.bends import Bends, Single, bends_of
from suasion.equilibrium.types import Parameters
from suasion.quotient import over


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
    rho : (B,) mobility of the factor, one or one for each shock; 0 for mobile
    abroad : of prices and of outputs, what is left where each country's own linkages are solved exactly
    radius : bound on the spectral radius of what is left
    price_wages : (N, S, N) response of prices to each country's wage; mobile only
    demand_wages : (N S, N) response of demand to each country's wage; None where elasticities differ in a batch
    income_outputs : (N, N S) response of each country's factor income to what its outputs are driven by; mobile only
    system : (N, N) the reduced system in wages; mobile only
    inverse : of the reduced system, (N, N) or (B, N, N); mobile only
    countries, goods : blocks of the industries of a country and of the producers of a good; None where mobile
    capital : (N, 1, 1) share of capital in value added, at the price of final use; None where there is none
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
    rho: Single
    abroad: tuple[Abroad, ...]
    radius: float
    price_wages: Single
    demand_wages: Single | None
    income_outputs: Single
    system: Single
    inverse: Single
    countries: Blocks | None = None
    goods: Blocks | None = None
    capital: Single | None = None

    @property
    def mobile(self) -> bool:
        """Whether one wage per country is enough."""
        return not self.rho.any()

    def keep(self, which: NDArray[np.bool_]) -> Linear:
        """Return what the shocks that stay need."""
        inverse = self.inverse[which] if self.inverse.ndim == 3 else self.inverse
        countries, goods = (None if b is None else b.keep(which) for b in (self.countries, self.goods))
        rho = self.rho[which] if self.rho.size > 1 else self.rho
        return replace(
            self, bends=self.bends.keep(which), rho=rho, inverse=inverse, countries=countries, goods=goods
        )


def _price_solve(lin: Linear, right: Single, error: float) -> Single:
    """Prices (N, S, B) that answer to a residual, wages fixed."""
    return block_solve(lin.abroad[0], right, lin.radius, error)


def _cost_of_goods(lin: Linear) -> Single:
    """Response of unit costs (N, S, S) to prices, wages fixed: of inputs, and of capital where its stock adjusts."""
    cost = (1.0 - lin.va) * lin.inputs
    return cost if lin.capital is None else np.asarray(cost + lin.va * lin.capital * lin.alpha.swapaxes(1, 2))


def consumer_of(lin: Linear, price: Single) -> Single:
    """Response of the price of final use (N, 1, B)."""
    return np.asarray((lin.alpha * price).sum(1, keepdims=True))


def above_cost(lin: Linear, wage: Single, index: Single, consumer: Single) -> tuple[Single, Single]:
    """Response of unit costs (N, S, B), and of the price of value added over them, to wages and the prices of inputs.

    lin: linearised base.
    wage: (N, S or 1, B).
    index, consumer: (N, S, B) price of inputs, and (N, 1, B) of final use, which is that of capital.
    """
    added = wage if lin.capital is None else (1.0 - lin.capital) * wage + lin.capital * consumer
    cost = (1.0 - lin.va) * index
    cost += lin.va * added
    return cost, added - cost


def _demand(lin: Linear, price: Single, gap: Single, wage: Single, income: Single) -> tuple[Single, Single]:
    """Response of outputs (N, S, B) to prices and wages, outputs of users fixed, and of value added over unit costs.

    ``gap`` is the residual of prices: the new prices of a sweep are ``price - gap``. ``wage`` is (N, S or 1, B),
    ``income`` (N, B). Linear in the bends, but for the part of ``income``.
    """
    bends = lin.bends
    index, consumer = np.matmul(lin.inputs, price), consumer_of(lin, price)
    cost, above = above_cost(lin, wage, index, consumer)
    users = bends.cost * (index - cost)
    index *= bends.inputs
    users -= index
    spending = np.matmul(lin.users, users)
    part = bends.final * (price - consumer)
    part += income[:, None, :]
    part *= lin.final
    spending += part
    spending += np.multiply(bends.used, price, out=part)
    np.subtract(price, gap, out=part)
    part *= bends.trade
    spending -= part
    sold = over_origins(lin.sales, spending)
    cost *= bends.trade
    cost *= lin.made
    sold += cost
    return sold, above


def linearise(base: Accounts, parameters: Parameters) -> Linear:
    """Linearise at a base with one factor, mobile, specific or Roy.

    base: accounts; taxes are left out of the derivative of income, which the iteration corrects.
    parameters: elasticities.
    """
    lin = _shares(base, parameters)
    if lin.mobile:
        abroad = (abroad_of(lin.pi, _cost_of_goods(lin)), abroad_of(lin.sales, lin.users))
        return _with_wages(replace(lin, abroad=abroad, radius=radius_of(abroad[0])), base)
    world = base.factor_income[..., 0] / base.factor_income.sum()
    closing = np.ascontiguousarray(world, dtype=np.float32)
    countries, goods = parts_of(lin)
    return replace(
        lin, countries=invert(countries, lin.bends, closing), goods=invert(goods, lin.bends, closing.T)
    )


def _closed(targets: Single, income: NDArray[np.float64]) -> Single:
    """Identity less the derivative. All wages together are the numeraire: a rank-one term removes that direction."""
    eye = np.eye(income.size, dtype=np.float32)
    return np.asarray(eye - targets + (income / income.sum()).astype(np.float32))


def parts_of(lin: Linear) -> tuple[Parts, Parts]:
    """Return what the blocks are made of: the industries of each country, and the producers of each good.

    The first have their linkages and the country's income, the second what they use of the good themselves.
    """
    one, eye = np.ones_like(lin.va), np.eye(lin.va.shape[1], dtype=np.float32)
    own = tuple(np.diagonal(m, axis1=1, axis2=2).T[..., None] for m in (lin.pi, lin.sales))
    consumer, income = (np.swapaxes(share, 1, 2) * one for share in (lin.alpha, lin.earned))
    countries = (own[0] * eye, own[1] * eye, lin.inputs, lin.users, consumer, income)
    each = np.eye(lin.va.shape[0], dtype=np.float32)
    held = [np.diagonal(m, axis1=1, axis2=2).T[..., None] * each for m in (lin.inputs, lin.users)]
    held += [share.swapaxes(0, 1) * each for share in (lin.alpha, lin.earned)]
    goods = (lin.pi, lin.sales, *held)
    return _parts(lin, _as_it_is, countries), _parts(lin, _by_good, goods)


def _as_it_is(array: Single) -> Single:
    return array


def _by_good(array: Single) -> Single:
    return array.swapaxes(0, 1)


def _parts(lin: Linear, pick: Callable[[Single], Single], matrices: tuple[Single, ...]) -> Parts:
    """Parts of a family from its matrices (G, K, K): shares, compositions, what prices and incomes average over."""
    source, sales, inputs, users, consumer, income = matrices
    rho = lin.rho[0]
    wage = rho * np.eye(income.shape[1], dtype=np.float32) + (1 - rho) * income
    va, final, made = pick(lin.va), pick(lin.final), pick(lin.made)
    return Parts(pick, source, sales, inputs, users, consumer, income, wage, va, final, made)


def _with_wages(lin: Linear, base: Accounts) -> Linear:
    """Add the responses to a wage per country: prices forwards, factor income by the transposed output block."""
    n, s, _ = lin.va.shape
    own = np.eye(n, dtype=np.float32)[:, None, :]
    paid = lin.va if lin.capital is None else lin.va * (1.0 - lin.capital)
    prices = _price_solve(lin, over_origins(lin.pi, paid * own), BUILD_ERROR)
    outputs = lin.abroad[1]
    back, buyers = outputs.trade.transpose(0, 2, 1), outputs.linkage.transpose(0, 2, 1)
    earned = np.matmul(buyers, outputs.own * lin.earned * own) + lin.earned * own
    drives = chebyshev(lambda z: np.matmul(buyers, over_origins(back, z)), earned, lin.radius, BUILD_ERROR)
    incomes = np.ascontiguousarray(drives.transpose(2, 0, 1)).reshape(n, n * s)
    lin = replace(lin, price_wages=np.ascontiguousarray(prices), income_outputs=incomes)
    targets, demand = income_targets(lin, lin.bends, 1.0)
    system = _closed(targets, base.factor_income.sum((1, 2)))
    return replace(lin, system=system, inverse=np.linalg.inv(system), demand_wages=demand)


def income_targets(lin: Linear, bends: Bends, spent: float) -> tuple[Single, Single]:
    """Response of factor-income targets (N, N), and of demand (N S, N), to a wage per country.

    ``spent`` weighs its part in spending.
    """
    n, s, _ = lin.va.shape
    wage = np.eye(n, dtype=np.float32)
    still = np.zeros((1, 1, 1), dtype=np.float32)
    drawn = replace(lin, bends=bends)
    forced, above = _demand(drawn, lin.price_wages, still, wage[:, None], np.float32(spent) * wage)
    cells = lin.earned * bends.cost * above
    demand = np.ascontiguousarray(forced).reshape(n * s, n)
    return np.asarray(lin.income_outputs @ demand + cells.sum(1)), demand


def _shares(base: Accounts, parameters: Parameters) -> Linear:
    def single(array: NDArray[np.float64]) -> Single:
        return np.ascontiguousarray(array, dtype=np.float32)

    sales = over(base.receipts, base.output.T[:, None, :]).transpose(0, 2, 1)
    users = single(over(base.uses.transpose(0, 2, 1), base.expenditure[..., None]))
    empty = np.empty((0, 0), dtype=np.float32)
    lin = Linear(
        pi=single(base.pi),
        sales=single(sales),
        inputs=single(base.input_share),
        users=users,
        va=single(base.va_share[..., None]),
        final=1.0 - users.sum(2, keepdims=True),
        alpha=single(base.final_share[..., None]),
        earned=single(over(base.factor_income.sum(2), base.factor_income.sum((1, 2))[:, None])[..., None]),
        made=(base.output > 0).astype(np.float32)[..., None],
        bends=bends_of(users, [parameters]),
        rho=parameters.mobility[:1].astype(np.float32),
        abroad=(),
        radius=0.0,
        price_wages=empty,
        demand_wages=None,
        income_outputs=empty,
        system=empty,
        inverse=empty,
        capital=None if parameters.capital is None else single(parameters.capital[:, None, None]),
    )
    return lin


def newton_step(lin: Linear, price: Single, output: Single, factor: Single) -> tuple[Single, Single, Single]:
    """Return the approximate Newton step.

    lin: linearised base.
    price, output: (N, S, B) residuals.
    factor: (N, B) residuals of factor incomes where the factor is mobile, else (N, S, B).
    """
    return (_mobile_step if lin.mobile else _cell_step)(lin, price, output, factor)


def _cell_step(lin: Linear, price: Single, output: Single, factor: Single) -> tuple[Single, Single, Single]:
    """Step of the countries' blocks, then of the goods' for what these leave."""
    assert lin.countries is not None
    assert lin.goods is not None
    first = lin.countries.solve(price, output, factor)
    left = [
        np.ascontiguousarray((gap + change).swapaxes(0, 1))
        for gap, change in zip((price, output, factor), _response(lin, *first), strict=True)
    ]
    price, output, factor = (a + b.swapaxes(0, 1) for a, b in zip(first, lin.goods.solve(*left), strict=True))
    return price, output, factor


def _response(lin: Linear, price: Single, output: Single, factor: Single) -> tuple[Single, Single, Single]:
    """Change of the gaps (N, S, B) when the unknowns move."""
    income = (lin.earned * factor).sum(1)
    wage = lin.rho * factor + (1 - lin.rho) * income[:, None, :]  # (2.14) in logs
    target = over_origins(lin.pi, lin.va * wage + (1.0 - lin.va) * np.matmul(lin.inputs, price))
    forced, above = _demand(lin, price, price - target, wage, income)
    sold = forced + over_origins(lin.sales, np.matmul(lin.users, output))
    paid = lin.made * (lin.bends.cost * above) + sold
    return target - price, sold - output, paid - factor


def _mobile_step(lin: Linear, price: Single, output: Single, factor: Single) -> tuple[Single, Single, Single]:
    """Newton step with a wage per country: prices once, wages, outputs once."""
    n, s, size = price.shape
    first = _price_solve(lin, price, ERROR)
    still = np.zeros_like(factor)
    forced, above = _demand(lin, first, price, still[:, None], still)
    forced += output
    reduced = factor + lin.income_outputs @ forced.reshape(n * s, size)
    reduced += (lin.earned * (lin.bends.cost * above - output)).sum(1)
    # (N, N), or one for each shock of a batch
    inverse = lin.inverse
    wages = inverse @ reduced if inverse.ndim == 2 else np.matmul(inverse, reduced.T[..., None])[..., 0].T
    first += (lin.price_wages.reshape(n * s, n) @ wages).reshape(first.shape)
    if lin.demand_wages is None:
        forced = output + _demand(lin, first, price, wages[:, None], wages)[0]
    else:
        forced += (lin.demand_wages @ wages).reshape(first.shape)
    return first, block_solve(lin.abroad[1], forced, lin.radius, ERROR), wages
