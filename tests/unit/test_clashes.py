"""Base risk of a pair, and what it becomes: by the pair, by its trade at stake, and by the record."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from fits.clashes import panel
from suasion.cli.app import run
from suasion.coercion.war_risk import HIGHEST, dispute_risk, risk_ranges
from suasion.errors import InputError
from suasion.questions import dispute
from suasion.statecraft.clashes import FADES, YEARS, clash_chance, clash_model
from suasion.world.testing import random_world


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))


def test_rows_of_one_pair_by_hand():
    dyads = pd.DataFrame({"cow1": 2, "cow2": 20, "year": [1950, 1955, 1990, 2004, 2010]})
    found = pd.DataFrame({"cow1": [20, 2, 2], "cow2": [2, 20, 20], "year": [1949, 1960, 2014]})
    rows = panel(dyads, found, 2014)
    assert rows["event"].tolist()[:4] == [1.0, 1.0, 0.0, 1.0]
    assert np.isnan(rows["event"].iloc[4])  # ten years are not known yet
    assert rows["recent"].tolist()[:3] == pytest.approx(np.exp(np.array([-1, -6, -30]) / FADES))
    assert np.expm1(rows["count"]).tolist() == pytest.approx([1, 1, 0, 0, 0])


def test_pairs_differ_as_the_record_of_disputes_has_them():
    chances = {
        pair: clash_chance(*pair) for pair in (("CAN", "USA"), ("BRA", "VNM"), ("CHN", "USA"), ("CHN", "TWN"))
    }
    assert all(0.0 < one.low < one.probability < one.high < 1.0 for one in chances.values())
    assert (
        chances["BRA", "VNM"].probability
        < chances["CAN", "USA"].probability
        < chances["CHN", "USA"].probability
    )
    assert chances["CHN", "USA"].probability < chances["CHN", "TWN"].probability
    assert clash_chance("USA", "CHN") == clash_chance("CHN", "USA")
    assert clash_chance("USA", "EU") is None
    scores = clash_model()["scores"]["all"]
    assert scores["area"] > 0.9
    assert scores["log_skill"] > 0.3
    assert abs(scores["expected"] / scores["events"] - 1) < 0.1


def test_a_later_clash_of_the_record_counts_as_the_last(tmp_path):
    before = clash_chance("FJI", "TON")
    assert clash_chance("IND", "PAK").last == 2025
    file = tmp_path / "record.csv"
    head = "a,b,kind,start,end,value,what,source,locator\n"
    file.write_text(
        head + f"FJI,TON,dispute,{clash_model()['year']},,,A clash,A gazette,page 1\n", encoding="utf-8"
    )
    assert run(["data", "add", "dyad-record", str(file)]) == 0
    after = clash_chance("FJI", "TON")
    # no earlier dispute of theirs: the whole of what a fresh one adds
    assert logit(after.probability) - logit(before.probability) == pytest.approx(clash_model()["recent"])
    assert after.last == clash_model()["year"]
    assert expit(logit(before.probability) + clash_model()["recent"]) == pytest.approx(after.probability)


@pytest.fixture(scope="module")
def world():
    return random_world(4, 3, seed=1)


def test_what_war_costs_beyond_trade_dampens_what_a_policy_moves(world):
    a, b = world.countries[:2]
    plain, more = (dispute_risk(world, a, b, base_risk=0.1, beyond=part) for part in (0.0, 0.05))
    pd.testing.assert_frame_equal(
        plain.costs.drop(columns="demand_musd"), more.costs.drop(columns="demand_musd")
    )

    def moved(found):
        rows = found.over_risks[np.isclose(found.over_risks["base_risk"], 0.1)].set_index("policy")
        return rows["risk"] - 0.1

    peace = plain.costs[plain.costs["policy"] == "none"]
    trade = peace["war_cost_musd"].sum()
    beyond = 2 * 0.05 * (100 * peace["war_cost_musd"] / peace["war_cost_percent"]).min()
    policies = ["tariffs", "costs", "tariff_first", "tariff_second"]
    # the risk moves in proportion to the trade that is at stake in the whole cost of war
    assert moved(more)[policies].to_numpy() == pytest.approx(
        moved(plain)[policies].to_numpy() * trade / (trade + beyond), rel=1e-9
    )
    spans = risk_ranges(more, (0.1, 0.1), (0.0, 0.05))
    for policy in policies:
        ends = sorted((0.1 + moved(plain)[policy], 0.1 + moved(more)[policy]))
        assert spans[policy] == pytest.approx((max(ends[0], 0.0), min(ends[1], HIGHEST)), rel=1e-9)
    with pytest.raises(InputError, match="beyond=-1"):
        dispute_risk(world, a, b, beyond=-1.0)


def test_the_pairs_own_risk_is_asked_for_unless_one_is_given():
    own, given = dispute("USA", "CHN"), dispute("USA", "CHN", base_risk=0.1)
    assert own.result.base_risk == clash_chance("USA", "CHN").probability
    assert {one.key for one in own.findings} >= {"dispute.fitted", "dispute.risk"}
    assert given.result.base_risk == 0.1
    assert "dispute.fitted" not in {one.key for one in given.findings}
    for one in own.findings:
        if one.key == "dispute.risk":
            risk = one.values["risk"]
            assert risk.low <= risk.value <= risk.high
    assert YEARS == 10
