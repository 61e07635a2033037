"""The verdict of a solver."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from suasion.types import FloatArray


class Status(enum.Enum):
    """How a solve ended; the value is advice for the reader of an error message."""

    CONVERGED = "converged"
    MAX_ITERATIONS = "the maximum number of iterations was reached; raise it or give a smaller shock"
    STALLED = "the residual stopped falling; the tolerance may be finer than the arithmetic allows"
    NONFINITE = "the iteration left the finite numbers; the shock may have no equilibrium"


@dataclass(frozen=True, slots=True)
class Solution:
    """Outcome of an iteration.

    Attributes
    ----------
    value : (n,) array, the last iterate
    status : how it ended
    iterations : evaluations of the map
    residual : largest absolute component of ``x - G(x)`` at ``value``
    """

    value: FloatArray
    status: Status
    iterations: int
    residual: float

    @property
    def converged(self) -> bool:
        """Whether the tolerance was met."""
        return self.status is Status.CONVERGED
