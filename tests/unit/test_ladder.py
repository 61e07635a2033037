"""The ladder to alliance: scale statistics on textbook cases, Russia and China by year, unknown kept apart from none."""

from __future__ import annotations

import math
import re
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.boxes import TEXT, apart

from suasion.answers.picture import panels_of, picture_bytes, rows_of
from suasion.answers.picture.inline.canvas import WIDE, Canvas, box_of
from suasion.answers.picture.map import EURASIA, SHAPE, WORLD, window_of
from suasion.cli.app import run
from suasion.errors import InputError, SameCountryError, UnknownCountryError
from suasion.questions import QUESTIONS
from suasion.sources.outline import country_at
from suasion.statecraft import LadderRules, ladder, ladder_scale, loevinger_h
from suasion.statecraft.events import events, events_between
from suasion.statecraft.ladder.evidence import RUNGS
from suasion.statecraft.pacts import KINDS, pact_coverage
from suasion.statecraft.record import FactKind, covers_of, facts_between, status_of

TIGHT = 1e-12  # sums of a few dozen ones


# Loevinger's H


def test_a_perfect_scale_has_h_one():
    """Guttman's triangle: who has an item has all easier ones."""
    triangle = np.array([[j < i for j in range(4)] for i in range(5)], dtype=float)
    fit = loevinger_h(triangle, "abcd")
    assert fit.h == 1.0
    assert fit.errors == 0
    assert fit.item_h == (1.0, 1.0, 1.0, 1.0)
    assert fit.order == ("a", "b", "c", "d")
    assert fit.popularity == (0.8, 0.6, 0.4, 0.2)


def test_independent_items_have_h_zero():
    """Every combination in proportion: 3 of 4 have the first, 2 of 4 the second, 1 of 4 the third."""
    x, y, z = np.meshgrid([1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0], indexing="ij")
    scores = np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1).astype(float)
    assert loevinger_h(scores, "abc").h == pytest.approx(0.0, abs=TIGHT)


def test_two_items_by_hand():
    """Ten units, 6 have the first, 4 the second, 1 of them not the first: F = 1, E = 10 * 0.4 * 0.4 = 1.6."""
    scores = np.array([[1, 1]] * 3 + [[1, 0]] * 3 + [[0, 1]] + [[0, 0]] * 3, dtype=float)
    fit = loevinger_h(scores, ("first", "second"))
    assert (fit.errors, fit.expected) == (1.0, pytest.approx(1.6, abs=TIGHT))
    assert fit.h == pytest.approx(1 - 1 / 1.6, abs=TIGHT)


@given(arrays(np.int8, st.tuples(st.integers(3, 30), st.just(2)), elements=st.integers(0, 1)))
def test_h_of_two_items_is_covariance_over_its_largest(scores):
    """Another formula for the same number."""
    x, y = scores.astype(float).T
    fit = loevinger_h(scores.astype(float), ("x", "y"))
    p, q = max(x.mean(), y.mean()), min(x.mean(), y.mean())
    largest = q * (1 - p)
    if largest == 0:
        assert math.isnan(fit.h)
    else:
        assert fit.h == pytest.approx(((x * y).mean() - x.mean() * y.mean()) / largest, abs=1e-9)


def test_unknown_drops_out_of_its_pairs_only():
    scores = np.array([[1, 1, np.nan], [1, 0, 0], [0, 0, np.nan], [1, 1, 1]])
    fit = loevinger_h(scores, "abc")
    assert fit.known == (4, 4, 2)
    assert fit.h == 1.0
    nothing = loevinger_h(np.array([[1.0, np.nan], [np.nan, 1.0]]), "ab")
    assert math.isnan(nothing.h)


@pytest.mark.parametrize(
    ("scores", "names", "message"),
    [
        (np.ones(3), "abc", "an array"),
        (np.ones((3, 1)), "a", "two or more items"),
        (np.ones((3, 2)), "abc", "3 names"),
        (np.full((3, 2), 0.5), "ab", "another number"),
        (np.full((3, 2), np.inf), "ab", "another number"),
    ],
)
def test_scale_errors(scores, names, message):
    with pytest.raises(InputError, match=message):
        loevinger_h(scores, names)


# The path


