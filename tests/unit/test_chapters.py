"""Chapters: tables with units, pictures from their rows, findings whose words are computed."""

from __future__ import annotations

import dataclasses

import pytest
from tests.boxes import marks
from tests.unit.made_up import made_up

from suasion.answers.answer import Answer
from suasion.answers.content import Source
from suasion.answers.finding import Finding
from suasion.answers.table import Picture, Table
from suasion.answers.values import Country
from suasion.cli.app import run
from suasion.dossier import page, text
from suasion.dossier.chapter import Chapter
from suasion.dossier.figures import chapter_figures
from suasion.questions import QUESTIONS

CODES = [
    "ARG",
    "AUS",
    "AUT",
    "BEL",
    "BGR",
    "BRA",
    "CAN",
    "CHE",
    "CHL",
    "CHN",
    "COL",
    "CYP",
    "CZE",
    "DEU",
    "DNK",
    "ESP",
    "EST",
    "FIN",
    "FRA",
    "GBR",
    "GRC",
    "HRV",
    "HUN",
    "IDN",
    "IND",
    "IRL",
    "ISL",
    "ISR",
    "ITA",
]
YEARS = Table.of(
    "share-ahead",
    "regime year trade_share",
    [
        {
            "regime": regime,
            "year": year,
            "trade_share": start + step * (year - 2000),
            "trade_share_low": start + step * (year - 2000) - 0.02,
            "trade_share_high": start + step * (year - 2000) + 0.02,
        }
        for regime, start, step in (("usual", 0.1, 0.005), ("lasts", 0.3, -0.002))
        for year in range(2000, 2021)
    ],
    picture=Picture("lines", "year", "trade_share", series="regime"),
    values={"a": Country("RUS"), "b": Country("CHN"), "start": 2020},
)
RANKED = Table.of(
    "outlook-growth",
    "country growth_percent",
    [
        {
            "country": code,
            "growth_percent": 0.1 * k,
            "growth_percent_low": 0.05 * k,
            "growth_percent_high": 0.2 * k,
        }
        for k, code in enumerate(CODES, start=1)
    ],
    picture=Picture("ranges", "growth_percent", "country"),
)
ASKED = {"a": Country("RUS"), "b": Country("CHN")}
CHAPTER = Chapter(
    "made-up",
    Answer("share", ASKED, (), (YEARS, RANKED), sources=(Source("share.source"),)),
)


@pytest.fixture(scope="module")
def with_chapter():
    return dataclasses.replace(
        made_up(),
        chapters=(CHAPTER, Chapter("none", Answer("share", ASKED, absent=Finding("share.small", ASKED)))),
    )


def test_chapters_use_what_was_added_to_the_store(world, reference_data, tmp_path, monkeypatch):
    """Alliance data rule a pact in, deliveries an arms partner, which the embedded tables do not know."""
    monkeypatch.setenv("SUASION_DATA", str(tmp_path))
    own = QUESTIONS["ladder"].ask("BRA", "ARG", start=2018, end=2018).frame
    assert "no" not in set(own["rung_status"])
    for name, file in (
        ("atop", "peacesciencer/atop_alliance.rda"),
        ("cow-states", "peacesciencer/cow_states.rda"),
        ("sipri", "sipri/trade_register_2023.csv"),
    ):
        assert run(["data", "add", name, str(reference_data / file)]) == 0
    rungs = QUESTIONS["ladder"].ask("BRA", "ARG", start=2018, end=2018).frame
    assert set(rungs["rung_status"]) >= {"yes", "no"}


def test_the_distance_over_time_is_of_the_ideal_points_that_were_added(
    world, reference_data, tmp_path, monkeypatch
):
    from suasion.sources.ideal_points import read_ideal_points

    monkeypatch.setenv("SUASION_DATA", str(tmp_path))
    own = QUESTIONS["alignment"].ask("RUS", "CHN").table("ideal-distance")
    folder = reference_data / "idealpoints"
    files = [str(folder / name) for name in ("IdealpointestimatesAll_Apr2020.csv", "Matches.csv")]
    assert run(["data", "add", "ideal-points", *files]) == 0
    added = QUESTIONS["alignment"].ask("RUS", "CHN").table("ideal-distance")
    assert [table.notes[0].key for table in (own, added)] == [
        "alignment.points_shipped",
        "alignment.points_added",
    ]
    points = read_ideal_points(reference_data).set_index(["country", "year"])["mean"]
    last = dict(zip(added.cells("year"), added.cells("ideal_distance"), strict=True))[2019]
    assert last == pytest.approx(abs(points["RUS", 2019] - points["CHN", 2019]), abs=1e-9)


def test_both_pictures_draw_every_row_they_promise():
    lines, ranges = chapter_figures(CHAPTER)
    _, drawing = next(lines.drawn())
    assert drawing.html.count("<path") >= 5, "two bands, two lines, a diamond at the end of one"
    assert marks(drawing.wide) == 2
    assert marks(next(ranges.drawn())[1].wide) == 16
    assert list(ranges.frame.columns) == [
        "country", "growth_percent, %", "growth_percent_low, %", "growth_percent_high, %",
    ]  # fmt: skip
    assert len(ranges.frame) == 29
    assert len(ranges.notes) == 1, "a long list says how many of it are drawn"


def test_chapters_stand_in_page_text_and_json(with_chapter):
    html = page.render_html(with_chapter)
    chapter, empty = with_chapter.chapters
    assert html.count(f"<summary>{chapter.title}") == 2
    assert empty.reason in html
    assert 'download="suasion-' in html
    printed = " ".join(text.as_text(with_chapter).split())
    assert chapter.title in printed
    names = RANKED.words("country")
    assert f"{names[7]} " in printed
    assert f" {names[8]} " not in printed, "the terminal shows the first rows"
    plain = with_chapter.to_dict()["chapters"][0]
    assert plain["answer"]["tables"][0]["rows"][0][2] == 0.1
