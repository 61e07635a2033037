"""Words and sentences of questions, a file a language: what people call states and goods, and how they ask."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from suasion.answers.catalogue import languages
from suasion.questions.scenarios.lexicon import adjectives, materials_called, state_names
from suasion.sources.countries import folded
from suasion.sources.spoken import INDUSTRIES

Kind = Literal["state", "material", "industry", "passage", "past", "future"]
"""What a phrase can name."""
ENDINGS = re.compile(r"(?:['’]s?|e[nrsm]?|s)$")
"""Of a possessive, a plural and an inflected adjective, in English and German."""
SLOT = re.compile(r"\{([a-z]+)\}")
LISTED: tuple[Kind, ...] = ("material", "industry", "passage")
"""Kinds whose words stand in the files."""
KINDS: tuple[Kind, ...] = (*LISTED, "past", "future")
"""Slots that are no state: each has the name of what it holds."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to ask.

    expression: over a text whose mentions are marked, with a group for each slot.
    written: as in the file.
    """

    expression: re.Pattern[str]
    written: str


@dataclass(frozen=True, slots=True)
class PlainQuery:
    """One entry of a language's file.

    question: name in the list of questions.
    arguments: name to a slot (``{a}``), one that may lack (``{a?}``), one and its usual value (``{b:EU}``), or a value.
    states: how many different states and groups it needs; 0 for any number.
    patterns: ways to ask it.
    """

    question: str
    arguments: Mapping[str, str]
    states: int
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a language calls goods and passages, by folded phrase, and its queries, the likelier reading first.

    asides: what is asked of a measure and is no part of it; about: words between these and the measure.
    nobody: who is often asked about and is no state and no group.
    did: beginnings of questions after the record.
    """

    phrases: Mapping[str, tuple[tuple[Kind, str], ...]]
    queries: tuple[PlainQuery, ...]
    asides: tuple[str, ...]
    about: tuple[str, ...]
    nobody: tuple[str, ...]
    did: tuple[str, ...]


def mark(kind: Kind, place: int, phrase: str) -> str:
    """Return what stands in a text for its mention of that place; the words in it may be those of a pattern."""
    return f"<{kind}{place} {phrase}>"


@cache
def vocabulary(language: str) -> Vocabulary:
    """Return the words and queries of a language.

    language: name of its file, such as ``en``.
    """
    file = resources.files("suasion.queries").joinpath("language", f"{language}.toml")
    words: dict[str, Any] = tomllib.loads(file.read_text("utf-8")) | {"material": materials_called(language)}
    listed = [
        (phrase, (kind, value))
        for kind in LISTED
        for value, phrases in words[kind].items()
        for phrase in phrases
    ]
    if language == "en":
        listed += [(phrase, ("industry", codes[0])) for phrase, codes in INDUSTRIES.items()]
    phrases: dict[str, tuple[tuple[Kind, str], ...]] = {}
    for phrase, meant in listed:
        phrases[folded(phrase)] = tuple(dict.fromkeys((*phrases.get(folded(phrase), ()), meant)))
    queries = tuple(_query(one) for one in words["query"])
    return Vocabulary(phrases, queries, *(tuple(words[one]) for one in ("asides", "about", "nobody", "did")))


@cache
def asking_words() -> frozenset[str]:
    """Return the words of all patterns and of what they can name, in small letters."""
    said = [vocabulary(language) for language in languages()]
    phrases = [*(phrase for one in said for phrase in one.phrases), *states()]
    written = [SLOT.sub("", way.written) for one in said for query in one.queries for way in query.patterns]
    return frozenset(word.casefold() for text in (*phrases, *written) for word in re.findall(r"\w+", text))


@cache
def states() -> Mapping[str, str]:
    """Return what states and groups are called, folded, and their codes: names and adjectives."""
    english, _ = adjectives()
    return {folded(name): code for name, code in (*english.items(), *state_names().items())}


@cache
def stems() -> Mapping[str, str]:
    """Return the folded stems of inflected adjectives, and their codes."""
    return {folded(stem): code for stem, code in adjectives()[1].items()}


def _query(entry: Mapping[str, Any]) -> PlainQuery:
    return PlainQuery(
        entry["question"],
        entry.get("arguments", {}),
        entry.get("states", 0),
        tuple(Pattern(_expression(text), text) for text in entry["patterns"]),
    )


def _expression(text: str) -> re.Pattern[str]:
    """Words in order: ``...`` is anything, ``(x|y)`` either, a slot a mention of its kind."""
    parts = re.findall(r"\.\.\.|\{[a-z]+\}|\([^)]*\)|[^\s(){}]+", text)
    made: list[str] = []
    gap = ""
    for part in parts:
        if part == "...":
            gap = ".*?" if made else ""
            continue
        made.append(gap + _token(part))
        gap = r"\s+"
    return re.compile("".join(made))


def _token(part: str) -> str:
    slot = SLOT.fullmatch(part)
    if slot:
        return rf"<{slot[1] if slot[1] in KINDS else 'state'}(?P<{slot[1]}>\d+) [^>]*>"
    if part.startswith("("):
        return rf"(?<!\w)(?:{'|'.join(map(_word, folded(part[1:-1]).split('|')))})(?!\w)"
    return rf"(?<!\w){_word(folded(part))}(?!\w)"


def _word(word: str) -> str:
    """A word; a star ends a stem."""
    return re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
