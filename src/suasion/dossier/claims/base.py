"""Typed claims and the English sentences they print as.

A claim holds numbers; its verb is computed from them and is never stored, so that a sentence cannot say
"more" where its numbers say "less". Where the band of an effect or of a difference covers zero the sentence
says that there is no clear effect or difference. The words are templates in the catalogue of ``strings``. Each
kind of claim has its branches for missing, zero, tiny and reversed numbers. A test reads every sentence back and
compares.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

from suasion.answers.numbers import Unit as Unit
from suasion.answers.values import Quantity as Quantity


@dataclass(frozen=True, slots=True)
class Claim:
    """Base of all claims: a sentence with typed numbers and a source.

    Attributes
    ----------
    source : str
        Where the numbers come from, as printed in the source line.
    """

    source: str
    kind: ClassVar[str] = "claim"

    @property
    def topic(self) -> str:
        """What it is about: its kind, or the key of an answer's finding."""
        return self.kind

    @property
    def verb(self) -> str:
        """Direction word, computed from the numbers."""
        return "states"

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Numbers that the sentence prints, in no particular order."""
        return ()

    @property
    def headline(self) -> str:
        """The verdict in a few words, for a chart's title; empty where the claim has none."""
        return ""

    def sentence(self) -> str:
        """Return the claim in English."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """Fields, kind, verb and sentence, ready for JSON."""
        return {
            "kind": self.topic,
            **dataclasses.asdict(self),
            "verb": self.verb,
            "sentence": self.sentence(),
        }
