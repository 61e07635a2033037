"""A worker: a thread of the server that owns one worker process, gives it jobs, and holds it to their limits."""

from __future__ import annotations

import contextlib
import logging
import tempfile
import threading
import time
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING

from suasion.solvers.threads import ONE_THREAD
from suasion.temporary import made_folder, owner_of, remove_folder
from suasion.web.jobs import FRESH_SECONDS, Job, JobState, QueueName
from suasion.worker import Failure, Worker, WorkerLost, cpu_seconds, fills

if TYPE_CHECKING:
    from suasion.web.pool import Pool

LOOK_SECONDS = 0.05
START_SECONDS = 120.0
FIRST_SECONDS = 0.3
"""How long a new worker is left to a page that is waiting, before it prepares the model."""
SLICE_SECONDS = 4.0
"""Work after which a question leaves a worker that others wait for, and goes on among the slow ones."""
FULL = 0.75
"""Part of its memory with which a worker begins no job: what earlier ones left is not charged to the next."""
TARGET = "suasion.web.worker:make_parts"
FOLDER = "suasion-worker-"
SLOW = "SlowQuestionError"
"""Error of a question that a worker may not spend so long on."""
log = logging.getLogger("suasion.web")


class WorkerThread:
    """A thread with one worker process.

    worker: its process, while there is one.
    """

    def __init__(self, pool: Pool, queues: tuple[QueueName, ...]) -> None:
        self.pool, self.queues = pool, queues
        self.background = QueueName.long in queues
        self.thread = threading.Thread(target=self._serve, name="suasion-worker-thread", daemon=True)
        self.worker: Worker | None = None
        self._folder: Path | None = None
        self._before = 0.0

    def end(self) -> None:
        """End the process at once, with all that it started and all files that it has for a moment."""
        worker, self.worker = self.worker, None
        folder, self._folder = self._folder, None
        if worker is not None:
            worker.end()
        if folder is not None:
            remove_folder(folder)

    def _serve(self) -> None:
        if not self.background:  # the process for long jobs starts with the first of them
            self.pool.wait_for_first(
                self
            )  # one after the other: the first is ready sooner where cores are few
            self._begin()
            self.pool.begun.set()
        while (job := self.pool.take(self)) is not None:
            if job.state is JobState.waiting:
                self._run(job)
                self.pool.charge(job, self._worked(job))
        self.end()

    def _begin(self) -> None:
        """Start a process, wait until it says what it has, and let it prepare its model."""
        try:
            worker = self._started()
            worker.send(("facts", {}))
            heard = worker.hear(START_SECONDS)
            if heard is not None and heard[0] == "done":
                self.pool.became_ready(heard[1])
                if not self.pool.waits(
                    self.queues, FIRST_SECONDS
                ):  # the first page of a new server needs the world
                    worker.send(("warm", {}))  # not the model
                return
            kind = "it took too long" if heard is None else str(heard[1])
        except (OSError, WorkerLost) as error:  # no more processes or open files: the next job tries again
            kind = type(error).__name__
        log.error("a worker did not start: %s", kind)
        self.end()

    def _started(self) -> Worker:
        self._folder = working_folder(self.pool.cache.folder)
        place = {} if self._folder is None else {"TMPDIR": str(self._folder)}
        setup = (str(self.pool.cache.folder), self.pool.assets, self.background)
        self.worker = Worker(TARGET, setup, {**ONE_THREAD, **place}, words=False)
        return self.worker

    def _run(self, job: Job) -> None:
        ended = self.worker is None or not self.worker.runs
        lost = self._folder is not None and owner_of(self._folder) is None
        full = self.worker is not None and self._holds(self.worker, FULL)
        if ended or lost or full:  # lost: a cleaner took its folder
            self.end()
            self._begin()
        worker = self.worker
        self._before = 0.0 if worker is None else cpu_seconds(worker.process.pid)
        if not job.begin():
            return
        if worker is None:
            self.pool.finish(job, JobState.failed, kind="Fault", message="A worker did not start.")
            return
        try:
            worker.send((job.task, {**job.arguments, **job.sent}))
            self._attend(job, worker)
        except WorkerLost:
            self.end()
            self.pool.finish(
                job, JobState.failed, kind="Fault", message="A worker ended before its work was done."
            )

    def _attend(self, job: Job, worker: Worker) -> None:
        """Read messages until the result, an error, or a limit."""
        while job.state is JobState.running:
            self._check_limits(job, worker)
            if job.state is JobState.running and self._gives_way(job):
                self._stop(worker)
                self.pool.make_way(job)
                return
            heard = worker.hear(LOOK_SECONDS)
            if heard is None:
                continue
            kind, content = heard
            if kind == "progress":
                job.report(*content)
                continue
            if kind == "done":
                self.pool.finish(job, JobState.done, parts=content)
            elif content.kind == SLOW:
                self.pool.postpone(job)
            else:
                kind, message = shown(content)
                self.pool.finish(job, JobState.failed, kind=kind, message=message)
            return
        self._stop(worker)  # cancelled or over a limit: the process still works on it

    def _gives_way(self, job: Job) -> bool:
        """Whether others wait, and the job has had its time, or nobody has asked for it yet or asks any more."""
        time_over = self._worked(job) > (SLICE_SECONDS if job.queue is QueueName.quick else job.budget)
        idle = job.queue is QueueName.ahead or job.unasked(FRESH_SECONDS)
        return (time_over or idle) and self.pool.contested(self.queues, job)

    def _worked(self, job: Job) -> float:
        """Seconds that the processor spent on a job: of the clock where the system does not say so.

        A question must not count as slow because the machine has much else to do.
        """
        now = 0.0 if self.worker is None else cpu_seconds(self.worker.process.pid)
        return fsum((now, -self._before) if now >= self._before > 0.0 else (time.monotonic(), -job.begun))

    def _stop(self, worker: Worker) -> None:
        """Have the worker let go of its task and keep its warm model; end it if it does not, or has grown too large."""
        if self._holds(worker) or not worker.stop():
            self.end()

    def _holds(self, worker: Worker, part: float = 1.0) -> bool:
        """Whether a worker has more than a part of the memory that it may have."""
        return fills(worker.process.pid, self.pool.settings.memory_kb, part)

    def _check_limits(self, job: Job, worker: Worker) -> None:
        if self._worked(job) > job.limit:
            message = f"This took longer than the {job.limit:g} seconds that it may take. Ask for less."
            self.pool.finish(job, JobState.failed, kind="TimeLimit", message=message)
        elif job.overloaded():
            message = "The server has too much to do for this. Try again in a moment."
            self.pool.finish(job, JobState.failed, kind="Overload", message=message)
        elif self._holds(worker):
            message = "This took more memory than one request may have. Ask for less."
            self.pool.finish(job, JobState.failed, kind="MemoryLimit", message=message)


def working_places(cache: Path) -> list[Path]:
    """Where workers may have their folders: the system's place for temporary files, else the cache.

    cache: folder of the cache.
    """
    try:
        return [Path(tempfile.gettempdir()), cache]
    except OSError:  # no place for temporary files is left
        return [cache]


def working_folder(cache: Path) -> Path | None:
    """Make a folder for the temporary files of one worker; None where no disk takes one.

    cache: folder of the cache, used where the system's place for temporary files is gone or full.
    """
    for place in working_places(cache):
        with contextlib.suppress(OSError):
            return made_folder(place, FOLDER)
    log.warning("no disk takes a folder for temporary files")
    return None


def shown(failure: Failure) -> tuple[str, str]:
    """Kind and words of an error for a page: only a question's own error is told in its words.

    Returns: (str, str) ``Disk`` before all others, since its words may name a folder of the server.
    """
    if failure.disk:
        return "Disk", failure.place
    if failure.ours:
        return failure.kind, failure.message
    if failure.kind == MemoryError.__name__:
        return failure.kind, "The request took more memory than one request may have."
    return "Fault", failure.place
