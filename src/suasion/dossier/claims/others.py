"""Claims about third parties and about critical levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from suasion.dossier import numbers as n
from suasion.dossier.claims.base import Claim, Quantity
from suasion.dossier.words import capital, horizon_phrase, possessive


@dataclass(frozen=True, slots=True)
class Elsewhere(Claim):
    """Who loses and who gains outside the pair.

    Attributes
    ----------
    losers, gainers, unmoved : Quantity
        Numbers of economies.
    loser, gainer : str
        Names with the largest loss and the largest gain in per cent; empty where there is none.
    largest_loss, largest_gain, largest_loss_usd, largest_gain_usd : Quantity
        Their size (positive), per cent of own real expenditure and million USD.
    horizon : str
        "short", "long" or another label.
    """

    losers: Quantity
    gainers: Quantity
    unmoved: Quantity
    loser: str
    gainer: str
    largest_loss: Quantity
    largest_gain: Quantity
    largest_loss_usd: Quantity
    largest_gain_usd: Quantity
    horizon: str
    kind: ClassVar[str] = "elsewhere"

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The counts, and the extremes that exist."""
        loss = (self.largest_loss, self.largest_loss_usd) if self.loser else ()
        gain = (self.largest_gain, self.largest_gain_usd) if self.gainer else ()
        return (self.losers, self.gainers, *loss, *gain)

    @property
    def verb(self) -> str:
        """Direction word: "more lose", "more gain", "as many lose as gain" or "nobody moves"."""
        x, y = self.losers.value or 0.0, self.gainers.value or 0.0
        if x == y:
            return "as many lose as gain" if x else "nobody moves"
        return "more lose" if x > y else "more gain"

    @property
    def headline(self) -> str:
        """Whether more lose or gain, in a few words."""
        return {
            "more lose": "Elsewhere more economies lose than gain",
            "more gain": "Elsewhere more economies gain than lose",
            "as many lose as gain": "Elsewhere as many economies lose as gain",
            "nobody moves": "Elsewhere nobody loses or gains noticeably",
        }[self.verb]

    def sentence(self) -> str:
        """Return the claim in English."""
        start = f"Among the other economies, {horizon_phrase(self.horizon)},"
        if self.verb == "nobody moves":
            return f"{start} nobody loses or gains noticeably from the same cut."
        words = {
            "more lose": "more lose than gain",
            "more gain": "more gain than lose",
            "as many lose as gain": "as many lose as gain",
        }[self.verb]
        counts = f"{self.losers.text} lose and {self.gainers.text} gain"
        return f"{start} {words}: {counts}{self._extremes()}."

    def _extremes(self) -> str:
        parts = []
        if self.loser:
            parts.append(f"the largest loss is {_of(self.loser, self.largest_loss, self.largest_loss_usd)}")
        if self.gainer:
            parts.append(f"the largest gain is {_of(self.gainer, self.largest_gain, self.largest_gain_usd)}")
        return "; " + ", ".join(parts) if parts else ""


def _of(name: str, percent: Quantity, usd: Quantity) -> str:
    return f"{possessive(name)} ({percent.text} of own real expenditure, {usd.text})"


@dataclass(frozen=True, slots=True)
class Threshold(Claim):
    """Where a critical level lies, in multiples of today's trade.

    Attributes
    ----------
    country, partner : str
        Names.
    level : str
        The level as a clause ("a loss of 2 % of own real expenditure"); its number is printed by the caller.
    m : float or None
        Multiple of today's trade at the crossing; None where it is not crossed in the range examined.
    smallest, largest : float
        The range examined.
    passed : bool
        Where ``m`` is None: the level is passed at the smallest multiple already.
    share : Quantity
        Turnover share at the crossing, per cent.
    horizon : str
        "short", "long" or another label.
    """

    country: str
    partner: str
    level: str
    m: float | None
    smallest: float
    largest: float
    share: Quantity
    horizon: str
    passed: bool = False
    kind: ClassVar[str] = "threshold"

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The multiple as printed (at least 1), and the turnover share at the crossing."""
        if self.m is None:
            return (Quantity(1 / self.smallest if self.passed else self.largest, "times"),)
        multiple = () if self.verb == "reached about now" else (Quantity(max(self.m, 1 / self.m), "times"),)
        return (*multiple, self.share) if self.share.known else multiple

    @property
    def verb(self) -> str:
        """Direction word: "passed already" where the level lies below today's trade."""
        if self.m is None:
            return "passed already" if self.passed else "not reached"
        if self.m * n.ABOUT_EQUAL < 1:
            return "passed already"
        return "would be reached" if self.m > n.ABOUT_EQUAL else "reached about now"

    def sentence(self) -> str:
        """Return the claim in English."""
        who = f"{self.level} for {self.country} if cut off from {self.partner} {horizon_phrase(self.horizon)}"
        at = f", a share of {self.share.text} in its turnover" if self.share.known else ""
        if self.m is None and self.passed:
            least = f"even with {n.times(1 / self.smallest)} less trade than today"
            return capital(f"{who} is passed already, {least}.")
        if self.m is None:
            return capital(f"{who} is not reached even at {n.times(max(1.0, self.largest))} today’s trade.")
        if self.verb == "reached about now":
            return capital(f"{who} is reached about now{at}.")
        if self.verb == "passed already":
            return capital(f"{who} is passed already: today’s trade is {n.times(1 / self.m)} that level{at}.")
        return capital(f"{who} would be reached at {n.times(self.m)} today’s trade{at}.")
