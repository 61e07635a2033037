"""Many shocks to one base, driven to their equilibria together.

Steps come from the base's linearisation in single precision, accelerated separately for each shock; gaps are taken in
double precision and decide when a shock leaves the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.batch.first import first_gaps, only_weights_change
from suasion.equilibrium.batch.patch import Patch
from suasion.equilibrium.batch.powers import Powers
from suasion.equilibrium.batch.sweep import READINGS, Common, Stack, stack_patches, sweep_batch
from suasion.equilibrium.elasticities.bends import Single
from suasion.equilibrium.linear import newton_step
from suasion.types import FloatArray

#: Pairs in an Anderson window, and sweeps at most, where the factor is mobile and where it is not: the steps of blocks
#: leave more to acceleration.
MEMORY = {True: 5, False: 10}
MAX_ITERATIONS = {True: 40, False: 120}
#: Largest change of an unknown in one step, in logs: a seller that loses its only market has far to go.
MAX_STEP = 8.0
#: Share of the shocks that must be done before the others are moved together: moving costs about a sweep.
LEAVING = 0.2


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What a batch yields for every shock.

    readings: (B, 4, N) logs of changes, in the order of ``READINGS``; NaN where not converged.
    residual: (B,) largest gap of an equation, in logs.
    iterations: (B,) sweeps.
    price: (B, N, S) log prices of goods where asked for, else None.
    """

    readings: FloatArray
    residual: FloatArray
    iterations: NDArray[np.intp]
    price: FloatArray | None = None

    def keep(self, places: NDArray[np.intp], readings: FloatArray, x: FloatArray) -> None:
        """Store what was reached for some shocks: readings (4, N, J) and unknowns (D, J)."""
        self.readings[places] = readings.transpose(2, 0, 1)
        if self.price is not None:
            cells = self.price[0].size
            self.price[places] = x[:cells].T.reshape(-1, *self.price.shape[1:])


def _nothing_yet(size: int, n: int, s: int, *, prices: bool) -> BatchOutcome:
    return BatchOutcome(
        np.full((size, len(READINGS), n), np.nan),
        np.full(size, np.inf),
        np.zeros(size, dtype=np.intp),
        np.full((size, n, s), np.nan) if prices else None,
    )


class _Window:
    """Anderson windows of all shocks in single precision: (memory, D, B).

    ``changes`` of the linearised steps, and by how much ``targets``, unknowns plus steps, moved with them.
    """

    def __init__(self, size: int, batch: int, memory: int) -> None:
        self.changes = np.zeros((memory, size, batch), dtype=np.float32)
        self.targets = np.zeros((memory, size, batch), dtype=np.float32)
        self.gram = np.zeros((batch, memory, memory))
        self.memory, self.filled = memory, 0

    def push(self, step: Single, change: Single) -> None:
        """Store a pair (D, B) in place of the oldest."""
        row = self.filled % self.memory
        self.changes[row] = change
        np.add(step, change, out=self.targets[row])
        self.filled += 1
        m = min(self.filled, self.memory)
        products = self._products(m, self.changes[row])
        self.gram[:, row, :m] = products
        self.gram[:, :m, row] = products

    def _products(self, m: int, vector: Single) -> Single:
        """Inner products (B, m) of the changes with a vector (D, B)."""
        return np.asarray(np.einsum("mdb,db->bm", self.changes[:m], vector))

    def correction(self, move: Single) -> Single:
        """Return the accelerated steps (D, B)."""
        m = min(self.filled, self.memory)
        if m == 0:
            return move
        gram = self.gram[:, :m, :m]
        scale = 1.0 / np.sqrt(np.maximum(np.diagonal(gram, axis1=1, axis2=2), 1e-300))
        gram = gram * scale[:, :, None] * scale[:, None, :] + 1e-7 * np.eye(m)
        right = scale * self._products(m, move)
        gamma = scale * np.linalg.solve(gram, right[..., None])[..., 0]
        return np.asarray(move - np.einsum("bm,mdb->db", gamma.astype(np.float32), self.targets[:m]))

    def step(self, move: Single, last: tuple[Single, Single] | None) -> tuple[Single, Single]:
        """Step to take, and the linearised one; ``last`` has both of the step before."""
        if last is not None:
            self.push(last[0], move - last[1])
        return _limited(self.correction(move)), move

    def keep(self, which: NDArray[np.bool_]) -> None:
        """Drop the shocks that are done."""
        self.changes, self.targets = self.changes[..., which], self.targets[..., which]
        self.gram = self.gram[which]


