"""Forecast scores against numbers that can be checked by hand, and against scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fits import scores
from suasion.errors import InputError
from suasion.scores import diebold_mariano, skill

P, Y = (0.1, 0.4, 0.35, 0.8), (0, 0, 1, 1)


def test_the_scoring_toy():
    """Numbers of the toy with four forecasts, by hand."""
    assert scores.auc(P, Y) == 0.75
    assert scores.brier(P, Y) == pytest.approx(0.158125, abs=1e-15)
    assert scores.log_score(P, Y) == pytest.approx(0.472288, abs=5e-7)  # printed with six decimals


def test_the_base_rate_and_the_perfect_forecast():
    y = np.array([0, 0, 0, 1, 1])
    assert scores.brier(np.full(5, 0.4), y) == pytest.approx(0.4 * 0.6, abs=1e-15)
    assert scores.brier(y, y) == 0.0
    assert scores.auc(np.full(5, 0.4), y) == 0.5
    assert scores.average_precision(np.full(5, 0.4), y) == pytest.approx(0.4)
    assert skill(scores.brier(y, y), 0.24) == 1.0


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=60))
def test_murphys_partition_is_exact(rows):
    p, y = [k / 20 for k, _ in rows], [int(b) for _, b in rows]
    parts = scores.brier_parts(p, y)
    # Bins are the distinct values, so only rounding of sums of at most 60 terms remains.
    assert parts.score == pytest.approx(parts.reliability - parts.resolution + parts.uncertainty, abs=1e-14)


def test_areas_agree_with_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(5)
    p = np.round(rng.random(400), 2)  # with ties
    y = (rng.random(400) < p).astype(int)
    assert scores.auc(p, y) == pytest.approx(metrics.roc_auc_score(y, p), abs=1e-12)
    assert scores.average_precision(p, y) == pytest.approx(metrics.average_precision_score(y, p), abs=1e-12)
    assert scores.log_score(p, y, 1e-15) == pytest.approx(
        metrics.log_loss(y, np.clip(p, 1e-15, 1 - 1e-15)), abs=1e-9
    )


def test_calibrated_forecasts_have_slope_one_and_stretched_ones_less():
    rng = np.random.default_rng(1)
    logit = rng.normal(-1, 1.5, 40_000)
    p = 1 / (1 + np.exp(-logit))
    y = (rng.random(p.size) < p).astype(int)
    intercept, slope = scores.calibration(p, y)
    # Standard errors are about .015 with 40,000 outcomes; four of them.
    assert intercept == pytest.approx(0, abs=0.06)
    assert slope == pytest.approx(1, abs=0.06)
    assert scores.calibration(1 / (1 + np.exp(-2 * logit)), y)[1] == pytest.approx(0.5, abs=0.04)
    table = scores.calibration_table(p, y)
    assert table["count"].sum() == p.size
    assert ((table.low <= table.forecast) & (table.forecast <= table.high)).mean() >= 0.7


def test_crps_of_a_standard_normal_at_its_mean():
    assert scores.crps_normal(0.0, 1.0, 0.0) == pytest.approx(0.233695, abs=5e-7)  # printed with six decimals
    assert scores.crps_normal(1.0, 0.0, 3.0) == 2.0


def test_crps_of_draws_tends_to_that_of_the_distribution():
    rng = np.random.default_rng(0)
    draws = rng.normal(size=(200, 400))
    fair = scores.crps_sample(draws, np.full(200, 0.7)).mean()
    # Unbiased; its standard error over 200 samples of 400 draws is about 0.0015.
    assert fair == pytest.approx(float(scores.crps_normal(0, 1, 0.7)), abs=0.005)
    small = draws[:, :3]
    assert (
        scores.crps_sample(small, np.zeros(200)).mean()
        < scores.crps_sample(small, np.zeros(200), fair=False).mean()
    )


@settings(deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=2, max_size=12), st.floats(-5, 5))
def test_crps_of_draws_is_its_definition(draws, y):
    x = np.array(draws)
    by_hand = np.abs(x - y).mean() - 0.5 * np.abs(x[:, None] - x[None, :]).mean()
    assert scores.crps_sample(x, y, fair=False) == pytest.approx(by_hand, abs=1e-12)


def test_quantile_score_and_coverage():
    assert scores.coverage([0, 0, 0], [1, 1, 1], [0.5, 1.0, 2.0]) == pytest.approx(2 / 3)


def test_equal_accuracy():
    rng = np.random.default_rng(2)
    worse, better = rng.chisquare(1, 300) * 1.5, rng.chisquare(1, 300)
    found = diebold_mariano(worse, better)
    assert found.difference > 0
    assert found.p_value < 0.05
    same = diebold_mariano(better, better)
    assert (same.difference, same.statistic, same.p_value) == (0.0, 0.0, 1.0)
    # One step ahead it is the paired t-test.
    from scipy.stats import ttest_rel

    paired = ttest_rel(worse, better)
    assert found.statistic == pytest.approx(paired.statistic, rel=1e-9)
    assert found.p_value == pytest.approx(paired.pvalue, rel=1e-9)


def test_the_test_of_equal_accuracy_keeps_its_size_under_overlap():
    """Overlapping two-step errors: a twentieth of the tests may reject at five per cent, not more than twice that."""
    rng = np.random.default_rng(3)
    noise = rng.normal(size=(400, 121))
    losses = noise[:, 1:] + noise[:, :-1]
    rejected = np.mean([diebold_mariano(x, np.zeros(120), 3).p_value < 0.05 for x in losses])
    assert rejected < 0.1


def test_clusters_widen_the_interval():
    rng = np.random.default_rng(4)
    dyads = np.repeat(np.arange(40), 25)
    values = rng.normal(size=40)[dyads] + 0.1 * rng.normal(size=1000)
    together = scores.clustered_interval(dyads, lambda rows: float(values[rows].mean()))
    alone = scores.clustered_interval(np.arange(1000), lambda rows: float(values[rows].mean()))
    # One value per dyad: its error is sqrt(25) times that of independent rows.
    ratio = (together[1] - together[0]) / (alone[1] - alone[0])
    assert 3.5 < ratio < 6.5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: scores.brier([0.1], [0, 1]), "as many forecasts as outcomes"),
        (lambda: scores.brier([1.1], [1]), "between 0 and 1"),
        (lambda: scores.brier([math.nan], [1]), "between 0 and 1"),
        (lambda: scores.brier([0.5], [2]), "outcomes are 0 or 1"),
        (lambda: scores.crps_normal(0, -1, 0), "cannot be negative"),
        (lambda: scores.crps_sample([1.0], 0), "at least two draws"),
        (lambda: scores.coverage([1], [0], [0]), "ends before it begins"),
        (lambda: diebold_mariano([1, 2], [1, 2]), "at least 3"),
        (lambda: scores.clustered_interval([1, 1], lambda rows: 0.0), "at least two clusters"),
    ],
)
def test_what_cannot_be_scored_is_said(call, message):
    with pytest.raises(InputError, match=message):
        call()
