"""The certificate can fail: it shares no code with the solver, and every wrong number shows in it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.economies import between, cells, certified, limit, uneven

import suasion as su
from suasion.coercion import drivers, exit_cost, sensitivity
from suasion.equilibrium import certificate as module
from suasion.equilibrium import economy as economy_module
from suasion.equilibrium import simulate, simulate_many
from suasion.equilibrium import solve as solve_module
from suasion.equilibrium.certificate import LIMIT, Certificate, Levels, certify
from suasion.equilibrium.economy import certificate_of, prepare
from suasion.equilibrium.solve import Solved
from suasion.equilibrium.system import split, sweep
from suasion.equilibrium.types import Shock
from suasion.outlook.projection import together
from suasion.solvers import Solution, Status
from suasion.world.testing import random_world

STEP = 1e-6
#: Elasticities and rates act on changes of some per cent only: they are moved further.
FAR = 1e-4
#: What a perturbation must leave at least; the sound certificate is below 1e-10.
SEEN = 1e-8


def solved_example(mobility: float = 0.0) -> Solved:
    """All kinds of shock at once, taxes in the base, every nest away from one."""
    world = random_world(4, 3, seed=3, tariffs=True)
    shock = Shock(
        cut=between(world, 0, 1),
        tariff=world.array("tariff") * 1.5,
        export_tax=np.where(cells(world, slice(None), 2), 0.1, 0.0),
        trade_cost=np.where(cells(world, 3, slice(None)), 1.1, 1.0),
        productivity=np.linspace(0.9, 1.1, 12).reshape(4, 3),
        endowments=np.array([0.9, 1.0, 1.1, 1.0]),
        limits=limit("quota", cells(world, 3, 2), 0.7).limits,
    )
    return certified(prepare(world, uneven(world, 3, mobility)), shock)


def levels_of(solved: Solved, monkeypatch: pytest.MonkeyPatch) -> Levels:
    """The levels that the certificate is given."""
    seen: list[Levels] = []

    def keep(levels: Levels) -> Certificate:
        seen.append(levels)
        return certify(levels)

    with monkeypatch.context() as patch:
        patch.setattr(economy_module, "certify", keep)
        certificate_of(solved)
    return seen[0]


@pytest.fixture(params=[0.0, 0.5, 1.0], ids=["mobile", "Roy", "specific"])
def levels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Levels:
    return levels_of(solved_example(request.param), monkeypatch)


def test_the_sound_solution_passes(levels: Levels) -> None:
    found = certify(levels)
    assert found.ok(1e-9)
    assert found.residual < 1e-10


def moved(levels: Levels, name: str, where: Any = 0, step: float = STEP) -> Levels:
    values = getattr(levels, name).copy()
    values[where] *= 1.0 + step
    return replace(levels, **{name: values})


OUTCOMES = {"price": (0, 0), "wage": (0, 0, 0), "quantity": (0, 0), "income": 0}
DEFINITIONS = {
    "iceberg": (0, 3, 0),
    "tariff": (1, 0, 2),
    "export_tax": (0, 0, 2),
    "productivity": (1, 1),
    "endowments": 1,
    "sigma": 0,
    "zeta": (0, 0),
    "epsilon": (0, 0),
    "kappa": 0,
}


@pytest.mark.parametrize("name", list(OUTCOMES))
def test_a_wrong_outcome_shows(levels: Levels, name: str) -> None:
    """One price, wage, quantity or income off by a millionth: the certificate fails."""
    found = certify(moved(levels, name, OUTCOMES[name]))
    assert not found.ok(1e-9)
    assert max(found.to_dict().values()) > SEEN


@pytest.mark.parametrize("name", list(DEFINITIONS))
def test_another_economy_shows(levels: Levels, name: str) -> None:
    """The same outcome judged with one elasticity, rate, cost or endowment off by a ten-thousandth."""
    found = certify(moved(levels, name, DEFINITIONS[name], FAR))
    assert not found.ok(1e-9)
    assert max(found.to_dict().values()) > SEEN


def test_a_hidden_transfer_shows(levels: Levels) -> None:
    gift = STEP * levels.income[0] * np.array([1.0, -1.0, 0.0, 0.0])
    found = certify(replace(levels, transfer=levels.transfer + gift))
    assert found.budget > 0.5 * STEP
    assert found.dropped_market > SEEN


@pytest.mark.parametrize(
    ("name", "gap"),
    [("price", "zero_profit"), ("quantity", "market"), ("income", "budget"), ("wage", "zero_profit")],
)
def test_the_gap_that_grows_is_the_one_concerned(levels: Levels, name: str, gap: str) -> None:
    found = certify(moved(levels, name, 0))
    assert getattr(found, gap) > 0.1 * STEP
    assert getattr(found, gap) < 10.0 * STEP


def test_a_forbidden_flow_shows(levels: Levels) -> None:
    """Trade that goes on through an embargo."""
    assert levels.pi_zero.any()
    leaky = replace(levels, pi_zero=np.zeros_like(levels.pi_zero))
    assert certify(leaky).market > 1e-3


def test_a_lost_quota_shows(levels: Levels) -> None:
    found = certify(replace(levels, slack=STEP))
    assert found.complementarity == STEP
    assert not found.ok(1e-9)


@pytest.mark.parametrize("part", ["price", "output", "factor", "multiplier"])
def test_a_solution_that_is_off_fails(part: str) -> None:
    """The solver's own unknowns a millionth off, everything else recomputed from them."""
    solved = solved_example(1.0)
    unknowns = split(solved.problem, solved.x)
    values = getattr(unknowns, part).copy()
    values.flat[0] += STEP
    x = replace(unknowns, **{part: values}).joined()
    wrong = replace(solved, x=x, swept=sweep(solved.problem, x))
    assert certificate_of(solved).ok(1e-9)
    assert not certificate_of(wrong).ok(1e-9)


