"""Straits: the rule of geography, ranges and their order, what is cited, and the answer."""

from __future__ import annotations

import json

import numpy as np
import pytest
from pandas.testing import assert_series_equal

from suasion.coercion.straits.model import (
    CENTRE,
    HARD,
    MILD,
    close_straits,
    coasts,
    passing,
    sea_share,
    shock_of,
    straits_file,
    straits_of,
)
from suasion.errors import InputError
from suasion.questions import QUESTIONS, straits
from suasion.world import load_world
from suasion.world.testing import golden_world

NAMES = tuple(straits_file()["straits"])
KEPT = ["CHN", "DEU", "ARE", "SAU", "IND", "UKR", "USA", "BRA", "FIN"]


@pytest.fixture(scope="module")
def world():
    return load_world()


@pytest.fixture(scope="module")
def small(world):
    return world.select(KEPT)


def place(world, *codes):
    return tuple(world.countries.index(code) for code in codes)


def test_every_economy_has_its_coasts(world):
    for crude in (False, True):
        names, parts = coasts(world, crude)
        assert parts.shape == (len(world.countries), len(names))
        states = np.isin(world.countries, world.states)  # the rest of the world is everywhere
        assert parts.sum(1)[states] == pytest.approx(1.0, abs=1e-12)  # sums of a few decimals
    listed = [code for codes in straits_file()["coasts"].values() for code in codes.split()]
    assert len(listed) == len(set(listed))
    assert not set(listed) & set(straits_file()["parts"])


def test_a_world_of_ones_own_has_no_coasts():
    with pytest.raises(InputError, match="No coast is known"):
        close_straits(golden_world(), ["suez"])


def test_every_number_is_cited_or_an_assumption_with_a_range():
    """Ranges hold their centres; sources are in the file; who is missing is not in the table."""
    file = straits_file()
    known = {*file["sources"], "assumption"}
    numbers = [*file["sea"].items(), *file["time"].items()]
    for strait in file["straits"].values():
        assert {"source", "oil_mbd", "missing"} <= set(strait)
        numbers += strait.items()
        if paid := strait.get("tolls"):
            assert paid["source"] in known
            assert paid["musd"] > 0.0
    for name, value in numbers:
        if name.endswith("source"):
            assert value in known, name
        if isinstance(value, list):
            centre, least, most = value
            assert least <= centre <= most
            assert least < most
    assert "oil" in known  # of the flows of oil


@pytest.mark.parametrize("name", NAMES)
def test_who_passes_is_the_same_both_ways_and_at_most_what_goes_by_ship(world, name):
    share = passing(world, name)
    assert (share == share.T).all()
    assert (share >= 0.0).all()
    assert (share <= sea_share(world) + 1e-12).all()
    assert not np.diag(share).any()


def test_known_pairs(world):
    """Two sides of a strait, one side of it, a part of a coast, one land mass."""
    sea = straits_file()["sea"]
    apart, joined = sea["apart"][CENTRE], sea["joined"][CENTRE]
    gulf, suez, malacca = (passing(world, name) for name in ("hormuz", "suez", "malacca"))
    assert gulf[place(world, "ARE", "JPN")] == apart
    assert gulf[place(world, "DEU", "JPN")] == 0.0
    assert suez[place(world, "ITA", "JPN")] == pytest.approx(apart)
    assert suez[place(world, "ITA", "USA")] == 0.0
    assert suez[place(world, "ITA", "EGY")] == pytest.approx(0.4 * apart)
    assert malacca[place(world, "JPN", "KOR")] == 0.0
    assert malacca[place(world, "JPN", "IND")] == apart
    assert malacca[place(world, "JPN", "SGP")] == 0.0
    assert passing(world, "bosporus")[place(world, "UKR", "DEU")] == pytest.approx(joined)
    crude = passing(world, "bosporus", crude=True)
    assert crude[place(world, "KAZ", "ITA")] > passing(world, "bosporus")[place(world, "KAZ", "ITA")]


