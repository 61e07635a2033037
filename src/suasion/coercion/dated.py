"""Ties of a pair as one study, and dated measures of the library: what they cost, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from suasion.coercion.exit_cost import AS_IT_IS, ExitCost, assemble, horizons, merge, tie_shock
from suasion.coercion.outcomes import Horizon, Request, Side, members, side_name, solve_cuts
from suasion.equilibrium import Elasticities, Result, Scenario, Shock, simulate
from suasion.equilibrium.scenario.file import parse_scenario
from suasion.equilibrium.scenario.places import party, sector_mask
from suasion.errors import SameCountryError, told_otherwise
from suasion.sources.dated import DatedMeasure, PublishedOutcome, dated_measures, scenario_text
from suasion.types import Brief, DeficitRule, Progress
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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TieStudy(Brief):
    """Exit costs of a from b and from the audience, each with the other outlet open and closed.

    Attributes
    ----------
    partner_open, partner_closed : the tie of a and b is cut while the audience's markets stay open to a, and
        after they have been closed
    audience_open, audience_closed : the tie of a and the audience is cut while b stays open, and after b was
        closed; None where there is no audience
    """

    partner_open: ExitCost
    partner_closed: ExitCost | None
    audience_open: ExitCost | None
    audience_closed: ExitCost | None


def study_ties(
    world: World,
    a: str,
    b: str,
    audience: Side | None = None,
    horizon: Horizon | Literal["both"] = "both",
    *,
    deficits: DeficitRule = "balance",
    draws: int = 0,
    seed: int = 1,
    elasticities: Elasticities | None = None,
    progress: Progress | None = None,
) -> TieStudy:
    """Cut a from b, a from the audience, and a from both; read the four conditional losses from these.

    Parameters
    ----------
    world : World
    a, b : the pair
    audience : third parties whose markets are the other outlet of a; a and b are left out of it
    horizon, deficits, draws, seed, elasticities, progress : as in :func:`exit_cost`

    Returns
    -------
    TieStudy

    Raises
    ------
    SameCountryError
        The pair names one country twice, or the audience has nobody else.
    NotInWorldError
        A country is outside the world's table.
    """
    shocks, others = tie_cuts(world, a, b, audience)
    told = {*members(world, a), *members(world, b), *others}
    request = Request(world, shocks, horizons(horizon), deficits, draws, seed, elasticities, progress, told)
    outcomes, name = solve_cuts(request), side_name(audience or "")

    def cost(side: Side, given: str, after: str, before: str | None) -> ExitCost:
        names = (a, b if side == b else name)
        return assemble(request, outcomes, (a, side), names, (after, before), given)

    partner_open = cost(b, AS_IT_IS, "partner", None)
    if not others:
        return TieStudy(partner_open, None, None, None)
    return TieStudy(
        partner_open=partner_open,
        partner_closed=cost(b, f"{a} without {name}", "both", "audience"),
        audience_open=cost(others, AS_IT_IS, "audience", None),
        audience_closed=cost(others, f"{a} without {b}", "both", "partner"),
    )


def tie_cuts(world: World, a: str, b: str, audience: Side | None) -> tuple[dict[str, Shock], tuple[str, ...]]:
    """Compile the cuts of a from its partner b, from the audience and from both, and who the audience is.

    Raises SameCountryError: The audience is one of the two itself.
    """
    shocks = {"partner": tie_shock(world, a, b)}
    if not audience:
        return shocks, ()
    pair = {*members(world, a), *members(world, b)}
    others = tuple(c for c in members(world, audience) if c not in pair)
    if not others:
        raise SameCountryError(
            f"The audience {side_name(audience)} is {a} or {b} itself. Name third parties."
        )
    shocks["audience"] = tie_shock(world, a, others)
    shocks["both"] = merge(shocks["audience"], shocks["partner"])
    return shocks, others
