"""Levers: the linear programme with red lines, its prices and conflicts, influence, plans, files, and errors."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import record
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.cli.app import run
from suasion.coercion.levers.columns import columns_of, parties_of
from suasion.coercion.levers.file import parse_levers, read_levers
from suasion.coercion.levers.influence import OUTCOMES, PactChance, Position, closeness
from suasion.coercion.levers.plan import WhyNot
from suasion.coercion.levers.redlines import Lines, conflict, plan_linear
from suasion.coercion.levers.study import Beyond, levers
from suasion.equilibrium import Elasticities
from suasion.equilibrium.accounts import accounts_of
from suasion.errors import InputError, JudgementError, SameCountryError, ShockError
from suasion.questions import QUESTIONS
from suasion.questions import levers as ask
from suasion.questions.levers.beyond import later_growth
from suasion.world.forms import load
from suasion.world.testing import golden_world, random_world

OWN = Elasticities(sigma=4.0)
TEXT = """
name: small
budget_percent: 50
levers:
  - {name: relief, says: buy from a, kind: trade_cost, buyers: audience, sellers: a, size: -0.1, range: [-0.2, -0.05],
     basis: assumption}
  - {name: pressure, says: dearer trade of the pair, kind: trade_cost, buyers: [a, b], sellers: [a, b], size: 0.05,
     range: [0.01, 0.1], basis: assumption}
  - {name: credit, says: a gift, kind: transfer, buyers: a, sellers: audience, size: 0.001, range: [0, 0.01],
     basis: assumption}
  - {name: pipeline, says: a pipe, kind: trade_cost, buyers: audience, sellers: a, sectors: energy, size: -0.05,
     range: [-0.1, -0.01], discrete: true, basis: assumption}
red_lines:
  - {name: stay, says: no relief, owner: W, limits: {relief: 1, pipeline: 1}, at_most: 0, basis: assumption}
