"""The chapters on levers and on the frontier of sanctions: what they say, draw and leave out; the question to all rooms."""

from __future__ import annotations

import dataclasses
import re

import pytest

import reading
from suasion.coercion.frontier import contest as frontier_room
from suasion.coercion.levers.pact import PactChance
from suasion.coercion.levers.plan import WhyNot
from suasion.dossier import gather
from suasion.dossier.chapters import SLOW
from suasion.dossier.chapters import frontier as frontier_chapter
from suasion.dossier.charts.chapter import chapter_figures
from suasion.errors import InputError
from suasion.questions.levers import beyond as levers_beyond
from suasion.statecraft.alliance.number import PactEvent, pact_number
from suasion.world.testing import golden_world


@pytest.fixture(scope="module")
def question(world):
    return gather.ask("RUS", "CHN", ("USA",), world)


@pytest.fixture(scope="module")
def frontier_made(world, question):
    """The real chapter at two weights and with one group of goods."""
    trace = frontier_room.frontier
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frontier_room, "frontier", lambda *given, **more: trace(
            *given, **{**more, "lambdas": (0.0, 1.0), "groups": {"oil and gas": ["B06"]}}))  # fmt: skip
        return frontier_chapter.chapter(question, world)


def test_they_are_asked_for():
    assert {"levers", "frontier"} <= set(SLOW)


def test_sentences_read_back_and_hold_no_number_of_their_own(frontier_made):
    made = frontier_made
    assert made.findings
    for claim in made.findings:
        said = claim.sentence()
        assert not reading.FORBIDDEN.search(said), said
        assert not re.search(r"\d", claim.template)
        assert not reading.DIRECTION.search(claim.template)
        assert all(quantity.text in said for quantity in claim.quantities)


def test_cells_and_pictures(frontier_made):
    made = frontier_made
    for table in made.tables:
        cells = " | ".join(cell for row in table.printed() for cell in row)
        assert not re.search(r"\bnan\b|\bNone\b|\binf\b|_", cells), cells[:300]
    figures = chapter_figures(made)
    assert len(figures) == 1
    assert figures[0].panels[0].least_marks >= 2
    assert figures[0].alt.endswith(".")


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


def test_without_a_world_it_says_why(world):
    assert "Iran" in frontier_chapter.chapter(gather.ask("RUS", "IRN", ("USA",), world), world).reason


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
    ("pair", "why"),
    [
        (("EU", "CHN"), WhyNot.GROUPS),
        (("HKG", "CHN"), WhyNot.NOT_FITTED),
        (("R", "CHN"), WhyNot.NOT_FITTED),
    ],
)
def test_a_pact_that_nobody_knows_has_a_reason(pair, why):
    assert levers_beyond.pact_chance(*pair) is why


def test_a_year_without_a_later_world_is_refused(world):
    with pytest.raises(InputError, match="must end later"):
        levers_beyond.later_world(world, world.year)
    with pytest.raises(InputError, match=r"must end later|2022|growth"):
        levers_beyond.later_world(golden_world(), 2000)
