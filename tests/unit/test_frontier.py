"""The frontier of sanctions: gradients, corners, checks, answers, coalitions, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from suasion.cli.app import run
from suasion.coercion.frontier.ascent import Ascent, Objective
from suasion.coercion.frontier.by_country import each_for_itself
from suasion.coercion.frontier.coalition import coalition_gains, credibility, equalise
from suasion.coercion.frontier.contest import contest_of, frontier
from suasion.coercion.frontier.policy_space import (
    Move,
    board_on,
    chosen_groups,
    real_flows,
    sector_groups,
    welfare_slope,
)
from suasion.coercion.frontier.response import nash_tariffs
from suasion.coercion.frontier.rows import CHANGES, changes_over, leakage
from suasion.coercion.frontier.secondary import secondary_sanctions
from suasion.coercion.frontier.tolerance import most_harm
from suasion.equilibrium import Elasticities, Scenario, Tariff, simulate
from suasion.equilibrium.adjoint.point import point_of
from suasion.equilibrium.flags import LOSS
from suasion.errors import InputError, NotInWorldError, SameCountryError
from suasion.questions import QUESTIONS
from suasion.questions.frontier import about
from suasion.questions.frontier import frontier as ask
from suasion.questions.posed import coalition_of
from suasion.world.load import load_world
from suasion.world.testing import golden_world, random_world, symmetric_world

LAMBDAS = (0.0, 0.25, 1.0, 2.0, 5.0)
OWN = Elasticities(sigma={"energy": 6.0, "other": 3.0})


@pytest.fixture(scope="module")
def found():
    return frontier(
        golden_world(), "W", "R", ("tariff", "export_tax"), lambdas=LAMBDAS, elasticities=OWN, restarts=1
    )


@pytest.fixture(scope="module")
def contest():
    return contest_of(golden_world(), ("C", "W"), "R", ("tariff", "export_tax", "finance"), elasticities=OWN)


def test_slopes_by_move_are_those_of_differences(contest):
    """Every kind of move, at a point that is not the base. Central differences of 1e-4 are good to about 1e-7."""
    board, rng = contest.board, np.random.default_rng(3)
    policy = rng.uniform(0.05, 0.2, contest.high.size)
    weight = rng.normal(size=3)
    exact = welfare_slope(board, point_of(board.solve(policy)), weight, 1e-10).by_move

    def value(trial):
        return weight @ np.log1p(board.variation(board.solve(trial)) / board.spending)

    for place in range(policy.size):
        step = np.zeros(policy.size)
        step[place] = 1e-4
        rough = (value(policy + step) - value(policy - step)) / 2e-4
        assert exact[place] == pytest.approx(rough, abs=1e-7)


def test_slope_of_a_transfer_is_that_of_differences():
    contest = contest_of(golden_world(), "W", "R", elasticities=OWN)
    board = board_on(contest.board.economy, [Move("gift", "transfer", np.array([0.01, 0.0, -0.01]))])
    point = point_of(board.solve(np.array([0.5])))
    exact = welfare_slope(board, point, np.array([1.0, 0.0, 0.0]), 1e-10).by_move
    ends = [np.log1p(board.variation(board.solve(np.array([x]))) / board.spending)[0] for x in (0.499, 0.501)]
    assert exact[0] == pytest.approx((ends[1] - ends[0]) / 2e-3, rel=1e-6)


def test_the_target_loses_more_as_lambda_rises(found):
    assert found.checks.monotone
    assert found.checks.own_monotone
    harm = -found.points.harm_musd.to_numpy()
    assert (np.diff(harm) < 0).all()


def test_draws_are_of_the_policies_as_they_were_chosen(found):
    """At the central elasticities they do what they did; where goods replace each other less, more."""
    central = found.contest.board.economy.parameters
    stiff = replace(central, sigma=1.0 + 0.8 * (central.sigma - 1.0))
    same, other = changes_over(found.contest, found.stands, [central, stiff])
    # Draws are solved to 1e-9 in logs.
    np.testing.assert_allclose(same, found.points[list(CHANGES)], rtol=1e-6, atol=1e-6 * found.contest.scale)
    assert (other["harm_musd"] > same["harm_musd"]).all()


def test_no_point_of_the_frontier_beats_another_at_its_own_lambda(found):
    """Concave envelope, checked on the table itself."""
    own, harm = found.points.own_change_musd.to_numpy(), -found.points.harm_musd.to_numpy()
    for weight, mine in zip(found.points.harm_weight, own - found.points.harm_weight * harm, strict=True):
        # 1e-8 of a trade of about one million USD.
        assert mine >= (own - weight * harm).max() - 1e-8
    assert found.checks.envelope


def test_the_curve_from_below_is_there_first_and_says_that_it_is_unchecked(found):
    first = QUESTIONS["frontier"].central_first({})
    assert first == {"from_above": False}
    assert QUESTIONS["frontier"].central_first({"from_above": "false"}) == {}
    small = {"weights": (0.0, 1.0), "groups": ("B", "C"), "world": load_world("g20")}
    below = ask(("USA",), "RUS", **small, **first)
    assert "frontier.holds_below" in {note.key for table in below.tables for note in table.notes}
    both = ask(("USA",), "RUS", **small)
    # The same tops: climbs stop at a gradient of 1e-7 of the trade at stake, of about 20 billion USD.
    assert below.frame["harm_musd"].to_numpy() == pytest.approx(both.frame["harm_musd"], rel=1e-3)
    assert below.result.checks.solves < both.result.checks.solves


def test_both_ends_and_random_starts_agree(found):
    # Objectives of about .01 to 1 million USD; climbs stop at 1e-13 of the trade at stake or a flat gradient.
    assert found.checks.two_ways_musd < 1e-8
    assert found.checks.restart_gain_musd < 1e-8
    assert found.checks.restarts == 3


def test_senders_gain_at_lambda_zero_and_pay_at_the_other_end(found):
    assert found.points.own_change_musd.iloc[0] > 0
    assert found.points.own_change_musd.iloc[-1] < 0
    assert np.isnan(found.points.harm_per_cost.iloc[0])


def test_envelope_theorem(found):
    """The objective's derivative by lambda is the harm: between two lambdas it lies between the harms at both."""
    value, harm, weight = (
        found.points[name].to_numpy() for name in ("objective_musd", "harm_musd", "harm_weight")
    )
    slope = np.diff(value) / np.diff(weight)
    assert (slope >= harm[:-1] - 1e-9).all()
    assert (slope <= harm[1:] + 1e-9).all()


