"""Many requests to several worker processes, and how far they are."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from suasion.worker.owner import Worker, WorkerLost

_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a request of :func:`work_through`.

    Attributes
    ----------
    place : of the request among all, from 0
    request, result : object
    error : why there is no result: a `WorkFailed`, a `WorkerLost`, or what kept a worker from starting
    attempts : how often it was tried
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
    start : starts a worker; called from several threads
    requests : Taken as workers get free
    workers : number of processes
    attempts : how often a request is tried, each time by another process

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


@dataclass(slots=True)
class Pace:
    """Steps that are counted together; others, counted anew, have a pace of their own.

    done, total: steps done, of how many.
    begun, before: when their counting began (monotonic), and how many were done then.
    """

    done: int = 0
    total: int = 0
    begun: float = 0.0
    before: int = 0

    def report(self, done: int, total: int) -> None:
        """Note how far it is."""
        if total != self.total or done < self.done:
            self.begun, self.before = time.monotonic(), done
        self.done, self.total = done, total

    @property
    def left(self) -> int | None:
        """Seconds left; None where no step has shown yet how long one takes."""
        if self.done <= self.before:
            return None
        return round((time.monotonic() - self.begun) * (self.total - self.done) / (self.done - self.before))
