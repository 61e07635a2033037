"""Ideal points: derivatives, recovery of simulated truth, identification, update, bad input."""

from __future__ import annotations

import os
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from fits.votes_as_published import estimate_as_published, parts_of, start_place, walk_of
from suasion.errors import DataError, DuplicateLabelError, InputError, MissingValueError
from suasion.statecraft.ideal_points import (
    estimate_ideal_points,
    simulate_votes,
    update,
    voting_record,
)
from suasion.statecraft.ideal_points.identification import standardise, start_values, vague_prior
from suasion.statecraft.ideal_points.model import by_item, by_state, likelihood, split_votes
from suasion.statecraft.ideal_points.sampler import make_problem, place, stack, sweep, unstack

SEEDS = (1, 2, 3) if os.environ.get("SUASION_EVIDENCE") else (1,)
"""Worlds of votes of which the truth is known: one shows whether it is found, three how often bands hold it."""
SMALL = simulate_votes(12, 3, 15, seed=3)


def truth_of(simulated, record) -> np.ndarray:
    keys = pd.MultiIndex.from_arrays([record.countries, record.un_session])
    return simulated.truth.set_index(["country", "un_session"])["theta"].reindex(keys).to_numpy()


@pytest.fixture(scope="module")
def small():
    record = voting_record(SMALL.votes, SMALL.matches)
    theta, items = start_values(record, "C00")
    return record, theta, items


def test_likelihood_is_that_of_the_ordinal_probit(small):
    record, theta, items = small
    terms = likelihood(split_votes(record), theta, items)
    eta = items.beta[record.item] * theta[record.state]
    first = items.cut[record.item]
    second = (items.cut + np.exp(items.gap))[record.item]
    edges = [norm.cdf(x - eta) for x in (-9.0, first, second, 9.0)]
    chance = np.choose(record.vote - 1, [high - low for low, high in pairwise(edges)])
    found = terms.end.sum() + terms.mid.sum()
    assert found == pytest.approx(
        np.log(chance).sum(), rel=1e-10
    )  # two ways to the same double precision sum


def test_derivatives_by_finite_differences(small):
    record, theta, items = small
    votes, m, n = split_votes(record), len(record.items), len(record.countries)
    step = 1e-5
    level, slope, bend = by_state(votes, items, likelihood(votes, theta, items), n)
    up, down = (by_state(votes, items, likelihood(votes, theta + h, items), n) for h in (step, -step))
    # central differences of step 1e-5 are good to 1e-10 times the fourth derivative, and to 1e-16/1e-5 rounding
    np.testing.assert_allclose((up[0] - down[0]) / (2 * step), slope, atol=1e-6)
    np.testing.assert_allclose(-(up[1] - down[1]) / (2 * step), bend, atol=1e-6)
    assert level.shape == (n,)
    _, gradient, info = by_item(votes, theta, likelihood(votes, theta, items), m)
    move = np.array([step, 0.0, 0.0])
    shifted = stack(items) + move, stack(items) - move
    up, down = (by_item(votes, theta, likelihood(votes, theta, unstack(x)), m) for x in shifted)
    np.testing.assert_allclose((up[0] - down[0]) / (2 * step), gradient[:, 0], atol=1e-6)
    np.testing.assert_allclose(-(up[1] - down[1]) / (2 * step), info[:, 0], atol=1e-5)


def test_standardising_changes_no_probability(small):
    record, theta, items = small
    problem = make_problem(record, vague_prior(record, 0.02))
    moved = standardise(place(problem, 3 * theta - 0.001, items))
    again = place(problem, moved.theta, moved.items)
    assert moved.theta.mean() == pytest.approx(0, abs=1e-12)
    assert moved.theta.std() == pytest.approx(1, abs=1e-12)
    for old, new in zip(moved.terms, again.terms, strict=True):
        # a shift of 0.001 moves the ends of the scale, -9 and 9, by as much: 1e-5 for votes that are near them
        np.testing.assert_allclose(old.end, new.end, atol=1e-4)


def test_climbing_only_climbs(small):
    record, theta, items = small
    problem = make_problem(record, vague_prior(record, 0.02))
    point, levels = place(problem, theta, items), []
    for _ in range(6):
        point, _ = sweep(problem, point, None)
        levels.append(sum(t.end.sum() + t.mid.sum() for t in point.terms))
    assert (
        levels[-1] > levels[0] - 1.0
    )  # the posterior climbs; the likelihood alone may give a little to the prior


def test_a_state_far_out_comes_home(small):
    """With Gaussian noise it stays there for ever: the way back in is never accepted."""
    record, theta, items = small
    problem = make_problem(record, vague_prior(record, 0.02))
    lost = theta.copy()
    lost[4] = 8.0
    point, rng = place(problem, lost, items), np.random.default_rng(0)
    for _ in range(40):
        point, _ = sweep(problem, point, rng)
    assert abs(point.theta[4]) < 4.0


