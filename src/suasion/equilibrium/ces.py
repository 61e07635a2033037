"""The constant-elasticity aggregator in logs, accurate through an elasticity of one.

Written with ``expm1`` and ``log1p``: at elasticities 1 +- 1e-7 it agrees with the Cobb-Douglas form to
all the digits that the elasticity itself allows, and at zero log prices it returns exactly zero.
All functions accept complex arrays (exact derivatives by complex step).

Where an index falls towards zero, as that of a stranded seller does, ``log1p`` of a number near -1 would lose the
digits that the tolerance needs: the sum itself is taken there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


#: Below this change of a sum, 1 + change is taken from the sum itself.
_DEEP = -0.9


def log_of_sum(change: Array, total: Callable[[], Array]) -> Array:
    """Log of ``1 + change``.

    change: sum of shares times expm1.
    total: the same with exp, evaluated only where some change is near -1.
    """
    deep = change.real < _DEEP
    if not deep.any():
        return np.asarray(np.log1p(change))
    return np.log(np.where(deep, total(), 1.0)) + np.log1p(np.where(deep, 0.0, change))


def two_input_log_price(share: Array, first: Array, second: Array, elasticity: Array) -> Array:
    """Log unit cost of two inputs with cost shares ``share`` and ``1 - share`` at log prices given.

    share, first, second: broadcastable arrays.
    elasticity: array of the same shape; entries equal to 1 mean Cobb-Douglas.
    Returns: Log of the price index, zero where both log prices are zero.
    """
    power = 1.0 - elasticity
    unit = power == 0.0
    safe = np.where(unit, 1.0, power)
    change = share * np.expm1(safe * first) + (1.0 - share) * np.expm1(safe * second)
    general = (
        log_of_sum(change, lambda: share * np.exp(safe * first) + (1.0 - share) * np.exp(safe * second))
        / safe
    )
    if not unit.any():
        return np.asarray(general)
    return np.asarray(np.where(unit, share * first + (1.0 - share) * second, general))


def index_log_price(shares: Array, log_price: Array, elasticity: Array) -> Array:
    """Log price index over the last axis; ``shares`` sum to one there, ``elasticity`` lacks that axis."""
    power = 1.0 - elasticity
    unit = power == 0.0
    safe = np.where(unit, 1.0, power)
    scaled = safe[..., None] * log_price
    change = (shares * np.expm1(scaled)).sum(-1)
    general = log_of_sum(change, lambda: (shares * np.exp(scaled)).sum(-1)) / safe
    if not unit.any():
        return np.asarray(general)
    return np.asarray(np.where(unit, (shares * log_price).sum(-1), general))
