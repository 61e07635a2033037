"""Paths of trade costs and of technology: what changes between whom, in which sectors, from which year to which.

A cost that changed h years ago has moved trade by the part that the trade elasticity has reached by then: with sigma(h)
of the horizons' schedule, the log of its effect is ``w(h) = (sigma(h) - 1) / (sigma(10) - 1)`` of the long-run one. A
cost that was already in force in the base year counts only by what it will still move.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.elasticities.schedule import LONG_YEARS, sigma_at
from suasion.equilibrium.scenario.places import pairs, party, sector_mask
from suasion.errors import InputError, ScenarioError, SuasionError
from suasion.outlook.growth.path import OwnRate, Source
from suasion.types import Citation, FloatArray
from suasion.world import World

Direction = Literal["both", "imports", "exports"]
Response = Literal["by_age", "long"]
Points = tuple[tuple[int, float], ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CostPath:
    """Trade costs between two sides over the years.

    Attributes
    ----------
    senders, targets : countries, groups or ``all``
    points : (year, factor) ascending; between them the log of the factor is a straight line, before them it is zero
    sectors : None for all
    direction : of the senders' trade with the targets
    hold : whether the last factor stays in force; else the path must reach the outlook's last year
    where : file and line, for messages
    """

    senders: tuple[str, ...]
    targets: tuple[str, ...]
    points: Points
    sectors: tuple[str, ...] | None = None
    direction: Direction = "both"
    hold: bool = False
    where: str = ""


@dataclass(frozen=True, slots=True)
class TechnologyPath:
    """Productivity of sectors over the years; as :class:`CostPath`, over the base year's level.

    Real GDP stays on its growth path: productivity moves the mix of what is made, the rest follows.
    """

    targets: tuple[str, ...]
    points: Points
    sectors: tuple[str, ...] | None = None
    hold: bool = False
    where: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """What moves the odds of all trade of the pair beyond costs and growth: small yearly steps, and breaks of regime.

    The usual numbers are those of yearly changes of the log odds of turnover shares of 5 % and more in the World
    Input-Output Database of 1995 to 2011, by ``tools/fits/break_hazards.py``: 10 breaks in 2,756 pair-years (rate
    0.0038, 90 % interval 0.002 to 0.006), with a root mean square of 1.0, and 0.11 a year without breaks. ITPD-E, where
    most breaks are breaks of the record, has 0.088.

    Attributes
    ----------
    hazard : probability of a break in a year
    size : standard deviation of a break, in log odds, up or down
    calm : standard deviation of the yearly step, in log odds
    basis : where the numbers come from
    """

    hazard: float = 0.01
    size: float = 1.0
    calm: float = 0.1
    basis: Citation = "assumption: hazard 0.004 to 0.03 a year, size 0.7 to 1.5, calm 0.05 to 0.15"

    def __post_init__(self) -> None:
        if not (0.0 <= self.hazard < 1.0 and 0.0 <= self.size <= 5.0 and 0.0 <= self.calm <= 1.0):
            raise InputError(
                "A break needs a hazard from 0 to below 1, a size from 0 to 5 and calm steps from 0 to 1; got "
                f"{self.hazard}, {self.size} and {self.calm}."
            )


@dataclass(frozen=True, slots=True)
class WorldPath:
    """A named course of the world: growth, costs, technology, and how likely it breaks.

    Attributes
    ----------
    name, description : of the scenario
    growth, source : own rates, and what the other economies take
    costs, technology : paths
    response : ``by_age``: trade moves with the years since a cost changed; ``long``: at once
    breaks : of the regime between the pair
    notes : assumptions, as sentences
    """

    name: str
    description: str = ""
    growth: tuple[OwnRate, ...] = ()
    source: Source = "cited"
    costs: tuple[CostPath, ...] = ()
    technology: tuple[TechnologyPath, ...] = ()
    response: Response = "by_age"
    breaks: Break = field(default_factory=Break)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ScenarioError("The name of the path is empty; give a short one.")


@dataclass(frozen=True, slots=True)
class Laid:
    """A path laid on a world.

    years: (T,) the base year and those after it.
    cells: for each cost path, (importer, exporter, sector) mask.
    logs: for each cost path, log of the factor in each year from its first point on: (year, log) pairs by
      year.
    technology: (T, N, S) log productivity over the base's.
    notes: what was left out of groups.
    """

    years: tuple[int, ...]
    cells: tuple[NDArray[np.bool_], ...]
    logs: tuple[dict[int, float], ...]
    technology: FloatArray | None
    notes: tuple[str, ...]

    def effective(self, year: int, sigma: FloatArray, response: Response) -> list[FloatArray]:
        """Log factors that act in a year, over what acted in the base year, by cost path: (S,) each.

        year: of the path.
        sigma: (S,) long-run elasticities.
        response: as in :class:`WorldPath`.
        """
        return [
            reached(log, year, sigma, response) - reached(log, self.years[0], sigma, response)
            for log in self.logs
        ]


def reached(
    logs: dict[int, float], year: int, sigma: FloatArray, response: Response = "by_age"
) -> FloatArray:
    """Log cost that has come to act by a year, (S,): every change counts by the response of its age."""
    total, last = np.zeros_like(sigma), 0.0
    for when in sorted(logs):
        if when > year:
            break
        change, last = logs[when] - last, logs[when]
        if change:
            total = total + change * (age_weight(sigma, year - when + 1) if response == "by_age" else 1.0)
    return total


def age_weight(sigma: FloatArray, age: float) -> FloatArray:
    """Part of the long-run response of log trade that is reached some years after a change, (S,), at most one."""
    if age >= LONG_YEARS:
        return np.ones_like(sigma)
    return np.minimum(1.0, (sigma_at(sigma, max(age, 1.0)) - 1.0) / (sigma - 1.0))


def lay(world: World, path: WorldPath, to: int) -> Laid:
    """Lay a path on a world.

    world: its year is the base.
    to: last year of the outlook.
    Raises ScenarioError if a path ends early, or two cost paths cover one flow in one year.
    Raises NotInWorldError, SameCountryError if a country or sector is not in the world, or one country is on
      both sides.
    """
    years = tuple(range(world.year, to + 1))
    notes: dict[str, None] = {}
    cells, logs = [], []
    for cost in path.costs:
        cells.append(_located(cost.where, lambda cost=cost: _cells(world, cost, notes)))  # type: ignore[misc]
        logs.append(logs_of(cost.points, to, cost.hold, cost.where))
    _check_overlap(world, path.costs, cells, logs)
    technology = None
    for one in path.technology:
        technology = (
            np.zeros((len(years), len(world.countries), len(world.sectors)))
            if technology is None
            else technology
        )
        mask = _located(one.where, partial(_targets, world, one, notes))
        line = logs_of(one.points, to, one.hold, one.where)
        start = line.get(years[0], 0.0)
        technology += np.array([line.get(y, 0.0) - start for y in years])[:, None, None] * mask
    return Laid(years, tuple(cells), tuple(logs), technology, tuple(notes))


def economies(world: World, tokens: Sequence[str], where: str = "") -> tuple[str, ...]:
    """Codes of the economies that countries and groups stand for.

    Raises NotInWorldError, UnknownCountryError if one is not in the world; the message names the file and
      line.
    """
    side = _located(where, partial(party, tokens, world, world.year))
    return tuple(c for c, inside in zip(world.countries, side.mask, strict=True) if inside)


def _located(where: str, make: Callable[[], T]) -> T:
    """Run a step whose errors name the file and line."""
    try:
        return make()
    except SuasionError as error:
        raise type(error)(f"{where}: {error}" if where else str(error)) from error


def logs_of(points: Points, to: int, hold: bool = False, where: str = "") -> dict[int, float]:
    """Log factors by year, from the first point to the last year.

    Raises ScenarioError if years do not ascend, a factor is not positive, or the path ends early.
    """
    at = f"{where}: " if where else ""
    years, factors = [y for y, _ in points], [f for _, f in points]
    if not points or any(b <= a for a, b in pairwise(years)):
        raise ScenarioError(f"{at}a path needs at least one point, in ascending years without repetition.")
    if any(not (np.isfinite(f) and f > 0) for f in factors):
        raise ScenarioError(f"{at}factors of a path must be positive (1.1 is 10 % dearer); got {factors}.")
    if years[-1] < to and not hold:
        raise ScenarioError(
            f"{at}the path ends in {years[-1]}, before the outlook's last year {to}. Give the years up to it, or "
            "`hold: true` to keep the last factor."
        )
    span = range(years[0], max(to, years[-1]) + 1)
    return {y: float(v) for y, v in zip(span, np.interp(span, years, np.log(factors)), strict=True)}


def _cells(world: World, cost: CostPath, notes: dict[str, None]) -> NDArray[np.bool_]:
    sides = [party(tokens, world, world.year) for tokens in (cost.senders, cost.targets)]
    mask, overlap = pairs(sides[0], sides[1], world)
    notes.update(dict.fromkeys((*sides[0].notes, *sides[1].notes, *overlap)))
    flow = {"imports": mask, "exports": mask.T, "both": mask | mask.T}[cost.direction]
    return np.asarray(flow[:, :, None] & sector_mask(cost.sectors, world))


def _targets(world: World, one: TechnologyPath, notes: dict[str, None]) -> NDArray[np.bool_]:
    side = party(one.targets, world, world.year)
    notes.update(dict.fromkeys(side.notes))
    return np.asarray(side.mask[:, None] & sector_mask(one.sectors, world))


def _check_overlap(
    world: World,
    costs: Sequence[CostPath],
    cells: Sequence[NDArray[np.bool_]],
    logs: Sequence[dict[int, float]],
) -> None:
    for second in range(len(costs)):
        for first in range(second):
            both = cells[first] & cells[second]
            years = sorted(set(logs[first]) & set(logs[second]))
            if both.any() and years:
                n, i, k = (int(v) for v in np.argwhere(both)[0])
                at = f"{costs[second].where}: " if costs[second].where else ""
                raise ScenarioError(
                    f"{at}the costs of {world.sectors[k]} from {world.countries[i]} to {world.countries[n]} are given "
                    f"twice from {years[0]} on: cost paths must not overlap. Split their sectors, sides or years."
                )
