"""Where bars, dots and bands stand in their cell: per cent of the cell's width, as text for SVG attributes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from suasion.answers.picture import theme

ROOM = 1.06
"""Room beyond the largest bar."""
LEAST_REACH = 1e-3
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BarScale:
    """A linear scale from ``low`` to ``high``; zero lies inside."""

    low: float
    high: float

    def place(self, value: float) -> str:
        """Place of a value, ``"0%"`` at the left end."""
        return f"{100.0 * (value - self.low) / (self.high - self.low):.2f}%"

    def width(self, a: float, b: float) -> str:
        """Distance of two values."""
        return f"{100.0 * abs(b - a) / (self.high - self.low):.2f}%"

    @property
    def zero(self) -> str:
        """Place of zero."""
        return self.place(0.0)


def scale_over(values: Iterable[float | None]) -> BarScale:
    """Scale that holds zero and all values, with room at the ends that are used."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    reach = max(high - low, abs(low), abs(high), LEAST_REACH)
    return BarScale(min(low, 0.0) - (ROOM - 1) * reach, max(high, 0.0) + (ROOM - 1) * reach)


def side_scale(rows: Sequence[Row]) -> BarScale:
    """One scale for all sides and runs, bands included."""
    cells = [cell for row in rows for cell in row["changes"]]
    return scale_over(cell[name] for cell in cells for name in ("percent", "low", "high"))


def row_scale(rows: Sequence[Row], *names: str) -> BarScale:
    """Scale of the bars of a list."""
    return scale_over(row[name] for row in rows for name in names or ("change",))


SHARES = BarScale(0.0, 100.0 * ROOM)
"""Scale of shares in per cent."""


def change_class(change: float | None) -> str:
    """CSS class of a change of welfare in the fixed classes of every map."""
    kind = -1 if change is None else bisect_right(theme.CHANGE_BOUNDS, change)
    return "no-data" if kind < 0 else f"fill-{kind}"
