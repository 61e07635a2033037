"""Laws that hold for every world: order, currency and grouping must not matter; nothing is lost on the way."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suasion.world import World, with_proportional_use
from suasion.world import arrays as acc
from suasion.world.testing import assert_world_equal, random_world

# Sums of at most a few hundred positive cells in another order differ by about n * 1e-16.
ROUNDING = 1e-12

worlds = st.builds(
    random_world,
    countries=st.integers(2, 5),
    sectors=st.integers(1, 4),
    seed=st.integers(0, 10_000),
    tariffs=st.booleans(),
)
quick = settings(deadline=None)


def taxed_exports(world: World, seed: int) -> World:
    """The world with export taxes and subsidies too, balanced again."""
    from suasion.world.tariffs import rebalanced_inputs

    rng = np.random.default_rng(seed)
    home = np.eye(len(world.countries), dtype=bool)[:, :, None]
    tax = rng.uniform(-0.1, 0.2, world.array("final").shape) * ~home
    return world.replace(**rebalanced_inputs({**world.arrays, "export_tax": tax}, world.array("output")))


def world_totals(world: World) -> np.ndarray:
    """Value added, tax revenue, absorption of the world; none of them may change when labels are merged."""
    a = world.arrays
    revenue = acc.tariff_revenue(a).sum() + acc.export_tax_revenue(a).sum()
    return np.array([acc.output(a).sum(), revenue, acc.transfer(a).sum()])


@quick
@given(worlds, st.integers(0, 99))
def test_gdp_is_the_same_from_income_and_from_expenditure(world, seed):
    """Absorption + exports - imports (border prices) = value added + tax revenue, country by country."""
    world = taxed_exports(world, seed)
    a = world.arrays
    border = acc.border_flows(a["intermediate"] + a["final"], a["export_tax"])
    trade = border.sum(axis=2)
    net_exports = trade.sum(axis=0) - trade.sum(axis=1)
    income = acc.value_added(a).sum(axis=1) + acc.tariff_revenue(a) + acc.export_tax_revenue(a)
    scale = acc.output(a).sum()
    np.testing.assert_allclose(acc.absorption(a) + net_exports, income, atol=ROUNDING * scale)
    np.testing.assert_allclose(world.array("transfer"), -net_exports, atol=ROUNDING * scale)


@quick
@given(worlds, st.randoms(use_true_random=False))
def test_the_order_of_labels_does_not_matter(world, random):
    countries, sectors = list(world.countries), list(world.sectors)
    random.shuffle(countries)
    random.shuffle(sectors)
    turned = world.select(countries, sectors)
    assert turned.countries == tuple(countries)
    for name in acc.DIMS:
        np.testing.assert_allclose(
            turned[name].sel(world[name].coords).values, world[name].values,
            atol=ROUNDING * max(1.0, float(np.abs(world.array(name)).max())),
        )  # fmt: skip
    again = turned.select(world.countries, world.sectors)
    assert_world_equal(again, world, rtol=ROUNDING)


@quick
@given(worlds, st.floats(1e-3, 1e6))
def test_the_currency_does_not_matter(world, rate):
    """All values in another currency: values scale, rates and marks stay."""
    values = {k: world.array(k) * rate for k in acc.STORED if k not in acc.RATES}
    other = world.replace(**values)
    for name in acc.DIMS:
        factor = 1.0 if name in acc.RATES else rate
        np.testing.assert_allclose(
            other.array(name), world.array(name) * factor,
            rtol=ROUNDING, atol=ROUNDING * rate * world.array("output").sum(),
        )  # fmt: skip
    assert other.missing == world.missing


@quick
@given(worlds, st.integers(0, 99), st.data())
def test_merging_keeps_identities_and_world_totals(world, seed, data):
    """Construction checks the identities; totals must survive, transfers add up."""
    world = taxed_exports(world, seed)
    kept = data.draw(st.lists(st.sampled_from(world.countries), unique=True, min_size=1))
    sectors = data.draw(st.lists(st.sampled_from(world.sectors), unique=True, min_size=1))
    small = world.select(kept, sectors)
    np.testing.assert_allclose(
        world_totals(small), world_totals(world), atol=ROUNDING * world_totals(world)[0]
    )
    want = {c: float(world["transfer"].sel(country=c)) for c in kept}
    for country, transfer in want.items():
        assert float(small["transfer"].sel(country=country)) == pytest.approx(
            transfer, abs=ROUNDING * world_totals(world)[0]
        )


@quick
@given(worlds)
def test_merging_in_steps_is_merging_at_once(world):
    """Flows only: where tariffs differ, the input mix is balanced again at each step."""
    once = world.aggregate({"X": list(world.countries)}, {"Y": list(world.sectors)})
    steps = world.aggregate(sectors={"Y": list(world.sectors)}).aggregate({"X": list(world.countries)})
    for name in ("intermediate", "final", "tariff", "input_use", "factor_income"):
        np.testing.assert_allclose(once.array(name), steps.array(name), rtol=ROUNDING)


def split_country(world: World, parts: int, share: float) -> World:
    """Split the first country in two, ``share`` and the rest of every flow, same rates."""
    weight = np.ones(len(world.countries) + parts - 1)
    weight[:parts] = np.array([share, 1.0 - share])
    rows = np.r_[[0] * parts, 1 : len(world.countries)]
    names = (*(f"part{j}" for j in range(parts)), *world.countries[1:])
    wide = {}
    for name in acc.STORED:
        values = world.array(name)
        if "importer" in acc.STORED[name]:
            values = values[np.ix_(rows, rows)]
            if name not in acc.RATES:
                values = values * weight[:, None, None] * weight[None, :, None]
        else:
            values = values[rows] * weight[:, None, None]
        wide[name] = values
    return world.replace(countries=names, missing=world.missing, use_matrix=None, **wide)


@quick
@given(worlds, st.floats(0.01, 0.99))
def test_splitting_a_country_and_merging_it_gives_it_back(world, share):
    parts = split_country(world, 2, share)
    whole = parts.aggregate({world.countries[0]: ["part0", "part1"]})
    assert whole.countries == world.countries
    assert_world_equal(whole, world, rtol=ROUNDING)


@quick
@given(worlds)
def test_saving_and_loading_changes_nothing(world):
    world = with_proportional_use(world)
    with tempfile.TemporaryDirectory() as folder:
        again = World.load(world.save(Path(folder) / "w.npz"))
        assert_world_equal(again, world)
        assert again.checksum == world.checksum
        np.testing.assert_array_equal(again.use, world.use)


@quick
@given(worlds, st.floats(0.0, 0.2))
def test_tariffs_balance_and_can_be_taken_back(world, rate):
    """Construction checks the balance; flows, output and transfers stay; the way back is the way there."""
    wall = rate * (1.0 - np.eye(len(world.countries)))[:, :, None] * np.ones(len(world.sectors))
    old = world.array("tariff")
    taxed = world.with_tariffs(wall)
    np.testing.assert_array_equal(taxed.array("output"), world.array("output"))
    scale = world.array("output").sum()
    np.testing.assert_allclose(taxed.array("transfer"), world.array("transfer"), atol=ROUNDING * scale)
    back = taxed.with_tariffs(old)
    for name in acc.STORED:
        np.testing.assert_allclose(back.array(name), world.array(name), atol=ROUNDING * scale)


@quick
@given(worlds)
def test_the_full_matrix_merges_like_the_pooled_arrays(world):
    """Reading ``use`` checks that it pools to ``intermediate``."""
    full = with_proportional_use(world)
    assert full.aggregate({"X": list(world.countries)}).use is not None
    assert full.select(world.countries[:1], world.sectors[:1]).use is not None
