"""The sentences of an answer, in the order in which every form has them."""

from __future__ import annotations

from suasion.answers.answer import Answer
from suasion.answers.language import ENGLISH, Language
from suasion.answers.table import Table


def title_of(answer: Answer, language: Language = ENGLISH) -> str:
    """The question as asked."""
    return language.say(f"{answer.question}.title", answer.asked)


def table_title(table: Table, language: Language = ENGLISH) -> str:
    """Title of a table."""
    return language.say(f"table.{table.key}.title", table.values)


def heads_of(table: Table, language: Language = ENGLISH) -> list[str]:
    """Heads of the columns for people."""
    return [language.say(f"head.{column.name}") for column in table.shown]


def findings_of(answer: Answer, language: Language = ENGLISH) -> list[str]:
    """Why an answer is empty, or its findings."""
    kept = (answer.absent,) if answer.absent else answer.findings
    return [finding.sentence(language) for finding in kept]


def notes_of(table: Table, language: Language = ENGLISH) -> list[str]:
    """Cautions of a table."""
    return [note.sentence(language) for note in table.notes]


def sources_of(answer: Answer, language: Language = ENGLISH) -> list[str]:
    """Where the numbers come from, each once."""
    return list(dict.fromkeys(source.line(language) for source in answer.sources))


def lines_of(answer: Answer, language: Language = ENGLISH) -> list[str]:
    """Findings, cautions of the tables that are shown, and sources."""
    notes = [line for table in answer.tables if not table.detail for line in notes_of(table, language)]
    return [*findings_of(answer, language), *notes, *sources_of(answer, language)]
