"""The warm model: solves a scenario at one horizon and keeps what an answer shows of it.

The base after the deficit rule is prepared once for each rule, each solved point is small plain data, and a
memo that outlives the process may keep it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Protocol, TypeVar

import numpy as np

from suasion import __version__
from suasion.equilibrium import Economy, Parameters, Result, Scenario, compile_scenario, resolve, run
from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.economy import base_of, check_before_balance, economy_on
from suasion.equilibrium.elasticities.horizon import resolve_base
from suasion.equilibrium.elasticities.schedule import parse_horizon
from suasion.equilibrium.types import Shock
from suasion.errors import ConvergenceError, InputError, ShockError, SuasionError
from suasion.questions.scenarios.address import LEAST_EASE, MOST_EASE, Query, digest
from suasion.questions.scenarios.solved_point import (
    Margins,
    SolvedPoint,
    margins_of,
    point_of,
    sides_of,
)
from suasion.store import Recent
from suasion.types import DeficitRule
from suasion.world import World, load_world

SECONDS = 0.3
"""Of a question without bounds and with few wedges. Measured on one core of 2.5 GHz, like the two below."""
BOUNDS_A_SECOND = 5_000.0
"""Measured: 4,200 bounds take 0.3-1.2 s, 106,650 take 2-58 s, 316,000 take 16-92 s, mostly without an equilibrium."""
WEDGED_SECONDS = 2.0
"""For a wedge on every flow of the world, by its size in logs. Measured: 0.6-1.8 s where it converges; one tariff of
500 % took 36 s, which nothing in the shock gives away: the server stops such a question when others wait."""


class SlowQuestionError(SuasionError):
    """A question will take longer than this desk may spend. Ask where it may take its time, or bound fewer flows."""


def expected_seconds(shock: Shock) -> float:
    """Time that a shock takes to solve, within a factor of about three.

    shock: A compiled scenario.
    Returns: Seconds of one core.
    """
    bounds = sum(int(np.count_nonzero(limit.cells)) for limit in shock.limits)
    wedges = [1.0 + rate for rate in (shock.tariff, shock.export_tax) if rate is not None]
    wedges += [] if shock.trade_cost is None else [shock.trade_cost]
    logs = sum(float(np.abs(np.log(np.maximum(wedge, 1e-3))).mean()) for wedge in wedges)
    return SECONDS + bounds / BOUNDS_A_SECOND + WEDGED_SECONDS * logs


KEPT_POINTS, KEPT_RESULTS = 128, 4
Kept = TypeVar("Kept", SolvedPoint, Margins)


class Memo(Protocol):
    """Where solved points outlive this process."""

    def read(self, key: str) -> bytes | None:
        """Return what is kept under a key, or None."""

    def write(self, key: str, content: bytes) -> None:
        """Keep it."""


@dataclass(frozen=True, slots=True)
class ScenarioCase:
    """A scenario at one horizon under assumptions.

    horizon: Label, or years.
    ease: Factor on sigma - 1.
    swap: Factor on zeta and epsilon.
    certify: Whether an equilibrium that fails its check is none.
    """

    scenario: Scenario
    horizon: str | float = "long"
    ease: float = 1.0
    swap: float = 1.0
    deficits: DeficitRule = "balance"
    certify: bool = True

    def __post_init__(self) -> None:
        """Refuse factors that an address would not take."""
        for name, value in (("ease", self.ease), ("swap", self.swap)):
            if not LEAST_EASE <= value <= MOST_EASE:
                raise InputError(f"{name} is {value:g}; give a number from {LEAST_EASE:g} to {MOST_EASE:g}.")


Posed = Query | ScenarioCase
"""A scenario at one horizon under assumptions: an address, or a case of a scenario file."""


class WarmModel:
    """The warm model.

    world: The embedded one by default.
    memo: Where points outlive this process.
    allowance: Seconds that a point may be expected to take; a dearer one is refused before it is solved.
    """

    def __init__(
        self, world: World | None = None, memo: Memo | None = None, allowance: float = math.inf
    ) -> None:
        self.world = world or load_world()
        self.memo = memo
        self.allowance = allowance
        self._points: Recent[str, SolvedPoint] = Recent(KEPT_POINTS)
        self._results: Recent[str, Result] = Recent(KEPT_RESULTS)

    def warm(self) -> None:
        """Prepare what every question needs, so that the first one does not wait for it."""
        for years in (1.0, 10.0):
            self.economy(Query(measures=(), years=years))

    def accounts(self, deficits: DeficitRule = "balance") -> Accounts:
        """Return the base after a deficit rule."""
        return base_of(self.world, resolve_base(self.world), deficits)

    def parameters(self, posed: Posed) -> Parameters:
        """Elasticities at the horizon of a question, moved by its two factors."""
        return moved(resolve(self.world, posed.horizon), posed)

    def economy(self, posed: Posed) -> Economy:
        """Return the base with the elasticities of a question, ready for shocks."""
        return economy_on(self.accounts(posed.deficits), self.parameters(posed), posed.deficits)

    def point(self, posed: Posed) -> SolvedPoint:
        """Solve a question at its horizon, or recall it.

        Raises InputError: The scenario is not valid for this world.
        Raises SlowQuestionError: It is expected to take longer than this model may spend.
        """
        key = self.key(posed)
        found = self._points.get(key)
        return found or self._points.put(key, self._kept(key, SolvedPoint, lambda: self._point(posed)))

    def margins(self, posed: Posed) -> Margins:
        """Flags, brackets and the long run with capital of a question that has an equilibrium, or recall them.

        Raises InputError, SlowQuestionError: As :meth:`point`.
        """

        def solve() -> Margins:
            return Margins() if self.point(posed).reason else margins_of(self.result(posed))

        return self._kept(digest(["margins", self.key(posed)]), Margins, solve)

    def _kept(self, key: str, kind: Callable[..., Kept], solve: Callable[[], Kept]) -> Kept:
        """What the memo keeps under a key as JSON, or what is solved and kept there."""
        kept = None if self.memo is None else self.memo.read(key)
        if kept:
            return kind(**json.loads(kept))
        made = solve()
        if self.memo is not None:
            self.memo.write(key, json.dumps(asdict(made)).encode())
        return made

    def solved(self, posed: Posed) -> Result | None:
        """Return the result of a question, if it was among the last that were solved here."""
        return self._results.get(self.key(posed))

    def knows(self, posed: Posed) -> bool:
        """Whether the point of a question can be recalled without solving."""
        key = self.key(posed)
        return key in self._points or (self.memo is not None and self.memo.read(key) is not None)

    def key(self, posed: Posed) -> str:
        """Hash of everything that the point of a question depends on."""
        scenario = posed.scenario
        what = [scenario.to_dict()["instruments"], scenario.year, posed.horizon, posed.ease, posed.swap]
        return digest(["point", 4, __version__, self.world.checksum, *what, posed.deficits, posed.certify])

    def _point(self, posed: Posed) -> SolvedPoint:
        scenario = posed.scenario
        years = parse_horizon(posed.horizon).years
        try:
            return point_of(self.result(posed), sides_of(self.world, scenario), years)
        except (ShockError, ConvergenceError) as error:
            return SolvedPoint(years, reason=str(error))

    def result(self, posed: Posed) -> Result:
        """Solve a question at its horizon, or give what was solved last.

        Raises InputError, SlowQuestionError: As :meth:`point`.
        Raises ShockError, ConvergenceError: It has no equilibrium, or none was found.
        """
        key = self.key(posed)
        found = self._results.get(key)
        if found is not None:
            return found
        shock = compile_scenario(self.world, posed.scenario)
        expected = expected_seconds(shock)
        if expected > self.allowance:
            raise SlowQuestionError(
                f"The question will take some {expected:.0f} seconds; {self.allowance:g} are allowed."
            )
        check_before_balance(self.world, self.parameters(posed), shock)
        made = run(self.economy(posed), self.world, posed.scenario, shock, certify=posed.certify)
        return self._results.put(key, made)


def moved(parameters: Parameters, posed: Posed) -> Parameters:
    """Move elasticities by the factors of a question: sigma - 1 by ``ease``, zeta and epsilon by ``swap``."""
    if posed.ease == 1.0 and posed.swap == 1.0:
        return parameters
    switching = parameters.switching
    if switching is not None:
        switching = replace(switching, sigma=1.0 + posed.ease * (switching.sigma - 1.0))
    return replace(
        parameters,
        sigma=1.0 + posed.ease * (parameters.sigma - 1.0),
        switching=switching,
        zeta=posed.swap * parameters.zeta,
        epsilon=posed.swap * parameters.epsilon,
    )
