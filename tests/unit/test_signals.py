"""Costly signals: the numbers of the closed form, its limits, no gain from deviating, and a solver of games."""

from __future__ import annotations

import itertools
import math
import warnings

import nashpy
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suasion.errors import InputError
from suasion.statecraft.signals.game import (
    REGIMES,
    SignalGame,
    compare_signals,
    concession_threshold,
    deviation_gain,
    reassurance,
    solve_signal,
    sunk_cost,
    tied_hands,
    trust_threshold,
)
from suasion.statecraft.signals.regimes import regime_diagram

EXACT = 1e-12  # a handful of additions and products of numbers near 1


def test_the_bluffing_benchmark():
    """Prior .2, threshold .5, gain 1, audience cost .6."""
    e = solve_signal(tied_hands(0.2, 0.5, 1.0, 0.6))
    assert e.regime == "bluffing"
    assert (e.high, e.low) == (1.0, pytest.approx(0.25, abs=EXACT))
    assert e.refuse == pytest.approx(0.625, abs=EXACT)
    assert e.signalled == pytest.approx(0.40, abs=EXACT)
    assert e.posterior == pytest.approx(0.50, abs=EXACT)
    assert e.clash == pytest.approx(0.2 * 0.625, abs=EXACT)
    assert e.low_payoff == pytest.approx(0.0, abs=EXACT)  # a bluffer is indifferent
    assert e.likelihood_ratio == pytest.approx(4.0, abs=EXACT)  # odds of 1 to 4 become odds of 1 to 1


def test_above_the_threshold_everybody_sends_and_is_believed_enough():
    for prior in (0.5, 0.7, 1.0):
        e = solve_signal(tied_hands(prior, 0.5, 1.0, 0.6))
        assert (e.regime, e.low, e.refuse) == ("pooling", 1.0, 0.0)
        assert e.posterior == pytest.approx(prior, abs=EXACT)


def test_limits():
    """Refusal vanishes as the audience cost grows; without any, words are worth nothing."""
    refused = [solve_signal(tied_hands(0.2, 0.5, 1.0, a)).refuse for a in (0.1, 1.0, 10.0, 1e6)]
    assert refused == sorted(refused, reverse=True)
    assert refused[-1] < 1e-5  # G / (G + a)
    cheap = solve_signal(tied_hands(0.2, 0.5, 1.0, 0.0))
    assert (cheap.regime, cheap.refuse, cheap.likelihood_ratio) == ("pooling refused", 1.0, 1.0)
    assert cheap.posterior == pytest.approx(0.2, abs=EXACT)  # nothing is learnt from cheap talk
    near = solve_signal(tied_hands(0.5 - 1e-9, 0.5, 1.0, 0.6))
    assert near.low == pytest.approx(1.0, abs=1e-8)  # b tends to 1 at the threshold


@pytest.mark.parametrize(
    ("cost", "regime"),
    [(0.3, "bluffing"), (0.6, "separating"), (0.8, "separating"), (1.0, "separating"), (1.1, "silence")],
)
def test_sunk_costs_separate_between_the_two_gains(cost, regime):
    e = solve_signal(sunk_cost(0.2, 0.5, cost, gain_resolved=1.0, gain_unresolved=0.6))
    assert e.regime == regime
    if regime == "separating":
        assert (e.high, e.low, e.refuse, e.posterior, e.clash) == (1.0, 0.0, 0.0, 1.0, 0.0)
        assert e.likelihood_ratio == math.inf
    if regime == "silence":
        assert math.isnan(e.posterior)
        assert e.signalled == 0.0
        assert math.isnan(e.likelihood_ratio)


def test_tied_hands_bring_more_and_risk_more():
    """Fearon (1997), from the abstract: leaders do better by tying hands, at a greater risk of war."""
    for prior, cost, fight in itertools.product((0.05, 0.2, 0.45), (0.2, 1.0, 5.0), (0.0, 0.3)):
        table = compare_signals(prior, 0.5, 1.0, cost, fight).set_index("signal")
        assert table.loc["tied hands", "payoff"] > table.loc["sunk cost", "payoff"]
        assert table.loc["tied hands", "clash"] > table.loc["sunk cost", "clash"] == 0.0


