"""What the words of a measure mean: states, goods, raw materials, acts and markers, read as pieces of a sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from suasion.errors import SuasionError
from suasion.files import shipped_text
from suasion.nearest import misspelt
from suasion.questions.scenarios.instruments import BUNDLES
from suasion.sources.countries import own_label
from suasion.sources.spoken import INDUSTRIES, OUTSIDE

LONGEST = 5
"""Words of the longest phrase."""
EVERYBODY = "all"
THINGS = ("good", "material", "outside")
"""Kinds of what is traded: industries, raw materials of the record, and those that it does not have."""
HORIZONS = {"short": "1", "long": "10"}
CODE = 4
"""Letters of a code of a state or group, which is written in capitals."""
_TOKEN = re.compile(r"\d{4}-\d\d-\d\d|[-+]?\d+(?:[.,]\d+)?|[^\W\d_](?:[\w.&’'-]*\w)?|[%,+]")
_DAY, _NUMBER = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_ARTICLE = re.compile(r"^(?:the|der|den|dem) ")


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that a sentence says.

    kind: ``state``, ``good``, ``material``, ``outside``, ``act``, ``marker``, ``number``, ``day``, ``horizon``,
      ``everybody``, ``no``, ``more``, ``unit``, ``quiet`` or ``unknown``.
    value: Code, name, or the word.
    text: As written.
    adjective: Whether a state stands as an adjective.
    """

    kind: str
    value: str
    text: str
    adjective: bool = False


@cache
def word_lists() -> Mapping[str, Any]:
    """Return the lists of words, as their file has them."""
    text = shipped_text("suasion.questions.scenarios", "words.toml")
    return tomllib.loads(text)


@cache
def lexicon() -> Mapping[str, Piece]:
    """Every phrase in small letters, and what it is; of two meanings that of the later list."""
    lists = word_lists()
    found = {word: Piece("quiet", word, word) for word in lists["quiet"]["words"]}
    goods = {word: word for word in (*INDUSTRIES, *BUNDLES) if word != EVERYBODY} | lists["good"]
    found |= {word: Piece("outside", word, word) for word in OUTSIDE}
    found |= {
        word: Piece("material", code, word)
        for language in lists["material"]
        for code, words in materials_called(language).items()
        for word in words
    }
    found |= {word: Piece("good", good, word) for word, good in goods.items()}
    found |= {word: Piece(kind, word, word) for kind in ("no", "more") for word in lists["negation"][kind]}
    found |= {word: Piece("everybody", EVERYBODY, word) for word in lists["everybody"]["words"]}
    found |= {word: Piece("state", code, word) for word, code in state_names().items()}
    for kind, words in lists["act"].items():
        found |= {word: Piece("act", kind, word) for word in words}
    for kind, words in lists["marker"].items():
        found |= {word: Piece("marker", kind, word) for word in words}
    for kind, words in lists["unit"].items():
        found |= {word: Piece("unit", kind, word) for word in words}
    found |= {word: Piece("number", size, word) for word, size in lists["part"].items()}
    for kind, words in lists["horizon"].items():
        found |= {word: Piece("horizon", HORIZONS[kind], word) for word in words}
    return found


def materials_called(language: str) -> Mapping[str, Sequence[str]]:
    """Return what a language calls raw materials, by their code; nothing of one that has no list."""
    called: Mapping[str, Sequence[str]] = word_lists()["material"].get(language, {})
    return called


@cache
def state_names() -> Mapping[str, str]:
    """Return what states and groups are called in every language, in small letters; genitives of one word too."""
    from suasion.answers.catalogue import catalogue, languages
    from suasion.sources import country_codes
    from suasion.sources.countries import country_name
    from suasion.sources.groups import NAMES, group_names

    codes = [str(code) for code in country_codes()["iso3"]]
    found = {country_name(code).casefold(): code for code in codes}
    for language in languages():
        words = catalogue(language)
        for form in ("plain", "dat", "of"):
            start = f"country.{form}."
            found |= {
                _ARTICLE.sub("", text.casefold()): code
                for key, text in words.items()
                if (code := key.removeprefix(start)) in codes and key.startswith(start)
            }
    found |= {f"{name}s": code for name, code in found.items() if " " not in name and not name.endswith("s")}
    called: dict[str, str] = word_lists()["called"]
    return found | NAMES | {name.casefold(): name for name in group_names()} | called


