"""An answer as a part of the dossier: its conclusions with their source, its tables, and the page that explains it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from suasion.answers.answer import Answer
from suasion.answers.finding import USUAL, Finding
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.render.json import finding_dict
from suasion.answers.render.lines import title_of
from suasion.answers.table import Table
from suasion.answers.values import Quantity
from suasion.questions.exit_cost import BESIDE_TRADE

METHODS = {
    "alignment": "alignment",
    "alliance": "pacts",
    "arms": "arms-and-triangle",
    "defiance": "defiance",
    "channels": "products",
    "dispute": "war-risk",
    "energy_trade": "products",
    "finance": "products",
    "frontier": "frontier",
    "levers": "levers",
    "ladder": "ladder",
    "outlook": "outlook",
    "pipeline_rent": "games",
    "published": "published",
    "replaceability": "products",
    "restoration": "coercion",
    "share": "forecasts",
    "signal": "signals",
    "trial": "trial",
    "triangle": "arms-and-triangle",
}
"""Page of the documentation that explains an answer."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A finding with the source line of its answer.

    source: source line.
    """

    source: str
    finding: Finding

    @property
    def topic(self) -> str:
        """Key of the finding, without its direction."""
        return self.finding.key

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Its numbers; spans of years are none."""
        return tuple(one for one in self.finding.quantities if one.unit not in ("years", "horizon"))

    @property
    def verb(self) -> str:
        """Which way it compares."""
        compared = self.finding.compared
        return compared.direction if compared else "states"

    @property
    def headline(self) -> str:
        """Its short form, where the catalogue has one."""
        short = replace(self.finding, key=f"{self.finding.key}_headline")
        return short.sentence() if short.place in DEFAULT_LANGUAGE.words else ""

    def sentence(self) -> str:
        """Return the finding in English."""
        return self.finding.sentence()

    def to_dict(self) -> dict[str, Any]:
        """Key, direction, sentence, source, and the finding whole."""
        told = {"kind": self.topic, "verb": self.verb, "sentence": self.sentence(), "source": self.source}
        return {**told, "finding": finding_dict(self.finding)}


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one question says on the pair.

    key: address within the page.
    """

    key: str
    answer: Answer

    @property
    def title(self) -> str:
        """The question it answers."""
        return title_of(self.answer)

    @property
    def source(self) -> str:
        """Source line; empty where there is none."""
        return source_of(self.answer)

    @property
    def findings(self) -> tuple[Conclusion, ...]:
        """Its heaviest findings and all cautions."""
        return tuple(Conclusion(self.source, one) for one in self.answer.few())

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables, but those that only who asks for them sees."""
        return tuple(table for table in self.answer.tables if not table.detail)

    @property
    def reason(self) -> str:
        """Why there are no tables, as a full sentence; empty where there are."""
        return self.answer.absent.sentence() if self.answer.absent else ""

    @property
    def method(self) -> str:
        """Name of the documentation page that explains it; empty where there is none."""
        return METHODS.get(self.answer.question, "")


def source_of(answer: Answer) -> str:
    """Return the source line of an answer; empty where there is none."""
    return answer.sources[0].line() if answer.sources else ""


def key_of(chapter: str, table: Table) -> str:
    """Return the address of a table within the page: that of its chapter, if it is in one, stands before its own."""
    return table.key if not chapter or table.key.startswith(chapter) else f"{chapter}-{table.key}"


def conclusions(answer: Answer, least: float = 0.0) -> tuple[Conclusion, ...]:
    """Findings of an answer that weigh as much, or why there are none; cautions stand among a dossier's own."""
    kept = (answer.absent,) if answer.absent else answer.findings
    return tuple(
        Conclusion(source_of(answer), one) for one in kept if one.weight >= least and not one.caution
    )


def summary_of(answers: Mapping[str, Answer]) -> tuple[Conclusion, ...]:
    """Return the conclusions of a dossier from the usual weight on; the first one answers its question."""
    told = {name: conclusions(answer, USUAL) for name, answer in answers.items() if not answer.absent}
    cost = conclusions(answers["exit_cost"], USUAL)
    shares = told.get("dependence", ())
    trends = told.get("materials", ())
    # Where the model cannot be used, the trade that is known answers better than what is not.
    first = trends if answers["exit_cost"].absent else ()
    rest = () if first else trends
    levels = told.get("critical_levels", ())
    return (
        *first,
        *cost[:2],
        *_beside_loss(answers["exit_cost"]),
        *shares[:1],
        *cost[2:],
        *rest,
        *shares[1:],
        *levels,
    )


def _beside_loss(cost: Answer) -> tuple[Conclusion, ...]:
    """Which side is estimated, and what is large and no trade: what a loss must not be read without."""
    return tuple(
        Conclusion(source_of(cost), one)
        for one in cost.findings
        if one.key.startswith(("posed.estimated", *(f"exit_cost.{key}" for key, _ in BESIDE_TRADE.values())))
    )


UNRECOGNISED = frozenset({"CHN", "TWN"})
"""Two that do not recognise each other as states."""

listing, state, word = DEFAULT_LANGUAGE.listing, DEFAULT_LANGUAGE.country, DEFAULT_LANGUAGE.word


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Text in which a bare code of an economy is its name."""
    return re.sub(r"\b[A-Z]{3}\b", lambda found: names.get(found[0], found[0]), text)
