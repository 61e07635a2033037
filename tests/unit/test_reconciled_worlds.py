"""Reconciled worlds: accounts, incomes, the flows that the record contradicted, ranges, and the adjustment itself."""

from __future__ import annotations

import numpy as np
import pytest

from fits.reconcile.smoother import Series, smooth, spreads_other
from suasion.errors import InputError
from suasion.sources.goods_totals import goods_totals
from suasion.sources.macro import macro
from suasion.sources.published_flows import (
    RECONCILED_YEARS,
    STEP,
    published_flows,
    reconciled_flows,
    regions,
)
from suasion.world import load_world, table_draws
from suasion.world.load import option_of
from suasion.world.published import base_table, income_growth
from suasion.world.reconciled import goods_deviation, reconciled_pairs

HUBS = ("HKG", "SGP", "NLD", "BEL", "ARE", "CHE")


@pytest.fixture(scope="module", params=[2014, 2022, 2023, 2024])
def reconciled(request):
    return load_world("reconciled", request.param)


@pytest.fixture(scope="module")
def pairs():
    return reconciled_pairs(2023).set_index(["exporter", "importer"])


def flows(world):
    return world.array("intermediate") + world.array("final")


def test_accounts_are_exact_and_goods_are_the_shipped_ones(reconciled):
    bought = reconciled.array("intermediate").sum(1)
    assert reconciled.array("input_use").sum(1) == pytest.approx(bought, rel=1e-12, abs=1e-9)
    made = reconciled.array("value_added") + reconciled.array("input_use").sum(2)
    assert made == pytest.approx(flows(reconciled).sum(0), rel=1e-12, abs=1e-9)
    goods = flows(reconciled)[:, :, :27].sum(2)
    np.fill_diagonal(goods, 0.0)
    assert goods == pytest.approx(reconciled_flows(reconciled.year).value.sum(0), rel=1e-12, abs=1e-9)


def test_income_grows_as_the_accounts_do(reconciled):
    """To 1e-9, for all 80 and the rest of the world; Taiwan within 5 % of its domestic product less taxes on products."""
    start, found = base_table().earned.sum(1), reconciled.array("value_added").sum(1)
    assert found / start == pytest.approx(income_growth(2022, reconciled.year), rel=1e-9)
    taiwan = found[regions().index("TWN")] / macro("gdp").loc["TWN", reconciled.year]
    assert 0.95 * 0.97 < taiwan < 1.0  # taxes on products are 3 to 5 % there (assumption)


@pytest.mark.parametrize(
    ("exporter", "importer", "bn", "off"),
    [
        ("RUS", "IND", 40.0, 0.1),
        ("RUS", "DEU", 3.1, 0.1),
        ("USA", "RUS", 0.7, 0.15),
        ("FRA", "RUS", 2.3, 0.1),
        ("GBR", "RUS", 0.8, 0.1),
        ("RUS", "CHN", 84.0, 0.1),
        ("CHN", "RUS", 104.0, 0.13),
    ],
)
def test_flows_of_2023_that_the_record_contradicted(pairs, exporter, importer, bn, off):
    """The design's prototype of the same evidence, billion USD at basic prices; China's sales to Russia 91 to 116."""
    row = pairs.loc[(exporter, importer)]
    assert row.goods / 1e3 == pytest.approx(bn, rel=off)
    assert row.goods_low < row.goods < row.goods_high


def test_large_flows_agree_with_customs(pairs):
    """Above 10 bn outside hubs, off by more than 1.5 after the ratio of the exporter and of the importer: at most ten."""
    raw = goods_totals()
    customs = raw[raw.year == 2023].set_index(["exporter", "importer"]).value
    both = pairs.join(customs, how="inner").reset_index()
    gap = np.log(both.goods / both.value).rename("gap")
    for _ in range(10):  # ratios of concepts: medians by exporter and importer
        for side in ("exporter", "importer"):
            gap -= gap.groupby(both[side]).transform("median")
    large = (both.value > 10_000) & ~both.exporter.isin(HUBS) & ~both.importer.isin(HUBS)
    large &= (both.exporter != "ROW") & (both.importer != "ROW")
    assert large.sum() > 250
    assert (large & (gap.abs() > np.log(1.5))).sum() <= 10


