"""What is worth telling, how it is rounded where it is seen first, and how well it is founded."""

from __future__ import annotations

import pytest

from suasion.answers import front
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.values import Quantity
from suasion.dossier.screens import parts_of
from suasion.dossier.screens.answer import published
from suasion.pages import printed
from suasion.questions import dependence, trade_history
from suasion.questions.verdict.changed import changed
from suasion.questions.verdict.cost import level
from suasion.questions.verdict.parts import Light, PairAnswers, StateLoss, light

NUMBERS = DEFAULT_LANGUAGE.numbers


@pytest.mark.parametrize(
    ("percent", "musd", "worth", "noticed"),
    [
        (0.1, 1000.0, True, True),
        (-0.1, -1000.0, True, True),  # a gain as a loss
        (0.099, 5e5, False, True),  # much money, and little of a large economy
        (9.0, 999.0, False, True),  # much of a small one
        (0.05, 10.0, False, False),
        (None, None, False, False),
    ],
)
def test_a_finding_is_large_for_its_economy_and_in_money(percent, musd, worth, noticed):
    assert front.worth_telling(percent, musd) is worth
    assert front.noticed(percent, musd) is noticed


def test_an_order_whose_share_is_unknown_is_not_told():
    assert not front.settled(None)
    assert front.settled(front.SURE)


@pytest.mark.parametrize(
    ("percent", "low", "high", "musd", "told"),
    [
        (2.0, 1.0, 3.0, 5e4, "loses"),
        (-2.0, -3.0, -1.0, -5e4, "gains"),
        (2.0, -0.5, 3.0, 5e4, "unclear"),
        (0.01, None, None, 1.0, "hardly"),
        (0.01, None, None, 5e3, "loses"),
    ],
)
def test_the_direction_of_what_was_asked(percent, low, high, musd, told):
    assert front.direction(Quantity(percent, "percent", low, high), Quantity(musd, "musd")) == told


def test_rankings_are_by_the_loss_after_ten_years():
    first, later = {"A": 9.0, "B": 5.0, "C": 7.0}, {"A": 1.0, "B": -3.0, "C": None}
    assert front.by_later(first, later.get) == ["B", "A", "C"]


@pytest.mark.parametrize(
    ("given", "lit"),
    [
        ({"observed": True}, Light.MEASURED),
        ({"observed": True, "doubted": True}, Light.MODELLED),
        ({"ranged": True}, Light.MODELLED),
        ({"ranged": True, "checked": False}, Light.JUDGED),
        ({"ranged": False}, Light.JUDGED),
        ({"ranged": True, "doubted": True}, Light.JUDGED),
        ({"ranged": True, "assumed": True}, Light.JUDGED),
        ({"observed": True, "assumed": True}, Light.JUDGED),
        ({"ranged": True, "cases": 9}, Light.JUDGED),
        ({"ranged": True, "cases": 10}, Light.MODELLED),
    ],
)
def test_the_light_is_computed_from_what_a_finding_rests_on(given, lit):
    assert light(**given) == lit


@pytest.mark.parametrize(
    ("value", "centre", "text"),
    [(5.26, None, "5.3"), (9.94, None, "9.9"), (9.96, None, "10"), (42.4, None, "42"), (0.04, None, "0.0"),
     (7.25, 12.0, "7"), (12.0, 7.0, "12.0"), (-1.26, None, "−1.3"), (-0.04, None, "0.0")],
)  # fmt: skip
def test_a_size_has_one_decimal_at_most_and_those_of_its_centre(value, centre, text):
    assert front.plain(value, centre) == text


@pytest.mark.parametrize("value", [front.LEAST / 2, 0.0])
def test_what_is_too_small_is_never_zero(value):
    assert front.percent(value, NUMBERS) == front.share(value, NUMBERS) == NUMBERS.below(NUMBERS.unit("0.1"))


def test_what_lies_beyond_the_tests_is_not_told_to_the_digit():
    sizes = {front.percent(value, NUMBERS) for value in (front.BEYOND + 0.1, 60.0, 99.0)}
    assert len(sizes) == 1
    assert front.percent(front.BEYOND, NUMBERS) not in sizes


@pytest.mark.parametrize(("low", "high", "name"), front.FRACTIONS)
def test_common_fractions_are_words_at_both_ends_of_their_span(low, high, name):
    words = NUMBERS.words[f"number.fraction.{name}"]
    beyond = [low - 0.06, high + 0.06]
    assert {front.about(value, NUMBERS) for value in (low, high) if value <= front.BEYOND} <= {words}
    assert words not in {front.about(value, NUMBERS) for value in beyond}


