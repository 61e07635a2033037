"""Newton's method on ``F(x) = 0`` with an exact Jacobian by complex step, or Krylov steps when it is large."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.solvers.solution import Solution, Status
from suasion.types import FloatArray

#: A map that accepts real or complex vectors and is analytic between its kinks.
Analytic = Callable[[NDArray[Any]], NDArray[Any]]

#: With h this small the complex step has no truncation error in float64.
_H = 1e-30


@dataclass(frozen=True, slots=True)
class NewtonOptions:
    """Options of :func:`newton`.

    Attributes
    ----------
    tolerance : on ``max |F(x)|``
    max_iterations : Newton steps
    dense_limit : up to this many unknowns the Jacobian is formed and factorised
    max_step : largest change of a component in one step
    krylov : basis size of the inner GMRES, and its relative tolerance
    """

    tolerance: float = 1e-11
    max_iterations: int = 40
    dense_limit: int = 400
    max_step: float = 1.0
    krylov: int = 150
    krylov_tolerance: float = 1e-4


def jacobian_product(function: Analytic, x: FloatArray, direction: FloatArray) -> FloatArray:
    """Return the exact directional derivative of ``function`` at ``x``."""
    return np.asarray(function(x + 1j * _H * direction).imag / _H, dtype=np.float64)


def jacobian(function: Analytic, x: FloatArray) -> FloatArray:
    """Return the exact Jacobian of ``function`` at ``x``, shape (m, n)."""
    return np.stack([jacobian_product(function, x, row) for row in np.eye(x.size)], axis=1)


def _direction(function: Analytic, x: FloatArray, value: FloatArray, options: NewtonOptions) -> FloatArray:
    if x.size <= options.dense_limit:
        return np.asarray(np.linalg.lstsq(jacobian(function, x), -value, rcond=1e-14)[0])
    from scipy.sparse.linalg import LinearOperator, gmres  # slow to import, and a last resort

    operator = LinearOperator(
        (x.size, x.size), matvec=lambda d: jacobian_product(function, x, np.ravel(d)), dtype=np.float64
    )
    step, _ = gmres(operator, -value, rtol=options.krylov_tolerance, restart=options.krylov, maxiter=2)
    return np.asarray(step)


def newton(function: Analytic, start: FloatArray, options: NewtonOptions | None = None) -> Solution:
    """Find a zero of ``function`` by damped Newton steps.

    Parameters
    ----------
    function : F, defined for complex arguments as well
    start : (n,) first iterate
    options : tolerances

    Returns
    -------
    Solution
        ``value`` is the best iterate seen.
    """
    options = options or NewtonOptions()
    x, value = start.copy(), np.asarray(function(start), dtype=np.float64)
    for iteration in range(1, options.max_iterations + 1):
        norm = float(np.abs(value).max())
        if not np.isfinite(norm):
            return Solution(x, Status.NONFINITE, iteration, norm)
        if norm <= options.tolerance:
            return Solution(x, Status.CONVERGED, iteration, norm)
        step = _direction(function, x, value, options)
        kept = min(1.0, options.max_step / max(float(np.abs(step).max()), 1e-300))
        trial, trial_value = _backtrack(function, x, step, norm, kept)
        if trial is None:
            return Solution(x, Status.STALLED, iteration, norm)
        x, value = trial, trial_value
    return Solution(x, Status.MAX_ITERATIONS, options.max_iterations, float(np.abs(value).max()))


def _backtrack(
    function: Analytic, x: FloatArray, step: FloatArray, norm: float, kept: float
) -> tuple[FloatArray | None, FloatArray]:
    """Halve the kept part of a Newton step until the residual falls by a part of what the step promises."""
    length = kept
    while length > 1e-4 * kept:
        trial = x + length * step
        value = np.asarray(function(trial), dtype=np.float64)
        largest = float(np.abs(value).max())
        if np.isfinite(largest) and largest < (1.0 - 1e-4 * length) * norm:
            return trial, value
        length *= 0.5
    return None, x
