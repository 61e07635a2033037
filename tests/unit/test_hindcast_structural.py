"""The structural form among the forecasts: what it foresees, its place in the stack, and the record that is kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from fits.hindcast_record import record_of, record_text
from suasion import files
from suasion.errors import ChecksumError, InputError
from suasion.outlook import (
    OwnRate,
    Rules,
    WorldPath,
    beside,
    drivers_of,
    hindcast,
    named_hindcast,
    pool_of,
    real_growth,
    skill_table,
    states,
    structural_changes,
    world_of,
)
from suasion.outlook.hindcast import table as module
from suasion.outlook.hindcast.forms import STRUCTURAL, Known, structural
from suasion.outlook.hindcast.structural import carried_on
from suasion.outlook.hindcast.table import ATTEMPT, WALK, record
from suasion.outlook.histories import Flows, panel_of, wiod_flows
from suasion.outlook.odds import OddsDrivers
from suasion.outlook.projection.beside import _weights
from suasion.outlook.projection.reading import receipts
from suasion.world import load_world

RATES = {"RUS": 0.0, "CHN": 9.0, "USA": 2.0, "DEU": 1.0, "ROW": 2.0}
NOISE = 0.01
FEW = ("random walk with drift", "random walk", "smoothed level", STRUCTURAL)


@pytest.fixture(scope="module")
def small(world):
    return world.select(["RUS", "CHN", "USA", "DEU"], ["A01", "B06", "C26", "C29"])


@pytest.fixture(scope="module")
def grown(small):
    """Worlds of thirteen years of steady growth, and the shares of the model in them."""
    own = tuple(OwnRate((c,), 2023, 2034, r) for c, r in RATES.items())
    course, found = states(small, WorldPath("steady", growth=own, source="none"), 2034)
    trade = np.stack([receipts(state.solved).T for state in found])
    panel = panel_of(Flows("made up", small.countries, np.arange(2022, 2035), trade))
    growth = pd.DataFrame({c: np.log1p(r / 100) for c, r in RATES.items()}, index=range(2015, 2035))
    return {state.year: world_of(course, state) for state in found}, panel, growth


@pytest.fixture(scope="module")
def courses(grown):
    worlds, panel, growth = grown
    return structural_changes(panel, growth, worlds.__getitem__)


@pytest.fixture(scope="module")
def noisy(grown):
    panel = grown[1]
    odds = np.log(panel.shares) - np.log1p(-panel.shares)
    odds = odds + np.random.default_rng(1).normal(0.0, NOISE, odds.shape).cumsum(axis=1)
    return replace(panel, shares=1.0 / (1.0 + np.exp(-odds)))


def drivers(panel, courses):
    nothing = np.full((panel.of.size, panel.years.size - 1), np.nan)
    return OddsDrivers(nothing, nothing, courses)


def test_where_growth_goes_on_the_model_foresees_its_own_shares(grown, courses):
    _, panel, _ = grown
    odds = np.log(panel.shares) - np.log1p(-panel.shares)
    for h in (1, 3, 5):
        came = odds[:, 5 + h :] - odds[:, 5:-h]
        # Real GDP is held to 1e-7 a year; shares move about one to one with it.
        assert courses[:, 5:-h, h - 1] == pytest.approx(came, abs=1e-5)
    assert np.isnan(courses[:, :5]).all()  # too early for an origin
    assert np.isnan(courses[:, -1]).all()  # nothing comes after the last year
    assert np.abs(courses[:, 5]).max() > 0.1


def test_growth_not_on_record_is_the_median_of_the_others(grown):
    worlds, _, growth = grown
    short = growth.drop(columns="USA").astype(float)
    short.loc[2024, "DEU"] = np.nan
    rates = {rate.countries[0]: rate.percent for rate in carried_on(worlds[2027], short, 5)}
    assert rates["CHN"] == pytest.approx(9.0)
    middle = 100 * np.expm1(np.median(np.log1p([0.0, 0.09, 0.02])))
    assert rates["USA"] == rates["DEU"] == pytest.approx(middle)
    with pytest.raises(
        InputError, match="No economy of the world of 2027 has its growth of the last 5 years"
    ):
        carried_on(worlds[2027], short * np.nan, 5)


def test_states_that_the_world_lacks_are_named(grown):
    worlds, panel, growth = grown
    wrong = replace(panel, partner=np.where(panel.partner == "DEU", "FRA", panel.partner))
    with pytest.raises(InputError, match="The world has no FRA"):
        structural_changes(wrong, growth, worlds.__getitem__)


PLACED = ("random walk", "random walk with drift", "damped drift", STRUCTURAL)
"""Forms that have a place beside an outlook, as hindcasts call them, in the order of the weights."""


def test_the_structural_form_is_scored_and_weighted_with_the_others(noisy, courses):
    found = hindcast(noisy, drivers=drivers(noisy, courses))
    table = skill_table(found).set_index(["horizon", "form"])
    for h in (3, 5):
        assert table["rank"][h, STRUCTURAL] == 1  # it knows the growth, and noise is all that is left
        assert table["skill_still"][h, STRUCTURAL] > 0.5
        # Bands of 80 % over 55 and 33 forecasts that hang together: a fifth is twice their error.
        assert table["within_80"][h, STRUCTURAL] == pytest.approx(0.8, abs=0.2)
    assert found.weights[STRUCTURAL].iloc[-1] > 0
    plain = hindcast(noisy, drivers=replace(drivers(noisy, courses), courses=None))
    assert STRUCTURAL not in plain.forms
    shares = pool_of(found).weights
    told = found.density[found.horizon == 5]
    pooled = told[:, [found.forms.index(name) for name in PLACED]]
    best = np.log(pooled @ np.array(list(shares.values()))).mean()
    for weights in np.eye(4) * 0.9 + 0.025:  # no other mixture would have scored better
        assert best >= np.log(pooled @ weights).mean() - 1e-6
    assert sum(_weights(shares).values()) == pytest.approx(1.0)
    assert pool_of(plain).weights[STRUCTURAL] == 0.25  # not scored: as if it were one form among four


def test_pairs_that_the_model_was_not_asked_for_stay_where_they_are():
    known = Known(np.array([[0.0, 0.1, 0.0], [0.0, 0.3, 0.5], [1.0, 1.1, 1.3]]))
    moved = np.array([[0.2, 0.4], [np.nan, np.nan], [0.1, 0.2]])
    made = structural(replace(known, courses=moved), 2)
    assert made.centre[:, 0] == pytest.approx([0.4, 0.5, 1.5])


def test_courses_that_end_early_are_refused_and_pairs_by_name_stop_there(noisy, courses):
    with pytest.raises(InputError, match="structural courses reach 2 years ahead, the horizons 5"):
        hindcast(noisy, drivers=drivers(noisy, courses[:, :, :2]))
    rules = Rules(horizons=(1, 2))
    table = named_hindcast(noisy, "RUS", "CHN", 2028, rules, drivers(noisy, courses[:, :, :2]))
    assert table[table.form == STRUCTURAL]["year"].max() == 2030
    assert table["year"].max() == 2034


@pytest.mark.evidence  # twelve years of tables; made-up ones are above, and the committed table below
def test_on_wiod_growth_through_the_model_beats_the_walk(reference_data):
    """Real tables: every origin from 2000 to 2005, its own table, growth of the five years before it."""
    flows = wiod_flows(reference_data, years=range(1995, 2007))
    panel, growth = panel_of(flows), real_growth(reference_data)
    made = structural_changes(panel, growth, lambda year: load_world("wiod13", year, reference_data), ahead=3)
    told = replace(drivers_of(flows, panel, growth), courses=made)
    table = skill_table(hindcast(panel, Rules(horizons=(1, 3), forms=FEW), told)).set_index(
        ["horizon", "form"]
    )
    for h in (1, 3):
        assert table["skill_still_low"][h, STRUCTURAL] > 0  # over dyads, 90 %
        assert table["rank"][h, STRUCTURAL] == 1
        # Some 1,500 forecasts of 400 pairs: the error of a share of 80 % over dyads is about two points.
        assert table["within_80"][h, STRUCTURAL] == pytest.approx(0.8, abs=0.06)


# ------------------------------------------------------------------------------------------------ the record


def test_the_record_keeps_walks_attempts_and_the_structural_form(noisy, courses):
    table = skill_table(hindcast(noisy, drivers=drivers(noisy, courses)))
    rows = record_of([table])
    for h in (1, 3, 5):
        part = [r for r in rows if r["horizon"] == h]
        assert sum(r["role"] == ATTEMPT for r in part) == 3
        assert {r["form"] for r in part if r["role"] == WALK} == {"random walk", "random walk with drift"}
        assert STRUCTURAL in {r["form"] for r in part}
        assert [r["crps"] for r in part] == sorted(r["crps"] for r in part)
    assert record_of([table.assign(crps=9.0), table]) == rows  # the later table counts
    assert record_text(rows).endswith("]\n")


def test_the_kept_record_says_how_little_is_gained():
    kept = record()
    assert {r["source"] for r in kept} >= {"WIOD, 2013 release", "ITPD-E"}
    best = [r for r in kept if r["role"] == ATTEMPT]
    assert all(-0.5 < r["skill_still"] < 0.5 for r in best)  # no form halves the error of "nothing changes"
    assert any(r["form"] == STRUCTURAL for r in kept)


def test_a_damaged_record_is_named(monkeypatch, tmp_path):
    files.published()  # kept: the copy has none
    folder = tmp_path / "outlook" / "hindcast"
    folder.mkdir(parents=True)
    (folder / module.FILE).write_text("[{]", encoding="utf-8")
    monkeypatch.setattr(files, "package_folder", lambda: tmp_path)
    with pytest.raises(ChecksumError, match=r"hindcast_record\.json of the package is not the one"):
        record.__wrapped__()
    (folder / module.POOL).write_text('{"source": "x"}', encoding="utf-8")
    with pytest.raises(ChecksumError, match=r"pool_record\.json of the package is not the one"):
        module.pool_record.__wrapped__()


def test_the_kept_weights_beat_equal_ones_on_what_they_were_learnt_from():
    kept = module.pool_record()
    assert sum(kept.weights.values()) == pytest.approx(1.0)
    assert kept.score >= kept.even
    assert kept.score >= kept.best
    assert (kept.horizon, kept.measure) == (5, "turnover")


def test_beside_takes_scored_weights(small, noisy, courses):
    from suasion.outlook import History, ProjectionOptions, outlook

    made = outlook(
        small,
        "RUS",
        "CHN",
        [WorldPath("plain")],
        2025,
        years=(),
        options=ProjectionOptions(("long",), (), draws=12),
    )
    weights = pool_of(hindcast(noisy, drivers=drivers(noisy, courses))).weights
    history = History.of(range(2013, 2024), np.linspace(0.1, 0.3, 11))
    both = beside(made, history, "plain", weights=weights)
    held = both.drop_duplicates("form").set_index("form")["weight"]
    assert held[STRUCTURAL] == pytest.approx(weights[STRUCTURAL])
