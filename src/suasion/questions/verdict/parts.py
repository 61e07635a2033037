"""What a verdict is made of: answers on a pair, what its blocks read from them, and a block as it is told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from suasion.answers import DETAIL, MAIN, USUAL, Answer, Country, Finding, Quantity, Value
from suasion.answers.front import LEAST_PERCENT, settled
from suasion.questions.bands import ranged
from suasion.wars import BELLIGERENTS

LEAST_GAP = 1.5
"""Ratio of two losses from which on it is said what makes the gap. Assumption."""
Row = dict[str, Any]
ESTIMATED = tuple(f"posed.estimated_{kind}" for kind in "abc")
"""What an answer says of states whose economy no table has, by class of the estimate."""
BESIDE_TRADE = {"exit_cost.remittances": "remittances", "exit_cost.aid": "aid"}
"""What of it stands in a verdict, and in which words."""


@dataclass(frozen=True, slots=True)
class StateLoss:
    """What one state loses in one case.

    flags: Cautions of the model: F2 for first-year losses above 15 %.
    bracket: Losses where buyers replace suppliers as in the long run, and where nobody switches.
    """

    country: str
    partner: str
    percent: Quantity
    musd: Quantity
    flags: str = ""
    bracket: tuple[float | None, float | None] = (None, None)

    @property
    def ranged(self) -> bool:
        """Whether a range was run."""
        return self.percent.low is not None

    @property
    def told(self) -> bool:
        """Whether it is large for the economy: of a small one a thousandth of all spending is little money."""
        return abs(self.percent.value or 0.0) >= LEAST_PERCENT

    @property
    def gains(self) -> bool:
        """Whether the state would gain."""
        return (self.percent.value or 0.0) < 0


@dataclass(frozen=True, slots=True)
class PairAnswers:
    """A pair, and the answers on it.

    a, b: Codes.
    answers: By question; those that were not asked are absent.
    year: Of the world's table.
    outlet: The third parties whose markets are the other outlet, as a sentence takes them.
    members: Codes of those that the world's table has.
    draws: Behind the ranges; 0 where they ship, or where there are none.
    """

    a: str
    b: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    year: int = 0
    outlet: Value = ""
    members: tuple[str, ...] = ()
    draws: int = 0

    def answer(self, question: str) -> Answer | None:
        """Return the answer to a question; None where it was not asked."""
        return self.answers.get(question)

    def rows(self, question: str, table: str) -> list[Row]:
        """Return the rows of a table by the names of its columns; none where there is no answer."""
        return self.answers[question].rows(table) if question in self.answers else []

    def notes(self, question: str) -> list[Finding]:
        """Return what the tables of an answer note."""
        found = self.answers.get(question)
        return [note for table in (found.tables if found else ()) for note in table.notes]

    @property
    def sides(self) -> dict[str, Value]:
        """The two states as values of a sentence."""
        return {"a": Country(self.a), "b": Country(self.b)}

    @property
    def both(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        """Side, code and the partner's code, of each."""
        return ("a", self.a, self.b), ("b", self.b, self.a)

    @property
    def at_war(self) -> bool:
        """Whether the two are at war, so that their trade has ended."""
        return {self.a, self.b} == BELLIGERENTS

    def losses(self) -> Mapping[tuple[str, str, str], StateLoss]:
        """Return losses by horizon, outlet and state; those without an equilibrium are left out."""
        return {
            (row["horizon"], row["outlet"], row["country"]): _loss(row)
            for row in self.rows("exit_cost", "exit-costs")
            if row["loss_percent"] is not None
        }

    @property
    def unclear(self) -> bool:
        """Whether ranges leave open who loses more in the first year."""
        for row in self.rows("exit_cost", "loss-ratios"):
            if row["horizon"] == "short" and row["outlet"] == "open":
                return row["ratio_status"] == "unclear" and not settled(row.get("weaker_share"))
        return False

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """What is said where customs tell of another trade between the two than the table of the world does."""
        noted = {note.key for note in self.notes("exit_cost")}
        told = [side for side in ("below", "above") if f"exit_cost.trade_{side}" in noted]
        if not told and "exit_cost.apart" in noted:
            told = [self._apart()]
        return tuple(Finding(f"verdict.answer.trade_{side}", caution=True) for side in told[:1])

    def _apart(self) -> str:
        """Whether the world has less or more than customs of the flow that is furthest from them."""
        told = [one.values for one in self.notes("exit_cost") if one.key == "exit_cost.apart"]
        ends = [(one["world"], one["record"]) for one in told]
        gaps = [
            (had.value or 0.0) - (said.value or 0.0)
            for had, said in ends
            if isinstance(had, Quantity) and isinstance(said, Quantity)
        ]
        return "below" if max(gaps, key=abs) < 0 else "above"

    @property
    def guessed(self) -> bool:
        """Whether the world's table has the trade of the two from earlier years, and no report of its own year."""
        return any(note.key == "dependence.guessed" for note in self.notes("dependence"))

    @property
    def estimated(self) -> dict[str, Value]:
        """The states of the pair whose economy no table has, and the factor that ranges hold for it; empty for none."""
        from suasion.sources.groups import JOINED, expand

        cost, found = self.answer("exit_cost"), dict[Value, Quantity]()
        own = {
            Country(one) for one in expand([*self.a.split(JOINED), *self.b.split(JOINED)], self.year or 2023)
        }
        for mark in cost.findings if cost else ():
            states, factor = mark.values.get("states"), mark.values.get("factor")
            if mark.key in ESTIMATED and isinstance(states, tuple) and isinstance(factor, Quantity):
                found |= {one: factor for one in states if one in own}
        if not found:
            return {}
        return {"states": tuple(found), "factor": max(found.values(), key=lambda one: one.value or 0.0)}

    @property
    def beside_trade(self) -> tuple[Finding, ...]:
        """What the loser of more receives that no loss of trade counts."""
        cost, found = self.answer("exit_cost"), self.losses()
        sides = sorted(
            (one for key, one in found.items() if key[1] == "open"),
            key=lambda one: -(one.percent.value or 0.0),
        )
        if not cost or not sides or not sides[0].told:
            return ()
        loser = Country(sides[0].country)
        return tuple(
            Finding(f"verdict.answer.{BESIDE_TRADE[one.key]}", one.values)
            for one in cost.findings
            if one.key in BESIDE_TRADE and one.values["a"] == loser
        )

    @property
    def larger(self) -> tuple[str, float] | None:
        """The state with the larger economy and how many times as large it is, from twice on."""
        for row in self.rows("exit_cost", "loss-ratios"):
            if row["outlet"] == "open" and row["income_ratio"]:
                ratio = float(row["income_ratio"])
                other = self.a if row["weaker"] == self.b else self.b
                big = other if ratio >= 1 else row["weaker"]
                size = max(ratio, 1 / ratio)
                return (str(big), size) if size >= 2 else None
        return None

    @property
    def closed_name(self) -> str:
        """Which words name the closed markets: the West, what is left of it beside the pair, or others by name."""
        from suasion.sources.groups import expand

        west, members = {"USA", *expand(["EU"], self.year or 2023)}, set(self.members)
        if not members or not members <= west or "USA" not in members | {self.a, self.b}:
            return "named"
        return "other_west" if west & {self.a, self.b} else "west"


