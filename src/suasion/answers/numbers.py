"""The one printer of numbers.

Model results have two digits that count, shares one decimal, money a readable multiple of USD. A minus is
U+2212. Zero, "too small to print" and "no data" never look alike. Nothing here returns NaN or None as text. What a
language decides (decimal sign, "less than", names of multiples) stands in its file under ``number``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from suasion.answers.catalogue import catalogue, fill
from suasion.errors import DataError

Unit = Literal[
    "text",
    "country",
    "industry",
    "word",
    "year",
    "years",
    "horizon",
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
"""How a number is printed and what it is in files: ``percent`` in per cent, ``change`` in per cent with its sign,
``musd`` in million USD, ``musd_change`` with its sign, ``probability`` 0 to 1 (shares too), ``score`` any number,
``ratio`` at least 1, ``years`` a span, ``horizon`` when in years after a cut.
``country``, ``industry`` and ``word`` are codes that a language names.
``share``, in per cent, is of the dossier's own tables only and goes with them: models give 0 to 1."""

MINUS = "−"
TINY_PERCENT = 0.0005
"""Below this size (per cent) a model result counts as no change: a tenth of the solver's honest digits."""
NOTICED_PERCENT = 0.01
"""Below this size (per cent) a loss or gain is not worth a direction word; the class "about zero" of every map."""
NOISE = 1e-9
"""Below this size a result is the solver's own noise, and prints as 0."""
TINY_MUSD = 0.05
TINY_SHARE = 0.05
ABOUT_EQUAL = 1.05
"""A ratio that prints as 1.0 is no difference worth a direction word."""
LEAST, MOST = 1e-5, 0.999
"""Probabilities outside are printed as less or more than these; base rates of rare events lie just above the lower."""
FINE = 0.995
"""From this probability on three digits count, for two would read as certainty."""
OPEN = 0.5
"""Width of the 90 % band of a probability from which on no value is named: it rules out next to nothing. Assumption,
range 0.4 to 0.7."""
FEWEST_DRAWS = 4
"""Of fewer draws no share is told: three in n is a chance that all of them leave open."""
LARGEST_RATIO = 1000
_STEPS = ((1e6, "tn"), (1e3, "bn"), (1.0, "mn"))


def sign_of(value: float, tiny: float = TINY_PERCENT) -> int:
    """Sign of a number as a reader may be told it: 0 where its size is below ``tiny``."""
    return 0 if abs(value) < tiny else (1 if value > 0 else -1)


