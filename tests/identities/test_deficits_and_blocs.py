"""Deficit rules, worlds that fall apart, and several factors."""

from __future__ import annotations

import numpy as np
import pytest
from tests.economies import (
    FloatArray,
    alone,
    between,
    cells,
    certified,
    parameters,
    result,
    uneven,
    welfare,
)

import suasion as su
from suasion.equilibrium import simulate, simulate_many
from suasion.equilibrium.accounts import accounts_of
from suasion.equilibrium.economy import log_welfare, prepare, respond
from suasion.equilibrium.types import Parameters, Shock
from suasion.world import World, from_arrays
from suasion.world.testing import golden_world, random_world

SOLVER = 1e-10


@pytest.fixture
def world() -> World:
    """Deficits of -29 to 16 % of value added."""
    return random_world(4, 3, seed=2)


@pytest.fixture
def given(world: World) -> Parameters:
    return uneven(world, 2)


# --- deficit rules ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["world", "gdp", "balance", "eliminate"])
def test_transfers_sum_to_zero(world: World, given: Parameters, rule: str) -> None:
    found = result(world, Shock(cut=between(world, 0, 1)), given, rule)
    transfer = found.solved.swept.transfer
    assert abs(transfer.sum()) < 1e-12 * found.base.income.sum()
    assert found.certificate.ok(1e-9)
    assert found.deficits == rule


def test_world_rule_keeps_transfers_in_units_of_the_numeraire(world: World, given: Parameters) -> None:
    found = result(world, Shock(cut=between(world, 0, 1)), given, "world")
    assert found.solved.swept.transfer == pytest.approx(world.array("transfer"), abs=1e-10)
    # The numeraire: world factor income is what it was.
    paid = found.solved.swept.payments.sum()
    assert paid == pytest.approx(world.array("value_added").sum(), rel=1e-11)


@pytest.mark.parametrize("gift", [0.0, 3.0])
def test_gdp_rule_keeps_transfers_in_proportion_to_income(
    world: World, given: Parameters, gift: float
) -> None:
    """D' = delta GDP' less the world's sum of that, spread by GDP; what the scenario itself gives arrives in full."""
    give = np.array([-gift, gift, 0.0, 0.0])
    found = result(world, Shock(cut=between(world, 0, 1), transfer=give), given, "gdp")
    income = found.solved.swept.payments.sum((1, 2))
    kept = world.array("transfer") / world.array("value_added").sum(1) * income
    expected = give + kept - kept.sum() * income / income.sum()
    assert found.solved.swept.transfer == pytest.approx(expected, abs=1e-9)
    assert found.certificate.ok(1e-9)


@pytest.mark.parametrize("rule", ["balance", "eliminate"])
def test_balance_and_eliminate_have_no_transfers(world: World, given: Parameters, rule: str) -> None:
    found = result(world, Shock(cut=between(world, 0, 1)), given, rule)
    assert not found.solved.swept.transfer.any()


def test_balance_is_eliminate_first_and_the_shock_afterwards(world: World, given: Parameters) -> None:
    """Both end in the same world; only the point of comparison differs."""
    shock = Shock(cut=between(world, 0, 1))
    closed = log_welfare(certified(prepare(world, given, "eliminate"), Shock()))
    both = log_welfare(certified(prepare(world, given, "eliminate"), shock))
    after = log_welfare(certified(prepare(world, given, "balance"), shock))
    assert closed + after == pytest.approx(both, abs=SOLVER)


def test_eliminating_deficits_moves_absorption_far_more_than_wages(world: World, given: Parameters) -> None:
    """C2 gives away 29 % of its income, C3 receives 16 %; wages hardly move: the two must be told apart."""
    found = result(world, Shock(), given, "eliminate")
    change = {
        name: getattr(found, name).sel(country=["C2", "C3"]).values for name in ("welfare", "real_wage")
    }
    assert (np.sign(change["welfare"]) == np.sign(change["real_wage"])).all()  # the transfer problem
    assert change["welfare"][0] > 0.0 > change["welfare"][1]
    assert (np.abs(change["real_wage"]) < 0.15 * np.abs(change["welfare"])).all()
    # Without taxes, income net of transfers is what factors earn.
    assert found.real_income.values == pytest.approx(found.real_wage.values, abs=1e-9)


def in_wages_of(country: int, world: World, given: Parameters, shock: Shock) -> FloatArray:
    """Welfare where transfers are fixed in the factor income of one country, found by repeated substitution."""
    prepared, before = prepare(world, given, "world"), world.array("transfer")
    extra = np.zeros_like(before)
    for _ in range(60):
        solved = certified(prepared, Shock(cut=shock.cut, transfer=extra))
        wage = solved.swept.payments[country].sum() / prepared.accounts.factor_income[country].sum()
        new = before * (wage - 1.0)
        if np.abs(new - extra).max() < 1e-9:
            return np.exp(log_welfare(solved))
        extra = new
    raise AssertionError("the substitution did not settle")


