"""The words of the web pages in one place: ``language/en.toml``, looked up by template and key.

Another language is one more file with the same keys and the same places in braces. Words that belong to results
(sentences, titles of panels) are made where the results are; those of dossiers have a catalogue of their own.
"""

from __future__ import annotations

from collections.abc import Mapping

from suasion.answers.catalogue import fill, spoken, words_of


def catalogue(language: str = "") -> Mapping[str, str]:
    """All words of a language by key, ``"front.two_states"``; of the one that is spoken without its name.

    Raises DataError: There is no such language.
    """
    return words_of("suasion.web", language or spoken())


def say(key: str, **places: object) -> str:
    """Words under a key with their places filled; plain text, escaped where it enters a page.

    key: Template and key.
    **places: What stands in the braces.
    Raises DataError: There is no such key, or a place is not filled.
    """
    return fill(catalogue(), key, places)


def part(section: str) -> dict[str, str]:
    """Words of one section, key to words, for the script of the pages."""
    start = f"{section}."
    return {key.removeprefix(start): words for key, words in catalogue().items() if key.startswith(start)}
