"""Power over the years: the losses of single ties, added up, on each world."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from suasion.coercion import exit_cost
from suasion.coercion.leverage.intervals import loss_intervals
from suasion.coercion.leverage.matrix import leverage_matrix
from suasion.coercion.outcomes import band_of
from suasion.coercion.power_years import power_shipped, power_years
from suasion.equilibrium.economy import base_of
from suasion.equilibrium.elasticities.horizon import resolve_base
from suasion.errors import NotInWorldError, SameCountryError
from suasion.questions import power_over_years
from suasion.world import load_world
from suasion.world.testing import random_world

#: Solutions close their equations to 1e-10 in logs; losses here are some per cent.
CLOSE = 1e-6


@pytest.fixture(scope="module")
def worlds():
    return {2001: random_world(4, 3, seed=2), 2002: random_world(4, 3, seed=5)}


def test_over_one_it_is_the_exit_cost_of_the_pair(worlds):
    a, b = worlds[2001].countries[:2]
    found = power_years(worlds, a, b, "short", draws=3)
    for year, world in worlds.items():
        cost = exit_cost(world, a, b, horizon="short")
        rows = found.table[found.table["year"] == year].set_index("power_side")["loss_percent"]
        assert rows["target"] == pytest.approx(cost.loss(b), rel=CLOSE)
        assert rows["holder"] == pytest.approx(cost.loss(a), rel=CLOSE)
        ratio = found.ratios.set_index("year").loc[year, "ratio_percent"]
        assert ratio == pytest.approx(cost.loss(b) / cost.loss(a), rel=CLOSE)
        assert len(found.drawn[year, "target"]) == 4
    assert found.partners["partner"].tolist() == [b, b]


def test_over_everybody_ties_are_added_up(worlds):
    world = worlds[2001]
    holder, *others = world.countries
    table = power_years({2001: world}, holder, draws=0).table.set_index("power_side")
    costs = {one: exit_cost(world, holder, one, horizon="long") for one in others}
    income = dict(zip(world.countries, base_of(world, resolve_base(world)).income, strict=True))
    money = sum(cost.loss(one, unit="usd") for one, cost in costs.items())
    assert table.loc["target", "loss_musd"] == pytest.approx(money, rel=CLOSE)
    whole = sum(income[one] for one in others)
    assert table.loc["target", "loss_percent"] == pytest.approx(100.0 * money / whole, rel=CLOSE)
    own = sum(cost.loss(holder) for cost in costs.values())
    assert table.loc["holder", "loss_percent"] == pytest.approx(own, rel=CLOSE)
    assert "loss_percent_low" not in table


ROUNDED = 2e-3
"""Losses ship with four digits, and are sums and ratios of such numbers here."""


def test_what_ships_is_what_is_solved():
    """A tie of another year, both ways, and everybody's losses without a state in the latest."""
    found = power_shipped(load_world(), "CHN", "RUS", "short")
    solved = power_years({2018: load_world(year=2018)}, "CHN", "RUS", "short", draws=0).table
    rows = found.table[found.table["year"] == 2018].set_index("power_side")
    for name in ("loss_percent", "loss_musd"):
        assert rows[name].to_dict() == pytest.approx(
            solved.set_index("power_side")[name].to_dict(), rel=ROUNDED
        )
    assert set(found.table["year"]) == set(range(2011, 2025))
    assert found.flags[2023].empty
    assert power_shipped(load_world(), "USA", "MEX", "short").flags[2023]["country"].tolist() == ["MEX"]


def test_sums_of_what_ships_are_weighed_by_income():
    world = load_world()
    found = power_shipped(world, "USA").table
    row = found[(found["year"] == world.year) & (found["power_side"] == "target")].iloc[0]
    ties = loss_intervals(world).query("partner == 'USA' and horizon == 'long'").set_index("country")
    income = dict(zip(world.countries, base_of(world, resolve_base(world)).income, strict=True))
    for name, end in (("", "loss"), ("_low", "low"), ("_high", "high")):
        money = sum(income[code] * row_of[f"{end}_percent"] for code, row_of in ties.iterrows())
        whole = sum(income[code] for code in ties.index)
        assert row[f"loss_percent{name}"] == pytest.approx(money / whole, rel=ROUNDED)


def test_the_gap_of_what_ships_follows_the_ranges():
    found = power_shipped(load_world(), "USA", "CHN")
    ratio = found.ratios.set_index("year").loc[2023]
    target, holder = ((2023, side) for side in ("target", "holder"))
    _, low, high = found.gap(target, holder)
    assert (low < 0 < high) == (ratio["ratio_percent_low"] < 1 < ratio["ratio_percent_high"])
    centre, low, high = found.gap(target, (2011, "target"))
    losses = found.table[found.table["power_side"] == "target"].set_index("year")["loss_percent"]
    assert centre == pytest.approx(losses[2023] - losses[2011])
    assert low < centre < high < 0  # narrower than two ranges side by side


@pytest.mark.parametrize(("sides", "horizon"), [(("EU", "CHN"), "long"), (("USA", "CHN"), "months")])
def test_what_does_not_ship_is_solved(sides, horizon):
    assert power_shipped(load_world(), *sides, horizon) is None
    assert power_shipped(load_world("g20"), "USA", "CHN") is None


def test_a_draw_without_an_equilibrium_is_counted_and_leaves_the_range(worlds, monkeypatch):
    world = worlds[2001]
    whole = power_years({2001: world}, *world.countries[:2], draws=4)

    def lost(*args, **kwargs):
        found = leverage_matrix(*args, **kwargs)
        return replace(found, drawn=found.drawn.where(found.drawn["draw"] > 0))

    monkeypatch.setattr("suasion.coercion.power_years.leverage_matrix", lost)
    answer = power_over_years(world.countries[0], over=world.countries[1], draws=4, world=world)
    counts = {one.key: one.values for one in answer.findings}
    assert counts["bands.failed.thin"]["solved"].value == 3
    assert counts["bands.few"]["draws"].value == 4
    drawn = whole.drawn[2001, "target"]
    left = band_of(drawn[2:], drawn[0])
    row = answer.frame[answer.frame["power_side"] == "target"].iloc[0]
    assert [row["loss_percent_low"], row["loss_percent_high"]] == pytest.approx(list(left), rel=CLOSE)


def test_a_year_without_the_side_is_left_out():
    few = load_world().select(["KAZ", "RUS", "CHN"])
    found = power_years({2019: load_world("g20"), 2023: few}, "KAZ", "RUS", draws=0)
    assert found.missing == (2019,)
    assert found.table["year"].unique().tolist() == [2023]
    with pytest.raises(NotInWorldError, match="FRA is in none of the worlds of 2023"):
        power_years({2023: few}, "FRA")
    with pytest.raises(SameCountryError, match="RUS stands on both sides"):
        power_years({2023: few}, "RUS", "RUS")


def test_the_direction_is_open_where_draws_disagree():
    """The sentence follows the difference draw by draw, and not two bands side by side."""
    answer = power_over_years("USA", over="CHN", draws=2)
    told = next(one for one in answer.findings if one.key == "power_over_years.now.over")
    found = answer.result
    gaps = found.drawn[2023, "target"] - found.drawn[2023, "holder"]
    low, high = np.percentile(gaps[1:], (5, 95))
    assert (told.compared.gap.low, told.compared.gap.high) == (low, high)
    assert answer.frame["year"].drop_duplicates().tolist() == [2011, 2014, 2018, 2023]
    assert answer.frame["loss_percent_low"].le(answer.frame["loss_percent_high"]).all()
