"""The page of a scenario, made of the answer to `simulate`: what each side would lose first, then who else and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from suasion.answers import front
from suasion.answers import numbers as n
from suasion.answers.answer import Answer
from suasion.answers.catalogue import say
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.picture.inline.canvas import Drawing, Side
from suasion.answers.picture.inline.lollipop import RankedRow, lollipop
from suasion.answers.picture.inline.world_map import world_map
from suasion.answers.front import by_later, direction, worth_telling
from suasion.answers.values import Country, Quantity, Value
from suasion.questions.verdict.parts import Light, light
from suasion.dossier.screens.words import apart, painted_names, said
from suasion.pages import printed
from suasion.dossier.site.scenario_answer import Row, ScenarioAnswer
from suasion.equilibrium.scenario.file import to_yaml
from suasion.questions.scenarios.address import (
    MOST_MEASURES,
    Measure,
    Query,
    shown_horizon,
    to_address,
)
from suasion.questions.scenarios.instruments import BuilderOptions

MOST_RANKED, NAMED = 8, 3
HALF = 350
"""Pixels of one of two drawings side by side, beside the form."""
BILLION = 1000.0
MARKS: Mapping[str, Side] = {"coalition": "a", "target": "b", "other": "third"}


@dataclass(frozen=True)
class ScenarioPage(ScenarioAnswer):
    """The page of a scenario.

    query, answer, options, usual_answer, example: As in :class:`ScenarioAnswer`.
    """

    @cached_property
    def _sides(self) -> list[Row]:
        return self.rows("sides")

    @cached_property
    def _status(self) -> dict[str, str]:
        return {row["horizon"]: row["cost_status"] for row in self._sides}

    @property
    def shown(self) -> str:
        """Label of the horizon that the page speaks of: the one asked for, else one that is known."""
        asked = shown_horizon(self.query)
        known = [label for label, status in self._status.items() if status == "solved"]
        return asked if asked in known or not known else known[0]

    @property
    def when(self) -> str:
        """That horizon in words."""
        return when_words(self.shown)

    @property
    def pending(self) -> bool:
        """Whether some horizon is still being solved."""
        return "pending" in self._status.values()

    @property
    def known(self) -> bool:
        """Whether the shown horizon has an equilibrium."""
        return self._status.get(self.shown) == "solved"

    @property
    def ranged(self) -> bool:
        """Whether a range was run."""
        return any(row.get("loss_percent_low") is not None for row in self._sides)

    @property
    def certified(self) -> bool:
        """Whether every check holds."""
        return self.answer is not None and all(one.holds for one in self.answer.checks)

    @property
    def light(self) -> tuple[int, str]:
        """How well it is founded: lit discs, and words."""
        found = light(ranged=self.ranged, checked=self.certified)
        return (2 if found == Light.MODELLED else 1), DEFAULT_LANGUAGE.word(
            "evidence_reason", "modelled" if self.ranged else "no_range"
        )

    def _whole(self, side: str, at: str) -> Row | None:
        """A side as a whole at a horizon."""
        rows = [row for row in self._sides if row["side"] == side and row["horizon"] == at]
        return rows[-1] if rows else None

    def name(self, side: str) -> str:
        """Those of a side by name, as codes that a language lists."""
        rows = [row["party"] for row in self._sides if row["side"] == side and row["horizon"] == self.shown]
        return " + ".join(rows[:-1] if len(rows) > 1 else rows)

    @property
    def kicker(self) -> tuple[tuple[str, str, str, Quantity | None], ...]:
        """Who acts and who is acted on: side, name, codes, and the loss in million USD."""
        found = [(side, self.name(side), self._whole(side, self.shown)) for side in ("coalition", "target")]
        return tuple(
            (MARKS[side], capital(DEFAULT_LANGUAGE.country(code, "plain")), code, _musd(row)) for side, code, row in found if code
        )

    @property
    def clause(self) -> str:
        """What is done, as the beginning of a sentence."""
        asked: Mapping[str, Value] = self.answer.asked if self.answer else {}
        return DEFAULT_LANGUAGE.say(f"site.scenario.{'clause' if 'what' in asked else 'named'}", asked)

    def _parties(self, at: str) -> list[tuple[str, dict[str, Value]]]:
        """Target and coalition at a horizon: the direction of the change, and its values."""
        found = [(side, self._whole(side, at)) for side in ("target", "coalition")]
        return [(way_of(row), sizes(row, self.name(side))) for side, row in found if row]

    @property
    def heading(self) -> str:
        """The answer in two sentences."""
        if self.answer is None or not self._sides:
            return DEFAULT_LANGUAGE.say("site.scenario.heading.unsolved", {"clause": self.clause})
        first, *others = self._parties(self.shown)
        values = {**first[1], "clause": self.clause, "when": self.when}
        told = [Finding(f"site.scenario.heading.{first[0]}", values)]
        told += [Finding(f"site.scenario.other.{way}", one) for way, one in others]
        return capital(" ".join(said(one) for one in told))

    @property
    def headline(self) -> Markup:
        """The answer with the names of both sides in their colours."""
        codes = {"a": self.name("coalition"), "b": self.name("target")}
        names = {
            name: side
            for side, code in codes.items()
            for one in code.split(" + ")
            if one
            for name in DEFAULT_LANGUAGE.forms(one)
        }
        return painted_names(apart(self.heading, names))

    @property
    def text(self) -> tuple[str, ...]:
        """Sentences under the heading: the range, the size for the economy, what comes later, everybody else."""
        if self.answer is None or not self.known:
            return (self.absent,) if self.absent else ()
        return tuple(said(one) for one in self._text())

    def _text(self) -> Iterator[Finding]:
        both = [values for way, values in self._parties(self.shown) if way in ("loses", "gains")]
        pair = _pair(both)
        how = "one" if len(both) == 1 else "two"
        if not self.ranged:
            yield Finding("site.scenario.no_range")
        elif both:
            yield Finding(f"site.scenario.range_{how}", pair)
        if both:
            yield Finding(f"site.scenario.percent_{how}", pair)
        for label in ("short", "long"):
            if label != self.shown and self._status.get(label) == "solved":
                first, *others = self._parties(label)
                values = {**first[1], "when": capital(when_words(label))}
                yield Finding(f"site.scenario.then.{first[0]}", values)
                yield from (Finding(f"site.scenario.other.{way}", one) for way, one in others)
        rest = next((r for r in self._sides if (r["party"], r["horizon"]) == ("rest", self.shown)), None)
        if rest and way_of(rest) in ("loses", "gains"):
            yield Finding(f"site.scenario.rest.{way_of(rest)}", sizes(rest, "rest"))

    @property
    def usual_heading(self) -> str:
        """The same answer under the usual assumptions; empty where these are the usual ones."""
        return replace(self, answer=self.usual_answer).heading if self.usual_answer else ""

    @property
    def sides(self) -> Drawing:
        """Drawing of what each side loses or gains, in money."""
        rows = [row for row in self._sides if row["horizon"] == self.shown and row["party"] != "all"]
        items = [_money(row) for row in rows if row["loss_musd"] is not None]
        told = "; ".join(f"{one.name} {one.text}" for one in items)
        label = say("site.scenario.sides_alt", when=self.when)
        return lollipop(items, f"{label} {told}", unit=n.DEFAULT_NUMBERS.words["number.bn"].format(number="").strip())

    @cached_property
    def _economies(self) -> list[Row]:
        """Economies at the shown horizon with their loss after ten years, the most changed then first."""
        rows = self.rows("losses")
        late = {row["country"]: row["loss_percent"] for row in rows if row["horizon"] == "long"}
        here = [row for row in rows if row["horizon"] == self.shown and row["loss_percent"] is not None]
        return by_later(here, lambda row: late.get(row["country"]) or row["loss_percent"])

    @property
    def losers(self) -> tuple[str, str]:
        """Title and drawing of who loses most: inside the target, else beside the two sides."""
        worth = [row for row in self._worth() if row["loss_musd"] > 0]
        inside = [row for row in worth if row["side"] == "target"]
        if sum(row["side"] == "target" for row in self._economies) > 1:
            who = DEFAULT_LANGUAGE.country(self.name("target"), "plain")
            title = say("site.scenario.lose_inside", party=who, when=self.when)
            return title, self._ranked(inside, "lose_alt")
        return self._say("lose"), self._ranked([row for row in worth if row["side"] == "other"], "lose_alt")

    @property
    def gainers(self) -> tuple[str, str]:
        """Title and drawing of who gains."""
        rows = [row for row in self._worth() if row["loss_musd"] < 0]
        return self._say("gain"), self._ranked(rows, "gain_alt", -1.0)

    def _worth(self) -> list[Row]:
        return [row for row in self._economies if worth_telling(row["loss_percent"], row["loss_musd"])]

    def _say(self, key: str) -> str:
        return say(f"site.scenario.{key}", when=self.when)

    def _ranked(self, rows: Sequence[Row], key: str, sign: float = 1.0) -> str:
        items = [_ranked(row, sign) for row in rows[:MOST_RANKED]]
        told = "; ".join(f"{one.name} {one.text}" for one in items[:NAMED])
        return lollipop(items, f"{self._say(key)} {told}", wide=HALF).html if items else ""

    @property
    def map(self) -> str:
        """Map of what each economy loses; empty where the horizon has no number."""
        values = {row["country"]: float(row["loss_percent"]) for row in self._economies}
        said = {code: f"{printed.plain(code)}: {_size(value)}" for code, value in values.items()}
        most = sorted(values, key=lambda code: -values[code])[:NAMED]
        label = say("site.scenario.map_alt", when=self.when, rows="; ".join(said[code] for code in most))
        return world_map(values, (), label, said) if values else ""

    def picture(self, name: str) -> str:
        """A drawing that stands alone: ``sides`` or ``map``."""
        return self.sides.wide if name == "sides" else self.map


def when_words(label: str) -> str:
    """A horizon in words, as the end of a sentence."""
    if label in ("months", "short", "long"):
        return say(f"site.scenario.if_{label}")
    return say("site.scenario.if_years", years=label)


def quantities(row: Mapping[str, Any]) -> tuple[Quantity, Quantity]:
    """A loss of a row in per cent and in money, both with their range: a side's income is the same in all draws."""
    percent, musd = float(row["loss_percent"]), float(row["loss_musd"])
    low, high = row.get("loss_percent_low"), row.get("loss_percent_high")
    if low is None or high is None or not percent:
        return Quantity(percent, "percent"), Quantity(musd, "musd")
    each = musd / percent
    return Quantity(percent, "percent", low, high), Quantity(musd, "musd", low * each, high * each)


