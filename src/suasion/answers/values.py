"""What a sentence or a cell can hold: quantities with units, states, words of a closed list, computed directions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache
from typing import Any, TypeVar

from suasion.answers import numbers as n
from suasion.answers.numbers import Printer, Unit

SIGNED: tuple[Unit, ...] = ("change", "musd_change")
"""Units whose printed size has its sign."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, and its 90 % band where one was asked.

    Attributes
    ----------
    value : None where it cannot be computed
    unit : how it is printed, and what it is in files
    low, high : 90 % band
    draws : int
        Number of draws of which a probability is a share: none or all of them is no certainty. 0 for all else.
    """

    value: float | None
    unit: Unit
    low: float | None = None
    high: float | None = None
    draws: int = 0

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return self.value is not None

    @property
    def sign(self) -> int:
        """+1, -1, or 0 where missing, too small to print, or a band that covers zero leaves it open."""
        if self.value is None or self.covers_zero:
            return 0
        return n.sign_of(self.value, n.TINY_MUSD if self.unit == "musd" else n.TINY_PERCENT)

    @property
    def covers_zero(self) -> bool:
        """Whether the band holds zero."""
        return self.low is not None and self.high is not None and self.low <= 0 <= self.high

    @property
    def open(self) -> bool:
        """Whether it is a probability whose band rules out next to nothing, so that no value is named."""
        wide = self.low is not None and self.high is not None and self.high - self.low > n.OPEN
        return wide and self.unit == "probability"

    def size_in(self, numbers: Printer) -> str:
        """The size as printed, without sign and band; "not known" where the band leaves it open."""
        if self.value is None:
            return numbers.no_data
        return numbers.not_known if self.open else numbers.size(self.value, self.unit, self.draws)

    def band_in(self, numbers: Printer) -> str:
        """The size and, where there is one, its band: ``"1.4 % (90 % band 0.80 to 2.3 %)"``."""
        if self.low is None or self.high is None or self.value is None:
            return self.size_in(numbers)
        if self.unit in SIGNED:
            ends = [numbers.size(end, self.unit, self.draws) for end in (self.low, self.high)]
        else:
            low, high = (-self.high, -self.low) if self.value < 0 else (self.low, self.high)
            ends = [self._end(end, numbers) for end in (low, high)]
        return numbers.with_band(self.size_in(numbers), *ends)

    def _end(self, value: float, numbers: Printer) -> str:
        """One end of a band; it is negative only where the band covers zero."""
        size = numbers.size(abs(value), self.unit, self.draws)
        return size if value >= 0 else f"{n.MINUS}{size.removeprefix(numbers.below(''))}"

    @property
    def text(self) -> str:
        """The size in English, for the dossier's own claims."""
        return self.size_in(n.DEFAULT_NUMBERS)

    @property
    def with_band(self) -> str:
        """The size and its band in English, for the dossier's own claims."""
        return self.band_in(n.DEFAULT_NUMBERS)


@dataclass(frozen=True, slots=True)
class Country:
    """A state or group by its code; its name, article and possessive are the language's."""

    code: str


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry of the world's table by its code; its name is the language's."""

    sector: str


class Direction(StrEnum):
    """How a number stands to another."""

    ABOVE = "above"
    BELOW = "below"
    EQUAL = "equal"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two numbers in one unit; the direction is computed, and chooses the sentence.

    Attributes
    ----------
    left, right : Quantity
    gap : Their difference with its band, where both were drawn together: a band that covers zero leaves the
        direction open, however far apart the two numbers are
    """

    left: Quantity
    right: Quantity
    gap: Quantity | None = None

    @property
    def direction(self) -> Direction:
        """Where left stands; two numbers whose larger is less than 1.05 times the smaller are equal."""
        x, y = self.left.value, self.right.value
        if x is None or y is None:
            return Direction.UNKNOWN
        if self.gap is not None and self.gap.covers_zero:
            return Direction.UNCLEAR
        small, large = sorted((abs(x), abs(y)))
        if x == y or (x * y > 0 and large < n.ABOUT_EQUAL * small):
            return Direction.EQUAL
        return Direction.ABOVE if x > y else Direction.BELOW


@dataclass(frozen=True, slots=True)
class Word:
    """A member of a closed list of a model, by name; its words are ``word.LIST.MEMBER`` in the catalogue."""

    list: str
    member: str

    @classmethod
    def of(cls, member: Enum) -> Word:
        """Return the word of an enum's member."""
        return cls(type(member).__name__.lower(), str(member.value))


Value = Quantity | Country | Industry | Word | int | float | str | tuple["Value", ...] | None
"""Numbers bare are years and codes; what has a unit is a :class:`Quantity`."""

Kind = TypeVar("Kind")

_KINDS: dict[str, type] = {"quantity": Quantity, "country": Country, "industry": Industry, "word": Word}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def encode(value: Any) -> Any:
    """Return a value ready for JSON, from which :func:`decode` makes it again: what is typed names its ``type``."""
    if isinstance(value, Quantity | Country | Industry | Word):
        return {"type": _NAMES[type(value)], **{name: getattr(value, name) for name in value.__slots__}}
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    return [encode(item) for item in value] if isinstance(value, tuple | list) else value


@cache
def _reader(kind: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def built(kind: type[Kind], plain: Mapping[str, Any]) -> Kind:
    """Return a type of this room of its fields as JSON has them.

    Raises ValueError: A field is absent, or of another type.
    """
    reader: Any = kind
    made: Kind = _reader(reader).validate_json(json.dumps(plain), strict=True)
    return made


def decode(plain: Any) -> Any:
    """Return the value of what :func:`encode` made."""
    if isinstance(plain, Mapping):
        kind = _KINDS.get(str(plain.get("type")))
        if kind is not None:
            return built(kind, {name: item for name, item in plain.items() if name != "type"})
        return {key: decode(item) for key, item in plain.items()}
    return tuple(decode(item) for item in plain) if isinstance(plain, list) else plain
