"""The pool of workers behind bounded queues: one question is solved once, and no client takes all of them.

A full queue makes room for a client that has less in it. A question that turns out to be dear goes on in a lane of
its own. The server's loop never waits for a solver.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from suasion.questions.scenarios.address import digest
from suasion.temporary import sweep
from suasion.web.jobs import ENDED, Busy, Failed, Job, Lane, Later, State
from suasion.web.lanes import Lanes, asker, lanes_of
from suasion.web.seat import FOLDER, START_SECONDS, Seat, working_places
from suasion.web.settings import Settings
from suasion.web.store import Parts, Store

LOOK_SECONDS = 0.05
QUICK_RETRY, LONG_RETRY = 3, 30
REMEMBERED = 1024
"""Jobs that are over and can still be asked for."""
KEPT_SECONDS = 10.0
"""After which the parts of a finished job are in the store only."""
HEAVY = ("dossier", "dossier_file", "why")
"""Tasks of some seconds, which leave one seat to the quick ones."""
FAULTS = ("Fault", "Disk")
"""Errors that are ours and not the question's; they are written into the log."""
NUMBERS_ONLY = ("measures",)
"""Tasks whose result does not depend on how pages look."""
NOTHING: Parts = MappingProxyType({})
log = logging.getLogger("suasion.web")


