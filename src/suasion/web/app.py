"""Put the application together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from suasion import __version__
from suasion.errors import SuasionError
from suasion.web import routes_api, routes_more, routes_pages, routes_scenario, routes_share, routes_sweep
from suasion.web.cache import ResultCache
from suasion.web.errors import add_handlers
from suasion.web.guard import Guard
from suasion.web.jobs import Busy, Deferred, Failed
from suasion.web.languages import Languages
from suasion.web.metrics import Metrics
from suasion.web.pool import FORGET_SECONDS, Pool
from suasion.web.render import STATIC, Renderer, StaticFile, static_files
from suasion.web.service import Service, takes_gzip
from suasion.web.settings import Settings
from suasion.web.site import routes as site_routes

ANYWHERE = {"cross-origin-resource-policy": "cross-origin"}
"""An embedded figure in a sandbox has no origin of its own, and still needs its look."""
YEAR = "public, max-age=31536000, immutable"
TRIM_SECONDS = 600
METHODS = ("get", "post", "delete")


ROUTERS = (
    routes_api.twins,
    routes_more.pages,  # before the pages, whose paths would take some of these
    site_routes.pages,
    site_routes.twins,
    routes_scenario.pages,
    routes_pages.pages,
    routes_share.pages,
    routes_sweep.pages,
)


def create_app(settings: Settings) -> FastAPI:
    """Build the application; its workers start with it and stop with it.

    settings: limits and places.
    """
    files = static_files()
    assets = {name: file.address for name, file in files.items()}
    cache, metrics = ResultCache(settings.cache, settings.cache_bytes), Metrics()
    service = Service(settings, cache, Pool(settings, cache, assets), metrics, Renderer(assets))
    app = FastAPI(
        title="Suasion",
        version=__version__,
        description="Economic dependence and leverage between states: the context of every page as JSON.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lambda app: life(service),
    )
    for router in ROUTERS:
        app.include_router(router)
    _add_documents(app, service)
    _add_static(app, files)
    add_handlers(app, service)
    app.add_middleware(Languages)
    app.add_middleware(Guard, settings=settings, metrics=metrics)
    app.state.service = service
    return app


@contextlib.asynccontextmanager
async def life(service: Service) -> AsyncIterator[None]:
    """Start workers, take up what an earlier run left, and stop in good order."""
    service.pool.start()
    work = (first_page(service), resume(service), keep_small(service), forget(service))
    background = [asyncio.create_task(one) for one in work]
    yield
    for task in background:
        task.cancel()
    await service.pool.stop()


async def first_page(service: Service) -> None:
    """Read the data and make the start page and the claims while the workers start: what is kept needs none of them."""
    with contextlib.suppress(SuasionError):  # who asks for it is told
        service.pool.became_ready(await asyncio.to_thread(service.facts))
        await service.parts("front", {"a": site_routes.A, "b": site_routes.B, "told": False})
        await routes_more.claims_made(service)


async def forget(service: Service) -> None:
    """Drop jobs that nobody asks for any more."""
    while True:
        service.pool.forget()
        await asyncio.sleep(FORGET_SECONDS)


async def resume(service: Service) -> None:
    """Do the long jobs that an earlier run left, then what is asked most, ahead of the first reader."""
    await service.pool.ready.wait()
    jobs: list[tuple[str, dict[str, Any]]] = service.cache.kept_jobs()
    for task, arguments in jobs:
        with contextlib.suppress(Failed, Busy, Deferred):
            await service.long(task, arguments)
    if service.settings.ahead:
        await site_routes.precompute(service)


async def keep_small(service: Service) -> None:
    """Drop old results now and then."""
    while True:
        await asyncio.to_thread(service.cache.trim)
        await asyncio.sleep(TRIM_SECONDS)


def _add_static(app: FastAPI, files: dict[str, StaticFile]) -> None:
    by_name = {file.address.removeprefix(STATIC): file for file in files.values()}
    by_kind = {name: file.address for name, file in files.items()}

    @app.get(STATIC + "{name}", include_in_schema=False)
    async def static(request: Request, name: str) -> Response:
        file = by_name.get(name)
        if file is None:  # a page that an earlier version froze asks for the look of its day: it gets today's
            stem, _, kind = name.partition(".")
            today = by_kind.get(f"{stem}.{kind.rpartition('.')[2]}")
            if today is None:
                raise HTTPException(404)
            return RedirectResponse(today, 307)
        gzipped = takes_gzip(request)
        headers = {"cache-control": YEAR, "vary": "Accept-Encoding", **ANYWHERE}
        if gzipped:
            headers["content-encoding"] = "gzip"
        return Response(
            file.gzipped if gzipped else file.content, headers=headers, media_type=file.media_type
        )


def _add_documents(app: FastAPI, service: Service) -> None:
    @app.get("/api/openapi.json", include_in_schema=False)
    async def openapi(request: Request) -> Response:
        return JSONResponse(app.openapi())

    @app.get("/api", include_in_schema=False)
    async def api(request: Request) -> Response:
        return service.page("api", {"version": __version__, "endpoints": endpoints(app.openapi())})


def endpoints(document: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Rows of the API page from the OpenAPI document."""
    return tuple(
        {
            "method": method.upper(),
            "path": path,
            "summary": about.get("description") or about.get("summary", ""),
            "parameters": [
                (p["name"], p["in"], p.get("description", "")) for p in about.get("parameters", ())
            ],
            "statuses": [
                (status, said["description"]) for status, said in sorted(about["responses"].items())
            ],
        }
        for path, methods in document["paths"].items()
        for method, about in methods.items()
        if method in METHODS
    )
