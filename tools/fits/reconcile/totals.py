"""Totals of economies as soft constraints on all pairs at once: best linear unbiased, in logs, a few linearisations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from fits.reconcile.blocks import Block, Ratios
from fits.reconcile.record import BLOCKS, LAST, MINING, YEARS, Record, goods_growth, places
from suasion.types import FloatArray

KNOWN, GROWN, GUESSED, MINED, HIDDEN = (0.02, 0.03), (0.05, 0.05), 0.15, 0.10, 0.15
"""Deviations of log totals: exports and imports of the table; moved by official trade; by the median of others; of a
mining industry; of a pair's customs where its raw materials are hidden."""
LINEARISATIONS, MOST_STEP = 5, 1.5
WIDER = {"other": 1.0, "B05": 1.4, "B06": 1.8, "B07": 2.0}
"""Factors on the deviations found: ranges of mining held .6 to .9 of tables that had been hidden."""
SPREAD = (0.01, 1.5)
"""Limits of a pair's own deviation."""


@dataclass(frozen=True, slots=True)
class Goals:
    """Log totals wanted, their deviations, and which cells each sums (row, cell) over blocks, importers, exporters."""

    aim: FloatArray
    deviation: FloatArray
    members: sparse.csr_matrix


def goals_of(found: dict[str, Block], record: Record, ratio: Ratios, year: int) -> Goals:
    """Collect the totals of a year."""
    y, size = year - YEARS[0], len(places())
    ref = min(y, LAST)
    off = ~np.eye(size, dtype=bool)
    table = np.stack([np.nan_to_num(np.exp(found[code].table[ref])) * off for code in BLOCKS])
    cells = np.arange(table.size).reshape(table.shape)
    aims, spreads, rows = [], [], []
    growth = goods_growth(YEARS[LAST], year) if y > LAST else None
    for axis in (0, 1):  # exports, imports
        total = np.log(np.maximum(table.sum((0, axis + 1)), 1.0))
        spread = np.full(size, KNOWN[axis])
        if growth is not None:
            seen = np.isfinite(growth[axis])
            total += np.where(seen, np.clip(growth[axis], -0.5, 0.5), np.nanmedian(growth[axis]))
            spread = np.where(seen, GROWN[axis], GUESSED)
        aims.append(total)
        spreads.append(spread)
        rows += [np.take(cells, k, axis=2 - axis).ravel() for k in range(size)]
    if growth is None:
        for code in MINING:
            b = BLOCKS.index(code)
            for axis in (0, 1):
                total = table[b].sum(axis)
                aims.append(np.log(np.maximum(total, 1.0)))
                spreads.append(np.where(total > 200, MINED, 3.0))
                rows += [np.take(cells[b], k, axis=1 - axis).ravel() for k in range(size)]
    whole = np.nan_to_num(record.total[y])
    pairs = np.argwhere(record.hidden[y] & (whole > 1000))
    aims.append(np.array([np.log(whole[n, i]) + ratio.pair[n, i] for n, i in pairs]))
    spreads.append(np.full(len(pairs), HIDDEN))
    rows += [cells[:, n, i] for n, i in pairs]
    index = np.concatenate([np.full(len(row), k) for k, row in enumerate(rows)])
    ones = sparse.csr_matrix(
        (np.ones(len(index)), (index, np.concatenate(rows))), shape=(len(rows), table.size)
    )
    return Goals(np.concatenate(aims), np.concatenate(spreads), ones)


def met(found: dict[str, Block], goals: Goals, year: int) -> tuple[FloatArray, FloatArray]:
    """Move all pairs so that totals are met within their deviations.

    Returns: flows (block, importer, exporter) in million USD, and their deviations in logs given all.
    """
    y = year - YEARS[0]
    start = np.stack([found[code].flow[y] for code in BLOCKS])
    variance = (np.clip(np.stack([found[code].deviation[y] for code in BLOCKS]), *SPREAD) ** 2).ravel()
    flow, step = np.exp(start).ravel(), np.zeros(start.size)
    for _ in range(LINEARISATIONS):
        total = goals.members @ flow + 1e-9
        slope = sparse.diags(1.0 / total) @ goals.members @ sparse.diags(flow)
        weighed = slope.multiply(variance[None, :]).tocsr()
        inner = (weighed @ slope.T).toarray() + np.diag(goals.deviation**2)
        step = variance * (slope.T @ np.linalg.solve(inner, goals.aim - np.log(total) + slope @ step))
        step = np.clip(step, -MOST_STEP, MOST_STEP)
        flow = np.exp(start.ravel() + step)
    dense = weighed.toarray()
    known = (dense * np.linalg.solve(inner, dense)).sum(0)
    left = np.sqrt(np.maximum(variance - known, 0.0)).reshape(start.shape)
    wider = np.array([WIDER[code] for code in BLOCKS])[:, None, None]
    return flow.reshape(start.shape), wider * left