"""


def toy(limit=2.0):
    return Lines(("budget", "red line"), np.array([[1.0, 1.0], [1.0, 0.0]]), np.array([4.0, limit]))


def test_toy_of_two_instruments_and_a_red_line():
    best = plan_linear(np.array([3.0, 2.0]), np.zeros(2), np.full(2, 10.0), toy())
    assert best.plan.tolist() == [2.0, 2.0]
    assert best.value == 10.0
    assert best.prices.tolist() == [2.0, 1.0]


def test_a_shadow_price_is_what_slack_brings():
    low, high, gain = np.zeros(2), np.full(2, 10.0), np.array([3.0, 2.0])
    more = plan_linear(gain, low, high, toy(2.1)).value - plan_linear(gain, low, high, toy()).value
    assert more == pytest.approx(0.1 * 1.0, abs=1e-12)


def test_whole_numbers_are_whole_and_the_rest_is_priced():
    best = plan_linear(np.array([3.0, 2.0]), np.zeros(2), np.full(2, 10.0), toy(1.5), np.array([True, False]))
    assert best.plan.tolist() == [1.0, 3.0]
    assert best.prices.tolist() == [2.0, 0.0]


def test_lines_that_cannot_be_met_together_are_the_fewest():
    lines = Lines(
        ("a", "idle", "b"), np.array([[-1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]), np.array([-3.0, 5.0, 2.0])
    )
    found = conflict(np.zeros(2), np.full(2, 10.0), lines)
    assert [name for name, _ in found] == ["a", "b"]
    assert sum(slack for _, slack in found) == pytest.approx(1.0)
    with pytest.raises(ShockError, match=r"'a'.*'b'.*left out"):
        plan_linear(np.ones(2), np.zeros(2), np.full(2, 10.0), lines)


def test_a_line_that_nobody_can_meet_is_named_with_its_size():
    lines = Lines(("never",), np.array([[1.0]]), np.array([-0.5]))
    with pytest.raises(ShockError, match=r"Nobody can meet the red line 'never' \(would have to give 0.5\)"):
        plan_linear(np.ones(1), np.zeros(1), np.ones(1), lines)
    assert conflict(-np.ones(1), np.ones(1), lines) == ()


def test_crossed_bounds_are_refused():
    with pytest.raises(InputError, match="above its upper"):
        plan_linear(np.ones(1), np.ones(1), np.zeros(1), Lines((), np.zeros((0, 1)), np.zeros(0)))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_duality_holds_for_any_programme(seed):
    """Value = prices @ limits + bound prices @ bounds: strong duality, to the tolerance of the simplex method."""
    rng = np.random.default_rng(seed)
    gain, matrix = rng.normal(size=4), rng.uniform(0.0, 1.0, (3, 4))
    limit, high = rng.uniform(0.5, 2.0, 3), rng.uniform(0.5, 2.0, 4)
    best = plan_linear(gain, np.zeros(4), high, Lines(("x", "y", "z"), matrix, limit))
    at_top = np.where(best.plan > 0.0, best.bound_prices, 0.0)
    assert best.value == pytest.approx(float(best.prices @ limit + at_top @ high), abs=1e-7)
    assert (matrix @ best.plan <= limit + 1e-7).all()


@pytest.fixture(scope="module")
def found():
    return levers(golden_world(), "R", "C", ("W",), parse_levers(TEXT), elasticities=OWN, draws=4)


WIDE = TEXT.replace("sectors: energy,", "sectors: S1,")
PACT = PactChance(
    years=10,
    log_odds=np.array([-4.0, -5.0]),
    log_odds_sd=np.array([0.5, 0.5]),
    slopes=np.array([0.8, 0.2]),
    slopes_sd=np.array([0.05, 0.05]),
    ends=False,
    base_percent=2.0,
    closes=2036,
)


def asked(ends=False):
    """Four economies, another world for later, and a made model of pacts."""
    world = random_world(4, 2, seed=3)
    later = replace(random_world(4, 2, seed=4), year=2036)
    return world, Beyond(later, "made", replace(PACT, ends=ends))


@cache
def with_later(ends=False):
    """Levers on the two worlds, without draws."""
    world, beyond = asked(ends)
    return levers(
        world, "C1", "C2", ("C3", "C4"), parse_levers(WIDE), elasticities=OWN, draws=0, beyond=beyond
    )


@cache
def strict():
    """Levers on the golden economy as its file has them, without draws."""
    return levers(golden_world(), "R", "C", ("W",), parse_levers(TEXT), elasticities=OWN, draws=0)


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        (0.5, True),
        *(
            pytest.param(*case, marks=pytest.mark.evidence)
            for case in ((0.5, False), (0.0, False), (0.0, True))
        ),
    ],
)
def test_every_slope_by_adjoint_is_that_of_differences(ends, at):
    """Shares now and later and the chance of a pact among them, in the world as it is and at a plan.

    Central differences of 1e-4 leave a curvature of about 1e-8; transposed equations are solved to 1e-7.
    """
    result = with_later(ends)
    position = next(iter(result.plans_by.values())).position
    question, size = position.question, position.plan.size
    here = question.at(np.full(size, at) * (np.arange(size) < size - 3))
    assert question.everything == (*OUTCOMES, "share_later", "pact")
    for outcome in question.everything:
        slopes = here.slopes(outcome)
        for place in range(size):
            step = 1e-4 * (np.arange(size) == place)
            up, down = (question.at(here.plan + sign * step).value(outcome) for sign in (1.0, -1.0))
            scale = max(1.0, abs(here.value(outcome)))
            assert slopes[place] == pytest.approx((up - down) / 2e-4, abs=1e-5 * scale)


def test_a_pact_follows_the_lesser_dependence():
    world, beyond = asked()
    result = levers(
        world, "C1", "C2", ("C3", "C4"), parse_levers(WIDE), elasticities=OWN, draws=2, beyond=beyond
    )
    rows = result.influence[result.influence.outcome == "pact"].set_index(["lever", "owner"])
    # Dearer trade of the pair lowers it, whoever makes it dearer: coefficients are sixteen standard errors from zero.
    assert (rows.loc["pressure"].effect < 0).all()
    assert (rows.loc["pressure"].same_sign == 1.0).all()
    row = result.outcomes.set_index("outcome").loc["pact"]
    assert row.base == pytest.approx(PACT.chance(0.0))
    assert row.gain_without > 0


def test_a_pact_whose_coefficients_have_no_sign_is_not_influenceable():
    world, beyond = asked()
    unsure = replace(beyond, pact=replace(PACT, slopes_sd=np.array([5.0, 5.0])))
    result = levers(
        world, "C1", "C2", ("C3", "C4"), parse_levers(WIDE), elasticities=OWN, draws=4, beyond=unsure
    )
    row = result.outcomes.set_index("outcome").loc["pact"]
    assert row["class"] == "none"
    assert row.why == WhyNot.UNSURE


def test_chance_of_a_pact_by_hand():
    """Two kinds of event, ten years: one less the chance that neither comes in any; the slope by differences."""
    hazard = 1.0 / (1.0 + np.exp(np.array([4.0, 5.0])))
    assert PACT.chance(0.0) == pytest.approx(100.0 * (1.0 - np.prod(1.0 - hazard) ** 10), rel=1e-12)
    for one in (PACT, replace(PACT, ends=True)):
        assert one.rate(0.3) == pytest.approx((one.chance(0.3001) - one.chance(0.2999)) / 2e-4, rel=1e-6)
    assert closeness((3.0, 17.0)) == pytest.approx(np.log(31.0))


def test_share_of_a_later_world_carries_its_year():
    result = with_later()
    for table in (result.outcomes, result.influence, result.plans, result.responses):
        assert "share_2036" in set(table.outcome)


def test_a_later_world_of_other_countries_is_refused():
    with pytest.raises(InputError, match="other countries or sectors"):
        levers(random_world(4, 2, seed=3), "C1", "C2", ("C3",), parse_levers(WIDE), elasticities=OWN, draws=0,
               beyond=Beyond(golden_world(), "made"))  # fmt: skip


def test_growth_answers_levers_through_capital():
    """By Hulten real GDP moves with the endowment, which capital moves by its share of real factor income."""
    made = with_later()
    table = later_growth(made)
    assert len(table) == 2 * 2 * 2
    free = table[~table.red_lines].set_index(["capital", "country"])
    plan = made.plans[(made.plans.outcome == "share_2036") & ~made.plans.red_lines].iloc[-1]
    assert free.fall_points["fixed", "C1"] == pytest.approx(plan.actual, abs=1e-8)
    for country in ("C1", "C2"):
        path, moved = free.loc["fixed", country], free.loc["adjusted", country]
        gained = np.log1p(moved.gdp_percent / 100.0) - np.log1p(path.gdp_percent / 100.0)
        # Real income is that of factors; taxes, and prices of the second order, are some hundredths of it here.
        income = np.log1p(moved.expenditure_percent / 100.0)
        assert gained == pytest.approx(0.4 * income, rel=0.15)
        assert np.sign(moved.expenditure_percent - path.expenditure_percent) == np.sign(income)
        years = 2036 - asked()[0].year
        assert (1 + moved.growth_points / 100) ** years == pytest.approx(1 + moved.gdp_percent / 100)
    still = later_growth(made, capital_share=1e-6).set_index(["red_lines", "capital", "country"])
    assert still.gdp_percent[False, "adjusted", "C1"] == pytest.approx(
        still.gdp_percent[False, "fixed", "C1"], abs=1e-4
    )


def test_growth_needs_a_later_year(found):
    with pytest.raises(InputError, match="ask for one"):
        later_growth(found)


def test_what_is_absent_has_a_row_and_a_reason(found):
    result = levers(
        golden_world(), "R", "C", ("W",), parse_levers(TEXT), elasticities=OWN, draws=0,
        beyond=Beyond(absent={"pact": WhyNot.NOT_FITTED}),
    )  # fmt: skip
    row = result.outcomes.set_index("outcome").loc["pact"]
    assert row["class"] == "not_measured"
    assert np.isnan(row.base)
    assert row.why == WhyNot.NOT_FITTED
    assert "pact" not in set(found.outcomes.outcome)


def test_leverage_without_two_losses_is_not_measured(monkeypatch):
    """A ratio of losses is no number where a cut costs one side nothing; the row says so."""
    plain = Position._value

    def gainless(self, outcome):
        return -0.25 if outcome == "exit_cost_b" else plain(self, outcome)

    monkeypatch.setattr(Position, "_value", gainless)
    result = levers(golden_world(), "R", "C", ("W",), parse_levers(TEXT), elasticities=OWN, draws=0)
    row = result.outcomes.set_index("outcome").loc["leverage"]
    assert row["class"] == "not_measured"
    assert row.why == WhyNot.NO_LOSS


def test_bands_hold_the_range_of_sizes():
    """With a range that crosses zero the sign of a lever is not stable, whatever the elasticities say."""
    text = TEXT.replace("size: 0.05,\n     range: [0.01, 0.1]", "size: 0.05,\n     range: [-0.3, 0.1]")
    assert text != TEXT
    result = levers(golden_world(), "R", "C", ("W",), parse_levers(text), elasticities=OWN, draws=16)
    rows = result.influence[(result.influence.lever == "pressure") & (result.influence.outcome == "share")]
    assert (rows.low < 0).all()
    assert (rows.high > 0).all()
    assert not rows.stable.any()


def test_a_red_line_moved_is_worth_its_price(found):
    """Shadow price against the exact gain of the plan with a twentieth more room: curvature leaves a few per cent."""
    moved = levers(
        golden_world(), "R", "C", ("W",), parse_levers(TEXT.replace("at_most: 0", "at_most: 0.05")), elasticities=OWN,
        draws=0,
    )  # fmt: skip
    first, second = (result.plans_by["W", "share", True] for result in (strict(), moved))
    assert second.actual - first.actual == pytest.approx(0.05 * first.prices["stay"], rel=0.1)


def test_red_lines_hold_at_every_plan(found):
    bound = found.uses[found.uses.red_lines]
    assert len(bound)
    assert not {"relief", "pipeline"} & set(bound.lever)
    assert {"relief", "pipeline"} & set(found.uses.lever)


def test_predicted_and_actual_stand_side_by_side_and_agree_in_sign(found):
    moved = found.plans[found.plans.predicted > 1e-6]
    assert (moved.actual > 0).all()


def test_red_lines_never_help(found):
    wide = found.plans.pivot(index=["coalition", "outcome"], columns="red_lines", values="actual")
    # Sequential linear programmes stop within 2 per cent of what they gained.
    assert (wide[True] <= wide[False] * 1.03 + 1e-9).all()


def test_every_outcome_has_a_class(found):
    assert set(found.outcomes["class"]) <= {"direct", "blocked", "none"}
    blocked = found.outcomes[found.outcomes["class"] == "blocked"]
    assert (blocked.price > 0).all()


def test_a_red_line_on_everything_blocks_and_has_a_price():
    text = TEXT.replace("{relief: 1, pipeline: 1}", "{relief: 1, pipeline: 1, pressure: 1, credit: 1}")
    result = levers(golden_world(), "R", "C", ("W",), parse_levers(text), elasticities=OWN, draws=0)
    assert "direct" not in set(result.outcomes["class"])
    row = result.outcomes.set_index("outcome").loc["exit_cost_a"]
    assert row["class"] == "blocked"
    assert row.red_line == "stay"
    assert row.price > 0
    assert set(result.prices.red_line) == {"stay"}
    assert set(result.influence.red_line) == {"stay"}


def test_levers_without_a_stable_sign_are_listed_and_not_used(found):
    loose = found.influence[found.influence.same_sign < 0.9]
    assert set(found.unstable) == set(zip(loose.outcome, loose.lever, loose.owner, strict=True))
    for outcome, lever, owner in found.unstable:
        rows = found.uses[found.uses.outcome == outcome]
        assert not ((rows.lever == lever) & (rows.owner == owner)).any()


def test_answers_are_compared_with_those_to_no_plan(found):
    assert set(found.responses.responder) == {"a", "b"}
    # An answer is a best one: relative to the world without it, it cannot cost the responder at the plan by more than it
    # would have brought without the plan; here only finiteness and both rows matter.
    assert np.isfinite(found.responses.gain_after).all()


def test_alone_and_together():
    result = levers(
        random_world(4, 2, seed=3),
        "C1",
        "C2",
        ("C3", "C4"),
        parse_levers(TEXT.replace("sectors: energy,", "sectors: S1,")),
        elasticities=OWN,
        draws=0,
    )
    assert result.coalitions == ("C3", "C4", "C3 + C4")
    best = result.plans[(result.plans.outcome == "exit_cost_a") & ~result.plans.red_lines].set_index(
        "coalition"
    )
    assert best.actual["C3 + C4"] >= max(best.actual["C3"], best.actual["C4"]) - 1e-9


def test_what_all_reach_is_the_same_where_members_and_answers_are_left_out():
    asked = random_world(4, 2, seed=3), "C1", "C2", ("C3", "C4"), parse_levers(WIDE)
    whole, first = (levers(*asked, elasticities=OWN, draws=0, apart=apart) for apart in (True, False))
    for name in ("outcomes", "prices", "influence"):
        assert_frame_equal(getattr(first, name), getattr(whole, name))
    together = whole.plans[whole.plans.coalition == "C3 + C4"].reset_index(drop=True)
    # The first step to a plan starts at another solved world: equilibria are solved to a gap of 1e-10.
    assert_frame_equal(first.plans, together, rtol=1e-7, atol=1e-7)
    assert first.responses.empty


def test_central_numbers_of_levers_come_without_members_answers_and_growth():
    first = QUESTIONS["levers"].central_first({})
    assert first == {"draws": 0, "apart": False}
    answer = ask("RUS", "CHN", world=load(record.WORLD), **first)
    assert not {"responses", "growth"} & {table.key for table in answer.tables}
    assert set(answer.table("plans").frame.coalition) == {answer.table("plans").frame.coalition.iloc[-1]}


def test_shipped_file_marks_every_size():
    model = read_levers()
    assert len(model.levers) >= 8
    assert all(lever.basis for lever in model.levers)
    assert all(lever.range[0] <= lever.size <= lever.range[1] for lever in model.levers)
    assert len(model.red_lines) >= 3


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "kind: transfer",
            "kind: tribute",
            r"made.yaml, line \d+: key `kind` is the text 'tribute'; allowed: tariff, export_tax",
        ),
        (
            "size: 0.05,\n     range: [0.01, 0.1]",
            "size: 0.5,\n     range: [0.01, 0.1]",
            r"line \d+.*outside its range",
        ),
        (
            "limits: {relief: 1, pipeline: 1}",
            "limits: {releif: 1}",
            r"line 14: the red line 'stay' names the lever 'releif'",
        ),
        ("name: pressure", "name: relief", r"line \d+: levers has 'relief' twice"),
        ("size: -0.1, range: [-0.2, -0.05]", "size: -1.0, range: [-1.0, -0.05]", "100 per cent or more"),
        (
            "budget_percent: 50",
            "budget: 50",
            "line 3: key `budget` is unknown; .* Did you mean budget_percent",
        ),
        (
            "basis: assumption}\nred_lines",
            "low: 0.5, high: 0.1, basis: assumption}\nred_lines",
            "low is at most high",
        ),
    ],
)
def test_bad_files_are_refused_with_their_line(old, new, words):
    assert old in TEXT
    with pytest.raises(JudgementError, match=words):
        parse_levers(TEXT.replace(old, new), "made.yaml")


def test_missing_file_is_named(tmp_path):
    with pytest.raises(JudgementError, match="There is no file of levers"):
        read_levers(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"audience": ("W", "C")}, SameCountryError, "C is on two sides"),
        ({"audience": ()}, InputError, "Name the audience"),
        ({"audience": ("MARS",)}, InputError, "MARS"),
        ({"draws": -1}, InputError, "draws=-1"),
        ({"matters": 0.0}, InputError, "matters=0"),
    ],
)
def test_bad_questions_are_refused(change, error, words):
    with pytest.raises(error, match=words):
        levers(
            golden_world(), "R", "C", **{"audience": ("W",), "file": parse_levers(TEXT), "draws": 0, **change}
        )


def test_a_group_acts_without_its_member_whose_tie_it_is(world):
    """Germany and Russia, watched by the EU: the other members act; Germany named by itself is on two sides."""
    base = accounts_of(world)
    parties = parties_of(world, "DEU", "RUS", ("USA", "EU"), base)
    named = dict(zip(parties.owners, parties.masks, strict=True))
    union = {code for code, inside in zip(world.countries, named["EU"], strict=True) if inside}
    assert "DEU" not in union
    assert len(union) == 26
    assert "FRA" in named  # the largest of those that act
    assert parties.left_out == (("EU", ("DEU",)),)
    assert not parties_of(world, "RUS", "CHN", ("USA", "EU"), base).left_out
    with pytest.raises(SameCountryError, match="DEU is on two sides"):
        parties_of(world, "DEU", "RUS", ("DEU", "USA"), base)


def test_red_lines_that_nobody_can_meet_are_named():
    text = TEXT.replace("at_most: 0", "at_most: -1")
    with pytest.raises(ShockError, match="Nobody can meet the red line 'stay'"):
        levers(golden_world(), "R", "C", ("W",), parse_levers(text), elasticities=OWN, draws=0)


def test_levers_without_flows_are_noted_or_refused():
    world, model = golden_world(), parse_levers(TEXT)
    base = accounts_of(world)
    parties = parties_of(world, "R", "C", ("W",), base)
    far = parse_levers(
        TEXT.replace("buyers: audience, sellers: a, size: -0.1", "buyers: IND, sellers: a, size: -0.1")
    )
    columns, notes = columns_of(parties, far, base)
    assert {column.lever for column in columns} == {"pressure", "credit", "pipeline"}
    assert notes == (("relief", ()),)
    assert len(columns_of(parties, model, base)[1]) == 0


WHOLE = """
name: whole
levers:
  - {name: pressure, says: dearer trade of the pair, kind: trade_cost, buyers: [a, b], sellers: [a, b], size: 0.05,
     range: [0.01, 0.1], whole: [C3, C4], basis: assumption}
  - {name: markets, says: cheaper elsewhere, kind: trade_cost, buyers: C4, sellers: a, size: -0.05,
     range: [-0.1, -0.01], each: false, whole: [C3, C4], basis: assumption}