def changed_text(row: dict[str, Any]) -> str:
    """A loss as a change with its range, as printed; why there is none."""
    if row["loss_percent"] is None:
        return DEFAULT_LANGUAGE.cell(row["cost_status"], "word", "cost_status")
    percent = quantities(row)[0]
    band = n.DEFAULT_NUMBERS.band(*(None if end is None else -end for end in (percent.high, percent.low)))
    return n.signed_percent(0.0 - row["loss_percent"]) + (f" ({band})" if band else "")


def _musd(row: Row | None) -> Quantity | None:
    return quantities(row)[1] if row and row["loss_musd"] is not None else None


def way_of(row: Mapping[str, Any]) -> str:
    """Direction of a change: a range on both sides of zero leaves it open, and what is small has none."""
    return direction(*quantities(row))


def sizes(row: Mapping[str, Any], code: str) -> dict[str, Value]:
    """Values of a sentence on a side: who, and how much, whose sign the words have."""
    percent, musd = (_turned(one) if (one.value or 0.0) < 0 else one for one in quantities(row))
    return {"party": Country(code), "percent": percent, "musd": musd}


def _turned(one: Quantity) -> Quantity:
    low, high = (None if end is None else -end for end in (one.high, one.low))
    return Quantity(-(one.value or 0.0), one.unit, low, high)


