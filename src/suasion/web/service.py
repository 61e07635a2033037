"""Between the routes and the workers: look into the cache, else have it made, and wait within reason."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from suasion.answers.catalogue import spoken
from suasion.questions.scenarios.address import digest
from suasion.questions.scenarios.instruments import BuilderOptions
from suasion.sources.groups import is_group
from suasion.store import Recent
from suasion.web.cache import Parts, ResultCache, facts_of
from suasion.web.guard import error_body
from suasion.web.jobs import Busy, Deferred, Failed, Job, QueueName
from suasion.web.metrics import Metrics
from suasion.web.pool import NO_PARTS, QUICK_RETRY, Pool
from suasion.web.render import Renderer
from suasion.web.settings import Settings

if TYPE_CHECKING:
    from suasion.web.site.tasks import SiteTasks
    from suasion.world import World

PATIENCE = 1.5
"""Seconds that a page waits for a long job before it shows the progress instead."""
WAIT_SECONDS = 5.0
"""Seconds that a question may wait beyond the time that its work may take."""
HERE = (
    "closer",
    "countries",
    "country",
    "data",
    "forecasts",
    "front",
    "leverage",
    "measure",
    "pairs",
    "trial",
)
"""Tasks that the server does itself: with every worker dead or busy they are there."""
HERE_SECONDS = 2.0
"""How long such a page waits for others to be made, before it is left to the workers."""
MOST_FORMED = 256
"""Forms of results that are remembered."""
TYPES = {
    "html": "text/html; charset=utf-8",
    "part": "text/html; charset=utf-8",
    "file": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "yaml": "application/yaml; charset=utf-8",
    "svg": "image/svg+xml",
    "zip": "application/zip",
    "pdf": "application/pdf",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text": "text/markdown; charset=utf-8",
}
STATUS = {
    "NotFound": 404,
    "Gone": 410,
    "UnknownCountryError": 404,
    "AmbiguousCountryError": 404,
    "Cancelled": 409,
    "Overload": 503,
    "TimeLimit": 422,
    "MemoryLimit": 422,
    "MemoryError": 422,
    "Stopped": 503,
    "Starting": 503,
    "Disk": 503,
    "OutputError": 503,
    "Fault": 500,
    "NoBrowser": 501,
}
"""Status of each kind of error; all others are faults of the question, 422."""


class Service:
    """Everything that routes need.

    ahead: pages made before they are asked for: done, and of how many.
    settings: limits.
    cache, pool, metrics, renderer: The parts of the server.
    """

    def __init__(
        self, settings: Settings, cache: ResultCache, pool: Pool, metrics: Metrics, renderer: Renderer
    ) -> None:
        self.settings, self.cache, self.pool = settings, cache, pool
        self.metrics, self.renderer = metrics, renderer
        self.ahead = (0, 0)
        self._desk = asyncio.Lock()
        self._formed: Recent[str, bytes] = Recent(MOST_FORMED)
        self._options: dict[str, BuilderOptions] = {}
        self._collecting: dict[str, asyncio.Task[None]] = {}

    async def parts(
        self, task: str, arguments: Mapping[str, Any], *, keep: bool = True, sent: Parts = NO_PARTS
    ) -> Parts:
        """Parts of a result that takes a moment: kept, or made now.

        task: name of the task.
        arguments: its arguments, plain data.
        keep: whether the result is worth keeping.
        sent: results that it is made from, beside its arguments.
        Raises Busy: The queue is full.
        Raises Failed: The question has no answer.
        Raises Deferred: The question is slow, and its answer is being made.
        """
        kept = await self._kept(task, arguments)
        if kept is not None:
            return kept
        if ships(task, arguments) and (here := await self._here(task, arguments, sent)) is not None:
            return here
        job = self.pool.submit(task, arguments, sent=sent)
        made = await self._made(job)
        if keep:
            self.cache.put(job.key, made)
        self.metrics.note_result("made")
        return made

    async def _made(self, job: Job) -> Parts:
        try:
            async with asyncio.timeout(self.settings.quick_seconds + WAIT_SECONDS):
                with self.pool.waited_for(job):
                    return await self.pool.result(job)
        except Deferred:
            self._gather(job)
            raise
        except TimeoutError:  # most of it in the queue: work that runs too long ends itself
            raise Busy(QUICK_RETRY) from None

    async def long(
        self,
        task: str,
        arguments: Mapping[str, Any],
        *,
        queue: QueueName | None = QueueName.long,
        patience: float = PATIENCE,
        title: str = "",
        central: Mapping[str, Any] | None = None,
    ) -> Parts:
        """Parts of a result that takes long: kept, or made within the patience of who asks.

        task: name of the task.
        arguments: its arguments, plain data.
        queue: where it waits; None for that of its task.
        patience: seconds to wait.
        title: what is made, for who has to wait longer.
        central: arguments of what is made and shown before.
        Raises Busy: The queue is full.
        Raises Failed: The question has no answer.
        Raises Deferred: It takes longer.
        """
        kept = await self._kept(task, arguments)
        if kept is not None:
            return kept
        known = {} if central is None else await self.long(task, central, queue=queue, title=title)
        job = self.pool.submit(task, arguments, queue=queue)
        self._gather(job)
        try:
            async with asyncio.timeout(patience):
                with self.pool.waited_for(job):
                    return await self.pool.result(job, slow=True)
        except TimeoutError:
            raise Deferred(job, title, known.get("json", b"")) from None

    async def _kept(self, task: str, arguments: Mapping[str, Any]) -> Parts | None:
        await self.ready()
        key = self.pool.key(task, arguments)
        kept = self.cache.get(key)
        if kept is not None:
            self.metrics.note_result("cache")
        return kept

    def _gather(self, job: Job) -> None:
        """Keep the result of a long job when it comes, whoever waits for it."""
        if job.key not in self._collecting:
            made = self._collecting[job.key] = asyncio.get_running_loop().create_task(self._collect(job))
            made.add_done_callback(lambda _: self._collecting.pop(job.key, None))

    async def _collect(self, job: Job) -> None:
        try:
            made = await self.pool.result(job, slow=True)
        except (Busy, Failed):
            return
        self.cache.put(job.key, made)
        self.metrics.note_result("made")

    async def _here(self, task: str, arguments: Mapping[str, Any], sent: Parts) -> Parts | None:
        """Parts of a page of what ships, made in the server: they need neither a model nor a worker.

        One after the other; None where others take too long, and the workers' queues are fairer.
        """
        try:
            async with asyncio.timeout(HERE_SECONDS):
                await self._desk.acquire()
        except TimeoutError:
            return None
        try:
            kept = await self._kept(task, arguments)
            if kept is not None:
                return kept
            make = getattr(self.site, f"do_{task}")
            made: Parts = await run_in_threadpool(make, lambda done, total, what: None, **arguments, **sent)
            self.cache.put(self.pool.key(task, arguments), made)
            self.metrics.note_result("made")
            return made
        finally:
            self._desk.release()

    def facts(self) -> dict[str, str]:
        """What results depend on beside the question; it reads the data."""
        return facts_of(self.world, self.renderer.look)

    def first_answer(self, a: str, b: str) -> tuple[str, ...]:
        """What is known of a pair before its dossier is made; made here, of what ships."""
        from suasion.dossier.site.first import first_answer

        return first_answer(self.world, a, b)

    @cached_property
    def site(self) -> SiteTasks:
        """Makes pages of what ships."""
        from suasion.web.site.tasks import SiteTasks

        return SiteTasks(self.world, self.renderer)

    @cached_property
    def world(self) -> World:
        """The world that pages are made of, for what needs no model."""
        from suasion.world import load_world

        return load_world()

    @property
    def options(self) -> BuilderOptions:
        """What the builder of scenarios offers, in the language that is spoken."""
        from suasion.dossier.site.about import options

        if spoken() not in self._options:
            self._options[spoken()] = options(self.world)
        return self._options[spoken()]

    async def formed(self, key: str, make: Callable[[], bytes]) -> bytes:
        """A form of a result that is kept: made here, beside the loop, and remembered for a while.

        key: of the result and of the form.
        make: Returns it, compressed.
        """
        found = self._formed.get(key)
        return found if found is not None else self._formed.put(key, await run_in_threadpool(make))

    def freeze(self, run: str, html: bytes) -> None:
        """Keep the page of a run, so that later data or versions do not replace it.

        run: first letters of the run's hash.
        html: the page, gzip.
        """
        key = digest(["frozen", run])
        if self.cache.get(key) is None:
            self.cache.put(key, {"html": html})

    def frozen(self, run: str) -> bytes | None:
        """Page of a run that was kept, gzip; None where there is none."""
        kept = self.cache.get(digest(["frozen", run]))
        return None if kept is None else kept["html"]

    async def ready(self) -> None:
        """Wait until the first worker has its model.

        Raises Failed: It takes too long.
        """
        if self.pool.ready.is_set():
            return
        try:
            async with asyncio.timeout(self.settings.quick_seconds):
                await self.pool.ready.wait()
        except TimeoutError:
            raise Failed("Starting", "The server is starting. Try again in a moment.") from None

    def answer(self, request: Request, content: bytes, kind: str, key: str = "", name: str = "") -> Response:
        """Hand out a compressed part.

        request: Says whether it takes gzip, and what it has already.
        content: the part, gzip.
        kind: name of its type, a key of :data:`TYPES`.
        key: hash of the question, for the entity tag.
        name: file name, where it is a download.
        """
        made = gzip_response(request, content, TYPES[kind], f'"{key[:20]}-{kind}"' if key else "", name)
        if kind == "svg":  # pictures stand in embedded figures too
            made.headers["cross-origin-resource-policy"] = "cross-origin"
        return made

    async def handed(
        self, request: Request, task: str, arguments: Mapping[str, Any], kind: str, name: str = ""
    ) -> Response:
        """Hand out a part of a result that takes a moment; see :meth:`parts` and :meth:`answer`."""
        made = await self.parts(task, arguments)
        return self.answer(request, made[kind], kind, self.pool.key(task, arguments), name)

    def page(self, template: str, view: Any, status: int = 200) -> Response:
        """Render a small page here."""
        text = self.renderer.text(template, view)
        return Response(text, status, {"cache-control": "no-store"}, "text/html; charset=utf-8")

    def error_response(
        self,
        request: Request,
        status: int,
        kind: str,
        title: str,
        message: str,
        links: Sequence[tuple[str, str]],
    ) -> Response:
        """Say what is wrong, as a page or, under /api and to scripts, as JSON.

        request: Says which of the two.
        status: status code.
        kind: name of the error.
        title, message: what is wrong, and how to mend it.
        links: where to go instead: words and path.
        """
        path = request.url.path
        if path.startswith("/api/") or request.headers.get("x-fragment"):
            return Response(error_body(kind, message), status, media_type="application/json")
        return self.page("error", {"title": title, "message": message, "links": links}, status)


def ships(task: str, arguments: Mapping[str, Any]) -> bool:
    """Whether a page is made of what ships: all of its task are, but those of groups, which are solved.

    task, arguments: of the page.
    """
    return task in HERE and not any(is_group(str(arguments.get(side, ""))) for side in ("name", "holder"))


async def service_of(request: Request) -> Service:
    """The parts of the server that a request reached."""
    found: Service = request.app.state.service
    return found


Served = Annotated[Service, Depends(service_of)]
"""What a route asks for to have its answer made."""


def gzip_response(
    request: Request, content: bytes, media_type: str, tag: str = "", name: str = ""
) -> Response:
    """Response with a gzip body, unpacked for those who do not take it; 304 for those who have it.

    request: Says what it takes and has.
    content: Body, gzip.
    media_type: of the body.
    tag: Entity tag.
    name: file name, where it is a download.
    """
    import gzip

    headers = {"vary": "Accept-Encoding", "cache-control": "no-cache"}
    if tag:
        headers["etag"] = tag
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
    if name:
        headers["content-disposition"] = f'attachment; filename="{name}"'
    if takes_gzip(request):
        headers["content-encoding"] = "gzip"
    else:
        content = gzip.decompress(content)
    return Response(content, headers=headers, media_type=media_type)


def takes_gzip(request: Request) -> bool:
    """Whether a client takes gzip: named, and not with a weight of zero.

    request: its header.
    """
    for one in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = one.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
