"""Points at which elasticities are drawn: a scrambled Sobol sequence, whose usual beginnings ship."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from suasion.errors import InputError
from suasion.files import shipped
from suasion.types import FloatArray

_MOST_DRAWS = 100_000
_GRID = 2.0**-30
"""Distance of points of the sequence."""
_NONE = np.empty((0, 0), dtype=np.uint32)


def check_count(n: int, least: int) -> None:
    """Refuse a number of draws that is none.

    Raises InputError: It is no whole number, below ``least``, or more than a Sobol sequence gives.
    """
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or not least <= n <= _MOST_DRAWS:
        raise InputError(f"The number of draws is {n!r}; give a whole number from {least} to {_MOST_DRAWS}.")


def quantiles(n: int, dimensions: int, seed: int, more: int = 0) -> FloatArray:
    """First ``n`` points of a scrambled Sobol sequence, (draw, dimension), strictly inside (0, 1).

    ``more`` dimensions follow those, which are the same with them and without: they are scrambled on their own.
    """
    check_count(n, 1)
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise InputError(f"The seed is {seed!r}; give a whole number >= 0.")
    kept = _kept_points().get(f"{dimensions}-{more}-{seed}", _NONE)
    points = kept[:n] * _GRID if n <= len(kept) else sobol_points(n, dimensions, int(seed), more)
    tiny = _GRID / 2.0  # so that no quantile is infinite
    return np.clip(points, tiny, 1.0 - tiny)


def sobol_points(n: int, dimensions: int, seed: int, more: int) -> FloatArray:
    """Points of :func:`quantiles` made anew; those at 0 are not moved inside."""
    from scipy.stats import qmc  # takes as long to import as all of pandas

    # The scrambling takes its random numbers before the first point: a longer sequence begins like a shorter.
    power = math.ceil(math.log2(n))
    sequence = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    points: FloatArray = sequence.random_base2(power)[:n]
    if not more:
        return points
    longer = qmc.Sobol(dimensions + more, scramble=True, rng=np.random.default_rng([seed, more]))
    return np.concatenate([points, longer.random_base2(power)[:n, dimensions:]], axis=1)


@cache
def _kept_points() -> dict[str, NDArray[np.uint32]]:
    """First points of the usual sequences, (draw, dimension) on their grid, by dimensions and seed."""
    return shipped("suasion.equilibrium.elasticities", "sobol.npz", lambda file: dict(np.load(file)))
