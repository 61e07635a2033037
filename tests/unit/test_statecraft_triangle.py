"""Triangles: the eight signings, pivots, balance, probabilities, thresholds."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suasion.cli.app import CANNOT, OK, run
from suasion.errors import DuplicateLabelError, InputError, MissingValueError
from suasion.questions import triangle
from suasion.statecraft import estimate_ideal_points, shipped_ideal_points, simulate_votes
from suasion.statecraft.triangle.edges import (
    CaseVerdict,
    Edge,
    EdgeBasis,
    edges_of,
    textbook_cases,
    triangles,
)
from suasion.statecraft.triangle.types import (
    classify,
    median_distance,
    soft_edge,
    threshold_sensitivity,
    triangle_probabilities,
)
from suasion.statecraft.triangle.years import (
    read_ties,
    triangle_by_year,
    triangle_from_ties,
    triangle_thresholds,
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


def test_the_order_of_the_three_does_not_matter():
    years = shipped_ideal_points().query("year == 2025")
    found = [
        triangle_thresholds(years, powers, 2025, draws=500)
        for powers in (("USA", "RUS", "CHN"), ("CHN", "USA", "RUS"))
    ]
    pd.testing.assert_frame_equal(*found)


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
    assert table.loc[0, ["kind", "special", "probability"]].tolist() == ["stable marriage", "USA", 1.0]


def test_a_triangle_depends_on_the_threshold():
    draws = {"A": np.zeros(4), "B": np.full(4, 1.0), "C": np.full(4, 3.0)}
    table = threshold_sensitivity(draws, [0.5, 1.5, 2.5, 3.5])
    assert table["kind"].tolist() == ["unit veto", "stable marriage", "romantic triangle", "menage a trois"]
    assert table["special"].tolist() == ["", "C", "B", ""]


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


ABC = ("A", "B", "C")
POINTS = pd.DataFrame(
    [
        (c, year, mean, mean - 0.1, mean + 0.1)
        for year, means in ((2000, (0.0, 0.2, 3.0, 2.0)), (2001, (0.0, 1.4, 3.0, 1.0)))
        for c, mean in zip((*ABC, "D"), means, strict=True)
    ],
    columns=["country", "year", "mean", "low", "high"],
)


def test_triangles_by_year_from_a_table():
    table = triangle_by_year(POINTS, ABC).set_index("year")
    assert table.loc[2000, ["kind", "special", "balanced"]].tolist() == ["stable marriage", "C", True]
    assert table.loc[2000, "probability"] == 1.0
    assert table.loc[2000, "threshold"] == median_distance([0.0, 0.2, 3.0, 2.0])
    assert table.loc[2000, "A-B"] > 0.8
    assert table.loc[2000, "A-C positive"] == 0.0
    # an edge near the threshold is uncertain, and says so: means 1.4 apart, threshold 1.5, sd of a distance 0.086
    wide = triangle_by_year(POINTS, ABC, factor=1.5 / table.loc[2001, "threshold"]).set_index("year")
    assert 0.8 < wide.loc[2001, "A-B positive"] < 0.95


def test_thresholds_of_one_year():
    table = triangle_thresholds(POINTS, ABC, 2001, [0.5, 1.0, 4.0])
    assert set(table["factor"]) == {0.5, 1.0, 4.0}
    assert table[table["factor"] == 4.0]["kind"].tolist() == ["menage a trois"]
    assert table.groupby("factor")["probability"].sum().tolist() == pytest.approx([1.0] * 3)


def test_the_sentence_on_thresholds_counts_the_table_that_it_describes():
    answer = triangle("USA", "RUS", "CHN")
    table = answer.table("distances").frame
    middle = table[table["factor"] == 1.0].iloc[0]
    same = (table["triangle_kind"] == middle["triangle_kind"]) & (
        table["special"].fillna("") == (middle["special"] or "")
    )
    told = next(one for one in answer.findings if one.key == "triangle.thresholds")
    assert (told.values["agree"].value, told.values["tried"].value) == (same.sum(), len(table))
    assert told.place.rpartition(".")[2] == ("equal" if same.all() else "below")


def test_edges_go_together_by_the_stated_rule():
    """What is latest decides: a treaty renewed in 2021, New START suspended in 2023; then what stands; then votes."""
    edges = {(one.a, one.b, one.tie): one.edge for one in edges_of(("CHN", "RUS", "USA"), 2025).itertuples()}
    assert edges["RUS", "USA", EdgeBasis.RIVALRY] is Edge.HOSTILE
    assert edges["RUS", "USA", EdgeBasis.ALL] is Edge.HOSTILE
    assert edges["CHN", "RUS", EdgeBasis.PACT] is Edge.OPEN
    assert edges["CHN", "RUS", EdgeBasis.RIVALRY] is Edge.UNKNOWN  # the list ends in 2020
    assert edges["CHN", "RUS", EdgeBasis.ALL] is Edge.FRIENDLY
    assert edges["RUS", "USA", EdgeBasis.CONDUCT] is Edge.HOSTILE
    assert (
        edges["CHN", "USA", EdgeBasis.CONDUCT] is Edge.UNKNOWN
    )  # no act of ten years was read; the rivalry stands
    assert edges["CHN", "USA", EdgeBasis.ALL] is Edge.HOSTILE
    assert edges["CHN", "RUS", EdgeBasis.DISPUTE] is Edge.UNKNOWN  # the list ends in 2014
    before = {(one.a, one.b, one.tie): one.edge for one in edges_of(("CHN", "RUS", "USA"), 1985).itertuples()}
    assert before["CHN", "RUS", EdgeBasis.ALL] is Edge.HOSTILE
    other = {one.tie: one.edge for one in edges_of(("BRA", "IND", "ZAF"), 2025).itertuples()}
    assert other[EdgeBasis.RIVALRY] is Edge.UNKNOWN


def test_an_open_edge_allows_both_triangles():
    rows = [
        ("A", "B", EdgeBasis.ALL, Edge.FRIENDLY),
        ("A", "C", EdgeBasis.ALL, Edge.HOSTILE),
        ("B", "C", EdgeBasis.ALL, Edge.OPEN),
    ]
    edges = pd.DataFrame(rows, columns=["a", "b", "tie", "edge"])
    assert triangles(edges, EdgeBasis.ALL) == (("romantic triangle", "B"), ("stable marriage", "C"))


def test_votes_alone_make_no_friends_of_a_pair_whose_rivalries_no_list_has():
    """Kazakhstan and China vote alike; no list on file has their rivalries, and nothing is claimed."""
    found = edges_of(("USA", "KAZ", "CHN"), 2025).set_index(["a", "b", "tie"])["edge"]
    assert found["KAZ", "CHN", EdgeBasis.VOTES] is Edge.FRIENDLY
    assert found["KAZ", "CHN", EdgeBasis.ALL] is Edge.UNKNOWN
    assert found["USA", "CHN", EdgeBasis.ALL] is Edge.HOSTILE
    allies = edges_of(("USA", "JPN", "CHN"), 2025).set_index(["a", "b", "tie"])["edge"]
    assert allies["USA", "JPN", EdgeBasis.ALL] is Edge.FRIENDLY
    war = edges_of(("RUS", "UKR", "USA"), 2025).set_index(["a", "b", "tie"])["edge"]
    assert war["RUS", "UKR", EdgeBasis.ALL] is Edge.HOSTILE


def test_textbook_cases_are_named_with_their_verdict():
    cases = list(textbook_cases(EdgeBasis.ALL))
    assert [one["year"] for one in cases] == [1955, 1967, 1972, 1983]
    assert [one["verdict"] for one in cases] == [
        CaseVerdict.PASSED
    ] * 4  # the rule was written with them at hand
    votes = {one["year"]: one["verdict"] for one in textbook_cases(EdgeBasis.VOTES)}
    assert votes[1983] is CaseVerdict.FAILED  # votes alone do not see the thaw of the seventies
    assert (
        triangle("USA", "RUS", "CHN")
        .table("accounts")
        .frame["verdict"]
        .isin(["passed", "failed", "open"])
        .all()
    )
    assert not [table for table in triangle("BRA", "IND", "ZAF").tables if table.key == "accounts"]


def test_our_own_draws_are_joint():
    made = simulate_votes(countries=12, un_sessions=2, calls=12, seed=1)
    points = estimate_ideal_points(made.votes, made.matches, high="C00", draws=40, burn=20, thin=1)
    table = triangle_by_year(points, ("C00", "C05", "C11"))
    assert len(table) == 2
    row = table.iloc[-1]
    a, b = (points.of(c, int(row["year"]) - 1945) for c in ("C00", "C05"))
    assert row["C00-C05 positive"] == pytest.approx(np.mean(np.abs(a - b) < row["threshold"]), abs=1e-12)


def ties(*rows):
    return pd.DataFrame(rows, columns=["a", "b", "first", "last"])


def test_triangles_from_pacts_and_rivalries():
    pacts = ties(("B", "A", 1950, 1960))
    rivals = ties(("A", "C", 1950, 1970), ("B", "C", 1950, 1970), ("A", "B", 1958, 1970))
    table = triangle_from_ties(pacts, rivals, ABC, range(1955, 1973)).set_index("year")
    assert table.loc[1955, ["A-B", "A-C", "B-C"]].tolist() == [1, -1, -1]
    assert table.loc[1955, ["kinds", "special"]].tolist() == ["stable marriage", "C"]
    assert table.loc[1959, "A-B"] == 0  # allies and rivals at once: open
    assert table.loc[1959, ["kinds", "special"]].tolist() == ["stable marriage / unit veto", ""]
    assert table.loc[1965, "kinds"] == "unit veto"
    assert set(table.loc[1972, "kinds"].split(" / ")) == {
        "menage a trois", "romantic triangle", "stable marriage", "unit veto",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: triangle_by_year(POINTS, ("A", "B", "B")), InputError, "three different powers"),
        (lambda: triangle_by_year(POINTS, ("A", "B", "Z")), InputError, "no ideal point of Z"),
        (lambda: triangle_by_year(POINTS, ABC, factor=0), InputError, "factor 0"),
        (lambda: triangle_by_year(POINTS.drop(columns="low"), ABC), MissingValueError, "lacking: low"),
        (lambda: triangle_by_year(POINTS.assign(mean=np.nan), ABC), MissingValueError, "lacking: values"),
        (
            lambda: triangle_by_year(pd.concat([POINTS, POINTS]), ABC),
            DuplicateLabelError,
            "country A, year 2000",
        ),
        (
            lambda: triangle_by_year(POINTS[(POINTS["country"] != "A") | (POINTS["year"] > 2001)], ABC),
            InputError,
            "no ideal point of A",
        ),
        (
            lambda: triangle_by_year(POINTS[(POINTS["country"] == "A") == (POINTS["year"] == 2000)], ABC),
            InputError,
            "no year in which",
        ),
        (lambda: triangle_thresholds(POINTS, ABC, 1999), InputError, "in 1999; they do in 2000 to 2001"),
        (
            lambda: triangle_from_ties(ties(("A", "B", 5, 4)), ties(), ABC, [5]),
            InputError,
            "end in 4, before 5",
        ),
        (
            lambda: triangle_from_ties(ties().drop(columns="a"), ties(), ABC, [5]),
            MissingValueError,
            "The pacts need columns",
        ),
    ],
)
def test_bad_years_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_command(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path))  # an empty store
    assert run(["triangle", "USA", "RUS", "CHN"]) == OK
    for show in ("edges", "votes", "distances", "accounts"):
        assert run(["triangle", "USA", "RUS", "CHN", "--show", show, "--format", "csv"]) == OK
        assert len(capsys.readouterr().out.splitlines()) > 3
    assert run(["triangle", "USA", "RUS", "CHN", "--year", "1900"]) == CANNOT
    assert "no ideal points to 1900" in capsys.readouterr().err
    with pytest.raises(InputError, match="no pledge 'friendship'"):
        read_ties(ABC, tmp_path, "friendship")
