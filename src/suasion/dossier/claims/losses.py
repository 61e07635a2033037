"""Claims about losses: of one side, of two sides compared, and with the other outlet closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from suasion.answers import numbers as n
from suasion.answers.catalogue import has, say
from suasion.answers.language import capital
from suasion.dossier.claims.base import Claim, Quantity, slug
from suasion.dossier.words import horizon_phrase, listing, possessive

OWN = "own real expenditure"


@dataclass(frozen=True, slots=True)
class Loss(Claim):
    """What a cut does to one country.

    Attributes
    ----------
    country : str
        Name.
    cut : str
        What is cut ("all trade between Russia and China").
    horizon : str
        "short", "long" or another label.
    percent, usd : Quantity
        Loss (positive) in per cent of own real expenditure and in million USD.
    given : str
        The other outlet, where it is closed; empty where it is open.
    """

    country: str
    cut: str
    horizon: str
    percent: Quantity
    usd: Quantity
    given: str = ""
    kind: ClassVar[str] = "loss"

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The loss in both units."""
        return (self.percent, self.usd)

    @property
    def verb(self) -> str:
        """Direction word: "loses", "gains", "no clear effect" and the like."""
        if not self.percent.known:
            return "cannot be computed"
        if self.percent.covers_zero:
            return "no clear effect"
        return {1: "loses", -1: "gains", 0: "no noticeable effect"}[self.percent.sign]

    def sentence(self) -> str:
        """Return the claim in English."""
        when = horizon_phrase(self.horizon)
        when = say("claim.loss.given", when=when, given=self.given) if self.given else when
        words = {
            "start": capital(say("claim.loss.start", when=when, cut=self.cut)),
            "country": self.country,
            "countrys": possessive(self.country),
            "amounts": say(
                f"claim.loss.amount{'s' if self.usd.known else ''}",
                percent=self.percent.with_band,
                usd=self.usd.with_band,
            ),
            "band": self._range(),
        }
        return say(f"claim.loss.{slug(self.verb)}", **words)

    def _range(self) -> str:
        gain = Quantity(max(0.0, -(self.percent.low or 0.0)), "percent").text
        loss = Quantity(max(0.0, self.percent.high or 0.0), "percent").text
        return say("claim.loss.band", gain=gain, loss=loss)


