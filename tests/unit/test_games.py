"""Games with transferable utility: axioms, agreement with other code, and messages."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from suasion.errors import ConvergenceError, GameError
from suasion.games import (
    Game,
    bankruptcy,
    banzhaf,
    dividends,
    estimate_shapley,
    excesses,
    in_core,
    is_convex,
    least_core,
    nucleolus,
    objections,
    prenucleolus,
    shapley,
)
from suasion.games import core as linear_room
from suasion.games.tu import coalition, share_out, sizes, sums

ROUNDING = 1e-9  # sums of at most 2^6 terms near one
SOLVED = 1e-6  # worths near ten, simplex at 1e-10, levels chained


def names(n):
    return tuple(f"p{i}" for i in range(n))


@st.composite
def games(draw, low=2, high=6):
    n = draw(st.integers(low, high))
    worth = draw(hnp.arrays(float, 1 << n, elements=st.integers(-20, 20).map(float)))
    worth[0] = 0.0
    return Game(names(n), worth)


@st.composite
def convex_games(draw):
    """Non-negative dividends of coalitions of two and more make a convex game."""
    n = draw(st.integers(2, 6))
    parts = draw(hnp.arrays(float, 1 << n, elements=st.integers(0, 9).map(float)))
    parts[0] = 0.0
    for i in range(n):
        view = parts.reshape(-1, 2, 1 << i)
        view[:, 1] += view[:, 0]
    return Game(names(n), parts)


def imputable(game):
    """The game with a total that leaves each player its own."""
    worth = game.worth.copy()
    worth[-1] = max(worth[-1], game.alone.sum() + 1.0)
    return Game(game.players, worth)


@settings(deadline=None)
@given(games())
def test_shares_add_up(game):
    assert shapley(game).sum() == pytest.approx(game.total, abs=ROUNDING)
    game = imputable(game)
    assert nucleolus(game).sum() == pytest.approx(game.total, abs=SOLVED)
    assert (nucleolus(game) >= game.alone - SOLVED).all()
    assert prenucleolus(game).sum() == pytest.approx(game.total, abs=SOLVED)


@settings(deadline=None)
@given(games())
def test_equals_are_treated_alike(game):
    """Symmetrise over the first two players; then all solutions give them the same."""
    masks = np.arange(game.worth.size)
    swapped = (masks & ~3) | ((masks & 1) << 1) | ((masks & 2) >> 1)
    even = imputable(Game(game.players, (game.worth + game.worth[swapped]) / 2))
    for solution in (shapley, banzhaf, nucleolus):
        value = solution(even)
        assert value[0] == pytest.approx(value[1], abs=SOLVED)


@settings(deadline=None)
@given(games(2, 5), st.integers(-5, 5))
def test_dummies_get_their_own(game, own):
    """A player added who brings its own worth to every coalition, and no more."""
    game = imputable(game)
    worth = np.concatenate((game.worth, game.worth + own))
    larger = Game((*game.players, "dummy"), worth)
    np.testing.assert_allclose(shapley(larger), [*shapley(game), own], atol=ROUNDING)
    np.testing.assert_allclose(banzhaf(larger)[-1], own, atol=ROUNDING)
    np.testing.assert_allclose(nucleolus(larger), [*nucleolus(game), own], atol=SOLVED)


@settings(deadline=None)
@given(st.integers(2, 6).flatmap(lambda n: st.tuples(games(n, n), games(n, n))))
def test_shapley_and_dividends_are_additive(pair):
    one, two = pair
    both = Game(one.players, one.worth + two.worth)
    np.testing.assert_allclose(shapley(both), shapley(one) + shapley(two), atol=ROUNDING)
    np.testing.assert_allclose(dividends(both), dividends(one) + dividends(two), atol=ROUNDING)


@settings(deadline=None)
@given(games(), st.integers(1, 8), st.integers(-4, 4))
def test_solutions_follow_scale_and_shift(game, scale, shift):
    game = imputable(game)
    moved = Game(game.players, scale * game.worth + shift * sizes(game.n))
    for solution in (shapley, nucleolus, prenucleolus):
        np.testing.assert_allclose(solution(moved), scale * solution(game) + shift, atol=10 * SOLVED)


@settings(deadline=None)
@given(convex_games())
def test_convex_games(game):
    assert is_convex(game)
    assert in_core(game, shapley(game))
    assert in_core(game, nucleolus(game))


@settings(deadline=None)
@given(games())
def test_nucleolus_is_in_the_core_if_there_is_one(game):
    game = imputable(game)
    least = least_core(game)
    largest = excesses(game, nucleolus(game))[1:-1].max()
    assert largest >= least.excess - SOLVED
    assert in_core(game, nucleolus(game)) == (not least.empty)


@settings(deadline=None)
@given(games())
def test_convexity_is_what_its_definition_says(game):
    """All pairs of coalitions: v(S) + v(T) <= v(S or T) + v(S and T)."""
    v = game.worth
    every = all(v[s] + v[t] <= v[s | t] + v[s & t] for s, t in itertools.product(range(v.size), repeat=2))
    assert is_convex(game) == every


@settings(deadline=None)
@given(games(2, 5))
def test_shapley_is_the_mean_over_all_orders(game):
    total = np.zeros(game.n)
    for order in itertools.permutations(range(game.n)):
        have = 0
        for player in order:
            total[player] += game.worth[have | 1 << player] - game.worth[have]
            have |= 1 << player
    np.testing.assert_allclose(shapley(game), total / math.factorial(game.n), atol=ROUNDING)


@settings(deadline=None)
@given(games())
def test_dividends_make_up_worths_and_the_shapley_value(game):
    parts = dividends(game)
    masks = np.arange(parts.size)
    inside = (masks[:, None] & masks[None, :]) == masks[None, :]
    np.testing.assert_allclose(inside @ parts, game.worth, atol=ROUNDING)
    per_head = parts / np.maximum(sizes(game.n), 1)
    of = ((masks[:, None] >> np.arange(game.n)) & 1) * per_head[:, None]
    np.testing.assert_allclose(of.sum(0), shapley(game), atol=ROUNDING)


@given(games(3, 5))
@settings(deadline=None)
def test_no_other_division_beats_the_nucleolus(game):
    """Sorted complaints of random imputations are never lexicographically smaller."""
    game = imputable(game)
    best = np.sort(excesses(game, nucleolus(game)))[::-1]
    rng = np.random.default_rng(0)
    spare = game.total - game.alone.sum()
    for weights in rng.dirichlet(np.ones(game.n), 30):
        other = np.sort(excesses(game, game.alone + spare * weights))[::-1]
        first = np.flatnonzero(np.abs(other - best) > SOLVED)
        assert not first.size or other[first[0]] > best[first[0]]


def test_nucleolus_agrees_with_coopgame():
    """Two hundred random games, half of them with whole numbers and so with ties at every level."""
    coopgame = pytest.importorskip("coopgame", reason="coopgame-py is not installed")
    rng = np.random.default_rng(7)
    for number in range(200):
        n = int(rng.integers(3, 8))
        worth = rng.normal(size=1 << n) if number % 2 else rng.integers(0, 4, 1 << n).astype(float)
        worth[0], worth[-1] = 0.0, abs(worth[-1]) + n
        worth[1 << np.arange(n)] = rng.random(n) if number % 3 else 0.0
        theirs = coopgame.nucleolus(coopgame.Game(worth[1:].tolist()))["allocation"]
        np.testing.assert_allclose(nucleolus(Game(names(n), worth)), theirs, atol=SOLVED)


def test_sixteen_players_with_many_ties():
    """A majority game: equal shares, though thousands of coalitions bind."""
    worth = (sizes(16) > 8).astype(float)
    np.testing.assert_allclose(nucleolus(Game(names(16), worth)), np.full(16, 1 / 16), atol=SOLVED)


def test_twenty_players_exactly():
    """v(S) = (sum of weights)^2: the Shapley value is weight x total, which closes the formula at n = 20."""
    weights = np.arange(1.0, 21.0)
    game = Game(names(20), sums(weights) ** 2)
    np.testing.assert_allclose(shapley(game), weights * weights.sum(), rtol=1e-10)  # 2^20 terms


def test_sampling_meets_the_exact_value():
    """A cubic game, whose dividends are known; a quadratic one has no variance once orders come with their reverse."""
    w = np.linspace(0.5, 2.0, 30)

    def worth(who):
        return (who @ w) ** 3

    found = estimate_shapley(names(30), worth, 4000, np.random.default_rng(3))
    rest, squares = w.sum() - w, (w**2).sum() - w**2
    exact = w**3 + 1.5 * (w**2 * rest + w * squares) + w * (rest**2 - squares)
    assert exact.sum() == pytest.approx(w.sum() ** 3, rel=ROUNDING)
    assert found.value.sum() == pytest.approx(w.sum() ** 3, rel=ROUNDING)  # every order adds up
    assert (found.standard_error > 0).all()
    # With 30 players a miss of four standard errors has a chance of 0.2 per cent.
    assert (np.abs(found.value - exact) < 4 * found.standard_error).all()


def test_standard_errors_fall_with_the_root_of_the_orders():
    game = bankruptcy(10, {f"p{i}": float(i + 1) for i in range(6)})
    bits = 1 << np.arange(6)

    def worth(who):
        return game.worth[(who * bits).sum(1)]

    few, many = (
        estimate_shapley(game.players, worth, orders, np.random.default_rng(1)) for orders in (400, 6400)
    )
    # Sixteen times the orders quarter the error; the error's own sampling error is below 15 per cent here.
    assert few.standard_error.mean() / many.standard_error.mean() == pytest.approx(4, rel=0.15)


def test_core_objections_are_named():
    game = Game.of(("a", "b", "c"), {("a", "b"): 4, ("a", "b", "c"): 5})
    assert objections(game, {"a": 1, "b": 2, "c": 2}).to_dict("records") == [
        {"coalition": "a, b", "gain": 1.0}
    ]
    assert in_core(game, (2, 2, 1))
    empty = least_core(
        Game.of(("a", "b", "c"), dict.fromkeys([("a", "b"), ("a", "c"), ("b", "c"), ("a", "b", "c")], 1))
    )
    assert empty.empty
    assert empty.excess == pytest.approx(1 / 3)


def test_names_and_numbers():
    game = Game(("x", "y"), [0, 1, 1, 4])
    assert game("x", "y") == 4
    assert game("y") == 1
    assert coalition(game.players, "y") == 2
    with pytest.raises(ValueError, match="read-only"):
        game.worth[1] = 3


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Game(("a", "a"), np.zeros(4)), "different names; players repeat: a"),
        (lambda: Game(names(21), np.zeros(2)), "1 to 20 players of different names; there are 21"),
        (lambda: Game(("a", "b"), np.zeros(3)), "2 players need 4 worths, nobody's included; given 3"),
        (lambda: Game(("a", "b"), [0, 1, np.nan, 1]), "1 worths are not finite, first that of {b}"),
        (lambda: Game(("a",), [1, 2]), "Nobody is worth 1"),
        (lambda: Game.of(("a",), {("z",): 1}), "z: no such player. Players: a"),
        (lambda: bankruptcy(-1, {"a": 1}), "must be >= 0"),
        (lambda: share_out(Game(("a", "b"), np.zeros(4)), {"a": 1}), "differ in the players b"),
        (lambda: share_out(Game(("a", "b"), np.zeros(4)), [1]), "one finite number for each of the 2"),
        (lambda: objections(Game(("a", "b"), np.zeros(4)), [1, 1]), "The shares add up to 2, the total is 0"),
        (lambda: least_core(Game(("a",), [0, 1])), "A game of one player"),
        (lambda: nucleolus(Game(names(19), np.zeros(1 << 19))), "to 18 players; this game has 19"),
        (lambda: nucleolus(Game(("a", "b"), [0, 2, 2, 3])), "worth 4 alone but 3 together"),
        (lambda: estimate_shapley(("a",), lambda w: w.sum(1), 3, np.random.default_rng(0)), "orders is 3"),
    ],
)
def test_messages(make, message):
    with pytest.raises(GameError, match=message.replace(".", r"\.")):
        make()


def test_a_failing_solver_is_reported(monkeypatch):
    class Failed:
        status, message = 4, "numerical trouble"

    monkeypatch.setattr(linear_room, "linprog", lambda *a, **k: Failed)
    with pytest.raises(ConvergenceError, match="not solved: numerical trouble"):
        least_core(Game(("a", "b"), [0, 0, 0, 1]))


def test_one_player():
    game = Game(("a",), [0, 3])
    np.testing.assert_allclose(shapley(game), [3])
    np.testing.assert_allclose(nucleolus(game), [3])
    np.testing.assert_allclose(least_core(bankruptcy(1, {"a": 1, "b": 1})).excess, -0.5)
