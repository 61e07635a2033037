"""Every number of a sentence is a link to its table, and every table names its method: the addresses within a page."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from suasion.answers.catalogue import has, say
from suasion.answers.language import capital
from suasion.dossier.chapter import Chapter
from suasion.dossier.claims import Claim, Trend
from suasion.dossier.context import Dossier

_PLACES = {
    "absent": ("", "break"),
    "asymmetry": ("exit-cost-table", "break"),
    "alternative": ("exit-cost-table", "break"),
    "loss": ("exit-cost-table", "break"),
    "dependence": ("table-shares", "dependence"),
    "trend": ("table-materials-a", "materials"),
    "elsewhere": ("table-elsewhere", "others"),
    "exposed": ("table-exposure", "industries"),
    "threshold": ("thresholds", "level"),
}
"""Kind of a claim to its table and its section."""

_NUMBER = re.compile(
    r"(?<![\w/.,−-])(?:about |less than |more than |a gain of )?−?\d+(?:,\d{3})*(?:\.\d+)?"
    r"(?: (?:%|(?:bn|mn|tn) USD|USD|times))?(?: \(90 % band [^)]*\))?(?![\w/-])"
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def table_of(claim: Claim, dossier: Dossier) -> str:
    """Address of the table that holds the numbers of a conclusion; empty where there are none."""
    table = _PLACES.get(claim.kind, ("", ""))[0]
    if isinstance(claim, Trend) and claim.holder == dossier.a.name:
        return "table-materials-b"
    return table


def section_of(claim: Claim) -> str:
    """Key of the section, and of the method, that a conclusion belongs to."""
    return _PLACES.get(claim.kind, ("", "break"))[1]


def label_of(claim: Claim) -> str:
    """What a conclusion is about, in a word or two; empty where the catalogue has none."""
    key = f"page.label.{claim.kind}"
    run = getattr(claim, "horizon", "")
    run = say(f"page.label.{run}") if has(f"page.label.{run}") else str(run)
    return capital(say(key, run=run)) if has(key) else ""


def chapter_table(chapter: Chapter) -> str:
    """Address of the first table of a chapter; empty without tables."""
    if not chapter.tables:
        return ""
    first = chapter.tables[0]
    return f"table-{first.key}" if first.picture else first.key


def linked(text: str, table: str) -> Markup:
    """Return a sentence in which every number, years apart, leads to a table.

    Parameters
    ----------
    text : str
        The sentence, plain.
    table : str
        Address within the page; without one the sentence stays as it is.
    """
    if not table:
        return escape(text)
    parts, last = [], 0
    for found in _NUMBER.finditer(text):
        if _YEAR.fullmatch(found[0]):
            continue
        link = Markup('<a class="num" href="#{}">{}</a>').format(table, found[0])
        parts += [escape(text[last : found.start()]), link]
        last = found.end()
    return Markup("").join([*parts, escape(text[last:])])