def test_trust():
    assert trust_threshold(1.0, 0.5) == pytest.approx(2.0 / 3.0, abs=EXACT)
    # indifferent there: t 1 - (1 - t) L = t g
    for loss, temptation in itertools.product((0.2, 1.0, 4.0), (-1.0, 0.0, 0.9)):
        t = trust_threshold(loss, temptation)
        assert t - (1.0 - t) * loss == pytest.approx(t * temptation, abs=1e-10)  # products of numbers up to 5


def test_a_gesture_reassures_only_if_it_costs_the_untrustworthy_more():
    t = trust_threshold(1.0, 0.5)
    mixed = solve_signal(reassurance(0.3, t, gain=(1.0, 1.4), cost=(0.3, 0.9)))
    assert mixed.regime == "bluffing"
    assert mixed.posterior == pytest.approx(t, abs=EXACT)
    assert 1.0 - mixed.refuse == pytest.approx(0.9 / 1.4, abs=EXACT)  # the untrustworthy are indifferent
    dear = solve_signal(reassurance(0.3, t, gain=(1.0, 1.4), cost=(0.5, 1.5)))
    assert (dear.regime, dear.posterior, dear.refuse) == ("separating", 1.0, 0.0)
    # at a common cost nobody bothers: whoever exploits gains more from being trusted, and would copy it
    for cost in np.linspace(0.02, 2.0, 41):
        assert solve_signal(reassurance(0.3, t, (1.0, 1.4), (cost, cost))).regime == "silence"


def test_the_west_concedes_when_the_threat_is_likely_enough():
    assert concession_threshold(1.0, 4.0) == 0.25
    assert concession_threshold(5.0, 4.0) == 1.0  # a bloc cheaper than the concession is never bought off
    game = tied_hands(0.05, concession_threshold(1.0, 4.0), 1.0, 0.5)
    assert solve_signal(game).posterior == pytest.approx(0.25, abs=EXACT)


priors = st.floats(0.01, 0.99)
amounts = st.floats(0.01, 5.0)


@given(priors, priors, st.tuples(amounts, amounts), st.tuples(amounts, amounts), st.tuples(amounts, amounts))
def test_nobody_gains_by_deviating(prior, threshold, yielded, loss, extra):
    """Over all games of the form, not only the three named ones."""
    high = (yielded[0] - extra[0], -loss[0] - extra[0]) if loss[0] > 1 else (yielded[0], yielded[0] - loss[0])
    low = (yielded[1] - extra[1], min(-loss[1], yielded[1] - extra[1]))
    game = SignalGame(prior, threshold, high, low)
    e = solve_signal(game)
    assert e.regime in REGIMES
    assert deviation_gain(game, e) <= 1e-9  # rounding of payoffs up to 10
    assert 0.0 <= e.low <= 1.0
    assert 0.0 <= e.refuse <= 1.0
    if e.regime == "bluffing":
        assert e.posterior == pytest.approx(threshold, abs=1e-9)
    if e.signalled > 0:
        bayes = prior * e.high / (prior * e.high + (1 - prior) * e.low)
        assert e.posterior == pytest.approx(bayes, abs=1e-12)


@given(priors, amounts, amounts)
def test_a_deviation_is_found_where_there_is_one(prior, gain, cost):
    """The check is no rubber stamp: a wrong refusal rate leaves the bluffer something to gain."""
    from dataclasses import replace

    game = tied_hands(prior / 2, 0.5, gain, cost)
    e = solve_signal(game)
    assert deviation_gain(game, replace(e, refuse=0.5 * e.refuse)) > 0.0


def normal_form(game: SignalGame) -> tuple[np.ndarray, np.ndarray]:
    """Rows: who sends (both, high, low, nobody); columns: yield, refuse. Payoffs before types are known."""
    q, t = game.prior, game.threshold
    sender, receiver = np.zeros((4, 2)), np.zeros((4, 2))
    for row, (h, low) in enumerate([(1, 1), (1, 0), (0, 1), (0, 0)]):
        for column in (0, 1):
            sender[row, column] = q * h * game.high[column] + (1 - q) * low * game.low[column]
        receiver[row, 0] = q * h * (1 - t) - (1 - q) * low * t
    return sender, receiver


def outcomes(game: SignalGame, method: str) -> list[tuple[float, float, float]]:
    """Equilibria found by the solver: probabilities that each type sends, and of a refusal."""
    solver = nashpy.Game(*normal_form(game))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of degenerate games
        if method == "support":
            found = list(solver.support_enumeration())
        else:
            found = [p for p in solver.lemke_howson_enumeration() if len(p[0]) == 4 and len(p[1]) == 2]
    return [(s[0] + s[1], s[0] + s[2], r[1]) for s, r in found if not np.isnan([*s, *r]).any()]


