"""The alliance model: treaties from dyad-years, the logit against other libraries, honest forecasts, the answer for a pair."""

from __future__ import annotations

import dataclasses
import json
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suasion.answers.language import ENGLISH
from suasion.cli.app import CANNOT, OK, run
from suasion.errors import DataError, InputError, SameCountryError, SourceFileError
from suasion.questions import alliance
from suasion.statecraft import alliance_prior, alliance_probability, load_alliance_model, read_ledger
from suasion.statecraft.alliance.covariates import COVARIATES, Grid, carried, changes, since
from suasion.statecraft.alliance.data import added_panel
from suasion.statecraft.alliance.evaluation import either, shipped_scores
from suasion.statecraft.alliance.horizons import Basis
from suasion.statecraft.alliance.logit import (
    bootstrap_covariance,
    fit_logit,
    logistic,
    thinned,
    two_way_covariance,
)
from suasion.statecraft.alliance.model import FILE, AllianceModel, fit_alliance_model
from suasion.statecraft.alliance.morrow import RELIABILITY, morrow_signs, reliability
from suasion.statecraft.alliance.panel import KINDS, NEEDED, at_risk, happened, names_of, risk_sets
from suasion.statecraft.alliance.scores import (
    Sample,
    one_digit,
    rolling_forecasts,
    sample_of,
    scores_of,
    treaties_left_out,
    within,
)
from suasion.statecraft.alliance.treaties import pact_starts
from suasion.statecraft.dyads.table import DyadYears, dyad_years

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
    shared, most = Grid.of(table).in_common(table["atop_defence"].to_numpy() == 1)
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
    assert set(COVARIATES) | {group for group, _ in COVARIATES.values()} <= {
        key.rpartition(".")[2] for key in ENGLISH.words if key.startswith("word.covariate.")
    }
    assert {n for k in KINDS for n in names_of(k)} == set(COVARIATES)


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
    ours = two_way_covariance(fit, x, y, np.ones(len(y)), (group, group), prior_sd=1e5)
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
    ours = two_way_covariance(fit, x, y, weights, (treaty, dyad), prior_sd=1e5)
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
    one_way = two_way_covariance(fit, x, y, weights, (dyad, dyad), prior_sd=1e5)
    assert np.abs(ours / one_way - 1).max() > 0.05  # the second clustering is not without effect


def test_bootstrap_and_sandwich_agree(rows):
    x, y, _, group = rows
    ones = np.ones(len(y))
    fit = fit_logit(x, y, ones, ("a", "b", "c"))
    draws = np.sqrt(np.diag(bootstrap_covariance(fit, x, y, ones, group, 300)))
    sandwich = np.sqrt(np.diag(two_way_covariance(fit, x, y, ones, (group, group))))
    np.testing.assert_allclose(
        draws, sandwich, rtol=0.2
    )  # 300 draws have a standard error of 4 %; 60 clusters add theirs


def test_missing_values_are_the_mean(rows):
    x, y, weights, _ = rows
    fit = fit_logit(x, y, weights, ("a", "b", "c"))
    blank = np.array([[np.nan, 2.0, 1.0]])
    assert fit.eta(blank)[0] == pytest.approx(fit.eta(np.array([[fit.centre[0], 2.0, 1.0]]))[0])


def test_a_thinned_risk_set_keeps_every_event_and_the_rate():
    event = np.zeros(50_000, dtype=bool)
    event[::1000] = True
    chosen, weights = thinned(np.arange(50_000), event)
    assert set(np.flatnonzero(event)) <= set(chosen)
    assert (weights * event[chosen]).sum() == 50
    assert weights.sum() == pytest.approx(50_000, rel=0.05)  # 5,000 of 50,000 by a hash: standard error 1.3 %
    again, _ = thinned(np.arange(50_000), event)
    np.testing.assert_array_equal(chosen, again)


def test_a_logit_without_events_is_refused():
    with pytest.raises(InputError, match="rows with the event and rows without"):
        fit_logit(np.ones((5, 1)), np.zeros(5, dtype=bool), np.ones(5), ("a",))


# --- forecasts and scores


def made_up(seed=0, pairs=120, years=30, effect=1.0) -> Sample:
    rng = np.random.default_rng(seed)
    names = names_of("ending")
    pair, year = np.repeat(np.arange(pairs), years), np.tile(1950 + np.arange(years), pairs)
    x = rng.standard_normal((len(pair), len(names)))
    y = rng.random(len(pair)) < logistic(-3.5 + effect * (x[:, 0] - x[:, 1]))
    return Sample("ending", x, y, year, pair, 10_000 + pair, pair * 4096 + year)


