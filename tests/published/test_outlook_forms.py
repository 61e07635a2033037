"""Projections of the article's two points, and walks that know their errors."""

from __future__ import annotations

import math
from importlib import import_module

import numpy as np
import pytest
from scipy.stats import norm

from fits import scores
from suasion.errors import InputError

outlook = import_module("suasion.outlook")  # the name on the package is the question
POINTS = outlook.History.of([2013, 2019], [0.10, 0.18])


def test_the_slope_in_logits():
    slope = np.diff(POINTS.logits)[0] / 6
    assert slope == pytest.approx(0.11348, abs=5e-6)


def simulated(seed, n=60, drift=0.06, volatility=0.15):
    rng = np.random.default_rng(seed)
    logits = -2 + np.cumsum(drift + volatility * rng.standard_normal(n))
    return outlook.History.of(np.arange(2000, 2000 + n), 1 / (1 + np.exp(-logits)))


def test_a_walk_is_recovered():
    walks = [outlook.fit_walk(simulated(k)) for k in range(200)]
    # Means over 200 histories of 59 steps: standard errors .15/sqrt(59*200) and .15/sqrt(2*58*200).
    assert np.mean([w.drift for w in walks]) == pytest.approx(0.06, abs=4 * 0.15 / (59 * 200) ** 0.5)
    assert np.mean([w.volatility**2 for w in walks]) == pytest.approx(
        0.15**2, rel=4 * (2 / (58 * 200)) ** 0.5
    )


def test_gaps_between_years_do_not_bias_the_walk():
    full = simulated(3, 4001, drift=0.0, volatility=0.05)
    thin = outlook.History.of(full.years[::4], full.shares[::4])
    assert outlook.fit_walk(thin).drift == pytest.approx(outlook.fit_walk(full).drift, abs=1e-12)
    # 1,000 steps: the volatility's relative standard error is 1/sqrt(2000).
    assert outlook.fit_walk(thin).volatility == pytest.approx(0.05, rel=4 / 2000**0.5)


def test_fans_cover_what_they_promise():
    """A forecast from a short history covers its own future as often as it says, because drift and volatility are drawn."""
    inside = []
    for k in range(300):
        whole = simulated(k, 17)
        past = outlook.History.of(whole.years[:12], whole.shares[:12])
        draws = outlook.forecast(past, [whole.years[-1]], draws=400, seed=k)
        low, high = np.quantile(draws[:, 0], [0.1, 0.9])
        inside.append(low <= whole.shares[-1] <= high)
    # Binomial standard error of 300 at .8 is .023; three of them.
    assert np.mean(inside) == pytest.approx(0.8, abs=0.07)


def test_a_drift_that_is_there_is_worth_knowing():
    score = {form: [] for form in outlook.FORMS}
    for k in range(120):
        whole = simulated(k, 40, drift=0.15, volatility=0.1)
        past = outlook.History.of(whole.years[:35], whole.shares[:35])
        for form, found in score.items():
            draws = outlook.forecast(past, [whole.years[-1]], form, draws=300, seed=k)
            found.append(float(scores.crps_sample(draws[:, 0], whole.shares[-1])))
    mean = {form: np.mean(found) for form, found in score.items()}
    assert mean["random walk with drift"] < mean["random walk with damped drift"] < mean["random walk"]


def test_the_best_pool_is_found():
    rng = np.random.default_rng(0)
    y = np.where(rng.random(4000) < 0.3, rng.normal(-2, 1, 4000), rng.normal(2, 1, 4000))
    densities = np.column_stack([norm.pdf(y, -2, 1), norm.pdf(y, 2, 1), norm.pdf(y, 0, 30)])
    found = outlook.stack_weights(("left", "right", "vague"), densities)
    # Standard error of the share of 4,000 outcomes at .3: .007; three of them.
    assert found.weights == pytest.approx((0.3, 0.7, 0.0), abs=0.022)
    assert found.score > found.best
    assert sum(found.weights) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: outlook.History.of([2000, 2000], [0.1, 0.2]), "ascending years"),
        (lambda: outlook.History.of([2000, 2001], [0.1, 17.0]), "The share of 2001 is 17"),
        (lambda: outlook.History.of([2000, 2001], [0.1, math.nan]), "The share of 2001 is nan"),
        (lambda: outlook.fit_walk(POINTS), "at least three years"),
        (lambda: outlook.forecast(simulated(0), [1990]), "must ascend from after 2059"),
        (lambda: outlook.forecast(simulated(0), [2070], "oracle"), "no form 'oracle'"),
        (lambda: outlook.stack_weights(("a",), [[0.0]]), "density zero"),
        (lambda: outlook.stack_weights(("a", "b"), [[0.1]]), "must be"),
    ],
)
def test_what_cannot_be_projected_is_said(call, message):
    with pytest.raises(InputError, match=message):
        call()
