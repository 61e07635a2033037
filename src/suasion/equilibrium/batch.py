"""Many shocks to one base, solved together.

The shocks share the base's shares, so that one sweep of all of them is a matrix-matrix product where a single one is
matrix-vector; the cells in which they differ are added as a sparse correction. Steps come from the base's
linearisation in single precision, accelerated separately for each shock; gaps are taken in double precision and decide
when a shock leaves the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts, FloatArray
from suasion.equilibrium.linear import Linear, newton_step
from suasion.equilibrium.patch import Patch
from suasion.equilibrium.types import Parameters

MEMORY = 5
MAX_ITERATIONS = 40


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What a batch yields for every shock.

    Attributes
    ----------
    log_welfare : (B, N) log of the change in real final expenditure; NaN where not converged
    residual : (B,) largest gap of an equation, in logs
    iterations : (B,) sweeps
    """

    log_welfare: FloatArray
    residual: FloatArray
    iterations: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Stack:
    """The patches of a batch side by side; index arrays address (S, N, B) arrays flattened."""

    cost: NDArray[np.intp]  # (C,) sector, exporter, shock
    buyer: NDArray[np.intp]  # (C,) sector, importer, shock
    gross: FloatArray  # (C,) change of the weight
    net: FloatArray  # (C,)
    duty: FloatArray  # (C,)
    productivity: FloatArray | None  # (N, S, B)
    labour: FloatArray | None  # (N, B)
    transfer: FloatArray  # (N, B)
    size: int

    @property
    def taxed(self) -> bool:
        """Whether any shock has a tariff."""
        return bool(self.duty.any())


def stack_patches(base: Accounts, patches: list[Patch], transfer: FloatArray) -> Stack:
    """Put patches side by side.

    Parameters
    ----------
    base : accounts
    patches : one for each shock
    transfer : (N,) transfers that stay in units of world factor income
    """
    n, size = base.transfer.size, len(patches)
    k, m, i = np.concatenate([p.cells for p in patches], axis=1)
    shock = np.repeat(np.arange(size), [p.gross.size for p in patches])
    gross, net = (np.concatenate([getattr(p, name) for p in patches]) for name in ("gross", "net"))
    before = base.pi[k, m, i]

    def together(name: str) -> FloatArray | None:
        given = [getattr(p, name) for p in patches]
        some = next((x for x in given if x is not None), None)
        if some is None:
            return None
        return np.stack([np.zeros_like(some) if x is None else x for x in given], axis=-1)

    added = together("transfer")
    base_transfer = np.repeat(transfer[:, None], size, axis=1)
    return Stack(
        cost=(k * n + i) * size + shock,
        buyer=(k * n + m) * size + shock,
        gross=gross - before,
        net=net - before,
        duty=gross - net,
        productivity=together("productivity"),
        labour=together("labour"),
        transfer=base_transfer if added is None else base_transfer + added,
        size=size,
    )


@dataclass(frozen=True, slots=True)
class Powers:
    """One less the elasticities, shared by all shocks (last axis 1) or one set for each (last axis B).

    Attributes
    ----------
    trade : (1, S, B) 1 - sigma
    bundle : (N, S, B) 1 - theta
    inputs : (B,) 1 - epsilon
    final : (N, B) 1 - kappa
    """

    trade: FloatArray
    bundle: FloatArray
    inputs: FloatArray
    final: FloatArray

    def keep(self, which: NDArray[np.bool_]) -> Powers:
        """Return the sets of the shocks that stay."""
        if self.inputs.size == 1 and which.size > 1:
            return self
        parts = (self.trade, self.bundle, self.inputs, self.final)
        return Powers(*(part[..., which] if part.shape[-1] == which.size else part for part in parts))


def powers_of(parameters: Sequence[Parameters]) -> Powers:
    """Lay the elasticities of one set, or of one set for each shock, side by side."""
    return Powers(
        trade=np.stack([1.0 - p.sigma for p in parameters], axis=-1)[None],
        bundle=np.stack([1.0 - p.theta for p in parameters], axis=-1),
        inputs=np.array([1.0 - float(p.epsilon.flat[0]) for p in parameters]),
        final=np.stack([1.0 - p.kappa for p in parameters], axis=-1),
    )


