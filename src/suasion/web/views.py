"""What templates of dossiers, answers and sweeps get, and of scenarios side by side or taken apart."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from suasion.answers import front
from suasion.answers import numbers as n
from suasion.answers.answer import Answer
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.picture.inline.lollipop import RankedRow, lollipop
from suasion.answers.render.html import as_html
from suasion.answers.render.lines import title_of
from suasion.answers.table import Table
from suasion.answers.values import Country, Quantity
from suasion.dossier import Dossier
from suasion.dossier.figures import Figure
from suasion.dossier.sections import PageSection, page_sections
from suasion.dossier.site.scenario import MARKS, ScenarioPage, changed_text, when_words
from suasion.dossier.tables import PrintedTable, certificate_table, source_table
from suasion.questions.scenarios.address import Query, shown_horizon
from suasion.questions.scenarios.instruments import BuilderOptions
from suasion.questions.scenarios.sweep import MOST_SHOWN, TWO_SIDED, SweepQuery
from suasion.web.strings import say


@dataclass(frozen=True, slots=True)
class DossierView:
    """The dossier.

    context: What the JSON twin gives.
    figures: Its figures; each has a picture at an address of its own.
    audience: As asked.
    bands, full: Whether bands, and the slow chapters, were asked for.
    """

    context: Dossier
    figures: tuple[Figure, ...]
    audience: tuple[str, ...] = ()
    bands: bool = False
    full: bool = False

    @property
    def sections(self) -> tuple[PageSection, ...]:
        """Figures and tables under their questions."""
        return page_sections(self.context, self.figures)

    @property
    def data_tables(self) -> tuple[PrintedTable, ...]:
        """Data sets, and checks."""
        return tuple(
            table for table in (source_table(self.context), certificate_table(self.context)) if table
        )

    @property
    def base(self) -> str:
        """Path of the dossier."""
        return f"/dossier/{self.context.a.code}/{self.context.b.code}"

    def asked(self, **changed: str) -> str:
        """Query string of the dossier, with parameters replaced."""
        given = {
            "audience": "~".join(self.audience) or "none",
            "bands": "1" if self.bands else "",
            "full": "1" if self.full else "",
        }
        return urlencode([(k, v) for k, v in {**given, **changed}.items() if v], safe="~")


def answer_view(kept: bytes, address: str, heading: str = "h1") -> dict[str, str]:
    """Return an answer that is kept compressed, as JSON: its question, and all that it tells as markup.

    address: Of its other forms, with a place for the ``form``.
    heading: Of the question.
    """
    answer = Answer.from_dict(json.loads(gzip.decompress(kept)))
    body = as_html(answer, heading=heading, inline=True)
    return {"title": title_of(answer), "body": body, "address": address}


ABOVE = 470
"""Pixels of a drawing whose names are long and stand above their bars."""


@dataclass(frozen=True, slots=True)
class Compare:
    """Scenarios side by side.

    scenarios: Each with its answer, in the order asked.
    table: Their parties, as the JSON twin has them.
    """

    scenarios: tuple[ScenarioPage, ...]
    table: Table

    @property
    def rows(self) -> tuple[dict[str, Any], ...]:
        """Each party with its changes in every scenario."""
        made: dict[str, dict[str, Any]] = {}
        names = self.table.words("party")
        for row, name in zip(self.table.records, names, strict=True):
            one = made.setdefault(row["party"], {"name": name, "mark": MARKS[row["side"]], "changes": []})
            one["changes"].append(changed_text(row))
        return tuple(made.values())

    def without(self, place: int) -> str:
        """Address of the comparison without one of its scenarios (counted from 1)."""
        left = [one.query.address for k, one in enumerate(self.scenarios, start=1) if k != place]
        return urlencode([("s", address) for address in left])


@dataclass(frozen=True, slots=True)
class WhyPage:
    """The loss of a scenario taken apart.

    query: What was asked.
    answer: What the JSON twin gives.
    """

    query: Query
    answer: Answer

    @property
    def title(self) -> str:
        """Title of the scenario."""
        return title_of(self.answer)

    @property
    def run_words(self) -> str:
        """Horizon in words."""
        return when_words(shown_horizon(self.query))

    @property
    def sentence(self) -> str:
        """What makes most of the loss of each side as a whole; why there is no answer."""
        if self.answer.absent:
            return self.answer.absent.sentence()
        wholes = [row["party"] for row in self.answer.rows("totals-by-side")]
        last = {row["side"]: row["party"] for row in self.answer.rows("totals-by-side")}
        codes = [code for code in wholes if code in last.values()]
        return " ".join(one.sentence() for code in codes for one in self._about(code))

    def _about(self, code: str) -> list[Finding]:
        return [one for one in self.answer.findings if one.values.get("party") == Country(code)]

    @property
    def sides(self) -> tuple[dict[str, Any], ...]:
        """Each party with its parts, each beginning where the last one ended, and what moves it."""
        return tuple(
            {
                **row,
                **changed(row),
                "name": capital(DEFAULT_LANGUAGE.country(row["party"])),
                "sentence": " ".join(one.sentence() for one in self._about(row["party"])),
                "parts": [
                    {**part, **changed(part), "name": part_name(part)}
                    for part in self.answer.rows("parts")
                    if part["party"] == row["party"]
                ],
                "assumptions": self._assumptions(row),
            }
            for row in self.answer.rows("totals-by-side")
        )

    def _assumptions(self, whole: dict[str, Any]) -> str:
        """Drawing of what each assumption can make of the loss; empty without any."""
        rows = [row for row in self.answer.rows("assumptions") if row["party"] == whole["party"]]
        items = [_assumed(row, whole) for row in rows]
        label = f"{say('why.most_sensitive')}: {'; '.join(f'{one.name} {one.span}' for one in items)}"
        return lollipop(items, label, wide=ABOVE).html if items else ""

    @property
    def notes(self) -> tuple[str, ...]:
        """How it is to be read."""
        return tuple(note.sentence() for table in self.answer.tables for note in table.notes)

    @property
    def run_id(self) -> str:
        """Hash of what made it."""
        return self.answer.run.id if self.answer.run else ""

    @property
    def source(self) -> str:
        """Data set and year."""
        return self.answer.sources[0].line()

    @property
    def gap(self) -> float:
        """Largest difference between the parts together and the scenario solved at once, per cent."""
        return max((check.residual for check in self.answer.checks), default=0.0)


def changed(row: dict[str, Any]) -> dict[str, Any]:
    """A loss as a change, as a number and as printed."""
    percent, usd = 0.0 + -row["loss_percent"], 0.0 + -row["loss_musd"]
    return {"percent": percent, "text": n.signed_percent(percent), "money": n.signed_usd(usd)}


def part_name(row: dict[str, Any]) -> str:
    """What a part is."""
    code = row["goods"] or "rest"
    goods = (
        DEFAULT_LANGUAGE.industry(code)
        if code[:1].isupper()
        else DEFAULT_LANGUAGE.template(f"word.bundle.{code}")
    )
    if row["channel_of_loss"] == "measure":
        return say("why.measure", n=row["place"])
    return say(f"why.{row['channel_of_loss']}", goods=goods)


@dataclass(frozen=True, slots=True)
class SweepPage:
    """Many scenarios at once.

    options: What can be chosen.
    query: What was chosen.
    answer: What the JSON twin gives; None before anything is asked.
    """

    options: BuilderOptions
    query: SweepQuery
    answer: Answer | None = None

    @property
    def kinds(self) -> dict[str, str]:
        """Instruments that can be swept, with their labels."""
        return {kind: self.options.kinds[kind].label for kind in TWO_SIDED}

    @property
    def question(self) -> str:
        """Title of the answer."""
        return title_of(self.answer) if self.answer else ""

    @property
    def sentence(self) -> str:
        """Its findings."""
        return " ".join(one.sentence() for one in self.answer.findings) if self.answer else ""

    @property
    def rows(self) -> tuple[dict[str, Any], ...]:
        """Scenarios, losses as changes with their text, and other cells as printed."""
        if self.answer is None:
            return ()
        table = self.answer.table()
        words = {name: table.words(name) for name in ("coalition", "target", "instrument", "cost_status")}
        return tuple(
            {
                **row,
                **{name: cells[k] for name, cells in words.items()},
                "target_change": _change(row["loss_percent"], row["loss_musd"]),
                "own_change": _change(row["own_loss_percent"], row["own_loss_musd"]),
                "good": str(self.options.bundles.get(row["goods"], row["goods"])).partition(":")[0],
                "years": when_words(row["horizon"]),
            }
            for k, row in enumerate(table.records)
        )

    @property
    def shown(self) -> int:
        """How many of them the page lists."""
        return min(len(self.rows), MOST_SHOWN)


def _change(loss: float | None, musd: float | None) -> dict[str, Any] | None:
    """A loss as a change, as a number and as printed."""
    if loss is None or musd is None:
        return None
    return {"percent": -loss, "usd": -musd, "text": n.signed_percent(-loss), "money": n.signed_usd(-musd)}


def _assumed(row: dict[str, Any], whole: dict[str, Any]) -> RankedRow:
    """One assumption: the loss at either end of its range, around the central one."""
    loss = Quantity(whole["loss_percent"], "percent", row["loss_percent_least"], row["loss_percent_most"])
    name = DEFAULT_LANGUAGE.cell(row["assumed_end"], "word", "assumed_end")
    span = front.span(loss, DEFAULT_LANGUAGE.numbers, short=True)
    return RankedRow(name, whole["loss_percent"], "", loss.low, loss.high, span, MARKS[whole["side"]])
