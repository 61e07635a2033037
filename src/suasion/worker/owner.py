"""The owner's side of a worker process, and of one that only saves time."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any

from suasion.worker.failure import Failure

STOP_SECONDS = 2.0
"""How long a worker may take to let go of a request before it is ended."""
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from suasion.worker.process import main; "
    "main(int(sys.argv[2]), sys.argv[3])"
)
_USER_TIME, _SYSTEM_TIME = 11, 12
"""Places among the fields of ``/proc/PID/stat`` that follow the name of the program."""


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
    target : ``"package.module:function"``; see the package
    setup : can be pickled
        What the function is called with.
    environment : Variables added to the environment of the process
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
                # An interrupt at the keyboard reaches the owner only, which ends its workers. No `setsid`: Linux
                # shares processor time among what that makes, and a worker could not step back.
                process_group=0,
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


def fills(pid: int, most_kb: int, part: float = 1.0) -> bool:
    """Whether a process holds more than a part of the memory that it may have; False where the system does not say."""
    return _memory_kb(pid) > part * most_kb


def _memory_kb(pid: int) -> int:
    """Memory that a process holds, kB; 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) if found else 0


class OptionalWorker:
    """A process that answers one request at a time, while there is one.

    Parameters
    ----------
    target, setup : as for :class:`Worker`
    """

    def __init__(self, target: str, setup: Any) -> None:
        self._lock = threading.Lock()
        self.worker: Worker | None = None
        with suppress(OSError):  # none can be started
            self.worker = Worker(target, setup)

    def ask(self, request: Any) -> Any:
        """Result of a request; None where there is no process, it died, or the request met an error."""
        with self._lock:
            if self.worker is None:
                return None
            try:
                return self.worker.ask(request)
            except WorkFailed:
                return None
            except WorkerLost:
                self.worker.end()
                self.worker = None
                return None