GRID = [
    *(tied_hands(q, t, 1.0, a, w) for q in (0.1, 0.2, 0.45, 0.8) for t in (0.3, 0.52) for a in (0.25, 0.6, 3.0) for w in (0.15,)),
    *(sunk_cost(q, 0.52, m, 1.0, 0.6, 0.98) for q in (0.1, 0.3, 0.7) for m in (0.1, 0.45, 0.75, 0.95)),
]  # fmt: skip


@pytest.mark.parametrize("method", ["support", "lemke-howson"])
def test_a_solver_of_games_finds_the_same_where_it_is_the_only_one(method):
    checked = 0
    for game in GRID:
        e = solve_signal(game)
        assert e.unique  # a resolved sender gains even when called, so that it always signals
        found = outcomes(game, method)
        assert found
        for equilibrium in found:
            assert equilibrium == pytest.approx(
                (e.high, e.low, e.refuse), abs=1e-7
            )  # the solver's own tolerance
            checked += 1
    assert checked >= len(GRID)


def test_where_there_are_several_the_solver_has_ours_among_them():
    for q, a in itertools.product((0.1, 0.2, 0.4), (0.3, 0.6, 2.0)):
        game = tied_hands(q, 0.5, 1.0, a, fight=-0.1)
        e = solve_signal(game)
        assert not e.unique
        ours = np.array([e.high, e.low, e.refuse])
        assert min(np.abs(np.array(found) - ours).max() for found in outcomes(game, "support")) < 1e-7
        reassured = reassurance(q, 0.55, (1.0, 1.4), (0.2, 0.7))
        r = solve_signal(reassured)
        ours = np.array([r.high, r.low, r.refuse])
        assert min(np.abs(np.array(found) - ours).max() for found in outcomes(reassured, "support")) < 1e-7


def test_map_of_regimes():
    grid = np.linspace(0.05, 0.95, 7)
    table = regime_diagram(lambda q, m: sunk_cost(q, 0.5, m, 1.0, 0.6), grid, [0.3, 0.8, 1.2])
    assert len(table) == 21
    by_cost = table.groupby("cost")["regime"].agg(set)
    assert by_cost[0.3] == {"bluffing", "pooling"}
    assert by_cost[0.8] == {"separating"}
    assert by_cost[1.2] == {"silence"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tied_hands(1.2, 0.5, 1, 1), "prior is 1.2"),
        (lambda: tied_hands(0.2, 0.0, 1, 1), "threshold is 0; give a number above 0"),
        (lambda: tied_hands(0.2, 0.5, 0, 1), "gain is 0; it must be positive"),
        (lambda: tied_hands(0.2, 0.5, 1, -1), "audience_cost is -1; it must be 0 or more"),
        (lambda: tied_hands(0.2, 0.5, 1, 0.1, fight=-0.2), "such a sender is not resolved"),
        (lambda: tied_hands(0.2, 0.5, 1, 0.1, fight=2), "cannot be the smaller"),
        (lambda: tied_hands(0.2, 0.5, math.nan, 1), "gain is nan"),
        (lambda: sunk_cost(0.2, 0.5, 1, 1, 1, fight=-1), "fight is -1"),
        (lambda: reassurance(0.2, 0.5, (1, -1), (0, 0)), "gain of the untrustworthy is -1"),
        (lambda: SignalGame(0.2, 0.5, (1, 0), (1, 0.5)), "more than the 0 of no signal"),
        (lambda: SignalGame(0.2, 0.5, (math.inf, 0), (1, -1)), "must be finite"),
        (lambda: trust_threshold(0, 0.5), "loss is 0"),
        (lambda: trust_threshold(1, 1), "is not trustworthy"),
        (lambda: concession_threshold(1, 0), "cost_of_bloc is 0"),
        (lambda: regime_diagram(lambda q, m: tied_hands(q, 0.5, 1, m), [], [1]), "priors of a diagram"),
        (lambda: regime_diagram(lambda q, m: tied_hands(q, 0.5, 1, m), [0.1], [1, 1]), "costs of a diagram"),
    ],
)  # fmt: skip
def test_bad_signals_are_named(call, message):
    with pytest.raises(InputError, match=message):
        call()