def test_an_embargo_is_found_where_taxes_are_bounded_too_low(contest):
    """With a cap of 5 per cent on every tax, much weight on harm makes an exact embargo the better policy."""
    climber = Ascent(contest.board, contest.scale)
    low = np.zeros(contest.high.size)
    taxes = contest.ours & np.array([kind != "finance" for kind in contest.means_of])
    aim = Objective(contest.senders, contest.target, 50.0, taxes, low, np.full(contest.high.size, 0.05))
    inner = climber.climb(aim, low, low.astype(bool))
    best = climber.corners(aim, inner)
    assert best.closed.any()
    assert best.value > inner.value
    shut = np.asarray(contest.board.moves[int(np.flatnonzero(best.closed)[0])].where)
    assert real_flows(best.solved)[shut].max() == 0.0


def test_embargoes_tried_together_are_worth_what_each_is_alone(contest):
    """Batches start from the base and single policies from the last one: both end within 1e-10 of the equations."""
    climber, aim = Ascent(contest.board, contest.scale), contest.aim(1.0)
    policy, none = np.where(contest.ours, 0.1, 0.0), np.zeros(contest.high.size, dtype=bool)
    trials = [(policy, np.arange(none.size) == place) for place in np.flatnonzero(aim.free)[:2]]
    values = climber._values(aim, [(policy, none), *trials])
    alone = [climber.stand(aim, *trial).value for trial in [(policy, none), *trials]]
    assert values == pytest.approx(alone, abs=1e-8 * contest.scale)