"""


def test_a_member_has_the_same_levers_alone_as_beside_the_others():
    """Full pressure takes both; a member asked alone has its part of it, and no lever that takes both."""
    world, model = random_world(4, 2, seed=3), parse_levers(WHOLE)
    base = accounts_of(world)
    beside, _ = columns_of(parties_of(world, "C1", "C2", ("C3", "C4"), base), model, base)
    alone, notes = columns_of(parties_of(world, "C1", "C2", ("C3",), base), model, base)
    both = {c.owner: c.move.size for c in beside if c.lever == "pressure"}
    assert sum(both.values()) == pytest.approx(np.log1p(0.05))
    assert [(c.lever, c.move.size) for c in alone] == [("pressure", pytest.approx(both["C3"]))]
    assert notes == (("markets", ("C4",)),)
    assert {c.lever for c in beside} == {"pressure", "markets"}


@cache
def answered():
    """The question on the pinned world of twenty-five economies, with few draws."""
    return ask("RUS", "CHN", world=load(record.WORLD), draws=2)


def test_tables_are_those_of_the_model():
    """Rows carry whose outcome it is instead of a name that holds it; numbers are the model's own."""
    answer, result = answered(), answered().result
    frame = answer.frame.set_index("lever_outcome")
    assert frame.country["exit_cost_b"] == frame.partner["exit_cost_a"] == "CHN"
    assert frame.year["share_later"] == 2036
    mine = result.outcomes.set_index("outcome")
    assert frame.now["share"] == mine.base["share"]
    assert frame.fall_free["share_later"] == mine.gain_without["share_2036"]
    effects = answer.table("effects").frame
    share = result.influence[result.influence.outcome == "share"]
    assert sorted(effects.effect) == sorted(share.effect)
    held = effects[effects.lever == "third_markets"]
    assert set(held.holder) == {"USA EU"}
    lined = effects.set_index(["holder", "lever"]).red_line
    assert lined["USA", "relief_on_energy"] == "sanctions_stay"
    assert lined["USA", "energy_offered_to_b"] == "none"
    gifts = effects[effects.lever == "export_credit_to_a"]
    assert gifts.transfer_musd.notna().all()
    assert gifts.wedge_change_percent.isna().all()
    plans = answer.table("plans").frame
    assert set(plans.lines) == {"within", "without"}
    assert (plans.first_order_low <= plans.first_order_high).all()
    assert set(answer.table("growth").frame.capital_stock) == {"fixed", "adjusted"}


