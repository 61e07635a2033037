"""Goods that come by pipe: the price of other routes, going without, past stops, and one number at every door."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import suasion as su
from suasion.answers import Country
from suasion.products import connect, embedded_store
from suasion.products.piped import CENTRE, LEAST, MOST, Piped, piped_file, piped_goods, tried_stops
from suasion.queries import readings

BARRELS = 7.33  # barrels of crude oil in a tonne, the trade's usual figure
OIL, GAS = "270900", "271121"


def good(free: float, gap: float = 0.2, home: float = 0.0) -> Piped:
    """Half of a hundred thousand tonnes comes by pipe."""
    ends = np.ones(3)
    return Piped("AAA", "BBB", OIL, ("CCC",), gap * ends, free * ends, home * ends, 50.0, 100.0)


def test_where_routes_suffice_the_sellers_part_is_dearer_by_the_gap():
    """Price (1 + share gap)(1 + rise), loss the area under demand, which a fine sum approaches."""
    rise, loss = good(80.0).cost(CENTRE, 200.0, 100.0, 0.01, 0.3)
    assert rise == pytest.approx(1.1 * 1.01 - 1.0, rel=1e-12)  # closed form
    prices = np.linspace(1.0, 1.0 + rise, 20_001)
    area = np.trapezoid(200.0 * prices**-0.3, prices)
    assert loss == pytest.approx(area, rel=1e-8)  # error of the trapezoids


def test_what_no_route_carries_is_gone_without():
    """D p^-e = what is left; the loss is what was forgone, valued by demand, and no rent on the rest."""
    rise, loss = good(20.0, gap=0.0).cost(CENTRE, 200.0, 100.0, 0.0, 0.5)
    assert rise == pytest.approx(0.7**-2.0 - 1.0, rel=1e-12)  # (70 of 100)^(-1/.5)
    amounts = np.linspace(0.7, 1.0, 20_001)
    forgone = np.trapezoid(200.0 * (amounts**-2.0 - 1.0), amounts)
    assert loss == pytest.approx(forgone, rel=1e-7)  # error of the trapezoids
    assert good(0.0, gap=0.0).cost(CENTRE, 200.0, 100.0, 0.0, 0.01)[0] == pytest.approx(
        9.0
    )  # tenfold, no more


def test_a_wider_route_costs_no_more_and_home_production_helps():
    costs = [good(free).cost(CENTRE, 200.0, 100.0, 0.01, 0.3)[1] for free in np.linspace(0.0, 60.0, 61)]
    assert (np.diff(costs) <= 1e-9).all()  # rounding of sums of some hundred
    assert good(20.0, home=50.0).cost(CENTRE, 200.0, 100.0, 0.01, 0.3)[1] < costs[20]
    narrow = replace(good(20.0), free=np.array([20.0, 10.0, 60.0]))
    ends = [narrow.cost(end, 200.0, 100.0, 0.01, 0.3)[1] for end in (LEAST, CENTRE, MOST)]
    assert ends == sorted(ends)
    assert ends[0] < ends[2]


@pytest.mark.parametrize(("product", "count"), [(OIL, 8), (GAS, 13)])
def test_factors_of_the_file_are_those_of_past_stops(product, count):
    """The file's numbers are quantiles of the stops on record; each stop is held by the range of the others."""
    miss = tried_stops(product)["miss"]
    assert len(miss) == count
    expected = [miss.quantile(level) for level in (0.5, 0.05, 0.95)]
    assert piped_file()["price"][f"miss_{product}"] == pytest.approx(expected, abs=0.005)  # two decimals
    others = [miss.drop(place) for place in miss.index]
    held = [
        rest.quantile(0.05) <= miss[place] <= rest.quantile(0.95)
        for place, rest in zip(miss.index, others, strict=True)
    ]
    assert sum(held) >= count - 3  # six of eight and ten of thirteen lie inside: the least and largest cannot


def test_bulgaria_paid_for_crude_what_its_neighbours_did():
    """Bulgaria ended Russian crude at the start of 2024: a quarter dearer by the rule, a third in fact."""
    bulgaria = tried_stops(OIL).set_index("buyer").loc["BGR"]
    assert bulgaria["foreseen"] == pytest.approx(1.27, abs=0.01)  # BACI, two digits
    assert bulgaria["happened"] == pytest.approx(1.32, abs=0.01)


def test_published_costs_lie_in_the_ranges():
    """Hungary, February 2026: 13 USD a barrel dearer, up to 20 with transport (G. Gulyás, TASS, 26 February 2026).

    Slovakia, December 2024: 150 million euros a year for other gas than Russian by SPP, 177 by its ministry.
    """
    found = su.replaceability("HUN", "RUS").result[0]
    oil = next(one for one in found.piped if one.product == OIL)
    row = found.table.set_index("product").loc[OIL]
    barrel = row["value"] * 1e3 / (oil.lost * BARRELS)  # USD
    assert barrel * oil.gap[LEAST] < 13.0 < 20.0 < barrel * oil.gap[MOST]
    gas = su.replaceability("SVK", "RUS").result[0].table.set_index("product").loc[GAS]
    assert gas["loss_low"] < 150.0
    assert gas["loss_high"] > 177.0 * 1.08


