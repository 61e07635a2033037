"""The words of the web pages in one place: ``language/en.toml``, looked up by template and key.

Another language is one more file with the same keys and the same places in braces. Words that belong to results
(sentences, titles of panels) are made where the results are; those of dossiers have a catalogue of their own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from suasion.dossier.strings import flat
from suasion.errors import DataError

LANGUAGE = "en"
"""The language shipped."""


@cache
def catalogue(language: str = LANGUAGE) -> Mapping[str, str]:
    """All words of a language by key, ``"front.two_states"``.

    Raises
    ------
    DataError
        There is no such language.
    """
    file = resources.files("suasion.web").joinpath("language", f"{language}.toml")
    if not file.is_file():
        raise DataError(f"There are no words in the language {language!r}: add language/{language}.toml.")
    return flat(tomllib.loads(file.read_text(encoding="utf-8")))


def say(key: str, **places: object) -> str:
    """Words under a key with their places filled; plain text, escaped where it enters a page.

    Parameters
    ----------
    key : str
        Template and key.
    **places
        What stands in the braces.

    Raises
    ------
    DataError
        There is no such key, or a place is not filled.
    """
    try:
        return catalogue()[key].format_map(places)
    except KeyError as error:
        raise DataError(
            f"The words {key!r} are not complete: {error} is missing in language/en.toml or in the call."
        ) from None


def part(section: str) -> dict[str, str]:
    """Words of one section, key to words, for the script of the pages."""
    start = f"{section}."
    return {key.removeprefix(start): words for key, words in catalogue().items() if key.startswith(start)}