def test_the_future_does_not_reach_the_forecasts():
    sample = made_up()
    before = rolling_forecasts(sample, first=1970)
    changed = dataclasses.replace(sample, y=np.where(sample.year >= 1975, ~sample.y, sample.y))
    after = rolling_forecasts(changed, first=1970)
    same = before["year"] <= 1975
    np.testing.assert_array_equal(before.loc[same, "forecast"], after.loc[same, "forecast"])
    np.testing.assert_array_equal(before.loc[same, "base"], after.loc[same, "base"])
    assert not np.allclose(before.loc[~same, "forecast"], after.loc[~same, "forecast"])


@pytest.mark.parametrize("method", ["logit", "trees"])
def test_skill_is_found_where_there_is_some_and_only_there(method):
    good = scores_of(rolling_forecasts(made_up(1, effect=1.5), method, first=1976), draws=100)
    none = scores_of(rolling_forecasts(made_up(1, effect=0.0), method, first=1976), draws=100)
    assert good["log_skill_low"] > 0.05
    assert good["auc"] > 0.75
    assert none["log_skill_low"] < 0 < good["log_skill"] - none["log_skill"]
    assert none["average_precision"] < 3 * none["base_rate"]


def test_the_base_rate_has_no_skill_against_itself():
    made = rolling_forecasts(made_up(), first=1970)
    found = scores_of(made.assign(forecast=made["base"]), draws=50)
    assert (
        found["log_skill"] == found["brier_skill"] == found["log_skill_low"] == found["log_skill_high"] == 0.0
    )


def test_brier_parts_add_up_for_rounded_forecasts():
    made = rolling_forecasts(made_up(), first=1970)
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


def test_horizons_count_events_ahead_and_leave_out_unfinished_years():
    made = pd.DataFrame(
        {
            "year": [1990, 1991, 1992, 1993] * 2,
            "pair": [1] * 4 + [2] * 4,
            "cluster": [10_001] * 4 + [10_002] * 4,
            "event": [False, False, True, False] + [False] * 4,
            "forecast": 0.1,
            "base": 0.2,
        }
    )
    made.loc[2, "cluster"] = 7
    found = within(made, 2)
    assert found["year"].max() == 1992
    assert found.set_index(["pair", "year"])["event"].to_dict() == {
        (1, 1990): False, (1, 1991): True, (1, 1992): True, (2, 1990): False, (2, 1991): False, (2, 1992): False,
    }  # fmt: skip
    assert found.loc[1, "cluster"] == 7
    np.testing.assert_allclose(found["forecast"], 0.19)  # 1 - 0.9^2
    np.testing.assert_allclose(found["base"], 0.36)


def test_left_out_treaties_are_wholly_left_out():
    """A treaty of 40 pairs whose covariates alone say that they sign teaches nothing when all of it is held out."""
    sample = made_up(2, effect=0.0)
    treaty = (sample.pair < 40) & (sample.year == 1965)
    x = sample.x.copy()
    x[:, 2] = treaty
    sample = dataclasses.replace(
        sample, x=x, y=sample.y | treaty, cluster=np.where(treaty, 5, sample.cluster)
    )
    held = treaties_left_out(sample)
    seen = sample.predictor(np.ones(len(x), dtype=bool), "logit")(sample.x)
    assert held.loc[held["cluster"] == 5, "forecast"].max() < 0.2
    assert seen[treaty].min() > 0.5


def test_either_kind_adds_hazards():
    one = pd.DataFrame(
        {
            "year": [1, 2],
            "pair": [1, 1],
            "cluster": [8, 9],
            "event": [True, False],
            "forecast": 0.1,
            "base": 0.2,
        }
    )
    many = one.assign(event=[False, True], cluster=[3, 4], forecast=0.5)
    found = either(one, many)
    np.testing.assert_allclose(found["forecast"], 0.55)  # 1 - 0.9 x 0.5
    assert found["event"].all()
    assert found["cluster"].tolist() == [8, 4]


# --- the object that ships, and the answer


@pytest.fixture(scope="module")
def shipped() -> AllianceModel:
    return load_alliance_model()


def test_the_file_is_small_and_reads_as_it_was_written(root, shipped):
    path = root / "src" / "suasion" / "statecraft" / "tables" / FILE
    assert path.stat().st_size < 100_000
    assert shipped.to_json() == path.read_text("utf-8")
    for fit in shipped.kinds.values():
        assert np.linalg.eigvalsh(fit.covariance).min() > -1e-4  # six digits are kept
        assert len(fit.logit.names) + 1 == len(fit.logit.beta) == len(fit.covariance)


