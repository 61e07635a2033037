"""Solve blocks of an outlook: a scenario with some draws, as rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pandas as pd

from suasion.equilibrium import Parameters
from suasion.equilibrium.problem import DeficitRule
from suasion.errors import ConvergenceError, ShockError
from suasion.outlook.chain import CENTRAL, Course, Draw, Guide, State, walk
from suasion.outlook.outlook_draws import Lot
from suasion.outlook.outlook_store import Store
from suasion.outlook.project import LONG, STEADY, Cutting, Pair, Reading, losses, shares

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
    horizons : of exit costs
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
    central: Mapping[str, Parameters]
    lot: Lot | None
    deficits: DeficitRule
    capital_share: float
    guide: Guide = field(default_factory=Guide)
    base: dict[int, list[Reading]] = field(default_factory=dict)


def solve_draw(task: Task, scenario: str, index: int) -> Iterator[tuple[int, Reading]]:
    """Readings of one draw by year; draw 0 is the central course.

    Parameters
    ----------
    task : what is asked
    scenario : name
    index : 0 for the central course, else a draw from 1

    Yields
    ------
    int, Reading
    """
    course = task.courses[scenario]
    draw = CENTRAL if index == 0 or task.lot is None else task.lot.draw(index - 1, course.path.breaks)
    try:
        for state in walk(course, draw, task.guide):
            for reading in read_state(task, scenario, state, draw, index):
                yield state.year, reading
    except (ShockError, ConvergenceError) as error:
        last = course.years[-1]
        yield last, Reading("course", task.pair.a, "", "", float("nan"), str(error))


def read_state(task: Task, scenario: str, state: State, draw: Draw, index: int) -> list[Reading]:
    """All readings of a year."""
    first = state.year == next(iter(task.courses.values())).years[0]
    if first and index in task.base:
        return task.base[index]
    rows = shares(state, task.pair)
    if state.year in task.asked:
        rows += _all_losses(task, scenario, state, draw, index)
    if first:
        task.base[index] = rows
    return rows


def _all_losses(task: Task, scenario: str, state: State, draw: Draw, index: int) -> list[Reading]:
    """Exit costs of a year at every horizon."""
    rows: list[Reading] = []
    for horizon in task.horizons:
        if horizon in (LONG, STEADY):
            parameters = draw.parameters or state.economy.parameters
        elif index == 0 or task.lot is None:
            parameters = task.central[horizon]
        else:
            parameters = task.lot.parameters[horizon][index - 1]
        how = Cutting(horizon, parameters, task.deficits, task.capital_share, task.guide, scenario)
        rows += losses(state, task.pair, how)
    return rows


def solve_block(task: Task, scenario: str, draws: Sequence[int]) -> pd.DataFrame:
    """Rows of some draws of a scenario, columns :data:`COLUMNS`."""
    rows = [
        (scenario, d, year, r.quantity, r.of, r.horizon, r.outlet, r.value, r.reason)
        for d in draws
        for year, r in solve_draw(task, scenario, d)
    ]
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
