"""Chapters that are drawn by date and place: exercises on a map, and the posterior of a ledger step by step."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.boxes import marks

from suasion.answers.picture import rows_of
from suasion.answers.picture.inline.canvas import SMALL
from suasion.answers.picture.steps import LEAD, TAIL, TURN, rows_of_names, year_of
from suasion.answers.style import width
from suasion.dossier.chapter import Chapter
from suasion.dossier.chapters import ASKED
from suasion.dossier.figures import chapter_figures
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
    svg = figure.html
    assert svg.count("<title>") == 2 * len(listed)  # wide and narrow
    for name in ("Baltic Sea 2017", "South China Sea 2016, 2024"):
        assert f">{name}<" in svg
    assert "49 with both; it has 63 in all" in " ".join(figure.notes)
    assert any("Crimea is drawn as part of Ukraine" in note for note in figure.notes)


def test_a_pair_without_a_listed_event_has_no_map():
    keys = [table.key for table in chaptered("ladder", "BRA", "ARG").tables]
    assert "rungs" in keys
    assert "exercises" not in keys


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
    svg = figure.html
    assert marks(svg) == 2 * len(table.rows)  # wide and narrow
    for name in table.cells("label")[1:]:  # the prior, where the line starts, is no step
        assert f">{name}<" in svg


def test_names_of_steps_meet_neither_each_other_nor_a_line():
    table = next(one for one in chaptered("signals", "RUS", "CHN").tables if one.key == "path")
    rows = rows_of(table)
    years = [year_of(text) for text in rows["at"][1:]]
    turn = years[0] - LEAD + TURN * (years[-1] + TAIL - years[0] + LEAD)
    names = [
        (
            60.0 * year,
            "end" if year > turn else "start",
            str(name),
        )  # a year has as many pixels on a wide page
        for year, name in zip(years, rows["name"][1:], strict=True)
    ]
    wide = [width(name, SMALL) for _, _, name in names]
    found = rows_of_names(names)
    west = [at - wide[k] * (side == "end") for k, (at, side, _) in enumerate(names)]
    for k in range(len(names)):
        for j in range(len(names)):
            if j != k:
                apart = west[j] + wide[j] <= west[k] or west[k] + wide[k] <= west[j]
                assert found[j] != found[k] or apart
                crosses = names[k][1] == names[j][1] and west[k] < names[j][0] < west[k] + wide[k]
                assert not crosses or found[k] > found[j]
