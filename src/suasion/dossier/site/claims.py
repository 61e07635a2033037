"""The claims of the article that the project began with: what is measured, a verdict, and where the numbers stand.

``article.json`` beside this module is made from the page of the documentation, whose numbers a test recomputes.
"""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from suasion.files import shipped
from suasion.answers.catalogue import say
from suasion.dossier.site.rows import SCHEMA, TwinContext
from suasion.dossier.words import listing
from suasion.errors import InputError, SuasionError
from suasion.sources import is_group, resolve_country

FILE = "article.json"
MEASURED = ("what", "printed", "unit", "source")
"""Cells of what is measured on a claim."""
VERDICTS = ("agree", "partly", "disagree", "not measurable")
SECTIONS: Mapping[str, str] = {
    "dyad": "#break",
    "depend": "#dependence",
    "leverage": "#break",
    "replace": "#goods",
    "align": "#alignment",
    "ladder": "#ladder",
    "alliance": "#alliance",
    "arms": "#arms",
    "triangle": "#triangle",
    "defiance": "?full=1#defiance",
    "outlook": "?full=1#outlook",
    "levers": "?full=1#levers",
}
"""Section of a pair's page that has what a command prints."""
OPTIONS = ("--on", "--from", "--pairs")
"""Options of these commands that name a side."""


@dataclass(frozen=True, slots=True)
class ClaimsContext(TwinContext):
    """The page on the claims.

    question, sentence, short: Title, answer, and the answer at more length.
    counts: Number of claims with each verdict.
    shown: Verdict that the claims are restricted to; empty for all.
    claims: In the article's order: number, group, title, claim, commands, what is ``measured`` (what,
      printed, unit, source), verdict, reason, and ``places``: words and paths of pages that show the pair.
    schema: Version of this context.
    """

    short: str
    counts: Mapping[str, int]
    shown: str
    claims: tuple[dict[str, Any], ...]
    schema: int = SCHEMA


def claims_context(shown: str = "") -> ClaimsContext:
    """The claims, all or those with one verdict.

    shown: One of :data:`VERDICTS`, or empty.
    Raises InputError: There is no such verdict.
    """
    if shown and shown not in VERDICTS:
        raise InputError(f"{shown[:40]!r} is no verdict; there are {', '.join(VERDICTS)}.")
    data = _shipped()
    claims = tuple(_claim(row) for row in data["claims"])
    found = Counter(claim["verdict"] for claim in claims)
    counts = {kind: found[kind] for kind in VERDICTS if found[kind]}
    parts = [say(f"article.{kind.replace(' ', '_')}", count=count) for kind, count in counts.items()]
    return ClaimsContext(
        question=say("article.question"),
        sentence=say("article.sentence", count=len(claims), parts=listing(parts)),
        short=data["short"],
        counts=counts,
        shown=shown,
        claims=tuple(claim for claim in claims if shown in ("", claim["verdict"])),
    )


@cache
def _shipped() -> dict[str, Any]:
    found: dict[str, Any] = shipped("suasion.dossier.site", FILE, json.load)
    return found


def _claim(row: Mapping[str, Any]) -> dict[str, Any]:
    places = dict.fromkeys(place for command in row["commands"] for place in places_of(command))
    measured = [dict(zip(MEASURED, cells, strict=True)) for cells in row["measured"]]
    named = [(words, path) for path, words in {path: words for words, path in places}.items()]
    return {**row, "measured": measured, "places": named}


def places_of(command: str) -> tuple[tuple[str, str], ...]:
    """Pages of the application that show what a command is about: words and path.

    command: As typed; one that concerns no pair has no page.
    """
    words = shlex.split(command)
    if words[1:2] == ["--world"]:
        words[1:3] = []
    if words[:1] != ["suasion"] or words[1] not in (*SECTIONS, "signal"):
        return ()
    if words[1] == "signal":  # a shipped ledger names its two states
        return (_pair("Russia", "China", "#signals"),) if "russia_china" in command else ()
    return tuple(_place(side, SECTIONS[words[1]]) for side in _sides(words[2:]))


def _sides(words: Sequence[str]) -> list[list[str]]:
    """Pairs of sides that a command names."""
    named, pairs = [], []
    for before, word in zip(("", *words), words, strict=False):
        if before == "--pairs":
            pairs += [pair.split(":") for pair in word.split(",")]
        elif before in OPTIONS or (not before.startswith("--") and not word.startswith("--")):
            named += [name for name in word.split(",") if name.isalpha()]
    return pairs or ([named[-2:]] if len(named) >= 2 else [])


def _place(sides: Sequence[str], section: str) -> tuple[str, str]:
    if any(is_group(name) for side in sides for name in side.split("+")):
        asked = {"do": "embargo", "by": sides[0].replace("+", "~"), "on": sides[1].replace("+", "~")}
        names = {"a": sides[0].replace("+", ", "), "b": sides[1].replace("+", ", ")}
        return say("article.scenario", **names), f"/scenario?{urlencode(asked, safe='~')}"
    return _pair(sides[0], sides[1], section)


def _pair(a: str, b: str, section: str) -> tuple[str, str]:
    try:
        codes = resolve_country(a), resolve_country(b)
    except SuasionError as error:
        raise InputError(f"a command of the article names {a} and {b}: {error}") from error
    key = section.rpartition("#")[2]
    return say("article.pair", a=codes[0], b=codes[1], section=say(f"article.section.{key}")), (
        f"/dossier/{codes[0]}/{codes[1]}{section}"
    )
