"""Addresses of scenarios: the builder, an early look, every form of an answer that is kept, several side by side."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request
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
from suasion.questions.scenarios.address import DRAWS, Measure, parse_query
from suasion.questions.scenarios.address import Query as Question
from suasion.questions.scenarios.instruments import EXAMPLE
from suasion.questions.scenarios.reading import fields_of
from suasion.questions.scenarios.side_by_side import side_by_side
from suasion.questions.sides import code_or_group
from suasion.web import addresses
from suasion.web.jobs import Failed
from suasion.web.service import Service
from suasion.web.strings import say
from suasion.web.views_answers import Compare

NO_MEASURE = "There is no measure yet: name a coalition (`by`) and a target (`on`)."
FORMS = {"csv": "csv", "xlsx": "xlsx", "md": "text"}
"""Downloads that every answer has, and the type of each."""
PICTURES = ("sides", "map")
"""Drawings that stand alone too."""
RANGED = ("scenario", "result")
"""Forms that show the range where it is known, whether it was asked for or not."""


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


def scenario_router(service: Service) -> APIRouter:
    """Routes of scenarios.

    service: makes what they show.
    """
    router = APIRouter(include_in_schema=False)

    async def hand_out(request: Request, form: str, kind: str, name: str = "") -> Response:
        question = question_of(request.url.query)
        example = form == "scenario" and not question.measures
        question = question_of(EXAMPLE) if example else question
        await service.ready()
        question = best(service, question) if form in RANGED else question
        made = await answered(service, question, say("job.scenario"))
        content = await form_of(service, question, made, "example" if example else form)
        key = service.pool.key("scenario", {"address": question.address})
        return service.answer(request, content, kind, f"{key[:16]}{form}", name)

    _add_pages(router, service, hand_out)
    _add_files(router, hand_out)
    _add_compare(router, service)
    return router


def _add_pages(router: APIRouter, service: Service, hand_out: Any) -> None:
    @router.get("/scenario")
    async def scenario(request: Request) -> Response:
        question = question_of(request.url.query)
        if request.url.query not in ("", question.address):
            return RedirectResponse(
                f"/scenario?{question.address}" if question.measures else "/scenario", 303
            )
        made: Response = await hand_out(request, "scenario", "html")
        return made

    @router.post("/scenario")
    async def upload(request: Request) -> Response:
        text = dict(parse_qsl((await request.body()).decode(errors="replace"), max_num_fields=4)).get(
            "yaml", ""
        )
        made = await service.parts("read_yaml", {"text": text.replace("\r\n", "\n")}, keep=False)
        return RedirectResponse(f"/scenario?{made['address'].decode()}", 303)

    @router.get("/scenario/part")
    async def result(request: Request) -> Response:
        made: Response = await hand_out(request, "result", "part")
        return made

    @router.get("/scenario/glance")
    async def early(request: Request) -> Response:
        question = question_of(request.url.query)
        arguments = {"address": question.address}
        if (
            not question.measures
            or best(service, question).draws
            or service.cache.get(service.pool.key("scenario", arguments))
        ):
            return await result(request)
        seen = answer_in(await service.parts("glance", arguments, keep=False))
        view = ScenarioPage(question, seen, service.options)
        return service.answer(request, service.renderer.page("result", view), "part", "")


def _add_files(router: APIRouter, hand_out: Any) -> None:
    files = {**FORMS, "json": "json", "zip": "zip"}
    for form, kind in files.items():

        def download(form: str = form, kind: str = kind) -> Any:
            async def file(request: Request) -> Response:
                made: Response = await hand_out(request, form, kind, f"scenario.{form}")
                return made

            return file

        router.add_api_route(f"/scenario.{form}", download(), methods=["GET"])

    for name in PICTURES:

        def drawn(name: str = name) -> Any:
            async def picture(request: Request) -> Response:
                made: Response = await hand_out(request, name, "svg")
                return made

            return picture

        router.add_api_route(f"/scenario/{name}.svg", drawn(), methods=["GET"])

    @router.get("/scenario.yaml")
    async def yaml(request: Request) -> Response:
        text = to_yaml(question_of(request.url.query).scenario)
        headers = {"content-disposition": 'attachment; filename="scenario.yaml"'}
        return Response(text, headers=headers, media_type="application/yaml; charset=utf-8")


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


def _add_compare(router: APIRouter, service: Service) -> None:
    @router.get("/compare")
    async def compare(request: Request, s: Annotated[list[str], Query(max_length=4)] = []) -> Response:  # noqa: B006
        if not s:
            return RedirectResponse("/scenario", 303)
        return service.page("compare", await compared(service, s))
