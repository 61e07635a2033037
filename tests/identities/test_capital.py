"""A stock of capital that adjusts (M2.7): closed forms, a solver in levels, the older fixed point, derivatives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.economies import alone, between, certified, parameters, uneven
from tests.levels import in_levels

import suasion as su
from suasion.equilibrium import Elasticities, draws, resolve, simulate
from suasion.equilibrium.adjoint.backward import Seeds
from suasion.equilibrium.adjoint.point import point_of
from suasion.equilibrium.adjoint.solve import gradient, scaling_of
from suasion.equilibrium.batch.many import job_of, respond_draws, respond_many
from suasion.equilibrium.decomposition import decompose
from suasion.equilibrium.economy import Economy, economy_on, log_welfare, prepare, respond
from suasion.equilibrium.types import Shock
from suasion.errors import ElasticityError, InputError, NoSupplierError
from suasion.outlook.growth.gdp import steady
from suasion.sources.capital_shares import capital_shares
from suasion.world import World
from suasion.world.testing import random_world, symmetric_world

#: Two solvers that close their equations to 1e-10 in logs; welfare is a smooth function of the unknowns.
CLOSE = 1e-9


@pytest.fixture(scope="module")
def economy() -> Economy:
    """Four countries, three goods, tariffs, mobile labour, capital of a third to a half; buyers of two goods switch."""
    world = random_world(4, 3, seed=2, tariffs=True)
    elasticities = uneven(world, 3, 0.0, switching=True)
    elasticities = replace(elasticities, epsilon=np.full_like(elasticities.epsilon, 0.4))
    return prepare(world, replace(elasticities, capital=np.linspace(0.3, 0.5, 4)), "balance", elasticities)


def shocks(economy: Economy) -> dict[str, Shock]:
    """A cut, a tariff, an iceberg cost."""
    n, s = economy.accounts.output.shape
    assert economy.accounts.tariff is not None
    tariff = economy.accounts.tariff.transpose(1, 2, 0).copy()
    tariff[2, 1] += 0.6
    cut, cost = np.zeros((n, n, s), dtype=bool), np.ones((n, n, s))
    cut[0, 1] = cut[1, 0] = True
    cost[3, :3] = 1.5
    return {"cut": Shock(cut=cut), "tariff": Shock(tariff=tariff), "iceberg": Shock(trade_cost=cost)}


def test_autarky_of_two_equal_countries() -> None:
    """ln W / (1 - aK) where all nests are Cobb-Douglas: p .8, a .5, sigma 4, aK .4."""
    world = symmetric_world(2, domestic=0.8, va_share=0.5)
    plain = parameters(world, 4.0)
    for capital, expected in ((None, 0.861773876), (np.full(2, 0.4), 0.780408890)):
        found = certified(prepare(world, replace(plain, capital=capital)), Shock(cut=between(world, 0, 1)))
        assert np.exp(log_welfare(found)) == pytest.approx([expected] * 2, abs=5e-10)


@pytest.mark.parametrize("country", ["USA", "CHN", "IND"])
def test_autarky_multiplies_the_log_by_the_same_for_everybody(world: World, country: str) -> None:
    """In Cobb-Douglas autarky P = B h + B a aK PC and B a = 1: 1 / (1 - aK) whatever the input-output table."""
    plain = replace(resolve(world, "long"), **_cobb_douglas(world))
    base = prepare(world, plain).accounts
    cut = Shock(cut=alone(world, world.countries.index(country)))
    logs = []
    for capital in (None, np.full(len(world.countries), 0.4)):
        solved = certified(economy_on(base, replace(plain, capital=capital), "balance"), cut)
        logs.append(log_welfare(solved)[world.countries.index(country)])
    assert logs[1] / logs[0] == pytest.approx(1.0 / 0.6, rel=1e-7)  # logs of a few per cent, solved to 1e-10
    assert _autarky(base, plain, world.countries.index(country)) == pytest.approx(logs, abs=CLOSE)


def test_germany_cannot_be_alone(world: World) -> None:
    """Nobody there mines ores: its autarky is none, so no ratio belongs to it; with ores bought it is 5/3 too.

    A third of a per cent of its trade is left then, which bends the ratio in its fourth digit.
    """
    plain = replace(resolve(world, "long"), **_cobb_douglas(world))
    base, n, ores = prepare(world, plain).accounts, world.countries.index("DEU"), world.sectors.index("B07")
    cut = np.repeat(alone(world, n), 50, 2) if alone(world, n).shape[2] == 1 else alone(world, n).copy()
    with pytest.raises(NoSupplierError, match="DEU B07"):
        respond(economy_on(base, plain, "balance"), Shock(cut=cut))
    cut[n, :, ores] = cut[:, n, world.sectors.index("C29")] = False
    logs = [
        log_welfare(certified(economy_on(base, replace(plain, capital=share), "balance"), Shock(cut=cut)))[n]
        for share in (None, np.full(80, 0.4))
    ]
    assert logs[1] / logs[0] == pytest.approx(5.0 / 3.0, abs=2e-3)


def _cobb_douglas(world: World) -> dict[str, np.ndarray]:
    one = np.ones((len(world.countries), len(world.sectors)))
    return {"zeta": one, "epsilon": one, "eta": one, "kappa": np.ones(len(world.countries))}


def _autarky(base, plain, n: int) -> list[float]:  # type: ignore[no-untyped-def]
    """Change of log welfare without trade, by one linear system in the logs of prices: without and with capital."""
    home = base.pi[:, n, n]
    rise = np.where(
        base.expenditure[n] > 0, -np.log(np.where(home > 0, home, 1.0)) / (plain.sigma - 1.0), 0.0
    )
    used = (1.0 - base.va_share[n])[:, None] * base.input_share[n]
    eye, alpha = np.eye(rise.size), base.final_share[n]
    duty = base.tax_revenue[n] / base.income[n]
    found = []
    for share in (0.0, 0.4):
        system = eye - used - share * np.outer(base.va_share[n], alpha)
        found.append(float(np.log1p(-duty) - alpha @ np.linalg.solve(system, rise)))
    return found


@pytest.mark.parametrize("name", ["cut", "tariff", "iceberg"])
def test_against_a_solver_in_levels(economy: Economy, name: str) -> None:
    base, shock = economy.accounts, shocks(economy)[name]
    assert base.tariff is not None
    assert economy.parameters.capital is not None
    before = base.tariff.transpose(1, 2, 0)
    tariff = before if shock.tariff is None else shock.tariff
    one = np.ones_like(before)
    dearer = (one if shock.trade_cost is None else shock.trade_cost) * (1 + tariff) / (1 + before)
    left = one if shock.cut is None else one * ~shock.cut
    expected = in_levels(
        base, economy.parameters, (dearer, left, tariff), capital=economy.parameters.capital[:, None]
    )
    assert log_welfare(certified(economy, shock)) == pytest.approx(expected, abs=CLOSE)


def test_a_stock_that_follows_real_income_is_the_same(economy: Economy) -> None:
    """The older way: endowments move with the stock, and rounds of solves find it; they stop at 1e-8."""
    still = replace(economy, parameters=replace(economy.parameters, capital=None))
    share, shock = economy.parameters.capital, shocks(economy)["cut"]
    assert share is not None

    def answer(extra: np.ndarray, start: np.ndarray | None) -> object:
        return respond(still, replace(shock, endowments=np.exp(extra)), start)[0]

    found = steady(answer, share)  # type: ignore[arg-type]
    assert log_welfare(found.solved) == pytest.approx(log_welfare(certified(economy, shock)), abs=1e-7)


def test_no_capital_is_no_change(economy: Economy) -> None:
    """A share of nothing, in any bit but those of a product by one."""
    for shock in shocks(economy).values():
        none, zero = (
            certified(replace(economy, parameters=replace(economy.parameters, capital=share)), shock)
            for share in (None, np.zeros(4))
        )
        assert log_welfare(zero) == pytest.approx(log_welfare(none), abs=1e-14)


def test_batches_equal_single_solves(economy: Economy) -> None:
    each = list(shocks(economy).values())
    many = respond_many(economy, [job_of(economy, shock) for shock in each])
    assert many.batched.all()
    for shock, row in zip(each, many.log_welfare, strict=True):
        assert row == pytest.approx(log_welfare(certified(economy, shock)), abs=CLOSE)


def test_draws_in_a_batch_equal_single_solves() -> None:
    small = random_world(5, 3, seed=4)
    economy = prepare(small, resolve(small, "long", factors="capital"), "balance", resolve(small, "long"))
    shock = Shock(cut=between(small, 0, 1))
    solved, _ = respond(economy, shock)
    sets = draws(small, 4, "long", seed=3, factors="capital")
    outcome = respond_draws(economy, shock, solved, sets)
    assert outcome.batched.all()
    for one, row in zip(sets, outcome.log_welfare, strict=True):
        assert row == pytest.approx(
            log_welfare(respond(replace(economy, parameters=one), shock)[0]), abs=CLOSE
        )


def test_the_parts_of_a_change_add_up(economy: Economy) -> None:
    """What capital adds counts with technology; the path's quadrature is good to 1e-6."""
    solved = certified(economy, shocks(economy)["cut"])
    assert decompose(solved).sum(1) == pytest.approx(100.0 * log_welfare(solved), abs=1e-4)


