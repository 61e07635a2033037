"""Types that every room shares."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
"""Numbers in double precision."""
Progress = Callable[[int, int, str], None]
"""Called with (done, total, what)."""
CountProgress = Callable[[int, int], None]
"""Called with (done, total)."""