@pytest.mark.parametrize(
    ("ratio", "word"),
    [(0.5, "halved"), (1.0, "still"), (2.0, "doubled"), (3.0, "tripled"), (1.5, "rose"), (5.0, "rose"), (0.7, "fell"), (0.1, "fell")],
)  # fmt: skip
def test_a_change_has_a_word_where_its_ratio_has(ratio, word):
    assert front.change(ratio) == word


def test_a_dash_never_meets_a_minus():
    assert front.joined("4", "24") == "4–24"
    assert front.joined("−24", "−4") == "−24 to −4"
    across = Quantity(1.0, "percent", -0.3, 2.0)
    assert front.span(across, NUMBERS, short=True) == "−0.3 to 2.0"
    row = {"loss": -0.4, "loss_low": -0.9, "loss_high": -0.1}
    assert printed.span(row, "loss") == "−0.9 to −0.1"


def test_ranges_read_from_small_to_large_whatever_the_sign():
    loss, gain = Quantity(2.0, "percent", 1.04, 3.06), Quantity(-2.0, "percent", -3.06, -1.04)
    assert front.span(loss, NUMBERS, short=True) == front.span(gain, NUMBERS, short=True) == "1.0–3.1"
    assert front.span(Quantity(2.0, "percent"), NUMBERS) == ""
    money = Quantity(-2e5, "musd", -3e5, -9e4)
    assert front.money_words(money, NUMBERS) == NUMBERS.words["number.span"].format(
        low=NUMBERS.usd(9e4).removesuffix(" bn USD"), high=NUMBERS.usd(3e5)
    )
    assert front.money_words(Quantity(2e5, "musd"), NUMBERS) == ""


CRITICAL = [
    ("RUS", 4.0, 3.0, 4.5, "reached"),
    ("RUS", 5.5, 4.0, 7.0, "open"),
    ("RUS", 0.01, None, None, None),
]


@pytest.mark.parametrize(("state", "loss", "low", "high", "key"), CRITICAL)
def test_a_critical_level_is_told_where_the_draws_agree_on_its_side(state, loss, low, high, key):
    """A level is one sentence; none where the range of the loss holds the line, and none for what nobody notices."""
    from tests.unit.made_up import made_up

    made = parts_of(made_up())
    side = StateLoss(state, "CHN", Quantity(loss, "percent", low, high), Quantity(1e4 * loss, "musd"))
    other = StateLoss("CHN", state, Quantity(0.001, "percent"), Quantity(1.0, "musd"))
    told = [one.key.rpartition(".")[2] for one in level(made, "short", side, other)]
    assert told == ([key] if key else [])


def test_published_ticks_are_of_the_end_of_trade_with_the_partner_alone():
    def of(a: str, b: str, code: str, horizon: str):
        return published(PairAnswers(a, b), code, horizon)

    ((value, study),) = of("DEU", "CHN", "DEU", "short")
    assert value == 2.0
    assert "Felbermayr" in study
    # What China would lose without all of the European Union is not what it would lose without Germany.
    assert of("DEU", "CHN", "CHN", "long") == of("RUS", "CHN", "RUS", "short") == ()


def test_a_large_part_of_a_small_economy_is_told_in_per_cent():
    """Brunei without the United States: 4.6 % of its spending power, and less than a billion."""
    small, large = (Quantity(one, "percent") for one in (4.6, 0.0007))
    assert StateLoss("BRN", "USA", small, Quantity(800.0, "musd")).told
    assert not StateLoss("USA", "BRN", large, Quantity(190.0, "musd")).told


@pytest.mark.parametrize(
    ("a", "b", "why", "lit"),
    [
        ("DEU", "FRA", "since", Light.MODELLED),  # losses of each year stand beside shares that are measured
        ("RUS", "BLR", "guessed", Light.MODELLED),  # neither reported the last year
        ("CUB", "VEN", "contradicted", Light.MODELLED),  # by Cuba's own statistics
        ("TWN", "CHN", "guessed", Light.MODELLED),  # one year of a table moved on from an earlier one
        ("IRN", "IRQ", "ended", Light.MODELLED),  # neither has reported since 2018
    ],
)
def test_a_share_that_nobody_reported_is_not_called_measured(a, b, why, lit):
    asked = {"trade_history": trade_history(a, b), "dependence": dependence(a, b)}
    block = changed(PairAnswers(a, b, asked, 2023))
    assert block.evidence == why
    assert block.light is lit
