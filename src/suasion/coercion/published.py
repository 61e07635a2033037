"""Published figures beside the same number of this model, solved or looked up: whether they agree, and if not, why."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property

import numpy as np
import pandas as pd

from suasion.coercion.outcomes import band_of
from suasion.equilibrium import Result, Scenario, simulate
from suasion.equilibrium.scenario.places import party
from suasion.errors import SuasionError, told_otherwise
from suasion.files import package_folder, shipped_text
from suasion.sources.estimates import ALL, PublishedFigure, Setting, Study, register
from suasion.sources.groups import expand
from suasion.types import FloatArray
from suasion.world import World
from suasion.world.load import usual_key

BAND = 1 / 3
"""Part of a published figure by which ours may lie beyond it and still be within its band. Assumption, range 0.2 to
0.5: studies of one question differ by more, see the figures on the European Union and China."""
NEAREST = 0.5
"""A base year explains a gap if it closes at least this part of it. Assumption, range 0.3 to 0.7."""
WHOLE = 0.9
"""A table holds all who take part if so much of their income is that of economies it has. Assumption, range 0.85 to
0.95: older tables lack small members of large groups."""
SAME_YEARS = 1
"""Tables so many years apart count as one base year."""
HORIZONS = {0.0: "months", 1.0: "short", 10.0: "long"}


class Agreement(StrEnum):
    """How ours stands to theirs."""

    REPRODUCED = "reproduced"
    BAND = "band"
    APART = "apart"
    UNASKED = "unasked"
    OWN_INPUTS = "own_inputs"


class Cause(StrEnum):
    """The first thing that sets the two apart."""

    DEFINITION = "definition"
    MODEL = "model"
    BASE_YEAR = "base_year"
    DATA = "data"


@dataclass(frozen=True)
class FigureBeside:
    """One published figure and ours.

    estimate: theirs.
    ours: ours in per cent; None where it cannot be asked on this world, or has no equilibrium.
    base_year: of ours.
    earlier: ours on the table of an earlier year, where it holds all who take part.
    earlier_year: of that table.
    low, high: 90 % band of ours over draws of the elasticities; None without draws.
    """

    estimate: PublishedFigure
    ours: float | None
    base_year: int
    earlier: float | None = None
    earlier_year: int | None = None
    low: float | None = None
    high: float | None = None

    @property
    def study(self) -> Study:
        """Where theirs is from."""
        return register().study[self.estimate.study]

    @property
    def setting(self) -> Setting:
        """What both answer."""
        return register().scenario[self.estimate.scenario]

    @cached_property
    def agreement(self) -> Agreement:
        """Whether the two agree, to the digits that theirs has, or within the band."""
        if self.ours is None:
            own = self.estimate.inputs == "own"
            return Agreement.OWN_INPUTS if own else Agreement.UNASKED
        return agreement_of(self.ours, self.estimate.low, self.estimate.high)

    @property
    def cause(self) -> Cause | None:
        """Why they differ; None where they agree to the printed digits, or ours is not there."""
        if self.agreement not in (Agreement.BAND, Agreement.APART):
            return None
        if self._closer:
            return Cause.BASE_YEAR
        if self.study.model != "trade" and self.estimate.match != "other":
            return Cause.MODEL
        if self.estimate.match != "same":
            return Cause.DEFINITION
        apart = abs(self.study.latest_base - self.base_year) > SAME_YEARS
        return Cause.BASE_YEAR if apart and self.earlier is None else Cause.DATA

    @property
    def _closer(self) -> bool:
        """Whether the earlier table closes enough of the gap, or theirs lies between the two."""
        if self.earlier is None or self.ours is None:
            return False
        low, high = self.estimate.low, self.estimate.high
        between = min(self.ours, self.earlier) <= low and high <= max(self.ours, self.earlier)
        return between or beyond(self.earlier, low, high) <= NEAREST * beyond(self.ours, low, high)


def beyond(value: float, low: float, high: float) -> float:
    """Distance from a range; 0 inside."""
    return max(low - value, value - high, 0.0)


def agreement_of(ours: float, low: float, high: float) -> Agreement:
    """Compare a number with a published range.

    ours: per cent.
    low, high: theirs, per cent.
    """
    gap = beyond(ours, low, high)
    if gap <= 0.5 * max(step(low), step(high)):
        return Agreement.REPRODUCED
    nearest = low if ours < low else high
    return Agreement.BAND if gap <= BAND * abs(nearest) else Agreement.APART


def step(value: float) -> float:
    """One of the last printed digit; a figure without decimals counts as one with one."""
    decimals = len(repr(float(value)).partition(".")[2])
    return float(10.0 ** -max(1, decimals))


def about(a: str, b: str) -> list[PublishedFigure]:
    """Return published figures on the losses of two states from what one does to the other, or both to each other.

    a, b: codes. A state counts with its groups; a measure against all the world is not about a pair.
    """
    found = register()
    return [
        one
        for one in found.figure
        if _opposed(found.scenario[one.scenario], a, b, found.study[one.study].year)
        and {a, b} & set(_members(one.economies, found.study[one.study].year))
    ]


def _opposed(setting: Setting, a: str, b: str, year: int) -> bool:
    for acting, hit in setting.opposed:
        sides = [set(_members(side, year)) for side in (acting, hit)]
        if (a in sides[0] and b in sides[1]) or (b in sides[0] and a in sides[1]):
            return True
    return False


def _members(names: Sequence[str], year: int) -> tuple[str, ...]:
    return _expanded(tuple(names), year)


@cache
def _expanded(names: tuple[str, ...], year: int) -> tuple[str, ...]:
    """Members of that year: the same few sides are asked about for every pair."""
    return expand([name for name in names if name != ALL], year)


def beside(
    estimates: Iterable[PublishedFigure],
    world: World,
    earlier: Sequence[World] = (),
    *,
    draws: int = 0,
    seed: int = 1,
) -> list[FigureBeside]:
    """Solve each question once on each table, and put ours beside theirs.

    estimates: theirs.
    world: the base of ours.
    earlier: tables of earlier years, in the order in which they are tried; the first that holds all who take
      part is used.
    draws, seed: draws of the elasticities for 90 % bands of ours, and their seed.
    """
    income = dict(zip(world.countries, world.array("factor_income").sum(1), strict=True))
    base, before = _Table(world, {}, draws, seed), [_Table(one, income) for one in earlier]
    found = []
    for one in estimates:
        others = ((table.change(one), table.world.year) for table in before)
        known = next((pair for pair in others if pair[0] is not None), (None, None))
        ours, band = base.change(one), base.band(one)
        found.append(FigureBeside(one, ours, world.year, *known, *band))
    return found


def asked_of(world: World, estimates: Iterable[PublishedFigure]) -> Iterator[tuple[PublishedFigure, float]]:
    """Yield the figures whose question can be asked here, with the change of ours, NaN without an equilibrium."""
    table = _Table(world, {})
    for one in estimates:
        if one.inputs == "world" and table.holds(one):
            change = table.solved(one)
            yield one, np.nan if change is None else change


class _Table:
    """One world with what was solved on it; it must have who takes part, by ``income``."""

    def __init__(self, world: World, income: Mapping[str, float], draws: int = 0, seed: int = 1) -> None:
        self.world = world
        self._draws, self._seed = draws, seed
        self._income = income
        self._solved: dict[tuple[str, float, int], Result | None] = {}

    def change(self, one: PublishedFigure) -> float | None:
        """Change of real expenditure of its economies, per cent of theirs before."""
        if not self._draws and one.inputs == "world" and self.holds(one):
            known = kept_change(self.world, one)
            if known is not None:
                return None if np.isnan(known) else known
        return self.solved(one)

    def solved(self, one: PublishedFigure) -> float | None:
        """The same, solved whether it is kept or not."""
        result = self._result(one)
        return (
            None if result is None else float(self._percent(one, result, result.equivalent_variation.values))
        )

    def band(self, one: PublishedFigure) -> tuple[float, float] | tuple[()]:
        """Ends of the 90 % band over the draws; none without."""
        result = self._result(one) if self._draws else None
        if result is None or result.drawn is None:
            return ()
        drawn = self._percent(one, result, result.drawn["equivalent_variation"].values)
        central = self._percent(one, result, result.equivalent_variation.values)
        return () if np.isnan(drawn).all() else band_of(drawn, float(central))

    def _percent(self, one: PublishedFigure, result: Result, usd: FloatArray) -> FloatArray:
        """Changes of its economies (..., N), million USD, in per cent of theirs before."""
        mask = party(one.economies, self.world, _year(one)).mask
        return np.asarray(100.0 * usd[..., mask].sum(-1) / result.base.income[mask].sum())

    def holds(self, one: PublishedFigure) -> bool:
        """Whether all who take part are economies of the table."""
        setting, year = register().scenario[one.scenario], _year(one)
        sides = [name for pair in setting.opposed for side in pair for name in side]
        groups = [_members([name], year) for name in (*sides, *one.economies)]
        return bool(setting.instruments) and all(map(self._has, groups))

    def _has(self, codes: Sequence[str]) -> bool:
        """Whether it has these economies, or nearly all by income."""
        weights = {code: self._income.get(code, 0.0) for code in codes}
        held = sum(weights[code] for code in codes if code in self.world.countries)
        return held >= WHOLE * sum(weights.values())

    def _result(self, one: PublishedFigure) -> Result | None:
        if one.inputs == "own" or not self.holds(one):
            return None
        key = (one.scenario, one.years, _year(one))
        if key not in self._solved:
            plain = {"name": one.scenario, "year": key[2]}
            instruments = register().scenario[one.scenario].instruments
            scenario = Scenario.from_dict({**plain, "instruments": instruments})
            try:
                with told_otherwise():  # most flags are of economies that nobody compares here
                    when = HORIZONS.get(one.years, one.years)
                    self._solved[key] = simulate(
                        self.world, scenario, when, draws=self._draws, seed=self._seed
                    )
            except SuasionError:  # no such goods in this table, or no equilibrium: there is no number of ours
                self._solved[key] = None
        return self._solved[key]


def _year(one: PublishedFigure) -> int:
    """Year whose members a group has."""
    return register().study[one.study].year


FILE = package_folder() / "coercion" / "estimates_kept.csv"
KEY = 21
"""Signs of the year and checksum of a world that tell it from others."""
COLUMNS = ("world", "instruments", "years", "members_of", "economies", "percent")


def key_of(world: World, one: PublishedFigure) -> tuple[str, ...]:
    """Return what ours depends on: world if it ships, instruments, horizon, year of the groups, whose loss it is."""
    done = repr(register().scenario[one.scenario].instruments)
    return (
        usual_key(world)[:KEY],
        hashlib.sha256(done.encode()).hexdigest()[:16],
        f"{one.years:g}",
        str(register().study[one.study].year),
        " ".join(one.economies),
    )


def kept_change(world: World, one: PublishedFigure) -> float | None:
    """Look up the change of real expenditure, per cent; NaN without an equilibrium, None where it is not kept."""
    return _kept().get(key_of(world, one))


def is_kept(world: World) -> bool:
    """Whether ours for the published figures is kept for a world."""
    return any(key[0] == usual_key(world)[:KEY] for key in _kept())


@cache
def _kept() -> dict[tuple[str, ...], float]:
    text = shipped_text("suasion.coercion", FILE.name)
    frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    return {
        key: float(value or math.nan) for *names, value in frame.to_numpy().tolist() for key in [tuple(names)]
    }
