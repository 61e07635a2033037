"""A language: the one place where keys and values become text. Another language is one more file of the catalogue.

A place in a sentence may ask for a form of what stands in it: ``{a}`` is "the United States", ``{a:of}`` "the United
States’", ``{a:plain}`` "United States"; ``{p}`` is a number with its band, ``{p:size}`` without it,
``{p:likely}`` its word.
A word of a closed list is an enum in the models, and ``word.LIST.MEMBER`` in the catalogue; its column has the list's
name.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from suasion.answers import names
from suasion.answers.catalogue import catalogue
from suasion.answers.numbers import NO_DATA, Unit, printed
from suasion.answers.values import Country, Quantity, Value, Word
from suasion.errors import DataError


@dataclass(frozen=True)
class Language:
    """Words by key, and how values stand among them.

    Attributes
    ----------
    words : mapping
        The catalogue of the language.
    """

    words: Mapping[str, str] = field(default_factory=catalogue)

    def template(self, key: str) -> str:
        """Return the words under a key with their places open.

        Raises
        ------
        DataError
            If the catalogue has no such key.
        """
        try:
            return self.words[key]
        except KeyError:
            raise DataError(f"{key!r} is not in the catalogue of words.") from None

    def say(self, key: str, values: Mapping[str, Value] | None = None) -> str:
        """Return the words under a key with their places filled."""
        return _Places(self).vformat(self.template(key), (), values or {})

    def show(self, value: Value, form: str = "") -> str:
        """Return a value as it stands in a sentence, in the form that its place asks for."""
        if isinstance(value, Quantity):
            return self._quantity(value, form)
        if isinstance(value, Country):
            return self._country(value, form)
        if isinstance(value, Word):
            return self.template(f"word.{value.list}.{value.member}{form and f'.{form}'}")
        if isinstance(value, tuple):
            return names.listing([self.show(item, form) for item in value])
        return NO_DATA if value is None else str(value)

    def cell(self, cell: Value, unit: Unit, name: str) -> str:
        """Return a cell of the column of that name as printed; a missing one is "no data", never a zero."""
        if cell is None:
            return NO_DATA
        if unit == "country":
            return self._country(Country(str(cell)), "plain")
        if unit == "word":
            return self.template(f"word.{name}.{cell}")
        return printed(cell, unit) if isinstance(cell, int | float) else self.show(cell)

    def range_of(self, text: str, low: str, high: str) -> str:
        """Return a number with its band, as in a cell: ``"2.2 % (1.2 to 3.7 %)"``."""
        word = high.partition(" ")[2]
        return self.template("number.range").format(text=text, low=low.removesuffix(f" {word}"), high=high)

    def _quantity(self, value: Quantity, form: str) -> str:
        if form == "likely" and value.value is not None:
            return names.likelihood(value.value)
        return value.text if form == "size" else value.with_band

    def _country(self, value: Country, form: str) -> str:
        from suasion.sources.countries import country_name

        name = names.printed_name(value.code, country_name(value.code))
        return {"": name, "plain": names.plain_name(name), "of": names.possessive(name)}[form]


class _Places(string.Formatter):
    """Fills places by the language instead of by Python."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        """Take the value of a place; a place without one is an error with its name."""
        if key not in kwargs:
            raise DataError(f"the place {key!r} of a sentence is not filled")
        return kwargs[str(key)]

    def format_field(self, value: Any, format_spec: str) -> str:
        """Print a value in the form asked for."""
        return self.language.show(value, format_spec)


ENGLISH = Language()
