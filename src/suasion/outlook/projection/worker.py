"""Processes that solve blocks of draws: threads would wait for each other half of the time."""

from __future__ import annotations

import pickle
import queue
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from suasion.errors import SuasionError
from suasion.solvers.threads import ONE_THREAD, one_thread
from suasion.solvers.worker import Worker, WorkerLost, WorkFailed, start_worker

Solve = Callable[[range], Any]
TARGET = "suasion.outlook.projection.worker:answer"


def solve_in_processes(solve: Solve, blocks: Sequence[range], count: int) -> Iterator[Any]:
    """Yield what ``solve`` returns for every block, in order.

    Parameters
    ----------
    solve : can be pickled, with all that it needs
    blocks : of draws
    count : processes

    Raises
    ------
    SuasionError
        What a block raised, or that a worker ended before its time.
    """
    with tempfile.TemporaryDirectory(prefix="suasion-") as folder:
        file = Path(folder) / "task.pickle"
        file.write_bytes(pickle.dumps(solve))
        with ThreadPoolExecutor(count) as pool, _workers(str(file), count) as idle:
            try:
                yield from pool.map(lambda block: _ask(idle, block), blocks)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _workers(file: str, count: int) -> Iterator[queue.Queue[Worker]]:
    """Start workers; whoever leaves, also by an interruption, ends them."""
    started = [start_worker(TARGET, file, ONE_THREAD) for _ in range(count)]
    idle: queue.Queue[Worker] = queue.Queue()
    for worker in started:
        idle.put(worker)
    try:
        yield idle
    finally:
        for worker in started:
            worker.end()


def _ask(idle: queue.Queue[Worker], block: range) -> Any:
    """Have a block solved by a worker that is free."""
    worker = idle.get()
    try:
        found = pickle.loads(worker.ask([block.start, block.stop]))
    except (WorkerLost, WorkFailed) as error:
        raise SuasionError(
            f"No answer: {error} while it solved draws {block.start} to {block.stop - 1}. Ask again: with a folder, "
            "what is solved stays."
        ) from None
    finally:
        idle.put(worker)
    if isinstance(found, SuasionError):
        raise found
    return found


def answer(file: str, block: Sequence[int]) -> bytes:
    """Solve a block in a worker process.

    Parameters
    ----------
    file : pickle of what solves a block, written by the process that started this one
    block : first draw, and the one after the last

    Returns
    -------
    bytes
        Pickle of what was found, or of the project's own error.
    """
    with one_thread():
        try:
            return pickle.dumps(_read(file)(range(*block)))
        except SuasionError as error:
            return pickle.dumps(error)


@lru_cache(maxsize=1)
def _read(file: str) -> Solve:
    solve: Solve = pickle.loads(Path(file).read_bytes())
    return solve
