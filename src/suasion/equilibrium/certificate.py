"""An equilibrium checked in levels, by code of its own.

The solver works in changes and logs. Here the economy is rebuilt in levels with base prices of one: from the
final prices, wages and incomes alone every demand is recomputed by its textbook formula, and compared
with supply. Nothing is imported from the solver's equations, so that an error in them shows.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]  # not the package's own name: nothing of it is imported here

#: Largest gap of each kind that an answer may leave: the one place where it is set. The solver stops at 1e-11 in logs;
#: a gap of 1e-9 moves welfare by some 1e-10, far below any digit that is printed.
LIMIT = 1e-9

#: Distance of an elasticity from one below which the sum is written around one.
_NEAR_ONE = 0.01


@dataclass(frozen=True, slots=True)
class Switchers:
    """Base of the buyers who are free to change their suppliers.

    pi: (S, N, N) their sourcing shares.
    sigma: (S,) substitution among origins.
    share: (N, S) of purchases that is theirs.
    mu: (S,) substitution between being one of them and not.
    """

    pi: Numbers
    sigma: Numbers
    share: Numbers
    mu: Numbers


@dataclass(frozen=True, slots=True)
class Levels:
    """Base levels and final prices of an equilibrium.

    Attributes
    ----------
    pi, pi_zero : (S, N, N) base sourcing shares; flows that the shock forbids
    left : (S, N, N) what the shock leaves of the weight of each flow, or 1
    value_added, inputs, final : (N, S, F), (N, S, S), (N, S) base payments at user prices
    sigma, zeta, epsilon, eta, kappa, mobility : elasticities
    iceberg : (S, N, N) change of the iceberg factor, or 1 where none changes
    tariff, export_tax, base_tariff, base_export_tax : (S, N, N) rates, rents of limits included in the new ones, or 0
    productivity : (N, S) levels, base one
    endowments : (N,) endowments, base one
    transfer, income : (N,) final levels, million USD
    price : (N, S) producer price
    wage : (N, S, F)
    quantity : (N, S) output at base prices
    slack : complementarity gap of limits, zero without any
    switchers : buyers who are free to switch; ``pi`` and ``sigma`` are then those of the others
    capital : (N,) share of value added paid for capital, which grows until its rental is the price of final use
    """

    pi: Numbers
    pi_zero: NDArray[np.bool_]
    left: Numbers | float
    value_added: Numbers
    inputs: Numbers
    final: Numbers
    sigma: Numbers
    zeta: Numbers
    epsilon: Numbers
    eta: Numbers
    kappa: Numbers
    mobility: Numbers
    iceberg: Numbers | float
    tariff: Numbers | float
    export_tax: Numbers | float
    base_tariff: Numbers | float
    base_export_tax: Numbers | float
    productivity: Numbers
    endowments: Numbers
    transfer: Numbers
    income: Numbers
    price: Numbers
    wage: Numbers
    quantity: Numbers
    slack: float
    switchers: Switchers | None = None
    capital: Numbers | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """Gaps of a solution, recomputed in levels; all are pure numbers.

    Attributes
    ----------
    residual : the larger of ``market`` and ``budget``, the figure that tolerances refer to
    market : largest absolute log of demand over supply, over goods and factors
    budget : largest gap between spending and income of a country, relative to its own income
    zero_profit : largest absolute log of unit cost over price
    dropped_market : world excess demand that Walras' law leaves over, relative to world income
    complementarity : largest gap of a quota or cap between its wedge and its slack
    """

    residual: float
    market: float
    budget: float
    zero_profit: float
    dropped_market: float
    complementarity: float

    def to_dict(self) -> dict[str, float]:
        """Return the gaps by name."""
        return asdict(self)

    def shown(self, name: str) -> str:
        """Return a gap in print, in words where it is no finite number."""
        gap = float(getattr(self, name))
        return f"{gap:.0e}" if np.isfinite(gap) else "without a finite number"

    def failures(self, tolerance: float = LIMIT) -> tuple[str, ...]:
        """Return the names of the gaps that are no number or above the tolerance."""
        return tuple(name for name, gap in asdict(self).items() if not gap <= tolerance)

    def ok(self, tolerance: float = LIMIT) -> bool:
        """Whether every gap is a number within the tolerance."""
        return not self.failures(tolerance)


def _ces_price(share: Numbers, price: Numbers, elasticity: Numbers) -> Numbers:
    """Return unit cost over the last axis."""
    power = 1.0 - elasticity
    near = np.broadcast_to(np.abs(power) < _NEAR_ONE, share.shape[:-1])
    total = np.einsum("...k,...k->...", share, price ** power[..., None])
    cost = np.asarray(total ** (1.0 / np.where(np.abs(power) < _NEAR_ONE, 1.0, power)))
    if near.any():
        at = np.broadcast_to(price, share.shape)[near], np.broadcast_to(power, near.shape)[near]
        cost[near] = _cost_near_one(share[near], *at)
    return cost


def _cost_near_one(share: Numbers, price: Numbers, power: Numbers) -> Numbers:
    """Return unit cost where the root of a sum close to one would magnify its last digit; the geometric mean at one."""
    safe = np.where(power == 0.0, 1.0, power)
    logs = np.log(price)
    change = (share * np.expm1(safe[..., None] * logs)).sum(-1)
    return np.asarray(np.exp(np.where(power == 0.0, (share * logs).sum(-1), np.log1p(change) / safe)))


def _quotient(top: Numbers, bottom: Numbers) -> Numbers:
    return np.asarray(np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1.0), 0.0))


def _largest(*gaps: float) -> float:
    """Return the largest gap; NaN where one is, which :func:`max` would drop unless it came first."""
    return float(np.max(gaps))


def _shares(parts: Numbers, total: Numbers) -> Numbers:
    """Return parts of a total over the last axis; none has a share of nothing."""
    return parts * _quotient(np.ones_like(total), total)[..., None]


def _log_gap(demand: Numbers, supply: Numbers) -> float:
    live = (demand != 0) | (supply != 0)  # NaN included: it differs from zero
    if np.any(live & ((demand <= 0) | (supply <= 0))):
        return float("inf")
    return float(np.abs(np.log(demand[live] / supply[live])).max(initial=0.0))


def certify(levels: Levels) -> Certificate:
    """Rebuild every demand in levels from final prices and compare it with supply.

    levels: base levels, elasticities, and the final prices, wages, incomes and quantities to be judged.
    """
    spending, good_price = _sourcing(levels)
    cost, labour_payments, input_quantity = _production(levels, good_price)
    final_quantity = _final_demand(levels, good_price)
    bought = good_price * (input_quantity + final_quantity)  # (N, S) spending
    spent, by_importer, by_exporter, sales = _by_side(levels, spending, bought)
    revenue = spent - by_importer + by_exporter - sales.sum(0)
    sold = _quotient(sales.T, levels.price)
    wages_paid = labour_payments.sum((1, 2))
    astray = np.abs(wages_paid + revenue + levels.transfer - levels.income)
    budget = np.divide(astray, levels.income, out=np.full_like(astray, np.inf), where=levels.income > 0)
    market = _largest(_log_gap(sold, levels.quantity), _factor_gap(levels, labour_payments))
    profit = _log_gap(
        np.where(levels.quantity > 0, cost, 0.0), np.where(levels.quantity > 0, levels.price, 0.0)
    )
    excess = by_importer - by_exporter - levels.transfer
    return Certificate(
        residual=_largest(market, float(budget.max())),
        market=market,
        budget=float(budget.max()),
        zero_profit=profit,
        dropped_market=float(np.abs(excess).max() / levels.income.sum()),
        complementarity=levels.slack,
    )


def _sourcing(levels: Levels) -> tuple[Numbers, Numbers]:
    """Return the sourcing shares (S, N, N) and the price of each good (N, S)."""
    locked, price = _one_mode(levels, levels.pi, levels.sigma)
    other = levels.switchers
    if other is None:
        return locked, price
    free, free_price = _one_mode(levels, other.pi, other.sigma)
    power = 1.0 - other.mu
    worth = (1.0 - other.share) * price**power + other.share * free_price**power
    index = worth ** (1.0 / power)
    kept = (1.0 - other.share) * (price / index) ** power
    switched = other.share * (free_price / index) ** power
    locked *= kept.T[..., None]
    free *= switched.T[..., None]
    locked += free
    return locked, index


def _one_mode(levels: Levels, pi: Numbers, sigma: Numbers) -> tuple[Numbers, Numbers]:
    """Return the shares (S, N, N) and the price (N, S) of buyers with one elasticity."""
    wedge = levels.iceberg
    if levels.tariff is not levels.base_tariff:
        wedge = wedge * (1.0 + levels.tariff) / (1.0 + levels.base_tariff)
    if levels.export_tax is not levels.base_export_tax:
        wedge = wedge * (1.0 + levels.export_tax) / (1.0 + levels.base_export_tax)
    weight, price = np.empty_like(pi), np.ones(pi.shape[:2])
    for k, page in enumerate(weight):  # page by page: what fits into the cache is read from memory once
        power = 1.0 - sigma[k]
        np.multiply(pi[k], ~levels.pi_zero[k], out=page)
        if isinstance(levels.left, np.ndarray):
            page *= levels.left[k]
        if isinstance(wedge, np.ndarray):
            _raise(page, wedge[k], power)
        page *= levels.price[:, k] ** power
        total = page.sum(1)
        page *= _quotient(np.ones_like(total), total)[:, None]
        price[k] = np.where(total > 0, np.where(total > 0, total, 1.0) ** (1.0 / power), 1.0)
    return weight, price.T


def _raise(share: Numbers, wedge: Numbers, power: float) -> None:
    """Multiply shares by the change of their wedge to a power; most flows have none, and stay as they are."""
    moved = (wedge != 1.0) & (share > 0)
    share[moved] *= wedge[moved] ** power


def _by_side(levels: Levels, share: Numbers, bought: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Return what importers spend, what of that reaches the border by importer and exporter (N,), and sales (S, N).

    share: sourcing shares (S, N, N), which become receipts of producers in their place.
    bought: spending (N, S).
    """
    spent, by_importer, by_exporter = np.zeros((3, len(bought)))
    sales = np.empty(share.shape[:2])
    for k, page in enumerate(share):
        page *= bought[:, k, None]
        spent += page.sum(1)
        _take_tax(page, levels.tariff, k)
        by_importer += page.sum(1)
        by_exporter += page.sum(0)
        _take_tax(page, levels.export_tax, k)
        sales[k] = page.sum(0)
    return spent, by_importer, by_exporter, sales


