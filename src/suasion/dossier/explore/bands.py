"""Bands around a scenario: the same shock at draws of the elasticities, from the central solution."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import numpy as np

from suasion.dossier.explore.answer import answer, query_runs
from suasion.dossier.explore.rows import ScenarioAnswer
from suasion.equilibrium import compile_scenario, draws, respond
from suasion.equilibrium.accounts import FloatArray
from suasion.equilibrium.economy import economy_on, log_welfare
from suasion.errors import ConvergenceError, ShockError
from suasion.questions.scenarios.address import Query, scenario_of
from suasion.questions.scenarios.warm_model import WarmModel, moved

Progress = Callable[[int, int, str], None]
SEED = 1


def answer_with_bands(desk: WarmModel, query: Query, progress: Progress) -> ScenarioAnswer:
    """Answer a question with 90 % bands over draws of the elasticities.

    Parameters
    ----------
    desk : WarmModel
        The warm model.
    query : Query
        The question; ``query.draws`` says how many.
    progress : callable
        Called with (done, total, what).

    Returns
    -------
    ScenarioAnswer
    """
    runs = query_runs(query)
    made = {}
    for place, (key, label, asked) in enumerate(runs):

        def tell(done: int, before: int = place * query.draws, what: str = label) -> None:
            progress(before + done, len(runs) * query.draws, what)

        made[key] = _drawn(desk, asked, tell)
    return answer(desk, query, made)


def _drawn(desk: WarmModel, query: Query, tell: Callable[[int], None]) -> FloatArray:
    """Change of welfare in each draw, per cent (draw, country); NaN where there is no equilibrium."""
    world = desk.world
    shock = compile_scenario(world, scenario_of(query))
    economy = desk.economy(query)
    out = np.full((query.draws, len(world.countries)), np.nan)
    try:
        start = respond(economy, shock)[0].x
    except (ShockError, ConvergenceError):
        return out
    for row, drawn in enumerate(draws(world, query.draws, query.years, seed=SEED)):
        parameters = moved(drawn, query)
        other = economy_on(economy.accounts, parameters, query.deficits, economy.corrector)
        with contextlib.suppress(ShockError, ConvergenceError):
            out[row] = 100.0 * np.expm1(log_welfare(respond(other, shock, start)[0]))
        tell(row + 1)
    return out