@pytest.fixture(scope="module")
def recovered():
    simulated = [simulate_votes(40, 6, 40, seed=s) for s in SEEDS]
    return [
        (s, estimate_ideal_points(s.votes, s.matches, high="C00", draws=200, burn=150, thin=3, seed=5))
        for s in simulated
    ]


def test_simulated_truth_is_recovered(recovered):
    covered, correlation = [], []
    for simulated, estimate in recovered:
        table, truth = estimate.frame, truth_of(simulated, estimate.record)
        covered.append(((table["low"] <= truth) & (truth <= table["high"])).mean())
        correlation.append(np.corrcoef(table["mean"], truth)[0, 1])
    # 40 votes each: sd .25 of a unit-sd truth, so correlation about sqrt(1 - .06) = .97
    assert min(correlation) > 0.94
    # 240 dependent bands a world: standard error about 3.5 points, of three worlds 2; 90 % nominal
    assert np.mean(covered) == pytest.approx(0.90, abs=0.05 if len(SEEDS) > 1 else 0.08)


def test_draws_are_identified(recovered):
    for _, estimate in recovered:
        np.testing.assert_allclose(estimate.draws.mean(axis=1), 0, atol=1e-5)  # stored in single precision
        np.testing.assert_allclose(estimate.draws.std(axis=1), 1, atol=1e-5)
        assert estimate.of("C00", 1).mean() > 0
        assert estimate.frame["r_hat"].median() < 1.1
        assert (estimate.moved > 0.4).all()


@pytest.mark.evidence  # a chain of 1,400 sweeps
def test_the_published_procedure_finds_distances_but_not_levels(recovered):
    """Against the same truth: fair within a UN session; between them it drifts where the posterior does not."""
    simulated, exact = recovered[0]
    found = estimate_as_published(simulated.votes, simulated.matches, "C00", draws=150, burn=800, thin=4)
    truth, number = truth_of(simulated, found.record), found.record.un_session
    assert found.draws.std(axis=1, ddof=1) == pytest.approx(1.0, abs=1e-5)
    level, within, covered = {}, [], []
    for k in np.unique(number):
        here = np.flatnonzero(number == k)
        within.append(np.corrcoef(found.draws[:, here].mean(axis=0), truth[here])[0, 1])
        apart = np.abs(found.draws[:, here[:-1]] - found.draws[:, here[1:]])
        low, high = np.quantile(apart, [0.05, 0.95], axis=0)
        covered.append((low <= np.abs(np.diff(truth[here]))) & (np.abs(np.diff(truth[here])) <= high))
        level[k] = [abs(e.draws[:, here].mean() - truth[here].mean()) for e in (found, exact)]
    assert min(within) > 0.88  # 40 votes each; the posterior has 0.95 and more
    assert np.mean(covered) > 0.7  # 0.90 nominal; it takes the state before as known
    drift, own = np.array(list(level.values())).T
    assert drift.max() > 0.3
    assert own.max() < 0.15  # 40 countries of sd .25 and a common drift: a tenth


def test_centres_of_the_published_walk():
    votes = SMALL.votes[(SMALL.votes["country"] != "C03") | (SMALL.votes["un_session"] == 2)]
    record = voting_record(votes, SMALL.matches)
    walk, names = walk_of(record), np.array(record.countries)
    assert walk.alone.tolist() == (names == "C03").tolist()
    own = np.flatnonzero(names == "C00")
    assert walk.centre[own].tolist() == [own[1], own[0], own[1]]  # the first one on the second
    first, second, third = record.votes[own]
    assert walk.precision[own] == pytest.approx(
        [2 * (first + second) / first, 2 * (first + second) / second, 2 * (second + third) / third]
    )


def test_latent_values_lie_between_the_cutpoints(small):
    """What each vote adds to its state is slope x z, z on the side of its cutpoint on which the vote is."""
    record, theta, items = small
    parts = parts_of(record)
    assert sum(p.votes.end_item.size + p.votes.mid_item.size for p in parts) == record.item.size
    place = start_place(parts, theta, items, [np.random.default_rng(k) for k in range(len(parts))])
    assert (place.items.gap > -30).all()
    assert np.abs(place.pull).max() <= 9.0 * np.abs(place.items.beta).max() * record.votes.max()
    again = start_place(parts, theta, items, [np.random.default_rng(k) for k in range(len(parts))])
    np.testing.assert_array_equal(place.pull, again.pull)


@pytest.mark.parametrize("estimate", [estimate_ideal_points, estimate_as_published])
def test_same_seed_same_draws(estimate):
    runs = [estimate(SMALL.votes, SMALL.matches, "C00", draws=20, burn=5, seed=9).draws for _ in range(2)]
    np.testing.assert_array_equal(*runs)


