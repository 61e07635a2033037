"""Readers open the published files, and what is in them agrees with published numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from suasion.sources.cow_system import read_cow_crosswalk
from suasion.sources.ideal_points import read_ideal_points, read_matches
from suasion.sources.sipri import read_arms_deliveries
from suasion.statecraft import arms_shares, estimate_ideal_points, shipped_ideal_points, voting_record


@pytest.fixture
def roll_calls(unga_votes):
    return unga_votes


@pytest.fixture(scope="module")
def published(reference_data):
    return read_ideal_points(reference_data)


def test_official_count_of_68_262(roll_calls):
    """100 in favour, 11 against, 58 abstaining: A/RES/68/262, 27 March 2014."""
    assert roll_calls.tally(5309) == {"yes": 100, "abstain": 58, "no": 11}
    votes = roll_calls.votes[roll_calls.votes["rcid"] == 5309].set_index("country")["vote"]
    assert (votes["RUS"], votes["CHN"], votes["USA"]) == (3, 2, 1)


def test_namibia_is_not_missing(roll_calls):
    assert (roll_calls.votes["country"] == "NAM").sum() > 1000
    assert roll_calls.votes["country"].notna().all()


def test_published_values(published):
    """Release of April 2020: 10,469 rows; UN session 74."""
    assert len(published) == 10_469
    last = published[published["un_session"] == 74].set_index("country")["mean"]
    for country, value in {"RUS": 0.142, "CHN": -0.334, "USA": 2.695, "DEU": 1.238}.items():
        assert last[country] == pytest.approx(value, abs=5e-4)  # three digits printed


def test_the_record_is_the_published_one(roll_calls, published, reference_data):
    """Every country session of the release, with its number of votes."""
    record = voting_record(roll_calls.plenary(), read_matches(reference_data))
    keys = pd.MultiIndex.from_arrays([record.countries, record.un_session])
    ours = pd.Series(record.votes, index=keys)
    theirs = published.set_index(["country", "un_session"])["votes"]
    pd.testing.assert_series_equal(ours.reindex(theirs.index), theirs, check_names=False, check_dtype=False)
    # they leave out Zanzibar, and South Africa's one vote of 1993
    assert set(keys.difference(theirs.index)) == {("EAZ", 18), ("ZAF", 48)}


def test_ideal_points_of_a_few_un_sessions(roll_calls, published, reference_data):
    """The last three UN sessions alone, within which the published ranking must come out."""
    votes = roll_calls.between(72, 74).plenary()
    estimate = estimate_ideal_points(votes, read_matches(reference_data), draws=60, burn=60, thin=1, seed=1)
    table = estimate.frame.merge(published, on=["country", "un_session"], suffixes=("", "_published"))
    assert len(table) == 579
    for _, group in table.groupby("un_session"):
        assert np.corrcoef(group["mean"], group["mean_published"])[0, 1] > 0.97
    assert estimate.distance("RUS", "CHN")["mean"].iloc[-1] < estimate.distance("RUS", "USA")["low"].iloc[-1]


def test_codes_of_the_correlates_of_war(reference_data):
    codes = read_cow_crosswalk(reference_data)
    found = [
        codes.cow(c, y)
        for c, y in (("RUS", 1950), ("CHN", 2020), ("DEU", 1985), ("YEM", 1980), ("KOR", 2000))
    ]
    assert found == [365, 710, 260, 678, 732]
    assert codes.country(345, 2010) == "SRB"


@pytest.fixture(scope="module")
def deliveries(reference_data):
    return read_arms_deliveries(reference_data / "sipri" / "trade_register_2023.csv")


def test_deliveries_from_russia_to_china(deliveries, reference_data):
    """Trend-indicator values printed for the dyad; the register and the table of dyad-years agree."""
    years = deliveries.query("supplier == 'RUS' and recipient == 'CHN'").set_index("year")["tiv"]
    printed = {2005: 3066, 2010: 683, 2014: 560, 2018: 1686, 2019: 1095, 2023: 372}
    for year, value in printed.items():
        assert years[year] == pytest.approx(value, abs=0.51)  # printed without decimals
    table = read_arms_deliveries(reference_data / "sipri" / "tiv_dyad_year_2000_2023.csv")
    pd.testing.assert_frame_equal(deliveries, table)


def test_russias_share_of_chinas_arms_imports(deliveries):
    """88 % (2005), 83 % (2018), 79 % (2023): single years."""
    share = arms_shares(deliveries, "CHN", "RUS", window=1).set_index("year")["import_share"]
    for year, printed in {2005: 0.88, 2018: 0.83, 2023: 0.79}.items():
        assert share[year] == pytest.approx(printed, abs=0.005)  # whole per cent printed
    five = arms_shares(deliveries, "CHN", "RUS").set_index("year")["import_share"]
    assert np.isnan(five[2003])
    # the five years to 2018 hold two with few deliveries from Russia
    assert five[2018] < share[2018] - 0.1


def test_shipped_ideal_points_against_the_published_ones(published):
    """Our own estimate, as it ships, against the release of April 2020."""
    both = shipped_ideal_points().merge(
        published[["country", "un_session", "mean"]],
        on=["country", "un_session"],
        suffixes=("", "_published"),
    )
    assert len(both) == 10_469
    assert np.corrcoef(both["mean"], both["mean_published"])[0, 1] > 0.98
    for _, decade in both.groupby(both["year"] // 10):
        assert np.corrcoef(decade["mean"], decade["mean_published"])[0, 1] > 0.95
    covered = both["mean_published"].between(both["low"], both["high"])
    assert covered.mean() >= 0.80
    # the levels are those of the exact posterior; the published procedure comes nearer, below
    near, apart = both["mean_published"].abs() < 2.0, (both["mean"] - both["mean_published"]).abs()
    assert (apart <= 0.15)[near].mean() > 0.86  # .87; the level of the fifties moves with the chain
    assert (apart <= 0.1 * both["mean_published"].abs())[~near].mean() > 0.75


def test_the_published_procedure_comes_out_at_the_published_series():
    """The committed table of the whole record: the levels that the exact posterior does not share."""
    path = Path(__file__).parents[2] / "docs" / "evidence" / "ideal_points_as_published.csv"
    table = pd.read_csv(path).query("against == 'release of April 2020'").set_index("period")
    whole, decades = table.loc["all"], table.drop("all")
    assert whole["country_sessions"] == 10_469
    assert whole["correlation"] > 0.98
    assert (decades["correlation"] > 0.95).all()
    assert (table["band_covers"] >= 0.80).all()
    # wanted of all cells; two runs with other random numbers agree so closely in 99.7 and 99.8 of 100 of them
    assert whole["within_015_where_below_2"] > 0.99
    assert whole["within_10_percent_beyond"] > 0.99
    assert (decades["within_015_where_below_2"] > 0.95).all()
