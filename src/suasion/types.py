"""Types that every room shares. Doors read them too, and start without numpy: the types of arrays load on first use."""

from __future__ import annotations

from collections.abc import Callable, Sized
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    BoolArray = NDArray[np.bool_]
    """Whether, cell by cell."""
    FloatArray = NDArray[np.float64]
    """Numbers in double precision."""
    IntArray = NDArray[np.int64]
    """Places and counts."""

Z90 = 1.6448536269514722
"""Standard deviations from the middle of a normal to either end of its 90 %."""
Progress = Callable[[int, int, str], None]
"""Called with (done, total, what)."""
Advice = str
"""A part of the message of an error: English, shown with the error, and read by no code."""
Citation = str
"""The name of a data set or work with its locator, or what is assumed: it stands beside its number as it is."""
CountProgress = Callable[[int, int], None]
"""Called with (done, total)."""


DeficitRule = Literal["balance", "world", "gdp", "eliminate"]
"""What becomes of trade imbalances."""
KeptRule = Literal["balance", "world", "gdp"]
"""Rules under which an answer is one about the measures alone."""


def counting(progress: Progress | None, what: str) -> CountProgress | None:
    """Return a progress that says what it counts; None where nobody listens."""
    return progress and (lambda done, total: progress(done, total, what))


SHORT = 60
"""Letters of a field that the line of a result shows."""


class Brief:
    """A result of many fields, whose ``repr`` is a line: its class, and what is short of it."""

    __slots__ = ()

    def __repr__(self) -> str:
        """One line."""
        told = [f"{one.name}={text}" for one in fields(self) if (text := _in_short(getattr(self, one.name)))]  # type: ignore[arg-type]
        return f"<{type(self).__name__}: {', '.join(told)}>"


def _in_short(value: object) -> str:
    """A field in few letters: plain values, how many of what holds many, the class of a result; else nothing."""
    if isinstance(value, str | int | float | None):
        text = repr(value)
        return text if len(text) <= SHORT else ""
    if isinstance(value, Brief):
        return type(value).__name__
    return f"({len(value)})" if isinstance(value, Sized) else ""


ARRAYS = {"BoolArray": "bool_", "FloatArray": "float64", "IntArray": "int64"}
"""Types of arrays, and what numpy calls their cells."""


def __getattr__(name: str) -> Any:
    if name not in ARRAYS:
        raise AttributeError(f"module 'suasion.types' has no attribute {name!r}")
    import numpy as np
    from numpy.typing import NDArray

    cells: Any = getattr(np, ARRAYS[name])
    return NDArray[cells]
