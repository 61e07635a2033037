"""One evaluation of the equations for many shocks to one base at once.

The shocks share the base's shares, so that one sweep of all of them is a matrix-matrix product where a single one is
matrix-vector; the cells in which they differ are added as a sparse correction. The equations are those of
:mod:`suasion.equilibrium.system`, written with as few exponentials and logarithms as they allow, which would otherwise
take most of the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.batch.patch import Patch
from suasion.equilibrium.batch.powers import Powers
from suasion.equilibrium.linear import Linear
from suasion.equilibrium.modes import Modes
from suasion.equilibrium.types import Parameters
from suasion.types import FloatArray

#: What a batch yields for every country, logs of changes.
READINGS = ("welfare", "real_income", "real_wage", "consumer_price")


@dataclass(frozen=True, slots=True)
class Stack:
    """The patches of a batch side by side; index arrays address (K, N, B) arrays flattened."""

    cost: NDArray[np.intp]  # (C,) mode, exporter, shock
    buyer: NDArray[np.intp]  # (C,) mode, importer, shock
    gross: FloatArray  # (C,) change of the weight
    net: FloatArray  # (C,)
    duty: FloatArray  # (C,)
    productivity: FloatArray | None  # (N, S, B)
    endowments: FloatArray | None  # (N, B)
    transfer: FloatArray  # (N, B)


def stack_patches(common: Common, patches: Sequence[Patch], transfer: FloatArray) -> Stack:
    """Put patches side by side.

    common: base.
    patches: one for each shock.
    transfer: (N,) transfers that stay in units of world factor income.
    """
    n, size = transfer.size, len(patches)
    k, m, i = np.concatenate([p.cells for p in patches], axis=1)
    shock = np.repeat(np.arange(size), [p.gross.size for p in patches])
    gross = np.concatenate([p.gross for p in patches]) - common.pi[k, m, i]
    net = np.concatenate([p.net for p in patches]) - common.net[k, m, i]

    def together(name: str) -> FloatArray | None:
        given = [getattr(p, name) for p in patches]
        some = next((x for x in given if x is not None), None)
        if some is None:
            return None
        return np.stack([np.zeros_like(some) if x is None else x for x in given], axis=-1)

    added = together("transfer")
    kept = np.repeat(transfer[:, None], size, axis=1)
    return Stack(
        cost=(k * n + i) * size + shock,
        buyer=(k * n + m) * size + shock,
        gross=gross,
        net=net,
        duty=gross - net,
        productivity=together("productivity"),
        endowments=together("endowments"),
        transfer=kept if added is None else kept + added,
    )


@dataclass(frozen=True, slots=True)
class Common:
    """Arrays of the base that every sweep uses.

    base, linear: accounts and their linearisation.
    modes: ways of buying each good.
    pi, net: (K, importer, exporter) weights; their part that producers receive.
    taxed: (L,) pages that bear a tariff in the base.
    duty: (L, importer, exporter) their part that is the importer's tariff, or None where the base has none.
    inputs: (N, user, input).
    input_value: (N, S) what each cell spends on inputs.
    idle: (N, S, 1) one where a cell uses no inputs, else zero.
    factor_income: (N, S).
    income: (N,).
    bought, made: (K, N, 1) and (N, S, 1) cells with purchases, with output.
    """

    base: Accounts
    linear: Linear
    modes: Modes
    pi: FloatArray
    net: FloatArray
    taxed: NDArray[np.intp]
    duty: FloatArray | None
    inputs: FloatArray
    input_value: FloatArray
    idle: FloatArray
    factor_income: FloatArray
    income: FloatArray
    bought: NDArray[np.bool_]
    made: NDArray[np.bool_]


def common_of(base: Accounts, parameters: Parameters, linear: Linear) -> Common:
    """Lay out the base for sweeps of a batch.

    base: accounts without export taxes.
    parameters: elasticities that tell which sectors have two modes of buying.
    linear: the base, linearised.
    """
    modes = parameters.drawn_modes.on(base.modes)
    pi = modes.shares(base.pi, base.modes)
    net = pi if base.tariff is None else pi / modes.pages(1.0 + base.tariff)
    levied = np.zeros(len(base.pi), np.bool_) if base.tariff is None else np.any(base.tariff, axis=(1, 2))
    taxed = np.flatnonzero(modes.pages(np.asarray(levied)))
    return Common(
        base=base,
        linear=linear,
        modes=modes,
        pi=pi,
        net=net,
        taxed=taxed,
        duty=None if base.tariff is None else pi[taxed] - net[taxed],
        inputs=base.input_share,
        input_value=(1.0 - base.va_share) * base.output,
        idle=(base.input_share.sum(2, keepdims=True) == 0.0).astype(np.float64),
        factor_income=base.factor_income[..., 0],
        income=base.income,
        bought=modes.pages(base.expenditure.T > 0)[..., None],
        made=(base.output > 0)[..., None],
    )


@dataclass(frozen=True, slots=True)
class Targets:
    """What one sweep of a batch implies.

    price, output: (N, S, B) logs.
    factor: log factor incomes, (N, B) where the factor is mobile, else (N, S, B).
    readings: (4, N, B) logs, in the order of :data:`READINGS`.
    """

    price: FloatArray
    output: FloatArray
    factor: FloatArray
    readings: FloatArray


@dataclass(frozen=True, slots=True)
class _Costs:
    """Producers' side, (N, S, B): input prices, their index, wages and cost as hat^power, less the powers' offset.

    The unit cost is in logs.
    """

    price: FloatArray
    inputs: FloatArray
    input_part: FloatArray
    wage_part: FloatArray
    bundle: FloatArray
    unit: FloatArray


def _costs(common: Common, stack: Stack, powers: Powers, price: FloatArray, wage: FloatArray) -> _Costs:
    share, power, bend = common.base.va_share[..., None], powers.inputs, powers.bundle
    prices = powers.up(power * price)
    inputs = np.matmul(common.inputs, prices)
    if not powers.offset:
        inputs += common.idle
    input_part = powers.log(inputs)
    input_part *= bend / power
    input_part = powers.up(input_part)
    wage_part = powers.up(bend * wage)
    bundle = wage_part - input_part
    bundle *= share
    bundle += input_part
    unit = powers.log(bundle)
    unit /= bend
    if stack.productivity is not None:
        unit -= stack.productivity
    return _Costs(prices, inputs, input_part, wage_part, bundle, unit)


def _used(common: Common, costs: _Costs, powers: Powers, output: FloatArray) -> FloatArray:
    """Purchases of every input by all users, (N, S, B)."""
    spending = np.exp(output)
    spending *= common.input_value[..., None]
    spending *= powers.whole(costs.input_part)
    spending /= powers.whole(costs.bundle)
    spending /= powers.whole(costs.inputs)
    used = np.matmul(common.inputs.transpose(0, 2, 1), spending)
    used *= powers.whole(costs.price)
    return np.asarray(used)


def _final(common: Common, powers: Powers, price: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Composition of final use (N, S, B) and log of its price index (N, B)."""
    share = powers.up(powers.final[:, None] * price)
    inside = np.matmul(common.base.final_share[:, None], share)[:, 0]
    share += powers.offset
    share *= common.base.final_share[..., None]
    share /= (powers.offset + inside)[:, None]
    return share, powers.log(inside) / powers.final


