"""The world economy year by year along a path.

Every year is solved from the base year with all that has changed since. With constant elasticities that is the same
equilibrium as one reached by steps of a year, each the base of the next (a test holds it to that), and it is the exact
one of the two: rounding does not add up, a flow that was small for some years comes back, and what acts of an old cost
may still change with its age.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium import Economy, Parameters, Shock, respond
from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.afterwards import world_with
from suasion.equilibrium.economy import economy_on, log_welfare
from suasion.equilibrium.solve import Solved, accounts_after
from suasion.errors import InputError, SuasionError
from suasion.outlook.growth.gdp import Reached, Volumes, base_volumes, reach
from suasion.outlook.growth.path import Growth, growth_path
from suasion.outlook.paths.laid import Laid, WorldPath, economies, lay
from suasion.outlook.projection.result import Guide
from suasion.outlook.projection.together import Together, together
from suasion.types import DeficitRule, FloatArray
from suasion.world import Provenance, World
from suasion.world.checks import Step


@dataclass(frozen=True, slots=True)
class Course:
    """A path made ready: laid on a world, with growth and the base to solve from.

    world, path: as given.
    laid, growth: the path on this world.
    economy: base after the deficit rule, long-run elasticities.
    pair: (importer, exporter, sector) mask of the trade that a break of regime moves; None without one.
    """

    world: World
    path: WorldPath
    laid: Laid
    growth: Growth
    economy: Economy
    pair: NDArray[np.bool_] | None = None

    @property
    def years(self) -> tuple[int, ...]:
        """Base year and the years after it."""
        return self.laid.years


@dataclass(frozen=True, slots=True)
class Draw:
    """One possible course: elasticities, growth and breaks.

    parameters: long-run elasticities; None for the central ones.
    growth: (N,) standard normal shifts of the growth rates; None for none.
    jump: (T,) log odds by which the pair's trade has jumped by each year; None for none.
    """

    parameters: Parameters | None = None
    growth: FloatArray | None = None
    jump: FloatArray | None = None


CENTRAL = Draw()
"""Central elasticities, rates as given, no break."""


@dataclass(frozen=True, slots=True)
class ProjectedYear:
    """The world of one year.

    year: calendar year.
    solved: its equilibrium, in changes from the base year.
    shock: what has changed since the base year.
    economy: the base, with the draw's elasticities.
    real: (N,) real GDP over the base year's.
    volumes: what it is computed from.
    gap: largest relative gap between real GDP and its path.
    """

    year: int
    solved: Solved
    shock: Shock
    economy: Economy
    real: FloatArray
    volumes: Volumes
    gap: float

    @property
    def accounts(self) -> Accounts:
        """Base-year accounts of a world that starts here, in units of world factor income of the base year."""
        return accounts_after(self.solved)

    @property
    def log_welfare(self) -> FloatArray:
        """(N,) log of real final expenditure over the base year's."""
        return log_welfare(self.solved)


def prepare_course(
    world: World,
    path: WorldPath,
    to: int,
    base: Accounts,
    parameters: Parameters,
    deficits: DeficitRule = "balance",
    pair: NDArray[np.bool_] | None = None,
) -> Course:
    """Lay a path on a world whose base is prepared.

    world, path: the base year and what happens.
    to: last year.
    base: accounts after the deficit rule.
    parameters: long-run elasticities.
    deficits: deficit rule.
    pair: mask (importer, exporter, sector) of the trade that a break moves.
    Raises InputError: The path or the growth does not fit the world; see :func:`lay` and :func:`growth_path`.
    """
    own = tuple(replace(rate, countries=economies(world, rate.countries, rate.where)) for rate in path.growth)
    growth = growth_path(world.countries, world.year, to, own, path.source)
    return Course(world, path, lay(world, path, to), growth, economy_on(base, parameters, deficits), pair)


