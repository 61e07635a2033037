"""Country names and codes: one resolver for every room.

Codes are ISO 3166-1 alpha-3. Names, alpha-2 and M49 numeric codes come from the ISO 3166 tables that
``pycountry`` carries, further ones from :mod:`suasion.sources.country_names`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

import pycountry

from suasion.errors import AmbiguousCountryError, UnknownCountryError
from suasion.nearest import nearest
from suasion.sources.country_names import (
    ALIASES,
    AMBIGUOUS,
    FORMER,
    FORMS_OF_STATE,
    HELD_BY_TWO,
    SHORT_NAMES,
    SHORTENED,
    UN_NUMBERS,
)


@cache
def _codes() -> dict[str, str]:
    """Lower-case code or name to alpha-3, exact matches only."""
    found: dict[str, str] = {}
    for country in pycountry.countries:
        texts: list[str | None] = [country.alpha_3, country.alpha_2, country.numeric, country.name]
        texts += [getattr(country, field, None) for field in ("common_name", "official_name")]
        found.update({folded(x): country.alpha_3 for x in texts if x})
    found.update({folded(name): code for code, name in SHORT_NAMES.items() if code != "ROW"})
    found.update({folded(name): code for name, code in ALIASES.items()})
    found["xkx"] = "XKX"
    return found | UN_NUMBERS


@cache
def _bare() -> dict[str, str]:
    """The same names without signs and small words, but for those that become another's or are ambiguous."""
    found: dict[str, set[str]] = {}
    for name, code in _codes().items():
        if len(name) > 3:
            found.setdefault(_bared(name), set()).add(code)
    refused = {_bared(name) for name in (*AMBIGUOUS, *FORMER)}
    return {
        name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1 and name not in refused
    }


def _bared(plain: str) -> str:
    """A folded name with its shortened words written out, and without signs, "the" and "and"."""
    words = re.sub(r"[^\w' ]", " ", plain.replace("'", "")).split()
    return " ".join(SHORTENED.get(word, word) for word in words if word not in ("the", "and"))


def _spelt(plain: str) -> str | None:
    """The code of a name as statistical offices write it: shortened, or with the form of the state behind it."""
    if code := _bare().get(_bared(plain)):
        return code
    parts = re.fullmatch(r"([^,(]+?)[,(] ?([^,()]+)\)?", plain)
    if parts is None:
        return None
    name, form = parts.groups()
    words = [SHORTENED.get(word, word) for word in form.replace(".", " ").split()]
    if not words or not FORMS_OF_STATE.issuperset(words):
        return None
    whole = _bare().get(_bared(f"{' '.join(words)} {name}"))
    return whole or (None if name in HELD_BY_TWO | AMBIGUOUS.keys() else _bare().get(_bared(name)))


def folded(text: str) -> str:
    """Return a text in small letters, without accents and surplus spaces, typographic apostrophes made plain."""
    bare = unicodedata.normalize("NFKD", text.replace("\u2019", "'"))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).casefold().split())


_OWN: ContextVar[frozenset[str]] = ContextVar("own labels", default=frozenset())


@contextmanager
def own_labels(labels: Iterable[str]) -> Iterator[None]:
    """Take labels as they are within, in this thread alone: in a table of one's own "Korea" is what stands there."""
    before = _OWN.set(frozenset(labels))
    try:
        yield
    finally:
        _OWN.reset(before)


def own_label(text: str) -> str:
    """The label that a text is in the table of one's own that is asked, or means there alone; empty where none."""
    held = [one for one in (text, *AMBIGUOUS.get(folded(text), ())) if one in _OWN.get()]
    return held[0] if len(held) == 1 or text in held else ""


def resolve_country(text: str) -> str:
    """Return the ISO 3166 alpha-3 code of a country.

    Parameters
    ----------
    text
        Alpha-3, alpha-2 or M49 numeric code, or an English name, in any case; ``"ROW"`` stays.

    Returns
    -------
    str
        Alpha-3 code (``"XKX"`` for Kosovo).

    Raises
    ------
    AmbiguousCountryError
        If the name fits several countries (Korea, Congo); the message lists their codes.
    UnknownCountryError
        If there is no such country; the message offers close names.

    Examples
    --------
    >>> resolve_country("Russia"), resolve_country("tr"), resolve_country("156")
    ('RUS', 'TUR', 'CHN')
    """
    if code := known_country(text):
        return code
    plain = folded(str(text))
    if plain in AMBIGUOUS:
        options = ", ".join(f"{c} ({country_name(c)})" for c in AMBIGUOUS[plain])
        raise AmbiguousCountryError(f"{text!r} fits more than one country: {options}. Give one of the codes.")
    raise UnknownCountryError(f"There is no country {text!r}{_advice(plain)}")


def known_country(text: str) -> str | None:
    """Return the code that :func:`resolve_country` gives; None where it would refuse, without looking for advice."""
    if isinstance(text, str) and (own := own_label(text)):
        return own
    plain = folded(str(text))
    if plain == "row":
        return "ROW"
    if plain in AMBIGUOUS:
        return None
    key = plain.zfill(3) if plain.isdigit() else plain
    exact = next((_codes()[name] for name in (key, key.removeprefix("the ")) if name in _codes()), None)
    return exact or (None if plain in FORMER else _spelt(plain))


def _advice(plain: str) -> str:
    from suasion.sources.groups import group_code

    if plain in FORMER:
        return f" today: {FORMER[plain]}."
    if group := group_code(plain):
        return f': {group} is a group of countries: name one. su.exit_cost("{group}", "USA") takes it as one side.'
    close = nearest(plain, list(_codes()), 6)
    hits = list(dict.fromkeys(_codes()[x] for x in close))[:3]
    if not hits:
        return ". Use an ISO 3166 alpha-3 code such as RUS, or an English name."
    return f". Did you mean {' or '.join(f'{country_name(c)} ({c})' for c in hits)}?"


def country_name(code: str) -> str:
    """Return a short English name for an alpha-3 code; unknown codes are returned as they are.

    Parameters
    ----------
    code
        Alpha-3 code, ``"ROW"``, or a free label of a toy world.

    Returns
    -------
    str
        Name to print. Names of countries and territories imply no view on their status.
    """
    if code in SHORT_NAMES:
        return SHORT_NAMES[code]
    country = pycountry.countries.get(alpha_3=code)
    return code if country is None else str(getattr(country, "common_name", country.name))
