"""A piece of work as the server sees it, and the errors it may end with."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import repeat
from math import fsum
from typing import Any

from suasion import errors
from suasion.worker import Pace


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


FRESH_SECONDS = 15.0
"""Since a job was last asked for, within which somebody is taken to wait: a page asks every second or three."""
FORGOTTEN_SECONDS = 60.0
"""After which a job that nobody asks for is dropped."""
LOADED = 3
"""Multiple of its limit, by the clock, after which a job that got too little of the processor is ended."""
LIMITS = ("TimeLimit", "MemoryLimit", "MemoryError")
NAMING_FILES = (
    errors.DataError,
    errors.MissingPackageError,
    errors.OutputError,
    errors.SweepError,
    errors.UnreadableError,
)
OURS = {
    "Disk",
    "Fault",
    *(name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, NAMING_FILES)),
}
"""Errors of files, data and ourselves: noted, and their messages are for who runs the server."""
PASSING = {*OURS, "Busy", "Cancelled", "Forgotten", "Overload", "Starting", "Stopped"}
"""Errors that say nothing of the question: it may be asked again at once. So may what ran into a limit, once those who
waited for it know. All others are the question's own, and remembered."""
ENDED = (JobState.done, JobState.failed, JobState.cancelled)


@dataclass(slots=True)
class Job:
    """A task with its arguments, progress and outcome.

    key: hash of task, arguments, data and version: two equal questions are one job.
    task, arguments: what to do.
    queue: where it waits.
    limit: seconds it may run.
    client: who asked, for the fair queue; of several the one that has used the least.
    askers, untold: all who asked, and of them who does not know yet that it ran into a limit.
    asked, readers: when it was last asked for, and how many requests wait for it now.
    budget: seconds of work after which it makes way for others of its queue; twice as many at the next turn.
    state: where it stands.
    done, total, what: steps done, of how many, and which one runs.
    pace: of these steps.
    kind, message: Error, where it failed.
    parts: result.
    sent: results that it is made from: the worker gets them from here, and needs no disk for them.
    begun, latest, over: When it was taken up, by when it must end however little it worked, when it ended (monotonic).
    news, ended: Set when it is over or was moved to the queue of slow questions, and when it is over.
    """

    key: str
    task: str
    arguments: Mapping[str, Any]
    queue: QueueName
    limit: float
    client: str = ""
    askers: set[str] = field(default_factory=set)
    untold: set[str] = field(default_factory=set)
    asked: float = field(default_factory=time.monotonic)
    readers: int = 0
    budget: float = math.inf
    state: JobState = JobState.waiting
    done: int = 0
    total: int = 0
    what: str = ""
    pace: Pace = field(default_factory=Pace)
    kind: str = ""
    message: str = ""
    parts: Mapping[str, bytes] = field(default_factory=dict)
    sent: Mapping[str, bytes] = field(default_factory=dict)
    begun: float = 0.0
    latest: float = math.inf
    over: float = 0.0
    news: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def background(self) -> bool:
        """Whether it is a long job, written down until it is over."""
        return self.queue is QueueName.long

    def begin(self) -> bool:
        """Note that a worker takes it up; False if it was cancelled while the worker made itself ready."""
        self.begun = time.monotonic()
        self.latest = fsum((self.begun, *repeat(self.limit, LOADED)))
        if self.state not in ENDED:
            self.state = JobState.running
        return self.state is JobState.running

    def report(self, done: int, total: int, what: str) -> None:
        """Note how far it is: done of total, and what is done."""
        self.pace.report(done, total)
        self.done, self.total, self.what = done, total, what

    @property
    def left(self) -> int | None:
        """Seconds left of the steps that are counted now; None where that is not known yet."""
        return self.pace.left if self.state is JobState.running else None

    def ask(self, client: str) -> None:
        """Note that somebody asks for it."""
        self.askers.add(client)
        self.asked = time.monotonic()

    def unasked(self, seconds: float) -> bool:
        """Whether nobody has asked for it for some time; what the server makes ahead waits for nobody."""
        ahead = self.queue is QueueName.ahead
        return not ahead and not self.readers and time.monotonic() > self.asked + seconds

    def overloaded(self) -> bool:
        """Whether it had much more time than it may work, and did not get the processor for it."""
        return self.state is JobState.running and time.monotonic() > self.latest

    def refused(self, client: str) -> bool:
        """Whether its failure answers who asks: another try would only take a worker from others.

        A limit is no answer to the question: it is told once to each who waited for it.
        """
        if self.state is not JobState.failed or self.kind in PASSING:
            return False
        if self.kind not in LIMITS:
            return True
        told = client in self.untold
        self.untold.discard(client)
        return told


class Busy(Exception):
    """The queue is full: come back later."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"The server is busy. Try again in {seconds} seconds.")
        self.seconds = seconds


class Deferred(Exception):
    """An answer takes longer than its reader waits: it will be at the same address.

    job: makes it.
    title: what is made, where that is known.
    central: what is known before: the answer without its ranges, compressed, as JSON.
    """

    def __init__(self, job: Job, title: str = "", central: bytes = b"") -> None:
        super().__init__("This takes longer.")
        self.job, self.title, self.central = job, title, central


class Failed(Exception):
    """A job that ended without a result.

    kind: name of the error.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
