"""A worker process: holds the warm model, takes one task at a time, sends progress and the result.

It is a fresh interpreter (nothing of the server's memory is in it) with one end of a pipe. Messages to it: first
``(folder, assets, background)``, then ``(task, arguments)``; ``("stop", number)`` and a signal after it stop the task
of that number. Messages from it: ``("ready", facts)``, ``("progress", done, total, what)``, ``("done", parts)``,
``("slow",)`` for a question that it may not spend so long on, ``("stopped",)``, ``("error", kind, message)``. It ends
when the other side of the pipe is gone.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import threading
import time
import traceback
import warnings
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

LOOK_SECONDS = 1.0
LONG_NICE = 10
QUICK_ALLOWANCE = 6.0
"""Seconds that a quick question may be expected to take: some 28,000 quotas, 9 % of all flows. Assumption, 3 to 15."""
FIRST_SECONDS = 0.3
"""How long a new worker looks for a page that is waiting, before it prepares the model."""
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class Interrupted(BaseException):
    """The server wants this task no more; no handler of errors may keep it."""


class Calls:
    """The worker's end of the pipe, and which task runs: a stop ends that task and none after it.

    Parameters
    ----------
    pipe : Connection
        To the server.
    """

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe
        self.count = 0
        self.running = False

    def receive(self) -> tuple[str, dict[str, Any]]:
        """Wait for the next task, counted as the server counts."""
        while True:
            task, arguments = self.pipe.recv()
            if task != "stop":  # one that came when its task was over
                self.count += 1
                return task, arguments

    def tell(self, done: int, total: int, what: str) -> None:
        """Send progress; a stop waits until it is sent."""
        self.running = False
        try:
            self.pipe.send(("progress", done, total, what))
        except OSError:  # nobody listens any more; an error of a task is none of the pipe
            raise SystemExit from None
        self.running = True
        self.stop()

    def stop(self, *_: object) -> None:
        """Handle the signal: end the task that runs, if the server's message names it."""
        if self.running and self.pipe.poll() and self.pipe.recv() == ("stop", self.count):
            self.running = False
            raise Interrupted


def main(handle: int) -> None:
    """Run a worker until its pipe closes.

    Parameters
    ----------
    handle : int
        Its end of the pipe to the server. The first message names the folder of the cache, the addresses of static
        files, and whether it does slow and long jobs and so steps back behind the others.
    """
    for name in THREADS:  # before anything imports numpy: as many workers as cores is parallel enough
        os.environ.setdefault(name, "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server decides when to stop
    threading.Thread(target=_watch_parent, args=(os.getppid(),), daemon=True).start()
    with contextlib.suppress(EOFError, OSError), Connection(handle) as pipe:
        calls = Calls(pipe)
        signal.signal(signal.SIGUSR1, calls.stop)
        folder, assets, background = pipe.recv()
        if background:
            os.nice(LONG_NICE)
        _work(calls, folder, assets, math.inf if background else QUICK_ALLOWANCE)


def _watch_parent(parent: int) -> None:
    """End with the server, also where that was killed in the middle of a task; the next start sweeps its folder."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.killpg(0, signal.SIGKILL)


def _work(calls: Calls, folder: str, assets: dict[str, str], allowance: float) -> None:
    from suasion.errors import SuasionWarning
    from suasion.web.cache import ResultCache
    from suasion.web.tasks import WorkerTasks

    warnings.simplefilter("ignore", SuasionWarning)  # pages say them in words
    tasks = WorkerTasks(ResultCache(Path(folder)), assets, allowance)
    calls.pipe.send(("ready", tasks.facts()))
    if not calls.pipe.poll(FIRST_SECONDS):  # the first page of a new server needs the world, not the model
        tasks.warm()
    while True:
        task, arguments = calls.receive()
        calls.pipe.send(_answer(tasks, calls, task, arguments))


def _answer(tasks: Any, calls: Calls, task: str, arguments: dict[str, Any]) -> tuple[Any, ...]:
    from suasion.errors import SuasionError
    from suasion.questions.scenarios.expected_time import SlowQuestionError

    try:
        calls.running = True
        return ("done", tasks.run(task, arguments, calls.tell))
    except Interrupted:
        return ("stopped",)
    except SlowQuestionError:
        return ("slow",)
    except OSError as error:  # before all others: an error of the disk may name a folder of the server
        return ("error", "Disk", _place(error))
    except SuasionError as error:
        return ("error", type(error).__name__, " ".join(str(error).split()))
    except MemoryError:
        return ("error", "MemoryError", "The request took more memory than one request may have.")
    except Exception as error:
        return ("error", "Fault", _place(error))
    finally:
        calls.running = False


def _place(error: Exception) -> str:
    """Kind and place of a fault of ours, without what the user sent."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"
