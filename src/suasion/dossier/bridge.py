"""An answer as a chapter, while there are chapters that are not yet answers; goes when the last of them has moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from suasion.answers.answer import Answer
from suasion.answers.finding import DETAIL, USUAL, Finding
from suasion.answers.language import ENGLISH
from suasion.answers.numbers import Unit
from suasion.answers.render.json import finding_dict
from suasion.answers.table import Table
from suasion.answers.values import Country, Quantity
from suasion.dossier import claims
from suasion.dossier.chapter import Chapter, ChapterTable, Column, Picture, reason_of
from suasion.errors import SuasionError
from suasion.questions import QUESTIONS

if TYPE_CHECKING:
    from suasion.dossier.context import Dossier
    from suasion.dossier.gather import Question as Pair
    from suasion.world import World

ASKED = {question.chapter: question for question in QUESTIONS.values() if question.chapter}
LEFT_OUT = ("lines", "curve", "grid", "map")
"""Forms whose rows are too many for a terminal."""


def ask(chapter: str, pair: Pair, world: World, kept: dict[str, Answer]) -> Chapter | None:
    """Ask a question on a pair, keep the answer, and return it as a chapter; None where it does not concern it."""
    question = ASKED[chapter]
    about = question.about(pair.a.code, pair.b.code, pair.tokens)
    if about is None:
        return None
    known = {one.name for one in question.parameters}
    all_of = {"world": world, "audience": pair.tokens, "deficits": pair.deficits}
    given = {name: value for name, value in all_of.items() if name in known}
    try:
        answer = question.ask(**about, **given)
        kept[question.name] = answer
        aside = answer.absent is not None and answer.absent.weight <= DETAIL
        return None if aside else chapter_of(chapter, answer)
    except SuasionError as error:
        states = {name: Country(str(code)) for name, code in about.items()}
        title = ENGLISH.say(f"{question.name}.title", {"a": pair.a.name, "b": pair.b.name, **states})
        return Chapter(chapter, title, reason=reason_of(error))


def summary_of(answers: Mapping[str, Answer]) -> tuple[Answered, ...]:
    """Return the conclusions of a dossier from the usual weight on; the first one answers its question."""
    told = {name: claims_of(answer, USUAL) for name, answer in answers.items() if not answer.absent}
    cost = claims_of(answers["exit_cost"], USUAL)
    shares = told.get("dependence", ())
    trends = told.get("materials", ())
    # Where the model cannot be used, the trade that is known answers better than what is not.
    first = trends if answers["exit_cost"].absent else ()
    rest = () if first else trends
    return (*first, *cost[:2], *shares[:1], *cost[2:], *rest, *shares[1:], *told.get("critical_levels", ()))


def answered_tables(dossier: Dossier, *names: str) -> tuple[ChapterTable, ...]:
    """Tables of these answers of a dossier, or of all, in the types of a chapter."""
    kept = [one for name, one in dossier.answers.items() if name in (names or dossier.answers)]
    return tuple(table for one in kept for table in chapter_of("", one).tables)


def chapter_of(key: str, answer: Answer) -> Chapter:
    """Return an answer in the words and types of a chapter."""
    source = answer.sources[0].line() if answer.sources else ""
    return Chapter(
        key,
        ENGLISH.say(f"{answer.question}.title", answer.asked),
        tuple(Answered(source, one) for one in answer.few()),
        tuple(_tables(key, answer, source)),
        answer.absent.sentence() if answer.absent else "",
        method=METHODS.get(answer.question, ""),
    )


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
    "share": "forecasts",
    "signal": "signals",
    "triangle": "arms-and-triangle",
}


@dataclass(frozen=True, slots=True)
class Answered(claims.Claim):
    """A finding of an answer among the claims of a dossier.

    Attributes
    ----------
    source : str
        Source line.
    finding : Finding
    """

    finding: Finding

    @property
    def topic(self) -> str:
        """Key of the finding, without its direction."""
        return self.finding.key

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Its numbers; spans of years are none."""
        return tuple(one for one in self.finding.quantities if one.unit != "years")

    @property
    def verb(self) -> str:
        """Which way it compares."""
        compared = self.finding.compared
        return compared.direction if compared else "states"

    @property
    def headline(self) -> str:
        """Its short form, where the catalogue has one."""
        short = replace(self.finding, key=f"{self.finding.key}_headline")
        return short.sentence() if short.place in ENGLISH.words else ""

    def sentence(self) -> str:
        """Return the finding in English."""
        return self.finding.sentence()

    def to_dict(self) -> dict[str, Any]:
        """Key, direction, sentence, source, and the finding whole."""
        told = {"kind": self.topic, "verb": self.verb, "sentence": self.sentence(), "source": self.source}
        return {**told, "finding": finding_dict(self.finding)}