@cache
def adjectives() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return English adjectives, and German stems, and the codes of their states."""
    english: dict[str, str] = {}
    german: dict[str, str] = {}
    for code, text in word_lists()["adjective"].items():
        before, _, after = text.rpartition(" ")
        english |= dict.fromkeys(before.split("|"), code)
        german |= dict.fromkeys(after.split("|"), code)
    return english, german


@cache
def known_words() -> frozenset[str]:
    """Return the words of all phrases, in small letters."""
    return frozenset(word for phrase in (*lexicon(), *adjectives()[0]) for word in _LONG_WORD.findall(phrase))


def spelled(text: str, more: frozenset[str] = frozenset()) -> str:
    """Return a text with usual misspellings of known words mended, where only one thing can be meant.

    more: Further known words, in small letters.
    """
    if own_label(text):
        return text

    def mended(found: re.Match[str]) -> str:
        word, low = found[0], found[0].casefold()
        if word.isupper() or any(low in words for words in (known_words(), more, word_lists()["right"])):
            return word
        meant = _meant(low, more)
        piece = lexicon().get(meant)
        named = piece is not None and piece.kind == "state"  # a name has a capital: pairs is not Paris
        if not meant or (named and not word[0].isupper()):
            return word
        known = _phrase(word, 1) or all(piece.kind != "unknown" for piece in _compound(word))
        return word if known else meant

    return _LONG_WORD.sub(mended, text)


@lru_cache(maxsize=4096)
def _meant(word: str, more: frozenset[str]) -> str:
    close = set(misspelt(word, known_words() | more))
    pieces = {one: lexicon().get(one) for one in close}
    meant = {(piece.kind, piece.value) if piece else (one, "") for one, piece in pieces.items()}
    return min(close) if len(meant) == 1 else ""


def pieces_of(text: str) -> Iterator[Piece]:
    """What a text says, the longest phrases first; usual misspellings are what they are of."""
    plain = re.sub(r"[’']s\b", "", text).replace(";", ",").replace("&", " and ")
    for said, meant in word_lists()["said"].items():
        plain = re.sub(rf"\b(?:{said})\b", meant, plain, flags=re.IGNORECASE)
    words = _TOKEN.findall(spelled(plain))
    place = 0
    while place < len(words):
        counts = range(min(LONGEST, len(words) - place), 0, -1)
        known = ((count, _phrase(" ".join(words[place : place + count]), count)) for count in counts)
        count, piece = next((one for one in known if one[1]), (1, None))
        yield from [piece] if piece else _compound(words[place])
        place += count


def _phrase(text: str, count: int) -> Piece | None:
    """What a phrase is; None where it is nothing that is known."""
    low = text.casefold()
    if own := own_label(text):
        return Piece("state", own, text)
    if count == 1 and (piece := _single(text)):
        return piece
    if text == text.upper() and low not in state_names() and count == 1 and (code := _code(text)):
        return Piece("state", code, text)
    english, german = adjectives()
    if low in english:
        return Piece("state", english[low], text, adjective=True)
    stem = re.sub(r"(?:e[nmrs]?)$", "", low)
    if count == 1 and stem in german:
        return Piece("state", german[stem], text, adjective=True)
    found = lexicon().get(low)
    return None if found is None else Piece(found.kind, found.value, text)


def _single(word: str) -> Piece | None:
    """A number, a day, or a sign."""
    if _DAY.fullmatch(word):
        return Piece("day", word, word)
    if _NUMBER.fullmatch(word):
        return Piece("number", word.replace(",", "."), word)
    if word in ",+":
        return Piece("marker", "and", word)
    return Piece("quiet", word, word) if word == "%" else None


@cache
def _code(text: str) -> str:
    """Code of a state, group or industry that is written as one; empty where it is none."""
    from suasion.sources.countries import resolve_country
    from suasion.sources.groups import group_code

    if not 2 <= len(text) <= CODE or not text.isalpha():
        return group_code(text)
    try:
        return group_code(text) or resolve_country(text)
    except SuasionError:
        return ""


def _compound(word: str) -> Iterator[Piece]:
    """Parts with hyphens; a German compound of a good and what is done with it, such as Maschinenexporte; a code."""
    parts = [_phrase(part, 1) or next(_compound(part)) for part in word.split("-")] if "-" in word else []
    if parts and all(piece.kind != "unknown" for piece in parts):
        for before, piece in zip([None, *parts], parts, strict=False):
            if before is not None and before.kind == piece.kind == "state":
                yield Piece("marker", "and", "-")
            yield piece
        return
    low = word.casefold()
    product = lexicon().get(
        re.sub(r"(?:s|n|en)?(?:produkten?|waren|gütern?|erzeugnissen?|erzeugnisse)$", "", low)
    )
    if product and product.kind in THINGS and product.text != low:
        yield Piece(product.kind, product.value, word)
        return
    acts = {one: piece for one, piece in lexicon().items() if piece.kind == "act" and " " not in one}
    for end in sorted(acts, key=len, reverse=True):
        stem = low.removesuffix(end)
        if len(stem) < 2 or stem == low:
            continue
        for front in (stem, stem.removesuffix("s"), stem.removesuffix("n"), f"{stem}e", f"{stem}n"):
            inside = lexicon().get(front)
            if inside and inside.kind in (*THINGS, "act"):
                yield Piece(inside.kind, inside.value, word)
                yield Piece("act", acts[end].value, word)
                return
    bare = lexicon().get(re.sub(r"(?:e?s|n)$", "", low))
    coded = re.fullmatch(r"[A-T]\d[\dA-Z_]*", word)
    whole = Piece("good" if coded else "unknown", word, word)
    yield bare if bare and bare.kind in THINGS and not coded else whole
