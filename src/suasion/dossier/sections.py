"""The sections of the page: what each shows, from which tables, and what comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    ("break", "exit_cost", ("exit-costs", "exit-audience"), ("loss-ratios", "power")),
    ("others", "exit_cost", ("elsewhere",), ()),
    ("industries", "dependence", ("exposure",), ()),
    ("level", "critical_levels", ("critical-curves",), ("critical-levels",)),
)
"""Sections of the page: address, answer, figures, and tables that are printed as such."""


def page_sections(dossier: Dossier, made: tuple[Figure, ...]) -> tuple[PageSection, ...]:
    """Group figures and tables under the questions of the page; the summary comes first."""
    by_key = {figure.key: figure for figure in made}
    sections = [_summary(dossier, by_key)]
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
        if (
            claim.topic in ("materials.moved", "materials.still", "dependence.exposed")
            or claim.topic not in seen
        ):
            yield claim
        seen.add(claim.topic)


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
