"""Claims about losses: of one side, of two sides compared, and with the other outlet closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from suasion.dossier import numbers as n
from suasion.dossier.claims.base import Claim, Quantity
from suasion.dossier.words import capital, horizon_phrase, possessive

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
        when = horizon_phrase(self.horizon) + (f", with {self.given} closed already" if self.given else "")
        start = capital(f"{when}, cutting {self.cut}")
        amounts = f"{self.percent.with_band} of {OWN}" + (f", {self.usd.with_band}" if self.usd.known else "")
        return {
            "cannot be computed": f"{start} has an effect on {self.country} that cannot be computed.",
            "no clear effect": f"{start} has no clear effect on {self.country}: {self._range()} of {OWN}.",
            "no noticeable effect": f"{start} has no noticeable effect on {self.country}: {amounts}.",
            "loses": f"{start} costs {self.country} {amounts}.",
            "gains": f"{start} raises {possessive(self.country)} welfare by {amounts}.",
        }[self.verb]

    def _range(self) -> str:
        gain = Quantity(max(0.0, -(self.percent.low or 0.0)), "percent").text
        loss = Quantity(max(0.0, self.percent.high or 0.0), "percent").text
        return f"the 90 % band runs from a gain of {gain} to a loss of {loss}"


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
        if max(n.sign_of(x), n.sign_of(y)) <= 0:
            return "neither"
        if not self.clear:
            return "no clear difference"
        if _about_equal(x, y):
            return "about the same"
        return "loses more" if x > y else "loses less"

    @property
    def headline(self) -> str:
        """Who loses more, in a few words."""
        return {
            "loses more": capital(f"{self.a} loses more from a break than {self.b}"),
            "loses less": capital(f"{self.b} loses more from a break than {self.a}"),
            "no clear difference": f"No clear difference: what {self.a} and {self.b} lose from a break",
            "about the same": capital(f"{self.a} and {self.b} lose about the same from a break"),
            "neither": capital(f"neither {self.a} nor {self.b} loses noticeably from a break"),
        }.get(self.verb, "")

    def sentence(self) -> str:
        """Return the claim in English: the verdict, the amounts, and what is mere size."""
        if self.verb == "cannot be compared":
            return capital(f"{self.a} and {self.b} cannot be compared: {self._missing()}.")
        when = f"if all trade between them is cut, {horizon_phrase(self.horizon)}"
        pair = {
            "neither": f"neither {self.a} nor {self.b} loses noticeably",
            "no clear difference": f"no clear difference in per cent between {self.a} and {self.b}",
            "about the same": f"{self.a} and {self.b} lose about the same in per cent",
        }
        if self.verb in pair:
            return f"{capital(pair[self.verb])} {when}. {self._amounts()}"
        big, small, *_ = self._ordered()
        verdict = capital(f"{big} loses more than {small} {when}: {self._more()}.")
        return " ".join(part for part in (verdict, self._amounts(), self._size()) if part)

    def _missing(self) -> str:
        lost = [name for name, q in ((self.a, self.percent_a), (self.b, self.percent_b)) if not q.known]
        return f"the effect of the cut on {' and '.join(lost)} has no data"

    def _ordered(self) -> tuple[str, str, Quantity, Quantity, Quantity, Quantity]:
        """Names and losses, the side that loses more in per cent first."""
        x, y = self.percent_a.value or 0.0, self.percent_b.value or 0.0
        if x >= y:
            return self.a, self.b, self.percent_a, self.percent_b, self.usd_a, self.usd_b
        return self.b, self.a, self.percent_b, self.percent_a, self.usd_b, self.usd_a

    def _more(self) -> str:
        """How many times as much, in per cent and in USD."""
        _, small, x, y, money_x, money_y = self._ordered()
        percent = f"{_much(_ratio(x, y))} in per cent of {OWN}"
        if money_x.value is None or money_y.value is None:
            return percent
        if max(abs(money_x.value), abs(money_y.value)) < n.TINY_MUSD:
            return percent
        if not self.clear_usd:
            return f"{percent}, but with no clear difference in USD"
        if _about_equal(money_x.value, money_y.value):
            return f"{percent}, but about the same in USD"
        if money_x.value > money_y.value:
            return f"{percent}, {_much(_ratio(money_x, money_y))} in USD"
        ratio = _ratio(money_y, money_x)
        return f"{percent}, while in USD {small} loses more" + (f", {_much(ratio)}" if ratio else "")

    def _amounts(self) -> str:
        """Both losses in both units, in a sentence."""
        sides = ((self.a, self.percent_a, self.usd_a), (self.b, self.percent_b, self.usd_b))
        shown = [
            f"{name}: {_effect(x)}" + (f", {_effect(money)}" if money.known else "")
            for name, x, money in sides
        ]
        return capital(f"{'; '.join(shown)}.")

    def _size(self) -> str:
        if self.size is None or self.size <= 0 or _ratio(*self._ordered()[2:4]) is None:
            return ""
        big, small = self._ordered()[:2]
        size = self.size if big == self.a else 1 / self.size
        if size >= n.ABOUT_EQUAL:
            much = f"{possessive(small)} economy is {n.times(size)} as large"
            return capital(f"{much}: that part of the ratio in per cent is mere size.")
        if 1 / size >= n.ABOUT_EQUAL:
            much = f"{possessive(big)} economy is {n.times(1 / size)} as large"
            return capital(f"{much}: size narrows the ratio in per cent.")
        return "The two economies are about equally large."


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
        thing = f"what leaving {self.partner} costs {self.country} {horizon_phrase(self.horizon)}"
        start = capital(f"closing the other outlet, {self.outlet},")
        if self.verb == "cannot be computed":
            return f"{start} has an effect on {thing} that cannot be computed."
        amounts = f"{_effect(self.open)} of {OWN} with it open, {_effect(self.closed)} with it closed"
        if self.open_usd.known and self.closed_usd.known:
            amounts += f"; in money {_effect(self.open_usd)} and {_effect(self.closed_usd)}"
        ratio = _ratio(self.closed, self.open) if self.verb == "raises" else None
        much = f", {n.times(ratio)} as much" if ratio else ""
        caution = "; the two bands overlap" if self.overlap else ""
        return f"{start} {self.verb} {thing}{much}: {amounts}{caution}."


def _effect(q: Quantity) -> str:
    """Size with band, marked as a gain where it is one."""
    known = q.value is not None and n.sign_of(q.value, 0.0) < 0 and not q.covers_zero and q.sign < 0
    return f"a gain of {q.with_band}" if known else q.with_band


def _much(ratio: float | None) -> str:
    return f"{n.times(ratio)} as much" if ratio else "more"


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
