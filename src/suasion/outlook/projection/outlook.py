"""Where a dependence goes: yearly equilibria to the mid-2030s under named scenarios, with bands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from suasion import __version__
from suasion.coercion.critical import critical_levels
from suasion.coercion.outcomes import base_accounts, solved_alongside
from suasion.equilibrium import resolve
from suasion.equilibrium.batch.beside import has_bracket
from suasion.equilibrium.economy import economy_on
from suasion.errors import ConvergenceError, InputError, SuasionError
from suasion.outlook.paths.laid import WorldPath
from suasion.outlook.projection.chain import (
    Course,
    ProjectedYear,
    check_years,
    prepare_course,
    walk,
    world_of,
)
from suasion.outlook.projection.emulate import fill
from suasion.outlook.projection.exits import STEADY, open_store
from suasion.outlook.projection.reading import outlets, pair_of
from suasion.outlook.projection.result import Outlook
from suasion.outlook.projection.solve import ProjectionOptions, Task, make_lot, solve_all
from suasion.outlook.projection.together import respond_or_error
from suasion.types import Progress
from suasion.world import World

HALFWAY = 2030
"""Year of exit costs between the base and the last one, where none is named."""


def outlook(
    world: World,
    a: str,
    b: str,
    scenarios: Sequence[WorldPath] | None = None,
    to: int = 2036,
    *,
    years: Sequence[int] | None = None,
    options: ProjectionOptions | None = None,
    folder: str | Path | None = None,
    progress: Progress | None = None,
) -> Outlook:
    """Project the dependence of two states on each other.

    Parameters
    ----------
    world : its year is the base
    a, b : the pair
    scenarios : paths; by default the three that are shipped
    to : last year
    years : years of exit costs besides the base and the last one; 2030 by default, where the outlook passes it
    options : how; the usual ones by default
    folder : where solved blocks are kept, so that an outlook that was stopped goes on there
    progress : called with (done, total, what)

    Returns
    -------
    Outlook

    Raises
    ------
    InputError, ScenarioError, NotInWorldError, SameCountryError
        Something does not fit; the message says what and, for a file, the line.
    ConvergenceError, ShockError
        The central course of a scenario has no equilibrium in some year; the message names both.
    OutputError
        The folder cannot be written.
    """
    from suasion.outlook.paths.file import shipped_paths  # its parsers are slow to import

    chosen = options or ProjectionOptions()
    paths = tuple(scenarios) if scenarios is not None else shipped_paths()
    between = [y for y in (HALFWAY,) if world.year < y < to] if years is None else years
    asked = check_years(world, (*between, to), to)
    _check(paths, chosen)
    solved = min(chosen.draws, chosen.solve)
    task = make_task(world, a, b, paths, to, asked, chosen)
    store = open_store(None if folder is None else Path(folder), _document(world, task, paths, to))
    rows = solve_all(task, solved, store, progress)
    _check_central(rows)
    errors = pd.DataFrame()
    if solved < chosen.draws:
        rows, errors = fill(task, rows, solved)
    beside = _central_extras(task, progress)
    return _result(task, rows, errors, beside, solved, paths)


def make_task(
    world: World,
    a: str,
    b: str,
    paths: Sequence[WorldPath],
    to: int,
    asked: tuple[int, ...],
    chosen: ProjectionOptions,
) -> Task:
    """Prepare base, courses and draws.

    world, a, b, paths, to: as for :func:`outlook`.
    asked: years of exit costs.
    chosen: options.
    """
    base = base_accounts(world, chosen.deficits, chosen.elasticities)
    pair = pair_of(world, a, b, chosen.audience or None)
    long_run = resolve(world, "long", elasticities=chosen.elasticities)
    courses: dict[str, Course] = {}
    for path in paths:
        course = prepare_course(world, path, to, base, long_run, chosen.deficits, pair.mask)
        first = next(iter(courses.values()), None)
        courses[path.name] = course if first is None else replace(course, economy=first.economy)
    central = {h: resolve(world, h, elasticities=chosen.elasticities) for h in chosen.horizons if h != STEADY}
    lot = None
    if chosen.draws:
        lot = make_lot(
            world, to - world.year + 1, chosen.draws, chosen.bands, chosen.seed, chosen.elasticities
        )
    return Task(courses, pair, asked, central, lot, chosen)


def states(
    world: World, path: WorldPath, to: int = 2036, options: ProjectionOptions | None = None
) -> tuple[Course, list[ProjectedYear]]:
    """Solve the central course of one path, to look at its years or to make worlds of them with :func:`world_of`.

    Parameters
    ----------
    world, path, to : as for :func:`outlook`
    options : deficit rule and elasticities are taken from them

    Returns
    -------
    Course, list of ProjectedYear
    """
    chosen = options or ProjectionOptions()
    base = base_accounts(world, chosen.deficits, chosen.elasticities)
    course = prepare_course(
        world, path, to, base, resolve(world, "long", elasticities=chosen.elasticities), chosen.deficits
    )
    return course, list(walk(course))


def _check(paths: Sequence[WorldPath], chosen: ProjectionOptions) -> None:
    names = [path.name for path in paths]
    if not names or len(set(names)) != len(names):
        raise InputError(f"An outlook needs at least one scenario, and names that differ; got {names}.")
    for name, least in (("draws", 0), ("solve", 30)):
        if getattr(chosen, name) < least:
            raise InputError(f"{name}={getattr(chosen, name)} is too few: give {least} or more.")
    if not chosen.horizons or len(set(chosen.horizons)) != len(chosen.horizons):
        raise InputError(f"Give at least one horizon, each once; got {list(chosen.horizons)}.")
    lost = [h for h in chosen.bands if h not in chosen.horizons]
    if lost:
        raise InputError(f"drawn names {lost[0]!r}, which is not among the horizons {list(chosen.horizons)}.")


def _check_central(rows: pd.DataFrame) -> None:
    broken = rows[(rows["draw"] == 0) & (rows["quantity"] == "course")]
    if len(broken):
        raise ConvergenceError(f"The central course has no equilibrium: {broken['reason'].iloc[0]}")


def _document(world: World, task: Task, paths: Sequence[WorldPath], to: int) -> dict[str, Any]:
    """All that the rows depend on, but for the number of draws, as plain data."""
    plain = [{k: v for k, v in asdict(p).items() if k not in ("description", "notes")} for p in paths]
    chosen = task.options
    own = None if chosen.elasticities is None else chosen.elasticities.to_dict()
    fewer = {} if chosen.bands == chosen.horizons else {"drawn": list(chosen.bands)}
    return {
        **fewer,
        "package": __version__,
        "world": world.checksum,
        "pair": [task.pair.a, task.pair.b],
        "audience": task.pair.audience,
        "paths": [_without_places(p) for p in plain],
        "to": to,
        "years": list(task.asked),
        "horizons": list(chosen.horizons),
        "seed": chosen.seed,
        "deficits": chosen.deficits,
        "elasticities": own,
        "capital_share": chosen.capital_share,
    }


def _without_places(value: Any) -> Any:
    """Drop the files and lines that a path was read from: they do not change numbers."""
    if isinstance(value, dict):
        return {k: _without_places(v) for k, v in value.items() if k != "where"}
    return [_without_places(v) for v in value] if isinstance(value, (list, tuple)) else value


def _central_extras(task: Task, progress: Progress | None) -> dict[str, pd.DataFrame]:
    """Outlets, flags with brackets, and where asked for tolerance levels of the asked years, on the central courses."""
    outlet, levels, beside = [], [], []
    for place, (name, course) in enumerate(task.courses.items(), start=1):
        for state in walk(course, guide=task.guide):  # known by now: it starts where it ends
            if state.year in task.asked:
                head = {"scenario": name, "year": state.year}
                outlet += [{**head, **one} for one in outlets(state, task.pair)]
                beside += [{**head, **one} for one in _brackets(task, state)]
                if task.options.critical:
                    levels.append(_levels(task, course, state).assign(scenario=name, year=state.year))
        if progress:
            progress(place, len(task.courses), name)
    found = pd.concat(levels, ignore_index=True) if levels else pd.DataFrame()
    return {"outlets": pd.DataFrame(outlet), "brackets": pd.DataFrame(beside), "levels": found}


MARKS = ("flags", "replacement_percent", "no_switching_percent")
"""What stands beside a loss before the long run."""


def _brackets(task: Task, state: ProjectedYear) -> Iterator[dict[str, Any]]:
    """Flags on the losses of both sides with the other outlet open, and ends of the bracket where there is one."""
    cut, sides = task.pair.cuts["partner"], list(np.eye(state.real.size, dtype=bool)[list(task.pair.at)])
    for horizon, parameters in task.central.items():
        economy = economy_on(state.accounts, parameters, task.options.deficits)
        if not has_bracket(economy):
            continue
        solved = respond_or_error(economy, cut, None)
        if isinstance(solved, SuasionError):  # the loss itself has no number either
            continue
        marks = solved_alongside(economy, [(lambda: cut, solved)], sides)[0]
        for code, mark in zip((task.pair.a, task.pair.b), marks, strict=True):
            yield {"horizon": horizon, "outlet": "open", "of": code, **{name: mark[name] for name in MARKS}}


def _levels(task: Task, course: Course, state: ProjectedYear) -> pd.DataFrame:
    """Critical levels of a year's world, at the first horizon that has no capital to adjust."""
    horizon = next((h for h in task.options.horizons if h != STEADY), "long")
    made = critical_levels(
        world_of(course, state), task.pair.a, task.pair.b, horizon, elasticities=task.options.elasticities
    )
    return made.thresholds


def _result(
    task: Task,
    rows: pd.DataFrame,
    errors: pd.DataFrame,
    beside: dict[str, pd.DataFrame],
    solved: int,
    paths: Sequence[WorldPath],
) -> Outlook:
    first = next(iter(task.courses.values()))
    notes: dict[str, None] = {}
    for course in task.courses.values():
        notes.update(dict.fromkeys(course.laid.notes))
    marks = dict.fromkeys(m for p in task.central.values() for m in p.marks)
    return Outlook(
        a=task.pair.a,
        b=task.pair.b,
        audience=task.pair.audience,
        base_year=first.years[0],
        years=first.years,
        asked=task.asked,
        horizons=task.options.horizons,
        drawn=task.options.bands,
        scenarios=tuple(paths),
        rows=rows,
        **beside,
        errors=errors,
        draws=task.options.draws,
        solved=solved,
        growth={name: course.growth for name, course in task.courses.items()},
        notes=(*notes, *marks),
    )
