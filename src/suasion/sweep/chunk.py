"""Solve one chunk of a plan: the same bytes whoever does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import groupby
from threading import Lock
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.exit_cost import AS_IT_IS
from suasion.coercion.outcomes import economy_for, members
from suasion.equilibrium import Parameters, Scenario, Shock, compile_scenario, draws, respond
from suasion.equilibrium.batch.beside import bracket_ends, has_bracket
from suasion.equilibrium.batch.many import BatchTask, ManyOutcome, job_of, respond_many
from suasion.equilibrium.batch.patch import Ground, ground_of
from suasion.equilibrium.economy import Economy
from suasion.equilibrium.flags import Flagged
from suasion.errors import SuasionError, SweepError
from suasion.solvers.threads import one_thread
from suasion.sweep.parts import encode
from suasion.sweep.plan import Place, SweepPlan, WorldSource, open_world
from suasion.types import DeficitRule, FloatArray
from suasion.world import World

SOLVED, UNSOLVED = "solved", "no answer"
#: What tells linear algebra libraries to use one thread, when set before they load.


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """What the tasks of a group share.

    number: of the group.
    source, world: year and accounts.
    economy: base and central elasticities.
    drawn: elasticities of draws 1, 2, ...
    """

    number: int
    source: WorldSource
    world: World
    economy: Economy
    drawn: tuple[Parameters, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One draw made ready for shocks: its economy, its elasticities (None: the central ones), its flows counted."""

    economy: Economy
    parameters: Parameters | None
    flows: Ground


@dataclass(frozen=True, slots=True)
class Before:
    """Worlds already cut, by draw: log welfare (N,) of each, why one does not exist, and where to start from."""

    log_welfare: dict[int, FloatArray]
    reasons: dict[int, str]
    start: FloatArray | None


@dataclass(frozen=True, slots=True)
class Answers:
    """Outcomes of a chunk's tasks.

    share, usd: (T, N) loss as a share and in million USD.
    bracket: (T, 2, N) loss as a share if lost suppliers are replaced at a premium, and if nobody switches;
      NaN where no flag stands, and for draws.
    flags: (T, N) flags of each country, with blanks between.
    residual: (T,).
    reasons: (T,).
    """

    share: FloatArray
    usd: FloatArray
    bracket: FloatArray
    flags: NDArray[np.object_]
    residual: FloatArray
    reasons: list[str]


class Solver:
    """Solves the chunks of one plan, one after the other, keeping what the next one may share."""

    def __init__(self, plan: SweepPlan) -> None:
        self.plan = plan
        self._ground: TaskGroup | None = None
        self._lock = Lock()

    def solve(self, chunk: int) -> bytes:
        """Return the part of a chunk as a Parquet file in memory.

        chunk: Number from 0 to ``plan.chunks - 1``.
        """
        with one_thread():
            tasks = self.plan.span(chunk)
            ground = self._prepared(self.plan.group_of(chunk))
            places = [self.plan.place(task) for task in tasks]
            answers = solve_places(self.plan, ground, places)
            table = as_table(self.plan, ground, tasks, places, answers)
            unsolved = sum(bool(reason) for reason in answers.reasons)
            return encode(table, self.plan, chunk, unsolved)

    def _prepared(self, group: int) -> TaskGroup:
        with self._lock:
            old = self._ground
            if old is None or old.number != group:
                self._ground = old = prepare_group(self.plan, group, old)
            return old


@lru_cache(maxsize=1)
def solver_of(document: str) -> Solver:
    """Return the solver of a plan given as JSON; the last one is kept.

    Raises SweepError: The plan was made by another version.
    """
    import json

    from suasion import __version__

    plan = SweepPlan.from_dict(json.loads(document))
    if plan.version != __version__:
        raise SweepError(
            f"The sweep was planned by version {plan.version}; this worker has {__version__}. Install the same version."
        )
    return Solver(plan)


def solve_document(document: str, chunk: int) -> bytes:
    """Solve a chunk of a plan given as JSON: what a worker on another machine is sent.

    document: From ``SweepPlan.to_json``.
    chunk: Number of the chunk.
    Returns: The part as a Parquet file.
    """
    return solver_of(document).solve(chunk)


def solve_chunks(document: str) -> Callable[[int, object], bytes]:
    """What a worker process of this machine does: the chunks of one plan."""
    return lambda chunk, _: solve_document(document, chunk)


