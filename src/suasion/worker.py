"""Worker processes: each keeps what it needs warm, takes one request at a time, and can be told to let go of it.

A worker is a fresh interpreter, never a fork, and does not import the program that asked, so that a script needs no
guard. It is tied to its owner by one end of a pipe, and ends with it. What is to be done is the name of a function,
``"package.module:function"``: called once with what the worker is set up with, it returns a function of a request and
of a report of progress. ``concurrent.futures``, loky and pebble end a process to stop its task; here the task ends,
and the process stays warm.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any

from suasion.errors import SuasionError
from suasion.types import Progress

Run = Callable[[Any, Progress], Any]
STOP_SECONDS = 2.0
"""How long a worker may take to let go of a request before it is ended."""
_LOOK_SECONDS = 1.0
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from suasion.worker import main; "
    "main(int(sys.argv[2]), sys.argv[3])"
)
_USER_TIME, _SYSTEM_TIME = 11, 12
"""Places among the fields of ``/proc/PID/stat`` that follow the name of the program."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that a request met.

    Attributes
    ----------
    kind, message : str
        Name of the error and its words on one line.
    place : str
        Kind and place, without anything that the request said.
    disk : bool
        Whether it is one of the system, such as a full disk; its words may name a folder.
    ours : bool
        Whether it is one that the package raises on purpose.
    """

    kind: str
    message: str
    place: str
    disk: bool
    ours: bool

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}".rstrip(": ")


class WorkerLost(Exception):
    """A worker process ended before it answered."""


class WorkFailed(Exception):
    """A request met an error.

    Attributes
    ----------
    failure : Failure
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


class Worker:
    """A process that answers requests.

    Parameters
    ----------
    target : str
        ``"package.module:function"``; see the module.
    setup : can be pickled
        What the function is called with.
    environment : mapping, optional
        Variables added to the environment of the process.
    words : bool
        Whether what it prints is kept for the message of how it ended; else it goes where this process prints.

    Raises
    ------
    OSError
        No process can be started.
    """

    def __init__(
        self, target: str, setup: Any, environment: Mapping[str, str] | None = None, *, words: bool = True
    ) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        self._words: IO[bytes] | None = tempfile.TemporaryFile() if words else None  # noqa: SIM115  (see `end`)
        handle = theirs.fileno()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _START, json.dumps(sys.path), str(handle), target],
                stdin=subprocess.DEVNULL,
                stdout=self._words,
                stderr=self._words,
                env={**os.environ, **(environment or {})},
                pass_fds=[handle],
                start_new_session=True,  # an interrupt at the keyboard reaches the owner only, which ends its workers
            )
        except OSError:
            _close(self._pipe, self._words)
            raise
        finally:
            theirs.close()
        self._finish = weakref.finalize(self, _end, self.process, self._pipe, self._words)
        self._count = 0
        with suppress(OSError):  # it is gone already; the first request will say how
            self._pipe.send(setup)

    @property
    def runs(self) -> bool:
        """Whether the process is there."""
        return self._finish.alive and self.process.poll() is None

    def send(self, request: Any) -> None:
        """Hand over the next request; what it answers to earlier ones is not heard any more.

        Raises
        ------
        WorkerLost
            The process ended.
        """
        self._count += 1
        self._send("do", request)

    def hear(self, seconds: float | None = None) -> tuple[str, Any] | None:
        """Next message on the last request, or None after some time.

        Returns
        -------
        (str, object) or None
            ``progress`` with done, total, what; ``done`` with the result; ``failed`` with a :class:`Failure`;
            ``stopped``.

        Raises
        ------
        WorkerLost
            The process ended; the message says how.
        """
        try:
            while self._pipe.poll(seconds):
                number, kind, content = self._pipe.recv()
                if number == self._count:
                    return kind, content
        except (EOFError, OSError) as error:
            raise WorkerLost(self._last_words()) from error
        return None

    def ask(self, request: Any) -> Any:
        """Result of a request.

        Raises
        ------
        WorkerLost
            The process ended; the message says how.
        WorkFailed
            The request met an error.
        """
        self.send(request)
        kind: str = "progress"
        content: Any = None
        while kind == "progress":
            kind, content = self.hear() or (kind, content)
        if kind == "failed":
            raise WorkFailed(content)
        return content

    def stop(self) -> bool:
        """Have the worker let go of its request, and end it if it does not; whether it stays warm."""
        end = time.monotonic() + STOP_SECONDS
        with suppress(WorkerLost):
            self._send("stop", None)
            self.process.send_signal(signal.SIGUSR1)
            while time.monotonic() < end:
                if (self.hear(end - time.monotonic()) or ("progress", None))[0] != "progress":
                    return True
        self.end()
        return False

    def kill(self) -> None:
        """End the process and all that it started, without waiting; whoever listens meets `WorkerLost`."""
        _kill(self.process)

    def end(self) -> None:
        """End the process at once with all that it started, and wait until it is gone."""
        self._finish()

    def _send(self, kind: str, request: Any) -> None:
        try:
            self._pipe.send((kind, self._count, request))
        except OSError as error:
            raise WorkerLost(self._last_words()) from error

    def _last_words(self) -> str:
        """How the process ended, with the last line it wrote."""
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:  # its end of the pipe is gone, so it is of no use
            self.kill()
            code = self.process.wait()
        how = f"killed by signal {-code}" if code < 0 else f"ended with code {code}"
        lines = []
        with suppress(ValueError):  # closed by another thread
            if self._words is not None:
                self._words.seek(0)
                lines = self._words.read().decode(errors="replace").strip().splitlines()
        return f"the worker was {how}" + (f": {lines[-1]}" if lines else "")


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _end(process: subprocess.Popen[bytes], pipe: Connection, words: IO[bytes] | None) -> None:
    _kill(process)
    process.wait()
    _close(pipe, words)