def test_a_curve_followed_ends_where_climbs_end(contest):
    """By the curvature of the last top or from scratch: at both the slope is below 1e-7 of what is at stake."""
    climber, low = Ascent(contest.board, contest.scale), np.zeros(contest.high.size)
    first = climber.climb(contest.aim(1.0), low, low.astype(bool))
    followed = climber.follow(contest.aim(1.2), first.policy, first.closed, along=True)
    climbed = Ascent(contest.board, contest.scale).climb(contest.aim(1.2), low, low.astype(bool))
    assert followed.value == pytest.approx(climbed.value, abs=1e-9 * contest.scale)
    # All tariffs up and all export taxes down alike change nothing (Lerner), so that policies may differ.
    assert followed.variation == pytest.approx(climbed.variation, abs=1e-6 * contest.scale)
    assert followed.solved.certificate is not None


def test_financial_wedge_is_not_used_for_gain_and_used_for_harm(contest):
    climber = Ascent(contest.board, contest.scale)
    start = np.zeros(contest.high.size)
    finance = np.flatnonzero(contest.ours & np.array([k == "finance" for k in contest.means_of]))[0]
    assert climber.climb(contest.aim(0.0), start, start.astype(bool)).policy[finance] == 0.0
    only = contest.aim(50.0)
    free = np.zeros(start.size, dtype=bool)
    free[finance] = True
    alone = Objective(only.own, only.harmed, 50.0, free, only.low, only.high)
    assert climber.climb(alone, start, start.astype(bool)).policy[finance] > 0.0


def test_answer_once_and_nash_cost_the_senders():
    calm, once, nash = (
        frontier(golden_world(), "W", "R", lambdas=(0.0, 1.0), elasticities=OWN, restarts=0, response=how)
        for how in ("none", "once", "nash")
    )
    assert (once.points.own_change_musd < calm.points.own_change_musd).all()
    assert (once.points.harm_musd < calm.points.harm_musd).all()
    assert {"W", "R"} == set(nash.rates.imposer)
    # Nobody gains by moving alone from the resting point, to 1e-6 of what is at stake.
    contest, stand = nash.contest, nash.stands[1]
    climber = Ascent(contest.board, contest.scale)
    for aim in (contest.aim(1.0), contest.answer()):
        here = climber.stand(aim, stand.policy, stand.closed)
        assert climber.climb(aim, stand.policy, stand.closed).value - here.value < 1e-6 * contest.scale


@pytest.mark.evidence  # wars are in tests/identities/test_nash.py
def test_nash_tariffs_leave_somebody_worse_off_than_acting_alone():
    war = nash_tariffs(golden_world(), ("R", "C", "W"), elasticities=OWN, draws=2)
    assert war.gap < 1e-5
    alone, all_of = (
        war.outcomes[war.outcomes.war_stage == stage].set_index("imposer") for stage in ("alone", "war")
    )
    assert (alone.welfare_change_percent > 0).all()
    assert (all_of.welfare_change_percent < alone.welfare_change_percent).all()
    assert all_of.tariff_percent.between(5, 100).all()
    drawn, rate = war.band(0.9, "tariff_percent").values.T, war.outcomes.tariff_percent
    ends = war.outcomes[["tariff_percent_low", "tariff_percent_high"]].T.to_numpy()
    # Each draw is a war of its own; the band of two draws holds the number that it is of.
    np.testing.assert_allclose(ends, [np.minimum(drawn[0], rate), np.maximum(drawn[1], rate)])
    assert (drawn[0] < drawn[1]).all()
    assert np.isfinite(war.rates["war_rate_percent_low"]).all()


def test_leakage_counts_what_others_buy_instead():
    before = np.zeros((3, 3, 1))
    before[0, 1], before[2, 1] = 10.0, 5.0
    after = before.copy()
    after[0, 1], after[2, 1] = 2.0, 7.0
    senders, target = np.array([True, False, False]), np.array([False, True, False])
    assert leakage(before, after, senders, target) == pytest.approx(0.25)
    assert np.isnan(leakage(before, before, senders, target))


