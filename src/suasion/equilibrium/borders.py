"""The two large blocks of the linearised base, ``I - trade linkages``: chains within countries, and across borders.

Chains of inputs within a country are solved exactly, by an inverse of its own industries that is put into its linkages
beforehand. What crosses borders is a small part of all, and a few Chebyshev steps solve it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from suasion.equilibrium.elasticities.bends import Single

#: To what part the error of the price and output blocks falls in a Newton step: below the distance of a shocked economy
#: from its base.
ERROR = 1e-2
#: The same when the reduced system is built: to the digits of single precision.
BUILD_ERROR = 1e-4


@dataclass(frozen=True, slots=True)
class Abroad:
    """A block ``I - trade linkage`` with what stays within a country taken out of the trade matrix and solved exactly.

    own: (N, S, 1) what each country has from itself.
    trade: (S, N, N) what it has from others.
    linkage: (N, S, S) linkages within a country, times the inverse of one less ``own linkage``.
    """

    own: Single
    trade: Single
    linkage: Single


def over_origins(matrix: Single, values: Single) -> Single:
    """Product over countries for every sector: (S, N, N) with (N, S, B)."""
    return np.asarray(np.matmul(matrix, values.transpose(1, 0, 2)).transpose(1, 0, 2))


def steps_to(radius: float, error: float) -> int:
    """Chebyshev steps after which an error has fallen to a part of itself, the spectrum within the radius."""
    rate = radius / (1.0 + np.sqrt(1.0 - radius**2))
    return max(2, int(np.ceil(np.log(0.5 * error) / np.log(rate))))


def chebyshev(apply: Callable[[Single], Single], right: Single, radius: float, error: float) -> Single:
    """Solve ``(I - A) x = right`` with the spectrum of A within the radius."""
    x, step, scale = right.copy(), right.copy(), 1.0
    for j in range(1, steps_to(radius, error)):
        residual = apply(x)
        residual -= x
        residual += right
        factor = (radius * scale) ** 2 * (0.5 if j == 1 else 0.25)
        scale = 1.0 / (1.0 - factor / scale)
        residual *= np.float32(scale)
        step *= np.float32(factor)
        step += residual
        x += step
    return x


def block_solve(block: Abroad, right: Single, radius: float, error: float) -> Single:
    """Answers (N, S, B) of a block to a residual: chains within a country exactly, those across borders by steps."""
    linked = partial(np.matmul, block.linkage)
    met = chebyshev(lambda w: over_origins(block.trade, linked(w)), right, radius, error)
    chains = linked(met)
    chains *= block.own
    chains += met
    return np.asarray(chains)


def abroad_of(trade: Single, linkage: Single) -> Abroad:
    """Take a country's own linkages out of a block of trade (S, N, N) after linkages (N, S, S)."""
    own = np.ascontiguousarray(np.diagonal(trade, axis1=1, axis2=2).T)[..., None]
    eye = np.eye(linkage.shape[1], dtype=np.float32)
    inverse = np.linalg.inv(eye - own * linkage)
    return Abroad(own, trade * (1 - np.eye(trade.shape[1], dtype=np.float32)), np.matmul(linkage, inverse))


def radius_of(block: Abroad) -> float:
    """Largest eigenvalue of what crosses borders, by power iteration, a little enlarged; outputs have no larger one."""
    vector, growth = np.ones_like(block.own), [1.0, 1.0]
    for _ in range(40):
        vector = over_origins(block.trade, np.matmul(block.linkage, vector))
        growth.append(float(vector.max()))
        if growth[-1] <= 0.0:
            return 0.1
        vector = vector / np.float32(growth[-1])
    # Two economies pass it to and fro: only the mean of two steps settles.
    return min(0.95, 1.02 * float(np.sqrt(growth[-1] * growth[-2])) + 0.01)