class Pool:
    """Seats and queues.

    Parameters
    ----------
    settings : Settings
        Numbers of workers, limits.
    store : Store
        Where results lie.
    assets : dict of str to str
        Addresses of static files, for pages that workers render.
    """

    def __init__(self, settings: Settings, store: Store, assets: dict[str, str]) -> None:
        self.settings, self.store, self.assets = settings, store, assets
        self.facts: dict[str, str] = {}
        self.jobs: dict[str, Job] = {}
        self.ready = asyncio.Event()
        self.begun = threading.Event()
        self.stopping = False
        self._lanes = Lanes()
        self._seats: list[Seat] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Start the seats; called in the server's loop."""
        self._loop = asyncio.get_running_loop()
        for place in working_places(self.store.folder):
            sweep(place, FOLDER)  # what a server that was killed left behind
        most = self.settings.workers
        self._seats = [Seat(self, lanes_of(place, most)) for place in range(most + 1)]
        for seat in self._seats:
            seat.thread.start()

    async def stop(self) -> None:
        """Finish what runs within the grace; what waits stays written down for the next start."""
        self.stopping = True
        self.begun.set()
        for left in self._lanes.close():
            self.settle(left, State.failed, kind="Stopped", message="The server is being restarted.")
        threads = [seat.thread for seat in self._seats]
        end = time.monotonic() + self.settings.grace_seconds
        while any(thread.is_alive() for thread in threads) and time.monotonic() < end:
            await asyncio.sleep(LOOK_SECONDS)
        for seat in self._seats:
            seat.end()

    def key(self, task: str, arguments: Mapping[str, Any]) -> str:
        """Hash of a task, its arguments, the data and the version."""
        facts = {k: v for k, v in self.facts.items() if k != "look" or task not in NUMBERS_ONLY}
        return digest([task, dict(arguments), facts])

    def waiting(self, lane: Lane) -> int:
        """Number of jobs that wait in a lane."""
        return self._lanes.waiting(lane)

    def submit(
        self, task: str, arguments: Mapping[str, Any], *, patient: bool = False, sent: Parts = NOTHING
    ) -> Job:
        """Put a task into its queue, or join the job that does it already, has done it, or failed for good.

        Raises
        ------
        Busy
            The queue is full of other clients' questions, or of one's own.
        """
        key, client = self.key(task, arguments), asker.get()
        old = self.jobs.get(key)
        if old is not None and (old.state not in ENDED or old.parts or old.refused):
            self._lanes.join(old, client)
            return old
        lane = Lane.long if patient else Lane.heavy if task in HEAVY else Lane.quick
        self._make_room(lane, client)
        job = Job(key, task, arguments, lane, self.seconds(lane), client, sent=sent)
        self._remember(job)
        if job.patient:
            self.store.keep_job(key, task, arguments)
        self._lanes.put(job)
        return job

    def _make_room(self, lane: Lane, client: str) -> None:
        """Let a client into a lane, in place of the newest job of one that has more there."""
        retry = QUICK_RETRY if lane is Lane.quick else LONG_RETRY
        if self.stopping:
            raise Busy(retry)
        if self.waiting(lane) < (self.settings.queue if lane is Lane.quick else self.settings.long_queue):
            return
        out = self._lanes.give_way(lane, client)
        if out is None:
            raise Busy(retry)
        self.settle(out, State.failed, kind="Busy", message=str(Busy(retry)))

    def seconds(self, lane: Lane) -> float:
        """Time that a job of a lane may take."""
        given = self.settings
        return {
            Lane.quick: given.quick_seconds,
            Lane.heavy: given.dossier_seconds,
            Lane.dear: given.dossier_seconds,
            Lane.long: given.long_seconds,
        }[lane]

    def postpone(self, job: Job) -> None:
        """Move a job that turned out to be dear into their lane; from any thread."""
        if job.state in ENDED:
            return
        job.state, job.lane, job.limit = State.waiting, Lane.dear, self.seconds(Lane.dear)
        try:
            self._make_room(Lane.dear, job.client)
        except Busy as busy:
            self.settle(job, State.failed, kind="Busy", message=str(busy))
        else:
            self._tell(job.news.set)
            self._lanes.put(job)

    def _remember(self, job: Job) -> None:
        self.jobs.pop(job.key, None)
        self.jobs[job.key] = job
        ended = [one for one in self.jobs.values() if one.state in ENDED]
        for one in ended[:-REMEMBERED]:
            del self.jobs[one.key]
        for one in ended:
            if time.monotonic() > one.over + KEPT_SECONDS:
                one.parts = NOTHING

    async def result(self, job: Job, *, dear: bool = False) -> Parts:
        """Wait for a job and return its parts.

        Parameters
        ----------
        job : Job
            From :meth:`submit`.
        dear : bool
            Whether to go on waiting when it turns out to be dear.

        Raises
        ------
        Busy
            It was sent away in favour of a client that has less in the queue.
        Failed
            It ended without a result.
        Later
            It was moved to the lane of dear questions.
        """
        await (job.ended if dear else job.news).wait()
        if job.state not in ENDED:
            raise Later(job)
        if job.kind == "Busy":
            raise Busy(LONG_RETRY)
        if job.state is not State.done:
            raise Failed(job.kind or "Cancelled", job.message or "The job was cancelled.")
        return job.parts

    def cancel(self, job: Job) -> None:
        """End a job; a worker that runs it is stopped.

        Raises
        ------
        Failed
            All readers share it.
        """
        if job.task in NUMBERS_ONLY:
            raise Failed("InputError", "All readers wait for this job; none of them can cancel it.")
        if job.state not in ENDED:
            self.settle(job, State.cancelled, kind="Cancelled", message="The job was cancelled.")

    def settle(self, job: Job, state: State, *, kind: str = "", message: str = "", parts: Any = None) -> None:
        """Write the outcome of a job and wake who waits for it; from any thread."""
        if job.state in ENDED:
            return
        job.state, job.kind, job.message, job.over = state, kind, message, time.monotonic()
        job.parts, job.sent = parts or NOTHING, NOTHING
        if kind in FAULTS:
            log.error("fault", extra={"fields": {"task": job.task, "where": message}})
        if job.patient and kind != "Stopped":
            self.store.forget_job(job.key)
        self._tell(job.ended.set)
        self._tell(job.news.set)

    def became_ready(self, facts: dict[str, str]) -> None:
        """Note what the first worker says of data and version."""
        self.facts = facts
        self._tell(self.ready.set)

    def _tell(self, call: Any) -> None:
        assert self._loop is not None
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(call)

    def may_begin(self, seat: Seat) -> None:
        """Let all seats but the first wait until that one has begun, or failed to."""
        if seat is not self._seats[0]:
            self.begun.wait(START_SECONDS)

    def take(self, seat: Seat) -> Job | None:
        """Next job for a seat; None when the server stops."""
        return self._lanes.take(seat.lanes, spare=seat is self._seats[0] and len(self._seats) > 2)

    def charge(self, job: Job, seconds: float) -> None:
        """Note worker time that a job took, for the order among clients."""
        self._lanes.charge(job.client, seconds)

    def contested(self, lanes: tuple[Lane, ...], job: Job) -> bool:
        """Whether others wait for the seat that a job has."""
        return self._lanes.contested(lanes, job.client)