def test_russia_and_china_climb():
    """From non-aggression in 1992 over arms and exercises to joint patrols in 2019, without a defence pact."""
    path = ladder("Russia", "China")
    table = path.frame.set_index("year")
    assert table.loc[1992, "highest"] == "nonaggression"
    assert table.loc[2002, "highest"] == "arms"
    assert table.loc[2013, "highest"] == "exercises"
    assert table.loc[2019, "highest"] == "operations"
    assert (table["defence"] == "no").all()
    assert table.loc[2001:, "consultation"].eq("yes").all()
    first = path.evidence_table().query("rung == 'operations'").sort_values("date")
    assert "First joint bomber patrol" in first[first["date"] == "2019-07-23"]["what"].iloc[0]


def test_unknown_is_never_none():
    table = ladder("RUS", "CHN").frame.set_index("year")
    assert table.loc[2004, "exercises"] == "no"  # a list of all exercises since 2003 was read
    assert table.loc[2002, "exercises"] == "unknown"
    assert set(table["operations"]) == {"yes", "unknown"}
    small = ladder("Fiji", "Tonga", 2010, 2020)
    assert set(small.frame["highest"]) == {"unknown"}
    assert set(small.frame["ceiling"]) == {
        "operations"
    }  # of all pairs it is known for how long they had no pact
    assert set(small.not_known) == set(RUNGS) - {"defence"}
    assert not small.broad


def test_allies_and_rivals():
    assert ladder("USA", "JPN").at(2018).highest == "defence"
    rivals = ladder("USA", "CHN").at(2018)
    assert (rivals.highest, rivals.ceiling) == ("nonaggression", "operations")
    assert rivals.arms == "no"
    assert rivals.errors == 1  # non-aggression without consultation
    assert ladder("RUS", "PRK").at(2025).highest == "defence"
    assert "operations" in set(ladder("RUS", "PRK").evidence.query("year == 2024")["rung"])


def test_rules_are_judgements_that_can_be_changed():
    strict = ladder("RUS", "CHN", 2019, 2019, rules=LadderRules(patrols="exercises"))
    assert strict.at(2019).highest == "exercises"
    assert ladder("RUS", "CHN", 2007, 2007, rules=LadderRules(arms_window=1)).frame["arms"][0] == "unknown"
    assert ladder("RUS", "CHN", 2005, 2005, rules=LadderRules(least_tiv=1e5)).frame["arms"][0] == "unknown"


def test_data_that_were_added_replace_unknown():
    arms = pd.DataFrame(
        {"supplier": ["RUS", "USA"], "recipient": ["FJI", "CAN"], "year": [2010, 2000], "tiv": [9.0, 1.0]}
    )
    table = ladder("RUS", "FJI", 2009, 2012, deliveries=arms).frame
    assert table.set_index("year")["arms"].to_dict() == {2009: "no", 2010: "yes", 2011: "yes", 2012: "yes"}
    none = ladder("FJI", "TON", 2008, 2012, deliveries=arms).frame.set_index("year")["arms"].to_dict()
    assert none == {2008: "no", 2009: "no", 2010: "no", 2011: "unknown", 2012: "unknown"}
    atop = pd.DataFrame(
        {"country1": ["FJI"], "country2": ["TON"], "year": [2010], **{kind: [False] for kind in KINDS}}
    )
    atop.loc[0, "defence"] = True
    path = ladder("FJI", "TON", 2010, 2010, atop=atop)
    assert path.at(2010).highest == "defence"
    assert path.evidence["what"][0] == "promise of defence, as coded"


def test_published_deliveries(reference_data):
    """The typed figures are those of the register, and its zeros are zeros."""
    from suasion.sources.sipri import read_arms_deliveries

    file = reference_data / "sipri" / "tiv_dyad_year_2000_2023.csv"
    table = read_arms_deliveries(file).set_index(["supplier", "recipient", "year"])["tiv"]
    pairs = {frozenset(key[:2]) for key in table.index} | {frozenset(("USA", "CHN"))}
    typed = [
        one for pair in pairs if len(pair) == 2 for one in facts_between(*pair) if one.kind is FactKind.ARMS
    ]
    assert len(typed) == 35
    for one in typed:
        # Typed to whole millions, small ones to one digit.
        assert table[(one.a, one.b, int(one.start))] == pytest.approx(float(one.value), abs=0.55)
    for cover in covers_of("USA", "CHN"):
        if cover.kind is FactKind.ARMS:
            years = range(cover.first, cover.last + 1)
            assert not [
                y for y in years for s, r in (("USA", "CHN"), ("CHN", "USA")) if (s, r, y) in table.index
            ]


