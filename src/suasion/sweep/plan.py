"""A plan: the grid laid out on its worlds as numbered tasks, and the chunks in which they are solved.

Nothing is listed: task and chunk numbers are turned into coordinates by division, so that a plan of 88 million tasks is
as small as one of a hundred. Tasks of one group (year, deficit rule, horizon) follow each other and share a base; a
chunk never crosses a group.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from itertools import combinations, permutations, product
from math import ceil
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from suasion.coercion.outcomes import members, side_name
from suasion.equilibrium import Scenario, compile_scenario
from suasion.equilibrium.scenario.instruments import INSTRUMENTS
from suasion.errors import GridError, SuasionError
from suasion.sweep.grid import EMBEDDED, EVERY, Action, SweepGrid, actions
from suasion.world import World, load_world

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Tie:
    """Two sides: their labels, and the countries or groups that each is made of."""

    a: str
    b: str
    senders: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorldSource:
    """Where the world of one year comes from, and its checksum."""

    name: str
    path: str | None
    year: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Place:
    """Coordinates of one task: the place on each axis of the plan."""

    given: int
    draw: int
    tie: int
    action: int
    sector: int


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """Everything a worker needs to solve any chunk, as plain data.

    Parameters
    ----------
    name : str
    version : of Suasion, which must be the same everywhere
    worlds : one a year
    deficits : deficit rules
    horizons : tuple of str or float
    given : scenarios already in force, as plain data
    draws, seed : draw 0 has the central elasticities, draws 1 to ``draws`` come from the Sobol sequence of the seed
    ties : tuple of Tie
    actions : instruments with their sizes
    sectors : (tuple of str or None) None is all sectors
    report : ``("sides",)``, ``("all",)``, or the countries whose losses are kept
    chunk : largest number of tasks of a chunk
    """

    name: str
    version: str
    worlds: tuple[WorldSource, ...]
    deficits: tuple[str, ...]
    horizons: tuple[str | float, ...]
    given: tuple[dict[str, Any] | None, ...]
    draws: int
    seed: int
    ties: tuple[Tie, ...]
    actions: tuple[Action, ...]
    sectors: tuple[tuple[str, ...] | None, ...]
    report: tuple[str, ...]
    chunk: int

    @property
    def group_count(self) -> int:
        """Number of groups: years x deficit rules x horizons."""
        return len(self.worlds) * len(self.deficits) * len(self.horizons)

    @property
    def group_tasks(self) -> int:
        """Tasks of one group: given scenarios x draws x pairs x instruments x sectors."""
        cases = len(self.ties) * len(self.actions) * len(self.sectors)
        return len(self.given) * (1 + self.draws) * cases

    @property
    def tasks(self) -> int:
        """Number of tasks."""
        return self.group_count * self.group_tasks

    @property
    def group_chunks(self) -> int:
        """Chunks of one group."""
        return ceil(self.group_tasks / self.chunk)

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return self.group_count * self.group_chunks

    def group_of(self, chunk: int) -> int:
        """Group that a chunk belongs to."""
        return chunk // self.group_chunks

    def span(self, chunk: int) -> range:
        """Numbers of the tasks of a chunk."""
        group, part = divmod(chunk, self.group_chunks)
        first = group * self.group_tasks
        start = part * self.chunk
        return range(first + start, first + min(start + self.chunk, self.group_tasks))

    def group(self, number: int) -> tuple[WorldSource, str, str | float]:
        """World, deficit rule and horizon of a group."""
        rest, horizon = divmod(number, len(self.horizons))
        world, rule = divmod(rest, len(self.deficits))
        return self.worlds[world], self.deficits[rule], self.horizons[horizon]

    def place(self, task: int) -> Place:
        """Coordinates of a task within its group; sectors change fastest, given scenarios slowest."""
        rest, sector = divmod(task % self.group_tasks, len(self.sectors))
        rest, action = divmod(rest, len(self.actions))
        rest, tie = divmod(rest, len(self.ties))
        given, draw = divmod(rest, 1 + self.draws)
        return Place(given, draw, tie, action, sector)

    def scenario(self, place: Place) -> Scenario:
        """Return the scenario of a task: what is already in force, then the instrument."""
        tie, action = self.ties[place.tie], self.actions[place.action]
        arguments = dict(action.arguments)
        cls: Any = INSTRUMENTS[action.kind]  # those between two sides take these arguments
        item = cls(senders=tie.senders, targets=tie.targets, sectors=self.sectors[place.sector], **arguments)
        before = self.before(place.given)
        first = () if before is None else tuple(before.instruments)
        return Scenario("task", (*first, item), year=None if before is None else before.year)

    def before(self, given: int) -> Scenario | None:
        """Return the scenario already in force; None where it is the world as it is."""
        plain = self.given[given]
        return None if plain is None else Scenario.from_dict(plain)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON; :meth:`from_dict` is the inverse."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SweepPlan:
        """Plan from plain data."""
        return TypeAdapter(cls).validate_python(data)

    def to_json(self) -> str:
        """Text that is the same for equal plans."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @property
    def digest(self) -> str:
        """Hash of the plan; where a world's file lies does not count, its checksum does."""
        return hashlib.sha256(self.without_paths().to_json().encode()).hexdigest()

    def without_paths(self) -> SweepPlan:
        """Return the plan without the places of its worlds' files."""
        return replace(self, worlds=tuple(replace(source, path=None) for source in self.worlds))


