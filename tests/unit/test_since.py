"""Losses by year: those that ship, their turning points, and where they are told."""

from __future__ import annotations

from collections import Counter

import pytest

import suasion as su
from suasion.coercion import loss_interval
from suasion.dossier.site import pages
from suasion.questions.ties.since import losses_since, since_findings, turned
from suasion.questions.verdict.changed import changed, over_years
from suasion.questions.verdict.parts import PairAnswers
from suasion.world import load_world

PAIRS = [
    ("RUS", "CHN"), ("USA", "CHN"), ("DEU", "CHN"), ("TWN", "CHN"), ("MEX", "USA"), ("KAZ", "RUS"), ("UKR", "RUS"),
    ("AUS", "CHN"), ("VNM", "CHN"), ("DEU", "FRA"), ("JPN", "KOR"), ("IND", "CHN"), ("TUR", "RUS"), ("BRA", "CHN"),
    ("CAN", "USA"), ("SAU", "USA"), ("POL", "DEU"), ("RUS", "IRN"), ("HUN", "RUS"), ("GBR", "DEU"),
]  # fmt: skip
"""Great powers, neighbours, who trades little, who is at war and who is outside the table."""


def line(*sizes: float) -> list[dict[str, float]]:
    return [{"year": 2011 + place, "loss_percent": size} for place, size in enumerate(sizes)]


@pytest.mark.parametrize(
    ("sizes", "kind", "year"),
    [
        ((1.0, 2.0, 1.5), "peak", 2012),
        ((2.0, 1.0, 1.5), "trough", 2012),
        ((1.0, 1.09, 1.0), None, None),  # less than a tenth above both ends: flat
        ((1.0, 2.0, 2.1), None, None),  # it is still rising
        ((3.0, 2.0, 1.0), None, None),
    ],
)
def test_a_turning_point_stands_out_from_both_ends(sizes, kind, year):
    found = turned(line(*sizes))
    assert found is None if kind is None else (found[0], found[1]["year"]) == (kind, year)


@pytest.mark.parametrize(
    ("sizes", "word"),
    [
        ((2.0, 2.5, 3.0), "grown"),
        ((2.0, 3.1, 3.0), "grown"),  # within a tenth of its largest
        ((3.0, 4.0, 3.2), "peaked"),
        ((3.0, 4.0, 2.0), "faded"),
        ((3.0, 3.1, 3.05), None),
        ((0.001, 0.002, 0.003), None),  # too small to be told
    ],
)
def test_a_heading_says_what_the_line_does(sizes, word):
    rows = [
        {"country": "A", "partner": "B", "loss_percent_low": 0.0, "loss_percent_high": 9.0, **row}
        for row in line(*sizes)
    ]
    found = over_years([rows])
    assert found is None if word is None else found.key == f"verdict.changed.{word}"


@pytest.mark.evidence
def test_no_heading_stands_on_more_than_three_of_twenty_fronts():
    """Of what has changed; no form of it stands on more than half of them."""
    headings = []
    for a, b in PAIRS:
        answers = {"trade_history": su.trade_history(a, b)}
        headings.append(changed(PairAnswers(a, b, answers, 2023)).heading)
    assert len(headings) == 20
    assert max(Counter(one.sentence() for one in headings).values()) == 1
    assert max(Counter(one.key for one in headings).values()) <= 10


def test_the_line_is_that_of_the_losses_that_ship():
    """All years with ranges, each loss inside; of the latest year the one that every page has."""
    found = losses_since([("DEU", "CHN"), ("CHN", "DEU")])
    assert found["country"].tolist() == ["DEU"] * 14 + ["CHN"] * 14
    assert found["year"].tolist() == [*range(2011, 2025)] * 2
    assert (found["loss_percent_low"] < found["loss_percent"]).all()
    assert (found["loss_percent"] < found["loss_percent_high"]).all()
    latest = found[(found["country"] == "DEU") & (found["year"] == 2023)].iloc[0]
    shipped = loss_interval(load_world(), "DEU", "CHN", "short")
    assert latest["loss_percent"] == shipped.loss_percent
    assert latest["loss_percent_high"] == shipped.high_percent


def test_who_is_in_one_world_only_has_no_line():
    assert losses_since([("MNG", "CHN")]).empty
    assert losses_since([("DEU", "CHN")], su.load_world("g20")).empty


def test_since_when_is_told_with_the_year_it_peaked():
    """Germany without China: more than in 2011, and less than in 2022, as the line has it."""
    rows = losses_since([("DEU", "CHN")])
    loss, peak = since_findings(rows)
    assert (loss.key, peak.key) == ("since.loss", "since.peak")
    assert peak.values["year"] == rows.loc[rows["loss_percent"].idxmax(), "year"]
    assert loss.compared.direction == "above"
    answer = su.trade_history("DEU", "CHN")
    assert answer.table("losses-by-year").frame["country"].nunique() == 2
    assert next(one.key for one in answer.findings if one.key.startswith("since.")) == "since.loss"


def test_a_country_has_its_lines_by_year():
    page = pages.country_page(load_world(), "HUN")
    (spec,) = [part for _, parts in page.sections for part in parts if part["table"] == "losses-by-year"]
    needed = [row["partner"] for row in page.answer.rows("depends-on")[:4]]
    assert list(dict.fromkeys(row["partner"] for row in page.rows(spec))) == needed
    assert page.drawing(spec).count("-band") >= 4