@dataclass(frozen=True, slots=True)
class Common:
    """Arrays of the base that every sweep uses."""

    base: Accounts
    pi: FloatArray  # (S, importer, exporter)
    pi_back: FloatArray  # (S, exporter, importer)
    inputs: FloatArray  # (N, user, input)
    inputs_back: FloatArray  # (N, input, user)
    factor_income: FloatArray  # (N, S)
    bought: NDArray[np.bool_]  # (S, N, 1)
    made: NDArray[np.bool_]  # (N, S, 1)
    linear: Linear


def common_of(base: Accounts, linear: Linear) -> Common:
    """Lay out the base for sweeps of a batch."""
    return Common(
        base=base,
        pi=base.pi,
        pi_back=np.ascontiguousarray(base.pi.transpose(0, 2, 1)),
        inputs=base.input_share,
        inputs_back=np.ascontiguousarray(base.input_share.transpose(0, 2, 1)),
        factor_income=base.factor_income[..., 0],
        bought=(base.expenditure.T > 0)[..., None],
        made=(base.output > 0)[..., None],
        linear=linear,
    )


def _index(shares: FloatArray, price: FloatArray, power: FloatArray) -> FloatArray:
    """Log CES index: (N, user, input) shares with (N, input, B) log prices and (B,) powers."""
    if not power.any():
        return np.asarray(np.matmul(shares, price))
    return np.asarray(np.log1p(np.matmul(shares, np.expm1(power * price))) / power)


def _spread(stack: Stack, index: NDArray[np.intp], values: FloatArray, like: FloatArray) -> FloatArray:
    """Sum cell values into an array shaped like another."""
    return np.asarray(np.bincount(index, values, minlength=like.size), dtype=np.float64).reshape(like.shape)


def _bundle(common: Common, power: FloatArray, wage: FloatArray, inputs: FloatArray) -> FloatArray:
    """Log unit cost of value added and inputs, (N, S, B)."""
    share = common.base.va_share[..., None]
    if not power.any():
        return np.asarray(share * wage + (1.0 - share) * inputs)
    inside = share * np.expm1(power * wage) + (1.0 - share) * np.expm1(power * inputs)
    return np.asarray(np.log1p(inside) / power)


