"""Findings of chapters: a sentence with named places for numbers, names and computed comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.language import capital
from suasion.dossier.claims.base import Claim, Quantity


@dataclass(frozen=True, slots=True)
class Comparison:
    """A direction word computed from two numbers.

    Attributes
    ----------
    left, right : Quantity
        The numbers compared, in one unit.
    above, below, equal, unknown : str
        The words for left above right, below it, about equal to it, and for a missing number.
    """

    left: Quantity
    right: Quantity
    above: str = field(default_factory=partial(say, "word.more_than"))
    below: str = field(default_factory=partial(say, "word.less_than"))
    equal: str = field(default_factory=partial(say, "word.as_much_as"))
    unknown: str = field(default_factory=partial(say, "word.not_comparable"))

    @property
    def word(self) -> str:
        """The word that fits; two numbers whose larger is less than 1.05 times the smaller are equal."""
        x, y = self.left.value, self.right.value
        if x is None or y is None:
            return self.unknown
        small, large = sorted((abs(x), abs(y)))
        if x == y or (x * y > 0 and large < n.ABOUT_EQUAL * small):
            return self.equal
        return self.above if x > y else self.below


@dataclass(frozen=True, slots=True)
class Finding(Claim):
    """One sentence of a chapter.

    Attributes
    ----------
    template : str
        Sentence with places in braces; it holds no digits and no direction words of its own.
    numbers : mapping
        Quantities by the name of their place; printed with their bands.
    comparisons : mapping
        Computed direction words by place.
    names : mapping
        Names, years and other words by place.
    """

    template: str
    numbers: Mapping[str, Quantity] = field(default_factory=dict)
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    kind: ClassVar[str] = "finding"

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """All its numbers."""
        return tuple(self.numbers.values())

    @property
    def verb(self) -> str:
        """Its direction words."""
        return ", ".join(comparison.word for comparison in self.comparisons.values()) or "states"

    def sentence(self) -> str:
        """Return the finding in English."""
        words = {place: quantity.with_band for place, quantity in self.numbers.items()}
        words |= {place: comparison.word for place, comparison in self.comparisons.items()}
        return capital(self.template.format_map(words | dict(self.names)))
