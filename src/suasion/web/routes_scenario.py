"""Addresses of scenarios: the builder, an early look, every form of an answer that is kept, several side by side."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from suasion.answers.answer import Answer
from suasion.answers.render import render
from suasion.answers.render.json import table_dict
from suasion.answers.render.zip import as_zip
from suasion.answers.style import painted
from suasion.dossier.site.scenario import ScenarioPage
from suasion.dossier.site.scenario_answer import USUAL
from suasion.equilibrium.scenario.file import to_yaml
from suasion.equilibrium.scenario.places import ALL
from suasion.errors import InputError, SuasionError
from suasion.questions.posed import code_or_group
from suasion.questions.scenarios.address import DRAWS, Measure, parse_query
from suasion.questions.scenarios.address import Query as Question
from suasion.questions.scenarios.instruments import EXAMPLE
from suasion.questions.scenarios.reading import fields_of
from suasion.questions.scenarios.tables import side_by_side
from suasion.web import addresses
from suasion.web.jobs import Failed
from suasion.web.service import Served, Service
from suasion.web.strings import say
from suasion.web.views import Compare

NO_MEASURE = "There is no measure yet: name a coalition (`by`) and a target (`on`)."
FORMS = {"csv": "csv", "xlsx": "xlsx", "md": "text"}
"""Downloads that every answer has, and the type of each."""
FILES = {**FORMS, "json": "json", "zip": "zip"}
"""All its downloads."""
PICTURES = ("sides", "map")
"""Drawings that stand alone too."""
RANGED = ("scenario", "result")
"""Forms that show the range where it is known, whether it was asked for or not."""


Texts = Annotated[list[str] | None, Query(max_length=4)]
pages = APIRouter(include_in_schema=False)
"""Routes of scenarios."""


def question_of(text: str) -> Question:
    """Read a question from a query string.

    Raises InputError: It has too many fields, or one of them is not valid.
    """
    asked = parse_query(fields_of(text))
    return replace(asked, measures=tuple(map(_by_code, asked.measures)))


def _by_code(measure: Measure) -> Measure:
    """The same measure with states and groups by their codes, so that one question has one address."""
    return replace(measure, by=tuple(map(_code, measure.by)), on=tuple(map(_code, measure.on)))


def _code(name: str) -> str:
    if name.casefold() == ALL:
        return ALL
    try:
        return code_or_group(name)
    except SuasionError:  # told where the scenario is solved, with what is near
        return name


def answer_in(parts: Mapping[str, bytes]) -> Answer:
    """The answer that is kept."""
    return Answer.from_dict(json.loads(gzip.decompress(parts["json"])))


async def answered(service: Service, question: Question, title: str = "") -> Mapping[str, bytes]:
    """Have a scenario answered, or recall it; one with bands takes long.

    service: has it solved.
    question: the scenario.
    title: what it is solved for.
    Raises InputError: There is no measure.
    """
    if not question.measures:
        raise InputError(NO_MEASURE)
    given = {"address": question.address}
    if question.draws:
        return await service.long("scenario", given, title=title)
    return await service.parts("scenario", given)


def best(service: Service, question: Question) -> Question:
    """The same question with its range, where that is kept."""
    ranged = replace(question, draws=DRAWS)
    kept = service.cache.get(service.pool.key("scenario", {"address": ranged.address}))
    return question if kept is None else ranged


async def form_of(service: Service, question: Question, kept: Mapping[str, bytes], form: str) -> bytes:
    """A form of an answer that is kept, compressed: a page, a part of one, or a file.

    service: renders pages.
    question: the scenario.
    kept: its answer.
    form: name of a template, ``embed:sides``, ``embed:map``, or the ending of a file.
    """
    if form == "json":
        return kept["json"]
    usual: Mapping[str, bytes] | None = None
    if form in ("scenario", "result", "frozen") and not ScenarioPage(question).usual:
        usual = await answered(service, replace(question, **USUAL))
    key = f"{service.pool.key('scenario', {'address': question.address})} {form} {service.renderer.look}"
    return await service.formed(key, lambda: _form(service, question, kept, usual, form))


def _form(
    service: Service,
    question: Question,
    kept: Mapping[str, bytes],
    usual: Mapping[str, bytes] | None,
    form: str,
) -> bytes:
    answer = answer_in(kept)
    if answer.absent and form in ("csv", *PICTURES):
        raise Failed("NotFound", answer.absent.sentence())
    if form in FORMS:
        return gzip.compress(render(answer, form), 6, mtime=0)
    if form == "zip":
        beside = {"scenario.yaml": to_yaml(question.scenario)}
        return gzip.compress(as_zip(answer, beside=beside), 1, mtime=0)
    page = ScenarioPage(question, answer, service.options, answer_in(usual) if usual else None)
    if form in PICTURES:
        return gzip.compress(painted(page.picture(form)).encode(), 6, mtime=0)
    if form == "example":
        return service.renderer.page("scenario", replace(page, example=True))
    template, _, figure = form.partition(":")
    return service.renderer.page(template, {"scenario": page, "figure": figure} if figure else page)


async def hand_out(service: Service, request: Request, form: str, kind: str, name: str = "") -> Response:
    """Give a form of the scenario in the address.

    form: see :func:`form_of`.
    kind: type of the form.
    name: file name, where it is a download.
    """
    question = question_of(request.url.query)
    example = form == "scenario" and not question.measures
    question = question_of(EXAMPLE) if example else question
    await service.ready()
    question = best(service, question) if form in RANGED else question
    made = await answered(service, question, say("job.scenario"))
    content = await form_of(service, question, made, "example" if example else form)
    key = service.pool.key("scenario", {"address": question.address})
    return service.answer(request, content, kind, f"{key[:16]}{form}", name)


@pages.get("/scenario")
async def scenario(request: Request, service: Served) -> Response:
    """Show a scenario with its answer, or the form with an example."""
    question = question_of(request.url.query)
    if request.url.query not in ("", question.address):
        return RedirectResponse(f"/scenario?{question.address}" if question.measures else "/scenario", 303)
    return await hand_out(service, request, "scenario", "html")


@pages.post("/scenario")
async def upload(request: Request, service: Served) -> Response:
    """Lead from a scenario file to its address."""
    text = dict(parse_qsl((await request.body()).decode(errors="replace"), max_num_fields=4)).get("yaml", "")
    made = await service.parts("read_yaml", {"text": text.replace("\r\n", "\n")}, keep=False)
    return RedirectResponse(f"/scenario?{made['address'].decode()}", 303)


@pages.get("/scenario/part")
async def result(request: Request, service: Served) -> Response:
    """Give the answer of a scenario as a part of the page."""
    return await hand_out(service, request, "result", "part")


@pages.get("/scenario/glance")
async def early(request: Request, service: Served) -> Response:
    """Give the shown run of a scenario at once, where its answer is not kept."""
    question = question_of(request.url.query)
    arguments = {"address": question.address}
    if (
        not question.measures
        or best(service, question).draws
        or service.cache.get(service.pool.key("scenario", arguments))
    ):
        return await result(request, service)
    seen = answer_in(await service.parts("glance", arguments, keep=False))
    view = ScenarioPage(question, seen, service.options)
    return service.answer(request, service.renderer.page("result", view), "part", "")


@pages.get("/scenario.yaml")
async def yaml(request: Request) -> Response:
    """Give the scenario as a file."""
    text = to_yaml(question_of(request.url.query).scenario)
    headers = {"content-disposition": 'attachment; filename="scenario.yaml"'}
    return Response(text, headers=headers, media_type="application/yaml; charset=utf-8")


@pages.get("/scenario.{form}")
async def file(request: Request, service: Served, form: str) -> Response:
    """Give the answer of a scenario as a file."""
    if form not in FILES:
        raise HTTPException(404)
    return await hand_out(service, request, form, FILES[form], f"scenario.{form}")


@pages.get("/scenario/{name}.svg")
async def picture(request: Request, service: Served, name: str) -> Response:
    """Give a drawing of a scenario."""
    if name not in PICTURES:
        raise HTTPException(404)
    return await hand_out(service, request, name, "svg")


async def compared(service: Service, texts: list[str]) -> Compare:
    """Scenarios side by side, of the answers that are kept.

    service: has them solved.
    texts: Permalinks or query strings.
    Raises InputError: One of them is not valid, or has no measure.
    """
    pages = []
    for text in texts:
        question = question_of(addresses.scenario_address(text))
        made = await answered(service, question, say("job.scenario"))
        pages.append(ScenarioPage(question, answer_in(made)))
    return Compare(tuple(pages), side_by_side([page.answer for page in pages if page.answer]))


def compare_json(view: Compare) -> dict[str, Any]:
    """The comparison as plain data: the answers, and their parties side by side."""
    answers = [page.answer.to_dict() for page in view.scenarios if page.answer]
    return {
        "answers": answers,
        "addresses": [page.query.address for page in view.scenarios],
        "table": table_dict(view.table),
    }


@pages.get("/compare")
async def compare(request: Request, service: Served, s: Texts = None) -> Response:
    """Show scenarios side by side."""
    if not s:
        return RedirectResponse("/scenario", 303)
    return service.page("compare", await compared(service, s))
