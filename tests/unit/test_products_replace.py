"""Replaceability both ways, supply risk, lost buyers, and the channels of technology and finance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.unit.test_products_screen import made_store, steady

from suasion.errors import InputError, MissingValueError, SameCountryError
from suasion.measures.network import network
from suasion.measures.totals import NEWCOMERS
from suasion.products import (
    MARKETS,
    Lacking,
    embedded_store,
    finance_channels,
    lost_buyer,
    price_rise,
    production_table,
    query,
    replaceability,
    replaceability_both,
    responses,
    technology_channels,
)
from suasion.products import replace as replace_room
from suasion.products.channels import NoTechnology
from suasion.products.replace import import_risk, price_change, weighted_median
from suasion.questions import channels
from suasion.sources import governance, materials
from suasion.world.testing import random_world

OIL = "270900"
CHIP = "854231"
FLOWS = [
    ("BBB", "AAA", OIL, 20.0),
    ("CCC", "AAA", OIL, 30.0),
    ("BBB", "DDD", OIL, 20.0),
    ("CCC", "DDD", OIL, 60.0),
    ("DDD", "EEE", OIL, 10.0),
    ("BBB", "AAA", CHIP, 8.0),
    ("BBB", "DDD", CHIP, 2.0),
    ("CCC", "DDD", CHIP, 6.0),
]


def respond(monkeypatch, supply, demand):
    """Give all products these elasticities, low, central and high."""
    markets = [replace(market, supply=supply, demand=demand) for market in MARKETS]
    monkeypatch.setattr(replace_room, "responses", lambda codes: responses(codes, markets))


@pytest.fixture
def market(monkeypatch):
    respond(monkeypatch, (0.1, 0.2, 0.4), (0.2, 0.3, 0.5))


def row(found, product=OIL):
    return found.table.set_index("product").loc[product]


@pytest.mark.usefixtures("market")
def test_shares_and_alternatives():
    found = row(replaceability("AAA", "BBB", steady(FLOWS)))
    assert found["value"] == pytest.approx(0.02)  # thousand USD become million
    assert found["buyer_share"] == pytest.approx(20 / 50)
    assert found["seller_share"] == pytest.approx(20 / 40)
    assert found["world_share"] == pytest.approx(40 / 140)
    assert found["world_concentration"] == pytest.approx((40**2 + 90**2 + 10**2) / 140**2)
    assert found["alternatives"] == 1  # CCC; EEE sells the buyer nothing
    assert found["cover"] == pytest.approx(60 / 20)  # what it sells to others than the buyer


MANY = [
    ("BBB", "AAA", OIL, 20.0), ("CCC", "AAA", OIL, 30.0), ("DDD", "AAA", OIL, 10.0), ("EEE", "AAA", OIL, 0.1),
    ("CCC", "EEE", OIL, 5.0), ("DDD", "EEE", OIL, 5.0), ("EEE", "DDD", OIL, 900.0), ("BBB", "EEE", OIL, 3.0),
]  # fmt: skip


@pytest.mark.usefixtures("market")
def test_the_gap_is_filled_by_present_suppliers_in_their_old_proportions():
    """EEE exports by far the most, but hardly any of it to the buyer: a newcomer, with the newcomers' part."""
    found = replaceability("AAA", "BBB", steady(MANY))
    parts = found.fillers.set_index("filler")
    assert parts["part"].to_dict() == pytest.approx(
        {"CCC": (1 - NEWCOMERS) * 0.75, "DDD": (1 - NEWCOMERS) * 0.25}
    )
    assert (parts["part_low"] == 0).all()
    assert (parts["part"] <= parts["part_high"]).all()
    assert row(found)["alternatives"] == 2
    assert row(found)["cover"] == pytest.approx(
        (5 + 5) / 20
    )  # their sales to others, not those of all the world


@pytest.mark.usefixtures("market")
def test_newcomers_have_room_up_to_their_part_of_the_gap():
    rows = [(y, *flow) for y in range(2020, 2025) for flow in MANY]
    rows += [(2022, "EEE", "CCC", OIL, 500.0), (2022, "CCC", "DDD", OIL, 2.0)]
    # thousand USD: 2 of a present supplier, of the 500 of a newcomer three tenths of the gap of 20
    assert row(replaceability("AAA", "BBB", made_store(rows)))["room"] == pytest.approx(
        (2 + NEWCOMERS * 20) / 1000
    )


