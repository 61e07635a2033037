"""The constant-elasticity aggregator in logs, accurate through an elasticity of one.

Written with ``expm1`` and ``log1p``: at elasticities 1 +- 1e-7 it agrees with the Cobb-Douglas form to
all the digits that the elasticity itself allows, and at zero log prices it returns exactly zero.
All functions accept complex arrays (exact derivatives by complex step).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def two_input_log_price(share: Array, first: Array, second: Array, elasticity: Array) -> Array:
    """Log unit cost of two inputs with cost shares ``share`` and ``1 - share`` at log prices given.

    Parameters
    ----------
    share, first, second : broadcastable arrays
    elasticity : array of the same shape; entries equal to 1 mean Cobb-Douglas

    Returns
    -------
    Array
        Log of the price index, zero where both log prices are zero.
    """
    power = 1.0 - elasticity
    unit = power == 0.0
    safe = np.where(unit, 1.0, power)
    general = np.log1p(share * np.expm1(safe * first) + (1.0 - share) * np.expm1(safe * second)) / safe
    if not unit.any():
        return np.asarray(general)
    return np.asarray(np.where(unit, share * first + (1.0 - share) * second, general))


def index_log_price(shares: Array, log_price: Array, elasticity: Array) -> Array:
    """Log price index over the last axis; ``shares`` sum to one there, ``elasticity`` lacks that axis."""
    power = 1.0 - elasticity
    unit = power == 0.0
    safe = np.where(unit, 1.0, power)
    general = np.log1p((shares * np.expm1(safe[..., None] * log_price)).sum(-1)) / safe
    if not unit.any():
        return np.asarray(general)
    return np.asarray(np.where(unit, (shares * log_price).sum(-1), general))
