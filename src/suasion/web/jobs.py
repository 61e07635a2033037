"""A piece of work as the server sees it, and the errors it may end with."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class QueueName(StrEnum):
    """How long a job takes; ``ahead`` is the server's own work, which gives way to everybody's."""

    quick = "quick"
    heavy = "heavy"
    slow = "slow"
    long = "long"
    ahead = "ahead"


class JobState(StrEnum):
    """Where a job stands."""

    waiting = "waiting"
    running = "running"
    done = "done"
    failed = "failed"
    cancelled = "cancelled"


AGAIN_SECONDS = 600.0
"""How long a job that ran into a limit is answered with that, and not tried again."""
LIMITS = ("TimeLimit", "MemoryLimit", "MemoryError")
PASSING = ("Busy", "Cancelled", "Disk", "Fault", "Starting", "Stopped")
"""Errors that say nothing of the question: it may be asked again at once. All others are its own, and remembered."""
ENDED = (JobState.done, JobState.failed, JobState.cancelled)


@dataclass(slots=True)
class Job:
    """A task with its arguments, progress and outcome.

    key: hash of task, arguments, data and version: two equal questions are one job.
    task, arguments: what to do.
    queue: where it waits.
    limit: seconds it may run.
    client: who asked, for the fair queue; of several the one that has used the least.
    state: where it stands.
    kind, message: Error, where it failed.
    parts: result.
    sent: results that it is made from: the worker gets them from here, and needs no disk for them.
    begun, over: When it was taken up, and when it ended (monotonic seconds).
    news, ended: Set when it is over or was moved to the queue of slow questions, and when it is over.
    """

    key: str
    task: str
    arguments: Mapping[str, Any]
    queue: QueueName
    limit: float
    client: str = ""
    state: JobState = JobState.waiting
    done: int = 0
    total: int = 0
    what: str = ""
    kind: str = ""
    message: str = ""
    parts: Mapping[str, bytes] = field(default_factory=dict)
    sent: Mapping[str, bytes] = field(default_factory=dict)
    begun: float = 0.0
    over: float = 0.0
    news: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def background(self) -> bool:
        """Whether it is a long job, written down until it is over."""
        return self.queue is QueueName.long

    @property
    def overdue(self) -> bool:
        """Whether it has run for longer than it may."""
        return self.state is JobState.running and time.monotonic() > self.begun + self.limit

    @property
    def refused(self) -> bool:
        """Whether its failure is remembered, so that another try would only take a worker from others."""
        if self.state is not JobState.failed or self.kind in PASSING:
            return False
        return self.kind not in LIMITS or time.monotonic() < self.over + AGAIN_SECONDS


class Busy(Exception):
    """The queue is full: come back later."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"The server is busy. Try again in {seconds} seconds.")
        self.seconds = seconds


class Deferred(Exception):
    """An answer takes longer than its reader waits: it will be at the same address.

    job: makes it.
    title: what is made, where that is known.
    """

    def __init__(self, job: Job, title: str = "") -> None:
        super().__init__("This takes longer.")
        self.job, self.title = job, title


class Failed(Exception):
    """A job that ended without a result.

    kind: name of the error.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