@pytest.mark.usefixtures("market")
def test_without_another_supplier_the_world_fills_the_gap_by_its_exports():
    alone = [("BBB", "AAA", OIL, 20.0), ("CCC", "EEE", OIL, 30.0), ("DDD", "EEE", OIL, 10.0)]
    parts = replaceability("AAA", "BBB", steady(alone)).fillers.set_index("filler")["part"]
    assert parts.to_dict() == pytest.approx({"CCC": 0.75, "DDD": 0.25})


@pytest.mark.usefixtures("market")
def test_price_rise_of_the_pair():
    found = row(replaceability("AAA", "BBB", steady(FLOWS)))
    lost, left = 20.0, 100.0
    exact = (1 - lost / (lost + left)) ** (-1 / 0.5) - 1
    assert found["rise"] == pytest.approx(100 * exact)
    assert found["rise_small"] == pytest.approx(100 * (20 / 120) / 0.5)
    assert found["rise_low"] == pytest.approx(100 * ((1 - 1 / 6) ** (-1 / 0.9) - 1))
    assert found["rise_high"] == pytest.approx(100 * ((1 - 1 / 6) ** (-1 / 0.3) - 1))
    assert found["rise_gone"] == pytest.approx(100 * ((1 - 40 / 140) ** (-1 / 0.5) - 1))
    assert found["loss"] == pytest.approx(0.05 * ((1 + exact) ** 0.7 - 1) / 0.7)
    # nobody ever sold more, so demand alone gives way
    assert found["room"] == 0
    assert found["rise_limited"] == pytest.approx(100 * ((120 / 100) ** (1 / 0.3) - 1))


@pytest.mark.usefixtures("market")
def test_rerouted_goods_cost_nothing():
    table = replaceability("AAA", "BBB", steady(FLOWS), rerouted=1.0).table
    # the halving of the limited price stops at the last bit, not at zero
    assert np.abs(table[["rise", "rise_limited", "loss", "fall", "seller_loss"]].to_numpy()).max() < 1e-12
    half = row(replaceability("AAA", "BBB", steady(FLOWS), rerouted=0.5))
    assert half["rise"] == pytest.approx(100 * ((1 - 10 / 110) ** (-1 / 0.5) - 1))


@pytest.mark.usefixtures("market")
def test_spare_room_is_the_best_year_at_todays_price():
    rows = [(y, *flow) for y in range(2020, 2025) for flow in FLOWS]
    rows += [(2022, "EEE", "DDD", OIL, 7.0)]  # sold once, at the same price a tonne
    found = row(replaceability("AAA", "BBB", made_store(rows)))
    assert found["room"] == pytest.approx(NEWCOMERS * 0.020)  # of a newcomer's 0.007 its part of the gap
    # EEE sells nothing now, so it can add its seven at any price
    limited = price_rise(
        np.array([20.0]), np.array([[90.0], [10.0]]), np.array([0.2]), np.array([0.3]), np.zeros((2, 1))
    )
    assert found["rise_limited"] <= 100 * limited[0]


def test_price_changes_are_the_median_of_sellers():
    """One seller with a wrong quantity does not move the price of all; one that is most of the market does."""
    old = (np.full((4, 1), 10.0), np.full((4, 1), 5.0), np.full((4, 1), 10.0))
    new = (np.full((4, 1), 12.0), np.array([[5.0], [5.0], [5.0], [0.01]]), np.full((4, 1), 12.0))
    assert price_change(old, new) == pytest.approx(1.2)
    large = (new[0], new[1], np.array([[12.0], [12.0], [12.0], [12e4]]))
    assert price_change(old, large) == pytest.approx((12e4 / 0.01) / (10 / 5))
    unknown = (new[0], np.zeros((4, 1)), new[2])
    assert price_change(old, unknown) == 1.0
    assert np.isnan(weighted_median(old[0], np.zeros((4, 1)))).all()


def test_room_of_copper_ore_is_no_artefact_of_its_tonnes():
    """Tonnes of copper ore halve from 2020 to 2024 in the source, mines' output does not: value over tonnes misleads."""
    found = replaceability("CHN", "CHL", year=2024).table.set_index("product").loc["260300"]
    world = query(
        embedded_store(), "SELECT sum(value) / 1e3 AS v FROM trade WHERE year = 2024 AND product = 260300"
    )["v"].iloc[0]
    assert found["room"] < 0.5 * world


@pytest.mark.usefixtures("market")
def test_spare_room_by_production():
    output = pd.DataFrame(
        [(y, "CCC", OIL, 100.0 if y == 2021 else 90.0) for y in range(2020, 2025)],
        columns=["year", "country", "product", "quantity"],
    )
    store = replace(steady(FLOWS), production=production_table(output, "made up"))
    found = replaceability("AAA", "BBB", store)
    assert row(found)["room"] == pytest.approx(0.010)
    assert "production" in row(found)["room_basis"]


