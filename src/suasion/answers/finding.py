"""A finding: the key of a sentence and its values, and how much it weighs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from suasion.answers.language import DEFAULT_LANGUAGE, Language, capital
from suasion.answers.values import Comparison, Quantity, Value

MAIN, USUAL, DETAIL = 3.0, 2.0, 1.0
"""Weights: what was asked; what goes with it; what only who reads all needs."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence: its key and its values. Where it compares, the numbers choose among whole sentences.

    Attributes
    ----------
    key : of the sentence in the catalogue; with a comparison the direction is appended
    values : by place
    compared : what decides the direction
    weight : the heavier, the earlier: :data:`MAIN`, :data:`USUAL` or :data:`DETAIL`, and what lies between. Who
        has room for three takes the three heaviest.
    caution : whether nobody may leave it out
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    compared: Comparison | None = None
    weight: float = USUAL
    caution: bool = False

    @property
    def place(self) -> str:
        """Full key of the sentence."""
        return self.key if self.compared is None else f"{self.key}.{self.compared.direction}"

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Its numbers."""
        return tuple(value for value in self.values.values() if isinstance(value, Quantity))

    def sentence(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return it in a language."""
        return capital(language.say(self.place, self.values))
