"""Derivatives backwards: the transpose of the equations, central differences, and identities that hold exactly."""

from __future__ import annotations

import itertools
import os
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.economies import between, cells, limit, parameters, uneven, without_inputs

from suasion.equilibrium.accounts import Accounts, wedge
from suasion.equilibrium.adjoint.backward import Seeds, transposed
from suasion.equilibrium.adjoint.point import point_of
from suasion.equilibrium.adjoint.solve import Gradient, gradient, scaling_of
from suasion.equilibrium.economy import Economy, log_welfare, prepare, respond
from suasion.equilibrium.iteration import Evaluated, make_map, make_residual
from suasion.equilibrium.solve import Solved
from suasion.equilibrium.system import consumer_price, split, sweep
from suasion.equilibrium.types import Parameters, Shock
from suasion.solvers import NewtonOptions, newton
from suasion.solvers.newton import jacobian_product
from suasion.world import World
from suasion.world.testing import golden_world, random_world

#: Relative to the derivative. The stencil below is wrong by about 1e-11, rounding in the solutions by about 1e-9.
CLOSE = 1e-7
#: Products of the same Jacobian from two sides: rounding only.
EXACT = 1e-11
SETS = {
    "NEST": ((6.0, 3.0), 0.5, 0.2, 0.9),
    "SHORT": ((1.8, 1.8), 0.3, 0.1, 0.5),
    "CD": ((5.0, 5.0), 1.0, 1.0, 1.0),
}
KINDS = ("base", "embargo", "taxes", "dear")
QUICK = {*itertools.product(["NEST"], [0.0], KINDS), *itertools.product(SETS, [0.0], ["embargo"])}
"""Of elasticities, mobility and shocks what is not evidence: every shock once, and every set once."""


def welfare_gradient(economy: Economy, solved: Solved, weights: np.ndarray) -> Gradient:
    """Derivative of the weighted sum of log welfare."""
    point = point_of(solved)
    seeds = Seeds(weights / point.income, 0.0 * weights, -weights)
    return gradient(point, seeds, scaling_of(economy.accounts, economy.parameters))


def one(size: int, index: int) -> np.ndarray:
    """Unit vector."""
    return np.eye(size)[index]


def more(base: Accounts, shock: Shock, wrt: str, cell: object, step: float) -> Shock:
    """The shock with one of its numbers moved: costs, productivity and endowments in logs, the rest as they are."""
    n, s = base.output.shape
    blank = {
        "trade_cost": np.ones((n, n, s)),
        "productivity": np.ones((n, s)),
        "endowments": np.ones(n),
        "transfer": np.zeros(n),
    }
    parts = {f.name: getattr(shock, f.name) for f in fields(shock)}
    if wrt in ("tariff", "export_tax") and parts[wrt] is None:
        rate = getattr(base, wrt)
        parts[wrt] = np.zeros((n, n, s)) if rate is None else rate.transpose(1, 2, 0)
    array = (blank[wrt] if parts[wrt] is None else parts[wrt]).copy()
    array[cell] = (
        array[cell] * np.exp(step)
        if wrt in ("trade_cost", "productivity", "endowments")
        else array[cell] + step
    )
    return Shock(**(parts | {wrt: array}))


def polished(economy: Economy, shock: Shock) -> np.ndarray:
    """Log welfare with the solution carried on to rounding: by Newton where small, else by a few more sweeps."""
    solved, _ = respond(economy, shock)
    problem, x = solved.problem, solved.x
    if x.size <= 400:
        x = newton(make_residual(problem), x, NewtonOptions(tolerance=1e-15, max_iterations=4)).value
    else:
        for _ in range(5):
            x = make_map(Evaluated(problem), economy.corrector)(x)
    swept = sweep(problem, x)
    return np.log(swept.income / problem.base.income) - consumer_price(problem, split(problem, x).price)


def difference(economy: Economy, shock: Shock, wrt: str, cell: object, step: float) -> np.ndarray:
    """Central difference of sixth order of everybody's log welfare."""
    at = {
        j: polished(economy, more(economy.accounts, shock, wrt, cell, j * step))
        for j in (-3, -2, -1, 1, 2, 3)
    }
    return (45 * (at[1] - at[-1]) - 9 * (at[2] - at[-2]) + (at[3] - at[-3])) / (60 * step)