def test_bystanders_take_up_part_of_the_lost_sales(found):
    assert found.points.leaked_percent.between(0.0, 100.0).all()


def test_members_do_more_harm_together_than_apart():
    gains = coalition_gains(golden_world(), ("C", "W"), "R", means=("export_tax",))
    assert gains.table.share_percent.iloc[-1] == pytest.approx(100.0)
    assert gains.convex
    assert gains.together_over_alone > 1.0
    assert gains.elasticity > 1.0
    assert gains.table.added_harm_musd.sum() == pytest.approx(gains.table.harm_musd.iloc[-1])


def test_harm_is_convex_in_the_share_of_the_coalition():
    """Equal suppliers join an export ban one by one: each does more harm than the one before (Hausmann and others).

    At the last join the coalition holds all foreign supply, and the first of four did least for the same share.
    """
    world = symmetric_world(5, 0.6)
    gains = coalition_gains(world, world.countries[1:], world.countries[0], means=("export_tax",))
    # All have a quarter of the target's imports, so that equal steps of the share are compared.
    assert gains.table.share_percent.tolist() == pytest.approx([25.0, 50.0, 75.0, 100.0])
    assert (np.diff(gains.table.added_harm_musd) > 0).all()
    assert gains.together_over_alone > 1.5
    assert gains.elasticity > 1.0


def test_transfers_make_members_lose_alike():
    contest = contest_of(random_world(4, 2, seed=5), ("C1", "C2"), "C3", elasticities=Elasticities(sigma=4.0))
    climber = Ascent(contest.board, contest.scale)
    start = np.zeros(contest.high.size)
    stand = climber.climb(contest.aim(2.0), start, start.astype(bool))
    before, after = by_transfers(equalise(contest, stand).table)
    assert np.ptp(after.loss_percent) < 1e-6
    assert after.transfer_musd.sum() == pytest.approx(0.0, abs=1e-9)
    assert np.ptp(before.loss_percent) > 1e-2
    assert (before.transfer_musd == 0.0).all()


def by_transfers(table):
    """Rows without transfers and with them, by member."""
    return (table[table.transfers == which].set_index("member") for which in ("without", "with"))


def unequal():
    """Two senders of which one loses sooner."""
    world = random_world(4, 2, seed=6)
    return contest_of(world, ("C1", "C2"), "C3", elasticities=Elasticities(sigma=4.0))


@pytest.mark.parametrize(
    "percent",
    [pytest.param(0.0, marks=pytest.mark.evidence), 0.2, pytest.param(1.0, marks=pytest.mark.evidence)],
)
def test_transfers_let_a_coalition_do_more_harm_within_what_members_tolerate(percent):
    """Chowdhry and others' transfers as a claim: one member holds the coalition back, and is paid to go on."""
    found = most_harm(unequal(), percent)
    apart, shared = by_transfers(found.table)
    # Without transfers C2 is at its limit and C1 is not; with them both are, so that losses are alike.
    assert apart.binds.tolist() == [False, True]
    assert apart.loss_percent["C1"] < -0.5
    assert apart.loss_percent["C2"] == pytest.approx(percent, abs=1e-4)
    assert shared.loss_percent.tolist() == pytest.approx([percent, percent], abs=1e-4)
    assert shared.transfer_musd["C2"] > 0.0
    assert shared.transfer_musd.sum() == pytest.approx(0.0, abs=1e-9)
    # The target loses at least a quarter more: 9.2 to 16.3, 10.7 to 17.1 and 14.3 to 19.2 per cent.
    assert found.harm_musd[1] > 1.25 * found.harm_musd[0] > 0.0


