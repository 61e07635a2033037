"""Choice of supplier: thresholds, logit, two sources against a search, the 5G example, files and messages."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from suasion.cli.app import CANNOT, OK, USAGE, run
from suasion.errors import InputError, JudgementError
from suasion.questions import supplier
from suasion.questions.supplier import BROKEN
from suasion.statecraft.supplier.choice import (
    Tipping,
    Vendor,
    choice,
    correlation_bounds,
    threshold_hazard,
    tipping,
    two_sources,
)
from suasion.statecraft.supplier.file import (
    BASE,
    parse_suppliers,
    read_suppliers,
    rival_probability,
    supplier_curve,
    supplier_drivers,
    supplier_table,
    vendors_of,
)

ROOT = Path(__file__).resolve().parents[2]
WEST = Vendor("west", 108.0, 0.3, 60.0, security=10.0)
CHINA = Vendor("china", 100.0, 0.1, 60.0, security=10.0, switching=8.0)

FILE = """\
name: Small
unit: per cent
scale: 5
convexity: 0.01
correlation: {value: 0, source: assumption, range: [0, 0.5]}
vendors:
  - {name: west, cost: 108, hazard: {value: 0.3, source: assumption, range: [0.1, 0.5]}, loss: 60}
  - {name: china, cost: 100, hazard: 0.1, loss: 60, security: 5}
cases:
  - {name: controls, vendors: {china: {hazard: {value: 0.4, source: paper}}}, correlation: 0.2}
sources:
  paper: {title: A paper, where: somewhere, locator: p. 1, says: this}
