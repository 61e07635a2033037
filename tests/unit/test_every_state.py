"""The world of every state: accounts, what stays of the known, who answers, and ranges that hold the doubt."""

from __future__ import annotations

import math
from importlib import import_module

import numpy as np
import pytest

import suasion as su
from suasion.answers.render.lines import findings_of
from suasion.coercion.leverage.carried import ELASTICITIES, estimated_ends
from suasion.errors import InputError
from suasion.questions.states import codes_named, doubts, world_for
from suasion.sources.published_flows import REST, regions
from suasion.sources.state_estimates import goods_sold
from suasion.world import load_world
from suasion.world.every_state import DOUBT, coefficients, doubt_of, estimated_states, state_world
from suasion.world.reconciled import reconciled_table

KNOWN = 80


@pytest.fixture(scope="module")
def world():
    return state_world()


@pytest.fixture(scope="module")
def flows(world):
    return world.array("intermediate") + world.array("final")


def test_accounts_are_exact_and_the_world_is_closed(world, flows):
    bought = world.array("intermediate").sum(1)
    assert world.array("input_use").sum(1) == pytest.approx(bought, rel=1e-9, abs=1e-6)
    made = world.array("value_added") + world.array("input_use").sum(2)
    assert made == pytest.approx(flows.sum(0), rel=1e-9, abs=1e-6)
    abroad = flows.sum(2)
    np.fill_diagonal(abroad, 0.0)
    assert abroad.sum(0).sum() == pytest.approx(abroad.sum(1).sum(), rel=1e-12)  # sums in another order
    assert (flows >= 0).all()


def test_what_is_known_stays(world, flows):
    base = reconciled_table(2023)
    assert world.countries[:KNOWN] == regions()[:-1]
    assert np.array_equal(world.array("input_use")[:KNOWN], base.use[:-1])
    assert world.array("value_added")[:KNOWN] == pytest.approx(base.earned[:-1], rel=1e-9, abs=1e-6)
    abroad = ~np.eye(KNOWN, dtype=bool)
    assert np.array_equal(flows[:KNOWN, :KNOWN][abroad], base.flow[:-1, :-1][abroad])
    rest = flows[:KNOWN, KNOWN:].sum(1)  # what each buys from the rest, by industry
    assert rest == pytest.approx(base.flow[:-1, -1], rel=1e-9, abs=1e-6)
    sold = flows[KNOWN:, :KNOWN, :27].sum(0)  # goods; part of the services is sold at home
    assert sold == pytest.approx(base.flow[-1, :-1, :27], rel=1e-9, abs=1e-6)


def test_trade_and_product_of_estimated_economies_are_those_of_the_record(world, flows):
    from suasion.sources.macro import macro

    gdp = macro("gdp")[2023]
    earned = dict(zip(world.countries, world.array("value_added").sum(1), strict=True))
    left = np.median([earned[code] / gdp[code] for code in world.countries[:KNOWN] if gdp.get(code, 0) > 0])
    big = [code for code in estimated_states() if gdp.get(code, 0) > 20_000]
    assert len(big) > 40
    # Value added is aimed at domestic product; what is left of negative sales at home moves it, for oil exporters most.
    assert [earned[code] / gdp[code] / left for code in big] == pytest.approx([1.0] * len(big), rel=0.1)
    at = world.countries.index
    china = flows[at("CHN"), at("MNG")].sum()
    assert (
        0.75 < china / (flows[:, at("MNG")].sum() - flows[at("MNG"), at("MNG")].sum()) < 0.97
    )  # customs: .92


def test_classes_and_doubt(world):
    classes = estimated_states()
    assert (classes["MNG"], classes["IRN"], classes["PRK"]) == ("A", "B", "C")
    assert len(classes) == 116
    assert doubt_of(world, "MNG", ("CHN",)) == DOUBT["A"]
    assert doubt_of(world, "CHN", ("PRK",)) == DOUBT["C"]
    assert doubt_of(world, "CHN", ("RUS",)) == 0.0
    assert doubt_of(load_world("reconciled", 2023), "CHN", (REST,)) == 0.0


