"""What levers do to growth: the later year's plan with the capital stock of the path, and with capital adjusted to it.

On a path growth is given, and levers are tried on its last year. There real income moves, and with it the capital
that is worth keeping: the stock adjusts until its real return is back where it was on the path. Real GDP then leaves
the path, and spread over the years that is a change of growth. Technology does not answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.answers.catalogue import say
from suasion.coercion.levers.plan import Plan
from suasion.coercion.levers.study import Levers
from suasion.equilibrium import respond
from suasion.equilibrium.solve import Solved
from suasion.errors import InputError
from suasion.outlook.growth.capital import CAPITAL_SHARE, steady
from suasion.outlook.growth.gdp import base_volumes, fisher_growth, volumes_of

FloatArray = NDArray[np.float64]


def later_growth(found: Levers, capital_share: float = CAPITAL_SHARE) -> pd.DataFrame:
    """Let growth answer the whole audience's best plans for the share in a later year.

    Parameters
    ----------
    found : of :func:`suasion.dossier.levers_beyond.ask_levers`, with a later year
    capital_share : of value added (assumption, 0.3 to 0.5)

    Returns
    -------
    DataFrame
        One row per plan (within the red lines and without them), state of the pair, and capital (``as on the path``,
        ``adjusted``): red_lines, capital, country, gdp_percent (real GDP of the later year against the path),
        growth_points (the same a year, percentage points), expenditure_percent (real expenditure), share_percent (of b
        in the trade of a) and fall_points (of that share against the path).

    Raises
    ------
    InputError
        No share in a later year was asked for, or it is not measured.
    ConvergenceError
        Capital does not settle.
    """
    later = found.beyond.later
    if later is None:
        raise InputError(
            "Growth answers in a later year; ask for one (`--to`), on a world with cited growth."
        )
    rows: list[dict[str, Any]] = []
    for bound in (True, False):
        plan = found.plans_by[found.coalitions[-1], f"share_{later.year}", bound]
        fixed = plan.position.solved("later")
        for capital, solved in (
            ("as on the path", fixed),
            ("adjusted", _adjusted(plan, fixed, capital_share)),
        ):
            rows += _rows(found, plan, solved, {"red_lines": bound, "capital": capital})
    return pd.DataFrame(rows)


def _adjusted(plan: Plan, fixed: Solved, capital_share: float) -> Solved:
    """The plan's later year with capital at rest."""
    board = plan.position.question.later
    assert board is not None  # `later_growth` has looked
    shock, size = board.shock(plan.position.plan), board.spending.size

    def answer(extra: FloatArray, start: FloatArray | None) -> Solved:
        return respond(board.economy, replace(shock, labour=np.exp(extra * np.ones(size))), start)[0]

    return steady(answer, capital_share, start=fixed.x).solved


def _rows(found: Levers, plan: Plan, solved: Solved, head: dict[str, Any]) -> list[dict[str, Any]]:
    question, later = plan.position.question, found.beyond.later
    assert later is not None
    assert question.later is not None  # `later_growth` has looked at both
    accounts, years = question.later.economy.accounts, later.year - question.parties.world.year
    before = base_volumes(accounts)
    real = fisher_growth(before, volumes_of(solved))
    gained = question.later.variation(solved)
    share = question.at(plan.position.plan, later=solved).value("share_later")
    start = question.at(np.zeros_like(plan.position.plan)).value("share_later")
    rows = []
    for name, mask in zip((found.a, found.b), question.parties.pair, strict=True):
        ratio = float(np.average(real[mask], weights=before.value_added[mask]))
        rows.append(
            {
                **head,
                "country": name,
                "gdp_percent": 100.0 * (ratio - 1.0),
                "growth_points": 100.0 * float(np.expm1(np.log(ratio) / years)),
                "expenditure_percent": 100.0
                * float(gained[mask].sum() / question.later.spending[mask].sum()),
                "share_percent": share,
                "fall_points": start - share,
            }
        )
    return rows


def growth_sentence(found: Levers, table: pd.DataFrame) -> str:
    """Say what growth makes of the plan without red lines, every number from the table."""
    later = found.beyond.later
    assert later is not None  # the table could not have been made
    part = table[~table.red_lines & (table.country == found.a)].set_index("capital")
    fixed, moved = part.loc["as on the path"], part.loc["adjusted"]
    return say(
        "chapter.levers.growth",
        year=later.year,
        country=found.a,
        gdp=f"{moved.gdp_percent:+.2f}",
        growth=f"{moved.growth_points:+.3f}",
        fixed=f"{fixed.fall_points:.2f}",
        moved=f"{moved.fall_points:.2f}",
    )
