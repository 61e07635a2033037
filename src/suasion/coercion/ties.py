"""The value of the alternative: the same tie cut with the other outlet open and closed, from one set of solves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from suasion.coercion.exit_cost import AS_IT_IS, ExitCost, assemble, horizons, merge, tie_shock
from suasion.coercion.outcomes import Horizon, Request, solve_cuts
from suasion.coercion.sides import Side, members, side_name
from suasion.equilibrium import Elasticities, Shock
from suasion.errors import SameCountryError
from suasion.types import Brief, DeficitRule, Progress
from suasion.world import World


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
