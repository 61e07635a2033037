"""One record of each pair: facts with sources, coverage, and five questions that read it and contradict each other nowhere."""

from __future__ import annotations

import random
from itertools import combinations

import pandas as pd
import pytest

from suasion.cli.app import run
from suasion.errors import DataError, InputError, SourceFileError
from suasion.questions import QUESTIONS, events
from suasion.sources.countries import resolve_country
from suasion.sources.dyad_record import KINDS, read_dyad_record
from suasion.statecraft import record
from suasion.statecraft.align.parts import ideal_point_row, pact_between
from suasion.statecraft.alliance.hazards import load_hazards, load_pact_model
from suasion.statecraft.alliance.number import PactEvent, pact_number
from suasion.statecraft.clashes import clash_chance
from suasion.statecraft.commitments import commitment
from suasion.statecraft.ladder.rungs import ladder
from suasion.statecraft.pacts import pacts
from suasion.statecraft.record import FactKind, at_war, covers_of, facts_between, pairs_with, status_of
from suasion.statecraft.shipped_points import shipped_ideal_points
from suasion.statecraft.triangle.edges import Edge, EdgeBasis, edges_of
from suasion.statecraft.triangle.types import median_distance
from suasion.wars import BELLIGERENTS

LAST = load_pact_model()["last_year"]
PROMISED = {
    "consultation": ("consultation",),
    "nonaggression": ("nonaggression", "neutrality"),
    "defence": ("defence",),
}
NAMED = [("RUS", "CHN"), ("USA", "HUN"), ("AUS", "JPN"), ("GBR", "JPN"), ("AUS", "TUV"), ("AUS", "NZL"), ("ARM", "RUS"),
         ("USA", "SAU"), ("USA", "CHN"), ("IND", "PAK"), ("RUS", "UKR"), ("MEX", "USA")]  # fmt: skip


def sample(count):
    """Pairs of faults that were mended, and others drawn over all states of the record of pacts."""
    index = load_hazards().index.droplevel("kind").unique()
    drawn = random.Random(7).sample(sorted(index), count - len(NAMED))
    return [*NAMED, *drawn]


FEW, MANY = sample(40), sample(500)
"""Pairs of faults that were mended and others drawn: in every run, and of the evidence."""


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))


@pytest.fixture
def nothing_added(monkeypatch):
    """The record as it ships, without a look into the store for each fact."""
    monkeypatch.setattr(record, "_added", record._Typed)


def edge(a, b, basis):
    third = next(code for code in ("USA", "CHN", "RUS") if code not in (a, b))
    table = edges_of((a, b, third), LAST)
    return table[(table["a"] == a) & (table["b"] == b)].set_index("tie")["edge"][basis]


VOTING = set(shipped_ideal_points().query("year == @LAST")["country"])


def contradictions(a, b):
    """What ladder, alignment, alliance, triangle and dispute say differently of a pair in the last year of pacts."""
    row = ladder(a, b, LAST, LAST).at(LAST)
    pact = row["defence"]
    at_risk = {event for event in PactEvent if pact_number(a, b, LAST + 5, pact=event)}
    war = at_war(a, b, LAST)
    chance = clash_chance(a, b)
    clashes = [f for f in facts_between(a, b) if f.kind in (FactKind.DISPUTE, FactKind.WAR)]
    late = [int(f.start[:4]) for f in clashes if chance and int(f.start[:4]) > chance.data_to]
    yield "alignment", pact_between(a, b, LAST).value, {"yes": 1.0, "no": 0.0, "unknown": None}[pact]
    yield (
        "alliance",
        at_risk,
        {PactEvent.ENDING} if pact == "yes" else {PactEvent.BILATERAL, PactEvent.ACCESSION},
    )
    yield "highest rung", commitment(a, b, LAST) == 3, row["highest"] == "defence"
    yield "dispute", chance.last if chance else 0, max(late, default=0)
    yield "at war", war, {a, b} == BELLIGERENTS
    if {a, b} <= VOTING:
        edges = edges_of((a, b, next(c for c in ("USA", "CHN", "RUS") if c not in (a, b))), LAST)
        own = edges[(edges["a"] == a) & (edges["b"] == b)].set_index("tie")["edge"]
        told = {"yes": Edge.FRIENDLY, "no": Edge.OPEN, "unknown": Edge.UNKNOWN}
        yield "triangle, pact", own[EdgeBasis.PACT], told[pact]
        done = "yes" in (row["arms"], row["operations"])
        yield "triangle, ties", own[EdgeBasis.TIES] is Edge.FRIENDLY, done
        yield "triangle, war", war and own[EdgeBasis.ALL] is not Edge.HOSTILE, False
        clashed = any(one.holds(year) for one in clashes for year in range(LAST - 9, LAST + 1))
        yield "triangle, dispute", own[EdgeBasis.DISPUTE] is Edge.HOSTILE, clashed
        near = ideal_point_row(a, b, LAST, None).value < MEDIAN
        votes = {Edge.FRIENDLY: True, Edge.HOSTILE: False}.get(own[EdgeBasis.VOTES], near)
        yield "distance of votes", near, votes


