"""Look-through exposure: worked two-by-two example, nilpotent chain, dense inverse, openness, wrong inputs."""

from __future__ import annotations

import numpy as np
import pytest

from suasion.errors import ConvergenceError, InputError
from suasion.measures import exposure, exposure_both, exposure_matrix, network
from suasion.measures.network import _solve
from suasion.world import UseMatrix, World, with_proportional_use
from suasion.world.testing import golden_world, random_world, symmetric_world
from suasion.world.uses import pool_origins, pool_users

SOLVED = 1e-10  # the solver stops at a residual of 1e-12; contents are at most a few times 1
ROUNDING = 1e-12  # a handful of additions and divisions in double precision


def world_of_coefficients(coefficients: np.ndarray, output: float = 100.0) -> World:
    """Return one-sector countries with these input coefficients (supplier, user); final goods stay at home."""
    n = len(coefficients)
    use = (coefficients * output).reshape(n, 1, n, 1)
    left = output - use.sum(axis=(2, 3))[:, 0]
    final = np.zeros((n, n, 1))
    final[np.arange(n), np.arange(n), 0] = left
    arrays = {
        "intermediate": pool_origins(use),
        "final": final,
        "input_use": pool_users(use),
        "factor_income": output - use.sum(axis=(0, 1)),
    }
    names = tuple(f"C{j + 1}" for j in range(n))
    return World(names, ("K",), 2022, arrays, use_matrix=UseMatrix("observed", lambda: use))


def uneven_world(n: int = 4, s: int = 3, seed: int = 5) -> World:
    """Return a random world whose users differ in their mix of origins."""
    rng = np.random.default_rng(seed)
    use = rng.lognormal(0.0, 1.5, (n, s, n, s))
    final = rng.lognormal(2.0, 1.0, (n, n, s)) * 4.0
    room = (use.sum(axis=(2, 3)) + final.sum(axis=0)) / use.sum(axis=(0, 1))
    use *= 0.8 * min(1.0, room.min())
    output = use.sum(axis=(2, 3)) + final.sum(axis=0)
    arrays = {
        "intermediate": pool_origins(use),
        "final": final,
        "input_use": pool_users(use),
        "factor_income": output - use.sum(axis=(0, 1)),
    }
    names = tuple(f"C{j + 1}" for j in range(n)), tuple(f"S{j + 1}" for j in range(s))
    return World(*names, 2022, arrays, use_matrix=UseMatrix("observed", lambda: use))


