"""Who takes a lost supplier's place: in step with the equilibrium, parts that add up, ranges that hold one draw more."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import record
from suasion.coercion import substitutes
from suasion.coercion.substitutes import MEASURES, _with_range
from suasion.equilibrium import Embargo, Scenario, simulate
from suasion.errors import SameCountryError
from suasion.questions import substitutes as question
from suasion.questions.goods.substitutes import _at_border
from suasion.world.forms import load

KEY = ["buyer", "seller", "sector"]


@pytest.fixture(scope="module")
def world():
    return load(record.WORLD)


@pytest.fixture(scope="module")
def found(world):
    return substitutes(world, "RUS", "CHN", count=0)


def test_prices_and_purchases_are_those_of_the_equilibrium(world, found):
    """The world has no tariffs, so that flows at basic prices are what buyers pay."""
    after = simulate(world, Scenario("cut", [Embargo("RUS", "CHN")]), "short")
    before = after.base.receipts.transpose(1, 2, 0)
    assert (found.table.groupby("buyer").size() > 20).all()
    for row in found.table.itertuples():
        buyer, k = world.countries.index(row.buyer), world.sectors.index(row.sector)
        price = after.prices.sel(country=row.buyer, sector=row.sector).item()
        assert row.price_percent == pytest.approx(price, abs=1e-9)
        paid = after.trade.values[buyer, :, k].sum() / before[buyer, :, k].sum()
        assert row.bought_percent == pytest.approx(100 * (paid / (1 + price / 100) - 1), abs=1e-6)
        shares = [x[buyer, :, k] / x[buyer, :, k].sum() for x in (before, after.trade.values)]
        home = (shares[1] - shares[0])[buyer] / shares[0][world.countries.index(row.seller)]
        assert row.home_percent == pytest.approx(100 * home, rel=1e-6, abs=1e-6)


def test_parts_add_up(world, found):
    table, fillers = found.table, found.fillers
    np.testing.assert_allclose(table.foreign_percent + table.home_percent, 100.0)
    assert (fillers.part_percent > 0).all()
    assert not (fillers.filler == fillers.buyer).any()
    assert not (fillers.filler == fillers.seller).any()
    traded = (world.array("intermediate") + world.array("final")).sum()
    assert 0 < table.value_musd.sum() < traded
    assert table[f"{MEASURES[0]}_low"].isna().all()


def test_it_does_not_matter_who_is_named_first(world, found):
    other = substitutes(world, "CHN", "RUS", count=0)
    pd.testing.assert_frame_equal(
        found.table.sort_values(KEY, ignore_index=True), other.table.sort_values(KEY, ignore_index=True)
    )


def test_ranges_hold_the_number_and_come_again(world, found):
    one, two = (substitutes(world, "RUS", "CHN", count=3) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, two.table)
    assert one.solved == one.draws == 3
    for name in MEASURES:
        np.testing.assert_array_equal(one.table[name], found.table[name])
        assert (one.table[f"{name}_low"] <= one.table[name]).all()
        assert (one.table[name] <= one.table[f"{name}_high"]).all()


def test_a_range_of_few_draws_holds_one_more_in_nine_of_ten():
    """Student's range is exact for normal draws; 40,000 cases leave a standard error of .0015. It only ever widens."""
    drawn = np.random.default_rng(1).standard_normal((9, 40_000))
    for scale in (drawn, np.exp(drawn)):
        told = _with_range("x", np.full(40_000, np.median(scale)), scale[:8])
        inside = (told["x_low"] <= scale[8]) & (scale[8] <= told["x_high"])
        assert 0.895 <= inside.mean() <= 0.91


