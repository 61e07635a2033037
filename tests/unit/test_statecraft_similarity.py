"""Properties of the similarity coefficients and of the agreement by issue."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suasion.errors import DuplicateLabelError, InputError, MissingValueError, SameCountryError
from suasion.statecraft.align.alignment import issue_alignment, issue_table
from suasion.statecraft.similarity import cohen_kappa, s_score, scott_pi, tau_b

pairs = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.floats(0.1, 5.0)), min_size=2, max_size=25
).map(lambda rows: tuple(np.array(column, dtype=float) for column in zip(*rows, strict=True)))
CLOSE = 1e-9  # sums of at most 25 numbers


@given(pairs)
def test_coefficients_are_symmetric_bounded_and_one_at_equality(pair):
    x, y, w = pair
    for f in (
        lambda a, b: s_score(a, b, 3, w),
        lambda a, b: s_score(a, b, 3, w, "squared"),
        lambda a, b: scott_pi(a, b, w, 1),
        lambda a, b: scott_pi(a, b, w),
        lambda a, b: cohen_kappa(a, b, w, 1),
        lambda a, b: cohen_kappa(a, b, w),
        tau_b,
    ):
        value = f(x, y)
        if math.isnan(value):
            assert np.ptp(x) == 0 or np.ptp(y) == 0
            continue
        assert -1 - CLOSE <= value <= 1 + CLOSE
        assert f(y, x) == pytest.approx(value, abs=CLOSE)
        same = f(x, x)
        assert math.isnan(same) or same == pytest.approx(1.0, abs=CLOSE)


@given(pairs)
def test_squared_distance_has_closed_forms(pair):
    """The sums of squares in place of the table of expected distances."""
    x, y, _ = pair
    n, apart = len(x), ((x - y) ** 2).sum()
    own = ((x - x.mean()) ** 2).sum() + ((y - y.mean()) ** 2).sum()
    middle = (x.mean() + y.mean()) / 2
    pooled = ((x - middle) ** 2).sum() + ((y - middle) ** 2).sum()
    if pooled == 0:
        assert math.isnan(scott_pi(x, y))
        return
    assert scott_pi(x, y) == pytest.approx(1 - apart / pooled, abs=CLOSE)
    expected = own + n * (x.mean() - y.mean()) ** 2
    assert cohen_kappa(x, y) == pytest.approx(1 - apart / expected, abs=CLOSE)


@given(pairs, st.floats(0.1, 10.0))
def test_only_relative_weights_count(pair, factor):
    x, y, w = pair
    assert s_score(x, y, 3, w) == pytest.approx(s_score(x, y, 3, factor * w), abs=CLOSE)
    once, again = scott_pi(x, y, w), scott_pi(x, y, factor * w)
    assert (math.isnan(once) and math.isnan(again)) or once == pytest.approx(again, abs=1e-7)


def test_a_weight_counts_like_a_repeated_item():
    x, y = np.array([3.0, 0, 1, 2]), np.array([2.0, 0, 3, 2])
    twice = [2.0, 1, 1, 1]
    longer = (np.r_[x, x[0]], np.r_[y, y[0]])
    assert s_score(x, y, 3, twice) == pytest.approx(s_score(*longer, 3), abs=CLOSE)
    assert scott_pi(x, y, twice) == pytest.approx(scott_pi(*longer), abs=CLOSE)
    assert cohen_kappa(x, y, twice) == pytest.approx(cohen_kappa(*longer), abs=CLOSE)


def test_common_absent_ties_raise_s_alone():
    x, y = np.array([3, 0, 0, 3.0]), np.array([0, 3, 0, 3.0])
    longer = (np.r_[x, np.zeros(100)], np.r_[y, np.zeros(100)])
    assert s_score(*longer, 3) > 0.95
    assert scott_pi(*longer) < 0.6


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: s_score([1, 2], [1, 2, 3], 3), InputError, r"shapes \(2,\) and \(3,\)"),
        (lambda: s_score([], [], 3), InputError, "Give two vectors"),
        (
            lambda: s_score([1, np.nan], [1, 2], 3),
            MissingValueError,
            "Item 1 has no value.*Missing is not zero",
        ),
        (lambda: s_score([1, 2], [1, 2], 0), InputError, "scale of item 0 is not positive"),
        (lambda: s_score([1, 2], [1, 5], 2), InputError, "Item 1 differs by more than its scale"),
        (lambda: s_score([1, 2], [1, 2], 2, [1, -1]), InputError, "`weights` must be 2 numbers >= 0"),
        (lambda: s_score([1, 2], [1, 2], 2, distance="cubed"), InputError, "'absolute' or 'squared'"),
        (lambda: cohen_kappa([1, 2], [2, 1], power=0), InputError, "`power` is 0"),
    ],
)
def test_bad_portfolios_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


POSITIONS = pd.DataFrame(
    [
        ("Abkhazia", "RUS", 1),
        ("Abkhazia", "CHN", 0),
        ("Crimea", "RUS", 1),
        ("Crimea", "CHN", 0),
        ("South China Sea award", "CHN", -1),
        ("South China Sea award", "RUS", -1),
        ("Kosovo", "RUS", -1),
    ],
    columns=["issue", "country", "position"],
)


def test_agreement_by_issue():
    assert issue_alignment(POSITIONS, "RUS", "CHN") == pytest.approx(1 - (0.5 + 0.5) / 3)
    table = issue_table(POSITIONS, "RUS", "CHN")
    assert list(table["issue"]) == ["Abkhazia", "Crimea", "South China Sea award"]  # Kosovo: one side only
    assert list(table["distance"]) == [0.5, 0.5, 0.0]


def test_salience_moves_the_verdict():
    sea = {"Abkhazia": 0.0, "Crimea": 0.0, "South China Sea award": 1.0}
    assert issue_alignment(POSITIONS, "RUS", "CHN", sea) == 1.0
    assert issue_alignment(POSITIONS, "RUS", "CHN", {**sea, "Crimea": 3.0}) == pytest.approx(1 - 1.5 / 4)


@pytest.mark.parametrize(
    ("table", "sides", "salience", "error", "message"),
    [
        (POSITIONS, ("RUS", "RUS"), None, SameCountryError, "Both sides are RUS"),
        (POSITIONS, ("RUS", "XXX"), None, InputError, "no position of XXX"),
        (POSITIONS.iloc[[1, 6]], ("RUS", "CHN"), None, InputError, "no issue in common"),
        (POSITIONS.drop(columns="issue"), ("RUS", "CHN"), None, MissingValueError, "lacking: issue"),
        (
            POSITIONS.iloc[[0, 0, 1]],
            ("RUS", "CHN"),
            None,
            DuplicateLabelError,
            "issue Abkhazia, country RUS",
        ),
        (POSITIONS.assign(position=2), ("RUS", "CHN"), None, InputError, r"give -1 \(against\) to 1 \(for\)"),
        (POSITIONS, ("RUS", "CHN"), {"Crimea": 1}, MissingValueError, "No salience for Abkhazia"),
        (
            POSITIONS,
            ("RUS", "CHN"),
            {"Abkhazia": 1, "Crimea": -1, "South China Sea award": 1},
            InputError,
            "Salience must be >= 0",
        ),
    ],
)
def test_bad_positions_are_named(table, sides, salience, error, message):
    with pytest.raises(error, match=message):
        issue_alignment(table, *sides, salience)