def test_demand_without_supply_is_infinite(levels: Levels) -> None:
    """Nothing produced where something is bought."""
    quantity = levels.quantity.copy()
    quantity[2, 1] = 0.0
    assert certify(replace(levels, quantity=quantity)).market == float("inf")


def test_certificate_as_a_mapping(levels: Levels) -> None:
    found = certify(levels)
    assert set(found.to_dict()) == {f.name for f in fields(Certificate)}
    assert found.residual == max(found.market, found.budget)
    assert found.ok(1.0)
    assert not found.ok(0.0)


@pytest.mark.parametrize("name", [f.name for f in fields(Certificate)])
@pytest.mark.parametrize("gap", [float("nan"), float("inf"), 2.0 * LIMIT])
def test_one_bad_gap_is_enough(name: str, gap: float) -> None:
    found = replace(Certificate(*[0.0] * len(fields(Certificate))), **{name: gap})
    assert found.failures() == (name,)
    assert not found.ok()


@pytest.mark.parametrize("name", list(OUTCOMES))
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
def test_an_outcome_that_is_no_number_shows(levels: Levels, name: str, value: float) -> None:
    """The residual itself says so, not only another gap."""
    values = getattr(levels, name).copy()
    values[OUTCOMES[name]] = value
    with np.errstate(all="ignore"):
        found = certify(replace(levels, **{name: values}))
    assert not found.residual <= LIMIT
    assert not found.ok()


def failing(levels: Levels) -> Certificate:
    return replace(certify(levels), budget=float("nan"))


def asked(made: su.World) -> dict[str, Callable[[], object]]:
    """Every way to an answer, as far as it raises."""
    cut = su.Scenario("cut", [su.Embargo(["C1"], ["C2"])])
    own = su.Elasticities(sigma=4.0)
    return {
        "simulate": lambda: simulate(made, cut, elasticities=own),
        "sensitivity": lambda: sensitivity(made, su.Welfare("C1"), at=cut, horizon=own),
        "drivers": lambda: drivers(made, "C1", "C2", horizon=own),
    }