def test_order_of_rows_does_not_matter():
    shuffled = SMALL.votes.sample(frac=1.0, random_state=1)
    one, two = (voting_record(v, SMALL.matches) for v in (SMALL.votes, shuffled))
    np.testing.assert_array_equal(one.item, two.item)
    np.testing.assert_array_equal(one.state, two.state)


@pytest.mark.evidence  # two more chains
def test_update_agrees_with_the_whole_record(recovered):
    simulated, whole = recovered[0]
    early = simulated.votes[simulated.votes["un_session"] < 6]
    late = simulated.votes[simulated.votes["un_session"] == 6]
    first = estimate_ideal_points(early, simulated.matches, "C00", draws=200, burn=150, seed=5)
    new = update(first, late, simulated.matches, draws=200, burn=100, seed=6)
    a = new.frame.set_index("country")["mean"]
    b = whole.frame[whole.frame["un_session"] == 6].set_index("country")["mean"].reindex(a.index)
    truth = simulated.truth[simulated.truth["un_session"] == 6].set_index("country")["theta"].reindex(a.index)
    assert np.corrcoef(a, b)[0, 1] > 0.97  # the same votes; the scale is that of fewer UN sessions
    assert np.corrcoef(a, truth)[0, 1] > 0.93
    assert set(new.record.un_session) == {6}


def test_repeated_texts_are_one_item():
    record = voting_record(SMALL.votes, SMALL.matches)
    later, earlier = SMALL.matches.iloc[-1]
    assert record.chain[later] == record.chain[earlier]
    assert len(record.items) < len(voting_record(SMALL.votes).items)


def test_what_carries_no_information_is_left_out():
    votes = pd.DataFrame(
        [
            (c, 1, r, v)
            for c, vs in (("A", (1, 1, 1)), ("B", (3, 1, 2)), ("C", (1, 1, 3)))
            for r, v in enumerate(vs)
        ]
        + [("A", 2, 9, 1), ("B", 2, 9, 3)],
        columns=["country", "un_session", "rcid", "vote"],
    )
    record = voting_record(votes)
    assert record.items == (0, 2)  # 1 is unanimous, 9 the only roll call of its UN session


def test_gaps_take_the_last_state():
    votes = SMALL.votes[~((SMALL.votes["country"] == "C03") & (SMALL.votes["un_session"] == 2))]
    record = voting_record(votes, SMALL.matches)
    own = [k for k, c in enumerate(record.countries) if c == "C03"]
    assert record.un_session[own].tolist() == [1, 3]
    assert record.previous[own[1]] == own[0]
    before, now = record.votes[own]
    assert record.drift[own[1]] == pytest.approx(0.5 * now / (now + before))


def test_distances_and_messages_of_results(recovered):
    _, estimate = recovered[0]
    table = estimate.distance("C00", "C39")
    assert (table["low"] <= table["mean"]).all()
    assert (table["mean"] <= table["high"]).all()
    assert table["un_session"].tolist() == [1, 2, 3, 4, 5, 6]
    with pytest.raises(InputError, match="no ideal point in UN session 99; it has from 1 to 6"):
        estimate.of("C00", 99)
    with pytest.raises(InputError, match="ZZZ has no ideal point"):
        estimate.of("ZZZ", 1)
    with pytest.raises(InputError, match="one UN session after 6"):
        update(estimate, SMALL.votes)


VOTES = SMALL.votes


@pytest.mark.parametrize(
    ("votes", "matches", "error", "message"),
    [
        (VOTES.assign(vote=8), None, DataError, "only 1 yes, 2 abstain and 3 no.*not a no"),
        (pd.concat([VOTES, VOTES.iloc[:1]]), None, DuplicateLabelError, "Table of votes: 2 rows"),
        (VOTES.drop(columns="rcid"), None, MissingValueError, "no column rcid"),
        (VOTES.assign(vote=np.nan), None, MissingValueError, "has a gap.*no row"),
        (VOTES.assign(vote=1), None, DataError, "No roll call is left"),
        (VOTES, pd.DataFrame({"rcid": [1], "repeats": [1]}), DataError, "repeat itself"),
        (VOTES, pd.DataFrame({"rcid": [1, 2], "repeats": [2, 1]}), DataError, "circle"),
    ],
)
def test_bad_votes_are_named(votes, matches, error, message):
    with pytest.raises(error, match=message):
        voting_record(votes, matches)


def test_bad_arguments_are_named():
    with pytest.raises(InputError, match="`smoothing` is 0"):
        voting_record(VOTES, smoothing=0)
    with pytest.raises(InputError, match="XXX has no votes"):
        estimate_ideal_points(VOTES, high="XXX")
    with pytest.raises(InputError, match="give at least 20"):
        estimate_ideal_points(VOTES, high="C00", draws=2)
    with pytest.raises(InputError, match="at least 2 countries"):
        simulate_votes(1)
