"""How the trade of every pair is known in a reconciled world, and where it is in doubt."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.sources.goods_totals import goods_totals
from suasion.sources.published_flows import YEARS, reconciled_flows, regions
from suasion.sources.totals import totals
from suasion.types import Z90, FloatArray
from suasion.world.load import usual_key
from suasion.world.reconciled import goods_deviation
from suasion.world.world import World

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
