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
from typing import Any, ClassVar, Literal

from suasion.dossier import numbers as n
from suasion.dossier.strings import say
from suasion.dossier.words import capital

Unit = Literal["percent", "share", "musd", "times", "count", "probability", "score"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a claim, with its unit and its 90 % band where one was asked.

    Attributes
    ----------
    value : float or None
        The number; None where it cannot be computed.
    unit : {"percent", "share", "musd", "times", "count", "probability", "score"}
        Model result in per cent, share in per cent, million USD, ratio, number of things, probability (0 to 1) or
        a pure number.
    low, high : float or None
        90 % band.
    """

    value: float | None
    unit: Unit
    low: float | None = None
    high: float | None = None

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return self.value is not None

    @property
    def sign(self) -> int:
        """+1, -1, or 0 where missing, too small to print, or a band that covers zero leaves it open."""
        if self.value is None or self.covers_zero:
            return 0
        return n.sign_of(self.value, n.TINY_MUSD if self.unit == "musd" else n.TINY_PERCENT)

    @property
    def covers_zero(self) -> bool:
        """Whether the band holds zero."""
        return self.low is not None and self.high is not None and self.low <= 0 <= self.high

    @property
    def text(self) -> str:
        """The size as printed, without sign and band."""
        if self.value is None:
            return n.NO_DATA
        return _PRINTERS[self.unit](self.value)

    @property
    def with_band(self) -> str:
        """The size and, where there is one, its band: ``"1.4 % (90 % band 0.80 to 2.3 %)"``."""
        if self.low is None or self.high is None or self.value is None:
            return self.text
        low, high = (-self.high, -self.low) if self.value < 0 else (self.low, self.high)
        start, end = self._end(low), self._end(high)
        number, _, unit = end.partition(" ")
        if start.endswith(f" {unit}") and not number.startswith("less"):
            start = start.removesuffix(f" {unit}")
        return f"{self.text} (90 % band {start} to {end})"

    def _end(self, value: float) -> str:
        """One end of a band; it is negative only where the band covers zero."""
        size = Quantity(abs(value), self.unit).text
        return size if value >= 0 else f"{n.MINUS}{size.removeprefix(n.below(''))}"


def _count(value: float) -> str:
    return f"{round(value):,}"


def _score(value: float) -> str:
    return n.significant(abs(value))


_PRINTERS = {
    "percent": n.percent,
    "share": n.share,
    "musd": n.usd,
    "times": n.times,
    "count": _count,
    "probability": n.probability,
    "score": _score,
}


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
        return {"kind": self.kind, **dataclasses.asdict(self), "verb": self.verb, "sentence": self.sentence()}


@dataclass(frozen=True, slots=True)
class Absent(Claim):
    """What cannot be computed, and why.

    Attributes
    ----------
    what : str
        Subject of the sentence ("what a break would cost").
    reason : str
        A clause without full stop ("Iran is not among the 80 economies of the table").
    """

    what: str
    reason: str
    kind: ClassVar[str] = "absent"

    @property
    def verb(self) -> str:
        """Always "cannot be computed"."""
        return "cannot be computed"

    def sentence(self) -> str:
        """Return the claim in English."""
        return say("claim.absent.sentence", what=capital(self.what), reason=self.reason.rstrip("."))


def slug(verb: str) -> str:
    """Direction word as a key of the catalogue: ``"loses more"`` gives ``"loses_more"``."""
    return verb.replace(" ", "_")
