"""The chapters on levers and on the frontier of sanctions: what they say, draw and leave out; the question to all rooms."""

from __future__ import annotations

import dataclasses
import re
from types import SimpleNamespace

import pytest

import reading
from suasion.coercion.frontier import contest as frontier_room
from suasion.coercion.levers.file import read_levers
from suasion.coercion.levers.pact import PactChance
from suasion.dossier import gather, levers_beyond
from suasion.dossier.chapters import SLOW
from suasion.dossier.chapters import frontier as frontier_chapter
from suasion.dossier.chapters import levers as levers_chapter
from suasion.dossier.charts.chapter import chapter_figures
from suasion.errors import InputError
from suasion.statecraft.alliance.number import PactEvent, pact_number
from suasion.world.testing import golden_world


@pytest.fixture(scope="module")
def question(world):
    return gather.ask("RUS", "CHN", ("USA",), world)


@pytest.fixture(scope="module")
def levers_made(world, question):
    """The real chapter with two levers, no draws and no later world, to be quick."""
    model = read_levers()
    few = model.model_copy(
        update={"levers": [model.levers[2], model.levers[8]], "red_lines": [model.red_lines[1]]}
    )
    ask = levers_beyond.ask_levers
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(levers_beyond, "ask_levers", lambda *given, **more: ask(
            *given, **{**more, "draws": 0, "to": None, "file": few}))  # fmt: skip
        return levers_chapter.chapter(question, world)


@pytest.fixture(scope="module")
def frontier_made(world, question):
    """The real chapter at two weights and with one group of goods."""
    trace = frontier_room.frontier
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frontier_room, "frontier", lambda *given, **more: trace(
            *given, **{**more, "lambdas": (0.0, 1.0), "groups": {"oil and gas": ["B06"]}}))  # fmt: skip
        return frontier_chapter.chapter(question, world)


@pytest.fixture(params=["levers_made", "frontier_made"])
def made(request):
    return request.getfixturevalue(request.param)


def test_they_are_asked_for():
    assert {"levers", "frontier"} <= set(SLOW)


def test_sentences_read_back_and_hold_no_number_of_their_own(made):
    assert made.findings
    for claim in made.findings:
        said = claim.sentence()
        assert not reading.FORBIDDEN.search(said), said
        assert not re.search(r"\d", claim.template)
        assert not reading.DIRECTION.search(claim.template)
        assert all(quantity.text in said for quantity in claim.quantities)


def test_cells_and_pictures(made):
    for table in made.tables:
        cells = " | ".join(cell for row in table.printed() for cell in row)
        assert not re.search(r"\bnan\b|\bNone\b|\binf\b|_", cells), cells[:300]
    figures = chapter_figures(made)
    assert len(figures) == 1
    assert figures[0].panels[0].least_marks >= 2
    assert figures[0].alt.endswith(".")


def test_levers_name_the_pair_and_the_red_line(levers_made):
    said = " ".join(claim.sentence() for claim in levers_made.findings)
    assert "no arms technology" in said
    assert "defence pact of Russia and China" in said
    plans = next(table for table in levers_made.tables if table.key == "levers-plans")
    used = plans.rows[0][1]
    assert used.startswith("pressure on payments between Russia and China (United States")
    assert not re.search(r"\b[ab]\b|\d", used.replace(" %", ""))  # sides by name, full use without a number
    outcomes = levers_made.tables[0].values("outcome")
    assert outcomes[0] == "The exit cost of Russia, %"


def test_a_leverage_under_one_is_printed_as_it_is(question):
    """The United States lose about as much from China as China from them: the ratio may be under one."""
    row = {
        "outcome": "leverage", "unit": "ratio", "base": 0.985, "class": "direct", "why": "", "blocked_by": "",
        "gain_with_red_lines": 0.1, "gain_without": 0.1,
    }  # fmt: skip
    found = SimpleNamespace(a="RUS", b="CHN", beyond=SimpleNamespace(later=None, pact=None))
    assert ": 0.99 as things stand;" in levers_chapter._finding(found, row, question).sentence()
    assert (
        "about 9.3 times as things stand"
        in levers_chapter._finding(found, {**row, "base": 9.29}, question).sentence()
    )


