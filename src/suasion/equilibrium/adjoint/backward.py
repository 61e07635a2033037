"""Derivatives backwards: from an outcome of an equilibrium to every cost, tax and endowment behind it, at once.

With ``x`` the unknowns and ``T(x, p)`` the targets of one sweep of the equations, an equilibrium is ``x = T(x, p)`` and
an outcome ``J(x, p)`` has the derivative

    dJ/dp = J_p + T_p' mu,        mu = J_x + T_x' mu,

one linear system in the transposed equations whatever the number of ``p``. Here is the transposed sweep: it reads the
shares of the solved economy and runs the equations (2.5)-(2.14) in reverse order, with tariff and export-tax revenue,
every rule of transfers, factors of any mobility, and the multipliers of quotas and caps that bind.

Several outcomes at one equilibrium go through one sweep: they lie on leading axes of all that answers to them, written
``...`` below. Shares are then read once for all of them, which is most of the work.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.adjoint.point import Point
from suasion.equilibrium.adjoint.sums import (
    add_at,
    in_modes,
    over_buyers,
    over_inputs,
    over_modes,
    over_sellers,
    over_users,
)
from suasion.equilibrium.system import Unknowns
from suasion.types import FloatArray


@dataclass(frozen=True, slots=True)
class Seeds:
    """Derivative of outcomes by what they read from an equilibrium, (..., N) each.

    income: by final spending I', per million USD.
    transfer: by D', per million USD.
    consumer_price: by the log of the price index of final use.
    """

    income: FloatArray
    transfer: FloatArray
    consumer_price: FloatArray


@dataclass(frozen=True, slots=True)
class Backward:
    """Adjoints along one transposed sweep: worth of a little more of each, in units of the outcomes.

    price, output: (..., N, S) by the unknowns.
    factor: like the unknown.
    multiplier: (..., M).
    receipt: (..., N, S) of a dollar that the producer of the cell receives.
    revenue: (..., N) of a dollar of income.
    index: (..., N, K) of the log of the price of a good to its buyers in each mode.
    transfer: (..., N) of a given transfer.
    endowments: (..., N) of the log of endowments.
    productivity: (..., N, S) of log productivity.
    shipped: (..., C') of the log of the quantity of cells under quota, in each mode.
    """

    price: FloatArray
    output: FloatArray
    factor: FloatArray
    multiplier: FloatArray
    receipt: FloatArray
    revenue: FloatArray
    index: FloatArray
    transfer: FloatArray
    endowments: FloatArray
    productivity: FloatArray
    shipped: FloatArray

    def of(self, place: int) -> Backward:
        """Return those of one outcome of several."""
        return Backward(*(getattr(self, name)[place] for name in self.__slots__))


def pull(point: Point, seeds: Seeds | None, worth: Unknowns) -> Backward:
    """Run one sweep backwards.

    point: the equilibrium.
    seeds: derivative of the outcomes by incomes and price indices; None for zero.
    worth: ``mu``, derivative of the outcomes by the targets of the sweep.
    """
    problem, modes = point.problem, point.problem.modes
    zeta = problem.parameters.zeta
    # Sales: a producer's receipt counts as its output and as what it pays to factors (2.10, 2.12-2.14).
    paid = _payments(point, worth.factor)
    sold = np.where(problem.alive, worth.output, 0.0) + paid.sum(-1)
    receipt = np.where(point.made, sold / np.where(point.made, point.receipts, 1.0), 0.0)
    shipped, capped = _limits(point, worth.multiplier)
    # Purchases and incomes, whose taxes feed back on each other (2.9, 2.11).
    in_mode, revenue = _incomes(point, seeds, receipt, shipped)
    spent = _mean(point, in_mode)
    # Prices of goods to their buyers, and of origins to the price (2.8): a dearer good is bought from others.
    index = _index(point, worth.price, in_mode, spent)
    bend = 1.0 - modes.sigma
    pages = over_buyers(point.flows.share, index) + bend * _returns(point, receipt, revenue, shipped)
    cost = capped + over_modes(modes, pages)
    # Unit costs and the split between value added and inputs (2.5-2.7).
    bent = (1.0 - zeta) * paid.sum(-1)
    price, output, inputs = _demand(point, seeds, spent)
    used = (1.0 - zeta) * output
    whole = cost - bent - used
    inputs += used + point.inputs * whole
    price += over_users(point.input_mix, inputs)
    wage, rental = _value_added(point, paid, bent + point.value_added * whole)
    price += rental
    earned, transfer = _transfers(point, revenue, seeds)
    return Backward(
        price=price,
        output=np.where(problem.alive, output, 0.0),
        factor=_factors(point, wage, earned),
        multiplier=_multipliers(point, worth.multiplier, index, receipt, revenue, shipped),
        receipt=receipt,
        revenue=revenue,
        index=index,
        transfer=transfer,
        endowments=-wage.sum((-2, -1)),
        productivity=-cost,
        shipped=shipped,
    )


def _value_added(point: Point, paid: FloatArray, worth: FloatArray) -> tuple[FloatArray, FloatArray | float]:
    """Worth of the log of wages, and of prices of final use as capital's rental, from that of value added."""
    capital = point.problem.parameters.capital
    if capital is not None:  # there is one factor, labour
        rental = point.final_mix * (capital * worth.sum(-1))[..., None]
        return ((1.0 - capital)[:, None] * worth)[..., None], rental
    factors = (1.0 - point.problem.parameters.eta)[..., None] * paid
    return factors + point.factor_mix * (worth - factors.sum(-1))[..., None], 0.0


def _mean(point: Point, in_mode: FloatArray) -> FloatArray:
    """Average over the modes of each good, (..., N, S)."""
    modes = point.problem.modes
    return in_mode if not modes.dual.size else over_modes(modes, point.weight * in_mode)


def _index(point: Point, price: FloatArray, in_mode: FloatArray, spent: FloatArray) -> FloatArray:
    """Worth of the log of the price of each good in each mode, (..., N, K).

    A mode that becomes dearer buys less for a dollar, and fewer dollars go to it (M2.1).
    """
    modes = point.problem.modes
    worth = in_modes(modes, np.where(point.problem.base.expenditure > 0, price, 0.0))
    index = np.asarray(point.weight * worth - (1.0 - modes.sigma) * point.spending * in_mode)
    if modes.dual.size:
        two = np.concatenate([modes.dual, np.arange(modes.sectors, modes.good.size)])
        moved = point.spending * (in_mode - in_modes(modes, spent))
        index[..., two] += (1.0 - np.tile(modes.mu, 2)) * moved[..., two]
    return index


def _payments(point: Point, worth: FloatArray) -> FloatArray:
    """Worth of the log of each payment to a factor, (..., N, S, F)."""
    if point.problem.pooled:
        return point.payment_share * worth[..., None, :]
    alive = (point.problem.base.factor_income > 0) & point.problem.alive[..., None]
    return np.where(alive, worth, 0.0)


def _incomes(
    point: Point, seeds: Seeds | None, receipt: FloatArray, shipped: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Worth of a dollar spent in each mode (..., N, K) and of a dollar of each country's income (..., N)."""
    flows, modes = point.flows, point.problem.modes
    spent = over_sellers(flows.net, in_modes(modes, receipt))
    if point.limited is not None:
        k, n, _ = point.limited.cells
        add_at(spent, (n, k), shipped / point.spending[n, k])
    revenue = (point.final_mix * _mean(point, spent)).sum(-1)
    if seeds is not None:
        revenue = revenue + seeds.income
    if point.feedback is not None:
        revenue = revenue @ point.feedback
        if point.paid_duty is not None:
            spent += point.paid_duty * revenue[..., None]
        if flows.export_duty is not None:
            spent += over_sellers(flows.export_duty, np.repeat(revenue[..., None], spent.shape[-1], axis=-1))
    return spent, revenue


def _returns(point: Point, receipt: FloatArray, revenue: FloatArray, shipped: FloatArray) -> FloatArray:
    """Worth of one per cent more of all that an exporter sells in each mode, taxes on it included, (..., N, K)."""
    flows = point.flows
    total = point.sold * in_modes(point.problem.modes, receipt)
    if flows.duty is not None:
        total = total + over_buyers(flows.duty, point.spending * revenue[..., None])
    if flows.export_duty is not None:
        total = total + over_buyers(flows.export_duty, point.spending) * revenue[..., None]
    if point.limited is not None:
        k, _, i = point.limited.cells
        add_at(total, (i, k), shipped)
    return total


def _demand(
    point: Point, seeds: Seeds | None, spent: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Worth of prices through the composition of demand, of outputs of users, and of their input bundles."""
    parameters = point.problem.parameters
    bend = 1.0 - parameters.epsilon
    users = over_inputs(point.uses, spent)
    price = spent * point.bent_uses
    final = point.final_mix * spent
    tilt = ((1.0 - parameters.kappa) * point.income)[:, None]
    price += tilt * (final - point.final_mix * final.sum(-1, keepdims=True))
    if seeds is not None:
        price += point.final_mix * seeds.consumer_price[..., None]
    return price, users, -bend * users


def _transfers(point: Point, revenue: FloatArray, seeds: Seeds | None) -> tuple[FloatArray, FloatArray]:
    """Worth of a dollar of factor income (..., N), and of a given transfer (..., N)."""
    problem = point.problem
    worth = revenue if seeds is None else revenue + seeds.transfer
    members = (problem.bloc[:, None] == problem.bloc).astype(np.float64)
    income = point.earned.sum(tuple(range(1, point.earned.ndim)))
    total = members @ income
    mean = ((income * worth) @ members) / total
    given = worth - mean
    gap = (members @ (problem.transfer + problem.geared * income)) / total
    return revenue + given * (problem.geared - gap), given


def _factors(point: Point, wage: FloatArray, earned: FloatArray) -> FloatArray:
    """Worth of the log of factor incomes, the unknowns, from that of wages and of a dollar earned."""
    if point.problem.pooled:
        return np.asarray(wage.sum(-2) + point.earned * earned[..., None])
    rho, total = point.problem.parameters.mobility, point.earned.sum(1, keepdims=True)
    share = point.earned / np.where(total > 0, total, 1.0)
    pooled = (1.0 - rho) * wage.sum(-2, keepdims=True)
    return np.asarray(rho * wage + share * pooled + point.earned * earned[..., None, None])


def _limits(point: Point, worth: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Worth of quantities under quota, by cell and mode, and of unit costs under a cap or quota (..., N, S)."""
    limits, limited = point.problem.limits, point.limited
    first = worth.shape[:-1]
    cost = np.zeros((*first, *point.expenditure.shape))
    if limits is None or limited is None:
        return np.zeros((*first, 0)), cost
    (k, _, i), pressed = limits.cells[:, limits.first], worth * point.binding
    quantity = np.where(limits.is_cap, 0.0, pressed / point.problem.modes.sigma[k])
    shipped = np.zeros((*first, limits.cells.shape[1]))
    shipped[..., limits.first] = quantity
    add_at(cost, (i, k), np.where(limits.is_cap, 2.0 * pressed, -quantity))
    return shipped[..., limited.which] * limited.weight, cost


@dataclass(frozen=True, slots=True)
class FlowWorth:
    """Worth of the log of what stands between a producer's price and a buyer's, (S, N, N) or by cell.

    trade_cost: iceberg factor.
    tariff, export_tax: one plus the rate.
    """

    trade_cost: FloatArray
    tariff: FloatArray
    export_tax: FloatArray


def flow_worth(point: Point, back: Backward) -> FlowWorth:
    """Worth of every trade cost, tariff and export tax from one backward sweep.

    point: the equilibrium.
    back: the sweep at ``mu``.
    Returns: (S, importer, exporter) arrays.
    """
    modes, limited, (k, n, _) = point.problem.modes, point.limited, point.flows.share.shape
    found = _flow_worth(point, back.index, back.receipt, back.revenue, tuple(np.ogrid[:k, :n, :n]))
    parts = [found.trade_cost, found.tariff, found.export_tax]
    if limited is not None:
        sigma = modes.sigma[limited.cells[0]]
        for array, part in zip(parts, (1.0 - sigma, -sigma, -sigma), strict=True):
            np.add.at(array, tuple(limited.cells), part * back.shipped)
    return FlowWorth(*(modes.gathered(part) for part in parts))


def cell_worth(point: Point, back: Backward, cells: tuple[NDArray[np.intp], ...]) -> FlowWorth:
    """Worth of trade costs, tariffs and export taxes on some flows, what quotas make of them left out.

    point: the equilibrium.
    back: the sweep at ``mu``.
    cells: sector, importer and exporter of the flows.
    Returns: By cell.
    """
    first = np.stack(cells)
    second, which = point.problem.modes.switched(first)
    found, more = (
        _flow_worth(point, back.index, back.receipt, back.revenue, tuple(part)) for part in (first, second)
    )
    for name in FlowWorth.__slots__:
        np.add.at(getattr(found, name), which, getattr(more, name))
    return found


def _flow_worth(
    point: Point,
    index: FloatArray,
    receipt: FloatArray,
    revenue: FloatArray,
    cells: tuple[NDArray[np.intp], ...],
) -> FlowWorth:
    """The same without quotas, by mode, on some cells or, with open index arrays, on all."""
    (k, n, i), modes, flows = cells, point.problem.modes, point.flows
    bend, spending = (1.0 - modes.sigma)[k], point.spending[n, k]
    border = flows.share[k, n, i]
    received = net = spending * flows.net[k, n, i] * receipt[..., i, modes.good[k]]
    if flows.export_duty is not None:
        lost = spending * flows.export_duty[k, n, i] * revenue[..., i]
        received = received + lost
    weight = received
    if flows.duty is not None:
        weight = weight + spending * flows.duty[k, n, i] * revenue[..., n]
        border = border - flows.duty[k, n, i]
    # What export taxes are levied on, be it counted or not; flows.net may hold only what counts.
    basic = border if flows.export_duty is None else border - flows.export_duty[k, n, i]
    trade_cost = flows.share[k, n, i] * index[..., n, k] + bend * weight
    return FlowWorth(
        trade_cost=trade_cost,
        tariff=trade_cost - received + spending * border * revenue[..., n],
        export_tax=trade_cost - net + spending * basic * revenue[..., i],
    )


def _multipliers(
    point: Point,
    worth: FloatArray,
    index: FloatArray,
    receipt: FloatArray,
    revenue: FloatArray,
    shipped: FloatArray,
) -> FloatArray:
    """Worth of the multipliers, each a tax on its cells."""
    limits, limited = point.problem.limits, point.limited
    if limits is None or limited is None:
        return worth
    found = _flow_worth(point, index, receipt, revenue, tuple(limited.cells))
    each = np.where(limits.to_importer[limited.which], found.tariff, found.export_tax)
    each = each - point.problem.modes.sigma[limited.cells[0]] * shipped
    total = worth * point.binding
    add_at(total, (limits.constraint[limited.which],), each)
    return np.asarray(total)


def transposed(point: Point, worth: Unknowns) -> Unknowns:
    """Apply the transpose of the derivative of the equations' gaps, turned in sign: ``(I - T_x') mu``.

    point: the equilibrium.
    worth: ``mu``, of the shape of the unknowns.
    Returns: The numeraire's shift is part of it, as in :func:`suasion.equilibrium.iteration.make_residual`.
    """
    back = pull(point, None, worth)
    return Unknowns(
        price=worth.price - back.price,
        output=worth.output - back.output,
        factor=worth.factor - back.factor + _numeraire(point, worth.factor),
        multiplier=worth.multiplier - back.multiplier,
    )


def _numeraire(point: Point, worth: FloatArray) -> FloatArray:
    """Transpose of the shift that keeps each bloc's factor income at its base value."""
    axes = tuple(range(1 - point.earned.ndim, 0))
    members = (point.problem.bloc[:, None] == point.problem.bloc).astype(np.float64)
    total = members @ point.earned.sum(axes)
    rate = (worth.sum(axes) @ members) / total
    return np.asarray(point.earned * rate.reshape(*rate.shape, *([1] * len(axes))))