def test_with_deficits_the_unit_of_the_transfers_matters(world: World, given: Parameters) -> None:
    """The trap: the same shock, transfers fixed in world income or in the wages of one country."""
    shock = Shock(cut=between(world, 0, 1))
    gap = welfare(world, shock, given, "world") - in_wages_of(1, world, given, shock)
    assert np.abs(gap).max() > 1e-3


def test_without_deficits_the_numeraire_does_not_matter(given: Parameters) -> None:
    balanced = golden_world()
    elasticities = parameters(balanced, 4.0, 0.7)
    shock = Shock(cut=between(balanced, 0, 1))
    one = welfare(balanced, shock, elasticities, "world")
    assert in_wages_of(1, balanced, elasticities, shock) == pytest.approx(one, abs=SOLVER)


def test_a_gift_helps_the_taker_and_costs_the_giver(given: Parameters, world: World) -> None:
    found = result(world, Shock(transfer=np.array([-1.0, 1.0, 0.0, 0.0])), given)
    assert found.solved.swept.transfer == pytest.approx([-1.0, 1.0, 0.0, 0.0], abs=1e-12)
    assert found.welfare.values[0] < 0.0 < found.welfare.values[1]
    assert found.equivalent_variation.values[:2] == pytest.approx([-1.0, 1.0], rel=0.25)  # nearly its value


# --- blocs ------------------------------------------------------------------------------------------------------


def bloc_income(world: World, given: Parameters, shock: Shock, members: list[int], rule: str) -> float:
    """Factor income of a bloc over its base."""
    solved = certified(prepare(world, given, rule), shock)
    before = solved.problem.base.factor_income.sum((1, 2))
    return float(solved.swept.payments.sum((1, 2))[members].sum() / before[members].sum())


@pytest.mark.parametrize("rule", ["balance", "world", "gdp"])
def test_each_bloc_has_a_numeraire(world: World, given: Parameters, rule: str) -> None:
    """C1 with C2, C3 with C4: no trade and no transfer across, factor income of each bloc as before."""
    across = cells(world, [0, 0, 1, 1], [2, 3, 2, 3]) | cells(world, [2, 3, 2, 3], [0, 0, 1, 1])
    shock = Shock(cut=across)
    for members in ([0, 1], [2, 3]):
        assert bloc_income(world, given, shock, members, rule) == pytest.approx(1.0, abs=1e-10)
    found = result(world, shock, given, rule)
    transfer = found.solved.swept.transfer
    assert transfer[:2].sum() == pytest.approx(0.0, abs=1e-10)
    assert transfer[2:].sum() == pytest.approx(0.0, abs=1e-10)
    note = found.notes[-1]
    assert "2 blocs that no longer trade" in note
    assert "C1, C2" in note
    assert "C3, C4" in note
    assert ("Transfers between them are set to zero." in note) == (rule != "balance")


def test_two_blocs_are_two_worlds(given: Parameters) -> None:
    """What happens in a bloc does not depend on what happens in the other."""
    world = random_world(4, 3, seed=2)
    across = cells(world, [0, 0, 1, 1], [2, 3, 2, 3]) | cells(world, [2, 3, 2, 3], [0, 0, 1, 1])
    productivity = np.ones((4, 3))
    productivity[3] = 0.8
    calm = welfare(world, Shock(cut=across), given)
    shaken = welfare(world, Shock(cut=across, productivity=productivity), given)
    assert shaken[:2] == pytest.approx(calm[:2], abs=SOLVER)
    assert np.abs(shaken[2:] - calm[2:]).max() > 0.01


def test_everybody_alone(world: World, given: Parameters) -> None:
    """All trade cut: as many blocs as countries, and each in its own autarky."""
    everything = cells(world, slice(None), slice(None))
    found = result(world, Shock(cut=everything), given)
    assert "4 blocs" in found.notes[-1]
    apart = [welfare(world, Shock(cut=alone(world, n)), given)[n] for n in range(4)]
    assert found.welfare.values == pytest.approx(100.0 * (np.array(apart) - 1.0), abs=1e-8)