@pytest.mark.evidence  # solves a grid
def test_the_most_harm_members_bear_is_that_of_a_grid():
    """Both tariffs on a grid of one point: nothing on it that both members tolerate does more harm."""
    contest, percent = unequal(), 0.2
    found = most_harm(contest, percent)
    climber, size = Ascent(contest.board, contest.scale), contest.high.size
    spending, best = contest.board.spending[contest.senders], 0.0
    for one in np.log1p(np.arange(0.14, 0.33, 0.01)):
        for two in np.log1p(np.arange(0.18, 0.36, 0.01)):
            policy = np.zeros(size)
            policy[contest.ours] = one, two
            change = contest.board.variation(climber.solve(policy, np.zeros(size, dtype=bool)))
            if (100.0 * change[contest.senders] / spending).min() >= -percent:
                best = min(best, float(change[contest.target].sum()))
    # A grid of one point of tariffs misses the edge by up to about a per cent of the harm.
    assert found.harm_musd[0] >= -best
    assert found.harm_musd[0] == pytest.approx(-best, rel=0.02)


def test_transfers_add_nothing_between_members_that_lose_alike():
    world = symmetric_world(4, 0.6)
    found = most_harm(contest_of(world, world.countries[1:3], world.countries[0]), 0.1)
    assert found.harm_musd[1] == pytest.approx(found.harm_musd[0], rel=1e-6)
    assert found.table.transfer_musd.abs().max() < 1e-6
    assert found.table.binds.all()


def test_with_transfers_more_members_bear_given_sanctions():
    """The same sanctions: at a tolerance between the common loss and the worst, all go along with transfers only."""
    contest = unequal()
    low = np.zeros(contest.high.size)
    stand = Ascent(contest.board, contest.scale).climb(contest.aim(2.0), low, low.astype(bool))
    burden = equalise(contest, stand)
    before, after = by_transfers(burden.table)
    limit = 0.5 * (before.loss_percent.max() - burden.common_percent)
    assert (before.loss_percent <= limit).sum() == 1
    assert (after.loss_percent <= limit).all()


def test_what_members_tolerate_is_refused_where_it_has_no_meaning():
    with pytest.raises(InputError, match="nobody to share"):
        most_harm(contest_of(golden_world(), "W", "R", elasticities=OWN), 0.1)
    with pytest.raises(InputError, match="tolerance=-1"):
        most_harm(unequal(), -1.0)
    prized = contest_of(golden_world(), ("C", "W"), "R", elasticities=OWN, prized=["energy"])
    with pytest.raises(InputError, match="leave `prized` out"):
        most_harm(prized, 0.1)
    with pytest.raises(InputError, match="leave `prized` out"):
        secondary_sanctions(contest_of(golden_world(), "W", "R", prized=["energy"]), None, "C", 1.0)


def test_slopes_of_prized_sales_are_those_of_differences():
    """Tariffs and export taxes of both sides. Central differences of 1e-4 are good to about 1e-8 here."""
    contest = contest_of(
        golden_world(), ("C", "W"), "R", ("tariff", "export_tax"), elasticities=OWN, prized=["energy"]
    )
    climber, aim, size = Ascent(contest.board, contest.scale), contest.aim(1.3), contest.high.size
    policy, none = np.random.default_rng(1).uniform(0.05, 0.2, size), np.zeros(size, dtype=bool)
    exact = climber.slope(aim, climber.stand(aim, policy, none))
    for place in range(size):
        step = 1e-4 * (np.arange(size) == place)
        up, down = (climber.stand(aim, policy + sign * step, none).value for sign in (1.0, -1.0))
        assert exact[place] == pytest.approx((up - down) / 2e-4, abs=1e-6)


def test_prized_sectors_are_cut_first():
    """Where energy's sales count as harm, energy is all but embargoed and the rest goes free; by welfare both are taxed."""
    asked = {"lambdas": (0.0, 0.7), "elasticities": OWN, "restarts": 1}
    prized = frontier(golden_world(), "W", "R", **asked, prized=["energy"])
    plain = frontier(golden_world(), "W", "R", **asked)
    cut = prized.rates[prized.rates.harm_weight == 0.7].set_index("sector_group")
    usual = plain.rates[plain.rates.harm_weight == 0.7].set_index("sector_group")
    assert cut.trade_change_percent.min() < -90.0
    assert cut.rate_percent.min() < 1.0
    assert usual.rate_percent.min() > 20.0
    assert prized.checks.monotone
    assert prized.checks.envelope
    assert prized.points.sales_change_musd.diff().iloc[1] < 0.0
    assert "sales_change_musd" not in plain.points


