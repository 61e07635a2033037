"""The sections of the page: what each shows, from which tables, and what comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from suasion.answers.answer import Answer
from suasion.answers.catalogue import say
from suasion.dossier import links, tables
from suasion.dossier.chapter import Chapter, Conclusion, conclusions, key_of, source_of
from suasion.dossier.context import DossierContext
from suasion.dossier.figure import Figure


@dataclass(frozen=True, slots=True)
class PageSection:
    """One section of the page: figures and tables, or the reason why there are none.

    key, title: Address and heading.
    figures, tables: What it shows.
    reason: Why it shows nothing.
    findings: Sentences.
    table: Address of the table that their numbers lead to.
    method: Page of the documentation that explains it.
    chapter: Whether another room says it.
    """

    key: str
    title: str
    figures: tuple[Figure, ...]
    tables: tuple[tables.PrintedTable, ...]
    reason: str
    findings: tuple[Conclusion, ...] = ()
    table: str = ""
    method: str = ""
    chapter: bool = False


_PLAN: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("dependence", "dependence", ("shares",), ()),
    ("materials", "materials", ("materials-sold", "materials-bought"), ("materials",)),
    ("published", "published_totals", ("totals",), ("amounts",)),
    ("history", "trade_history", ("trade-history",), ("trade-events",)),
    ("break", "exit_cost", ("exit-costs", "exit-audience"), ("loss-ratios", "power")),
    ("others", "exit_cost", ("elsewhere",), ()),
    ("industries", "dependence", ("exposure",), ()),
    ("level", "critical_levels", ("critical-curves",), ("critical-levels",)),
)
"""Sections of the page: address, answer, figures, and tables that are printed as such."""


def page_sections(dossier: DossierContext, made: tuple[Figure, ...]) -> tuple[PageSection, ...]:
    """Group figures and tables under the questions of the page."""
    by_key = {figure.key: figure for figure in made}
    sections = []
    told = [claim for answer in dossier.answers.values() for claim in conclusions(answer)]
    for key, name, wanted, printed in _PLAN:
        answer = dossier.answers.get(name)
        shown = tuple(by_key[one] for one in wanted if one in by_key)
        absent = answer.absent.sentence() if answer and answer.absent else ""
        sections.append(
            PageSection(
                key=key,
                title=say(f"page.section.{key}", a=dossier.a.name, b=dossier.b.name),
                figures=shown,
                tables=_printed(answer, printed) if answer else (),
                reason=absent or ("" if shown else say("page.absent")),
                method=say(f"method.{key}.page"),
                findings=tuple(c for c in told if links.section_of(c) == key and c.source),
            )
        )
    return (*sections, *(_chapter_section(chapter, by_key) for chapter in dossier.chapters))


def _printed(answer: Answer, keys: tuple[str, ...]) -> tuple[tables.PrintedTable, ...]:
    return tuple(
        tables.answer_table(one, one.key, source_of(answer)) for one in answer.tables if one.key in keys
    )


def _chapter_section(chapter: Chapter, by_key: Mapping[str, Figure]) -> PageSection:
    keyed = {key_of(chapter.key, table): table for table in chapter.tables}
    return PageSection(
        key=chapter.key,
        title=chapter.title,
        figures=tuple(by_key[key] for key in keyed if key in by_key),
        tables=tuple(
            tables.answer_table(table, key, chapter.source)
            for key, table in keyed.items()
            if key not in by_key
        ),
        reason=chapter.reason,
        findings=chapter.findings,
        table=links.chapter_table(chapter),
        method=chapter.method,
        chapter=True,
    )
