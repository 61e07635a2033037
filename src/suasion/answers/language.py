"""A language: the one place where keys and values become text. Another language is one more file of the catalogue.

A place in a sentence may ask for a form of what stands in it: ``{a}`` is "the United States", ``{a:of}`` "the United
States’", ``{a:plain}`` "United States"; ``{p}`` is a number with its band, ``{p:size}`` without it,
``{p:likely}`` its word, ``{p:loss}`` "a gain of" it where it is negative. Names of states and their forms come from
``country`` and ``grammar`` of the language's file: a language may ask for forms of its own (``{a:dat}``), which it
lists under ``country.dat``. Where a verb has the number of its subject, the place has both, after the name or before
it: ``{a:+verliert|verlieren}``, ``{a:verliert|verlieren+}``. A word of a closed list is an enum in the models, and
``word.LIST.MEMBER`` in the catalogue; its column has the list's name. Places in such a word are filled from the
sentence in which it stands. Lists named under ``grammar.open_lists`` are open: a member that only a file of one's own
has is printed as it stands there.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from suasion.answers import front
from suasion.answers.catalogue import catalogue, fill
from suasion.answers.numbers import DEFAULT_NUMBERS, Printer, Unit
from suasion.answers.values import Country, Industry, Quantity, Value, Word
from suasion.errors import DataError

LIKELIHOODS = (
    (0.05, "almost_no_chance"),
    (0.20, "very_unlikely"),
    (0.45, "unlikely"),
    (0.55, "even"),
    (0.80, "likely"),
    (0.95, "very_likely"),
    (1.0, "almost_certain"),
)
"""Upper ends of the seven ranges of probability and their words."""


ALLIED = " + "
"""Between the codes of states and groups that act together."""
ROUTE = " - "
"""Between the codes of who sells and who buys."""


def alphabetical(name: str) -> str:
    """Place of a name in an alphabet: letters with marks stand with those without, as in a dictionary (DIN 5007-1)."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return plain.casefold()


def capital(sentence: str) -> str:
    """Sentence with a capital first letter; the rest stays."""
    return sentence[:1].upper() + sentence[1:]


