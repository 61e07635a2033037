"""Charts draw every row, keep their labels, and say in words and tables what they show."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from functools import cache

import pandas as pd
import pytest
from tests.boxes import marks
from tests.unit.made_up import made_up, outside

from suasion.answers.catalogue import say
from suasion.answers.picture import panels_of
from suasion.answers.picture.curve import LogAxis, axis_of
from suasion.answers.picture.inline.canvas import LinearAxis
from suasion.answers.picture.paper import with_fonts
from suasion.dossier import figures as room
from suasion.dossier.figures import figures
from suasion.sources import dots


@cache
def made():
    return figures(made_up())


def test_all_figures_of_the_page_are_there():
    keys = [one.key for one in made()]
    assert keys == [
        "shares", "exposure", "materials-sold", "materials-bought", "totals", "exit-costs", "exit-audience", "elsewhere", "critical-curves",
    ]  # fmt: skip


def test_every_panel_draws_its_marks():
    for one in made():
        for _, drawing in one.drawn():
            for svg in filter(None, (drawing.wide, drawing.narrow)):
                assert marks(svg) + svg.count("<title>") > 0, one.key


@pytest.mark.parametrize("one", made(), ids=lambda one: one.key)
def test_words_table_and_file_go_with_every_figure(one):
    assert one.title
    assert one.subtitle
    assert one.source
    assert len(one.alt) > 40
    assert not re.search(r"\bnan\b|\bNone\b", one.alt + one.title + one.subtitle)
    rows = list(csv.reader(io.StringIO(one.csv())))
    assert rows[0] == list(one.frame.columns)
    assert len(rows) == len(one.frame) + 1
    assert "nan" not in one.csv().lower().split(",")


def test_no_address_outside_the_file():
    for one in made():
        assert not re.search(r"(?:href|src)=\"http|url\(http", one.html + one.poster("0" * 64))


def test_a_figure_travels_alone_with_title_source_and_paper():
    one = next(one for one in made() if one.key == "exit-costs")
    alone = with_fonts(one.poster("0123456789abcdef"))
    assert "0123456789ab" in alone
    assert 'fill="var(--paper)"' in alone
    words = " ".join(re.findall(r">([^<]+)</text>", alone))
    assert all(word in words for word in one.title.split())
    assert alone.count("@font-face") == 2
    assert "prefers-color-scheme:dark" in alone


def moved():
    return made_up().answers["exit_cost"].table("elsewhere")


def test_all_economies_are_drawn():
    frame = room.changes_of(moved())
    assert len(frame) == 80
    assert frame["drawn"].all()
    drawn = next(one for one in made() if one.key == "elsewhere").panels[0]
    assert (
        drawn.drawing("x").wide.count("<circle") == 4
    )  # Hong Kong, Singapore, Sao Tome; Malta without a number


def test_an_economy_without_a_place_is_named(monkeypatch):
    monkeypatch.setattr(room, "dots", lambda: dots().query("country != 'SGP'"))
    one = room.elsewhere_figure(made_up())
    assert any("Not on the map: Singapore" in note for note in one.notes)


def test_map_says_how_disputed_areas_are_drawn():
    one = next(one for one in made() if one.key == "elsewhere")
    assert any("Crimea is drawn as part of Ukraine" in note for note in one.notes)
    assert all(f'fill="var(--change-{place})"' in one.html for place in range(len(room.BOUNDS) + 1))
    assert len(set(room.class_words())) == len(room.BOUNDS) + 1
    assert say("figure.elsewhere.no_data") in one.html


def test_bars_are_sorted_and_leave_the_pair_out():
    frame = room.changes_of(moved())
    losers = room.largest(frame, ("RUS", "CHN"), -1)
    assert losers["change"].is_monotonic_increasing
    assert "Russia" not in set(losers["name"])


def test_a_gap_breaks_the_line_and_a_lone_point_is_a_mark():
    table = made_up().answers["materials"].table("materials-sold")
    whole = next(one for one in panels_of(table) if one.title == "coal").drawing("").wide
    alone = dataclasses.replace(
        table, rows=tuple(row for row in table.rows if row[5] is None or row[3] == 2010)
    )
    point = next(one for one in panels_of(alone) if one.title == "coal").drawing("").wide
    lines = [part.count("L") for part in re.findall(r'<path d="([^"]+)" fill="none"', whole)]
    assert len(lines) > 2, "a gap makes one line two"
    assert '<path d="M' not in re.sub(r'<path d="[^"]+Z"', "", point)
    assert marks(point) >= 1


def test_wide_curves_are_drawn_in_logs_and_each_has_its_ends():
    figure = next(one for one in made() if one.key == "critical-curves")
    assert [panel.title for panel in figure.panels] == ["Russia", "China"]
    assert isinstance(axis_of(pd.Series([0.025, 14.0]), (0.0, 14.0), 0, 1), LogAxis)
    assert isinstance(axis_of(pd.Series([0.25, 4.0]), (0.25, 4.0), 0, 1), LinearAxis)
    axis = axis_of(pd.Series([1.0, 100.0]), (0.0, 100.0), 0.0, 1.0)
    assert axis(10.0) == pytest.approx(0.5, rel=1e-12)  # the middle of a symmetric axis in logs
    assert marks(next(figure.drawn())[1].wide) == 4 + 2  # both ends of both runs, and the key


def test_exposure_takes_the_most_exposed_first():
    figure = next(one for one in made() if one.key == "exposure")
    assert [panel.title for panel in figure.panels] == ["Russia", "China"]
    assert figure.frame["look_through_share, 0 to 1"][:8].is_monotonic_decreasing


def test_totals_are_dots_with_marks_and_no_lines():
    figure = next(one for one in made() if one.key == "totals")
    assert figure.frame["mark"].tolist() == [
        "2013 (a)",
        "2019 (b)",
        "2023 (c)",
        "2024 (d)",
        "2021 (e)",
        "2021 (f)",
    ]
    assert not re.search(r'<path [^>]*fill="none"', figure.html)


def test_a_pair_outside_the_table_still_gets_its_materials():
    assert [one.key for one in figures(outside())] == ["materials-sold"]
