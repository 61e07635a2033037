"""Labels, units and arithmetic of a result, on a made-up world with names."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from tests.economies import between, cells, parameters, result, without_inputs

import suasion as su
from suasion.equilibrium import simulate
from suasion.equilibrium.accounts import accounts_of
from suasion.equilibrium.decomposition import COMPONENTS
from suasion.equilibrium.result import Result
from suasion.equilibrium.types import Shock
from suasion.schema import variable
from suasion.world import World
from suasion.world.testing import random_world

NAMES = (
    "welfare",
    "equivalent_variation",
    "real_income",
    "real_wage",
    "prices",
    "consumer_price",
    "output",
    "output_value",
    "trade",
    "trade_change",
    "revenue",
    "decomposition",
    "welfare_linear",
)
OWN = su.Elasticities(sigma=4.0, zeta=0.7, epsilon=0.4, kappa=0.8)


@pytest.fixture(scope="module")
def world() -> World:
    return random_world(4, 3, seed=3, tariffs=True)


@pytest.fixture(scope="module")
def tariff(world: World) -> Result:
    """C1 taxes what comes from C2 by ten points more."""
    return simulate(world, su.Scenario("duty", [su.Tariff("C1", "C2", 0.1)]), OWN)


@pytest.fixture(scope="module")
def embargo(world: World) -> Result:
    return simulate(world, su.Scenario("cut", [su.Embargo("C1", "C2")]), OWN)


@pytest.mark.parametrize("name", NAMES)
def test_every_table_is_labelled_as_the_schema_says(tariff: Result, name: str) -> None:
    table, row = getattr(tariff, name), variable(name, "result")
    assert isinstance(table, xr.DataArray)
    assert table.dims == tuple(row.dims)
    assert table.name == name
    assert table.attrs["unit"] == row.unit
    assert {"unit", "sign"} <= set(table.attrs)
    for dim in table.dims:
        expected = {"sector": tariff.base.sectors, "component": COMPONENTS}.get(dim, tariff.countries)
        assert tuple(table[dim].values) == tuple(expected)
    assert table.dtype == np.float64


def test_tables_are_computed_once(tariff: Result) -> None:
    assert tariff.welfare is tariff.welfare
    assert tariff.certificate is tariff.certificate


def test_dollars_are_percent_of_own_base_spending(tariff: Result) -> None:
    """EV = I W, in million USD of the base after the deficit rule."""
    assert tariff.equivalent_variation.values == pytest.approx(
        tariff.welfare.values / 100.0 * tariff.base.income, rel=1e-12
    )


def test_welfare_is_spending_over_prices(tariff: Result) -> None:
    ratio = tariff.solved.swept.income / tariff.base.income
    expected = 100.0 * (ratio / (1.0 + tariff.consumer_price.values / 100.0) - 1.0)
    assert tariff.welfare.values == pytest.approx(expected, abs=1e-10)


def test_real_income_leaves_the_transfer_out(world: World) -> None:
    kept = result(world, Shock(cut=between(world, 0, 1)), parameters(world, 4.0), "world")
    swept, base = kept.solved.swept, kept.base
    index = 1.0 + kept.consumer_price.values / 100.0
    expected = (swept.income - swept.transfer) / (base.income - base.transfer) / index
    assert kept.real_income.values == pytest.approx(100.0 * (expected - 1.0), abs=1e-10)
    assert np.abs(kept.real_income - kept.welfare).max() > 1e-3  # deficits are large in this world


def test_income_is_what_factors_taxes_and_transfers_bring(tariff: Result) -> None:
    swept = tariff.solved.swept
    parts = swept.payments.sum((1, 2)) + tariff.revenue.values + swept.transfer
    assert parts == pytest.approx(swept.income, rel=1e-11)


def test_revenue_is_the_rate_times_the_border_value(tariff: Result, world: World) -> None:
    rates = world.array("tariff") + 0.1 * cells(world, 0, 1)
    assert tariff.revenue.values == pytest.approx((rates * tariff.trade.values).sum((1, 2)), rel=1e-9)


def test_output_is_what_is_sold(tariff: Result) -> None:
    """Values: the sum over buyers. Quantities: values over producer prices."""
    assert tariff.output_value.values == pytest.approx(tariff.trade.sum("importer").values, rel=1e-9)
    price = np.exp(tariff.solved.swept.costs.unit)
    quantity = tariff.output_value.values / price / tariff.base.output
    assert tariff.output.values == pytest.approx(100.0 * (quantity - 1.0), abs=1e-10)


def test_trade_change_compares_with_the_base_after_the_rule(tariff: Result) -> None:
    before = tariff.base.receipts.transpose(1, 2, 0)
    expected = 100.0 * (tariff.trade.values / before - 1.0)
    assert tariff.trade_change.values == pytest.approx(expected, abs=1e-9)
    assert tariff.trade_change.sel(importer="C1", exporter="C2").max() < 0.0  # what is taxed falls


def test_embargoed_flows_are_exactly_zero(embargo: Result) -> None:
    for importer, exporter in (("C1", "C2"), ("C2", "C1")):
        assert not embargo.trade.sel(importer=importer, exporter=exporter).any()
        assert (embargo.trade_change.sel(importer=importer, exporter=exporter) == -100.0).all()
    assert (embargo.trade.sel(importer="C1", exporter="C3") > 0.0).all()


def test_what_was_not_there_has_no_change() -> None:
    """No base flow and no base output: NaN per cent, zero dollars; the rest is finite."""
    flow = np.ones((3, 3, 2))
    flow[0, 1, 1] = 0.0  # C1 buys no S2 from C2
    flow[:, 2, 0] = 0.0  # C3 makes no S1
    world = without_inputs(flow)
    found = result(world, Shock(cut=between(world, 0, 1)), parameters(world, 4.0))
    absent = found.trade_change.sel(importer="C1", exporter="C2", sector="S2")
    assert np.isnan(absent)
    assert found.trade.sel(importer="C1", exporter="C2", sector="S2") == 0.0
    assert np.isnan(found.output.sel(country="C3", sector="S1"))
    assert found.output_value.sel(country="C3", sector="S1") == 0.0
    assert int(np.isnan(found.output).sum()) == 1
    assert int(np.isnan(found.trade_change).sum()) == 1 + 3
    assert np.isfinite(found.welfare).all()
    assert found.certificate.ok(1e-9)


def test_prices_are_relative_to_world_factor_income(tariff: Result) -> None:
    """Summed over the world, factors earn what they did: the unit in which prices are told."""
    paid = tariff.solved.swept.payments.sum()
    assert paid == pytest.approx(tariff.base.factor_income.sum(), rel=1e-11)
    assert tariff.consumer_price.sel(country="C1") > 0.0  # the taxed good is dearer there


def test_decomposition_reports_its_gap(tariff: Result) -> None:
    exact = 100.0 * np.log1p(tariff.welfare / 100.0)
    gap = np.abs(tariff.decomposition.sum("component") - exact).max().item()
    assert tariff.decomposition.attrs["gap"] == pytest.approx(gap, abs=1e-12)
    assert gap < 1e-6


def test_linear_parts_sum_to_the_linear_formula(tariff: Result) -> None:
    terms, volume = tariff.linear_parts
    assert (terms + volume).values == pytest.approx(tariff.welfare_linear.values, abs=1e-12)


def test_notes_say_what_was_done(embargo: Result, world: World) -> None:
    assert embargo.notes[:1] == embargo.scenario.describe(world)
    unknown = world.replace(missing=frozenset({"tariff"}))
    taxed = simulate(unknown, su.Scenario("duty", [su.Tariff("C1", "C2", 0.1)]), OWN)
    assert any("rates of tariff are unknown" in note for note in taxed.notes)


def test_a_result_knows_its_conditions(embargo: Result) -> None:
    assert embargo.deficits == "balance"
    assert embargo.horizon.startswith("long")
    assert embargo.provenance.dataset.startswith("random economy")
    assert embargo.parameters["sigma"] == "4"
    assert embargo.parameters["mobility"] == "0"
    assert repr(embargo).startswith("<Result 'cut': long")


def test_parameters_that_differ_are_told_as_a_range(world: World) -> None:
    own = su.Elasticities(sigma={"S1": 3.0, "S2": 4.0, "S3": 7.0})
    found = simulate(world, su.Scenario("nothing"), own)
    assert found.parameters["sigma"] == "3 to 7, median 4"


def test_summary_has_a_row_per_country(embargo: Result) -> None:
    table = embargo.frame
    assert list(table.index) == list(embargo.countries)
    assert list(table.columns) == [
        "welfare",
        "equivalent_variation",
        "real_income",
        "real_wage",
        "consumer_price",
    ]
    assert table.loc["C1", "welfare"] == embargo.welfare.sel(country="C1").item()


def test_the_base_is_the_world_after_the_deficit_rule(world: World) -> None:
    """`balance` starts from a world without transfers, `world` from the world as it is."""
    given = parameters(world, 4.0)
    kept = result(world, Shock(), given, "world").base
    assert kept.transfer == pytest.approx(world.array("transfer"), abs=1e-12)
    assert kept.output == pytest.approx(accounts_of(world).output, rel=1e-12)
    assert not result(world, Shock(), given, "balance").base.transfer.any()


@pytest.mark.parametrize("horizon", ["short", "long", 3])
def test_horizons_share_the_base(world: World, horizon: str | float) -> None:
    """A world without deficits is solved with long-run elasticities, whatever horizon answers the shock."""
    found = simulate(world, su.Scenario("cut", [su.Embargo("C1", "C2")]), horizon)
    reference = simulate(world, su.Scenario("cut", [su.Embargo("C1", "C2")]), "long")
    assert found.base.output == pytest.approx(reference.base.output, rel=1e-12)