def test_a_finding_for_each_outcome_chosen_by_its_class():
    answer = answered()
    told = {one.values["what"].member: one for one in answer.findings if "what" in one.values}
    classes = answer.frame.set_index("lever_outcome").lever_class
    assert set(told) == set(classes.index)
    for outcome, one in told.items():
        assert one.key.split(".")[1].split("_")[0] == classes[outcome]
    assert answer.few()[0].values["what"].member == "share"


def test_nobody_and_strangers_have_no_levers():
    world = load(record.WORLD)
    assert ask("RUS", "CHN", audience=("RUS",), world=world).absent.key == "levers.nobody"
    assert ask("RUS", "PRK", world=world).absent.key == "levers.outside"


def test_a_file_of_ones_own_has_words_of_its_own(tmp_path):
    """A lever that no language knows is printed as the file has it."""
    path = tmp_path / "levers.yaml"
    path.write_text(TEXT.replace("owner: W", "owner: USA").replace(" sectors: energy,", ""))
    answer = ask("RUS", "CHN", audience=("USA",), file=path, world=load(record.WORLD), draws=0, to=0)
    names = answer.table("influence").column("lever")
    assert DEFAULT_LANGUAGE.cell("made_up_lever", names.unit, "lever") == "made up lever"
    assert "growth" not in {table.key for table in answer.tables}
    # Without a later year its share is no outcome; the pact is.
    assert "share_later" not in set(answer.frame.lever_outcome)


def test_command_line(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("suasion.cli.questions.chosen_world", lambda: load(record.WORLD))
    path = tmp_path / "levers.yaml"
    path.write_text(TEXT.replace("owner: W", "owner: USA").replace(" sectors: energy,", ""))
    asked = [
        "levers",
        "--audience",
        "USA",
        "--on",
        "RUS,CHN",
        "--file",
        str(path),
        "--draws",
        "0",
        "--to",
        "0",
    ]
    assert run([*asked, "--show", "plans", "--format", "csv"]) == 0
    older = capsys.readouterr().out
    assert older.startswith("coalition,lever_outcome,country,year,lines,lever_unit,now,fall")
    by_place = ["levers", "RUS", "CHN", *asked[1:3], *asked[5:]]
    assert run([*by_place, "--show", "plans", "--format", "csv"]) == 0
    assert capsys.readouterr().out == older
    assert run(["levers", "--audience", "USA", "--on", "RUS"]) == 2
    assert run([*asked, "--show", "growth"]) == 1
    assert run([*asked, "--show", "everything"]) == 1
    assert "outcomes" in capsys.readouterr().err