def prepare_group(plan: SweepPlan, number: int, old: TaskGroup | None = None) -> TaskGroup:
    """Prepare base, corrector and draws of a group.

    number: Of the group.
    old: The one before, whose world is used again where it is the same.
    """
    source, rule, horizon = plan.group(number)
    world = old.world if old is not None and old.source == source else open_world(source)
    deficits = cast(DeficitRule, rule)
    economy = economy_for(world, horizon, deficits)
    drawn = draws(world, plan.draws, horizon, plan.seed) if plan.draws else ()
    return TaskGroup(number, source, world, economy, drawn)


def solve_places(plan: SweepPlan, ground: TaskGroup, places: list[Place]) -> Answers:
    """Solve tasks of one group.

    Returns: In the order of the places.
    """
    income = ground.economy.accounts.income
    share, usd = np.full((len(places), income.size), np.nan), np.full((len(places), income.size), np.nan)
    residual, reasons = np.full(len(places), np.nan), [""] * len(places)
    bracket, flags = np.full((len(places), 2, income.size), np.nan), np.full(share.shape, "", dtype=object)
    for given, together in groupby(range(len(places)), key=lambda t: places[t].given):
        rows = list(together)
        before = solve_before(plan, ground, given, sorted({places[t].draw for t in rows}))
        jobs = []
        drawn = {draw: _drawn(ground, draw) for draw in {places[t].draw for t in rows}}
        for t in rows:
            try:
                jobs.append((t, _job(plan, ground, places[t], before, drawn[places[t].draw])))
            except SuasionError as error:
                reasons[t] = str(error)
        outcome = respond_many(ground.economy, [job for _, job in jobs])
        bracket[[t for t, _ in jobs]] = _brackets(ground, jobs, outcome, plan.before(given))
        for (t, _), after, gap, reason, marks in zip(
            jobs, outcome.log_welfare, outcome.residual, outcome.reasons, outcome.flags, strict=True
        ):
            flags[t] = _marked(ground, marks)
            start = before.log_welfare[places[t].draw]
            share[t] = -np.expm1(after - start)
            usd[t] = share[t] * income * np.exp(start)
            residual[t], reasons[t] = gap if np.isfinite(gap) else np.nan, reason
    return Answers(share, usd, bracket, flags, residual, reasons)


def _marked(ground: TaskGroup, marks: Sequence[Flagged]) -> NDArray[np.object_]:
    """Flags of each country (N,), with blanks between."""
    kinds = [{one.flag.value for one in marks if one.country == code} for code in ground.world.countries]
    return np.array([" ".join(sorted(some)) for some in kinds], dtype=object)


def _brackets(
    ground: TaskGroup, jobs: Sequence[tuple[int, BatchTask]], outcome: ManyOutcome, before: Scenario | None
) -> FloatArray:
    """Further loss by the rules on either side (J, 2, N), of tasks with a flag."""
    found = np.full((len(jobs), 2, ground.economy.accounts.income.size), np.nan)
    rows = [row for row, marks in enumerate(outcome.flags) if marks]
    if rows and has_bracket(ground.economy):
        start = np.zeros(found.shape[1:])
        if before is not None:
            start = bracket_ends(ground.economy, [partial(compile_scenario, ground.world, before)])[0]
        for row in rows:  # one by one: their last digits must not depend on who shares a chunk
            found[row] = -np.expm1(bracket_ends(ground.economy, [jobs[row][1].shock])[0] - start)
    return found


def solve_before(plan: SweepPlan, ground: TaskGroup, given: int, wanted: list[int]) -> Before:
    """Solve the scenario already in force for some draws.

    given: Which scenario.
    wanted: Draws.
    Returns: Zeros where it is the world as it is.
    """
    n = len(ground.world.countries)
    scenario = plan.before(given)
    if scenario is None:
        return Before({draw: np.zeros(n) for draw in wanted}, {}, None)
    try:
        shock = compile_scenario(ground.world, scenario)
        start = respond(ground.economy, shock)[0].x
    except SuasionError as error:
        return Before({}, dict.fromkeys(wanted, str(error)), None)
    jobs = [_with(ground, scenario, _drawn(ground, draw), start) for draw in wanted]
    outcome = respond_many(ground.economy, jobs)
    found = dict(zip(wanted, outcome.log_welfare, strict=True))
    reasons = {draw: text for draw, text in zip(wanted, outcome.reasons, strict=True) if text}
    return Before(found, reasons, start)