def test_senders_each_for_themselves_tax_less_and_gain_less_than_as_one():
    """A member's tariff lowers the price that the others pay: who acts alone leaves that gain out."""
    weights = (0.0, 0.7)
    each = each_for_itself(golden_world(), ("C", "W"), "R", lambdas=weights, elasticities=OWN)
    one = frontier(golden_world(), ("C", "W"), "R", lambdas=weights, elasticities=OWN, restarts=0)
    first = each.points.drop_duplicates("harm_weight")
    together, harm = first.together_change_musd.to_numpy(), first.harm_musd.to_numpy()
    assert (together + np.array(weights) * harm < one.points.objective_musd).all()
    for weight in weights:
        mine, whole = (t.rates[t.rates.harm_weight == weight] for t in (each, one))
        assert mine.rate_percent.max() < whole.rate_percent.min()
    assert each.corner_gain_musd == 0.0


def test_senders_each_for_themselves_rest_where_nobody_gains_alone():
    """Each sender's tariffs tried five per cent up and down with the others' at rest."""
    from suasion.coercion.frontier.policy_space import Move as Wedge
    from suasion.coercion.frontier.policy_space import country_mask, flows_between

    world, weight = golden_world(), 0.7
    found = each_for_itself(world, ("C", "W"), "R", lambdas=(weight,), elasticities=OWN).rates
    base = contest_of(world, ("C", "W"), "R", elasticities=OWN)
    target, used = base.target, base.board.economy.accounts.pi.transpose(1, 2, 0) > 0
    masks = [country_mask(world, sender) for sender in found.imposer]
    moves = [
        Wedge(f"{k}", "tariff", flows_between(mask, target, base.groups[group]) & used)
        for k, (mask, group) in enumerate(zip(masks, found.sector_group, strict=True))
    ]
    board, rest = board_on(base.board.economy, moves), np.log1p(found.rate_percent.to_numpy() / 100.0)

    def worth(policy, mask):
        change = board.variation(board.solve(policy))
        return float(change[mask].sum() - weight * change[target].sum())

    for place, mask in enumerate(masks):
        for factor in (0.95, 1.05):
            other = rest * np.where(np.arange(rest.size) == place, factor, 1.0)
            assert worth(other, mask) < worth(rest, mask)


def test_one_sender_is_not_each_for_itself():
    with pytest.raises(InputError, match="two or more that share no country"):
        each_for_itself(golden_world(), ("W",), "R")
    with pytest.raises(InputError, match="reward the target"):
        each_for_itself(golden_world(), ("W", "C"), "R", lambdas=(-1.0,))


def test_secondary_sanctions_make_joining_the_better_course():
    contest = contest_of(golden_world(), "W", "R", elasticities=OWN)
    climber = Ascent(contest.board, contest.scale)
    stand = climber.climb(
        contest.aim(5.0), np.zeros(contest.high.size), np.zeros(contest.high.size, dtype=bool)
    )
    found = secondary_sanctions(contest, stand, "C", 5.0)
    table = found.table.set_index("bystander_course")
    assert table.harm_musd["joins"] > table.harm_musd["keeps_trading"]
    assert found.needed_percent >= 0.0
    if found.needed_percent > 0:
        # brentq stops at 1e-6 of a log wedge.
        change = table.bystander_change_musd
        assert change["is_taxed"] == pytest.approx(change["joins"], abs=1e-4)


def test_credibility_has_both_utilities(found):
    rows = credibility(found, 0.5)
    last, point = rows.iloc[-1], found.points.iloc[-1]
    assert last.concession_musd == pytest.approx(0.5 * (point.harm_musd + point.own_change_musd))
    assert last.concession_log > 0
    assert (rows.power_percent > rows.target_power_percent).all()
    with pytest.raises(InputError, match="beta"):
        credibility(found, 1.5)


