"""The table of pairs of states by year: who is in it, direction, coverage, duplicates, and the published spot checks."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suasion.cli.app import run
from suasion.errors import DataError, DuplicateLabelError, InputError, SourceFileError, UnknownCountryError
from suasion.sources.cache import kept_table
from suasion.sources.contiguity import distance_years
from suasion.sources.cow_system import (
    CowCrosswalk,
    country_codes_by_year,
    cow_codes_by_year,
    refuse_unknown_codes,
    state_years,
    with_countries,
)
from suasion.sources.ir_files import raw_table
from suasion.statecraft.dyads import columns as dyads_columns
from suasion.statecraft.dyads.columns import COLUMNS, KEYS, SOURCES, CovariatePart, derived
from suasion.statecraft.dyads.table import DyadYears, column_names, dyad_years, fill, skeleton

ROOT = Path(__file__).resolve().parents[2]


def spells(*rows) -> CowCrosswalk:
    table = pd.DataFrame(rows, columns=["cow", "country", "name", "first", "last"])
    table["first"], table["last"] = pd.to_datetime(table["first"]), pd.to_datetime(table["last"])
    table["start"], table["end"] = table["first"].dt.year, table["last"].dt.year
    return CowCrosswalk(table, int(table["end"].max()))


STATES = spells(
    (2, "USA", "United States", "1816-01-01", "2016-12-31"),
    (255, "DEU", "Germany", "1816-01-01", "1945-05-08"),
    (255, "DEU", "Germany", "1990-10-03", "2016-12-31"),
    (260, "DEU", "German Federal Republic", "1955-05-05", "1990-10-02"),
    (345, "YUG", "Yugoslavia", "1944-10-20", "2016-12-31"),
)


def test_states_that_share_no_day_are_no_pair():
    """Germany and the German Federal Republic both have the year 1990, and never met."""
    table, rows = skeleton(STATES, 1990, 1990, directed=False)
    pairs = set(zip(table["cow1"], table["cow2"], strict=True))
    assert pairs == {(2, 255), (2, 260), (2, 345), (255, 345), (260, 345)}
    days = table.set_index(["cow1", "cow2"])["shared_days"]
    assert days[2, 255] == 90  # 3 October to 31 December
    assert days[2, 260] == 275
    assert days[2, 345] == 365
    assert rows.of(np.array([255]), np.array([260]), np.array([1990])).tolist() == [-1]


def test_the_year_of_birth_has_the_distance_of_the_year_after():
    """The source begins the year after a state enters, or enters again; before its own first year nothing is made up."""
    rows = [(2, 345, year, 5000.0) for year in (1945, 1946)]
    rows += [
        (2, 260, year, 5900.0 + year - 1956) for year in (1956, 1957, 1959)
    ]  # 1958 is a hole of the source
    rows += [(2, 255, 1991, 5800.0), (255, 260, 1991, 0.0)]  # the Federal Republic was no member in 1991
    distances = pd.DataFrame(rows, columns=["cow1", "cow2", "year", "distance_km"])
    found = distance_years(distances, STATES)
    assert not found.duplicated(["cow1", "cow2", "year"]).any()
    made = found.iloc[len(distances) :]
    at = made.set_index(["cow1", "cow2", "year"])["distance_km"].to_dict()
    assert at == {
        (2, 260, 1955): 5900.0,
        (2, 260, 1958): 5903.0,
        (2, 255, 1990): 5800.0,
        (255, 260, 1990): 0.0,
    }
    pd.testing.assert_frame_equal(found.iloc[: len(distances)], distances)


def test_gaps_have_no_rows_and_the_future_is_marked():
    table, _ = skeleton(STATES, 1940, 2020, directed=False)
    germany = table[(table["cow1"] == 2) & (table["cow2"] == 255)]
    assert germany["year"].tolist() == [*range(1940, 1946), *range(1990, 2021)]
    assert germany.set_index("year")["membership_assumed"].loc[[2016, 2017]].tolist() == [False, True]
    assert set(table.loc[table["cow2"] == 345, "country2"].astype(str)) == {"YUG", "SRB"}


def test_both_orders_in_the_directed_table():
    one, _ = skeleton(STATES, 1960, 1961, directed=False)
    both, _ = skeleton(STATES, 1960, 1961, directed=True)
    assert len(both) == 2 * len(one)
    assert not both.duplicated(["cow1", "cow2", "year"]).any()


DAYS = st.integers(0, 3 * 365 - 1)  # of 2001 to 2003, none of them a leap year


@given(st.lists(st.tuples(DAYS, DAYS), min_size=2, max_size=5))
@settings(max_examples=40, deadline=None)
def test_days_in_common_are_counted_like_by_hand(spans):
    """Any spells: the days that the table counts for a pair and year are those of both, counted one by one."""
    first_day = pd.Timestamp("2001-01-01")
    lives = [set(range(min(s), max(s) + 1)) for s in spans]
    rows = [
        (k, "USA", "x", first_day + pd.Timedelta(days=min(life)), first_day + pd.Timedelta(days=max(life)))
        for k, life in enumerate(lives)
    ]
    anchor = (99, "CAN", "goes on", "1816-01-01", "2016-12-31")  # so that no other spell is the list's last
    table, _ = skeleton(spells(*rows, anchor), 2001, 2003, directed=False)
    counted = table[table["cow2"] != 99].set_index(["cow1", "cow2", "year"])["shared_days"].to_dict()
    by_hand = {
        (i, j, 2001 + y): len({d for d in lives[i] & lives[j] if d // 365 == y})
        for i in range(len(lives))
        for j in range(i + 1, len(lives))
        for y in range(3)
    }
    assert counted == {key: days for key, days in by_hand.items() if days}


def test_codes_by_year_go_both_ways():
    cow, year = np.array([260, 255, 345, 999]), np.array([1970, 2019, 2010, 2000])
    assert country_codes_by_year(STATES, cow, year).tolist() == ["DEU", "DEU", "SRB", None]
    codes = np.array(["DEU", "DEU", "SRB", "YUG", "NOR"], dtype=object)
    assert cow_codes_by_year(STATES, codes, np.array([1970, 1990, 2010, 1980, 2000])).tolist() == [
        260,
        255,
        345,
        345,
        -1,
    ]


def test_a_list_with_overlapping_spells_is_refused():
    twice = spells((2, "USA", "a", "1816-01-01", "1900-06-30"), (2, "USA", "a", "1900-06-30", "2016-12-31"))
    with pytest.raises(DataError, match=r"Two spells of state 2 .a. overlap on 1900-06-30"):
        state_years(twice, 1900, 1901)
    with pytest.raises(DataError, match="no dates"):
        state_years(CowCrosswalk(STATES.spells.drop(columns=["first", "last"]), 2016), 1900, 1901)


def test_codes_that_no_year_of_the_list_has_are_refused():
    table = pd.DataFrame([(260, 2, 1990), (255, 999, 1991)], columns=["cow1", "cow2", "year"])
    with pytest.raises(UnknownCountryError, match=r"has the code 999 in 1 rows of cow2.*Correct the rows"):
        with_countries(table, STATES)
    # a state that did not exist in the year is no such code, and neither is a party that is no state
    known = with_countries(table.replace(999, 345), STATES)
    assert known["country1"].tolist() == ["DEU", "DEU"]
    refuse_unknown_codes(table.replace(999, -1), STATES, "x")


def test_overlapping_spells_are_refused_where_the_list_is_read(reference_data, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))
    raw = raw_table(reference_data / "peacesciencer" / "cow_states.rda", "").reset_index(drop=True)
    late = raw.iloc[[0]].assign(styear=1950)
    for rows, code, message in (
        (raw, 0, "243 rows"),
        (pd.concat([raw, raw.iloc[[3]]]), 1, "The list of states: 2 rows share their cow, first"),
        (pd.concat([raw, late]), 1, "Two spells of state 2 (United States of America) overlap on 2016-12-31"),
    ):
        rows.to_csv(tmp_path / "states2016.csv", index=False)
        assert run(["data", "add", "cow-states", str(tmp_path / "states2016.csv")]) == code
        assert message in "".join(capsys.readouterr())


def filled(part: CovariatePart, start=1960, end=1965, directed=False):
    table, rows = skeleton(STATES, start, end, directed)
    columns, counts = fill(part, rows, start, end, "x")
    return pd.concat([table, pd.DataFrame(columns)], axis=1), counts


def pacts(absent="zero", shape="directed", **more) -> CovariatePart:
    rows = pd.DataFrame(
        [(260, 2, 1962, 1), (2, 260, 1963, 1), (2, 700, 1962, 1)], columns=["cow1", "cow2", "year", "v"]
    )
    return CovariatePart(shape, rows, {"v": "pact"}, absent, **more)


def test_a_promise_keeps_its_direction_in_an_undirected_table():
    table, _ = filled(pacts())
    pair = table[(table["cow1"] == 2) & (table["cow2"] == 260)].set_index("year")
    assert pair.loc[[1962, 1963], "pact_12"].tolist() == [0, 1]
    assert pair.loc[[1962, 1963], "pact_21"].tolist() == [1, 0]
    both, _ = filled(pacts(), directed=True)
    mirror = both[(both["cow1"] == 260) & (both["cow2"] == 2)].set_index("year")
    assert mirror.loc[[1962, 1963], "pact_12"].tolist() == [1, 0]


def test_after_the_data_end_is_missing_and_inside_a_list_is_zero():
    table, counts = filled(pacts())
    pair = table[(table["cow1"] == 2) & (table["cow2"] == 345)].set_index("year")["pact_12"]
    assert pair.loc[[1962, 1963]].tolist() == [0, 0]
    assert pair.loc[[1960, 1961, 1964, 1965]].isna().all()
    assert counts == {
        "first_year": 1962, "last_year": 1963, "rows": 3, "matched": 2, "unmatched": 1, "missing_years": "",
    }  # fmt: skip


def test_measurements_that_are_absent_are_missing():
    table, _ = filled(pacts(absent="missing", shape="pair"))
    pair = table[(table["cow1"] == 2) & (table["cow2"] == 260)].set_index("year")["pact"]
    assert pair.loc[[1962, 1963]].tolist() == [1, 1]
    assert pair.loc[[1960, 1961, 1964, 1965]].isna().all()
    assert table.loc[table["cow2"] == 345, "pact"].isna().all()


def test_years_without_a_row_are_listed():
    rows = pd.DataFrame([(2, 1960, 0.5), (2, 1963, 0.6)], columns=["cow", "year", "v"])
    table, counts = filled(CovariatePart("state", rows, {"v": "score"}, "missing"))
    assert counts["missing_years"] == "1961, 1962"
    usa = table[(table["cow1"] == 2) & (table["cow2"] == 260)].set_index("year")
    assert usa.loc[[1960, 1963], "score_1"].tolist() == [0.5, 0.6]
    assert usa["score_2"].isna().all()


def test_duplicates_are_an_error_that_lists_them():
    rows = pd.concat([pacts().table.iloc[[0]]] * 2)
    with pytest.raises(DuplicateLabelError, match=r"data set x: 2 rows .*: cow1 260, cow2 2, year 1962"):
        filled(CovariatePart("directed", rows, {"v": "pact"}, "zero"))


def test_what_follows_from_other_columns_is_missing_where_a_part_is():
    made = derived(
        {
            "cinc_1": np.array([0.1, 0.0, np.nan]),
            "cinc_2": np.array([0.3, 0.0, 0.2]),
            "exports_12": np.array([5.0, np.nan, 1.0]),
            "exports_21": np.array([7.0, 1.0, 1.0]),
            "ideal_point_1": np.array([1.0, 1.0, np.nan]),
            "ideal_point_2": np.array([-0.5, 3.0, 0.0]),
        }
    )
    assert made["cinc_share_1"][0] == pytest.approx(0.25)  # 0.1 of 0.4
    assert made["cinc_ratio"][0] == pytest.approx(1 / 3)
    assert np.isnan(made["cinc_share_1"][1:]).all()
    assert np.isnan(made["cinc_ratio"][1:]).all()
    assert made["trade"][[0, 2]].tolist() == [12, 2]
    assert np.isnan(made["trade"][1])
    assert made["ideal_point_distance"][:2].tolist() == [1.5, 2.0]
    assert np.isnan(made["ideal_point_distance"][2])


def test_bad_requests_say_why(tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path))
    with pytest.raises(InputError, match="from 1800 to 1900"):
        dyad_years({}, 1800, 1900)
    with pytest.raises(InputError, match="from 1990 to 1980"):
        dyad_years({}, 1990, 1980)
    with pytest.raises(InputError, match="no data set weather; it takes cow-states, atop"):
        dyad_years({"weather": tmp_path}, 1990, 1991)
    with pytest.raises(SourceFileError, match=r"cow-states is needed.*suasion data add cow-states"):
        dyad_years({}, 1990, 1991)
    with pytest.raises(SourceFileError, match="cow-states is needed"):
        dyad_years(None, 1990, 1991)


def test_a_pair_that_is_not_there_is_named():
    table, _ = skeleton(STATES, 1990, 1990, directed=False)
    made = DyadYears(table, pd.DataFrame(), directed=False)
    assert made.pair("DEU", "USA")["shared_days"].sum() == 365
    with pytest.raises(InputError, match="no year of USA and NOR: NOR is not in it"):
        made.pair("USA", "NOR")


def test_every_column_is_described_here_and_in_the_documentation():
    text = (ROOT / "docs" / "how-to" / "dyads.md").read_text("utf-8")
    for name in [*KEYS, *COLUMNS]:
        assert re.search(rf"`{name}(?:_12|_1)?`", text), name
    assert {source for source, _ in COLUMNS.values()} == set(SOURCES)
    assert len(set(column_names())) == len(column_names())


@pytest.fixture(scope="module")
def table(all_dyads) -> DyadYears:
    return all_dyads


def test_counts_are_those_of_the_published_list(table):
    """peacesciencer's `cow_ddy` has 2,063,610 directed rows to 2020; by whole years there would be 60 more to 2016."""
    assert len(table.table) == 2_063_610 // 2
    assert (table.table["year"] <= 2016).sum() == 1_912_290 // 2
    assert not table.table.duplicated(["cow1", "cow2", "year"]).any()
    assert (table.table["cow1"] < table.table["cow2"]).all()