def places(world: World) -> list[tuple[str, object]]:
    """A flow or two, a cell and a country of every kind of change; home flows have no taxes."""
    last = len(world.sectors) - 1
    return [
        ("trade_cost", (0, 2, 0)),
        ("trade_cost", (1, 1, last)),
        ("tariff", (2, 1, 0)),
        ("export_tax", (1, 0, last)),
        ("productivity", (0, 0)),
        ("endowments", 1),
        ("transfer", 0),
    ]


def check_differences(economy: Economy, shock: Shock, world: World, country: int, step: float = 2e-3) -> None:
    """Compare a country's gradient with central differences, relative to what matters most of each kind."""
    solved, _ = respond(economy, shock)
    found = welfare_gradient(economy, solved, one(len(world.countries), country))
    assert found.residual <= 1e-10
    for wrt, cell in places(world):
        scale = float(economy.accounts.income[0]) if wrt == "transfer" else 1.0
        slope = difference(economy, shock, wrt, cell, step * scale)[country] * scale
        size = float(np.nanmax(np.abs(found.by(wrt)))) * scale  # type: ignore[arg-type]
        assert found.by(wrt)[cell] * scale == pytest.approx(slope, rel=CLOSE, abs=CLOSE * size), wrt  # type: ignore[arg-type]


def golden_shocks(world: World) -> dict[str, Shock]:
    """Nothing, an embargo, a tariff with an export tax, and lower productivity in a world with dear trade."""
    blank = np.zeros((3, 3, 2))
    tariff, tax, cost = blank.copy(), blank.copy(), blank + 1.0
    tariff[2, 1], tax[:2, 0, 0] = 0.3, 0.2
    tax[0, 0] = 0.0
    cost[2, 0], cost[0, 2] = 1.25, 1.25
    productivity = np.ones((3, 2))
    productivity[0, 0] = 0.8
    return {
        "base": Shock(),
        "embargo": Shock(cut=between(world, 2, 0)),
        "taxes": Shock(tariff=tariff, export_tax=tax),
        "dear": Shock(trade_cost=cost, productivity=productivity),
    }


@pytest.mark.parametrize(
    ("name", "mobility", "kind"),
    [
        pytest.param(*case, marks=[] if case in QUICK else pytest.mark.evidence)
        for case in itertools.product(SETS, (0.0, 1.0), KINDS)
    ],
)
def test_golden_economy_against_central_differences(name: str, mobility: float, kind: str) -> None:
    """M15 at the base and after large shocks, for mobile and specific factors."""
    world = golden_world()
    sigma, zeta, epsilon, kappa = SETS[name]
    elasticities = parameters(world, sigma, zeta=zeta, epsilon=epsilon, kappa=kappa, mobility=mobility)
    economy = prepare(world, elasticities)
    check_differences(economy, golden_shocks(world)[kind], world, 0)


@settings(max_examples=12 if os.environ.get("SUASION_EVIDENCE") else 3, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    mobility=st.sampled_from([0.0, 0.4, 1.0]),
    rule=st.sampled_from(["balance", "world", "gdp", "eliminate"]),
    switching=st.booleans(),
)
def test_random_taxed_worlds_against_central_differences(
    seed: int, mobility: float, rule: str, switching: bool
) -> None:
    """M15 with tariffs in the base, a new export tax, a cut flow, and every nest on both sides of one."""
    world = random_world(4, 2, seed=seed, tariffs=True)
    economy = prepare(world, uneven(world, seed, mobility, switching), rule)  # type: ignore[arg-type]
    tax = np.zeros((4, 4, 2))
    tax[1, 0] = 0.15
    shock = Shock(export_tax=tax, cut=cells(world, 3, 1, 0))
    check_differences(economy, shock, world, seed % 4, step=5e-4)


@settings(deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    mobility=st.sampled_from([0.0, 0.3, 1.0]),
    rule=st.sampled_from(["balance", "world", "gdp"]),
    quota=st.sampled_from(["none", "importer", "exporter", "cap"]),
    switching=st.booleans(),
)
def test_transpose_of_the_equations(
    seed: int, mobility: float, rule: str, quota: str, switching: bool
) -> None:
    """u'(J v) by complex step equals (J'u)'v by the transposed sweep, quotas and caps that bind included."""
    world = random_world(4, 3, seed=seed, tariffs=True)
    economy = prepare(world, uneven(world, seed, mobility, switching), rule)  # type: ignore[arg-type]
    shock = Shock(cut=cells(world, 3, 1, 0))
    if quota in ("importer", "exporter"):
        shock = limit("quota", cells(world, 1, 0), 0.6, quota)
    elif quota == "cap":
        shock = limit("price_cap", cells(world, [1, 2, 3], 0, 0), 0.995)
    solved, _ = respond(economy, shock)
    rng = np.random.default_rng(seed)
    left, right = rng.normal(size=solved.x.size), rng.normal(size=solved.x.size)
    forward = left @ jacobian_product(make_residual(solved.problem), solved.x, right)
    point = point_of(solved)
    alone = transposed(point, split(solved.problem, left)).joined()
    assert -alone @ right == pytest.approx(forward, rel=EXACT, abs=EXACT * solved.x.size)
    # Several outcomes at once are each alone.
    both = transposed(point, split(solved.problem, np.stack([right, left]))).joined()
    assert both[1] == pytest.approx(alone, rel=EXACT, abs=EXACT * np.abs(alone).max())


