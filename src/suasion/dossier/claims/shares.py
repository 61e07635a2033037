"""Claims about shares: who depends more, how a share moved, which industry is exposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from suasion.answers import numbers as n
from suasion.answers.catalogue import has, say
from suasion.answers.language import capital
from suasion.dossier.claims.base import Claim, Quantity, slug
from suasion.dossier.words import possessive

MOVED = 0.5
"""Percentage points below which a share is said to have stayed about where it was."""


@dataclass(frozen=True, slots=True)
class Dependence(Claim):
    """Who has the larger share of the other's total.

    Attributes
    ----------
    a, b : str
        Names.
    share_a, share_b : Quantity
        Share of b in a's total, and of a in b's, per cent.
    total : str
        What the shares are of ("turnover").
    scope : str
        Definition and year ("goods and services traded among the 80 economies, 2023").
    """

    a: str
    b: str
    share_a: Quantity
    share_b: Quantity
    total: str
    scope: str
    kind: ClassVar[str] = "dependence"

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Both shares."""
        return (self.share_a, self.share_b)

    @property
    def verb(self) -> str:
        """Direction word: "depends more on", "about equally" and the like, said of ``a``."""
        x, y = self.share_a.value, self.share_b.value
        if x is None or y is None:
            return "cannot be compared"
        if max(x, y) < n.TINY_SHARE:
            return "hardly at all"
        if max(x, y) < n.ABOUT_EQUAL * min(x, y):
            return "about equally"
        return "depends more on" if x > y else "is depended on more by"

    @property
    def headline(self) -> str:
        """Who depends more, in a few words."""
        key = f"claim.dependence.headline.{slug(self.verb)}"
        return capital(say(key, a=self.a, b=self.b)) if has(key) else ""

    def sentence(self) -> str:
        """Return the claim in English."""
        if self.verb == "cannot be compared":
            return self._partial()
        big, small, (x, y) = self._ordered()
        names = {"big": big, "small": small, "bigs": possessive(big), "smalls": possessive(small)}
        shares = say("claim.dependence.shares", **names, x=x.text, y=y.text, total=self.total)
        words = {**names, "shares": shares, "scope": self.scope}
        if self.verb in ("about equally", "hardly at all"):
            return say("claim.dependence.alike", **words, headline=self.headline)
        return capital(say("claim.dependence.depends_more_on", **words, times=self._times(x, y)))

    def _ordered(self) -> tuple[str, str, tuple[Quantity, Quantity]]:
        if self.verb == "is depended on more by":
            return self.b, self.a, (self.share_b, self.share_a)
        return self.a, self.b, (self.share_a, self.share_b)

    @staticmethod
    def _times(x: Quantity, y: Quantity) -> str:
        if x.value is None or y.value is None or y.value < n.TINY_SHARE:
            return ""
        return say("claim.dependence.times", times=n.ratio(x.value / y.value))

    def _partial(self) -> str:
        sides = ((self.a, self.b, self.share_a), (self.b, self.a, self.share_b))
        for owner, partner, share in sides:
            if share.known:
                words = {"partner": partner, "share": share.text, "owners": possessive(owner)}
                found = say("claim.dependence.partial", **words, total=self.total, scope=self.scope)
                return capital(found)
        return capital(say("claim.dependence.none", a=self.a, b=self.b, total=self.total))


@dataclass(frozen=True, slots=True)
class Trend(Claim):
    """How a share moved between two years.

    Attributes
    ----------
    holder : str
        Name of the partner whose share it is.
    whole : str
        What it is a share of ("Russia’s exports of crude oil, gas and coal").
    first, last : Quantity
        Shares, per cent.
    first_year, last_year : int
        Their years.
    """

    holder: str
    whole: str
    first: Quantity
    last: Quantity
    first_year: int
    last_year: int
    kind: ClassVar[str] = "trend"

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Both shares."""
        return (self.first, self.last)

    @property
    def verb(self) -> str:
        """Direction word: "rose", "fell", "stayed about the same" or "cannot be compared"."""
        x, y = self.first.value, self.last.value
        if x is None or y is None:
            return "cannot be compared"
        if abs(y - x) < MOVED:
            return "stayed about the same"
        return "rose" if y > x else "fell"

    def sentence(self) -> str:
        """Return the claim in English."""
        ends = {"first": self.first.text, "last": self.last.text}
        years = {"first_year": self.first_year, "last_year": self.last_year}
        words = {
            "subject": say("claim.trend.subject", holders=possessive(self.holder), whole=self.whole),
            "ends": say("claim.trend.ends", **ends, **years),
        }
        return capital(say(f"claim.trend.{slug(self.verb)}", **words))


@dataclass(frozen=True, slots=True)
class Exposed(Claim):
    """The industry most exposed to a partner's inputs, at face value and with inputs of inputs.

    Attributes
    ----------
    country, partner, sector : str
        Names.
    direct, look_through : Quantity
        Per cent of the industry's inputs.
    pool : str
        Which industries were compared ("industries with at least 0.5 % of output").
    """

    country: str
    partner: str
    sector: str
    direct: Quantity
    look_through: Quantity
    pool: str
    kind: ClassVar[str] = "exposed"

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Both shares."""
        return (self.direct, self.look_through)

    @property
    def verb(self) -> str:
        """Direction word: "more" or "less" when inputs of inputs count, and the like."""
        x, y = self.direct.value, self.look_through.value
        if x is None or y is None:
            return "unknown"
        if f"{x:.1f}" == f"{y:.1f}":
            return "about as much"
        return "more" if y > x else "less"

    def sentence(self) -> str:
        """Return the claim in English."""
        names = {"country": self.country, "partner": self.partner, "sector": self.sector}
        known = self.direct if self.direct.known else self.look_through
        return say(
            f"claim.exposed.{slug(self.verb)}",
            start=say("claim.exposed.start", pool=self.pool, **names),
            direct=self.direct.text,
            through=self.look_through.text,
            known=known.text,
        )
