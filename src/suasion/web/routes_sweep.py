"""Addresses of sweeps: a form, a job with progress and cancel, then one table of all scenarios."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from suasion.errors import InputError
from suasion.questions.scenarios.reading import fields_of
from suasion.questions.scenarios.sweep import TWO_SIDED, SweepQuery, parse_sweep
from suasion.web.models import ABSENT, LATER
from suasion.web.routes_scenario import answer_in
from suasion.web.service import Served
from suasion.web.strings import say
from suasion.web.views import SweepPage

Words = Annotated[str, Query(description="Names joined by ~.")]


def sweep_of(text: str) -> SweepQuery:
    """Read a sweep from a query string.

    Raises InputError: It has too many fields, or one of them is not valid.
    """
    return parse_sweep(fields_of(text))


pages, twins = APIRouter(include_in_schema=False), APIRouter()
"""Routes of sweeps, and the sweep as JSON."""


async def part(service: Served, request: Request, kind: str, name: str) -> Response:
    """Give a file of a sweep."""
    query = sweep_of(request.url.query)
    made = await service.long("sweep", {"address": query.address}, title=say("job.sweep"))
    return service.answer(request, made[kind], kind, "", name)


@pages.get("/sweep")
async def sweep_page(request: Request, service: Served) -> Response:
    """Show the form of a sweep, or its table."""
    query = sweep_of(request.url.query)
    if request.url.query not in ("", query.address):
        return RedirectResponse(f"/sweep?{query.address}", 303)
    arguments = {"address": query.address}
    if not query.by or not query.on:
        return service.page("sweep", SweepPage(service.options, query))
    made = await service.long("sweep", arguments, title=say("job.sweep"))
    key = service.pool.key("sweep", arguments)
    view = SweepPage(service.options, query, answer_in(made))
    page = await service.formed(
        f"{key} html {service.renderer.look}", lambda: service.renderer.page("sweep", view)
    )
    return service.answer(request, page, "html", key)


@pages.get("/sweep.csv")
async def table(request: Request, service: Served) -> Response:
    """Give the table of a sweep as CSV."""
    return await part(service, request, "csv", "suasion-sweep.csv")


@pages.get("/sweep.yaml")
async def grid(request: Request, service: Served) -> Response:
    """Give the grid file of a sweep."""
    return await part(service, request, "yaml", "grid.yaml")


@twins.get("/api/sweep", response_model=dict[str, Any], responses={**ABSENT, **LATER})
async def sweep(
    request: Request,
    service: Served,
    by: Words,
    on: Words,
    do: Annotated[str, Query(description=f"Instruments joined by ~: {', '.join(TWO_SIDED)}.")] = "embargo",
    size: Annotated[str, Query(description="Sizes in per cent joined by ~.")] = "",
    goods: Annotated[str, Query(alias="in", description="Bundles or codes joined by ~.")] = "all",
    years: Annotated[str, Query(description="Horizons joined by ~, 1 to 10.")] = "1~10",
) -> Response:
    """Solve every combination of sides, instruments, sizes, goods and horizons."""
    query = sweep_of(request.url.query)
    if not query.by or not query.on:
        raise InputError("Name at least one coalition (`by`) and one target (`on`).")
    made = await service.long("sweep", {"address": query.address})
    return service.answer(
        request, made["json"], "json", service.pool.key("sweep", {"address": query.address})
    )
