"""Addresses of pages and of what can be downloaded from them."""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.picture.paper import with_fonts
from suasion.dossier.export import can_print
from suasion.dossier.forms import file_of
from suasion.dossier.site.about import method_context
from suasion.questions.scenarios.address import SEPARATOR
from suasion.web import addresses
from suasion.web.jobs import ENDED, Deferred, Failed, Job, QueueName
from suasion.web.pool import NUMBERS_ONLY
from suasion.web.service import PATIENCE, Served, Service
from suasion.web.strings import say

DOSSIER_FORMS = {"html": "file", "zip": "zip", "xlsx": "xlsx", "md": "text", "pdf": "pdf"}
"""Forms of a dossier that are handed out as one file, and the type of each."""
UNDRAWN = ("xlsx", "md")
"""Forms for which nothing is drawn: they are made here, without a worker."""
SHEETS = {"briefing": "pdf", "card": "png"}
"""Sheets of a dossier and the type of each, which is its ending too."""
AT_ONCE = 0.05
"""Seconds before a page says what is known of a pair whose dossier is being made: a model takes longer."""
Text = Annotated[str, Query(max_length=200)]


pages = APIRouter(include_in_schema=False)
"""Routes of these pages; files of a dossier before its page, whose path would take theirs."""


def dossier_arguments(a: str, b: str, audience: str | None, bands: str, full: str = "") -> dict[str, object]:
    """Arguments of the dossier's task.

    a, b: States or groups, as typed.
    audience: as typed; None for the usual one.
    bands: Anything but nothing and 0 asks for bands.
    full: the same for the chapters that take minutes.
    """
    return {
        "a": addresses.side(a),
        "b": addresses.side(b),
        "audience": addresses.audience(audience),
        "bands": bands not in ("", "0"),
        "full": full not in ("", "0"),
    }


async def given_of(
    a: str, b: str, audience: str | None = None, bands: Text = "", full: str = ""
) -> dict[str, object]:
    """Arguments of the dossier's task, of an address."""
    return dossier_arguments(a, b, audience, bands, full)


Given = Annotated[dict[str, object], Depends(given_of)]


async def made_of(
    service: Service, given: Mapping[str, object], title: str, patience: float = PATIENCE
) -> Mapping[str, bytes]:
    """Have a dossier made; one with bands or slow chapters waits in the queue of long jobs.

    service: has it made.
    given: from :func:`dossier_arguments`.
    title: what it is made for.
    patience: seconds to wait.
    """
    queue = QueueName.long if given["bands"] or given["full"] else None
    return await service.long("dossier", given, queue=queue, patience=patience, title=title)


async def there_already(service: Service, given: Mapping[str, object], lacking: str) -> Mapping[str, bytes]:
    """Parts of a dossier for who cannot wait.

    service: has it made.
    given: from :func:`dossier_arguments`.
    lacking: what to say where it is not made yet.
    Raises Failed: It is not.
    """
    try:
        return await made_of(service, given, "")
    except Deferred:
        raise Failed("NotFound", lacking) from None


def one_file_as(form: str) -> Callable[..., Awaitable[Response]]:
    """Handler that gives a dossier as one file of a form.

    form: key of :data:`DOSSIER_FORMS` or :data:`SHEETS`.
    """

    async def one_file(request: Request, service: Served, asked: Given) -> Response:
        if form == "pdf" and not can_print():
            raise Failed("NoBrowser", say("error.no_browser"))
        kept = await made_of(service, asked, say("job.dossier_file", **named(asked)))
        given = {**asked, "form": form}
        end = f"-{form}.{SHEETS[form]}" if form in SHEETS else f".{form}"
        name, key = f"suasion-{asked['a']}-{asked['b']}{end}", service.pool.key("dossier_file", given)
        if form in kept:
            content = kept[form]
        elif form in UNDRAWN:
            content = await run_in_threadpool(file_of, kept["json"], form)
        else:
            content = (await service.parts("dossier_file", given, sent={"content": kept["json"]}))["file"]
        return service.answer(request, content, (DOSSIER_FORMS | SHEETS)[form], key, name)

    return one_file


async def picture_of(service: Service, given: Mapping[str, object], key: str) -> bytes:
    """Picture of a chart, gzip, with its fonts.

    service: has the dossier.
    given: from :func:`dossier_arguments`.
    key: of the chart.
    Raises Failed: There is none.
    """
    lacking = "The dossier has no such picture, or is not made yet."
    made = await there_already(service, given, lacking)
    if f"svg:{key}" not in made:
        raise Failed("NotFound", lacking)
    return gzip.compress(with_fonts(gzip.decompress(made[f"svg:{key}"]).decode()).encode(), 6, mtime=0)


def waiting(
    service: Service,
    request: Request,
    job: Job,
    title: str,
    first: tuple[str, ...] = (),
    central: Mapping[str, str] | None = None,
) -> Response:
    """Page with the progress of a job, which becomes its result.

    service: renders it.
    request: its address is that of the result.
    job: what is being made.
    title: what it is.
    first: what is known before it is made.
    central: the answer without its ranges, as it is laid out.
    """
    target = address_asked(request)
    own = job.task not in NUMBERS_ONLY and service.pool.is_asker(job)
    view = {"job": job, "title": title, "target": target, "own": own, "first": first, "central": central}
    answer = service.page("wait", view, 202)
    answer.headers["retry-after"] = "3"
    return answer


