"""Where a change in welfare comes from: terms of trade, volume, technology and transfer.

The first-order decomposition holds along a path, not for a finite change. The shock is therefore applied
in steps at Chebyshev points of its log-linear path; the terms are smooth there, so that spectral
differentiation and Clenshaw-Curtis quadrature give their integrals to many digits with few solves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from suasion.equilibrium.corrector import corrector_for
from suasion.equilibrium.problem import Problem
from suasion.equilibrium.solve import CUT_POWER, Solved, partial, solve
from suasion.equilibrium.system import consumer_price, split
from suasion.errors import ShockError
from suasion.quotient import over
from suasion.types import FloatArray

COMPONENTS = ("terms of trade", "volume", "technology", "transfer")


@dataclass(frozen=True, slots=True)
class Node:
    """State of the economy at one point of the path; trade arrays are (S, N, N), others (N, S) or (N,)."""

    cost: FloatArray  # log c
    export_wedge: FloatArray | None  # log (1 + e), rents included
    border: FloatArray
    receipts: FloatArray
    purchases: FloatArray
    tariff: FloatArray | None
    export_tax: FloatArray | None
    output: FloatArray
    factor_income: FloatArray  # (N,)
    transfer: FloatArray
    income: FloatArray
    capital: FloatArray  # (N,) log of the stock, its share of factor income included
    cut_loss: (
        FloatArray  # (N,) value of vanishing flows per unit of the path parameter, and of those that shrink
    )


def decompose(solved: Solved, points: int = 11) -> FloatArray:
    """Return the parts of ``100 ln W`` per country, shape (N, 4), in the order of :data:`COMPONENTS`.

    solved: an equilibrium; its base must be balanced.
    points: Chebyshev points on the path, each one solve.
    Raises ShockError: Blocs part while transfers are in force: near the end of the path trade cannot carry
      them.
    """
    bloc, base = solved.problem.bloc, solved.problem.base
    if bloc.any() and (base.transfer.any() or solved.problem.owing):
        raise ShockError(
            "The shock parts blocs that owe each other transfers, so no path leads there and the change in welfare "
            "has no parts. Use deficits='balance'."
        )
    grid = 0.5 * (1.0 - np.cos(np.pi * np.arange(points) / (points - 1)))
    corrector, nodes, x = corrector_for(solved.problem.base, solved.problem.parameters), [], None
    for s in grid[:-1]:
        step = solve(partial(solved.problem, float(s)), start=x, corrector=corrector)
        x = step.x
        nodes.append(_node(step, float(s), solved.problem))
    nodes.append(_node(solved, 1.0, solved.problem))
    nodes[-1] = _continued(nodes, grid, solved.problem)
    derivative = _differentiation(grid)
    parts = np.stack([_rates(nodes, derivative[j], j, solved.problem) for j in range(points)])
    return np.asarray(100.0 * np.einsum("j,jcn->nc", _quadrature(points), parts))


def _node(step: Solved, s: float, full: Problem) -> Node:
    swept, modes = step.swept, step.problem.modes
    weights, scale = swept.weights, swept.scale
    receipts, purchases = modes.gathered(weights.net * scale), modes.gathered(weights.gross * scale)
    export_tax = None
    if weights.export_duty is not None:
        s_first = slice(modes.sectors)  # taxes are the same for locked and switching buyers
        export_tax = over(weights.export_duty[s_first], weights.net[s_first])
    border = receipts if export_tax is None else receipts * (1.0 + export_tax)
    pi = full.pi
    cut = (pi > 0) & (full.weight == 0)
    # d ln d of a vanishing flow is d ln(weight) / (1 - sigma); its value is proportional to the weight.
    pace = CUT_POWER * (1.0 - s) ** (CUT_POWER - 1) / (modes.sigma - 1.0)
    vanishing = np.where(cut, pi, 0.0) * scale * pace[:, None, None]
    if full.left is not None:
        dearer = np.log(modes.pages(full.left)) / (1.0 - modes.sigma)[:, None, None]
        vanishing += weights.gross * scale * dearer
    return Node(
        cost=swept.costs.unit,
        export_wedge=None if export_tax is None else np.log1p(export_tax),
        border=border,
        receipts=receipts,
        purchases=purchases,
        tariff=None if weights.duty is None else over(purchases - border, border),
        export_tax=export_tax,
        output=swept.receipts,
        factor_income=swept.payments.sum((1, 2)),
        transfer=swept.transfer,
        income=swept.income,
        capital=_capital(step),
        cut_loss=vanishing.sum((0, 2)),
    )


def _capital(step: Solved) -> FloatArray:
    """Log of the endowment (N,) that a stock of capital adds which moves with real factor income (M2.7)."""
    problem, share = step.problem, step.problem.parameters.capital
    if share is None:
        return np.zeros(problem.base.transfer.size)
    earned = step.swept.payments.sum((1, 2)) / problem.base.factor_income.sum((1, 2))
    return np.asarray(share * (np.log(earned) - consumer_price(problem, split(problem, step.x).price)))


def _continued(nodes: list[Node], grid: FloatArray, problem: Problem) -> Node:
    """Give the last node the limits that the path leads to where its own levels mean nothing.

    Blocs that part have a numeraire each there, and sellers without a buyer no price. The mean log cost of a
    bloc, with which its nominal values move, and the costs of such sellers are extrapolated through
    the other nodes.
    """
    last, alive = nodes[-1], problem.alive
    gaps = grid[:-1, None] - grid[None, :-1] + np.eye(grid.size - 1)
    ahead = grid[-1] - grid[:-1]
    reach = np.prod(ahead) / ahead / np.prod(gaps, axis=1)
    limit = np.tensordot(reach, np.stack([node.cost for node in nodes[:-1]]), axes=1)
    members = (problem.bloc == np.arange(problem.bloc.max() + 1)[:, None]).astype(float)
    missed = np.where(alive, limit - last.cost, 0.0).sum(1)
    shift = ((members @ missed) / (members @ alive.sum(1)))[problem.bloc]
    factor = np.exp(shift) if problem.bloc.any() else np.ones_like(shift)
    return replace(
        last,
        cost=np.where(alive, last.cost + np.log(factor)[:, None], limit),
        border=last.border * factor[:, None],
        receipts=last.receipts * factor[:, None],
        purchases=last.purchases * factor[:, None],
        output=last.output * factor[:, None],
        factor_income=last.factor_income * factor,
        income=last.income * factor,
    )


def _rates(nodes: list[Node], row: FloatArray, j: int, full: Problem) -> FloatArray:
    """Return the derivative of log welfare by the path parameter at point j, its parts as (4, N)."""
    node = nodes[j]

    def slope(name: str) -> FloatArray:
        return np.asarray(np.tensordot(row, np.stack([getattr(n, name) for n in nodes]), axes=1))

    cost = slope("cost").T[:, None, :]
    border_price = cost if node.export_wedge is None else cost + slope("export_wedge")
    valued = node.border * border_price
    terms = valued.sum((0, 1)) - valued.sum((0, 2))
    volume = np.zeros_like(terms)
    if node.tariff is not None:
        volume += (node.tariff * (slope("border") - node.border * border_price)).sum((0, 2))
    if node.export_tax is not None:
        volume += (node.export_tax * (slope("receipts") - node.receipts * cost)).sum((0, 1))
    technology = (
        (node.output * full.productivity).sum(1) + node.factor_income * full.endowments - node.cut_loss
    )
    if full.parameters.capital is not None:
        technology += node.factor_income * slope("capital")
    if full.trade_cost is not None:
        technology = technology - (node.purchases * np.log(full.trade_cost)).sum((0, 2))
    return np.stack([terms, volume, technology, slope("transfer")]) / node.income


def _differentiation(grid: FloatArray) -> FloatArray:
    """Differentiation matrix of the polynomial through the points, in barycentric form."""
    points = grid.size
    weight = (-1.0) ** np.arange(points)
    weight[[0, -1]] *= 0.5
    gap = grid[:, None] - grid + np.eye(points)
    matrix = weight[None, :] / weight[:, None] / gap
    np.fill_diagonal(matrix, 0.0)
    np.fill_diagonal(matrix, -matrix.sum(1))
    return matrix


def _quadrature(points: int) -> FloatArray:
    """Clenshaw-Curtis weights on [0, 1]: exact for polynomials through the points."""
    degree = np.arange(points)
    angle = np.pi * degree / (points - 1)
    # Integral over [-1, 1] of each Chebyshev polynomial; odd ones vanish.
    moments = np.where(degree % 2 == 0, 2.0 / (1.0 - np.where(degree % 2 == 0, degree, 0) ** 2), 0.0)
    return np.asarray(0.5 * np.linalg.solve(np.cos(np.outer(degree, angle)), moments))
