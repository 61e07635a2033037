"""From the gaps of the equations to a step that closes most of them at once.

A corrector is built once for a base and its elasticities and serves every shock to it. It only speeds the iteration:
the equilibrium does not depend on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.linear import Linear, linearise, newton_step
from suasion.equilibrium.problem import Problem
from suasion.equilibrium.system import Unknowns
from suasion.equilibrium.types import Parameters
from suasion.types import FloatArray
from suasion.world.prepared import Prepared

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Corrector:
    """One of three rules, by the mobility of factors.

    linear: step of the linearised base, where there is one factor.
    wages: (N, N) scaling of wage gaps, where several factors are mobile.
    cells: (N, S) scaling of the gaps of each cell, where one of several factors is not mobile.
    """

    linear: Linear | None = None
    wages: FloatArray | None = None
    cells: FloatArray | None = None

    def step(self, problem: Problem, gap: Unknowns) -> Unknowns:
        """Return the change of the unknowns for gaps of the same shape."""
        if self.linear is not None and self.linear.mobile is problem.pooled:
            return _newton(self.linear, gap, problem.alive)
        factor = gap.factor
        if self.wages is not None and problem.pooled:
            factor = self.wages @ factor
        elif self.cells is not None and not problem.pooled:
            factor = self.cells[..., None] * factor
        return Unknowns(gap.price, gap.output, factor, gap.multiplier)


def _newton(linear: Linear, gap: Unknowns, alive: NDArray[np.bool_]) -> Unknowns:
    """One right-hand side of the batched Newton step."""
    factor = gap.factor if linear.mobile else np.where(alive[..., None], gap.factor, 0.0)
    price, output, wage = newton_step(
        linear,
        gap.price.astype(np.float32)[..., None],
        gap.output.astype(np.float32)[..., None],
        factor.astype(np.float32),
    )
    if not linear.mobile:
        wage = np.where(alive[..., None], wage, gap.factor)
    return Unknowns(price[..., 0], np.where(alive, output[..., 0], 0.0), wage, gap.multiplier)


#: Up to 19 MB each at 80 x 50: enough for somebody who moves a slider to and fro.
_CORRECTORS: Prepared[Corrector] = Prepared(8)


def corrector_for(base: Accounts, parameters: Parameters) -> Corrector:
    """Return the corrector that suits the mobility of factors, built once for a base and its elasticities."""
    return _CORRECTORS.get(base, parameters.digest(), lambda: _corrector(base, parameters))


def _corrector(base: Accounts, parameters: Parameters) -> Corrector:
    if base.factor_share.shape[2] == 1:
        return Corrector(linear=linearise(base, parameters))
    if np.any(parameters.mobility):
        return Corrector(cells=cell_scaling(base, parameters))
    return Corrector(wages=wage_scaling(base, parameters))


def wage_scaling(base: Accounts, parameters: Parameters) -> FloatArray:
    """Approximate inverse of (identity less the derivative of factor income by wages), (N, N).

    The derivative is that of a model in which every cost moves with the country's own wage:
    selling to market m, origin n loses (sigma - 1) (own wage less the market's average) and gains with the
    income of m. It is exact for one sector without inputs and close enough elsewhere: it only
    speeds the iteration, the fixed point does not depend on it.
    """
    base = base.whole  # counters add nothing to what a country earns
    receipts = base.receipts
    outputs = np.where(base.output.T > 0, base.output.T, 1.0)
    value_added = base.va_share * base.output
    weight = (value_added / value_added.sum(1)[:, None]).T
    sales = receipts / outputs[:, None, :] * weight[:, None, :]  # (sector, market, origin)
    strength = sales * (parameters.local_sigma[: len(base.sectors)] - 1.0)[:, None, None]
    n = base.transfer.size
    across = np.matmul(strength.transpose(0, 2, 1), base.pi).sum(0)
    derivative = across - np.diag(strength.sum((0, 1))) + sales.sum(0).T
    size = value_added.sum(1)
    # One common factor of all wages is the numeraire: the rank-one term fixes it.
    return np.asarray(np.linalg.inv(np.eye(n) - derivative + np.ones((n, 1)) * (size / size.sum())))


def cell_scaling(base: Accounts, parameters: Parameters) -> FloatArray:
    """Inverse of one less the own derivative of each cell's factor income by its wage, (N, S)."""
    receipts = base.receipts
    outputs = np.where(base.output.T > 0, base.output.T, 1.0)
    loss = (receipts * (1.0 - base.pi)).sum(1) / outputs * (parameters.local_sigma - 1.0)[:, None]
    own = (1.0 - parameters.zeta) * (1.0 - base.va_share) - loss.T * base.va_share
    return np.asarray(1.0 / np.maximum(1.0 - own, 0.2))
