"""How numbers stand where a reader sees them first: rounded to what holds, with words for common fractions.

One decimal at most, none from ten on; both ends of a range take the decimals of its centre. Full precision stays in
tables and files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from suasion.answers.numbers import DEFAULT_NUMBERS, MINUS, Printer
from suasion.answers.values import Quantity

LEAST = 0.05
"""Per cent below which a number reads "less than 0.1 %"."""
BEYOND = 40.0
"""Per cent above which a loss lies beyond what was tested and reads "over 40 %"."""
FRACTIONS = (
    (4.5, 5.5, "twentieth"),
    (9.0, 11.5, "tenth"),
    (18.0, 22.0, "fifth"),
    (23.0, 27.0, "quarter"),
    (30.0, 36.0, "third"),
    (45.0, 55.0, "half"),
)
"""Per cents and the fraction that they are said as."""
CHANGES = (
    (0.45, 0.55, "halved"),
    (0.9, 1.1, "still"),
    (1.8, 2.3, "doubled"),
    (2.7, 3.4, "tripled"),
)
"""Ratios and the word of the change; others rose or fell."""


def plain(value: float, centre: float | None = None, numbers: Printer = DEFAULT_NUMBERS) -> str:
    """Return a size with the decimals of a centre, its own by default, and without a unit."""
    whole = abs(value if centre is None else centre) >= 9.95
    text = f"{abs(value):.0f}" if whole else f"{abs(value):.1f}"
    return numbers.signs(f"{MINUS}{text}" if value < 0 and float(text) else text)


def share(value: float, numbers: Printer) -> str:
    """Return a share in per cent: ``"52 %"``, ``"4.4 %"``, ``"less than 0.1 %"``."""
    return _least(numbers) if value < LEAST else numbers.unit(plain(value, numbers=numbers))


def percent(value: float, numbers: Printer, *, short: bool = False) -> str:
    """Return the size of a loss or gain: ``"5.3 %"``, ``"less than 0.1 %"`` (``"<0.1 %"``, short), ``"over 40 %"``."""
    if abs(value) < LEAST:
        return _least(numbers, short=short)
    if abs(value) > BEYOND:
        return numbers.words["number.over"].format(size=numbers.unit(f"{BEYOND:g}"))
    return numbers.unit(plain(abs(value), numbers=numbers))


def _least(numbers: Printer, *, short: bool = False) -> str:
    """What stands for a size that is too small to print."""
    size = numbers.unit(numbers.signs("0.1"))
    return f"<{size}" if short else numbers.below(size)


def about(value: float, numbers: Printer) -> str:
    """Return the size as a sentence says it: ``"about a tenth"``, ``"about 1.5 %"``, ``"less than 0.1 %"``."""
    if abs(value) < LEAST or abs(value) > BEYOND:
        return percent(value, numbers)
    for low, high, name in FRACTIONS:
        if low <= abs(value) <= high:
            return numbers.words[f"number.fraction.{name}"]
    text = plain(abs(value), numbers=numbers).removesuffix(numbers.signs(".0"))
    return numbers.words["number.about"].format(size=numbers.unit(text))


def ends(one: Quantity, numbers: Printer) -> tuple[str, str] | None:
    """Return both ends of a range as sizes without a unit; None without one."""
    if one.low is None or one.high is None or one.value is None:
        return None
    low, high = (-one.high, -one.low) if one.value < 0 else (one.low, one.high)
    if _tiny(one):
        return "0", numbers.signs("0.1")
    first, last = ("0" if abs(end) < LEAST else plain(end, one.value, numbers) for end in (low, high))
    return first, last


def _tiny(one: Quantity) -> bool:
    """Whether the larger end of a range is too small to print."""
    return (-(one.low or 0.0) if (one.value or 0.0) < 0 else one.high or 0.0) < LEAST


def span(one: Quantity, numbers: Printer, *, short: bool = False) -> str:
    """Return a range: ``"3.1 to 8.1 %"``, or ``"3.1–8.1"`` as in charts; empty without one."""
    found = ends(one, numbers)
    if found is None:
        return ""
    low, high = found
    if short:
        return joined(low, high, numbers)
    if _tiny(one):
        return numbers.words["number.under_tenth"]
    return numbers.words["number.span"].format(low=low, high=numbers.unit(high))


def joined(low: str, high: str, numbers: Printer = DEFAULT_NUMBERS) -> str:
    """Return both ends of a range as in charts: a dash between sizes, a word where one has a sign of its own."""
    return numbers.words["number.span"].format(low=low, high=high) if MINUS in low + high else f"{low}–{high}"


def money_span(one: Quantity, numbers: Printer) -> str:
    """Return a range of money as in charts: ``"66–170 bn"``; empty without one."""
    if one.low is None or one.high is None or one.value is None:
        return ""
    low, high = sorted(abs(end) for end in (one.low, one.high))
    if one.low < 0 < one.high:
        return ""
    first, last = (
        numbers.usd(end).removesuffix(numbers.words["number.usd"].format(number="")) for end in (low, high)
    )
    unit = last.partition(" ")[2]
    return f"{first.removesuffix(f' {unit}')}–{last}".replace(" ", "\N{NO-BREAK SPACE}")


def money_words(one: Quantity, numbers: Printer) -> str:
    """Return a range of money as a sentence says it: ``"66 to 170 bn USD"``; empty without one."""
    if one.low is None or one.high is None:
        return ""
    low, high = (numbers.usd(end) for end in sorted((abs(one.low), abs(one.high))))
    unit = high.partition(" ")[2]
    return numbers.words["number.span"].format(low=low.removesuffix(f" {unit}"), high=high)


def change(ratio: float) -> str:
    """Return the key of the word of a change: halved, still, doubled, tripled, else rose or fell."""
    for low, high, name in CHANGES:
        if low <= ratio <= high:
            return name
    return "rose" if ratio > 1 else "fell"


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
