"""Gaps of the equations at the base itself, where a shock touches a few buyers.

Nothing has moved there but the weights of the cells that a shock changes, so that prices have gaps for the buyers of
these cells alone, demand changes for them alone, and output by what they buy elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.batch.powers import Powers
from suasion.equilibrium.batch.sweep import Common, Stack, blend
from suasion.types import FloatArray


@dataclass(frozen=True, slots=True)
class _Touched:
    """Buyers of changed cells, one for each shock that changes one: (P,) importers and shocks, (C,) buyer of each cell.

    page, exporter: (C,) of each cell.
    """

    importer: NDArray[np.intp]
    shock: NDArray[np.intp]
    buyer: NDArray[np.intp]
    page: NDArray[np.intp]


def only_weights_change(common: Common, stack: Stack) -> bool:
    """Whether shocks change trade weights and nothing else."""
    given = (stack.productivity, stack.endowments)
    return all(x is None for x in given) and bool((stack.transfer == common.base.transfer[:, None]).all())


def first_gaps(common: Common, stack: Stack, powers: Powers) -> list[FloatArray]:
    """Gaps of prices, outputs (N, S, B) and factor incomes (N, B), or (N, S, B) where the factor is not mobile.

    common, stack: base, and patches that change weights alone.
    powers: one set of elasticities.
    """
    n, s = common.base.output.shape
    size = stack.transfer.shape[1]
    touched = _touched(stack, n, size)
    price, demand, more = _purchases(common, stack, powers, touched)
    gap = np.zeros((n, s, size))
    gap[touched.importer, :, touched.shock] = price.T
    received = _received(common, stack, touched, demand, more)
    value = np.where(common.made, common.base.output[..., None], 1.0)
    return [gap, np.log1p(received / value), _factor_gap(common, received)]


def _touched(stack: Stack, n: int, size: int) -> _Touched:
    page, place = np.divmod(stack.buyer, n * size)
    pairs, buyer = np.unique(place, return_inverse=True)
    importer, shock = np.divmod(pairs, size)
    return _Touched(importer, shock, buyer, page)


def _purchases(
    common: Common, stack: Stack, powers: Powers, touched: _Touched
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Log prices (S, P) of the touched, their demand (K, P) per weight, and by how much it has changed."""
    base, modes, m = common.base, common.modes, touched.importer
    powers = powers.of_buyers(m)
    total = np.ones((len(common.pi), m.size))
    before = total.copy()
    np.add.at(total, (touched.page, touched.buyer), stack.gross)
    np.copyto(total, 1.0, where=~common.bought[:, m, 0])
    price = blend(modes, powers, total[..., None])[..., 0]
    blend(modes, powers, before[..., None])
    rate = np.zeros_like(total)
    if common.duty is not None:
        rate[common.taxed] = common.duty[:, m].sum(2)
    np.add.at(rate, (touched.page, touched.buyer), stack.duty)
    rate = modes.gathered(rate / total)
    used = np.einsum("pus,pu->sp", common.inputs[m], common.input_value[m])
    final = base.final_share[m].T
    own = common.factor_income[m].sum(1) + base.transfer[m]
    income = (own + (rate * used).sum(0)) / (1.0 - (rate * final).sum(0))
    demand = modes.pages(used + final * income) / total
    return price, demand, demand - modes.pages(used + final * common.income[m]) / before


def _received(
    common: Common, stack: Stack, touched: _Touched, demand: FloatArray, more: FloatArray
) -> FloatArray:
    """Change of what producers receive (N, S, B)."""
    pages, size = len(common.pi), stack.transfer.shape[1]
    importers, place = np.unique(touched.importer, return_inverse=True)
    spent = np.zeros((pages, importers.size, size))
    spent[:, place, touched.shock] = more
    sold = np.matmul(common.net[:, importers].transpose(0, 2, 1), spent)
    np.add.at(sold.reshape(-1), stack.cost, stack.net * demand[touched.page, touched.buyer])
    return np.asarray(common.modes.gathered(sold).transpose(1, 0, 2))


def _factor_gap(common: Common, received: FloatArray) -> FloatArray:
    paid = common.base.va_share[..., None] * received
    income = common.factor_income[..., None]
    if common.linear.mobile:
        return np.asarray(np.log1p(paid.sum(1) / income.sum(1)))
    return np.log1p(paid / np.where(income > 0, income, 1.0))