@pytest.mark.parametrize("switching", [False, True])
def test_quota_against_central_differences(switching: bool) -> None:
    """A quota that binds keeps its quantity, not its tax: the derivative knows."""
    world = random_world(4, 2, seed=7)
    economy = prepare(world, uneven(world, 3, switching=switching))
    check_differences(economy, limit("quota", cells(world, 1, 0), 0.6), world, 1)


def embedded(world: World, horizon: str) -> Economy:
    """The embedded world at a preset."""
    from suasion.coercion.outcomes import base_accounts
    from suasion.equilibrium import resolve
    from suasion.equilibrium.economy import economy_on

    return economy_on(base_accounts(world, "balance"), resolve(world, horizon), "balance")


@pytest.mark.parametrize(
    ("horizon", "cut"),
    [
        pytest.param("long", False, marks=pytest.mark.evidence),
        pytest.param("long", True, marks=pytest.mark.evidence),
        ("short", True),
    ],
)
def test_embedded_world_against_central_differences(world: World, horizon: str, cut: bool) -> None:
    """M15 on 80 x 50, at the base and after Russia and the United States stop trading, for some cells."""
    economy = embedded(world, horizon)
    russia, china = world.countries.index("RUS"), world.countries.index("CHN")
    oil, chips = world.sectors.index("B06"), world.sectors.index("C26")
    shock = Shock(cut=between(world, russia, world.countries.index("USA"))) if cut else Shock()
    solved, _ = respond(economy, shock)
    found = welfare_gradient(economy, solved, one(80, russia))
    assert found.residual <= 1e-10
    for wrt, cell in (
        ("trade_cost", (china, russia, oil)),
        ("tariff", (russia, china, chips)),
        ("endowments", china),
    ):
        slope = difference(economy, shock, wrt, cell, 2e-3)[russia]
        assert found.by(wrt)[cell] == pytest.approx(slope, rel=CLOSE), wrt  # type: ignore[arg-type]


def test_hulten_on_the_embedded_world(world: World) -> None:
    """M2: without taxes and deficits the world loses, to first order, what it pays for a flow; all 320,000 at once."""
    economy = embedded(world, "long")
    base = economy.accounts
    solved, _ = respond(economy, Shock())
    found = welfare_gradient(economy, solved, base.income)
    flows = base.purchases.transpose(1, 2, 0)
    # The transposed equations are solved to 1e-11 of their right-hand side; a flow is up to 1e-2 of it.
    assert found.by("trade_cost") == pytest.approx(-flows, abs=1e-8 * flows.max())
    assert found.by("productivity") == pytest.approx(base.output, abs=1e-8 * base.output.max())
    earned = base.factor_income.sum((1, 2))
    assert found.by("endowments") == pytest.approx(earned, rel=1e-8)


@pytest.mark.parametrize("mobility", [0.0, 0.5, 1.0])
def test_hulten_whatever_the_elasticities(mobility: float) -> None:
    """The same on an uneven world: to first order no elasticity matters for the world as a whole."""
    world = random_world(5, 3, seed=11)
    economy = prepare(world, uneven(world, 2, mobility))
    solved, _ = respond(economy, Shock())
    found = welfare_gradient(economy, solved, economy.accounts.income)
    flows = economy.accounts.purchases.transpose(1, 2, 0)
    assert found.by("trade_cost") == pytest.approx(-flows, rel=1e-7)


