"""Readers of the statecraft room's data on made-up files: what they refuse, and how they say it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import rdata

from suasion.cli.app import run
from suasion.errors import (
    DataError,
    DuplicateLabelError,
    InputError,
    OutputError,
    SourceFileError,
    UnknownCountryError,
)
from suasion.sources import icio2022_arrays
from suasion.sources.cache import cache_folder, cached_table, write_parquet
from suasion.sources.countries import country_name
from suasion.sources.cow_system import CowCrosswalk, read_cow_crosswalk
from suasion.sources.ideal_points import read_ideal_points, read_matches
from suasion.sources.sipri import party, read_arms_deliveries
from suasion.sources.unga_votes import (
    RollCalls,
    check_absences,
    check_tallies,
    read_unga_votes,
    tidy_votes,
)
from suasion.statecraft import voting_record

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
            "country TCD, rcid 1",
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


def made_up_record(absent: float, seed: int = 3) -> RollCalls:
    """40 members on 60 roll calls of UN session 50: 30 support nearly all, 10 oppose every other; some are away."""
    rng = np.random.default_rng(seed)
    grid = pd.MultiIndex.from_product(
        [range(1, 61), [f"C{n:02d}" for n in range(40)]], names=["rcid", "country"]
    )
    votes = grid.to_frame(index=False)
    opposes = votes["country"] >= "C30"
    chance = rng.random(len(votes))
    no = opposes & (chance < 0.5)
    votes["vote"] = np.where(no, 3, np.where(chance > 0.97, 2, 1))
    here = rng.random(len(votes)) >= absent
    return RollCalls(votes[here], record(2, 60).calls)


def coded_as_no(made: RollCalls, share: float = 1.0, newcomers: tuple[str, ...] = ()) -> RollCalls:
    """The same with a share of the absences turned into a no, and with members that never voted."""
    countries = sorted({*made.votes["country"], *newcomers})
    grid = pd.MultiIndex.from_product([made.calls["rcid"], countries], names=["rcid", "country"])
    votes = made.votes.set_index(["rcid", "country"])["vote"].reindex(grid)
    gap = votes.isna() & (np.random.default_rng(1).random(len(votes)) < share)
    return RollCalls(votes.mask(gap, 3).dropna().astype("int8").reset_index(), made.calls)


def test_a_record_with_absences_is_taken():
    for seed in range(5):
        check_absences(made_up_record(0.08, seed))


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            coded_as_no(made_up_record(0.08)),
            "In UN session 50 hardly a vote is missing: 2400 of 2400 by 40 members",
        ),
        (
            coded_as_no(made_up_record(0.08), 0.5),
            r"support them vote no \d\.\d per cent of the time \(C\d\d most often",
        ),
        (
            coded_as_no(made_up_record(0.08), 0.8, ("ZZZ",)),
            r"ZZZ votes no on \d\d of \d\d roll calls in UN session 50;",
        ),
    ],
    ids=["all", "half", "a state that was no member"],
)
def test_absences_coded_as_a_no_are_found_and_named(made, message):
    with pytest.raises(DataError, match=message) as caught:
        check_absences(made)
    assert "Drop the rows of absent countries" in str(caught.value)


def test_absences_coded_as_yes_are_found_where_nobody_is_missing():
    with pytest.raises(
        DataError, match="hardly a vote is missing: 750 of 750 by 30 members on 25 roll calls"
    ):
        check_absences(record(30, 25))
    # who comes later, as a new member does, is counted from its first vote on
    late = record(30, 25)
    kept = late.votes[~((late.votes["country"] == "C29") & (late.votes["rcid"] < 10))]
    with pytest.raises(DataError, match="741 of 741 by 30 members"):
        check_absences(RollCalls(kept, late.calls))


def test_the_model_of_ideal_points_refuses_a_country_that_votes_no_throughout():
    made = coded_as_no(made_up_record(0.08), 1.0, ("ZZZ",)).votes.assign(un_session=50)
    with pytest.raises(DataError, match="ZZZ votes no on 60 of 60 roll calls in UN session 50"):
        voting_record(made)
    assert "ZZZ" not in voting_record(made[made["country"] != "ZZZ"]).countries


def by_name(made: RollCalls) -> RollCalls:
    """The made-up record with states for its members."""
    names = dict(zip(sorted(set(made.votes["country"])), sorted(icio2022_arrays().countries), strict=False))
    calls = made.calls.assign(date=pd.Timestamp(1995, 12, 6))
    return RollCalls(made.votes.assign(country=made.votes["country"].map(names)), calls)


@pytest.mark.parametrize("record", ["made up", pytest.param("published", marks=pytest.mark.evidence)])
def test_a_record_with_absences_as_no_is_refused(record, request, tmp_path, capsys, monkeypatch):
    """A UN session, half of its absences a no, written as R files and added as a user would."""
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))
    if record == "published":
        made = request.getfixturevalue("unga_votes").between(74, 74)
    else:
        made = by_name(made_up_record(0.08))
    for name, votes in (("right", made), ("wrong", coded_as_no(made, 0.5))):
        folder = tmp_path / name
        folder.mkdir()
        write_votes(votes, folder)
        code = run(["data", "add", "unga-votes", str(folder)])
        assert code == (0 if name == "right" else 1), capsys.readouterr().err
    err = capsys.readouterr().err
    assert "seem to be coded as" in err
    assert "Drop the rows of absent countries" in err


def write_votes(made: RollCalls, folder) -> None:
    """Two R files in the published layout."""
    words = {1: "yes", 2: "abstain", 3: "no"}
    code = {c: country_name(c) for c in set(made.votes["country"])}
    votes = {
        "rcid": made.votes["rcid"].to_numpy("int32"),
        "country": [code[c] for c in made.votes["country"]],
        "country_code": [None] * len(made.votes),
        "vote": [words[v] for v in made.votes["vote"]],
    }
    rows = len(made.calls)
    calls = {
        "rcid": made.calls["rcid"].to_numpy("int32"),
        "sess" + "ion": made.calls["un_session"].to_numpy(float),
        "importantvote": np.zeros(rows, "int32"),
        "date": (made.calls["date"] - pd.Timestamp(1970, 1, 1)).dt.days.to_numpy(float),
        "unres": ["R/70/1"] * rows,
        "amend": np.zeros(rows, "int32"),
        "para": np.zeros(rows, "int32"),
        "short": ["x"] * rows,
    }
    texts = ("country", "country_code", "vote", "unres", "short")
    frames = [
        pd.DataFrame({n: pd.Series(c, dtype=object if n in texts else None) for n, c in table.items()})
        for table in (votes, calls)
    ]
    rdata.write_rda(folder / "un_votes.rda", {"un_votes": frames[0]})
    rdata.write_rda(folder / "un_roll_calls.rda", {"un_roll_calls": frames[1]})


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
    with pytest.raises(OutputError, match="cannot be made"):
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
