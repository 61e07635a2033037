"""What leaves the application: citations, frozen results, and figures that may stand in other people's pages."""

from __future__ import annotations

import gzip
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from suasion.dossier.context import plain_data
from suasion.dossier.site.cite import CiteContext, cite_context
from suasion.errors import InputError
from suasion.web import addresses
from suasion.web.jobs import Deferred, Failed
from suasion.web.models import ABSENT, LATER
from suasion.web.routes_pages import Given, dossier_arguments, made_of, waiting
from suasion.web.routes_scenario import answer_in, answered, compare_json, compared, form_of, question_of
from suasion.web.routes_sweep import sweep_of
from suasion.web.service import Served, Service
from suasion.web.strings import say

EMBED_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)
"""An embedded figure runs no script, and it alone may be framed."""
FIGURES = ("sides", "map")
SHORTEST_RUN = 12
"""Letters of a run that name it."""
Cited = tuple[Mapping[str, bytes], list[tuple[str, str]], str]
Of = Annotated[str, Query(max_length=4000, description="Path and query of the page.")]


pages, twins = APIRouter(include_in_schema=False), APIRouter()
"""Routes of all that is handed on, and the citation as JSON."""


def embedded(answer: Response) -> Response:
    """Let other pages frame an answer."""
    answer.headers["content-security-policy"] = EMBED_POLICY
    answer.headers["cross-origin-resource-policy"] = "cross-origin"
    return answer


async def page_of(service: Service, of: str) -> Cited:
    """What a page is made of, figures of it that can be embedded, and its path put right.

    service: has it made.
    of: path and query, or a full address, as typed.
    Raises InputError: It is no page that can be cited.
    """
    path, _, query = of.partition("#")[0].partition("?")
    path = "/" + path.partition("://")[2].partition("/")[2] if "://" in path else path
    first, *rest = [part for part in path.split("/") if part] or [""]
    find = _FINDERS.get((first, len(rest)))
    if find is None:
        raise InputError(f"{path[:60]!r} is no page that can be cited.")
    found: Cited = await find(service, rest, query)
    return found


async def _scenario(service: Service, rest: list[str], query: str) -> Cited:
    question = question_of(query)
    figures = [(say(f"figures.{key}"), f"/embed/scenario/{key}?{question.address}") for key in FIGURES]
    return await answered(service, question), figures, f"/scenario?{question.address}"


async def _dossier(service: Service, rest: list[str], query: str) -> Cited:
    asked = {key: values[0] for key, values in parse_qs(query).items()}
    given = dossier_arguments(
        rest[0], rest[1], asked.get("audience"), asked.get("bands", ""), asked.get("full", "")
    )
    made = await made_of(service, given, "")
    tail = f"?{query}" if query else ""
    base = f"{given['a']}/{given['b']}"
    figures = [
        (about["title"], f"/embed/dossier/{base}/{key}{tail}") for key, about in figures_of(made).items()
    ]
    return made, figures, f"/dossier/{base}{tail}"


def _plain(
    task: str, arguments: Callable[[list[str], dict[str, str]], dict[str, Any]]
) -> Callable[[Service, list[str], str], Awaitable[Cited]]:
    async def find(service: Service, rest: list[str], query: str) -> Cited:
        asked = {key: values[0] for key, values in parse_qs(query).items()}
        given = arguments(rest, asked)
        path = "/" + "/".join([_FIRST[task], *rest]) + (f"?{query}" if query else "")
        return await service.parts(task, given), [], path

    return find


async def _compare(service: Service, rest: list[str], query: str) -> Cited:
    texts = parse_qs(query).get("s", [])[:4]
    if not texts:
        raise InputError("The comparison names no scenario (`s`).")
    view = await compared(service, texts)
    return {"json": gzip.compress(json.dumps(compare_json(view)).encode())}, [], f"/compare?{query}"


async def _sweep(service: Service, rest: list[str], query: str) -> Cited:
    address = sweep_of(query).address
    return await service.long("sweep", {"address": address}), [], f"/sweep?{address}"


