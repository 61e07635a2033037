"""Dated measures of the library, solved: what they cost, and what came of them beside what was published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suasion.equilibrium import Result, Scenario, simulate
from suasion.equilibrium.scenario.file import parse_scenario
from suasion.equilibrium.scenario.places import party, sector_mask
from suasion.errors import told_otherwise
from suasion.sources.dated import DatedMeasure, PublishedOutcome, dated_measures, scenario_text
from suasion.types import DeficitRule
from suasion.world import World

RUNS = {"short": 1.0, "long": 10.0}


@dataclass(frozen=True)
class SolvedMeasure:
    """One measure on one world.

    results: in the first year and in the long run.
    outcomes: (PublishedOutcome, float) what was published, and ours in per cent.
    """

    name: str
    measure: DatedMeasure
    scenario: Scenario
    results: dict[str, Result]
    outcomes: list[tuple[PublishedOutcome, float]]


def dated_scenario(name: str) -> Scenario:
    """Return the scenario of a measure; groups have the members of its first year.

    Raises InputError: There is no such measure.
    """
    read = parse_scenario(scenario_text(name), f"{name}.yaml")
    first = dated_measures()[name].date.year
    return Scenario(read.name, read.instruments, read.description, first, read.origins)


def solve_measure(
    name: str, world: World, deficits: DeficitRule = "balance", draws: int = 0, seed: int = 1
) -> SolvedMeasure:
    """Solve a measure of the library in the first year and in the long run.

    name: of its file.
    world: the base: the measure is asked of today's trade, whatever its year.
    deficits, draws, seed: see :func:`suasion.equilibrium.simulate`.
    Raises InputError: There is no such measure.
    """
    scenario, measure = dated_scenario(name), dated_measures()[name]
    with told_otherwise():  # flags of the first year are in the results
        results = {
            run: simulate(world, scenario, years, deficits=deficits, draws=draws, seed=seed)
            for run, years in RUNS.items()
        }
    year = measure.date.year
    return SolvedMeasure(
        name,
        measure,
        scenario,
        results,
        [(one, outcome_of(results["short"], one, world, year)) for one in measure.outcome],
    )


def outcome_of(result: Result, one: PublishedOutcome, world: World, year: int) -> float:
    """Return ours for a published outcome.

    result: the measure, solved.
    year: of the members of groups.
    Returns: Change in per cent: of the value of imports, or of the seller's part in them.
    """
    buyer, seller = (party([name], world, year).mask for name in (one.buyer, one.seller))
    goods = sector_mask(one.sectors or None, world)
    flows = [np.moveaxis(result.base.receipts, 0, -1), result.trade.values]
    bought = [flow[buyer][:, :, goods] for flow in flows]
    sold = [flow[:, seller].sum() for flow in bought]
    if one.kind == "share":
        sold = [part / flow[:, ~buyer].sum() for part, flow in zip(sold, bought, strict=True)]
    return float(100.0 * (sold[1] / sold[0] - 1.0))
