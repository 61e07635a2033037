"""What the structural model would have said in the past: growth carried on, trade costs as they were.

At each origin the world of that year is moved on by the mean growth of the last five years, the one thing on a path
that was known then; costs and technology stay. Real GDP of every economy follows in the model as in an outlook. What
it does to the log odds of all shares is kept, and scored by :func:`suasion.outlook.hindcast` beside the
statistical forms. Nobody's scenarios are scored: no record tells what scenarios would have been written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.outlook.growth.path import OwnRate
from suasion.outlook.hindcast.forms import RECENT
from suasion.outlook.histories import Panel, sides_of
from suasion.outlook.paths.laid import WorldPath
from suasion.outlook.projection.outlook import states
from suasion.outlook.projection.reading import receipts
from suasion.types import CountProgress, FloatArray
from suasion.world import World


def structural_changes(
    panel: Panel,
    growth: pd.DataFrame,
    open_year: Callable[[int], World],
    *,
    ahead: int = 5,
    shortest: int = 6,
    progress: CountProgress | None = None,
) -> FloatArray:
    """Changes of log odds that the model foresaw, for :class:`suasion.outlook.OddsDrivers`.

    Parameters
    ----------
    panel : shares
    growth : yearly real growth, logs, (years, countries), of :func:`suasion.outlook.real_growth`
    open_year : from a year to its world; its countries hold those of the panel
    ahead : years forecast from each origin
    shortest : years on record before the first origin
    progress : called with (done, origins)

    Returns
    -------
    ndarray
        (D, Y, ahead) change since the origin 1, 2, ... years later; NaN for origins that are too early.

    Raises
    ------
    InputError
        If no economy of a world has its growth on record, or the panel has states that a world lacks.
    ConvergenceError
        If a year has no equilibrium.
    """
    made = np.full((panel.of.size, panel.years.size, ahead), np.nan)
    origins = range(shortest - 1, panel.years.size - 1)
    for count, at in enumerate(origins, start=1):
        year = int(panel.years[at])
        world = open_year(year)
        path = WorldPath(f"from {year}", growth=carried_on(world, growth, ahead), source="none")
        _, found = states(world, path, year + ahead)
        odds = [_log_odds(panel, world.countries, receipts(state.solved)) for state in found]
        with np.errstate(invalid="ignore"):  # a pair without trade has no log odds to move
            moved = np.column_stack([one - odds[0] for one in odds[1:]])
        made[:, at] = np.where(np.isfinite(moved), moved, np.nan)
        if progress:
            progress(count, len(origins))
    return made


def carried_on(world: World, growth: pd.DataFrame, ahead: int) -> tuple[OwnRate, ...]:
    """Growth of every economy: its mean of the last five years; where that is not on record, the median of the others.

    world: of the origin.
    growth: as in :func:`structural_changes`.
    ahead: years.
    Raises InputError if no economy has its growth on record.
    """
    past = growth.loc[world.year - RECENT + 1 : world.year].reindex(columns=list(world.countries))
    means = past.mean().where(past.notna().all())
    if not means.notna().any():
        raise InputError(
            f"No economy of the world of {world.year} has its growth of the last {RECENT} years on record."
        )
    rates: Mapping[str, float] = (100.0 * np.expm1(means.fillna(means.median()))).to_dict()
    return tuple(
        OwnRate((country,), world.year + 1, world.year + ahead, float(rate))
        for country, rate in rates.items()
    )


def _log_odds(panel: Panel, countries: tuple[str, ...], trade: FloatArray) -> FloatArray:
    """Log odds (D,) of the panel's shares in trade (importer, exporter)."""
    place = {c: n for n, c in enumerate(countries)}
    missing = sorted({*map(str, panel.of), *map(str, panel.partner)} - set(place))
    if missing:
        raise InputError(f"The world has no {missing[0]}, whose share the panel follows.")
    flows: FloatArray = np.sum(sides_of(trade.T, panel.measure), axis=0)
    i, j = ([place[str(c)] for c in side] for side in (panel.of, panel.partner))
    part = flows[i, j]
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(part) - np.log(flows.sum(1)[i] - part))
