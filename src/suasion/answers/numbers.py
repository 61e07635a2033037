"""How a dossier prints numbers, in one place.

Model results have two significant digits, shares one decimal, money a readable multiple of USD. A minus is
U+2212. Zero, "too small to print" and "no data" never look alike. Nothing here returns NaN or None as text.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from suasion.answers.catalogue import say
from suasion.errors import DataError

Unit = Literal[
    "text",
    "country",
    "word",
    "year",
    "years",
    "count",
    "percent",
    "change",
    "share",
    "musd",
    "musd_change",
    "probability",
    "score",
    "ratio",
]
"""How a number is printed and what it is in files: ``share`` and ``percent`` in per cent, ``change`` in per cent with
its sign, ``musd`` in million USD, ``musd_change`` with its sign, ``probability`` 0 to 1, ``score`` any number,
``ratio`` at least 1, ``years`` a span. ``country`` and ``word`` are codes that a language names."""

MINUS = "−"
NO_DATA = say("number.no_data")
TINY_PERCENT = 0.0005
"""Below this size (per cent) a model result counts as no change: a tenth of the solver's honest digits."""
NOTICED_PERCENT = 0.01
"""Below this size (per cent) a loss or gain is not worth a direction word; the class "about zero" of every map."""
TINY_MUSD = 0.05
TINY_SHARE = 0.05
ABOUT_EQUAL = 1.05
"""A ratio that prints as 1.0 is no difference worth a direction word."""
_STEPS = ((1e6, "tn"), (1e3, "bn"), (1.0, "mn"))


def significant(value: float, digits: int = 2) -> str:
    """Return ``value`` (not negative) with ``digits`` significant digits and thousands separators.

    Parameters
    ----------
    value : float
        A finite number >= 0.
    digits : int
        Significant digits, at least 1.

    Returns
    -------
    str
        For instance ``"1.4"``, ``"0.12"``, ``"26"``, ``"1,300"``.

    Raises
    ------
    DataError
        If the value is not finite or negative.
    """
    if not math.isfinite(value) or value < 0:
        raise DataError(f"cannot print {value}: a printed size is a finite number that is not negative")
    if value == 0:
        return "0"
    exact = Decimal(repr(float(value)))
    place = exact.adjusted() - digits + 1
    rounded = exact.quantize(Decimal(1).scaleb(place), rounding=ROUND_HALF_UP)
    if rounded.adjusted() > exact.adjusted():  # 9.96 rounds to 10, not 10.0
        rounded = rounded.quantize(Decimal(1).scaleb(place + 1))
    return f"{rounded:,.{max(0, -int(rounded.as_tuple().exponent))}f}"


def sign_of(value: float, tiny: float = TINY_PERCENT) -> int:
    """Sign of a number as a reader may be told it: 0 where its size is below ``tiny``."""
    return 0 if abs(value) < tiny else (1 if value > 0 else -1)


def percent(value: float) -> str:
    """Size of a model result in per cent, without sign: ``"1.4 %"``, ``"less than 0.001 %"``."""
    size = abs(value)
    return below("0.001 %") if 0 < size < TINY_PERCENT else f"{significant(size)} %"


def signed_percent(value: float | None) -> str:
    """Change in per cent with its sign, as in tables: ``"−1.4 %"``, ``"0 %"``, ``"no data"``."""
    return NO_DATA if value is None else _signed(value, percent(value), TINY_PERCENT)


def share(value: float | None) -> str:
    """Share in per cent, one decimal: ``"17.0 %"``; a positive share that would print as 0.0 says so."""
    if value is None:
        return NO_DATA
    if 0 < abs(value) < TINY_SHARE:
        return below("0.1 %")
    return "0 %" if value == 0 else f"{value:.1f} %".replace("-", MINUS)


def short_share(value: float | None) -> str:
    """Share as a label in a chart: ``"17.0 %"``, ``"<0.1 %"``."""
    return shortened(share(value))


def printed(value: float, unit: Unit) -> str:
    """A number as it stands in a cell, with its sign: the one printer of the house."""
    if unit == "year":
        return str(value)
    if unit in ("musd", "score") and value < 0:
        return f"{MINUS}{size(value, unit)}"
    return size(value, unit)


