"""A worker process: holds the warm model, takes one task at a time, sends progress and the result.

It is a fresh interpreter (nothing of the server's memory is in it) with one end of a pipe. Messages to it: first
``(folder, assets, patient)``, then ``(task, arguments)``. Messages from it: ``("ready", facts)``,
``("progress", done, total, what)``, ``("done", parts)``, ``("error", kind, message)``. It ends when the other side of
the pipe is gone.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import threading
import time
import traceback
import warnings
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

LOOK_SECONDS = 1.0
LONG_NICE = 10
FIRST_SECONDS = 0.3
"""How long a new worker looks for a page that is waiting, before it prepares the model."""
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def main(handle: int) -> None:
    """Run a worker until its pipe closes.

    Parameters
    ----------
    handle : int
        Its end of the pipe to the server. The first message names the folder of the store, the addresses of static
        files, and whether it does long jobs and so steps back behind the others.
    """
    for name in THREADS:  # before anything imports numpy: as many workers as cores is parallel enough
        os.environ.setdefault(name, "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server decides when to stop
    threading.Thread(target=_watch_parent, args=(os.getppid(),), daemon=True).start()
    with contextlib.suppress(EOFError, OSError), Connection(handle) as pipe:
        folder, assets, patient = pipe.recv()
        if patient:
            os.nice(LONG_NICE)
        _work(pipe, folder, assets)


def _watch_parent(parent: int) -> None:
    """End with the server, also where that was killed in the middle of a task, and leave nothing behind."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    shutil.rmtree(tempfile.gettempdir(), ignore_errors=True)  # the server made it for this worker alone
    os.killpg(0, signal.SIGKILL)


def _work(pipe: Connection, folder: str, assets: dict[str, str]) -> None:
    from suasion.errors import SuasionWarning
    from suasion.web.store import Store
    from suasion.web.tasks import Bench

    warnings.simplefilter("ignore", SuasionWarning)  # pages say them in words
    bench = Bench(Store(Path(folder)), assets)
    pipe.send(("ready", bench.facts()))
    if not pipe.poll(FIRST_SECONDS):  # the first page of a new server needs the world, not the model
        bench.warm()
    while True:
        task, arguments = pipe.recv()
        pipe.send(_answer(bench, pipe, task, arguments))


def _answer(bench: Any, pipe: Connection, task: str, arguments: dict[str, Any]) -> tuple[Any, ...]:
    from suasion.errors import SuasionError

    try:
        return (
            "done",
            bench.run(task, arguments, lambda done, total, what: pipe.send(("progress", done, total, what))),
        )
    except SuasionError as error:
        return ("error", type(error).__name__, " ".join(str(error).split()))
    except MemoryError:
        return ("error", "MemoryError", "The request took more memory than one request may have.")
    except (EOFError, OSError):
        raise
    except Exception as error:  # a fault of ours: name its kind and place, not what the user sent
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return (
            "error",
            "Fault",
            f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}",
        )
