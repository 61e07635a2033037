"""Why a number, what changed, how the server is, and addresses that lead to another page."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from suasion import __version__
from suasion.answers.render.data import as_csv
from suasion.dossier.site.changes import changes as change_log
from suasion.dossier.site.changes import changes_page
from suasion.dossier.site.claims import claims as claims_of
from suasion.dossier.site.claims import claims_page
from suasion.errors import InputError
from suasion.web import addresses
from suasion.web.jobs import Failed
from suasion.web.models import ABSENT, LATER, Health
from suasion.web.queues import QueueName
from suasion.web.routes_scenario import answer_in, question_of
from suasion.web.service import Served, Service
from suasion.web.strings import say
from suasion.web.views import WhyPage

PATIENCE = 25.0
"""Seconds that a program waits for the parts of a number before it gets the job instead."""
Typed = Annotated[str, Query(max_length=40)]
Verdict = Annotated[
    Literal["", "agree", "partly", "disagree", "not measurable"], Query(description="Empty for all.")
]
ALIASES = {
    "/pair/{a}/{b}": "/dossier/{a}/{b}",
    "/pair/{a}/{b}/channels": "/dossier/{a}/{b}#channels",
    "/pair/{a}/{b}/products": "/dossier/{a}/{b}#goods",
    "/alignment/{a}/{b}": "/dossier/{a}/{b}#alignment",
    "/triangle/{a}/{b}": "/dossier/{a}/{b}#triangle",
    "/outlook/{a}/{b}": "/dossier/{a}/{b}?full=1#outlook",
    "/levers/{a}/{b}": "/dossier/{a}/{b}?full=1#levers",
    "/state/{a}": "/country/{a}",
    "/methods": "/method",
    "/api/docs": "/api",
}
"""Readable addresses, and the page that answers each."""


pages, twins = APIRouter(include_in_schema=False), APIRouter()
"""Routes of these pages, and their JSON twins."""


def _leads_to(target: str) -> Any:
    """Handler that sends a reader on, states put right."""

    async def lead(request: Request) -> Response:
        states = {key: addresses.country(text) for key, text in request.path_params.items()}
        return RedirectResponse(target.format(**states), 303)

    return lead


def _asked(request: Request) -> dict[str, str]:
    """Arguments of the task.

    Raises InputError: There is no measure.
    """
    question = question_of(request.url.query)
    if not question.measures:
        raise InputError(say("error.no_measure"))
    return {"address": question.address}


async def part(service: Service, request: Request, kind: str, name: str = "") -> Response:
    """Give a form of the parts of a number."""
    given = _asked(request)
    made = await service.long("why", given, queue=None, title=say("job.why"))
    key = service.pool.key("why", given)
    content = await service.formed(f"{key} {kind}", lambda: _why_form(service, given["address"], made, kind))
    return service.answer(request, content, kind, key, name)


@pages.get("/scenario/why")
async def why_page(request: Request, service: Served) -> Response:
    """Show why a number is what it is."""
    return await part(service, request, "html")


@pages.get("/scenario/why.csv")
async def table(request: Request, service: Served) -> Response:
    """Give the parts of a number as CSV."""
    return await part(service, request, "csv", "suasion-why.csv")


def _why_form(service: Service, address: str, kept: Mapping[str, bytes], kind: str) -> bytes:
    """The page of an answer that is kept, or its parts as CSV."""
    answer = answer_in(kept)
    if kind == "html":
        return service.renderer.page("why", WhyPage(question_of(address), answer))
    if answer.absent:
        raise Failed("NotFound", answer.absent.sentence())
    return gzip.compress(
        as_csv(answer.tables[-1] if len(answer.tables) == 1 else answer.table("parts")).encode(), 6, mtime=0
    )


@pages.get("/changes")
async def changes_view(service: Served) -> Response:
    """Show the change log of headline numbers."""
    return service.page("page", changes_page())


@pages.get("/claims")
async def claims_view(request: Request, service: Served, verdict: Typed = "") -> Response:
    """Show the claims of the article."""
    key, page = await claims_made(service, verdict)
    return service.answer(request, page, "html", key)


async def claims_made(service: Service, verdict: str = "") -> tuple[str, bytes]:
    """Return the page of the claims, made once for all who ask, and its key."""
    key = service.pool.key("claims", {"verdict": verdict})
    page = await service.formed(
        f"{key} {service.renderer.look}", lambda: service.renderer.page("page", claims_page(verdict))
    )
    return key, page


@pages.get("/status")
async def status(service: Served) -> Response:
    """Show how the server is."""
    return service.page("status", health_of(service))


def health_of(service: Service) -> Health:
    """How the server is.

    service: Knows its workers and its data.
    """
    ready = service.pool.ready.is_set() and not service.pool.stopping
    return Health(
        status="ok" if ready else "starting",
        version=__version__,
        data=service.pool.facts.get("name", ""),
        world=service.pool.facts.get("world", ""),
        waiting={str(queue): service.pool.waiting(queue) for queue in QueueName},
        ahead=dict(zip(("done", "of"), service.ahead, strict=True)),
    )


for _path, _target in ALIASES.items():
    pages.add_api_route(_path, _leads_to(_target), methods=["GET"])


@pages.get("/replace/{buyer}/{seller}/{code}")
async def replace(buyer: str, seller: str, code: str) -> Response:
    """Lead to who could replace a supplier."""
    names = addresses.country(buyer), addresses.country(seller)
    path = f"/products/{addresses.material(code)}?buyer={names[0]}&stops={names[1]}"
    return RedirectResponse(path, 303)


@twins.get("/api/why", response_model=dict[str, Any], responses={**ABSENT, **LATER})
async def why(request: Request, service: Served) -> Response:
    """Take the numbers of a scenario apart: the parameters are those of /api/scenario."""
    given = _asked(request)
    made = await service.long("why", given, queue=None, patience=PATIENCE)
    return service.answer(request, made["json"], "json", service.pool.key("why", given))


@twins.get("/api/changes", response_model=dict[str, Any])
async def changes() -> Response:
    """Give the change log of headline numbers."""
    return JSONResponse(change_log().to_dict())


@twins.get("/api/claims", response_model=dict[str, Any])
async def claims(verdict: Verdict = "") -> Response:
    """Give the claims of the article that the project began with, each with what is measured and a verdict."""
    return JSONResponse(claims_of(verdict).to_dict())
