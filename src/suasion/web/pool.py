"""The pool of workers behind bounded queues: one question is solved once, and no client takes all of them.

A full queue makes room for a client that has less in it. A question that turns out to be slow goes on in a queue of
its own. The server's loop never waits for a solver.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import threading
import time
from collections.abc import Iterator, Mapping
from math import fsum
from types import MappingProxyType
from typing import Any

from suasion.answers.catalogue import LANGUAGE, spoken
from suasion.questions.scenarios.address import digest
from suasion.temporary import sweep
from suasion.web.cache import Parts, ResultCache
from suasion.web.jobs import ENDED, OURS, Busy, Deferred, Failed, Job, JobState, QueueName
from suasion.web.queues import FairQueues, current_client, queues_of
from suasion.web.settings import Settings
from suasion.web.worker_thread import FOLDER, START_SECONDS, WorkerThread, working_places

LOOK_SECONDS = 0.05
QUICK_RETRY, LONG_RETRY = 3, 30
NEWCOMERS = 4
"""Places of a queue beyond its length, for clients that have used no worker lately and have nothing in it."""
BUDGETS = {QueueName.slow: 60.0, QueueName.long: 120.0}
"""Seconds of work after which a job makes way for others who wait for its worker: it begins anew behind them."""
FORGET_SECONDS = 2.0
"""Between two looks for jobs that nobody asks for."""
REMEMBERED = 1024
"""Jobs that are over and can still be asked for."""
KEPT_SECONDS = 10.0
"""After which the parts of a finished job are in the cache only."""
HEAVY = ("dossier", "dossier_file", "why")
"""Tasks of some seconds, which leave one worker to the quick ones."""
NUMBERS_ONLY = ("measures",)
"""Tasks whose result does not depend on how pages look."""
NO_PARTS: Parts = MappingProxyType({})
log = logging.getLogger("suasion.web")


class Pool:
    """Seats and queues.

    settings: numbers of workers, limits.
    cache: where results lie.
    assets: addresses of static files, for pages that workers render.
    """

    def __init__(self, settings: Settings, cache: ResultCache, assets: dict[str, str]) -> None:
        self.settings, self.cache, self.assets = settings, cache, assets
        self.facts: dict[str, str] = {}
        self.jobs: dict[str, Job] = {}
        self.ready = asyncio.Event()
        self.begun = threading.Event()
        self.stopping = False
        self._queues = FairQueues()
        self._workers: list[WorkerThread] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Start the workers; called in the server's loop."""
        self._loop = asyncio.get_running_loop()
        for place in working_places(self.cache.folder):
            sweep(place, FOLDER)  # what a server that was killed left behind
        most = self.settings.workers
        self._workers = [WorkerThread(self, queues_of(place, most)) for place in range(most + 1)]
        for worker in self._workers:
            worker.thread.start()

    async def stop(self) -> None:
        """Finish what runs within the grace; what waits stays written down for the next start."""
        self.stopping = True
        self.begun.set()
        for left in self._queues.close():
            self.finish(left, JobState.failed, kind="Stopped", message="The server is being restarted.")
        threads = [worker.thread for worker in self._workers]
        end = time.monotonic() + self.settings.grace_seconds
        while any(thread.is_alive() for thread in threads) and time.monotonic() < end:
            await asyncio.sleep(LOOK_SECONDS)
        for worker in self._workers:
            worker.end()

    def key(self, task: str, arguments: Mapping[str, Any]) -> str:
        """Hash of a task, its arguments, the data and the version."""
        facts = {k: v for k, v in self.facts.items() if k != "look" or task not in NUMBERS_ONLY}
        return digest([task, _worded(arguments), facts])

    def waiting(self, queue: QueueName) -> int:
        """Number of jobs that wait in a queue."""
        return self._queues.waiting(queue)

    def submit(
        self,
        task: str,
        arguments: Mapping[str, Any],
        *,
        queue: QueueName | None = None,
        sent: Parts = NO_PARTS,
    ) -> Job:
        """Put a task into a queue, or join the job that does it already, has done it, or failed for good.

        task, arguments: what to do.
        queue: where it waits; by default that of quick or of heavy tasks.
        sent: results that it is made from.
        Raises Busy: The queue is full of other clients' questions, or of one's own.
        """
        key, client = self.key(task, arguments), current_client.get()
        queue = queue or (QueueName.heavy if task in HEAVY else QueueName.quick)
        old = self.jobs.get(key)
        if old is not None and (old.state not in ENDED or old.parts or old.refused(client)):
            self._queues.join(old, client, queue)
            if queue is not QueueName.ahead:
                old.ask(client)
            return old
        self._make_room(queue, client)
        arguments = _worded(arguments)
        job = Job(key, task, arguments, queue, self.seconds(queue), client, {client}, sent=sent)
        job.budget = BUDGETS.get(queue, math.inf)
        self._remember(job)
        if job.background:
            self.cache.keep_job(key, task, arguments)
        self._queues.put(job)
        return job

    def _make_room(self, queue: QueueName, client: str) -> None:
        """Let a client into a queue, in place of the newest job of one that has more there."""
        retry = QUICK_RETRY if queue is QueueName.quick else LONG_RETRY
        if self.stopping:
            raise Busy(retry)
        places = self.settings.queue if queue is QueueName.quick else self.settings.long_queue
        if self.waiting(queue) < places:
            return
        more = client and queue is not QueueName.quick and self._queues.new(queue, client)
        if more and self.waiting(queue) < places + NEWCOMERS:
            return
        out = self._queues.evict(queue, client)
        if out is None:
            raise Busy(retry)
        self.finish(out, JobState.failed, kind="Busy", message=str(Busy(retry)))

    def seconds(self, queue: QueueName) -> float:
        """Time that a job of a queue may take."""
        given = self.settings
        return {
            QueueName.quick: given.quick_seconds,
            QueueName.heavy: given.dossier_seconds,
            QueueName.slow: given.dossier_seconds,
            QueueName.long: given.long_seconds,
            QueueName.ahead: given.long_seconds,
        }[queue]

    def make_way(self, job: Job) -> None:
        """Put a job behind the others of its queue, where it begins anew; a quick one into that of the slow.

        From any thread.
        """
        if job.queue is QueueName.quick:
            self.postpone(job)
        elif job.state not in ENDED:
            job.state, job.budget = JobState.waiting, fsum((job.budget, job.budget))
            self._queues.put(job)

    def postpone(self, job: Job) -> None:
        """Move a job that turned out to be slow into their queue; from any thread."""
        if job.state in ENDED:
            return
        job.state, job.queue, job.limit = JobState.waiting, QueueName.slow, self.seconds(QueueName.slow)
        job.budget = BUDGETS[QueueName.slow]
        try:
            self._make_room(QueueName.slow, job.client)
        except Busy as busy:
            self.finish(job, JobState.failed, kind="Busy", message=str(busy))
        else:
            self._tell(job.news.set)
            self._queues.put(job)

    def _remember(self, job: Job) -> None:
        self.jobs.pop(job.key, None)
        self.jobs[job.key] = job
        ended = [one for one in self.jobs.values() if one.state in ENDED]
        for one in ended[:-REMEMBERED]:
            del self.jobs[one.key]
        for one in ended:
            if time.monotonic() > one.over + KEPT_SECONDS:
                one.parts = NO_PARTS

    @contextlib.contextmanager
    def waited_for(self, job: Job) -> Iterator[None]:
        """Note that a request waits for a job, which is asked for as long, and hears how it ends."""
        client = current_client.get()
        job.readers += bool(client)
        try:
            yield
        except Failed:
            job.untold.discard(client)
            raise
        finally:
            job.readers -= bool(client)
            job.asked = time.monotonic()

    def seen(self, key: str) -> Job | None:
        """A job of which somebody asks where it stands: those who wait for it ask for it so."""
        job, client = self.jobs.get(key), current_client.get()
        if job is not None and client in job.askers:
            job.ask(client)
        return job

    def forget(self) -> None:
        """Drop what waits and nobody has asked for for a minute."""
        message = "Nobody has asked for this for a minute. Ask again."
        for job in self._queues.forgotten():
            self.finish(job, JobState.failed, kind="Forgotten", message=message)

    async def result(self, job: Job, *, slow: bool = False) -> Parts:
        """Wait for a job and return its parts.

        job: from :meth:`submit`.
        slow: whether to go on waiting when it turns out to be slow.
        Raises Busy: It was sent away in favour of a client that has less in the queue.
        Raises Failed: It ended without a result.
        Raises Deferred: It was moved to the queue of slow questions.
        """
        await (job.ended if slow else job.news).wait()
        if job.state not in ENDED:
            raise Deferred(job)
        if job.kind in ("Busy", "Forgotten"):
            raise Busy(LONG_RETRY)
        if job.state is not JobState.done:
            raise Failed(job.kind or "Cancelled", job.message or "The job was cancelled.")
        return job.parts

    def cancel(self, job: Job) -> None:
        """End a job for who asked for it; a worker that runs it for nobody else is stopped.

        Raises Failed: All readers share it, or who asks is none of those who asked for it.
        """
        if job.task in NUMBERS_ONLY:
            raise Failed("InputError", "All readers wait for this job; none of them can cancel it.")
        if not self.is_asker(job):
            raise Failed("InputError", "Only who asked for this job can cancel it.")
        job.askers.discard(current_client.get())
        if job.state not in ENDED and not job.askers:
            self.finish(job, JobState.cancelled, kind="Cancelled", message="The job was cancelled.")

    def is_asker(self, job: Job) -> bool:
        """Whether who sends the request at hand asked for a job."""
        return current_client.get() in job.askers

    def finish(
        self, job: Job, state: JobState, *, kind: str = "", message: str = "", parts: Any = None
    ) -> None:
        """Write the outcome of a job and wake who waits for it; from any thread."""
        if job.state in ENDED:
            return
        job.state, job.kind, job.message, job.over = state, kind, message, time.monotonic()
        job.parts, job.sent, job.untold = parts or NO_PARTS, NO_PARTS, set(job.askers)
        if kind in OURS:
            log.error("fault", extra={"fields": {"task": job.task, "where": message}})
        if job.background and kind != "Stopped":
            self.cache.forget_job(job.key)
        self._tell(job.ended.set)
        self._tell(job.news.set)

    def became_ready(self, facts: dict[str, str]) -> None:
        """Note what results depend on beside the question, from who is first to know it."""
        if not self.facts:
            self.facts = facts
            self._tell(self.ready.set)

    def _tell(self, call: Any) -> None:
        assert self._loop is not None
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(call)

    def wait_for_first(self, worker: WorkerThread) -> None:
        """Let all workers but the first wait until that one has begun, or failed to."""
        if worker is not self._workers[0]:
            self.begun.wait(START_SECONDS)

    def take(self, worker: WorkerThread) -> Job | None:
        """Next job for a worker; None when the server stops."""
        return self._queues.take(worker.queues, spare=worker is self._workers[0] and len(self._workers) > 2)

    def waits(self, queues: tuple[QueueName, ...], seconds: float) -> bool:
        """Whether work for a worker comes within some time."""
        return self._queues.waits(queues, seconds)

    def charge(self, job: Job, seconds: float) -> None:
        """Note worker time that a job took, for the order among clients."""
        self._queues.charge(job.client, seconds)

    def contested(self, queues: tuple[QueueName, ...], job: Job) -> bool:
        """Whether others wait for the worker that a job has."""
        return self._queues.contested(queues, job)


def _worded(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of a task with the language that is spoken, where the process does not speak it by itself."""
    return {**arguments} if spoken() == LANGUAGE else {"language": spoken(), **arguments}
