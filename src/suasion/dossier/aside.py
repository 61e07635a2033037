"""A process of its own that solves a part of a dossier while this one solves the rest.

A solve is many small steps, so that two threads mostly wait for the interpreter; two processes do not. Without a second
process, or when it dies, everything is solved in this one.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from suasion.errors import SuasionWarning, warn
from suasion.worker import OptionalWorker

TARGET = "suasion.dossier.aside:solve_others"


def here(ask: Callable[..., Any], *places: Any, **options: Any) -> Any:
    """Ask in this process."""
    return ask(*places, **options)


class Aside(OptionalWorker):
    """The other process, which opens an embedded world at once.

    year: of the world; None for the latest.
    """

    def __init__(self, year: int | None) -> None:
        super().__init__(TARGET, year)

    def __call__(self, ask: Callable[..., Any], *places: Any, **options: Any) -> Any:
        """Ask in the other process, on its copy of the world; what it warns of is issued here."""
        told = {name: value for name, value in options.items() if name != "world"}
        found = self.ask((ask, places, told))
        if found is None:  # here too where it failed, for the error itself
            return here(ask, *places, **options)
        answer, doubts = found
        warn(doubts)
        return answer


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
