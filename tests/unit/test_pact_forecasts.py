"""Forecasts of pacts: treaties from dyad-years, the fit of rank and level, honest forecasts, the one number of a pair."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fits.logit import clustered_covariance, fit_logit, logistic
from fits.pacts.covariates import DyadIndex, carried, changes, covariates, since
from fits.pacts.morrow import RELIABILITY, morrow_signs, reliability
from fits.pacts.orders import read_arms_orders
from fits.pacts.origins import (
    Sample,
    from_origin,
    hazards,
    rate_of,
    rolling,
    sample_of,
    waves_of,
)
from fits.pacts.panel import (
    KINDS,
    NEEDED,
    AlliancePanel,
    at_risk,
    happened,
    names_of,
    risk_sets,
)
from fits.pacts.rank import THIN, PriorOn, fit_rank, priors_of, rows_of, thinned
from fits.pacts.ratios import EvidenceKind, evidence_ratios
from fits.pacts.record import SINCE_THE_FREEZE, pact_record
from fits.pacts.scores import one_digit, scores_of
from fits.pacts.treaties import pact_starts
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.cli.app import CANNOT, OK, run
from suasion.errors import DataError, InputError, SameCountryError, SourceFileError
from suasion.questions import alliance
from suasion.sources.ir_tables import read_territorial_disputes
from suasion.statecraft import load_hazards, load_pact_model, pact_number, pact_prior, read_ledger
from suasion.statecraft.alliance.hazards import COVARIATES, HAZARDS, MODEL
from suasion.statecraft.alliance.number import CLOSES, OPENS, Mover, PactEvent, bound, likeliest, quiet_path
from suasion.statecraft.dyads.table import DyadYears
from suasion.statecraft.pacts import pacts

EVIDENCE = Path(__file__).resolve().parents[2] / "docs" / "evidence"

# --- treaties


def dyad_table(states, years, pacts) -> pd.DataFrame:
    """Pairs of states by year with the pacts named: (one, two, first year, last year)."""
    rows = [(a, b, y) for a in states for b in states if a < b for y in years]
    table = pd.DataFrame(rows, columns=["cow1", "cow2", "year"])
    table["atop_defence"] = 0.0
    for one, two, first, last in pacts:
        fits = (table["cow1"] == one) & (table["cow2"] == two) & table["year"].between(first, last)
        table.loc[fits, "atop_defence"] = 1.0
    return table


def test_a_founding_an_accession_and_a_star_are_told_apart():
    clique = [(a, b, 1951, 1960) for a in (1, 2, 3) for b in (1, 2, 3) if a < b]
    joins = [(a, 4, 1955, 1960) for a in (1, 2, 3)]
    star = [(5, 6, 1953, 1960), (5, 7, 1953, 1960)]  # one patron, two clients that are not allied
    starts = pact_starts(dyad_table(range(1, 8), range(1950, 1961), clique + joins + star))
    by_pair = starts.set_index(["cow1", "cow2"])
    assert by_pair["multilateral"].to_dict() == {
        **{(a, b): True for a, b, *_ in clique + joins},
        (5, 6): False,
        (5, 7): False,
    }
    assert by_pair.loc[[(a, b) for a, b, *_ in clique + joins], "treaty"].nunique() == 1
    assert starts["treaty"].nunique() == 3


def test_two_pacts_with_the_same_third_state_are_bilateral_if_the_first_is_old():
    """China and the Soviet Union were allied when both signed with North Korea in 1961."""
    starts = pact_starts(
        dyad_table([1, 2, 3], range(1950, 1965), [(1, 2, 1950, 1964), (1, 3, 1961, 1964), (2, 3, 1961, 1964)])
    )
    late = starts[starts["year"] == 1961]
    assert late["multilateral"].tolist() == [False, False]
    assert late["shared"].tolist() == [1, 1]
    assert starts.set_index("year")["from_birth"].loc[1950]  # allied in the first year of the table


def test_two_treaties_of_one_year_stay_two():
    first = [(a, b, 1951, 1960) for a in (1, 2, 3) for b in (1, 2, 3) if a < b]
    second = [(a, b, 1951, 1960) for a in (3, 4, 5) for b in (3, 4, 5) if a < b]  # state 3 is in both
    starts = pact_starts(dyad_table(range(1, 6), range(1950, 1961), first + second))
    assert starts["multilateral"].all()
    assert starts["treaty"].nunique() == 2


# --- covariates


def test_partners_in_common_are_counted_as_by_hand():
    table = dyad_table(
        [10, 20, 30, 40], [1950], [(10, 20, 1950, 1950), (20, 30, 1950, 1950), (20, 40, 1950, 1950)]
    )
    shared, most = DyadIndex.of(table).in_common(table["atop_defence"].to_numpy() == 1)
    found = dict(zip(zip(table["cow1"], table["cow2"], strict=True), shared, strict=True))
    assert found == {(10, 20): 0, (10, 30): 1, (10, 40): 1, (20, 30): 0, (20, 40): 0, (30, 40): 1}
    assert most[0] == 3  # state 20 has three


def test_values_are_carried_within_a_pair_and_for_ten_years_only():
    values = np.array([1.0, np.nan, np.nan, np.nan, 2.0])
    pair, year = np.array([0, 0, 0, 1, 1]), np.array([1950, 1955, 1961, 1950, 1951])
    filled, age = carried(values, pair, year)
    np.testing.assert_array_equal(filled, [1.0, 1.0, np.nan, np.nan, 2.0])
    np.testing.assert_array_equal(age, [0.0, 5.0, np.nan, np.nan, 0.0])


def test_years_since_an_event_do_not_cross_pairs():
    found = since(
        np.array([False, True, False, False]), np.array([0, 0, 0, 1]), np.array([1950, 1951, 1953, 1953])
    )
    np.testing.assert_array_equal(found, [np.nan, 0.0, 2.0, np.nan])


def test_change_needs_both_ends():
    grid = np.arange(14.0).reshape(7, 2)
    grid[0, 1] = np.nan
    moved = changes(grid)
    assert np.isnan(moved[:5]).all()
    assert moved[5, 0] == 10.0
    assert np.isnan(moved[5, 1])


def test_every_covariate_has_a_name_for_people():
    assert set(COVARIATES) | set(COVARIATES.values()) <= {
        key.rpartition(".")[2] for key in DEFAULT_LANGUAGE.words if key.startswith("word.covariate.")
    }
    assert {n for k in KINDS for n in names_of(k)} <= set(COVARIATES)


# --- logit


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(3)
    x = rng.standard_normal((3000, 3)) * [1.0, 5.0, 0.2] + [0.0, 2.0, 1.0]
    y = rng.random(3000) < logistic(-2.0 + x @ [0.8, -0.1, 1.0])
    weights = rng.choice([1.0, 3.0], 3000)
    return x, y, weights, rng.integers(0, 60, 3000)


def test_without_penalty_it_is_the_logit_of_statsmodels(rows):
    import statsmodels.api as sm

    x, y, weights, _ = rows
    fit = fit_logit(x, y, weights, ("a", "b", "c"), prior_sd=1e5)
    other = sm.GLM(y.astype(float), fit.standard(x), sm.families.Binomial(), freq_weights=weights).fit(
        tol=1e-12
    )
    np.testing.assert_allclose(fit.beta, other.params, rtol=1e-6)  # both solve the same equations to 1e-9


def test_with_penalty_it_is_ridge_of_scikit_learn(rows):
    from sklearn.linear_model import LogisticRegression

    x, y, weights, _ = rows
    fit = fit_logit(x, y, weights, ("a", "b", "c"), prior_sd=0.2)
    other = LogisticRegression(C=0.2**2, tol=1e-10, max_iter=2000).fit(fit.standard(x)[:, 1:], y, weights)
    np.testing.assert_allclose(fit.beta[1:], other.coef_[0], rtol=1e-4)  # the other stops by its own rule
    assert fit.beta[0] == pytest.approx(other.intercept_[0], rel=1e-4)


def test_clustered_twice_by_one_clustering_is_clustered_once(rows):
    import statsmodels.api as sm

    x, y, _, group = rows
    fit = fit_logit(x, y, np.ones(len(y)), ("a", "b", "c"), prior_sd=1e5)
    ours = clustered_covariance(fit, x, y, np.ones(len(y)), (group, group), prior_sd=1e5)
    options = {"groups": group, "use_correction": False}
    other = sm.Logit(y.astype(float), fit.standard(x)).fit(disp=0, cov_type="cluster", cov_kwds=options)
    np.testing.assert_allclose(ours, other.cov_params() * 60 / 59, rtol=1e-4)  # groups / (groups - 1) is ours


def test_clustering_two_ways_is_one_way_and_the_other_less_both_at_once(rows):
    """Treaties that cross dyads, as they do where a treaty has many members; each part from statsmodels, with weights."""
    sm = pytest.importorskip("statsmodels.api")
    x, y, _, dyad = rows
    rng = np.random.default_rng(5)
    treaty = rng.integers(0, 25, len(y))
    weights = rng.choice([1.0, 10.0], len(y))
    fit = fit_logit(x, y, weights, ("a", "b", "c"), prior_sd=1e5)
    ours = clustered_covariance(fit, x, y, weights, (treaty, dyad), prior_sd=1e5)
    often = weights.astype(int)  # a row of weight ten is ten rows
    model = sm.GLM(
        np.repeat(y, often).astype(float), np.repeat(fit.standard(x), often, axis=0), sm.families.Binomial()
    )
    expected = np.zeros_like(ours)
    for sign, group in ((1, treaty), (1, dyad), (-1, treaty * 1000 + dyad)):
        places = np.unique(group, return_inverse=True)[1]
        options = {"groups": np.repeat(places, often), "use_correction": False}
        part = model.fit(cov_type="cluster", cov_kwds=options, tol=1e-12)
        number = places.max() + 1
        expected += sign * np.asarray(part.cov_params()) * number / (number - 1)
    assert np.linalg.eigvalsh(expected).min() > 0  # so that nothing was cut at zero
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-6 * np.abs(expected).max())
    one_way = clustered_covariance(fit, x, y, weights, (dyad, dyad), prior_sd=1e5)
    assert np.abs(ours / one_way - 1).max() > 0.05  # the second clustering is not without effect


def test_missing_values_are_the_mean(rows):
    x, y, weights, _ = rows
    fit = fit_logit(x, y, weights, ("a", "b", "c"))
    blank = np.array([[np.nan, 2.0, 1.0]])
    assert fit.eta(blank)[0] == pytest.approx(fit.eta(np.array([[fit.centre[0], 2.0, 1.0]]))[0])


def test_a_logit_without_events_is_refused():
    with pytest.raises(InputError, match="rows with the event and rows without"):
        fit_logit(np.ones((5, 1)), np.zeros(5, dtype=bool), np.ones(5), ("a",))


# --- rank, level, forecasts and scores


def made_up(seed=0, pairs=120, years=30, effect=1.0, start=1950) -> Sample:
    """Pairs with a standing pact whose chance of an end is known."""
    rng = np.random.default_rng(seed)
    names = names_of("ending")
    pair, year = np.repeat(np.arange(pairs), years), np.tile(start + np.arange(years), pairs)
    x = rng.standard_normal((len(pair), len(names)))
    y = rng.random(len(pair)) < logistic(-3.5 + effect * (x[:, 0] - x[:, 1]))
    followed = np.ones(len(y), dtype=bool)
    return Sample("ending", x, y, followed, year, pair, 10_000 + pair, np.arange(len(pair)))


def test_a_thinned_risk_set_keeps_every_event():
    event = np.zeros(50_000, dtype=bool)
    event[::1000] = True
    chosen = thinned(np.arange(50_000), event)
    assert chosen[event].all()
    others = (chosen & ~event).sum()
    assert others * THIN == pytest.approx(49_950, rel=0.1)  # 2,500 of 49,950 by a hash: standard error 2 %
    np.testing.assert_array_equal(chosen, thinned(np.arange(50_000), event))


def test_the_relative_hazard_is_ridge_of_scikit_learn():
    from sklearn.linear_model import LogisticRegression

    sample = made_up(3)
    fit = fit_rank("ending", sample.rows)  # all priors are N(0, .2)
    z = fit.standard(sample.x)
    other = LogisticRegression(C=0.2**2, tol=1e-10, max_iter=2000).fit(z, sample.y)
    np.testing.assert_allclose(fit.beta, other.coef_[0], atol=2e-4)  # both stop by rules of their own


def test_a_treaty_drawn_twice_counts_as_two_rows():
    sample = made_up(3, pairs=40)
    rows = sample.rows
    times = np.where(rows.y & (rows.year < 1965), 2.0, 1.0)
    twice = np.flatnonzero(times == 2.0)
    doubled = rows.taken(np.r_[np.arange(len(rows.y)), twice])
    names = names_of("ending")
    plain = {name: PriorOn(0.0, 0.2, 0, True) for name in names}  # in own units: the standards would differ
    drawn, written = fit_rank("ending", rows, plain, times), fit_rank("ending", doubled, plain)
    np.testing.assert_allclose(drawn.beta, written.beta, atol=2e-4)


def test_signs_and_means_of_priors_are_held():
    sample = made_up(4)
    rows = rows_of(sample.x, sample.y, sample.year, sample.cluster, np.arange(len(sample.y)), 1)
    names = names_of("ending")
    priors = {name: PriorOn(0.0, 0.2) for name in names} | {
        names[0]: PriorOn(0.0, 0.2, -1),
        names[2]: PriorOn(-3.0, 0.01),
    }
    fit = fit_rank("ending", rows, priors)
    assert fit.beta[0] == 0.0  # the data say above zero
    assert fit.beta[2] == pytest.approx(-3.0, abs=0.05)  # a prior of .01 leaves the data no say


def test_hazards_have_the_level_as_their_mean():
    sample = made_up()
    rank = fit_rank("ending", rows_of(sample.x, sample.y, sample.year, sample.cluster, sample.index, 1))
    at, found = hazards(sample, rank, 0.01, 1970)
    assert found.mean() == pytest.approx(0.01, rel=1e-9)  # a ratio of sums
    assert set(sample.year[at]) == {1970}


def test_the_level_of_a_steady_world_is_its_rate_and_forgets():
    sample = made_up(5, effect=0.0)
    steady = rate_of(sample, 1980)
    assert steady == pytest.approx(sample.y.mean(), rel=0.15)  # 110 events: standard error 10 %
    lately = dataclasses.replace(sample, y=sample.y & (sample.year < 1965))
    assert rate_of(lately, 1980) < 0.7 * rate_of(lately, 1965)


def test_waves_of_accession_are_one_event_each():
    names = names_of("accession")
    year, pair = np.tile([1999, 2000, 2001], 40), np.repeat(np.arange(40), 3)
    y = ((year == 1999) & (pair < 6)) | ((year == 2000) & (pair < 10))
    cluster = np.where(y, -year, 10_000 + pair)
    sample = Sample(
        "accession",
        np.zeros((120, len(names))),
        y,
        np.ones(120, dtype=bool),
        year,
        pair,
        cluster,
        np.arange(120),
    )
    assert waves_of(sample, 2001).to_dict("list") == {"year": [2001, 2000], "pairs": [10, 6]}
    assert rate_of(sample, 2001) == pytest.approx(
        8 / 40, rel=0.01
    )  # a wave a year, of 6 or 10 pairs: the median is 8


def test_the_future_does_not_reach_the_forecasts():
    sample = made_up()
    before = rolling(sample, first=1970, last=1978)
    changed = dataclasses.replace(sample, y=np.where(sample.year >= 1975, ~sample.y, sample.y))
    after = rolling(changed, first=1970, last=1978)
    same = before["year"] <= 1975
    np.testing.assert_array_equal(before.loc[same, "forecast"], after.loc[same, "forecast"])
    np.testing.assert_array_equal(before.loc[same, "base"], after.loc[same, "base"])
    assert not np.allclose(before.loc[~same, "forecast"], after.loc[~same, "forecast"])


def test_skill_is_found_where_there_is_some_and_only_there():
    good = scores_of(rolling(made_up(1, effect=1.5), first=1976, last=1979), draws=100)
    none = scores_of(rolling(made_up(1, effect=0.0), first=1976, last=1979), draws=100)
    assert good["log_skill_low"] > 0.05
    assert good["auc"] > 0.75
    assert none["log_skill_low"] < 0 < good["log_skill"] - none["log_skill"]


def test_a_question_of_some_years_counts_what_happens_in_them():
    sample = made_up()
    found = from_origin(sample, 1970, 1975)
    within = sample.y & (sample.year >= 1970) & (sample.year < 1975)
    assert set(found.loc[found["event"], "pair"]) == set(sample.pair[within])
    one_year = rolling(sample, first=1970, last=1970)
    np.testing.assert_allclose(found["forecast"], 1 - (1 - one_year["forecast"]) ** 5)


def test_the_base_rate_has_no_skill_against_itself():
    made = rolling(made_up(), first=1970, last=1979)
    found = scores_of(made.assign(forecast=made["base"]), draws=50)
    assert (
        found["log_skill"] == found["brier_skill"] == found["log_skill_low"] == found["log_skill_high"] == 0.0
    )


def test_brier_parts_add_up_for_rounded_forecasts():
    made = rolling(made_up(), first=1970, last=1979)
    found = scores_of(made, draws=20)
    rounded = one_digit(made["forecast"].to_numpy())
    whole = ((rounded - made["event"]) ** 2).mean()
    assert found["reliability"] - found["resolution"] + found["uncertainty"] == pytest.approx(
        whole, abs=1e-12
    )


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_one_digit_moves_a_forecast_by_half_a_digit_at_most(values):
    p = np.array(values)
    rounded = one_digit(p)
    big = p >= 1e-6
    assert (np.abs(rounded - p)[big] <= 0.5 * p[big] + 1e-12).all()
    assert ((rounded >= 0) & (rounded <= 1)).all()


# --- what ships, and the one number


def test_the_objects_that_ship_are_small_and_whole(root):
    tables = root / "src" / "suasion" / "statecraft" / "tables"
    assert (tables / HAZARDS).stat().st_size < 600_000
    assert (tables / MODEL).stat().st_size < 100_000
    hazard = load_hazards()
    assert not hazard.index.duplicated().any()
    assert not hazard.isna().any(axis=None)
    assert ((hazard["hazard"] > 0) & (hazard["hazard"] < 1)).all()
    assert set(hazard.index.get_level_values("kind")) == set(KINDS)
    free = {pair[:2] for pair in hazard.index if pair[2] == "bilateral"}
    assert free == {pair[:2] for pair in hazard.index if pair[2] == "accession"}  # one risk set
    assert not free & {pair[:2] for pair in hazard.index if pair[2] == "ending"}
    for kind, values in load_pact_model()["kinds"].items():
        assert values["names"] == list(names_of(kind))
        assert len(values["beta"]) == len(values["sd"]) == len(values["names"])


def test_all_pairs_have_a_number_on_a_fresh_install():
    free = load_hazards().xs("bilateral", level="kind")
    assert len(free) > 17_000
    for a, b in (("BRA", "VNM"), ("ISL", "STP"), ("RUS", "CHN")):
        found = pact_number(a, b, 2030)
        assert found is not None
        assert 0 < found.low < found.probability < found.high < 1
        assert 1 <= found.place <= found.of == len(free)


def test_order_of_the_pair_does_not_matter_and_longer_is_likelier():
    one, two = (
        tuple(pact_number(*pair, year) for year in (2028, 2030, 2036, 2045))
        for pair in (("RUS", "CHN"), ("CHN", "RUS"))
    )
    assert one == two
    chances = [found.probability for found in one]
    assert chances == sorted(chances)


def test_what_was_signed_since_the_data_ended_is_known():
    for a, b in (
        ("RUS", "PRK"),
        ("SAU", "PAK"),
        ("AUS", "PNG"),
        ("GRC", "ARE"),
        ("FIN", "USA"),
        ("FRA", "DEU"),
    ):
        assert bound(a, b)
        assert pact_number(a, b, 2030) is None
        assert pact_number(a, b, 2030, pact=PactEvent.ENDING) is not None
    assert not bound("RUS", "CHN")


def test_a_question_that_stays_open_loses_what_has_passed():
    """p(t) = (p_close - p_t) / (1 - p_t), up to the frailty that quiet adds: what is left is a little less than that."""
    whole = pact_number("RUS", "CHN", 2030, opens=dt.date(2027, 1, 1))
    first = pact_number("RUS", "CHN", 2027, opens=dt.date(2027, 1, 1))
    left = pact_number("RUS", "CHN", 2030, opens=dt.date(2028, 1, 1))
    told = (whole.probability - first.probability) / (1 - first.probability)
    assert left.probability == pytest.approx(
        told, rel=0.02
    )  # the draws of the band are not weighed by the quiet year
    path = quiet_path(pact_number("RUS", "CHN", 2030))
    assert path["quiet_to"].iloc[0] == OPENS.isoformat()
    assert path["probability"].is_monotonic_decreasing


def test_half_a_year_is_half_a_year():
    year = pact_number("RUS", "CHN", 2027, opens=dt.date(2027, 1, 1)).probability
    half = pact_number("RUS", "CHN", 2027, opens=dt.date(2027, 7, 2)).probability
    assert half / year == pytest.approx(
        183 / 365, rel=0.01
    )  # of a hazard of half a per cent 1 - exp(-x) is x to .3 %


@pytest.mark.evidence  # reads the whole record
def test_the_likeliest_pairs_are_no_rivals(panel):
    table = panel.table[panel.table["year"] == panel.last_year]
    rivals = {
        tuple(sorted(pair))
        for pair in table.loc[table["rivalry"] == 1, ["country1", "country2"]].astype(str).to_numpy().tolist()
    }
    assert not rivals & set(likeliest(50))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"a": "RUS", "b": "Russia"}, SameCountryError, "both RUS"),
        ({"closes": 2020}, InputError, "closes at the end of 2020"),
        ({"closes": 2060}, InputError, "to 2045"),
        ({"opens": dt.date(2020, 1, 1)}, InputError, "cannot open on 2020-01-01"),
    ],
)
def test_bad_questions(arguments, error, message):
    with pytest.raises(error, match=message):
        pact_number(**arguments)


def test_the_ledger_takes_the_number_as_its_prior_and_ends_with_it():
    found = pact_number("RUS", "CHN", 2036)
    prior = pact_prior("RUS", "CHN", 2036)
    assert (prior.value, prior.low, prior.high) == (found.probability, found.low, found.high)
    assert read_ledger("russia_china_2014_2026").prior.value == found.probability
    with pytest.raises(InputError, match="not without a defence pact"):
        pact_prior("FRA", "DEU", 2036)


def test_the_title_sentence_has_number_range_date_mover_and_score():
    answer = alliance("RUS", "CHN")
    for finding, year in zip(answer.findings, CLOSES, strict=False):
        found = pact_number("RUS", "CHN", year)
        told = finding.values["probability"]
        assert (told.value, told.low, told.high) == (found.probability, found.low, found.high)
        assert finding.values["closes"] == year
    title, found = answer.findings[0], pact_number("RUS", "CHN", CLOSES[0])
    assert title.key == "alliance.moved"
    assert title.values["mover"].member == found.moved[0].mover
    assert title.values["moved"].value == found.moved[0].probability
    assert title.values["area"].value == load_pact_model()["scores"]["bilateral"]["questions"]["area"]
    json.dumps(answer.to_dict(), allow_nan=False)
    assert {f"word.mover.{one.value}" for one in Mover} <= set(DEFAULT_LANGUAGE.words)


def test_command(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))
    assert run(["alliance", "RUS", "CHN", "--format", "json"]) == OK
    out, err = capsys.readouterr()
    made = json.loads(out)
    assert made["findings"][0]["sentence"] in err.splitlines()
    for show in ("pacts", "moved", "quiet", "skill", "likeliest"):
        assert run(["alliance", "RUS", "CHN", "--show", show, "--format", "csv"]) == OK
        assert len(capsys.readouterr().out.splitlines()) >= 3
    assert run(["signal", "russia_china_2014_2026", "--prior", "RUS,CHN,2036", "--format", "json"]) == OK
    said = {one["key"]: one["values"] for one in json.loads(capsys.readouterr().out)["findings"]}
    told = next(value for key, value in said.items() if key.startswith("signal.posterior"))
    assert told["after"]["value"] == pytest.approx(pact_number("RUS", "CHN", 2036).probability, rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--by", "soon"], "whole years with commas"),
        (["--by", "2020"], "closes at the end of 2020"),
        (["--show", "all"], "There is no table 'all'"),
    ],
)
def test_command_errors(arguments, message, capsys):
    assert run(["alliance", "RUS", "CHN", *arguments]) == CANNOT
    assert message in capsys.readouterr().err


# --- published numbers


def test_reliability_as_published():
    """74.5 % (1816-1944); 50, 66 and 22 %; defence 41, non-aggression 37, offensive 74, neutrality 78 %."""
    shares = {name: reliability(name).mean for name in RELIABILITY}
    assert shares == pytest.approx(
        {
            "1816-1944": 0.745, "1816-2003": 0.50, "before 1945": 0.66, "1945-2003": 0.22,
            "defence": 0.41, "nonaggression": 0.37, "offensive": 0.74, "neutrality": 0.78,
        }
    )  # fmt: skip
    low, high = reliability("1945-2003").interval()
    assert low < 0.22 < high
    wide, narrow = (np.ptp(reliability("1945-2003", cases).interval()) for cases in (10, 100))
    assert narrow < wide
    assert reliability("defence").after(20, 0).mean == pytest.approx((0.41 * 20 + 20) / 40)
    with pytest.raises(InputError, match="no reliability of 'entente'"):
        reliability("entente")
    with pytest.raises(InputError, match="more than no case"):
        reliability("defence", 0)


# --- real data


@pytest.fixture(scope="module")
def dyads(all_dyads) -> DyadYears:
    known = all_dyads.table["year"] <= 2018
    return dataclasses.replace(all_dyads, table=all_dyads.table[known].reset_index(drop=True))


@pytest.fixture(scope="module")
def old(dyads) -> AlliancePanel:
    return risk_sets(dyads)


@pytest.fixture(scope="module")
def panel(reference_data) -> AlliancePanel:
    return pact_record(reference_data)


@pytest.fixture(scope="module")
def frozen(reference_data) -> AlliancePanel:
    """As of the last freeze: what ships is fitted to it."""
    return pact_record(reference_data, without=SINCE_THE_FREEZE)


@pytest.mark.evidence  # the panel of all pairs since 1946; made-up ones are above, and what ships is tried below
def test_risk_sets_of_atop(old):
    table = old.table
    assert (old.last_year, table["year"].min()) == (2018, 1946)
    late = (table["year"] >= 1950).to_numpy()
    counts = {k: int((late & at_risk(table, k) & happened(table, k)).sum()) for k in KINDS}
    founding = int((late & table["followed"] & (table["kind"] == "founding")).sum())
    assert counts == {"bilateral": 33, "accession": 1475 - founding, "ending": 274}
    assert 0 < founding < 1475
    assert not (table["held"] & (table["kind"] != "")).any()
    assert not table.loc[table["year"] == 2018, "followed"].any()


def events(table, one, two):
    rows = table[(table["cow1"] == one) & (table["cow2"] == two)]
    return rows.loc[rows["kind"] != "", ["year", "kind", "treaty"]].set_index("year")


@pytest.mark.evidence
def test_known_treaties_are_found(old):
    table = old.table
    assert events(table, 2, 732)["kind"].to_dict() == {
        1952: "bilateral"
    }  # United States and South Korea, 1953
    assert events(table, 710, 731)["kind"].to_dict() == {1960: "bilateral"}  # China and North Korea, 1961
    nato = {events(table, 2, k)["treaty"].get(1948) for k in (20, 200, 220, 325)}
    assert len(nato) == 1  # Canada, United Kingdom, France, Italy: signed in 1949
    assert events(table, 2, 290)["treaty"].get(1996) in nato  # Poland: protocol of accession of 1997
    china = table[(table["cow1"] == 365) & (table["cow2"] == 710)].set_index("year")
    assert china.loc[1980, "ends"]
    assert not china.loc[1981:, "held"].any()


@pytest.mark.evidence  # reads the whole record
def test_the_record_goes_on_after_the_published_data(panel):
    table = panel.table
    assert panel.last_year == 2025
    signed = table[(table["kind"] == "bilateral") & (table["year"] >= 2018)]
    pairs = [tuple(sorted(p)) for p in signed[["country1", "country2"]].astype(str).to_numpy().tolist()]
    assert set(pairs) == {("ARE", "GRC"), ("PRK", "RUS"), ("PAK", "SAU"), ("AUS", "PNG"), ("AUS", "TUV")}
    joined = table[(table["kind"] == "accession") & (table["year"] >= 2018)]
    assert set(joined["year"]) == {2019, 2022, 2023}  # North Macedonia, Finland, Sweden


@pytest.mark.evidence  # reads the whole record twice
def test_a_treaty_that_came_after_the_freeze_is_in_the_record_and_not_in_the_fit(panel, frozen):
    """Of the six only the one with Tuvalu binds a pair that had no pact of defence."""
    assert {one.key for one in pacts()} > SINCE_THE_FREEZE
    names = ["country1", "country2", "year"]
    both = (one.table.loc[one.table["kind"] == "bilateral", names] for one in (panel, frozen))
    now, then = ({(*sorted(map(str, row[:2])), row[2]) for row in one.to_numpy().tolist()} for one in both)
    assert then < now
    assert now - then == {("AUS", "TUV", 2023)}


@pytest.mark.evidence  # reads the whole record
def test_pairs_are_near_or_far_from_their_first_year_on(panel):
    """16,245 of these rows had no distance, and were of average distance and of the class of far pairs."""
    table = panel.table
    rows = table[at_risk(table, "bilateral") & (table["year"] >= 1950)]
    assert rows["distance"].isna().sum() == 0
    born = rows[rows.groupby("pair")["year"].transform("min") == rows["year"]]
    assert (born["near"] == 1).sum() > 500


@pytest.mark.evidence  # reads the whole record
def test_pacts_of_2019_to_2025_forecast_in_2018(panel):
    """What the forecasts reach, as it ships; five signings, so that the error of the area is about .07."""
    found = from_origin(sample_of(panel, "bilateral"), 2018, 2025)
    scored = scores_of(found, draws=20)
    assert scored["events"] == 5
    # .94 was asked: Greece and the Emirates stand at place 4,605 of 17,208, Australia and Tuvalu at 5,609
    shipped = load_pact_model()["scores"]["bilateral"]["questions"]
    assert scored["auc"] == pytest.approx(shipped["area"], abs=1e-3)
    assert scored["log_skill"] == pytest.approx(shipped["log_skill"], abs=1e-3)
    assert shipped["area"] >= 0.87
    assert shipped["log_skill"] >= 0.10
    top = found.nlargest(50, "forecast")["index"]
    assert not (panel.table.iloc[top]["rivalry"] == 1).any()
    many = from_origin(sample_of(panel, "accession"), 2018, 2025)
    assert scores_of(many, draws=20)["auc"] >= 0.98
    assert 40 <= many["forecast"].sum() <= 160


@pytest.mark.evidence  # fits anew; `make evidence PART=pacts` holds the same
def test_what_ships_is_what_these_data_give(frozen):
    """The fit to the record of the freeze without its draws; `tools/fit_pacts.py --check` repeats it in full."""
    for kind, values in load_pact_model()["kinds"].items():
        sample = sample_of(frozen, kind)
        fit = fit_rank(kind, sample.rows, priors_of(kind))
        np.testing.assert_allclose(
            fit.beta, values["beta"], atol=1e-3
        )  # the optimiser stops by a rule of its own
        assert values["events"] == int(sample.y.sum())
        assert rate_of(sample, frozen.last_year) == pytest.approx(values["rate"], rel=1e-4)


@pytest.mark.evidence  # fits anew
def test_ratios_of_evidence_are_those_that_ship(frozen):
    found = evidence_ratios(frozen, draws=20).set_index("evidence")
    for row in load_pact_model()["ratios"]:
        assert found.loc[row["evidence"], "ratio"] == pytest.approx(row["ratio"], abs=1e-3)
    assert set(found.index) == {one.value for one in EvidenceKind}
    assert found.loc["large_arms", "ratio"] > found.loc["trade", "ratio"]


def test_a_year_that_the_register_of_arms_lacks_is_not_one_without_orders():
    """An order of 2010 is in the ten years to 2019 and not to 2020; from the register's end on what was last known stays."""
    years = np.arange(2008, 2026)
    names = (
        "cinc_1 cinc_2 polyarchy_1 polyarchy_2 trade mid_ongoing rivalry ideal_point_distance land_border distance_km "
        "atop_defence"
    )
    table = pd.DataFrame({"cow1": 2, "cow2": 20, "year": years, **dict.fromkeys(names.split(), 0.0)})
    ordered = np.where(years == 2010, 100.0, 0.0)
    pair = np.zeros(len(years), dtype=np.int64)
    for end, last in ((2019, 100.0), (2020, 0.0)):
        known = table.assign(orders=np.where(years <= end, ordered, np.nan))
        arms = dict(zip(years, np.expm1(5.0 * covariates(known, pair)[0]["arms"]), strict=True))
        assert arms[2009] == arms[2008] == 0.0
        assert arms[2019] == pytest.approx(100.0)
        assert arms[2025] == pytest.approx(last)
    assert not covariates(table, pair)[0]["arms"].any()  # without a register


