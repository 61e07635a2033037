"""Draws of what is not known: elasticities, growth, and breaks of the regime between the pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suasion.equilibrium import Elasticities, Parameters, draws
from suasion.outlook.paths.laid import Break
from suasion.outlook.projection.chain import Draw
from suasion.types import FloatArray
from suasion.world import World


@dataclass(frozen=True, slots=True)
class Lot:
    """All draws of an outlook; scenarios share them, so that their difference is not noise.

    parameters: horizon to its elasticities, one set a draw; ``long`` is always there.
    growth: (D, N) standard normal.
    uniform, normal, steps: (D, T) whether a break happens in a year, how large it is, and the year's small
      step.
    """

    parameters: dict[str, tuple[Parameters, ...]]
    growth: FloatArray
    uniform: FloatArray
    normal: FloatArray
    steps: FloatArray

    def draw(self, index: int, breaks: Break) -> Draw:
        """Return one draw for a scenario with its hazard of breaks.

        index: from 0.
        breaks: of the scenario.
        """
        hit = self.uniform[index] < breaks.hazard
        step = breaks.calm * self.steps[index] + np.where(hit, breaks.size * self.normal[index], 0.0)
        return Draw(self.parameters["long"][index], self.growth[index], step.cumsum())


def make_lot(
    world: World,
    years: int,
    count: int,
    horizons: tuple[str, ...],
    seed: int,
    elasticities: Elasticities | None,
) -> Lot:
    """Draw everything.

    years: of the path, the base year included; nothing breaks in the base year.
    count: number of draws, at least 1.
    horizons: of exit costs.
    seed: of all draws; the first draws of a larger number are those of a smaller one.
    elasticities: own values.
    """
    # Sobol for elasticities, as everywhere in the library; the rest has one generator for each draw.
    names = {"long", *(h for h in horizons if h != "steady")}
    parameters = {h: draws(world, count, h, seed=seed, elasticities=elasticities) for h in sorted(names)}
    growth, uniform = np.empty((count, len(world.countries))), np.ones((count, years))
    normal, steps = np.zeros((count, years)), np.zeros((count, years))
    for index in range(count):
        rng = np.random.default_rng((seed, index))
        growth[index] = rng.standard_normal(growth.shape[1])
        # Year by year, so that a longer outlook begins like a shorter one.
        for year in range(1, years):
            uniform[index, year], normal[index, year], steps[index, year] = (
                rng.random(),
                *rng.standard_normal(2),
            )
    return Lot(parameters, growth, uniform, normal, steps)
