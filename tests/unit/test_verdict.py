"""The verdict: its sentences follow from the answers on a pair, and what is not known is said."""

from __future__ import annotations

import dataclasses

import pytest
from pandas.testing import assert_frame_equal
from tests.unit.made_up import made_up, outside

from suasion.answers.answer import Answer
from suasion.answers.catalogue import catalogue
from suasion.answers.finding import MAIN, Finding
from suasion.answers.language import Language
from suasion.answers.values import Country, Quantity
from suasion.dossier.screens import parts_of, screens
from suasion.questions import QUESTIONS
from suasion.questions.verdict import answer_of, blocks, verdict
from suasion.questions.verdict.parts import Light, PairAnswers
from suasion.world import load_world


def with_losses(parts: PairAnswers, **signs: float) -> PairAnswers:
    """The same answers, with losses of states times a number; the range turns with them."""
    cost = parts.answers["exit_cost"]
    tables = []
    for table in cost.tables:
        names = [column.name for column in table.columns]
        if table.key == "exit-costs":
            rows = [list(row) for row in table.rows]
            for row in rows:
                sign = signs.get(row[names.index("country")], 1.0)
                for at, name in enumerate(names):
                    if name.startswith("loss_") and row[at] is not None:
                        row[at] *= sign
            table = dataclasses.replace(table, rows=tuple(map(tuple, rows)))
        tables.append(table)
    answers = {**parts.answers, "exit_cost": dataclasses.replace(cost, tables=tuple(tables))}
    return dataclasses.replace(parts, answers=answers)


@pytest.mark.parametrize(
    ("signs", "key"),
    [
        ({}, "lasts"),  # what is made up hardly heals
        ({"RUS": -1.0}, "a_gains"),
        ({"CHN": -1.0}, "b_gains"),
        ({"RUS": -1.0, "CHN": -1.0}, "both_gain"),
        ({"RUS": 0.0, "CHN": 0.0}, "little"),
    ],
)
def test_the_sign_of_the_losses_chooses_the_answer(signs, key):
    first = blocks(with_losses(parts_of(made_up()), **signs))[0]
    assert first.heading.key == f"verdict.answer.{key}"


def test_a_war_is_told_before_all_else():
    parts = PairAnswers("UKR", "RUS", year=2023)
    assert parts.at_war
    used = blocks(parts)[4]
    assert (used.heading.key, used.light, used.chance) == ("verdict.used.war", Light.MEASURED, ())


def test_a_doubt_about_the_trade_is_a_caution_and_takes_a_step_of_the_light():
    parts = parts_of(made_up())
    cost = parts.answers["exit_cost"]
    first, *others = cost.tables
    noted = dataclasses.replace(first, notes=(*first.notes, Finding("exit_cost.trade_below")))
    off = dataclasses.replace(cost, tables=(noted, *others))
    doubted = dataclasses.replace(parts, answers={**parts.answers, "exit_cost": off})
    answer = answer_of(doubted)
    assert [one.key for one in answer.findings if one.caution] == ["verdict.answer.trade_below"]
    assert not any(one.caution for one in answer_of(parts).findings)
    assert (blocks(parts)[0].light, blocks(doubted)[0].light) == (Light.MODELLED, Light.JUDGED)
    assert blocks(doubted)[-1].heading.key == "verdict.sure.doubted"


def test_the_first_block_comes_before_what_stands_behind_it():
    first = QUESTIONS["verdict"].central_first({})
    assert first == {"reasons": False}
    states = ["USA", "CHN", "DEU", "RUS", "AUS"]
    small, told = load_world().select(states), []
    answer = verdict("AUS", "CHN", world=small, **first)
    whole = verdict("AUS", "CHN", world=small, progress=lambda done, total, what: told.append((done, total)))
    assert answer.table("verdict").frame.topic.tolist() == ["answer"]
    assert_frame_equal(answer.table("exit-costs").frame, whole.table("exit-costs").frame)
    assert answer.findings[:2] == whole.findings[:2]
    assert [done for done, _ in told] == list(range(len(told)))
    assert {total for _, total in told} == {len(told)}


def test_what_is_not_known_is_said():
    made = outside()
    answer = answer_of(parts_of(made))
    assert answer.findings[0].key == "verdict.answer.unknown"
    rows = answer.table("verdict").records
    assert rows[0]["evidence"] == "unknown"
    assert [table.key for table in answer.tables] == ["verdict"]


@pytest.mark.parametrize("made", [made_up, outside])
def test_it_is_what_the_front_of_a_dossier_says(made):
    """The same sentences in every language, the answer first, and the whole survives JSON."""
    dossier = made()
    answer = answer_of(parts_of(dossier))
    assert answer.findings[0].weight > MAIN
    front = [finding.place for one in screens(dossier) for finding in one.block.said]
    assert sorted(finding.place for finding in answer.findings) == sorted(front)
    assert Answer.from_dict(answer.to_dict()) == answer
    for code in ("en", "de"):
        language = Language(catalogue(code))
        for finding in answer.findings:
            assert "{" not in finding.sentence(language)


def test_an_estimated_economy_and_what_no_loss_counts_are_said():
    """A loss that rests on an estimate says so in the answer and in how sure it is."""
    parts = parts_of(made_up())
    cost = parts.answers["exit_cost"]
    factor = Quantity(2.0, "score")
    beside = {"a": Country("RUS"), "b": Country("CHN"), "year": 2023, "share": Quantity(9.0, "percent")}
    told = (
        Finding(
            "posed.estimated_a", {"states": (Country("RUS"), Country("MNG")), "factor": factor}, caution=True
        ),
        Finding("exit_cost.remittances", {**beside, "amount": Quantity(1e5, "musd")}),
        Finding("exit_cost.aid", {**beside, "a": Country("CHN"), "amount": Quantity(1e5, "musd")}),
    )
    cost = dataclasses.replace(cost, findings=(*cost.findings, *told))
    marked = dataclasses.replace(parts, answers={**parts.answers, "exit_cost": cost})
    assert (parts.estimated, parts.beside_trade) == ({}, ())
    assert marked.estimated == {"states": (Country("RUS"),), "factor": factor}
    answer, *_, sure = blocks(marked)
    keys = [one.key for one in answer.text]
    assert {"verdict.answer.estimated", "verdict.answer.remittances"} <= set(keys)
    assert "verdict.answer.aid" not in keys  # of the side that loses less
    assert (answer.evidence, sure.heading.key) == ("on_estimate", "verdict.sure.estimated")
    assert answer.light == blocks(parts)[0].light  # the ranges hold the doubt