def test_readers_of_orders_and_of_disputes_over_territory(reference_data, tmp_path):
    orders = read_arms_orders(reference_data / "sipri" / "trade_register_1950_2024.csv.gz")
    own = orders[(orders["supplier"] == "RUS") & (orders["recipient"] == "CHN")].set_index("year")["tiv"]
    assert own.loc[1996] == 4496.5  # sum of the rows of the register by hand
    assert "CSK" in set(orders["supplier"])
    disputes = read_territorial_disputes(reference_data / "peacesciencer" / "gml_dirdisp.rda")
    assert ((disputes["cow1"] == 750) & (disputes["cow2"] == 770)).any()  # India and Pakistan
    assert not disputes.duplicated().any()
    with pytest.raises(SourceFileError, match="no file"):
        read_arms_orders(tmp_path / "none.csv")
    (tmp_path / "other.csv").write_text("x\n" * 11 + "a,b\n1,2\n")
    with pytest.raises(SourceFileError, match="no column"):
        read_arms_orders(tmp_path / "other.csv")


@pytest.mark.evidence  # a fit to the panel
def test_signs_that_morrow_predicts(dyads):
    """1816-1965. Change of capabilities ends pacts: clear. The two on asymmetry have the sign and are within error of zero;
    the one on rising second-rank powers has the other sign with this measure of asymmetry, capabilities.
    """
    found = morrow_signs(dyads, risk_sets(dyads, 1816)).set_index("prediction")
    z = found["coefficient"] / found["error"]
    assert found["agrees"].tolist() == [True, True, True, False]
    assert z["change of capabilities ends pacts"] > 5
    assert z[["asymmetric pacts form more easily", "asymmetric pacts last longer"]].abs().max() < 1.64
    assert -2.5 < z["rising second-rank powers form asymmetric pacts"] < -1.5


