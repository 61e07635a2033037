"""How a page is cited and shown elsewhere: producers of the data first, then the run; as text and as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from suasion import __version__
from suasion.answers.content import Source
from suasion.answers.catalogue import say
from suasion.dossier.site.rows import SCHEMA
from suasion.questions.scenarios.address import digest

SHOWN = 12
"""Letters of a run's hash that are printed."""
WIDTH, HEIGHT = 720, 520
"""Size of an embedded figure, pixels."""


@dataclass(frozen=True, slots=True)
class EmbedRow:
    """A figure that can stand in another page.

    title: What it shows.
    address: Its address on this server.
    snippet: HTML to copy: one frame, without a script.
    """

    title: str
    address: str
    snippet: str


@dataclass(frozen=True, slots=True)
class CiteContext:
    """How to cite and to embed one page.

    question: Title of this page.
    title: Title of the page that is cited.
    path: Its path and query.
    permalink: Its full address: asks the same question again, of the data and the version then served.
    frozen: Full address of exactly this run; empty where the page has no run.
    text, bibtex: The citation.
    data: Producers and data sets.
    run_id, version, world, accessed: Hash of the run, version of Suasion, checksum of the world, day (ISO).
    embeds: Figures of the page.
    schema: Version of this context.
    """

    question: str
    title: str
    path: str
    permalink: str
    frozen: str
    text: str
    bibtex: str
    data: str
    run_id: str
    version: str
    world: str
    accessed: str
    embeds: tuple[EmbedRow, ...] = ()
    schema: int = SCHEMA


def cite_context(
    page: Mapping[str, Any],
    path: str,
    base: str,
    world: Mapping[str, str],
    today: date,
    figures: Sequence[tuple[str, str]] = (),
) -> CiteContext:
    """Write the citation of a page from what the page says of itself.

    page: The page's context as plain data.
    path: Its path and query.
    base: Scheme and host, without a slash at the end.
    world: ``checksum``, ``name`` and ``citation`` of the world.
    today: Day of access.
    figures: Title and path of figures that can be embedded.
    """
    title = _title(page)
    run_id = _run_id(page)
    data = _producers(page, world)
    permalink = base + path
    asked = path.partition("?")[2]
    frozen = f"{base}/result/{run_id[:16]}?{asked}" if run_id and path.startswith("/scenario?") else ""
    what = f"Run {run_id[:SHOWN]}, {world['name']} (checksum {world['checksum'][:SHOWN]})" if run_id else ""
    day = f"{today.day} {today:%B %Y}"
    parts = (data, say("cite.own", version=__version__, title=title), what, frozen or permalink)
    text = ". ".join(part for part in parts if part) + f" (accessed {day})."
    return CiteContext(
        question=say("cite.question"),
        title=title,
        path=path,
        permalink=permalink,
        frozen=frozen,
        text=text,
        bibtex=_bibtex(title, frozen or permalink, f"Data: {data}. {what}".strip(), run_id, today),
        data=data,
        run_id=run_id,
        version=__version__,
        world=world["checksum"],
        accessed=today.isoformat(),
        embeds=tuple(_embed(words, base, place) for words, place in figures),
    )


def _title(page: Mapping[str, Any]) -> str:
    """Title of an answer, of a comparison, or of another page."""
    if "table" in page:
        return say("cite.comparison")
    return str(page["title"] if page.get("run") else page["question"])


def _run_id(page: Mapping[str, Any]) -> str:
    if "table" in page:  # a comparison: the hash of its runs
        return digest([found["run"]["id"] for found in page["answers"]])
    if isinstance(page.get("run"), Mapping):
        return str(page["run"]["id"]) if page["run"]["world"] else ""
    return str(page.get("run_id") or page.get("provenance", {}).get("run_id", ""))


def _producers(page: Mapping[str, Any], world: Mapping[str, str]) -> str:
    sources = page.get("sources")
    if sources and "producer" in sources[0]:
        return "; ".join(f"{row['producer']}, {row['name']}" for row in sources)
    if sources and not _run_id(page):
        return Source(**sources[0]).line()
    return world["citation"]


def _bibtex(title: str, url: str, note: str, run_id: str, today: date) -> str:
    fields = {
        "author": "{Suasion}",
        "title": "{" + _tex(title) + "}",
        "year": str(today.year),
        "howpublished": _tex(f"Suasion {__version__}"),
        "note": _tex(note),
        "url": re.sub(r"[{}\\\s]", "", url),
        "urldate": today.isoformat(),
    }
    key = f"suasion-{run_id[:8] or digest(title)[:8]}"
    return f"@misc{{{key},\n" + ",\n".join(f"  {k} = {{{v}}}" for k, v in fields.items()) + "\n}\n"


_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_TEX |= {letter: f"\\{letter}" for letter in "{}%&#_$"}


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in text)


def _embed(title: str, base: str, path: str) -> EmbedRow:
    from html import escape

    snippet = (
        f'<iframe src="{escape(base + path)}" title="{escape(title)}" width="{WIDTH}" height="{HEIGHT}" '
        'loading="lazy" referrerpolicy="no-referrer" sandbox="allow-popups '
        'allow-popups-to-escape-sandbox"></iframe>'
    )
    return EmbedRow(title, path, snippet)