def _take_tax(flow: Numbers, rate: Numbers | float, k: int) -> None:
    """Take taxes of a good out of flows (N, N)."""
    if isinstance(rate, np.ndarray):
        flow /= 1.0 + rate[k]


def _production(levels: Levels, good_price: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return unit cost, factor payments (N, S, F) and input quantities (N, input) at base prices."""
    factor_total, input_total = levels.value_added.sum(2), levels.inputs.sum(2)
    worth = factor_total + input_total
    phi, g = _shares(levels.value_added, factor_total), _shares(levels.inputs, input_total)
    wage = np.where(levels.value_added > 0, levels.wage, 1.0)
    nest = np.where(factor_total > 0, _ces_price(phi, wage, levels.eta), 1.0)
    dearer = _by_capital(levels, good_price, nest)
    v = nest * dearer
    alike = (levels.epsilon == levels.epsilon[:, :1]).all()  # then each price has one power, not one a user
    epsilon = levels.epsilon[:, :1] if alike else levels.epsilon
    m = np.where(input_total > 0, _ces_price(g, good_price[:, None, :], epsilon), 1.0)
    pair = np.stack([_quotient(factor_total, worth), _quotient(input_total, worth)], axis=-1)
    bundle = np.where(worth > 0, _ces_price(pair, np.stack([v, m], axis=-1), levels.zeta), 1.0)
    activity = levels.quantity / levels.productivity  # bundles used
    factors = activity * pair[..., 0] * (bundle / v) ** levels.zeta
    inputs = activity * pair[..., 1] * (bundle / m) ** levels.zeta
    hired = (factors * dearer)[..., None]
    paid = hired * phi * (nest[..., None] / wage) ** levels.eta[..., None] * wage
    if alike:
        used = good_price**-epsilon * np.einsum("nsk,ns->nk", g, inputs * m**epsilon)
    else:
        used = (g * (inputs * m**epsilon)[..., None] * good_price[:, None, :] ** -epsilon[..., None]).sum(1)
    return bundle / levels.productivity, paid, used


def _by_capital(levels: Levels, good_price: Numbers, labour: Numbers) -> Numbers:
    """Price of value added over that of labour (N, S): capital has its share in it, at the price of final use."""
    if levels.capital is None:
        return np.ones_like(labour)
    rental, share = _final_index(levels, good_price)[1][:, None], levels.capital[:, None]
    return np.asarray((rental / labour) ** share)


def _final_index(levels: Levels, good_price: Numbers) -> tuple[Numbers, Numbers]:
    """Return the composition of final use (N, S) and its price index (N,)."""
    alpha = levels.final / levels.final.sum(1, keepdims=True)
    return alpha, _ces_price(alpha, good_price, levels.kappa)


def _final_demand(levels: Levels, good_price: Numbers) -> Numbers:
    alpha, index = _final_index(levels, good_price)
    real = levels.income / index
    return np.asarray(real[:, None] * alpha * (index[:, None] / good_price) ** levels.kappa[:, None])


def _factor_gap(levels: Levels, paid: Numbers) -> float:
    """Factor demand against supply: pooled per country, per cell, or by the Roy supply curve."""
    found = [0.0]
    for f, rho in enumerate(levels.mobility):
        base, wage, payments = levels.value_added[..., f], levels.wage[..., f], paid[..., f]
        if rho == 0.0:
            supply = base.sum(1) * levels.endowments
            found.append(_log_gap((payments / wage).sum(1), supply))
            continue
        r = 1.0 / rho
        live = levels.quantity > 0
        total = base.sum(1)
        share = _shares(base, total)
        # Relative to the country's best wage, so that a large r overflows nowhere.
        best = np.where(live, wage, 0.0).max(1, keepdims=True)
        weight = np.where(live, share * (np.where(live, wage, best) / best) ** r, 0.0)
        index = weight.sum(1)
        # Earnings of the workers who choose a sector are their share of the mass times the common mean.
        earned = (total * levels.endowments * index ** (rho - 1.0))[:, None] * best * weight
        found.append(_log_gap(payments, earned))
    return _largest(*found)
