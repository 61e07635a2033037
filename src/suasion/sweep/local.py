"""Solve chunks on this machine: in this process, or in worker processes that may die without loss."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Iterable, Iterator

from suasion.solvers.threads import ONE_THREAD
from suasion.solvers.worker import Worker, WorkerLost, WorkFailed, in_words, start_worker
from suasion.sweep.chunk import solve_document
from suasion.sweep.outcome import ATTEMPTS, ChunkResult

_POLL = 1.0
TARGET = "suasion.sweep.chunk:solve_document"


def solve_here(document: str, chunks: Iterable[int]) -> Iterator[ChunkResult]:
    """Solve chunks one after the other in this process.

    Parameters
    ----------
    document : str
        The plan as JSON.
    chunks : iterable of int

    Yields
    ------
    ChunkResult
    """
    for chunk in chunks:
        try:
            yield ChunkResult(chunk, solve_document(document, chunk))
        except Exception as error:  # one chunk's trouble must not cost the others
            yield ChunkResult(chunk, None, in_words(error))


def solve_local(document: str, chunks: Iterable[int], workers: int) -> Iterator[ChunkResult]:
    """Solve chunks in worker processes; a chunk whose worker dies is given to a new one.

    Parameters
    ----------
    document : str
        The plan as JSON.
    chunks : iterable of int
    workers : int
        Number of processes, each with one thread for linear algebra.

    Yields
    ------
    ChunkResult
        In the order in which they are done.
    """
    crew = Crew(document, chunks)
    threads = [threading.Thread(target=crew.serve, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    left = workers
    try:
        while left:
            try:
                outcome = crew.results.get(timeout=_POLL)  # an endless wait cannot be interrupted everywhere
            except queue.Empty:
                continue
            if outcome is None:
                left -= 1
            else:
                yield outcome
    finally:
        crew.stop()
        for thread in threads:
            thread.join()


class Crew:
    """Worker processes of one sweep, each served by a thread, and the chunks that wait for them.

    Parameters
    ----------
    document : str
        The plan as JSON.
    chunks : iterable of int
    """

    def __init__(self, document: str, chunks: Iterable[int]) -> None:
        self.document = document
        self.results: queue.SimpleQueue[ChunkResult | None] = queue.SimpleQueue()
        self._chunks = iter(chunks)
        self._again: deque[tuple[int, int]] = deque()
        self._alive: dict[int, Worker] = {}
        self._stopped = False
        self._lock = threading.Lock()

    def serve(self) -> None:
        """Give chunks to one worker process after the other until none is left."""
        worker: Worker | None = None
        while (job := self._take()) is not None:
            worker = self._one(worker, *job)
        self._dismiss(worker)
        self.results.put(None)

    def stop(self) -> None:
        """End all workers; what they were at is not done."""
        with self._lock:
            self._stopped = True
            workers = list(self._alive.values())
        for worker in workers:
            worker.process.kill()

    def _take(self) -> tuple[int, int] | None:
        """Next chunk and its attempt; first those that a lost worker left."""
        with self._lock:
            if self._stopped:
                return None
            if self._again:
                return self._again.popleft()
            chunk = next(self._chunks, None)
            return None if chunk is None else (chunk, 1)

    def _hire(self) -> Worker:
        with self._lock:
            if self._stopped:
                raise WorkerLost("the sweep was stopped")
            worker = start_worker(TARGET, self.document, ONE_THREAD)
            self._alive[worker.process.pid] = worker
            return worker

    def _dismiss(self, worker: Worker | None) -> None:
        if worker is not None:
            worker.end()
            with self._lock:
                self._alive.pop(worker.process.pid, None)

    def _one(self, worker: Worker | None, chunk: int, attempt: int) -> Worker | None:
        """Have a chunk solved; return the worker if it can go on."""
        try:
            worker = worker or self._hire()
            self.results.put(ChunkResult(chunk, worker.ask(chunk), attempts=attempt))
        except Exception as error:  # whatever the worker met, another process has the next try
            self._dismiss(worker)
            self._retry(chunk, attempt, error)
            return None
        return worker

    def _retry(self, chunk: int, attempt: int, error: Exception) -> None:
        if attempt < ATTEMPTS:
            with self._lock:
                self._again.append((chunk, attempt + 1))
        else:
            reason = str(error) if isinstance(error, WorkerLost | WorkFailed) else in_words(error)
            self.results.put(ChunkResult(chunk, None, reason, attempt))
