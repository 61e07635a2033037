"""Draws of plausible tables: how far the estimated part of a world may be from the truth.

Destinations of final sales are estimated where nobody publishes them. A draw moves them at random and meets the totals
that are known: sellers' sales exactly, buyers' absorption nearly, published sums of groups within what publication
leaves open, all trade of a pair as far as editions of such tables agree on it. The spreads were measured on tables
whose destinations are known (WIOD 2008), and tried on others; see
``docs/evidence/data_ranges.csv``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from suasion.errors import InputError
from suasion.quotient import over
from suasion.sources.embedded import load_npz
from suasion.sources.published_flows import regions
from suasion.types import FloatArray
from suasion.world.published import DATASET as PUBLISHED_FLOWS
from suasion.world.reconciled import DATASET as RECONCILED_FLOWS
from suasion.world.reconciled import goods_deviation
from suasion.world.world import World

PAIR_GOODS, PAIR_SERVICES, EXPORTER = 0.45, 0.35, 0.15
"""Deviations, in logs, common to all goods and all services of a pair, and to all sales abroad of an exporter."""
ROW, ROW_POWER, ROW_RANGE = 0.5, -0.15, (0.2, 1.0)
"""Deviation of an industry's sales abroad at a thousand million USD, its power in their size, its limits."""
CELL, CELL_POWER, CELL_RANGE = 0.67, -0.06, (0.4, 0.9)
"""Deviation of a single flow at a hundred million USD, its power, its limits."""
PUBLISHED, COLUMN = 0.02, 0.05
"""Deviations of published sums (rows of the published table differ from the world's by 1.7 % in the median) and of
buyers' absorption."""
GROWTH, GROWTH_POWER, GROWTH_RANGE = 0.17, -0.2, (0.05, 0.6)
"""Deviation of a pair's growth over a year, at 5,000 million USD of trade: residuals of WIOD's growth on customs'."""
EDITION, EDITION_POWER, EDITION_RANGE = 0.17, -0.12, (0.1, 0.5)
"""Deviation of a pair's trade in the table from the truth, at 5,000 million USD, its power, its limits. Goods that
states of the G20 sell each other as inputs, in the editions of 2023 (year 2019) and 2025 (year 2022), differ by .24 in
logs above 20,000 million USD, .27 down to 5,000, .32 to 1,000 and .5 below, growth of customs and both economies' means
taken out. That is twice the variance of an edition, and that of growth beyond customs (.1 to .3)."""
FLOWS_KNOWN = frozenset({PUBLISHED_FLOWS, RECONCILED_FLOWS})
"""Worlds whose flows of pairs are known by industry: their destinations are no estimate."""
ROUNDS = 6
"""Rounds of proportional fitting; the seller's totals come last and hold exactly, the others to a few per cent of
their deviation."""


@dataclass(frozen=True)
class PublishedSums:
    """Groups of sellers and buyers, (country,) positions or -1; which sums of them are published, (group, industry)."""

    seller: np.ndarray
    buyer: np.ndarray
    published: np.ndarray


def table_draws(world: World, count: int, seed: int = 0, scale: float = 1.0) -> Iterator[World]:
    """Draw worlds that are as plausible as the one given.

    Output, and nearly value added and what industries use of each input, stay; destinations of final sales move where
    nobody publishes them, and the trade of pairs, inputs and final sales alike, as editions of such tables differ and,
    in years moved from an earlier table, as growth may have been otherwise.

    Parameters
    ----------
    world : an embedded world of 2022 or later
    count : number of draws, from 1
    seed : equal seeds give equal draws; the first of many are those of few
    scale : multiplies all deviations

    Yields
    ------
    World

    Raises
    ------
    InputError
        If the world's destinations are observed, or ``count`` is below 1.
    """
    if count < 1:
        raise InputError(f"The number of draws is {count}; give 1 or more.")
    known = world.provenance.dataset in FLOWS_KNOWN
    blocks = None if known else _blocks_of(world)
    goods = np.array([code < "D" for code in world.sectors])
    for index in range(count):
        rng = np.random.default_rng([seed, index])
        final = world.array("final") if known else final_draw(world.array("final"), goods, rng, scale, blocks)
        yield _retraded(world, final, rng, scale)


def _blocks_of(world: World) -> PublishedSums | None:
    if not world.provenance.dataset.startswith("OECD ICIO, 2025 release"):
        raise InputError(
            f"{world.provenance.dataset} has observed destinations of final sales: there is no draw of it. Embedded "
            "worlds from 2022 have."
        )
    if world.provenance.dataset == "OECD ICIO, 2025 release":
        return None
    raw = load_npz("world2022.npz")
    return PublishedSums(raw["seller_group"], raw["buyer_group"], raw["published"])


