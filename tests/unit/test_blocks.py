"""The step for factors that are not mobile: exact derivatives, exact blocks, and how much one round closes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from suasion.coercion import study_ties
from suasion.coercion.exit_cost import tie_shock
from suasion.equilibrium import Elasticities, Shock, draws, prepare, resolve, respond
from suasion.equilibrium.batch.draws import with_draws
from suasion.equilibrium.batch.drive import solve_batch
from suasion.equilibrium.batch.many import GAP, respond_draws
from suasion.equilibrium.batch.patch import patches_of_draws
from suasion.equilibrium.batch.powers import powers_of
from suasion.equilibrium.batch.sweep import common_of
from suasion.equilibrium.blocks import _own_answers, invert
from suasion.equilibrium.ces import index_log_price, log_of_sum
from suasion.equilibrium.corrector import corrector_for
from suasion.equilibrium.economy import Economy, log_welfare
from suasion.equilibrium.elasticities.bends import bends_of
from suasion.equilibrium.iteration import gaps
from suasion.equilibrium.linear import Linear, _response, newton_step, parts_of
from suasion.equilibrium.problem import build_problem
from suasion.equilibrium.solve import accounts_after
from suasion.equilibrium.system import Unknowns, split, start_vector, sweep
from suasion.world import World
from suasion.world.testing import random_world

OWN = Elasticities(sigma=4.0, zeta=0.6, epsilon=0.3, kappa=0.9)


def economy(n: int = 6, s: int = 4, roy: float | None = None) -> Economy:
    """A random world whose factor is specific, or Roy."""
    world = random_world(n, s, seed=5)
    own = OWN if roy is None else replace(OWN, roy=roy)
    return prepare(
        world, resolve(world, "short", elasticities=own, factors="specific" if roy is None else "roy")
    )


def linear_of(made: Economy) -> Linear:
    """Its linearised base."""
    assert made.corrector.linear is not None
    return made.corrector.linear


def gaps_at(made: Economy, x: np.ndarray) -> Unknowns:
    """Gaps of all equations, no shock."""
    problem = build_problem(made.accounts, made.parameters, Shock(), made.deficits)
    unknowns = split(problem, x)
    return gaps(problem, unknowns, sweep(problem, x))


def columns(unknowns: Unknowns) -> list[np.ndarray]:
    """Prices, outputs and factor incomes as (N, S, 1)."""
    return [unknowns.price[..., None], unknowns.output[..., None], unknowns.factor]


@pytest.mark.parametrize("roy", [None, 1.5, 4.0])
def test_response_is_the_derivative_of_the_gaps(roy: float | None) -> None:
    """Central differences of the equations; single precision leaves seven digits, the differences ten."""
    made = economy(roy=roy)
    problem = build_problem(made.accounts, made.parameters, Shock(), made.deficits)
    step = 1e-5 * np.random.default_rng(3).standard_normal(start_vector(problem).size)
    up, down = gaps_at(made, step), gaps_at(made, -step)
    moved = [array.astype(np.float32) for array in columns(split(problem, step))]
    for found, high, low in zip(_response(linear_of(made), *moved), columns(up), columns(down), strict=True):
        change = (high - low) / 2.0
        assert found == pytest.approx(change, abs=2e-6 * float(np.abs(change).max()))


@pytest.mark.parametrize(("n", "s"), [(1, 5), (5, 1)])
def test_one_family_alone_is_exact(n: int, s: int) -> None:
    """With one country, or one good, the blocks are the whole system: one step closes all gaps but the numeraire's.

    Gaps of the base's own kind: those that some change of the unknowns makes. Digits of single precision.
    """
    made = economy(n, s)
    lin, rng = linear_of(made), np.random.default_rng(1)
    true = [rng.standard_normal((n, s, 1)).astype(np.float32) for _ in range(3)]
    given = [-change for change in _response(lin, *true)]
    left = [g + c for g, c in zip(given, _response(lin, *newton_step(lin, *given)), strict=True)]
    assert max(float(np.abs(gap).max()) for gap in left) < 1e-4


@pytest.mark.parametrize("horizon", ["short", 2, 5, 9])
def test_a_step_leaves_less_than_two_thirds_in_the_embedded_world(world: World, horizon: str | float) -> None:
    """Largest eigenvalue of what one round leaves, the numeraire apart, by power iteration: .575 with specific factors.

    It is what makes acceleration need some ten rounds; a bound well below one guards the algebra.
    """
    made = prepare(world, resolve(world, horizon), base_parameters=resolve(world, "long"))
    lin, rng = linear_of(made), np.random.default_rng(2)
    alive = (made.accounts.output > 0)[..., None]
    moved = [np.where(alive, rng.standard_normal(alive.shape), 0.0).astype(np.float32) for _ in range(3)]
    # What some change of the unknowns makes has no part along the numeraire, which no step closes.
    left = [np.where(alive, gap, 0.0) for gap in _response(lin, *moved)]
    growth = []
    for _ in range(10):  # rounding brings that part back after a dozen rounds
        size = float(np.sqrt(sum((gap**2).sum() for gap in left)))
        growth.append(size)
        left = [gap / np.float32(size) for gap in left]
        change = _response(lin, *newton_step(lin, *left))
        left = [np.where(alive, gap + moved, 0.0) for gap, moved in zip(left, change, strict=True)]
    assert np.mean(growth[-3:]) < 2.0 / 3.0


def test_draws_in_a_short_run_batch_equal_single_solves() -> None:
    """Steered by the central solution or by nothing but their own base, the answer is one."""
    world = random_world(6, 4, seed=5)
    central = resolve(world, "short")
    made = prepare(world, central, base_parameters=resolve(world, "long"))
    cut = np.zeros((6, 6, 4), dtype=bool)
    cut[0, 1] = cut[1, 0] = True
    solved, _ = respond(made, Shock(cut=cut))
    sets = draws(world, 8, "short", seed=4)
    found = respond_draws(made, Shock(cut=cut), solved, sets)
    assert found.batched.all()
    for own, welfare in zip(sets, found.log_welfare, strict=True):
        alone = replace(made, parameters=own, corrector=corrector_for(made.accounts, own))
        # Both close every equation to 1e-10 in logs.
        assert welfare == pytest.approx(log_welfare(respond(alone, Shock(cut=cut))[0]), abs=1e-8)


def test_a_stranded_seller_closes_to_the_tolerance(world: World) -> None:
    """Cut off from the West within a year, some Russian cells lose every buyer; all draws of the elasticities close."""
    found = study_ties(world, "RUS", "CHN", ("USA", "EU"), "short", draws=4, seed=3)
    for cost in (found.partner_open, found.partner_closed, found.audience_open, found.audience_closed):
        assert cost is not None
        assert (cost.table.failed_draws == 0).all()


def test_own_answers_are_the_diagonal_of_the_inverted_system() -> None:
    """Read off without building the system of a draw: the same as building it, to the digits of single precision."""
    world = random_world(6, 4, seed=5)
    lin = linear_of(prepare(world, resolve(world, "short"), base_parameters=resolve(world, "long")))
    bends = bends_of(lin.users, [draws(world, 2, "short", seed=4)[1]])
    for blocks, parts in zip((lin.countries, lin.goods), parts_of(lin), strict=True):
        assert blocks is not None
        closing = np.full(parts.va.shape[:2], 0.1, dtype=np.float32)
        system = np.linalg.inv(invert(parts, bends, closing).factors)
        # The closing term stands on the diagonal too, so that the system can be inverted at all.
        assert _own_answers(blocks, parts, bends)[..., 0] == pytest.approx(
            np.diagonal(system, axis1=1, axis2=2) - closing, abs=1e-4
        )


def test_draws_need_hardly_more_rounds_than_the_centre(world: World) -> None:
    """Scaled blocks: a cut of Russia and China takes 17 rounds at the centre; with blocks of the centre draws took 24."""
    made = prepare(world, resolve(world, "short"), base_parameters=resolve(world, "long"))
    shock = tie_shock(world, "RUS", "CHN")
    solved, _ = respond(made, shock)
    lin = linear_of(replace(made, corrector=corrector_for(accounts_after(solved), made.parameters)))
    sets = draws(world, 8, "short", seed=1)
    patches = [p for p in patches_of_draws(made.accounts, made.parameters, shock, sets) if p is not None]
    start, kept = np.repeat(solved.x[:, None], 8, axis=1), np.zeros(len(world.countries))
    common = common_of(made.accounts, made.parameters, with_draws(lin, sets))
    found = solve_batch(common, powers_of(made.accounts, sets), patches, kept, start, GAP)
    assert (found.residual <= GAP).all()
    assert found.iterations.mean() < 21.0


class TestLogOfSum:
    """Log of one plus a change, also where the change is near -1."""

    def test_near_nothing(self) -> None:
        """A sum of 1e-20 keeps its digits, where log1p has none."""
        total = np.array([1e-20, 0.5, 3.0])
        found = log_of_sum(np.array([-1.0, -0.5, 2.0]), lambda: total)
        assert found == pytest.approx([math.log(1e-20), math.log(0.5), math.log(3.0)], rel=1e-15)

    def test_is_not_asked_where_nothing_is_near(self) -> None:
        """The sum is evaluated only where it is needed."""

        def never() -> np.ndarray:
            raise AssertionError("asked for nothing")

        assert log_of_sum(np.array([0.0]), never)[0] == 0.0

    def test_index_of_prices_that_fall_to_nothing(self) -> None:
        """All prices down by e^-40 takes the index down by as much, at any elasticity below one and above."""
        shares = np.array([[0.3, 0.7]])
        for elasticity in (0.1, 0.9, 1.0, 4.0):
            index = index_log_price(shares, np.array([[-40.0, -40.0]]), np.array([elasticity]))
            assert index[0] == pytest.approx(-40.0, rel=1e-14)
