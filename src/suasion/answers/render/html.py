"""An answer as a part of a page: readable without scripts, styles or anything from elsewhere."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from suasion.answers.catalogue import spoken
from suasion.answers.content import AnswerContent
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.render.data import as_csv
from suasion.answers.render.lines import (
    digest_of,
    findings_of,
    notes_of,
    sources_of,
    title_of,
)
from suasion.answers.style import style_sheet
from suasion.answers.table import Table


def as_html(
    answer: AnswerContent, language: Language = DEFAULT_LANGUAGE, *, heading: str = "h2", inline: bool = False
) -> str:
    """Return the findings, then each table with its picture and its cautions, and the sources.

    heading: {"h1", "h2"}. Of which rank its title is.
    inline: Whether pictures take the colours and fonts of the page, drawn wide and narrow; images otherwise.
    """
    title = escape(title_of(answer, language))
    parts = [f"<{heading}>{title}</{heading}>", _list(findings_of(answer, language))]
    for table in answer.tables:
        if not table.detail:
            below = [*digest_of(answer, table, language), *notes_of(table, language)]
            parts += [_figure(table, language, inline), table.html(language), _list(below)]
    parts += [f"<p>{escape(line)}</p>" for line in sources_of(answer, language)]
    return f'<section id="{escape(answer.question)}">{"".join(parts)}</section>'


STYLE = (
    "main{max-width:60rem;margin:2rem auto;padding:0 1rem}main p,main li{max-width:72ch}"
    "table{border-collapse:collapse;margin:1rem 0}caption{text-align:left;font-weight:700}"
    "th,td{padding:.2rem .6rem;border-bottom:1px solid var(--rule);text-align:left}"
    "figure{margin:1.5rem 0}h4{margin:.8rem 0 .2rem}.scroll{overflow-x:auto}"
)


def as_page(answer: AnswerContent, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return the same as one self-contained page, with what made it."""
    made = f"<p>{escape(answer.run.command)}: {escape(answer.run.id[:16])}</p>" if answer.run else ""
    return (
        f'<!doctype html>\n<html lang="{escape(spoken())}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title_of(answer, language))}</title><style>{style_sheet()}{STYLE}</style></head>"
        f"<body><main>{as_html(answer, language, heading='h1', inline=True)}{made}</main></body></html>\n"
    )


def _list(lines: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if lines else ""


def _figure(table: Table, language: Language, inline: bool) -> str:
    """A picture, and a link to the rows that it is drawn of."""
    if table.picture is None:
        return ""
    from suasion.answers.picture import alt_of, page_of, svg
    from suasion.answers.picture.paper import data_address

    alt = alt_of(table, language)
    image = (
        page_of(table, language)
        if inline
        else f'<img alt="{escape(alt)}" src="{data_address(svg(table, language))}">'
    )
    rows = quote(as_csv(table), safe=" ,.-_()/")
    words = language.say("page.csv", {"count": len(table.rows)})
    link = (
        f'<a download="{escape(table.key)}.csv" href="data:text/csv;charset=utf-8,{rows}">{escape(words)}</a>'
    )
    return f'<figure>{image}<p class="source">{link}</p></figure>'
