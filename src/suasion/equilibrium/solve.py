"""Drive a problem to its equilibrium: acceleration first, then the fall-backs, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from suasion.equilibrium.accounts import Accounts, wedge
from suasion.equilibrium.certificate import Certificate
from suasion.equilibrium.corrector import Corrector, corrector_for, wage_scaling
from suasion.equilibrium.diagnose import check_unit_sigma, shown_some
from suasion.equilibrium.iteration import Evaluated, make_map, make_residual, residual_at
from suasion.equilibrium.modes import ModeShares
from suasion.equilibrium.problem import (
    Problem,
    alive_cells,
    build_problem,
    components,
    split_weights,
    trading,
)
from suasion.equilibrium.system import Sweep, split, start_vector, sweep
from suasion.equilibrium.types import Parameters, Shock
from suasion.errors import ConvergenceError, ElasticityError, ShockError
from suasion.solvers import AndersonOptions, NewtonOptions, Solution, Status, anderson, newton
from suasion.types import Advice, DeficitRule, FloatArray

#: On the largest log gap between the two sides of any equation.
TOLERANCE = 1e-11
#: What is accepted where rounding stops the iteration above the tolerance.
ACCEPTED = 1e-10
#: Largest log gap of an equation that may be left where the step is within the tolerance.
GAP = 1e-9
#: Largest change of an unknown in one step of the first attempt, in logs: a seller that loses its only market has far
#: to go.
QUICK_STEP = 8.0
#: Beyond this many unknowns Newton's inner solves cost more than they bring.
NEWTON_LIMIT = 2000
#: How a cut flow's weight falls along the path: at three, relative wages of parting blocs stay smooth and the last
#: hundredth of a flow, which costs the most where sigma is low, still fills a good part of the path.
CUT_POWER = 3


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Solved:
    """An equilibrium in plain arrays.

    problem: the counterfactual.
    x: vector of unknowns.
    swept: the equations evaluated there.
    solution: verdict of the solver.
    method: how it was reached.
    certificate: the check in levels, where it was made.
    """

    problem: Problem
    x: FloatArray
    swept: Sweep
    solution: Solution
    method: str
    certificate: Certificate | None = None


def solve(
    problem: Problem,
    start: FloatArray | None = None,
    corrector: Corrector | None = None,
    max_iterations: int = 400,
) -> Solved:
    """Solve a problem that :mod:`diagnose` has passed.

    problem: the counterfactual.
    start: unknowns to start from; the base by default.
    corrector: of the base and its parameters, shared by all shocks to it; built here where none is given.
    max_iterations: of each attempt.
    Raises ShockError if a country would have to give away more than it earns.
    Raises ConvergenceError if every method missed the tolerance.
    """
    corrector = corrector or corrector_for(problem.base, problem.parameters)
    first, equations = start_vector(problem) if start is None else start, Evaluated(problem)
    last: Solution | None = None
    for method, attempt in _attempts(max_iterations, first.size).items():
        # A trial point far off may overflow; the solvers see that as a non-finite residual and turn back.
        with np.errstate(all="ignore"):
            solution = attempt(equations, first, corrector)
            swept = equations(solution.value)
            solution = _checked(problem, solution, swept)
        if solution.converged or solution.residual <= ACCEPTED:
            _check_spending(problem, swept)
            return Solved(problem, solution.value, swept, solution, method)
        last = solution if last is None or _finite(solution) < _finite(last) else last
    assert last is not None
    best = f"{last.residual:.1e}" if np.isfinite(last.residual) else "no finite number"
    raise ConvergenceError(
        f"No equilibrium was found: the best residual is {best}, the tolerance {TOLERANCE:.0e} "
        f"({last.status.value}).{_advice(problem)}"
    )


def settled(problem: Problem, x: FloatArray) -> Solved | None:
    """Return the equilibrium at a point where the equations hold to the tolerance, or nothing where they do not.

    problem: the counterfactual.
    x: vector of unknowns.
    """
    with np.errstate(all="ignore"):
        swept = sweep(problem, x)
        gap = float(np.abs(residual_at(problem, x, swept)).max())
    return (
        Solved(problem, x, swept, Solution(x, Status.CONVERGED, 0, gap), "start")
        if gap <= TOLERANCE
        else None
    )


def _finite(solution: Solution) -> float:
    """Residual of an attempt; one that is no number is worse than any, and equal to none."""
    return solution.residual if np.isfinite(solution.residual) else float("inf")


def _advice(problem: Problem) -> Advice:
    """Name the usual reason where a shock of this kind has no equilibrium."""
    if problem.limits is not None and problem.limits.is_cap.any():
        return (
            " A price cap may be lower than any wedge of its buyers can bring about: the seller leaves their "
            "market first. Raise the cap, or let more buyers join."
        )
    if problem.owing and problem.transfer_rule in ("balance", "eliminate"):
        return " The transfer may be more than its sender can earn after the shock: give a smaller one."
    if problem.owing:
        return " The transfers that remain may be more than trade can carry after the shock: try deficits='balance'."
    return ""


def _check_spending(problem: Problem, swept: Sweep) -> None:
    """Refuse a solution of the equations in which a country spends nothing or less on final goods."""
    spends = swept.income > 0.0
    if spends.all():
        return
    names = [problem.base.countries[n] for n in np.flatnonzero(~spends)]
    raise ShockError(
        f"After this shock {', '.join(names[:5])} would give away all that is earned there or more: the transfers "
        f"that deficits={problem.transfer_rule!r} keeps are too large. Use deficits='balance', or a smaller shock."
    )


def _checked(problem: Problem, solution: Solution, swept: Sweep) -> Solution:
    """Doubt a small step: a corrector far from its base may turn a gap in the equations into no step at all."""
    gap = float(np.abs(residual_at(problem, solution.value, swept)).max())
    if gap <= max(GAP, solution.residual):
        return solution
    return replace(solution, status=Status.STALLED, residual=gap)


Attempt = Callable[[Evaluated, FloatArray, Corrector], Solution]


def _attempts(max_iterations: int, size: int) -> dict[str, Attempt]:
    quick = AndersonOptions(tolerance=TOLERANCE, max_iterations=max_iterations, max_step=QUICK_STEP)
    careful = AndersonOptions(
        tolerance=TOLERANCE, max_iterations=2 * max_iterations, memory=24, mixing=0.5, max_step=0.3
    )

    def accelerate(options: AndersonOptions) -> Attempt:
        return lambda equations, first, corrector: anderson(make_map(equations, corrector), first, options)

    attempts: dict[str, Attempt] = {
        "Anderson acceleration": accelerate(quick),
        "damped Anderson acceleration": accelerate(careful),
        "homotopy": lambda equations, first, corrector: _homotopy(equations.problem, corrector, careful),
    }
    if size <= NEWTON_LIMIT:
        attempts["Newton"] = _newton
    return attempts


def _newton(equations: Evaluated, first: FloatArray, corrector: Corrector) -> Solution:
    return newton(make_residual(equations.problem), first, NewtonOptions(tolerance=TOLERANCE))


def _homotopy(problem: Problem, corrector: Corrector, options: AndersonOptions) -> Solution:
    """Carry the solution along the shock, halving the stride where it fails."""
    x, done, stride = start_vector(problem), 0.0, 0.25
    while True:
        target = min(1.0, done + stride)
        part = problem if target == 1.0 else partial(problem, target)
        solution = anderson(make_map(Evaluated(part), corrector), x, options)
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
    full, pi, modes = problem.weight, problem.pi, problem.modes
    cut = (pi > 0) & (full == 0)
    logs = np.log(np.where(full > 0, full, 1.0) / np.where(pi > 0, pi, 1.0))
    limits = problem.limits
    if limits is not None:
        limits = replace(limits, bound=np.maximum(limits.bound, 1e-12) ** s)
    weight = pi * np.where(cut, (1.0 - s) ** CUT_POWER, np.exp(s * logs))
    live, tariff, export_tax = (
        weight[: modes.sectors] > 0,
        _blend(base.tariff, problem.tariff, s),
        _blend(base.export_tax, problem.export_tax, s),
    )
    return replace(
        problem,
        weights=split_weights(modes, weight, tariff, export_tax, limits),
        bloc=components(trading(live, base.expenditure)),
        alive=alive_cells(base, live),
        trade_cost=None if problem.trade_cost is None else problem.trade_cost**s,
        tariff=tariff,
        export_tax=export_tax,
        productivity=s * problem.productivity,
        endowments=s * problem.endowments,
        transfer=(1.0 - s) * (base.transfer - problem.geared * base.factor_income.sum((1, 2)))
        + s * problem.transfer,
        limits=limits,
    )


def accounts_after(solved: Solved) -> Accounts:
    """Return the accounts of an equilibrium, to serve as the base of the next shock.

    A binding quota or cap lives on as the tax that it amounts to, with the rent as its revenue.
    """
    problem, swept = solved.problem, solved.swept
    base, parameters, costs = problem.base, problem.parameters, swept.costs
    unknowns = split(problem, solved.x)
    relative = unknowns.price[:, None, :] - costs.inputs[..., None]
    tariff, export_tax = rates_with_rents(problem, unknowns.multiplier)
    return replace(
        base,
        pi=swept.pi,
        expenditure=swept.expenditure,
        output=np.where(problem.alive, swept.receipts, 0.0),
        va_share=costs.value_added_share,
        input_share=base.input_share * np.exp((1.0 - parameters.epsilon)[..., None] * relative),
        final_share=swept.final_share,
        factor_share=costs.factor_share,
        tariff=tariff,
        export_tax=export_tax,
        transfer=swept.transfer,
        modes=_modes_after(swept),
    )


def _modes_after(swept: Sweep) -> ModeShares | None:
    """Return what locked and switching buyers buy after a shock, so that the next one finds them so."""
    modes, share = swept.modes, swept.share
    if share is None:
        return None
    within = swept.inverse / np.where(share > 0.0, share, 1.0)
    pi = swept.weights.gross * swept.cost_power[:, None, :] * within[..., None]
    return ModeShares(modes.dual, pi, share[modes.sectors :])


def rates_with_rents(problem: Problem, multiplier: FloatArray) -> tuple[FloatArray | None, FloatArray | None]:
    """Tariffs and export taxes, the wedges of quotas and caps included."""
    limits = problem.limits
    if limits is None:
        return problem.tariff, problem.export_tax
    where, mu = tuple(limits.cells), multiplier[limits.constraint]
    tariff, export_tax = (
        np.array(np.broadcast_to(wedge(rate), problem.base.pi.shape), dtype=np.float64)
        for rate in (problem.tariff, problem.export_tax)
    )
    tariff[where] *= np.exp(np.where(limits.to_importer, mu, 0.0))
    export_tax[where] *= np.exp(np.where(limits.to_importer, 0.0, mu))
    return tariff - 1.0, export_tax - 1.0


def rebase(
    base: Accounts,
    parameters: Parameters,
    rule: DeficitRule = "eliminate",
    corrector: Corrector | None = None,
    start: FloatArray | None = None,
) -> Accounts:
    """Re-solve a base without any shock: with transfers removed, or for accounts that do not balance yet.

    base: accounts whose shares are given but whose markets need not clear.
    parameters: elasticities and mobility of the re-solve.
    rule: ``"eliminate"`` sets every transfer to zero, ``"world"`` keeps them.
    corrector: of a base not too different; by default its own.
    start: unknowns that may be the solution, which is not searched for if they are.
    """
    if rule == "eliminate" and not base.transfer.any() and balanced(base):
        return base
    check_unit_sigma(parameters.sigma, base.sectors)
    problem = build_problem(base, parameters, Shock(), rule)
    solved = None if start is None else settled(problem, start)
    return _as_base(solved or _rebalanced(problem, corrector))


def _as_base(solved: Solved) -> Accounts:
    """The accounts of an equilibrium in which locked and switching buyers buy alike, as in any base."""
    return replace(accounts_after(solved), modes=None)


def _rebalanced(problem: Problem, corrector: Corrector | None) -> Solved:
    """Solve for a base that obeys the rule, and say of one that cannot be balanced which sigma is the reason."""
    base, parameters = problem.base, problem.parameters
    # The step of the linearised base presumes a base that balances.
    if not np.any(parameters.mobility) and not balanced(base):
        corrector = Corrector(wages=wage_scaling(base, parameters))
    try:
        return solve(problem, corrector=corrector)
    except ConvergenceError as error:
        _check_base_sigma(base, parameters, error)
        raise


def _check_base_sigma(base: Accounts, parameters: Parameters, error: ConvergenceError) -> None:
    """Say of a base that cannot be balanced which sigma is the reason: up to one, cheaper exports earn less."""
    low = np.flatnonzero(parameters.sigma <= 1.0)
    if low.size:
        names = shown_some([f"{base.sectors[k]} ({parameters.sigma[k]:g})" for k in low])
        raise ElasticityError(
            f"The imbalances of trade cannot be ended with so small a sigma: it is at most 1 in {names}, where cheaper "
            "exports earn less. Give a larger sigma, or keep the imbalances: deficits='world' or 'gdp'."
        ) from error


def balanced(base: Accounts, tolerance: float = 1e-9) -> bool:
    """Whether goods markets clear in the accounts as they stand, relative to each cell's output."""
    sales = base.receipts.sum(1).T
    uses = (1.0 - base.va_share) * base.output
    bought = (base.input_share * uses[..., None]).sum(1) + base.final_share * base.income[:, None]
    gap = np.abs(sales - base.output).max(initial=0.0) / base.output.max()
    return bool(gap < tolerance and np.abs(bought - base.expenditure).max() / base.output.max() < tolerance)
