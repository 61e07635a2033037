"""Chapters that are drawn by date and place: exercises on a map, and the posterior of a ledger step by step."""

from __future__ import annotations

import dataclasses
import re

import pandas as pd
import pytest
from tests.unit.made_up import made_up

from suasion.answers.picture import rows_of
from suasion.answers.picture.steps import _rows, placed
from suasion.dossier import page
from suasion.dossier.chapter import Chapter
from suasion.dossier.chapters import ASKED
from suasion.dossier.figure import count_marks, draw_svgs
from suasion.dossier.figures import chapter_figures
from suasion.sources import dots, outline
from suasion.statecraft.events import events_between
from suasion.statecraft.ledger.file import read_ledger
from suasion.statecraft.ledger.odds import posterior_path


def chaptered(key, a, b):
    question = ASKED[key]
    return Chapter(key, question.ask(**question.about(a, b)))


@pytest.fixture(autouse=True)
def no_store(tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))


def figure_of(chapter, key):
    return next(one for one in chapter_figures(chapter) if one.key == key)


def test_every_exercise_of_the_pair_is_on_the_map_and_in_the_table():
    figure = figure_of(chaptered("ladder", "RUS", "CHN"), "ladder-exercises")
    listed = [
        event for event in events_between("RUS", "CHN") if event.start < "2026"
    ]  # the ladder ends in 2025
    assert list(figure.frame.iloc[:, 0]) == [event.name for event in listed]
    svg = draw_svgs(figure.panels, {"world": outline()})[0]
    points = re.search(r'<g class="mark-symbol role-mark layer_1_marks".*?</g>', svg, re.DOTALL)
    assert points is not None
    assert points[0].count("<path") == len(listed)
    for name in ("Baltic Sea 2017", "South China Sea 2016, 2024"):
        assert f">{name}<" in svg
    assert "49 with both; it has 63 in all" in " ".join(figure.notes)
    assert any("Crimea is drawn as part of Ukraine" in note for note in figure.notes)


def test_a_pair_without_a_listed_event_has_no_map():
    keys = [table.key for table in chaptered("ladder", "BRA", "ARG").tables]
    assert "rungs" in keys
    assert "exercises" not in keys


def test_the_page_keeps_one_outline_for_both_maps():
    with_map = dataclasses.replace(made_up(), chapters=(chaptered("ladder", "RUS", "CHN"),))
    html = page.render_html(with_map, outline(), dots())
    assert re.findall(r'data-ratio="([0-9.]+)"', html) == ["0.5", "0.447"]
    # The outline of 115 kB stands in the packed drawings once; a second copy would show in the unpacked ones.
    packed = re.search(r'id="drawings"[^>]*>([^<]+)<', html)
    assert packed is not None
    assert page.unpack(packed[1].strip()).count('"type":"Topology"') == 1


def test_the_ledger_is_drawn_from_the_prior_to_the_posterior():
    chapter = chaptered("signals", "RUS", "CHN")
    table = next(one for one in chapter.tables if one.key == "path")
    path = posterior_path(read_ledger("russia_china_2014_2026"))
    assert table.cells("posterior") == pytest.approx(tuple(path["posterior"]), rel=1e-12)  # the same sums
    assert table.cells("posterior_least") == pytest.approx(tuple(path["least"]), rel=1e-12)
    numbers = pd.DataFrame(
        {
            name: table.cells(name)
            for name in ("posterior_least", "prior_least", "posterior", "prior_most", "posterior_most")
        }
    )
    assert (numbers.diff(axis=1).iloc[:, 1:] >= -1e-12).all(axis=None)  # each band lies inside the wider one
    figure = figure_of(chapter, "signals-path")
    svg = draw_svgs(figure.panels)[0]
    assert count_marks(svg) >= figure.panels[0].least_marks
    for name in table.cells("label")[1:]:  # the prior, where the line starts, is no step
        assert f">{name}<" in svg


def test_names_of_steps_meet_neither_each_other_nor_a_line():
    table = next(one for one in chaptered("signals", "RUS", "CHN").tables if one.key == "path")
    frame = placed(rows_of(table))
    scale = 100.0  # pixels a year, as on the page
    rows = _rows(frame, scale)
    width = frame["name"].str.len() * 5.0  # narrower than what is left free for a letter
    west = frame["at"] * scale - width.where(frame["side"] == "left", 0.0)
    for k in range(len(frame)):
        for j in range(len(frame)):
            if j == k:
                continue
            apart = west[j] + width[j] <= west[k] or west[k] + width[k] <= west[j]
            assert rows[j] != rows[k] or apart
            crosses = west[k] < frame["at"][j] * scale < west[k] + width[k]
            assert not crosses or rows[k] > rows[j]
