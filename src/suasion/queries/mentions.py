"""What a text names: states and groups, goods, passages and years, the longest phrase first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from suasion.answers.catalogue import languages
from suasion.errors import SuasionError
from suasion.queries.vocabulary import (
    ENDINGS,
    Kind,
    mark,
    states,
    stems,
    vocabulary,
)
from suasion.sources.countries import folded, resolve_country
from suasion.sources.groups import group_code

WORD = re.compile(r"[^\W_]+(?:[.'’&][^\W_]+)*['’]?")
LAST_YEAR = 2025
"""Last year of which anything is on record."""
YEAR = re.compile(r"(?:19|20)\d\d")
LONGEST, SHORT = 4, 3
"""Words of a name, and letters of a code: small letters may be any word."""
MEANT = {"korea": "KOR"}
"""Of a name that two states bear, the one that is meant where nothing else is said; the reading names it."""
SHORT_NAMES = ("uk", "usa", "uae", "drc", "prc", "eu")


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that a text names.

    kind: what it is.
    value: code of a state, group, good or industry, name of a passage, or a year.
    phrase: as typed.
    """

    kind: Kind
    value: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with its mentions.

    line: folded; each mention is a mark, such as ``<state0 china>``; a word that names things of two kinds has both.
    mentions: by place.
    """

    line: str
    mentions: tuple[Mention, ...]

    def states(self) -> tuple[str, ...]:
        """The states and groups named, each once, in order."""
        return tuple(dict.fromkeys(one.value for one in self.mentions if one.kind == "state"))


def marked(text: str) -> Marked:
    """Return a text with what it names.

    text: as typed, in any language that has words.
    """
    words = WORD.findall(text)
    mentions: list[Mention] = []
    told: list[str] = []
    place = 0
    while place < len(words):
        count, found = _longest(words[place : place + LONGEST])
        phrase = " ".join(words[place : place + count])
        for kind, value in found:
            told.append(mark(kind, len(mentions), folded(phrase)))
            mentions.append(Mention(kind, value, phrase))
        if not found:
            told.append(folded(phrase))
        place += count
    return Marked(" ".join(told), tuple(mentions))


def mentioned(text: str) -> tuple[str, ...]:
    """Return the countries and groups that a text names, each once, in order."""
    return marked(text).states()


def _longest(words: list[str]) -> tuple[int, tuple[tuple[Kind, str], ...]]:
    """How many of the first words name something together, and what; one word and nothing where none does."""
    for count in range(len(words), 0, -1):
        found = _named(" ".join(words[:count]))
        if found:
            return count, found
    return 1, ()


@lru_cache(maxsize=4096)
def _named(phrase: str) -> tuple[tuple[Kind, str], ...]:
    if YEAR.fullmatch(phrase):
        return (("past" if int(phrase) <= LAST_YEAR else "future", phrase),)
    for form in _forms(phrase):
        known: dict[tuple[Kind, str], None] = {}
        for language in languages():
            known |= dict.fromkeys(vocabulary(language).phrases.get(folded(form), ()))
        if found := (*_state(form), *known):
            return found
    return ()


def _forms(phrase: str) -> Iterator[str]:
    """A phrase as typed, then without the ending of a possessive, plural or adjective."""
    yield phrase
    bare = ENDINGS.sub("", phrase)
    if bare != phrase and len(bare) > SHORT:
        yield bare


def _state(phrase: str) -> tuple[tuple[Kind, str], ...]:
    """The state or group of a name, an adjective or a code; codes stand in capitals: small letters may be a word."""
    if len(phrase) <= SHORT and not phrase.isupper() and phrase.casefold() not in SHORT_NAMES:
        return ()
    low = folded(phrase)
    code = MEANT.get(low) or states().get(low) or stems().get(low) or _code(phrase)
    return (("state", code),) if code else ()


def _code(phrase: str) -> str:
    if phrase.isdigit():
        return ""
    if group := group_code(phrase):
        return group
    try:
        code = resolve_country(phrase)
    except SuasionError:
        return ""
    return "" if code == "ROW" else code
