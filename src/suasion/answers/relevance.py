"""What is worth telling: how large a number must be, how sure its direction, and in which order many are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from suasion.answers.values import Quantity

LEAST_PERCENT, LEAST_MUSD = 0.1, 1000.0
"""Per cent of spending power and million USD a year: what is below one of them is no finding."""
SURE = 0.9
"""Share of draws in which a sign or an order must hold to be told."""
Row = TypeVar("Row")


def worth_telling(percent: float | None, musd: float | None) -> bool:
    """Whether a loss or gain is a finding: large both for its economy and in money."""
    return abs(percent or 0.0) >= LEAST_PERCENT and abs(musd or 0.0) >= LEAST_MUSD


def noticed(percent: float | None, musd: float | None) -> bool:
    """Whether who asks is told a size: it is large for its economy, or in money."""
    return abs(percent or 0.0) >= LEAST_PERCENT or abs(musd or 0.0) >= LEAST_MUSD


def settled(share: float | None) -> bool:
    """Whether a sign or an order is told, by the share of draws in which it holds; not where that is unknown."""
    return share is not None and share >= SURE


def direction(percent: Quantity, musd: Quantity) -> str:
    """Return how a loss is told to who asks: it loses, gains, hardly notices, or it is unclear which.

    percent, musd: the loss for the economy and in money; a gain is negative.
    """
    if percent.covers_zero:
        return "unclear"
    if not noticed(percent.value, musd.value):
        return "hardly"
    return "loses" if (percent.value or 0.0) > 0 else "gains"


def by_later(rows: Iterable[Row], later: Callable[[Row], float | None]) -> list[Row]:
    """Return rows by their loss after ten years, the largest first: of the first year the order is less stable.

    later: a row's loss after ten years; None sorts it last.
    """
    return sorted(rows, key=lambda row: -abs(later(row) or 0.0))