def sweep_batch(
    common: Common, stack: Stack, powers: Powers, price: FloatArray, output: FloatArray, factor: FloatArray
) -> Targets:
    """Evaluate all equations once for every shock.

    common, stack, powers: base, patches and elasticities.
    price, output: (N, S, B) logs.
    factor: log factor incomes, (N, B) where the factor is mobile, else (N, S, B).
    """
    modes = common.modes
    wage, earned = _wages(common, stack, powers, factor)
    alpha, consumer = _final(common, powers, price)
    if powers.capital is not None:
        wage = wage + powers.capital * (consumer[:, None, :] - wage)
    costs = _costs(common, stack, powers, price, wage)
    scaled = np.multiply(modes.pages(costs.unit.transpose(1, 0, 2)), powers.trade, order="C")
    np.exp(scaled, out=scaled)
    total = np.matmul(common.pi, scaled)
    np.add.at(total.reshape(-1), stack.buyer, stack.gross * scaled.reshape(-1)[stack.cost])
    np.copyto(total, 1.0, where=~common.bought)
    index = blend(modes, powers, total)
    used = _used(common, costs, powers, output)
    income = _income(common, stack, scaled, total, used, alpha, earned + stack.transfer)
    alpha *= income[:, None, :]
    alpha += used
    demand = np.divide(modes.pages(alpha.transpose(1, 0, 2)), total, out=total)
    sold = np.matmul(common.net.transpose(0, 2, 1), demand)
    np.add.at(sold.reshape(-1), stack.cost, stack.net * demand.reshape(-1)[stack.buyer])
    sold *= scaled
    receipts = modes.gathered(sold).transpose(1, 0, 2)
    paid = powers.whole(costs.wage_part)
    paid /= powers.whole(costs.bundle)
    paid *= common.base.va_share[..., None]
    paid *= receipts
    return Targets(
        price=index.transpose(1, 0, 2),
        output=_log_ratio(receipts, common.base.output[..., None], common.made),
        factor=_factor_targets(common, paid),
        readings=_readings(common, stack, income, earned, consumer),
    )


