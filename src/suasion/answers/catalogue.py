"""The words of answers and dossiers in one place: sentences, headings, captions and notes, looked up by key.

The file ``language/en.toml`` holds them, with the grammar of names, lists and numbers. Another language is one more
file with the same keys and the same places in braces: :func:`difference` says what is missing.
Numbers are put into the places already printed; direction words are chosen by numbers, never by a template.
"""

from __future__ import annotations

import os
import re
import string
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from importlib import resources
from typing import Any, ParamSpec, TypeVar

from suasion.errors import DataError
from suasion.files import shipped_text
from suasion.instruments import catalogued

SET = "SUASION_LANGUAGE"
"""Variable of the environment that names the language, as ``LANG`` would: ``de``, ``de_AT.UTF-8``."""
LANGUAGE = re.split(r"[_.-]", os.environ.get(SET) or "en")[0].lower()
"""The language that this process speaks where nothing else is asked: the name of a file in each folder ``language``."""
_SPOKEN = ContextVar("spoken", default=LANGUAGE)
P = ParamSpec("P")
T = TypeVar("T")
OWN = ("country.", "grammar.", "industry.name.", "measure.")
"""Beginnings of keys that a language may have or lack: names and their forms."""


def spoken() -> str:
    """Return the language that is spoken here: of a request, of a page that is being made, or of the process."""
    return _SPOKEN.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while, in this thread or task alone.

    Raises DataError: There is no such language.
    """
    check_language(language)
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def alike(call: Callable[P, T]) -> Callable[P, T]:
    """Return a call for another thread, which speaks there as here."""
    language = spoken()

    @wraps(call)
    def told(*places: P.args, **options: P.kwargs) -> T:
        with speaking(language):
            return call(*places, **options)

    return told


def say(key: str, **places: object) -> str:
    """Return the words under a key with their places filled.

    key: place in the catalogue, with dots ("claim.trend.rose").
    **places: What stands in the braces: names, and numbers as printed.
    Raises DataError if there is no such key, or a place is not filled.
    """
    return fill(catalogue(), key, places)


def template(key: str) -> str:
    """Return the words under a key with their places still open, for a finding that fills them later.

    Raises DataError if there is no such key.
    """
    return _under(catalogue(), key)


def has(key: str) -> bool:
    """Whether the catalogue has a key."""
    return key in catalogue()


def catalogue(language: str = "") -> Mapping[str, str]:
    """Return all words of a language by key, of the one that is spoken without its name.

    Raises DataError if there is no such language.
    """
    return words_of("suasion.answers", language or spoken())


@cache
def words_of(room: str, language: str) -> Mapping[str, str]:
    """Return all words of a room in a language by key.

    room: package whose folder ``language`` holds one file a language.
    language: name of the file without its ending.
    Raises DataError if there is no such language.
    """
    check_language(language, room)
    words = flat(tomllib.loads(shipped_text(room, f"language/{language}.toml")))
    # What models warn of and remark has its words at the base.
    if (room, language) == ("suasion.answers", "en"):
        for kind in ("doubt", "remark"):
            own = shipped_text("suasion", f"{kind}s.toml")
            words |= {f"{kind}.{key}": text for key, text in tomllib.loads(own).items()}
        words |= dict(catalogued())
    return words


def check_language(language: str = LANGUAGE, room: str = "suasion.answers") -> None:
    """See to it that a language has words, without reading them: that of the process without its name.

    Raises DataError if there is no such language.
    """
    file = resources.files(room).joinpath("language", f"{language}.toml")
    if not language.isalpha() or not file.is_file():
        raise DataError(
            f"There are no words in the language {language!r}: set {SET} to one of {', '.join(languages())}, "
            f"or add a file to the folder `language`."
        )


def languages() -> tuple[str, ...]:
    """Return the languages that have words."""
    files = resources.files("suasion.answers").joinpath("language").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def fill(words: Mapping[str, str], key: str, places: Mapping[str, object]) -> str:
    """Return the words under a key with their places filled.

    Raises DataError if there is no such key, or a place is not filled.
    """
    try:
        return _under(words, key).format_map(places)
    except KeyError as error:
        raise DataError(
            f"{key!r} needs the place {error}, without which it is not complete: correct "
            f"language/{spoken()}.toml, or who asks."
        ) from None


def _under(words: Mapping[str, str], key: str) -> str:
    if key not in words:
        raise DataError(
            f"{key!r} is not in the catalogue of words: add it to language/{spoken()}.toml, or correct who asks."
        )
    return words[key]


def flat(nested: Mapping[str, Any]) -> dict[str, str]:
    """Return nested tables of words as one table with dotted keys."""
    return dict(_leaves(nested, ""))


def _leaves(nested: Mapping[str, Any], start: str) -> Iterator[tuple[str, str]]:
    for key, value in nested.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{start}{key}.")
        else:
            yield f"{start}{key}", str(value)


def places(words: str) -> frozenset[str]:
    """Return the names of the places in braces."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(words) if name)


def difference(other: Mapping[str, str], own: Mapping[str, str] | None = None) -> list[str]:
    """Return what a translation lacks, has too much, or fills otherwise; empty where it is complete.

    other: dotted key to words, as :func:`flat` returns them.
    own: what it translates; the English words of answers and dossiers without it.
    """
    own = catalogue("en") if own is None else own
    found = [f"{key}: missing" for key in own if key not in other and not key.startswith(OWN)]
    found += [f"{key}: unknown" for key in other if key not in own and not key.startswith(OWN)]
    return found + [
        f"{key}: places {sorted(places(other[key]))}, expected {sorted(places(words))}"
        for key, words in own.items()
        if key in other and places(words) != places(other[key])
    ]
