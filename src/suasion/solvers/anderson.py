"""Anderson acceleration of a fixed-point map (type II, windowed, safeguarded).

The window holds the last differences dX of iterates and dF of residuals ``f = G(x) - x``; the step is
``x+ = x + b f - (dX + b dF) gamma`` with ``gamma = argmin |f - dF gamma|``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from suasion.solvers.solution import Solution, Status
from suasion.types import FloatArray

Map = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True)
class AndersonOptions:
    """Options of :func:`anderson`.

    Attributes
    ----------
    tolerance : on ``max |G(x) - x|``
    max_iterations : evaluations of the map
    memory : number of earlier steps used
    mixing : weight b of the residual, in (0, 1]
    max_step : largest change of a component in one step
    """

    tolerance: float = 1e-11
    max_iterations: int = 400
    memory: int = 12
    mixing: float = 1.0
    max_step: float = 1.0


class _Window:
    """The last differences of iterates and residuals, with their Gram matrix kept up to date."""

    def __init__(self, size: int, memory: int) -> None:
        self.steps = np.empty((memory, size))
        self.changes = np.empty((memory, size))
        self.gram = np.zeros((memory, memory))
        self.filled = 0
        self.next = 0

    def push(self, step: FloatArray, change: FloatArray) -> None:
        """Store a pair, overwriting the oldest."""
        memory, row = self.gram.shape[0], self.next
        self.steps[row], self.changes[row] = step, change
        self.filled = min(self.filled + 1, memory)
        products = self.changes[: self.filled] @ change
        self.gram[row, : self.filled] = products
        self.gram[: self.filled, row] = products
        self.next = (row + 1) % memory

    def clear(self) -> None:
        """Forget everything."""
        self.filled = self.next = 0

    def correction(self, residual: FloatArray, mixing: float) -> FloatArray:
        """Return the accelerated step from the residual."""
        m = self.filled
        if m == 0:
            return mixing * residual
        # Unit-norm columns: the window spans many orders of magnitude near convergence.
        scale = 1.0 / np.sqrt(np.maximum(np.diagonal(self.gram)[:m], 1e-300))
        gram = self.gram[:m, :m] * scale[:, None] * scale
        rhs = scale * (self.changes[:m] @ residual)
        # Squaring halves the digits, so directions below 1e-13 of the largest are noise.
        values, vectors = np.linalg.eigh(gram)
        kept = values > 1e-13 * values[-1]
        basis = vectors[:, kept]
        gamma = scale * (basis @ ((basis.T @ rhs) / values[kept]))
        return np.asarray(mixing * (residual - gamma @ self.changes[:m]) - gamma @ self.steps[:m])


def anderson(function: Map, start: FloatArray, options: AndersonOptions | None = None) -> Solution:
    """Find ``x = G(x)``.

    Parameters
    ----------
    function : the map G; may return non-finite values, which end the iteration
    start : (n,) first iterate
    options : tolerances and memory

    Returns
    -------
    Solution
        ``value`` is the best iterate seen.
    """
    options = options or AndersonOptions()
    window = _Window(start.size, options.memory)
    x = start.copy()
    best, best_norm, since_best = x, np.inf, 0
    last_x = last_f = None
    for iteration in range(1, options.max_iterations + 1):
        f = function(x) - x
        norm = float(np.abs(f).max())
        if not np.isfinite(norm):
            return Solution(best, Status.NONFINITE, iteration, best_norm)
        if norm < best_norm:
            best, best_norm, since_best = x, norm, 0
        else:
            since_best += 1
        if norm <= options.tolerance:
            return Solution(x, Status.CONVERGED, iteration, norm)
        if since_best >= 8 * options.memory:
            return Solution(best, Status.STALLED, iteration, best_norm)
        if last_x is not None and last_f is not None:
            window.push(x - last_x, f - last_f)
        if norm > 1e4 * best_norm:  # far off: restart from the best point with plain damping
            window.clear()
            x, last_x, last_f = best, None, None
            f = function(x) - x
        last_x, last_f = x, f
        step = window.correction(f, options.mixing)
        x = x + step * min(1.0, options.max_step / max(float(np.abs(step).max()), 1e-300))
    return Solution(best, Status.MAX_ITERATIONS, options.max_iterations, best_norm)
