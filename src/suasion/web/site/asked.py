"""A plain question on the search page: how it was read, and its answer where there is one within a moment."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from string import Formatter
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool

from suasion.answers.answer import Answer
from suasion.answers.picture import page_of
from suasion.answers.render.lines import findings_of, sources_of, title_of
from suasion.errors import SuasionError
from suasion.queries import Reading, readings, refusal
from suasion.questions import QUESTIONS
from suasion.questions.scenarios.address import SEPARATOR
from suasion.questions.scenarios.words import measures_in
from suasion.web.jobs import Busy, Deferred, Failed, Job
from suasion.web.service import Service

PAGES = {
    "before_after": "/measure/{name}",
    "closer_to": "/closer/{a}/{b}/{c}",
    "country": "/country/{a}",
    "exit_cost": "/dossier/{a}/{b}",
    "forecasts": "/forecasts",
    "straits": "/strait/{name}",
    "trade_history": "/dossier/{a}/{b}#changed",
    "trial": "/trial",
}
"""Questions whose answers are laid out as a page, and where."""
BESIDE = {"state"}
"""Arguments without which a page has the whole answer too."""
MOST = 3
"""Sentences of an answer on the search page, beside its cautions."""


@dataclass(frozen=True, slots=True)
class Read:
    """One reading of what was typed: its title, the command that asks it, and the address of the whole answer."""

    title: str
    command: str
    path: str


@dataclass(frozen=True, slots=True)
class AnswerBox:
    """The likeliest reading and its answer.

    first, others: readings, the likeliest first; None of a measure that is not understood, and ``error`` says why.
    title: the question as the answer has it; empty where there is no answer yet.
    sentences, sources: what it says, and where the numbers come from.
    picture: its drawing as markup, for a column and for a phone; empty where it has none.
    waits: whether the answer is being made; job: makes it, where there is room for it.
    error: why there is none.
    """

    first: Read | None
    others: tuple[Read, ...]
    title: str = ""
    sentences: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    picture: str = ""
    waits: bool = False
    job: Job | None = None
    error: str = ""


async def answer_box(service: Service, text: str) -> AnswerBox | None:
    """Return how a text is read, and its answer; None where it is no question and no measure."""
    found = await run_in_threadpool(readings, text)
    if not found:
        refused = await run_in_threadpool(refusal, text)
        return AnswerBox(None, (), error=str(refused)) if refused else None
    first, *others = (_read(one) for one in found)
    try:
        kept = await _kept(service, found[0])
    except Deferred as later:
        return AnswerBox(first, tuple(others), waits=True, job=later.job)
    except Busy:
        return AnswerBox(first, tuple(others), waits=True)
    except Failed as error:
        return AnswerBox(first, tuple(others), error=str(error))
    return await run_in_threadpool(_filled, first, tuple(others), found[0], kept)


async def _kept(service: Service, reading: Reading) -> bytes:
    asked = {"name": reading.question, "asked": dict(sorted(reading.arguments.items()))}
    if QUESTIONS[reading.question].slow:
        return (await service.long("answer", asked, title=QUESTIONS[reading.question].summary))["json"]
    return (await service.parts("answer", asked))["json"]


def _read(reading: Reading) -> Read:
    return Read(reading.title, reading.command, address_of(reading))


def address_of(reading: Reading) -> str:
    """Return the address of the page that lays the answer out, of the bare answer where none does.

    reading: of a plain question.
    """
    if reading.question == "simulate":
        measures = measures_in(reading.arguments["scenario"])
        said = [pair for one in measures for pair in one.items() if pair[1]]
        fields = [pair for pair in said if pair[0] != "years"] + [("years", measures[0]["years"])]
        return f"/scenario?{urlencode(fields, safe=SEPARATOR)}"
    pattern = PAGES.get(reading.question, "")
    places = {name for _, name, _, _ in Formatter().parse(pattern) if name}
    given = {name for name, value in reading.arguments.items() if value}
    laid_out = pattern and places == given.difference(BESIDE)
    return pattern.format(**reading.arguments) if laid_out else _path(reading)


def _path(reading: Reading) -> str:
    return f"/api/answers/{reading.question}.html?{urlencode(sorted(reading.arguments.items()))}"


def _filled(first: Read, others: tuple[Read, ...], reading: Reading, kept: bytes) -> AnswerBox:
    try:
        answer = Answer.from_dict(json.loads(gzip.decompress(kept)))
    except SuasionError as error:
        return AnswerBox(first, others, error=str(error))
    ranked = sorted(answer.findings, key=lambda one: -one.weight)
    shown = {id(one) for one in (*ranked[:MOST], *(one for one in answer.findings if one.caution))}
    told = [one.sentence() for one in answer.findings if id(one) in shown]
    drawn = bool(answer.tables) and answer.tables[0].picture is not None
    return AnswerBox(
        first,
        others,
        title_of(answer),
        tuple(findings_of(answer) if answer.absent else dict.fromkeys(told)),
        tuple(sources_of(answer)),
        page_of(answer.tables[0], level=3) if drawn else "",
    )