def address_asked(request: Request) -> str:
    """Return path and query of what was asked, where a page goes on when its answer is made."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def named(given: Mapping[str, object]) -> dict[str, str]:
    """Names of the pair of a dossier.

    given: its arguments.
    """
    return {side: DEFAULT_LANGUAGE.country(str(given[side])) for side in "ab"}


@pages.get("/data")
async def data_page(request: Request, service: Served) -> Response:
    """Show where every number comes from."""
    return await service.handed(request, "data", {}, "html")


@pages.get("/method")
async def method(request: Request, service: Served) -> Response:
    """Show how the numbers are made."""
    return service.page("method", method_context())


for _form in DOSSIER_FORMS:
    pages.add_api_route(f"/dossier/{{a}}/{{b}}.{_form}", one_file_as(_form), methods=["GET"])

for _sheet, _end in SHEETS.items():
    pages.add_api_route(f"/{_sheet}/{{a}}/{{b}}.{_end}", one_file_as(_sheet), methods=["GET"])


@pages.get("/dossier/{a}/{b}.json")
async def data(request: Request, service: Served, given: Given) -> Response:
    """Give a dossier as JSON."""
    made = await made_of(service, given, say("job.dossier", **named(given)))
    name = f"suasion-{given['a']}-{given['b']}.json"
    return service.answer(request, made["json"], "json", service.pool.key("dossier", given), name)


@pages.get("/dossier/{a}/{b}/{key}.csv")
async def table(request: Request, service: Served, given: Given, key: str) -> Response:
    """Give a table of a dossier as CSV."""
    made = await made_of(service, given, say("job.table"))
    if f"csv:{key}" not in made:
        raise Failed("NotFound", "The dossier has no such table.")
    name = f"suasion-{given['a']}-{given['b']}-{key}.csv"
    return service.answer(request, made[f"csv:{key}"], "csv", "", name)


@pages.get("/dossier/{a}/{b}/{key}.svg")
async def picture(request: Request, service: Served, given: Given, key: str) -> Response:
    """Give a chart of a dossier as SVG."""
    return service.answer(request, await picture_of(service, given, key), "svg", "")


@pages.get("/dossier")
async def choose(request: Request, a: Text = "", b: Text = "", audience: str | None = None) -> Response:
    """Lead from the form to the dossier of two states."""
    if not (a.strip() and b.strip()):
        return RedirectResponse("/pairs", 303)
    given = dossier_arguments(a, b, audience, "")
    words = SEPARATOR.join(addresses.audience(audience)) or "none"
    usual = words == addresses.DEFAULT_AUDIENCE
    tail = "" if usual else "?" + urlencode({"audience": words}, safe="~")
    return RedirectResponse(f"/dossier/{given['a']}/{given['b']}{tail}", 303)


@pages.get("/dossier/{a}/{b}")
async def dossier(request: Request, service: Served, given: Given, a: str, b: str) -> Response:
    """Show the dossier on two states, or what is known of them while it is made."""
    if (a, b) != (given["a"], given["b"]):
        tail = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/dossier/{given['a']}/{given['b']}{tail}", 303)
    try:
        made = await made_of(service, given, say("job.dossier", **named(given)), AT_ONCE)
    except Deferred as later:
        known = await run_in_threadpool(service.first_answer, str(given["a"]), str(given["b"]))
        return waiting(service, request, later.job, later.title, known)
    return service.answer(request, made["html"], "html", service.pool.key("dossier", given))


@pages.get("/products")
async def products(request: Request, service: Served, q: Text = "") -> Response:
    """Show all raw materials."""
    return await service.handed(request, "products", {"search": q.strip()}, "html")


@pages.get("/products/{code}")
async def product(
    request: Request, service: Served, code: str, buyer: Text = "", stops: Text = ""
) -> Response:
    """Show one raw material."""
    arguments = {"code": addresses.material(code), "buyer": buyer, "stops": stops}
    return await service.handed(request, "product", arguments, "html")


@pages.get("/jobs/{key}")
async def job(request: Request, service: Served, key: str) -> Response:
    """Show where a job stands."""
    found = service.pool.seen(key)
    if found is None or found.state in ENDED:
        raise Failed(
            "NotFound", "No such job is running; its result, if any, is at the address that asked for it."
        )
    return waiting(service, request, found, say("job.any"))


@pages.post("/jobs/{key}/cancel")
async def cancel(request: Request, service: Served, key: str) -> Response:
    """Cancel a job."""
    found = service.pool.jobs.get(key)
    if found is None:
        raise Failed("NotFound", "No such job is running.")
    service.pool.cancel(found)
    told = {"title": say("error.409"), "message": say("error.cancelled"), "links": ()}
    return service.page("error", told)
