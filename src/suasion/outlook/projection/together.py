"""Equilibria of many draws, driven together.

Draws share the accounts of the base year and differ in elasticities and shocks. The gaps of every draw's equations are
taken in double precision; one call of the linearised base turns all of them into steps, accelerated for each draw.
What does not arrive in this way is solved singly. Where it ends depends on the equations only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium import Economy, Parameters, Shock, respond
from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.batch.draws import with_draws
from suasion.equilibrium.corrector import corrector_for
from suasion.equilibrium.diagnose import check_sigma, check_suppliers
from suasion.equilibrium.economy import economy_on
from suasion.equilibrium.elasticities.bends import Bends
from suasion.equilibrium.iteration import gaps, numeraire
from suasion.equilibrium.linear import Linear, newton_step
from suasion.equilibrium.problem import Problem, build_problem
from suasion.equilibrium.solve import Solved, accounts_after
from suasion.equilibrium.system import Sweep, Unknowns, split, start_vector, sweep
from suasion.errors import ConvergenceError, ElasticityError, ShockError, SuasionError
from suasion.solvers import Solution, Status
from suasion.types import FloatArray
from suasion.world.prepared import Prepared

Single = NDArray[np.float32]
ROUGH = 1e-8
"""Largest gap of an equation of a draw, in logs: a loss of 1 % is right to about 1e-6 of itself. Central courses are
solved to the last digits."""
NEAR = 1e-7
"""The same where the factor is tied to its sector."""
MOST = 80
MOST_BESIDE = 40
"""Steps at most from the linearised equations of an example, which lead astray a draw that ends far from it."""
MEMORY = 10
FAR = 8.0
"""Largest change of an unknown in one step, in logs: a seller that loses its only market has far to go."""
FAILURES = (ShockError, ElasticityError, ConvergenceError)


@dataclass(frozen=True, slots=True)
class Together:
    """A base with the elasticities of some draws.

    economy: base, with central elasticities and the corrector that all share.
    sets: elasticities, one set a draw.
    linear: the linearised base with a set for each draw; None where it does not serve.
    """

    economy: Economy
    sets: tuple[Parameters, ...]
    linear: Linear | None

    def respond(
        self, which: Sequence[int], shocks: Sequence[Shock], starts: Sequence[FloatArray | None]
    ) -> list[Solved | SuasionError]:
        """Solve a shock for each named draw.

        which: positions of the draws in ``sets``; one may come more than once.
        shocks, starts: one for each; a start of None is the base.
        Returns: The equilibrium, or the error that says why there is none.
        """
        if self.linear is None or len(self.sets) < 2:
            return [self._single(k, shock, x) for k, shock, x in zip(which, shocks, starts, strict=True)]
        problems = [
            build_problem(self.economy.accounts, self.sets[k], shock, self.economy.deficits)
            for k, shock in zip(which, shocks, strict=True)
        ]
        first = [start_vector(p) if x is None else x for p, x in zip(problems, starts, strict=True)]
        sound = [j for j, p in enumerate(problems) if p.limits is None and _sound(p)]
        linear = _sets_of(self.linear, [which[j] for j in sound])
        found = _drive([problems[j] for j in sound], linear, [first[j] for j in sound], ROUGH, MOST)
        made: dict[int, Solved | None] = dict(zip(sound, found, strict=True))
        return [
            made.get(j) or self._single(k, shock, starts[j])
            for j, (k, shock) in enumerate(zip(which, shocks, strict=True))
        ]

    def _single(self, k: int, shock: Shock, start: FloatArray | None) -> Solved | SuasionError:
        return respond_or_error(replace(self.economy, parameters=self.sets[k]), shock, start)


def together(economy: Economy, sets: Sequence[Parameters]) -> Together:
    """Make draws ready to be driven together.

    economy: base year.
    sets: elasticities, one set a draw.
    """
    linear = economy.corrector.linear
    if linear is not None and len(sets) > 1:
        linear = with_draws(linear, sets)
    return Together(economy, tuple(sets), linear)


def respond_alike(
    example: Solved,
    shock: Shock,
    worlds: Sequence[tuple[Accounts, Parameters]],
    starts: Sequence[FloatArray],
) -> list[Solved | SuasionError]:
    """Solve one shock to :data:`NEAR` for worlds that are much like one in which it has been solved.

    The linearised equations of that world steer all the others: first those of where the shock has taken it, which know
    what is cut, then, for whom these lead astray, those of its base. Who still does not arrive is solved singly.

    example: the shock in the world that the others are like.
    shock: compiled for all of them.
    worlds: accounts and elasticities of each.
    starts: unknowns to start from.
    Returns: The equilibrium, or the error that says why there is none.
    """
    rule = example.problem.transfer_rule
    problems = [build_problem(*world, shock, rule) for world in worlds]
    found: list[Solved | None] = [None] * len(problems)
    for linear, most in ((_linear_at(example), MOST_BESIDE), (_linear_of(example), MOST)):
        left = [k for k, one in enumerate(found) if one is None and _sound(problems[k])]
        if linear is None or not left:
            continue
        drawn = with_draws(linear, [worlds[k][1] for k in left])
        made = _drive([problems[k] for k in left], drawn, [starts[k] for k in left], NEAR, most)
        for k, one in zip(left, made, strict=True):
            found[k] = one
    return [
        one or respond_or_error(economy_on(*world, rule), shock, start)
        for one, world, start in zip(found, worlds, starts, strict=True)
    ]


def respond_or_error(economy: Economy, shock: Shock, start: FloatArray | None) -> Solved | SuasionError:
    """Solve a shock singly; return why it has no equilibrium where it has none.

    economy, shock, start: as for :func:`suasion.equilibrium.respond`.
    """
    try:
        return respond(economy, shock, start)[0]
    except FAILURES as error:
        return error


_AT: Prepared[Linear | None] = Prepared(1)


def _linear_at(example: Solved) -> Linear | None:
    """The equations linearised where an equilibrium lies; None where they do not serve."""
    parameters = example.problem.parameters
    return _AT.get(example, "linear", lambda: corrector_for(accounts_after(example), parameters).linear)


def _linear_of(example: Solved) -> Linear | None:
    """The equations linearised at the base of an equilibrium; None where they do not serve."""
    return corrector_for(example.problem.base, example.problem.parameters).linear


def _sound(problem: Problem) -> bool:
    """Whether nothing is wrong at first sight; the single solver finds the words where something is.

    A world that collapses has no finite prices, so that nothing arrives and the single solver looks into it too.
    """
    try:
        check_sigma(problem)
        check_suppliers(problem)
    except FAILURES:
        return False
    return True


def _sets_of(linear: Linear, which: Sequence[int]) -> Linear:
    """The linearised base with the sets of some draws, in their order."""
    if linear.inverse.ndim == 2:
        return linear
    at, bends = np.asarray(which, dtype=np.intp), linear.bends
    parts = (bends.cost, bends.inputs, bends.used, bends.final, bends.trade)
    return replace(linear, inverse=linear.inverse[at], bends=Bends(*(part[..., at] for part in parts)))


def _drive(
    problems: Sequence[Problem], linear: Linear, starts: Sequence[FloatArray], enough: float, most: int
) -> list[Solved | None]:
    """Iterate all until each arrives; None for those that do not in so many steps."""
    found: list[Solved | None] = [None] * len(problems)
    active, points = list(range(len(problems))), [x.copy() for x in starts]
    windows = [_Window() for _ in problems]
    with np.errstate(all="ignore"):
        for iteration in range(1, most + 1):
            left, open_gaps = [], []
            for j in active:
                swept, gap, size = _gap(problems[j], points[j])
                if size <= enough:
                    found[j] = _arrived(problems[j], points[j], swept, iteration, size)
                elif np.isfinite(size):
                    left.append(j)
                    open_gaps.append(gap)
            if not left:
                break
            if len(left) < len(active):
                linear = linear.keep(np.isin(active, left))
            active = left
            for j, move in zip(active, _moves(linear, open_gaps), strict=True):
                points[j] = _moved(problems[j], points[j], windows[j].step(move))
    return found


def _gap(problem: Problem, x: FloatArray) -> tuple[Sweep, Unknowns, float]:
    """Equations evaluated, their gaps, and the largest."""
    unknowns, swept = split(problem, x), sweep(problem, x)
    gap = gaps(problem, unknowns, swept)
    # NumPy's maximum keeps what is no number; the built-in one drops it.
    return swept, gap, float(np.max([np.abs(part).max() for part in (gap.price, gap.output, gap.factor)]))


def _arrived(problem: Problem, x: FloatArray, swept: Sweep, iteration: int, size: float) -> Solved | None:
    if not (swept.income > 0.0).all():
        return None
    return Solved(problem, x, swept, Solution(x, Status.CONVERGED, iteration, size), "shared Newton steps")


def _moves(linear: Linear, open_gaps: Sequence[Unknowns]) -> Single:
    """Steps of all, (B, D)."""
    stacked = [
        np.stack(parts, axis=-1).astype(np.float32)
        for parts in (
            [g.price for g in open_gaps],
            [g.output for g in open_gaps],
            [g.factor[..., 0] for g in open_gaps],
        )
    ]
    moves = newton_step(linear, *stacked)
    joined = np.concatenate([m.reshape(-1, len(open_gaps)) for m in moves])
    return np.asarray(np.nan_to_num(np.ascontiguousarray(joined.T), copy=False))


def _moved(problem: Problem, x: FloatArray, step: Single) -> FloatArray:
    """Take a step, idle cells apart, and bring factor incomes back to their numeraire."""
    after = x + step * min(1.0, FAR / max(float(np.abs(step).max()), 1e-30))
    cells = problem.base.output.size
    after[cells : 2 * cells][~problem.alive.ravel()] = 0.0
    after[2 * cells :] = numeraire(problem, split(problem, after).factor).ravel()
    return after


class _Window:
    """Anderson acceleration of one draw in single precision."""

    def __init__(self) -> None:
        self._steps: list[Single] = []
        self._changes: list[Single] = []
        self._last: tuple[Single, Single] | None = None

    def step(self, move: Single) -> Single:
        """Return the accelerated step of a move."""
        if self._last is not None:
            self._steps = [*self._steps[1 - MEMORY :], self._last[0]]
            self._changes = [*self._changes[1 - MEMORY :], move - self._last[1]]
        step = move
        if self._changes:
            changes, steps = np.stack(self._changes), np.stack(self._steps)
            scale = 1.0 / np.maximum(np.linalg.norm(changes, axis=1), 1e-30)
            scaled = changes * scale[:, None]
            gram = (scaled @ scaled.T).astype(np.float64) + 1e-7 * np.eye(len(scale))
            gamma = (scale * np.linalg.solve(gram, scaled @ move)).astype(np.float32)
            step = move - gamma @ (steps + changes)
        self._last = step, move
        return step
