"""The sections of the page: what each shows, from which tables, and what comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from suasion.answers.catalogue import say
from suasion.dossier import links, tables
from suasion.dossier.bridge import answered_tables, claims_of
from suasion.dossier.chapter import Chapter
from suasion.dossier.charts.figure import Figure
from suasion.dossier.claims import Claim
from suasion.dossier.context import Dossier


@dataclass(frozen=True, slots=True)
class PageSection:
    """One section of the page: figures and tables, or the reason why there are none.

    Attributes
    ----------
    key, title : str
        Address and heading.
    figures, tables : tuple
        What it shows.
    reason : str
        Why it shows nothing.
    findings : tuple of Claim
        Sentences.
    table : str
        Address of the table that their numbers lead to.
    method : str
        Page of the documentation that explains it.
    chapter : bool
        Whether another room says it.
    """

    key: str
    title: str
    figures: tuple[Figure, ...]
    tables: tuple[tables.Table, ...]
    reason: str
    findings: tuple[Claim, ...] = ()
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


def page_sections(dossier: Dossier, made: tuple[Figure, ...]) -> tuple[PageSection, ...]:
    """Group figures and tables under the questions of the page."""
    by_key = {figure.key: figure for figure in made}
    sections = []
    told = [claim for answer in dossier.answers.values() for claim in claims_of(answer)]
    for key, name, wanted, printed in _PLAN:
        answer = dossier.answers.get(name)
        shown = tuple(by_key[one] for one in wanted if one in by_key)
        absent = answer.absent.sentence() if answer and answer.absent else ""
        sections.append(
            PageSection(
                key=key,
                title=say(f"page.section.{key}", a=dossier.a.name, b=dossier.b.name),
                figures=shown,
                tables=tuple(
                    tables.chapter_table(one) for one in answered_tables(dossier, name) if one.key in printed
                ),
                reason=absent or ("" if shown else say("page.absent")),
                method=say(f"method.{key}.page"),
                findings=tuple(c for c in told if links.section_of(c) == key and c.source),
            )
        )
    return (*sections, *(_chapter_section(chapter, by_key) for chapter in dossier.chapters))


def _chapter_section(chapter: Chapter, by_key: Mapping[str, Figure]) -> PageSection:
    return PageSection(
        key=chapter.key,
        title=chapter.title,
        figures=tuple(by_key[table.key] for table in chapter.tables if table.key in by_key),
        tables=tuple(tables.chapter_table(table) for table in chapter.tables if table.key not in by_key),
        reason=chapter.reason,
        findings=chapter.findings,
        table=links.chapter_table(chapter),
        method=chapter.method,
        chapter=True,
    )
