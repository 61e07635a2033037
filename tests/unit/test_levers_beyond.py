"""What the question about levers adds to the model: the chance of a pact, and a later year."""

from __future__ import annotations

import dataclasses

import pytest

from suasion.coercion.levers.influence import PactChance
from suasion.coercion.levers.plan import WhyNot
from suasion.errors import InputError
from suasion.questions.levers import beyond as levers_beyond
from suasion.statecraft.alliance.number import PactEvent, pact_number
from suasion.world.testing import golden_world


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
