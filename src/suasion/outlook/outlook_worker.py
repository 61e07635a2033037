"""Processes that solve blocks of draws: threads would wait for each other half of the time.

A worker is a Python of its own that reads the task once from a file, then block after block from its input, and answers
on its output. It does not import the program that asked, so that a script needs no guard.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from suasion.errors import SuasionError
from suasion.solvers.threads import one_thread

Solve = Callable[[range], Any]
PROGRAM = "import sys; from suasion.outlook.outlook_worker import work; work(sys.argv[1])"


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
        with ThreadPoolExecutor(count) as pool, _workers(file, count) as idle:
            try:
                yield from pool.map(lambda block: _ask(idle, block), blocks)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _workers(file: Path, count: int) -> Iterator[queue.Queue[subprocess.Popen[bytes]]]:
    """Start workers; whoever leaves, also by an interruption, ends them."""
    line = [sys.executable, "-c", PROGRAM, str(file)]
    started = [subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(count)]
    idle: queue.Queue[subprocess.Popen[bytes]] = queue.Queue()
    for worker in started:
        idle.put(worker)
    try:
        yield idle
    finally:
        for worker in started:
            worker.kill()
            worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()


def _ask(idle: queue.Queue[subprocess.Popen[bytes]], block: range) -> Any:
    """Have a block solved by a worker that is free."""
    worker = idle.get()
    try:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(f"{block.start} {block.stop}\n".encode())
        worker.stdin.flush()
        answer = pickle.load(worker.stdout)
    except (OSError, EOFError, pickle.UnpicklingError):
        raise SuasionError(
            f"A worker process ended with code {worker.wait()} while it solved draws {block.start} to "
            f"{block.stop - 1}; what it said is above. Ask again: with a folder, what is solved stays."
        ) from None
    finally:
        idle.put(worker)
    if isinstance(answer, SuasionError):
        raise answer
    return answer


def work(file: str) -> None:
    """Solve blocks until the input ends.

    Parameters
    ----------
    file : pickle of what solves a block, written by the process that started this one
    """
    solve: Solve = pickle.loads(Path(file).read_bytes())
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but answers goes to the output
    with one_thread():
        for line in sys.stdin:
            start, stop = (int(word) for word in line.split())
            try:
                answer: Any = solve(range(start, stop))
            except SuasionError as error:
                answer = error
            pickle.dump(answer, answers)
            answers.flush()