@pytest.mark.parametrize("direction", ["buys nothing", "sells nothing"])
@pytest.mark.parametrize("mobility", [0.0, 1.0])
def test_one_way_isolation_is_isolation(direction: str, mobility: float) -> None:
    """Who may sell but not buy gets nothing for its sales: with balanced trade they stop, and the note says so."""
    world = random_world(4, 3, seed=2)
    given = uneven(world, 2, mobility)
    one_way = cells(world, 1, slice(None)) if direction == "buys nothing" else cells(world, slice(None), 1)
    found = result(world, Shock(cut=one_way), given)
    expected = welfare(world, Shock(cut=alone(world, 1)), given)
    assert found.welfare.values == pytest.approx(100.0 * (expected - 1.0), abs=1e-8)
    assert found.certificate.ok(1e-9)
    assert "could buy nothing in return" in found.notes[-1]


def test_one_way_isolation_is_the_limit_of_high_costs() -> None:
    """Raising the cost of all that R buys brings it to autarky: its sales dwindle with its purchases."""
    world = golden_world()
    given = parameters(world, 5.0)
    limit = welfare(world, Shock(cut=cells(world, 0, slice(None))), given)[0]
    gaps = [
        abs(
            welfare(world, Shock(trade_cost=np.where(cells(world, 0, slice(None)), d, 1.0)), given)[0] - limit
        )
        for d in (10.0, 100.0, 1000.0)
    ]
    assert gaps[0] > 100.0 * gaps[1] > 10_000.0 * gaps[2]  # faster than d ** -2
    assert gaps[2] < 1e-7


def test_nobody_sells_to_one_country_by_name(world: World) -> None:
    own = su.Elasticities(sigma=4.0)
    ban = simulate(world, su.Scenario("ban", [su.ExportBan("all", "C2")]), own)
    embargo = simulate(world, su.Scenario("embargo", [su.Embargo("all", "C2")]), own)
    assert ban.welfare.values == pytest.approx(embargo.welfare.values, abs=1e-8)


# --- sellers without a buyer --------------------------------------------------------------------------------------


def stranded_world() -> World:
    """C1 sells S1 to C2 only, not even at home."""
    rng = np.random.default_rng(1)
    flow = rng.lognormal(0.0, 1.0, (3, 3, 3)) * np.where(np.eye(3, dtype=bool)[:, :, None], 8.0, 1.0)
    flow[:, 0, 0] = [0.0, 5.0, 0.0]
    output = flow.sum(0)
    inputs = (0.4 * output)[:, :, None] * rng.dirichlet(np.ones(3), (3, 3))
    inputs *= min(1.0, 0.9 * float((flow.sum(1) / inputs.sum(1)).min()))
    share = (inputs.sum(1) / flow.sum(1))[:, None, :]
    return World(
        ("C1", "C2", "C3"),
        ("S1", "S2", "S3"),
        2000,
        {
            "intermediate": flow * share,
            "final": flow * (1.0 - share),
            "input_use": inputs,
            "factor_income": output - inputs.sum(2),
        },
    )


@pytest.mark.parametrize("mobility", [0.0, 0.5, 1.0])
def test_a_sector_without_buyers_stops(mobility: float) -> None:
    world = stranded_world()
    found = result(world, Shock(cut=between(world, 0, 1)), uneven(world, 2, mobility))
    assert found.certificate.ok(1e-9)
    assert found.output.sel(country="C1", sector="S1").item() == pytest.approx(-100.0, abs=1e-12)
    assert found.output_value.sel(country="C1", sector="S1").item() == 0.0
    assert np.isfinite(found.welfare).all()
    assert found.solved.problem.alive.sum() == 8


# --- factors -------------------------------------------------------------------------------------------------------


def with_two_factors(world: World, labour_share: float | FloatArray) -> World:
    income = world.array("factor_income")[..., 0]
    split = np.stack([labour_share * income, (1.0 - labour_share) * income], axis=-1)
    return world.replace(factors=("labour", "capital"), factor_income=split)


@pytest.mark.parametrize("mobility", [0.0, 0.4, 1.0])
def test_equal_factors_are_one_factor(world: World, mobility: float) -> None:
    """The same share everywhere and the same mobility: whatever eta is, two factors are one."""
    two = with_two_factors(world, 0.6)
    shock = Shock(cut=between(world, 0, 1))
    one = welfare(world, shock, parameters(world, 4.0, 0.6, mobility=mobility))
    for eta in (0.3, 1.0, 2.0):
        split = welfare(two, shock, parameters(two, 4.0, 0.6, eta=eta, mobility=mobility))
        assert split == pytest.approx(one, abs=SOLVER)


@pytest.mark.parametrize("eta", [0.4, 1.0, 1.6])
def test_mobile_labour_and_specific_capital(world: World, eta: float) -> None:
    """Certified, and wages of labour are one per country while those of capital differ."""
    share = np.random.default_rng(0).uniform(0.3, 0.8, (4, 3))
    two = with_two_factors(world, share)
    given = parameters(two, [4.0, 3.0, 5.0], 0.6, eta=eta, mobility=[0.0, 1.0])
    solved = certified(prepare(two, given), Shock(cut=between(world, 0, 1)))
    wage = solved.swept.costs.wage
    assert np.ptp(wage[..., 0], axis=1).max() < 1e-12
    assert np.ptp(wage[..., 1], axis=1).min() > 1e-3


