"""Every error of a request becomes a page with neighbours or, for programs, the same as JSON."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from suasion.errors import SuasionError, of_check
from suasion.nearest import nearest
from suasion.web.addresses import neighbours
from suasion.web.jobs import LIMITS, OURS, Busy, Deferred, Failed
from suasion.web.render import NAV
from suasion.web.routes_api import job_answer
from suasion.web.routes_pages import waiting
from suasion.web.service import STATUS, Service
from suasion.web.strings import say
from suasion.web.views import answer_view

log = logging.getLogger("suasion.web")
Links = tuple[tuple[str, str], ...]
METHODS = ("DELETE", "GET", "POST")
TITLED = (404, 405, 409, 410, 422, 429, 500, 501, 503)
"""Statuses with a title of their own."""


def add_handlers(app: FastAPI, service: Service) -> None:
    """Attach the handlers.

    app: the application.
    service: renders their pages.
    """

    def told(request: Request, status: int, kind: str, message: str, links: Links = ()) -> Response:
        name = "limit" if kind in LIMITS else status if status in TITLED else "other"
        title = say(f"error.{name}")
        return service.error_response(request, status, kind, title, message, links)

    @app.exception_handler(Failed)
    async def on_failed(request: Request, error: Failed) -> Response:
        status = status_of(request, error.kind)
        message = shown_message(error.kind, str(error))
        answer = told(request, status, error.kind, message, links_for(request, error.kind))
        if status == 503:
            answer.headers["retry-after"] = "5"
        return answer

    @app.exception_handler(SuasionError)
    async def on_error(request: Request, error: SuasionError) -> Response:
        kind = type(error).__name__
        message = shown_message(kind, " ".join(str(error).split()))
        _note(kind, str(error))
        return told(request, status_of(request, kind), kind, message, links_for(request, kind))

    @app.exception_handler(Busy)
    async def on_busy(request: Request, error: Busy) -> Response:
        answer = told(request, 429, "Busy", str(error))
        answer.headers["retry-after"] = str(error.seconds)
        return answer

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        what = of_check(str(first["msg"])).rstrip(".")
        return told(request, status_of_invalid(request, error), "InputError", f"{place}: {what}.")

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        message = str(error.detail) if error.status_code != 404 else say("error.nothing_here")
        links = near_paths(request.url.path) if error.status_code == 404 else ()
        answer = told(request, error.status_code, "NotFound" if links else "Http", message, links)
        answer.headers.update(error.headers or {})
        answer.headers.update(allow_of(app, request) if error.status_code == 405 else {})
        return answer

    _add_deferred(app, service)


def _add_deferred(app: FastAPI, service: Service) -> None:
    """Attach the handler of what takes longer: the job, as a page or, for programs, as JSON."""

    @app.exception_handler(Deferred)
    async def on_deferred(request: Request, error: Deferred) -> Response:
        path = request.url.path
        if path.startswith("/api/") and not (error.title and path.endswith(".html")):
            return job_answer(error.job)
        known = await run_in_threadpool(answer_view, error.central, "", "h2") if error.central else None
        return waiting(service, request, error.job, error.title or say("job.slow"), central=known)


def shown_message(kind: str, message: str) -> str:
    """What a reader is told of an error: its message where it is about the question, for others may name a folder.

    kind: name of the error.
    message: its words.
    """
    if kind in OURS:
        return say("error.disk" if kind in ("Disk", "OutputError") else "error.fault")
    return message


def _note(kind: str, message: str) -> None:
    """Log what is for who runs the server: readers are told that it was noted."""
    if kind in OURS:
        log.error("fault", extra={"fields": {"kind": kind, "where": message}})


def status_of(request: Request, kind: str) -> int:
    """Status of a kind of error: under /api, 422 says that a request does not fit the document, and nothing else.

    request: its path.
    kind: name of the error; one of files, data or ourselves is no fault of the question.
    """
    status = STATUS.get(kind, 500 if kind in OURS else 422)
    return 409 if status == 422 and request.url.path.startswith("/api/") else status


def status_of_invalid(request: Request, error: RequestValidationError) -> int:
    """Status of a request that a model refuses: what a schema cannot say is no fault of its form.

    request: its path.
    error: of the model.
    """
    beyond = all(one["type"] == "value_error" for one in error.errors())
    return status_of(request, "InputError") if beyond else 422


def allow_of(app: FastAPI, request: Request) -> dict[str, str]:
    """Header with the methods that a path takes, of all routes that lead there.

    app: has the routes.
    request: its path.
    """
    taken = (
        method
        for method in METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in app.routes)
    )
    return {"allow": ", ".join(taken)}


def near_paths(path: str) -> Links:
    """Pages whose address is close to one that does not exist; all of them where none is."""
    known = dict(NAV)
    close = nearest(path, list(known), 3)
    return tuple((known[address], address) for address in close) or tuple((w, a) for a, w in NAV)


def links_for(request: Request, kind: str) -> Links:
    """Neighbours of a country that does not exist, as links to the same page with it put right."""
    if kind == "Gone":
        return ((say("error.same_today"), f"/scenario?{request.url.query}"),)
    if kind == "NoBrowser":
        tail = f"?{request.url.query}" if request.url.query else ""
        page = request.url.path.removesuffix(".pdf")
        return ((say("error.print_it"), page + tail), (say("error.keep_it"), f"{page}.html{tail}"))
    if kind == "NotFound" and request.url.path.startswith("/products/"):
        from suasion.dossier.site.materials import near_materials

        near = near_materials(request.url.path.removeprefix("/products/")[:40])
        return tuple((name, f"/products/{code}") for name, code in near)
    if kind not in ("UnknownCountryError", "AmbiguousCountryError"):
        return ()
    path, links = request.url.path, []
    for part in path.strip("/").split("/")[1:]:
        for name, code in neighbours(part):
            links.append((name, path.replace(part, code, 1)))
    if path == "/dossier":
        given = {key: request.query_params.get(key, "") for key in ("a", "b")}
        for key, text in given.items():
            links += [(name, f"/dossier?a={code}&b={given['b']}" if key == "a" else f"/dossier?a={given['a']}&b={code}")
                      for name, code in neighbours(text)]  # fmt: skip
    return tuple(link for link in links if not link[1].endswith("="))[:8]
