"""The words of screens as markup: names in the colour of their side, numbers as links to the fold that has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from markupsafe import Markup, escape

from suasion.answers.catalogue import say
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.render.marked import linked, tight
from suasion.dossier.context import DossierContext
from suasion.dossier.screens.screen import DossierScreen

TABLES = {
    "answer": "table-exit-costs",
    "changed": "table-trade-history",
    "closed": "table-exit-costs",
    "used": "alliance",
    "outside": "table-share-ahead",
}
"""Screen to the table, or the fold, that its numbers come from."""
CHAPTERS = {"used": "alliance", "outside": "share"}
"""Screens whose numbers stand in a chapter, which not every dossier has."""


def said(finding: Finding) -> str:
    """Return a sentence."""
    return tight(finding.sentence())


def plain(code: str) -> str:
    """Return the name of a state as it stands alone."""
    return capital(DEFAULT_LANGUAGE.country(code, "plain"))


def named(finding: Finding, dossier: DossierContext) -> Markup:
    """Return a heading with the names of the two states in their colours."""
    return painted_names(by_side(said(finding), dossier))


def painted_names(parts: Iterator[tuple[str, str]]) -> Markup:
    """Return parts of a text with names in the colours of their sides."""
    made = (
        Markup('<span class="side-{}">{}</span>').format(side, text) if side else escape(text)
        for text, side in parts
    )
    return Markup("").join(made)


def by_side(text: str, dossier: DossierContext) -> Iterator[tuple[str, str]]:
    """Take a text apart into the names of the two states, each with its side, and the rest, without one."""
    sides = (("a", dossier.a), ("b", dossier.b))
    names = {name: side for side, one in sides for name in DEFAULT_LANGUAGE.forms(one.code)}
    return apart(text, names)


def apart(text: str, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Take a text apart into names, each with its side, and the rest, without one.

    names: Name to side.
    """
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    for part in re.split(rf"(?<![\w-])({pattern})(?!\w)", text):
        if part:
            yield part, names.get(part, "")


OWN = dict.fromkeys(("verdict.answer.restored", "restoration.worth"), "restoration")
"""Findings that have a fold of their own."""


def linked_to(finding: Finding, screen: str, dossier: DossierContext) -> Markup:
    """Return a sentence whose numbers lead to the fold that has them, where the dossier has it."""
    there = screen not in CHAPTERS or CHAPTERS[screen] in {one.key for one in dossier.chapters}
    target = OWN.get(finding.key, TABLES.get(screen, "") if there else "")
    return linked(finding.sentence(), target and f"#{target}")


def question_of(screen: DossierScreen) -> str:
    """Return the question that a screen answers."""
    return DEFAULT_LANGUAGE.word("topic", screen.block.asks)


def reason_of(screen: DossierScreen) -> str:
    """Return why the light of a screen is as it is."""
    return capital(DEFAULT_LANGUAGE.word("evidence_reason", screen.block.evidence))


def grounds_of(screen: DossierScreen) -> tuple[str, str]:
    """Return what a screen rests on, and what would change it."""
    names = DEFAULT_LANGUAGE.word
    return tight(names("foundation", screen.block.foundation)), tight(
        names("improvement", screen.block.improvement)
    )


def counted(name: str, count: int) -> str:
    """Say how many of something there are."""
    return say(f"page.inside.{name}_{'one' if count == 1 else 'more'}", count=count)


def inside(findings: int, figures: int, tables: int, reason: str = "") -> str:
    """Say what a fold holds: charts, tables and findings, or that nothing is known."""
    counts = (("findings", findings), ("charts", figures), ("tables", tables))
    parts = [counted(name, count) for name, count in counts if count]
    if reason and not figures and not tables:
        parts.append(say("page.inside.missing"))
    return " · ".join(parts)
