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

from suasion.equilibrium.accounts import wedge
from suasion.equilibrium.ces import index_log_price, log_of_sum, two_input_log_price
from suasion.equilibrium.problem import Problem

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Unknowns:
    """The state of the iteration, logs of changes."""

    price: Array  # (N, S)
    output: Array  # (N, S)
    factor: Array  # (N, F) or (N, S, F)
    multiplier: Array  # (M,)

    def joined(self) -> Array:
        """Return one vector."""
        return np.concatenate(
            [self.price.ravel(), self.output.ravel(), self.factor.ravel(), self.multiplier.ravel()]
        )


@dataclass(frozen=True, slots=True)
class Weights:
    """Trade weights and the splits of a purchase into receipts and taxes, (S, N, N) each.

    Attributes
    ----------
    gross : q, so that pi' = q c^(1-sigma) / sum
    net : q / ((1+t')(1+e')), what the producer receives
    duty : q t' / (1+t'), the importer's revenue, or None
    export_duty : q e' / ((1+t')(1+e')), the exporter's revenue, or None
    """

    gross: Array
    net: Array
    duty: Array | None
    export_duty: Array | None


@dataclass(frozen=True, slots=True)
class Costs:
    """Producers' side: logs of hats (N, S), and the new split of cost.

    Attributes
    ----------
    wage : (N, S, F) log w
    value_added, inputs, unit : log v, log m, log c
    value_added_share, input_share : a' and 1 - a'
    factor_share : (N, S, F) phi'
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

    Attributes
    ----------
    costs : producers' side
    price : (N, S) log P from the new costs
    cost_power : (S, N) c^(1-sigma)
    inverse : (S, N) one over the sum of weights, so that pi' = q cost_power inverse
    weights : taxes and weights after quotas
    expenditure, receipts : (N, S) E' and Y'
    final_share : (N, S) alpha'
    income, transfer : (N,) I' and D'
    payments : (N, S, F) a' phi' Y'
    """

    costs: Costs
    price: Array
    cost_power: Array
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
        return np.asarray(self.weights.gross * self.cost_power[:, None, :] * self.inverse[..., None])

    @property
    def flows(self) -> Array:
        """(S, N, N) new flows at basic prices, importer by exporter; their sum over importers is ``receipts``."""
        scale = (self.inverse * self.expenditure.T)[..., None] * self.cost_power[:, None, :]
        return np.asarray(self.weights.net * scale)


