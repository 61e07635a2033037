"""Solve chunks: in this process, in worker processes that may die without loss, or on a Dask cluster."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any

from suasion.errors import SweepError
from suasion.extras import need
from suasion.solvers.threads import ONE_THREAD
from suasion.sweep.chunk import solve_document
from suasion.sweep.parts import ATTEMPTS, ChunkResult
from suasion.types import Advice
from suasion.worker import Worker, WorkerLost, WorkFailed, in_words, work_through

PATIENCE = 120.0
"""Seconds without any worker after which the sweep stops."""
_POLL = 2.0
_ANSWER = 10.0  # seconds to wait for the scheduler
_AHEAD = 2  # chunks that wait at the scheduler for each thread of the workers
_ENDED = ("closing", "closed")
_GO_ON: Advice = "What is done is kept: start {}, and go on with --resume."


def solve_cluster(
    document: str, chunks: Iterable[int], address: str, patience: float = PATIENCE
) -> Iterator[ChunkResult]:
    """Solve chunks on the workers of a Dask scheduler.

    A worker that dies is no loss: the scheduler gives its chunks to others. A chunk that takes several workers with it
    (``distributed.scheduler.allowed-failures``, 3 by default), or fails as often, is given up.

    document: The plan as JSON.
    address: Of the scheduler, such as ``tcp://10.0.0.1:8786``.
    patience: Seconds without any worker after which it stops.
    Yields: In the order in which they are done.
    Raises SweepError: Dask is not installed, nobody answers at the address, the scheduler is gone, or no
      worker is left.
    """
    client = connect(address)
    try:
        yield from _Relay(client, document, iter(chunks), patience).outcomes()
    finally:
        with suppress(Exception):  # a scheduler that is gone need not be told
            client.close(timeout=5)


def connect(address: str) -> Any:
    """Return a client of the scheduler at an address.

    Raises SweepError: Nobody answers.
    Raises MissingPackageError: Dask is not installed, here and on every worker.
    """
    client, addressing = need("distributed").Client, need("distributed.comm.addressing")
    # What becomes of the connection is said by the sweep, once and in its own words.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        addressing.get_address_host_port(
            address
        )  # a client that is refused an address hangs when it is collected
        return client(address, timeout=_ANSWER, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError, ImportError) as error:
        raise SweepError(
            f"No Dask scheduler answers at {address}: {in_words(error)}. Start one with `dask scheduler`, and give the "
            "address that it prints."
        ) from error


class _Relay:
    """Keeps a window of chunks at the scheduler, and tries again what failed."""

    def __init__(self, client: Any, document: str, chunks: Iterator[int], patience: float) -> None:
        self.client, self.document, self.chunks, self.patience = client, document, chunks, patience
        self.waiting: dict[Any, tuple[int, int]] = {}
        self.ready: SimpleQueue[Any] = (
            SimpleQueue()
        )  # futures that are done, put here by the client's own thread
        self.seen = time.monotonic()

    def outcomes(self) -> Iterator[ChunkResult]:
        """Yield chunks as they are done or given up.

        Raises SweepError: The scheduler is gone, or no worker was there for too long.
        """
        try:
            yield from self._settled()
        except Exception as error:
            if self.client.status not in _ENDED:
                raise
            # It has tried to reach the scheduler again, for as long as at first, and then closed itself: whatever it
            # is asked from then on fails, each time in another way.
            raise SweepError(
                f"The cluster's scheduler is gone. {_GO_ON.format('a scheduler and workers')}"
            ) from error
        finally:
            with suppress(Exception):
                self.client.cancel(list(self.waiting), force=True)

    def _settled(self) -> Iterator[ChunkResult]:
        self._fill()
        while self.waiting:
            with suppress(Empty):
                future = self.ready.get(timeout=_POLL)
                outcome = self._settle(future, *self.waiting.pop(future))
                if outcome is not None:
                    yield outcome
            self._fill()

    def _threads(self) -> int:
        """Threads of all workers; 0 while the connection to the scheduler is lost.

        Raises SweepError: There were none for too long.
        """
        count = 0
        with suppress(OSError):
            count = sum(self.client.nthreads().values())
        if count:
            self.seen = time.monotonic()
        elif time.monotonic() - self.seen > self.patience:
            raise SweepError(
                f"The cluster has had no worker for {self.patience:.0f} seconds. {_GO_ON.format('workers')}"
            )
        return count

    def _fill(self) -> None:
        """Send chunks until each thread has some to wait for."""
        window = max(2, (1 + _AHEAD) * self._threads())
        for chunk in islice(self.chunks, max(0, window - len(self.waiting))):
            self._send(chunk, 1)

    def _send(self, chunk: int, attempt: int) -> None:
        future = self.client.submit(solve_document, self.document, chunk, pure=False, priority=-chunk)
        self.waiting[future] = (chunk, attempt)
        future.add_done_callback(self.ready.put)

    def _settle(self, future: Any, chunk: int, attempt: int) -> ChunkResult | None:
        """ChunkResult of a chunk; None where it is tried again."""
        try:
            return ChunkResult(chunk, future.result(), attempts=attempt)
        except Exception as error:  # whatever the worker met
            if self.client.status in _ENDED:
                raise
            fatal = type(error).__name__ == "KilledWorker"  # the scheduler has tried several workers
            if attempt < ATTEMPTS and not fatal:
                self._send(chunk, attempt + 1)
                return None
            return ChunkResult(chunk, None, in_words(error), attempt)
        finally:
            future.release()


TARGET = "suasion.sweep.chunk:solve_chunks"


def solve_here(document: str, chunks: Iterable[int]) -> Iterator[ChunkResult]:
    """Solve chunks one after the other in this process.

    document: The plan as JSON.
    """
    for chunk in chunks:
        try:
            yield ChunkResult(chunk, solve_document(document, chunk))
        except Exception as error:  # one chunk's trouble must not cost the others
            yield ChunkResult(chunk, None, in_words(error))


def solve_local(document: str, chunks: Iterable[int], workers: int) -> Iterator[ChunkResult]:
    """Solve chunks in worker processes; a chunk whose worker dies is given to a new one.

    document: The plan as JSON.
    workers: Number of processes, each with one thread for linear algebra.
    Yields: In the order in which they are done.
    """
    start = partial(Worker, TARGET, document, ONE_THREAD)
    for done in work_through(start, chunks, workers, ATTEMPTS):
        error, reason = done.error, ""
        if error is not None:
            reason = str(error) if isinstance(error, WorkerLost | WorkFailed) else in_words(error)
        yield ChunkResult(done.request, done.result, reason, done.attempts)