@pytest.mark.usefixtures("market")
def test_seller_that_loses_its_buyer():
    found = row(replaceability("AAA", "BBB", steady(FLOWS)))
    # one price: others' imports from it 20 and from rivals 70, rivals' sales 70; its exports 40
    thick = (0.3 * (20 + 70) + 0.2 * 70) / 40
    assert found["diverted_small"] == pytest.approx(thick / (thick + 0.2))
    assert found["fall_small"] == pytest.approx(100 * 0.5 / (thick + 0.2))
    price = (90 / (90 + 20)) ** (1 / (0.2 + 0.3))  # the 20 refused come on top of the 90 that others buy
    assert found["fall"] == pytest.approx(100 * (1 - price))
    assert found["seller_loss"] == pytest.approx(0.04 * (1 - price**1.2))
    assert found["diverted_low"] <= found["diverted"] <= found["diverted_high"]
    assert found["seller_loss_low"] <= found["seller_loss"] <= found["seller_loss_high"]


def test_maker_of_its_own_variety_diverts_less(monkeypatch):
    respond(monkeypatch, (0.5, 1.0, 2.0), (0.2, 0.3, 0.5))
    found = replaceability("AAA", "BBB", steady(FLOWS))
    chip = row(found, CHIP)
    # half way from the short run (0.4 of the published number) to the long
    sigma = np.sqrt(0.4 * 5.419917 * 5.419917)
    thin = 0.2 * (sigma * 0.75 + 0.3 * 0.25)  # a fifth goes to others, where it holds a quarter
    assert chip["diverted_small"] == pytest.approx(thin / (thin + 1.0))
    assert chip["diverted"] < row(found)["diverted"]


def test_ranked_tables_of_both_sides():
    china, russia = replaceability_both("CHN", "RUS", year=2024)
    assert china.table["loss"].is_monotonic_decreasing
    assert china.for_seller()["seller_loss"].is_monotonic_decreasing
    assert china.table["product"][0] == OIL
    # in raw materials China gets far more from Russia than the other way round
    assert china.table["loss"].sum() > 100 * russia.table["loss"].sum()
    for column in ("rise", "loss", "fall", "diverted", "seller_loss"):
        assert (china.table[f"{column}_low"] <= china.table[column]).all()
        assert (china.table[column] <= china.table[f"{column}_high"]).all()
    # equal where no limit binds, up to the rounding of two ways to the same number
    assert (china.table["rise"] <= china.table["rise_limited"] * (1 + 1e-9)).all()
    assert china.table["buyer_share"].between(0, 1).all()


def test_group_as_buyer():
    found = row(replaceability("EU", "RUS", year=2021))
    assert 0.2 < found["buyer_share"] < 0.3  # crude oil of Russia in imports from outside the Union
    assert found["rise_gone"] > found["rise"]


@pytest.mark.usefixtures("market")
def test_trade_inside_a_bloc_is_no_trade_with_others(monkeypatch):
    """The pair of a bloc and an outsider is that of one economy in the bloc's place."""
    inside = [("AAA", "EEE", OIL, 5.0), ("EEE", "AAA", OIL, 9.0)]
    outside = [("BBB", "AAA", OIL, 20.0), ("CCC", "EEE", OIL, 30.0), ("BBB", "DDD", OIL, 20.0)]
    outside += [("AAA", "BBB", OIL, 4.0), ("EEE", "DDD", OIL, 8.0), ("CCC", "DDD", OIL, 60.0)]
    alone = [("AAA" if a == "EEE" else a, "AAA" if b == "EEE" else b, k, v) for a, b, k, v in outside]
    columns = ["value", "buyer_share", "seller_share", "alternative_exports", "cover", "fall", "diverted"]
    columns += ["fall_small", "seller_loss"]
    monkeypatch.setattr("suasion.products.flows.group_code", lambda text: "BLOC" if text == "BLOC" else "")
    monkeypatch.setattr("suasion.products.flows.members", lambda text, year: ("AAA", "EEE"))
    for way in (("BLOC", "BBB"), ("BBB", "BLOC")):
        one = tuple("AAA" if side == "BLOC" else side for side in way)
        bloc, single = (
            row(replaceability(*pair, steady(flows)))
            for pair, flows in ((way, inside + outside), (one, alone))
        )
        np.testing.assert_allclose(
            bloc[columns].to_numpy(float), single[columns].to_numpy(float), rtol=1e-12, err_msg=str(way)
        )


