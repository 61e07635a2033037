"""Shares of labour in national income, from the Penn World Table: what the rest is paid for is capital."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from suasion.sources.embedded import load_csv

YEAR = 2017
"""Last year of the edition that may be shipped, 9.1."""


@cache
def labour_shares() -> dict[str, float]:
    """Return the share of labour in the income of each economy in :data:`YEAR`, by ISO code."""
    table = load_csv("labour_shares.csv", text=("country",))
    return dict(zip(table["country"], table["labour_share"].astype(float), strict=True))


def capital_shares(countries: Sequence[str]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return one less the share of labour, and which economies the source does not have.

    countries: labels of a world.
    Returns: (N,), tuple of str. Shares of capital in value added, from 0 to 1; those that are missing have
      the median of all in the source.
    """
    known = labour_shares()
    median = float(np.median(list(known.values())))
    missing = tuple(code for code in countries if code not in known)
    return 1.0 - np.array([known.get(code, median) for code in countries]), missing
