"""Waiting jobs in lanes: quick questions never wait behind dossiers, and neither waits behind long jobs."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from enum import StrEnum

from suasion.web.jobs import Job


class Lane(StrEnum):
    """How long a job takes."""

    quick = "quick"
    heavy = "heavy"
    long = "long"


class Lanes:
    """Jobs that wait, first come first served in each lane."""

    def __init__(self) -> None:
        self._jobs: dict[Lane, deque[Job]] = {lane: deque() for lane in Lane}
        self._change = threading.Condition()
        self._closed = False

    def put(self, lane: Lane, job: Job) -> None:
        """Let a job wait.

        Parameters
        ----------
        lane : Lane
            Where.
        job : Job
            The job.
        """
        with self._change:
            self._jobs[lane].append(job)
            self._change.notify_all()

    def take(self, lanes: Sequence[Lane]) -> Job | None:
        """Wait for the next job of some lanes, the first of them first; None once these are closed.

        Parameters
        ----------
        lanes : sequence of Lane
            What the seat that asks may do.
        """
        with self._change:
            while True:
                for lane in lanes:
                    if self._jobs[lane]:
                        return self._jobs[lane].popleft()
                if self._closed:
                    return None
                self._change.wait()

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
    """What the seat at a place does: the first of several only what is quick, the last only what is long.

    Parameters
    ----------
    place : int
        From 0; ``seats`` is the seat for long jobs.
    seats : int
        Number of seats for quick and heavy jobs.
    """
    if place == seats:
        return (Lane.long,)
    return (Lane.quick,) if place == 0 and seats > 1 else (Lane.quick, Lane.heavy)