MEDIAN = median_distance(shipped_ideal_points().query("year == @LAST")["mean"])


def uncovered(a, b):
    """Rungs that are denied in a year for which no source covers them."""
    covers = covers_of(a, b)
    for row in ladder(a, b, LAST - 14, LAST).frame.to_dict("records"):
        if row["operations"] == "no":  # nobody lists all operations of a pair
            yield row["year"], "operations"
        for rung, kinds in (PROMISED | {"exercises": ("exercise",), "arms": ("arms",)}).items():
            first = row["year"] - 4 if rung == "arms" else row["year"]
            for kind in kinds if row[rung] == "no" else ():
                own = [c for c in covers if c.kind == kind and c.first <= first and row["year"] <= c.last]
                if not own or not all(c.source and c.locator for c in own):
                    yield row["year"], rung


@pytest.mark.parametrize("pairs", [FEW, pytest.param(MANY, marks=pytest.mark.evidence)], ids=["40", "500"])
def test_five_questions_contradict_each_other_nowhere(pairs, nothing_added):
    found = {(a, b, what): (one, other) for a, b in pairs for what, one, other in contradictions(a, b)}
    assert len({key[:2] for key in found}) == len(pairs)
    assert {key: both for key, both in found.items() if both[0] != both[1]} == {}


@pytest.mark.parametrize("pairs", [FEW, pytest.param(MANY, marks=pytest.mark.evidence)], ids=["40", "500"])
def test_no_no_stands_without_a_source_that_covers_it(pairs, nothing_added):
    assert {pair: rows for pair in pairs if (rows := list(uncovered(*pair)))} == {}


@pytest.mark.parametrize(("a", "b"), [("RUS", "CHN"), ("USA", "HUN"), ("BRA", "VNM")])
def test_answers_say_what_the_models_found(a, b):
    rung = ladder(a, b, LAST, LAST).at(LAST)["defence"]
    aligned = QUESTIONS["alignment"].ask(a, b, year=LAST)
    told = next(one.key for one in aligned.findings if one.key.startswith("alignment.pact."))
    assert told == f"alignment.pact.{rung}"
    asked = {one.pact for one in QUESTIONS["alliance"].ask(a, b).result}
    assert (PactEvent.ENDING in asked) == (rung == "yes")


def test_nothing_is_asked_of_two_who_are_at_war():
    assert pairs_with((FactKind.WAR,), LAST) == {frozenset(BELLIGERENTS)}
    assert QUESTIONS["dispute"].ask("RUS", "UKR").absent.key == "dispute.at_war"


@pytest.mark.parametrize(("a", "b"), NAMED)
def test_every_fact_has_a_day_a_source_and_a_place_in_it(a, b):
    for one in facts_between(a, b):
        assert one.source
        assert one.locator
        assert 1800 < int(one.start[:4]) < 2027
        assert not one.end or one.start[:4] <= one.end[:4]
        assert one.value or one.what or one.kind in (FactKind.RIVALRY, FactKind.DISPUTE)


def test_kinds_of_a_users_file_are_those_of_the_record():
    assert set(KINDS) == set(FactKind)