def test_alliances_of_2018(table):
    """USA-FRA, RUS-ARM and RUS-BLR defend each other, the US defends Japan; Russia and China do not attack and consult."""
    last = table.table[table.table["year"] == 2018].set_index(["country1", "country2"])
    for pair in (("USA", "JPN"), ("USA", "FRA"), ("RUS", "ARM"), ("RUS", "BLR")):
        row = last.loc[pair if pair in last.index else pair[::-1]]
        assert row["atop_defence"] == 1
        assert row["atop_defence_12"] == 1
        assert row["atop_defence_21"] == (pair != ("USA", "JPN"))  # Japan made no promise in return
    tie = last.loc[("RUS", "CHN")]
    assert tie["atop_defence"] == 0
    assert tie["atop_nonaggression"] == tie["atop_consultation"] == 1
    assert tie["rivalry"] == 0


def test_a_guarantee_that_runs_one_way(table):
    """France to Belgium, 1832: a table that keeps one direction loses it."""
    row = table.pair("FRA", "BEL").set_index("year").loc[1832]
    assert (row["country1"], row["country2"]) == ("BEL", "FRA")
    assert (row["atop_defence_12"], row["atop_defence_21"], row["atop_defence"]) == (0, 1, 1)


def test_russia_and_china(table):
    pair = table.pair("RUS", "CHN").set_index("year")
    assert pair.loc[2014, "igos_joint"] == 55
    assert pair.loc[2014, "ideal_point_distance"] == pytest.approx(0.913, abs=5e-4)  # three digits published
    assert pair.loc[2019, "ideal_point_distance"] == pytest.approx(0.476, abs=5e-4)
    assert pair.loc[[2005, 2010, 2018], "arms_12"].tolist() == pytest.approx([3066, 683, 1686], abs=0.5)
    assert pair.loc[1969, "mid_ongoing"] == 1  # the border war
    assert pair.loc[2014, ["contiguity", "distance_km", "major_1", "major_2"]].tolist() == [1, 0, 1, 1]
    assert pair.loc[2014, ["exports_12", "exports_21"]].tolist() == [42807, 51135]