"""


def probability(vendors, name, scale=5.0):
    return choice(vendors, scale).set_index("vendor").loc[name, "probability"]


def test_equal_vendors_are_chosen_equally_often():
    twin = replace(WEST, name="twin")
    assert probability([WEST, twin], "west") == 0.5


@given(st.floats(0.0, 1.0), st.floats(80.0, 140.0), st.floats(1.0, 200.0), st.floats(0.5, 20.0))
def test_at_the_threshold_both_are_chosen_equally_often(hazard, cost, loss, scale):
    rival = Vendor("china", 100.0, hazard, 60.0, security=10.0)
    vendor = Vendor("west", cost, 0.0, loss)
    p = threshold_hazard(vendor, rival)
    if 0.0 <= p <= 1.0:
        pair = [replace(vendor, hazard=p), rival]
        assert probability(pair, "west", scale) == pytest.approx(
            0.5, abs=1e-9
        )  # costs of 100 over a scale of 0.5
        more = [replace(vendor, hazard=min(1.0, p + 0.01)), rival]
        assert probability(more, "west", scale) <= 0.5 + 1e-9


def test_the_published_form_of_the_threshold():
    """p* = (c_W - c_H + p_W L_W + z_W - z_H) / L_H, for the hazard of H."""
    h, w = Vendor("h", 100, 0.2, 50, security=4), Vendor("w", 110, 0.3, 40, security=1)
    assert threshold_hazard(h, w) == pytest.approx((110 - 100 + 0.3 * 40 + 1 - 4) / 50)


def test_thresholds_that_are_no_hazards():
    assert threshold_hazard(replace(WEST, cost=150.0), CHINA) < 0.0
    assert threshold_hazard(replace(WEST, cost=10.0), CHINA) > 1.0
    assert threshold_hazard(replace(WEST, loss=0.0), CHINA) == math.inf
    assert threshold_hazard(replace(WEST, loss=0.0, cost=150.0), CHINA) == -math.inf


vendor_numbers = st.tuples(st.floats(90, 120), st.floats(0.05, 0.95), st.floats(10, 120))


@given(vendor_numbers, vendor_numbers, st.floats(0.001, 0.1), st.floats(0.0, 1.0))
def test_two_sources_against_a_search(a, b, convexity, where):
    first, second = Vendor("a", *a), Vendor("b", *b)
    low, high = correlation_bounds(first.hazard, second.hazard)
    rho = low + where * (high - low)
    found = two_sources(first, second, convexity, rho)

    def cost(s):
        joint = rho * math.sqrt(first.variance * second.variance)
        risk = s * s * first.variance + (1 - s) ** 2 * second.variance + 2 * s * (1 - s) * joint
        return s * first.expected_cost + (1 - s) * second.expected_cost + convexity / 2 * risk

    best = minimize_scalar(cost, bounds=(0, 1), method="bounded", options={"xatol": 1e-9})
    least = min(best.fun, cost(0.0), cost(1.0))
    assert found.cost == pytest.approx(least, abs=1e-6)  # the search's own tolerance on costs near 100
    assert found.worth >= -1e-12


def test_the_published_form_of_the_best_share():
    """s* = (var_W + (mu_W - mu_H) / k) / (var_H + var_W) for independent cuts."""
    k = 0.05
    h, w = Vendor("h", 100, 0.3, 50), Vendor("w", 102, 0.2, 60)
    wanted = (w.variance + (w.expected_cost - h.expected_cost) / k) / (h.variance + w.variance)
    assert 0 < wanted < 1
    assert two_sources(h, w, k).share == pytest.approx(wanted)


def test_correlated_hazards_leave_nothing_to_spread():
    twin = replace(WEST, name="twin")
    worth = [two_sources(WEST, twin, 0.01, rho).worth for rho in (0.0, 0.3, 0.6, 0.9, 1.0)]
    assert worth == sorted(worth, reverse=True)
    assert worth[0] > 0.0
    assert worth[-1] == pytest.approx(0.0, abs=1e-9)
    assert two_sources(WEST, twin, 0.01).share == pytest.approx(0.5)


def test_bounds_of_the_correlation():
    assert correlation_bounds(0.3, 0.3) == (pytest.approx(-0.09 / 0.21), pytest.approx(1.0))
    assert correlation_bounds(0.0, 0.3) == (-1.0, 1.0)
    with pytest.raises(InputError, match="can have correlations from"):
        two_sources(WEST, CHINA, 0.01, 0.9)


def test_example_answers_the_question():
    source = read_suppliers("russia_5g")
    table = supplier_table(source, draws=300).set_index("case")
    # threshold = (100 + 10 + 8 + p 60 - 108 - 10) / 60
    assert table.loc[BASE, "threshold"] == pytest.approx(0.1)
    assert table.loc["before 2014", "threshold"] == pytest.approx(0.02)
    assert table.loc["chip controls", "threshold"] == pytest.approx(0.4)
    # the prospect of sanctions makes the Chinese vendor the favourite, and chip controls take that back
    assert table.loc[BASE, "rival_probability"] > table.loc["before 2014", "rival_probability"]
    assert table.loc["chip controls", "rival_probability"] < 0.5
    # the ranges are wide: neither answer is sure
    assert (table["low"] < 0.5).all()
    assert (table["high"] > 0.5).all()


def test_example_says_where_every_number_comes_from():
    source = read_suppliers("russia_5g")
    used = set()
    for case in source.cases.values():
        for place, g in case.items():
            plain = g.value == 0.0 or place == ("Huawei", "cost")  # nothing, and the unit itself
            assert plain or g.source == "assumption" or g.source in source.sources, place
            assert plain or g.high > g.low
            used.add(g.source)
    assert "oxford_2019" in used
    cost = source.case(BASE)["Ericsson and Nokia", "cost"]
    assert (cost.low, cost.high) == (100.0, 129.0)  # no difference, and the upper end of the cited study


def test_an_impossible_correlation_is_refused():
    source = parse_suppliers(FILE.replace("correlation: 0.2}", "correlation: 0.99}"))
    with pytest.raises(InputError, match=r"hazards 0\.4 and 0\.3 can have correlations from"):
        supplier_table(source, 20)


def test_drivers_hold_the_others_still():
    source = parse_suppliers(FILE)
    table = supplier_drivers(source).set_index("judgement")
    lowered = parse_suppliers(FILE.replace("value: 0.3", "value: 0.1"))
    assert table.loc["west: hazard", "at_low"] == pytest.approx(
        supplier_table(lowered, 20)["rival_probability"][0]
    )
    assert table["swing"].is_monotonic_decreasing
    assert [v.name for v in vendors_of(source.case("controls"))] == ["west", "china"]
    assert vendors_of(source.case("controls"))[1].hazard == 0.4


def asked(text, tmp_path, **options):
    path = tmp_path / "s.yaml"
    path.write_text(text, "utf-8")
    return supplier(path, draws=100, **options)


@pytest.mark.parametrize(
    ("cost", "loss", "case"),
    [("300", "60", "always"), ("1", "60", "never"), ("108", "60", "within"), ("111", "0", "indifferent")],
)
def test_the_threshold_chooses_the_sentence(cost, loss, case, tmp_path):
    """A threshold outside of 0 to 1 is no hazard: it is held at the end that it is beyond, and named."""
    text = FILE.replace("cost: 108", f"cost: {cost}").replace(
        "range: [0.1, 0.5]}, loss: 60", f"range: [0.1, 0.5]}}, loss: {loss}"
    )
    answer = asked(text, tmp_path)
    row = answer.frame.set_index("case").loc[BASE]
    assert row["tipping"] == case
    raw = supplier_table(read_suppliers(tmp_path / "s.yaml"), 100).set_index("case").loc[BASE, "threshold"]
    if not math.isnan(raw):
        assert row["threshold_hazard"] == min(max(raw, 0.0), 1.0)
    exchange = [one.values["points"].value for one in answer.findings if one.key == "supplier.exchange"]
    assert exchange == ([] if loss == "0" else [1.0])


def test_what_a_threshold_means():
    assert [tipping(x) for x in (-math.inf, 0.0, 0.5, 1.0, 1.1, math.inf, math.nan)] == [
        Tipping.ALWAYS, Tipping.ALWAYS, Tipping.WITHIN, Tipping.WITHIN, Tipping.NEVER, Tipping.NEVER, Tipping.INDIFFERENT,
    ]  # fmt: skip


def test_all_four_cases_are_answered_with_the_curve():
    """All ranges of the example together leave the choice open: what is told is in how many draws it falls which way."""
    answer = supplier("russia_5g", draws=200)
    model = supplier_table(read_suppliers("russia_5g"), 200).set_index("case")
    assert answer.frame["rival_probability"].tolist() == model["rival_probability"].tolist()
    told = {one.values["case"]: one.values for one in answer.findings if one.key == "supplier.curve"}
    assert list(told) == list(model.index)  # the file as it stands comes first
    for case, values in told.items():
        shares = [values[name].value for name in ("at_small", "at_middle", "at_large")]
        assert shares == sorted(shares)  # the likelier the first is cut off, the oftener the other is cheaper
        assert values["cheaper"].value == model.loc[case, "rival_chosen"]
    assert set(answer.table("hazards").cells("case")) == set(model.index)
    assert [one.key for one in answer.findings].count("supplier.past") == 1


def test_the_hazard_of_past_breaks_is_that_of_the_committed_table():
    table = pd.read_csv(ROOT / "docs" / "evidence" / "break_hazards.csv")
    row = table[
        (table["from_share"] == 0.01) & (table["to_share"] == 1.0) & (table["threshold"] == 1.0)
    ].iloc[0]
    ten_years = 1.0 - (1.0 - row["rate"] * (1.0 - row["up"])) ** 10
    assert ten_years == pytest.approx(BROKEN, abs=5e-4)  # three digits are written


def test_the_curve_is_the_choice_at_each_hazard():
    source = read_suppliers("russia_5g")
    curve = supplier_curve(source, draws=100, points=3)
    place = (source.vendors[0], "hazard")
    for name, case in source.cases.items():
        rows = curve[curve["case"] == name]
        for hazard, chance in zip(rows["hazard"], rows["rival_probability"], strict=True):
            held = rival_probability({**case, place: case[place].at(hazard)})
            assert chance == pytest.approx(held, rel=1e-12)  # the same sum in another order
        assert rows["rival_probability"].is_monotonic_increasing
        assert (rows["low"] <= rows["high"]).all()


def test_what_moves_one_case(tmp_path):
    answer = asked(FILE, tmp_path, drivers="controls")
    table = answer.table("drivers")
    source = parse_suppliers(FILE)
    assert set(table.cells("rival_probability")) == {rival_probability(source.case("controls"))}
    model = supplier_drivers(source, "controls")
    assert list(table.cells("rival_probability_least")) == model["at_low"].tolist()
    assert list(table.cells("judged")) == model["value"].tolist()
    assert answer.findings == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("hazard: 0.1", "hazard: 1.1", "s.yaml, line 8: china: hazard is 1.1; it must be >= 0 and <= 1"),
        ("cost: 108", "cost: -1", "line 7: west: cost is -1; it must be >= 0"),
        ("scale: 5", "scale: 0", "line 3: scale is 0; it must be > 0"),
        ("convexity: 0.01", "convexity: -1", "line 4: convexity is -1"),
        ("value: 0, source", "value: 2, source", "line 5: correlation is 2"),
        ("name: china", "name: west", "line 8: vendor 'west' is there twice"),
        ("vendors: {china:", "vendors: {india:", "case controls: there is no vendor 'india'"),
        ("{china: {hazard:", "{china: {price:", "key `price` is unknown; give one of cost"),
        ("name: controls", "name: as in the file", "line 10: case 'as in the file' is there twice"),
        ("source: paper", "source: rumour", "source 'rumour' is not listed"),
        (", range: [0.1, 0.5]", "", "west: hazard is an assumption without a range"),
        ("loss: 60, security: 5", "security: 5", "key `loss` is missing"),
    ],
)
def test_bad_files_are_named_by_line(old, new, message):
    assert old in FILE
    with pytest.raises(JudgementError, match=message):
        parse_suppliers(FILE.replace(old, new, 1), "s.yaml")


def test_one_vendor_is_no_choice():
    lines = FILE.splitlines(keepends=True)
    with pytest.raises(JudgementError, match="at least two vendors"):
        parse_suppliers("".join(lines[:7]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Vendor("x", -1, 0, 0), "x: cost is -1"),
        (lambda: Vendor("x", 1, 2, 0), "x: hazard is 2"),
        (lambda: Vendor("x", 1, 0.1, math.nan), "x: loss is nan"),
        (
            lambda: Vendor("x", 1, 0.1, 1, quality=math.inf),
            "x: quality must be finite|x: quality must be a finite",
        ),
        (lambda: choice([WEST], 1), "at least two vendors"),
        (lambda: choice([WEST, WEST], 1), "different names"),
        (lambda: choice([WEST, CHINA], 0), "scale of the choice is 0"),
        (lambda: two_sources(WEST, CHINA, 0), "convexity is 0"),
        (lambda: supplier_table(parse_suppliers(FILE), 3), "draws is 3"),
        (lambda: parse_suppliers(FILE).case("x"), "no case 'x'. Cases: as in the file, controls"),
    ],
)
def test_bad_numbers_are_named(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_command(capsys):
    assert run(["supplier", "russia_5g", "--draws", "100"]) == OK
    out, err = capsys.readouterr()
    assert "chip controls" in out
    assert "Huawei" in err
    assert max(map(len, out.splitlines())) <= 80
    assert run(["supplier", "russia_5g", "--drivers", "chip controls", "--format", "csv"]) == OK
    table = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert "Huawei: security" in set(table["judgement"])
    assert run(["supplier", "russia_5g", "--drivers", "x"]) == CANNOT
    assert "There is no case 'x'" in capsys.readouterr().err
    assert run(["supplier", "russia_5g", "--draws", "3"]) == USAGE
