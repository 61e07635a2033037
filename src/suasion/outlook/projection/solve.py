"""Solve blocks of an outlook, a scenario with some draws, as rows; here or in processes of their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from suasion.coercion.outcomes import Side
from suasion.equilibrium import Elasticities, Parameters, draws
from suasion.errors import SuasionError
from suasion.outlook.growth.gdp import CAPITAL_SHARE
from suasion.outlook.paths.laid import Break
from suasion.outlook.projection.chain import CENTRAL, Course, Draw, ProjectedYear, walk_together
from suasion.outlook.projection.exits import LONG, STEADY, Cutting, ProjectionStore, losses_together
from suasion.outlook.projection.reading import Pair, Reading, shares
from suasion.outlook.projection.result import Guide
from suasion.solvers.threads import ONE_THREAD, one_thread
from suasion.types import DeficitRule, FloatArray, Progress
from suasion.worker import Worker, WorkerLost, WorkFailed, work_through
from suasion.world import World

SOLVED = 300
"""Draws that are solved at most; an emulator takes the rest."""
BLOCK = 10
"""Draws in a block: what is lost at most when an outlook is stopped."""
THREADS = min(4, os.cpu_count() or 1)
PROCESSES_FROM = 4
"""Blocks from which worker processes are worth their start, some seconds."""
COLUMNS = ("scenario", "draw", "year", "quantity", "of", "horizon", "outlet", "value", "reason")


@dataclass(frozen=True, slots=True)
class ProjectionOptions:
    """How an outlook is made.

    Attributes
    ----------
    horizons : of exit costs: ``short``, ``long``, ``steady``, or years since the cut
    audience : third parties whose markets are a's other outlet; empty for none
    draws : for the fan; 0 for the central course only
    solve : draws solved at most, the rest is emulated
    seed : of the draws
    deficits : deficit rule
    elasticities : own values
    capital_share : of value added, for ``steady``
    drawn : horizons whose exit costs are drawn too, where fewer will do; None is all
    critical : whether the tolerance levels of the asked years are computed, on the central course
    """

    horizons: tuple[str, ...] = ("short", "long")
    audience: Side = ("USA", "EU")
    draws: int = 0
    solve: int = SOLVED
    seed: int = 1
    deficits: DeficitRule = "balance"
    elasticities: Elasticities | None = None
    capital_share: float = CAPITAL_SHARE
    drawn: tuple[str, ...] | None = None
    critical: bool = False

    @property
    def bands(self) -> tuple[str, ...]:
        """Horizons of exit costs that have bands."""
        return self.horizons if self.drawn is None else self.drawn


@dataclass(frozen=True, slots=True)
class Task:
    """What every block of an outlook needs.

    courses: by scenario.
    pair: who, and the cuts.
    asked: years of exit costs.
    central: elasticities by horizon.
    lot: draws, or None.
    options: what was chosen.
    guide: where earlier draws' solutions lay.
    base: readings of the base year by draw, once they are known: scenarios share them.
    """

    courses: Mapping[str, Course]
    pair: Pair
    asked: tuple[int, ...]
    central: Mapping[str, Parameters]
    lot: Lot | None
    options: ProjectionOptions
    guide: Guide = field(default_factory=Guide)
    base: dict[int, list[Reading]] = field(default_factory=dict)


def read_states(task: Task, scenario: str, states: Mapping[int, ProjectedYear]) -> dict[int, list[Reading]]:
    """All readings of a year, by draw."""
    first = next(iter(task.courses.values())).years[0]
    known = {d: task.base[d] for d, state in states.items() if state.year == first and d in task.base}
    new = {d: state for d, state in states.items() if d not in known}
    rows = {d: shares(state, task.pair) for d, state in new.items()}
    if new and next(iter(new.values())).year in task.asked:
        for horizon in task.options.horizons:
            asked = {d: state for d, state in new.items() if d == 0 or horizon in task.options.bands}
            hows = [_cutting(task, scenario, d, state, horizon) for d, state in asked.items()]
            found = losses_together(list(asked.values()), task.pair, hows)
            for d, readings in zip(asked, found, strict=True):
                rows[d] += readings
    task.base.update({d: rows[d] for d, state in new.items() if state.year == first})
    return {**known, **rows}


def _cutting(task: Task, scenario: str, index: int, state: ProjectedYear, horizon: str) -> Cutting:
    """How exit costs of a draw are computed at a horizon."""
    drawn = index > 0 and task.lot is not None
    if horizon in (LONG, STEADY):
        parameters = state.economy.parameters
    elif index == 0 or task.lot is None:
        parameters = task.central[horizon]
    else:
        parameters = task.lot.parameters[horizon][index - 1]
    chosen = task.options
    return Cutting(horizon, parameters, chosen.deficits, chosen.capital_share, task.guide, scenario, drawn)


def solve_block(task: Task, scenario: str, draws: Sequence[int]) -> pd.DataFrame:
    """Rows of some draws of a scenario, columns :data:`COLUMNS`; draw 0 is the central course."""
    course = task.courses[scenario]
    made = [
        CENTRAL if d == 0 or task.lot is None else task.lot.draw(d - 1, course.path.breaks) for d in draws
    ]
    rows: list[tuple[str, int, int, *Reading]] = []
    for states in walk_together(course, made, task.guide):
        failed = {d: state for d, state in zip(draws, states, strict=True) if isinstance(state, SuasionError)}
        reached = {d: s for d, s in zip(draws, states, strict=True) if not isinstance(s, SuasionError)}
        for d, readings in read_states(task, scenario, reached).items():
            rows += [(scenario, d, reached[d].year, *reading) for reading in readings]
    for d, error in failed.items():
        nothing: Reading = ("course", task.pair.a, "", "", float("nan"), str(error))
        rows.append((scenario, d, course.years[-1], *nothing))
    rows.sort(key=lambda row: row[1])
    return pd.DataFrame(rows, columns=list(COLUMNS))


def solve_all(
    task: Task, count: int, store: ProjectionStore, progress: Progress | None = None
) -> pd.DataFrame:
    """Solve the central course and draws 1 to ``count`` of every scenario, or read them where they are kept.

    task: what is asked.
    count: number of draws.
    store: where blocks are kept.
    progress: called with (done, total, what).
    Returns: Columns :data:`COLUMNS`.
    """
    blocks = [range(s, min(s + BLOCK, count + 1)) for s in range(1, count + 1, BLOCK)]
    total, found = len(task.courses) * (1 + len(blocks)), list[pd.DataFrame]()

    def tell(frames: list[pd.DataFrame]) -> None:
        found.extend(frames)
        if progress:
            progress(len(found), total, frames[-1]["scenario"].iloc[-1])

    # The central course comes first: draws start from where it lay.
    for name in task.courses:
        tell([_kept_block(task, store, name, range(1))])
    solve = _in_processes if len(blocks) >= PROCESSES_FROM else _in_threads
    solve(task, store, blocks, tell)
    places = {name: place for place, name in enumerate(task.courses)}
    found.sort(key=lambda frame: (places[frame["scenario"].iloc[0]], frame["draw"].iloc[0]))
    return pd.concat(found, ignore_index=True)


Tell = Callable[[list[pd.DataFrame]], None]


def _kept_block(task: Task, store: ProjectionStore, scenario: str, draws: Sequence[int]) -> pd.DataFrame:
    """A block of a scenario, from the store where it is there."""
    label = f"scenario{list(task.courses).index(scenario)}-draws{draws[0]:05d}-{draws[-1]:05d}"
    return store.block(label, COLUMNS, lambda: solve_block(task, scenario, draws))


def _all_scenarios(task: Task, store: ProjectionStore, draws: Sequence[int]) -> list[pd.DataFrame]:
    """A block of every scenario, one after the other: they share the readings of the base year."""
    return [_kept_block(task, store, name, draws) for name in task.courses]


def _in_threads(task: Task, store: ProjectionStore, blocks: Sequence[range], tell: Tell) -> None:
    pool = ThreadPoolExecutor(THREADS)
    try:
        with one_thread():
            for frames in pool.map(lambda draws: _all_scenarios(task, store, draws), blocks):
                tell(frames)
    finally:
        pool.shutdown(cancel_futures=True)  # whoever stops an outlook waits for the blocks at work only


def _in_processes(task: Task, store: ProjectionStore, blocks: Sequence[range], tell: Tell) -> None:
    for frames in solve_in_processes(partial(_all_scenarios, task, store), blocks, THREADS):
        tell(frames)


Solve = Callable[[range], Any]
TARGET = "suasion.outlook.projection.solve:solve_blocks"


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


@dataclass(frozen=True, slots=True)
class Lot:
    """All draws of an outlook; scenarios share them, so that their difference is not noise.

    parameters: horizon to its elasticities, one set a draw; ``long`` is always there.
    growth: (D, N) standard normal.
    uniform, normal, steps: (D, T) whether a break happens in a year, how large it is, and the year's small
      step.
    """

    parameters: dict[str, tuple[Parameters, ...]]
    growth: FloatArray
    uniform: FloatArray
    normal: FloatArray
    steps: FloatArray

    def draw(self, index: int, breaks: Break) -> Draw:
        """Return one draw for a scenario with its hazard of breaks.

        index: from 0.
        breaks: of the scenario.
        """
        hit = self.uniform[index] < breaks.hazard
        step = breaks.calm * self.steps[index] + np.where(hit, breaks.size * self.normal[index], 0.0)
        return Draw(self.parameters["long"][index], self.growth[index], step.cumsum())


def make_lot(
    world: World,
    years: int,
    count: int,
    horizons: tuple[str, ...],
    seed: int,
    elasticities: Elasticities | None,
) -> Lot:
    """Draw everything.

    years: of the path, the base year included; nothing breaks in the base year.
    count: number of draws, at least 1.
    horizons: of exit costs.
    seed: of all draws; the first draws of a larger number are those of a smaller one.
    elasticities: own values.
    """
    # Sobol for elasticities, as everywhere in the library; the rest has one generator for each draw.
    names = {"long", *(h for h in horizons if h != "steady")}
    parameters = {h: draws(world, count, h, seed=seed, elasticities=elasticities) for h in sorted(names)}
    growth, uniform = np.empty((count, len(world.countries))), np.ones((count, years))
    normal, steps = np.zeros((count, years)), np.zeros((count, years))
    for index in range(count):
        rng = np.random.default_rng((seed, index))
        growth[index] = rng.standard_normal(growth.shape[1])
        # Year by year, so that a longer outlook begins like a shorter one.
        for year in range(1, years):
            uniform[index, year], normal[index, year], steps[index, year] = (
                rng.random(),
                *rng.standard_normal(2),
            )
    return Lot(parameters, growth, uniform, normal, steps)
