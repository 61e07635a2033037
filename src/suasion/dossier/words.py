"""English for the dossier's own claims: names in a sentence; the rules are those of the language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from suasion.answers.language import DEFAULT_LANGUAGE

UNRECOGNISED = frozenset({"CHN", "TWN"})
"""Two that do not recognise each other as states."""

listing, state, word = DEFAULT_LANGUAGE.listing, DEFAULT_LANGUAGE.country, DEFAULT_LANGUAGE.word


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Text in which a bare code of an economy is its name."""
    return re.sub(r"\b[A-Z]{3}\b", lambda found: names.get(found[0], found[0]), text)