def open_world(source: WorldSource) -> World:
    """Load the world of one year.

    Raises GridError: It is not the world with which the sweep was planned.
    """
    world = load_source(source.name, source.path, source.year)
    if world.checksum != source.checksum:
        raise GridError(
            f"The world {source.name} of {source.year} has the checksum {world.checksum[:12]}, but the sweep was "
            f"planned with {source.checksum[:12]}. Use the same data everywhere, or start a new sweep."
        )
    return world


def load_source(name: str, path: str | None, year: int | None) -> World:
    """Load a world by its data set, an ``embedded`` one by its year, that of ``every`` state, or a ``file``."""
    if name == "file":
        return World.load(str(path))
    if name == EVERY and path is None:
        return load_world(states="all", year=year)
    return load_world(None if name == EMBEDDED else name, year, path)


CHUNK, SMALLEST, PIECES = 1024, 64, 16
"""Largest and smallest chunk by default, and into how many a group is cut where it lies between."""


def make_plan(
    grid: SweepGrid, world: World | None = None, path: Path | None = None, chunk: int | None = None
) -> SweepPlan:
    """Lay a grid out on its worlds, and check that every label on every axis has a meaning there.

    Parameters
    ----------
    grid : SweepGrid
    world : used instead of the grid's own
    path : file where that world is stored, for the workers
    chunk : largest number of tasks of a chunk; by default 64 to 1,024, by the size of the grid

    Returns
    -------
    SweepPlan

    Raises
    ------
    GridError
        A label is not in a world, a pair is there twice or has a country on both sides, or worlds of several years
        differ in their countries where pairs are asked for by word.
    """
    from suasion import __version__

    sources, worlds = _worlds(grid, world, path)
    ties = _ties(grid, worlds)
    acts = tuple(action for item in grid.model.instruments for action in actions(item))
    sectors = tuple(None if item == ["all"] else tuple(item) for item in grid.model.sectors)
    given = tuple(None if item is None else item.to_dict() for item in grid.given)
    cases = len(given) * (1 + grid.model.draws) * len(ties) * len(acts) * len(sectors)
    if chunk is not None and (isinstance(chunk, bool) or not isinstance(chunk, int) or chunk < 1):
        raise GridError(
            f"The chunk is {chunk!r}; give a whole number >= 1, the most tasks to solve together."
        )
    plan = SweepPlan(
        name=grid.name,
        version=__version__,
        worlds=sources,
        deficits=tuple(grid.model.deficits),
        horizons=tuple(grid.model.horizons),
        given=given,
        draws=grid.model.draws,
        seed=grid.model.seed,
        ties=ties,
        actions=acts,
        sectors=sectors,
        report=tuple(grid.model.report),
        chunk=chunk or min(CHUNK, max(SMALLEST, ceil(cases / PIECES))),
    )
    for one in worlds:
        _check_labels(grid, plan, one)
    return plan


def _worlds(
    grid: SweepGrid, world: World | None, path: Path | None
) -> tuple[tuple[WorldSource, ...], list[World]]:
    """Worlds of all years, and where they come from."""
    asked = grid.model.world
    if world is not None:
        return (WorldSource("file", str(path), world.year, world.checksum),), [world]
    place = None if asked.path is None else str((grid.folder / asked.path).resolve())
    if place is not None and place.endswith(".npz") and asked.name == EMBEDDED:
        asked = asked.model_copy(update={"name": "file"})
    sources, worlds = [], []
    years: list[int | None] = [*grid.model.years] if grid.model.years else [None]
    for year in years:
        try:
            found = load_source(asked.name, place, year)
        except SuasionError as error:
            raise GridError(f"{grid.where('years' if year else 'world')}: {error}") from error
        if year not in (None, found.year):
            raise GridError(f"{grid.where('years')}: the world in {place} is of {found.year}, not {year}.")
        sources.append(WorldSource(asked.name, place, found.year, found.checksum))
        worlds.append(found)
    return tuple(sources), worlds


