"""Worker processes: each keeps what it needs warm, takes one request at a time, and can be told to let go of it.

A worker is a fresh interpreter, never a fork, and does not import the program that asked, so that a script needs no
guard. It is tied to its owner by one end of a pipe, and ends with it. What is to be done is the name of a function,
``"package.module:function"``: called once with what the worker is set up with, it returns a function of a request and
of a report of progress. ``concurrent.futures``, loky and pebble end a process to stop its task; here the task ends,
and the process stays warm.
"""

from suasion.worker.failure import Failure, in_words
from suasion.worker.many import Done, Pace, work_through
from suasion.worker.owner import OptionalWorker, Worker, WorkerLost, WorkFailed, cpu_seconds, fills
from suasion.worker.process import Run

__all__ = [
    "Done",
    "Failure",
    "OptionalWorker",
    "Pace",
    "Run",
    "WorkFailed",
    "Worker",
    "WorkerLost",
    "cpu_seconds",
    "fills",
    "in_words",
    "work_through",
]
