"""Chapters: tables with units, pictures from their rows, findings whose words are computed."""

from __future__ import annotations

import dataclasses
import re

import pytest
from tests.unit import claim_reader
from tests.unit.made_up import made_up

from suasion.cli.app import run
from suasion.dossier import charts, page, text
from suasion.dossier.chapter import Chapter, ChapterTable, Column, Picture, print_cell
from suasion.dossier.charts.chapter import chapter_figures
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.errors import DataError
from suasion.questions import QUESTIONS
from suasion.sources import dots, outline

YEARS = ChapterTable(
    key="made-up-years",
    title="An invented share",
    subtitle="Share, %, invented",
    columns=(
        Column("year", "Year", "year"),
        Column("who", "Who"),
        Column("share", "Share, %", "share"),
        Column("low", "Low, %", "share"),
        Column("high", "High, %", "share"),
    ),
    rows=tuple(
        (
            year,
            who,
            start + step * (year - 2000),
            start + step * (year - 2000) - 2,
            start + step * (year - 2000) + 2,
        )
        for who, start, step in (("first", 10.0, 0.5), ("second", 30.0, -0.2))
        for year in range(2000, 2021)
    ),
    source="invented",
    picture=Picture("lines", "year", "share", "low", "high", series="who"),
)
RANKED = ChapterTable(
    key="made-up-ranks",
    title="Invented losses",
    subtitle="Loss, %, invented",
    columns=(
        Column("product", "Product"),
        Column("loss", "Loss, %", "percent"),
        Column("low", "Low, %", "percent"),
        Column("high", "High, %", "percent"),
    ),
    rows=tuple((f"product {k}", 0.1 * k, 0.05 * k, 0.2 * k) for k in range(1, 30)),
    source="invented",
    picture=Picture("ranges", "loss", "product", "low", "high"),
)
FINDING = Finding(
    source="invented",
    template="{a} sells {x} of its oil to {b}, {word} it buys there ({y}), in {year}.",
    numbers={"x": Quantity(40.0, "share"), "y": Quantity(10.0, "share", 8.0, 12.0)},
    comparisons={"word": Comparison(Quantity(40.0, "share"), Quantity(10.0, "share"))},
    names={"a": "Russia", "b": "China", "year": "2022"},
)
CHAPTER = Chapter("made-up", "An invented question?", (FINDING,), (YEARS, RANKED), method="dossier")


@pytest.fixture(scope="module")
def with_chapter():
    return dataclasses.replace(
        made_up(), chapters=(CHAPTER, Chapter("none", "Nothing?", reason="No data were added."))
    )


def test_chapters_use_what_was_added_to_the_store(world, reference_data, tmp_path, monkeypatch):
    """Alliance data rule a pact in, deliveries an arms partner, which the embedded tables do not know."""
    monkeypatch.setenv("SUASION_DATA", str(tmp_path))
    assert QUESTIONS["ladder"].ask("BRA", "ARG").findings[0].key == "ladder.at_least"
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


def test_a_chapter_has_tables_or_a_reason():
    with pytest.raises(DataError, match="tables, or a reason"):
        Chapter("x", "?")
    with pytest.raises(DataError, match="not both"):
        dataclasses.replace(CHAPTER, reason="because")


def test_a_table_without_rows_or_with_ragged_rows_is_refused():
    with pytest.raises(DataError, match="has no rows"):
        dataclasses.replace(RANKED, rows=())
    with pytest.raises(DataError, match="4 columns and rows of \\[2\\] cells"):
        dataclasses.replace(RANKED, rows=(("a", 1.0),))


@pytest.mark.parametrize(
    ("cell", "unit", "printed"),
    [
        (None, "share", "no data"),
        (17.04, "share", "17.0 %"),
        (-1.36, "change", "−1.4 %"),
        (2013, "year", "2013"),
        (0.0312, "probability", "3.1 %"),
        (0.0, "probability", "0 %"),
        (0.9999, "probability", "more than 99.9 %"),
        (-0.476, "score", "−0.48"),
        (26_000.0, "musd", "26 bn USD"),
        (-26_000.0, "musd_change", "−26 bn USD"),
        (12.3, "ratio", "about 12 times"),
        (1234.0, "count", "1,234"),
    ],
)
def test_cells_are_printed_by_their_unit(cell, unit, printed):
    assert print_cell(cell, unit) == printed


def test_both_pictures_draw_every_row_they_promise():
    lines, ranges = chapter_figures(CHAPTER)
    svg = charts.draw_svg(lines.panels[0])
    assert svg.count("<path") > 4, "two bands, two lines, two ends"
    assert charts.count_marks(charts.draw_svg(ranges.panels[0])) >= 16 * 2
    assert "Drawn are the first 16 names" in ranges.notes[-1]
    assert list(ranges.frame.columns) == ["product", "loss, %", "low, %", "high, %"]
    assert len(ranges.frame) == 29
    assert "first: 10.0 % in 2000, 20.0 % in 2020" in lines.alt


def test_a_finding_prints_its_numbers_with_bands_and_computes_its_words():
    sentence = FINDING.sentence()
    assert (
        sentence
        == "Russia sells 40.0 % of its oil to China, more than it buys there (10.0 % (90 % band 8.0 to 12.0 %)), in 2022."
    )
    read = claim_reader.numbers(sentence)
    assert [
        claim_reader.agrees(one, q.value, "share") for one, q in zip(read, FINDING.quantities, strict=True)
    ] == [True, True]


@pytest.mark.parametrize(("x", "y", "word"), [(2, 1, "more than"), (1, 2, "less than"), (1.01, 1, "about as much as"), (-1, 1, "less than"), (None, 1, "not comparable with")])  # fmt: skip
def test_direction_words_follow_the_numbers(x, y, word):
    assert Comparison(Quantity(x, "share"), Quantity(y, "share")).word == word


def test_chapters_stand_in_page_text_and_json(with_chapter):
    html = page.render_html(with_chapter, outline(), dots())
    assert "An invented question?" in html
    said = re.sub(r"<a[^>]*>|</a>", "", html).replace("\N{NO-BREAK SPACE}", " ")
    assert "Russia sells 40.0" in said
    assert "No data were added." in html
    assert 'download="suasion-' in html
    printed = text.as_text(with_chapter)
    assert "An invented question?" in printed
    assert "product 8" in printed
    assert "product 9" not in printed, "the terminal shows the first rows"
    assert "more rows stand in the page" in " ".join(printed.split())
    plain = with_chapter.to_dict()["chapters"][0]
    assert plain["findings"][0]["sentence"] == FINDING.sentence()
    assert plain["tables"][0]["rows"][0][2] == 10.0
