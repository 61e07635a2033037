"""An answer as a part of a page: readable without scripts, styles or anything from elsewhere."""

from __future__ import annotations

from html import escape

from suasion.answers.answer import Answer
from suasion.answers.catalogue import LANGUAGE
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.render.lines import (
    digest_of,
    findings_of,
    notes_of,
    sources_of,
    table_title,
    title_of,
)
from suasion.answers.table import Table


def as_html(answer: Answer, language: Language = DEFAULT_LANGUAGE, *, heading: str = "h2") -> str:
    """Return the findings, then each table with its picture and its cautions, and the sources.

    heading: {"h1", "h2"}. Of which rank its title is.
    """
    title = escape(title_of(answer, language))
    parts = [f"<{heading}>{title}</{heading}>", _list(findings_of(answer, language))]
    for table in answer.tables:
        if not table.detail:
            below = [*digest_of(answer, table, language), *notes_of(table, language)]
            parts += [_figure(table, language), table_html(table, language), _list(below)]
    parts += [f"<p>{escape(line)}</p>" for line in sources_of(answer, language)]
    return f'<section id="{escape(answer.question)}">{"".join(parts)}</section>'


STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}caption{text-align:left;font-weight:600}"
    "th,td{padding:.2rem .6rem;border-bottom:1px solid #8a8f96;text-align:left}"
    "figure{margin:1rem 0}img{max-width:100%;height:auto}.scroll{overflow-x:auto}:root{color-scheme:light dark}"
)


def as_page(answer: Answer, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return the same as one self-contained page, with what made it."""
    made = f"<p>{escape(answer.run.command)}: {escape(answer.run.id[:16])}</p>" if answer.run else ""
    return (
        f'<!doctype html>\n<html lang="{escape(LANGUAGE)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title_of(answer, language))}</title><style>{STYLE}</style></head>"
        f"<body><main>{as_html(answer, language, heading='h1')}{made}</main></body></html>\n"
    )


def _list(lines: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if lines else ""


def _figure(table: Table, language: Language) -> str:
    if table.picture is None:
        return ""
    from suasion.answers.picture import alt_of, can_draw, svg
    from suasion.answers.picture.svg import data_address

    if not can_draw(table):
        return ""  # its rows stand below
    address = data_address(svg(table, language))
    return f'<figure><img alt="{escape(alt_of(table, language))}" src="{address}"></figure>'


def table_html(table: Table, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return a table."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in table.heads(language))
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.printed(language)
    )
    caption = escape(table_title(table, language))
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}">'
        f'<table class="list"><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
