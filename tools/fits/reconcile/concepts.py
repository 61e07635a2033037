"""Customs as the table counts them: most gold left out, over ratios of both sides and of the pair, within a range.

All deviations are those by which flows were reconciled. What a pair's table lies beside its customs for years is the
bias of either; the part that is customs' is its share of the variance, and goes into the ratio of the pair.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fits.reconcile.blocks import log, mean_seen, mining_ratio, ratios
from fits.reconcile.record import LAST, Record, raw_materials, with_hubs
from fits.reconcile.smoother import (
    MEMORY,
    MEMORY_MINING,
    SpreadRule,
    Spreads,
    spreads_mining,
    spreads_other,
)
from suasion.types import FloatArray

GOLD, GOLD_CODES = 0.8, ("7108",)
"""Part of the gold in customs that the table leaves out: the one at which pairs a tenth of whose customs is gold are on
the level of others (docs/evidence/customs_as_counted.csv). From none to all of it is taken as possible."""
LEAST_LEFT = 0.02
"""Part of customs that is left, at least, where gold of another vintage exceeds all goods."""
PRIOR = 2.0
"""Years that the prior of a pair's ratio, which is none, counts as."""
KNOWN = 10
"""Years from 2011 that both table and customs have, by which ratios are estimated."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Logs of customs as the table counts them (year, importer, exporter), and how far they may be off (pair).

    low, high: without any gold, and with all of it, or with raw materials that the total lacks; middle: the usual.
    usual: mean of table less customs over the ratios of both sides; deviation: of customs given all that.
    """

    low: FloatArray
    middle: FloatArray
    high: FloatArray
    usual: FloatArray
    deviation: FloatArray


def without_gold(record: Record, part: float = GOLD) -> FloatArray:
    """Return customs of all goods without a part of their gold (year, importer, exporter), million USD."""
    return np.asarray(np.maximum(record.total - part * raw_materials(GOLD_CODES), LEAST_LEFT * record.total))


def goods_counted(record: Record, known: int = KNOWN) -> Counted:
    """Bring customs of all goods to the level of the table.

    known: years from 2011 whose tables count; a year among them is left out of the ratio of its own pairs.
    """
    customs = without_gold(record)
    gap, size = log(record.table_total)[:known] - log(customs)[:known], mean_seen(customs[:known])
    level = np.broadcast_to(ratios(gap, size).pair, customs.shape)
    most = np.maximum(record.total, raw_materials(("",)))
    values = (without_gold(record, 1.0), customs, most)
    return _counted(record.table_total, values, level, size, (spreads_other, MEMORY), known)


def mining_counted(record: Record, code: str) -> Counted:
    """Bring customs of a mining industry to the level of the table."""
    table, customs = record.table[code], record.customs[code]
    level = np.broadcast_to(mining_ratio(table, customs, LAST)[:, None, :], customs.shape)
    size = np.maximum(mean_seen(customs), 0.5 * mean_seen(table))
    return _counted(table, (customs,) * 3, level, size, (spreads_mining, MEMORY_MINING), KNOWN)


def _counted(
    table: FloatArray,
    customs: tuple[FloatArray, FloatArray, FloatArray],
    level: FloatArray,
    size: FloatArray,
    rule: tuple[SpreadRule, float],
    known: int,
) -> Counted:
    apart = (log(table) - log(customs[1]) - level)[:known]
    share, deviation = share_of_customs(rule[0](size, with_hubs().astype(float)), rule[1])
    level = level + share * _of_other_years(apart, len(table))
    low, middle, high = (log(values) + level for values in customs)
    return Counted(low, middle, high, mean_seen(apart), deviation)


def _of_other_years(apart: FloatArray, years: int) -> FloatArray:
    """Mean of what the pair lies apart in all known years but the year itself, drawn to none (year, pair)."""
    seen = np.isfinite(apart)
    value = np.where(seen, apart, 0.0)
    own = np.zeros((years, *seen.shape[1:]))
    count = own.copy()
    own[: len(seen)], count[: len(seen)] = value, seen
    return np.asarray((value.sum(0) - own) / (seen.sum(0) - count + PRIOR))


def share_of_customs(spreads: Spreads, memory: float = MEMORY) -> tuple[FloatArray, FloatArray]:
    """Part of a lasting difference that is customs', and the deviation of customs once it is taken out (pair)."""

    def lasting(step: FloatArray, fixed: FloatArray) -> FloatArray:
        return np.asarray(step**2 / (1.0 - memory**2) + fixed**2)

    table, customs = (
        lasting(spreads.table_step, spreads.table_fixed),
        lasting(spreads.customs_step, spreads.customs_fixed),
    )
    share = customs / (customs + table)
    return np.asarray(share), np.asarray(np.sqrt(share * table + spreads.customs**2))