_FIRST = {"leverage": "leverage", "country": "country", "products": "products", "product": "products"}
_FINDERS: dict[tuple[str, int], Any] = {
    ("scenario", 0): _scenario,
    ("dossier", 2): _dossier,
    ("compare", 0): _compare,
    ("sweep", 0): _sweep,
    ("leverage", 0): _plain(
        "leverage",
        lambda rest, asked: {
            "holder": asked.get("holder", ""), "group": asked.get("group", ""), "later": asked.get("when") == "ten",
        },
    ),
    ("country", 1): _plain("country", lambda rest, asked: {"name": rest[0]}),
    ("products", 0): _plain("products", lambda rest, asked: {"search": asked.get("q", "").strip()}),
    ("products", 1): _plain(
        "product",
        lambda rest, asked: {
            "code": addresses.material(rest[0]), "buyer": asked.get("buyer", ""), "stops": asked.get("stops", "")
        },
    ),
}  # fmt: skip


async def citation(service: Service, request: Request, of: str) -> CiteContext:
    """How a page is cited.

    service: has the page made.
    request: Says under which name this server was asked.
    of: path and query of the page.
    Raises Deferred: The page is still being made.
    """
    try:
        made, figures, path = await page_of(service, of)
    except Deferred as later:
        raise Deferred(later.job, say("job.cited")) from None
    page = json.loads(gzip.decompress(made["json"]))
    facts = service.pool.facts
    world = {"checksum": facts["world"], "name": facts["name"], "citation": facts["citation"]}
    base = f"{request.url.scheme}://{request.url.netloc}"
    return cite_context(page, path, base, world, datetime.now(UTC).date(), figures)


@pages.get("/cite")
async def cite_page(request: Request, service: Served, of: Of = "") -> Response:
    """Show how a page is cited."""
    if not of.strip():
        return RedirectResponse("/", 303)
    return service.page("cite", await citation(service, request, of))


@pages.get("/cite.bib")
async def bibtex(request: Request, service: Served, of: Of) -> Response:
    """Give the citation of a page as BibTeX."""
    made = await citation(service, request, of)
    headers = {"content-disposition": 'attachment; filename="suasion.bib"', "cache-control": "no-store"}
    return PlainTextResponse(made.bibtex, headers=headers, media_type="application/x-bibtex")


@pages.get("/result/{run}")
async def frozen(request: Request, service: Served, run: str) -> Response:
    """Show the result of a run as it was."""
    await service.ready()
    kept = service.frozen(run)
    if kept is not None:
        return service.answer(request, kept, "html", "")
    question = question_of(request.url.query)
    made = await answered(service, question, say("job.result"))
    found = answer_in(made).run
    if found is None or found.id[: len(run)] != run or len(run) < SHORTEST_RUN:
        raise Failed("Gone", say("error.gone"))
    page = await form_of(service, question, made, "frozen")
    service.freeze(run, page)
    return service.answer(request, page, "html", service.pool.key("frozen", {"run": run}))


@pages.get("/embed/scenario/{figure}")
async def embed_scenario(request: Request, service: Served, figure: str) -> Response:
    """Show a figure of a scenario for another page."""
    if figure not in FIGURES:
        raise Failed("NotFound", f"There is no such figure; there are {' and '.join(FIGURES)}.")
    question = question_of(request.url.query)
    try:
        made = await answered(service, question, say(f"figures.{figure}"))
    except Deferred as later:
        return embedded(waiting(service, request, later.job, later.title or say("job.slow")))
    content = await form_of(service, question, made, f"embed:{figure}")
    return embedded(service.answer(request, content, "html", ""))


@pages.get("/embed/dossier/{a}/{b}/{key}")
async def embed_dossier(request: Request, service: Served, given: Given, key: str) -> Response:
    """Show a figure of a dossier for another page."""
    try:
        made = await made_of(service, given, say("job.figure"))
    except Deferred as later:
        return embedded(waiting(service, request, later.job, later.title))
    about = figures_of(made).get(key)
    if about is None:
        raise Failed("NotFound", "The dossier has no such figure.")
    base = f"/dossier/{given['a']}/{given['b']}"
    tail = f"?{request.url.query}" if request.url.query else ""
    return embedded(service.page("figure", {**about, "base": base, "tail": tail, "key": key}))


def figures_of(made: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Figures of a dossier: key to title, subtitle, source and the keys of its pictures."""
    found: dict[str, dict[str, Any]] = json.loads(made["figures"])
    return found


@twins.get("/api/cite", response_model=CiteContext, responses={**ABSENT, **LATER})
async def cite(request: Request, service: Served, of: Of) -> Response:
    """Say how a page is cited, and which of its figures can be embedded."""
    return JSONResponse(plain_data(await citation(service, request, of), "cite"))
