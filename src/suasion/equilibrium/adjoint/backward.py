"""Derivatives backwards: from an outcome of an equilibrium to every cost, tax and endowment behind it, at once.

With ``x`` the unknowns and ``T(x, p)`` the targets of one sweep of the equations, an equilibrium is ``x = T(x, p)`` and
an outcome ``J(x, p)`` has the derivative

    dJ/dp = J_p + T_p' mu,        mu = J_x + T_x' mu,

one linear system in the transposed equations whatever the number of ``p``. Here is the transposed sweep: it reads the
shares of the solved economy and runs the equations (2.5)-(2.14) in reverse order, with tariff and export-tax revenue,
every rule of transfers, factors of any mobility, and the multipliers of quotas and caps that bind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import FloatArray
from suasion.equilibrium.adjoint.point import Point
from suasion.equilibrium.system import Unknowns


@dataclass(frozen=True, slots=True)
class Seeds:
    """Derivative of an outcome by what it reads from an equilibrium, (N,) each.

    Attributes
    ----------
    income : by final spending I', per million USD
    transfer : by D', per million USD
    consumer_price : by the log of the price index of final use
    """

    income: FloatArray
    transfer: FloatArray
    consumer_price: FloatArray


def over_sellers(matrix: FloatArray, values: FloatArray) -> FloatArray:
    """Sum over exporters: (S, importer, exporter) with values (N exporter, S) gives (N importer, S)."""
    return np.asarray(np.matmul(matrix, values.T[..., None])[..., 0].T)


def over_buyers(matrix: FloatArray, values: FloatArray) -> FloatArray:
    """Sum over importers: (S, importer, exporter) with values (N importer, S) gives (N exporter, S)."""
    return np.asarray(np.matmul(values.T[:, None, :], matrix)[:, 0].T)


@dataclass(frozen=True, slots=True)
class Backward:
    """Adjoints along one transposed sweep: worth of a little more of each, in units of the outcome.

    Attributes
    ----------
    price, output : (N, S) by the unknowns
    factor : like the unknown
    multiplier : (M,)
    receipt : (N, S) of a dollar that the producer of the cell receives
    revenue : (N,) of a dollar of income
    index : (N, S) of the log of the price of a good to its buyers
    transfer : (N,) of a given transfer
    labour : (N,) of the log of endowments
    productivity : (N, S) of log productivity
    shipped : (C,) of the log of the quantity of cells under quota
    """

    price: FloatArray
    output: FloatArray
    factor: FloatArray
    multiplier: FloatArray
    receipt: FloatArray
    revenue: FloatArray
    index: FloatArray
    transfer: FloatArray
    labour: FloatArray
    productivity: FloatArray
    shipped: FloatArray


def pull(point: Point, seeds: Seeds | None, worth: Unknowns) -> Backward:
    """Run one sweep backwards.

    Parameters
    ----------
    point : the equilibrium
    seeds : derivative of the outcome by incomes and price indices; None for zero
    worth : ``mu``, derivative of the outcome by the targets of the sweep

    Returns
    -------
    Backward
    """
    problem = point.problem
    sigma, theta, eta = (getattr(problem.parameters, name) for name in ("sigma", "theta", "eta"))
    # Sales: a producer's receipt counts as its output and as what it pays to factors (2.10, 2.12-2.14).
    paid = _payments(point, worth.factor)
    sold = np.where(problem.alive, worth.output, 0.0) + paid.sum(2)
    receipt = np.where(point.made, sold / np.where(point.made, point.receipts, 1.0), 0.0)
    shipped, capped = _limits(point, worth.multiplier)
    # Purchases and incomes, whose taxes feed back on each other (2.9, 2.11).
    spent, revenue = _incomes(point, seeds, receipt, shipped)
    # Prices of goods to their buyers, and of origins to the price (2.8): a dearer good is bought from others.
    index = (
        np.where(point.problem.base.expenditure > 0, worth.price, 0.0)
        - (1.0 - sigma) * point.expenditure * spent
    )
    cost = capped + over_buyers(point.flows.share, index)
    cost += (1.0 - sigma) * _returns(point, receipt, revenue, shipped)
    # Unit costs and the split between value added and inputs (2.5-2.7).
    bent = (1.0 - theta) * paid.sum(2)
    price, output, inputs = _demand(point, seeds, spent, revenue)
    used = (1.0 - theta) * output
    whole = cost - bent - used
    factors = (1.0 - eta)[..., None] * paid
    value_added = bent + point.value_added * whole - factors.sum(2)
    wage = factors + point.factor_mix * value_added[..., None]
    inputs += used + point.inputs * whole
    price += np.matmul(inputs[:, None, :], point.input_mix)[:, 0]
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
        labour=-wage.sum((1, 2)),
        productivity=-cost,
        shipped=shipped,
    )


def _payments(point: Point, worth: FloatArray) -> FloatArray:
    """Worth of the log of each payment to a factor, (N, S, F)."""
    if point.problem.pooled:
        return point.payment_share * worth[:, None, :]
    alive = (point.problem.base.factor_income > 0) & point.problem.alive[..., None]
    return np.where(alive, worth, 0.0)


def _incomes(
    point: Point, seeds: Seeds | None, receipt: FloatArray, shipped: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Worth of a dollar spent on each good (N, S) and of a dollar of each country's income (N,)."""
    flows = point.flows
    spent = over_sellers(flows.net, receipt)
    limits = point.problem.limits
    if limits is not None:
        k, n, _ = limits.cells
        np.add.at(spent, (n, k), shipped / point.expenditure[n, k])
    revenue = (point.final_mix * spent).sum(1)
    if seeds is not None:
        revenue = revenue + seeds.income
    if point.feedback is not None:
        revenue = revenue @ point.feedback
        if flows.duty is not None:
            spent += flows.duty.sum(2).T * revenue[:, None]
        if flows.export_duty is not None:
            spent += np.matmul(flows.export_duty, revenue).T
    return spent, revenue