def test_distances_are_known_from_the_year_of_birth(table):
    distance = table.coverage.set_index("source").loc["distance"]
    assert (distance["rows"], distance["unmatched"]) == (952_244 + 19_716, 0)
    rows = table.table[table.table["year"].between(1946, 2019)]
    assert rows["distance_km"].isna().sum() <= 12  # of 17,500 before: pairs that the source never has
    namibia = table.pair("NAM", "ZAF").set_index("year")["distance_km"]
    assert namibia.loc[1990] == namibia.loc[1991] == 0.0


def test_nothing_is_zero_after_the_data_end(table):
    last = table.table[table.table["year"] == 2020]
    for column in (
        "atop_defence",
        "cow_defence",
        "contiguity",
        "mid_ongoing",
        "igos_joint",
        "trade",
        "major_1",
    ):
        assert last[column].isna().all(), column
    assert last["rivalry"].notna().all()  # that list runs to 2020
    assert last["arms_12"].notna().all()


def test_coverage_adds_up(table):
    cover = table.coverage.set_index("source")
    assert cover["given"].all()
    assert (cover["matched"] + cover["unmatched"] == cover["rows"]).all()
    assert cover.loc["atop", ["first_year", "last_year"]].tolist() == [1815, 2018]
    assert cover.loc["cow-alliances", "last_year"] == 2012
    assert cover.loc["ideal-points", "missing_years"] == "1964"  # the UN session of 1964 took no votes
    assert cover.loc["cow-states", "assumed_to"] == 2020


