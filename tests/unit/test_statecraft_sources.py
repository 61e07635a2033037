"""Readers of the statecraft room's data on made-up files: what they refuse, and how they say it."""

from __future__ import annotations

import pandas as pd
import pytest

from suasion.errors import (
    DataError,
    DuplicateLabelError,
    InputError,
    OutputError,
    SourceFileError,
    UnknownCountryError,
)
from suasion.sources.cache import cache_folder, cached_table, write_parquet
from suasion.sources.cow_crosswalk import CowCrosswalk, read_cow_crosswalk
from suasion.sources.ideal_points import read_ideal_points, read_matches
from suasion.sources.sipri import party, read_arms_deliveries
from suasion.sources.unga_votes import (
    RollCalls,
    check_absences,
    check_tallies,
    read_unga_votes,
    tidy_votes,
)

NUMBERS = pd.Series({1: 40, 2: 55})


def raw(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["rcid", "country", "country_code", "vote"])


def test_names_become_codes_and_votes_numbers():
    table = tidy_votes(
        raw(
            (1, "Namibia", "NA", "yes"),
            (1, "Federal Republic of Germany", None, "no"),
            (1, "Yugoslavia", "YU", "abstain"),
            (2, "Yugoslavia", "YU", "yes"),
            (1, "German Democratic Republic", "DD", "yes"),
        ),
        NUMBERS,
    )
    assert table["country"].tolist() == ["NAM", "DEU", "YUG", "SRB", "DDR"]
    assert table["vote"].tolist() == [1, 3, 2, 1, 1]


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        (raw((1, "Chad", "TD", "absent")), DataError, "hold absent: only yes, abstain and no"),
        (raw((9, "Chad", "TD", "yes")), DataError, "Roll call 9.* is not in the list"),
        (raw((1, "Narnia", "QQ", "yes")), DataError, "country 'Narnia' with code 'QQ'"),
        (
            raw((1, "Chad", "TD", "yes"), (1, "Chad", "TD", "no")),
            DuplicateLabelError,
            "TCD has two votes on roll call 1",
        ),
    ],
)
def test_bad_votes_are_named(table, error, message):
    with pytest.raises(error, match=message):
        tidy_votes(table, NUMBERS)


def record(members: int, calls: int, rcid: int = 1) -> RollCalls:
    pairs = [(rcid + k, f"C{n:02d}", 1) for k in range(calls) for n in range(members)]
    return RollCalls(
        pd.DataFrame(pairs, columns=["rcid", "country", "vote"]),
        pd.DataFrame(
            {
                "rcid": range(rcid, rcid + calls),
                "un_session": 50,
                "amendment": pd.NA,
                "paragraph": [True] + [pd.NA] * (calls - 1),
            }
        ).astype({"amendment": "boolean", "paragraph": "boolean"}),
    )


def test_absences_coded_as_votes_are_found():
    with pytest.raises(DataError, match="In UN session 50 all 30 members vote on all 25 roll calls"):
        check_absences(record(30, 25))
    gaps = record(30, 25)
    check_absences(RollCalls(gaps.votes.iloc[1:], gaps.calls))


def test_official_tallies_are_held():
    with pytest.raises(DataError, match=r"A/RES/68/262.* has 193 yes.*100, 58, 11.*absences coded as votes"):
        check_tallies(record(193, 1, 5309))
    check_tallies(record(193, 1, 5308))


def test_tally_and_selection():
    made = record(5, 3)
    assert made.tally(2) == {"yes": 5, "abstain": 0, "no": 0}
    assert made.between(51, 60).votes.empty
    assert set(made.plenary()["rcid"]) == {2, 3}  # the first is a paragraph
    assert set(made.plenary(whole_from=51)["rcid"]) == {1, 2, 3}
    with pytest.raises(DataError, match="no vote on roll call 77"):
        made.tally(77)


def test_cache_reads_once_and_again_when_damaged(tmp_path):
    source = tmp_path / "data.txt"
    source.write_text("x", encoding="utf-8")
    calls = []

    def read(path):
        calls.append(path)
        return pd.DataFrame({"x": [1, 2]})

    for _ in range(2):
        assert cached_table(source, "t", read, tmp_path / "cache")["x"].tolist() == [1, 2]
    assert len(calls) == 1
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(b"broken")
    assert cached_table(source, "t", read, tmp_path / "cache")["x"].tolist() == [1, 2]
    source.write_text("y", encoding="utf-8")  # other bytes, other table
    cached_table(source, "t", read, tmp_path / "cache")
    assert len(calls) == 3
    assert cache_folder().name == "suasion"