def final_draw(
    final: FloatArray,
    goods: np.ndarray,
    rng: np.random.Generator,
    scale: float = 1.0,
    blocks: PublishedSums | None = None,
) -> FloatArray:
    """Draw destinations of final sales.

    final: ndarray, shape (importer, exporter, sector). The estimate; sellers' sums stay.
    goods: ndarray of bool, shape (sector,).
    scale: multiplies all deviations.
    blocks: what is published of it.
    Returns: ndarray, shape (importer, exporter, sector).
    """
    size, home = len(final), np.arange(len(final))
    abroad = final.copy()
    abroad[home, home] = 0.0
    sold = abroad.sum(0)
    row = np.clip(ROW * (np.maximum(sold, 1e-3) / 1000.0) ** ROW_POWER, *ROW_RANGE)
    cell = np.clip(CELL * (np.maximum(abroad, 1e-3) / 100.0) ** CELL_POWER, *CELL_RANGE)
    noise = rng.standard_normal(final.shape) * cell + rng.standard_normal(sold.shape) * row
    noise += EXPORTER * rng.standard_normal(size)[None, :, None]
    pair = rng.standard_normal((2, size, size))
    noise += np.where(goods, PAIR_GOODS * pair[0][:, :, None], PAIR_SERVICES * pair[1][:, :, None])
    noise[home, home] = 0.0
    drawn = final * np.exp(scale * noise)
    columns = final.sum((1, 2)) * np.exp(scale * COLUMN * rng.standard_normal(size))
    columns *= final.sum() / columns.sum()
    goal = None if blocks is None else _Goal(final, blocks, rng, scale)
    totals = final.sum(0)
    for _ in range(ROUNDS):
        drawn *= (columns / drawn.sum((1, 2)))[:, None, None]
        if goal is not None:
            drawn = goal.met(drawn)
        drawn *= over(totals, drawn.sum(0), 1.0)
    return np.asarray(drawn)


class _Goal:
    """Published sums of blocks of the estimate, each within its deviation."""

    def __init__(
        self, final: FloatArray, blocks: PublishedSums, rng: np.random.Generator, scale: float
    ) -> None:
        self.sellers = _indicator(blocks.seller, len(blocks.published))
        self.buyers = _indicator(blocks.buyer, int(blocks.buyer.max()) + 1)
        self.bound = blocks.published[:, None, :] & np.ones((1, len(self.buyers), 1), bool)
        sums = self._sums(final)
        self.wanted = sums * np.exp(scale * PUBLISHED * rng.standard_normal(sums.shape))

    def _sums(self, flows: FloatArray) -> FloatArray:
        inner = np.tensordot(self.buyers, flows, axes=(1, 0))
        return np.asarray(np.tensordot(self.sellers, inner, axes=(1, 1)))

    def met(self, flows: FloatArray) -> FloatArray:
        """Scale flows block by block."""
        factor = np.where(self.bound, over(self.wanted, self._sums(flows), 1.0) - 1.0, 0.0)
        inner = np.tensordot(self.sellers.T, factor, axes=(1, 0))
        return np.asarray(flows * (1.0 + np.tensordot(self.buyers.T, inner, axes=(1, 1))))


def _indicator(group: np.ndarray, count: int) -> FloatArray:
    return np.asarray(np.arange(count)[:, None] == group[None, :], dtype=np.float64)


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


def _retraded(world: World, final: FloatArray, rng: np.random.Generator, scale: float) -> World:
    """Move the trade of pairs as editions of tables differ, and as growth may have been otherwise; inputs stay."""
    inputs, size = world.array("intermediate"), len(world.countries)
    factor = np.exp(scale * trade_spread(world) * rng.standard_normal((size, size)))[:, :, None]
    moved, other = inputs * factor, final * factor
    sold, bought, columns = inputs.sum(0), inputs.sum(1), final.sum((1, 2))
    for _ in range(ROUNDS):
        moved *= over(bought, moved.sum(1), 1.0)[:, None, :]
        moved *= over(sold, moved.sum(0), 1.0)
    for _ in range(ROUNDS):
        other *= (columns / other.sum((1, 2)))[:, None, None]
        other *= over(final.sum(0), other.sum(0), 1.0)
    # Rounds of fitting leave inputs a hair off: value added takes it, or, where an industry has none, sales at home.
    use = world.array("input_use")
    use = use * over(moved.sum(1), bought, 1.0)[:, None, :]
    income, home = (moved + other).sum(0) - use.sum(2), np.arange(size)
    other[home, home] += np.maximum(-income, 0.0)
    income = _shared(world, np.maximum(income, 0.0))
    return world.replace(intermediate=moved, final=other, input_use=use, factor_income=income)


def _shared(world: World, income: FloatArray) -> FloatArray:
    parts = world.array("factor_income")
    return parts * over(income, parts.sum(2), 1.0)[:, :, None]
