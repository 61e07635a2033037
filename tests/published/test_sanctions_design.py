"""Optimal tariffs and sanctions against closed forms: two equal countries, a small one, and one market."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from economies import parameters, without_inputs
from suasion.coercion.frontier.ascent import Ascent, Objective
from suasion.coercion.frontier.policy_space import Move, board_on, real_flows
from suasion.coercion.frontier.response import nash_tariffs
from suasion.coercion.levers.redlines import Lines, plan_linear
from suasion.equilibrium import Elasticities
from suasion.equilibrium.adjoint.point import point_of
from suasion.equilibrium.economy import log_welfare, prepare


def sanction_tariff(supply_elasticity, harm_weight, margin=0.0):
    """Best tariff on one good in one market: ``(1 + phi) / e + phi mu``.

    e is the supply elasticity of the target's exports to the sender, phi the dollars of own loss accepted for a dollar of
    harm, mu the part of the price that is not the target's cost. In the spirit of Becko (2024), Journal of International
    Economics 150, 103898, who derives sanctions from terms of trade; without harm in mind the textbook's inverse elasticity.
    """
    return (1.0 + harm_weight) / supply_elasticity + harm_weight * margin


def two_country_tariff(sigma, partner_home_share):
    """Optimal tariff of one of two countries with one good and no inputs: ``1 / ((sigma - 1) pi_FF)``."""
    return 1.0 / ((sigma - 1.0) * partner_home_share)


def best_tariff(flow, sigma):
    """Tariff that the first country sets on the second, and the second's home share under it."""
    world = without_inputs(flow)
    economy = prepare(world, parameters(world, sigma))
    where = np.zeros((2, 2, 1), dtype=bool)
    where[0, 1] = True
    board = board_on(economy, [Move("tariff", "tariff", where)])
    own = np.array([True, False])
    aim = Objective(own, ~own, 0.0, np.array([True]), np.zeros(1), np.array([np.log(11.0)]))
    scale = float(np.asarray(flow)[0, 1])
    stand = Ascent(board, scale).climb(aim, np.zeros(1), np.zeros(1, dtype=bool))
    return float(np.expm1(stand.policy[0])), float(point_of(stand.solved).flows.share[0, 1, 1])


@pytest.mark.parametrize(("sigma", "tariff"), [(5.0, 0.309672), (3.0, 0.622684)])
def test_optimal_tariff_of_two_equal_countries(sigma, tariff):
    """t = 1 / ((sigma - 1) pi_FF), home share .7 at the base, no inputs; printed to six digits."""
    found, home = best_tariff([[0.7, 0.3], [0.3, 0.7]], sigma)
    assert found == pytest.approx(tariff, abs=1e-6)
    # The formula on the model's own shares; the climb stops at a gradient of 1e-7.
    assert found == pytest.approx(two_country_tariff(sigma, home), abs=1e-6)


@pytest.mark.parametrize(("sigma", "alone", "war"), [(3.0, 62.2684, 55.6794), (5.0, 30.9672, 28.1055)])
def test_nash_tariffs_of_two_equal_countries(sigma, alone, war):
    """In a war ``t = 1 / ((sigma - 1) pi_FF)`` with the partner's home share at border prices, under its own tariff.

    Ossa (2014, abstract) has 62 per cent on average alone and 63 in a war: of that size with sigma about three.
    """
    world = without_inputs([[0.7, 0.3], [0.3, 0.7]])
    found = nash_tariffs(
        world, world.countries, {"all": world.sectors}, elasticities=Elasticities(sigma=sigma)
    ).rates

    def gap(rate):
        home = 0.7 / (
            0.7 + 0.3 * (1.0 + rate) ** -sigma
        )  # both levy the same, so that their wages stay equal
        return rate - two_country_tariff(sigma, home)

    closed = 100.0 * brentq(gap, 1e-6, 5.0)
    assert closed == pytest.approx(war, abs=1e-4)
    # Rounds of answers end at steps of a millionth of a log wedge.
    assert found["war_rate_percent"].to_numpy() == pytest.approx(closed, abs=1e-3)
    assert found["alone_rate_percent"].to_numpy() == pytest.approx(alone, abs=1e-3)


def two_sizes(size, sigma=5.0, iceberg=2.0):
    """Base flows of two countries of equal productivity, the first of that size and the second of size one."""
    labour = np.array([size, 1.0])
    cost = np.array([[1.0, iceberg], [iceberg, 1.0]])

    def shares(wage):
        power = (np.array([wage, 1.0]) * cost) ** (1.0 - sigma)
        return power / power.sum(1, keepdims=True)

    def gap(log_wage):
        wage = np.exp(log_wage)
        spent = np.array([wage, 1.0]) * labour
        return shares(wage)[0, 1] * spent[0] - shares(wage)[1, 0] * spent[1]

    wage = np.exp(brentq(gap, -3.0, 3.0, xtol=1e-15, rtol=1e-15))
    return shares(wage) * (np.array([wage, 1.0]) * labour)[:, None]


