"""Lay a grid out on its worlds: what its labels come to, and whether each has a meaning there."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations, product
from math import ceil
from pathlib import Path
from typing import Any

from suasion.coercion.sides import members, side_name
from suasion.equilibrium import Scenario, compile_scenario
from suasion.errors import GridError, SuasionError
from suasion.sweep.grid import SweepGrid, actions
from suasion.sweep.grid_models import EMBEDDED
from suasion.sweep.plan import Place, SweepPlan, Tie, WorldSource, load_source
from suasion.world import World

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
    found = [world.countries if side == "all" else members(world, side) for world in worlds]
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
