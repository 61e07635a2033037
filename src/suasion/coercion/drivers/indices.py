"""Shares of the spread of an answer that groups of uncertain inputs account for: Sobol indices.

Two independent samples A and B of all inputs, and for each group g a third one, A with the inputs of g from B, give

    first order   S_g = E[f(B) (f(AB_g) - f(A))] / V
    total         T_g = E[(f(A) - f(AB_g))^2] / (2 V)

which are the estimators that the manual of ``scipy.stats.sobol_indices`` calls ``saltelli_2010`` and, for the second,
the manual of R's ``sensitivity::soboljansen`` calls Jansen's. S_g is the share of the variance that goes when g is
known; T_g what is left when everything but g is known. Their difference is what g does together with others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.outcomes import BAND
from suasion.types import FloatArray

IntArray = NDArray[np.intp]

RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Indices:
    """Sobol indices of one outcome, (G,) each; intervals (2, G) hold 90 per cent of bootstrap resamples.

    first, total: indices.
    first_interval, total_interval: ends of their intervals.
    rows: rows of the samples that could be used.
    """

    first: FloatArray
    total: FloatArray
    first_interval: FloatArray
    total_interval: FloatArray
    rows: int


def mix(first: FloatArray, second: FloatArray, groups: Sequence[Sequence[int]]) -> list[FloatArray]:
    """Lay out all samples: A, B, and A with the columns of each group from B.

    first, second: (n, D) independent samples A and B.
    groups: columns of each group.
    Returns: list of (n, D) arrays. 2 + G of them.
    """
    mixed = []
    for columns in groups:
        sample = first.copy()
        sample[:, list(columns)] = second[:, list(columns)]
        mixed.append(sample)
    return [first, second, *mixed]


def sobol_indices(values: FloatArray, seed: int = 0) -> Indices:
    """Estimate first-order and total indices.

    values: (2 + G, n) outcome on the samples in the order of :func:`mix`; a row of the samples with a NaN in
      any of them is left out of all.
    seed: of the bootstrap.
    Returns: NaN where the outcome does not vary or fewer than two rows are left.
    """
    known = values[:, np.isfinite(values).all(0)]
    n, nothing = known.shape[1], np.full(values.shape[0] - 2, np.nan)
    if n < 2 or float(np.ptp(known[:2])) == 0.0:
        return Indices(nothing, nothing, np.stack([nothing] * 2), np.stack([nothing] * 2), n)
    rows = np.random.default_rng(seed).integers(0, n, (RESAMPLES, n))
    first, total = _estimate(known, np.arange(n)[None])
    drawn = _estimate(known, rows)
    low, high = (np.quantile(part, BAND, axis=1) for part in drawn)
    return Indices(first[:, 0], total[:, 0], low, high, n)


def _estimate(values: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray]:
    """First-order and total indices of resamples given by their rows (R, n): (G, R) each."""
    centred = values - values[:2].mean()
    a, b = centred[0][rows], centred[1][rows]
    both = np.concatenate([a, b], axis=1)
    variance = both.var(axis=1)
    # Centred on the resample itself, the product has the smaller error.
    b = b - both.mean(axis=1, keepdims=True)
    first, total = [], []
    for mixed in centred[2:]:
        change = mixed[rows] - a
        first.append((b * change).mean(1) / variance)
        total.append((change**2).mean(1) / (2.0 * variance))
    return np.array(first), np.array(total)
