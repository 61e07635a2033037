"""Alignment: every coefficient against its own function, the difference that salience makes, honest gaps."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suasion.cli.app import run
from suasion.errors import InputError, SameCountryError, UnknownCountryError
from suasion.questions import QUESTIONS
from suasion.questions.alignment import CAUTIONS, STEP
from suasion.sources.unga_votes import RollCalls
from suasion.statecraft import alignment, cohen_kappa, s_score, scott_pi, tau_b
from suasion.statecraft.align.parts import (
    added_atop,
    added_deliveries,
    added_ideal_points,
    added_votes,
    membership_portfolios,
)
from suasion.statecraft.commitments import commitment
from suasion.statecraft.pacts import KINDS, pact_coverage
from suasion.statecraft.positions import disputes

TIGHT = 1e-12  # the same arithmetic on the same numbers
ROUNDED = 1e-3  # positions are kept with three digits


@pytest.fixture(autouse=True)
def no_store(tmp_path, monkeypatch):
    """A fresh machine: nothing was added."""
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))


@pytest.fixture
def votes():
    """One unanimous roll call, one without CHN, two contested ones, the last of them in the January after; one later."""
    cast = {1: "111", 2: "1-3", 3: "123", 4: "331", 5: "113"}
    rows = [
        (rcid, country, int(vote))
        for rcid, text in cast.items()
        for country, vote in zip(("RUS", "CHN", "USA"), text, strict=True)
        if vote != "-"
    ]
    dates = pd.to_datetime(["2017-11-01"] * 3 + ["2018-01-14", "2019-11-01"])
    calls = pd.DataFrame({"rcid": list(cast), "un_session": [72] * 4 + [74], "date": dates})
    return RollCalls(pd.DataFrame(rows, columns=["rcid", "country", "vote"]), calls)


@pytest.mark.parametrize(("a", "b"), [("RUS", "CHN"), ("USA", "JPN"), ("USA", "CHN")])
def test_works_without_any_download(a, b):
    made = alignment(a, b)
    assert made.value("pacts", "S") is not None
    assert made.value("organizations 2025", "shared") > 30
    assert made.value("issues", "agreement") is not None
    assert made.value("votes", "S") is None
    distance = next(row for row in made.rows if row.basis == "ideal points")
    assert distance.value is not None, "ours ship"
    assert distance.low < distance.value < distance.high
    assert all(row.source and row.year for row in made.rows if row.value is not None)
    lacks = [one for one in QUESTIONS["alignment"].ask(a, b).findings if one.key == "alignment.not_added"]
    assert [one.values["basis"].member for one in lacks] == ["votes"]
    assert "suasion data add unga-votes un_votes.rda un_roll_calls.rda" in lacks[0].values["how"][0]


def test_small_states_are_told_what_is_lacking():
    made = alignment("Fiji", "Tonga")
    assert made.value("pacts", "S") is None
    assert made.value("organizations 2025", "shared") == 29
    told = set(made.issues.dropna(subset="distance")["issue"])
    assert told == {"abkhazia", "crimea", "ukraine-2022", "golan"}  # what was put to the vote
    answer = QUESTIONS["alignment"].ask("Fiji", "Tonga")
    lacks = [one.values["basis"].member for one in answer.findings if one.key == "alignment.not_added"]
    assert lacks == ["pacts", "votes"]


def test_who_never_votes_has_no_table_of_ideal_points():
    made = QUESTIONS["alignment"].ask("HKG", "CHN")
    assert [table.key for table in made.tables if table.key == "ideal-distance"] == []
    assert any(one.key == "alignment.not_covered" for one in made.findings)


def test_cautions_are_on_what_was_measured():
    def notes(a, b):
        return {note.key for note in QUESTIONS["alignment"].ask(a, b).table("similarity").notes}

    assert notes("Russia", "China") == {f"alignment.{name}" for name in CAUTIONS}
    # No pacts were measured; organizations were.
    assert notes("Fiji", "Tonga") == {"alignment.coefficients", "alignment.judged"}


def test_the_question_has_the_numbers_of_the_model():
    answer = QUESTIONS["alignment"].ask("RUS", "CHN")
    made, frame = answer.result, answer.frame.set_index(["basis", "similarity"])
    assert len(frame) == len(made.rows)
    assert frame.loc[("pacts", "kappa"), "alignment_value"] == made.value("pacts", "kappa")
    weighed = next(row for row in made.rows if row.by == "CHN")
    line = frame.loc[("issues", "agreement_second")]
    assert (line["alignment_value_least"], line["alignment_value_most"]) == (weighed.low, weighed.high)
    point = next(row for row in made.rows if row.basis == "ideal points")
    assert point.items is None
    assert frame.loc[("ideal_points", "distance"), "alignment_value_low"] == point.low
    issues = answer.table("issues").frame
    assert len(issues) == 2 * len(made.issues)
    told = answer.findings[0]
    assert told.key == "alignment.apart"
    gaps = made.issues["distance"].dropna().tolist()
    assert told.values["score"].value == pytest.approx(1 - sum(gaps) / len(gaps), abs=TIGHT)
    assert told.values["apart"].value == sum(gap >= STEP for gap in gaps)


def test_coefficients_are_those_of_the_portfolios():
    made = alignment("RUS", "CHN", 2018)
    states = pact_coverage().states
    x, y = ([3 if c == own else commitment(own, c, 2018) for c in states] for own in ("RUS", "CHN"))
    assert made.value("pacts", "S") == pytest.approx(s_score(x, y, scale=3), abs=TIGHT)
    assert made.value("pacts", "S squared") == pytest.approx(
        s_score(x, y, scale=3, distance="squared"), abs=TIGHT
    )
    assert made.value("pacts", "pi") == pytest.approx(scott_pi(x, y), abs=TIGHT)
    assert made.value("pacts", "kappa") == pytest.approx(cohen_kappa(x, y), abs=TIGHT)
    assert made.value("pacts", "tau-b") == pytest.approx(tau_b(x, y), abs=TIGHT)
    table = membership_portfolios("RUS", "CHN", 2014)
    kappa = cohen_kappa(table["a"].tolist(), table["b"].tolist())
    assert made.value("organizations 2014", "kappa") == pytest.approx(kappa, abs=TIGHT)


def test_allies_are_nearer_than_rivals():
    for basis, measure in (("pacts", "kappa"), ("organizations 2025", "kappa"), ("issues", "agreement")):
        ally, rival = (alignment("USA", other).value(basis, measure) for other in ("JPN", "CHN"))
        assert ally > rival


def test_russia_and_china_issue_by_issue():
    """By all recorded votes: Russia voted no each time, China abstained on 11 of 12, 2 of 15 and 4 of 6."""
    made = alignment("RUS", "CHN")
    gaps = made.issues.set_index("issue")["distance"].to_dict()
    voted = {"abkhazia": (1 - 1 / 12) / 2, "crimea": (1 - 13 / 15) / 2, "ukraine-2022": (1 - 2 / 6) / 2}
    agreed = dict.fromkeys(("south-china-sea", "kosovo", "taiwan", "golan"), 0.0)
    assert gaps == pytest.approx(voted | agreed, abs=ROUNDED)
    assert made.value("issues", "agreement") == pytest.approx(1 - sum(voted.values()) / 7, abs=ROUNDED)
    # Weights 2, 3, 3 of 12 for Russia; 1, 1, 2 of 12 for China.
    for country, weights in (("RUS", (2, 3, 3)), ("CHN", (1, 1, 2))):
        apart = sum(w * gap for w, gap in zip(weights, voted.values(), strict=True)) / 12
        value = made.value("issues", "agreement", country)
        assert value == pytest.approx(1 - apart, abs=ROUNDED)
    rows = made.issues.set_index("issue")
    crimea = rows.loc["crimea"]
    assert "15 from 2014-03-27 to 2025-12-18" in crimea.source_b
    assert not crimea.stale_b
    assert rows.loc[["kosovo", "taiwan"], ["stale_a", "stale_b"]].all(axis=None)


def test_range_over_the_weights_holds_the_value():
    for row in alignment("USA", "RUS").rows:
        if row.low is not None:
            assert row.low <= row.value <= row.high


@settings(deadline=None, max_examples=5)  # each example builds all measures
@given(st.lists(st.floats(0.1, 9), min_size=7, max_size=7))
def test_agreement_is_a_weighted_mean(weights):
    own = dict(zip((d.key for d in disputes()), weights, strict=True))
    made = alignment("RUS", "CHN", salience={"RUS": own})
    gaps = made.issues.set_index("issue")["distance"].to_dict()
    expected = 1 - sum(own[k] * gaps[k] for k in own) / sum(own.values())
    assert made.value("issues", "agreement", "RUS") == pytest.approx(expected, abs=1e-9)


def test_votes_of_the_last_un_session_up_to_the_year_asked(votes):
    """In the UN session of 2017 both voted on two contested roll calls, 1 and 2, 3 and 3, one of them in 2018."""
    made = alignment("RUS", "CHN", 2018, votes=votes)
    row = next(r for r in made.rows if (r.basis, r.measure) == ("votes", "agreement"))
    assert (row.items, row.year) == (2, "2017")
    assert row.value == pytest.approx(1 - 0.5 / 2, abs=TIGHT)
    assert made.value("votes", "S") == pytest.approx(s_score([1, 3], [2, 3], scale=2), abs=TIGHT)
    assert (
        alignment("RUS", "CHN", 2020, votes=votes).value("votes", "agreement") == 1.0
    )  # only the later UN session
    assert alignment("RUS", "FRA", 2018, votes=votes).value("votes", "S") is None


def test_votes_of_2018(unga_votes):
    """The whole record: agreement of Russia and China in 2018, absences left out."""
    made = alignment("RUS", "CHN", 2018, votes=unga_votes)
    row = next(r for r in made.rows if (r.basis, r.measure) == ("votes", "agreement"))
    assert row.year == "2018"
    assert row.items > 80
    assert row.value == pytest.approx(0.866, abs=0.001)
    # the record ends with one roll call of January 2020: it belongs to the UN session of 2019
    made = alignment("USA", "CHN", 2025, votes=unga_votes)
    row = next(r for r in made.rows if (r.basis, r.measure) == ("votes", "agreement"))
    assert row.year == "2019"
    assert row.items > 80


def test_alliances_that_were_added():
    columns = {k: [False] * 4 for k in KINDS}
    rows = pd.DataFrame(
        {
            "country1": ["FJI", "TON", "FJI", "NZL"],
            "country2": ["NZL", "NZL", "TON", "FJI"],
            "year": [2000] * 4,
        }
        | columns
    )
    rows.loc[[0, 1, 3], "defence"] = True
    rows.loc[2, "consultation"] = True
    made = alignment("FJI", "TON", 2005, atop=rows)
    row = next(r for r in made.rows if (r.basis, r.measure) == ("pacts", "S"))
    # Items FJI, NZL, TON: Fiji 3, 3, 1; Tonga 0 (it promised nothing), 3, 3.
    assert row.value == pytest.approx(s_score([3, 3, 1], [0, 3, 3], scale=3), abs=TIGHT)
    assert (row.items, row.year) == (3, "2000")
    assert alignment("FJI", "FRA", 2005, atop=rows).value("pacts", "S") is None


def test_ideal_points_that_were_added(reference_data):
    """Distance of Russia and China 2014 (0.913) and 2019 (0.476), as published in April 2020."""
    from suasion.sources.ideal_points import read_ideal_points

    points = read_ideal_points(reference_data)
    for year, distance in ((2014, 0.913), (2019, 0.476), (2025, 0.476)):
        made = alignment("RUS", "CHN", year, ideal_points=points)
        row = next(r for r in made.rows if r.basis == "ideal points")
        assert row.value == pytest.approx(distance, abs=1.1e-3)  # three digits of each point are printed
        assert row.low < row.value < row.high
        assert row.year == str(min(year, 2019))
    # Taiwan voted until 1971: a distance of then is none of today.
    assert alignment("RUS", "TWN", 2019, ideal_points=points).value("ideal points", "distance") is None
    assert alignment("RUS", "TWN", 1970, ideal_points=points).value("ideal points", "distance") > 2


def test_one_value_throughout_is_not_defined():
    rows = pd.DataFrame({"country1": ["FJI", "TON"], "country2": ["TON", "FJI"], "year": [2000] * 2})
    rows = rows.assign(**{k: [k == "consultation"] * 2 for k in KINDS})
    made = alignment("FJI", "TON", 2000, atop=rows)
    row = next(r for r in made.rows if (r.basis, r.measure) == ("pacts", "tau-b"))
    assert row.value == -1.0
    points = pd.DataFrame({"country": ["RUS"], "year": [2000]})
    with pytest.raises(InputError, match="lack mean, low, high"):
        alignment("RUS", "CHN", ideal_points=points)


def test_errors():
    with pytest.raises(SameCountryError, match="Both sides are RUS"):
        alignment("RUS", "RU")
    with pytest.raises(UnknownCountryError, match="Atlantis"):
        alignment("RUS", "Atlantis")
    with pytest.raises(InputError, match="check sea"):
        alignment("RUS", "CHN", salience={"RUS": {"sea": 1.0}})
    with pytest.raises(InputError, match="check their signs"):
        alignment("RUS", "CHN", salience={"CHN": {"taiwan": -1.0}})
    with pytest.raises(InputError, match="finite"):
        alignment("RUS", "CHN", salience={"CHN": {"taiwan": float("inf")}})
    with pytest.raises(InputError, match="of RUS or CHN, not of USA"):
        alignment("RUS", "CHN", salience={"USA": {"taiwan": 1.0}})
    with pytest.raises(InputError, match="no measure 'pacts', 'S2'"):
        alignment("RUS", "CHN").value("pacts", "S2")


def test_nothing_was_added():
    assert (added_votes(), added_atop(), added_deliveries(), added_ideal_points()) == (None,) * 4


def test_what_was_added_is_used(reference_data, tmp_path, capsys):
    from suasion.sources.catalogue_store import add

    store = tmp_path / "store"
    add("atop", [reference_data / "peacesciencer" / "atop_alliance.rda"], store)
    assert added_atop(store) is None  # the list of states is needed too
    add("cow-states", [reference_data / "peacesciencer" / "cow_states.rda"], store)
    add("sipri", [reference_data / "sipri" / "tiv_dyad_year_2000_2023.csv"], store)
    folder = reference_data / "idealpoints"
    add("ideal-points", [folder / "IdealpointestimatesAll_Apr2020.csv", folder / "Matches.csv"], store)
    assert run(["align", "Fiji", "Tonga", "--year", "2018", "--format", "csv"]) == 0
    rows = pd.read_csv(io.StringIO(capsys.readouterr().out)).set_index(["basis", "similarity"])
    assert rows.loc[("pacts", "S"), "alignment_value"] > 0.9
    assert str(rows.loc[("ideal_points", "distance"), "data_years"]) == "2018"
    assert run(["ladder", "USA", "PAK", "--from", "2018", "--to", "2019", "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {"2018,defence,yes", "2018,arms,yes", "2019,arms,yes"} <= set(lines)
    assert "2019,consultation,unknown" in lines  # the alliance data end in 2018


def test_command(capsys):
    """The command keeps its older name too."""
    for name in ("align", "alignment"):
        assert run([name, "RUS", "CHN", "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["question"] == "alignment"
    assert run(["align", "RUS", "CHN", "--show", "issues", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("issue,state,position,issue_weight")
    words = ["align", "RUS", "CHN", "--salience", "RUS:crimea=9;CHN:taiwan=9", "--show", "issues"]
    assert run([*words, "--format", "csv"]) == 0
    assert 9.0 in pd.read_csv(io.StringIO(capsys.readouterr().out))["issue_weight"].to_numpy()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--show", "none"], "no table 'none'"),
        (["--salience", "RUS"], "Cannot read the weights 'RUS'"),
        (["--salience", "crimea=3"], "Cannot read the weights"),
        (["--salience", "RUS:crimea=x"], "Cannot read the weights"),
    ],
)
def test_command_errors(capsys, words, message):
    assert run(["align", "RUS", "CHN", *words]) == 1
    assert message in capsys.readouterr().err
