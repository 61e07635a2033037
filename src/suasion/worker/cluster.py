"""Many requests to the workers of a Dask scheduler, which may die without loss."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any

from suasion.errors import SweepError
from suasion.extras import need
from suasion.worker.failure import in_words
from suasion.worker.many import Done

PATIENCE = 120.0
"""Seconds without any worker after which the work stops."""
_POLL = 2.0
_ANSWER = 10.0  # seconds to wait for the scheduler
_AHEAD = 2  # requests that wait at the scheduler for each thread of the workers
_ENDED = ("closing", "closed")
GO_ON = "go on with --resume"


def work_on_cluster(
    call: Callable[[Any], Any],
    requests: Iterable[Any],
    address: str,
    attempts: int,
    *,
    patience: float = PATIENCE,
    go_on: str = GO_ON,
) -> Iterator[Done]:
    """Answer requests on the workers of a Dask scheduler.

    A worker that dies is no loss: the scheduler gives its requests to others. A request that takes several workers with
    it (``distributed.scheduler.allowed-failures``, 3 by default), or fails as often, is given up.

    call: Answers a request; can be pickled.
    requests: Taken as threads of the workers get free.
    address: Of the scheduler, such as ``tcp://10.0.0.1:8786``.
    attempts: How often a request is tried.
    patience: Seconds without any worker after which it stops.
    go_on: What to do then, beside starting workers.
    Yields: In the order in which they are done.
    Raises SweepError: Nobody answers at the address, the scheduler is gone, or no worker is left.
    Raises MissingPackageError: Dask is not installed.
    """
    client = connect(address)
    try:
        yield from Relay(client, call, requests, attempts, patience, go_on).outcomes()
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


class Relay:
    """Keeps a window of requests at the scheduler, and tries again what failed."""

    def __init__(
        self,
        client: Any,
        call: Callable[[Any], Any],
        requests: Iterable[Any],
        attempts: int,
        patience: float = PATIENCE,
        go_on: str = GO_ON,
    ) -> None:
        self.client, self.call, self.requests = client, call, enumerate(requests)
        self.attempts, self.patience = attempts, patience
        self.go_on = f"What is done is kept: start {{}}, and {go_on}."
        self.waiting: dict[Any, tuple[int, Any, int]] = {}
        self.ready: SimpleQueue[Any] = (
            SimpleQueue()
        )  # futures that are done, put here by the client's own thread
        self.seen = time.monotonic()

    def outcomes(self) -> Iterator[Done]:
        """Yield requests as they are done or given up.

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
                f"The cluster's scheduler is gone. {self.go_on.format('a scheduler and workers')}"
            ) from error
        finally:
            with suppress(Exception):
                self.client.cancel(list(self.waiting), force=True)

    def _settled(self) -> Iterator[Done]:
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
                f"The cluster has had no worker for {self.patience:.0f} seconds. {self.go_on.format('workers')}"
            )
        return count

    def _fill(self) -> None:
        """Send requests until each thread has some to wait for."""
        window = max(2, (1 + _AHEAD) * self._threads())
        for place, request in islice(self.requests, max(0, window - len(self.waiting))):
            self._send(place, request, 1)

    def _send(self, place: int, request: Any, attempt: int) -> None:
        future = self.client.submit(self.call, request, pure=False, priority=-place)
        self.waiting[future] = (place, request, attempt)
        future.add_done_callback(self.ready.put)

    def _settle(self, future: Any, place: int, request: Any, attempt: int) -> Done | None:
        """What became of a request; None where it is tried again."""
        try:
            return Done(place, request, future.result(), None, attempt)
        except Exception as error:  # whatever the worker met
            if self.client.status in _ENDED:
                raise
            fatal = type(error).__name__ == "KilledWorker"  # the scheduler has tried several workers
            if attempt < self.attempts and not fatal:
                self._send(place, request, attempt + 1)
                return None
            return Done(place, request, None, error, attempt)
        finally:
            future.release()