def _final(common: Common, power: FloatArray, price: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Composition of final use (N, S, B) and log of its price index (N, B)."""
    alpha = common.base.final_share[..., None]
    if not power.any():
        return np.broadcast_to(alpha, price.shape), np.asarray((alpha * price).sum(1))
    scaled = np.exp(power[:, None] * price)
    index = np.log((alpha * scaled).sum(1))
    return alpha * scaled * np.exp(-index)[:, None], index / power


def sweep_batch(
    common: Common,
    stack: Stack,
    powers: Powers,
    price: FloatArray,
    output: FloatArray,
    factor: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Evaluate all equations once for every shock.

    Parameters
    ----------
    common, stack, powers : base, patches and elasticities
    price, output : (N, S, B) logs
    factor : log factor incomes, (N, B) where the factor is mobile, else (N, S, B)

    Returns
    -------
    targets of price, output and factor, and log welfare (N, B)
    """
    base, power, bend = common.base, powers.inputs, powers.bundle
    wage, earned = _wages(common, stack, factor)
    index = _index(common.inputs, price, power)
    bundle = _bundle(common, bend, wage, index)
    cost = bundle if stack.productivity is None else bundle - stack.productivity
    scaled = np.ascontiguousarray(np.exp(powers.trade * cost).transpose(1, 0, 2))
    total = np.matmul(common.pi, scaled)
    total += _spread(stack, stack.buyer, stack.gross * scaled.ravel()[stack.cost], total)
    total = np.where(common.bought, total, 1.0)
    inverse = 1.0 / total
    spending = (1.0 - base.va_share)[..., None] * np.exp(bend * (index - bundle) + output)
    spending *= base.output[..., None]
    used = np.exp(power * price) * np.matmul(common.inputs_back, spending * np.exp(-power * index))
    alpha, consumer = _final(common, powers.final, price)
    income = earned + stack.transfer
    if stack.taxed:
        income = _with_revenue(common, stack, scaled, inverse, used, alpha, income)
    demand = (used + alpha * income[:, None, :]).transpose(1, 0, 2) * inverse
    sold = np.matmul(common.pi_back, demand)
    sold += _spread(stack, stack.cost, stack.net * demand.ravel()[stack.buyer], sold)
    receipts = (scaled * sold).transpose(1, 0, 2)
    paid = base.va_share[..., None] * np.exp(bend * (wage - bundle)) * receipts
    new_price = np.log(total).transpose(1, 0, 2) / powers.trade
    new_output = np.log(
        np.where(common.made, receipts / np.where(common.made, base.output[..., None], 1.0), 1.0)
    )
    return (
        new_price,
        new_output,
        _factor_targets(common, paid),
        np.log(income / base.income[:, None]) - consumer,
    )


def _wages(common: Common, stack: Stack, factor: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Log wages (N, S or 1, B) and factor incomes (N, B) by equation (2.14)."""
    rho = common.linear.rho
    labour = 0.0 if stack.labour is None else stack.labour[:, None, :]
    if rho == 0.0:
        return factor[:, None, :] - labour, common.factor_income.sum(1)[:, None] * np.exp(factor)
    earned = (common.factor_income[..., None] * np.exp(factor)).sum(1)
    pooled = np.log(earned / common.factor_income.sum(1)[:, None])
    return rho * factor + (1.0 - rho) * pooled[:, None, :] - labour, earned


def _factor_targets(common: Common, paid: FloatArray) -> FloatArray:
    """Log change of factor payments (N, S, B), or of their sum where the factor is mobile."""
    base = common.factor_income
    if common.linear.rho == 0.0:
        return np.asarray(np.log(paid.sum(1) / base.sum(1)[:, None]))
    some = (base > 0)[..., None]
    return np.asarray(np.log(np.where(some, paid / np.where(some, base[..., None], 1.0), 1.0)))


def _with_revenue(
    common: Common,
    stack: Stack,
    scaled: FloatArray,
    inverse: FloatArray,
    used: FloatArray,
    alpha: FloatArray,
    own: FloatArray,
) -> FloatArray:
    """Income (N, B) with the tariffs collected on inputs and final goods."""
    rate = _spread(stack, stack.buyer, stack.duty * scaled.ravel()[stack.cost], inverse) * inverse
    rate = rate.transpose(1, 0, 2)
    return np.asarray((own + (rate * used).sum(1)) / (1.0 - (rate * alpha).sum(1)))


class _Window:
    """Anderson windows of all shocks in single precision: steps and changes of steps, (memory, D, B)."""

    def __init__(self, size: int, batch: int) -> None:
        self.steps = np.zeros((MEMORY, size, batch), dtype=np.float32)
        self.changes = np.zeros((MEMORY, size, batch), dtype=np.float32)
        self.gram = np.zeros((batch, MEMORY, MEMORY))
        self.filled = 0

    def push(self, step: NDArray[np.float32], change: NDArray[np.float32]) -> None:
        """Store a pair in place of the oldest."""
        row = self.filled % MEMORY
        self.steps[row], self.changes[row] = step, change
        self.filled += 1
        products = np.einsum("mdb,db->bm", self.changes, change)
        self.gram[:, row, :] = products
        self.gram[:, :, row] = products

    def correction(self, move: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the accelerated steps (D, B)."""
        m = min(self.filled, MEMORY)
        if m == 0:
            return move
        gram = self.gram[:, :m, :m]
        scale = 1.0 / np.sqrt(np.maximum(np.diagonal(gram, axis1=1, axis2=2), 1e-300))
        gram = gram * scale[:, :, None] * scale[:, None, :] + 1e-7 * np.eye(m)
        right = scale * np.einsum("mdb,db->bm", self.changes[:m], move)
        gamma = (scale * np.linalg.solve(gram, right[..., None])[..., 0]).astype(np.float32)
        return np.asarray(move - np.einsum("bm,mdb->db", gamma, self.steps[:m] + self.changes[:m]))

    def keep(self, which: NDArray[np.bool_]) -> None:
        """Drop the shocks that are done."""
        self.steps, self.changes = self.steps[:, :, which], self.changes[:, :, which]
        self.gram = self.gram[which]


def solve_batch(
    common: Common,
    powers: Powers,
    patches: list[Patch],
    transfer: FloatArray,
    start: FloatArray | None = None,
    tolerance: float = 1e-10,
) -> BatchOutcome:
    """Solve shocks together; those that do not converge are left to the single solver.

    Parameters
    ----------
    common : the base
    powers : elasticities, one set or one for each shock
    patches : one for each shock
    transfer : (N,) transfers that stay in units of world factor income
    start : (D, B) unknowns to start from; the base by default
    tolerance : on the largest gap, in logs
    """
    n, s = common.base.output.shape
    size = len(patches)
    out = BatchOutcome(np.full((size, n), np.nan), np.full(size, np.inf), np.zeros(size, dtype=np.intp))
    active = np.arange(size)
    x = np.zeros((2 * n * s + (n if common.linear.rho == 0.0 else n * s), size)) if start is None else start
    stack, window = stack_patches(common.base, patches, transfer), _Window(x.shape[0], size)
    last: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None
    with np.errstate(all="ignore"):
        for iteration in range(1, MAX_ITERATIONS + 1):
            move, residual, welfare = _evaluate(common, stack, powers, x)
            done = residual <= tolerance
            out.iterations[active], out.residual[active] = iteration, residual
            out.log_welfare[active[done]] = welfare.T[done]
            gone = done | ~np.isfinite(residual)
            if gone.all():
                break
            if gone.mean() > 0.2:
                keep = ~gone
                active, x, move = active[keep], x[:, keep], move[:, keep]
                powers = powers.keep(keep)
                window.keep(keep)
                last = None if last is None else (last[0][:, keep], last[1][:, keep])
                stack = stack_patches(common.base, [patches[j] for j in active], transfer)
            if last is not None:
                window.push(last[0], move - last[1])
            step = window.correction(move)
            step *= np.minimum(1.0, 1.0 / np.maximum(np.abs(step).max(0), 1e-30))
            last = step, move
            x = _numeraire(common, x + step)
    return out


def _evaluate(
    common: Common, stack: Stack, powers: Powers, x: FloatArray
) -> tuple[NDArray[np.float32], FloatArray, FloatArray]:
    """Newton steps (D, B) in single precision, largest gaps (B,), log welfare (N, B)."""
    n, s = common.base.output.shape
    cells, size = n * s, x.shape[1]
    price, output = x[:cells].reshape(n, s, size), x[cells : 2 * cells].reshape(n, s, size)
    factor = x[2 * cells :]
    if common.linear.rho > 0.0:
        factor = factor.reshape(n, s, size)
    targets = sweep_batch(common, stack, powers, price, output, factor)
    gaps = [targets[0] - price, targets[1] - output, targets[2] - factor]
    residual = np.max([np.abs(g).reshape(-1, size).max(0) for g in gaps], axis=0)
    moves = newton_step(common.linear, *(g.astype(np.float32) for g in gaps))
    move = np.concatenate([m.reshape(-1, size) for m in moves])
    return np.nan_to_num(move), residual, targets[3]


def _numeraire(common: Common, x: FloatArray) -> FloatArray:
    """Shift factor incomes so that world factor income stays at its base value."""
    n, s = common.base.output.shape
    income = common.factor_income.sum(1) if common.linear.rho == 0.0 else common.factor_income.ravel()
    factor = x[2 * n * s :]
    factor -= np.log((income @ np.exp(factor)) / income.sum())
    return x
