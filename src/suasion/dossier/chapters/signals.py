"""The ledger of signals, for a pair that a shipped example is about."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from suasion.answers.catalogue import say, template
from suasion.answers.language import capital
from suasion.dossier.chapter import Chapter, ChapterTable, Column, Heads, Picture, heads
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.words import likelihood
from suasion.errors import SuasionError
from suasion.statecraft.ledger.words import times

if TYPE_CHECKING:
    import pandas as pd

    from suasion.dossier.gather import Question
    from suasion.statecraft.ledger.odds import Item, Ledger
    from suasion.world import World

EXAMPLES = {frozenset(("RUS", "CHN")): "russia_china_2014_2020.yaml"}
"""Shipped ledgers by the pair that they are about."""
YEARS = 10
"""Years within which ledgers of pacts ask for one."""
HALF = 0.5
"""Probability whose price in evidence is given."""
INNER = ("prior_low", "prior_high")
PATH: Heads = {
    "date": "text",
    "item": "text",
    "posterior": "probability",
    "prior_low": "probability",
    "prior_high": "probability",
    "least": "probability",
    "most": "probability",
}
COLUMNS: Heads = {
    "item": "text",
    "date": "text",
    "value": "score",
    "low": "score",
    "high": "score",
    "why": "text",
    "text": "text",
}


def chapter(question: Question, world: World) -> Chapter | None:
    """Return prior, evidence and posterior; None for a pair without a shipped ledger."""
    name = EXAMPLES.get(frozenset((question.a.code, question.b.code)))
    if name is None:
        return None
    from importlib import resources

    from suasion.statecraft.ledger.answers import rectangle, strongest
    from suasion.statecraft.ledger.file import parse_ledger

    text = resources.files("suasion.statecraft").joinpath("examples", name).read_text(encoding="utf-8")
    found = parse_ledger(text, name)
    findings = [*_classes(found, question), _finding(found)]
    tables = [_path(found), _table(found)]
    item = strongest(found)
    if item is not None:
        everywhere = rectangle(found)
        findings.append(_everywhere(found, item, everywhere))
        tables.append(_rectangle(item, everywhere))
    return Chapter("signals", found.question, tuple(findings), tuple(tables), method="signals")


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


def _classes(ledger: Ledger, question: Question) -> tuple[Finding, ...]:
    """Say what the same evidence makes of the other base rate: that of all pairs, which the chapter on pacts has."""
    from suasion.statecraft.alliance.answer import alliance_probability
    from suasion.statecraft.ledger.odds import as_given, odds_path, probability

    try:
        within = alliance_probability(question.a.code, question.b.code, (YEARS,)).within
    except SuasionError:
        return ()
    rate = within[-1].base
    prior, path = ledger.prior.value, odds_path(ledger, as_given(ledger))
    evidence = float(path[0, -1] - path[0, 0])
    gap = log(prior / (1 - prior)) - log(rate / (1 - rate))
    after = {name: float(probability(path[0, -1] - shift)) for name, shift in (("all", gap), ("few", 0.0))}
    numbers = {
        "rate": Quantity(rate, "probability"),
        "prior": Quantity(prior, "probability"),
        "all": Quantity(after["all"], "probability"),
        "few": Quantity(after["few"], "probability"),
        "gap": Quantity(abs(gap), "score"),
        "evidence": Quantity(abs(evidence), "score"),
    }
    words = [say(f"chapter.signals.{word}") for word in ("more", "less", "same")]
    return (
        Finding(
            source=say("chapter.signals.source"),
            template=template("chapter.signals.classes"),
            numbers=numbers,
            comparisons={"word": Comparison(numbers["gap"], numbers["evidence"], *words)},
            names={"hypothesis": ledger.hypothesis, "years": str(YEARS)},
        ),
    )


def _everywhere(ledger: Ledger, item: Item, everywhere: pd.DataFrame) -> Finding:
    """What no choice of the two judgements that weigh most can change, and what evidence would."""
    from suasion.statecraft.ledger.answers import evidence_needed

    ends = everywhere["posterior"]
    needed = evidence_needed(ledger, HALF).iloc[1]
    numbers = {
        "least": Quantity(float(ends.min()), "probability"),
        "most": Quantity(float(ends.max()), "probability"),
        "half": Quantity(HALF, "probability"),
        "in_all": Quantity(float(needed["in_all"]), "score"),
        "so_far": Quantity(float(needed["so_far"]), "score"),
    }
    above = int((ends > HALF).sum())
    where = {0: "nowhere", len(ends): "everywhere"}.get(above, "depends")
    return Finding(
        source=say("chapter.signals.source"),
        template=template(f"chapter.signals.{where}"),
        numbers=numbers,
        names={"item": item.short},
    )


def _path(ledger: Ledger) -> ChapterTable:
    """Posterior after each item, from the prior on."""
    from suasion.statecraft.ledger.odds import exact_path

    path = exact_path(ledger)
    names = [say("chapter.signals.prior"), *(item.short for item in ledger.items)]
    dates = ["", *(item.date.isoformat() for item in ledger.items)]
    numbers = path[["posterior", "prior_low", "prior_high", "least", "most"]]
    return ChapterTable(
        key="signals-path",
        title=say("chapter.signals.path"),
        subtitle=say("chapter.signals.path_subtitle", hypothesis=ledger.hypothesis),
        columns=heads("signals.head_path", PATH),
        rows=tuple(
            (date, name, *row)
            for date, name, row in zip(dates, names, numbers.itertuples(index=False, name=None), strict=True)
        ),
        source=say("chapter.signals.table_source"),
        notes=(say("chapter.signals.path_note"),),
        picture=Picture("steps", "date", "posterior", "least", "most", label="item", inner=INNER),
        most=20,
        terminal=("item", "date", "posterior", "prior_low", "prior_high"),
    )


def _rectangle(item: Item, everywhere: pd.DataFrame) -> ChapterTable:
    """Posterior over prior and strongest ratio."""
    wide = everywhere.pivot(index="prior", columns="ratio", values="posterior")
    ratios = [
        Column(f"ratio_{k}", say("chapter.signals.ratio", times=times(float(r))), "probability")
        for k, r in enumerate(wide.columns)
    ]
    return ChapterTable(
        key="signals-rectangle",
        title=say("chapter.signals.rectangle"),
        subtitle=say("chapter.signals.rectangle_subtitle", item=item.short),
        columns=(Column("prior", say("chapter.signals.prior_head"), "probability"), *ratios),
        rows=tuple(wide.itertuples(index=True, name=None)),
        source=say("chapter.signals.source"),
    )


def _table(ledger: Ledger) -> ChapterTable:
    rows = tuple(
        (
            capital(item.short),
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
        columns=heads("signals.head_columns", COLUMNS),
        rows=rows,
        source=say("chapter.signals.table_source"),
        notes=(say("chapter.signals.note"),),
        picture=Picture("ranges", "value", "item", "low", "high"),
        most=20,
        terminal=("item", "date", "value", "low", "high", "why"),
    )