@dataclass(frozen=True)
class Language:
    """Words by key, and how values stand among them.

    Attributes
    ----------
    words : the catalogue of the language
    """

    words: Mapping[str, str] = field(default_factory=catalogue, repr=False)

    @cached_property
    def numbers(self) -> Printer:
        """Its printer of numbers."""
        return Printer(self.words)

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
        return _Places(self, values or {}).vformat(self.template(key), (), values or {})

    def show(self, value: Value, form: str = "") -> str:
        """Return a value as it stands in a sentence, in the form that its place asks for."""
        if isinstance(value, Quantity):
            return self._quantity(value, form)
        if "+" in form:
            return self._subject(value if isinstance(value, tuple) else (value,), form)
        if isinstance(value, Country):
            return self.country(value.code, form)
        if isinstance(value, Industry):
            return self.industry(value.sector, form)
        if isinstance(value, Word):
            return self.word(value.list, value.member, form)
        if isinstance(value, tuple):
            return self.listing([self.show(item, form) for item in value])
        if form and isinstance(value, int | float):  # a bare number of a warning, as its words want it
            return format(value, form)
        return self.numbers.no_data if value is None else str(value)

    def _subject(self, states: tuple[Value, ...], form: str) -> str:
        """States in a form, with the verb that it may have before or after them, in their number."""
        verbs = form.split("+")
        case = next(part for part in verbs if "|" not in part)
        name = self.listing([self.show(one, case) for one in states])
        many = len(states) > 1 or any(isinstance(one, Country) and self._plural(one.code) for one in states)
        told = (part.split("|")[many] if "|" in part else name for part in verbs)
        return " ".join(part for part in told if part)

    def _plural(self, code: str) -> bool:
        return ALLIED in code or self.country(code).endswith(tuple(self.words["grammar.plural_verb"].split()))

    def cell(self, cell: Value, unit: Unit, name: str, draws: int = 0) -> str:
        """Return a cell of the column of that name as printed; a missing one is "no data", never a zero."""
        if cell is None:
            return self.numbers.no_data
        if unit == "country":
            codes = str(cell).replace(ALLIED, " ").split()
            return self.listing([self.country(code, "plain") for code in codes])
        if unit == "industry":
            return self.industry(str(cell))
        if unit == "word":
            return self.word(name, str(cell))
        if name == "route":
            return self.route(str(cell))
        return self.numbers.printed(cell, unit, draws) if isinstance(cell, int | float) else self.show(cell)

    def word(self, name: str, member: str, form: str = "") -> str:
        """A member of a list, with its places open; of an open list one that the language lacks is printed as it is.

        A bundle of industries has no other name as ``goods``.
        """
        key = f"word.{name}.{member}{f'.{form}' if form not in ('', 'goods') else ''}"
        own = key not in self.words and name in self.words["grammar.open_lists"].split()
        if own and name == "horizon" and member.replace(".", "", 1).isdigit():
            return fill(self.words, "number.after_years", {"count": self.numbers.signs(member)})
        return member.replace("_", " ") if own else self.template(key)

    def country(self, code: str, form: str = "") -> str:
        """Name of a state or group: inside a sentence, at its ``start``, ``plain`` in a table, ``of`` as possessive."""
        from suasion.sources.countries import country_name

        if form == "start":
            return capital(self.country(code))
        if ALLIED in code:
            return self.listing([self.country(one, form) for one in code.split(ALLIED)])
        listed = self.words.get(f"country.{form or 'full'}.{code}")
        if listed is not None:
            return listed
        full = self.words.get(f"country.full.{code}")
        if full and form != "plain":
            return self._in_form(full, form)
        plain = self.words.get(f"country.plain.{code}") or country_name(code)
        return self.formed(plain, code in self.words["grammar.with_article"].split(), form)

    def forms(self, code: str) -> tuple[str, ...]:
        """The name of a state as it may stand in a sentence; forms that have the plain name as a word are left out."""
        plain = self.country(code, "plain")
        cases = {
            key.split(".")[2].removesuffix("_plural")
            for key in self.words
            if key.startswith("grammar.country.")
        }
        others = {self.country(code, case) for case in ("", *cases)}
        return plain, *(name for name in others if not re.search(rf"\b{re.escape(plain)}\b", name))

    def formed(self, plain: str, article: bool = False, form: str = "") -> str:
        """A name in a form by the rules of the language."""
        plain = plain.removeprefix(fill(self.words, "grammar.article", {"name": ""})) if article else plain
        full = fill(self.words, "grammar.article", {"name": plain}) if article else plain
        if form in ("", "plain"):
            return full if not form else plain
        return self._in_form(full, form)

    def _in_form(self, full: str, form: str) -> str:
        plural = full.endswith(tuple(self.words["grammar.plural"].split()))
        return fill(self.words, f"grammar.country.{form}{'_plural' if plural else ''}", {"full": full})

    def industry(self, sector: str, form: str = "") -> str:
        """Name of an industry of the embedded table without its formal beginning; that of another table is its code.

        ``inside`` a sentence it begins with a small letter, where nouns do; of ``goods`` it is what the industry sells.
        """
        from suasion.sources.icio2022 import icio2022_sectors

        sold = self.words.get(f"industry.{form}.{sector}")
        name = sold or self.words.get(f"industry.name.{sector}") or icio2022_sectors().get(sector)
        if name is None:
            return sector
        for start in self.words["grammar.industry_prefixes"].split("|"):
            name = name.removeprefix(start)
        if form == "inside" or sold:
            return self.inside(name)
        return capital(name)

    def inside(self, name: str) -> str:
        """A name or a title as it stands inside a sentence: with a small letter at its start, where nouns have one."""
        return f"{name[:1].lower()}{name[1:]}" if self.words["grammar.nouns"] == "small" else name

    def route(self, codes: str) -> str:
        """Who sells whom what, or whose what: ``TWN - CHN C26`` and ``CHN C26`` in names."""
        whose, _, sector = codes.rpartition(" ") if " " in codes.replace(ROUTE, "") else (codes, "", "")
        names = [self.country(code, "plain") for code in whose.split(ROUTE)]
        who = (
            fill(self.words, "grammar.route", dict(zip("ab", names, strict=True)))
            if len(names) > 1
            else names[0]
        )
        return fill(self.words, "grammar.of_which", {"a": who, "b": self.industry(sector)}) if sector else who

    def listing(self, items: Sequence[str]) -> str:
        """Join names as ``"A, B and C"``; ``"nobody"`` for an empty list."""
        if len(items) < 2:
            return items[0] if items else self.words["word.nobody"]
        head = self.words["grammar.list"].join(items[:-1])
        return fill(self.words, "grammar.list_last", {"head": head, "last": items[-1]})

    def likelihood(self, probability: float) -> str:
        """Word for a probability (0 to 1), which stands beside the number and never instead of it."""
        return self.template("word.likelihood." + next(key for end, key in LIKELIHOODS if probability <= end))

    def _quantity(self, value: Quantity, form: str) -> str:
        if form == "likely" and value.value is not None:
            return self.numbers.not_known if value.open else self.likelihood(value.value)
        if form == "loss" and value.value is not None and value.value < 0 and value.sign < 0:
            return fill(self.words, "number.gain", {"size": value.band_in(self.numbers)})
        if form in FRONT and value.value is not None:
            return self._front(value, form)
        return value.size_in(self.numbers) if form == "size" else value.band_in(self.numbers)

    def _front(self, value: Quantity, form: str) -> str:
        """A number as it stands where a reader sees it first."""
        if form == "ranged":
            printed, ends = self._front(value, "front"), self._front(value, "span")
            ends = (front.money_span(value, self.numbers) or ends) if value.unit == "musd" else ends
            return f"{printed} ({ends})" if ends else printed
        size = value.value or 0.0
        if form == "points":
            return front.plain(abs(size), numbers=self.numbers)
        if form == "points_span":
            bounds = dict(zip(("low", "high"), front.ends(value, self.numbers) or ("", ""), strict=True))
            return fill(self.words, "number.span", bounds)
        if value.unit == "probability":
            low, high = (None if end is None else 100.0 * end for end in (value.low, value.high))
            value = Quantity(100.0 * size, "percent", low, high)
            return (
                front.span(value, self.numbers) if form == "span" else front.share(100.0 * size, self.numbers)
            )
        if form == "span":
            span = front.money_words if value.unit == "musd" else front.span
            return span(value, self.numbers)
        if value.unit not in ("percent", "change"):
            return value.size_in(self.numbers)
        return front.about(size, self.numbers) if form == "about" else front.percent(size, self.numbers)


FRONT = ("front", "about", "span", "ranged", "points", "points_span")
"""Forms of numbers where a reader sees them first: see :mod:`suasion.answers.front`. Points have no unit."""


class _Places(string.Formatter):
    """Fills places by the language instead of by Python."""

    def __init__(self, language: Language, values: Mapping[str, Value]) -> None:
        self.language, self.values = language, values

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        """Take the value of a place; a place without one is an error with its name."""
        if key not in kwargs:
            raise DataError(f"the place {key!r} of a sentence is not filled")
        return kwargs[str(key)]

    def format_field(self, value: Any, format_spec: str) -> str:
        """Print a value in the form asked for."""
        shown = self.language.show(value, format_spec)
        return self.vformat(shown, (), self.values) if isinstance(value, Word) else shown


class _Spoken(Language):
    """The language that is spoken: of a request, of a page that is being made, or of the process."""

    numbers = DEFAULT_NUMBERS

    def __init__(self) -> None:
        pass  # its words are looked up

    @property
    def words(self) -> Mapping[str, str]:
        """Its catalogue."""
        return catalogue()


DEFAULT_LANGUAGE: Language = _Spoken()
"""The language that is spoken."""