def _pair(found: Sequence[Mapping[str, Value]]) -> dict[str, Value]:
    """Values of one or two sides under the letters of a sentence."""
    return {
        name: one[key]
        for letter, one in zip("ab", found, strict=False)
        for name, key in ((letter, "party"), (f"musd_{letter}", "musd"), (f"percent_{letter}", "percent"))
    }


def _money(row: Row) -> RankedRow:
    """A side's change in money as a row of a drawing."""
    musd = quantities(row)[1]
    value = musd.value or 0.0
    size = DEFAULT_LANGUAGE.numbers.usd(value).removesuffix(" USD")
    text = say("site.scenario.gains", size=size) if value < 0 else size
    low, high = (None if end is None else end / BILLION for end in (musd.low, musd.high))
    name = capital(DEFAULT_LANGUAGE.country(row["party"], "plain"))
    span = front.money_span(musd, DEFAULT_LANGUAGE.numbers)
    return RankedRow(name, value / BILLION, text, low, high, span, MARKS[row["side"]])


def _ranked(row: Row, sign: float) -> RankedRow:
    """An economy's loss (or gain) as a row of a drawing."""
    percent = quantities(row)[0] if sign > 0 else _turned(quantities(row)[0])
    value = percent.value or 0.0
    side = MARKS[row["side"]]
    span = front.span(percent, DEFAULT_LANGUAGE.numbers, short=True)
    link = f"/country/{row['country']}"
    return RankedRow(
        printed.plain(row["country"]), value, _size(value), percent.low, percent.high, span, side, link=link
    )


def _size(value: float) -> str:
    """A loss in per cent as printed; a gain in words."""
    size = front.percent(value, DEFAULT_LANGUAGE.numbers)
    return say("site.scenario.gains", size=size) if value < 0 else size
