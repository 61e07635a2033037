"""Changes of welfare with only some parts of the measures in place, and with one assumption at the ends of its range.

The parts of the measures are players of a game whose worth is the change of welfare with only these parts in place.
Shapley's value adds up to the whole change and does not depend on an order. The assumptions are moved one at a time
to the ends of their ranges, all others held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import get_args

import numpy as np

from suasion.equilibrium import Economy, Parameters, Scenario, compile_scenario, resolve, respond
from suasion.equilibrium.accounts import sector_last
from suasion.equilibrium.batch.bands import sets_of
from suasion.equilibrium.batch.many import batchable, job_of, respond_draws, respond_many
from suasion.equilibrium.batch.patch import ground_of
from suasion.equilibrium.elasticities.horizon import DRAWN, at_quantiles
from suasion.equilibrium.elasticities.schedule import parse_horizon
from suasion.games import Game, shapley
from suasion.questions.scenarios.parts import MeasurePart, parts_of, scenario_with
from suasion.questions.scenarios.solved_point import sides_of
from suasion.questions.scenarios.warm_model import ScenarioCase, WarmModel, moved
from suasion.types import Brief, DeficitRule, FloatArray, KeptRule

ENDS = (0.05, 0.95)
"""Quantiles to which an elasticity is moved: the 90 % range of the draws behind the bands."""
NESTS = ("zeta", "epsilon", "kappa")
KEPT_RULES: tuple[DeficitRule, ...] = get_args(KeptRule)
"""Rules under which imbalances are the same before and after; to end them all is another question."""


class AssumptionMoved(StrEnum):
    """What is moved: groups of elasticities, and the rule for imbalances."""

    COMMON = "sigma_common"
    COVERED = "sigma_covered"
    OTHERS = "sigma_others"
    ZETA = "zeta"
    EPSILON = "epsilon"
    KAPPA = "kappa"
    DEFICITS = "deficits"


@dataclass(frozen=True, repr=False)
class Attribution(Brief):
    """Why a scenario costs what it costs.

    parts: Together they are the scenario.
    worths: float array (2^n, country). Change of welfare for every set of parts, per cent.
    ends: mapping of AssumptionMoved to float array (end, country). Change of welfare with one assumption at
      each end, per cent; NaN where there is no equilibrium.
    income: float array (country,). Real expenditure of the base, million USD.
    gap: Largest difference between all parts together and the scenario solved at once, per cent.
    drawn: float array (draw, 2^n, country). The worths for each draw of the elasticities; NaN where some set of parts
      has no equilibrium.
    """

    parts: tuple[MeasurePart, ...]
    worths: FloatArray
    ends: dict[AssumptionMoved, FloatArray]
    income: FloatArray
    gap: float
    drawn: FloatArray

    def weights(self, index: Sequence[int]) -> FloatArray:
        """Weights of some economies in their sum."""
        return np.asarray(self.income[list(index)] / self.income[list(index)].sum())

    def shares(self, index: Sequence[int]) -> FloatArray:
        """What each part adds to the change of some economies together, per cent: (1 + draw, part), centre first."""
        names = tuple(map(str, range(len(self.parts))))
        none = np.full(len(names), np.nan)
        worths = [one[:, list(index)] @ self.weights(index) for one in (self.worths, *self.drawn)]
        return np.stack(
            [shapley(Game(names, worth)) if np.isfinite(worth).all() else none for worth in worths]
        )

    def total(self, index: Sequence[int]) -> float:
        """Change of some economies together, per cent."""
        return float(self.totals(index)[0])

    def totals(self, index: Sequence[int]) -> FloatArray:
        """Change of some economies together, per cent: (1 + draw,), the centre first."""
        whole = np.concatenate([self.worths[None, -1], self.drawn[:, -1]])
        return np.asarray(whole[:, list(index)] @ self.weights(index))

    def moved(self, index: Sequence[int]) -> dict[AssumptionMoved, tuple[float, float]]:
        """Smallest and largest change of some economies with each assumption at its ends; the centre counts."""
        made = {}
        for name, values in self.ends.items():
            known = [self.total(index), *(values[:, list(index)] @ self.weights(index)).tolist()]
            finite = [value for value in known if np.isfinite(value)]
            made[name] = (min(finite), max(finite))
        return made


def attribute(model: WarmModel, case: ScenarioCase, draws: int = 0, seed: int = 1) -> Attribution | None:
    """Solve every set of parts, and each assumption at its ends; None where something has no equilibrium.

    model: Solves the whole.
    case: The scenario at one horizon.
    draws, seed: Draws of the elasticities, for each of which every set of parts is solved, and their seed.
    Raises InputError: The scenario is not valid for this world.
    """
    point = model.point(case)
    economy = model.economy(case)
    parts = parts_of(model.world, case.scenario, sector_last(economy.accounts.receipts))
    worths = None if point.reason else _worths(model, economy, case.scenario, parts)
    if worths is None:
        return None
    gap = float(np.abs(worths[-1] - point.percent).max())
    sets = [moved(one, case) for one in sets_of(model.world, draws, case.horizon, seed)]
    drawn = _drawn(model, economy, case.scenario, parts, sets)
    return Attribution(parts, worths, _ends(model, case, economy), np.asarray(point.income), gap, drawn)


def _worths(
    model: WarmModel, economy: Economy, scenario: Scenario, parts: Sequence[MeasurePart]
) -> FloatArray | None:
    """Change of welfare for every set of parts, per cent (2^n, N); None where some set has no equilibrium."""
    ground = ground_of(economy.accounts, economy.parameters) if batchable(economy) else None
    shocks = (compile_scenario(model.world, scenario_with(scenario, some)) for some in _sets_of_parts(parts))
    found = respond_many(economy, [job_of(economy, shock, ground) for shock in shocks])
    nothing = np.zeros((1, len(model.world.countries)))
    return None if any(found.reasons) else np.concatenate([nothing, 100.0 * np.expm1(found.log_welfare)])


def _drawn(
    model: WarmModel,
    economy: Economy,
    scenario: Scenario,
    parts: Sequence[MeasurePart],
    sets: Sequence[Parameters],
) -> FloatArray:
    """Change of welfare for every draw and set of parts, per cent (draw, 2^n, N)."""
    found = np.zeros((len(sets), 1 << len(parts), len(model.world.countries)))
    for k, some in enumerate(_sets_of_parts(parts), 1) if sets else ():
        shock = compile_scenario(model.world, scenario_with(scenario, some))
        outcome = respond_draws(economy, shock, respond(economy, shock)[0], sets)
        found[:, k] = 100.0 * np.expm1(outcome.log_welfare)
    return found


def _sets_of_parts(parts: Sequence[MeasurePart]) -> list[list[MeasurePart]]:
    """Every set of parts but the empty one; the last is all of them."""
    return [
        [part for k, part in enumerate(parts) if members >> k & 1] for members in range(1, 1 << len(parts))
    ]


def _ends(model: WarmModel, case: ScenarioCase, economy: Economy) -> dict[AssumptionMoved, FloatArray]:
    """Change of welfare with one assumption at each end, per cent (ends, N)."""
    shock = compile_scenario(model.world, case.scenario)
    groups = _groups(model, case)
    sets = [moved(parameters, case) for ends in groups.values() for parameters in ends]
    found = respond_draws(economy, shock, respond(economy, shock)[0], sets)
    values = (100.0 * np.expm1(found.log_welfare)).reshape(len(groups), len(ENDS), -1)
    made = dict(zip(groups, values, strict=True))
    rules = [rule for rule in KEPT_RULES if rule != case.deficits]
    made[AssumptionMoved.DEFICITS] = np.stack([_with_rule(model, case, rule) for rule in rules])
    return made


def _with_rule(model: WarmModel, case: ScenarioCase, rule: DeficitRule) -> FloatArray:
    point = model.point(replace(case, deficits=rule))
    return np.asarray(point.percent) if point.percent else np.full(len(model.world.countries), np.nan)


def _groups(model: WarmModel, case: ScenarioCase) -> dict[AssumptionMoved, tuple[Parameters, ...]]:
    """Elasticities with one group of them at each end of its range."""
    world, years = model.world, parse_horizon(case.horizon).years
    central, size = resolve(world, case.horizon), len(world.sectors)
    covered = sides_of(world, case.scenario).covered
    columns = {
        AssumptionMoved.COMMON: [0],
        AssumptionMoved.COVERED: [1 + int(k) for k in np.flatnonzero(covered)],
        AssumptionMoved.OTHERS: [1 + int(k) for k in np.flatnonzero(~covered)],
    }
    rows, made = np.full((len(ENDS), 1 + size + len(DRAWN)), 0.5), {}
    for key, places in columns.items():
        if places:
            moved_rows = rows.copy()
            moved_rows[:, places] = np.array(ENDS)[:, None]
            made[key] = tuple(
                replace(central, sigma=one.sigma, switching=one.switching)
                for one in at_quantiles(world, moved_rows, years)
            )
    for nest in NESTS:
        moved_rows = rows.copy()
        moved_rows[:, 1 + size + DRAWN.index(nest)] = ENDS
        drawn = at_quantiles(world, moved_rows, years)
        made[AssumptionMoved(nest)] = tuple(replace(central, **{nest: getattr(one, nest)}) for one in drawn)
    return made
