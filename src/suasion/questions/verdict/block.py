"""A block of a verdict: what it finds, in which sentences, how well that is founded, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from suasion.answers import DETAIL, MAIN, USUAL, Finding


class Light(StrEnum):
    """How well a finding is founded."""

    MEASURED = "measured"
    MODELLED = "modelled"
    JUDGED = "judged"
    UNKNOWN = "unknown"


FEW_CASES = 10
"""Cases below which a number rests on judgement."""


def light(
    *,
    observed: bool = False,
    ranged: bool = False,
    checked: bool = True,
    assumed: bool = False,
    cases: int | None = None,
    doubted: bool = False,
) -> Light:
    """Return the light of a finding by what it rests on.

    observed: Data whose sources agree, or whose disagreement is drawn.
    ranged, checked: Output of a model that has a range, and whose checks hold.
    assumed: A size that is assumed, or a model without skill over the record of all pairs.
    cases: Past cases that it rests on.
    doubted: Whether two sources tell of quite different trade, which takes a step away.
    """
    if assumed or (cases is not None and cases < FEW_CASES):
        return Light.JUDGED
    if observed:
        return Light.MODELLED if doubted else Light.MEASURED
    return Light.MODELLED if ranged and checked and not doubted else Light.JUDGED


@dataclass(frozen=True, slots=True)
class Block:
    """One of the questions that a verdict is made of.

    Attributes
    ----------
    key : str
        Its place in the verdict: answer, changed, why, closed, used, outside, sure.
    heading : Finding
    light : Light
    evidence : str
        Why the light is as it is: a member of ``evidence_reason``.
    foundation, improvement : str
        What it rests on, and what would change it; empty for the last block, which is about the others.
    text : tuple of Finding
        At most seventy words.
    chance : tuple of Finding
        The probability of a pact, or of its end, and what it rests on, where it is large enough to be seen.
    aside : Finding, optional
        What is assumed.
    caption : Finding, optional
        What its charts leave out.
    topic : str
        Member of ``topic`` that asks for it, where that is not its key.
    """

    key: str
    heading: Finding
    light: Light
    evidence: str
    foundation: str = ""
    improvement: str = ""
    text: tuple[Finding, ...] = ()
    chance: tuple[Finding, ...] = ()
    aside: Finding | None = None
    caption: Finding | None = None
    topic: str = ""

    @property
    def asks(self) -> str:
        """Member of ``topic`` that asks for it."""
        return self.topic or self.key

    @property
    def said(self) -> tuple[Finding, ...]:
        """Its sentences, the heading first; what is about its charts is none."""
        return (self.heading, *self.text, *self.chance, *((self.aside,) if self.aside else ()))

    def weighed(self, place: int) -> tuple[Finding, ...]:
        """Return its sentences as they weigh in the verdict: the answer with its range, all headings, all else.

        place: Of the block.
        """
        lead = MAIN + 0.9 if place == 0 else round(USUAL + 0.9 - 0.1 * place, 1)
        weights = (lead, *([MAIN + 0.8] if place == 0 else []))
        rest = round(DETAIL + 0.9 - 0.1 * place, 1)
        return tuple(
            replace(one, weight=weights[at] if at < len(weights) else rest)
            for at, one in enumerate(self.said)
        )