def _returns(point: Point, receipt: FloatArray, revenue: FloatArray, shipped: FloatArray) -> FloatArray:
    """Worth of one per cent more of all that an exporter sells, taxes on it included, (N, S)."""
    flows = point.flows
    total = point.receipts * receipt
    if flows.duty is not None:
        total = total + over_buyers(flows.duty, point.expenditure * revenue[:, None])
    if flows.export_duty is not None:
        total = total + over_buyers(flows.export_duty, point.expenditure) * revenue[:, None]
    limits = point.problem.limits
    if limits is not None:
        k, _, i = limits.cells
        np.add.at(total, (i, k), shipped)
    return total


def _demand(
    point: Point, seeds: Seeds | None, spent: FloatArray, revenue: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Worth of prices through the composition of demand, of outputs of users, and of their input bundles."""
    parameters = point.problem.parameters
    bend = 1.0 - parameters.epsilon
    users = np.matmul(point.uses, spent[..., None])[..., 0]
    price = spent * np.matmul(bend[:, None, :], point.uses)[:, 0]
    final = point.final_mix * spent
    tilt = ((1.0 - parameters.kappa) * point.income)[:, None]
    price += tilt * (final - point.final_mix * final.sum(1, keepdims=True))
    if seeds is not None:
        price += point.final_mix * seeds.consumer_price[:, None]
    return price, users, -bend * users


def _transfers(point: Point, revenue: FloatArray, seeds: Seeds | None) -> tuple[FloatArray, FloatArray]:
    """Worth of a dollar of factor income (N,), and of a given transfer (N,)."""
    problem = point.problem
    worth = revenue if seeds is None else revenue + seeds.transfer
    members = (problem.bloc[:, None] == problem.bloc).astype(np.float64)
    income = point.earned.sum(tuple(range(1, point.earned.ndim)))
    total = members @ income
    mean = (members @ (income * worth)) / total
    given = worth - mean
    gap = (members @ (problem.transfer + problem.geared * income)) / total
    return revenue + given * (problem.geared - gap), given


def _factors(point: Point, wage: FloatArray, earned: FloatArray) -> FloatArray:
    """Worth of the log of factor incomes, the unknowns, from that of wages and of a dollar earned."""
    if point.problem.pooled:
        return np.asarray(wage.sum(1) + point.earned * earned[:, None])
    rho = point.problem.parameters.mobility
    total = point.earned.sum(1, keepdims=True)
    share = point.earned / np.where(total > 0, total, 1.0)
    pooled = (1.0 - rho) * wage.sum(1, keepdims=True)
    return np.asarray(rho * wage + share * pooled + point.earned * earned[:, None, None])


def _limits(point: Point, worth: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Worth of the quantities under quota, by cell (C,), and of the unit costs under a cap or quota (N, S)."""
    limits = point.problem.limits
    cost = np.zeros_like(point.expenditure)
    if limits is None:
        return np.zeros(0), cost
    k, _, i = limits.cells[:, limits.first]
    pressed = worth * point.binding
    quantity = np.where(limits.is_cap, 0.0, pressed / point.problem.parameters.sigma[k])
    shipped = np.zeros(limits.cells.shape[1])
    shipped[limits.first] = quantity
    np.add.at(cost, (i, k), np.where(limits.is_cap, 2.0 * pressed, -quantity))
    return shipped, cost


@dataclass(frozen=True, slots=True)
class FlowWorth:
    """Worth of the log of what stands between a producer's price and a buyer's, (S, N, N) or by cell.

    Attributes
    ----------
    trade_cost : iceberg factor
    tariff, export_tax : one plus the rate
    """

    trade_cost: FloatArray
    tariff: FloatArray
    export_tax: FloatArray


def flow_worth(point: Point, back: Backward) -> FlowWorth:
    """Worth of every trade cost, tariff and export tax from one backward sweep.

    Parameters
    ----------
    point : the equilibrium
    back : the sweep at ``mu``

    Returns
    -------
    FlowWorth
        (S, importer, exporter) arrays.
    """
    size, s = point.expenditure.shape
    found = cell_worth(point, back, tuple(np.ogrid[:s, :size, :size]))
    limits = point.problem.limits
    if limits is None:
        return found
    cells, sigma = tuple(limits.cells), point.problem.parameters.sigma[limits.cells[0]]
    for array, part in ((found.trade_cost, 1.0 - sigma), (found.tariff, -sigma), (found.export_tax, -sigma)):
        np.add.at(array, cells, part * back.shipped)
    return found


def cell_worth(point: Point, back: Backward, cells: tuple[NDArray[np.intp], ...]) -> FlowWorth:
    """Worth of trade costs, tariffs and export taxes on some flows, what quotas make of them left out.

    Parameters
    ----------
    point : the equilibrium
    back : the sweep at ``mu``
    cells : sector, importer and exporter of the flows

    Returns
    -------
    FlowWorth
        By cell.
    """
    return _flow_worth(point, back.index, back.receipt, back.revenue, cells)


def _flow_worth(
    point: Point,
    index: FloatArray,
    receipt: FloatArray,
    revenue: FloatArray,
    cells: tuple[NDArray[np.intp], ...],
) -> FlowWorth:
    """The same without quotas, on some cells or, with open index arrays, on all."""
    k, n, i = cells
    bend = (1.0 - point.problem.parameters.sigma)[k]
    flows, spending = point.flows, point.expenditure[n, k]
    border = flows.share[k, n, i]
    received = net = spending * flows.net[k, n, i] * receipt[i, k]
    if flows.export_duty is not None:
        lost = spending * flows.export_duty[k, n, i] * revenue[i]
        received = received + lost
    weight = received
    if flows.duty is not None:
        weight = weight + spending * flows.duty[k, n, i] * revenue[n]
        border = border - flows.duty[k, n, i]
    # What export taxes are levied on, be it counted or not; flows.net may hold only what counts.
    basic = border if flows.export_duty is None else border - flows.export_duty[k, n, i]
    trade_cost = flows.share[k, n, i] * index[n, k] + bend * weight
    return FlowWorth(
        trade_cost=trade_cost,
        tariff=trade_cost - received + spending * border * revenue[n],
        export_tax=trade_cost - net + spending * basic * revenue[i],
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
    limits = point.problem.limits
    if limits is None:
        return worth
    found = _flow_worth(point, index, receipt, revenue, tuple(limits.cells))
    each = np.where(limits.to_importer, found.tariff, found.export_tax)
    each = each - point.problem.parameters.sigma[limits.cells[0]] * shipped
    total = np.bincount(limits.constraint, each, minlength=limits.bound.size)
    return np.asarray(total + worth * point.binding)


def transposed(point: Point, worth: Unknowns) -> Unknowns:
    """Apply the transpose of the derivative of the equations' gaps, turned in sign: ``(I - T_x') mu``.

    Parameters
    ----------
    point : the equilibrium
    worth : ``mu``, of the shape of the unknowns

    Returns
    -------
    Unknowns
        The numeraire's shift is part of it, as in :func:`suasion.equilibrium.iteration.make_residual`.
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
    axes = tuple(range(1, worth.ndim))
    members = (point.problem.bloc[:, None] == point.problem.bloc).astype(np.float64)
    total = members @ point.earned.sum(axes)
    rate = (members @ worth.sum(axes)) / total
    return np.asarray(point.earned * rate.reshape(-1, *([1] * len(axes))))
