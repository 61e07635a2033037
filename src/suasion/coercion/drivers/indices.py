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

import numpy as np
import pandas as pd

from suasion.coercion.outcomes import BAND
from suasion.types import FloatArray, IntArray

RESAMPLES = 1000
COLUMNS = ["first", "first_low", "first_high", "total", "total_low", "total_high"]


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


def sobol_indices(values: FloatArray, seed: int = 0) -> pd.DataFrame:
    """Estimate first-order and total indices.

    values: (2 + G, n) outcome on the samples in the order of :func:`mix`; a row of the samples with a NaN in
      any of them is left out of all.
    seed: of the bootstrap.
    Returns: A row a group: first and total, the ends of the intervals (``_low``, ``_high``) that hold 90 per cent of
      bootstrap resamples, and rows, of the samples, that could be used; NaN where the outcome does not vary or fewer
      than two rows are left.
    """
    known = values[:, np.isfinite(values).all(0)]
    n = known.shape[1]
    found = pd.DataFrame(np.nan, range(len(values) - 2), COLUMNS).assign(rows=n)
    if n < 2 or float(np.ptp(known[:2])) == 0.0:
        return found
    resampled = np.random.default_rng(seed).integers(0, n, (RESAMPLES, n))
    central, drawn = (_estimate(known, rows) for rows in (np.arange(n)[None], resampled))
    for name, one, many in zip(("first", "total"), central, drawn, strict=True):
        found[name] = one[:, 0]
        found[f"{name}_low"], found[f"{name}_high"] = np.quantile(many, BAND, axis=1)
    return found


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