def test_default_groups_of_the_embedded_industries(world):
    groups = sector_groups(world)
    assert len(groups) == 10
    assert (np.sum(list(groups.values()), axis=0) == 1).all()
    assert chosen_groups(world, ["energy_mining"]) == {"energy_mining": ("B05", "B06")}


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"lambdas": (-0.1, 1.0)}, InputError, "lambda=-0.1.*reward the target"),
        ({"lambdas": (0.0, 5.5)}, InputError, "from 0 to 5"),
        ({"lambdas": (1.0, 1.0)}, InputError, "each once"),
        ({"lambdas": ()}, InputError, "nothing"),
        ({"response": "later"}, InputError, "none, once, nash"),
        ({"restarts": -1}, InputError, "restarts=-1"),
        ({"means": ("blockade",)}, InputError, "tariff, export_tax, finance"),
        ({"target": "W"}, SameCountryError, "W is among the senders and the targets"),
        ({"target": "ATLANTIS"}, InputError, "no country or group 'ATLANTIS'.*Groups are.*EU"),
        ({"groups": {}}, InputError, "groups is empty"),
        ({"groups": {"x": ["energy"], "y": ["energy"]}}, InputError, "two groups"),
        ({"groups": {"x": ["enrgy"]}}, NotInWorldError, "enrgy"),
    ],
)
def test_bad_input_is_refused(change, error, words):
    with pytest.raises(error, match=words):
        frontier(golden_world(), **{"senders": "W", "target": "R", **change})


def test_unknown_group_of_sectors_is_named():
    with pytest.raises(InputError, match=r"no group of sectors 'oil'.*energy"):
        chosen_groups(golden_world(), ["oil"])


def test_a_coalition_needs_two_and_no_finance():
    with pytest.raises(InputError, match="two joiners"):
        coalition_gains(golden_world(), ("W",), "R")
    with pytest.raises(InputError, match="financial wedge"):
        coalition_gains(golden_world(), ("C", "W"), "R", means=("finance",))
    contest = contest_of(golden_world(), "W", "R", elasticities=OWN)
    nothing = np.zeros(contest.high.size)
    stand = Ascent(contest.board, contest.scale).stand(contest.aim(0.0), nothing, nothing.astype(bool))
    with pytest.raises(InputError, match="nobody to share"):
        equalise(contest, stand)
    with pytest.raises(InputError, match="two players"):
        nash_tariffs(golden_world(), ("R",))


@pytest.fixture(scope="module")
def answer():
    return ask(
        ("C", "W"), "R", weights=(0.0, 1.0), tolerance=0.2, apart=True, horizon="short", world=golden_world()
    )


def test_losses_beyond_the_model_have_flag_and_bracket_and_long_ones_the_answer_with_capital(answer):
    """The target's loss is above the line in the first year; the senders' is not."""
    short = answer.result.points
    assert (short.harm_percent > 100.0 * LOSS).all()
    assert (short["flags"] == "loss").all()
    assert (short.replacement_percent <= short.no_switching_percent).all()
    assert (short.own_flags == "").all()
    assert short.capital_percent.isna().all()
    long = frontier(golden_world(), ("C", "W"), "R", lambdas=(1.0,), restarts=0).points
    assert long.replacement_percent.isna().all()
    # More is lost where the stock of capital shrinks too.
    assert (long.capital_percent > long.harm_percent).all()


def test_the_ends_of_a_bracket_are_those_of_the_scenario_itself(answer):
    """The policy of a point as a scenario of its own, solved without this room."""
    found = answer.result
    rates = found.rates[found.rates.harm_weight == 1.0].set_index("sector_group").rate_percent / 100.0
    taxes = [Tariff(sender, "R", rates[k], [k], mode="add") for sender in ("C", "W") for k in rates.index]
    result = simulate(golden_world(), Scenario("taxes", taxes), horizon="short", deficits="balance")
    point = found.points.iloc[-1]
    # Both are solved to about 1e-9.
    assert point.harm_percent == pytest.approx(-float(result.welfare.sel(country="R")), rel=1e-6)
    ends = -result.bracket.sel(country="R").values
    assert (point.replacement_percent, point.no_switching_percent) == pytest.approx(
        (ends[0], ends[2]), rel=1e-6
    )


