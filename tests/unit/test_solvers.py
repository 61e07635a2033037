"""Anderson acceleration and Newton's method on problems with known answers, and what they say when they fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from tests.economies import between, parameters, unsolved

from suasion.equilibrium.corrector import corrector_for
from suasion.equilibrium.iteration import Evaluated, make_map, make_residual
from suasion.equilibrium.problem import build_problem
from suasion.equilibrium.solve import solve
from suasion.equilibrium.system import start_vector
from suasion.equilibrium.types import Shock
from suasion.solvers import AndersonOptions, NewtonOptions, Solution, Status, anderson, newton
from suasion.solvers.newton import jacobian, jacobian_product
from suasion.world.testing import random_world

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Example:
    """A fixed-point map with its answer."""

    function: Callable[[Array], Array]
    start: Array
    answer: Array


def linear(eigenvalues: Array, seed: int = 0) -> Example:
    """x = A x + b with the given spectrum in a random basis that is not orthogonal."""
    rng = np.random.default_rng(seed)
    n = eigenvalues.size
    basis = np.eye(n) + 0.3 * rng.normal(size=(n, n)) / np.sqrt(n)
    matrix = basis @ np.diag(eigenvalues) @ np.linalg.inv(basis)
    answer = rng.normal(size=n)
    shift = answer - matrix @ answer
    return Example(lambda x: matrix @ x + shift, np.zeros(n), answer)


EXAMPLES = {
    "contraction": linear(np.linspace(-0.5, 0.5, 12)),
    "stiff": linear(np.concatenate([np.linspace(0.0, 0.5, 30), [0.9, 0.99, 0.999]])),
    "oscillating": linear(np.linspace(-0.95, 0.2, 15)),
    "expanding in one direction": linear(np.array([1.8, 0.3, 0.1, -0.2])),  # plain iteration diverges
    "cosine": Example(np.cos, np.zeros(3), np.full(3, 0.7390851332151607)),
    "square root": Example(lambda x: 0.5 * (x + 2.0 / x), np.full(2, 1.5), np.full(2, np.sqrt(2.0))),
}


def by_anderson(example: Example) -> Solution:
    return anderson(example.function, example.start, AndersonOptions(max_step=10.0))


def by_newton(limit: int) -> Callable[[Example], Solution]:
    def run(example: Example) -> Solution:
        options = NewtonOptions(dense_limit=limit, max_step=10.0)
        return newton(lambda x: example.function(x) - x, example.start, options)

    return run


SOLVERS = {"Anderson": by_anderson, "Newton, dense": by_newton(400), "Newton, Krylov": by_newton(0)}


@pytest.mark.parametrize("solver", list(SOLVERS))
@pytest.mark.parametrize("name", list(EXAMPLES))
def test_every_solver_on_every_example(name: str, solver: str) -> None:
    """The residual meets 1e-11; the answer is as near as the distance of the spectrum from one allows."""
    example = EXAMPLES[name]
    solution = SOLVERS[solver](example)
    assert solution.status is Status.CONVERGED
    assert solution.converged
    assert solution.residual <= 1e-11
    assert np.abs(example.function(solution.value) - solution.value).max() == pytest.approx(
        solution.residual, abs=1e-15
    )
    assert solution.value == pytest.approx(example.answer, abs=1e-7 if name == "stiff" else 1e-9)


def test_acceleration_beats_plain_iteration_where_it_is_stiff() -> None:
    """With a slowest factor of .999, plain iteration would need 25,000 evaluations for 1e-11."""
    assert by_anderson(EXAMPLES["stiff"]).iterations < 200


def test_anderson_ends_a_small_linear_problem_in_as_many_steps_as_dimensions() -> None:
    """With the memory of a Krylov space the iteration is GMRES in disguise: n + 2 evaluations of an n x n problem."""
    assert by_anderson(linear(np.array([0.9, 0.5, -0.4, 0.2]))).iterations <= 4 + 3


@pytest.mark.parametrize("mixing", [0.3, 1.0])
@pytest.mark.parametrize("memory", [1, 3, 12])
def test_options_of_anderson_change_the_way_not_the_answer(memory: int, mixing: float) -> None:
    example = EXAMPLES["contraction"]
    options = AndersonOptions(memory=memory, mixing=mixing, max_iterations=2000)
    assert anderson(example.function, example.start, options).value == pytest.approx(example.answer, abs=1e-9)


def test_steps_are_clipped() -> None:
    """No component moves further than max_step at a time."""
    seen: list[Array] = []

    def record(x: Array) -> Array:
        seen.append(x.copy())
        return np.full(2, 5.0)

    anderson(record, np.zeros(2), AndersonOptions(max_step=0.5, max_iterations=30))
    assert np.abs(np.diff(np.stack(seen), axis=0)).max() <= 0.5 + 1e-12


# --- verdicts ---------------------------------------------------------------------------------------------------


def test_statuses_carry_advice() -> None:
    assert "raise it" in Status.MAX_ITERATIONS.value
    assert "tolerance" in Status.STALLED.value
    assert "no equilibrium" in Status.NONFINITE.value


def test_too_few_iterations_are_reported_with_the_best_point() -> None:
    example = EXAMPLES["stiff"]
    solution = anderson(example.function, example.start, AndersonOptions(max_iterations=5))
    assert solution.status is Status.MAX_ITERATIONS
    assert not solution.converged
    assert solution.iterations == 5
    gap = np.abs(example.function(solution.value) - solution.value).max()
    assert gap == pytest.approx(solution.residual, abs=1e-15)


def test_a_map_without_fixed_point_stalls() -> None:
    """x + 1 has none: the residual never falls."""
    solution = anderson(lambda x: x + 1.0, np.zeros(2), AndersonOptions(max_iterations=1000))
    assert solution.status is Status.STALLED
    assert solution.residual == pytest.approx(1.0)


def test_leaving_the_finite_numbers_is_reported_with_the_last_finite_point() -> None:
    def breaks(x: Array) -> Array:
        return np.where(x > 3.0, np.nan, x + 1.0)

    solution = anderson(breaks, np.zeros(2))
    assert solution.status is Status.NONFINITE
    assert np.isfinite(solution.value).all()


def test_newton_reports_a_start_outside_its_domain() -> None:
    solution = newton(lambda x: x * np.nan, np.ones(2))
    assert solution.status is Status.NONFINITE
    assert solution.iterations == 1


def test_newton_stalls_where_there_is_no_zero() -> None:
    """x^2 + 1 has its minimum at zero: no step lowers it there."""
    solution = newton(lambda x: x**2 + 1.0, np.zeros(1))
    assert solution.status is Status.STALLED


def test_newton_reports_too_few_iterations() -> None:
    solution = newton(lambda x: np.exp(x) - 1e6, np.zeros(1), NewtonOptions(max_iterations=2))
    assert solution.status is Status.MAX_ITERATIONS


def test_newton_walks_a_long_way_in_clipped_steps() -> None:
    """From 0 to ln 1e6 in steps of one: a clipped step promises little and must not be held to more."""
    solution = newton(lambda x: 1e-6 * np.exp(x) - 1.0, np.zeros(1))
    assert solution.converged
    assert solution.value == pytest.approx([np.log(1e6)], rel=1e-12)


def test_newton_backs_off_a_step_that_is_too_long() -> None:
    """atan from 3: full steps diverge, halved ones do not."""
    solution = newton(np.arctan, np.array([3.0]), NewtonOptions(max_step=100.0))
    assert solution.converged
    assert solution.value == pytest.approx([0.0], abs=1e-11)


def test_newton_accepts_a_singular_direction() -> None:
    """An equation that says nothing leaves its unknown where it was."""
    solution = newton(lambda x: np.array([x[0] - 2.0, 0.0 * x[1]]), np.array([0.0, 7.0]))
    assert solution.converged
    assert solution.value == pytest.approx([2.0, 7.0])


# --- derivatives ---------------------------------------------------------------------------------------------------


def test_complex_step_is_exact_where_differences_are_not() -> None:
    """exp(x) / sin(x)^3: the derivative to machine precision, central differences to nine digits."""
    x = np.array([0.7, 1.1])
    exact = np.exp(x) * (np.sin(x) - 3.0 * np.cos(x)) / np.sin(x) ** 4
    by_step = np.diag(jacobian(lambda z: np.exp(z) / np.sin(z) ** 3, x))
    assert by_step == pytest.approx(exact, rel=1e-14)


@pytest.mark.parametrize("mobility", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("tariffs", [False, True])
def test_jacobian_of_the_equations_against_differences(mobility: float, tariffs: bool) -> None:
    """Away from the base, all nests active; fourth-order differences are good to 1e-9 here."""
    world = random_world(3, 2, seed=4, tariffs=tariffs)
    problem = unsolved(world, parameters(world, [3.0, 5.0], 0.7, mobility=mobility))
    residual = make_residual(problem)
    rng = np.random.default_rng(0)
    x = start_vector(problem) + 0.1 * rng.normal(size=start_vector(problem).size)
    exact = jacobian(residual, x)
    h = 1e-3
    for j, e in enumerate(np.eye(x.size)):
        near, far = (
            residual(x + h * e) - residual(x - h * e),
            residual(x + 2 * h * e) - residual(x - 2 * h * e),
        )
        assert exact[:, j] == pytest.approx((8.0 * near - far) / (12.0 * h), abs=1e-9)
    direction = rng.normal(size=x.size)
    assert jacobian_product(residual, x, direction) == pytest.approx(exact @ direction, abs=1e-12)


# --- the economy ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mobility", [0.0, 0.5, 1.0])
def test_all_solvers_find_the_same_equilibrium(mobility: float) -> None:
    """An embargo: the accelerated fixed point, Newton with a dense Jacobian and Newton with Krylov steps."""
    world = random_world(4, 3, seed=9)
    given = parameters(world, [3.0, 4.0, 5.0], 0.7, mobility=mobility)
    problem = build_problem(unsolved(world, given).base, given, Shock(cut=between(world, 0, 1)), "world")
    start = start_vector(problem)
    step = make_map(Evaluated(problem), corrector_for(problem.base, given))
    found = anderson(step, start)
    dense = newton(make_residual(problem), start)
    krylov = newton(make_residual(problem), start, NewtonOptions(dense_limit=0, krylov_tolerance=1e-6))
    assert found.converged
    assert dense.converged
    assert krylov.converged
    assert dense.iterations <= 12
    assert dense.value == pytest.approx(found.value, abs=1e-9)
    assert krylov.value == pytest.approx(found.value, abs=1e-9)
    assert solve(problem).x == pytest.approx(found.value, abs=1e-9)