@pytest.mark.parametrize("text", ["{", "[]", '{"version": "other"}'])
def test_another_file_is_no_model(text):
    with pytest.raises(SourceFileError, match="alliance model cannot be read"):
        AllianceModel.from_json(text)


def test_skill_stands_in_the_same_sentence_as_the_probability():
    """The record of a horizon and the forecasts from 1990 on are told apart; each has its own interval."""
    found, answer = alliance_probability("Russia", "China"), alliance("Russia", "China")
    assert (found.a, found.b, found.event, found.pact) == ("RUS", "CHN", "forming", "no")
    for row, finding in zip(reversed(found.within), answer.findings, strict=False):
        assert (row.method, row.probability, row.skill_low > 0 > row.late_low) == (
            "base_rate",
            row.base,
            True,
        )
        assert (
            finding.key == "alliance.late_unclear"
        )  # so the sentence must not call the first one an interval with zero
        numbers = {name: finding.values[name].value for name in ("probability", "skill", "late", "model")}
        assert numbers == {
            "probability": row.base, "skill": row.log_skill, "late": row.late_skill, "model": row.model,
        }  # fmt: skip
        assert set(numbers) < set(re.findall(r"{(\w+)", ENGLISH.template(finding.place)))
    json.dumps(answer.to_dict(), allow_nan=False)


def test_scores_are_those_of_the_record(shipped):
    late = shipped.scores["either"]["late"]
    for row in alliance_probability("RUS", "CHN").within:
        whole = shipped.scores["either"][str(row.years)]
        assert (row.log_skill, row.skill_low, row.skill_high) == tuple(
            whole[n] for n in ("log_skill", "log_skill_low", "log_skill_high")
        )
        assert (row.late_skill, row.late_low) == (late["log_skill"], late["log_skill_low"])


def test_where_skill_is_clear_of_zero_the_model_is_the_headline(shipped):
    scores = {k: {h: {**v, "log_skill_low": 0.1} for h, v in by.items()} for k, by in shipped.scores.items()}
    answer = alliance_probability("RUS", "CHN", model=dataclasses.replace(shipped, scores=scores))
    assert {row.method for row in answer.within} == {"model"}
    assert all(row.probability == row.model for row in answer.within)


def test_without_skill_the_base_rate_is_the_headline(shipped):
    scores = {k: {h: {**v, "log_skill_low": -0.1} for h, v in by.items()} for k, by in shipped.scores.items()}
    answer = alliance_probability("RUS", "CHN", model=dataclasses.replace(shipped, scores=scores))
    assert {row.method for row in answer.within} == {"base_rate"}


def test_order_of_the_pair_does_not_matter_and_longer_is_likelier():
    one, two = (alliance_probability(*pair, (1, 3, 10, 20)) for pair in (("RUS", "CHN"), ("CHN", "RUS")))
    assert one.within == two.within
    for name in ("probability", "model", "base", "model_high"):
        values = [getattr(row, name) for row in one.within]
        assert values == sorted(values)
    for row in one.within:
        assert row.model_low < row.model < row.model_high


def test_years_after_the_data_widen_the_band():
    near, far = (alliance_probability("RUS", "CHN", (1,), as_of=year).within[0] for year in (2018, 2030))
    assert near.model == far.model
    assert far.model_high / far.model_low > 1.5 * near.model_high / near.model_low
    assert dict(alliance_probability("RUS", "CHN").carried)["trade_dependence"] == 4
    assert alliance("RUS", "CHN").findings[-1].key == "alliance.age"


def test_one_year_without_drift_is_the_sum_of_the_hazards(shipped):
    answer = alliance_probability("RUS", "CHN", (1, 2))
    bilateral, many = (k.hazard for k in answer.kinds)
    assert answer.within[0].model == pytest.approx(1 - (1 - bilateral) * (1 - many), rel=1e-12)
    assert answer.within[1].model == pytest.approx(1 - ((1 - bilateral) * (1 - many)) ** 2, rel=1e-12)
    base = sum(shipped.kinds[k].base_rate for k in ("bilateral", "multilateral"))
    assert answer.within[1].base == pytest.approx(1 - np.exp(-2 * base), rel=1e-12)


def test_groups_add_up_to_the_log_odds(shipped):
    for pair in shipped.pairs.values():
        for kind in set(KINDS) & set(pair):
            total = shipped.kinds[kind].logit.beta[0] + sum(pair[kind]["groups"].values())
            assert total == pytest.approx(
                pair[kind]["eta"], abs=0.06
            )  # nine groups, each rounded by up to 0.005


