"""Ranges of losses: what is not known of the table and of the elasticities, drawn together under one seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from suasion.coercion.leverage.solve import MatrixPlan, measure_of, named_ties, solve_plan
from suasion.coercion.outcomes import Horizon, bands_of
from suasion.coercion.sides import Side
from suasion.equilibrium import Parameters, draws, resolve
from suasion.equilibrium.problem import DeficitRule
from suasion.errors import expect
from suasion.types import FloatArray
from suasion.world import World, table_draws

CLEAR = 0.9
"""Share of draws from which the order of two losses is worth a word."""


def loss_ranges(
    world: World,
    pairs: Sequence[tuple[Side, Side]],
    horizon: Horizon = "long",
    *,
    count: int = 64,
    seed: int = 0,
    apart: bool = False,
    deficits: DeficitRule = "balance",
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Return the losses of pairs that embargo each other, with ranges of data and elasticities together.

    Every draw has a table of its own (:func:`suasion.world.table_draws`) and elasticities of its own
    (:func:`suasion.equilibrium.draws`), the same for all pairs: losses of two pairs may be compared draw by draw. The
    deficit rule is no part of the range.

    Parameters
    ----------
    world : an embedded world of 2022 or later, whose tables can be drawn
    pairs : sequence of pairs of sides
    horizon : ``"short"``, ``"long"`` or years since the act
    count : number of draws, from 1; 64 give a usable range
    seed : of both sequences
    apart : also solve the tables with central elasticities, for ``data_share``; twice the work
    deficits : deficit rule
    progress : called with (done, total)

    Returns
    -------
    DataFrame
        One row per pair and side: ``country``, ``partner``, ``loss_percent`` (central), ``low_percent``,
        ``high_percent`` (90 %), ``loses_more`` (share of draws in which the country loses more, in per cent, than its
        partner), ``clear`` (whether nine in ten draws agree on that), ``data_share`` (share of the variance of the log
        of the loss that the tables bring; NaN unless asked for), ``failed`` (draws without an equilibrium).

    Raises
    ------
    InputError
        If the world's destinations are observed, or an argument is out of range.
    """
    expect(world, World, "world", "It comes first; load_world(year=2023) gives an embedded one.")
    measure = measure_of("embargo", 0.0)
    sides, ties = named_ties(world, pairs, None)

    def solve(table: World, parameters: Parameters) -> FloatArray:
        """Losses of both sides of every tie, (tie, 2), per cent."""
        plan = MatrixPlan(table, parameters, deficits, None, None, measure, sides, ties)
        losses = solve_plan(plan, brackets=False)
        return losses[["first_percent", "second_percent"]].to_numpy(dtype=np.float64)

    center = resolve(world, horizon)
    central = solve(world, center)
    sets = draws(world, count, horizon, seed=seed)
    both, data = [], []
    for done, (table, parameters) in enumerate(zip(table_draws(world, count, seed), sets, strict=True)):
        both.append(solve(table, parameters))
        if apart:
            data.append(solve(table, center))
        if progress is not None:
            progress(done + 1, count)
    names = np.array(list(sides))[np.array(ties)]
    return _table(names, central, np.stack(both), np.stack(data) if apart else None)


def _table(
    names: np.ndarray, central: FloatArray, drawn: FloatArray, data: FloatArray | None
) -> pd.DataFrame:
    """One row a side: of arrays (tie, 2), and (draw, tie, 2) where drawn."""
    worked = np.asarray(np.isfinite(drawn).all(axis=2))
    more = np.where(worked[:, :, None], drawn > drawn[:, :, ::-1], np.nan)
    low, high = bands_of(drawn, central)
    ahead = np.nanmean(more, axis=0)
    share = np.full_like(central, np.nan) if data is None else _spread(data) / _spread(drawn)
    columns = {
        "country": names,
        "partner": names[:, ::-1],
        "loss_percent": central,
        "low_percent": low,
        "high_percent": high,
        "loses_more": ahead,
        "clear": np.maximum(ahead, 1.0 - ahead) >= CLEAR,
        "data_share": np.minimum(share, 1.0),
        "failed": np.repeat((~worked).sum(0)[:, None], 2, axis=1),
    }
    return pd.DataFrame({name: value.ravel() for name, value in columns.items()})


def _spread(losses: FloatArray) -> FloatArray:
    """Variance of the log over draws."""
    logs = np.log(np.where(losses > 0, losses, np.nan))
    return np.asarray(np.nanvar(logs, axis=0))
