"""A process of its own that solves a part of a dossier while this one solves the rest.

A solve is many small steps, so that two threads mostly wait for the interpreter; two processes do not. Without a second
process, or when it dies, everything is solved in this one.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from suasion.errors import SuasionWarning, warn
from suasion.worker import Worker, WorkerLost, WorkFailed

TARGET = "suasion.dossier.aside:solve_others"


def here(ask: Callable[..., Any], *places: Any, **options: Any) -> Any:
    """Ask in this process."""
    return ask(*places, **options)


class Aside:
    """The other process, which opens an embedded world at once. One question at a time.

    year: of the world; None for the latest.
    """

    def __init__(self, year: int | None) -> None:
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        with suppress(OSError):
            self._worker = Worker(TARGET, year)

    def __call__(self, ask: Callable[..., Any], *places: Any, **options: Any) -> Any:
        """Ask in the other process, on its copy of the world; what it warns of is issued here."""
        told = {name: value for name, value in options.items() if name != "world"}
        with self._lock:
            try:
                if self._worker is not None:
                    answer, doubts = self._worker.ask((ask, places, told))
                    warn(doubts)
                    return answer
            except WorkerLost:
                self._worker = None
            except WorkFailed:  # here too, for the error itself
                pass
        return here(ask, *places, **options)


def solve_others(year: int | None) -> Callable[[Any, object], tuple[Any, list[SuasionWarning]]]:
    """What the other process does: import and open what it needs, and answer."""
    from suasion.dossier import gather  # noqa: F401  (what is asked for is imported there)
    from suasion.solvers.threads import one_thread
    from suasion.world import load_world

    world = load_world(year=year)

    def solve(request: Any, _: object) -> tuple[Any, list[SuasionWarning]]:
        ask, places, options = request
        with one_thread(), warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            answer = ask(*places, world=world, **options)
        return answer, [one.message for one in caught if isinstance(one.message, SuasionWarning)]

    return solve
