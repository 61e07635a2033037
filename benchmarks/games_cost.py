"""Dividing the surplus of a supply network among many players: coalition values, Shapley value, nucleolus."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import metadata

import numpy as np

from suasion.games import Customer, Network, Producer, Route, game_of, nucleolus, shapley
from suasion.games.coalitions import best_flows, items_of
from table import Table, number

PLAYERS = (12, 14, 16, 18)
SHAPLEY_ONLY = 20
"""The nucleolus is refused beyond 18 players."""
MOST_PEER = 16
"""Players to which the other package is asked for its nucleolus; beyond it takes too long for a benchmark."""


def network(players: int) -> Network:
    """Gas network in the style of the shipped one.

    A quarter of the players produce, a quarter carry in parallel, the others buy and have an outside offer.
    """
    makers = players // 4
    names = [f"P{k}" for k in range(makers)] + [f"T{k}" for k in range(makers)]
    names += [f"C{k}" for k in range(players - 2 * makers)]
    rng = np.random.default_rng(players)
    buyers = [name for name in names if name.startswith("C")]
    producers = [Producer(f"field {k}", f"P{k}", float(rng.uniform(40, 150)), float(rng.uniform(30, 70)), f"P{k}")
                 for k in range(makers)]  # fmt: skip
    producers += [
        Producer(f"liquefied {c}", c, float(rng.uniform(10, 40)), float(rng.uniform(350, 420)), c)
        for c in buyers
    ]
    customers = [Customer.through(f"market {c}", c, c, float(rng.uniform(250, 400)), float(rng.uniform(15, 80)), 0.5)
                 for c in buyers]  # fmt: skip
    routes = []
    for k in range(makers):
        for step in (0, 1):
            to = (k + step) % makers
            routes.append(
                Route(
                    f"P{k}-T{to}", f"P{k}", f"T{to}", float(rng.uniform(20, 90)), float(rng.uniform(15, 40))
                )
            )
        routes += [Route(f"T{k}-{c}", f"T{k}", c, float(rng.uniform(10, 60)), float(rng.uniform(8, 25)))
                   for c in buyers if rng.random() < 0.6]  # fmt: skip
    return Network({name: name for name in names}, tuple(producers), tuple(customers), tuple(routes))


def bench() -> Table:
    """Time the three steps, and two of them against coopgame-py."""
    rows = [*(_row(n) for n in PLAYERS), _shapley_only()]
    head = (
        *("players", "coalition values, s", "one solver call each, s", "Shapley, s", "coopgame-py, s"),
        *("nucleolus, s", "coopgame-py, s", "largest gap", "where Suasion is slower"),
    )
    note = (
        "A made-up gas network in the style of the shipped ones. Coalition values: every coalition's largest surplus, "
        "a quadratic programme; beside it the same with one call of the same solver for each coalition, timed on a "
        f"sample of 300 and multiplied. coopgame-py {_version()} gets the values as a list; what it takes to build its "
        "game is in its Shapley time. Gaps are in shares of the grand coalition's value."
    )
    return Table("Games on supply networks", note, head, tuple(rows))


def _row(n: int) -> tuple[str, ...]:
    net = network(n)
    game, values = _timed(lambda: game_of(net))
    looped = _one_by_one(net)
    ours, first = _timed(lambda: shapley(game))
    core, second = _timed(lambda: nucleolus(game))
    try:
        import coopgame
    except ImportError:
        gone = "not installed"
        return (str(n), number(values), number(looped), number(first), gone, number(second), gone, "", "")
    theirs, third = _timed(lambda: _numbers(coopgame.shapley(coopgame.Game(game.worth[1:].tolist()))))
    times = (values, looped, first, third, second)
    if n > MOST_PEER:
        gap = np.abs(theirs - ours).max() / game.worth[-1]
        return (
            str(n),
            *map(number, times),
            "not asked",
            f"{gap:.0e}",
            "Shapley" if first > third else "nowhere",
        )
    try:
        built = coopgame.Game(game.worth[1:].tolist())
        other, fourth = _timed(lambda: _numbers(coopgame.nucleolus(built)["allocation"]))
        gap = max(np.abs(theirs - ours).max(), np.abs(other - core).max()) / game.worth[-1]
        shown, last = f"{gap:.0e}", number(fourth)
        behind = [
            name for name, slower in (("Shapley", first > third), ("nucleolus", second > fourth)) if slower
        ]
    except Exception as error:  # the peer's own limits, whatever they are
        shown, last, behind = "", f"failed: {str(error)[:60]}", []
    slow = ", ".join(behind) or "nowhere"
    return (str(n), *map(number, times), last, shown, slow)


def _shapley_only() -> tuple[str, ...]:
    """Twenty players: all coalition values of a network and the Shapley value."""
    n = SHAPLEY_ONLY
    net = network(n)
    game, values = _timed(lambda: game_of(net))
    looped = _one_by_one(net)
    _, ours = _timed(lambda: shapley(game))
    try:
        import coopgame

        _, theirs = _timed(lambda: coopgame.shapley(coopgame.Game(game.worth[1:].tolist())))
        shown, behind = number(theirs), "Shapley" if ours > theirs else "nowhere"
    except Exception as error:  # not installed, or the peer's own limits
        shown, behind = f"failed: {str(error)[:60]}", ""
    return (str(n), number(values), number(looped), number(ours), shown, "refused", "", "", behind)


def _one_by_one(net: Network) -> float:
    """Seconds of one solver call for every coalition, from a sample."""
    from suasion.games.coalitions import _available

    n, sample = len(net.players), 300
    picked = np.random.default_rng(0).integers(1, 1 << n, sample)
    who = ((picked[:, None] >> np.arange(n)) & 1).astype(bool)
    items, shown = items_of(net), _available(net, who)
    _, taken = _timed(lambda: [best_flows(items, row[None]) for row in shown])
    return taken / sample * (1 << n)


def _timed(job: Callable[[], object]) -> tuple[object, float]:
    start = time.perf_counter()
    found = job()
    return found, time.perf_counter() - start


def _numbers(found: object) -> np.ndarray:
    return np.asarray(found["allocation"] if isinstance(found, dict) else found, dtype=float)


def _version() -> str:
    try:
        return metadata.version("coopgame-py")
    except metadata.PackageNotFoundError:
        return "(not installed)"
