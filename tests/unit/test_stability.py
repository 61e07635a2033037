"""Networks of alliances: none is war-stable without trade; trade makes some stable; a plain search agrees."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from suasion.errors import InputError
from suasion.statecraft.stability import stable_networks

NAMES = "ABCDEF"


def plain_search(strength, gamma, trade=None, spoils=None):
    """Word for word from the definition, with sets and loops."""
    states = list(strength)
    links = list(combinations(states, 2))

    def allies(g, i):
        return {b if a == i else a for a, b in g if i in (a, b)}

    def worth(a, b):
        return 0.0 if trade is None else trade.loc[a, b]

    def gains(g, group, i):
        if trade is None:
            return True
        return all(spoils[i] / len(group) > (worth(k, i) if i in allies(g, k) else 0.0) for k in group)

    def vulnerable(g, i):
        for j in states:
            others = sorted(allies(g, j) - {i})
            if j == i:
                continue
            for size in range(len(others) + 1):
                for chosen in combinations(others, size):
                    group = {j, *chosen}
                    defence = {i} | (allies(g, i) - group)
                    wins = sum(strength[x] for x in group) > gamma * sum(strength[x] for x in defence) * (
                        1 + 1e-12
                    )
                    if wins and gains(g, group, i):
                        return True
        return False

    def stable(g):
        if any(vulnerable(g, i) for i in states):
            return False
        for a, b in links:
            if (a, b) in g:
                less = g - {(a, b)}
                for x, y in ((a, b), (b, a)):
                    keeps = vulnerable(less, x) or (trade is not None and worth(x, y) >= 0)
                    if not keeps:
                        return False
            else:
                if any(vulnerable(g | {(a, b)}, i) for i in states):
                    return False
                if trade is not None:
                    mine, yours = worth(a, b), worth(b, a)
                    if (mine > 0 and yours >= 0) or (yours > 0 and mine >= 0):
                        return False
        return True

    graphs = [frozenset(c) for size in range(len(links) + 1) for c in combinations(links, size)]
    return {g for g in graphs if stable(g)}


def strengths(rng, n):
    return {NAMES[i]: float(x) for i, x in enumerate(rng.lognormal(0.0, 1.0, n))}


def test_no_network_with_any_alliance_is_war_stable():
    """Jackson and Nei's theorem on every graph of 3, 4 and 5 states, over 150 random cases with gamma >= 1."""
    rng = np.random.default_rng(0)
    for n in (3, 4, 5):
        for k in range(50):
            gamma = 1.0 if k % 5 == 0 else 1.0 + float(rng.exponential(1.5))
            found = stable_networks(strengths(rng, n), gamma)
            assert not found.stable[1:].any()
    equal = stable_networks(dict.fromkeys("ABCDE", 1.0), 1.0)
    assert not equal.stable[1:].any()


def test_a_strong_defence_leaves_the_empty_network_alone():
    found = stable_networks(dict.fromkeys("ABC", 1.0), 2.5)
    assert found.networks() == [()]
    assert not stable_networks({"A": 10.0, "B": 1.0, "C": 1.0}, 2.5).stable[0]


def test_large_benefits_of_trade_hold_everybody_together():
    names = list("ABCD")
    trade = pd.DataFrame(1.0, index=names, columns=names)
    found = stable_networks(dict.fromkeys(names, 1.0), 1.0, trade, dict.fromkeys(names, 1.0))
    assert found.networks() == [tuple(combinations(names, 2))]
    # with little to gain by trade a group of three takes the fourth
    poor = stable_networks(dict.fromkeys(names, 1.0), 1.0, 0.2 * trade, dict.fromkeys(names, 1.0))
    assert poor.networks() == []


def test_spoils_that_tempt_nobody_make_everybody_safe():
    names = list("ABC")
    nothing = dict.fromkeys(names, 0.0)
    trade = pd.DataFrame(0.0, index=names, columns=names)
    found = stable_networks({"A": 9.0, "B": 1.0, "C": 1.0}, 1.0, trade, nothing)
    assert not found.vulnerable.any()
    assert found.stable.all()  # and alliances that bring nothing and cost nothing come as they may
    # an ally that costs more than it brings is worth an attack, were it only to be rid of it
    burden = stable_networks({"A": 9.0, "B": 1.0, "C": 1.0}, 1.0, trade - 0.1, nothing)
    assert burden.vulnerable[burden.number_of([("A", "B")])].tolist() == [False, True, False]


def test_large_spoils_and_alliances_that_cost_a_little_are_war_stability():
    rng = np.random.default_rng(1)
    for n in (3, 4):
        for _ in range(10):
            power = strengths(rng, n)
            names = list(power)
            gamma = 1.0 + float(rng.exponential(2.0))
            trade = pd.DataFrame(-1e-9, index=names, columns=names)
            with_trade = stable_networks(power, gamma, trade, dict.fromkeys(names, 1e9))
            assert (with_trade.stable == stable_networks(power, gamma).stable).all()


@pytest.mark.parametrize("seed", range(12))
def test_a_plain_search_finds_the_same(seed):
    rng = np.random.default_rng(seed)
    power = strengths(rng, 3 if seed % 3 else 4)
    names = list(power)
    gamma = 1.0 + float(rng.exponential(1.0))
    if seed % 2:
        trade, spoils = None, None
    else:
        trade = pd.DataFrame(rng.normal(0.4, 0.5, (len(names),) * 2), index=names, columns=names)
        spoils = dict(zip(names, rng.exponential(1.0, len(names)).tolist(), strict=True))
    found = stable_networks(power, gamma, trade, spoils)
    assert {frozenset(g) for g in found.networks()} == plain_search(power, gamma, trade, spoils)


def test_vulnerability_of_a_known_case():
    """Two allies of strength 1 beat a lone third of strength 1.5, and it beats neither while they stand together."""
    found = stable_networks({"A": 1.0, "B": 1.0, "C": 1.5}, 1.0)
    pair = found.number_of([("A", "B")])
    assert found.vulnerable[pair].tolist() == [False, False, True]
    alone = found.number_of([])
    assert found.vulnerable[alone].tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: stable_networks({"A": 1.0}), "1 states: give 2 to 6"),
        (lambda: stable_networks(dict.fromkeys("ABCDEFG", 1.0)), "7 states"),
        (lambda: stable_networks({"A": 1.0, "B": 0.0}), "Strengths must be positive"),
        (lambda: stable_networks({"A": 1.0, "B": 1.0}, 0.5), "gamma is 0.5"),
        (lambda: stable_networks({"A": 1.0, "B": 1.0}, 1.0, pd.DataFrame()), "Trade and spoils go together"),
        (
            lambda: stable_networks(
                {"A": 1.0, "B": 1.0}, 1.0, pd.DataFrame(0.0, index=["A"], columns=["A"]), {"A": 1}
            ),
            "lack B",
        ),
        (
            lambda: stable_networks(
                {"A": 1.0, "B": 1.0},
                1.0,
                pd.DataFrame(np.nan, index=["A", "B"], columns=["A", "B"]),
                {"A": 1, "B": 1},
            ),
            "Trade must be finite",
        ),
        (lambda: stable_networks({"A": 1.0, "B": 1.0}).number_of([("A", "C")]), "is no alliance among A, B"),
    ],
)
def test_bad_cases_are_named(call, message):
    with pytest.raises(InputError, match=message):
        call()
