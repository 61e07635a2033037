"""How the trade of pairs is known, and draws of plausible tables: how far it, and tariffs on it, may be off.

A draw moves all trade of each pair at random within what reconciliation left open, or, in published tables, as far as
editions of such tables differ; sellers' sales hold, and buyers' purchases nearly. Applied tariffs move in their ranges.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.errors import InputError
from suasion.quotient import over
from suasion.sources.goods_totals import goods_totals
from suasion.sources.published_flows import YEARS, reconciled_flows, regions
from suasion.sources.totals import totals
from suasion.types import Z90, FloatArray
from suasion.world.applied import tariff_deviation
from suasion.world.arrays import user_flows
from suasion.world.load import usual_key
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


LOW, HIGH = 0.7, 1.4
"""Ratio of the world's goods trade to customs, over the ratio that is common to all pairs, outside which a pair may be
flagged."""
GUESS = 0.35
"""Deviation from which a pair's trade is called an estimate: nine in ten lie within a factor 1.8 (assumption)."""


def pair_totals(year: int) -> pd.DataFrame:
    """How the trade of every pair is known in the reconciled world of a year.

    Parameters
    ----------
    year : 2011 to 2024

    Returns
    -------
    DataFrame
        ``exporter``, ``importer``, ``year``; ``table`` and ``customs``, the goods trade in the world and by customs
        (CEPII BACI, to 2020 and of 2023), million USD, the latter missing where there is none; ``in_concepts``, customs
        as the table would count them; ``spread``, the deviation of the world's in logs; ``flag``, a reason for doubt
        (:func:`doubts`), ``estimated`` from :data:`GUESS` on.

    Raises
    ------
    InputError
        If the year is not among them.
    """
    table, spread, codes = reconciled_flows(year).value.sum(0), goods_deviation(year), np.array(regions())
    importer, exporter = np.nonzero(~np.eye(len(codes), dtype=bool))
    frame = pd.DataFrame(
        {
            "exporter": codes[exporter],
            "importer": codes[importer],
            "year": year,
            "table": table[importer, exporter],
            "spread": spread[importer, exporter],
        }
    )
    whole = goods_totals()
    customs = whole[whole["year"] == year].set_index(["exporter", "importer"])["value"].astype(float)
    keys = pd.MultiIndex.from_frame(frame[["exporter", "importer"]])
    frame.insert(4, "customs", customs.reindex(keys).to_numpy() if len(customs) else np.nan)
    frame.insert(5, "in_concepts", _in_concepts(frame))
    off = doubts(*(frame[name].to_numpy() for name in ("table", "in_concepts", "spread")))
    return frame.assign(flag=np.where((off == "") & (frame["spread"] > GUESS), "estimated", off))


def _in_concepts(frame: pd.DataFrame) -> FloatArray:
    """Customs in the concepts of the table: times the median ratio of an exporter, then of an importer, trade weighing.

    Re-exports and prices at the border are in customs and not in the table; hubs and miners have more of them.
    """
    quotient = frame["table"].where(frame["table"] > 0) / frame["customs"].where(frame["customs"] > 0)
    both = pd.Series(np.log(quotient.to_numpy(float)), frame.index)
    ratio = pd.Series(0.0, index=frame.index)
    for side in ("exporter", "importer"):
        gap = (both - ratio).dropna().sort_values()
        part = frame.loc[gap.index, "table"].groupby(frame[side], observed=True)
        reached = part.cumsum() >= part.transform("sum") / 2.0
        middle = gap[reached].groupby(frame[side], observed=True).first()
        ratio += frame[side].map(middle).fillna(0.0).astype(float)
    return np.asarray(frame["customs"] * np.exp(ratio))


def pair_guessed(world: World, a: str, b: str) -> bool:
    """Whether most of a pair's goods trade in a world by year is an estimate: known within a wide range, or unreported.

    a, b: codes of two economies of the world.
    Returns: False for other worlds, of which nothing is known here.
    """
    if not usual_key(world) or not {a, b} <= set(world.states):
        return False
    frame = pair_totals(world.year)
    ways = frame[frame["exporter"].isin([a, b]) & frame["importer"].isin([a, b])]
    reported = ways["customs"].notna() | (world.year in YEARS)
    if not len(ways[reported]):
        reported |= _typed(a, b, world.year)
    guessed = (ways["spread"] > GUESS) | ~reported
    return bool(ways["table"][guessed].sum() > ways["table"].sum() / 2)


def _typed(a: str, b: str, year: int) -> bool:
    """Whether a total of a year is typed in from what customs of one of the two published."""
    table = totals()
    either = table["reporter"].isin([a, b]) & table["partner"].isin([a, b]) & (table["year"] == year)
    return bool((either & table["measure"].isin(["exports", "imports"])).any())


def doubts(table: FloatArray, customs: FloatArray, spread: FloatArray) -> NDArray[np.str_]:
    """Mark where a table's trade is off customs by more than its ranges hold.

    A table at basic prices and without re-exports is below customs for all pairs: the median ratio is taken out. What
    is left is a doubt where it is below :data:`LOW` or above :data:`HIGH` and outside the pair's 90 % range.

    table, customs: ndarray, shape (pair,). Goods trade, million USD; customs NaN where unknown.
    spread: ndarray, shape (pair,). Deviation of the table's in logs.
    Returns: ndarray of str, shape (pair,) ``"below"``, ``"above"`` or empty.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.log(table / customs)
    known = np.isfinite(gap)
    gap = np.where(known, gap - (np.median(gap[known]) if known.any() else 0.0), 0.0)
    far = np.abs(gap) > Z90 * spread
    return np.where(far & (gap < np.log(LOW)), "below", np.where(far & (gap > np.log(HIGH)), "above", ""))
