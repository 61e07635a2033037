"""Taxes, quotas and price caps: symmetries and equivalences that hold whatever the numbers are."""

from __future__ import annotations

import numpy as np
import pytest
from tests.economies import FloatArray, alone, between, cells, certified, limit, parameters, uneven, welfare

import suasion as su
from suasion.equilibrium import simulate
from suasion.equilibrium.economy import Economy, advance, log_welfare, prepare, respond
from suasion.equilibrium.solve import Solved
from suasion.equilibrium.system import split
from suasion.equilibrium.types import Limit, Rent, Shock
from suasion.world.testing import random_world, symmetric_world

SOLVER = 1e-10


def economy(seed: int, mobility: float = 0.0, tariffs: bool = True) -> Economy:
    world = random_world(4, 3, seed, tariffs)
    return prepare(world, uneven(world, seed, mobility))


def quantities(solved: Solved) -> FloatArray:
    """Shipped quantities over the base, (sector, importer, exporter)."""
    swept = solved.swept
    scale = (swept.inverse * swept.expenditure.T)[..., None] * swept.cost_power[:, None, :]
    return swept.weights.net * scale / np.exp(swept.costs.unit).T[:, None, :] / solved.problem.base.receipts


def multipliers(solved: Solved) -> FloatArray:
    return split(solved.problem, solved.x).multiplier


# --- Lerner ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("tariffs", [False, True])
@pytest.mark.parametrize("mobility", [0.0, 0.5, 1.0])
def test_lerner_symmetry(seed: int, tariffs: bool, mobility: float) -> None:
    """A uniform tax on all imports is a uniform tax on all exports, for everybody, where trade balances."""
    world = random_world(4, 3, seed, tariffs)
    prepared = prepare(world, uneven(world, seed, mobility))
    before = world.array("tariff")
    on_imports = np.where(cells(world, 0, slice(None)), (1.0 + before) * 1.3 - 1.0, before)
    on_exports = np.where(cells(world, slice(None), 0), 0.3, 0.0)
    tariff = certified(prepared, Shock(tariff=on_imports))
    tax = certified(prepared, Shock(export_tax=on_exports))
    assert log_welfare(tariff) == pytest.approx(log_welfare(tax), abs=SOLVER)
    assert quantities(tariff) == pytest.approx(quantities(tax), rel=1e-9)
    assert np.abs(log_welfare(tariff)).max() > 1e-3  # it is not nothing


def test_lerner_fails_with_deficits() -> None:
    """With transfers fixed in world units the two taxes differ: the reason why the test above needs balance."""
    world = random_world(4, 3, seed=2)
    prepared = prepare(world, uneven(world, 2), "world")
    tariff = welfare(prepared, Shock(tariff=np.where(cells(world, 0, slice(None)), 0.3, 0.0)))
    tax = welfare(prepared, Shock(export_tax=np.where(cells(world, slice(None), 0), 0.3, 0.0)))
    assert np.abs(tariff - tax).max() > 1e-3


# --- quotas -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mobility", [0.0, 1.0])
@pytest.mark.parametrize("rent", ["importer", "exporter"])
@pytest.mark.parametrize("seed", range(3))
def test_a_quota_is_the_tax_that_ships_the_same(seed: int, rent: Rent, mobility: float) -> None:
    """Rents to the importer: its tariff. Rents to the exporter: its export tax. Same flows, same welfare."""
    world = random_world(4, 3, seed, tariffs=True)
    prepared = prepare(world, uneven(world, seed, mobility))
    route, before = cells(world, 0, 1), world.array("tariff")
    if rent == "importer":
        tax = Shock(tariff=np.where(route, (1.0 + before) * 1.4 - 1.0, before))
    else:
        tax = Shock(export_tax=np.where(route, 0.4, 0.0))
    taxed = certified(prepared, tax)
    shipped = quantities(taxed)[:, 0, 1]
    bounds = tuple(Limit("quota", cells(world, 0, 1, k), float(shipped[k]), rent, "") for k in range(3))
    bound = certified(prepared, Shock(limits=bounds))
    assert log_welfare(bound) == pytest.approx(log_welfare(taxed), abs=SOLVER)
    assert quantities(bound) == pytest.approx(quantities(taxed), rel=1e-9)
    assert multipliers(bound) == pytest.approx(np.log([1.4] * 3), abs=1e-9)  # each wedge is the tax


def test_rents_go_where_they_are_said_to_go() -> None:
    """The importer prefers to keep the rent, the exporter too."""
    prepared = economy(3)
    world = random_world(4, 3, 3)
    keeps = log_welfare(certified(prepared, limit("quota", cells(world, 0, 1), 0.6, "importer")))
    gives = log_welfare(certified(prepared, limit("quota", cells(world, 0, 1), 0.6, "exporter")))
    assert keeps[0] > gives[0]
    assert keeps[1] < gives[1]