@dataclass(frozen=True)
class Printer:
    """Prints numbers in the words of one language.

    words: its catalogue; all under ``number`` is used.
    """

    words: Mapping[str, str] = field(default_factory=catalogue, repr=False)

    def _say(self, key: str, **places: str) -> str:
        return fill(self.words, f"number.{key}", places)

    @property
    def no_data(self) -> str:
        """What stands where there is no number."""
        return self.words["number.no_data"]

    @property
    def not_known(self) -> str:
        """What stands for a probability whose band rules out next to nothing."""
        return self.words["number.not_known"]

    def printed(self, value: float, unit: Unit, draws: int = 0) -> str:
        """A number as it stands in a cell, with its sign."""
        if unit == "year":
            return str(value)
        size = self.size(value, unit, draws)
        value = 0.0 if abs(value) < NOISE else value
        signed = unit in ("musd", "percent", "score") and value < 0
        return f"{MINUS}{size}" if signed and not size.startswith(self.below("")) else size

    def size(self, value: float, unit: Unit, draws: int = 0) -> str:
        """A number as it stands in a sentence, whose words say the sign."""
        if unit == "probability":
            return self.probability(value, draws)
        if unit != "ratio" and abs(value) < NOISE:
            value = 0.0
        return _PRINTERS[unit](self, value)

    def significant(self, value: float, digits: int = 2) -> str:
        """Return ``value`` (not negative) with so many digits that count, and thousands separators.

        value: a finite number >= 0.
        digits: At least 1.
        Returns: For instance ``"1.4"``, ``"0.12"``, ``"26"``, ``"1,300"``.
        Raises DataError if the value is not finite or negative.
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
        return self.signs(f"{rounded:,.{max(0, -int(rounded.as_tuple().exponent))}f}")

    def signs(self, text: str) -> str:
        """Return Python's print of a number with the language's signs for thousands and decimals."""
        signs = {",": self.words["number.thousands"], ".": self.words["number.decimal"]}
        return "".join(signs.get(letter, letter) for letter in text)

    def _percent(self, number: str) -> str:
        return self._say("percent", number=number)

    def below(self, size: str) -> str:
        """A printed size with the words for "less than" before it."""
        return self._say("less_than", size=size)

    def percent(self, value: float) -> str:
        """Size of a model result in per cent, without sign: ``"1.4 %"``, ``"less than 0.001 %"``."""
        size = abs(value)
        if 0 < size < TINY_PERCENT:
            return self.below(self._percent(self.significant(2 * TINY_PERCENT, 1)))
        return self._percent(self.significant(size))

    def signed_percent(self, value: float | None) -> str:
        """Change in per cent with its sign, as in tables: ``"−1.4 %"``, ``"0 %"``, ``"no data"``."""
        return self.no_data if value is None else self._signed(value, self.percent(value), TINY_PERCENT)

    def share(self, value: float | None) -> str:
        """Share in per cent, one decimal: ``"17.0 %"``; a positive share that would print as 0.0 says so."""
        if value is None:
            return self.no_data
        if 0 < abs(value) < TINY_SHARE:
            return self.below(self._percent(self.significant(2 * TINY_SHARE, 1)))
        return self._percent("0" if value == 0 else self.signs(f"{value:.1f}").replace("-", MINUS))

    def probability(self, value: float, draws: int = 0) -> str:
        """Probability or share (0 to 1) in per cent: ``"12 %"``, ``"less than 0.001 %"``, ``"more than 99.9 %"``.

        draws: number of draws of which it is a share. None or all of them is no certainty: of n draws without
          exception a chance of 3 / n is still in line with the record at 95 % (the rule of three). Of one to three
          draws no share is known.
        Raises DataError if it is not between 0 and 1.
        """
        if not 0.0 <= value <= 1.0:
            raise DataError(f"cannot print {value} as a probability: it must lie between 0 and 1")
        if 0 < draws < FEWEST_DRAWS:
            return self.not_known
        certain = value in (0.0, 1.0)
        if certain and not draws:
            return self._percent(f"{100 * value:.0f}")
        if certain:
            least = max(3.0 / draws, 1.0 - MOST if value else LEAST)
            # Rounded away from certainty: the bound is never tighter than it is.
            scaled = math.ceil(1000.0 * least - 1e-9) / 10.0 if least >= 0.001 else 100.0 * least
            text = self._percent(self.significant(100.0 - scaled if value else scaled, 3 if value else 2))
            return self._say("more_than", size=text) if value else self.below(text)
        if value < LEAST:
            return self.below(self._percent(self.significant(100.0 * LEAST, 1)))
        if value > MOST:
            return self._say("more_than", size=self._percent(self.significant(100.0 * MOST, 3)))
        return self._percent(self.significant(100.0 * value, 3 if value >= FINE else 2))

    def usd(self, musd: float) -> str:
        """Size of a sum of money given in million USD, without sign: ``"26 bn USD"``, ``"85,000 USD"``."""
        size = abs(musd)
        if 0 < size < TINY_MUSD:
            return self.below(self._say("usd", number=self.significant(TINY_MUSD * 1e6)))
        rounded = float(_round(size))
        if rounded < 1:
            return self._say("usd", number=self.significant(rounded * 1e6))
        step, name = next(pair for pair in _STEPS if rounded >= pair[0])
        return self._say(name, number=self.significant(rounded / step))

    def signed_usd(self, musd: float | None) -> str:
        """Change in money with its sign, as in tables: ``"−26 bn USD"``."""
        return self.no_data if musd is None else self._signed(musd, self.usd(musd), TINY_MUSD)

    def unit(self, number: str) -> str:
        """A printed number as a per cent."""
        return self._percent(number)

    def ratio(self, ratio: float) -> str:
        """Ratio of at least 1: ``"about 12 times"``, ``"more than 1,000 times"``.

        Raises DataError if the ratio is below 1: say it the other way round instead.
        """
        if not ratio >= 1:
            raise DataError(f"cannot print a ratio of {ratio}: turn it round, so that it is at least 1")
        if ratio > LARGEST_RATIO:
            return self._say("ratio_many", ratio=self.significant(LARGEST_RATIO))
        return self._say("ratio", ratio=self.significant(ratio))

    def years(self, value: float) -> str:
        """A span: ``"one year"``, ``"5 years"``."""
        return self.words["number.one_year"] if value == 1 else self._say("years", count=f"{value:g}")

    def horizon(self, value: float) -> str:
        """When, as a sentence takes it up: ``"5 years"`` after ``"in "``, in German with its case."""
        if value == 1:
            return self.words["number.at_one_year"]
        return self._say("at_years", count=self.signs(f"{value:g}"))

    def count(self, value: float) -> str:
        """A whole number: ``"1,300"``."""
        return self.signs(f"{round(value):,}")

    def score(self, value: float) -> str:
        """Size of a number without a unit."""
        return self.significant(abs(value))

    def band(self, low: float | None, high: float | None) -> str:
        """Signed 90 % band of a change in per cent, as in tables: ``"−2.3 to −0.80"``; empty without a band."""
        return (
            ""
            if low is None or high is None
            else self._say("band", low=self._bound(low), high=self._bound(high))
        )

    def _bound(self, value: float) -> str:
        return (
            "0"
            if abs(value) < TINY_PERCENT
            else f"{MINUS if value < 0 else '+'}{self.significant(abs(value))}"
        )

    def _signed(self, value: float, size: str, tiny: float) -> str:
        if value == 0:
            return size
        if abs(value) < tiny:
            return size.replace(self.below(""), self.words["number.under"])
        return f"{MINUS if value < 0 else '+'}{size}"

    def with_band(self, text: str, low: str, high: str) -> str:
        """A printed number with its 90 % band, as in a sentence; a unit common to both ends stands once."""
        return self._say("with_band", text=text, low=self._bare(low, high), high=high)

    def range_of(self, text: str, low: str, high: str) -> str:
        """A printed number with its 90 % band, as in a cell, a common unit once: ``"2.2 % (1.2 to 3.7)"``.

        A bound that number and ends share, such as "less than 0.001 %", stands once.
        """
        if text == low == high and self._in_words(text):
            return text
        unit = text.partition(" ")[2]
        alike = unit and all(end.partition(" ")[2] == unit and not self._in_words(end) for end in (low, high))
        short = high.removesuffix(f" {unit}") if alike else high
        return self._say("range", text=text, low=self._bare(low, high), high=short)

    def _bare(self, low: str, high: str) -> str:
        """Lower end without the unit that the upper one has too; an end in words keeps its own."""
        unit = high.partition(" ")[2]
        return low if self._in_words(low) or self._in_words(high) else low.removesuffix(f" {unit}")

    def _in_words(self, text: str) -> bool:
        return any(text.startswith(self._say(key, size="")) for key in ("less_than", "more_than"))

    def shortened(self, text: str) -> str:
        """Printed number as a label in a chart: a sign for "less than", and no currency, which the axis names."""
        short = text.replace(self.below(""), "<").replace(self._say("more_than", size=""), ">")
        currency = self._say("usd", number="")
        for key in ("mn", "bn", "tn"):  # small sums keep theirs
            short = short.replace(self._say(key, number=""), self._say(key, number="").removesuffix(currency))
        return short


def _round(value: float) -> Decimal:
    """Two digits that count."""
    exact = Decimal(repr(float(value)))
    return exact.quantize(Decimal(1).scaleb(exact.adjusted() - 1), rounding=ROUND_HALF_UP) if value else exact


_PRINTERS: dict[str, Callable[[Printer, float], str]] = {
    "percent": Printer.percent,
    "change": Printer.signed_percent,
    "share": Printer.share,
    "musd": Printer.usd,
    "musd_change": Printer.signed_usd,
    "score": Printer.score,
    "ratio": Printer.ratio,
    "count": Printer.count,
    "years": Printer.years,
    "horizon": Printer.horizon,
}
"""By unit; probabilities know their draws too."""


class _Spoken(Printer):
    """Prints as the language that is spoken."""

    def __init__(self) -> None:
        pass  # its words are looked up

    @property
    def words(self) -> Mapping[str, str]:
        """The catalogue of the language that is spoken."""
        return catalogue()


DEFAULT_NUMBERS: Printer = _Spoken()
significant = DEFAULT_NUMBERS.significant
percent = DEFAULT_NUMBERS.percent
signed_percent = DEFAULT_NUMBERS.signed_percent
share = DEFAULT_NUMBERS.share
probability = DEFAULT_NUMBERS.probability
usd = DEFAULT_NUMBERS.usd
signed_usd = DEFAULT_NUMBERS.signed_usd
ratio = DEFAULT_NUMBERS.ratio
signs = DEFAULT_NUMBERS.signs
band = DEFAULT_NUMBERS.band
below = DEFAULT_NUMBERS.below
shortened = DEFAULT_NUMBERS.shortened
printed = DEFAULT_NUMBERS.printed
size = DEFAULT_NUMBERS.size
