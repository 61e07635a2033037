"""Sentences say what their numbers say, whatever the numbers are."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit import claim_reader as reader
from tests.unit.made_up import summary

import reading
from suasion.answers import numbers as n
from suasion.dossier import claims as c
from suasion.dossier.words import horizon_phrase, listing, possessive, printed_name, short_industry
from suasion.errors import DataError

SIZES = st.one_of(
    st.just(0.0),
    st.floats(1e-12, 1e-3),
    st.floats(1e-3, 1e3),
    st.floats(1e3, 1e9),
)
LOSSES = st.one_of(SIZES, SIZES.map(lambda x: -x))


@st.composite
def quantity(draw, unit, values=LOSSES, missing=True):
    value = draw(st.one_of(st.none(), values) if missing else values)
    if value is None or not draw(st.booleans()):
        return c.Quantity(value, unit)
    below, above = draw(SIZES), draw(SIZES)
    return c.Quantity(value, unit, value - below, value + above)


@st.composite
def pair_of_units(draw):
    """A loss in both units with one sign, as a model gives it."""
    percent = draw(quantity("percent"))
    income = draw(st.floats(1e2, 1e8))
    if percent.value is None:
        return percent, c.Quantity(None, "musd")
    scale = [None if v is None else v / 100 * income for v in (percent.value, percent.low, percent.high)]
    return percent, c.Quantity(scale[0], "musd", scale[1], scale[2])


HORIZONS = st.sampled_from(["short", "long", "3 years"])
NAMES = st.sampled_from(["Russia", "China", "the United States", "Sao Tome and Principe", "the Philippines"])
SHARES = st.one_of(st.none(), st.floats(0, 100), st.floats(0, 0.2))


def check(claim: c.Claim) -> str:
    """No broken text, and every number of the sentence belongs to the claim."""
    sentence = claim.sentence()
    assert sentence
    assert sentence.endswith(".")
    assert sentence[0] == sentence[0].upper()
    assert not reading.FORBIDDEN.search(sentence), sentence
    json.dumps(claim.to_dict(), allow_nan=False)
    return sentence


def assert_numbers(claim: c.Claim, sentence: str, extra: list[tuple[float, str]] | None = None) -> None:
    allowed = [(q.value, q.unit) for q in claim.quantities if q.value is not None] + (extra or [])
    for read in reader.numbers(sentence):
        kinds = ("percent", "share") if read.kind == "percent" else (read.kind,)
        candidates = [(v, k) for v, k in allowed if k in kinds]
        assert any(reader.agrees(read, v, k) for v, k in candidates), (read, sentence)


@given(pair_of_units(), HORIZONS, NAMES, st.sampled_from(["", "the European Union"]))
def test_a_loss_reads_back(units, horizon, name, given_closed):
    percent, usd = units
    claim = c.Loss("source", name, "all trade between Russia and China", horizon, percent, usd, given_closed)
    sentence = check(claim)
    if percent.value is None:
        assert "cannot be computed" in sentence
    elif percent.covers_zero:
        assert "no clear effect" in sentence
        assert " costs " not in sentence
    elif abs(percent.value) < 0.0005:
        assert "no noticeable effect" in sentence
    else:
        assert (" costs " in sentence) == (percent.value > 0)
        assert (" raises " in sentence) == (percent.value < 0)
        assert_numbers(claim, sentence)


@settings(max_examples=300)
@given(
    pair_of_units(),
    pair_of_units(),
    st.one_of(st.none(), st.floats(1e-4, 1e4)),
    HORIZONS,
    st.booleans(),
    st.booleans(),
)
def test_an_asymmetry_reads_back(first, second, size, horizon, clear, clear_usd):
    (x, money_x), (y, money_y) = first, second
    claim = c.Asymmetry("s", "Russia", "China", x, y, money_x, money_y, size, horizon, clear, clear_usd)
    sentence = check(claim)
    if x.value is None or y.value is None:
        assert "cannot be compared" in sentence
        return
    if re.search(r"Russia loses more than China", sentence):
        assert clear
        assert x.value > y.value
    if re.search(r"China loses more than Russia", sentence):
        assert clear
        assert y.value > x.value
    if "while in USD" in sentence:
        name = re.search(r"while in USD (\w+) loses more", sentence)[1]
        assert clear_usd
        assert (money_x.value > money_y.value) == (name == "Russia")
    ratios = [
        (max(u / v, v / u), "ratio")
        for u, v in ((x.value, y.value), (money_x.value, money_y.value))
        if u and v and u / v > 0
    ]
    assert_numbers(claim, sentence, ratios + ([(max(size, 1 / size), "ratio")] if size else []))


def test_ratio_is_split_into_money_and_size():
    big, small = c.Quantity(1.2, "percent"), c.Quantity(0.1, "percent")
    claim = c.Asymmetry(
        "s", "Russia", "China", big, small, c.Quantity(26e3, "musd"), c.Quantity(20e3, "musd"), 9.23, "long"
    )
    sentence = claim.sentence()
    assert (
        "about 12 times as much in per cent of own real expenditure, about 1.3 times as much in USD"
        in sentence
    )
    assert (
        "China’s economy is about 9.2 times as large: that part of the ratio in per cent is mere size."
        in sentence
    )


def test_no_clear_difference_when_the_band_covers_zero():
    x, y = c.Quantity(1.0, "percent", 0.2, 2.0), c.Quantity(0.9, "percent", 0.1, 2.1)
    claim = c.Asymmetry(
        "s",
        "A",
        "B",
        x,
        y,
        c.Quantity(5.0, "musd"),
        c.Quantity(9.0, "musd"),
        2.0,
        "long",
        clear=False,
        clear_usd=False,
    )
    assert claim.sentence().startswith("No clear difference in per cent between A and B")
    assert "more" not in claim.headline
    assert claim.verb == "no clear difference"


@given(SHARES, SHARES, NAMES)
def test_a_dependence_reads_back(x, y, name):
    claim = c.Dependence(
        "s", name, "Kazakhstan", c.Quantity(x, "share"), c.Quantity(y, "share"), "turnover", "goods, 2022"
    )
    sentence = check(claim)
    if x is None or y is None:
        assert "no data" in sentence
        return
    if "depends more on" in sentence:
        first = sentence.split(" depends more on ")[0]
        assert (x > y) == (first.lower() == name.lower())
    assert_numbers(claim, sentence, [(max(x / y, y / x), "ratio")] if x and y else [])


@given(LOSSES, LOSSES, st.booleans(), HORIZONS)
def test_an_alternative_reads_back(x, y, clear, horizon):
    quantities = [
        c.Quantity(v, unit)
        for v, unit in ((x, "percent"), (y, "percent"), (x * 20, "musd"), (y * 20, "musd"))
    ]
    claim = c.Alternative("s", "Russia", "China", "the West", *quantities, horizon, clear)
    sentence = check(claim)
    if " raises what" in sentence:
        assert y > x
    if " lowers what" in sentence:
        assert y < x
    if not clear:
        assert "does not clearly change" in sentence
    assert_numbers(claim, sentence, [(y / x, "ratio")] if x and y / x >= 1 else [])


@given(SHARES, SHARES)
def test_a_trend_reads_back(x, y):
    claim = c.Trend(
        "s", "China", "Russia’s exports of coal", c.Quantity(x, "share"), c.Quantity(y, "share"), 2013, 2024
    )
    sentence = check(claim)
    if x is None or y is None:
        assert "cannot be compared" in sentence
    elif abs(y - x) < 0.5:
        assert "stayed about the same" in sentence
    else:
        assert (" rose: " in sentence) == (y > x)
        assert_numbers(claim, sentence)


@given(st.integers(0, 78), st.integers(0, 78), SIZES, SIZES)
def test_elsewhere_reads_back(losers, gainers, loss, gain):
    claim = c.Elsewhere(
        "s",
        c.Quantity(losers, "count"),
        c.Quantity(gainers, "count"),
        c.Quantity(0, "count"),
        "Cambodia" if losers else "",
        "Belarus" if gainers else "",
        c.Quantity(loss, "percent"),
        c.Quantity(gain, "percent"),
        c.Quantity(loss * 10, "musd"),
        c.Quantity(gain * 10, "musd"),
        "long",
    )
    sentence = check(claim)
    assert ("more lose than gain" in sentence) == (losers > gainers)
    assert ("more gain than lose" in sentence) == (gainers > losers)
    assert ("largest gain" in sentence) == (gainers > 0)
    assert_numbers(claim, sentence)


@given(st.one_of(st.none(), st.floats(0.01, 100)), SHARES, st.booleans())
def test_a_threshold_reads_back(m, share, passed):
    claim = c.Threshold(
        "s", "Russia", "China", "a critical loss", m, 0.01, 100, c.Quantity(share, "share"), "long", passed
    )
    sentence = check(claim)
    if m is not None and m > 1.05:
        assert "would be reached" in sentence
    if m is not None and m < 0.95:
        assert "passed already" in sentence
    if m is None:
        assert ("passed already" in sentence) == passed
    assert_numbers(claim, sentence)


@given(SHARES, SHARES)
def test_an_exposure_reads_back(direct, through):
    claim = c.Exposed(
        "s",
        "Russia",
        "China",
        "electronics",
        c.Quantity(direct, "share"),
        c.Quantity(through, "share"),
        "all industries",
    )
    sentence = check(claim)
    if direct is not None and through is not None:
        assert (" and more when" in sentence) == (f"{through:.1f}" != f"{direct:.1f}" and through > direct)
        assert_numbers(claim, sentence)


def test_absent_says_what_and_why():
    claim = c.Absent("", "what a break would cost", "Iran is not in the table")
    assert claim.sentence() == "What a break would cost cannot be computed: Iran is not in the table."
    assert claim.verb == "cannot be computed"


@pytest.mark.parametrize("claim", summary(), ids=lambda claim: claim.kind)
def test_bands_read_back(claim):
    sentence = check(claim)
    known = [(q.low, q.high) for q in claim.quantities if q.low is not None]
    for low, high in reader.bands(sentence):
        # two significant digits: within 5 % of either end
        assert any(
            low == pytest.approx(x, rel=0.05) and high == pytest.approx(y, rel=0.05) for x, y in known
        ), sentence


def test_losing_almost_the_same_gets_no_direction_word():
    same = (
        c.Quantity(1.0, "percent"),
        c.Quantity(1.01, "percent"),
        c.Quantity(10.0, "musd"),
        c.Quantity(10.1, "musd"),
    )
    claim = c.Asymmetry("s", "A", "B", *same, 1.0, "long")
    assert claim.sentence().startswith("A and B lose about the same in per cent")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9.96, "10"),
        (0.0999, "0.10"),
        (123.4, "120"),
        (1250, "1,300"),
        (0.8, "0.80"),
        (1, "1.0"),
        (0, "0"),
        (0.00123, "0.0012"),
    ],
)
def test_two_significant_digits(value, text):
    assert n.significant(value) == text


@given(st.floats(1e-9, 1e15))
def test_printed_numbers_are_within_half_of_the_last_digit(value):
    assert float(n.significant(value).replace(",", "")) == pytest.approx(value, rel=0.05)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1.0])
def test_significant_refuses_what_cannot_be_printed(bad):
    with pytest.raises(DataError, match="a printed size is a finite number"):
        n.significant(bad)


def test_times_refuses_ratios_below_one():
    with pytest.raises(DataError, match="turn it round"):
        n.ratio(0.5)
    assert n.ratio(12345.0) == "more than 1,000 times"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (999.6, "1.0 bn USD"),
        (1e6, "1.0 tn USD"),
        (25800, "26 bn USD"),
        (0.06, "60,000 USD"),
        (0.9996, "1.0 mn USD"),
        (0.01, "less than 50,000 USD"),
        (0, "0 USD"),
    ],
)
def test_money(value, text):
    assert n.usd(value) == text


def test_signs_zero_and_missing_never_look_alike():
    shown = [n.signed_percent(x) for x in (-1.44, 0.0, None, 0.0001, -0.0001, 0.3)]
    assert shown == ["−1.4 %", "0 %", "no data", "under ±0.001 %", "under ±0.001 %", "+0.30 %"]
    assert [n.share(x) for x in (17.04, 0.0, None, 0.01)] == ["17.0 %", "0 %", "no data", "less than 0.1 %"]
    assert n.short_share(0.01) == "<0.1 %"
    assert [n.signed_usd(x) for x in (-26e3, None, 0.0)] == ["−26 bn USD", "no data", "0 USD"]
    assert n.band(-2.34, -0.8) == "−2.3 to −0.80"
    assert n.band(None, 1.0) == ""


def test_words():
    assert possessive("the United States") == "the United States’"
    assert possessive("Cyprus") == "Cyprus’s"
    assert printed_name("USA", "United States") == "the United States"
    assert printed_name("RUS", "Russia") == "Russia"
    assert printed_name("EU", "EU") == "the European Union"
    assert listing(["A", "B", "C"]) == "A, B and C"
    assert listing([]) == "nobody"
    assert horizon_phrase("long") == "in the long run"
    assert short_industry("Manufacture of basic metals") == "Basic metals"
