"""Waiting jobs in lanes, and the fair order among clients: who has used the least worker time comes next.

Quick questions never wait behind dossiers, and neither waits behind what is dear or long.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextvars import ContextVar

from suasion.web.jobs import Job, Lane

__all__ = ["Lane", "Lanes", "Usage", "asker", "lanes_of"]

WINDOW_SECONDS = 60.0
GREEDY_SECONDS = 10.0
asker: ContextVar[str] = ContextVar("asker", default="")
"""Who sends the request at hand; empty for the server's own work, which is nobody's burden."""


class Usage:
    """Seconds of work done for each client in this minute and the one before."""

    def __init__(self) -> None:
        self._now: dict[str, float] = {}
        self._before: dict[str, float] = {}
        self._turn = time.monotonic() + WINDOW_SECONDS

    def charge(self, client: str, seconds: float) -> None:
        """Note work done.

        Parameters
        ----------
        client : str
            For whom.
        seconds : float
            How long it took.
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


class Lanes:
    """Jobs that wait. Of those that a seat may do, it gets one of the client that has used the least; then by lane."""

    def __init__(self) -> None:
        self.usage = Usage()
        self._jobs: dict[Lane, list[Job]] = {lane: [] for lane in Lane}
        self._change = threading.Condition()
        self._closed = False

    def put(self, job: Job) -> None:
        """Let a job wait in its lane.

        Parameters
        ----------
        job : Job
            The job.
        """
        with self._change:
            self._jobs[job.lane].append(job)
            self._change.notify_all()

    def take(self, lanes: Sequence[Lane], *, spare: bool = False) -> Job | None:
        """Wait for the next job of some lanes; None once these are closed.

        Parameters
        ----------
        lanes : sequence of Lane
            What the seat that asks may do.
        spare : bool
            Whether the seat is kept from a client that has used more than all others.
        """
        with self._change:
            while True:
                waiting = [
                    job
                    for lane in lanes
                    for job in self._jobs[lane]
                    if not (spare and self.usage.greedy(job.client))
                ]
                if waiting:
                    job = min(waiting, key=lambda job: self.usage.of(job.client))  # the first of equals
                    self._jobs[job.lane].remove(job)
                    return job
                if self._closed:
                    return None
                self._change.wait(WINDOW_SECONDS if spare else None)

    def charge(self, client: str, seconds: float) -> None:
        """Note work done for a client; it may change who comes next."""
        with self._change:
            self.usage.charge(client, seconds)
            self._change.notify_all()

    def join(self, job: Job, client: str) -> None:
        """Let a waiting job count for the one of its askers that has used the least."""
        with self._change:
            if self.usage.of(client) < self.usage.of(job.client):
                job.client = client

    def contested(self, lanes: Sequence[Lane], client: str) -> bool:
        """Whether another client waits in one of some lanes."""
        with self._change:
            return any(job.client != client for lane in lanes for job in self._jobs[lane])

    def give_way(self, lane: Lane, client: str) -> Job | None:
        """Take the newest job of the client that has the most in a full lane; None where that is the one who asks.

        Parameters
        ----------
        lane : Lane
            It is full.
        client : str
            Who asks for a place.
        """
        with self._change:
            have = Counter(job.client for job in self._jobs[lane])
            if not have:
                return None
            greediest, most = have.most_common(1)[0]
            if most <= have[client] + 1:
                return None
            job = next(job for job in reversed(self._jobs[lane]) if job.client == greediest)
            self._jobs[lane].remove(job)
            return job

    def waiting(self, lane: Lane) -> int:
        """Number of jobs that wait in a lane."""
        return len(self._jobs[lane])

    def close(self) -> tuple[Job, ...]:
        """Hand back what waits; seats get None from now on."""
        with self._change:
            left = tuple(job for jobs in self._jobs.values() for job in jobs)
            for jobs in self._jobs.values():
                jobs.clear()
            self._closed = True
            self._change.notify_all()
        return left


def lanes_of(place: int, seats: int) -> tuple[Lane, ...]:
    """What the seat at a place does: the first of several only what is quick, the last only what is dear or long.

    Parameters
    ----------
    place : int
        From 0; ``seats`` is the seat for dear and long jobs.
    seats : int
        Number of seats for quick and heavy jobs.
    """
    if place == seats:
        return (Lane.dear, Lane.long)
    return (Lane.quick,) if place == 0 and seats > 1 else (Lane.quick, Lane.heavy)
