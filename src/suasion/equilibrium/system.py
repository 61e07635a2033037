"""The equations of the world economy in changes, as one map whose fixed point is the equilibrium.

The unknowns are, in logs of hats: user prices P (N, S), outputs Y (N, S), factor incomes u, per
country (N, F) when every factor is mobile and per cell (N, S, F) otherwise, and one non-negative
multiplier for each quota or cap. One sweep evaluates equations (2.5)-(2.11) in order: unit costs from old
prices, new prices and sourcing shares, spending, market clearing, factor incomes. Shares always sum to one,
so world accounts balance at every sweep, not only at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.ces import index_log_price, log_of_sum, two_input_log_price
from suasion.equilibrium.modes import Modes
from suasion.equilibrium.problem import Problem, Weights
from suasion.types import FloatArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Unknowns:
    """The state of the iteration, logs of changes."""

    price: Array  # (N, S)
    output: Array  # (N, S)
    factor: Array  # (N, F) or (N, S, F)
    multiplier: Array  # (M,)

    def joined(self) -> Array:
        """Return one vector (..., D)."""
        first = self.price.shape[:-2]
        parts = (self.price, self.output, self.factor, self.multiplier)
        return np.concatenate([part.reshape(*first, -1) for part in parts], axis=-1)


@dataclass(frozen=True, slots=True)
class Costs:
    """Producers' side: logs of hats (N, S), and the new split of cost.

    wage: (N, S, F) log w.
    value_added, inputs, unit: log v, log m, log c.
    value_added_share, input_share: a' and 1 - a'.
    factor_share: (N, S, F) phi'.
    """

    wage: Array
    value_added: Array
    inputs: Array
    unit: Array
    value_added_share: Array
    input_share: Array
    factor_share: Array


@dataclass(frozen=True, slots=True)
class Sweep:
    """What one evaluation of the equations yields; hats in logs, levels in million USD.

    costs: producers' side.
    price: (N, S) log P from the new costs.
    modes: ways of buying each good.
    cost_power: (K, N) c^(1-sigma).
    share: (K, N) of each mode in the purchases of the good, or None where each sector has one.
    inverse: (K, N) share over the sum of weights, so that pi' = sum over modes of q cost_power inverse.
    weights: taxes and weights after quotas.
    expenditure, receipts: (N, S) E' and Y'.
    final_share: (N, S) alpha'.
    income, transfer: (N,) I' and D'.
    payments: (N, S, F) a' phi' Y'.
    """

    costs: Costs
    price: Array
    modes: Modes
    cost_power: Array
    share: Array | None
    inverse: Array
    weights: Weights
    expenditure: Array
    receipts: Array
    final_share: Array
    income: Array
    transfer: Array
    payments: Array

    @property
    def pi(self) -> Array:
        """(S, N, N) new sourcing shares."""
        pages = self.weights.gross * self.cost_power[:, None, :] * self.inverse[..., None]
        return np.asarray(self.modes.gathered(pages))

    @property
    def flows(self) -> Array:
        """(S, N, N) new flows at basic prices, importer by exporter; their sum over importers is ``receipts``."""
        return np.asarray(self.modes.gathered(self.weights.net * self.scale))

    @property
    def scale(self) -> Array:
        """(K, N, N) purchases at user prices in each mode, per unit of weight."""
        spent = self.inverse * self.modes.pages(self.expenditure.T)
        return np.asarray(spent[..., None] * self.cost_power[:, None, :])

    def shipped(self, k: Array, n: Array, i: Array) -> Array:
        """Receipts of some flows: sector, importer, exporter."""
        cells = np.stack([k, n, i])
        second, which = self.modes.switched(cells)
        value: Array = self._received(cells)
        np.add.at(value, which, self._received(second))
        return value

    def _received(self, cells: Array) -> Array:
        k, n, i = cells
        power = self.weights.net[k, n, i] * self.cost_power[k, i]
        return np.asarray(power * self.inverse[k, n] * self.expenditure[n, self.modes.good[k]])


def split(problem: Problem, x: Array) -> Unknowns:
    """Cut a vector of unknowns (..., D) into its parts."""
    n, s = problem.base.output.shape
    f, first = problem.base.factor_share.shape[2], x.shape[:-1]
    shape = (n, f) if problem.pooled else (n, s, f)
    cells, size = n * s, int(np.prod(shape))
    return Unknowns(
        price=x[..., :cells].reshape(*first, n, s),
        output=x[..., cells : 2 * cells].reshape(*first, n, s),
        factor=x[..., 2 * cells : 2 * cells + size].reshape(*first, *shape),
        multiplier=x[..., 2 * cells + size :],
    )


def start_vector(problem: Problem) -> Array:
    """Return the unknowns of the base: nothing has changed."""
    n, s = problem.base.output.shape
    f = problem.base.factor_share.shape[2]
    factors = n * f * (1 if problem.pooled else s)
    constraints = 0 if problem.limits is None else problem.limits.bound.size
    return np.zeros(2 * n * s + factors + constraints)


def trade_weights(problem: Problem, multiplier: Array) -> Weights:
    """Return weights after the wedges of binding quotas and caps."""
    before, limits, modes = problem.weights, problem.limits, problem.modes
    if limits is None:
        return before
    second, which = modes.switched(limits.cells)
    where = np.concatenate([np.arange(limits.cells.shape[1]), which])
    mu, ours = multiplier[limits.constraint][where], limits.to_importer[where]
    k, n, i = np.concatenate([limits.cells, second], axis=1)
    sector = modes.good[k]
    tariff, export_tax = (
        np.ones(k.size) if rate is None else 1.0 + rate[sector, n, i]
        for rate in (problem.tariff, problem.export_tax)
    )
    tariff = tariff * np.exp(np.where(ours, mu, 0.0))
    export_tax = export_tax * np.exp(np.where(ours, 0.0, mu))
    gross = before.gross[k, n, i] * np.exp((1.0 - modes.sigma)[k] * mu)
    net = gross / (tariff * export_tax)
    duty, export_duty = gross * (1.0 - 1.0 / tariff), net * (export_tax - 1.0)
    new = [x.astype(mu.dtype) for x in (before.gross, before.net, before.duty, before.export_duty)]
    for array, values in zip(new, (gross, net, duty, export_duty), strict=True):
        array[k, n, i] = values
    return Weights(*new)


def _product(matrix: Array, vector: Array) -> Array:
    """Sum over exporters for every sector: (S, N, N) times (S, N), also for complex vectors."""
    if np.iscomplexobj(vector) and not np.iscomplexobj(matrix):
        parts = np.matmul(matrix, np.stack([vector.real, vector.imag], axis=-1))
        return np.asarray(parts[..., 0] + 1j * parts[..., 1])
    return np.asarray(np.matmul(matrix, vector[..., None])[..., 0])


def wages(problem: Problem, factor: Array) -> tuple[Array, Array]:
    """Return log wages (N, S, F) by equation (2.14) and factor incomes (N, F).

    Mobility rho = 1/r: 0 is one wage per country, 1 a wage per cell, between them Roy.
    """
    base = problem.base.factor_income
    totals = base.sum(1)
    if problem.pooled:
        income = totals * np.exp(factor)
        wage = np.broadcast_to(factor[:, None, :], base.shape)
    else:
        rho = problem.parameters.mobility
        cell_income = np.where(problem.alive[..., None], base * np.exp(factor), 0.0)
        income = cell_income.sum(1)
        pooled = np.log(np.where(totals > 0, income, 1.0) / np.where(totals > 0, totals, 1.0))
        wage = rho * factor + (1.0 - rho) * pooled[:, None, :]
    return wage - problem.endowments[:, None, None], income


def _costs(problem: Problem, price: Array, wage: Array) -> Costs:
    base, parameters = problem.base, problem.parameters
    factor_share = base.factor_share
    if parameters.capital is not None:
        first = _with_capital(problem, price, wage[..., 0], parameters.capital)
    elif factor_share.shape[2] == 1:
        first = wage[..., 0]
    else:
        first = index_log_price(factor_share, wage, parameters.eta)
        factor_share = factor_share * np.exp((1.0 - parameters.eta)[..., None] * (wage - first[..., None]))
    second = _input_prices(problem, price)
    bundle = two_input_log_price(base.va_share, first, second, parameters.zeta)
    power = 1.0 - parameters.zeta
    return Costs(
        wage=wage,
        value_added=first,
        inputs=second,
        unit=bundle - problem.productivity,
        value_added_share=base.va_share * np.exp(power * (first - bundle)),
        input_share=(1.0 - base.va_share) * np.exp(power * (second - bundle)),
        factor_share=factor_share,
    )


def _with_capital(problem: Problem, price: Array, wage: Array, share: FloatArray) -> Array:
    """Log v (N, S) of labour and capital whose rental is the price of investment, that of final use (M2.7)."""
    part = share[:, None]
    return np.asarray((1.0 - part) * wage + part * consumer_price(problem, price)[:, None])


def _input_prices(problem: Problem, price: Array) -> Array:
    """Log m (N, S): one matrix product where epsilon is the same in every cell."""
    shares, epsilon = problem.base.input_share, problem.epsilon
    if epsilon is None:
        return index_log_price(shares, price[:, None, :], problem.parameters.epsilon)
    power = 1.0 - epsilon
    values = price if power == 0.0 else np.expm1(power * price)
    change = _product(shares, values)
    if power == 0.0:
        return change
    return log_of_sum(change, lambda: _product(shares, np.exp(power * price))) / power


def _input_demand(problem: Problem, price: Array, index: Array, spending: Array) -> Array:
    """Purchases of every input (N, S) by all users, whose input spending is (N, S)."""
    shares, epsilon = problem.base.input_share, problem.epsilon
    if epsilon is None:
        relative = price[:, None, :] - index[..., None]
        bundle = shares * np.exp((1.0 - problem.parameters.epsilon)[..., None] * relative)
        return np.asarray((bundle * spending[..., None]).sum(1))
    power = 1.0 - epsilon
    scaled = spending * np.exp(-power * index)
    return np.exp(power * price) * _product(shares.transpose(0, 2, 1), scaled)


def _transfers(problem: Problem, income: Array) -> Array:
    """D' (N,) by the rule, balanced within every bloc."""
    if not problem.owing:
        return np.zeros_like(income)
    given = problem.transfer + problem.geared * income
    members = problem.bloc[:, None] == problem.bloc
    return np.asarray(given - income * (members @ given) / (members @ income))


