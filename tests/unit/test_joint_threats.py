"""Joint threats: fixed points against closed forms and a search, rules, and the answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from suasion.answers.values import Country, Quantity
from suasion.coercion.joint_ranges import with_ranges
from suasion.coercion.joint_threats import Camp, joint_threats
from suasion.coercion.leverage.intervals import interval_together
from suasion.coercion.leverage.matrix import leverage_matrix
from suasion.coercion.restored import ThreatRules, Ties, recruit, ties_of, unsure
from suasion.errors import InputError, SameCountryError
from suasion.questions import joint_threats as asked_of
from suasion.questions.joint_threats import _findings
from suasion.world import load_world
from suasion.world.testing import golden_world, random_world

ALONE = ThreatRules(counter=False)


@pytest.fixture(scope="module")
def world():
    return random_world(7, 3, seed=4)


@pytest.fixture(scope="module")
def matrix(world):
    return leverage_matrix(world, cache=False)


def ties(matrix, world, holder):
    return ties_of(matrix, holder, world.countries)


def everybody_but(count, *places):
    return ~np.isin(np.arange(count), places)


def drawn(seed, count=8):
    """Losses of pairs, in logs, zero with oneself."""
    pair = np.random.default_rng(seed).exponential(0.02, (count, count))
    np.fill_diagonal(pair, 0.0)
    return Ties(pair, pair[:, 0], pair[0])


def test_no_punishment_no_coalition():
    found = drawn(1)
    nothing = Ties(found.pair, np.zeros(8), found.own)
    ours, theirs = recruit(nothing, 1, everybody_but(8, 0, 1), ALONE)
    assert not ours.any()
    assert not theirs.any()


def test_at_no_ratio_everybody_joins():
    ours, _ = recruit(drawn(2), 1, everybody_but(8, 0, 1), ThreatRules(ratio=0.0, counter=False))
    assert ours.sum() == 6


@pytest.mark.parametrize("seed", range(20))
def test_the_coalition_is_the_least_fixed_point(seed):
    """One by one in a random order ends where all at once does, and everybody outside would rather stay there."""
    found, asked = drawn(seed), everybody_but(8, 0, 1)
    ours, _ = recruit(found, 1, asked, ALONE)
    single, order = np.zeros(8, dtype=bool), np.random.default_rng(seed + 100)
    while True:
        threat = found.held + found.pair[:, single].sum(1)
        willing = np.flatnonzero(asked & ~single & (threat > found.pair[:, 1]))
        if not willing.size:
            break
        single[order.choice(willing)] = True
    assert (single == ours).all()


@pytest.mark.parametrize("seed", range(20))
def test_rounded_losses_give_the_camps_of_exact_ones_once_close_ties_are_exact(seed):
    """Whatever the rounding, here of up to a fifth, and without asking for all ties."""
    exact, asked = drawn(seed, 12), everybody_but(12, 0, 1)
    rounding = np.random.default_rng(seed).uniform(-0.2, 0.2, (12, 12))
    pair, slack = exact.pair * (1.0 + rounding), 0.25 * exact.pair
    pair[:, 0], pair[0], slack[:, 0], slack[0] = exact.pair[:, 0], exact.pair[0], 0.0, 0.0
    known, solved = Ties(pair, exact.held, exact.own), 0
    for rules in (ThreatRules(), ALONE, ThreatRules(ratio=1.7)):
        while (wanted := unsure(known, slack, 1, asked, rules)).any():
            solved += int(wanted.sum())
            pair[wanted], slack[wanted] = exact.pair[wanted], 0.0
        for one, other in zip(recruit(known, 1, asked, rules), recruit(exact, 1, asked, rules), strict=True):
            assert (one == other).all()
    assert solved < 11 * 10


@pytest.mark.parametrize("seed", range(10))
def test_names_do_not_matter(seed):
    found, asked = drawn(seed), everybody_but(8, 0, 1)
    order = np.random.default_rng(seed).permutation(8)
    place = np.argsort(order)
    turned = Ties(found.pair[np.ix_(order, order)], found.held[order], found.own[order])
    for rules in (ALONE, ThreatRules()):
        one = recruit(found, 1, asked, rules)
        other = recruit(turned, int(place[1]), asked[order], rules)
        assert all((left[order] == right).all() for left, right in zip(one, other, strict=True))


@pytest.mark.parametrize("seed", range(10))
def test_each_rule_can_only_shrink_the_coalition(seed):
    found, asked = drawn(seed), everybody_but(8, 0, 1)
    free, _ = recruit(found, 1, asked, ALONE)
    tighter = (
        ThreatRules(),
        ThreatRules(ratio=2.0, counter=False),
        ThreatRules(tolerance=1.0, counter=False),
    )
    for rules in tighter:
        ours, theirs = recruit(found, 1, asked, rules)
        assert not (ours & ~free).any()
        assert not (ours & theirs).any()


def test_a_threat_beyond_the_tolerance_is_not_believed():
    ours, _ = recruit(drawn(3), 1, everybody_but(8, 0, 1), ThreatRules(tolerance=0.0, counter=False))
    assert not ours.any()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ratio": 0.5}, "ratio"),
        ({"tolerance": -1.0}, "tolerance"),
        ({"ratio": -1.0, "counter": False}, "ratio"),
    ],
)
def test_rules_out_of_range_are_refused(given, said):
    with pytest.raises(InputError, match=said):
        ThreatRules(**given)


def test_worth_of_threats_on_a_world(world, matrix):
    """Alone as in the matrix; losses are convex, so that together they are no less than one by one."""
    holder = world.countries[0]
    found = joint_threats(world, holder, rules=ALONE, matrix=matrix)
    table = found.table.set_index("state")
    alone = matrix.loss_percent.sel(partner=holder).to_series().drop(holder)
    assert table["solo_percent"].to_numpy() == pytest.approx(alone[table.index].to_numpy(), rel=1e-9)
    joined = table[table["joined"] > 0]
    assert len(joined)
    assert (joined["joint_percent"] > joined["separate_percent"]).all()
    bare = table[table["joined"] == 0]
    # the holder's own embargo solved twice, each time to 1e-9 of real expenditure
    assert bare["joint_percent"].to_numpy() == pytest.approx(bare["solo_percent"].to_numpy(), rel=1e-5)
    assert (table["multiplier"] > 1.0 - 1e-5).all()


def test_exempt_states_are_not_asked(world, matrix):
    holder, target, *others = world.countries
    rules = ThreatRules(counter=False, exempt=tuple(others))
    found = joint_threats(world, holder, [target], rules, matrix=matrix)
    assert found.table["joined"].tolist() == [0]
    assert set(found.camps["camp"]) == {Camp.EXEMPT.value}


def test_nobody_threatens_itself(world, matrix):
    with pytest.raises(SameCountryError, match="threaten itself"):
        joint_threats(world, world.countries[0], [world.countries[0]], matrix=matrix)


def test_a_joint_loss_has_the_range_of_its_ties():
    """Laid beside a table of the embedded world, whatever was solved; where nothing ships, the table is as it was."""
    world = load_world()
    found = asked_of("R", world=golden_world()).result
    assert "joint_percent_low" not in found.table
    row = {**found.table.iloc[0].to_dict(), "state": "RUS", "solo_percent": 0.2, "joint_percent": 4.5}
    camps = pd.DataFrame({"target": "RUS", "state": ["DEU", "CHN"], "camp": Camp.JOINS.value})
    there = replace(found, holder="USA", table=pd.DataFrame([row]), camps=camps)
    (told,) = with_ranges(there, world, "long").to_dict("records")
    alone = interval_together(world, ["RUS"], ["USA"], "long", 0.2)
    joint = interval_together(world, ["RUS"], ["USA", "DEU", "CHN"], "long", 4.5)
    for place, end in enumerate(("low", "high")):
        assert told[f"solo_percent_{end}"] == alone[place]
        assert told[f"joint_percent_{end}"] == joint[place]
    income = told["third_musd_high"] / (joint[1] - alone[1])
    assert told["third_musd_low"] == pytest.approx(income * (joint[0] - alone[0]), rel=1e-12)
    assert with_ranges(there, world, "months") is there.table


def test_the_answer_has_a_sentence_for_the_targets_that_weigh_most():
    answer = asked_of("R", world=golden_world())
    assert {one.key for one in answer.few(0)} == {"joint_threats.inequality"}
    assert [one.values["target"].code for one in answer.findings[:-1]] == list(
        answer.result.table.sort_values("third_musd", ascending=False)["state"]
    )
    assert answer.frame["joint_percent"].is_monotonic_decreasing


def test_of_one_target_everybody_else_has_a_place():
    answer = asked_of("R", target="C", world=golden_world())
    camps = answer.table("camps").frame
    assert camps["state"].tolist() == ["W"]
    assert set(camps["camp"]) <= {camp.value for camp in Camp}


def test_a_target_without_an_equilibrium_is_named():
    found = asked_of("R", world=golden_world()).result
    lost = found.table.assign(joint_status="no_equilibrium", joint_percent=np.nan)
    told = list(_findings(replace(found, table=lost), {"holder": Country("R")}))
    assert [one.key for one in told] == ["joint_threats.unsolved", "joint_threats.inequality"]
    assert {one.code for one in told[0].values["states"]} == {"C", "W"}
    assert told[0].values["worst"] == Quantity(lost["solo_percent"].max(), "percent")
