"""Worker processes behind bounded queues: one question is solved once, late and fat workers are ended.

Each seat is a thread that owns one process. The server's loop never waits for a solver.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from types import MappingProxyType
from typing import Any

from suasion.dossier.explore.query import digest
from suasion.temporary import made_folder, owner_of, remove_folder, sweep
from suasion.web.jobs import AGAIN_SECONDS, ENDED, Busy, Failed, Job, State
from suasion.web.lanes import Lane, Lanes, lanes_of
from suasion.web.settings import Settings
from suasion.web.store import Parts, Store

LOOK_SECONDS = 0.05
QUICK_RETRY, LONG_RETRY = 3, 30
START_SECONDS = 120.0
WORKER = "suasion.web.worker"
FOLDER = "suasion-worker-"
START = "from {module} import main; main({handle})"
REMEMBERED = 256
HEAVY = ("dossier", "dossier_file", "why")
"""Tasks of some seconds, which leave one seat to the quick ones."""
FAULTS = ("Fault", "Disk")
"""Errors that are ours and not the question's; they are written into the log."""
NUMBERS_ONLY = ("grid",)
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
        self,
        task: str,
        arguments: Mapping[str, Any],
        *,
        patient: bool = False,
        sent: Parts = NOTHING,
    ) -> Job:
        """Put a task into its queue, or join the job that does it already, has done it, or just ran into a limit.

        Raises
        ------
        Busy
            The queue is full.
        """
        key = self.key(task, arguments)
        old = self.jobs.get(key)
        if old is not None and (old.state not in ENDED or old.state is State.done or old.refused):
            return old
        lane = Lane.long if patient else Lane.heavy if task in HEAVY else Lane.quick
        most = self.settings.queue if lane is Lane.quick else self.settings.long_queue
        if self.stopping or self.waiting(lane) >= most:
            raise Busy(QUICK_RETRY if lane is Lane.quick else LONG_RETRY)
        job = Job(key, task, arguments, patient, self._seconds(lane), sent=sent)
        self._remember(job)
        if patient:
            self.store.keep_job(key, task, arguments)
        self._lanes.put(lane, job)
        return job

    def _seconds(self, lane: Lane) -> float:
        given = self.settings
        return {
            Lane.quick: given.quick_seconds,
            Lane.heavy: given.dossier_seconds,
            Lane.long: given.long_seconds,
        }[lane]

    def _remember(self, job: Job) -> None:
        self.jobs.pop(job.key, None)
        self.jobs[job.key] = job
        ended = [key for key, one in self.jobs.items() if one.state in ENDED]
        for key in ended[:-REMEMBERED]:
            del self.jobs[key]

    async def result(self, job: Job) -> Mapping[str, bytes]:
        """Wait for a job and return its parts.

        Raises
        ------
        Failed
            It ended without a result.
        """
        await job.ended.wait()
        if job.state is not State.done:
            raise Failed(job.kind or "Cancelled", job.message or "The job was cancelled.")
        return job.parts

    def cancel(self, job: Job) -> None:
        """End a job; a worker that runs it is replaced.

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
        job.parts = parts or {}
        if kind in FAULTS:
            log.error("fault", extra={"fields": {"task": job.task, "where": message}})
        if job.patient and kind != "Stopped":
            self.store.forget_job(job.key)
        self._tell(job.ended.set)

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

    def take(self, lanes: tuple[Lane, ...]) -> Job | None:
        """Next job of some lanes; None when the server stops."""
        return self._lanes.take(lanes)


class Seat:
    """A thread with one worker process."""

    def __init__(self, pool: Pool, lanes: tuple[Lane, ...]) -> None:
        self.pool, self.lanes = pool, lanes
        self.patient = Lane.long in lanes
        self.thread = threading.Thread(target=self._serve, name="suasion-seat", daemon=True)
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._folder: Path | None = None

    def end(self) -> None:
        """End the process at once, with all that it started and all files that it has for a moment."""
        process, self._process = self._process, None
        pipe, self._pipe = self._pipe, None
        folder, self._folder = self._folder, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if pipe is not None:
            pipe.close()
        if folder is not None:
            remove_folder(folder)

    def _serve(self) -> None:
        if not self.patient:  # the process for long jobs starts with the first of them
            self.pool.may_begin(self)  # one after the other: the first is ready sooner where cores are few
            self._begin()
            self.pool.begun.set()
        while (job := self.pool.take(self.lanes)) is not None:
            if job.state is State.waiting:
                self._run(job)
        self.end()

    def _begin(self) -> None:
        """Start a process and wait until its model is warm."""
        pipe, theirs = multiprocessing.Pipe()
        self._pipe = pipe
        command = [sys.executable, "-c", START.format(module=WORKER, handle=theirs.fileno())]
        self._folder = working_folder(self.pool.store.folder)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        if self._folder is not None:
            environment["TMPDIR"] = str(self._folder)
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], env=environment, process_group=0
        )
        theirs.close()
        with contextlib.suppress(EOFError, OSError):
            pipe.send((str(self.pool.store.folder), self.pool.assets, self.patient))
            if pipe.poll(START_SECONDS):
                self.pool.became_ready(pipe.recv()[1])
                return
        log.error("a worker did not start")
        self.end()

    def _run(self, job: Job) -> None:
        ended = self._process is None or self._process.poll() is not None
        lost = self._folder is not None and owner_of(self._folder) is None
        if ended or lost:  # a cleaner took its folder
            self.end()
            self._begin()
        job.state, job.begun = State.running, time.monotonic()
        pipe = self._pipe
        if pipe is None:
            self.pool.settle(job, State.failed, kind="Fault", message="A worker did not start.")
            return
        try:
            pipe.send((job.task, {**job.arguments, **job.sent}))
            self._attend(job, pipe)
        except (EOFError, OSError):
            self.end()
            self.pool.settle(
                job, State.failed, kind="Fault", message="A worker ended before its work was done."
            )

    def _attend(self, job: Job, pipe: Connection) -> None:
        """Read messages until the result, an error, or a limit."""
        while job.state is State.running:
            self._check_limits(job)
            if not pipe.poll(LOOK_SECONDS):
                continue
            kind, *rest = pipe.recv()
            if kind == "progress":
                job.done, job.total, job.what = rest
            elif kind == "done":
                self.pool.settle(job, State.done, parts=rest[0])
                return
            else:
                self.pool.settle(job, State.failed, kind=rest[0], message=rest[1])
                return
        self.end()  # cancelled or over a limit: the process still works on it

    def _check_limits(self, job: Job) -> None:
        if job.overdue:
            again = f", or again in {AGAIN_SECONDS / 60:g} minutes" if job.patient else ""
            message = (
                f"This took longer than the {job.limit:g} seconds that it may take. Ask for less{again}."
            )
            self.pool.settle(job, State.failed, kind="TimeLimit", message=message)
        elif self._process is not None and memory_kb(self._process.pid) > self.pool.settings.memory_kb:
            message = "This took more memory than one request may have. Ask for less."
            self.pool.settle(job, State.failed, kind="MemoryLimit", message=message)


def working_places(cache: Path) -> list[Path]:
    """Where workers may have their folders: the system's place for temporary files, else the cache.

    Parameters
    ----------
    cache : Path
        Folder of the store.
    """
    try:
        return [Path(tempfile.gettempdir()), cache]
    except OSError:  # no place for temporary files is left
        return [cache]


def working_folder(cache: Path) -> Path | None:
    """Make a folder for the temporary files of one worker; None where no disk takes one.

    Parameters
    ----------
    cache : Path
        Folder of the store, used where the system's place for temporary files is gone or full.
    """
    for place in working_places(cache):
        with contextlib.suppress(OSError):
            return made_folder(place, FOLDER)
    log.warning("no disk takes a folder for temporary files")
    return None


def memory_kb(pid: int) -> int:
    """Memory that a process holds, kB; 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) if found else 0