def test_prices_of_isolated_factors_follow_endowments(world: World) -> None:
    """All endowments of all countries up by 10 %: outputs up by 10 %, relative prices as they were."""
    given = uneven(world, 2)
    found = result(world, Shock(endowments=np.full(4, 1.1)), given)
    assert found.welfare.values == pytest.approx([10.0] * 4, abs=1e-8)
    assert found.output.values == pytest.approx(np.full((4, 3), 10.0), abs=1e-8)
    assert found.real_wage.values == pytest.approx([0.0] * 4, abs=1e-8)


def test_accounts_of_a_world_meet_the_equations(world: World) -> None:
    """(2.1) to (2.4) and what follows: D is imports less exports at the border."""
    base = accounts_of(random_world(4, 3, seed=3, tariffs=True))
    border = base.purchases / (1.0 + base.tariff)
    assert border.sum((0, 2)) - border.sum((0, 1)) == pytest.approx(base.transfer, abs=1e-10)
    assert pytest.approx(base.output, rel=1e-12) == base.receipts.sum(1).T
    uses = ((1.0 - base.va_share) * base.output)[..., None] * base.input_share
    assert uses.sum(1) + base.final_share * base.income[:, None] == pytest.approx(base.expenditure, rel=1e-12)


def test_unknown_rule_is_named(world: World, given: Parameters) -> None:
    with pytest.raises(su.errors.InputError, match=r"deficits='fixed' is not one of balance, world"):
        prepare(world, given, "fixed")


def test_parting_blocs_with_transfers_have_no_decomposition(world: World, given: Parameters) -> None:
    found = result(world, Shock(cut=alone(world, 1)), given, "world")
    with pytest.raises(
        su.errors.ShockError, match=r"parts blocs that owe each other transfers.*deficits='balance'"
    ):
        _ = found.decomposition


def test_a_start_near_the_solution_leads_to_it(world: World, given: Parameters) -> None:
    prepared = prepare(world, given)
    shock = Shock(cut=between(world, 0, 1))
    cold, _ = respond(prepared, shock)
    warm, _ = respond(prepared, shock, start=cold.x + 1e-4)
    assert log_welfare(warm) == pytest.approx(log_welfare(cold), abs=SOLVER)


@pytest.mark.parametrize("seed", range(12))
def test_a_world_without_inputs_does_not_collapse(seed: int) -> None:
    """Value added is all of cost: rounding must not turn 1e-16 of it into inputs that cannot be replaced."""
    rng = np.random.default_rng(seed)
    final = rng.uniform(0.05, 0.3, (3, 3, 2))
    final[np.arange(3), np.arange(3)] += 2.0
    earned = np.stack([0.3 * final.sum(0), 0.7 * final.sum(0)], axis=2)
    bare = from_arrays(
        ["A", "B", "C"], ["x", "y"], 2000, intermediate=0.0 * final, final=final, input_use=np.zeros((3, 2, 2)),
        factor_income=earned, factors=("labour", "capital"),
    )  # fmt: skip
    own = su.Elasticities(sigma=4.0, zeta=0.5, epsilon=1.3, kappa=0.9)
    cut = su.Scenario("cut", [su.Embargo("A", "B", sectors="x")])
    found = simulate(bare, cut, own, deficits="world")
    assert found.certificate.ok(1e-9)
    assert (found.welfare.sel(country=["A", "B"]) < 0.0).all()


@pytest.mark.parametrize("rule", ["balance", "world"])
def test_specific_factors_are_one_answer_however_they_are_asked_for(rule: str) -> None:
    """An own `roy` of one and `factors="specific"`: how fast factors follow a shock leaves the base as it is.

    Equal to the solver's tolerance times a hundred per cent.
    """
    world = random_world(4, 3, seed=5)
    cut = su.Scenario("cut", [su.Embargo("C1", "C2")])
    asked = simulate(world, cut, "long", factors="specific", deficits=rule)
    own = simulate(world, cut, "long", elasticities=su.Elasticities(roy=1.0), deficits=rule)
    given = simulate(world, cut, su.Elasticities(roy=1.0), deficits=rule)
    many = simulate_many(world, [cut], su.Elasticities(roy=1.0), deficits=rule)
    for other in (own.welfare.values, given.welfare.values, many.welfare.values[0, 0]):
        np.testing.assert_allclose(other, asked.welfare.values, rtol=0, atol=1e-8)
    np.testing.assert_array_equal(own.base.output, asked.base.output)
