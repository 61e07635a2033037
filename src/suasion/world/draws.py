"""Draws of plausible tables: how far the trade of pairs, and tariffs on it, may be from the truth.

A draw moves all trade of each pair at random within what reconciliation left open, or, in published tables, as far as
editions of such tables differ; sellers' sales hold, and buyers' purchases nearly. Applied tariffs move in their ranges.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from suasion.errors import InputError
from suasion.quotient import over
from suasion.sources.published_flows import regions
from suasion.types import FloatArray
from suasion.world.applied import tariff_deviation
from suasion.world.arrays import user_flows
from suasion.world.published import DATASET as PUBLISHED_FLOWS
from suasion.world.reconciled import DATASET as RECONCILED_FLOWS
from suasion.world.reconciled import goods_deviation
from suasion.world.world import World

GROWTH, GROWTH_POWER, GROWTH_RANGE = 0.17, -0.2, (0.05, 0.6)
"""Deviation of a pair's growth over a year, at 5,000 million USD of trade: residuals of WIOD's growth on customs'."""
EDITION, EDITION_POWER, EDITION_RANGE = 0.17, -0.12, (0.1, 0.5)
"""Deviation of a pair's trade in the table from the truth, at 5,000 million USD, its power, its limits. Goods that
states of the G20 sell each other as inputs, in the editions of 2023 (year 2019) and 2025 (year 2022), differ by .24 in
logs above 20,000 million USD, .27 down to 5,000, .32 to 1,000 and .5 below, growth of customs and both economies' means
taken out. That is twice the variance of an edition, and that of growth beyond customs (.1 to .3)."""
FLOWS_KNOWN = frozenset({PUBLISHED_FLOWS, RECONCILED_FLOWS})
"""Worlds of which it is known how far their flows may be off."""
ROUNDS = 6
"""Rounds of proportional fitting; the seller's totals come last and hold exactly, the others to a few per cent of
their deviation."""


def table_draws(world: World, count: int, seed: int = 0, scale: float = 1.0) -> Iterator[World]:
    """Draw worlds that are as plausible as the one given.

    Output, and nearly value added and what industries use of each input, stay; the trade of pairs moves, inputs and
    final sales alike, and so do applied tariffs (assumption: half of their variance is an importer's, half a pair's).

    Parameters
    ----------
    world : a reconciled or published world
    count : number of draws, from 1
    seed : equal seeds give equal draws; the first of many are those of few
    scale : multiplies all deviations

    Yields
    ------
    World

    Raises
    ------
    InputError
        If it is not known how far the world's flows may be off, or ``count`` is below 1.
    """
    if count < 1:
        raise InputError(f"The number of draws is {count}; give 1 or more.")
    if world.provenance.dataset not in FLOWS_KNOWN:
        raise InputError(
            f"It is not known how far flows of {world.provenance.dataset} may be off: there is no draw of it. "
            "Worlds by year, as load_world(year=2023), have draws."
        )
    trade, tariffs = trade_spread(world), tariff_deviation(world)
    for index in range(count):
        yield _retraded(world, np.random.default_rng([seed, index]), scale * trade, scale * tariffs)


def trade_spread(world: World) -> FloatArray:
    """Return how far all trade of pairs is in doubt: editions of such tables differ, growth may have been otherwise.

    Returns: ndarray, shape (importer, exporter). Deviations in logs; nought at home.
    """
    if world.provenance.dataset == RECONCILED_FLOWS and len(world.countries) == len(regions()):
        return goods_deviation(world.year)
    traded = np.maximum((world.array("intermediate") + world.array("final")).sum(2), 1e-3) / 5000.0
    spread = np.clip(EDITION * traded**EDITION_POWER, *EDITION_RANGE)
    growth = np.clip(GROWTH * traded**GROWTH_POWER, *GROWTH_RANGE)
    spread = np.sqrt(spread**2 + max(world.year - 2022, 0) * growth**2)
    np.fill_diagonal(spread, 0.0)
    return np.asarray(spread)


def _retraded(world: World, rng: np.random.Generator, trade: FloatArray, tariffs: FloatArray) -> World:
    """Move the trade of pairs and applied tariffs by their deviations; what industries use stays."""
    inputs, final, size = world.array("intermediate"), world.array("final"), len(world.countries)
    factor = np.exp(trade * rng.standard_normal((size, size)))[:, :, None]
    moved, other = inputs * factor, final * factor
    noise = rng.standard_normal((size, 1)) + rng.standard_normal((size, size))
    taxed = world.array("tariff") * np.exp(tariffs * np.sqrt(0.5) * noise[:, :, None])
    sold, bought, columns = inputs.sum(0), inputs.sum(1), final.sum((1, 2))
    for _ in range(ROUNDS):
        moved *= over(bought, moved.sum(1), 1.0)[:, None, :]
        moved *= over(sold, moved.sum(0), 1.0)
    for _ in range(ROUNDS):
        other *= (columns / other.sum((1, 2)))[:, None, None]
        other *= over(final.sum(0), other.sum(0), 1.0)
    # Rounds of fitting leave inputs a hair off: value added takes it, or, where an industry has none, sales at home.
    use = world.array("input_use")
    paid = user_flows(moved, taxed, world.array("export_tax")).sum(1)
    use = use * over(paid, use.sum(1), 1.0)[:, None, :]
    income, home = (moved + other).sum(0) - use.sum(2), np.arange(size)
    other[home, home] += np.maximum(-income, 0.0)
    income = _shared(world, np.maximum(income, 0.0))
    return world.replace(intermediate=moved, final=other, input_use=use, factor_income=income, tariff=taxed)


def _shared(world: World, income: FloatArray) -> FloatArray:
    parts = world.array("factor_income")
    return parts * over(income, parts.sum(2), 1.0)[:, :, None]