def split(problem: Problem, x: Array) -> Unknowns:
    """Cut the vector of unknowns into its parts."""
    n, s = problem.base.output.shape
    f = problem.base.factor_share.shape[2]
    shape = (n, f) if problem.pooled else (n, s, f)
    cells, size = n * s, int(np.prod(shape))
    return Unknowns(
        price=x[:cells].reshape(n, s),
        output=x[cells : 2 * cells].reshape(n, s),
        factor=x[2 * cells : 2 * cells + size].reshape(shape),
        multiplier=x[2 * cells + size :],
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
    tariff, export_tax = wedge(problem.tariff), wedge(problem.export_tax)
    gross, limits = problem.weight, problem.limits
    if limits is not None:
        cells, mu = tuple(limits.cells), multiplier[limits.constraint]
        shape = gross.shape
        tariff, export_tax = (np.broadcast_to(x, shape).astype(mu.dtype) for x in (tariff, export_tax))
        tariff[cells] *= np.exp(np.where(limits.to_importer, mu, 0.0))
        export_tax[cells] *= np.exp(np.where(limits.to_importer, 0.0, mu))
        gross = gross.astype(mu.dtype)
        gross[cells] *= np.exp((1.0 - problem.parameters.sigma)[limits.cells[0]] * mu)
    elif problem.tariff is None and problem.export_tax is None:
        return Weights(gross, gross, None, None)
    net = gross / (tariff * export_tax)
    duty = None if isinstance(tariff, float) else gross * (1.0 - 1.0 / tariff)
    export_duty = None if isinstance(export_tax, float) else net * (export_tax - 1.0)
    return Weights(gross, net, duty, export_duty)


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
    return wage - problem.labour[:, None, None], income


def _costs(problem: Problem, price: Array, wage: Array) -> Costs:
    base, parameters = problem.base, problem.parameters
    factor_share = base.factor_share
    if factor_share.shape[2] == 1:
        first = wage[..., 0]
    else:
        first = index_log_price(factor_share, wage, parameters.eta)
        factor_share = factor_share * np.exp((1.0 - parameters.eta)[..., None] * (wage - first[..., None]))
    second = _input_prices(base.input_share, price, parameters.epsilon)
    bundle = two_input_log_price(base.va_share, first, second, parameters.theta)
    power = 1.0 - parameters.theta
    return Costs(
        wage=wage,
        value_added=first,
        inputs=second,
        unit=bundle - problem.productivity,
        value_added_share=base.va_share * np.exp(power * (first - bundle)),
        input_share=(1.0 - base.va_share) * np.exp(power * (second - bundle)),
        factor_share=factor_share,
    )


def _input_prices(shares: Array, price: Array, epsilon: Array) -> Array:
    """Log m (N, S): one matrix product where epsilon is the same in every cell."""
    if np.ptp(epsilon) > 0:
        return index_log_price(shares, price[:, None, :], epsilon)
    power = 1.0 - float(epsilon.flat[0])
    values = price if power == 0.0 else np.expm1(power * price)
    change = _product(shares, values)
    if power == 0.0:
        return change
    return log_of_sum(change, lambda: _product(shares, np.exp(power * price))) / power


def _input_demand(shares: Array, price: Array, index: Array, spending: Array, epsilon: Array) -> Array:
    """Purchases of every input (N, S) by all users, whose input spending is (N, S)."""
    if np.ptp(epsilon) > 0:
        relative = price[:, None, :] - index[..., None]
        bundle = shares * np.exp((1.0 - epsilon)[..., None] * relative)
        return np.asarray((bundle * spending[..., None]).sum(1))
    power = 1.0 - float(epsilon.flat[0])
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
    weights: Weights, cost_power: Array, inverse: Array, own: Array, inputs: Array, final_share: Array
) -> Array:
    """Return final spending I' (N,): own income plus the tax revenue on inputs and on final goods, solved exactly."""
    if weights.duty is None and weights.export_duty is None:
        return own
    n = own.size
    feedback: Array = np.zeros((n, n), dtype=own.dtype)
    if weights.duty is not None:
        rate = (_product(weights.duty, cost_power) * inverse).T
        own = own + (rate * inputs).sum(1)
        feedback[np.diag_indices(n)] += (rate * final_share).sum(1)
    if weights.export_duty is not None:
        duty = weights.export_duty * cost_power[:, None, :]
        own = own + (duty * (inverse * inputs.T)[..., None]).sum((0, 1))
        feedback += (duty * (inverse * final_share.T)[..., None]).sum(0).T
    return np.asarray(np.linalg.solve(np.eye(n) - feedback, own))


def sweep(problem: Problem, x: Array) -> Sweep:
    """Evaluate all equations once at the unknowns ``x``."""
    base, parameters, unknowns = problem.base, problem.parameters, split(problem, x)
    wage, factor_income = wages(problem, unknowns.factor)
    costs = _costs(problem, unknowns.price, wage)
    weights = trade_weights(problem, unknowns.multiplier)
    cost_power = np.exp((1.0 - parameters.sigma) * costs.unit).T
    total = np.where(base.expenditure.T > 0, _product(weights.gross, cost_power), 1.0)
    inverse = 1.0 / total
    output = np.where(problem.alive, base.output * np.exp(unknowns.output), 0.0)
    spending = costs.input_share * output
    inputs = _input_demand(base.input_share, unknowns.price, costs.inputs, spending, parameters.epsilon)
    final_share = _final_shares(problem, unknowns.price)
    earned = factor_income.sum(1)
    transfer = _transfers(problem, earned)
    income = _spending_income(weights, cost_power, inverse, earned + transfer, inputs, final_share)
    expenditure = inputs + final_share * income[:, None]
    receipts = (cost_power * _product(weights.net.transpose(0, 2, 1), expenditure.T * inverse)).T
    return Sweep(
        costs=costs,
        price=np.log(total.T) / (1.0 - parameters.sigma),
        cost_power=cost_power,
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
