"""The one place that finds what was probably meant by a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

LIKE = 0.6
"""Share of letters in common and in order from which on a name is offered. Assumption, range 0.5 to 0.7."""

SHORTEST, SHORT, LONG, LONGER = 5, 6, 8, 9
"""Letters of words that may be misspelt at all, in doubling a letter, in lacking one, and in one more or a wrong vowel:
shorter ones are easily other words. Assumption: of 4,600 words of the documentation two dozen are so taken for another,
nearly all for their own plural or singular."""


def misspelt(word: str, known: Iterable[str]) -> Iterator[str]:
    """Return the known words of which one is a usual misspelling.

    Neighbours stand in the wrong order, a letter is doubled or not; in long words a vowel is another one, or a letter
    lacks or is too many. The first letter is never wrong.

    word: In small letters.
    known: Words in small letters.
    """
    if len(word) < SHORTEST:
        return
    swapped = {word[:k] + word[k + 1] + word[k] + word[k + 2 :] for k in range(len(word) - 1)}
    plain, bare = _single(word), _without_vowels(word)
    shorter = _shorter(word) if len(word) >= LONGER else set()
    for one in known:
        if one[:1] != word[0] or len(one) < SHORTEST or abs(len(one) - len(word)) > 2:
            continue
        more = len(one) - len(word)
        vowel = not more and len(word) >= LONGER and _without_vowels(one) == bare
        lacks = more == 1 and len(word) >= LONG and word in _shorter(one)
        if (
            vowel
            or lacks
            or one in swapped
            or one in shorter
            or (len(word) >= SHORT and _single(one) == plain)
        ):
            yield one


def _shorter(word: str) -> set[str]:
    return {word[:k] + word[k + 1 :] for k in range(len(word))}


def _single(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)


def _without_vowels(word: str) -> str:
    return re.sub(r"[aeiouäöü]", "*", word)


def nearest(name: object, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the names that are most like another, the most alike first.

    name: As it was typed.
    known: names that there are.
    most: how many are returned at most.
    """
    import difflib

    return difflib.get_close_matches(str(name), list(known), n=most, cutoff=LIKE)


def did_you_mean(name: object, known: Iterable[str], most: int = 1, show: Callable[[str], str] = str) -> str:
    """Return the end of an error that offers the names most like another; empty where none is.

    name: As it was typed.
    known: names that there are.
    most: how many are offered at most.
    show: how a name is written: ``repr`` in quotes.
    """
    close = nearest(name, known, most)
    return f" Did you mean {' or '.join(map(show, close))}?" if close else ""