def _spending_income(
    modes: Modes,
    weights: Weights,
    cost_power: Array,
    inverse: Array,
    own: Array,
    inputs: Array,
    final_share: Array,
) -> Array:
    """Return final spending I' (N,): own income plus the tax revenue on inputs and on final goods, solved exactly."""
    if weights.duty is None and weights.export_duty is None:
        return own
    kept: Array = np.ones_like(own)
    if weights.duty is not None:
        levied = np.zeros_like(inverse)
        levied[: weights.taxed] = _product(weights.duty[: weights.taxed], cost_power[: weights.taxed])
        rate = modes.gathered(levied * inverse).T
        own = own + (rate * inputs).sum(1)
        kept = kept - (rate * final_share).sum(1)
    if weights.export_duty is None:
        return np.asarray(own / kept)
    duty = weights.export_duty * cost_power[:, None, :]
    own = own + (duty * (inverse * modes.pages(inputs.T))[..., None]).sum((0, 1))
    feedback = (duty * (inverse * modes.pages(final_share.T))[..., None]).sum(0).T
    return np.asarray(np.linalg.solve(np.diag(kept) - feedback, own))


def sweep(problem: Problem, x: Array) -> Sweep:
    """Evaluate all equations once at the unknowns ``x``."""
    base, modes, unknowns = problem.base, problem.modes, split(problem, x)
    wage, factor_income = wages(problem, unknowns.factor)
    costs = _costs(problem, unknowns.price, wage)
    weights = trade_weights(problem, unknowns.multiplier)
    power = (1.0 - modes.sigma)[:, None]
    cost_power = np.exp(power * modes.pages(costs.unit.T))
    total = np.where(problem.bought, _product(weights.gross, cost_power), 1.0)
    price, share = modes.blend(np.log(total) / power)
    inverse = 1.0 / total if share is None else share / total
    output = np.where(problem.alive, base.output * np.exp(unknowns.output), 0.0)
    spending = costs.input_share * output
    inputs = _input_demand(problem, unknowns.price, costs.inputs, spending)
    final_share = _final_shares(problem, unknowns.price)
    earned = factor_income.sum(1)
    transfer = _transfers(problem, earned)
    income = _spending_income(modes, weights, cost_power, inverse, earned + transfer, inputs, final_share)
    expenditure = inputs + final_share * income[:, None]
    spent = modes.pages(expenditure.T) * inverse
    receipts = modes.gathered(cost_power * _product(weights.net.transpose(0, 2, 1), spent)).T
    return Sweep(
        costs=costs,
        price=price.T,
        modes=modes,
        cost_power=cost_power,
        share=share,
        inverse=inverse,
        weights=weights,
        expenditure=expenditure,
        receipts=receipts,
        final_share=final_share,
        income=income,
        transfer=transfer,
        payments=(costs.value_added_share * receipts)[..., None] * costs.factor_share,
    )


def consumer_price(problem: Problem, price: Array) -> Array:
    """Log of the consumer price index PC (N,)."""
    return index_log_price(problem.base.final_share, price, problem.parameters.kappa)


def _final_shares(problem: Problem, price: Array) -> Array:
    relative = price - consumer_price(problem, price)[:, None]
    power = (1.0 - problem.parameters.kappa)[:, None]
    return np.asarray(problem.base.final_share * np.exp(power * relative))