def test_scale_over_the_covered_states():
    pairs = list(combinations(pact_coverage().states, 2))
    fit = ladder_scale(pairs, 2018)
    assert fit.known[RUNGS.index("defence")] == len(pairs)
    assert fit.popularity[RUNGS.index("defence")] == pytest.approx(
        10 / 55
    )  # NATO's six pairs and four others
    assert 0.8 < fit.h <= 1.0
    # Non-aggression is commoner than consultation: the ladder's order is not that of popularity.
    assert fit.order.index("nonaggression") < fit.order.index("consultation")


def test_evidence_names_what_was_read():
    rows = ladder("RUS", "CHN", 2014, 2016).evidence_table()
    assert {"source", "locator", "first_year"} <= set(rows)
    assert rows["locator"].str.len().gt(0).all()


# Events


@pytest.mark.parametrize("event", events(), ids=lambda e: e.name)
def test_every_event_is_dated_placed_and_sourced(event):
    assert event.start <= event.end
    assert 4 <= len(event.start) <= 10
    assert -180 <= event.longitude <= 180
    assert -90 <= event.latitude <= 90
    assert len(event.participants) >= 2
    assert event.source
    assert "." in event.locator


def test_from_the_baltic_to_the_south_china_sea():
    """Places of the Russian-Chinese series, by sea and by land."""
    at = {e.name: (e.longitude, e.latitude) for e in events_between("RUS", "CHN")}
    assert all(
        country_at(*at[name]) is None for name in ("Joint Sea-2016", "Joint Sea-2015 (I)", "Joint Sea-2019")
    )
    assert 14 < at["Joint Sea-2017 (I)"][0] < 22
    assert country_at(*at["Vostok-2018"]) == "RUS"
    assert country_at(*at["Zapad/Interaction-2021"]) == "CHN"
    assert status_of(FactKind.EXERCISE, "CHN", "RUS", 2004) == "no"
    assert status_of(FactKind.EXERCISE, "USA", "CHN", 2005) == "unknown"


def exercises(a, b):
    """Rows of the map of a pair."""
    return rows_of(QUESTIONS["ladder"].ask(a, b).table("exercises"))


def test_map_and_grid_draw_what_is_listed():
    answer = QUESTIONS["ladder"].ask("RUS", "CHN")
    frame, path = exercises("RUS", "CHN"), answer.result
    assert len(frame) == len(path.events) > 35
    assert {"Joint Sea-2017 (I)", "Joint Sea-2016"} <= set(frame["name"])
    assert frame["name"].iloc[0] == "Coalition-2003"
    grid = picture_bytes(answer.table("rungs"), ".svg").decode()
    squares = len(re.findall(r'rx="1.5"', grid)) - 2  # two stand in the key
    unknown = len(re.findall(r">\?</text>", grid)) - 1
    assert squares + unknown == len(RUNGS) * len(path.frame)
    assert picture_bytes(answer.table("exercises"), ".svg").decode().count("<title>") == len(path.events)


def test_a_grid_is_printed_as_one_line_a_year():
    table = QUESTIONS["ladder"].ask("RUS", "CHN", start=2014, end=2016).table("rungs")
    assert len(table.heads()) == len(RUNGS) + 1
    rows = table.printed()
    assert [row[0] for row in rows] == ["2014", "2015", "2016"]
    cells = dict(
        zip(
            zip(table.cells("year"), table.cells("rung"), strict=True),
            table.words("rung_status"),
            strict=True,
        )
    )
    for row in rows:
        assert row[1:] == tuple(cells[int(row[0]), rung] for rung in RUNGS)


@pytest.mark.parametrize(
    ("pair", "year", "case"),
    [
        (("RUS", "CHN"), 2025, "highest"),
        (("FJI", "TON"), 2025, "unknown"),
        (("USA", "CHN"), 2018, "at_least"),
        (("RUS", "UKR"), 2025, "war"),
        (("RUS", "UKR"), 2021, "unknown"),
    ],
)
def test_the_finding_is_of_the_last_year(pair, year, case):
    answer = QUESTIONS["ladder"].ask(*pair, end=year)
    assert answer.findings[0].key == f"ladder.{case}"
    assert answer.findings[0].values["year"] == year


