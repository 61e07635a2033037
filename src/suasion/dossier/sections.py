"""The sections of the page: what each shows, from which tables, and the addresses that link sentences to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from suasion.answers.answer import Answer
from suasion.answers.catalogue import has, say
from suasion.answers.language import capital
from suasion.answers.values import Country
from suasion.dossier import tables
from suasion.dossier.chapter import Chapter, Conclusion, conclusions, key_of, source_of
from suasion.dossier.context import DossierContext
from suasion.dossier.figures import Figure


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


_PLAN: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...], str], ...] = (
    ("dependence", "dependence", ("shares",), (), "measures"),
    ("materials", "materials", ("materials-sold", "materials-bought"), ("materials",), "data"),
    ("published", "published_totals", ("totals",), ("amounts",), "data"),
    ("history", "trade_history", ("trade-history",), ("trade-events",), "data"),
    ("break", "exit_cost", ("exit-costs", "exit-audience"), ("loss-ratios", "power"), "coercion"),
    ("others", "exit_cost", ("elsewhere",), (), "coercion"),
    ("industries", "dependence", ("exposure",), (), "measures"),
    ("level", "critical_levels", ("critical-curves",), ("critical-levels",), "coercion"),
)
"""Sections of the page: address, answer, figures, tables that are printed as such, and the page of its method."""


def page_sections(dossier: DossierContext, made: tuple[Figure, ...]) -> tuple[PageSection, ...]:
    """Group figures and tables under the questions of the page."""
    by_key = {figure.key: figure for figure in made}
    sections = []
    told = [claim for answer in dossier.answers.values() for claim in conclusions(answer)]
    for key, name, wanted, printed, method in _PLAN:
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
                method=method,
                findings=tuple(c for c in told if section_of(c) == key and c.source),
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
        table=chapter_table(chapter),
        method=chapter.method,
        chapter=True,
    )


_PLACES = {
    "exit_cost": ("table-exit-costs", "break"),
    "exit_cost.elsewhere": ("table-elsewhere", "others"),
    "exit_cost.largest_gain": ("table-elsewhere", "others"),
    "exit_cost.largest_loss": ("table-elsewhere", "others"),
    "exit_cost.nobody_else": ("table-elsewhere", "others"),
    "exit_cost.outside_both": ("", "break"),
    "exit_cost.outside_one": ("", "break"),
    "dependence": ("table-shares", "dependence"),
    "dependence.exposed": ("table-exposure", "industries"),
    "materials": ("table-materials-sold", "materials"),
    "published_totals": ("table-totals", "published"),
    "trade_history": ("table-trade-history", "history"),
    "critical_levels": ("critical-levels", "level"),
}
"""Topic of a claim, or its beginning, to its table and its section."""


def table_of(claim: Conclusion, dossier: DossierContext) -> str:
    """Address of the table that holds the numbers of a conclusion; empty where there are none."""
    table = _place(claim)[0]
    if claim.finding.values.get("buyer") == Country(dossier.a.code):
        return "table-materials-bought"
    return table


def section_of(claim: Conclusion) -> str:
    """Key of the section, and of the method, that a conclusion belongs to."""
    return _place(claim)[1]


def _place(claim: Conclusion) -> tuple[str, str]:
    return _PLACES.get(claim.topic) or _PLACES.get(claim.topic.partition(".")[0]) or ("", "break")


def label_of(claim: Conclusion) -> str:
    """What a conclusion is about, in a word or two; empty where the catalogue has none."""
    key = f"page.label.{claim.topic}"
    return capital(say(key)) if has(key) else ""


def chapter_table(chapter: Chapter) -> str:
    """Address of the first table of a chapter; empty without tables."""
    if not chapter.tables:
        return ""
    first = chapter.tables[0]
    key = key_of(chapter.key, first)
    return f"table-{key}" if first.picture else key