@pytest.mark.parametrize("name", ["simulate", "sensitivity", "drivers"])
def test_no_answer_without_a_certificate(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = asked(random_world(4, 3, seed=3))[name]
    ask()
    monkeypatch.setattr(economy_module, "certify", failing)
    with pytest.raises(su.errors.UncertifiedError, match=r"UNCERTIFIED: .* budget without a finite number"):
        ask()


def test_batches_mark_what_is_not_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is solved singly within many has no number and a reason."""
    made, own = random_world(4, 3, seed=3), su.Elasticities(sigma=4.0)
    monkeypatch.setattr(economy_module, "certify", failing)
    cost = exit_cost(made, "C1", "C2", horizon=own)
    assert cost.table.loss_percent.isna().all()
    assert cost.table.reason.str.startswith("UNCERTIFIED").all()
    quota = su.Scenario("quota", [su.Quota(["C1"], ["C2"], 0.5)])  # no batch treats it
    many = simulate_many(made, [quota], own)
    assert np.isnan(many.welfare.values).all()
    assert many.reasons.reason.str.startswith("UNCERTIFIED").all()


def test_uncertified_numbers_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    made, own = random_world(4, 3, seed=3), su.Elasticities(sigma=4.0)
    cut = su.Scenario("cut", [su.Embargo(["C1"], ["C2"])])
    sound = simulate(made, cut, own, certify=False)
    assert sound.certified
    monkeypatch.setattr(economy_module, "certify", failing)
    found = simulate(made, cut, own, certify=False)
    assert not found.certified
    assert found.notes[len(found.shock.labels)].startswith("UNCERTIFIED")
    np.testing.assert_array_equal(found.welfare.values, sound.welfare.values)


@pytest.mark.parametrize("seed", range(4))
def test_a_country_that_buys_nothing_final_has_no_welfare(seed: int) -> None:
    """What rounding leaves of a difference of sums is no final demand: welfare was infinite under `eliminate`."""
    rng = np.random.default_rng(seed)
    inter, final = rng.uniform(1.0, 10.0, (9, 9)), rng.uniform(20.0, 60.0, (9, 3))
    final[:, 0] = 0.0
    labels = ["C1", "C2", "C3"], ["S1", "S2", "S3"]
    made = su.from_table(inter, final, None, *labels, 2020)
    with pytest.raises(su.errors.DataError, match="Nothing is spent on final goods in C1"):
        simulate(made, su.Scenario("nothing"), su.Elasticities(sigma=4.0), deficits="eliminate")


def test_attempts_compare_what_is_finite(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first attempt that ends in no number does not stand for the best."""
    solved, nothing = solved_example(), float("nan")

    def ends(value: float, residual: float) -> Any:
        verdict = Solution(np.full_like(solved.x, value), Status.STALLED, 1, residual)
        return lambda *_: verdict

    attempts = {"first": ends(nothing, nothing), "second": ends(0.0, 1e3), "third": ends(nothing, nothing)}
    monkeypatch.setattr(solve_module, "_attempts", lambda *_: attempts)
    with pytest.raises(su.errors.ConvergenceError, match=r"the best residual is 1\.0e\+03"):
        solve_module.solve(solved.problem)


def test_draws_driven_together_see_what_is_no_number() -> None:
    """One gap that is no number among finite ones, whatever its place."""
    solved = solved_example(1.0)
    unknowns = split(solved.problem, solved.x)
    for part in ("price", "output", "factor"):
        values = getattr(unknowns, part).copy()
        values.flat[0] = np.nan
        size = together._gap(solved.problem, replace(unknowns, **{part: values}).joined())[2]
        assert not np.isfinite(size)


def test_it_shares_no_code_with_the_solver() -> None:
    """An error in the equations must not repeat itself here: the module imports nothing from the package."""
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    assert not [name for name in names if name.startswith(("suasion", "."))]


def test_a_large_roy_parameter_does_not_overflow() -> None:
    """Wages to the power of a thousand, relative to the best."""
    world = random_world(3, 3, seed=2)
    productivity = np.ones((3, 3))
    productivity[0, 0] = 0.2
    certified(prepare(world, uneven(world, 2, mobility=1e-3)), Shock(productivity=productivity))
