"""War risk: the game's closed forms against a search, its signs on worlds, and the low place of its answer."""

from __future__ import annotations

import json

import numpy as np
import pytest

from suasion.answers.answer import Answer
from suasion.cli.app import CANNOT, OK, run
from suasion.coercion.war_risk import TradePolicy, demand, dispute_risk, spread_of, war_risk
from suasion.equilibrium import Scenario, Tariff, TradeCost
from suasion.errors import InputError, SameCountryError
from suasion.questions import QUESTIONS, dispute
from suasion.world import load_world
from suasion.world.testing import random_world

#: Sums of a few floating-point numbers of size one.
EXACT = 1e-12
PRINTED = {
    "none": (99, 74),
    "tariff_first": (96, 49),
    "tariff_second": (77, 75),
    "tariffs": (44, 27),
    "costs": (23, 18),
}
"""USA-China in bn USD, long run, table of 2022 with estimated destinations, as first found by an independent solver."""
PRINTED_RISKS = {"tariff_first": 0.21, "tariff_second": 0.18, "tariffs": 0.48, "costs": 0.60}


@pytest.fixture(scope="module")
def table():
    return dispute_risk(load_world("icio2022"), "USA", "CHN")


def test_closed_forms():
    assert war_risk(3.0, 1.0, 2.0) == pytest.approx(0.25, abs=EXACT)
    assert demand(3.0, 1.0, 2.0) == pytest.approx(0.0, abs=EXACT)
    assert war_risk(3.0, 1.0, 4.0 / 3.0) == pytest.approx(0.0, abs=EXACT)
    # where nobody refuses any more, both branches of the demand meet
    assert demand(3.0, 1.0, 4.0 / 3.0) == pytest.approx(-1.0 / 3.0, abs=EXACT)
    assert demand(3.0, 1.0, 4.0 / 3.0 - 1e-6) == pytest.approx(-1.0 / 3.0, abs=2e-6)
    assert war_risk(1.0, 3.0, 2.0) == war_risk(3.0, 1.0, 2.0)
    assert war_risk(3.0, 1.0, 2.0) - war_risk(3.5, 1.3, 2.0) == pytest.approx(0.8 / 8.0, abs=EXACT)


@pytest.mark.parametrize("own", [0.0, 0.5, 3.0])
@pytest.mark.parametrize("other", [0.2, 1.0, 4.0])
@pytest.mark.parametrize("spread", [0.3, 1.0, 2.5])
def test_the_demand_is_the_best_there_is(own, other, spread):
    """Search over all demands, each accepted with the probability that the other's cost is at least as high."""
    asked = np.linspace(other - spread, other + spread, 200_001)
    refused = (asked - other + spread) / (2.0 * spread)
    best = int(np.argmax((1.0 - refused) * asked - refused * own))
    step = 2.0 * spread / 200_000  # the grid finds a maximum to a step
    assert demand(own, other, spread) == pytest.approx(asked[best], abs=step)
    assert war_risk(own, other, spread) == pytest.approx(refused[best], abs=1.0 / 200_000)


@pytest.mark.parametrize("risk", [0.01, 0.1, 0.5, 0.74])
def test_a_base_risk_and_its_spread_are_one_another(risk):
    assert war_risk(3.0, 1.0, spread_of(3.0, 1.0, risk)) == pytest.approx(risk, abs=EXACT)


@pytest.mark.parametrize("risk", [0.0, 0.75, 1.0, -0.1])
def test_no_base_risk_outside_its_range(risk):
    with pytest.raises(InputError, match="below three"):
        spread_of(3.0, 1.0, risk)


def test_no_private_information_no_game():
    with pytest.raises(InputError, match="above 0"):
        war_risk(3.0, 1.0, 0.0)
    with pytest.raises(InputError, match="cost the two nothing"):
        spread_of(-1.0, 0.5, 0.1)


def test_the_first_table_again(table):
    """Half of the last printed digit, and risks to half a point."""
    for policy, costs in PRINTED.items():
        rows = table.costs[table.costs["policy"] == policy]
        assert list(rows["war_cost_musd"] / 1e3) == pytest.approx(costs, abs=0.5)
    at = table.over_risks[table.over_risks["base_risk"].round(6) == 0.1].set_index("policy")["risk"]
    for policy, risk in PRINTED_RISKS.items():
        assert at[policy] == pytest.approx(risk, abs=0.005)