def test_a_cache_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="could not be written"):
        write_parquet(pd.DataFrame({"x": [1]}), tmp_path / "file" / "t.parquet")
    table = cached_table(
        tmp_path / "file", "t", lambda _: pd.DataFrame({"x": [1]}), tmp_path / "file" / "deep"
    )
    assert len(table) == 1


@pytest.mark.parametrize(
    "read", [read_unga_votes, read_ideal_points, read_matches, read_cow_crosswalk, read_arms_deliveries]
)
def test_absent_files_are_named(read, tmp_path):
    with pytest.raises(SourceFileError, match="There is no"):
        read(tmp_path / "nowhere")


def test_other_files_are_refused(tmp_path):
    wrong = tmp_path / "IdealpointestimatesAll_Apr2020.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SourceFileError, match="has no column ccode"):
        read_ideal_points(tmp_path)
    wrong.write_bytes(b"")
    with pytest.raises(SourceFileError, match="cannot be read"):
        read_ideal_points(tmp_path)
    (tmp_path / "Matches.csv").write_text("v1,rcid1,rcid2\n1,9,3\n", encoding="utf-8")
    with pytest.raises(DataError, match="roll call 3 cannot repeat 9"):
        read_matches(tmp_path)
    (tmp_path / "cow_states.rda").write_bytes(b"text")
    with pytest.raises(SourceFileError, match="not an R data file"):
        read_cow_crosswalk(tmp_path)


def arms(tmp_path, text: str):
    file = tmp_path / "arms.csv"
    file.write_text(text, encoding="latin-1")
    return file


def test_both_forms_of_arms_deliveries(tmp_path):
    register = "Notes\n\nSIPRI AT Database ID,Supplier,Recipient,Delivery year,TIV delivery values\n" + (
        "1,Russia,China,2005,4\n2,Russia,China,2005,6\n3,Russia,Hezbollah (Lebanon)*,2005,1\n"
    )
    table = read_arms_deliveries(arms(tmp_path, register))
    assert table.to_numpy().tolist() == [
        ["RUS", "CHN", 2005, 10.0],
        ["RUS", "Hezbollah (Lebanon)*", 2005, 1.0],
    ]
    plain = "supplier,recipient,year,tiv_m\nCôte d'Ivoire,Congo,2001,2\n"
    assert read_arms_deliveries(arms(tmp_path, plain)).iloc[0].tolist() == ["CIV", "COG", 2001, 2.0]


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ('"supplier","recipient","order_year","tiv"\nRussia,China,1950,2\n', SourceFileError, "never mixed"),
        ("supplier,recipient,value\nRussia,China,2\n", SourceFileError, "no columns supplier"),
        ("a,b\n1,2\n", SourceFileError, "no heading"),
        ("supplier,recipient,year,tiv_m\nRussia,China,2001,-2\n", DataError, "has TIV -2"),
        ("supplier,recipient,year,tiv_m\nRussia,Narnia,2001,2\n", DataError, "name 'Narnia'"),
    ],
)
def test_other_arms_tables_are_refused(tmp_path, text, error, message):
    with pytest.raises(error, match=message):
        read_arms_deliveries(arms(tmp_path, text))


def test_what_is_no_state_keeps_its_name():
    assert party("NATO**") == "NATO**"
    assert party("unknown supplier(s)") == "unknown supplier(s)"


CROSSWALK = CowCrosswalk(
    pd.DataFrame(
        [
            (255, "DEU", "Germany", 1816, 1945),
            (255, "DEU", "Germany", 1990, 2016),
            (260, "DEU", "German Federal Republic", 1955, 1990),
            (345, "YUG", "Yugoslavia", 1944, 2016),
        ],
        columns=["cow", "country", "name", "start", "end"],
    ),
    2016,
)


def test_codes_depend_on_the_year():
    assert [CROSSWALK.cow("DEU", y) for y in (1914, 1970, 1990, 2020)] == [255, 260, 255, 255]
    assert CROSSWALK.country(260, 1970) == "DEU"
    assert [CROSSWALK.country(345, y) for y in (1980, 2010)] == ["YUG", "SRB"]
    assert CROSSWALK.cow("SRB", 2010) == 345


def test_states_out_of_their_time_are_named():
    with pytest.raises(
        UnknownCountryError, match=r"260 \(German Federal Republic\) is no state in 2000: 1955 to 1990"
    ):
        CROSSWALK.country(260, 2000)
    with pytest.raises(UnknownCountryError, match="DEU is no state of the list in 1950: 1816 to 1945"):
        CROSSWALK.cow("Germany", 1950)
    with pytest.raises(UnknownCountryError, match="no Correlates of War code 999"):
        CROSSWALK.country(999, 2000)
    with pytest.raises(InputError, match="begins in 1816"):
        CROSSWALK.country(255, 1700)