def test_years_without_a_pact_agree_with_the_published_alliances(reference_data):
    """What ships of the years without a defence pact, against the dyad-years it was computed from."""
    from suasion.sources.cow_system import read_cow_crosswalk
    from suasion.sources.ir_tables import read_atop

    states = read_cow_crosswalk(reference_data / "peacesciencer" / "cow_states.rda")
    atop = read_atop(reference_data / "peacesciencer" / "atop_alliance.rda", states)
    promised = atop[atop["defence"]].groupby(["country1", "country2"])["year"].apply(set)
    for a, b in sample(200):
        years = set().union(*(promised.get(pair, set()) for pair in ((a, b), (b, a))))
        for cover in covers_of(a, b):
            if cover.kind is FactKind.DEFENCE and cover.source.startswith("ATOP to"):
                assert not [year for year in years if cover.first <= year <= min(cover.last, 2018)]


# What was said wrongly of a pair, and is so.


def test_declarations_of_consultation_are_known():
    assert ladder("AUS", "JPN", 2018, 2025).frame["consultation"].tolist() == [
        "no",
        *["unknown"] * 3,
        *["yes"] * 4,
    ]
    assert ladder("JPN", "GBR", 2023, 2023).at(2023)["consultation"] == "yes"


def test_tuvalu_has_a_pact_and_saudi_arabia_an_agreement_that_is_none():
    assert ladder("AUS", "TUV", 2024, 2025).frame["defence"].tolist() == ["yes", "yes"]
    assert set(ladder("USA", "SAU").frame["defence"]) == {"no"}
    kinds = [one.kind for one in facts_between("USA", "SAU") if one.start == "2025-11-18"]
    assert kinds == [FactKind.PARTNERSHIP]


def test_the_votes_of_february_2025_and_2026():
    answer = QUESTIONS["alignment"].ask("USA", "RUS")
    rows = answer.table("named-votes").frame.set_index("date")
    assert rows.loc["2025-02-24", ["first_vote", "second_vote"]].tolist() == ["against", "against"]
    assert rows.loc["2026-02-24", ["first_vote", "second_vote"]].tolist() == ["abstain", "against"]
    assert {"alignment.vote.alike", "alignment.vote.apart"} <= {one.key for one in answer.findings}


def test_lists_of_votes_are_as_long_as_they_were_counted():
    from suasion.statecraft.tables import read_table

    first, second = read_table("record.toml")["vote"]
    for side, count in zip(("in_favour", "against"), first["tally"], strict=False):  # whole lists were read
        assert len(set(first[side])) == count
    assert len(second["against"]) < second["tally"][1]  # of this one it was not
    for code in (code for vote in (first, second) for side in ("against", "abstain") for code in vote[side]):
        assert resolve_country(code) == code


def test_arms_without_a_register_tell_what_the_record_has():
    none = QUESTIONS["arms"].ask("USA", "CHN")
    assert none.findings[0].key == "arms.none_recorded"
    assert none.findings[0].values["last"] == 2023
    assert set(none.table("arms-recorded").cells("tiv")) == {0.0}


def test_a_pairs_own_events_stand_on_its_lines():
    def marked(a, b):
        return {
            row["event"]
            for row in QUESTIONS["trade_history"].ask(a, b).table("trade-events").frame.to_dict("records")
        }

    assert marked("RUS", "CHN") == {"crimea_2014", "ukraine_2022", "china_russia_treaty_2021"}
    assert "india_pakistan_2025" in marked("IND", "CHN")
    assert "us_china_2018" in marked("USA", "CHN")
    assert "us_china_2018_collected" not in marked("USA", "CHN")  # the same act, as it was paid
    assert "eu_oil_2022" not in marked("RUS", "CHN")  # of third parties


def test_conduct_is_known():
    acts = {(one.start, one.value) for one in facts_between("ARM", "RUS") if one.kind is FactKind.CONDUCT}
    assert ("2024-02-22", "frozen") in acts
    assert {one.value for one in facts_between("TUR", "PAK") if one.kind is FactKind.CONDUCT} == {"talks"}
    assert edge("ARM", "RUS", EdgeBasis.ALL) is Edge.OPEN  # a pact in force, and frozen


