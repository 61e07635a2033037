"""Paths of the world: what must hold exactly when growth and costs move year by year."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from economies import parameters, without_inputs
from suasion.coercion import exit_cost
from suasion.equilibrium import Shock, resolve
from suasion.equilibrium.economy import advance, log_welfare, prepare, respond
from suasion.equilibrium.elasticities.schedule import sigma_at
from suasion.outlook import (
    Break,
    CostPath,
    OwnRate,
    ProjectionOptions,
    TechnologyPath,
    WorldPath,
    outlook,
    states,
    world_of,
)
from suasion.outlook.growth.gdp import (
    CAPITAL_SHARE,
    base_volumes,
    fisher_growth,
    real_factor_income,
    steady,
    volumes_of,
)
from suasion.outlook.paths.laid import age_weight, lay
from suasion.outlook.projection.exits import Cutting, losses
from suasion.outlook.projection.reading import pair_of, receipts, shares

#: Shares and losses come from equilibria whose equations hold to 1e-11 in logs; a path adds up fourteen of them.
EXACT = 1e-8
WEST, EAST = ("USA", "DEU"), ("RUS",)


@pytest.fixture(scope="module")
def small(world):
    return world.select(["RUS", "CHN", "USA", "DEU"], ["A01", "B06", "C26", "C29"])


def still(name="still", **changes):
    return WorldPath(name, source="none", **changes)


def numbers(world, state):
    pair = pair_of(world, "RUS", "CHN", None)
    rows = [*shares(state, pair), *losses(state, pair, Cutting("long", state.economy.parameters))]
    return np.array([value for quantity, *_, value, _ in rows if quantity != "loss_usd"])


def test_nothing_changes_where_nothing_happens(small):
    _, found = states(small, still(), 2026)
    first = numbers(small, found[0])
    for state in found[1:]:
        assert numbers(small, state) == pytest.approx(first, abs=EXACT)
        assert state.real == pytest.approx(1.0, abs=EXACT)


def test_uniform_growth_leaves_shares_and_exit_costs_where_they_are(small):
    everybody = OwnRate(small.countries, 2023, 2036, 3.0)
    _, found = states(small, still(growth=(everybody,)), 2036)
    first = numbers(small, found[0])
    for t, state in enumerate(found):
        assert numbers(small, state) == pytest.approx(first, abs=1e-6)  # real GDP is held to 1e-7 only
        assert state.real == pytest.approx(1.03**t, rel=1e-6)
        assert state.log_welfare == pytest.approx(np.log(state.real), abs=1e-6)


def test_real_gdp_hits_its_path_while_costs_and_technology_move(small):
    path = WorldPath(
        "all at once",
        growth=(OwnRate(("RUS",), 2023, 2030, -2.0),),
        costs=(CostPath(WEST, EAST, ((2024, 1.5), (2026, 3.0)), hold=True),),
        technology=(TechnologyPath(("CHN",), ((2022, 1.0), (2030, 1.5)), ("C26",)),),
    )
    course, found = states(small, path, 2030)
    for state, level in zip(found, course.growth.levels(), strict=True):
        assert state.real == pytest.approx(level, rel=1e-6)
    assert found[-1].real[small.countries.index("RUS")] == pytest.approx(0.98**8, rel=1e-6)


def test_steps_of_a_year_and_one_leap_give_the_same_world(small):
    """What `walk` solves from the base at once equals steps whose equilibria are each the next one's base."""
    path = WorldPath(
        "sanctions", costs=(CostPath(WEST, EAST, ((2023, 1.2), (2025, 2.0)), hold=True),), response="long"
    )
    _, found = states(small, path, 2025)
    economy, logs = found[0].economy, 0.0
    for before, after in itertools.pairwise(found):
        cost = after.shock.trade_cost / (1.0 if before.shock.trade_cost is None else before.shock.trade_cost)
        endowments = after.shock.endowments / (
            1.0 if before.shock.endowments is None else before.shock.endowments
        )
        step = Shock(trade_cost=cost, endowments=endowments)
        logs = logs + log_welfare(respond(economy, step)[0])
        economy = advance(economy, step)
        assert economy.accounts.pi == pytest.approx(after.accounts.pi, abs=EXACT)
        assert logs == pytest.approx(after.log_welfare, abs=EXACT)


def test_a_lifted_sanction_returns_to_the_base(small):
    cost = CostPath(WEST, EAST, ((2024, 2.0), (2025, 1.0)), hold=True)
    _, at_once = states(small, still(costs=(cost,), response="long"), 2025)
    first = numbers(small, at_once[0])
    assert numbers(small, at_once[2]) != pytest.approx(first, rel=0.01)
    assert numbers(small, at_once[3]) == pytest.approx(first, abs=EXACT)
    _, by_age = states(small, still(costs=(cost,)), 2036)
    assert numbers(small, by_age[3]) != pytest.approx(
        first, rel=0.001
    )  # trade comes back as slowly as it went
    assert numbers(small, by_age[-1]) == pytest.approx(
        first, abs=EXACT
    )  # both changes are older than ten years


def test_old_sanctions_act_by_what_they_have_not_moved_yet(small):
    sigma = resolve(small, "long").sigma
    laid = lay(small, still(costs=(CostPath(WEST, EAST, ((2022, 1.5),), hold=True),)), 2036)
    (now,), (last,) = (laid.effective(year, sigma, "by_age") for year in (2022, 2036))
    assert now == pytest.approx(0.0)  # what acts in the base year is in its accounts
    short = np.minimum((sigma_at(sigma, 1.0) - 1.0) / (sigma - 1.0), 1.0)
    assert last == pytest.approx(np.log(1.5) * (1.0 - short))


