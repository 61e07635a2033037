"""The API: the context of every page as JSON, under one OpenAPI document."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from suasion.dossier.context import plain_data
from suasion.dossier.site.about import DataContext, FrontContext, MethodContext, method_context
from suasion.equilibrium.scenario.file import scenario_of
from suasion.questions.scenarios.instruments import KINDS
from suasion.questions.scenarios.reading import query_of
from suasion.web import addresses, routes_answers, routes_more, routes_share, routes_sweep
from suasion.web.jobs import Failed, Job
from suasion.web.models import ABSENT, LATER, WRONG, Health, JobBody, SolveBody
from suasion.web.queues import QueueName
from suasion.web.routes_more import health_of
from suasion.web.routes_pages import dossier_arguments
from suasion.web.routes_scenario import answered, compare_json, compared, question_of
from suasion.web.service import Served, Service

DOSSIER_PATIENCE = 25.0
"""Seconds that a program waits for a dossier before it gets the job instead."""
JobState = Annotated[
    str, Path(max_length=60, description="A state: ISO code or English name.", examples=["RUS"])
]
Words = Annotated[str, Query(max_length=120, description="What to search for; empty for all.")]
JobKey = Annotated[str, Path(max_length=64, description="Key of the job.")]
Names = Annotated[
    list[str] | None, Query(description="States and groups, joined by ~; once for each measure.")
]


FRONT = {"a": "RUS", "b": "CHN", "told": False}
"""The start page whose twin lists what can be asked."""


twins = APIRouter(responses=WRONG)
"""Routes of the API."""


def job_answer(job: Job) -> Response:
    """A job as JSON, with its address."""
    body = JobBody(
        job=job.key,
        state=job.state.value,
        done=job.done,
        total=job.total,
        what=job.what,
        left=job.left,
        message=job.message,
    )
    headers = {"location": f"/api/jobs/{job.key}", "retry-after": "3", "cache-control": "no-store"}
    return JSONResponse(body.model_dump(), 202, headers)


async def solved(service: Service, request: Request, address: str) -> Response:
    """Answer a scenario by its address.

    service: has it solved.
    request: who asks.
    address: query string of the scenario.
    Raises Failed: There is no measure, or no answer.
    """
    question = question_of(address)
    made = await answered(service, question)
    return service.answer(
        request, made["json"], "json", service.pool.key("scenario", {"address": question.address})
    )


@twins.get("/api/front", response_model=FrontContext)
async def front(request: Request, service: Served) -> Response:
    """What can be asked: states, groups, leading questions."""
    return await service.handed(request, "front", FRONT, "json")


@twins.get("/api/data", response_model=DataContext)
async def data(request: Request, service: Served) -> Response:
    """Where every number comes from."""
    return await service.handed(request, "data", {}, "json")


@twins.get("/api/method", response_model=MethodContext)
async def method() -> Response:
    """How the numbers are made."""
    return JSONResponse(plain_data(method_context(), "method"))


@twins.get("/api/scenario", response_model=dict[str, Any], responses={**ABSENT, **LATER})
async def by_address(
    request: Request,
    service: Served,
    do: Annotated[
        list[str] | None, Query(description=f"Instrument of each measure: {', '.join(KINDS)}.")
    ] = None,
    by: Names = None,
    on: Names = None,
    goods: Annotated[
        list[str] | None, Query(alias="in", description="Goods: a bundle such as energy, or codes.")
    ] = None,
    size: Annotated[
        list[str] | None, Query(description="Size in the unit of the instrument, mostly per cent.")
    ] = None,
    how: Annotated[list[str] | None, Query(description="Variant: set, exporter, imports, exports.")] = None,
    use: Annotated[
        list[str] | None, Query(description="Purchases that it hits: inputs or final; all without it.")
    ] = None,
    part: Annotated[list[str] | None, Query(description="Per cent of each flow that it hits.")] = None,
    since: Annotated[list[str] | None, Query(description="First day in force, as 2022-12-05.")] = None,
    until: Annotated[list[str] | None, Query(description="Last day in force.")] = None,
    years: Annotated[str, Query(description="Horizon, 1 to 10.")] = "1",
    ease: Annotated[str, Query(description="Factor on sigma - 1, 0.25 to 4.")] = "1",
    swap: Annotated[str, Query(description="Factor on zeta and epsilon, 0.25 to 4.")] = "1",
    deficits: Annotated[str, Query(description="Deficit rule: balance, world, gdp, eliminate.")] = "balance",
    bands: Annotated[str, Query(description="1 asks for 90 % bands.")] = "",
    name: Annotated[str, Query(description="Your title.")] = "",
    year: Annotated[str, Query(description="Year of membership of groups.")] = "",
    day: Annotated[str, Query(description="Take only measures in force on this day.")] = "",
) -> Response:
    """Solve the scenario that stands in the address; the parameters are those of the page /scenario."""
    return await solved(service, request, request.url.query)


@twins.post("/api/scenario", response_model=dict[str, Any], responses={**ABSENT, **LATER})
async def by_body(request: Request, service: Served, body: SolveBody) -> Response:
    """Solve a scenario file given as JSON."""
    scenario = scenario_of(body.scenario)
    asked = replace(
        query_of(scenario), years=body.years, ease=body.ease, swap=body.swap, deficits=body.deficits
    )
    return await solved(service, request, asked.address)


@twins.get("/api/compare", response_model=dict[str, Any], responses={**ABSENT, **LATER})
async def compare(
    request: Request,
    service: Served,
    s: Annotated[list[str], Query(min_length=1, max_length=4, description="Query strings of scenarios.")],
) -> Response:
    """Lay up to four scenarios side by side."""
    return JSONResponse(compare_json(await compared(service, s)))


@twins.get("/api/dossier/{a}/{b}", response_model=dict[str, Any], responses={**ABSENT, **LATER})
async def dossier(
    request: Request,
    service: Served,
    a: JobState,
    b: JobState,
    audience: Annotated[
        str | None, Query(max_length=400, description="Third parties, joined by ~; `none`.")
    ] = None,
    bands: Annotated[str, Query(max_length=1, description="1 asks for 90 % bands.")] = "",
    full: Annotated[str, Query(max_length=1, description="1 asks for the chapters that take minutes.")] = "",
) -> Response:
    """Give the dossier on two states."""
    given = dossier_arguments(a, b, audience, bands, full)
    queue = QueueName.long if given["bands"] or given["full"] else None
    made = await service.long("dossier", given, queue=queue, patience=DOSSIER_PATIENCE)
    return service.answer(request, made["json"], "json", service.pool.key("dossier", given))


@twins.get("/api/products", response_model=dict[str, Any])
async def products(request: Request, service: Served, q: Words = "") -> Response:
    """List the raw materials, the fewest suppliers first."""
    return await service.handed(request, "products", {"search": q.strip()}, "json")


@twins.get("/api/products/{code}", response_model=dict[str, Any], responses=ABSENT)
async def product(
    request: Request,
    service: Served,
    code: Annotated[str, Path(max_length=12, description="HS 1992 code.", examples=["270900"])],
    buyer: Annotated[str, Query(max_length=60, description="Whose imports; empty for the world.")] = "",
    stops: Annotated[
        str, Query(max_length=60, description="Supplier that stops; empty for the largest.")
    ] = "",
) -> Response:
    """Give suppliers and buyers of one raw material, and who could step in."""
    arguments = {"code": addresses.material(code), "buyer": buyer, "stops": stops}
    return await service.handed(request, "product", arguments, "json")


for _part in (routes_sweep, routes_more, routes_share, routes_answers):
    twins.include_router(_part.twins)


def _found(service: Service, key: str) -> Job:
    job = service.pool.seen(key)
    if job is None:
        raise Failed("NotFound", "There is no such job here.")
    return job


def _told(job: Job) -> Response:
    answer = job_answer(job)
    answer.status_code = 200
    return answer


@twins.get("/api/jobs/{key}", response_model=JobBody, responses=ABSENT)
async def job(service: Served, key: JobKey) -> Response:
    """Say where a long job stands."""
    return _told(_found(service, key))


@twins.post("/api/jobs/{key}/cancel", response_model=JobBody, responses=ABSENT)
async def cancel(service: Served, key: JobKey) -> Response:
    """Cancel a long job, which can still be asked for then."""
    service.pool.cancel(_found(service, key))
    return _told(_found(service, key))


@twins.get("/healthz", response_model=Health)
async def health(service: Served) -> Response:
    """Say whether the server can answer."""
    found = health_of(service)
    return JSONResponse(found.model_dump(), 200 if found.status == "ok" else 503)


@twins.get("/metrics", response_class=PlainTextResponse)
async def metrics(service: Served) -> Response:
    """Give the server's counters in the text format of Prometheus."""
    gauges = {
        **{f"{queue}_waiting": service.pool.waiting(queue) for queue in QueueName},
        "ready": int(service.pool.ready.is_set()),
    }
    return PlainTextResponse(service.metrics.text(gauges))