def _loss(row: Mapping[str, Any]) -> StateLoss:
    percent, musd = ranged(row, "loss_percent", "percent"), ranged(row, "loss_musd", "musd")
    bracket = row.get("replacement_percent"), row.get("no_switching_percent")
    return StateLoss(row["country"], row["partner"], percent, musd, str(row.get("flags") or ""), bracket)


def horizons(found: Mapping[tuple[str, str, str], StateLoss]) -> tuple[str, ...]:
    """Return the horizons of losses, the first year first."""
    return tuple(dict.fromkeys(horizon for horizon, _, _ in found))


def size_explains(size: tuple[str, float], a: StateLoss, b: StateLoss) -> bool:
    """Whether the smaller economy loses more of itself, and the sizes alone make at least half of that gap.

    size: The state with the larger economy, and how many times as large it is.
    a, b: Losses of both sides in the same case.
    """
    big, small = (
        (a.percent.value, b.percent.value) if size[0] == a.country else (b.percent.value, a.percent.value)
    )
    if not big or not small or min(big, small) <= 0.0:
        return False
    gap = small / big
    return gap > LEAST_GAP and math.log(size[1]) >= math.log(gap) / 2.0


def later_losses(
    parts: PairAnswers, found: Mapping[tuple[str, str, str], StateLoss]
) -> Iterator[tuple[str, StateLoss]]:
    """Yield side and loss at the last horizon, where that is not the first; nothing where one side has none."""
    known = horizons(found)
    if not known:
        return
    late = [(side, found.get((known[-1], "open", code))) for side, code, _ in parts.both]
    if known[-1] != known[0] and all(one for _, one in late):
        yield from ((side, one) for side, one in late if one)


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
