"""Processes that solve blocks of draws: threads would wait for each other half of the time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from suasion.errors import SuasionError
from suasion.solvers.threads import ONE_THREAD, one_thread
from suasion.worker import Worker, WorkerLost, WorkFailed, work_through

Solve = Callable[[range], Any]
TARGET = "suasion.outlook.projection.worker:solve_blocks"


def solve_in_processes(solve: Solve, blocks: Sequence[range], count: int) -> Iterator[Any]:
    """Yield what ``solve`` returns for every block, in order.

    solve: can be pickled, with all that it needs.
    blocks: of draws.
    count: processes.
    Raises SuasionError: What a block raised, or that a worker ended before its time.
    """
    ahead: dict[int, Any] = {}
    following = 0
    for done in work_through(partial(Worker, TARGET, solve, ONE_THREAD), blocks, count):
        if isinstance(done.error, WorkerLost | WorkFailed):
            raise SuasionError(
                f"No answer: {done.error} while it solved draws {done.request.start} to {done.request.stop - 1}. "
                "Ask again: with a folder, what is solved stays."
            )
        if done.error is not None:
            raise done.error
        if isinstance(done.result, SuasionError):
            raise done.result
        ahead[done.place] = done.result
        while following in ahead:
            yield ahead.pop(following)
            following += 1


def solve_blocks(solve: Solve) -> Callable[[range, object], Any]:
    """What a worker process does: solve blocks, and hand on the project's own errors as they are."""

    def run(block: range, _: object) -> Any:
        with one_thread():
            try:
                return solve(block)
            except SuasionError as error:
                return error

    return run
