"""Triangles: the eight signings, pivots, balance, probabilities, thresholds."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suasion.errors import DuplicateLabelError, InputError, MissingValueError
from suasion.statecraft.triangle import (
    classify,
    median_distance,
    soft_edge,
    threshold_sensitivity,
    triangle_probabilities,
)

PAIRS = [("A", "B"), ("A", "C"), ("B", "C")]


def test_eight_signings_are_one_three_three_one():
    found = [classify(dict(zip(PAIRS, signs, strict=True))) for signs in product([1, -1], repeat=3)]
    assert Counter(t.kind for t in found) == {
        "menage a trois": 1,
        "romantic triangle": 3,
        "stable marriage": 3,
        "unit veto": 1,
    }
    assert sum(t.balanced for t in found) == 4
    assert {t.kind for t in found if t.balanced} == {"menage a trois", "stable marriage"}
    assert Counter(t.pivot for t in found if t.pivot) == {"A": 1, "B": 1, "C": 1}


def test_roles():
    romance = classify({("USA", "CHN"): 1, ("RUS", "USA"): 1, ("CHN", "RUS"): -1})
    assert romance.pivot == "USA"
    assert romance.roles == {"USA": "pivot", "CHN": "wing", "RUS": "wing"}
    marriage = classify({("CHN", "USA"): -1, ("RUS", "USA"): -1, ("RUS", "CHN"): 1})
    assert marriage.roles == {"USA": "outcast", "CHN": "partner", "RUS": "partner"}
    assert marriage.pivot is None


@given(st.lists(st.tuples(*[st.floats(-3, 3)] * 3), min_size=1, max_size=30), st.floats(0.1, 3))
def test_probabilities_sum_to_one_and_count_the_draws(rows, threshold):
    x = np.array(rows)
    table = triangle_probabilities({"A": x[:, 0], "B": x[:, 1], "C": x[:, 2]}, threshold)
    assert table["probability"].sum() == pytest.approx(1.0, abs=1e-12)  # sum of at most eight fractions
    friends = np.mean([(max(r) - min(r)) < threshold for r in rows])
    whole = table.loc[table["kind"] == "menage a trois", "probability"].sum()
    # on a line all three are friends if and only if the outer two are
    assert whole == pytest.approx(friends, abs=1e-12)


def test_probabilities_use_joint_draws():
    """Two powers that move together stay friends although each is uncertain."""
    rng = np.random.default_rng(0)
    common = rng.standard_normal(2000)
    draws = {"RUS": common, "CHN": common + 0.1, "USA": np.full(2000, 9.0)}
    table = triangle_probabilities(draws, 1.0)
    assert table.loc[0, ["kind", "pivot", "probability"]].tolist() == ["stable marriage", "USA", 1.0]


def test_a_triangle_depends_on_the_threshold():
    draws = {"A": np.zeros(4), "B": np.full(4, 1.0), "C": np.full(4, 3.0)}
    table = threshold_sensitivity(draws, [0.5, 1.5, 2.5, 3.5])
    assert table["kind"].tolist() == ["unit veto", "stable marriage", "romantic triangle", "menage a trois"]
    assert table["pivot"].tolist() == ["", "C", "B", ""]


def test_soft_edges_and_the_median():
    assert soft_edge(np.array([0.0, 1.0, 2.0, 5.0]), 1.0).tolist() == [1.0, 0.0, -1.0, -1.0]
    assert median_distance([0.0, 1.0, 3.0]) == 2.0


DRAWS = {"A": np.zeros(3), "B": np.ones(3), "C": np.ones(3)}


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: classify({("A", "B"): 1}), InputError, "three pairs among three powers"),
        (lambda: classify({**dict.fromkeys(PAIRS, 1), ("A", "A"): 1}), InputError, "three pairs"),
        (lambda: classify(dict.fromkeys(PAIRS, 0)), InputError, "Signs are"),
        (lambda: soft_edge(1.0, 0.0), InputError, "threshold positive"),
        (lambda: median_distance([1.0]), InputError, "at least two"),
        (lambda: triangle_probabilities({"A": np.zeros(3)}, 1), InputError, "three powers, not 1"),
        (lambda: triangle_probabilities({**DRAWS, "C": np.ones(2)}, 1), InputError, "different numbers"),
        (
            lambda: triangle_probabilities({**DRAWS, "C": np.full(3, np.nan)}, 1),
            MissingValueError,
            "Draws of C",
        ),
        (lambda: triangle_probabilities(DRAWS, -1), InputError, "threshold must be positive"),
        (lambda: threshold_sensitivity(DRAWS, [1, 1]), DuplicateLabelError, "given twice"),
    ],
)
def test_bad_triangles_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
