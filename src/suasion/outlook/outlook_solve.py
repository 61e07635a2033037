"""Solve blocks of an outlook: a scenario with some draws, as rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pandas as pd

from suasion.equilibrium import Parameters
from suasion.equilibrium.problem import DeficitRule
from suasion.errors import SuasionError
from suasion.outlook.chain import CENTRAL, Course, Guide, State, walk_together
from suasion.outlook.outlook_draws import Lot
from suasion.outlook.outlook_store import Store
from suasion.outlook.project import LONG, STEADY, Cutting, Pair, Reading, losses_together, shares

BLOCK = 10
"""Draws in a block: what is lost at most when an outlook is stopped."""
THREADS = min(4, os.cpu_count() or 1)
COLUMNS = ("scenario", "draw", "year", "quantity", "of", "horizon", "outlet", "value", "reason")
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What every block of an outlook needs.

    Attributes
    ----------
    courses : by scenario
    pair : who, and the cuts
    asked : years of exit costs
    horizons, drawn : of exit costs; and those that draws have too
    central : elasticities by horizon
    lot : draws, or None
    deficits, capital_share : options
    guide : where earlier draws' solutions lay
    base : readings of the base year by draw, once they are known: scenarios share them
    """

    courses: Mapping[str, Course]
    pair: Pair
    asked: tuple[int, ...]
    horizons: tuple[str, ...]
    drawn: tuple[str, ...]
    central: Mapping[str, Parameters]
    lot: Lot | None
    deficits: DeficitRule
    capital_share: float
    guide: Guide = field(default_factory=Guide)
    base: dict[int, list[Reading]] = field(default_factory=dict)


def solve_draws(task: Task, scenario: str, draws: Sequence[int]) -> Iterator[tuple[int, int, Reading]]:
    """Readings of some draws by year; draw 0 is the central course.

    Parameters
    ----------
    task : what is asked
    scenario : name
    draws : 0 for the central course, else draws from 1

    Yields
    ------
    int, int, Reading
        Draw, year, and a number of it.
    """
    course = task.courses[scenario]
    made = [
        CENTRAL if d == 0 or task.lot is None else task.lot.draw(d - 1, course.path.breaks) for d in draws
    ]
    failed: dict[int, SuasionError] = {}
    for states in walk_together(course, made, task.guide):
        reached = {}
        for d, state in zip(draws, states, strict=True):
            if isinstance(state, SuasionError):
                failed[d] = state
            else:
                reached[d] = state
        for d, readings in read_states(task, scenario, reached).items():
            for reading in readings:
                yield d, reached[d].year, reading
    for d, error in failed.items():
        yield d, course.years[-1], Reading("course", task.pair.a, "", "", float("nan"), str(error))


def read_states(task: Task, scenario: str, states: Mapping[int, State]) -> dict[int, list[Reading]]:
    """All readings of a year, by draw."""
    first = next(iter(task.courses.values())).years[0]
    known = {d: task.base[d] for d, state in states.items() if state.year == first and d in task.base}
    new = {d: state for d, state in states.items() if d not in known}
    rows = {d: shares(state, task.pair) for d, state in new.items()}
    if new and next(iter(new.values())).year in task.asked:
        for horizon in task.horizons:
            asked = {d: state for d, state in new.items() if d == 0 or horizon in task.drawn}
            hows = [_cutting(task, scenario, d, state, horizon) for d, state in asked.items()]
            found = losses_together(list(asked.values()), task.pair, hows)
            for d, readings in zip(asked, found, strict=True):
                rows[d] += readings
    task.base.update({d: rows[d] for d, state in new.items() if state.year == first})
    return {**known, **rows}


def _cutting(task: Task, scenario: str, index: int, state: State, horizon: str) -> Cutting:
    """How exit costs of a draw are computed at a horizon."""
    drawn = index > 0 and task.lot is not None
    if horizon in (LONG, STEADY):
        parameters = state.economy.parameters
    elif index == 0 or task.lot is None:
        parameters = task.central[horizon]
    else:
        parameters = task.lot.parameters[horizon][index - 1]
    return Cutting(horizon, parameters, task.deficits, task.capital_share, task.guide, scenario, drawn)


def solve_block(task: Task, scenario: str, draws: Sequence[int]) -> pd.DataFrame:
    """Rows of some draws of a scenario, columns :data:`COLUMNS`."""
    rows = [
        (scenario, d, year, r.quantity, r.of, r.horizon, r.outlet, r.value, r.reason)
        for d, year, r in solve_draws(task, scenario, draws)
    ]
    rows.sort(key=lambda row: row[1])
    return pd.DataFrame(rows, columns=list(COLUMNS))


def solve_all(task: Task, count: int, store: Store, progress: Progress | None = None) -> pd.DataFrame:
    """Solve the central course and draws 1 to ``count`` of every scenario, or read them where they are kept.

    Parameters
    ----------
    task : what is asked
    count : number of draws
    store : where blocks are kept
    progress : called with (done, total, what)

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`.
    """
    blocks = [range(1), *(range(s, min(s + BLOCK, count + 1)) for s in range(1, count + 1, BLOCK))]
    parts = [(place, name, block) for place, name in enumerate(task.courses) for block in blocks]

    def one(part: tuple[int, str, range]) -> pd.DataFrame:
        place, name, block = part
        label = f"scenario{place}-draws{block[0]:05d}-{block[-1]:05d}"
        return store.block(label, COLUMNS, lambda: solve_block(task, name, block))[0]

    found = []
    pool = ThreadPoolExecutor(THREADS)
    try:
        for done, frame in enumerate(pool.map(one, parts), start=1):
            found.append(frame)
            if progress:
                progress(done, len(parts), parts[done - 1][1])
    finally:
        pool.shutdown(cancel_futures=True)  # whoever stops an outlook waits for the blocks at work only
    return pd.concat(found, ignore_index=True)
