"""Positions on named disputes: every row sourced, votes as recorded, missing never neutral; shared organizations."""

from __future__ import annotations

import csv

import pytest

from suasion.errors import InputError, SameCountryError
from suasion.statecraft.organisations import (
    membership_portfolios,
    organisations_of,
    shared_organisations,
)
from suasion.statecraft.positions import disputes, positions, salience_of
from suasion.statecraft.tables import read_table

VOTE = {"yes": 1.0, "abstain": 0.0, "no": -1.0}
ISSUES = ["abkhazia", "crimea", "ukraine-2022", "south-china-sea", "kosovo", "taiwan", "golan"]


def of(issue: str) -> dict[str, float]:
    table = positions(issue)
    return dict(zip(table["country"], table["position"], strict=True))


def test_the_disputes_and_their_tallies():
    assert [d.key for d in disputes()] == ISSUES
    tallies = {d.key: d.tally for d in disputes() if d.tally}
    assert tallies["crimea"] == {"yes": 100, "no": 11, "abstain": 58}
    assert tallies["ukraine-2022"] == {"yes": 141, "no": 5, "abstain": 35}


def test_claims_on_russia_and_china():
    """China neither recognises Abkhazia and South Ossetia nor took Russia's side on Crimea: one step apart."""
    assert (of("abkhazia")["RUS"], of("abkhazia")["CHN"]) == (1, 0)
    assert (of("crimea")["RUS"], of("crimea")["CHN"]) == (-1, 0)
    assert (of("taiwan")["RUS"], of("taiwan")["USA"]) == (1, 0)


def test_no_state_has_two_positions_and_every_row_has_a_source():
    table = positions()
    assert not table.duplicated(["issue", "country"]).any()
    assert set(table["position"]) == {-1.0, 0.0, 1.0}
    for column in ("date", "source", "locator"):
        assert table[column].str.len().gt(3).all()


def test_missing_is_not_neutral():
    assert "FJI" not in set(positions()["country"])
    assert "IRN" not in of("crimea")  # absent on the day


@pytest.fixture(scope="module")
def record(reference_data):
    from suasion.sources.unga_votes import read_unga_votes

    return read_unga_votes(reference_data)


@pytest.mark.parametrize("key", ["abkhazia", "crimea", "golan"])
def test_votes_are_the_recorded_ones(record, key):
    """Each typed position that rests on a roll call equals the record, for every state."""
    issue = next(i for i in read_table("positions.toml")["issue"] if i["key"] == key)
    checked = 0
    for row in issue["rows"]:
        if "roll_call" not in row:
            continue
        cast = record.votes[record.votes["rcid"] == row["roll_call"]].set_index("country")["vote"]
        sign = (
            -1.0 if key == "abkhazia" else 1.0
        )  # there a vote for the resolution speaks against independence
        for country in row["countries"]:
            assert sign * row["position"] == {1: 1.0, 2: 0.0, 3: -1.0}[int(cast[country])], country
            checked += 1
        if "tally" in issue:
            assert record.tally(row["roll_call"]) == {k: issue["tally"][k] for k in ("yes", "abstain", "no")}
    assert checked > 25


@pytest.mark.parametrize(("key", "title"), [("crimea", "UNGA 68/262"), ("ukraine-2022", "UNGA ES-11/1")])
def test_votes_against_another_list(reference_data, key, title):
    with (reference_data / "positions" / "positions.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["issue"] == title]
    theirs = {r["iso3"]: VOTE.get(r["position"]) for r in rows}
    ours = of(key)
    assert {c: theirs[c] for c in ours} == ours
    tally = next(d.tally for d in disputes() if d.key == key)
    assert {v: sum(r["position"] == v for r in rows) for v in tally} == tally


def test_award_and_kosovo_against_another_list(reference_data):
    with (reference_data / "positions" / "positions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    code = {"supports_ruling": 1.0, "positively_notes": 0.0, "rejects_ruling": -1.0}
    award = {r["iso3"]: code[r["position"]] for r in rows if r["issue"].startswith("South China Sea")}
    assert all(award[c] == position for c, position in of("south-china-sea").items())
    code = {"recognises": 1.0, "does_not_recognise": -1.0}
    kosovo = {r["iso3"]: code[r["position"]] for r in rows if r["issue"] == "Kosovo"}
    assert all(kosovo[c] == position for c, position in of("kosovo").items())


def test_salience_is_a_judgement_with_a_range():
    own = salience_of("RUS")
    assert own is not None
    assert own.source.startswith("assumption")
    assert all(own.low[k] <= own.weights[k] <= own.high[k] for k in ISSUES)
    assert salience_of("FJI") is None


def test_no_such_dispute():
    with pytest.raises(InputError, match="no dispute 'atlantis'"):
        positions("atlantis")


def test_shared_organisations():
    """Full members only; the editions differ by what was founded and left in between."""
    assert {"UN", "SCO", "BRICS", "APEC"} <= set(shared_organisations("RUS", "CHN", 2025))
    assert "CSTO" not in shared_organisations("RUS", "CHN")
    assert {"NATO", "EU"} <= set(shared_organisations("DEU", "FRA"))
    assert "UNTSO" not in organisations_of("RUS")  # a mission
    assert "ICRM" not in organisations_of("RUS")  # national societies
    assert "BSEC" not in organisations_of("USA")  # observer
    assert (len(shared_organisations("RUS", "CHN", 2014)), len(shared_organisations("RUS", "CHN", 2025))) == (
        44,
        45,
    )


def test_organisations_that_one_state_lacks():
    table = membership_portfolios("RUS", "USA", 2025)
    assert table.loc["NATO"].tolist() == [0, 1]
    assert table.loc["CSTO"].tolist() == [1, 0]


def test_organisation_errors():
    with pytest.raises(InputError, match="no edition 2020"):
        shared_organisations("RUS", "CHN", 2020)
    with pytest.raises(SameCountryError, match="Both sides are RUS"):
        shared_organisations("RUS", "RUS")
    with pytest.raises(InputError, match="lists no organization of ALA"):
        membership_portfolios("RUS", "ALA", 2014)  # part of Finland, without an entry of its own
