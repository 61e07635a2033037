"""The embedded worlds of other years, how their pairs are known, and how they may be otherwise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import suasion as su
from suasion.errors import InputError
from suasion.measures import dependence, trade_history
from suasion.measures.history import contradicted, partner_history
from suasion.sources import goods_totals
from suasion.world import World, load_world, pair_totals, table_draws
from suasion.world.applied import STEP, tariff_deviation
from suasion.world.arrays import user_flows
from suasion.world.draws import doubts, pair_guessed
from suasion.world.load import usual_key
from suasion.world.reconciled import goods_deviation

YEARS = (2014, 2022, 2023, 2024)


@pytest.fixture(scope="module", params=YEARS)
def later(request):
    return load_world(year=request.param)


def flows(world):
    return world.array("intermediate") + world.array("final")


def test_accounts_hold_at_applied_tariffs(later):
    """Closed to 1e-13 of output by Newton, balanced again at tariffs in one step."""
    tariff, tax = later.array("tariff"), later.array("export_tax")
    bought = user_flows(later.array("intermediate"), tariff, tax).sum(1)
    assert later.array("input_use").sum(1) == pytest.approx(bought, rel=1e-9, abs=1e-6)
    assert later.array("transfer").sum() == pytest.approx(0.0, abs=1e-3)
    made = later.array("value_added") + later.array("input_use").sum(2)
    assert made == pytest.approx(flows(later).sum(0), rel=1e-9, abs=1e-6)
    assert "tariff" not in later.missing


def test_provenance_names_each_step(later):
    steps = later.provenance.transformations
    assert later.provenance.version == str(later.year)
    assert any("moved from 2022" in one for one in steps) == (later.year > 2022)
    assert steps[-1] == STEP.format(year=later.year)
    assert later.provenance.checksum


def test_a_usual_world_is_known_by_its_flows_wherever_it_was_computed(later):
    key = usual_key(later)
    assert key.startswith(f"{later.year}:")
    same = later.replace(final=later.array("final").copy())
    assert usual_key(same) == key
    assert usual_key(later.with_tariffs(later["tariff"] * 0.5)) == ""
    assert usual_key(load_world("reconciled", later.year)) == ""


def test_world_of_2019_is_the_published_one():
    world = load_world("g20")
    assert len(world.countries) == 20
    assert len(world.sectors) == 20
    assert world.use_kind == "observed"
    share = dependence("RUS", "CHN", world, look_through=False).share("RUS")
    assert 0.13 < share < 0.17  # goods and services; goods alone 16.5 % in customs


def test_use_of_a_later_year_fits_its_flows():
    world = load_world(year=2023)
    assert world.use_kind == "moved"
    assert world.use is not None  # checked against the flows when first read


def test_a_later_year_looks_through_its_inputs_and_survives_its_file(tmp_path):
    small = load_world(year=2023).select(["RUS", "CHN", "DEU"], ["B06", "C26", "G"])
    found = dependence("RUS", "CHN", small)
    assert found.exposure[0].kind == "moved"
    assert found.exposure[0].kind == "moved"
    again = World.load(small.save(tmp_path / "small.npz"))
    assert again.use_kind == "moved"
    assert np.array_equal(again.use, small.use)


def test_worlds_that_are_not_there_are_named():
    with pytest.raises(InputError, match="2010: there are 2011 to 2024"):
        load_world(year=2010)
    with pytest.raises(InputError, match="g20 is of 2019, not 2020"):
        load_world("g20", 2020)
    with pytest.raises(InputError, match="leave `year` out"):
        load_world(year=2023, path="x")
    with pytest.raises(InputError, match="2010 are not reconciled"):
        pair_totals(2010)


def test_every_pair_has_its_spread_and_flag():
    for year in YEARS:
        table = pair_totals(year)
        assert len(table) == 81 * 80
        assert (table.year == year).all()
        assert table.customs.notna().any() == (year in (2014, 2023))
    table = pair_totals(2023).set_index(["exporter", "importer"])
    assert table.flag["RUS", "CHN"] == table.flag["CHN", "RUS"] == table.flag["RUS", "IND"] == ""
    assert table.table["BLR", "UKR"] < 200  # Ukraine's customs have 20; trade that ended is no late report
    big = table[table.table > 1000]
    assert (big.flag != "").mean() < 0.3
    # No pair is flagged whose trade, in the concepts of the table, is within its range.
    gap = np.log(table.table.clip(lower=1e-9) / table.in_concepts)
    inside = (gap - gap.median()).abs() < 1.6 * table.spread
    assert not table.flag[inside].isin(["below", "above"]).any()


def test_a_pair_is_in_doubt_beyond_its_range_alone():
    """By hand: the common ratio of the first three is .5; the fourth is 2.5 times it, the last has no customs."""
    table, customs = (
        np.array([50.0, 5.0, 500.0, 125.0, 30.0, 7.0]),
        np.array([100.0, 10, 1000, 100, 100, np.nan]),
    )
    wide, narrow = np.full(6, 0.6), np.full(6, 0.1)
    assert doubts(table, customs, narrow).tolist() == ["", "", "", "above", "below", ""]
    assert doubts(table, customs, wide).tolist() == [""] * 6


# --- history -----------------------------------------------------------------------------------------------


def test_history_of_russia_and_china():
    found = trade_history("Russia", "China")
    rows = found[(found.country == "RUS") & (found.flow == "turnover")].set_index("year")
    line = rows[rows.form == "line"]
    assert list(line.index) == list(range(2000, 2021))
    # Shares of the design study, BACI: 5.0 (2000), 11.1 (2013), 16.5 (2019), 18.2 % (2020), as printed there.
    for year, percent in ((2000, 5.0), (2013, 11.1), (2019, 16.5), (2020, 18.2)):
        assert 100 * line.share[year] == pytest.approx(percent, abs=0.06)
    last = rows[rows.form == "hollow"].loc[2023]
    assert 0.33 < last.share < 0.39
    assert last.high == pytest.approx(0.408, abs=0.001)  # without the patch, never shown alone
    assert last.low < last.share < last.high
    assert "BLR" in last.hole.split()
    assert last.reporter == "partner only"
    assert (rows[rows.form == "dot"].source != "").all()


def test_history_of_a_hole_says_it_is_an_estimate():
    found = trade_history("RUS", "BLR")
    last = found[(found.year == 2023) & (found.country == "RUS") & (found.flow == "exports")].iloc[0]
    assert last.reporter == "estimate"
    trade = goods_totals().set_index(["exporter", "importer", "year"]).value
    growth = goods_totals().groupby("year").value.sum()
    assert last.value == pytest.approx(trade["RUS", "BLR", 2020] * growth[2023] / growth[2020], rel=1e-6)


def test_a_flow_whose_reverse_is_on_record_is_no_hole():
    """Ukraine reported 2023, and no exports to Russia; the patch had them at four billion, as if before the war."""
    found = trade_history("UKR", "RUS")
    last = found[(found.year == 2023) & (found.country == "UKR")].set_index("flow")
    assert last.loc["turnover", "value"] == pytest.approx(4.558, abs=0.01)
    assert last.loc["turnover", "share"] < 1e-4
    assert last.loc["exports", "value"] == 0
    assert not (last.reporter == "estimate").any()
    assert not set(partner_history(("UKR",), 3).query("year == 2023").partner) - {"CHN", "POL", "RUS"}
    blank = partner_history(("RUS",), 40).query("year == 2023").set_index("partner")
    assert "UKR" not in blank.index or blank.loc["UKR", "value_musd"] < 5


def test_published_shares_contradict_a_record_that_lacks_most_of_the_trade():
    """Cuba's statisticians have Venezuela at 41 % of its trade in 2011; the customs records lack the oil."""
    found = contradicted(trade_history("CUB", "VEN"))
    assert set(found.country) == {"CUB"}
    assert set(found.flow) == {"turnover", "exports", "imports"}
    assert (found.told > 5 * found.share).all()
    for pair in (("RUS", "CHN"), ("DEU", "CHN"), ("USA", "CHN")):
        assert contradicted(trade_history(*pair)).empty, pair


