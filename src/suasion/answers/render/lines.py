"""The sentences of an answer, in the order in which every form has them."""

from __future__ import annotations

from collections.abc import Mapping

from suasion.answers.content import AnswerContent
from suasion.answers.finding import MAIN
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.table import Column, Table
from suasion.answers.values import Quantity, Value, Word
from suasion.schema.variables import BAND


def title_of(answer: AnswerContent, language: Language = DEFAULT_LANGUAGE) -> str:
    """The question as asked; a ``case`` among what was asked chooses among whole sentences."""
    return title_of_asked(answer.question, answer.asked, language)


def title_of_asked(question: str, asked: Mapping[str, Value], language: Language = DEFAULT_LANGUAGE) -> str:
    """A question as it is asked, before it is answered."""
    case = asked.get("case")
    return language.say(
        f"{case.list}.{case.member}" if isinstance(case, Word) else f"{question}.title", asked
    )


def head_of(column: Column, language: Language = DEFAULT_LANGUAGE) -> str:
    """Head of a column; an end of a band has that of its number."""
    stem = next((column.name.removesuffix(end) for end in BAND if column.name.endswith(end)), column.name)
    return language.say(f"head.{column.name if f'head.{column.name}' in language.words else stem}")


def findings_of(answer: AnswerContent, language: Language = DEFAULT_LANGUAGE) -> list[str]:
    """Why an answer is empty, with the main findings beside it as one text; or its findings, each for itself."""
    if answer.absent:
        why = (answer.absent, *(one for one in answer.findings if one.weight >= MAIN))
        return [" ".join(finding.sentence(language) for finding in why)]
    return [finding.sentence(language) for finding in answer.findings]


def notes_of(table: Table, language: Language = DEFAULT_LANGUAGE) -> list[str]:
    """Cautions of a table."""
    return [note.sentence(language) for note in table.notes]


def digest_of(answer: AnswerContent, table: Table, language: Language = DEFAULT_LANGUAGE) -> list[str]:
    """How many rows there are, under a table that has the largest of them; nothing under another."""
    whole = answer.table(table.whole or table.key)
    if len(whole.rows) <= len(table.rows):
        return []
    shown, rows = (Quantity(len(one.rows), "count") for one in (table, whole))
    return [language.say("table.printed.largest", {"shown": shown, "rows": rows})]


def sources_of(answer: AnswerContent, language: Language = DEFAULT_LANGUAGE) -> list[str]:
    """Where the numbers come from, each once."""
    return list(dict.fromkeys(source.line(language) for source in answer.sources))


def after_table(answer: AnswerContent, language: Language = DEFAULT_LANGUAGE) -> list[str]:
    """Cautions of the tables that are shown, and sources; what tables share, or a finding says, is said once."""
    notes = [line for table in answer.tables if not table.detail for line in notes_of(table, language)]
    said = findings_of(answer, language)
    return [line for line in dict.fromkeys((*notes, *sources_of(answer, language))) if line not in said]


def lines_of(answer: AnswerContent, language: Language = DEFAULT_LANGUAGE) -> list[str]:
    """Findings, cautions of the tables that are shown, and sources."""
    return [*dict.fromkeys(findings_of(answer, language)), *after_table(answer, language)]
