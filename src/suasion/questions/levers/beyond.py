"""What the outlook and the forecast of pacts add to the outcomes of levers, and what levers do to growth.

The room of levers knows neither. On a path growth is given, and levers are tried on its last year. There real income
moves, and with it the capital that is worth keeping: the stock adjusts until its real return is back where it was on
the path. Real GDP then leaves the path, and spread over the years that is a change of growth. Technology does not
answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from suasion.types import Z90, Progress

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from suasion.coercion.levers.influence import OutcomeName, PactChance
    from suasion.coercion.levers.plan import LeverPlan, WhyNot
    from suasion.coercion.levers.study import Levers
    from suasion.equilibrium.solve import Solved
    from suasion.types import Progress
    from suasion.world import World

TO = 2036
PATH = "persist"
"""Path of the outlook on which levers are tried: sanctions persist."""
TRADE = "trade_dependence"
"""Covariate of the forecast of pacts that levers reach."""


class CapitalStock(StrEnum):
    """What becomes of capital where levers are used."""

    FIXED = "fixed"
    ADJUSTED = "adjusted"


def ask_levers(
    world: World,
    a: str,
    b: str,
    audience: Sequence[str],
    *,
    to: int | None = TO,
    path: str = PATH,
    deficits: Any = "balance",
    progress: Progress | None = None,
    **options: Any,
) -> Levers:
    """Find what an audience can change on a tie, its share in a later year and the chance of a pact among it.

    world, a, b, audience, deficits, progress: As for :func:`suasion.coercion.levers.study.levers`.
    to: Year of the later share; None leaves it out. With the usual year and path it is not measured where the
      world is one that no rates of growth are cited for.
    path: File of an outlook's path, or the name of a shipped one.
    **options: Further ones of :func:`suasion.coercion.levers.study.levers`.
    Raises InputError, SameCountryError, NotInWorldError, ShockError, ScenarioError: As
      :func:`suasion.coercion.levers.study.levers` and :func:`suasion.outlook.projection.outlook.outlook`.
    """
    from suasion.coercion.levers.plan import WhyNot
    from suasion.coercion.levers.study import Beyond, levers
    from suasion.errors import InputError

    absent: dict[OutcomeName, WhyNot] = {}
    pact = pact_chance(a, b)
    if isinstance(pact, WhyNot):
        absent["pact"] = pact
    later = None
    try:
        later = None if to is None else later_world(world, to, path, deficits, options.get("elasticities"))
    except InputError:
        # Of another world no rates of growth are cited, and nobody asked for that year.
        if (to, path) != (TO, PATH):
            raise
        absent["share_later"] = WhyNot.NO_GROWTH
    economy, scenario = later or (None, "")
    beyond = Beyond(economy, scenario, None if isinstance(pact, WhyNot) else pact, absent)
    return levers(world, a, b, audience, beyond=beyond, deficits=deficits, progress=progress, **options)


def later_world(
    world: World, to: int, path: str = PATH, deficits: Any = "balance", elasticities: Any = None
) -> tuple[World, str]:
    """Return the world of a later year on the central course of a path, and the path's name.

    world: Of the base year.
    to: The year, after the base year.
    path: File, or name of a shipped one.
    deficits, elasticities: As for the levers.
    Raises InputError: The year is not after the world's, or no rates of growth are cited for the world.
    """
    from suasion.outlook.paths.file import read_path
    from suasion.outlook.projection.chain import check_years, world_of
    from suasion.outlook.projection.outlook import states
    from suasion.outlook.projection.solve import ProjectionOptions

    check_years(world, (to,), to)
    found = read_path(path)
    course, years = states(world, found, to, ProjectionOptions(deficits=deficits, elasticities=elasticities))
    return world_of(course, years[-1]), found.name


def pact_chance(a: str, b: str, closes: int = TO) -> PactChance | WhyNot:
    """Return how the chance of a defence pact of two states moves with their trade, or why that is not known.

    a, b: Codes, names or groups.
    closes: Year by whose end.
    """
    import numpy as np

    from suasion.coercion.levers.influence import PactChance
    from suasion.coercion.levers.plan import WhyNot
    from suasion.errors import SuasionError
    from suasion.sources import is_group
    from suasion.statecraft.alliance.hazards import load_pact_model
    from suasion.statecraft.alliance.number import PactEvent, bound, pact_number

    if is_group(a) or is_group(b):
        return WhyNot.GROUPS
    try:
        ends = bound(a, b)
        pact = PactEvent.ENDING if ends else PactEvent.BILATERAL
        found = pact_number(a, b, closes, pact=pact)
    except SuasionError:
        return WhyNot.NOT_FITTED
    if found is None:
        return WhyNot.NOT_FITTED
    kind = load_pact_model()["kinds"][pact.value]
    place = kind["names"].index(TRADE)
    beta, slope = kind["beta"][place], kind["unit"][place]
    years = closes - found.opens.year + 1
    # A steady hazard that gives the one number by the same day: levers only move it.
    hazard = 1.0 - (1.0 - found.probability) ** (1.0 / years)
    spread = np.log(found.high / found.low) / (2.0 * Z90)
    return PactChance(
        years=years,
        log_odds=np.array([np.log(hazard / (1.0 - hazard))]),
        log_odds_sd=np.array([spread]),
        slopes=np.array([slope]),
        slopes_sd=np.array([abs(slope / beta) * kind["sd"][place] if beta else 0.0]),
        ends=ends,
        base_percent=100.0 * (1.0 - found.base if ends else found.base),
        closes=closes,
    )


def later_growth(found: Levers, capital_share: float | None = None) -> pd.DataFrame:
    """Let growth answer the whole audience's best plans for the share in a later year.

    found: With a later year.
    capital_share: Of value added; without it that of the outlook (0.4, an assumption, 0.3 to 0.5).
    Returns: One row per plan (within the red lines and without them), state of the pair, and what becomes of
      capital: red_lines, capital (:class:`CapitalStock`), country, gdp_percent (real GDP of the later year
      against the path), growth_points (the same a year, percentage points), expenditure_percent (real
      expenditure), share_percent (of b in the trade of a) and fall_points (of that share against the path).
    Raises InputError: No share in a later year was asked for, or it is not measured.
    Raises ConvergenceError: Capital does not settle.
    """
    import pandas as pd

    from suasion.errors import InputError

    later = found.beyond.later
    if later is None:
        raise InputError(
            "Growth answers in a later year; ask for one (`--to`), on a world with cited growth."
        )
    rows: list[dict[str, Any]] = []
    for bound in (True, False):
        plan = found.plans_by[found.coalitions[-1], f"share_{later.year}", bound]
        fixed = plan.position.solved("later")
        solved = {CapitalStock.FIXED: fixed, CapitalStock.ADJUSTED: _adjusted(plan, fixed, capital_share)}
        for capital, one in solved.items():
            rows += [{"red_lines": bound, "capital": capital.value, **row} for row in _rows(found, plan, one)]
    return pd.DataFrame(rows)


def _adjusted(plan: LeverPlan, fixed: Solved, capital_share: float | None) -> Solved:
    """The plan's later year with capital at rest."""
    import numpy as np

    from suasion.equilibrium import respond
    from suasion.outlook.growth.gdp import CAPITAL_SHARE, steady

    board = plan.position.question.later
    assert board is not None  # `later_growth` has looked
    shock, size = board.shock(plan.position.plan), board.spending.size

    def answer(extra: NDArray[np.float64], start: NDArray[np.float64] | None) -> Solved:
        return respond(board.economy, replace(shock, endowments=np.exp(extra * np.ones(size))), start)[0]

    return steady(answer, capital_share or CAPITAL_SHARE, start=fixed.x).solved


def _rows(found: Levers, plan: LeverPlan, solved: Solved) -> Iterator[dict[str, Any]]:
    import numpy as np

    from suasion.outlook.growth.gdp import base_volumes, fisher_growth, volumes_of

    question, later = plan.position.question, found.beyond.later
    assert later is not None
    assert question.later is not None  # `later_growth` has looked at both
    accounts, years = question.later.economy.accounts, later.year - question.parties.world.year
    before = base_volumes(accounts)
    real = fisher_growth(before, volumes_of(solved))
    gained = question.later.variation(solved)
    share = question.at(plan.position.plan, later=solved).value("share_later")
    start = question.at(np.zeros_like(plan.position.plan)).value("share_later")
    for name, mask in zip((found.a, found.b), question.parties.pair, strict=True):
        ratio = float(np.average(real[mask], weights=before.value_added[mask]))
        spending = float(question.later.spending[mask].sum())
        yield {
            "country": name,
            "gdp_percent": 100.0 * (ratio - 1.0),
            "growth_points": 100.0 * float(np.expm1(np.log(ratio) / years)),
            "expenditure_percent": 100.0 * float(gained[mask].sum()) / spending,
            "share_percent": share,
            "fall_points": start - share,
        }