def walk(course: Course, draw: Draw = CENTRAL, guide: Guide | None = None) -> Iterator[ProjectedYear]:
    """Solve year after year.

    course: a path made ready.
    draw: one possible course; the central one by default.
    guide: shared by the draws of an outlook.
    Yields: The base year first.
    Raises ConvergenceError, ShockError: A year has no equilibrium, or real GDP cannot follow its path; the
      message names the year.
    """
    for (state,) in walk_together(course, [draw], guide):
        if isinstance(state, SuasionError):
            raise state
        yield state


def walk_together(
    course: Course, draws: Sequence[Draw], guide: Guide | None = None
) -> Iterator[list[ProjectedYear | SuasionError]]:
    """Solve year after year for some draws at once.

    course, guide: as for :func:`walk`.
    draws: possible courses.
    Yields: One for each draw, the base year first. A draw that has no equilibrium in some year has its error
      from there on.
    """
    sets = [draw.parameters or course.economy.parameters for draw in draws]
    shared = together(course.economy, sets)
    tracks = [
        _Track(
            draw,
            course.growth.levels(draw.growth),
            [_base_state(course, own)],
            np.zeros(course.economy.accounts.income.size),
        )
        for draw, own in zip(draws, sets, strict=True)
    ]
    yield [track.now for track in tracks]
    for t in range(1, len(course.years)):
        going = [k for k, track in enumerate(tracks) if track.failure is None]
        _year(course, t, shared, {k: tracks[k] for k in going}, guide)
        yield [track.now for track in tracks]


@dataclass(slots=True)
class _Track:
    """How far a draw has come.

    draw: which.
    levels: (T, N) real GDP that it follows.
    states: the last two years, or the base year alone.
    labour: (N,) log productivity of the last year.
    failure: why it ended, or None.
    """

    draw: Draw
    levels: FloatArray
    states: list[ProjectedYear]
    labour: FloatArray
    failure: SuasionError | None = None

    @property
    def now(self) -> ProjectedYear | SuasionError:
        """Last year reached, or why there is none."""
        return self.failure or self.states[-1]


def _base_state(course: Course, parameters: Parameters) -> ProjectedYear:
    economy = replace(course.economy, parameters=parameters)
    solved, _ = respond(economy, Shock())
    n = economy.accounts.income.size
    return ProjectedYear(
        course.years[0], solved, Shock(), economy, np.ones(n), base_volumes(economy.accounts), 0.0
    )


def _year(
    course: Course, t: int, shared: Together, tracks: Mapping[int, _Track], guide: Guide | None
) -> None:
    """Move draws on by a year."""
    places, going = list(tracks), list(tracks.values())
    frames = [shock_of(course, t, track.draw) for track in going]
    firsts = [_first_order(course, t, track) for track in going]
    rest = guide.start(course.path.name, t, "rest") if guide else None

    def answer(
        which: Sequence[int], logs: Sequence[FloatArray], x: Sequence[FloatArray]
    ) -> list[Solved | SuasionError]:
        shocks = [replace(frames[k], endowments=np.exp(log)) for k, log in zip(which, logs, strict=True)]
        return shared.respond([places[k] for k in which], shocks, x)

    found = reach(
        answer,
        [
            Reached(k.states[-1].solved, k.labour, k.states[-1].real, k.states[-1].volumes, 0.0, 0)
            for k in going
        ],
        [track.levels[t] for track in going],
        [first if rest is None else first + rest for first in firsts],
        [_start(course, t, track.states, guide) for track in going],
    )
    for track, frame, first, made in zip(going, frames, firsts, found, strict=True):
        if isinstance(made, SuasionError):
            track.failure = type(made)(f"{course.path.name!r} in {course.years[t]}: {made}")
            continue
        track.labour = made.labour
        if guide:
            guide.keep(made.solved.x, course.path.name, t)
            guide.keep(made.labour - first, course.path.name, t, "rest")
        shock = replace(frame, endowments=np.exp(made.labour))
        last = track.states[-1]
        new = ProjectedYear(
            course.years[t], made.solved, shock, last.economy, made.real, made.volumes, made.gap
        )
        track.states = [last, new]