def test_a_group_buys_and_sells_as_one(world):
    """Shares, purchases and parts of its members together, before and after the cut, by the equilibrium alone."""
    sides = ["DEU", "FRA"], ["CHN", "VNM"]
    found = substitutes(world, *sides, count=0)
    own, sold = ([world.countries.index(code) for code in side] for side in sides)
    after = simulate(world, Scenario("cut", [Embargo(*sides)]), "short")
    before = after.base.receipts.transpose(1, 2, 0)
    table = world.array("intermediate") + world.array("final")
    rows = found.table[found.table.buyer == "DEU + FRA"]
    assert set(rows.seller) == {"CHN + VNM"}
    np.testing.assert_allclose(rows.foreign_percent + rows.home_percent, 100.0)
    for row in rows.itertuples():
        k = world.sectors.index(row.sector)
        then, now = before[own, :, k], after.trade.values[own, :, k]
        spent, lost = then.sum(1), then[:, sold].sum(1)
        bought = table[own, :, k].sum(0)
        assert row.value_musd == pytest.approx(bought[sold].sum(), rel=1e-9)
        assert row.import_share == pytest.approx(
            bought[sold].sum() / (bought.sum() - bought[own].sum()), rel=1e-9
        )
        # what each member buys at the shares of after, valued at what it spent before
        gained = spent[:, None] * (now / now.sum(1, keepdims=True) - then / spent[:, None])
        assert row.home_percent == pytest.approx(100 * gained[:, own].sum() / lost.sum(), rel=1e-6, abs=1e-6)
    alone = substitutes(world, ["DEU"], "CHN", count=0).table
    pd.testing.assert_frame_equal(alone, substitutes(world, "DEU", "CHN", count=0).table)


def test_no_country_stands_on_both_sides(world):
    with pytest.raises(SameCountryError, match="stands on both sides"):
        substitutes(world, "RUS", "Russia", count=0)


def test_the_answer_names_the_costliest_and_who_steps_in(world):
    answer = question("RUS", "CHN", world=world, draws=2)
    assert [one.key for one in answer.findings[:2]] == ["substitutes.hardest"] * 2
    table, fillers = answer.table("substitutes-all").frame, answer.table("fillers").frame
    for told in answer.findings[:2]:
        rows = table[table.buyer == told.values["buyer"].code]
        costliest = rows.loc[(rows.value_musd * rows.price_percent).idxmax()]
        assert told.values["industry"].sector == costliest.industry
        assert told.values["price"].value == pytest.approx(costliest.price_percent)
    assert set(zip(fillers.buyer, fillers.industry, strict=True)) <= set(
        zip(answer.table("substitutes").frame.buyer, answer.table("substitutes").frame.industry, strict=True)
    )


def test_states_outside_the_table_are_told(world):
    answer = question("RUS", "Cuba", world=world, draws=0)
    assert answer.absent.key == "substitutes.outside_one"
    assert not answer.tables


@pytest.mark.parametrize(
    ("home", "named", "scale"), [(80.0, 2, 1.0), (95.0, 1, 1.0), (100.4, 0, 1.0), (-216.0, 0, 40.0)]
)
def test_who_fills_a_gap_never_fills_more_than_it(home, named, scale):
    """Where the buyer's own industry takes nearly all, and sellers not named sell less."""
    fillers = [
        {"buyer": "CHN", "industry": "C27", "filler": code, "part_percent": scale * part}
        for code, part in (("JPN", 4.0), ("KOR", 2.0))
    ]
    third = import_module("suasion.dossier.screens.why")
    told = third._under(
        SimpleNamespace(rows=lambda *_: fillers), "CHN", {"industry": "C27", "home_percent": home}
    )
    assert [state in told for state in ("Japan", "South Korea")] == [named > 0, named > 1]


def test_goods_of_mines_that_customs_lack_are_told():
    # Customs sell Iran's oil under other origins; Mongolia's coal they have, at the border.
    rows = [("CHN", "IRN", "B06", 29_000.0), ("CHN", "MNG", "B05", 4_700.0), ("CHN", "SAU", "B06", 54_000.0)]
    rows += [("CHN", "PRK", "B06", 900.0)]
    table = pd.DataFrame(rows, columns=["buyer", "seller", "industry", "value_musd"])
    told = [(one.key, one.values["seller"].code) for one in _at_border(table, 2023)]
    assert told == [("substitutes.unrecorded", "IRN"), ("substitutes.border", "MNG")]