@pytest.mark.evidence  # makes a table of two million rows
def test_the_directed_table_is_the_other_one_twice(reference_data, table, tmp_path):
    names = ("cow-states", "atop", "cow-trade", "nmc")
    from suasion.sources.catalogue import found_in

    files = {k: v for k, v in found_in(reference_data).items() if k in names}
    both = dyad_years(files, 1998, 2000, directed=True, cache=tmp_path)
    again = dyad_years(files, 1998, 2000, directed=True, cache=tmp_path)
    pd.testing.assert_frame_equal(both.table, again.table)
    pd.testing.assert_frame_equal(both.coverage, again.coverage)
    assert not both.coverage.set_index("source").loc["mids", "given"]
    assert "mid_onset" not in both.table
    one = table.table[table.table["year"].between(1998, 2000)].reset_index(drop=True)
    there = both.table[both.table["cow1"] < both.table["cow2"]].reset_index(drop=True)
    back = both.table[both.table["cow1"] > both.table["cow2"]].sort_values(
        ["cow2", "cow1", "year"], ignore_index=True
    )
    for column, other in (
        ("atop_defence_12", "atop_defence_21"),
        ("exports_12", "exports_21"),
        ("cinc_1", "cinc_2"),
    ):
        np.testing.assert_array_equal(there[column], one[column])
        np.testing.assert_array_equal(back[other], one[column])