@pytest.mark.evidence  # whole answers of three questions: half a minute
def test_every_door_gives_one_number():
    """The pair, the screen and the country page lose the same without Russia's crude oil, rerouted or not."""
    pair = su.replaceability("HUN", "RUS").frame.set_index("hs").loc[OIL]
    screen = su.screen("HUN").frame.set_index("hs").loc[OIL]
    page = su.country("HUN").table("raw-materials").frame.set_index("good").loc["Crude oil"]
    for end in ("", "_least", "_most"):
        assert screen[f"withheld_musd{end}"] == pair[f"withheld_musd{end}"]
    assert page["extra_musd"] == pair["withheld_musd"]
    assert 200.0 < pair["withheld_musd"] < 700.0  # 15 where oil was taken to be at hand at the world's price
    moved = su.replaceability("HUN", "RUS", rerouted=1.0).frame.set_index("hs").loc[OIL]
    assert moved["withheld_musd"] == pytest.approx(pair["withheld_musd"], rel=0.1)  # all but the world's rise


@pytest.mark.parametrize("both", ["HUN+SVK", "SVK+HUN"])
def test_two_who_share_a_pipe_may_go_short_together(both):
    """One pipe from the sea serves both: at its least it carries all that Hungary needs, and half of what the two do."""
    alone = {code: su.replaceability(code, "RUS").result[0] for code in ("HUN", "SVK")}
    made = su.replaceability(both, "RUS").result[0]
    oil = {code: next(one for one in found.piped if one.product == OIL) for code, found in alone.items()}
    (pipe,) = made.piped
    assert pipe.lost == pytest.approx(oil["HUN"].lost + oil["SVK"].lost, rel=1e-9)  # a sum of two
    assert pipe.carried[LEAST] < 0.6 < min(one.carried[LEAST] for one in oil.values())
    most = [one.table.set_index("product").loc[OIL, "loss_high"] for one in (*alone.values(), made)]
    assert most[2] > 2.0 * (most[0] + most[1])  # who goes without loses more than who pays more


def test_armenias_pipe_is_too_small_and_no_sum_is_given():
    answer = su.replaceability("ARM", "RUS")
    row = answer.table("piped").frame.iloc[0]
    assert row["carried_percent"] < 50.0 < row["carried_percent_most"]
    gas = answer.frame.set_index("hs").loc[GAS]
    assert gas["loss_status"] == "beyond"
    assert np.isnan(gas["withheld_musd"])
    assert any(one.key == "replaceability.pipe.short" for one in answer.findings)


def test_others_keep_the_worlds_price():
    """Japan and the EU as a whole have no entry, and a year without the flow has none."""
    store = embedded_store()
    with connect(store) as connection:
        now = {(one.buyer, one.product) for one in piped_goods(connection, 2024, "MDA")}
        then = {(one.buyer, one.product) for one in piped_goods(connection, 2021, "MDA")}
    assert ("MDA", GAS) in then
    assert ("MDA", GAS) not in now
    assert su.replaceability("JPN", "RUS").result[0].piped == ()


@pytest.mark.parametrize(
    "text",
    [
        "could Hungary replace Russian gas",
        "Hungary without Russian oil",
        "Kann Ungarn russisches Öl ersetzen",
        "Ungarn ohne Gas aus Russland",
    ],
)
def test_replacing_fuel_is_asked_good_by_good(text):
    first = readings(text)[0]
    assert (first.question, dict(first.arguments)) == ("replaceability", {"buyer": "HUN", "seller": "RUS"})


@pytest.mark.parametrize(("buyer", "seller"), [("HUN", "RUS"), ("SVK", "RUS"), ("BGR", None), ("DEU", None)])
def test_who_sells_by_pipe_is_named_beside_the_largest_partners(buyer, seller):
    """Of whom has power over a state, the seller of its pipes is told right after the partners that it needs most.

    Bulgaria has crude oil and gas from others by now, and Germany has none by one pipe: there nothing is told of pipes.
    """
    answer = su.country(buyer)
    ranked = sorted(answer.findings, key=lambda one: -one.weight)
    told = [one for one in ranked if one.key.startswith("country.piped")]
    assert bool(told) == bool(seller)
    assert ranked[0].key == "country.depends"
    if seller:
        assert ranked[1] is told[0]
        assert told[0].values["supplier"] == Country(seller)
        extra = [value for name, value in told[0].values.items() if name.startswith("extra")]
        assert all(one.low < one.value < one.high for one in extra)
