"""What runs in a worker process: requests one after the other, until the pipe closes or the owner is gone."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from suasion.types import Progress
from suasion.worker.failure import failure_of

Run = Callable[[Any, Progress], Any]
_LOOK_SECONDS = 1.0


class Interrupted(BaseException):
    """The owner wants this request no more; no handler of errors may keep it."""


class Calls:
    """The worker's end of the pipe, and which request runs: a stop ends that one and none after it.

    pipe: to the owner.
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
            return number, "failed", failure_of(error)

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

    handle: This end of the pipe.
    target: as for :class:`Worker`.
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
