"""The typed treaties: what they promise, for whom they are complete, and what ATOP says of the same pairs."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest

from suasion.errors import InputError, SameCountryError, SourceFileError, UnknownCountryError
from suasion.sources.groups import memberships as group_memberships
from suasion.statecraft.alliance.hazards import load_hazards
from suasion.statecraft.commitments import commitment, promises
from suasion.statecraft.ladder.evidence import LadderRules, rungs_of
from suasion.statecraft.pacts import COMMITMENT, KINDS, pact_coverage, pacts, pacts_between
from suasion.statecraft.record import PACTS_RECORD
from suasion.statecraft.tables import read_table

COVERED_DIFFERENCES = {
    ("CHN", "IND", "consultation", "ATOP"): (
        2015,
        2016,
    ),  # ATOP counts the Shanghai organization from the decision
    ("IND", "JPN", "nonaggression", "ATOP"): (
        2003,
        2003,
    ),  # and Japan in the treaty of Southeast Asia from its promise
}
"""Between covered states, 1990 to 2018: who alone has the promise, and the years."""

OURS_ALONE = {
    "tac": "the accessions of Argentina and Iran in August 2018 are not in ATOP",
    "helsinki-1975": "the Holy See is no state of ATOP",
    "anzus": "ATOP codes Australia and New Zealand as consultation and non-aggression only",
}
"""Pacts with promises of 2018 that ATOP does not have between two members of the table, and why."""


@pytest.fixture(scope="module")
def atop(reference_data):
    from suasion.sources.cow_system import read_cow_crosswalk
    from suasion.sources.ir_tables import read_atop

    table = read_atop(reference_data / "peacesciencer", read_cow_crosswalk(reference_data / "peacesciencer"))
    return table[table["year"] >= 1990].dropna(subset=["country1", "country2"])


@pytest.fixture(scope="module")
def coded(atop):
    """Kinds of promise by pair and year, whoever made them."""
    found: dict[tuple[str, str, int], set[str]] = {}
    for kind in KINDS:
        rows = atop[atop[kind]]
        for x, y, year in zip(rows["country1"], rows["country2"], rows["year"], strict=True):
            found.setdefault((min(x, y), max(x, y), int(year)), set()).add(kind)
    return found


def test_covered_states_agree_with_atop_in_every_year(coded):
    """55 pairs, 29 years, four kinds: 6,380 cells, three of which differ, each for a stated reason."""
    known = pact_coverage()
    found: dict[tuple[str, str, str, str], list[int]] = {}
    cells = 0
    for a, b in combinations(sorted(known.states), 2):
        for year in range(known.first_year, 2019):
            ours = {kind for kind, status in promises(a, b, year).items() if status == "yes"}
            theirs = coded.get((a, b, year), set())
            cells += len(KINDS)
            for kind in ours ^ theirs:
                found.setdefault((a, b, kind, "ours" if kind in ours else "ATOP"), []).append(year)
    assert cells == 6_380
    assert {key: (min(years), max(years)) for key, years in found.items()} == COVERED_DIFFERENCES


def test_no_promise_of_2018_is_ours_alone_without_a_reason(coded):
    """Whatever the table says of any pair at all, ATOP says too, but for the listed pacts."""
    states = sorted({s.country for p in pacts() for s in p.spells})
    alone: dict[str, set[tuple[str, str]]] = {}
    checked = 0
    for a, b in combinations(states, 2):
        theirs = coded.get((a, b, 2018), set())
        shared = pacts_between(a, b, 2018)
        checked += bool(shared)
        for kind in {k for p in shared for k in p.kinds} - theirs:
            for pact in shared:
                if kind in pact.kinds:
                    alone.setdefault(pact.key, set()).add((a, b))
    assert checked > 1_000
    assert set(alone) == set(OURS_ALONE)
    assert all({"ARG", "IRN"} & set(pair) for pair in alone["tac"])
    assert all("VAT" in pair for pair in alone["helsinki-1975"])
    assert alone["anzus"] == {("AUS", "NZL")}


def test_albania_leaves_the_warsaw_pact_in_1968():
    """bpb.de: its membership rests from 1962, and it leaves on 13 September 1968; the others stay to the end."""
    for year, there in ((1960, True), (1968, True), (1969, False), (1990, False)):
        assert ("warsaw-pact" in {p.key for p in pacts_between("ALB", "BGR", year)}) == there
    assert "warsaw-pact" in {p.key for p in pacts_between("RUS", "BGR", 1990)}


@pytest.mark.parametrize(
    ("a", "b", "defence", "nonaggression", "consultation"),
    [
        ("USA", "JPN", "yes", "yes", "yes"),
        ("USA", "FRA", "yes", "yes", "yes"),
        ("RUS", "CHN", "no", "yes", "yes"),
        ("USA", "CHN", "no", "yes", "no"),
    ],
)
def test_spot_checks_of_2018(a, b, defence, nonaggression, consultation):
    """Pairs that any right table of 2018 has."""
    found = promises(a, b, 2018)
    assert (found["defence"], found["nonaggression"], found["consultation"]) == (
        defence,
        nonaggression,
        consultation,
    )


@pytest.mark.parametrize(("a", "b"), [("RUS", "ARM"), ("RUS", "BLR")])
def test_collective_security_treaty(a, b):
    assert promises(a, b, 2018)["defence"] == "yes"
    assert (
        promises(a, b, 1993)["defence"] == "unknown"
    )  # before its entry into force, and the pair is not covered


def test_promises_have_dates():
    assert promises("RUS", "PRK", 2023)["defence"] == "no"
    assert promises("RUS", "PRK", 2024)["defence"] == "yes"
    assert promises("RUS", "PRK", 1996)["defence"] == "yes"
    assert promises("RUS", "PRK", 1997)["defence"] == "no"
    assert [p.key for p in pacts_between("USA", "JPN", 1955)] == ["us-japan-1951"]
    assert [p.key for p in pacts_between("RUS", "UZB", 2010) if "defence" in p.kinds] == [
        "collective-security-treaty"
    ]
    assert not [p for p in pacts_between("RUS", "UZB", 2003) if "defence" in p.kinds]


def test_a_pair_can_leave_a_treaty_that_goes_on():
    assert [p.key for p in pacts_between("USA", "NZL", 1986)] == ["anzus"]
    assert not pacts_between("USA", "NZL", 1987)
    assert "anzus" in [p.key for p in pacts_between("AUS", "NZL", 2020)]


def test_group_members_come_with_their_dates():
    assert "eu-42-7" in [p.key for p in pacts_between("GBR", "FRA", 2019)]
    assert "eu-42-7" not in [p.key for p in pacts_between("GBR", "FRA", 2021)]
    assert "eu-42-7" not in [p.key for p in pacts_between("DEU", "FRA", 2008)]
    entry = next(m for m in group_memberships() if (m.group, m.country) == ("NATO", "FIN")).entry
    assert "nato" in [p.key for p in pacts_between("FIN", "USA", int(entry[:4]))]


def test_unknown_is_not_none():
    small = promises("FJI", "TON", 2018)
    assert small.pop("defence") == "no"  # the record of pacts says for how long each pair had none
    assert set(small.values()) == {"unknown"}
    assert promises("FJI", "TON", 1950)["defence"] == "unknown"
    assert commitment("FJI", "TON", 2018) is None
    assert commitment("USA", "CHN", 1995) == 0
    assert commitment("USA", "CHN", 1985) is None  # the table claims completeness from 1990 on only
    assert (
        commitment("USA", "PAK", 2018) is None
    )  # non-aggression is known, a stronger promise is not ruled out
    assert commitment("USA", "JPN", 2018) == COMMITMENT["defence"]


def test_atop_rules_out_what_it_covers():
    rows = pd.DataFrame(
        {"country1": ["FJI"], "country2": ["TON"], "year": [2000], **{kind: [False] for kind in KINDS}}
    )
    rows.loc[0, "consultation"] = True
    assert promises("FJI", "TON", 2000, rows) == {
        "defence": "no",
        "neutrality": "no",
        "nonaggression": "no",
        "consultation": "yes",
    }
    assert promises("FJI", "TON", 2001, rows)["consultation"] == "unknown"  # after its end it says nothing
    assert promises("FJI", "HKG", 2000, rows)["defence"] == "unknown"  # never named there


@pytest.mark.parametrize("pact", pacts(), ids=lambda p: p.key)
def test_every_treaty_says_where_it_was_read(pact):
    assert pact.source
    assert "." in pact.locator
    assert pact.kinds_from
    assert pact.dates_from
    assert set(pact.kinds) <= set(KINDS)
    assert len({s.country for s in pact.spells}) >= 2
    assert all(not s.end or s.start <= s.end for s in pact.spells)
    if "ATOP" not in pact.source and "ATOP" in pact.kinds_from:
        assert pact.source != pact.kinds_from


def test_what_is_no_pact():
    assert "defence" not in {k for p in pacts_between("AUS", "GBR", 2025) for k in p.kinds}


def test_errors():
    with pytest.raises(SameCountryError, match="Both sides are RUS"):
        pacts_between("RUS", "Russia", 2018)
    with pytest.raises(UnknownCountryError, match="Atlantis"):
        promises("RUS", "Atlantis", 2018)
    with pytest.raises(InputError, match=r"lacks country1, country2\. .*read_atop"):
        promises("RUS", "CHN", 2018, pd.DataFrame({"year": [2018], **{kind: [False] for kind in KINDS}}))
    with pytest.raises(SourceFileError, match=r"nowhere\.toml of the package is missing"):
        read_table("nowhere.toml")


def test_the_two_records_of_defence_pacts_agree_where_both_speak():
    """What is typed, and what the hazards of pacts rest on: no pair is told to have a pact and asked when it signs one."""
    bound, free = (
        {(a, b) for a, b, kind in load_hazards().index if kind == name} for name in ("ending", "bilateral")
    )
    typed = {(a, b) for a, b in bound | free if any("defence" in p.kinds for p in pacts_between(a, b, 2025))}
    # ANZUS, which the other record does not count, and a treaty that its hazards take in at their next freeze.
    assert typed - bound == {("AUS", "NZL"), ("AUS", "TUV")}
    covered = set(combinations(sorted(pact_coverage().states), 2))
    assert covered & bound <= typed


def test_a_pact_of_which_one_record_knows_is_known():
    """In the last year; of earlier ones the second record ships nothing."""
    assert [promises("MEX", "USA", year)["defence"] for year in (2024, 2025)] == ["unknown", "yes"]
    assert promises("DEU", "VNM", 2025)["defence"] == "no"


def test_what_is_known_of_a_pact_has_its_source_beside_a_table_that_ends_before():
    columns = ["country1", "country2", "year", *KINDS]
    atop = pd.DataFrame([("MEX", "USA", 2018, *[False] * 4)], columns=columns)
    for table in (None, atop):
        status, evidence = rungs_of("MEX", "USA", 2025, LadderRules(), table)["defence"]
        assert (status, [one[2] for one in evidence]) == ("yes", [PACTS_RECORD])