def test_wrong_pairs_are_refused():
    with pytest.raises(SameCountryError, match="'CHN' and 'China' overlap"):
        replaceability("CHN", "China")
    with pytest.raises(SameCountryError, match="overlap"):
        replaceability("EU", "Germany")
    with pytest.raises(InputError, match="give a share from 0 to 1"):
        replaceability("CHN", "RUS", rerouted=1.5)
    with pytest.raises(InputError, match="no year 2030"):
        replaceability("CHN", "RUS", year=2030)


def test_pair_without_trade_has_an_empty_table():
    assert replaceability("EEE", "AAA", steady(FLOWS)).table.empty


IMPORTS = pd.DataFrame({"exporter": ["AAA", "BBB", "BBB"], "quantity": [60.0, 30.0, 10.0]})
OUTPUT = pd.Series({"AAA": 3.0, "BBB": 1.0})
STABLE = pd.Series({"AAA": -1.0, "BBB": 1.0})


def test_lost_buyer_refuses_nonsense():
    coal = lost_buyer(years=(2019, 2021))
    with pytest.raises(InputError, match="no year 2010; it has 2019 to 2021"):
        coal.diverted(2010, 2021)
    with pytest.raises(InputError, match="CHN took no less in 2019 than in 2021"):
        coal.diverted(2021, 2019)
    with pytest.raises(InputError, match="wrong order"):
        lost_buyer(years=(2021, 2019))
    with pytest.raises(MissingValueError, match="LUX exported nothing under 0101"):
        lost_buyer("LUX", "CHN", ("0101",))


def test_partners_add_up():
    coal = lost_buyer()
    parts = coal.partners.groupby("year")[["value", "share"]].sum()
    assert parts["share"].to_numpy() == pytest.approx(1.0)
    assert parts["value"].to_numpy() == pytest.approx(coal.table["value"].to_numpy())


def test_technology_of_a_pair(world):
    table = technology_channels("RUS", "CHN", world)
    assert (table["status"] == "measured").all()
    assert len(table) == 2 * 5 * 3
    one = table[(table["country"] == "RUS") & (table["channel"] == "electronics and computers")].set_index(
        "measure"
    )
    flows = (world["intermediate"] + world["final"]).sel(importer="RUS", sector="C26")
    share = float(flows.sel(exporter="CHN") / (flows.sum() - flows.sel(exporter="RUS")))
    assert one.loc["import share", "value"] == pytest.approx(share)
    of_all = float(flows.sel(exporter="CHN") / flows.sum())
    rise = one.loc["price rise"]
    assert rise["low"] == pytest.approx(100 * ((1 - of_all) ** (-1 / 4.419917) - 1))
    assert rise["low"] < rise["value"] < rise["high"]
    back = table[(table["country"] == "CHN") & (table["measure"] == "import share")]
    assert (back["value"] < 0.02).all()  # the asymmetry


def test_the_question_on_technology_has_the_numbers_of_the_model(world):
    table = technology_channels("RUS", "CHN", world).set_index(["measure", "channel", "country"])["value"]
    answer = channels("RUS", "CHN", world=world)
    for row in answer.frame.to_dict("records"):
        key = row["technology"].replace("_", " "), row["country"]
        assert row["technology_share"] == table["import share", *key]
        assert row["technology_behind_share"] == table["look-through share", *key]
    assert [one.place for one in answer.findings] == ["channels.share.below"] * 2
    prices = answer.table("technology-prices").frame
    assert (prices.absence_percent_least < prices.absence_percent_most).all()


def test_look_through_counts_all_stages():
    """Against the full Leontief inverse of a small world."""
    small = random_world(countries=3, sectors=2, seed=4)
    one, two, _ = small.countries
    net = network(small)
    size, kinds = len(small.countries), len(small.sectors)
    use = net.links.sold(np.diag(1.0 / small.array("output").ravel()))
    inverse = np.linalg.inv(np.eye(size * kinds) - use)
    bought = (small.array("intermediate") + small.array("final"))[0][:, 0]
    demand = np.zeros((size, kinds))
    demand[:, 0] = bought
    content = (inverse @ demand.ravel()).reshape(size, kinds).sum(axis=1)
    sector = small.sectors[0]
    table = technology_channels(one, two, small, channels=(("first", (sector,)),)).set_index(
        ["country", "measure"]
    )
    # the iteration stops at 1e-12 of the right-hand side
    assert table.loc[(one, "look-through share"), "value"] == pytest.approx(
        content[1] / content.sum(), rel=1e-9
    )
    assert table.loc[(one, "price rise"), "status"] == "not measured"