def test_responses_grow_with_age_and_end_at_the_long_run(small):
    sigma = resolve(small, "long").sigma
    weights = np.array([age_weight(sigma, h) for h in range(1, 15)])
    assert (np.diff(weights, axis=0) >= 0).all()
    assert (weights > 0).all()
    assert weights[9:] == pytest.approx(1.0)


def test_hulten_for_a_small_change_of_productivity(small):
    """Real GDP moves by output over value added of the sector, to the first order."""
    economy = prepare(small, resolve(small, "long"))
    n, k, log = small.countries.index("CHN"), small.sectors.index("C26"), 1e-3
    change = np.ones((len(small.countries), len(small.sectors)))
    change[n, k] = np.exp(log)
    solved, _ = respond(economy, Shock(productivity=change))
    found = np.log(fisher_growth(base_volumes(economy.accounts), volumes_of(solved)))
    base = economy.accounts
    domar = base.output[n, k] / (base.va_share[n] * base.output[n]).sum()
    assert found[n] == pytest.approx(
        domar * log, rel=2e-3
    )  # the rest is of the second order in a change of 1e-3
    assert np.delete(found, n) == pytest.approx(0.0, abs=1e-9)  # terms of trade are no growth


def test_real_gdp_is_blind_to_terms_of_trade(small):
    economy = prepare(small, resolve(small, "long"))
    cost = np.ones((5, 5, len(small.sectors)))
    cost[0, 2] = cost[2, 0] = 1.01
    solved, _ = respond(economy, Shock(trade_cost=cost))
    assert np.abs(log_welfare(solved)).max() > 1e-5
    # Fisher's index differs from Divisia's by the third order of price changes of about 1e-3.
    real = fisher_growth(base_volumes(economy.accounts), volumes_of(solved))
    assert np.log(real) == pytest.approx(0.0, abs=1e-8)


def test_shares_fall_with_own_costs_and_rise_with_those_of_others(small):
    def share(senders, targets, factor):
        _, found = states(
            small, still(costs=(CostPath(senders, targets, ((2023, factor),), hold=True),)), 2024
        )
        return numbers(small, found[-1])[0]

    west = [share(WEST, EAST, f) for f in (1.0, 1.2, 1.5, 2.0)]
    own = [share(("CHN",), EAST, f) for f in (1.0, 1.2, 1.5, 2.0)]
    assert (np.diff(west) > 0).all()
    assert (np.diff(own) < 0).all()


def test_a_year_is_a_world_like_any_other(small):
    path = WorldPath("sanctions", costs=(CostPath(WEST, EAST, ((2023, 1.5),), hold=True),))
    course, found = states(small, path, 2025)
    later = world_of(course, found[-1])
    assert later.year == 2025
    trade = (later.array("intermediate") + later.array("final")).sum(2)
    assert trade == pytest.approx(receipts(found[-1].solved), rel=1e-9)
    cost = exit_cost(later, "RUS", "CHN", horizon="long")
    pair = pair_of(small, "RUS", "CHN", None)
    rows = losses(found[-1], pair, Cutting("long", found[-1].economy.parameters))
    assert cost.loss("RUS", "long") == pytest.approx(rows[0][4], rel=1e-6)
    assert rows[0][:2] == ("loss_percent", "RUS")


def test_losses_at_the_paths_elasticities_do_not_depend_on_how_they_are_solved(small):
    """From the base together with the path, or on the year's own accounts: ten years is the long run."""
    _, found = states(small, WorldPath("growth"), 2025)
    pair = pair_of(small, "RUS", "CHN", ("USA", "EU"))
    long_run = resolve(small, "long")
    one = losses(found[-1], pair, Cutting("long", long_run))
    other = losses(found[-1], pair, Cutting("10", long_run))
    assert [r[4] for r in one] == pytest.approx([r[4] for r in other], rel=1e-6)


def test_steady_capital_multiplies_a_world_wide_loss_by_the_capital_multiplier():
    """Without trade to speak of real income is A K^alpha: its log falls by that of A over 1 - alpha, exactly."""
    made = without_inputs(np.array([[60.0, 10.0], [10.0, 40.0]]))
    economy = prepare(made, parameters(made, 4.0))
    low = Shock(productivity=np.full((2, 1), 0.9))

    def answer(extra, x):
        return respond(economy, replace(low, endowments=np.exp(extra) * np.ones(2)), x)[0]

    found = steady(answer)
    assert found.gap < 1e-7
    assert log_welfare(found.solved) == pytest.approx(np.log(0.9) / (1 - CAPITAL_SHARE), abs=1e-6)
    assert found.capital == pytest.approx(real_factor_income(found.solved), abs=1e-7)


def test_steady_capital_makes_exit_costs_larger_by_what_the_literature_finds(world):
    """Baqaee and Malmberg (NBER 33506, abstract): losses 1.4 times larger for Russia, 2.2 for Eastern Europe."""
    options = ProjectionOptions(horizons=("long", "steady"), audience=())
    made = outlook(world, "RUS", "CHN", [still(breaks=Break(0.0, 0.0, 0.0))], 2023, years=(), options=options)
    for of in ("RUS", "CHN"):
        fixed, free = (made.fan("loss_percent", of, h)["central"].iloc[0] for h in ("long", "steady"))
        assert 1.4 < free / fixed < 2.2