def size(value: float, unit: Unit) -> str:
    """A number as it stands in a sentence, whose words say the sign."""
    return _PRINTERS[unit](value)


def with_band(text: str, low: str, high: str) -> str:
    """A printed number with its 90 % band; a unit common to both ends stands once."""
    number, _, unit = high.partition(" ")
    if low.endswith(f" {unit}") and not number.startswith("less"):
        low = low.removesuffix(f" {unit}")
    return say("number.with_band", text=text, low=low, high=high)


def below(size: str) -> str:
    """A printed size with the words for "less than" before it."""
    return say("number.less_than", size=size)


def shortened(text: str) -> str:
    """Printed number as a label in a chart: a sign for "less than", and no currency, which the axis names."""
    return short_money(text.replace(below(""), "<"))


def usd(musd: float) -> str:
    """Size of a sum of money given in million USD, without sign: ``"26 bn USD"``, ``"85,000 USD"``."""
    size = abs(musd)
    if 0 < size < TINY_MUSD:
        return below("50,000 USD")
    if size == 0:
        return "0 USD"
    rounded = float(significant(size).replace(",", ""))
    if rounded < 1:
        return f"{significant(rounded * 1e6)} USD"
    step, name = next(pair for pair in _STEPS if rounded >= pair[0])
    return f"{significant(rounded / step)} {name} USD"


def short_money(text: str) -> str:
    """Printed money as a label in a chart, whose axis names the currency: ``"26 bn"``; small sums keep theirs."""
    return re.sub(r"(?<=[bmt]n) USD", "", text)


def signed_usd(musd: float | None) -> str:
    """Change in money with its sign, as in tables: ``"−26 bn USD"``."""
    return NO_DATA if musd is None else _signed(musd, usd(musd), TINY_MUSD)


def times(ratio: float) -> str:
    """Ratio of at least 1: ``"about 12 times"``, ``"more than 1,000 times"``.

    Raises
    ------
    DataError
        If the ratio is below 1: say it the other way round instead.
    """
    if not ratio >= 1:
        raise DataError(f"cannot print a ratio of {ratio}: turn it round, so that it is at least 1")
    return say("number.times_many") if ratio > 1000 else say("number.times", ratio=significant(ratio))


def probability(value: float) -> str:
    """Probability (0 to 1) in per cent: ``"12 %"``, ``"less than 0.1 %"``, ``"more than 99.9 %"``.

    Raises
    ------
    DataError
        If it is not between 0 and 1.
    """
    if not 0.0 <= value <= 1.0:
        raise DataError(f"cannot print {value} as a probability: it must lie between 0 and 1")
    if value in (0.0, 1.0):
        return f"{100 * value:.0f} %"
    if value < 0.001:
        return below("0.1 %")
    if value > 0.999:
        return say("number.more_than", size="99.9 %")
    return f"{significant(100 * value, 3 if value >= 0.995 else 2)} %"


def band(low: float | None, high: float | None) -> str:
    """Signed 90 % band of a change in per cent, as in tables: ``"−2.3 to −0.80"``; empty without a band."""
    return "" if low is None or high is None else say("number.band", low=_bound(low), high=_bound(high))


def _bound(value: float) -> str:
    return "0" if abs(value) < TINY_PERCENT else f"{MINUS if value < 0 else '+'}{significant(abs(value))}"


def _signed(value: float, size: str, tiny: float) -> str:
    if value == 0:
        return size
    if abs(value) < tiny:
        return size.replace(below(""), say("number.under"))
    return f"{MINUS if value < 0 else '+'}{size}"


def years(value: float) -> str:
    """A span: ``"one year"``, ``"5 years"``."""
    return say("number.one_year") if value == 1 else say("number.years", count=f"{value:g}")


_PRINTERS = {
    "percent": percent,
    "change": signed_percent,
    "share": share,
    "musd": usd,
    "musd_change": signed_usd,
    "probability": probability,
    "score": lambda value: significant(abs(value)),
    "ratio": times,
    "count": lambda value: f"{round(value):,}",
    "years": years,
}