@pytest.mark.parametrize("kind", ["quota", "price_cap"])
def test_a_slack_limit_changes_nothing(kind: str) -> None:
    """Bounds above the outcome leave every change at zero."""
    world = random_world(4, 3, seed=1, tariffs=True)
    prepared = prepare(world, uneven(world, 1))
    solved = certified(prepared, limit(kind, cells(world, 0, slice(None)), 1.2))
    assert np.abs(solved.x).max() < 1e-11
    assert not multipliers(solved).any()


def test_quotas_bind_one_by_one() -> None:
    """Of the flows under one share, those that fall anyway are slack, the others sit at the bound."""
    world = random_world(4, 3, seed=6, tariffs=True)
    prepared = prepare(world, uneven(world, 6))
    route = cells(world, 0, slice(None))
    productivity = np.ones((4, 3))
    productivity[1] = 0.7  # C2's goods become dear: they fall by themselves
    shock = Shock(limits=limit("quota", route, 0.9).limits, productivity=productivity)
    solved = certified(prepared, shock)
    mu, shipped = multipliers(solved), quantities(solved)
    k, n, i = solved.problem.limits.cells
    binding = mu > 1e-9
    assert 0 < binding.sum() < mu.size
    assert shipped[k, n, i][binding] == pytest.approx(0.9, rel=1e-9)
    assert (shipped[k, n, i][~binding] <= 0.9 + 1e-9).all()


def test_a_quota_near_zero_is_nearly_an_embargo() -> None:
    """As the quota falls the flow and its rent vanish, at the rate share ** (1 - 1 / sigma)."""
    world = random_world(4, 3, seed=4)
    prepared = prepare(world, parameters(world, 5.0, 0.8))
    embargo = log_welfare(certified(prepared, Shock(cut=cells(world, 0, 1))))
    gaps = [
        np.abs(log_welfare(certified(prepared, limit("quota", cells(world, 0, 1), q))) - embargo).max()
        for q in (1e-6, 1e-8)
    ]
    assert gaps[1] / gaps[0] == pytest.approx(
        0.01 ** (1.0 - 1.0 / 5.0), rel=0.05
    )  # the next order is a few per cent


# --- price caps ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rent", ["importer", "exporter"])
@pytest.mark.parametrize("bound", [0.9, 0.97])
def test_a_binding_cap_holds_the_price(bound: float, rent: Rent) -> None:
    """The seller's price equals the cap, the wedge of all buyers is one, and is above zero."""
    world = random_world(4, 3, seed=0)
    prepared = prepare(world, uneven(world, 0, mobility=1.0))
    route = cells(world, slice(None), 1, 0)
    solved = certified(prepared, limit("price_cap", route, bound, rent))
    assert np.exp(solved.swept.costs.unit[1, 0]) == pytest.approx(bound, rel=1e-9)
    assert multipliers(solved).shape == (1,)
    assert multipliers(solved)[0] > 0.0


def test_a_cap_is_the_common_tariff_that_brings_the_price_down() -> None:
    """The same wedge as a tariff of all buyers gives the same allocation and welfare."""
    world = random_world(4, 3, seed=0, tariffs=True)
    prepared = prepare(world, uneven(world, 0, mobility=1.0))
    route, before = cells(world, slice(None), 1, 0), world.array("tariff")
    capped = certified(prepared, limit("price_cap", route, 0.9))
    wedge = np.exp(multipliers(capped)[0])
    taxed = certified(prepared, Shock(tariff=np.where(route, (1.0 + before) * wedge - 1.0, before)))
    assert log_welfare(taxed) == pytest.approx(log_welfare(capped), abs=SOLVER)


def test_a_small_coalition_needs_the_larger_wedge() -> None:
    """Fewer buyers have to press harder for the same price."""
    world = random_world(4, 3, seed=0)
    prepared = prepare(world, uneven(world, 0, mobility=1.0))
    wide = certified(prepared, limit("price_cap", cells(world, slice(None), 1, 0), 0.97))
    narrow = certified(prepared, limit("price_cap", cells(world, [0, 2], 1, 0), 0.97))
    assert multipliers(narrow)[0] > multipliers(wide)[0]


# --- instruments by name ------------------------------------------------------------------------------------------


def test_quota_and_cap_through_a_scenario() -> None:
    """The public way in gives what the arrays give, labels included."""
    world = random_world(4, 3, seed=0)
    own = su.Elasticities(sigma=4.0, zeta=0.6, epsilon=0.4, kappa=0.8)
    scenario = su.Scenario(
        "limits", [su.Quota("C1", "C2", 0.5), su.PriceCap("all", "C3", 0.95, sectors="S1")]
    )
    found = simulate(world, scenario, own, factors="specific")
    assert found.certificate.ok(1e-9)
    flow = found.trade.sel(importer="C1", exporter="C2").values / found.base.receipts[:, 0, 1]
    price = np.exp(found.solved.swept.costs.unit)
    assert flow / price[1] == pytest.approx([0.5] * 3, rel=1e-9)
    assert price[2, 0] == pytest.approx(0.95, rel=1e-9)
    assert found.notes[:2] == scenario.describe(world)
    assert (found.revenue.sel(country=["C1"]) > 0).all()