def test_pairs_that_hold_a_pact_are_asked_when_it_ends():
    allies = alliance_probability("FRA", "DEU")
    assert allies.event == "ending"
    assert [k.kind for k in allies.kinds] == ["ending"]
    since_then = alliance_probability("FIN", "USA")  # Finland joined in 2023, after the data
    assert (since_then.event, since_then.basis) == ("ending", "base_rate")
    korea = [alliance_probability("RUS", "PRK", as_of=year).event for year in (2023, 2024)]
    assert korea == ["forming", "ending"]  # treaty of 19 June 2024


def test_pairs_without_numbers_get_the_base_rate_and_say_so():
    answer = alliance_probability("BRA", "VNM", (5,))
    row = answer.within[0]
    assert (answer.basis, row.model, row.method) == ("base_rate", None, "base_rate")
    case = "unknown_pact" if answer.pact == "unknown" else "not_fitted"
    assert alliance("BRA", "VNM", years=(5,)).findings[0].key == f"alliance.{case}"


def test_alliance_data_say_whether_a_pair_has_a_pact():
    """Brazil and Argentina promise each other help in the OAS; the embedded treaties do not have it."""
    kinds = dict.fromkeys(("offence", "neutrality", "nonaggression", "consultation"), False)
    rows = [{"country1": "ARG", "country2": "BRA", "year": 2018, "defence": True, **kinds}]
    blind, told = (
        alliance_probability("BRA", "ARG"),
        alliance_probability("BRA", "ARG", atop=pd.DataFrame(rows)),
    )
    assert (blind.event, blind.pact, told.event, told.pact) == ("forming", "unknown", "ending", "yes")
    assert alliance("BRA", "ARG").findings[0].key == "alliance.unknown_pact"
    assert told.within[0].probability == told.within[0].base != blind.within[0].base


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"a": "RUS", "b": "Russia"}, SameCountryError, "both RUS"),
        ({"a": "RUS", "b": "CHN", "years": (0,)}, InputError, "Horizons are 1 to 20 years, not 0"),
        ({"a": "RUS", "b": "CHN", "years": ()}, InputError, "not none"),
        ({"a": "RUS", "b": "CHN", "as_of": 2010}, InputError, "cannot be made as of 2010"),
    ],
)
def test_bad_questions(arguments, error, message):
    with pytest.raises(error, match=message):
        alliance_probability(**arguments)


def test_the_ledger_takes_the_answer_as_its_prior():
    answer = alliance_probability("RUS", "CHN")
    prior = alliance_prior(answer, 10)
    row = answer.within[2]
    assert (prior.value, prior.low, prior.high, prior.source) == (
        row.probability, row.low, row.high, "alliance model",
    )  # fmt: skip
    assert read_ledger("russia_china_2014_2020", prior).prior.value == row.probability
    with pytest.raises(InputError, match="within 7 years"):
        alliance_prior(answer, 7)
    with pytest.raises(InputError, match="no probability of a pact"):
        alliance_prior(alliance_probability("FRA", "DEU"), 10)


@pytest.fixture
def no_data(tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))


@pytest.mark.usefixtures("no_data")
def test_command(capsys):
    assert added_panel() is None
    assert run(["alliance", "RUS", "CHN", "--format", "json"]) == OK
    out, err = capsys.readouterr()
    made = json.loads(out)
    assert made["tables"][0]["rows"][0][0] == 1
    assert err.splitlines()[0] == made["findings"][0]["sentence"]
    for show in ("within", "kinds", "movers", "skill"):
        assert run(["alliance", "RUS", "CHN", "--show", show, "--format", "csv"]) == OK
        assert len(capsys.readouterr().out.splitlines()) >= 3
    assert run(["alliance", "Russia", "China", "--years", "10"]) == OK
    assert "base" in capsys.readouterr().out
    base = alliance_probability("RUS", "CHN", (10,)).within[0].base
    assert run(["signal", "russia_china_2014_2020", "--prior", "RUS,CHN,10", "--format", "json"]) == OK
    said = {one["key"]: one["values"] for one in json.loads(capsys.readouterr().out)["findings"]}
    assert said["signal.posterior"]["prior"]["value"] == pytest.approx(base, rel=1e-12)
    assert "signal.classes" not in said  # one class only: the prior is that of all pairs