def blend(modes: Modes, powers: Powers, total: FloatArray) -> FloatArray:
    """Log prices of goods (S, N, B) from the sums of weights (K, N, B), which are divided by the shares of the modes.

    As :meth:`Modes.blend`, with the nest's power of the ratio of prices taken once: a rounding of the sum in place of
    one of its change moves prices by 1e-16.
    """
    s, dual = modes.sectors, modes.dual
    logs = np.log(total)
    logs /= powers.trade
    if not dual.size:
        return logs
    free = logs[s:]
    ratio = logs[dual]
    ratio -= free
    ratio *= powers.between
    np.exp(ratio, out=ratio)
    ratio *= 1.0 - powers.switching
    mean = ratio + powers.switching
    total[dual] *= mean / ratio
    total[s:] *= mean / powers.switching
    price = logs[:s]
    np.log(mean, out=mean)
    mean /= powers.between
    price[dual] = free + mean
    return price


def _log_ratio(new: FloatArray, old: FloatArray, mask: NDArray[np.bool_]) -> FloatArray:
    """Log of new over old where the mask holds, zero elsewhere."""
    ratio = new / np.where(mask, old, 1.0)
    np.copyto(ratio, 1.0, where=~mask)
    return np.asarray(np.log(ratio, out=ratio))


def _wages(common: Common, stack: Stack, powers: Powers, factor: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Log wages (N, S or 1, B) and factor incomes (N, B) by equation (2.14)."""
    rho, total = powers.mobility, common.factor_income.sum(1)[:, None]
    endowments = 0.0 if stack.endowments is None else stack.endowments[:, None, :]
    if common.linear.mobile:
        return factor[:, None, :] - endowments, total * np.exp(factor)
    earned = np.matmul(common.factor_income[:, None], np.exp(factor))[:, 0]
    pooled = np.log(earned / total)
    return rho * factor + (1.0 - rho) * pooled[:, None, :] - endowments, earned


def _factor_targets(common: Common, paid: FloatArray) -> FloatArray:
    """Log change of factor payments (N, S, B), or of their sum where the factor is mobile."""
    base = common.factor_income
    if common.linear.mobile:
        return np.asarray(np.log(paid.sum(1) / base.sum(1)[:, None]))
    return _log_ratio(paid, base[..., None], (base > 0)[..., None])


def _income(
    common: Common,
    stack: Stack,
    scaled: FloatArray,
    total: FloatArray,
    used: FloatArray,
    alpha: FloatArray,
    own: FloatArray,
) -> FloatArray:
    """Income (N, B): own, and the tariffs collected on inputs and on final goods, which income itself buys."""
    if common.duty is None and not stack.duty.any():
        return own
    rate = np.zeros_like(total)
    if common.duty is not None:
        rate[common.taxed] = np.matmul(common.duty, scaled[common.taxed])
    np.add.at(rate.reshape(-1), stack.buyer, stack.duty * scaled.reshape(-1)[stack.cost])
    rate = common.modes.gathered(rate / total).transpose(1, 0, 2)
    return np.asarray((own + (rate * used).sum(1)) / (1.0 - (rate * alpha).sum(1)))


def _readings(
    common: Common, stack: Stack, income: FloatArray, earned: FloatArray, consumer: FloatArray
) -> FloatArray:
    """Stack the logs of changes that a batch yields, (4, N, B)."""
    endowments = 0.0 if stack.endowments is None else stack.endowments
    before = (common.income - common.base.transfer)[:, None]
    return np.stack(
        [
            np.log(income / common.income[:, None]) - consumer,
            np.log((income - stack.transfer) / before) - consumer,
            np.log(earned / common.factor_income.sum(1)[:, None]) - endowments - consumer,
            consumer,
        ]
    )