@pytest.mark.parametrize("rule", ["balance", "gdp"])
def test_homogeneity(rule: str) -> None:
    """One per cent more of every endowment is one per cent more for everybody, with taxes and after a cut.

    Costs and productivity are two names of one thing where they move everywhere.
    """
    world = random_world(4, 3, seed=2, tariffs=True)
    economy = prepare(world, uneven(world, 5), rule)  # type: ignore[arg-type]
    solved, _ = respond(economy, Shock(cut=cells(world, 3, 1)))
    for country in range(4):
        found = welfare_gradient(economy, solved, one(4, country))
        assert found.by("endowments").sum() == pytest.approx(1.0, abs=1e-9)
        assert found.by("trade_cost").sum() == pytest.approx(-found.by("productivity").sum(), rel=1e-9)


def test_lerner_symmetry_of_the_gradient() -> None:
    """M3 to first order: a small tariff on all imports of a country does what a small tax on all its exports does."""
    world = random_world(4, 3, seed=6)
    economy = prepare(world, uneven(world, 6))
    solved, _ = respond(economy, Shock())
    for country in range(4):
        found = welfare_gradient(economy, solved, one(4, country))
        tariffs, taxes = np.nansum(found.by("tariff")[1]), np.nansum(found.by("export_tax")[:, 1])
        assert tariffs == pytest.approx(taxes, rel=1e-8)


def test_transfers_are_paid_by_all() -> None:
    """A transfer to everybody in proportion to income is a transfer to nobody."""
    world = random_world(4, 2, seed=9)
    economy = prepare(world, uneven(world, 9))
    solved, _ = respond(economy, Shock())
    point = point_of(solved)
    earned = point.earned.sum(1)
    for country in range(4):
        found = welfare_gradient(economy, solved, one(4, country))
        assert found.by("transfer") @ earned == pytest.approx(0.0, abs=1e-10)
        assert found.by("transfer").argmax() == country


def test_friends_and_enemies() -> None:
    """M14: with one sector and no inputs the gradients are the first-order matrix of bilateral welfare exposure.

    With S the importers' shares, q income and T_in = S_ni q_n / q_i, wages follow from
    (I - T - (sigma - 1) M) dw = -(sigma - 1) M dz, M = T S - I, and welfare is dw - S (dw - dz).
    """
    rng = np.random.default_rng(4)
    flow = rng.lognormal(0.0, 1.0, (5, 5)) + 6.0 * np.eye(5)
    for _ in range(2000):  # balance trade: same sums of rows and columns
        flow *= np.sqrt(flow.sum(0) / flow.sum(1))[:, None]
        flow *= np.sqrt(flow.sum(1) / flow.sum(0))[None, :]
    world = without_inputs(flow)
    sigma = 4.5
    economy = prepare(world, Parameters(**_flat(world, sigma)))
    solved, _ = respond(economy, Shock())
    income = economy.accounts.income
    share = economy.accounts.pi[0]
    sales = share.T * income[None, :] / income[:, None]
    middle = sales @ share - np.eye(5)
    system = np.eye(5) - sales - (sigma - 1.0) * middle + np.outer(np.ones(5), income / income.sum())
    wages = np.linalg.solve(system, -(sigma - 1.0) * middle)
    exposure = wages - share @ (wages - np.eye(5))
    for country in range(5):
        found = welfare_gradient(economy, solved, one(5, country)).by("productivity")[:, 0]
        assert found == pytest.approx(exposure[country], abs=1e-8)


def _flat(world: World, sigma: float) -> dict[str, object]:
    made = parameters(world, sigma)
    return {f.name: getattr(made, f.name) for f in fields(made)}


def test_a_tax_rate_counts_per_point() -> None:
    """With a base tariff the derivative is by the rate itself, not by the log of one plus it."""
    world = random_world(3, 2, seed=3, tariffs=True)
    economy = prepare(world, uneven(world, 1))
    solved, _ = respond(economy, Shock())
    found = welfare_gradient(economy, solved, one(3, 0))
    slope = difference(economy, Shock(), "tariff", (0, 1, 0), 1e-3)[0]
    assert float(np.asarray(wedge(economy.accounts.tariff))[0, 0, 1]) > 1.05
    assert found.by("tariff")[0, 1, 0] == pytest.approx(slope, rel=CLOSE)
    assert np.isnan(found.by("tariff")[1, 1]).all()


def test_no_log_welfare_is_lost() -> None:
    """What is differentiated is what the solver reports."""
    world = golden_world()
    economy = prepare(world, parameters(world, (6.0, 3.0), 0.5))
    shock = Shock(cut=between(world, 2, 0))
    assert polished(economy, shock) == pytest.approx(log_welfare(respond(economy, shock)[0]), abs=1e-9)
