"""Where bars, dots and bands stand in their cell: per cent of the cell's width, as text for SVG attributes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from suasion.dossier.explore.leverage import class_of
from suasion.dossier.explore.rows import EconomyRow, FlowRow, IndustryRow, Panel, SideRow
from suasion.dossier.explore.rows_pages import LossRow
from suasion.dossier.explore.why import WhyAssumption, WhyPart

ROOM = 1.06
"""Room beyond the largest bar."""
LEAST_REACH = 1e-3


@dataclass(frozen=True, slots=True)
class Scale:
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


def scale_over(values: Iterable[float | None]) -> Scale:
    """Scale that holds zero and all values, with room at the ends that are used."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    reach = max(high - low, abs(low), abs(high), LEAST_REACH)
    return Scale(min(low, 0.0) - (ROOM - 1) * reach, max(high, 0.0) + (ROOM - 1) * reach)


def side_scale(rows: Sequence[SideRow]) -> Scale:
    """One scale for all sides and runs, bands included."""
    cells = (cell for row in rows for cell in row.changes)
    return scale_over(value for cell in cells for value in (cell.percent, cell.low, cell.high))


def panel_scale(panel: Panel) -> Scale:
    """Scale of a panel of flows or industries."""
    return scale_over(row.change for row in panel.rows)


def parts_scale(parts: Sequence[WhyPart]) -> Scale:
    """Scale of a waterfall."""
    return scale_over(part.end for part in parts)


def ranges_scale(rows: Sequence[WhyAssumption]) -> Scale:
    """Scale of the ranges of an answer."""
    return scale_over(value for row in rows for value in (row.low, row.high))


def loss_scale(rows: Sequence[LossRow]) -> Scale:
    """Scale of losses as changes, of both ends of each tie."""
    losses = [loss for row in rows for loss in (row.loss_percent, row.partner_loss_percent)]
    return scale_over(None if loss is None else -loss for loss in losses)


SHARES = Scale(0.0, 100.0 * ROOM)
"""Scale of shares in per cent."""


@dataclass(frozen=True, slots=True)
class Extreme:
    """One economy with its change in the shown run.

    Attributes
    ----------
    code, name, role, text : str
        As in the row of the economy.
    change : float
        Per cent.
    """

    code: str
    name: str
    role: str
    change: float
    text: str


def extremes(rows: Sequence[EconomyRow], shown: str, sign: int, most: int = 12) -> tuple[Extreme, ...]:
    """Largest losers (sign -1) or gainers (+1) in the shown run.

    Parameters
    ----------
    rows : sequence of EconomyRow
        All economies.
    shown : str
        Key of the run.
    sign : int
        -1 for losses, +1 for gains.
    most : int
        Number of rows.
    """
    found = []
    for row in rows:
        change = next((c for c in row.changes if c.run == shown), None)
        if change is not None and change.percent is not None and change.percent * sign > 0.0005:
            found.append(Extreme(row.code, row.name, row.role, change.percent, change.text))
    return tuple(sorted(found, key=lambda one: -abs(one.change))[:most])


def extreme_scale(rows: Sequence[Extreme]) -> Scale:
    """Scale of the largest losers or gainers."""
    return scale_over(row.change for row in rows)


def change_class(change: float | None) -> str:
    """CSS class of a change of welfare in the fixed classes of every map."""
    kind = class_of(None if change is None else -change)
    return "no-data" if kind < 0 else f"fill-{kind}"


def tone(row: FlowRow | IndustryRow) -> str:
    """CSS class of a bar in a panel: the sign, and whether a measure names it."""
    return "down" if row.change < 0 else "up"
