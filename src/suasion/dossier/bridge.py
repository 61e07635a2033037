"""An answer as a chapter, while there are chapters that are not yet answers; goes when the last of them has moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from suasion.answers.answer import Answer
from suasion.answers.finding import DETAIL, Finding
from suasion.answers.language import ENGLISH
from suasion.answers.numbers import Unit
from suasion.answers.table import Table
from suasion.answers.values import Quantity
from suasion.dossier import claims
from suasion.dossier.chapter import Chapter, ChapterTable, Column, Picture, reason_of
from suasion.errors import SuasionError
from suasion.questions import QUESTIONS

if TYPE_CHECKING:
    from suasion.dossier.gather import Question as Pair
    from suasion.world import World

ASKED = {question.chapter: question for question in QUESTIONS.values() if question.chapter}
SCALE = {"probability": 1.0}


def ask(chapter: str, pair: Pair, world: World) -> Chapter | None:
    """Ask a question on a pair, and return its answer as a chapter; None where it does not concern the pair."""
    question = ASKED[chapter]
    about = question.about(pair.a.code, pair.b.code)
    if about is None:
        return None
    given = {"world": world} if "world" in {one.name for one in question.parameters} else {}
    try:
        answer = question.ask(**about, **given)
        aside = answer.absent is not None and answer.absent.weight <= DETAIL
        return None if aside else chapter_of(chapter, answer)
    except SuasionError as error:
        title = ENGLISH.say(f"{question.name}.title", {"a": pair.a.name, "b": pair.b.name})
        return Chapter(chapter, title, reason=reason_of(error))


def chapter_of(key: str, answer: Answer) -> Chapter:
    """Return an answer in the words and types of a chapter."""
    source = answer.sources[0].line() if answer.sources else ""
    return Chapter(
        key,
        ENGLISH.say(f"{answer.question}.title", answer.asked),
        tuple(_claim(one, source) for one in answer.few()),
        tuple(_tables(key, answer, source)),
        answer.absent.sentence() if answer.absent else "",
        method=METHODS.get(answer.question, ""),
    )


METHODS = {
    "alliance": "pacts",
    "arms": "arms-and-triangle",
    "energy_trade": "products",
    "finance": "products",
    "pipeline_rent": "games",
    "signal": "signals",
    "triangle": "arms-and-triangle",
}


def _claim(one: Finding, source: str) -> claims.Finding:
    """A finding with its places as a chapter fills them: forms become places of their own."""
    template, numbers, names = ENGLISH.template(one.place), {}, {}
    for place, form in re.findall(r"\{(\w+)(?::(\w+))?\}", template):
        value, name = one.values[place], f"{place}_{form}" if form else place
        template = template.replace(f"{{{place}:{form}}}", f"{{{name}}}")
        if isinstance(value, Quantity) and not form and value.unit != "years":
            numbers[name] = value
        else:
            names[name] = ENGLISH.show(value, form)
    words = {word: word for word in ("above", "below", "equal", "unknown")}
    compared = one.compared
    told = {"": claims.Comparison(compared.left, compared.right, **words)} if compared else {}
    return claims.Finding(source, template, numbers, told, names)


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
        f"{chapter}-{table.key}".replace(f"{chapter}-{chapter}", chapter),
        ENGLISH.say(f"table.{table.key}.title", table.values),
        _ranges(table),
        columns,
        rows,  # type: ignore[arg-type]
        source,
        tuple(note.sentence() for note in table.notes),
        _picture(table),
        most=0 if table.picture and table.picture.form == "lines" else 20 if table.brief else 8,
        terminal=table.brief,
    )


def _ranges(table: Table) -> str:
    """What its ranges are: bands of draws, or judgements at either end."""
    names = [one.name for one in table.columns]
    if any(map(table.band, names)):
        return ENGLISH.say("table.band")
    return ENGLISH.say("table.bounds") if any(map(table.bounds, names)) else ""


def _unit(unit: Unit) -> Unit:
    return "text" if unit in ("country", "word", "years") else unit


def _ends(table: Table, name: str) -> Iterator[tuple[str, str]]:
    yield from zip(table.band(name) or (), ("from", "to"), strict=False)


def _picture(table: Table) -> Picture | None:
    drawn = table.picture
    if drawn is None:
        return None
    if drawn.form == "steps":
        low, high = table.bounds(drawn.y) or ("", "")
        inner = table.band(drawn.y) or ("prior_least", "prior_most")
        return Picture("steps", drawn.x, drawn.y, low, high, label=drawn.label, inner=inner)
    low, high = table.band(drawn.x if drawn.form == "ranges" else drawn.y) or ("", "")
    if drawn.form == "ranges" and not low:
        low, high = table.bounds(drawn.x) or ("", "")
    return Picture(drawn.form, drawn.x, drawn.y, low, high, series=drawn.series, panel=drawn.panel)