def _ties(grid: SweepGrid, worlds: list[World]) -> tuple[Tie, ...]:
    """All pairs of sides, in the order of the file."""
    pairs = _pairs(grid, worlds)
    for coalition, target in product(grid.model.coalitions, grid.model.targets):
        pairs.append(Tie(coalition.name, side_name(_one(target)), tuple(coalition.members), tuple(target)))
    seen = set()
    for tie in pairs:
        if (tie.a, tie.b) in seen:
            raise GridError(
                f"{grid.where('pairs')}: the pair {tie.a} - {tie.b} is there twice; give it once."
            )
        seen.add((tie.a, tie.b))
    if not pairs:
        raise GridError(f"{grid.where('pairs')}: these pairs come to nothing; name two different countries.")
    return tuple(pairs)


def _pairs(grid: SweepGrid, worlds: list[World]) -> list[Tie]:
    asked = grid.model.pairs
    if asked is None:
        return []
    if isinstance(asked, list):
        return [_tie(first, second) for first, second in asked]
    try:
        if isinstance(asked, str):
            pool = _same(grid, worlds, "all" if asked in ("all", "ordered") else asked)
            pick = permutations if asked == "ordered" else combinations
            return [_tie(first, second) for first, second in pick(pool, 2)]
        ends = [_same(grid, worlds, asked[key]) for key in ("from", "to")]
    except GridError:
        raise
    except SuasionError as error:
        raise GridError(f"{grid.where('pairs')}: {error}") from error
    return [_tie(first, second) for first, second in product(*ends) if first != second]


def _same(grid: SweepGrid, worlds: list[World], side: str | list[str]) -> tuple[str, ...]:
    """Countries of a side, which must be the same in the worlds of all years."""
    found = [world.states if side == "all" else members(world, side) for world in worlds]
    for world, other in zip(worlds, found, strict=True):
        if other != found[0]:
            raise GridError(
                f"{grid.where('pairs')}: {side_name(side)} has other countries in {world.year} than in "
                f"{worlds[0].year}; give the pairs as a list."
            )
    return found[0]


def _tie(first: str | list[str], second: str | list[str]) -> Tie:
    sides = [(side,) if isinstance(side, str) else tuple(side) for side in (first, second)]
    return Tie(side_name(_one(sides[0])), side_name(_one(sides[1])), *sides)


def _one(side: Any) -> Any:
    """Return a side of one name as that name."""
    return side[0] if len(side) == 1 else side


def _check_labels(grid: SweepGrid, plan: SweepPlan, world: World) -> None:
    """Compile each value of each axis once, so that a wrong label fails now and not hours later."""
    known: dict[tuple[str, ...], set[str]] = {}
    for index, tie in enumerate(plan.ties):
        where = grid.where("pairs", index) if isinstance(grid.model.pairs, list) else grid.where("pairs")
        try:
            sides = [known.setdefault(side, set(members(world, side))) for side in (tie.senders, tie.targets)]
        except SuasionError as error:
            raise GridError(f"{where}: {error}") from error
        both = sorted(sides[0] & sides[1])
        if both:
            raise GridError(
                f"{where}: {', '.join(both)} stands on both sides of {tie.a} - {tie.b}. Name two different sides."
            )
    plain = replace(plan, given=(None,))
    for index in range(len(plan.sectors)):
        _try(grid.where("sectors", index), world, plain.scenario(Place(0, 0, 0, 0, index)))
    for index in range(len(plan.actions)):
        _try(grid.where("instruments"), world, plain.scenario(Place(0, 0, 0, index, 0)))
    for index in range(len(plan.given)):
        _try(grid.where("given", index), world, plan.before(index))
    if plan.report not in (("sides",), ("all",)):
        try:
            members(world, plan.report)
        except SuasionError as error:
            raise GridError(f"{grid.where('report')}: {error}") from error


def _try(where: str, world: World, scenario: Scenario | None) -> None:
    try:
        compile_scenario(world, scenario or Scenario("as it is"))
    except SuasionError as error:
        raise GridError(f"{where}: {error}") from error