def test_a_contradiction_that_a_later_year_settles_is_none():
    rows = [("USA", "XYZ", 2010, "turnover", 0.02, "line"), ("USA", "XYZ", 2010, "turnover", 0.3, "dot")]
    names = ["country", "partner", "year", "flow", "share", "form"]
    late = [("USA", "XYZ", 2015, "turnover", 0.28, "line"), ("USA", "XYZ", 2015, "turnover", 0.3, "dot")]
    once, both = (pd.DataFrame(part, columns=names).assign(reporter="both") for part in (rows, rows + late))
    assert contradicted(once)[["year", "told", "share"]].to_numpy().tolist() == [[2010, 0.3, 0.02]]
    assert contradicted(both).empty
    assert contradicted(once.assign(reporter="estimate")).empty  # which claims nothing


def test_a_pair_of_which_little_is_known_is_guessed():
    now = load_world(year=2023)
    assert pair_guessed(now, "NGA", "NLD")  # a hub, and no customs of its own
    assert not pair_guessed(now, "RUS", "CHN")
    assert pair_guessed(now, "TWN", "CHN")  # customs of 2023 lack Taiwan
    assert not pair_guessed(load_world(year=2022), "TWN", "CHN")  # the published table has it
    assert not pair_guessed(load_world(year=2024), "RUS", "CHN")  # as China's customs say
    assert not pair_guessed(load_world("icio2022"), "TWN", "CHN")