def test_the_curve_holds_the_points_of_the_frontier(frontier_made):
    points = frontier_made.tables[0]
    assert points.values("label") == ("0", "1")
    harm = points.values("harm")
    assert harm[1] > harm[0] > 0
    assert frontier_made.tables[1].rows[0][0] == "oil and gas"


def test_the_senders_are_named_as_they_act(world):
    """Germany is among them where Russia is the target, and left out where it is."""
    trace = frontier_room.frontier
    said = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frontier_room, "frontier", lambda *given, **more: trace(
            *given, **{**more, "lambdas": (0.0, 1.0), "groups": {"oil and gas": ["B06"], "cars": ["C29"]}}))  # fmt: skip
        for pair in (("DEU", "RUS"), ("DEU", "FRA")):
            made = frontier_chapter.chapter(gather.ask(*pair, ("USA", "EU"), world), world)
            said.append(made.findings[0].sentence())
    assert said[0].startswith("Tariffs of the United States and the European Union that")
    assert "cost Russia" in said[0]
    assert "the European Union (without Germany and France) that" in said[1]
    assert "cost Germany" in said[1]


def test_sanctions_are_on_whoever_stands_outside_the_audience(world):
    """Of Germany and Russia, watched by the EU, Russia is the target, and Germany a sender."""
    asked = []
    with pytest.MonkeyPatch.context() as patch:

        def noted(world, senders, target, **more):
            asked.append((senders, target))
            raise InputError("enough")

        patch.setattr(frontier_room, "frontier", noted)
        for pair in (("DEU", "RUS"), ("RUS", "DEU"), ("DEU", "FRA")):
            frontier_chapter.chapter(gather.ask(*pair, ("EU",), world), world)
    assert asked[:2] == [(("EU",), "RUS")] * 2
    senders, target = asked[2]
    assert target == "DEU"
    assert "ITA" in senders
    assert not {"DEU", "FRA"} & set(senders)


def test_without_an_audience_or_a_world_they_say_why(world):
    alone = gather.ask("RUS", "CHN", None, world)
    assert "No audience" in levers_chapter.chapter(alone, world).reason
    outside = gather.ask("RUS", "IRN", ("USA",), world)
    for module in (levers_chapter, frontier_chapter):
        assert "Iran" in module.chapter(outside, world).reason


def test_chance_of_a_pact_is_the_one_number():
    found = levers_beyond.pact_chance("RUS", "CHN")
    assert isinstance(found, PactChance)
    said = pact_number("RUS", "CHN", 2036)
    assert found.chance(0.0) == pytest.approx(100.0 * said.probability, rel=1e-9)
    assert found.base_percent == pytest.approx(100.0 * said.base)
    # Of a pact that stands, the chance that it is kept.
    kept = levers_beyond.pact_chance("BLR", "RUS")
    ends = pact_number("BLR", "RUS", 2036, pact=PactEvent.ENDING)
    assert kept.ends
    assert kept.chance(0.0) == pytest.approx(100.0 * (1.0 - ends.probability), rel=1e-9)


def test_trade_moves_log_odds_by_the_model_s_own_coefficient():
    found = levers_beyond.pact_chance("RUS", "CHN")
    moved = dataclasses.replace(found, log_odds=found.log_odds + 0.3 * found.slopes)
    assert found.chance(0.3) == pytest.approx(moved.chance(0.0), rel=1e-12)
    assert (found.slopes_sd > 0).all()


@pytest.mark.parametrize(
    ("pair", "words"),
    [(("EU", "CHN"), "not of groups"), (("HKG", "CHN"), "not in the list of states"), (("R", "CHN"), "'R'")],
)
def test_a_pact_that_nobody_knows_has_a_reason(pair, words):
    said = levers_beyond.pact_chance(*pair)
    assert isinstance(said, str)
    assert words in said


def test_a_year_without_a_later_world_is_refused(world):
    with pytest.raises(InputError, match="must end later"):
        levers_beyond.later_world(world, world.year)
    with pytest.raises(InputError, match=r"must end later|2022|growth"):
        levers_beyond.later_world(golden_world(), 2000)