def claims_of(answer: Answer, least: float = 0.0) -> tuple[Answered, ...]:
    """Findings of an answer that weigh as much, or why there are none; cautions stand among a dossier's own."""
    source = answer.sources[0].line() if answer.sources else ""
    kept = (answer.absent,) if answer.absent else answer.findings
    return tuple(Answered(source, one) for one in kept if one.weight >= least and not one.caution)


def _tables(chapter: str, answer: Answer, source: str) -> Iterator[ChapterTable]:
    for table in answer.tables:
        if not table.detail:
            yield _table(chapter, table, source)


def _table(chapter: str, table: Table, source: str) -> ChapterTable:
    bands = {name: end for column in table.columns for name, end in _ends(table, column.name)}
    columns = tuple(
        Column(one.name, bands.get(one.name) or ENGLISH.say(f"head.{one.name}"), _unit(one.unit), one.draws)
        for one in table.columns
    )
    rows = tuple(
        tuple(
            ENGLISH.cell(cell, one.unit, one.name, one.draws) if _unit(one.unit) == "text" else cell
            for one, cell in zip(table.columns, row, strict=True)
        )
        for row in table.rows
    )
    return ChapterTable(
        f"{chapter}-{table.key}".replace(f"{chapter}-{chapter}", chapter) if chapter else table.key,
        ENGLISH.say(f"table.{table.key}.title", table.values),
        _ranges(table) or (ENGLISH.say(f"head.{table.picture.value}") if table.picture else ""),
        columns,
        rows,  # type: ignore[arg-type]
        source,
        tuple(note.sentence() for note in table.notes),
        _picture(table),
        most=0 if table.picture and table.picture.form in LEFT_OUT else 20 if table.brief else 8,
        terminal=table.brief,
        answered=table,
    )


def _ranges(table: Table) -> str:
    """What its ranges are: bands of draws, or judgements at either end."""
    names = [one.name for one in table.columns]
    if any(map(table.band, names)):
        return ENGLISH.say("table.band")
    return ENGLISH.say("table.bounds") if any(map(table.bounds, names)) else ""


def _unit(unit: Unit) -> Unit:
    return "text" if unit in ("country", "industry", "word", "years") else unit


def _ends(table: Table, name: str) -> Iterator[tuple[str, str]]:
    yield from zip(table.band(name) or (), ("from", "to"), strict=False)


def _picture(table: Table) -> Picture | None:
    drawn = table.picture
    if drawn is None or drawn.form == "areas":
        return None
    if drawn.form == "steps":
        low, high = table.bounds(drawn.y) or ("", "")
        inner = table.band(drawn.y) or ("prior_least", "prior_most")
        return Picture("steps", drawn.x, drawn.y, low, high, label=drawn.label, inner=inner)
    low, high = table.band(drawn.x if drawn.form == "ranges" else drawn.y) or ("", "")
    if drawn.form == "ranges" and not low:
        low, high = table.bounds(drawn.x) or ("", "")
    return Picture(drawn.form, drawn.x, drawn.y, low, high, series=drawn.series, panel=drawn.panel)