def test_history_is_of_two():
    with pytest.raises(InputError, match="one country"):
        trade_history("RUS", "Russia")


# --- draws -------------------------------------------------------------------------------------------------


def test_draws_move_pairs_and_tariffs_by_their_deviations():
    world = load_world()
    drawn = list(table_draws(world, 8, seed=3))
    assert drawn[0].array("output") == pytest.approx(world.array("output"), rel=1e-9)
    trade = flows(world)[:, :, [code < "D" for code in world.sectors]].sum(2)
    seen = (trade > 5000) & ~np.eye(len(trade), dtype=bool)
    moved = np.std([np.log(flows(one).sum(2)[seen] / flows(world).sum(2)[seen]) for one in drawn], axis=0)
    # Fitting to what is bought and sold takes a part; half of large pairs lie near what reconciliation left open.
    assert 0.6 < np.median(moved / np.maximum(goods_deviation(2023)[seen], 0.01)) < 1.3
    us, china, cars = world.countries.index("USA"), world.countries.index("CHN"), world.sectors.index("C29")
    rate = [one.array("tariff")[us, china, cars] / world.array("tariff")[us, china, cars] for one in drawn]
    assert 0.02 < np.std(np.log(rate)) < 0.12  # collected: a tenth either way at 90 %
    assert (drawn[0].array("tariff")[:, :, -1] == 0).all()  # services bear none


def test_tariffs_of_ones_own_are_known_and_all_others_keep_their_doubt():
    """A frame put in by one line: another checksum, no doubt in its cells, and ranges on request."""
    world = load_world()
    own = pd.DataFrame({"importer": ["USA"], "exporter": ["CHN"], "tariff": [0.60]})
    made = world.with_tariffs(own, rest="keep")
    assert made.checksum != world.checksum
    before, after = tariff_deviation(world), tariff_deviation(made)
    us, china = world.countries.index("USA"), world.countries.index("CHN")
    assert before[us, china].max() > 0.0
    assert not after[us, china].any()
    after[us, china] = before[us, china]
    assert (after == before).all()
    for given, known in ((world, True), (made, False)):
        frame = su.exit_cost("USA", "CHN", horizon="long", world=given).frame
        assert ("loss_percent_low" in frame) == known  # ranges that ship are of the usual world alone
    row = su.exit_cost("USA", "CHN", horizon="long", world=made, draws=6).frame.iloc[0]
    assert row["loss_percent_low"] < row["loss_percent"] < row["loss_percent_high"]
    assert row["loss_percent_low"] > 1.0  # twice what it is at applied tariffs, .56


def test_without_tariffs_none_are_drawn():
    world = load_world("reconciled", 2023)
    assert not next(table_draws(world, 1)).array("tariff").any()


def test_draws_of_a_later_year_keep_its_accounts():
    world = load_world(year=2023)
    first, again = (next(table_draws(world, 2, seed=1)) for _ in range(2))
    assert np.array_equal(first.array("final"), again.array("final"))
    assert first.array("output") == pytest.approx(world.array("output"), rel=1e-9)
    assert not np.array_equal(first.array("intermediate"), world.array("intermediate"))


def test_worlds_of_whose_flows_no_doubt_is_known_have_no_draws():
    with pytest.raises(InputError, match="not known how far"):
        next(table_draws(load_world("g20"), 1))
    with pytest.raises(InputError, match="number of draws is 0"):
        next(table_draws(load_world(), 0))


def test_ranges_draw_tables_and_elasticities_together():
    from suasion.coercion import loss_ranges

    world = load_world().select(["RUS", "CHN", "USA", "DEU"], ["B06", "C26", "G"])
    with pytest.raises(InputError, match="not known how far"):
        loss_ranges(world.replace(provenance=load_world("g20").provenance), [("RUS", "CHN")], count=1)
    found = loss_ranges(load_world(), [("GBR", "IND")], count=3, seed=5, apart=True)
    assert list(found.country) == ["GBR", "IND"]
    assert (found.low_percent < found.high_percent).all()
    assert found.loses_more.sum() == pytest.approx(1.0)
    assert found.data_share.between(0, 1).all()
    assert (found.failed == 0).all()
