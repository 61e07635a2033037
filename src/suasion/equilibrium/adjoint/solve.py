"""Solve the transposed equations of an equilibrium, and read derivatives off the solution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from suasion.equilibrium.accounts import Accounts, sector_last, wedge
from suasion.equilibrium.adjoint.backward import Backward, Seeds, flow_worth, pull, transposed
from suasion.equilibrium.adjoint.point import Point
from suasion.equilibrium.corrector import cell_scaling, wage_scaling
from suasion.equilibrium.system import Unknowns, split
from suasion.equilibrium.types import Parameters, Use
from suasion.errors import ConvergenceError, InputError
from suasion.types import FloatArray

Wrt = Literal["trade_cost", "tariff", "export_tax", "productivity", "endowments", "transfer"]

#: On the gap of the transposed equations, relative to the largest entry of the right-hand side.
TOLERANCE = 1e-11
#: What is accepted where rounding stops the iteration above the tolerance.
ACCEPTED = 1e-10
_BASIS, _RESTARTS = 200, 5


@dataclass(frozen=True, slots=True)
class Gradient:
    """The derivative of one outcome by everything, or of several on a leading axis.

    point: the equilibrium.
    back: adjoints of one sweep at the solution.
    residual: largest gap of the transposed equations, relative to the largest entry of the right-hand side.
    steps: applications of the transposed equations.
    """

    point: Point
    back: Backward
    residual: float
    steps: int

    def by(self, wrt: Wrt, use: Use | None = None) -> FloatArray:
        """Return the derivative of the outcome, unscaled.

        wrt: what changes.
        use: of costs and taxes of flows of this use alone, where all goods have counters; of both by default.
        Returns: By the log of the iceberg factor, by the rate of a tariff or export tax: (importer, exporter,
          sector), with NaN for taxes of a country on itself; by log productivity: (country, sector); by the
          log of the endowment, by a transfer in million USD, which all countries of the bloc finance in
          proportion to their income: (country,).
        Raises InputError: Nothing of that name can change.
        """
        if wrt not in get_args(Wrt):
            raise InputError(f"wrt={wrt!r} is not one of {', '.join(get_args(Wrt))}.")
        base = self.point.problem.base
        if wrt == "productivity":
            return np.asarray(self.back.productivity[..., : len(base.whole.sectors)])
        if wrt in ("endowments", "transfer"):
            return np.asarray(getattr(self.back, wrt))
        worth = getattr(flow_worth(self.point, self.back), wrt)
        if wrt != "trade_cost":
            worth = worth / wedge(getattr(self.point.problem, wrt))
            own = np.arange(worth.shape[1])
            worth[:, own, own] = np.nan
        return sector_last(base.gathered(worth) if use is None else base.of_use(worth, use))


@dataclass(frozen=True, slots=True)
class Scaling:
    """What the base says about the size of the answer of factor incomes to a gap: it speeds the solution.

    wages: (N, N) where every factor is mobile, else None.
    cells: (N, S) where some factor is not, else None.
    """

    wages: FloatArray | None
    cells: FloatArray | None

    def apply(self, gap: Unknowns) -> Unknowns:
        """Transpose of the scaled step."""
        if self.wages is not None:
            factor = self.wages.T @ gap.factor
        elif self.cells is not None:
            factor = self.cells[..., None] * gap.factor
        else:
            factor = gap.factor
        return Unknowns(gap.price, gap.output, factor, gap.multiplier)


def scaling_of(base: Accounts, parameters: Parameters) -> Scaling:
    """Scale by the base and its elasticities, once for all scenarios and outcomes.

    base: accounts before the shock.
    parameters: elasticities and mobility.
    """
    if np.any(parameters.mobility):
        return Scaling(None, cell_scaling(base, parameters))
    return Scaling(wage_scaling(base, parameters), None)


def gradient(point: Point, seeds: Seeds, scaling: Scaling) -> Gradient:
    """Differentiate an outcome by everything: one transposed system.

    point: the equilibrium.
    seeds: derivative of the outcome by incomes and price indices.
    scaling: of the base.
    Raises ConvergenceError: The transposed equations could not be solved to 1e-10: the economy is close to a
      point where it has no equilibrium, and derivatives there mean little.
    """
    problem = point.problem
    size = point.expenditure.size
    unknowns = 2 * size + point.earned.size + point.binding.size
    nothing = split(problem, np.zeros((*seeds.income.shape[:-1], unknowns)))
    first = pull(point, seeds, nothing)
    right = Unknowns(first.price, first.output, first.factor, first.multiplier).joined()
    found = solve_transposed(point, right, scaling)
    if not found.gap <= ACCEPTED:
        raise ConvergenceError(
            f"The derivatives could not be computed: the gap of the transposed equations is {found.gap:.1e} after "
            f"{found.steps} steps, {ACCEPTED:.0e} is wanted. The economy may be close to a collapse; take a smaller "
            "shock."
        )
    return Gradient(point, pull(point, seeds, split(problem, found.worth)), found.gap, found.steps)


@dataclass(frozen=True, slots=True)
class Transposed:
    """A solution of the transposed equations.

    worth: (D,) worth of every unknown, or (B, D).
    gap: largest gap, relative to the largest entry of the right-hand side.
    steps: applications of the transposed equations.
    met: whether the tolerance was met.
    """

    worth: FloatArray
    gap: float
    steps: int
    met: bool


def solve_transposed(
    point: Point,
    right: FloatArray,
    scaling: Scaling,
    tolerance: float = TOLERANCE,
    start: FloatArray | None = None,
) -> Transposed:
    """Solve the transposed equations, those of several outcomes together: their spectrum is the same.

    point: the equilibrium.
    right: (D,) right-hand side, or (B, D) of several.
    scaling: of the base.
    tolerance: on the gap of all of them, each relative to the largest entry of its right-hand side.
    start: like ``right``, solution of a neighbouring system.
    """
    from scipy.sparse.linalg import LinearOperator, gmres  # slow to import

    problem, scale = point.problem, np.abs(right).max(-1, keepdims=True)
    if not scale.any():
        return Transposed(np.zeros_like(right), 0.0, 0, met=True)
    scale = np.where(scale > 0.0, scale, 1.0)
    wanted, shape = right / scale, (right.size, right.size)
    steps: list[float] = []

    def apply_to(values: FloatArray) -> FloatArray:
        return transposed(point, split(problem, values.reshape(right.shape))).joined()

    def scaled(values: FloatArray) -> FloatArray:
        return scaling.apply(split(problem, values.reshape(right.shape))).joined().ravel()

    found, failed = gmres(
        LinearOperator(shape, lambda v: apply_to(v).ravel(), dtype=np.float64),
        wanted.ravel(),
        x0=None if start is None else (start / scale).ravel(),
        M=LinearOperator(shape, scaled, dtype=np.float64),
        rtol=0.0,
        atol=tolerance,
        restart=min(_BASIS, right.shape[-1]),
        maxiter=_RESTARTS,
        callback=steps.append,
        callback_type="pr_norm",
    )
    found = found.reshape(right.shape)
    gap = float(np.abs(apply_to(found) - wanted).max())
    return Transposed(scale * found, gap, len(steps), met=not failed)
