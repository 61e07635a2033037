"""The sections of the page: what each shows, from which tables, and what comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from suasion.answers.catalogue import say
from suasion.dossier import links, tables
from suasion.dossier.chapter import Chapter
from suasion.dossier.charts.figure import Figure
from suasion.dossier.claims import Claim
from suasion.dossier.context import Dossier, Section


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


_PLAN: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("dependence", "shares", ("shares",)),
    ("materials", "materials", ("materials-a", "materials-b")),
    ("published", "totals", ("totals",)),
    ("break", "exit_costs", ("exit-costs", "exit-audience")),
    ("others", "elsewhere", ("elsewhere",)),
    ("industries", "exposure", ("exposure",)),
    ("level", "curves", ("critical",)),
)
"""Sections of the page: address, table of the context, figures."""

_TABLES: dict[str, tuple[Callable[[Dossier], tables.Table | None], ...]] = {
    "published": (tables.total_table,),
    "break": (tables.exit_cost_table, tables.ratio_table),
    "level": (tables.threshold_table, tables.power_table),
}


def page_sections(dossier: Dossier, made: tuple[Figure, ...]) -> tuple[PageSection, ...]:
    """Group figures and tables under the questions of the page; the summary comes first."""
    by_key = {figure.key: figure for figure in made}
    sections = [_summary(dossier, by_key)]
    for key, field, wanted in _PLAN:
        data: Section[Any] = getattr(dossier, field)
        shown = tuple(by_key[name] for name in wanted if name in by_key)
        printed = (make(dossier) for make in _TABLES.get(key, ()))
        sections.append(
            PageSection(
                key=key,
                title=say(f"page.section.{key}", a=dossier.a.name, b=dossier.b.name),
                figures=shown,
                tables=tuple(table for table in printed if table),
                reason=data.reason or ("" if shown else say("page.absent")),
                method=say(f"method.{key}.page"),
                findings=tuple(c for c in dossier.summary if links.section_of(c) == key and c.source),
            )
        )
    return (*sections, *(_chapter_section(chapter, by_key) for chapter in dossier.chapters))


def _summary(dossier: Dossier, by_key: Mapping[str, Figure]) -> PageSection:
    """What fits on two sheets of paper: the answer, one picture, one table, the conclusions."""
    glance = tables.glance_table(dossier)
    return PageSection(
        key="findings",
        title=say("page.section.findings"),
        figures=tuple(by_key[name] for name in ("glance",) if name in by_key),
        tables=(glance,) if glance else (),
        reason="",
        findings=tuple(_first_of_each(dossier.summary[1:])),
    )


def _first_of_each(claims: Sequence[Claim]) -> Iterator[Claim]:
    """First conclusion of each kind, and what is told of either side; the sections have them all."""
    seen: set[str] = set()
    for claim in claims:
        if claim.kind in ("trend", "exposed") or claim.kind not in seen:
            yield claim
        seen.add(claim.kind)


def weightiest(claims: Sequence[Claim]) -> Claim:
    """Return the finding about most money; the first one where none is about money."""
    return max(
        claims, key=lambda c: max((q.value or 0.0 for q in c.quantities if q.unit == "musd"), default=0.0)
    )


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
