"""Alignment: pacts, organizations, votes where they were added, and disputes one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.dossier.chapter import Chapter, ChapterTable, Column, Picture
from suasion.dossier.claims import Finding, Quantity
from suasion.dossier.words import capital, plain_name
from suasion.errors import SuasionError

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.statecraft import Alignment
    from suasion.world import World

TITLE = "How aligned are they, overall and dispute by dispute?"
MEASURES = (
    Column("basis", "Basis"),
    Column("measure", "Measure"),
    Column("value", "Value", "score"),
    Column("items", "Items compared", "count"),
    Column("year", "Year", "year"),
    Column("source", "Source"),
)
ISSUES = (
    Column("dispute", "Dispute"),
    Column("state", "State"),
    Column("position", "Position, −1 to 1", "score"),
    Column("weight", "Weight it gives it", "score"),
    Column("source", "Source"),
)


def chapter(question: Question, world: World) -> Chapter | None:
    """Return similarity, agreement by dispute, and what was not measured."""
    from suasion.statecraft import alignment

    try:
        found = alignment(question.a.code, question.b.code)
    except SuasionError as error:
        return Chapter("alignment", TITLE, reason=str(error))
    tables = tuple(
        table for table in (_measures(found, question), _issues(found, question)) if table is not None
    )
    reason = "" if tables else "Nothing is known of the two in the embedded tables."
    return Chapter("alignment", TITLE, _findings(found, question), tables, reason, "alignment")


def _measures(found: Alignment, question: Question) -> ChapterTable | None:
    rows = tuple(
        (
            capital(row.basis),
            _named(row.measure, question),
            None if row.value is None else float(row.value),
            row.items,
            row.year,
            row.source or row.note,
        )
        for row in found.rows
    )
    if not any(row[2] is not None for row in rows):
        return None
    return ChapterTable(
        key="alignment-measures",
        title="Similarity of pacts, memberships and positions",
        subtitle="Coefficients from −1 (opposed) to 1 (alike); counts where the measure says so",
        columns=MEASURES,
        rows=rows,
        source="as named in each line",
        notes=found.notes,
        most=24,
        terminal=("basis", "measure", "value", "items"),
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
        title="Positions on named disputes",
        subtitle="−1 against, 0 abstained or neutral, 1 for, as the dispute is worded; no dot where no source was read",
        columns=ISSUES,
        rows=tuple(rows),
        source="as named in each line",
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
    listed = ", ".join(row.name for row in apart) or "none"
    template = (
        "{a} and {b} agree on {score} of {known} disputes by equal weights; they differ on {apart}: {listed}."
        if apart
        else "{a} and {b} take the same position on all {known} disputes compared, an agreement of {score}; {apart} "
        "divide them."
    )
    return (Finding("typed table of positions", template, parts, names={**names, "listed": listed}),)