def test_the_scale_is_asked_for():
    answer = QUESTIONS["ladder"].ask("RUS", "CHN", end=2018, scale=True)
    fit = ladder_scale(list(combinations(pact_coverage().states, 2)), 2018)
    frame = answer.table("rung-scale").frame
    assert frame["pairs_with"].tolist() == pytest.approx(fit.popularity, abs=TIGHT, nan_ok=True)
    told = next(one for one in answer.findings if one.key == "ladder.scale")
    assert told.values["h"].value == fit.h


@pytest.mark.parametrize(
    ("a", "b", "window"), [("RUS", "CHN", EURASIA), ("USA", "GBR", WORLD), ("USA", "JPN", WORLD)]
)
def test_names_on_the_map_hide_nothing(a, b, window):
    """No name covers a point, another name or the edge; each stands beside an event of its place and years."""
    frame = exercises(a, b)
    assert window_of(frame) == window
    assert all(window.shows(x, y) for x, y in zip(frame["longitude"], frame["latitude"], strict=True))
    points, labels = on_map(frame)
    for _, box in labels:
        assert not any(box.left < x < box.right and box.top < y < box.bottom for x, y in points)
        assert box.left >= -1
        assert box.right <= WIDE
        assert box.bottom <= WIDE * SHAPE + 8
    for (_, one), (_, other) in combinations(labels, 2):
        assert apart(one, other)
    assert {text.rpartition(" ")[0] for text, _ in labels if "," not in text} <= set(frame["short"])


def on_map(frame):
    """Points of the wide map, and the labels on it with their boxes."""
    table = QUESTIONS["ladder"].ask("RUS", "CHN").table("exercises")
    canvas = Canvas(WIDE)
    panels_of(table, rows=frame)[0].draw(canvas)
    window = window_of(frame)
    points = [window.place(x, y, WIDE) for x, y in zip(frame["longitude"], frame["latitude"], strict=True)]
    found = [TEXT.fullmatch(part) for part in canvas.parts]
    written = [one for one in found if one is not None and "stroke" in one[4]]
    return points, [
        (one[5], box_of(float(one[1]), float(one[2]), one[5], (re.search(r'anchor="(\w+)"', one[4]) or [0, "start"])[1],
                        float(one[3]), "sans"))
        for one in written
    ]  # fmt: skip


def test_the_names_that_the_claim_is_about_are_on_the_map():
    written = {text for text, _ in on_map(exercises("RUS", "CHN"))[1]}
    assert {"Baltic Sea 2017", "South China Sea 2016, 2024", "eastern Mediterranean 2014, 2015"} <= written


def test_errors():
    with pytest.raises(SameCountryError, match="Both sides are RUS"):
        ladder("RUS", "RUS")
    with pytest.raises(UnknownCountryError, match="no country 'Atlantis'"):
        ladder("RUS", "Atlantis")
    with pytest.raises(InputError, match="in order"):
        ladder("RUS", "CHN", 2020, 2010)
    with pytest.raises(InputError, match="not 1950"):
        ladder("RUS", "CHN").at(1950)
    with pytest.raises(InputError, match="at least one pair"):
        ladder_scale([], 2018)
    with pytest.raises(InputError, match="at least one year"):
        LadderRules(arms_window=0)
    with pytest.raises(InputError, match="operations or exercises"):
        LadderRules(patrols="other")  # type: ignore[arg-type]


# Command line


@pytest.fixture(autouse=True)
def no_store(tmp_path, monkeypatch):
    """A fresh machine: nothing was added."""
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))


def test_command(capsys, tmp_path):
    chart = tmp_path / "path.png"
    words = ["ladder", "RUS", "CHN", "--from", "2017", "--chart", str(chart)]
    assert run([*words, "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "year,rung,rung_status"
    assert "2017,exercises,yes" in lines
    assert not any(line.startswith("2016") for line in lines)
    assert chart.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("show", ["rungs", "exercises", "rung-evidence", "rung-scale"])
def test_command_shows(capsys, show):
    words = ["ladder", "RUS", "CHN", "--from", "2014", "--to", "2018", "--scale", "--show", show]
    assert run([*words, "--format", "csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 5


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--show", "all"], "no table 'all'"),
        (["--patrols", "both"], "not 'both'"),
        (["--chart", "x.gif"], "ends in .svg"),
        (["--from", "2020", "--to", "2010"], "in order"),
    ],
)
def test_command_errors(capsys, words, message):
    assert run(["ladder", "RUS", "CHN", *words]) == 1
    assert message in capsys.readouterr().err
