"""Chapters on the outlook and on past disputes, on a small world: what they say, and what they say of their own worth."""

from __future__ import annotations

import re
import sys

import pytest

import reading
from suasion.dossier import gather
from suasion.dossier.chapters import future, precedent
from suasion.dossier.charts.chapter import chapter_figures
from suasion.errors import InputError
from suasion.outlook import CostPath, WorldPath
from suasion.outlook.defiance.place import fitted, loss_at, share_below
from suasion.outlook.hindcast.record import record


@pytest.fixture(scope="module")
def small(world):
    return world.select(["RUS", "CHN", "USA", "DEU", "FRA"], ["A01", "B06", "C26", "C29"])


@pytest.fixture(scope="module")
def question(small):
    return gather.ask("RUS", "CHN", ("USA", "EU"), small)


PATHS = tuple(
    WorldPath(name, costs=(CostPath(("USA", "DEU", "FRA"), ("RUS",), ((2022, 1.5), (2026, f)), hold=True),))
    for name, f in (("persist", 1.5), ("deepen", 2.0), ("lifted", 1.0))
)


@pytest.fixture(scope="module")
def made(question, small):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("suasion.outlook.paths.file.shipped_paths", lambda: PATHS)
        chapter = future.chapter(question, small)
    assert not chapter.reason
    return chapter


def table(chapter, key):
    return next(t for t in chapter.tables if t.key == key)


def test_shares_say_what_is_data_and_what_is_carried_on(made):
    rows = table(made, "future-shares").rows
    status = {row[0]: row[-1] for row in rows}
    assert status[2022] == "observed"
    assert status[2023] == "extrapolated"  # no growth rate is cited for it
    assert set(status.values()) == {"observed", "extrapolated", "projected"}
    assert all(row[3] <= row[4] for row in rows if row[0] > 2022)


def test_exit_costs_have_bands_in_both_runs(made):
    rows = table(made, "future-exits").rows
    for _, _, loss, low, high, closed, _ in rows:
        assert loss > 0
        assert closed is not None
        assert 0 < low < high
    assert {row[-1] for row in rows} == {"short", "long"}


def test_chances_lie_between_zero_and_one_and_do_not_fall(made):
    rows = table(made, "future-chances").rows
    by = {}
    for what, scenario, level, year, chance, _word in rows:
        assert 0 <= chance <= 1
        by.setdefault((what, scenario, level), []).append((year, chance))
    assert len(by) == 3 * (3 + 2 * 2 * 3)  # scenarios; levels of the share, and of two losses in two runs
    assert all(sorted(v) == sorted(v, key=lambda x: x[1]) for v in by.values())


def test_the_record_of_such_forecasts_stands_beside_them(made):
    rows = table(made, "future-record").rows
    assert len(rows) == len(record())
    text = " ".join(f.sentence() for f in made.findings)
    assert "against the forecast that nothing changes, the best form" in text
    assert "told apart from zero" in text


def test_sentences_and_cells_can_be_read(made, question, small):
    for chapter in (made, precedent.chapter(question, small)):
        for claim in chapter.findings:
            assert not reading.FORBIDDEN.search(claim.sentence()), claim.sentence()
            assert not re.search(r"\d", claim.template)
        for part in chapter.tables:
            cells = " | ".join(cell for row in part.printed() for cell in row)
            assert not re.search(r"\bnan\b|\bNone\b|\binf\b", cells)
        assert len(chapter_figures(chapter)) == 2


def test_the_distribution_of_past_losses_is_shown(question, small):
    chapter = precedent.chapter(question, small)
    rows = table(chapter, "precedent-spread").rows
    for who, _, middle, low, quarter, most, high, below in rows:
        if low is not None:
            assert low < quarter < middle < most < high
            assert 0 <= below <= 100
        else:
            assert who == "Russia from China, now"


@pytest.mark.parametrize("part", [0.05, 0.3, 0.5, 0.9])
def test_quantiles_and_places_are_each_other_s_inverse(part):
    kept = fitted()["horizons"]["long"]["quantiles"]["defied"]
    assert share_below(kept, loss_at("long", "defied", part)) == pytest.approx(part, abs=1e-9)


def test_an_outlook_that_cannot_be_made_says_why(question, small, monkeypatch):
    def refuse(*_, **__):
        raise InputError("there is no path")

    # The room's door has a function of the module's name.
    monkeypatch.setattr(sys.modules["suasion.outlook.projection.outlook"], "outlook", refuse)
    chapter = future.chapter(question, small)
    assert chapter.reason == "there is no path"
    assert not chapter.tables