def test_what_is_lacking_is_named(dyads):
    given_ = dyads.coverage.assign(given=dyads.coverage["source"] != "rivalries")
    with pytest.raises(SourceFileError, match="need rivalries too"):
        risk_sets(dataclasses.replace(dyads, coverage=given_))
    with pytest.raises(DataError, match="goes on after 2018"):
        risk_sets(dyads, 2018)
    assert "rivalries" in NEEDED


@pytest.mark.evidence  # reads the whole record
def test_a_fit_without_events_is_refused(panel):
    sample = sample_of(dataclasses.replace(panel, table=panel.table.assign(ends=False)), "ending")
    with pytest.raises(InputError, match="at least one event"):
        fit_rank("ending", sample.rows)


def test_areas_by_treaty_are_those_that_the_page_prints():
    ranks, forms = (pd.read_csv(EVIDENCE / f"pact_{name}.csv") for name in ("ranks", "forms"))
    used = forms[(forms["form"] == "in use") & (forms["scheme"] == "2019-2025")].set_index("kind")
    page = (EVIDENCE.parent / "explanation" / "pacts.md").read_text("utf-8")
    for kind, printed in (("bilateral", "0.874 (0.070)"), ("accession", "0.980 (0.004)")):
        own = ranks[(ranks["kind"] == kind) & ranks["event"]]
        joiner = own["pair"].str.extract("(FIN|SWE)")[0].fillna("MKD")
        treaty = own["pair"] if kind == "bilateral" else joiner
        above = (1.0 - (own["place"] - 1) / (used.loc[kind, "rows"] - 1)).groupby(treaty).mean()
        assert f"{above.mean():.3f} ({above.std() / len(above) ** 0.5:.3f})" == printed
        assert printed in page
    # one event a treaty: the area of the table is the mean over the treaties, but for ties
    assert used.loc["bilateral", "auc"] == pytest.approx(0.874, abs=1e-3)
