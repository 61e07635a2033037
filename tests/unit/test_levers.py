"""Levers: the linear programme with red lines, its prices and conflicts, influence, plans, files, and errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suasion.cli.app import run
from suasion.coercion.levers import levers
from suasion.coercion.levers_columns import columns_of, parties_of
from suasion.coercion.levers_file import parse_levers, read_levers
from suasion.coercion.levers_influence import OUTCOMES
from suasion.coercion.redlines import Lines, conflict, plan_linear
from suasion.equilibrium import Elasticities
from suasion.equilibrium.accounts import accounts_of
from suasion.errors import InputError, JudgementError, SameCountryError, ShockError
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


def test_influence_by_adjoint_is_that_of_differences():
    """First-order effects against exact solutions at a small use; a use of 1e-4 leaves a curvature of about 1e-4."""
    world, model = random_world(4, 2, seed=3), parse_levers(TEXT.replace("sectors: energy,", "sectors: S1,"))
    result = levers(world, "C1", "C2", ("C3", "C4"), model, elasticities=OWN, draws=0)
    plan = next(iter(result.plans_by.values()))
    assert plan.position.values["exit_cost_a"] > 0
    from suasion.coercion.frontier_board import board_on
    from suasion.coercion.levers_influence import Question
    from suasion.coercion.outcomes import base_accounts
    from suasion.equilibrium import resolve
    from suasion.equilibrium.economy import economy_on

    economy = economy_on(
        base_accounts(world, "balance", OWN), resolve(world, "long", elasticities=OWN), "balance"
    )
    parties = parties_of(world, "C1", "C2", ("C3", "C4"), economy.accounts)
    columns, _ = columns_of(parties, model, economy.accounts)
    question = Question(parties, board_on(economy, [column.move for column in columns]))
    start = question.position(np.zeros(len(columns)))
    for outcome in OUTCOMES:
        slopes = question.slopes(start, outcome)
        for place in range(len(columns)):
            ends = []
            for sign in (-1.0, 1.0):
                use = np.zeros(len(columns))
                use[place] = sign * 1e-4
                ends.append(question.position(use, start).values[outcome])
            size = max(1.0, abs(start.values[outcome]))
            # The share is differenced one-sidedly at 1e-3, which leaves its curvature.
            assert slopes[place] == pytest.approx((ends[1] - ends[0]) / 2e-4, abs=2e-4 * size)


def test_red_lines_hold_at_every_plan(found):
    bound = found.plans[found.plans.red_lines]
    assert not bound.levers.str.contains("relief").any()
    assert not bound.levers.str.contains("pipeline").any()


def test_predicted_and_actual_stand_side_by_side_and_agree_in_sign(found):
    moved = found.plans[found.plans.predicted > 1e-6]
    assert (moved.actual > 0).all()


def test_red_lines_never_help(found):
    wide = found.plans.pivot(index=["coalition", "outcome"], columns="red_lines", values="actual")
    # Sequential linear programmes stop within 2 per cent of what they gained.
    assert (wide[True] <= wide[False] * 1.03 + 1e-9).all()


def test_every_outcome_has_a_class(found):
    assert set(found.outcomes["class"]) <= {"direct", "blocked by a red line", "not influenceable"}
    blocked = found.outcomes[found.outcomes["class"] == "blocked by a red line"]
    assert (blocked.price > 0).all()


def test_a_red_line_on_everything_blocks_and_has_a_price():
    text = TEXT.replace("{relief: 1, pipeline: 1}", "{relief: 1, pipeline: 1, pressure: 1, credit: 1}")
    result = levers(golden_world(), "R", "C", ("W",), parse_levers(text), elasticities=OWN, draws=0)
    assert "direct" not in set(result.outcomes["class"])
    row = result.outcomes.set_index("outcome").loc["exit_cost_a"]
    assert row["class"] == "blocked by a red line"
    assert row.blocked_by == "stay"
    assert row.price > 0
    assert any("red line 'stay'" in line for line in result.sentences())


def test_levers_without_a_stable_sign_are_listed_and_not_used(found):
    loose = found.influence[found.influence.same_sign < 0.9]
    assert set(found.unstable) == set(zip(loose.outcome, loose.lever, loose.owner, strict=True))
    for outcome, lever, owner in found.unstable:
        rows = found.plans[found.plans.outcome == outcome]
        assert not rows.levers.str.contains(f"{lever} ({owner})", regex=False).any()


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
    assert any("falls at most" in line for line in result.sentences())


def test_shipped_file_marks_every_size():
    model = read_levers()
    assert len(model.levers) >= 8
    assert all(lever.basis for lever in model.levers)
    assert all(lever.range[0] <= lever.size <= lever.range[1] for lever in model.levers)
    assert len(model.red_lines) >= 3


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kind: transfer", "kind: tribute", r"made.yaml, line \d+: levers.2.kind.*tariff, export_tax"),
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
        ("budget_percent: 50", "budget: 50", "line 3: budget"),
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
    assert "relief moves no flow" in notes[0]
    assert len(columns_of(parties, model, base)[1]) == 0


def test_command_line(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("suasion.cli.levers.load_world", golden_world)
    path = tmp_path / "levers.yaml"
    path.write_text(TEXT)
    asked = ["levers", "--audience", "W", "--on", "R,C", "--file", str(path), "--draws", "0"]
    assert run([*asked, "--show", "plans", "--format", "csv"]) == 0
    out, told = capsys.readouterr()
    assert out.startswith("coalition,red_lines,outcome,base,first_order,predicted,actual")
    assert "levers have a size that is an assumption" in told
    assert run(["levers", "--audience", "W", "--on", "R"]) == 1
    assert "two states with a comma" in capsys.readouterr().err
    assert run([*asked, "--show", "everything"]) == 1
    assert "not one of outcomes" in capsys.readouterr().err