def test_decoupling_raises_the_risk_at_every_base_risk(table):
    frame = table.over_risks[table.over_risks["policy"] != TradePolicy.NONE.value]
    assert (frame["risk"] > frame["base_risk"]).all()
    assert (frame["sum_change_percent"] < 0).all()
    none = table.over_spreads[table.over_spreads["policy"] == TradePolicy.NONE.value]
    assert none["risk"].to_numpy() == pytest.approx(none["base_risk"].to_numpy(), abs=EXACT)
    assert (np.diff(none["risk"]) >= 0).all()
    assert (none["risk"].iloc[:3] <= EXACT).all()  # private information up to a third of the sum makes no war


def test_a_tariff_weakens_the_hand_of_who_sets_it(table):
    """It takes from the other's stake, so that the other has less to lose by war."""
    asks = table.costs.set_index(["policy", "state"])["ask_musd"]
    assert asks["tariff_first", "USA"] < asks["none", "USA"]
    assert asks["tariff_second", "CHN"] < asks["none", "CHN"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_signs_on_other_worlds(seed):
    world = random_world(4, 3, seed=seed)
    a, b, *others = world.countries
    found = dispute_risk(world, a, b)
    sums = found.costs.groupby("policy", sort=False)["war_cost_musd"].sum()
    assert sums["tariffs"] < sums["none"]
    assert sums["costs"] < sums["none"]
    # dearer trade with all others makes the trade of the two worth more: the risk falls
    dearer = Scenario("others", [TradeCost([a, b], others, 1.2)])
    own = dispute_risk(world, a, b, dearer)
    ranked = own.over_risks[own.over_risks["policy"] == "own"]
    assert (ranked["risk"] <= ranked["base_risk"]).all()


def test_order_of_sides_does_not_matter():
    world = random_world(4, 3, seed=1)
    a, b = world.countries[:2]
    one, two = dispute_risk(world, a, b), dispute_risk(world, b, a)
    left = one.costs.set_index(["policy", "state"])["war_cost_musd"]
    right = two.costs.set_index(["policy", "state"])["war_cost_musd"]
    turned = {"tariff_first": "tariff_second", "tariff_second": "tariff_first"}
    for (policy, state), cost in left.items():
        # two solves of one equilibrium, each to 1e-9 in logs of real expenditure
        assert right[turned.get(policy, policy), state] == pytest.approx(cost, rel=1e-5)


def test_nobody_is_on_both_sides():
    with pytest.raises(SameCountryError, match="both sides"):
        dispute_risk(load_world(), "DEU", "EU")


def test_base_risk_and_private_information_stand_in_one_sentence():
    answer = dispute("USA", "CHN", base_risk=0.2)
    told = [one for one in answer.findings if one.key == "dispute.risk"]
    assert len(told) == len(TradePolicy) - 2  # neither trade as it is, nor a policy of one's own
    for finding in told:
        assert {"base", "private", "risk"} <= set(finding.values)
        assert finding.values["base"].value == 0.2
        sentence = finding.sentence()
        assert all(finding.values[name].text in sentence for name in ("base", "private", "risk"))
    assert max(one.weight for one in answer.findings) <= 1.0
    assert [one.key for one in answer.few(0)] == ["dispute.assumed"]
    for table in answer.tables[1:]:
        assert {"base_risk", "private_musd", "risk"} <= {column.name for column in table.columns}


def test_a_policy_of_ones_own(tmp_path, capsys):
    file = tmp_path / "policy.yaml"
    file.write_text(Scenario("mine", [Tariff("USA", "CHN", 0.25)]).to_yaml(), encoding="utf-8")
    assert run(["dispute", "USA", "CHN", "--policy", str(file), "--format", "json"]) == OK
    plain = json.loads(capsys.readouterr().out)
    rows = Answer.from_dict(plain).frame
    by = rows.set_index(["policy", "state"])["war_cost_musd"]
    # the same tariff by file and by name: two solves
    assert by["own", "CHN"] == pytest.approx(by["tariff_first", "CHN"], rel=1e-5)
    assert plain["run"]["command"] == "suasion dispute USA CHN --policy policy.yaml"


def test_no_answer_for_two_at_war_or_outside():
    assert dispute("UKR", "RUS").absent.key == "dispute.at_war"
    assert dispute("USA", "PRK", world=load_world("icio2022")).absent.key == "dispute.outside"
    assert run(["dispute", "RUS", "UKR"]) == CANNOT


def test_groups_are_sides():
    rows = dispute("RUS", "EU").frame
    assert set(rows["state"]) == {"RUS", "EU"}


def test_it_is_asked_for_and_never_a_headline():
    """Its chapter stands among the slow ones, at the end; no summary, card or briefing is made of chapters."""
    from suasion.dossier.chapters import QUICK, SLOW

    assert QUESTIONS["dispute"].chapter == SLOW[-1]
    assert "dispute" not in QUICK
