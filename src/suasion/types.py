"""Types that every room shares. Doors read them too, and start without numpy: the types of arrays load on first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    """Numbers in double precision."""

Progress = Callable[[int, int, str], None]
"""Called with (done, total, what)."""
Advice = str
"""A part of the message of an error: English, shown with the error, and read by no code."""
Citation = str
"""The name of a data set or work with its locator, or what is assumed: it stands beside its number as it is."""
CountProgress = Callable[[int, int], None]
"""Called with (done, total)."""


def __getattr__(name: str) -> Any:
    if name != "FloatArray":
        raise AttributeError(f"module 'suasion.types' has no attribute {name!r}")
    import numpy as np
    from numpy.typing import NDArray

    return NDArray[np.float64]
