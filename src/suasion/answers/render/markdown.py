"""An answer as Markdown."""

from __future__ import annotations

from suasion.answers.content import AnswerContent
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.render.lines import (
    digest_of,
    findings_of,
    notes_of,
    sources_of,
    title_of,
)
from suasion.answers.render.paper import Grid, grid_markdown
from suasion.answers.table import Table


def as_markdown(answer: AnswerContent, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return the findings, then each table with its cautions, and the sources."""
    parts = [f"## {title_of(answer, language)}", _list(findings_of(answer, language))]
    for table in answer.tables:
        if not table.detail:
            parts += [
                f"### {table.title(language)}",
                table_markdown(table, language),
                _list([*digest_of(answer, table, language), *notes_of(table, language)]),
            ]
    parts += [f"*{line}*" for line in sources_of(answer, language)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def table_markdown(table: Table, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return a table."""
    return grid_markdown(Grid.printed(table, language))