def test_china_in_the_goods_trade_of_russia():
    """Official shares: .18 (2021), .26 (2022), .34 (2023); the table has 10 to 17 % more than customs in every year."""
    share = {}
    for year in (2018, 2021, 2022, 2023):
        goods = reconciled_flows(year).value.sum(0)
        r, c = regions().index("RUS"), regions().index("CHN")
        share[year] = (goods[c, r] + goods[r, c]) / (goods[r].sum() + goods[:, r].sum())
    # Official 15.7 %, the table 15.6, BACI more: what lies between.
    assert share[2018] == pytest.approx(0.157, abs=0.012)
    assert share[2021] < share[2022] < share[2023]
    assert share[2023] == pytest.approx(0.362, abs=0.01)


def test_draws_move_pairs_as_far_as_their_ranges():
    world = load_world("reconciled", 2023)
    drawn = next(table_draws(world, 1))
    assert flows(drawn).sum(0) == pytest.approx(flows(world).sum(0), rel=1e-6, abs=1.0)
    spread = goods_deviation(2023)
    assert (spread >= 0).all()
    assert (
        spread[regions().index("RUS"), regions().index("CHN")]
        < spread[regions().index("RUS"), regions().index("KAZ")]
    )


def test_years_and_names():
    assert load_world("reconciled").year == 2023
    assert option_of(load_world("reconciled", 2014)) == "--world reconciled:2014"
    with pytest.raises(InputError, match=r"no reconciled world of 2025.*2011 to 2024"):
        load_world("reconciled", 2025)
    with pytest.raises(InputError, match="leave `path` out"):
        load_world("reconciled", 2023, "x")
    with pytest.raises(InputError, match="not reconciled here"):
        reconciled_flows(2010)


# --- the adjustment ---------------------------------------------------------------------------------------


def series(table, customs):
    years = len(table)
    ones = np.ones((years, 1))
    columns = (
        np.array(table, float)[:, None],
        np.array(customs, float)[:, None],
        np.zeros((years - 1, 1)),
        ones,
        ones,
    )
    return Series(*columns, (2, 4))


def test_two_records_that_agree_are_believed():
    line = [5.0, 5.1, 5.2, 5.3, 5.4, 5.5]
    found = smooth(series(line, line), spreads_other(np.array([1500.0]), np.zeros(1)))
    assert found.flow[:, 0] == pytest.approx(
        line, abs=0.05
    )  # steps of .166 are expected: hardly any shrinkage


def test_where_one_is_missing_the_other_is_followed_and_the_range_widens():
    table = [5.0] * 4 + [np.nan] * 2
    customs = [5.0, 5.0, 5.0, np.nan, 6.0, 6.0]
    found = smooth(series(table, customs), spreads_other(np.array([1500.0]), np.zeros(1)))
    assert 5.5 < found.flow[5, 0] < 6.0
    assert found.deviation[5, 0] > found.deviation[1, 0]


def test_a_lone_outlier_is_taken_for_an_error():
    table = [5.0, 5.0, 5.0, 7.0, 5.0, 5.0]
    spreads = spreads_other(np.array([1500.0]), np.zeros(1))
    heavy, normal = (smooth(series(table, [5.0] * 6), spreads, rounds=n).flow[3, 0] for n in (4, 1))
    assert heavy < normal < 6.5


def test_a_shipped_flow_has_its_record_behind_it():
    """Without customs after 2020 the reconciled table of 2018 stays near the published one for pairs without a hub."""
    year = 2018
    assert year in RECONCILED_YEARS
    table = published_flows(year)[:-1, :-1, :27].sum(2)
    found, spread = reconciled_flows(year).value.sum(0)[:-1, :-1], goods_deviation(year)[:-1, :-1]
    hub = np.isin(np.array(regions()[:-1]), HUBS)
    large = (table > 1000) & ~np.eye(80, dtype=bool) & ~hub[:, None] & ~hub[None, :]
    assert np.median(np.abs(np.log(found[large] / table[large]))) < 0.1
    assert spread[large].min() >= STEP
