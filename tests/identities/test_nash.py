"""Tariffs that answer each other: a closed form, best answers found by search, and what a war cannot do."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from tests.economies import parameters, without_inputs

from suasion.coercion.nash import best_answers, final_sales, nash_tariffs, tariffs, war_on
from suasion.equilibrium import Elasticities
from suasion.equilibrium.accounts import accounts_of
from suasion.equilibrium.economy import Economy, economy_on, log_welfare, respond
from suasion.equilibrium.solve import rebase
from suasion.solvers import NewtonOptions, newton
from suasion.world import World
from suasion.world.testing import random_world


def searched(economy: Economy, rates: np.ndarray, country: int) -> float:
    """The uniform tariff at which a country's real income is highest, those of the others as they are."""

    def loss(rate: float) -> float:
        given = rates.copy()
        given[country] = rate
        return -float(log_welfare(respond(economy, tariffs(economy, given))[0])[country])

    found = minimize_scalar(loss, bounds=(0.0, 2.0), method="bounded", options={"xatol": 1e-8})
    return float(found.x)


@pytest.mark.parametrize("sectors", [1, 3])
def test_one_tariff_against_another_country_by_search(sectors: int) -> None:
    """With two countries of which one taxes nothing (M2.3) is exact. The flat top hides half of the digits of its place."""
    rng = np.random.default_rng(5)
    flow = rng.lognormal(0.0, 0.5, (2, 2, sectors)) * np.where(np.eye(2, dtype=bool), 3.0, 1.0)[..., None]
    if sectors == 1:
        flow[1, 0] = flow[0, 1]
    world = without_inputs(flow)
    given = parameters(world, np.array([5.0, 3.0, 8.0])[:sectors])
    economy = economy_on(rebase(final_sales(accounts_of(world)), given), given, "balance")
    rates = np.array([0.3, 0.0])
    for _ in range(60):
        rates[0] = best_answers(respond(economy, tariffs(economy, rates))[0])[0]
    assert searched(economy, rates, 0) == pytest.approx(rates[0], rel=1e-4)


def test_one_sector_and_two_equal_countries() -> None:
    """t = 1 / (eps lambda), lambda the home share in the war; solved here as one equation in t."""
    home, sigma = 0.7, 5.0
    world = without_inputs([[home, 1.0 - home], [1.0 - home, home]])
    found = war_on(final_sales(accounts_of(world)), parameters(world, sigma))

    def gap(t: np.ndarray) -> np.ndarray:
        away = (1.0 - home) * (1.0 + t) ** (1.0 - sigma)
        return np.asarray(t - 1.0 / ((sigma - 1.0) * home / (home + away)))

    expected = newton(gap, np.array([0.3]), NewtonOptions(tolerance=1e-13)).value[0]
    assert found.table.tariff_percent.to_numpy() == pytest.approx([100.0 * expected] * 2, rel=1e-8)
    assert found.gap < 1e-8


def test_many_countries_by_search() -> None:
    """In a war the condition leaves out what the others' revenue and wages do: their answers are near the best.

    Five countries of equal weight are the worst case: rates are within a sixth, and nobody would gain a fifth of a per
    mille of real income by searching on.
    """
    world = random_world(5, 2, seed=3)
    given = parameters(world, np.array([4.0, 7.0]))
    base = final_sales(accounts_of(world))
    rates = war_on(base, given).table.tariff_percent.to_numpy() / 100.0
    economy = economy_on(rebase(base, given), given, "balance")
    solved, _ = respond(economy, tariffs(economy, rates))
    assert best_answers(solved) == pytest.approx(rates, rel=1e-8)
    for country in range(5):
        best = rates.copy()
        best[country] = searched(economy, rates, country)
        assert best[country] == pytest.approx(rates[country], rel=1.0 / 6.0)
        gain = log_welfare(respond(economy, tariffs(economy, best))[0]) - log_welfare(solved)
        assert 0.0 <= gain[country] < 2e-4


def test_what_a_war_is_on_a_world(world: World) -> None:
    """Every rate is positive, nobody on average gains, and easier substitution makes lower tariffs."""
    found = nash_tariffs(world)
    assert found.certificate.ok()
    assert (found.table.tariff_percent > 0.0).all()
    assert found.table.welfare_usd.sum() < 0.0
    assert found.gap < 1e-8
    easier = nash_tariffs(world, Elasticities(sigma=12.0))
    harder = nash_tariffs(world, Elasticities(sigma=4.0))
    assert (easier.table.tariff_percent < harder.table.tariff_percent).all()
    assert (
        easier.table.tariff_percent.min() > 100.0 / 11.0
    )  # one over sigma less one, where the exporter is small