def _first_order(course: Course, t: int, track: _Track) -> FloatArray:
    """Log productivity that a year's growth asks for to the first order, (N,)."""
    last = track.states[-1]
    return np.asarray(track.labour + np.log(track.levels[t] / last.real) - _domar(course, t, last))


def _start(course: Course, t: int, states: list[ProjectedYear], guide: Guide | None) -> FloatArray:
    """Start of a year: as far from an earlier draw as in the years before, else last year's solution moved on."""
    here, *before = (guide.start(course.path.name, k) if guide and k else None for k in (t, t - 1, t - 2))
    if here is None:
        return _moved_on([state.solved.x for state in states])
    off = [
        state.solved.x if kept is None else state.solved.x - kept
        for state, kept in zip(reversed(states), before, strict=False)
    ]
    return np.asarray(here + _moved_on(off[::-1]))


def _moved_on(last: Sequence[FloatArray]) -> FloatArray:
    """Move the last of one or two points as it has moved."""
    return last[0] if len(last) == 1 else np.asarray(2.0 * last[1] - last[0])


def _domar(course: Course, t: int, last: ProjectedYear) -> FloatArray:
    """What sectors' productivity adds to real GDP in a year to the first order (Hulten), (N,)."""
    if course.laid.technology is None:
        return np.zeros(last.real.size)
    change = course.laid.technology[t] - course.laid.technology[t - 1]
    return np.asarray((last.volumes.output * change).sum(1) / last.volumes.value_added)


def shock_of(course: Course, t: int, draw: Draw = CENTRAL) -> Shock:
    """Costs and technology of a year over the base year, without growth.

    course: a path made ready.
    t: position of the year.
    draw: one possible course.
    """
    parameters = draw.parameters or course.economy.parameters
    n, s = course.economy.accounts.output.shape
    log = np.zeros((n, n, s))
    acting = course.laid.effective(course.years[t], parameters.local_sigma, course.path.response)
    for cells, factor in zip(course.laid.cells, acting, strict=True):
        log += cells * factor
    if draw.jump is not None and course.pair is not None:
        # A jump of log odds by J is a cost of J / (1 - sigma) in every sector.
        log += course.pair * (draw.jump[t] / (1.0 - parameters.local_sigma))
    technology = None if course.laid.technology is None else np.exp(course.laid.technology[t])
    return Shock(trade_cost=np.exp(log) if log.any() else None, productivity=technology)


def world_of(course: Course, state: ProjectedYear) -> World:
    """Return the world of a year, which every other part of the library takes like any world.

    Values are in million USD of the base year's world factor income, shares and ratios are what count; deficits have
    been dealt with by the deficit rule.

    Parameters
    ----------
    course : where the year lies
    state : the year

    Returns
    -------
    World
        With the year of the state, and a note that it is a projection.
    """
    world = course.world
    base, name = world.year, course.path.name
    note: Step = f"Made by the outlook {name!r} from the world of {base}: a projection, not an observation."
    return world_with(
        world,
        state.accounts,
        year=state.year,
        provenance=Provenance(dataset=f"{world.provenance.dataset}, projected to {state.year}"),
        notes=(*world.notes, note),
    )


def check_years(world: World, asked: tuple[int, ...], to: int) -> tuple[int, ...]:
    """Return the asked years, ascending, the base year first.

    Raises InputError: A year lies before the world's or after the end.
    """
    if to <= world.year:
        raise InputError(f"An outlook from {world.year}, the world's year, must end later; it ends in {to}.")
    wrong = [y for y in asked if not world.year <= y <= to]
    if wrong:
        raise InputError(
            f"There is no world of {wrong[0]}: this outlook runs from {world.year}, the world's year, to {to}."
        )
    return tuple(sorted({world.year, *asked}))