@pytest.mark.usefixtures("no_data")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--years", "soon"], "whole years with commas"),
        (["--show", "all"], "There is no table 'all'"),
        (["--folder", "."], "cow-states"),
    ],
)
def test_command_errors(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
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
def dyads(reference_data, tmp_path_factory) -> DyadYears:
    return dyad_years(reference_data, 1816, 2018, cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def panel(dyads):
    return risk_sets(dyads)


def test_risk_sets_of_atop(panel):
    table = panel.table
    assert (panel.last_year, table["year"].min()) == (2018, 1946)
    late = (table["year"] >= 1950).to_numpy()
    counts = {k: int((late & at_risk(table, k) & happened(table, k)).sum()) for k in KINDS}
    assert counts == {"bilateral": 33, "multilateral": 1475, "ending": 274}
    assert not (table["held"] & (table["kind"] != "")).any()
    assert not table.loc[table["year"] == 2018, "followed"].any()


def events(table, one, two):
    rows = table[(table["cow1"] == one) & (table["cow2"] == two)]
    return rows.loc[rows["kind"] != "", ["year", "kind", "treaty"]].set_index("year")


def test_known_treaties_are_found(panel):
    table = panel.table
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


def test_recent_rate_knows_only_the_past(dyads, panel):
    """Take the pacts that begin in 2007 away: no rate up to the end of 2006 may change."""
    table = dyads.table.copy()
    new = (table["year"] >= 2007) & (table["atop_defence"] == 1)
    for name in ("atop_defence", "atop_defence_12", "atop_defence_21"):
        table.loc[new, name] = 0.0
    other = risk_sets(dataclasses.replace(dyads, table=table)).table
    for kind in KINDS:
        rates = [t.groupby("year")[f"recent_{kind}"].first() for t in (panel.table, other)]
        pd.testing.assert_series_equal(rates[0].loc[:2006], rates[1].loc[:2006])
    late = [t.groupby("year")["recent_multilateral"].first().loc[2008] for t in (panel.table, other)]
    assert late[0] > late[1]


def test_what_ships_is_what_these_data_give(panel, shipped):
    """The fit without its bootstrap, which `tools/fit_alliance.py --check` repeats in full."""
    made = fit_alliance_model(panel, shipped.scores, draws=5, trees=False)
    for kind, fit in shipped.kinds.items():
        error = np.sqrt(np.diag(fit.covariance))
        gap = np.abs(fit.logit.beta - made.kinds[kind].logit.beta) / error
        assert gap.max() < 1e-3  # six digits ship
        assert (fit.rows, fit.events, fit.treaties) == tuple(
            getattr(made.kinds[kind], n) for n in ("rows", "events", "treaties")
        )
        np.testing.assert_allclose(fit.sandwich_sd, made.kinds[kind].sandwich_sd, rtol=1e-3)
    for name, pair in shipped.pairs.items():
        for kind in set(KINDS) & set(pair):
            assert pair[kind]["eta"] == pytest.approx(made.pairs[name][kind]["eta"], abs=1e-3)
    assert {k: {n: tuple(v) for n, v in by.items()} for k, by in shipped.classes.items()} == made.classes


def test_data_of_ones_own_give_the_shipped_answer_and_every_covariate(panel):
    own, sent = alliance_probability("RUS", "CHN", panel=panel), alliance_probability("RUS", "CHN")
    assert (own.basis, sent.basis) == (Basis.OWN, Basis.SHIPPED)
    for mine, theirs in zip(own.within, sent.within, strict=True):
        assert mine.model == pytest.approx(theirs.model, rel=1e-3)
    assert {name for name, _, _ in own.kinds[0].movers} == set(names_of("bilateral"))
    assert own.carried == sent.carried == (("dispute", 4), ("land_border", 2), ("trade_dependence", 4))
    assert alliance_probability("BRA", "VNM", panel=panel).within[0].model is not None
    with pytest.raises(InputError, match="no row of RUS and PSE"):
        alliance_probability("RUS", "PSE", panel=panel)


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
    with pytest.raises(SourceFileError, match="needs rivalries too"):
        risk_sets(dataclasses.replace(dyads, coverage=given_))
    with pytest.raises(DataError, match="goes on after 2018"):
        risk_sets(dyads, 2018)
    assert "rivalries" in NEEDED


def test_a_kind_without_events_is_refused(panel):
    quiet = dataclasses.replace(panel, table=panel.table.assign(ends=False))
    with pytest.raises(DataError, match="no event of the kind 'ending'"):
        sample_of(quiet, "ending")


def test_committed_scores_are_those_that_ship(root, shipped):
    path = root / "docs" / "evidence" / "alliance_evaluation.csv"
    assert shipped_scores(pd.read_csv(path)) == shipped.scores