def _close(pipe: Connection, words: IO[bytes] | None) -> None:
    pipe.close()
    if words is not None:
        words.close()


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used, s; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[_USER_TIME]) + int(fields[_SYSTEM_TIME])) / os.sysconf("SC_CLK_TCK")


def memory_kb(pid: int) -> int:
    """Memory that a process holds, kB; 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) if found else 0


# ---------------------------------------------------------------------------------------------- many requests


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a request of :func:`work_through`.

    Attributes
    ----------
    place : int
        Of the request among all, from 0.
    request, result : object
    error : Exception or None
        Why there is no result: a `WorkFailed`, a `WorkerLost`, or what kept a worker from starting.
    attempts : int
        How often it was tried.
    """

    place: int
    request: Any
    result: Any
    error: Exception | None
    attempts: int


def work_through(
    start: Callable[[], Worker], requests: Iterable[Any], workers: int, attempts: int = 1
) -> Iterator[Done]:
    """Answer requests in worker processes; whoever leaves, also by an interruption, ends them.

    Parameters
    ----------
    start : callable
        Starts a worker; called from several threads.
    requests : iterable
        Taken as workers get free.
    workers : int
        Number of processes.
    attempts : int
        How often a request is tried, each time by another process.

    Yields
    ------
    Done
        In the order in which they are done.
    """
    crew = _Crew(start, requests, attempts)
    threads = [threading.Thread(target=crew.serve, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    left = workers
    try:
        while left:
            with suppress(queue.Empty):  # an endless wait cannot be interrupted everywhere
                done = crew.results.get(timeout=_LOOK_SECONDS)
                if done is None:
                    left -= 1
                else:
                    yield done
    finally:
        crew.stop()
        for thread in threads:
            thread.join()


class _Crew:
    """Workers, each served by a thread, and the requests that wait for them."""

    def __init__(self, start: Callable[[], Worker], requests: Iterable[Any], attempts: int) -> None:
        self.results: queue.SimpleQueue[Done | None] = queue.SimpleQueue()
        self._start, self._attempts = start, attempts
        self._requests = enumerate(requests)
        self._again: deque[tuple[int, Any, int]] = deque()
        self._alive: set[Worker] = set()
        self._stopped = False
        self._lock = threading.Lock()

    def serve(self) -> None:
        """Give requests to one process after the other until none is left."""
        worker: Worker | None = None
        while (job := self._take()) is not None:
            worker = self._one(worker, *job)
        self._dismiss(worker)
        self.results.put(None)

    def stop(self) -> None:
        """End all workers; what they were at is not done."""
        with self._lock:
            self._stopped = True
            for worker in self._alive:
                worker.kill()

    def _take(self) -> tuple[int, Any, int] | None:
        """Next request and its attempt; first those that a lost worker left."""
        with self._lock:
            if self._stopped:
                return None
            if self._again:
                return self._again.popleft()
            following = next(self._requests, None)
            return None if following is None else (*following, 1)

    def _hire(self) -> Worker:
        with self._lock:
            if self._stopped:
                raise WorkerLost("the work was stopped")
            worker = self._start()
            self._alive.add(worker)
            return worker

    def _dismiss(self, worker: Worker | None) -> None:
        if worker is not None:
            with self._lock:
                self._alive.discard(worker)
            worker.end()

    def _one(self, worker: Worker | None, place: int, request: Any, attempt: int) -> Worker | None:
        """Have a request answered; return the worker if it can go on."""
        try:
            worker = worker or self._hire()
            self.results.put(Done(place, request, worker.ask(request), None, attempt))
        except Exception as error:  # whatever the worker met, another process has the next try
            self._dismiss(worker)
            if attempt < self._attempts:
                with self._lock:
                    self._again.append((place, request, attempt + 1))
            else:
                self.results.put(Done(place, request, None, error, attempt))
            return None
        return worker


# ---------------------------------------------------------------------------------------------- in the process


class Interrupted(BaseException):
    """The owner wants this request no more; no handler of errors may keep it."""


class Calls:
    """The worker's end of the pipe, and which request runs: a stop ends that one and none after it.

    Parameters
    ----------
    pipe : Connection
        To the owner.
    """

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe
        self._inbox: deque[tuple[str, int, Any]] = deque()
        self._number = 0  # of the request that runs and may be stopped

    def receive(self) -> tuple[int, Any]:
        """Wait for the next request and its number."""
        while True:
            kind, number, request = self._inbox.popleft() if self._inbox else self.pipe.recv()
            if kind == "do":  # else a stop that came when its request was over
                return number, request

    def answer(self, run: Run, number: int, request: Any) -> tuple[int, str, Any]:
        """What becomes of a request, as the message to send."""
        try:
            try:
                self._number = number
                self.look()
                result = run(request, self.tell)
            finally:
                self._number = 0
            return number, "done", result
        except Interrupted:
            return number, "stopped", None
        except Exception as error:  # whatever it is, the owner must know
            return number, "failed", _failure(error)

    def tell(self, done: int, total: int, what: str) -> None:
        """Send progress; a stop waits until it is sent."""
        number, self._number = self._number, 0
        try:
            self.pipe.send((number, "progress", (done, total, what)))
        except OSError:  # nobody listens any more; an error of a request is none of the pipe
            raise SystemExit from None
        self._number = number
        self.look()

    def look(self, *_: object) -> None:
        """Handle the signal: end the request that runs, if a message of the owner names it."""
        number, self._number = self._number, 0
        if number:
            while self.pipe.poll():
                self._inbox.append(self.pipe.recv())
            if ("stop", number, None) in self._inbox:
                raise Interrupted
            self._number = number


def main(handle: int, target: str) -> None:
    """Answer until the pipe closes.

    Parameters
    ----------
    handle : int
        This end of the pipe.
    target : str
        As for :class:`Worker`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner decides when to stop
    threading.Thread(target=_watch_parent, args=(os.getppid(),), daemon=True).start()
    calls = Calls(Connection(handle))
    signal.signal(signal.SIGUSR1, calls.look)
    try:
        setup = calls.pipe.recv()
    except (EOFError, OSError):
        return
    module, name = target.split(":")
    run: Run = getattr(import_module(module), name)(setup)
    with suppress(EOFError, OSError):
        while True:
            calls.pipe.send(calls.answer(run, *calls.receive()))


def _watch_parent(parent: int) -> None:
    """End with the owner, also where that was killed while a request ran."""
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os.killpg(0, signal.SIGKILL)


def _failure(error: Exception) -> Failure:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    kind = type(error).__name__
    place = f"{kind} in {Path(frame.filename).name}, line {frame.lineno}"
    message = " ".join(str(error).split())
    return Failure(kind, message, place, isinstance(error, OSError), isinstance(error, SuasionError))


def in_words(error: BaseException) -> str:
    """Kind and message of an error on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}".rstrip(": ")
