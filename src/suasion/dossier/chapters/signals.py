"""The ledger of signals, for a pair that a shipped example is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from suasion.dossier.chapter import Chapter, ChapterTable, Column, Picture
from suasion.dossier.claims import Finding, Quantity
from suasion.dossier.strings import say, template
from suasion.dossier.words import capital, likelihood

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.statecraft.ledger.odds import Ledger
    from suasion.world import World

EXAMPLES = {frozenset(("RUS", "CHN")): "russia_china_2014_2020.yaml"}
"""Shipped ledgers by the pair that they are about."""
COLUMNS = (
    Column("item", "Evidence"),
    Column("date", "Date"),
    Column("value", "Log odds", "score"),
    Column("low", "from", "score"),
    Column("high", "to", "score"),
    Column("why", "Judgement"),
    Column("text", "What happened"),
)


def chapter(question: Question, world: World) -> Chapter | None:
    """Return prior, evidence and posterior; None for a pair without a shipped ledger."""
    name = EXAMPLES.get(frozenset((question.a.code, question.b.code)))
    if name is None:
        return None
    from importlib import resources

    from suasion.statecraft.ledger.file import parse_ledger

    text = resources.files("suasion.statecraft").joinpath("examples", name).read_text(encoding="utf-8")
    found = parse_ledger(text, name)
    return Chapter("signals", found.question, (_finding(found),), (_table(found),), method="signals")


def _finding(ledger: Ledger) -> Finding:
    from suasion.statecraft.ledger.odds import as_given, extremes, odds_path, probability

    # Exact ends rather than draws: they need no sampler, and say what every judgement together can do.
    after = Quantity(float(probability(odds_path(ledger, as_given(ledger))[0, -1])), "probability")
    least, most = (Quantity(end, "probability") for end in extremes(ledger))
    prior = ledger.prior
    return Finding(
        source=say("chapter.signals.source"),
        template=template("chapter.signals.finding"),
        numbers={
            "prior": Quantity(prior.value, "probability"),
            "low": Quantity(prior.low, "probability"),
            "high": Quantity(prior.high, "probability"),
            "after": after,
            "least": least,
            "most": most,
        },
        names={"hypothesis": ledger.hypothesis, "likely": likelihood(after.value or 0.0)},
    )


def _short(text: str) -> str:
    """First clause of what happened, as the name of its row."""
    return capital(re.split(r"[;(]|, ", text)[0].strip())


def _table(ledger: Ledger) -> ChapterTable:
    from math import log

    rows = tuple(
        (
            _short(item.text),
            str(item.date),
            log(item.ratio.value) if item.counted else 0.0,
            log(item.ratio.low) if item.counted else 0.0,
            log(item.ratio.high) if item.counted else 0.0,
            item.kind,
            item.text,
        )
        for item in ledger.items
    )
    return ChapterTable(
        key="signals-ledger",
        title=say("chapter.signals.table"),
        subtitle=say("chapter.signals.subtitle"),
        columns=COLUMNS,
        rows=rows,
        source=say("chapter.signals.table_source"),
        notes=(say("chapter.signals.note"),),
        picture=Picture("ranges", "value", "item", "low", "high"),
        most=20,
        terminal=("item", "date", "value", "low", "high", "why"),
    )
