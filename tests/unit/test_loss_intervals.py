"""The ranges that ship: of the world that is loaded, in step with the exact losses, and where they are used."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import loss_intervals as made
from suasion.coercion import (
    LossInterval,
    leverage_matrix,
    loss_interval,
    loss_intervals,
    outlet_closed,
    pair_intervals,
)
from suasion.coercion.leverage.carried import OTHERS_OUTLET, OWN_OUTLET
from suasion.coercion.leverage.intervals import interval_together
from suasion.coercion.outcomes import members
from suasion.world import load_world
from suasion.world.apart import facts_between


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return loss_intervals(load_world())


def test_both_sides_of_all_pairs_at_both_horizons(table):
    assert len(table) == 2 * 80 * 79
    assert not table.duplicated(["country", "partner", "horizon"]).any()
    assert table.flag.isin(["", "below", "above", "estimated"]).all()
    assert not table.drop(columns=["data_share", "model_share", "low_ratio", "high_ratio"]).isna().any().any()


def test_central_losses_are_those_of_the_evidence(table, root):
    """Solved by the same batch: ranges that are older than the world would show."""
    solved = pd.read_csv(root / "docs" / "evidence" / "exit_costs.csv")
    sides = solved["pair"].str.split("-", expand=True)
    partner = np.where(sides[0] == solved["country"], sides[1], sides[0])
    both = table.merge(
        solved.assign(partner=partner), on=["country", "partner", "horizon"], suffixes=("", "_solved")
    )
    assert len(both) == len(table)
    # Stored with four digits; the smallest losses are of the order of the solver's gap.
    np.testing.assert_allclose(both.loss_percent, both.loss_percent_solved, rtol=6e-4, atol=1e-7)


def test_ranges_hold_the_centre_and_shares_add_up(table):
    seen = table[table.loss_percent > 0.1]
    inside = (seen.low_percent < seen.loss_percent) & (seen.loss_percent < seen.high_percent)
    assert inside.mean() > 0.99
    assert (table.low_percent <= table.high_percent).all()
    assert table.data_share.dropna().between(0, 1).all()
    back = table.rename(columns={"country": "partner", "partner": "country", "loses_more": "other"})
    sums = table.merge(back[["country", "partner", "horizon", "other"]])
    assert (sums.loses_more + sums.other).to_numpy() == pytest.approx(
        1.0, abs=2e-3
    )  # four digits; ties of draws count for neither


def test_one_range_is_looked_up():
    world = load_world()
    found = loss_interval(world, "RUS", "CHN", "long")
    assert found.low_percent < found.loss_percent < found.high_percent
    assert found.loses_more > 0.99  # a tenth of Russia's size against its whole: no draw turns it round
    assert 0 < found.data_share < 0.5
    assert 1 < found.low_ratio < found.high_ratio
    other = loss_interval(world, "CHN", "RUS", "long")
    assert other.loses_more == pytest.approx(1 - found.loses_more, abs=2e-3)
    assert loss_interval(world, "RUS", "CHN", "months") is None
    assert loss_interval(world, "RUS", "EU") is None


def test_another_world_has_none():
    small = load_world().select(["RUS", "CHN", "USA"], ["B06", "C26"])
    assert loss_interval(small, "RUS", "CHN") is None
    assert loss_intervals(small).empty
    assert "low_percent" not in leverage_matrix(small, pairs=[("RUS", "CHN")], cache=False).frame


def test_leverage_prints_them():
    matrix = leverage_matrix(load_world(), "long", pairs=[("RUS", "CHN")], cache=False)
    row = matrix.frame.set_index("country").loc["RUS"]
    found = loss_interval(load_world(), "RUS", "CHN", "long")
    assert (row.low_percent, row.high_percent) == (found.low_percent, found.high_percent)
    assert row.partner_low_percent < row.partner_loss_percent < row.partner_high_percent
    top = matrix.most_exposed(1).iloc[0]
    assert (top.exposed, top.low_percent) == ("RUS", found.low_percent)
    assert matrix.intervals.country.isin(load_world().countries).all()
    ban = leverage_matrix(load_world(), "long", pairs=[("RUS", "CHN")], instrument="export_ban", cache=False)
    assert ban.intervals.empty  # they are of an end of all trade


def test_the_question_on_a_break_has_them_where_nothing_is_drawn():
    from suasion.questions import exit_cost

    answer = exit_cost("USA", "CHN", audience=(), horizon="both")
    losses = answer.table("exit-costs").frame.set_index(["horizon", "country"])
    found = loss_interval(load_world(), "CHN", "USA", "long")
    row = losses.loc[("long", "CHN")]
    assert (row.loss_percent_low, row.loss_percent_high) == (found.low_percent, found.high_percent)
    assert row.loss_musd_low / row.loss_musd == pytest.approx(row.loss_percent_low / row.loss_percent)
    ratios = answer.table("loss-ratios").frame.set_index("horizon")
    # Where one is within the range of the ratio no order is claimed, as for these two; for Russia and China there is one.
    assert found.low_ratio < 1 < found.high_ratio
    assert ratios.loc["long", "ratio_status"] == "unclear"
    far = exit_cost("RUS", "CHN", audience=(), horizon="long").table("loss-ratios").frame
    assert far.set_index("horizon").loc["long", "ratio_status"] == "clear"
    notes = [note.key for note in answer.table("exit-costs").notes]
    assert "exit_cost.shipped_range" in notes
    assert not [key for key in notes if key.startswith("exit_cost.trade")]
    doubted = exit_cost("SAU", "KOR", audience=(), horizon="long").table("exit-costs")
    assert "exit_cost.trade_above" in [
        note.key for note in doubted.notes
    ]  # customs of 2023 lack Korea's crude


def interval(country: str, loss: float, low: float, high: float, ratio: tuple[float, float]) -> LossInterval:
    return LossInterval(country, "", "long", loss, low, high, 0.9, *ratio, 0.4, 0.2, "")


def test_a_closed_outlet_keeps_the_range_and_a_little_more():
    """By hand: slope 1.04 on log 2 each way, and .10 times the 95th percentile, in quadrature."""
    opened = interval("RUS", 2.0, 1.0, 4.0, (5.0, 20.0)), interval("CHN", 0.2, 0.1, 0.4, (0.05, 0.2))
    first, second = outlet_closed(*opened, (3.0, 0.2))
    far = np.exp(np.hypot(1.04 * np.log(2.0), 0.10 * 1.6448536))
    assert (first.loss_percent, second.loss_percent) == (3.0, 0.2)
    assert (first.low_percent, first.high_percent) == pytest.approx((3.0 / far, 3.0 * far))
    assert first.low_ratio == pytest.approx(1.0 / second.high_ratio)
    assert first.low_ratio * first.high_ratio == pytest.approx(
        15.0**2
    )  # in logs the middle is the ratio itself
    assert first.loses_more + second.loses_more == pytest.approx(1.0)
    assert first.loses_more > 0.999  # fifteen to one
    alike = outlet_closed(*opened, (2.0, 2.0))
    assert alike is not None
    assert alike[0].loses_more == pytest.approx(0.5)
    assert outlet_closed(*opened, (-0.1, 0.2)) is None  # a gain has no log
    assert outlet_closed(opened[0], interval("CHN", 0.2, 0.1, 0.4, (np.nan, np.nan)), (3.0, 0.2)) is None


def test_the_question_on_a_break_has_them_where_the_outlet_is_closed():
    from suasion.questions import exit_cost

    answer = exit_cost("RUS", "CHN", audience=("USA", "EU"), horizon="long")
    losses = answer.table("exit-costs").frame.set_index(["outlet", "country"])
    opened, closed = losses.loc[("open", "RUS")], losses.loc[("closed", "RUS")]
    assert closed.loss_percent_low < closed.loss_percent < closed.loss_percent_high
    widths = [np.log(row.loss_percent_high / row.loss_percent_low) for row in (opened, closed)]
    assert widths[0] < widths[1] < 1.2 * widths[0]


@pytest.mark.parametrize("year", [2014, 2022])
def test_worlds_of_other_years_have_them_too(year):
    """Carried from the latest world to the losses of their own, which are solved here once more for a pair."""
    world = load_world(year=year)
    found = loss_intervals(world)
    assert len(found) == 2 * 80 * 79
    first, second = pair_intervals(world, "RUS", "CHN", "long", (1.0, 0.1))
    solved = leverage_matrix(world, "long", pairs=[("RUS", "CHN")], cache=False).frame.set_index("country")
    assert first.loss_percent == pytest.approx(solved.loss_percent["RUS"], rel=6e-4)  # four digits
    assert second.loss_percent == pytest.approx(solved.loss_percent["CHN"], rel=6e-4)
    latest = loss_interval(load_world(), "RUS", "CHN", "long")
    ends = [np.log(one.high_percent / one.low_percent) for one in (first, latest)]
    assert 0.9 < ends[0] / ends[1] < 1.0  # slope .92, and a little besides
    assert first.loses_more + second.loses_more == pytest.approx(1.0)
    other = world.with_tariffs(world["tariff"] * 0.5)
    assert pair_intervals(other, "RUS", "CHN", "long", (1.0, 0.1)) is None


def test_carried_ranges_hold_exact_draws(root):
    """As often as those they come from hold theirs; ninety-six sides of six draws have a standard error of .02."""
    found = pd.read_csv(root / "docs" / "evidence" / "closed_outlets.csv")
    assert found.inside.mean() > found.inside_open.mean() - 0.04
    own = found.country == found.a
    for side, (slope, rest) in ((own, OWN_OUTLET), (~own, OTHERS_OUTLET)):
        seen = found[side & (found.open_percent > 0.1)]
        assert seen.slope.median() == pytest.approx(slope, abs=0.05)
        assert seen.rest.median() < rest


# --- how they are made --------------------------------------------------------------------------------------


def invented(
    rng: np.random.Generator, explained: float
) -> tuple[np.ndarray, made.Solved, made.Many, made.Sides]:
    """Losses of 45 pairs whose logs move with the regressors and with noise, two draws a table."""
    tables, count = 6, 256
    pairs = [(a, b) for a in range(10) for b in range(a)]
    first, second = np.array(pairs).T
    sides = made.Sides(tuple("ABCDEFGHIJ"), np.concatenate([first, second]), np.concatenate([second, first]))
    size = sides.mine.size
    center = rng.normal(0.0, 1.0, size)
    known = 0.3 * np.repeat(rng.normal(size=(tables, size, 1)), 2, axis=0)
    noise = 0.3 * np.sqrt(1 / explained - 1) * rng.normal(size=(2 * tables, size))
    found = made.Solved(np.exp(center + known[:, :, 0] + noise), known, np.repeat(np.arange(tables), 2))
    many = 0.3 * rng.normal(size=(count, size, 1))
    return np.exp(center), found, made.Many(many, many, np.zeros_like(many)), sides


@pytest.mark.parametrize("explained", [0.95, 0.7])
def test_ranges_have_the_width_of_what_is_drawn(explained):
    central, found, many, sides = invented(np.random.default_rng(1), explained)
    columns, fit = made.ranges(central, found, many, sides)
    wanted = 2 * 1.645 * 0.3 / np.sqrt(explained)
    width = np.log(columns["high_percent"] / columns["low_percent"])
    assert fit.r_squared == pytest.approx(explained, abs=0.08)  # sampling over 12 draws of 90 sides
    assert np.median(width) == pytest.approx(wanted, rel=0.1)
    assert made.held_out(central, found) == pytest.approx(0.9, abs=0.06)


def test_where_a_loss_may_be_a_gain_the_ends_are_those_of_the_draws():
    central, found, many, sides = invented(np.random.default_rng(2), 0.9)
    found.loss[3, 0] = -0.5
    columns, _ = made.ranges(central, found, many, sides)
    assert columns["low_percent"][0] == -0.5
    assert columns["high_percent"][0] == found.loss[:, 0].max()
    assert np.isnan(columns["data_share"][0])


def test_ranges_of_several_ties_lie_end_to_end():
    """One tie has its own range; losses of one to several add up in logs, those of several by income."""
    world = load_world()
    first, second = (loss_interval(world, "DEU", one) for one in ("CHN", "USA"))
    alone = interval_together(world, ["DEU"], ["CHN"], "long", first.loss_percent)
    assert alone == pytest.approx((first.low_percent, first.high_percent), rel=1e-12)

    def both(name):
        return 1.0 - (1.0 - getattr(first, name) / 100.0) * (1.0 - getattr(second, name) / 100.0)

    low, high = interval_together(world, ["DEU"], ["CHN", "USA"], "long", 3.0)
    assert low == pytest.approx(3.0 * both("low_percent") / both("loss_percent"), rel=1e-12)
    assert high == pytest.approx(3.0 * both("high_percent") / both("loss_percent"), rel=1e-12)
    union, other = (
        interval_together(world, side, ["CHN"], "long", 1.0) for side in (["DEU", "FRA"], ["FRA"])
    )
    for place, parts in enumerate(zip(np.array(alone) / first.loss_percent, other, strict=True)):
        assert min(parts) <= union[place] <= max(parts)


def test_the_range_of_a_group_holds_the_drawn_one():
    """Russia without the Union: 1.00 to 2.29 per cent around 1.47 in 32 draws of table and elasticities together.

    With the elasticities of ``border``, a sixth of the mixture, it is 3.434: that lies inside, and the range ends before
    the upper end of draws around it.
    """
    world = load_world()
    low, high = interval_together(world, ["RUS"], members(world, "EU"), "long", 1.485)
    assert low < 1.004 < 3.434 < high < 3.434 * 2.292 / 1.4708
    first, second = pair_intervals(world, "RUS", "EU", "long", (1.485, 0.1563))
    assert (first.low_percent, first.high_percent) == (low, high)
    assert first.low_ratio * second.high_ratio == pytest.approx(1.0)
    assert first.loses_more + second.loses_more == pytest.approx(1.0)
    assert 1.0 < first.low_ratio < 1.485 / 0.1563 < first.high_ratio
    assert pair_intervals(world, "RUS", "EU", "months", (1.485, 0.1563)) is None


def test_where_a_tie_has_no_range_none_is_told():
    world = load_world()
    assert interval_together(world, ["DEU"], ["CHN", "XXX"], "long", 1.0) is None
    assert interval_together(world, ["DEU"], ["CHN"], "months", 1.0) is None
    assert interval_together(world, ["DEU"], ["DEU"], "long", 1.0) is None


def test_a_loss_where_owners_abroad_earn_is_told_for_residents():
    from suasion.questions import exit_cost

    answer = exit_cost("IRL", "USA", audience=(), horizon="long")
    told = {one.key: one.values for one in answer.findings}["exit_cost.residents"]
    loss = answer.table("exit-costs").frame.set_index("country").loss_percent["IRL"]
    assert told["share"].value == pytest.approx(76.2, abs=0.1)  # World Bank, 2023: .76 of domestic product
    assert told["kept"].value == pytest.approx(told["share"].value * loss / 100.0)
    # Most of the loss is services: 22.3 of 26.5 per cent of the first year by the table as it was before tariffs.
    assert 0 < told["goods"].value < 0.4 * loss
    assert "exit_cost.residents" not in [
        one.key for one in exit_cost("DEU", "CHN", audience=(), horizon="long").findings
    ]


def test_what_is_received_and_owed_beside_trade_is_told_where_it_is_large():
    from suasion.questions import exit_cost
    from suasion.sources.macro import macro

    answer = exit_cost("PHL", "DEU", audience=(), horizon="long")
    told = {one.key: one.values for one in answer.findings}
    assert told["exit_cost.remittances"]["share"].value == pytest.approx(
        100 * macro("remittances_received").loc["PHL", 2023] / macro("gdp").loc["PHL", 2023]
    )
    assert told["exit_cost.remittances"]["amount"].value > told["exit_cost.remittances"]["share"].value
    assert not {"exit_cost.aid", "exit_cost.debt_service"} & set(told)
    # The World Bank's own ratio (BX.TRF.PWKR.DT.GD.ZS) for Nepal in 2023 is .26 to .27 by vintage of the product.
    assert 0.255 < macro("remittances_received").loc["NPL", 2023] / macro("gdp").loc["NPL", 2023] < 0.27
    owed = macro("debt_service_pct_exports")[2023]
    assert owed["BRA"] > 20 > owed["PHL"]


def test_a_loss_on_trade_that_customs_contradict_tells_both_numbers():
    from suasion.questions import exit_cost

    answer = exit_cost("USA", "NLD", horizon="long", audience=())
    told = [one for table in answer.tables for one in table.notes if one.key == "exit_cost.apart"]
    assert {str(one.values["why"].member) for one in told} == {"hub"}
    (row,) = facts_between(load_world(), "USA", "NLD").to_dict("records")
    assert told[0].values["world"].value == row["world"] > 1.5 * row["record"]
    flow = load_world()["intermediate"] + load_world()["final"]
    goods = flow.sel(
        importer="NLD", exporter="USA", sector=[k for k in load_world().sectors if k < "D"]
    ).sum()
    assert row["world"] == pytest.approx(float(goods), rel=1e-3)  # four digits ship
    assert facts_between(
        load_world("reconciled", 2023), "USA", "NLD"
    ).empty  # no usual world: nothing is known of it
