"""Addresses of the site: home, countries, pairs, leverage and the search; and what is made before it is asked."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from suasion.coercion.straits.model import straits_file
from suasion.dossier.context import plain_data
from suasion.web.strings import say
from suasion.dossier.site.pages import ASKED, tariff_days
from suasion.dossier.site.search import search_page
from suasion.queries import readings
from suasion.questions.before_after import WATCHED
from suasion.sources.groups import group_code
from suasion.web import addresses
from suasion.web.site.asked import answer_box
from suasion.web.jobs import Busy, Deferred, Failed, QueueName
from suasion.web.routes_pages import address_asked, dossier_arguments
from suasion.web.service import Served, Service

A, B = "RUS", "CHN"
"""The sentence that the start page opens with."""
BLOCS = ("EU", "ASEAN", "G7", "BRICS")
LARGE = (
    "USA", "CHN", "DEU", "JPN", "IND", "GBR", "FRA", "ITA", "BRA", "CAN", "RUS", "KOR", "AUS", "MEX", "ESP", "IDN",
    "TUR", "NLD", "SAU", "POL", "TWN", "UKR", "KAZ", "VNM", "IRN",
)  # fmt: skip
"""Whose pairs with the first three are asked most. Assumption."""
OFTEN = tuple(
    dict.fromkeys(
        [
            (A, B),
            *ASKED,
            *((a, b) for a in LARGE for b in ("CHN", "USA", "RUS") if a != b),
        ]
    )
)[:60]
"""Pairs whose dossiers are made before they are asked, those that the start page offers first."""
PAUSE_SECONDS = 600.0
Text = Annotated[str, Query(max_length=120)]


pages, twins = APIRouter(include_in_schema=False), APIRouter()
"""Routes of these pages, and the search for programs."""


async def precompute(service: Service) -> None:
    """Make pages of countries, measures of the start page and often asked dossiers, one by one, behind everybody else.

    service: has them made; what is kept already is not made again.
    """
    jobs = await run_in_threadpool(ahead)
    for done, (task, arguments) in enumerate(jobs):
        service.ahead = (done, len(jobs))
        if service.cache.holds(service.pool.key(task, arguments)):
            continue
        with contextlib.suppress(Failed, Busy):
            await _waited(service, task, arguments)
    service.ahead = (len(jobs), len(jobs))


async def _waited(service: Service, task: str, arguments: dict[str, object]) -> None:
    """Wait for a result, however long it takes."""
    while True:
        with contextlib.suppress(Deferred):
            await service.long(task, arguments, queue=QueueName.ahead, patience=PAUSE_SECONDS)
            return


def ahead() -> list[tuple[str, dict[str, object]]]:
    """Tasks, with their arguments, that are done before anybody asks for what they make."""
    jobs: list[tuple[str, dict[str, object]]] = [("measures", {})]
    jobs += [("country", {"name": name}) for name in (*BLOCS, *_countries())]
    jobs += [("strait", {"name": name}) for name in straits_file()["straits"]]
    return jobs + [("dossier", dossier_arguments(a, b, None, "")) for a, b in OFTEN]


def _countries() -> tuple[str, ...]:
    from suasion.world import load_world

    return tuple(load_world().states)


@pages.get("/")
async def front(request: Request, service: Served, a: Text = A, b: Text = B) -> Response:
    """Show the start page."""
    given = {"a": addresses.country(a or A), "b": addresses.country(b or B)}
    await service.ready()
    told = service.cache.get(service.pool.key("measures", {}))
    asked = {**given, "told": told is not None}
    sent = {} if told is None else {"measures": told["json"]}
    made = await service.parts("front", asked, sent=sent)
    return service.answer(request, made["html"], "html", service.pool.key("front", asked))


@pages.get("/pairs")
async def pairs(request: Request, service: Served) -> Response:
    """Show the choice of two states."""
    return await service.handed(request, "pairs", {}, "html")


@pages.get("/countries")
async def countries(request: Request, service: Served) -> Response:
    """Show all countries and blocs."""
    return await service.handed(request, "countries", {}, "html")


@pages.get("/country/{code}")
async def country(request: Request, service: Served, code: str) -> Response:
    """Show one country or bloc."""
    name = addresses.side(code)
    if name != code:
        return RedirectResponse(f"/country/{name}", 303)
    return await service.handed(request, "country", {"name": name}, "html")


@pages.get("/closer/{a}/{b}/{c}")
async def closer(request: Request, service: Served, a: str, b: str, c: str) -> Response:
    """Show whether a state is closer to one or another."""
    given = tuple(addresses.country(code) for code in (a, b, c))
    if given != (a, b, c):
        return RedirectResponse(f"/closer/{'/'.join(given)}", 303)
    return await service.handed(request, "closer", dict(zip("abc", given, strict=True)), "html")


@pages.get("/strait/{name}")
async def strait(request: Request, service: Served, name: str) -> Response:
    """Show what the closing of a strait would cost, and whom."""
    return await _one_of(request, service, "strait", name, straits_file()["straits"])


@pages.get("/tariffs")
async def tariffs(request: Request, service: Served, day: str = "") -> Response:
    """Show what the United States charges on a day on which its tariffs moved, the last without one, and who pays."""
    known = tariff_days()
    if day and day not in known:
        raise HTTPException(404, f"Nothing is known to have moved on {day}; there are {', '.join(known)}.")
    given = {"day": day or known[0]}
    made = await service.long("tariffs", given, queue=None, title=say("job.tariffs"))
    return service.answer(request, made["html"], "html", service.pool.key("tariffs", given))


@pages.get("/measure/{name}")
async def measure(request: Request, service: Served, name: str) -> Response:
    """Show trade before and after a measure, and what the model had said of it."""
    return await _one_of(request, service, "measure", name, WATCHED)


async def _one_of(request: Request, service: Service, page: str, name: str, known: Iterable[str]) -> Response:
    """Show a page of one of a few names, in small letters."""
    if name.casefold() not in known:
        raise HTTPException(404, f"There is no {page} {name!r}; there are {', '.join(known)}.")
    if name.casefold() != name:
        return RedirectResponse(f"/{page}/{name.casefold()}", 303)
    return await service.handed(request, page, {"name": name}, "html")


@pages.get("/forecasts")
async def forecasts(request: Request, service: Served) -> Response:
    """Show what is forecast and frozen, as of today."""
    return await service.handed(request, "forecasts", {"day": dt.date.today().isoformat()}, "html")


@pages.get("/trial")
async def trial(request: Request, service: Served) -> Response:
    """Show what the model foresaw of measures, and what happened."""
    return await service.handed(request, "trial", {}, "html")


@pages.get("/leverage")
async def leverage(request: Request, service: Served, holder: Text = "", group: Text = "", when: Text = "") -> Response:
    """Show who has leverage over whom."""
    given = {
        "holder": addresses.side(holder) if holder.strip() else "",
        "group": addresses.side(group) if group.strip() else "",
        "later": when == "ten",
    }
    return await service.handed(request, "leverage", given, "html")


@pages.get("/leverage.csv")
async def table(request: Request, service: Served) -> Response:
    """Give the losses of all pairs as CSV."""
    given = {"holder": "", "group": "", "later": False}
    return await service.handed(request, "leverage", given, "csv", "suasion-leverage.csv")


@pages.get("/leverage/{code}")
async def of(code: str) -> Response:
    """Lead to the leverage of one holder."""
    return RedirectResponse(f"/leverage?holder={addresses.side(code)}", 303)


@pages.get("/search")
async def search(request: Request, service: Served, q: Text = "") -> Response:
    """Answer a plain question, and show what else a search finds."""
    page, box = await run_in_threadpool(search_page, q), await answer_box(service, q)
    return service.page("search", page | {"box": box, "target": address_asked(request)})


@twins.get("/api/ask")
async def understood(
    q: Annotated[str, Query(max_length=120, description="A question in plain English or German.")] = "",
) -> Response:
    """Give the readings of a plain question, the likeliest first: question, arguments, command."""
    found = await run_in_threadpool(readings, q)
    told = [{"question": one.question, "arguments": dict(one.arguments), "command": one.command} for one in found]
    return JSONResponse({"text": q, "readings": told})


@twins.get("/api/search")
async def found(
    q: Annotated[str, Query(max_length=120, description="A country, pair, good or measure.")] = "",
) -> Response:
    """Give addresses of countries, pairs, goods and measures by their names and what people call them."""
    return JSONResponse(plain_data(await run_in_threadpool(search_page, q), "page"))
