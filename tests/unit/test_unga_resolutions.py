"""The United Nations' machine-readable resolutions: parsing rules, the guard, and the joining to the older record."""

from __future__ import annotations

import gzip
import json

import pandas as pd
import pytest

from fit_ideal_points import repeated_titles
from suasion.errors import DataError, DuplicateLabelError, SourceFileError
from suasion.sources.unga_resolutions import (
    join_roll_calls,
    read_unga_resolutions,
)
from suasion.sources.unga_votes import RollCalls, check_supporters
from suasion.statecraft import voting_record

SIDES = {"MS_in_favour": "yes", "MS_abstaining": "abstain", "MS_against": "no"}


def resolution(symbol="A/RES/80/4", title="Embargo", date="29\xa0October 2025", **lists):
    """A resolution as published; counts fit the lists unless they are given."""
    sides = {
        "MS_in_favour": ["CUBA", "CONGO"],
        "MS_against": ["ISRAEL"],
        "MS_abstaining": ["TÜRKÝYE"],
    } | lists
    counts = {f"{name}_count": str(len(set(sides[name]))) for name in SIDES}
    return {
        "symbol": symbol,
        "title": title,
        "adoption_date": date,
        "adoption_type": "By a recorded vote",
    } | (counts | sides)


def written(folder, *rows, name="80.json"):
    (folder / name).write_text("\n".join(json.dumps(row) for row in rows) + "\n", "utf-8")
    return folder