def test_derivatives_are_those_of_central_differences(economy: Economy) -> None:
    """Of welfare by endowments and a trade cost, at an economy with a tariff; to 1e-6 of the derivative."""
    shock = shocks(economy)["tariff"]
    solved = certified(economy, shock)
    point, own = point_of(solved), np.eye(4)[1]
    found = gradient(
        point,
        Seeds(own / point.income, np.zeros(4), -own),
        scaling_of(economy.accounts, economy.parameters),
    )
    step = 2e-3  # four points: wrong by its fourth power, and 1e-11 of each solution is little beside it
    weights = np.array([1.0, -8.0, 8.0, -1.0]) / (12.0 * step)
    moves = (-2.0, -1.0, 1.0, 2.0)

    def slope(changed: object) -> float:
        return float(weights @ [log_welfare(certified(economy, changed(m * step)))[1] for m in moves])  # type: ignore[operator]

    cost = np.ones((4, 4, 3))
    cell = np.zeros_like(cost, dtype=bool)
    cell[1, 3, 0] = True
    by_cost = slope(lambda m: replace(shock, trade_cost=np.where(cell, np.exp(m), 1.0)))
    assert found.by("trade_cost")[1, 3, 0] == pytest.approx(by_cost, rel=1e-6)
    by_labour = slope(lambda m: replace(shock, endowments=np.exp(m * np.eye(4)[2])))
    assert found.by("endowments")[2] == pytest.approx(by_labour, rel=1e-6)


def test_in_a_simulation(world: World) -> None:
    """Shares come from the Penn World Table; a loss is larger with capital, and own values are taken."""
    cut = su.Scenario("cut", [su.Embargo("MEX", "USA")])
    static, full = (simulate(world, cut, "long", factors=factors) for factors in (None, "capital"))
    assert full.certified
    assert full.welfare.sel(country="MEX") < static.welfare.sel(country="MEX") < 0.0
    own = simulate(world, cut, "long", factors="capital", elasticities=Elasticities(capital=0.0))
    assert own.welfare.values == pytest.approx(static.welfare.values, abs=1e-8)
    assert any("median" in note for note in full.notes)
    shares, missing = capital_shares(world.countries)
    assert 0.2 < shares.min() < shares.max() < 0.8
    assert len(missing) == 8


def test_what_is_refused(world: World) -> None:
    with pytest.raises(ElasticityError, match=r"0\.9"):
        Elasticities(capital=1.0)
    with pytest.raises(InputError, match="capital"):
        resolve(world, "long", factors="land")  # type: ignore[arg-type]
