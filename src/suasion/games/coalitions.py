"""Worth of every coalition of a supply network, each distinct part of the network solved once.

Most coalitions can use the same few parts: what a coalition has is cut down to what lies on a way from a producer to a
customer, falls into components, and equal components are solved together.

maximise  sum over customers of (a q - b q^2 / 2) - cost x quantity of producers and routes, subject to balance at every
node and to capacities. The parts are independent, so that they are solved in blocks of one sparse programme.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import scipy.sparse as sp

from suasion.errors import ConvergenceError, NetworkError
from suasion.extras import need
from suasion.games.network import SupplyNetwork
from suasion.games.tu import MOST_PLAYERS, Game
from suasion.types import BoolArray, FloatArray, IntArray


def game_of(network: SupplyNetwork) -> Game:
    """Game of a network: a coalition is worth the largest surplus from what its members consent to.

    Parameters
    ----------
    network : at most 20 players

    Returns
    -------
    Game
        Worths in the network's unit of value; surplus from outside suppliers included.

    Raises
    ------
    NetworkError
        More than 20 players.
    """
    n = len(network.players)
    if n > MOST_PLAYERS:
        raise NetworkError(
            f"{network.name} has {n} players; all coalitions are valued to {MOST_PLAYERS}. Merge players, or use "
            "`estimate_shapley` with `worth_of`."
        )
    who = ((np.arange(1 << n)[:, None] >> np.arange(n)) & 1).astype(bool)
    worth = worth_of(network, who)
    return Game(tuple(network.players), np.concatenate(([0.0], (worth - worth[0])[1:])))


def worth_of(network: SupplyNetwork, who: BoolArray) -> FloatArray:
    """Largest surplus of coalitions.

    Parameters
    ----------
    network : SupplyNetwork
    who : (M, n) which players belong, in the order of ``network.players``

    Returns
    -------
    (M,) array

    Notes
    -----
    With routes that are yet to be built, every choice among them is tried, net of its cost.
    """
    items = items_of(network)
    at_hand, which = _distinct(_available(network, who))
    choices = [_only(network, built) for built in _choices(network)]
    shown = np.concatenate([at_hand & allowed for allowed in choices])
    gross = _surplus(items, shown)
    net = gross - shown[:, : len(network.routes)] @ _investment(network)
    return np.asarray(net.reshape(len(choices), -1).max(axis=0)[which])


def best_choice(network: SupplyNetwork) -> tuple[Items, FloatArray, tuple[str, ...]]:
    """Flows of everybody together, (I,), with the routes that they build."""
    items = items_of(network)
    choices = list(_choices(network))
    shown = _useful(items, np.array([_only(network, built) for built in choices]))
    surplus, flows = best_flows(items, shown)
    cost = shown[:, : len(network.routes)] @ _investment(network)
    best = int(np.argmax(surplus - cost))
    return items, flows[best], choices[best]


def _available(network: SupplyNetwork, who: BoolArray) -> BoolArray:
    """Items that each coalition may use, (M, I)."""
    place = {p: i for i, p in enumerate(network.players)}
    owners = [network.consents(r) for r in network.routes]
    owners += [(p.player,) if p.player else () for p in network.producers]
    owners += [(c.player,) if c.player else () for c in network.customers]
    needs = np.zeros((len(place), len(owners)), dtype=np.float32)
    for item, players in enumerate(owners):
        needs[[place[p] for p in players], item] = 1.0
    return np.asarray((~who).astype(np.float32) @ needs == 0)


def _choices(network: SupplyNetwork) -> list[tuple[str, ...]]:
    """Every set of routes that might be built."""
    names = [r.name for r in network.optional]
    return [
        tuple(n for n, on in zip(names, picked, strict=True) if on)
        for picked in product((False, True), repeat=len(names))
    ]


def _only(network: SupplyNetwork, built: tuple[str, ...]) -> BoolArray:
    """Items that exist once these routes are built, (I,)."""
    there = [r.investment is None or r.name in built for r in network.routes]
    return np.array(there + [True] * (len(network.producers) + len(network.customers)))


def _investment(network: SupplyNetwork) -> FloatArray:
    return np.array([r.investment or 0.0 for r in network.routes])


def _surplus(items: Items, shown: BoolArray) -> FloatArray:
    """Surplus of sets of items, (K,): the sum over their components."""
    rows, which = _distinct(_useful(items, shown))
    owner, parts = _components(items, rows)
    total = np.zeros(len(rows))
    if len(parts):
        distinct, same = _distinct(parts)
        np.add.at(total, owner, best_flows(items, distinct)[0][same])
    return total[which]


def _useful(items: Items, shown: BoolArray) -> BoolArray:
    """Items on a way from a producer to a customer, (K, I)."""
    shown = shown & (items.capacity > 0)
    ahead = _reached(items, shown, items.start, items.end)
    behind = _reached(items, shown, items.end, items.start)
    from_start = np.where(items.start >= 0, ahead[:, items.start], True)
    to_end = np.where(items.end >= 0, behind[:, items.end], True)
    return shown & from_start & to_end


def _reached(items: Items, shown: BoolArray, start: IntArray, end: IntArray) -> BoolArray:
    """Nodes that lie downstream of what begins outside, (K, V)."""
    out = np.zeros((len(shown), len(items.network.nodes)), dtype=bool)
    for _ in range(out.shape[1]):
        before = out.sum()
        for item in np.flatnonzero(end >= 0):
            feeds = shown[:, item] if start[item] < 0 else shown[:, item] & out[:, start[item]]
            out[:, end[item]] |= feeds
        if out.sum() == before:
            break
    return out


def _components(items: Items, rows: BoolArray) -> tuple[IntArray, BoolArray]:
    """Components of sets of items: the row that each belongs to, (C,), and its items, (C, I)."""
    width = len(items.network.nodes)
    label = np.tile(np.arange(width), (len(rows), 1))
    for _ in range(width):
        before = label.copy()
        for r in range(len(items.network.routes)):
            low = np.minimum(label[:, items.start[r]], label[:, items.end[r]])
            for node in (items.start[r], items.end[r]):
                label[:, node] = np.where(rows[:, r], low, label[:, node])
        if (label == before).all():
            break
    home = label[:, np.where(items.start >= 0, items.start, items.end)]
    owner, parts = [], []
    for node in range(width):
        here = rows & (home == node)
        some = np.flatnonzero(here.any(axis=1))
        owner.append(some)
        parts.append(here[some])
    return np.concatenate(owner), np.concatenate(parts)


def _distinct(rows: BoolArray) -> tuple[BoolArray, IntArray]:
    """Distinct rows, and which of them each row is."""
    packed = np.ascontiguousarray(np.packbits(rows, axis=1))
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).reshape(-1)
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    return rows[first], which.reshape(-1)


_BLOCK = 256
_TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True)
class Items:
    """Routes, producers and customers of a network in one list, as arrays (I,).

    network: whose.
    start, end: number of the node that each takes from and feeds; -1 outside the network: a producer has no
      start, a customer no end.
    capacity: largest quantity; that of a customer ends where its price would be zero.
    cost: a unit; minus the intercept for customers.
    slope: of demand; zero but for customers.
    """

    network: SupplyNetwork
    start: IntArray
    end: IntArray
    capacity: FloatArray
    cost: FloatArray
    slope: FloatArray


def items_of(network: SupplyNetwork) -> Items:
    """Lay the parts of a network out as arrays."""
    at = {name: i for i, name in enumerate(network.nodes)}
    rows = [(at[r.start], at[r.end], r.capacity, r.cost, 0.0) for r in network.routes]
    rows += [(-1, at[p.node], p.capacity, p.cost, 0.0) for p in network.producers]
    for c in network.customers:
        most = min(c.limit, c.intercept / c.slope if c.slope else c.limit)
        rows.append((at[c.node], -1, most, -c.intercept, c.slope))
    start, end, *numbers = zip(*rows, strict=True)
    return Items(network, np.array(start), np.array(end), *(np.array(n, dtype=float) for n in numbers))


def best_flows(items: Items, parts: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Largest surplus and the flows that attain it.

    parts: (K, I) items that each part may use.
    Returns: surplus: (K,).
    flows: (K, I).
    Raises ConvergenceError: The solver failed.
    """
    usable = parts & (items.capacity > 0)
    flows = np.zeros(parts.shape)
    for first in range(0, len(parts), _BLOCK):
        block = slice(first, first + _BLOCK)
        if usable[block].any():
            flows[block][usable[block]] = _solve(items, usable[block])
    surplus = -(flows @ items.cost + 0.5 * flows**2 @ items.slope)
    return surplus, flows


