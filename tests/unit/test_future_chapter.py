"""Chapters on the outlook and on past disputes, on a small world: what they say, and what they say of their own worth."""

from __future__ import annotations

import re
import sys

import pytest

import reading
from suasion.answers.numbers import probability
from suasion.dossier import gather
from suasion.dossier.chapters import future
from suasion.dossier.charts.chapter import chapter_figures
from suasion.dossier.claims import Comparison, Quantity
from suasion.errors import InputError
from suasion.measures.dependence import dependence
from suasion.outlook import CostPath, WorldPath
from suasion.outlook.defiance.place import fitted, loss_at, share_below
from suasion.outlook.growth.path import GROWTH_SD
from suasion.outlook.hindcast.record import record
from suasion.questions import QUESTIONS


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
    for _, _, loss, low, high, closed, run in rows:
        assert loss > 0
        assert closed is not None
        assert run == "Long run, capital adjusted" or 0 < low < high
    assert {row[-1] for row in rows} == {"Short run", "Long run", "Long run, capital adjusted"}
    assert len(rows) == 2 * 3 * (1 + 3 * 2)  # sides, runs; the base once, two years of three scenarios
    by = {(when, side, run): loss for when, side, loss, _, _, _, run in rows}
    for (when, side, run), loss in by.items():
        if run == "Long run":  # capital that leaves makes a loss larger, by 1 / (1 - 0.4) where prices stay
            assert 1.2 < by[when, side, "Long run, capital adjusted"] / loss < 2.2


def test_the_base_says_why_its_share_is_not_that_of_the_table(made, small):
    note = next(n for n in table(made, "future-shares").notes if "rule “balance”" in n)
    published = 100 * dependence("RUS", "CHN", small).share("RUS")
    first = table(made, "future-shares").rows[0][2]
    assert f"{first:.1f} % in 2022; in the table as published it is {published:.1f} %" in note


def test_growth_stands_with_its_sources(made):
    """Rates of the pair by scenario, of the largest others, and of the rest, weighted by what they produce."""
    rows = {row[0]: row[1:] for row in table(made, "future-growth").rows}
    assert set(rows) == {"Russia", "China", "United States", "Germany", "France", "all others together"}
    scenario, early, late, spread, told = rows["China"]
    assert scenario == "all scenarios"
    assert early == pytest.approx(100 * ((1.034**2 * 1.038**6) ** (1 / 8) - 1))  # 2023-24, then 2025-30
    assert late == pytest.approx(2.8)
    assert spread == pytest.approx(GROWTH_SD)
    assert "2.8 % a year (2031-2040, D. Muir" in told
    assert "carried over to 2023 and 2024" in rows["Russia"][-1]
    assert "CHN" not in told


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (20.0, 40.0, "a larger share"),
        (10.0, 40.0, "the band holds today’s too"),
        (None, None, "a larger share"),
    ],
)
def test_no_direction_where_the_band_holds_today(low, high, word):
    now = Quantity(16.0, "share")
    then = Quantity(28.0, "share", low, high)
    assert word in Comparison(then, now, *future._clear(now, then)).word


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
    assert "(p = 0.15)" in text
    assert "(p under 0.001)" in text


def test_the_chance_of_passing_a_third_is_said_with_its_word(made):
    said = next(f.sentence() for f in made.findings if f.sentence().startswith("Chance that"))
    assert "has passed 33 % by the end of 2036, by 16 draws: persist " in said
    assert all(f"{name} " in said for name in ("persist", "deepen", "lifted"))
    row = next(
        r for r in table(made, "future-chances").rows if r[1:4] == ("deepen", 33.0, 2036) and "share" in r[0]
    )
    assert f"deepen {probability(row[4])}, {row[5]};" in said


def test_sentences_and_cells_can_be_read(made, question, small):
    for chapter in (made,):
        for claim in chapter.findings:
            assert not reading.FORBIDDEN.search(claim.sentence()), claim.sentence()
            assert not re.search(r"\d", claim.template)
        for part in chapter.tables:
            cells = " | ".join(cell for row in part.printed() for cell in row)
            assert not re.search(r"\bnan\b|\bNone\b|\binf\b", cells)
        assert len(chapter_figures(chapter)) == 2


def test_the_distribution_of_past_losses_is_shown(small):
    rows = QUESTIONS["defiance"].ask("RUS", "CHN", world=small).table("case-spread").frame
    groups = rows[rows["side_group"] != "pair"]
    ends = groups[
        ["loss_percent_low", "quarter_percent", "loss_percent", "three_quarters_percent", "loss_percent_high"]
    ]
    assert (ends.diff(axis=1).iloc[:, 1:] > 0).all(axis=None)
    assert groups["smaller"].between(0, 1).all()
    assert len(rows) == 1.5 * len(groups)


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