# --- one after the other ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mobility", [0.0, 0.5, 1.0])
def test_two_steps_are_one(mobility: float) -> None:
    """A shock to the world after another shock multiplies up to both at once."""
    world = random_world(4, 3, seed=7, tariffs=True)
    prepared = prepare(world, uneven(world, 7, mobility))
    cut, rates = between(world, 0, 1), world.array("tariff") * 1.5
    endowments = np.array([0.9, 1.0, 1.0, 1.0])
    first = Shock(cut=cut, endowments=endowments)
    after = advance(prepared, first)
    second = certified(after, Shock(tariff=rates))
    both = certified(prepared, Shock(cut=cut, endowments=endowments, tariff=rates))
    step = log_welfare(certified(prepared, first)) + log_welfare(second)
    assert step == pytest.approx(log_welfare(both), abs=SOLVER)


@pytest.mark.parametrize("rent", ["importer", "exporter"])
def test_a_world_advanced_through_a_quota_keeps_its_rents(rent: Rent) -> None:
    """The wedge lives on as a tax: no shock to the new base is no change, and incomes are those reached."""
    world = random_world(4, 3, seed=1, tariffs=True)
    prepared = prepare(world, uneven(world, 1))
    shock = limit("quota", cells(world, 0, slice(None)), 0.7, rent)
    after = advance(prepared, shock)
    reached = certified(prepared, shock).swept.income
    assert after.accounts.income == pytest.approx(reached, rel=1e-9)
    assert np.abs(log_welfare(certified(after, Shock()))).max() < SOLVER


def test_taxes_on_a_flow_that_stops_do_not_matter() -> None:
    """An embargo with a new tariff on the same flow is the embargo, its decomposition included."""
    from suasion.equilibrium.decomposition import decompose

    world = random_world(4, 3, seed=2, tariffs=True)
    prepared = prepare(world, uneven(world, 2))
    cut = between(world, 0, 1)
    plain = certified(prepared, Shock(cut=cut))
    rates = np.where(cut, 0.9, world.array("tariff"))
    dressed = certified(prepared, Shock(cut=cut, tariff=rates, trade_cost=np.where(cut, 3.0, 1.0)))
    assert log_welfare(dressed) == pytest.approx(log_welfare(plain), abs=SOLVER)
    assert decompose(dressed) == pytest.approx(decompose(plain), abs=1e-8)


def test_symmetric_quota_war_is_worse_than_peace() -> None:
    """Both sides cap imports at half: both lose the same."""
    world = symmetric_world(2, 0.7, 0.5)
    found = welfare(world, limit("quota", between(world, 0, 1), 0.5), parameters(world, 4.0, 0.5))
    assert found[0] == pytest.approx(found[1], abs=SOLVER)
    assert found[0] < 1.0
    embargo = welfare(world, Shock(cut=alone(world, 0)), parameters(world, 4.0, 0.5))
    assert embargo[0] < found[0]


def test_two_caps_that_cannot_hold_together_are_refused() -> None:
    """Either price falls that far without any sale of both goods, but neither while the other's cap is slack."""
    world = random_world(4, 3, seed=0)
    prepared = prepare(world, uneven(world, 0))
    with pytest.raises(su.errors.ConvergenceError, match="No equilibrium was found"):
        respond(prepared, limit("price_cap", cells(world, slice(None), 1, [0, 1]), 0.9))


def test_a_cap_that_no_wedge_can_bring_about_is_an_embargo() -> None:
    """With mobile factors the seller leaves the market before its price falls that far; the answer says so."""
    world = random_world(4, 3, seed=0)
    prepared = prepare(world, uneven(world, 0))
    capped = cells(world, slice(None), 1, [0, 1])
    solved, remarks = respond(prepared, limit("price_cap", capped, 0.6))
    embargo = certified(prepared, Shock(cut=capped))
    assert log_welfare(solved) == pytest.approx(log_welfare(embargo), abs=SOLVER)
    assert "it works as an embargo" in remarks[0]


def test_caps_lead_to_the_embargo() -> None:
    """The closer a cap comes to the lowest price that its buyers can bring about, the closer its world to an embargo."""
    world = random_world(4, 3, seed=0)
    prepared = prepare(world, uneven(world, 0))
    capped = cells(world, [0, 2, 3], 1, 0)
    embargo = certified(prepared, Shock(cut=capped))
    lowest = float(np.exp(embargo.swept.costs.unit[1, 0]))
    assert lowest < 1.0
    gaps = []
    for share in (0.5, 0.1, 0.02):  # of the way from the lowest price to the base
        bound = lowest + share * (1.0 - lowest)
        held, remarks = respond(prepared, limit("price_cap", capped, bound))
        assert not [one for one in remarks if "works as an embargo" in one]
        gaps.append(float(np.abs(log_welfare(held) - log_welfare(embargo)).max()))
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 0.1 * gaps[0]
    below, _ = respond(prepared, limit("price_cap", capped, 0.999 * lowest))
    assert log_welfare(below) == pytest.approx(log_welfare(embargo), abs=SOLVER)