def test_talks_and_fighting_of_the_two_are_told():
    told = {one.key: one.values for one in QUESTIONS["alliance"].ask("TUR", "PAK").findings}
    assert told["alliance.talks"]["date"] == "2026-01-15"
    fought = {one.key: one.values for one in QUESTIONS["alignment"].ask("IND", "PAK").findings}
    assert fought["alignment.fought"]["date"] == "2025-05-07"
    assert "alignment.fought" not in {one.key for one in QUESTIONS["alignment"].ask("CHN", "RUS").findings}


def test_treaties_signed_since_2018_are_there():
    keys = {pact.key for pact in pacts()}
    assert {"rus-blr-2024", "fra-grc-2021", "fra-pol-2025", "aus-tuv-2023"} <= keys


# The question, and rows of one's own


def test_events_lists_facts_and_what_is_covered(capsys):
    answer = events("RUS", "CHN", start=2019)
    table = answer.table("events").frame
    assert {"exercise", "patrol", "conduct", "vote", "partnership"} <= set(map(str, table["fact_kind"]))
    assert table["date"].is_monotonic_increasing
    assert "exercise" in set(map(str, answer.table("covered").frame["fact_kind"]))
    assert run(["events", "IND", "PAK", "--kind", "conduct", "--format", "csv"]) == 0
    assert "2025-04-23" in capsys.readouterr().out
    with pytest.raises(InputError, match="no kind of fact 'excercise'"):
        events("RUS", "CHN", kind="excercise")
    with pytest.raises(InputError, match="in order"):
        events("RUS", "CHN", start=2020, end=2010)


HEAD = "a,b,kind,start,end,value,what,source,locator\n"


def test_rows_of_ones_own_are_read_by_all(tmp_path):
    file = tmp_path / "record.csv"
    file.write_text(
        HEAD
        + "Fiji,TON,defence,2020-01-01,,,A treaty,A gazette,page 1\n"
        + "FJI,TON,exercise,2010,2012,none,,A list,page 2\n",
        encoding="utf-8",
    )
    assert status_of(FactKind.DEFENCE, "FJI", "TON", 2021) == "no"
    assert run(["data", "add", "dyad-record", str(file)]) == 0
    assert status_of(FactKind.DEFENCE, "FJI", "TON", 2021) == "yes"
    assert [status_of(FactKind.EXERCISE, "FJI", "TON", year) for year in (2011, 2013)] == ["no", "unknown"]
    assert ladder("FJI", "TON", 2021, 2021).at(2021)["highest"] == "defence"
    assert {one.pact for one in QUESTIONS["alliance"].ask("FJI", "TON").result} == {PactEvent.ENDING}
    told = QUESTIONS["alignment"].ask("FJI", "TON")
    assert "alignment.pact.yes" in {one.key for one in told.findings}
    assert edge("FJI", "TON", EdgeBasis.PACT) is Edge.FRIENDLY


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (HEAD + "FJI,TON,treaty,2020,,,x,y,z\n", DataError, "line 2: the kind 'treaty' is none of defence"),
        (HEAD + "FJI,TON,war,2020,,,x,,z\n", DataError, "line 2: a fact without a source"),
        (HEAD + "FJI,TON,war,spring,,,x,y,z\n", DataError, "'spring' is no day"),
        (HEAD + "FJI,TON,war,2020,2019,,x,y,z\n", DataError, "it ends in 2019, before 2020"),
        (HEAD + "FJI,TON,war,2020,,none,x,y,z\n", DataError, "needs a last year"),
        ("a,b,kind\nFJI,TON,war\n", SourceFileError, "no column start, source"),
    ],
)
def test_bad_rows_are_named(tmp_path, text, error, message):
    file = tmp_path / "record.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=message):
        read_dyad_record(file)


def test_pairs_are_the_same_both_ways():
    for a, b in combinations(("RUS", "CHN", "USA", "IND"), 2):
        assert {(one.kind, one.start, one.what) for one in facts_between(a, b)} == {
            (one.kind, one.start, one.what) for one in facts_between(b, a)
        }
    assert isinstance(events("USA", "CHN").table("events").frame, pd.DataFrame)