def _drawn(ground: TaskGroup, draw: int) -> Drawn:
    """Prepare the economy of a draw for shocks."""
    parameters = None if draw == 0 else ground.drawn[draw - 1]
    economy = ground.economy if parameters is None else replace(ground.economy, parameters=parameters)
    return Drawn(economy, parameters, ground_of(economy.accounts, economy.parameters))


def _job(plan: SweepPlan, ground: TaskGroup, place: Place, before: Before, drawn: Drawn) -> BatchTask:
    """Task of one task; raises where the task has no answer already."""
    reason = before.reasons.get(place.draw)
    if reason:
        given = plan.before(place.given)
        raise SweepError(
            f"The scenario in force, {given.name if given else ''}, has no equilibrium: {reason}"
        )
    return _with(ground, plan.scenario(place), drawn, before.start)


def _with(ground: TaskGroup, scenario: Scenario, drawn: Drawn, start: FloatArray | None) -> BatchTask:
    """Task of a scenario at a draw; its trade-sized arrays are built again if the single solver needs them."""
    build: Callable[[], Shock] = partial(compile_scenario, ground.world, scenario)
    job = job_of(drawn.economy, build(), drawn.flows)
    return replace(job, shock=build, parameters=drawn.parameters, start=start)


def as_table(
    plan: SweepPlan, ground: TaskGroup, tasks: range, places: list[Place], answers: Answers
) -> pd.DataFrame:
    """Lay answers out in rows: one for each task and country that the plan reports.

    tasks: range. Numbers of the tasks.
    """
    shown = [_reported(plan, ground.world, place) for place in places]
    row = np.repeat(np.arange(len(places)), [len(found) for found in shown])
    country = np.concatenate(shown)
    source, rule, horizon = plan.group(ground.number)

    def axis(name: str, labels: list[str]) -> pd.Categorical:
        codes = np.array([getattr(place, name) for place in places])
        return pd.Categorical(np.array(labels, dtype=object)[codes[row]])

    sizes = np.array([np.nan if a.size is None else a.size for a in plan.actions])
    acts = np.array([place.action for place in places])
    failed = np.array([bool(reason) for reason in answers.reasons])
    return pd.DataFrame(
        {
            "task": np.arange(tasks.start, tasks.stop, dtype=np.int64)[row],
            "year": np.full(row.size, source.year, dtype=np.int32),
            "deficits": pd.Categorical([rule] * row.size),
            "horizon": pd.Categorical([str(horizon)] * row.size),
            "given": axis("given", [AS_IT_IS if g is None else str(g["name"]) for g in plan.given]),
            "draw": np.array([place.draw for place in places], dtype=np.int32)[row],
            "a": axis("tie", [tie.a for tie in plan.ties]),
            "b": axis("tie", [tie.b for tie in plan.ties]),
            "instrument": axis("action", [action.label for action in plan.actions]),
            "size": sizes[acts][row],
            "sectors": axis("sector", ["all" if s is None else " + ".join(s) for s in plan.sectors]),
            "country": pd.Categorical(np.array(ground.world.countries, dtype=object)[country]),
            "loss_percent": 100.0 * answers.share[row, country],
            "loss_usd": answers.usd[row, country],
            "flags": answers.flags[row, country],
            "replacement_percent": 100.0 * answers.bracket[row, 0, country],
            "no_switching_percent": 100.0 * answers.bracket[row, 1, country],
            "residual": answers.residual[row],
            "status": pd.Categorical(np.where(failed, UNSOLVED, SOLVED)[row]),
            "reason": np.array(answers.reasons, dtype=object)[row],
        }
    )


def _reported(plan: SweepPlan, world: World, place: Place) -> NDArray[np.intp]:
    """Places of the countries whose losses are kept."""
    if plan.report == ("all",):
        return np.arange(len(world.countries))
    tie = plan.ties[place.tie]
    sides = (tie.senders, tie.targets) if plan.report == ("sides",) else (plan.report,)
    codes = dict.fromkeys(code for side in sides for code in members(world, side))
    return np.array([world.countries.index(code) for code in codes], dtype=np.intp)