def test_names_blank_counts_and_both_forms_of_a_date(tmp_path):
    rows = [
        resolution(MS_abstaining=[], MS_abstaining_count="N.A."),
        resolution("A/RES/80/5", date="2025-11-07 00:00:00", MS_against=["BOLIVIA (PLURINATIONAL STATE OF)"]),
        resolution("A/RES/75/290 A", MS_in_favour=["CUBA", "CUBA", "CONGO", "CONGO"]),  # each named twice
        {"symbol": "A/RES/80/6", "adoption_type": "Without a vote"},
    ]
    made = read_unga_resolutions(written(tmp_path, *rows))
    assert made.calls["resolution"].tolist() == ["A/RES/75/290 A", "A/RES/80/4", "A/RES/80/5"]
    assert made.calls["date"].dt.strftime("%Y-%m-%d").tolist()[1:] == ["2025-10-29", "2025-11-07"]
    assert made.tally(8000040) == {"yes": 2, "abstain": 0, "no": 1}
    assert made.tally(7502901) == {"yes": 2, "abstain": 1, "no": 1}
    last = made.votes[made.votes["rcid"] == 8000050].set_index("country")["vote"]
    assert last.to_dict() == {"COG": 1, "CUB": 1, "TUR": 2, "BOL": 3}
    with gzip.open(tmp_path / "unga_resolutions_80.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(rows[0]))
    assert len(read_unga_resolutions(tmp_path / "unga_resolutions_80.jsonl.gz").calls) == 1


def test_an_emergency_session_counts_to_the_one_that_is_open(tmp_path):
    made = read_unga_resolutions(
        written(
            tmp_path,
            resolution("A/RES/ES-11/1", date="2 March 2022"),
            resolution("A/RES/ES-11/4", date="12 October 2022"),
            name="ES-11.json",
        )
    )
    assert made.calls[["un_session", "emergency"]].to_numpy().tolist() == [[76, True], [77, True]]


@pytest.mark.parametrize(
    ("row", "error", "message"),
    [
        (resolution(MS_in_favour=["NARNIA"]), DataError, "member 'NARNIA' that is not known"),
        (resolution(MS_against=["CUBA"]), DuplicateLabelError, "CUB is on two sides"),
        (resolution(MS_against_count="many"), SourceFileError, "line 1: a count of votes is 'many'"),
        (resolution(date="soon"), SourceFileError, "line 1: 'soon' is no date"),
        (resolution("A/PV/1"), SourceFileError, "the symbol 'A/PV/1'"),
        ({"symbol": 1}, SourceFileError, "line 1: not a resolution"),
        (
            resolution(MS_in_favour=["CUBA", "CHAD", "MALI"], MS_in_favour_count="1"),
            DataError,
            "A/RES/80/4: 3 are listed as yes, 1 were counted",
        ),
    ],
)
def test_bad_files_are_named(tmp_path, row, error, message):
    with pytest.raises(error, match=message):
        read_unga_resolutions(written(tmp_path, row))


def test_other_bad_files(tmp_path):
    with pytest.raises(SourceFileError, match="no machine-readable resolutions at"):
        read_unga_resolutions(tmp_path)
    (tmp_path / "80.json").write_text("{", "utf-8")
    with pytest.raises(SourceFileError, match="cannot be read as JSON, one resolution a line"):
        read_unga_resolutions(tmp_path)
    twice = written(tmp_path, resolution(), resolution(MS_abstaining=["CHAD"]))
    with pytest.raises(DuplicateLabelError, match="A/RES/80/4 is listed twice with other votes"):
        read_unga_resolutions(twice)
    without = written(tmp_path, {"symbol": "A/RES/80/6", "adoption_type": "Without a vote"})
    with pytest.raises(SourceFileError, match="No resolution has a recorded vote"):
        read_unga_resolutions(without)


def test_repeats_by_title():
    titles = [
        ("Towards peace : resolution / adopted by the General Assembly", 74),
        ("Towards Peace", 75),
        ("One", 75),
        ("One", 75),
        ("One", 76),
        ("TOWARDS  peace", 77),
        ("", 77),
    ]
    calls = pd.DataFrame(titles, columns=["title", "un_session"])
    calls = calls.assign(rcid=range(1, 8), amendment=pd.NA, paragraph=pd.NA)
    calls = calls.astype({"amendment": "boolean", "paragraph": "boolean", "title": "string"})
    # "One" stands for two texts in UN session 75
    assert repeated_titles(calls).to_numpy().tolist() == [[2, 1], [6, 2]]


@pytest.fixture(scope="module")
def later(reference_data):
    return read_unga_resolutions(reference_data)


@pytest.fixture(scope="module")
def published(reference_data):
    path = reference_data / "unvotes" / "unga_resolutions_74_80.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def test_the_real_record_is_accepted(later, published):
    """721 resolutions (742 lines, 21 of them twice), every list within one of its count; the United States as it voted."""
    assert (len(published), len(later.calls), len(later.votes)) == (742, 721, 126770)
    own = later.votes[later.votes["country"] == "USA"].merge(later.calls[["rcid", "un_session"]])
    no = own.groupby("un_session")["vote"].agg([lambda v: int((v == 3).sum()), "size"])
    assert no.loc[80].tolist() == [150, 166]  # .904: above the share that a member may have without a past
    assert no.loc[79].tolist() == [73, 112]
    table = later.votes.merge(later.calls[["rcid", "un_session"]])
    assert "USA" in voting_record(table[["country", "un_session", "rcid", "vote"]]).countries


@pytest.mark.parametrize(("absent", "code", "times"), [("DOMINICA", "DMA", 525), ("SOUTH SUDAN", "SSD", 406)])
def test_a_member_whose_absences_are_a_no_is_refused_and_named(
    later, published, tmp_path, absent, code, times
):
    """Each list of noes is one too long where it was away: that is within the slack of one resolution, not of all."""
    assert 721 - (later.votes["country"] == code).sum() == times
    path = written(tmp_path, *(planted(row, {absent}) for row in published))
    with pytest.raises(
        DataError, match=rf"lists of \d+ of 721 .*; {code} is listed as no on {times} of them"
    ):
        read_unga_resolutions(path)


def planted(row, members):
    """The row with members that are on no list put on that of the noes."""
    here = {name for side in SIDES for name in row[side]}
    away = sorted(members - here)
    return row | {"MS_against": [*row["MS_against"], *away]} if away else row


def test_all_absences_as_a_no_are_refused(later, published, tmp_path):
    members = {name for row in published for side in SIDES for name in row[side]}
    path = written(tmp_path, *(planted(row, members) for row in published[:50]))
    with pytest.raises(DataError, match=r"are listed as no, \d+ were counted"):
        read_unga_resolutions(path)
    # without counts: the members that support most would vote no on what two thirds support
    grid = pd.MultiIndex.from_product([later.calls["rcid"], sorted(set(later.votes["country"]))])
    votes = later.votes.set_index(["rcid", "country"])["vote"].reindex(grid).fillna(3).astype("int8")
    filled = votes.rename_axis(["rcid", "country"]).reset_index()
    with pytest.raises(DataError, match=r"support them vote no 2\.9 per cent of the time"):
        check_supporters(RollCalls(filled, later.calls))


def test_the_join_adds_what_is_later(later, unga_votes):
    older = unga_votes
    made = join_roll_calls(older, later)
    assert len(made.calls) == len(older.calls) + 631  # 90 of UN session 74 are in the older record
    assert not made.votes.duplicated(["rcid", "country"]).any()
    repeats = repeated_titles(made.calls)
    of = made.calls.set_index("rcid")["un_session"]
    assert (of[repeats["repeats"]].to_numpy() < of[repeats["rcid"]].to_numpy()).all()
    assert len(repeats) > 375