def dense(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Input coefficients and their Leontief inverse, formed in full."""
    size = len(world.countries) * len(world.sectors)
    assert world.use is not None
    matrix = world.use.reshape(size, size) / world.array("output").reshape(1, size)
    return matrix, np.linalg.inv(np.eye(size) - matrix)


def test_two_by_two_example() -> None:
    # A = [[.3, .1], [.2, .4]] gives L = [[1.5, .25], [.5, 1.75]]: foreign share 40 % at face value, 50 % look-through
    result = exposure("C1", "C2", world_of_coefficients(np.array([[0.3, 0.1], [0.2, 0.4]])))
    row = result.table.iloc[0]
    assert row["face_value"] == pytest.approx(0.40, abs=ROUNDING)
    assert row["look_through"] == pytest.approx(0.50, abs=SOLVED)
    assert row["multiplier"] == pytest.approx(0.50, abs=SOLVED)
    assert row["value_added"] == pytest.approx(0.5 * 0.5, abs=SOLVED)  # v = .5, L_21 = .5
    assert row["foreign_look_through"] == pytest.approx(row["look_through"], abs=SOLVED)
    back = exposure("C2", "C1", world_of_coefficients(np.array([[0.3, 0.1], [0.2, 0.4]]))).table.iloc[0]
    assert back["multiplier"] == pytest.approx(0.25, abs=SOLVED)
    assert back["look_through"] == pytest.approx(0.25, abs=SOLVED)  # .25 of .25 + .75


def test_look_through_is_face_value_where_no_chain_has_two_links() -> None:
    nilpotent = np.array([[0.0, 0.0, 0.3], [0.0, 0.0, 0.2], [0.0, 0.0, 0.0]])  # A squared is zero
    world = world_of_coefficients(nilpotent)
    row = exposure("C3", "C1", world).table.iloc[0]
    assert row["face_value"] == pytest.approx(0.6, abs=ROUNDING)
    assert row["look_through"] == pytest.approx(row["face_value"], abs=SOLVED)
    idle = exposure("C1", "C3", world).table.iloc[0]
    assert np.isnan(idle["face_value"])
    assert np.isnan(idle["look_through"])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_solver_agrees_with_the_dense_inverse(seed: int) -> None:
    world = uneven_world(seed=seed)
    a, inverse = dense(world)
    s = len(world.sectors)
    supplier, user = slice(s, 2 * s), slice(0, s)
    through = inverse - np.eye(len(a))
    share = (world.array("value_added") / world.array("output")).ravel()
    table = exposure("C1", "C2", world).table
    assert np.allclose(table["face_value"], a[supplier, user].sum(0) / a[:, user].sum(0), atol=ROUNDING)
    assert np.allclose(
        table["look_through"], through[supplier, user].sum(0) / through[:, user].sum(0), atol=SOLVED
    )
    assert np.allclose(table["value_added"], (share[:, None] * inverse)[supplier, user].sum(0), atol=SOLVED)
    needed = inverse @ world.array("final")[1].ravel()
    assert np.allclose(table["market_look_through"], needed[user] / world.array("output")[0], atol=SOLVED)


def test_country_values_are_the_weighted_sectors() -> None:
    world = uneven_world()
    _, inverse = dense(world)
    s = len(world.sectors)
    result = exposure("C1", "C2", world)
    through = inverse - np.eye(len(inverse))
    output = world.array("output")[0]
    want = (through[s : 2 * s, :s].sum(0) @ output) / (through[:, :s].sum(0) @ output)
    assert result.value("look_through", "output") == pytest.approx(want, abs=SOLVED)
    final = world.array("final")[0].ravel()
    share = (world.array("value_added") / world.array("output")).ravel()
    content = (share[:, None] * inverse)[s : 2 * s].sum(0)
    assert result.value("value_added") == pytest.approx(final @ content / final.sum(), abs=SOLVED)
    income = world.array("value_added")[0]
    weighted = result.table["market_look_through"].to_numpy() @ income / income.sum()
    assert result.value("market_look_through", "value added") == pytest.approx(weighted, abs=SOLVED)


def test_matrix_agrees_with_pairs() -> None:
    world = uneven_world()
    net = network(world)
    pair = exposure_both("C2", "C3", world, net)
    for name, weight in (("face_value", "inputs"), ("look_through", "output"), ("value_added", "final use")):
        matrix = exposure_matrix(world, name, net)  # type: ignore[arg-type]
        assert matrix.sel(user="C2", supplier="C3").item() == pytest.approx(
            pair[0].value(name, weight), abs=SOLVED
        )
        assert matrix.sel(user="C3", supplier="C2").item() == pytest.approx(
            pair[1].value(name, weight), abs=SOLVED
        )


@pytest.mark.parametrize("tariffs", [False, True])
def test_proportional_links_equal_the_filled_matrix(tariffs: bool) -> None:
    pooled = random_world(4, 3, seed=2, tariffs=tariffs)
    filled = with_proportional_use(pooled)
    one, two = exposure("C1", "C3", pooled), exposure("C1", "C3", filled)
    assert (one.kind, two.kind) == ("proportional", "proportional")
    numbers = one.table.columns[2:]
    assert np.allclose(one.table[numbers].astype(float), two.table[numbers].astype(float), atol=SOLVED)
    assert np.allclose(one.country["share"], two.country["share"], atol=SOLVED)


def test_sectors_differ_by_whom_they_buy_from_only_in_an_observed_matrix() -> None:
    world = uneven_world()
    pooled = world.replace(use_matrix=None)
    single = world.array("input_use").sum()  # the pooled world keeps all totals
    assert pooled.array("input_use").sum() == single
    seen, assumed = exposure("C1", "C2", world), exposure("C1", "C2", pooled)
    assert seen.value("face_value") == pytest.approx(assumed.value("face_value"), rel=ROUNDING)
    assert not np.allclose(
        seen.table["face_value"], assumed.table["face_value"], atol=1e-3
    )  # industries do differ


def test_symmetric_economy_in_closed_form() -> None:
    # one sector, domestic share p, inputs half of cost: shares of origin are p and 1 - p, A = a P, P doubly stochastic
    p, a = 0.8, 0.5
    world = symmetric_world(2, domestic=p, va_share=1 - a)
    gap = 2 * p - 1  # second eigenvalue of P
    through = 0.5 * (a / (1 - a) - a * gap / (1 - a * gap))  # off-diagonal of L - I
    row = exposure("C1", "C2", world).table.iloc[0]
    assert row["multiplier"] == pytest.approx(through, abs=SOLVED)
    assert row["look_through"] == pytest.approx(through / (a / (1 - a)), abs=SOLVED)


def test_wrong_inputs_and_tables_without_value_added() -> None:
    world = golden_world()
    with pytest.raises(InputError, match="give face_value, look_through or value_added"):
        exposure_matrix(world, "hidden")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"Known: .*look_through"):
        exposure("R", "C", world).value("look_through", "population")
    circular = world_of_coefficients(np.array([[0.0, 1.0], [1.0, 0.0]]))
    with pytest.raises(ConvergenceError, match="add almost no value"):
        exposure("C1", "C2", circular)
    with pytest.raises(ConvergenceError, match="without adding value"):
        network(world_of_coefficients(np.array([[1.0, 0.0], [0.0, 0.5]])))


def test_solver_scales_each_column_by_its_own_size() -> None:
    blocks = np.ones((1, 1, 1))
    small = _solve(lambda y: 0.5 * y, blocks, np.array([[1e-9, 1e9]]))
    assert np.allclose(small, [[2e-9, 2e9]], rtol=SOLVED)
