"""One answer as text, CSV, plain values and HTML."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from html import escape
from typing import Any

from suasion.answers.answer import Answer, Column, Finding, Picture, Table
from suasion.answers.language import ENGLISH, Language
from suasion.answers.values import Comparison, encode

WIDTH = 80


def title_of(answer: Answer, language: Language = ENGLISH) -> str:
    """The question as asked."""
    return language.say(f"{answer.question}.title", answer.asked)


def heads_of(table: Table, language: Language = ENGLISH) -> list[str]:
    """Heads of the columns for people."""
    return [language.say(f"head.{column.name}") for column in table.shown]


def as_text(answer: Answer, table: str = "", language: Language = ENGLISH, width: int = WIDTH) -> str:
    """Return the findings and one table, the main one if none is named, for a terminal."""
    import textwrap

    said = [textwrap.fill(line, width) for line in lines_of(answer, language)]
    body = [] if answer.absent else [table_text(answer.table(table), language, width)]
    return "\n\n".join([title_of(answer, language), *body, *said])


def lines_of(answer: Answer, language: Language = ENGLISH) -> list[str]:
    """The sentences of an answer: why it is empty, or its findings, and where the numbers come from."""
    told = (answer.absent,) if answer.absent else answer.findings
    return [*(finding.sentence(language) for finding in told), *(language.say(key) for key in answer.sources)]


def table_text(table: Table, language: Language = ENGLISH, width: int = WIDTH) -> str:
    """Return a table for a terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(
        box=box.SIMPLE_HEAD, title=language.say(f"table.{table.key}.title", table.values), pad_edge=False
    )
    grid.title_justify = "left"
    for head in heads_of(table, language):
        grid.add_column(head, overflow="fold")
    for row in table.printed(language):
        grid.add_row(*map(Text, row))
    out = io.StringIO()
    Console(file=out, width=width, color_system=None).print(grid)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def as_csv(table: Table) -> str:
    """Return a table as CSV: codes and plain numbers, missing cells empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([["" if cell is None else cell for cell in row] for row in table.rows])
    return out.getvalue()


def as_dict(answer: Answer, language: Language = ENGLISH) -> dict[str, Any]:
    """Return plain values: keys and numbers for machines, the sentence beside them for people."""
    made: dict[str, Any] = _plain(answer, language)
    return {"title": title_of(answer, language), **made}


def _plain(value: Any, language: Language) -> Any:
    """The types of this room as mappings of their fields; a finding has its sentence beside them."""
    if isinstance(value, Answer | Table | Column | Picture | Comparison):
        return {one.name: _plain(getattr(value, one.name), language) for one in fields(value)}
    if isinstance(value, Finding):
        compared = _plain(value.compared, language)
        made = {"key": value.key, "values": encode(value.values), "compared": compared}
        return {**made, "sentence": value.sentence(language)}
    if isinstance(value, tuple) and value and isinstance(value[0], Table | Column | Finding):
        return [_plain(item, language) for item in value]
    return encode(value)


def as_html(answer: Answer, language: Language = ENGLISH) -> str:
    """Return a part of a page, with the picture of its main table."""
    from suasion.answers.picture import svg

    lines = "".join(f"<li>{escape(line)}</li>" for line in lines_of(answer, language))
    drawn = "".join(svg(table, language) for table in answer.tables if table.picture and not table.detail)
    tables = "".join(table_html(table, language) for table in answer.tables if not table.detail)
    return (
        f'<section id="{answer.question}"><h2>{escape(title_of(answer, language))}</h2>'
        f"<ul>{lines}</ul>{drawn}{tables}</section>"
    )


def table_html(table: Table, language: Language = ENGLISH) -> str:
    """Return a table for a page."""
    head = "".join(f"<th>{escape(text)}</th>" for text in heads_of(table, language))
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.printed(language)
    )
    caption = escape(language.say(f"table.{table.key}.title", table.values))
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