@dataclass(frozen=True, slots=True)
class Asymmetry(Claim):
    """The two sides' losses from one cut, compared in per cent and in USD.

    Attributes
    ----------
    a, b : str
        Names.
    percent_a, percent_b, usd_a, usd_b : Quantity
        Losses (positive).
    size : float or None
        Real expenditure of ``b`` over that of ``a``.
    horizon : str
        "short", "long" or another label.
    clear, clear_usd : bool
        False where the band of the difference covers zero.
    """

    a: str
    b: str
    percent_a: Quantity
    percent_b: Quantity
    usd_a: Quantity
    usd_b: Quantity
    size: float | None
    horizon: str
    clear: bool = True
    clear_usd: bool = True
    kind: ClassVar[str] = "asymmetry"

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The four losses."""
        return (self.percent_a, self.percent_b, self.usd_a, self.usd_b)

    @property
    def verb(self) -> str:
        """Direction word for ``a``: "loses more", "loses less" and the like."""
        x, y = self.percent_a.value, self.percent_b.value
        if x is None or y is None:
            return "cannot be compared"
        if max(x, y) < n.NOTICED_PERCENT:
            return "neither"
        if not self.clear:
            return "no clear difference"
        if _about_equal(x, y):
            return "about the same"
        return "loses more" if x > y else "loses less"

    @property
    def headline(self) -> str:
        """Who loses more, in a few words."""
        key = f"claim.asymmetry.headline.{slug(self.verb)}"
        return capital(say(key, a=self.a, b=self.b)) if has(key) else ""

    def sentence(self) -> str:
        """Return the claim in English: the verdict, the amounts, and what is mere size."""
        if self.verb == "cannot be compared":
            missing = [q for q in ((self.a, self.percent_a), (self.b, self.percent_b)) if not q[1].known]
            names = listing([name for name, _ in missing])
            return capital(say("claim.asymmetry.cannot_be_compared", a=self.a, b=self.b, missing=names))
        when = say("claim.asymmetry.when", horizon=horizon_phrase(self.horizon))
        if self.verb not in ("loses more", "loses less"):
            alike = say(f"claim.asymmetry.{slug(self.verb)}", a=self.a, b=self.b, when=when)
            return f"{capital(alike)} {self._amounts()}"
        big, small, *_ = self._ordered()
        verdict = say("claim.asymmetry.loses_more", big=big, small=small, when=when, more=self._more())
        return " ".join(part for part in (capital(verdict), self._amounts(), self._size()) if part)

    def _ordered(self) -> tuple[str, str, Quantity, Quantity, Quantity, Quantity]:
        """Names and losses, the side that loses more in per cent first."""
        x, y = self.percent_a.value or 0.0, self.percent_b.value or 0.0
        if x >= y:
            return self.a, self.b, self.percent_a, self.percent_b, self.usd_a, self.usd_b
        return self.b, self.a, self.percent_b, self.percent_a, self.usd_b, self.usd_a

    def _more(self) -> str:
        """How many times as much, in per cent and in USD."""
        _, small, x, y, money_x, money_y = self._ordered()
        words = {"percent": say("claim.asymmetry.percent", much=_much(_ratio(x, y))), "small": small}
        if money_x.value is None or money_y.value is None:
            return words["percent"]
        if max(abs(money_x.value), abs(money_y.value)) < n.TINY_MUSD:
            return words["percent"]
        if not self.clear_usd:
            return say("claim.asymmetry.usd_unclear", **words)
        if _about_equal(money_x.value, money_y.value):
            return say("claim.asymmetry.usd_same", **words)
        if money_x.value > money_y.value:
            return say("claim.asymmetry.usd_more", **words, much=_much(_ratio(money_x, money_y)))
        ratio = _ratio(money_y, money_x)
        return say(f"claim.asymmetry.usd_less{'_by' if ratio else ''}", **words, much=_much(ratio))

    def _amounts(self) -> str:
        """Both losses in both units, in a sentence."""
        sides = ((self.a, self.percent_a, self.usd_a), (self.b, self.percent_b, self.usd_b))
        first, second = (
            say(
                f"claim.asymmetry.side{'_usd' if money.known else ''}",
                name=name,
                percent=_effect(x),
                usd=_effect(money),
            )
            for name, x, money in sides
        )
        return capital(say("claim.asymmetry.sides", first=first, second=second))

    def _size(self) -> str:
        if self.size is None or self.size <= 0 or _ratio(*self._ordered()[2:4]) is None:
            return ""
        big, small = self._ordered()[:2]
        size = self.size if big == self.a else 1 / self.size
        if max(size, 1 / size) < n.ABOUT_EQUAL:
            return say("claim.asymmetry.size_equal")
        owners = possessive(small if size > 1 else big)
        key = f"claim.asymmetry.size_{'widens' if size > 1 else 'narrows'}"
        return capital(say(key, owners=owners, times=n.ratio(max(size, 1 / size))))


@dataclass(frozen=True, slots=True)
class Alternative(Claim):
    """What the other outlet is worth: the loss with it open and with it closed.

    Attributes
    ----------
    country, partner, outlet : str
        Who leaves whom, and whose markets are open or closed.
    open, closed : Quantity
        Loss (positive) in per cent of own real expenditure.
    horizon : str
        "short", "long" or another label.
    open_usd, closed_usd : Quantity
        The same in million USD.
    clear : bool
        False where the band of the difference covers zero.
    overlap : bool
        Whether the two bands overlap where the band of their difference is not known.
    """

    country: str
    partner: str
    outlet: str
    open: Quantity
    closed: Quantity
    open_usd: Quantity
    closed_usd: Quantity
    horizon: str
    clear: bool = True
    overlap: bool = False
    kind: ClassVar[str] = "alternative"

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The four losses."""
        return (self.open, self.closed, self.open_usd, self.closed_usd)

    @property
    def verb(self) -> str:
        """Direction word: "raises", "lowers", "does not clearly change" or "cannot be computed"."""
        x, y = self.open.value, self.closed.value
        if x is None or y is None:
            return "cannot be computed"
        if not self.clear:
            return "does not clearly change"
        if _about_equal(x, y):
            return "hardly changes"
        return "raises" if y > x else "lowers"

    def sentence(self) -> str:
        """Return the claim in English."""
        when = horizon_phrase(self.horizon)
        verb, words = slug(self.verb), {"partner": self.partner, "country": self.country, "when": when}
        parts = {
            "start": capital(say("claim.alternative.start", outlet=self.outlet)),
            "thing": say("claim.alternative.thing", **words),
            "times": "",
            "money": "",
            "caution": say("claim.alternative.overlap") if self.overlap else "",
        }
        if self.open.known and self.closed.known:
            form = "moved" if verb in ("raises", "lowers") else "stayed"
            parts["amounts"] = say(
                f"claim.alternative.{form}", open=_effect(self.open), closed=_effect(self.closed)
            )
            if self.open_usd.known and self.closed_usd.known:
                money = {"open": _effect(self.open_usd), "closed": _effect(self.closed_usd)}
                parts["money"] = say(f"claim.alternative.{form}_money", **money)
        ratio = _ratio(self.closed, self.open) if verb == "raises" else None
        if ratio:
            parts["times"] = say("claim.alternative.times", times=n.ratio(ratio))
        return say(f"claim.alternative.{verb}", **parts)


def _effect(q: Quantity) -> str:
    """Size with band, marked as a gain where it is one."""
    known = q.value is not None and n.sign_of(q.value, 0.0) < 0 and not q.covers_zero and q.sign < 0
    return say("claim.asymmetry.gain", size=q.with_band) if known else q.with_band


def _much(ratio: float | None) -> str:
    return say("claim.asymmetry.much", times=n.ratio(ratio)) if ratio else say("claim.asymmetry.more")


def _about_equal(x: float, y: float) -> bool:
    """Whether two losses differ by less than a reader may be told."""
    if max(abs(x), abs(y)) < n.TINY_PERCENT:
        return True
    return abs(x - y) < (n.ABOUT_EQUAL - 1) * min(abs(x), abs(y))


def _ratio(big: Quantity, small: Quantity) -> float | None:
    """Ratio of two losses where both are printable losses and it is at least 1."""
    if big.value is None or small.value is None or small.sign <= 0 or big.value < small.value:
        return None
    return big.value / small.value