def test_ranges_hold_the_doubt_and_the_elasticities(world):
    first, second = estimated_ends(world, ("MNG", "CHN"), "long", (20.0, 0.1))
    low, high = (math.exp(1.6448536 * math.hypot(DOUBT["A"], one)) for one in ELASTICITIES["long"])
    assert first[:2] == pytest.approx((20.0 / low, 20.0 * high), rel=1e-6)
    assert first[3] * second[4] == pytest.approx(1.0)  # ends of a ratio and of its inverse
    assert first[2] + second[2] == pytest.approx(1.0)
    assert estimated_ends(world, ("RUS", "CHN"), "long", (1.0, 1.0)) is None
    assert estimated_ends(world, ("MNG", "CHN"), "months", (1.0, 1.0)) is None


def test_who_is_named_decides_the_world(monkeypatch):
    monkeypatch.setattr("suasion.world.every_state.taxed_state_world", state_world)
    usual = load_world()
    given = {"a": "IRN", "b": "China", "world": None}
    assert codes_named(given, ()) == ("IRN", "CHN")
    assert codes_named({"scenario": "embargo USA on Iran"}, ("scenario",)) == ("USA", "IRN")
    assert world_for({**given, "world": usual}, ("RUS", "CHN")) == {}
    own = usual.select(["RUS", "CHN"])
    assert world_for({**given, "world": own}, ("IRN", "CHN")) == {}  # one's own world stays
    assert len(world_for(given, ("IRN", "CHN"))["world"].countries) == 196


def test_words_say_who_is_estimated(world):
    found = {one.key: one for one in doubts(("IRN", "CHN", "XKX", "GRL"), world)}
    assert set(found) == {"posed.estimated_b", "posed.within", "posed.territory"}
    assert all(one.caution for one in found.values())
    assert [one.key for one in doubts(("RUS", "CHN"), world)] == ["posed.every_state"]
    assert list(doubts(("IRN",), load_world("reconciled", 2023))) == []


def test_one_year_and_one_set_of_states():
    with pytest.raises(InputError, match="2023, not 2022"):
        load_world(states="all", year=2022)
    with pytest.raises(InputError, match="give 'all'"):
        load_world(states="some")


def test_technologies_are_weighted_by_what_users_make():
    use = np.array([[[1.0, 1.0], [2.0, 0.0]], [[4.0, 0.0], [1.0, 1.0]]])
    output = np.array([[10.0, 10.0], [10.0, 30.0]])
    # By hand: user 0 has half of the first's output and a quarter of the second's, coefficients .1 and .4.
    found = coefficients(np.array([[0.5, 0.5]]), use, output)
    assert found[0, 0, 0] == pytest.approx((0.5 * 0.1 + 0.25 * 0.4) / 0.75)


def test_only_goods_that_an_estimated_economy_is_known_to_sell_are_named(world):
    """Zambia sells copper; how much food it sells is of the economies that it is like."""
    listed, known = goods_sold(), import_module("suasion.questions.verdict.goods")._known
    assert set().union(*listed.values()) <= set(world.sectors) | {"D"}
    assert (
        len(set(estimated_states()) - set(listed)) <= 2
    )  # the rest of the rest, and one that the Factbook says nothing of
    rows = [
        {"industry": one, "value_musd": value}
        for one, value in (("C10T12", 9.0), ("C24B", 5.0), ("B07", 1.0))
    ]
    assert [one["industry"] for one in known("ZMB", rows)] == ["C24B", "B07"]
    assert known("ZMB", rows[:1]) == rows[:1]
    assert known("BRA", rows) == rows


@pytest.mark.parametrize(("code", "key"), [("XKX", "posed.within"), ("GRL", "posed.territory")])
def test_a_refusal_says_where_the_trade_of_who_is_refused_is(code, key):
    answer = su.exit_cost(code, "CHN")
    why = next(one for one in answer.findings if one.key == key)
    assert answer.absent is not None
    assert findings_of(answer) == [f"{answer.absent.sentence()} {why.sentence()}"]
