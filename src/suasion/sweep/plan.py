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
from math import ceil
from typing import Any

from pydantic import TypeAdapter

from suasion.equilibrium import Scenario
from suasion.equilibrium.scenario.instruments import INSTRUMENTS
from suasion.errors import GridError
from suasion.sweep.grid import Action
from suasion.sweep.grid_models import EMBEDDED
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
    """Load a world by the name of its data set, an ``embedded`` one by its year, or a ``file``."""
    if name == "file":
        return World.load(str(path))
    return load_world(None if name == EMBEDDED else name, year, path)
