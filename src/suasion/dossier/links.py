"""Every number of a sentence is a link to its table, and every table names its method: the addresses within a page."""

from __future__ import annotations

from suasion.answers.catalogue import has, say
from suasion.answers.language import capital
from suasion.answers.values import Country
from suasion.dossier.chapter import Chapter, Conclusion, key_of
from suasion.dossier.context import DossierContext

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