def test_a_way_round_costs_days_and_none_takes_the_flow(world):
    file = straits_file()
    goods = world.sectors.index("C26")
    services = world.sectors.index("K")
    crude = world.sectors.index("B06")
    days, day = file["straits"]["suez"]["days"][HARD], file["time"]["day"][HARD]
    cost = shock_of(world, "suez", HARD).trade_cost
    pair = place(world, "ITA", "JPN")
    assert cost[(*pair, goods)] == pytest.approx(1.0 + file["sea"]["apart"][HARD] * days * day)
    assert cost[(*pair, services)] == 1.0
    left = shock_of(world, "hormuz").left
    gulf = file["straits"]["hormuz"]
    pair, apart = place(world, "JPN", "ARE"), file["sea"]["apart"][CENTRE]
    assert left[(*pair, goods)] == pytest.approx(1.0 - apart * (1.0 - gulf["kept"][CENTRE]))
    assert left[(*pair, crude)] == pytest.approx(1.0 - apart * (1.0 - gulf["kept_of_crude"][CENTRE]))


@pytest.mark.parametrize("name", NAMES)
def test_ends_of_ranges_are_in_order(small, name):
    """More days, more ships, less by land: each flow is left less, and all together lose more."""
    found = close_straits(small, [name])[0]
    centre, least, most = found.world_musd
    assert least < centre < most <= 0.0
    assert (found.table["closing_percent_least"] <= found.table["closing_percent"]).all()
    assert (found.table["closing_percent"] <= found.table["closing_percent_most"]).all()
    mild, hard = (shock_of(small, name, end) for end in (MILD, HARD))
    if mild.left is not None:
        assert (hard.left <= mild.left).all()
    else:
        assert (hard.trade_cost >= mild.trade_cost).all()


def test_missing_producers_make_a_lower_bound(small):
    answer = straits(name="hormuz", world=small)
    assert answer.frame["bound"].tolist() == ["lower_bound"]
    assert "QAT" in answer.result[0].missing
    assert answer.findings[0].key == "straits.loss.lower_bound"
    assert straits(name="danish", world=small).findings[0].key == "straits.loss.whole"


def test_both_sides_of_a_strait_have_their_losses(small):
    """Each economy stands on one side; a loss is the change with its sign turned, and so are its ends."""
    answer = straits(name="hormuz", world=small)
    here, there = (answer.table(f"strait-{side}").frame for side in ("behind", "beyond"))
    assert set(here["state"]) == {"ARE", "SAU"}
    assert len(here) + len(there) == sum(code != "ROW" for code in small.countries)
    change = answer.table("strait-changes").frame.set_index("state")["closing_percent"]
    for side in (here, there):
        assert side["loss_percent"].tolist() == (-change[side["state"]]).tolist()
        assert (side["loss_percent_least"] <= side["loss_percent"]).all()
        assert (side["loss_percent"] <= side["loss_percent_most"]).all()
    assert here.set_index("state").loc["ARE", "sold_musd"] > here.set_index("state").loc["ARE", "bought_musd"]


def test_central_numbers_come_without_the_ends_of_ranges(small):
    first = QUESTIONS["straits"].central_first({})
    assert first == {"ends": False}
    told = []
    answer = straits(name="hormuz", state="IND", world=small, **first)
    whole = straits(name="hormuz", world=small, progress=lambda done, total, what: told.append((done, total)))
    central, full = (one.table("strait-changes").frame.set_index("state") for one in (answer, whole))
    assert_series_equal(central["closing_percent"], full.loc[central.index, "closing_percent"])
    assert central["closing_percent_least"].isna().all()
    assert [one.key for one in answer.findings[:2]] == [
        "straits.state.lower_bound_central",
        "straits.loss.lower_bound_central",
    ]
    assert told == [(1, 3), (3, 3)]
    json.dumps(answer.to_dict(), allow_nan=False)


def test_what_passes_is_sold_by_one_and_bought_by_another(small):
    table = close_straits(small, ["suez"])[0].table
    assert table["sold_musd"].sum() == pytest.approx(table["bought_musd"].sum())


def test_straits_that_matter_are_those_of_the_coast_and_of_much_trade():
    world = load_world()
    assert "hormuz" in straits_of(world, "JPN")
    assert straits_of(world, "KWT") == ("hormuz",)  # no row of the table: its coast alone is known
    assert "hormuz" not in straits_of(world, "HUN")


def test_the_dearest_strait_is_told_first(small):
    answer = straits(world=small)
    assert answer.frame["strait"].tolist() == [one.strait for one in answer.result]
    assert answer.frame["closing_musd"].is_monotonic_increasing
    assert len(answer.table("strait-changes").frame) == len(NAMES) * len(small.countries)


def test_an_unknown_strait_is_refused(small):
    with pytest.raises(InputError, match="no strait 'gibraltar'"):
        straits(name="gibraltar", world=small)
