"""A part over its whole, cell by cell."""

import numpy as np
from numpy.typing import ArrayLike

from suasion.types import FloatArray


def over(part: ArrayLike, whole: ArrayLike, empty: ArrayLike = 0.0) -> FloatArray:
    """Quotient where the whole is positive, ``empty`` elsewhere: of nothing there is no share."""
    shape = np.broadcast_shapes(np.shape(part), np.shape(whole))
    out = np.full_like(part, empty, dtype=np.float64, shape=shape)
    return np.divide(part, whole, out=out, where=np.greater(whole, 0.0))
