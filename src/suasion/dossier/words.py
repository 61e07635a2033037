"""English for the dossier's own claims: names in a sentence; the rules are those of the language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from suasion.answers.language import ENGLISH

UNRECOGNISED = frozenset({"CHN", "TWN"})
"""Two that do not recognise each other as states."""

listing = ENGLISH.listing


def printed_name(code: str, official: str) -> str:
    """Name of a state or group as it stands inside a sentence ("the United States", "Russia").

    code: ISO alpha-3 code or the label of a group.
    official: Name to use where no shorter one is customary.
    """
    plain = ENGLISH.words.get(f"country.plain.{code}", official)
    return ENGLISH.formed(plain, code in ENGLISH.words["grammar.with_article"].split())


def plain_name(name: str) -> str:
    """Name without its article, for tables, axes and lists."""
    return name.removeprefix("the ")


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Text in which a bare code of an economy is its name."""
    return re.sub(r"\b[A-Z]{3}\b", lambda found: names.get(found[0], found[0]), text)
