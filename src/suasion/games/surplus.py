"""Largest total surplus of many parts of a network at once, by a convex programme of a solver library.

maximise  sum over customers of (a q - b q^2 / 2) - cost x quantity of producers and routes, subject to balance at every
node and to capacities. The parts are independent, so that they are solved in blocks of one sparse programme.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from suasion.errors import ConvergenceError
from suasion.extras import need
from suasion.games.network import SupplyNetwork
from suasion.types import BoolArray, FloatArray, IntArray

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