def test_channels_without_data_say_so(world):
    thin = world.select(countries=["RUS", "CHN", "DEU"], sectors=["C26", "C27", "C28", "J62_63"])
    table = technology_channels("RUS", "CHN", thin)
    gap = table[table["channel"] == "telecommunications"]
    assert (gap["status"] == "not measured").all()
    assert gap["reason"].eq(NoTechnology.INDUSTRY).all()
    asked = channels("RUS", "CHN", world=thin).frame.set_index("technology")
    assert asked.technology_status["telecommunications"].eq("no_industry").all()
    assert gap["value"].isna().all()
    none = finance_channels("RUS", "CHN")
    assert (none["status"] == "not measured").all()
    assert none["reason"].eq(Lacking.TABLE).all()
    loans = pd.DataFrame({"country": ["RUS"], "commitments_bn": [169.5]})
    assert finance_channels("RUS", "USA", loans)["reason"].eq(Lacking.LENDER).all()
    assert finance_channels("DEU", "CHN", loans)["reason"].eq(Lacking.DEBTOR).all()
    some = finance_channels("RUS", "CHN", loans, exports=500_000.0).set_index("measure")
    assert some.loc["commitments over exports", "value"] == pytest.approx(0.339)
    assert some.loc["creditor share", "status"] == "not measured"
    whole = finance_channels("RUS", "CHN", loans, exports=5e5, external_debt=339_000.0).set_index("measure")
    assert whole.loc["creditor share", "value"] == pytest.approx(0.5)


def test_query_has_units_and_an_empty_table_of_production():
    units = query(embedded_store(), 'SELECT "view", "column", unit FROM units ORDER BY ALL')
    assert set(units["unit"]) == {"thousand USD", "tonnes"}
    assert query(embedded_store(), "SELECT * FROM production").empty


def test_query_has_names_of_countries_and_products():
    sql = (
        "SELECT c.country, p.name FROM trade t JOIN countries c ON c.number = t.exporter "
        "JOIN products p ON p.product = printf('%06d', t.product) WHERE t.year = ? ORDER BY t.value DESC LIMIT 1"
    )
    top = query(embedded_store(), sql, [2024])
    assert top["name"][0] == "Crude oil"


def test_the_same_question_gives_the_same_digits():
    """Parallel sums would differ in their last digits from run to run; a dossier's run id promises that they do not."""
    first, second = (replaceability("CHN", "RUS").table for _ in range(2))
    assert first.equals(second)


def test_risk_by_product_weighs_suppliers_by_governance():
    """Germany's cobalt oxides: concentration of exports times the weighted share, by hand from the flows."""
    row = replaceability("DEU", "COD", year=2019).table.set_index("product")
    some = replaceability("DEU", "FIN", year=2022).table.set_index("product").loc["282200"]
    flows = materials().query("product == '282200' and importer == 'DEU' and year == 2022")
    bought = flows.astype({"exporter": str}).set_index("exporter")["value"]
    stable = governance().query("year == 2022").drop_duplicates("country", keep="last").set_index("country")
    weight = 0.5 - stable["estimate"].reindex(bought.index) / 5
    assert some["risk"] == pytest.approx(
        some["world_concentration"] * (weight * bought).sum() / bought.sum(), rel=1e-9
    )
    assert row["risk"].between(0, 1).all()


def test_suppliers_without_an_indicator_leave_the_risk_open():
    bought = np.array([[98.0, 99.5, 0.0], [2.0, 0.5, 0.0]])
    found = import_risk(bought, ("FIN", "BLX"), 2022)  # no indicator for the union that ended in 1998
    assert np.isnan(found[[0, 2]]).all()
    assert 0 < found[1] < 0.5


def test_the_sole_buyer_of_a_small_seller_is_replaced():
    """Germany takes all the aluminium the Congo exports, which the world market does not notice."""
    row = replaceability("DEU", "COD").table.set_index("product").loc["760110"]
    assert row["seller_share"] == 1.0
    assert row["diverted"] > 0.99
    assert row["fall"] < 1.0


def test_both_directions_are_those_of_single_questions():
    for both, single in zip(
        replaceability_both("CHN", "RUS", rerouted=0.3),
        (replaceability("CHN", "RUS", rerouted=0.3), replaceability("RUS", "CHN", rerouted=0.3)),
        strict=True,
    ):
        assert (both.buyer, both.seller) == (single.buyer, single.seller)
        assert both.table.equals(single.table)
