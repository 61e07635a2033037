"""The claims of the article that the project began with: what is measured, a verdict, and where the numbers stand.

``article.json`` beside this module is made from the page of the documentation, whose numbers a test recomputes.
"""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

from suasion.files import shipped
from suasion.answers.catalogue import say
from suasion.answers.answer import Answer
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.table import Table
from suasion.pages.page import Link, Page
from suasion.errors import InputError, SuasionError
from suasion.sources import is_group, resolve_country

FILE = "article.json"
MEASURED = ("what", "measured", "measured_in", "source")
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


def claims(shown: str = "") -> Answer:
    """Return the claims, all or those with one verdict.

    shown: One of :data:`VERDICTS`, or empty.
    Raises InputError: There is no such verdict.
    """
    if shown and shown not in VERDICTS:
        raise InputError(f"{shown[:40]!r} is no verdict; there are {', '.join(VERDICTS)}.")
    every = _shipped()["claims"]
    found = Counter(row["verdict"] for row in every)
    counts = {_key(kind): found[kind] for kind in VERDICTS}
    rows = [row for row in every if shown in ("", row["verdict"])]
    measured = [
        {"place": row["number"], **dict(zip(MEASURED, cells, strict=True))} for row in rows for cells in row["measured"]
    ]
    return Answer(
        "claims",
        {"verdict": shown},
        (Finding("claims.counted", {"count": len(every), **counts}),),
        (
            Table.of("claims", "place group title claim claim_verdict reason today commands", map(_claim, rows)),
            Table.of("claim-measured", "place what measured measured_in source", measured),
        ),
    )


def claims_page(shown: str = "") -> Page:
    """Return their page.

    shown: As :func:`claims` has it.
    """
    every, answer = claims(), claims(shown)
    found = Counter(every.table("claims").cells("claim_verdict"))
    verdicts = [Link(say("claims.all"), "/claims")]
    verdicts += [
        Link(
            f"{capital(DEFAULT_LANGUAGE.word('claim_verdict', _key(kind)))} ({found[_key(kind)]})",
            f"/claims?{urlencode({'verdict': kind})}",
        )
        for kind in VERDICTS
        if found[_key(kind)]
    ]
    links = {f"claim-{row['number']}": _places(row) for row in _shipped()["claims"]}
    chosen = {"verdicts": f"/claims?{urlencode({'verdict': shown})}" if shown else "/claims"}
    values = {"verdict": shown, "vintage": ""}
    return Page("claims", answer, values, {"verdicts": verdicts, **links}, chosen=chosen, notes={"short": (_shipped()["short"],)})


@cache
def _shipped() -> dict[str, Any]:
    found: dict[str, Any] = shipped("suasion.dossier.site", FILE, json.load)
    return found


def _key(verdict: str) -> str:
    return verdict.replace(" ", "_")


def _claim(row: Mapping[str, Any]) -> dict[str, Any]:
    """A claim as a row."""
    own = {"place": row["number"], "claim_verdict": _key(row["verdict"])}
    return {**row, **own, "commands": "\n".join(row["commands"])}


def _places(row: Mapping[str, Any]) -> tuple[Link, ...]:
    """Pages that show what its commands are about, each once."""
    found = {path: words for command in row["commands"] for words, path in places_of(command)}
    return tuple(Link(words, path) for path, words in found.items())


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