def solve_batch(
    common: Common,
    powers: Powers,
    patches: Sequence[Patch],
    transfer: FloatArray,
    start: FloatArray | None,
    tolerance: float,
    *,
    prices: bool = False,
) -> BatchOutcome:
    """Solve shocks together; those that do not converge are left to the single solver.

    common: the base.
    powers: elasticities, one set or one for each shock.
    patches: one for each shock.
    transfer: (N,) transfers that stay in units of world factor income.
    start: (D, B) unknowns to start from; the base by default.
    tolerance: on the largest gap, in logs.
    prices: whether prices of goods are kept.
    """
    n, s = common.base.output.shape
    size, unknowns = len(patches), 2 * n * s + (n if common.linear.mobile else n * s)
    out = _nothing_yet(size, n, s, prices=prices)
    active = np.arange(size)
    x = np.zeros((unknowns, size)) if start is None else start
    stack, mobile = stack_patches(common, patches, transfer), common.linear.mobile
    window = _Window(unknowns, size, MEMORY[mobile])
    last: tuple[Single, Single] | None = None
    with np.errstate(all="ignore"):
        if start is None and powers.shared and only_weights_change(common, stack):
            x, last = _first_step(common, stack, powers, x)
        for iteration in range(1, MAX_ITERATIONS[mobile] + 1):
            gaps, residual, readings = _gaps(common, stack, powers, x)
            done = residual <= tolerance
            out.iterations[active], out.residual[active] = iteration, residual
            out.keep(active[done], readings[..., done], x[:, done])
            gone = done | ~np.isfinite(residual) | (np.abs(x).max(0) > powers.farthest)
            if gone.all():
                break
            if gone.mean() > LEAVING:
                keep = ~gone
                active, x, gaps = active[keep], x[:, keep], [gap[..., keep] for gap in gaps]
                powers, common = powers.keep(keep), replace(common, linear=common.linear.keep(keep))
                window.keep(keep)
                last = None if last is None else (last[0][:, keep], last[1][:, keep])
                stack = stack_patches(common, [patches[int(j)] for j in active], transfer)
            last = window.step(_move(common, gaps), last)
            x = _numeraire(common, x + last[0])
    return out


def _first_step(
    common: Common, stack: Stack, powers: Powers, x: FloatArray
) -> tuple[FloatArray, tuple[Single, Single]]:
    """Unknowns after a step from the base, and that step as it was taken and as it was meant."""
    move = _move(common, first_gaps(common, stack, powers))
    step = _limited(move)
    return _numeraire(common, x + step), (step, move)


def _limited(step: Single) -> Single:
    """Steps (D, B), shortened where one of them would go too far."""
    farthest = np.maximum(np.maximum(step.max(0), -step.min(0)), 1e-30)
    return np.asarray(step * np.minimum(1.0, MAX_STEP / farthest))


def _gaps(
    common: Common, stack: Stack, powers: Powers, x: FloatArray
) -> tuple[list[FloatArray], FloatArray, FloatArray]:
    """Gaps of prices, outputs and factor incomes (..., B), the largest of each shock (B,), readings (4, N, B)."""
    n, s = common.base.output.shape
    cells, size = n * s, x.shape[1]
    price, output = x[:cells].reshape(n, s, size), x[cells : 2 * cells].reshape(n, s, size)
    factor = x[2 * cells :]
    if not common.linear.mobile:
        factor = factor.reshape(n, s, size)
    targets = sweep_batch(common, stack, powers, price, output, factor)
    gaps = [targets.price, targets.output, targets.factor]
    for gap, known in zip(gaps, (price, output, factor), strict=True):
        gap -= known
    axes = [tuple(range(gap.ndim - 1)) for gap in gaps]
    largest = [np.maximum(g.max(a), -g.min(a)) for g, a in zip(gaps, axes, strict=True)]
    residual = np.max(np.asarray(largest, np.float64), axis=0)
    return gaps, residual, targets.readings


def _move(common: Common, gaps: list[FloatArray]) -> Single:
    """Newton steps (D, B) in single precision."""
    moves = newton_step(common.linear, *(gap.astype(np.float32) for gap in gaps))
    move = np.concatenate([m.reshape(-1, m.shape[-1]) for m in moves])
    return np.asarray(np.nan_to_num(move, copy=False))


def _numeraire(common: Common, x: FloatArray) -> FloatArray:
    """Shift factor incomes so that world factor income stays at its base value."""
    n, s = common.base.output.shape
    income = common.factor_income.sum(1) if common.linear.mobile else common.factor_income.ravel()
    factor = x[2 * n * s :]
    factor -= np.log((income @ np.exp(factor)) / income.sum())
    return x
