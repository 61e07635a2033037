"""What the outlook and the forecast of pacts add to the outcomes of levers: a share in 2036, the chance of a pact.

The room of levers knows neither. Here the question is put to all three, for the command line and for the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from suasion.answers.catalogue import say
from suasion.coercion.levers.influence import OutcomeName
from suasion.coercion.levers.models import LeversModel
from suasion.coercion.levers.pact import PactChance
from suasion.coercion.levers.study import Beyond, Levers, levers
from suasion.coercion.outcomes import Horizon
from suasion.dossier.chapter import reason_of
from suasion.equilibrium.problem import DeficitRule
from suasion.errors import InputError, SuasionError
from suasion.sources import is_group
from suasion.statecraft.shipped_points import Z95
from suasion.world import World

Progress = Callable[[int, int, str], None]
TO = 2036
PATH = "persist"
"""Path of the outlook on which levers are tried: sanctions persist."""
TRADE = "trade_dependence"
"""Covariate of the forecast of pacts that levers reach."""


def ask_levers(
    world: World,
    a: str,
    b: str,
    audience: Sequence[str],
    file: LeversModel | None = None,
    horizon: Horizon = "long",
    *,
    to: int | None = TO,
    path: str = PATH,
    deficits: DeficitRule = "balance",
    progress: Progress | None = None,
    **options: Any,
) -> Levers:
    """Find what an audience can change on a tie, its share in a later year and the chance of a pact among it.

    Parameters
    ----------
    world, a, b, audience, file, horizon, deficits, progress : as for :func:`suasion.coercion.levers.study.levers`
    to : year of the later share; None leaves it out. With the usual year and path it is "not measured", and says why,
        where the world is one that no rates of growth are cited for
    path : file of an outlook's path, or the name of a shipped one
    options : further ones of :func:`suasion.coercion.levers.study.levers`

    Returns
    -------
    Levers

    Raises
    ------
    InputError, SameCountryError, NotInWorldError, ShockError, ScenarioError
        As :func:`suasion.coercion.levers.study.levers` and :func:`suasion.outlook.projection.outlook.outlook`.
    """
    tell = progress or (lambda done, total, what: None)
    tell(0, 1, say("step.pact"))
    absent: dict[OutcomeName, str] = {}
    pact = pact_chance(a, b)
    if isinstance(pact, str):
        absent["pact"] = pact
    later = None
    if to is not None:
        tell(0, 1, say("step.later", year=to))
        try:
            later = later_world(world, to, path, deficits, options.get("elasticities"))
        except (
            InputError
        ) as error:  # of another world no rates of growth are cited, and nobody asked for that year
            if (to, path) != (TO, PATH):
                raise
            absent["share_later"] = reason_of(error)
    beyond = Beyond(
        later=None if later is None else later[0],
        scenario="" if later is None else later[1],
        pact=None if isinstance(pact, str) else pact,
        absent=absent,
    )
    return levers(
        world, a, b, audience, file, horizon, beyond=beyond, deficits=deficits, progress=progress, **options
    )


def later_world(
    world: World, to: int, path: str = PATH, deficits: DeficitRule = "balance", elasticities: Any = None
) -> tuple[World, str]:
    """Return the world of a later year on the central course of a path, and the path's name.

    Parameters
    ----------
    world : of the base year
    to : the year, after the base year
    path : file or name of a shipped one
    deficits, elasticities : as for the levers

    Raises
    ------
    InputError
        The year is not after the world's.
    """
    from suasion.outlook.paths.file import read_path
    from suasion.outlook.projection.chain import check_years, world_of
    from suasion.outlook.projection.outlook import Options, states

    check_years(world, (to,), to)
    found = read_path(path)
    course, years = states(world, found, to, Options(deficits=deficits, elasticities=elasticities))
    return world_of(course, years[-1]), found.name


def pact_chance(a: str, b: str, closes: int = TO) -> PactChance | str:
    """Return how the chance of a defence pact of two states moves with their trade, or why that is not known.

    Parameters
    ----------
    a, b : codes, names or groups
    closes : year by whose end
    """
    from suasion.statecraft.alliance.hazards import load_pact_model
    from suasion.statecraft.alliance.number import PactEvent, pact_number
    from suasion.statecraft.alliance.questions import held

    if is_group(a) or is_group(b):
        return say("chapter.levers.pact_groups")
    try:
        ends = held(a, b)
        pact = PactEvent.ENDING if ends else PactEvent.BILATERAL
        found = pact_number(a, b, closes, pact=pact)
    except SuasionError as error:
        return reason_of(error).rstrip(".")
    if found is None:
        return say("chapter.levers.pact_not_fitted")
    kind = load_pact_model().kinds[pact.value]
    place = kind["names"].index(TRADE)
    beta, slope = kind["beta"][place], kind["unit"][place]
    years = closes - found.opens.year + 1
    # A steady hazard that gives the one number by the same day: levers only move it.
    hazard = 1.0 - (1.0 - found.probability) ** (1.0 / years)
    spread = np.log(found.high / found.low) / (2.0 * Z95)
    return PactChance(
        years=years,
        log_odds=np.array([np.log(hazard / (1.0 - hazard))]),
        log_odds_sd=np.array([spread]),
        slopes=np.array([slope]),
        slopes_sd=np.array([abs(slope / beta) * kind["sd"][place] if beta else 0.0]),
        ends=ends,
        base_percent=100.0 * (1.0 - found.base if ends else found.base),
        closes=closes,
        source=say("alliance.source"),
    )


__all__ = ["ask_levers", "later_world", "pact_chance"]
