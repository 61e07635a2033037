"""Positions on named disputes: every row sourced, votes as recorded, missing never neutral; shared organizations."""

from __future__ import annotations

import csv
import dataclasses

import pandas as pd
import pytest

from dispute_positions import mean_votes, of_dispute
from suasion.errors import InputError, SameCountryError
from suasion.sources.unga_resolutions import read_unga_resolutions
from suasion.statecraft.align.parts import (
    membership_portfolios,
    organisations_of,
)
from suasion.statecraft.positions import disputes, positions, salience_of

ROUNDED = 6e-4  # positions are kept with three digits
ISSUES = ["abkhazia", "crimea", "ukraine-2022", "south-china-sea", "kosovo", "taiwan", "golan"]


def of(issue: str) -> dict[str, float]:
    table = positions(issue)
    return dict(zip(table["country"], table["position"], strict=True))


def test_the_disputes_and_their_counts():
    assert [d.key for d in disputes()] == ISSUES
    counts = {r.symbol: (r.yes, r.no, r.abstain) for d in disputes() for r in d.resolutions}
    assert counts["A/RES/68/262"] == (100, 11, 58)
    assert counts["A/RES/ES-11/1"] == (141, 5, 35)
    assert sum("/ES-11/" in symbol for symbol in counts) == 6
    for dispute in disputes():
        assert [r.date for r in dispute.resolutions] == sorted(r.date for r in dispute.resolutions)


def test_positions_rest_on_all_recorded_votes():
    """China was apart from Russia on Abkhazia and the war, hardly on Crimea, where it abstained in 2014 and once more."""
    table = positions().set_index(["issue", "country"])
    assert table.loc[("abkhazia", "CHN"), "votes"] == 12
    assert of("abkhazia")["CHN"] == pytest.approx(-1 / 12, abs=ROUNDED)
    assert of("crimea")["CHN"] == pytest.approx(-13 / 15, abs=ROUNDED)
    assert of("ukraine-2022")["CHN"] == pytest.approx(-2 / 6, abs=ROUNDED)
    assert {of(key)["RUS"] for key in ("abkhazia", "crimea", "ukraine-2022")} == {-1.0}
    assert (of("taiwan")["RUS"], of("taiwan")["USA"]) == (1, 0)


def test_the_mean_of_votes():
    cast = pd.DataFrame(
        [("AAA", 1, 1), ("AAA", 2, 3), ("AAA", 3, 2), ("BBB", 2, 1)], columns=["country", "rcid", "vote"]
    )
    dates = pd.Series(pd.to_datetime(["2020-01-01", "2021-01-01", "2019-01-01"]), index=[1, 2, 3])
    rows = mean_votes(cast, dates).set_index("country")
    assert rows.loc["AAA"].tolist() == [0.0, 3, "2019-01-01", "2021-01-01", -1]
    assert rows.loc["BBB"].tolist() == [1.0, 1, "2021-01-01", "2021-01-01", 1]


def test_no_state_has_two_positions_and_every_row_has_a_source():
    table = positions()
    assert not table.duplicated(["issue", "country"]).any()
    assert table["position"].between(-1, 1).all()
    for column in ("date", "source", "locator"):
        assert table[column].str.len().gt(3).all()


def test_old_positions_say_so():
    table = positions()
    assert table.loc[table["issue"] == "kosovo", "stale"].all()
    assert not table.loc[(table["issue"] == "golan") & (table["country"] == "RUS"), "stale"].any()
    assert (table.loc[table["stale"], "date"] < "2021-06-05").all()


def test_missing_is_not_neutral():
    assert "FJI" not in of("kosovo")
    lacking = positions("crimea").set_index("country").loc["IRN"]
    assert (lacking["votes"], lacking["since"]) == (14, "2016-12-19")  # absent in 2014


def test_votes_are_the_recorded_ones(unga_votes, reference_data):
    """Golan: nine resolutions, the first two from the older record."""
    later = read_unga_resolutions(reference_data)
    golan = next(d for d in disputes() if d.key == "golan")
    made = of_dispute(golan, (later, unga_votes)).set_index("country")
    shipped = positions("golan").set_index("country")
    assert (made["position"] - shipped["position"]).abs().max() < ROUNDED
    assert (made["votes"] == shipped["votes"]).all()
    wrong = dataclasses.replace(golan, resolutions=(dataclasses.replace(golan.resolutions[0], yes=1),))
    with pytest.raises(SystemExit, match=r"positions\.toml says"):
        of_dispute(wrong, (later, unga_votes))


def test_votes_on_the_war_against_another_list(reference_data):
    """Whoever another list has against A/RES/ES-11/1 is never for the six as a whole, and the count is its own."""
    with (reference_data / "positions" / "positions.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["issue"] == "UNGA ES-11/1"]
    first = next(d for d in disputes() if d.key == "ukraine-2022").resolutions[0]
    for word, count in (("yes", first.yes), ("no", first.no), ("abstain", first.abstain)):
        assert sum(r["position"] == word for r in rows) == count
    ours = of("ukraine-2022")
    assert all(ours[r["iso3"]] < 0 for r in rows if r["position"] == "no" and r["iso3"] in ours)
    assert all(ours[r["iso3"]] > 0 for r in rows if r["position"] == "yes" and r["iso3"] in ours)


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


def test_organisations_are_of_full_members_and_by_edition():
    """The editions differ by what was founded and left in between."""
    both = {year: membership_portfolios("RUS", "CHN", year).all(axis=1).sum() for year in (2014, 2025)}
    assert both == {2014: 44, 2025: 45}
    assert {"UN", "SCO", "BRICS", "APEC"} <= organisations_of("RUS") & organisations_of("CHN")
    assert "CSTO" not in organisations_of("CHN")
    assert {"NATO", "EU"} <= organisations_of("DEU") & organisations_of("FRA")
    assert "UNTSO" not in organisations_of("RUS")  # a mission
    assert "ICRM" not in organisations_of("RUS")  # national societies
    assert "BSEC" not in organisations_of("USA")  # observer


def test_organisations_that_one_state_lacks():
    table = membership_portfolios("RUS", "USA", 2025)
    assert table.loc["NATO"].tolist() == [0, 1]
    assert table.loc["CSTO"].tolist() == [1, 0]


def test_organisation_errors():
    with pytest.raises(InputError, match="no edition 2020"):
        membership_portfolios("RUS", "CHN", 2020)
    with pytest.raises(SameCountryError, match="Both sides are RUS"):
        membership_portfolios("RUS", "RUS", 2025)
    with pytest.raises(InputError, match="lists no organization of ALA"):
        membership_portfolios("RUS", "ALA", 2014)  # part of Finland, without an entry of its own
