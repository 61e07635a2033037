"""Waiting jobs in queues, and the fair order among clients: who has used the least worker time comes next.

Quick questions never wait behind dossiers, and neither waits behind what is slow or long. A job that somebody still
asks for comes before those that nobody waits for any more.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextvars import ContextVar

from suasion.web.jobs import FORGOTTEN_SECONDS, FRESH_SECONDS, Job, QueueName

__all__ = ["FairQueues", "QueueName", "Usage", "current_client", "queues_of"]

WINDOW_SECONDS = 60.0
GREEDY_SECONDS = 10.0
current_client: ContextVar[str] = ContextVar("current_client", default="")
"""Who sends the request at hand; empty for the server's own work, which is nobody's burden."""


class Usage:
    """Seconds of work done for each client in this minute and the one before."""

    def __init__(self) -> None:
        self._now: dict[str, float] = {}
        self._before: dict[str, float] = {}
        self._turn = time.monotonic() + WINDOW_SECONDS

    def charge(self, client: str, seconds: float) -> None:
        """Note work done.

        client: For whom.
        seconds: How long it took.
        """
        self._turned()
        if client:
            self._now[client] = self._now.get(client, 0.0) + seconds

    def of(self, client: str) -> float:
        """Seconds that a client has used."""
        self._turned()
        return self._now.get(client, 0.0) + self._before.get(client, 0.0)

    def greedy(self, client: str) -> bool:
        """Whether a client has used more than all others together, and there are others."""
        mine = self.of(client)
        every = sum(self._now.values()) + sum(self._before.values())
        return mine > GREEDY_SECONDS and mine < every < mine + mine

    def _turned(self) -> None:
        if time.monotonic() > self._turn:
            stale = time.monotonic() > self._turn + WINDOW_SECONDS
            self._before, self._now = {} if stale else self._now, {}
            self._turn = time.monotonic() + WINDOW_SECONDS


class FairQueues:
    """Jobs that wait. Of those that a worker may do, it gets one of the client that has used the least."""

    def __init__(self) -> None:
        self.usage = Usage()
        self._jobs: dict[QueueName, list[Job]] = {queue: [] for queue in QueueName}
        self._change = threading.Condition()
        self._closed = False

    def put(self, job: Job) -> None:
        """Let a job wait in its queue.

        job: The job.
        """
        with self._change:
            self._jobs[job.queue].append(job)
            self._change.notify_all()

    def take(self, queues: Sequence[QueueName], *, spare: bool = False) -> Job | None:
        """Wait for the next job of some queues; None once these are closed.

        queues: What the worker that asks may do.
        spare: Whether the worker is kept from a client that has used more than all others.
        """
        with self._change:
            while True:
                waiting = [
                    job
                    for queue in queues
                    for job in self._jobs[queue]
                    if not (spare and self.usage.greedy(job.client))
                ]
                if waiting:
                    job = min(waiting, key=self._order)  # the first of equals
                    self._jobs[job.queue].remove(job)
                    return job
                if self._closed:
                    return None
                self._change.wait(WINDOW_SECONDS if spare else None)

    def waits(self, queues: Sequence[QueueName], seconds: float) -> bool:
        """Whether a job comes into one of some queues within some time."""
        with self._change:
            return self._change.wait_for(
                lambda: self._closed or any(self._jobs[queue] for queue in queues), seconds
            )

    def charge(self, client: str, seconds: float) -> None:
        """Note work done for a client; it may change who comes next."""
        with self._change:
            self.usage.charge(client, seconds)
            self._change.notify_all()

    def _order(self, job: Job) -> tuple[bool, bool, float]:
        return job.queue is QueueName.ahead, job.unasked(FRESH_SECONDS), self.usage.of(job.client)

    def forgotten(self) -> list[Job]:
        """Take what nobody has asked for for a minute out of all queues."""
        with self._change:
            found = [job for jobs in self._jobs.values() for job in jobs if job.unasked(FORGOTTEN_SECONDS)]
            for job in found:
                self._jobs[job.queue].remove(job)
        return found

    def new(self, queue: QueueName, client: str) -> bool:
        """Whether a client has used no worker lately and has nothing in a queue."""
        with self._change:
            return not self.usage.of(client) and all(job.client != client for job in self._jobs[queue])

    def join(self, job: Job, client: str, queue: QueueName) -> None:
        """Let a job count for the one of its askers that has used the least; one made ahead is now asked for.

        job: It waits or runs.
        client: Who asks too.
        queue: Where the asker's job would wait.
        """
        with self._change:
            if queue is QueueName.ahead:
                return
            if job.queue is QueueName.ahead:
                if job in self._jobs[QueueName.ahead]:
                    self._jobs[QueueName.ahead].remove(job)
                    self._jobs[queue].append(job)
                job.queue, job.client = queue, client
                self._change.notify_all()
            elif self.usage.of(client) < self.usage.of(job.client):
                job.client = client

    def contested(self, queues: Sequence[QueueName], job: Job) -> bool:
        """Whether another client waits in some queues, and still asks; for a job made ahead whether anybody does."""
        ahead = job.queue is QueueName.ahead
        with self._change:
            return any(
                one.queue is not QueueName.ahead
                and (ahead or (one.client != job.client and not one.unasked(FRESH_SECONDS)))
                for queue in queues
                for one in self._jobs[queue]
            )

    def evict(self, queue: QueueName, client: str) -> Job | None:
        """Take one that nobody waits for any more out of a full queue, else the newest of the client that has the most.

        None where that is the one who asks.

        queue: It is full.
        client: Who asks for a place.
        """
        with self._change:
            left = [job for job in self._jobs[queue] if job.unasked(FRESH_SECONDS)]
            if left:
                job = min(left, key=lambda job: job.asked)
                self._jobs[queue].remove(job)
                return job
            have = Counter(job.client for job in self._jobs[queue])
            if not have:
                return None
            greediest, most = have.most_common(1)[0]
            if most <= have[client] + 1:
                return None
            job = next(job for job in reversed(self._jobs[queue]) if job.client == greediest)
            self._jobs[queue].remove(job)
            return job

    def waiting(self, queue: QueueName) -> int:
        """Number of jobs that wait in a queue."""
        return len(self._jobs[queue])

    def close(self) -> tuple[Job, ...]:
        """Hand back what waits; workers get None from now on."""
        with self._change:
            left = tuple(job for jobs in self._jobs.values() for job in jobs)
            for jobs in self._jobs.values():
                jobs.clear()
            self._closed = True
            self._change.notify_all()
        return left


def queues_of(place: int, workers: int) -> tuple[QueueName, ...]:
    """What the worker at a place does: the first of several only the quick, the last all that is not quick or heavy.

    place: From 0; ``workers`` is the worker for slow and long jobs.
    workers: Number of workers for quick and heavy jobs.
    """
    if place == workers:
        return (QueueName.slow, QueueName.long, QueueName.ahead)
    return (QueueName.quick,) if place == 0 and workers > 1 else (QueueName.quick, QueueName.heavy)
