"""Alignment: pacts, organizations, votes where they were added, and disputes one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.answers.catalogue import say, template
from suasion.answers.language import capital
from suasion.dossier.chapter import Chapter, ChapterTable, Heads, Picture, heads, reason_of
from suasion.dossier.claims import Finding, Quantity
from suasion.dossier.words import plain_name
from suasion.errors import SuasionError

if TYPE_CHECKING:
    import pandas as pd

    from suasion.dossier.gather import Question
    from suasion.statecraft import Alignment
    from suasion.world import World

MEASURES: Heads = {
    "basis": "text",
    "measure": "text",
    "value": "score",
    "items": "count",
    "year": "year",
    "source": "text",
}
PATH: Heads = {
    "year": "year",
    "distance": "score",
    "low": "score",
    "high": "score",
}
ISSUES: Heads = {
    "dispute": "text",
    "state": "text",
    "position": "score",
    "weight": "score",
    "source": "text",
}
FEWEST = 3
"""Disputes from which an agreement is told in words. Assumption: one or two say nothing of alignment."""


def chapter(question: Question, world: World) -> Chapter | None:
    """Return similarity, agreement by dispute, and what was not measured."""
    from suasion.statecraft import alignment
    from suasion.statecraft.align.data import added_atop, added_ideal_points, added_votes

    title, points = say("chapter.alignment.title"), added_ideal_points()
    try:
        found = alignment(
            question.a.code,
            question.b.code,
            votes=added_votes(),
            atop=added_atop(),
            ideal_points=points,
        )
    except SuasionError as error:
        return Chapter("alignment", title, reason=reason_of(error))
    made = (_measures(found, question), _path(found, points), _issues(found, question))
    tables = tuple(table for table in made if table is not None)
    reason = "" if tables else say("chapter.alignment.none")
    return Chapter("alignment", title, _findings(found, question), tables, reason, "alignment")


def _measures(found: Alignment, question: Question) -> ChapterTable | None:
    rows = tuple(
        (
            capital(row.basis),
            _named(row.measure, question),
            None if row.value is None else float(row.value),
            say("chapter.alignment.no_items") if row.items is None else row.items,
            row.year,
            row.source or row.note,
        )
        for row in found.rows
    )
    if not any(row[2] is not None for row in rows):
        return None
    return ChapterTable(
        key="alignment-measures",
        title=say("chapter.alignment.measures"),
        subtitle=say("chapter.alignment.measures_subtitle"),
        columns=heads("alignment.head_measures", MEASURES),
        rows=rows,
        source=say("chapter.alignment.source"),
        notes=found.notes,
        most=24,
        terminal=("basis", "measure", "value", "items"),
    )


def _path(found: Alignment, points: pd.DataFrame | None) -> ChapterTable | None:
    """Distance of the two by their votes over the years, from the ideal points added, else from those that ship."""
    from suasion.statecraft.align.parts import distance_path

    path = distance_path(found.a, found.b, points)
    if path.empty:
        return None
    return ChapterTable(
        key="alignment-path",
        title=say("chapter.alignment.path"),
        subtitle=say("chapter.alignment.path_subtitle"),
        columns=heads("alignment.head_path", PATH),
        rows=tuple((int(year), *map(float, values)) for year, *values in path.to_numpy()),
        source=say(f"chapter.alignment.path_{'source' if points is None else 'added'}"),
        picture=Picture("lines", "year", "distance", "low", "high"),
        most=4,
    )


def _named(text: str, question: Question) -> str:
    """Names for the codes at the end of a measure."""
    for party in (question.a, question.b):
        text = text.replace(f" to {party.code}", f" to {party.name}")
    return text


def _issues(found: Alignment, question: Question) -> ChapterTable | None:
    names = {found.a: question.a.name, found.b: question.b.name}
    rows = []
    for row in found.issues:
        sides = (
            (found.a, row.position_a, row.salience_a, row.source_a),
            (found.b, row.position_b, row.salience_b, row.source_b),
        )
        rows += [
            (row.name, plain_name(names[code]), position, weight, source)
            for code, position, weight, source in sides
        ]
    if not any(row[2] is not None for row in rows):
        return None
    return ChapterTable(
        key="alignment-issues",
        title=say("chapter.alignment.issues"),
        subtitle=say("chapter.alignment.issues_subtitle"),
        columns=heads("alignment.head_issues", ISSUES),
        rows=tuple(rows),
        source=say("chapter.alignment.source"),
        picture=Picture("ranges", "position", "dispute", series="state"),
        most=20,
        terminal=("dispute", "state", "position"),
    )


def _findings(found: Alignment, question: Question) -> tuple[Finding, ...]:
    apart = [row for row in found.issues if row.distance is not None and row.distance > 0]
    known = [row for row in found.issues if row.distance is not None]
    if not known:
        return ()
    names = {"a": question.a.name, "b": question.b.name}
    parts = {
        "apart": Quantity(float(len(apart)), "count"),
        "known": Quantity(float(len(known)), "count"),
        "score": Quantity(
            100.0 * sum(1.0 - float(row.distance or 0.0) for row in known) / len(known), "share"
        ),
    }
    listed = ", ".join(row.name for row in apart) or say("chapter.alignment.none_listed")
    key = "few" if len(known) < FEWEST else "apart" if apart else "alike"
    words = template(f"chapter.alignment.{key}")
    if key == "few":
        parts, listed = {"known": parts["known"]}, ", ".join(row.name for row in known)
    elif key == "alike":
        del parts["apart"]
    source = say("chapter.alignment.coded")
    return (Finding(source, words, parts, names={**names, "listed": listed}),)