def _solve(items: Items, usable: BoolArray) -> FloatArray:
    """Flows of the usable items of one block, in the order of the rows."""
    clarabel = need("clarabel")
    part, item = np.nonzero(usable)
    unit, money = float(items.capacity.max()), float(np.abs(items.cost).max()) or 1.0
    balance = _balance(items, part, item)
    n, rows = item.size, balance.shape[0]
    eye = sp.identity(n, format="csc")
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = _TOLERANCE
    answer = clarabel.DefaultSolver(
        sp.diags(items.slope[item] * unit / money, format="csc"),
        items.cost[item] / money,
        sp.vstack([balance, eye, -eye], format="csc"),
        np.concatenate((np.zeros(rows), items.capacity[item] / unit, np.zeros(n))),
        [clarabel.ZeroConeT(rows), clarabel.NonnegativeConeT(2 * n)],
        settings,
    ).solve()
    if str(answer.status) not in ("Solved", "AlmostSolved"):
        raise ConvergenceError(
            f"The flows of {items.network.name} were not found ({answer.status}). Do capacities or costs "
            "differ by many orders of magnitude?"
        )
    return np.asarray(np.clip(answer.x, 0.0, None) * unit)


def _balance(items: Items, part: IntArray, item: IntArray) -> sp.csc_matrix:
    """Inflow less outflow of every node of every part that an item touches."""
    width = len(items.network.nodes)
    column = np.arange(item.size)
    out, into = items.start[item] >= 0, items.end[item] >= 0
    row = np.concatenate(
        (part[out] * width + items.start[item][out], part[into] * width + items.end[item][into])
    )
    used, row = np.unique(row, return_inverse=True)
    value = np.concatenate((-np.ones(out.sum()), np.ones(into.sum())))
    place = (row, np.concatenate((column[out], column[into])))
    return sp.csc_matrix((value, place), shape=(used.size, item.size))