def test_another_release_makes_another_table(tmp_path, monkeypatch):
    """The cache goes by content, so a file that was changed in place is read again."""
    states = tmp_path / "states.csv"
    head = "ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday\n"
    first = head + "2,United States of America,1816,1,1,2016,12,31\n20,Canada,1920,1,10,2016,12,31\n"
    states.write_text(first, encoding="utf-8")
    one = dyad_years({"cow-states": states}, 1919, 1921, cache=tmp_path / "c")
    assert one.table["year"].tolist() == [1920, 1921]
    assert one.table["shared_days"].tolist() == [357, 365]
    states.write_text(first.replace("20,Canada,1920", "20,Canada,1921"), encoding="utf-8")
    assert dyad_years({"cow-states": states}, 1919, 1921, cache=tmp_path / "c").table["year"].tolist() == [
        1921
    ]
    tables = [p for p in (tmp_path / "c").glob("*.parquet") if "coverage" not in p.name]
    assert len(tables) == 2
    (kept,) = [p for p in tables if len(kept_table(p.stem, list, tmp_path / "c")) == 1]
    kept.write_bytes(b"broken")
    assert len(dyad_years({"cow-states": states}, 1919, 1921, cache=tmp_path / "c").table) == 1


def test_sources_are_those_of_the_catalogue():
    from suasion.sources.catalogue import catalogue

    assert set(SOURCES) <= set(catalogue())
    assert dyads_columns.derived({}) == {}
