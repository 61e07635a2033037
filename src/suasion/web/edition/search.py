"""The search of an edition: what pages answer, in files that a script reads without a server, one for each state.

An entry has a title (``t``), sentences (``s``), the path of its page (``p``) and its question (``q``), one of a passage
what that is called in every language (``n``); an
index has what states are called in every language, and by which words each question is asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from suasion.answers.catalogue import languages
from suasion.dossier.context import DossierContext
from suasion.dossier.figures import figures as figures_of
from suasion.dossier.screens import screens
from suasion.dossier.screens.words import question_of, said
from suasion.dossier.sections import page_sections
from suasion.pages.page import Page
from suasion.queries.vocabulary import SLOT, states, vocabulary
from suasion.sources.countries import folded

ASKS = {
    "answer": "exit_cost",
    "changed": "trade_history",
    "why": "substitutes",
    "closed": "exit_cost",
    "used": "leverage",
    "outside": "alliance",
}
"""Screens of a dossier, and the question whose words ask for each."""
MOST = 2
"""Sentences of an entry."""
SHORT = 3
"""Letters of a word that says too little."""
Entry = dict[str, Any]


def of_dossier(file: str, made: DossierContext) -> list[Entry]:
    """What a dossier answers: its screens, then its sections."""
    entries = []
    for screen in screens(made):
        block = screen.block
        if screen.key in ASKS:
            told = [said(one) for one in (block.heading, *block.text)]
            entries.append(_entry(question_of(screen), told, f"{file}#{screen.key}", ASKS[screen.key]))
    for section in page_sections(made, figures_of(made)):
        told = [one.sentence() for one in section.findings]
        if told:
            entries.append(
                _entry(section.title, told, f"{file}#{section.key}", section.key.replace("-", "_"))
            )
    return entries


def of_page(file: str, page: Page, passage: str = "") -> Entry:
    """What a page of an answer says first.

    passage: Which it is about, if about one.
    """
    answer = page.answer
    kept = (answer.absent,) if answer.absent else sorted(answer.findings, key=lambda one: -one.weight)
    entry = _entry(page.title, [one.sentence() for one in kept], file, answer.question)
    return {**entry, "n": called(passage)} if passage else entry


def called(passage: str) -> list[str]:
    """Return what a passage is called in any language, folded."""
    said = [phrase for code in languages() for phrase, meant in vocabulary(code).phrases.items()
            if ("passage", passage) in meant]  # fmt: skip
    return sorted({" ".join(re.findall(r"[^\W_]+", phrase)) for phrase in said})


def _entry(title: str, told: Iterable[str], path: str, question: str) -> Entry:
    return {"t": title, "s": list(dict.fromkeys(told))[:MOST], "p": path, "q": question}


@cache
def asked() -> Mapping[str, str]:
    """Words by which each question is asked, in every language: those of its patterns that are long enough."""
    found: dict[str, dict[str, None]] = {}
    for query in (one for language in languages() for one in vocabulary(language).queries):
        written = " ".join(SLOT.sub(" ", pattern.written) for pattern in query.patterns)
        words = [one for one in re.findall(r"[^\W\d_]+", folded(written)) if len(one) > SHORT]
        found.setdefault(query.question, {}).update(dict.fromkeys(words))
    return {question: " ".join(words) for question, words in found.items()}


def shards(
    told: Mapping[str, list[Entry]], start: str, covered: Iterable[str]
) -> Iterator[tuple[str, bytes]]:
    """Files of the search of one language: the index, entries of no pair, and those of each state.

    told: Name of a unit to its entries.
    start: What files of the language begin with.
    covered: States that have entries.
    """
    by_state: dict[str, list[Entry]] = {code: [] for code in covered}
    general: list[Entry] = []
    for unit, entries in told.items():
        kind, _, name = unit.partition(":")
        if kind == "pair":
            for code in name.split("-"):
                by_state[code] += [{**one, "c": name.split("-")} for one in entries]
        elif kind == "country":
            by_state[name] += [{**one, "c": [name]} for one in entries]
        else:
            general += entries
    known = {
        " ".join(re.findall(r"[^\W_]+", name)): code for name, code in states().items() if code in by_state
    }
    known |= {code.casefold(): code for code in by_state}
    yield f"{start}search/index.js", _told({"names": known, "asked": asked(), "general": general})
    for code, entries in by_state.items():
        yield f"{start}search/{code}.js", _told({"entries": entries, "of": code})


def _told(content: Mapping[str, Any]) -> bytes:
    return f"suasionSearch({json.dumps(content, ensure_ascii=False, sort_keys=True)});\n".encode()
