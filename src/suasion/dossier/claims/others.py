"""Claims about third parties and about critical levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.language import capital
from suasion.dossier.claims.base import Claim, Quantity, slug
from suasion.dossier.words import horizon_phrase, possessive


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
        return say(f"claim.elsewhere.headline.{slug(self.verb)}")

    def sentence(self) -> str:
        """Return the claim in English."""
        start = say("claim.elsewhere.start", when=horizon_phrase(self.horizon))
        counts = say(
            "claim.elsewhere.counts",
            losers=_how_many("losers", self.losers),
            gainers=_how_many("gainers", self.gainers),
            unmoved=self._unmoved(),
            loss=_extreme("loss", self.loser, self.largest_loss, self.largest_loss_usd),
            gain=_extreme("gain", self.gainer, self.largest_gain, self.largest_gain_usd),
        )
        return say(f"claim.elsewhere.{slug(self.verb)}", start=start, counts=counts)

    def _unmoved(self) -> str:
        count = self.unmoved.value or 0.0
        if count == 0:
            return ""
        return (
            say("claim.elsewhere.unmoved_one")
            if count == 1
            else say("claim.elsewhere.unmoved", unmoved=self.unmoved.text)
        )


def _how_many(side: str, count: Quantity) -> str:
    one = "_one" if count.value == 1 else ""
    return say(f"claim.elsewhere.{side}{one}", count=count.text)


def _extreme(side: str, name: str, percent: Quantity, usd: Quantity) -> str:
    if not name:
        return ""
    return say(f"claim.elsewhere.{side}", of=possessive(name), percent=percent.text, usd=usd.text)


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
            return (Quantity(1 / self.smallest if self.passed else self.largest, "ratio"),)
        multiple = () if self.verb == "reached about now" else (Quantity(max(self.m, 1 / self.m), "ratio"),)
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
        when = capital(horizon_phrase(self.horizon))
        names = {"partner": self.partner, "country": self.country, "level": self.level}
        who = say("claim.threshold.who", when=when, **names)
        if self.m is None and self.passed:
            return say("claim.threshold.passed_deep", who=who, part=f"{1 / self.smallest:g}")
        if self.m is None:
            return say("claim.threshold.not_reached", who=who, times=n.ratio(max(1.0, self.largest)))
        share = {"share": self.share.text, "countrys": possessive(self.country)}
        return say(
            f"claim.threshold.{slug(self.verb)}",
            who=who,
            at=say("claim.threshold.at", **share) if self.share.known else "",
            times=n.ratio(max(self.m, 1 / self.m)),
        )
