"""A worker: a thread of the server that owns one worker process, gives it jobs, and holds it to their limits."""

from __future__ import annotations

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
from math import fsum
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from suasion.temporary import made_folder, owner_of, remove_folder
from suasion.web.jobs import AGAIN_SECONDS, Job, JobState, QueueName

if TYPE_CHECKING:
    from suasion.web.pool import Pool

LOOK_SECONDS = 0.05
START_SECONDS = 120.0
SLICE_SECONDS = 4.0
"""Work after which a question leaves a worker that others wait for, and goes on among the slow ones."""
STOP_SECONDS = 2.0
"""How long a worker may take to let go of a task before it is ended."""
WORKER = "suasion.web.worker"
FOLDER = "suasion-worker-"
USER_TIME, SYSTEM_TIME = 11, 12
"""Places among the fields of ``/proc/PID/stat`` that follow the name of the program."""
START = "from {module} import main; main({handle})"
log = logging.getLogger("suasion.web")


class WorkerThread:
    """A thread with one worker process."""

    def __init__(self, pool: Pool, queues: tuple[QueueName, ...]) -> None:
        self.pool, self.queues = pool, queues
        self.background = QueueName.long in queues
        self.thread = threading.Thread(target=self._serve, name="suasion-worker-thread", daemon=True)
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._folder: Path | None = None
        self._tasks = 0
        self._before = 0.0

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
        """Start a process and wait until its model is warm."""
        try:
            self._start()
        except OSError as error:  # no more processes or open files: the next job tries again
            log.error("a worker did not start: %s", type(error).__name__)
            self.end()
            return
        pipe = self._pipe
        with contextlib.suppress(EOFError, OSError):
            assert pipe is not None
            pipe.send((str(self.pool.cache.folder), self.pool.assets, self.background))
            if pipe.poll(START_SECONDS):
                self.pool.became_ready(pipe.recv()[1])
                return
        log.error("a worker did not start")
        self.end()

    def _start(self) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        with theirs:
            command = [sys.executable, "-c", START.format(module=WORKER, handle=theirs.fileno())]
            self._folder = working_folder(self.pool.cache.folder)
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            if self._folder is not None:
                environment["TMPDIR"] = str(self._folder)
            self._process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], env=environment, process_group=0
            )
        self._tasks = 0

    def _run(self, job: Job) -> None:
        ended = self._process is None or self._process.poll() is not None
        lost = self._folder is not None and owner_of(self._folder) is None
        if ended or lost:  # a cleaner took its folder
            self.end()
            self._begin()
        job.state, job.begun = JobState.running, time.monotonic()
        self._before = 0.0 if self._process is None else cpu_seconds(self._process.pid)
        pipe = self._pipe
        if pipe is None:
            self.pool.finish(job, JobState.failed, kind="Fault", message="A worker did not start.")
            return
        try:
            self._tasks += 1
            pipe.send((job.task, {**job.arguments, **job.sent}))
            self._attend(job, pipe)
        except (EOFError, OSError):
            self.end()
            self.pool.finish(
                job, JobState.failed, kind="Fault", message="A worker ended before its work was done."
            )

    def _attend(self, job: Job, pipe: Connection) -> None:
        """Read messages until the result, an error, or a limit."""
        while job.state is JobState.running:
            self._check_limits(job)
            if job.state is JobState.running and self._gives_way(job):
                self._stop(pipe)
                self.pool.postpone(job)
                return
            if not pipe.poll(LOOK_SECONDS):
                continue
            kind, *rest = pipe.recv()
            if kind == "progress":
                job.done, job.total, job.what = rest
                continue
            if kind == "done":
                self.pool.finish(job, JobState.done, parts=rest[0])
            elif kind == "slow":
                self.pool.postpone(job)
            else:
                self.pool.finish(job, JobState.failed, kind=rest[0], message=rest[1])
            return
        self._stop(pipe)  # cancelled or over a limit: the process still works on it

    def _gives_way(self, job: Job) -> bool:
        """Whether others wait, and a quick question has had its time or nobody has asked for the job yet."""
        late = job.queue is QueueName.quick and self._worked(job) > SLICE_SECONDS
        return (late or job.queue is QueueName.ahead) and self.pool.contested(self.queues, job)

    def _worked(self, job: Job) -> float:
        """Seconds that the processor spent on a job: of the clock where the system does not say so.

        A question must not count as slow because the machine has much else to do.
        """
        now = 0.0 if self._process is None else cpu_seconds(self._process.pid)
        return fsum((now, -self._before) if now > self._before > 0.0 else (time.monotonic(), -job.begun))

    def _stop(self, pipe: Connection) -> None:
        """Have the worker let go of its task and keep its warm model; end it if it does not."""
        process = self._process
        if (
            process is None
            or process.poll() is not None
            or memory_kb(process.pid) > self.pool.settings.memory_kb
        ):
            self.end()
            return
        pipe.send(("stop", self._tasks))
        process.send_signal(signal.SIGUSR1)
        end = time.monotonic() + STOP_SECONDS
        while time.monotonic() < end:
            if pipe.poll(LOOK_SECONDS) and pipe.recv()[0] != "progress":
                return
        self.end()

    def _check_limits(self, job: Job) -> None:
        if job.overdue:
            again = f", or again in {AGAIN_SECONDS / 60:g} minutes"
            message = (
                f"This took longer than the {job.limit:g} seconds that it may take. Ask for less{again}."
            )
            self.pool.finish(job, JobState.failed, kind="TimeLimit", message=message)
        elif self._process is not None and memory_kb(self._process.pid) > self.pool.settings.memory_kb:
            message = "This took more memory than one request may have. Ask for less."
            self.pool.finish(job, JobState.failed, kind="MemoryLimit", message=message)


def working_places(cache: Path) -> list[Path]:
    """Where workers may have their folders: the system's place for temporary files, else the cache.

    Parameters
    ----------
    cache : Path
        Folder of the cache.
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
        Folder of the cache, used where the system's place for temporary files is gone or full.
    """
    for place in working_places(cache):
        with contextlib.suppress(OSError):
            return made_folder(place, FOLDER)
    log.warning("no disk takes a folder for temporary files")
    return None


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used, s; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[USER_TIME]) + int(fields[SYSTEM_TIME])) / os.sysconf("SC_CLK_TCK")


def memory_kb(pid: int) -> int:
    """Memory that a process holds, kB; 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) if found else 0
