"""Sentences say what their numbers say, whatever the numbers are."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit import claim_reader as reader
from tests.unit.made_up import cost, elsewhere, exit_cost, summary

import reading
from suasion.answers import numbers as n
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.values import Country, Quantity, Word
from suasion.coercion import TieStudy
from suasion.coercion.critical import Crossing
from suasion.coercion.leverage import intervals
from suasion.dossier.chapter import Conclusion, listing, state
from suasion.errors import DataError
from suasion.questions.critical_levels import crossing_finding
from suasion.questions.dependence import compared_shares, most_exposed
from suasion.questions.exit_cost import StudyReport
from suasion.questions.goods.materials import moved_share
from suasion.questions.losses import compare_losses, findings, outlet_worth, with_shipped_ranges
from suasion.questions.posed import TiePair
from suasion.world import load_world

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
        return Quantity(value, unit)
    below, above = draw(SIZES), draw(SIZES)
    return Quantity(value, unit, value - below, value + above)


@st.composite
def pair_of_units(draw):
    """A loss in both units with one sign, as a model gives it."""
    percent = draw(quantity("percent"))
    income = draw(st.floats(1e2, 1e8))
    if percent.value is None:
        return percent, Quantity(None, "musd")
    scale = [None if v is None else v / 100 * income for v in (percent.value, percent.low, percent.high)]
    return percent, Quantity(scale[0], "musd", scale[1], scale[2])


SHARES = st.one_of(st.just(math.nan), st.floats(0, 1), st.floats(0, 0.002))


def check(claim: Conclusion) -> str:
    """No broken text, and every number of the sentence belongs to the claim."""
    sentence = claim.sentence()
    assert sentence
    assert sentence.endswith(".")
    assert sentence[0] == sentence[0].upper()
    assert not reading.FORBIDDEN.search(sentence), sentence
    json.dumps(claim.to_dict(), allow_nan=False)
    return sentence


def assert_numbers(claim: Conclusion, sentence: str, extra: list[tuple[float, str]] | None = None) -> None:
    allowed = [(q.value, q.unit) for q in claim.quantities if q.value is not None] + (extra or [])
    allowed = [
        (100 * value, "percent") if unit == "probability" else (value, unit) for value, unit in allowed
    ]
    for read in reader.numbers(sentence):
        kinds = ("percent", "share") if read.kind == "percent" else (read.kind,)
        candidates = [(v, k) for v, k in allowed if k in kinds]
        assert any(reader.agrees(read, v, k) for v, k in candidates), (read, sentence)


WHO = {"a": Country("RUS"), "b": Country("CHN"), "when": Word("run", "long")}


def told(first, second, size=1.0, gaps=(None, None)):
    """Findings on two losses, each in per cent and in money, by key with the direction."""
    losses = {"percent_a": first[0], "percent_b": second[0], "musd_a": first[1], "musd_b": second[1]}
    return {one.place: Conclusion("source", one) for one in compare_losses(WHO, losses, gaps, size)}


OPEN = Quantity(0.0, "percent", -1.0, 1.0)
"""A difference whose band covers zero."""


@settings(max_examples=300)
@given(pair_of_units(), pair_of_units(), st.floats(1e-4, 1e4), st.booleans(), st.booleans())
def test_an_asymmetry_reads_back(first, second, size, clear, clear_usd):
    (x, money_x), (y, money_y) = first, second
    found = told(first, second, size, (None if clear else OPEN, None if clear_usd else OPEN))
    if x.value is None or y.value is None:
        assert list(found) == ["exit_cost.unsolved"]
        return
    for claim in found.values():
        assert_numbers(claim, check(claim))
    if max(x.value, y.value) < n.NOTICED_PERCENT:
        assert list(found) == ["exit_cost.neither"]
        return
    said = " ".join(claim.sentence() for claim in found.values())
    assert ("Russia loses more than China" in said) == (
        "exit_cost.asymmetry.above" in found
    )  # the numbers choose
    if "exit_cost.asymmetry.above" in found:
        assert clear
        assert x.value > y.value
    if "exit_cost.asymmetry.below" in found:
        assert clear
        assert y.value > x.value
    if "exit_cost.times.below" in found:
        assert clear_usd
        more = (money_x.value > money_y.value) == (x.value > y.value)
        assert not more


def test_ratio_is_split_into_money_and_size():
    first = Quantity(1.2, "percent"), Quantity(26e3, "musd")
    second = Quantity(0.1, "percent"), Quantity(20e3, "musd")
    found = told(first, second, 9.23)
    assert list(found) == ["exit_cost.asymmetry.above", "exit_cost.times.above", "exit_cost.size.above"]
    times = found["exit_cost.times.above"].finding.values
    assert times["percent"].value == pytest.approx(12.0, rel=1e-12)  # 1.2 / 0.1, rounding of doubles
    assert times["musd"].value == pytest.approx(1.3, rel=1e-12)
    assert (
        "China’s economy is about 9.2 times as large: that part of the ratio in per cent is mere size."
        in found["exit_cost.size.above"].sentence()
    )


def test_no_clear_difference_when_the_band_covers_zero():
    x, y = Quantity(1.0, "percent", 0.2, 2.0), Quantity(0.9, "percent", 0.1, 2.1)
    found = told((x, Quantity(5.0, "musd")), (y, Quantity(9.0, "musd")), 2.0, (OPEN, OPEN))
    (claim,) = found.values()
    assert "no clear difference in per cent between Russia and China" in claim.sentence()
    assert "more" not in claim.headline
    assert claim.verb == "unclear"


@given(SHARES, SHARES)
def test_a_dependence_reads_back(x, y):
    found = SimpleNamespace(a="RUS", b="KAZ", year=2022, share={"RUS": x, "KAZ": y}.__getitem__)
    made = {one.key: Conclusion("s", one) for one in compared_shares(found)}
    for claim in made.values():
        assert_numbers(claim, check(claim))
    main = next(iter(made.values()))
    if math.isnan(x) or math.isnan(y):
        assert "no data" in main.sentence()
    elif "Russia depends more" in main.sentence():
        assert x > y
    elif "Kazakhstan depends more" in main.sentence():
        assert y > x


@given(LOSSES, LOSSES)
def test_an_alternative_reads_back(x, y):
    """Closing the other outlet raises or lowers a loss as the numbers do."""
    open_, closed = (
        cost("RUS", "CHN", {("RUS", "long"): (v, 20 * v), ("CHN", "long"): (1.0, 1.0)}) for v in (x, y)
    )
    for one in outlet_worth("RUS", (open_, closed), "USA + EU", "long", 0):
        claim = Conclusion("source", one)
        sentence = check(claim)
        assert "the United States and the European Union" in sentence
        assert (" raises what" not in sentence) or y > x
        assert (" lowers what" not in sentence) or y < x
        assert_numbers(claim, sentence)


@given(st.floats(0.02, 1), st.floats(0.02, 1))
def test_a_trend_reads_back(x, y):
    rows = [("CHN", "RUS", "coal", year, share, 0.1, 1e3) for year, share in ((2013, x), (2024, y))]
    names = ["buyer", "seller", "material", "year", "seller_share", "buyer_share", "value"]
    (one,) = moved_share(pd.DataFrame(rows, columns=names))
    claim = Conclusion("s", one)
    sentence = check(claim)
    assert_numbers(claim, sentence)
    assert (" rose: " not in sentence) or y > x
    assert (" fell: " not in sentence) or y < x


def test_elsewhere_reads_back():
    """Counts and extremes are those of the table, the pair left out."""
    found = {one.key: one for one in exit_cost().findings}
    table = elsewhere()
    others = table[~table.country.isin(["RUS", "CHN"])].set_index("country").change_percent
    counts = found["exit_cost.elsewhere"].values
    assert counts["losers"].value == (others <= -n.NOTICED_PERCENT).sum()
    assert counts["gainers"].value == (others >= n.NOTICED_PERCENT).sum()
    assert counts["unmoved"].value == (others.abs() < n.NOTICED_PERCENT).sum()
    assert found["exit_cost.largest_loss"].values["state"] == Country(others.idxmin())
    assert found["exit_cost.largest_gain"].values["percent"].value == others.max()


@given(st.floats(0.01, 100), st.floats(0.2, 100), st.sampled_from(list(Crossing)[:3]))
def test_a_threshold_reads_back(m, share, crossing):
    row = {"crossing": crossing, "m": m, "turnover_share": share, "m_examined": 16.0}
    if crossing is Crossing.PASSED_ALREADY:
        row["m_examined"] = 0.25
    who = {"country": Country("RUS"), "partner": Country("CHN"), "when": Word("run", "long")}
    claim = Conclusion("s", crossing_finding(row, who | {"level": Quantity(2.0, "percent")}, 1.0))
    sentence = check(claim)
    if crossing is Crossing.REACHED:
        assert ("would be reached" in sentence) == (m >= 1.05)
        assert ("passed already" in sentence) == (m <= 1 / 1.05)
    else:
        assert ("passed already" in sentence) == (crossing is Crossing.PASSED_ALREADY)
    assert_numbers(claim, sentence)


@given(st.floats(0, 1), st.floats(0.01, 1))
def test_an_exposure_reads_back(direct, through):
    table = pd.DataFrame(
        {"sector": ["C26"], "output": [1.0], "face_value": [direct], "look_through": [through]}
    )
    (one,) = most_exposed(SimpleNamespace(user="RUS", supplier="CHN", table=table))
    claim = Conclusion("s", one)
    sentence = check(claim)
    assert_numbers(claim, sentence)
    assert (" and more when" not in sentence) or through > direct
    assert (" and less when" not in sentence) or through < direct


@pytest.mark.parametrize("claim", summary(), ids=lambda claim: claim.topic)
def test_bands_read_back(claim):
    sentence = check(claim)
    known = [(q.low, q.high) for q in claim.quantities if q.low is not None]
    for low, high in reader.bands(sentence):
        # two significant digits: within 5 % of either end
        assert any(
            low == pytest.approx(x, rel=0.05) and high == pytest.approx(y, rel=0.05) for x, y in known
        ), sentence


def test_losing_almost_the_same_gets_no_direction_word():
    found = told(
        (Quantity(1.0, "percent"), Quantity(10.0, "musd")),
        (Quantity(1.01, "percent"), Quantity(10.1, "musd")),
    )
    assert list(found) == ["exit_cost.asymmetry.equal"]


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
    assert [n.signed_usd(x) for x in (-26e3, None, 0.0)] == ["−26 bn USD", "no data", "0 USD"]
    assert n.band(-2.34, -0.8) == "−2.3 to −0.80"
    assert n.band(None, 1.0) == ""


def test_a_range_in_a_cell_says_a_common_unit_once():
    printer = n.DEFAULT_NUMBERS
    assert printer.range_of("2.2 %", "1.2 %", "3.7 %") == "2.2 % (1.2 to 3.7)"
    assert (
        printer.range_of("1.3 bn USD", "830 mn USD", "2.3 bn USD") == "1.3 bn USD (830 mn USD to 2.3 bn USD)"
    )
    assert printer.range_of("2.2 %", "less than 0.001 %", "3.7 %") == "2.2 % (less than 0.001 % to 3.7 %)"
    assert printer.range_of(*["less than 0.001 %"] * 3) == "less than 0.001 %"


def test_words():
    assert DEFAULT_LANGUAGE.country("USA", "of") == "the United States’"
    assert DEFAULT_LANGUAGE.country("CYP", "of") == "Cyprus’s"
    assert state("USA") == "the United States"
    assert state("RUS") == "Russia"
    assert state("EU") == "the European Union"
    assert listing(["A", "B", "C"]) == "A, B and C"
    assert listing([]) == "nobody"


def test_ranges_that_ship_are_bands_and_decide(monkeypatch):
    """Where the share of draws in which one side loses more leaves it open, no direction is told."""
    found = {}
    for share, low_ratio in ((0.5, 0.6), (0.99, 2.0)):
        rows = (
            intervals.LossInterval(
                "RUS", "CHN", "long", 1.36, 0.9, 2.1, share, low_ratio, 20.0, 0.4, 0.2, ""
            ),
            intervals.LossInterval(
                "CHN", "RUS", "long", 0.12, 0.1, 0.2, 1 - share, 0.05, 1 / low_ratio, 0.4, 0.2, ""
            ),
        )
        kept = {(one.country, one.partner, one.horizon): one for one in rows}
        monkeypatch.setattr(intervals, "loss_interval", lambda _, *key, kept=kept: kept.get(key))
        pair, bare = TiePair("RUS", "CHN"), {("RUS", "long"): (1.36, 25.8e3), ("CHN", "long"): (0.12, 20.4e3)}
        plain = TieStudy(cost("RUS", "CHN", bare, bands=False), None, None, None)
        study = with_shipped_ranges(plain, load_world("reconciled", 2023))
        found[share] = {one.place: one for one in findings(pair, study, 0)}
        table = next(StudyReport(pair, study, 0).losses(load_world("reconciled", 2023)))
        assert table.frame["loss_percent_high"].tolist() == [2.1, 0.2]
        assert table.frame["loss_musd_low"].iloc[0] == pytest.approx(
            0.9 * 25.8e3 / 1.36
        )  # rounding of doubles
        assert any(note.key == "exit_cost.shipped_range" for note in table.notes)
    assert "exit_cost.asymmetry.unclear" in found[0.5]
    assert "exit_cost.asymmetry.above" in found[0.99]
    assert found[0.99]["exit_cost.shipped_draws"].values["share"].value == 0.99