def test_the_answer_has_the_numbers_of_the_models(answer):
    table = answer.table("points").frame
    assert table.harm_musd.tolist() == answer.result.points.harm_musd.tolist()
    assert {one.key for one in answer.tables} == {
        "points", "mix", "rates", "members", "burden", "tolerance", "tolerance-rates", "apart", "apart-rates",
    }  # fmt: skip
    assert set(answer.table("apart").frame.sender) == {"C", "W"}
    assert set(answer.table("members").frame.joiner) == {"C", "W"}
    assert set(answer.table("rates").frame.imposer) == {"C W"}
    assert {"frontier.together", "frontier.tolerated", "frontier.apart"} <= {
        one.key for one in answer.findings
    }
    assert all(check.holds for check in answer.checks)


def test_a_loss_beyond_the_model_is_a_caution(answer):
    keys = [one.key for one in answer.findings if one.caution]
    assert "exit_cost.flagged" in keys
    assert "exit_cost.bracket" in keys


def test_a_bystander_and_an_answering_target_are_told():
    made = ask(("W",), "R", weights=(1.0,), bystander="C", response="once", world=golden_world())
    told = {one.key for one in (*made.findings, *made.table("points").notes)}
    assert told & {f"frontier.{key}" for key in ("joins_anyway", "never_joins", "credible", "bluff")}
    assert "frontier.response_once" in told
    assert set(made.table("rates").frame.imposer) == {"W", "R"}


def test_groups_act_without_the_target_and_the_exempt(world):
    """Germany is among the senders where Russia is the target, and left out where it is."""
    assert about("DEU", "RUS", ("USA", "EU")) == {"senders": ("USA", "EU"), "target": "RUS", "exempt": ()}
    assert about("RUS", "DEU", ("EU",))["target"] == "RUS"
    assert about("RUS", "CHN", ()) == {"senders": ("CHN",), "target": "RUS", "exempt": ()}
    given = about("DEU", "FRA", ("USA", "EU"))
    assert given == {"senders": ("USA", "EU"), "target": "DEU", "exempt": ("FRA",)}
    acting = coalition_of(**given, world=world)
    assert {"USA", "ITA"} <= set(acting.codes)
    assert not {"DEU", "FRA"} & set(acting.codes)
    assert acting.left_out == {"EU": ("DEU", "FRA")}


def test_without_a_world_or_senders_it_says_why(world):
    assert ask(("USA",), "IRN", world=world).absent.key == "frontier.outside"
    assert ask(("EU",), "EU", world=world).absent.key == "frontier.nobody"


def test_command_line(monkeypatch, capsys):
    monkeypatch.setattr("suasion.cli.questions.chosen_world", golden_world)
    given = ["frontier", "C,W", "R", "--lambda", "0"]
    assert run([*given, "--show", "rates", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("harm_weight,imposer,means,sector_group,rate_percent")
    assert run([*given, "--means", "export_tax", "--show", "members"]) == 0
    capsys.readouterr()
    assert run(["tariff-war", "--players", "W,R", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("imposer,war_stage,tariff_percent,welfare_change_percent")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--lambda", "-1"], "reward the target"),
        (["--lambda", "much"], "'much' cannot be read"),
        (["--groups", "oil"], "no group of sectors 'oil'"),
        (["--lambda", "0", "--show", "all"], "no table 'all'"),
        (["--bystander", "R", "--lambda", "5"], "is one of the sides"),
        (["--response", "never"], "none, once, nash"),
        (["--prized", "oil"], "no group of sectors 'oil'"),
        (["--lambda", "0", "--tolerance", "-1"], "nobody to share"),
        (["--lambda", "0", "--apart"], "two or more"),
    ],
)
def test_command_line_refuses(monkeypatch, capsys, options, words):
    monkeypatch.setattr("suasion.cli.questions.chosen_world", golden_world)
    assert run(["frontier", "W", "R", *options]) == 1
    assert words in capsys.readouterr().err