@pytest.mark.parametrize(
    ("size", "tariff"), [(1.0, 0.259378), (0.1, 0.253283), (0.01, 0.251097), (0.001, 0.250326)]
)
def test_optimal_tariff_tends_to_that_of_a_small_country(size, tariff):
    """It falls to 1 / (sigma - 1) = .25 as the country shrinks: its partner buys ever more at home."""
    found, _ = best_tariff(two_sizes(size), 5.0)
    assert found == pytest.approx(tariff, abs=1e-6)


def test_one_market_formula():
    """Inverse elasticity without harm in mind; .775 with phi = .7, mu = .5 and an elasticity of four."""
    assert sanction_tariff(4.0, 0.0) == 0.25
    assert sanction_tariff(4.0, 0.7, 0.5) == pytest.approx(0.775, abs=1e-12)
    assert sanction_tariff(4.0, 1.0) == 2 * sanction_tariff(4.0, 0.0)


def test_the_formula_grows_with_the_weight_on_harm_as_the_model_does():
    """Two equal countries: the best tariff rises with lambda in the model too, as (1 + phi) / e does."""
    flow = [[0.7, 0.3], [0.3, 0.7]]
    world = without_inputs(flow)
    economy = prepare(world, parameters(world, 5.0))
    where = np.zeros((2, 2, 1), dtype=bool)
    where[0, 1] = True
    climber = Ascent(board_on(economy, [Move("tariff", "tariff", where)]), 0.3)
    own = np.array([True, False])
    rates = [
        climber.climb(
            Objective(own, ~own, weight, np.array([True]), np.zeros(1), np.array([np.log(11.0)])),
            np.zeros(1),
            np.zeros(1, dtype=bool),
        ).policy[0]
        for weight in (0.0, 0.5, 1.0)
    ]
    assert rates[0] < rates[1] < rates[2]


@pytest.mark.parametrize("weight", [0.0, 0.7, 2.0])
@pytest.mark.parametrize("tax", [0.0, 0.1])
def test_one_market_formula_holds_in_the_whole_model(weight, tax):
    """``(1 + phi) / e + phi mu`` with the model's own elasticity and margin is the tariff that the climb finds.

    Two countries of unlike size, one good, no inputs, so that one market is the world. ``e`` is the elasticity of the
    target's exports along its own offer curve, ``mu`` the part of the border price that is its export tax, and ``phi``
    lambda turned from dollars of equivalent variation into dollars at the prices of the equilibrium.
    """
    world = without_inputs([[0.8, 0.3], [0.3, 1.6]])
    economy = prepare(world, parameters(world, 4.0))
    where = np.zeros((2, 2, 1), dtype=bool)
    where[0, 1] = True
    board = board_on(economy, [Move("tariff", "tariff", where), Move("tax", "export_tax", where)])
    own, given = np.array([True, False]), np.array([0.0, np.log1p(tax)])
    aim = Objective(own, ~own, weight, np.array([True, False]), np.zeros(2), np.full(2, np.log(11.0)))
    stand = Ascent(board, 0.3).climb(aim, given, np.zeros(2, dtype=bool))

    def market(policy):
        """Log of what the sender buys from the target, and of its price at the border over that of its own good."""
        solved = board.solve(policy)
        unit = solved.swept.costs.unit[:, 0]
        return np.log(real_flows(solved)[0, 1, 0]), unit[1] - unit[0]

    step = np.array([1e-4, 0.0])
    (more, dearer), (less, cheaper) = (market(stand.policy + sign * step) for sign in (1.0, -1.0))
    elasticity = (more - less) / (dearer - cheaper)
    worth = board.spending * np.exp(log_welfare(stand.solved)) / stand.solved.swept.income
    formula = sanction_tariff(elasticity, weight * float(worth[1] / worth[0]), tax / (1.0 + tax))
    # Central differences of 1e-4 in the elasticity, and a climb that stops at a gradient of 1e-7.
    assert float(np.expm1(stand.policy[0])) == pytest.approx(formula, rel=1e-5)


def test_red_line_toy():
    """max 3 u1 + 2 u2, u1 + u2 <= 4, u1 <= 2: u = (2, 2), value 10, the red line is worth 1."""
    lines = Lines(("budget", "red line"), np.array([[1.0, 1.0], [1.0, 0.0]]), np.array([4.0, 2.0]))
    best = plan_linear(np.array([3.0, 2.0]), np.zeros(2), np.full(2, 4.0), lines)
    assert (best.plan.tolist(), best.value, best.prices[1]) == ([2.0, 2.0], 10.0, 1.0)
