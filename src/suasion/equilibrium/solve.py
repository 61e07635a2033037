"""Drive a problem to its equilibrium: acceleration first, then the fall-backs, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from suasion.equilibrium.accounts import Accounts, FloatArray, wedge
from suasion.equilibrium.iteration import cell_scaling, make_map, wage_scaling
from suasion.equilibrium.problem import DeficitRule, Problem, alive_cells, build_problem, components
from suasion.equilibrium.system import Sweep, split, start_vector, sweep
from suasion.equilibrium.types import Parameters, Shock
from suasion.errors import ConvergenceError
from suasion.solvers import AndersonOptions, NewtonOptions, Solution, anderson, newton

#: On the largest log gap between the two sides of any equation.
TOLERANCE = 1e-11
#: What is accepted where rounding stops the iteration above the tolerance.
ACCEPTED = 1e-10
#: Beyond this many unknowns Newton's inner solves cost more than they bring.
NEWTON_LIMIT = 2000
#: How a cut flow's weight falls along the path; two keeps relative wages of parting blocs smooth enough.
CUT_POWER = 2


@dataclass(frozen=True, slots=True)
class Solved:
    """An equilibrium in plain arrays.

    Attributes
    ----------
    problem : the counterfactual
    x : vector of unknowns
    swept : the equations evaluated there
    solution : verdict of the solver
    method : how it was reached
    """

    problem: Problem
    x: FloatArray
    swept: Sweep
    solution: Solution
    method: str


def scaling_of(problem: Problem) -> FloatArray:
    """Return the scaling of the wage update that suits the mobility of factors."""
    rule = wage_scaling if problem.pooled else cell_scaling
    return rule(problem.base, problem.parameters)


def solve(
    problem: Problem,
    start: FloatArray | None = None,
    scaling: FloatArray | None = None,
    max_iterations: int = 400,
) -> Solved:
    """Solve a problem that :mod:`diagnose` has passed.

    Parameters
    ----------
    problem : the counterfactual
    start : unknowns to start from; the base by default
    scaling : from :func:`scaling_of`, to be shared by problems with the same base and parameters
    max_iterations : of each attempt

    Raises
    ------
    ConvergenceError
        If every method missed the tolerance.
    """
    scaling = scaling_of(problem) if scaling is None else scaling
    first = start_vector(problem) if start is None else start
    last: Solution | None = None
    for method, attempt in _attempts(max_iterations, first.size).items():
        # A trial point far off may overflow; the solvers see that as a non-finite residual and turn back.
        with np.errstate(all="ignore"):
            solution = attempt(problem, first, scaling)
        if solution.converged or solution.residual <= ACCEPTED:
            return Solved(problem, solution.value, sweep(problem, solution.value), solution, method)
        last = solution if last is None or solution.residual < last.residual else last
    assert last is not None
    raise ConvergenceError(
        f"No equilibrium was found: the best residual is {last.residual:.1e}, the tolerance {TOLERANCE:.0e} "
        f"({last.status.value})."
    )


Attempt = Callable[[Problem, FloatArray, FloatArray], Solution]


def _attempts(max_iterations: int, size: int) -> dict[str, Attempt]:
    quick = AndersonOptions(tolerance=TOLERANCE, max_iterations=max_iterations)
    careful = AndersonOptions(
        tolerance=TOLERANCE, max_iterations=2 * max_iterations, memory=24, mixing=0.5, max_step=0.3
    )

    def accelerate(options: AndersonOptions) -> Attempt:
        return lambda problem, first, scaling: anderson(make_map(problem, scaling), first, options)

    attempts: dict[str, Attempt] = {
        "Anderson acceleration": accelerate(quick),
        "damped Anderson acceleration": accelerate(careful),
        "homotopy": lambda problem, first, scaling: _homotopy(problem, scaling, careful),
    }
    if size <= NEWTON_LIMIT:
        attempts["Newton"] = _newton
    return attempts


def _newton(problem: Problem, first: FloatArray, scaling: FloatArray) -> Solution:
    step = make_map(problem, scaling)
    return newton(lambda x: step(x) - x, first, NewtonOptions(tolerance=TOLERANCE))


def _homotopy(problem: Problem, scaling: FloatArray, options: AndersonOptions) -> Solution:
    """Carry the solution along the shock, halving the stride where it fails."""
    x, done, stride = start_vector(problem), 0.0, 0.25
    while True:
        target = min(1.0, done + stride)
        part = problem if target == 1.0 else partial(problem, target)
        solution = anderson(make_map(part, scaling), x, options)
        if solution.converged or solution.residual <= ACCEPTED:
            x, done = solution.value, target
            if done == 1.0:
                return solution
        elif stride < 1.0 / 32.0:
            return replace(solution, value=x)
        else:
            stride *= 0.5


def _blend(base: FloatArray | None, new: FloatArray | None, s: float) -> FloatArray | None:
    """Rates on the log-linear path between two tax wedges."""
    if base is None and new is None:
        return None
    return np.asarray(np.exp((1.0 - s) * np.log(wedge(base)) + s * np.log(wedge(new))) - 1.0)


def partial(problem: Problem, s: float) -> Problem:
    """Return the problem with the fraction ``s`` of its shock.

    Costs, taxes, productivity and endowments move log-linearly; the weight of a cut flow falls to zero as
    ``(1 - s) ** CUT_POWER``, so that the path reaches a full embargo at a finite parameter.
    """
    base = problem.base
    cut = (base.pi > 0) & (problem.weight == 0)
    logs = np.log(np.where(problem.weight > 0, problem.weight, 1.0) / np.where(base.pi > 0, base.pi, 1.0))
    limits = problem.limits
    if limits is not None:
        limits = replace(limits, bound=np.maximum(limits.bound, 1e-12) ** s)
    weight = base.pi * np.where(cut, (1.0 - s) ** CUT_POWER, np.exp(s * logs))
    return replace(
        problem,
        weight=weight,
        bloc=components(weight, base.expenditure),
        alive=alive_cells(base, weight),
        trade_cost=None if problem.trade_cost is None else problem.trade_cost**s,
        tariff=_blend(base.tariff, problem.tariff, s),
        export_tax=_blend(base.export_tax, problem.export_tax, s),
        productivity=s * problem.productivity,
        labour=s * problem.labour,
        transfer=(1.0 - s) * base.transfer + s * problem.transfer,
        limits=limits,
    )


def accounts_after(solved: Solved) -> Accounts:
    """Return the accounts of an equilibrium, to serve as the base of the next shock."""
    problem, swept = solved.problem, solved.swept
    base, parameters, costs = problem.base, problem.parameters, swept.costs
    unknowns = split(problem, solved.x)
    relative = unknowns.price[:, None, :] - costs.inputs[..., None]
    return replace(
        base,
        pi=swept.pi,
        expenditure=swept.expenditure,
        output=np.where(problem.alive, swept.receipts, 0.0),
        va_share=costs.value_added_share,
        input_share=base.input_share * np.exp((1.0 - parameters.epsilon)[..., None] * relative),
        final_share=swept.final_share,
        factor_share=costs.factor_share,
        tariff=problem.tariff,
        export_tax=problem.export_tax,
        transfer=swept.transfer,
    )


def rebase(base: Accounts, parameters: Parameters, rule: DeficitRule = "eliminate") -> Accounts:
    """Re-solve a base without any shock: with transfers removed, or for accounts that do not balance yet.

    Parameters
    ----------
    base : accounts whose shares are given but whose markets need not clear
    parameters : elasticities and mobility of the re-solve
    rule : ``"eliminate"`` sets every transfer to zero, ``"world"`` keeps them
    """
    if rule == "eliminate" and not base.transfer.any() and balanced(base):
        return base
    return accounts_after(solve(build_problem(base, parameters, Shock(), rule)))


def balanced(base: Accounts, tolerance: float = 1e-9) -> bool:
    """Whether goods markets clear in the accounts as they stand, relative to each cell's output."""
    sales = base.receipts.sum(1).T
    uses = (1.0 - base.va_share) * base.output
    bought = (base.input_share * uses[..., None]).sum(1) + base.final_share * base.income[:, None]
    gap = np.abs(sales - base.output).max(initial=0.0) / base.output.max()
    return bool(gap < tolerance and np.abs(bought - base.expenditure).max() / base.output.max() < tolerance)
