"""Customs on the table's level, and the flow of every pair by block before totals are met."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from fits.reconcile.record import (
    COUNT,
    GAP,
    HIDDEN_GAS,
    HUBS,
    LAST,
    MINING,
    TRANSIT,
    YEARS,
    Mask,
    Record,
    between,
    goods_growth,
    places,
    with_hubs,
)
from fits.reconcile.smoother import Series, SpreadRule, smooth, spreads_mining, spreads_other
from suasion.types import FloatArray

LEAST = 0.1
"""Million USD below which a flow is not seen."""
LATE_CUSTOMS, TRANSIT_CUSTOMS = 1.5, 25.0
"""Factors on the variance of customs of 2023 (another vintage), and of transit to Russia since 2022."""
MOST_FACTOR, PRIOR = 25.0, 2.0
"""Largest factor on the variance of the table of 2022, and pairs that its prior counts as."""
WHOLE = {("DEU", "RUS"): 0.2}
"""Pairs whose customs of 2023 are whole again though they hid gas before, and their deviation: German imports of
Russian crude and gas were 4.2 million euros in February 2023 (Destatis, press release 146 of 13 April 2023, as read at
kunststoffweb.de, "Russland verliert Bedeutung")."""
ENDED = {("RUS", "UKR"): 4.6}
"""Flows of 2023 in million USD that customs of others patch: Ukraine banned exports to Russia in September 2022; its
own report (docs/explanation/world.md)."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block in logs (year, importer, exporter): flow and deviation, both records, the table as it is expected."""

    flow: FloatArray
    deviation: FloatArray
    table: FloatArray
    customs: FloatArray
    as_table: FloatArray
    table_deviation: FloatArray

    def of_the_table(self) -> Block:
        """Return what the table is expected to say, for trials that hide it."""
        return replace(self, flow=self.as_table, deviation=self.table_deviation)


@dataclass(frozen=True, slots=True)
class Ratios:
    """Log ratio of table to customs: by exporter and by importer beside it."""

    exporter: FloatArray
    importer: FloatArray

    @property
    def pair(self) -> FloatArray:
        """Sum (importer, exporter)."""
        return np.asarray(self.exporter[None, :] + self.importer[:, None])


def log(values: FloatArray) -> FloatArray:
    """Logs of flows that are seen, NaN elsewhere."""
    return np.log(np.where(values > LEAST, values, np.nan))


def weighted_median(values: FloatArray, weights: FloatArray) -> float:
    """Return the value at half of the weight."""
    order = np.argsort(values)
    up = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(up, up[-1] / 2)])


def mean_seen(values: FloatArray) -> FloatArray:
    """Mean over years of what is seen, zero where nothing is."""
    known = np.isfinite(values)
    return np.asarray(np.where(known, values, 0.0).sum(0) / np.maximum(known.sum(0), 1))


def ratios(gap: FloatArray, size: FloatArray) -> Ratios:
    """Estimate ratios of concepts: weighted medians of table less customs in logs, hubs aside.

    gap: (year, importer, exporter) of years in which both are trusted.
    """
    usual = between() & ~with_hubs()
    weight = np.sqrt(np.maximum(size, 1.0))
    seen = np.isfinite(gap) & (size > 50)
    hubs = {places()[code] for code in HUBS}
    exporter, importer = np.full(len(size), np.nan), np.zeros(len(size))
    for _ in range(6):
        for i in range(len(size)):
            ok = seen[:, :, i] & (between() if i in hubs else usual)[:, i]
            if ok.sum() > 20:
                exporter[i] = weighted_median(
                    (gap[:, :, i] - importer)[ok], np.broadcast_to(weight[:, i], ok.shape)[ok]
                )
        for n in range(len(size)):
            ok = seen[:, n] & (between() if n in hubs else usual)[n] & np.isfinite(exporter)
            if ok.sum() > 20:
                importer[n] = weighted_median(
                    (gap[:, n] - exporter)[ok], np.broadcast_to(weight[n], ok.shape)[ok]
                )
        importer[:-1] -= np.median(importer[:-1])
    return Ratios(np.where(np.isfinite(exporter), exporter, np.nanmedian(exporter)), importer)


def mining_ratio(table: FloatArray, customs: FloatArray, last: int) -> FloatArray:
    """Log ratio of a mining industry by year and exporter, in windows of five years, drawn to the common one."""
    gap = log(table) - log(customs)
    seen = np.isfinite(gap) & (customs > 100) & (table > 1) & between()
    common = weighted_median(gap[seen], customs[seen])
    found = np.full((COUNT, gap.shape[2]), common)
    for y in range(COUNT):
        first, end = (max(0, y - 2), y + 3) if y <= last - 1 else (last - 3, last + 1)
        for i in range(gap.shape[2]):
            ok = seen[first:end, :, i]
            if ok.sum() > 5:
                own = weighted_median(gap[first:end, :, i][ok], customs[first:end, :, i][ok] ** 0.7)
                buyers = ok.any(0).sum()
                found[y, i] = (buyers * np.clip(own, common - 0.7, common + 0.7) + 3 * common) / (buyers + 3)
    return found


def drift_of_all(record: Record, last: int) -> FloatArray:
    """Half of both sides' log growth: of the table where it is known, of official goods trade after."""
    found = np.zeros((COUNT - 1, *record.total.shape[1:]))
    flows = np.nan_to_num(record.table_total) * ~np.eye(len(places()), dtype=bool)
    for y in range(COUNT - 1):
        if y < last:
            sold, bought = (np.log((flows[y + 1].sum(k) + 1) / (flows[y].sum(k) + 1)) for k in (0, 1))
        else:
            sold, bought = (_filled(g) for g in goods_growth(YEARS[y], YEARS[y + 1]))
        found[y] = 0.5 * (sold[None, :] + bought[:, None])
    return found


def _filled(growth: FloatArray) -> FloatArray:
    return np.where(np.isfinite(growth), np.clip(growth, -0.5, 0.5), np.nanmedian(growth))


def drift_of_mining(customs: FloatArray) -> FloatArray:
    """Growth of an industry's recorded trade of the world: its price and volume."""
    pairs = ~np.eye(len(places()), dtype=bool)
    world = np.array([np.nansum(np.where(pairs, year, 0.0)) for year in customs])
    return np.repeat(np.diff(np.log(world))[:, None], pairs.size, 1).reshape(len(world) - 1, *pairs.shape)


def table_factor(logs: dict[str, tuple[FloatArray, FloatArray, FloatArray, SpreadRule]]) -> FloatArray:
    """Factor on the table's variance of 2022 by pair: how far its step since 2020 parts from that of customs to 2023.

    The year between counts as one more step of the flow. War began in 2022: the table of 2021 is as good as others.
    """
    size = len(places())
    sums, counts = np.zeros((2, size)), np.zeros((2, size))
    first, late = GAP
    for table, customs, traded, rule in logs.values():
        s = rule(traded, with_hubs().astype(float))
        end = customs[late - 1] if np.isfinite(customs[late - 1]).sum() > 100 else customs[late]
        extra = 0.0 if end is customs[late - 1] else s.flow_step**2
        error = (table[LAST] - table[first]) - (end - customs[first])
        variance = 2 * (s.table**2 + s.customs**2) + 2 * s.table_step**2 + 3 * s.customs_step**2 + extra
        ok = between() & ~with_hubs() & (traded > 300) & np.isfinite(error)
        square = np.minimum((error - np.median(error[ok])) ** 2 / variance, 25.0)
        for side, axis in ((0, 1), (1, 0)):
            sums[side] += np.where(ok, square, 0.0).sum(axis)
            counts[side] += ok.sum(axis)
    factor = (PRIOR + sums) / (PRIOR + counts)
    factor = np.clip(factor / np.median(factor, axis=1)[:, None], 1.0, MOST_FACTOR)
    return np.asarray(np.maximum(factor[0][:, None], factor[1][None, :]))


def blocks_of(record: Record, last: int = LAST, adapt: bool = True) -> tuple[dict[str, Block], Ratios]:
    """Smooth every block; returns them and the ratios of all goods.

    last: place of the last table that is known. adapt: let the table of 2022 count less where customs contradict it.
    """
    trusted = slice(0, min(10, last + 1))
    logs: dict[str, tuple[FloatArray, FloatArray, FloatArray, SpreadRule]] = {}
    for code, table in record.table.items():
        customs = record.customs[code]
        if code in MINING:
            shift = mining_ratio(table, customs, last)[:, None, :]
            size = np.maximum(mean_seen(customs), 0.5 * mean_seen(table))
            logs[code] = (log(table), log(customs) + shift, size, spreads_mining)
        else:
            size = mean_seen(customs[:10])
            level = ratios(log(table)[trusted] - log(customs)[trusted], size).pair
            logs[code] = (
                log(table),
                log(customs) + level,
                np.maximum(size, mean_seen(table[:10])),
                spreads_other,
            )
    factor = np.ones(record.total.shape)
    if adapt and last == LAST:
        factor[LAST:] = table_factor({k: logs[k] for k in ("other", "B06", "B05")})
    common = drift_of_all(record, last)
    found = {}
    for code, part in logs.items():
        drift = drift_of_mining(record.customs[code]) if code in MINING else common
        found[code] = _smoothed(part, drift, factor)
    whole = log(record.table_total)[trusted] - log(record.total)[trusted]
    return found, ratios(whole, mean_seen(record.total[:10]))


def _smoothed(
    part: tuple[FloatArray, FloatArray, FloatArray, SpreadRule],
    drift: FloatArray,
    factor: FloatArray,
) -> Block:
    table, customs, size, rule = part
    at = places()
    for (buyer, seller), value in ENDED.items():
        customs[GAP[1], at[buyer], at[seller]] = np.log(value) if rule is spreads_other else np.nan
    pairs = _worth(table, size)
    doubt = with_hubs()
    for buyer, seller in HIDDEN_GAS:
        doubt[at[buyer], at[seller]] = True
    doubt[-1], doubt[:, -1] = True, True
    less = np.ones(table.shape)
    less[GAP[1]] *= LATE_CUSTOMS
    for code in TRANSIT:
        less[LAST:, at["RUS"], at[code]] *= TRANSIT_CUSTOMS
    rows, columns = np.nonzero(pairs)
    take = (slice(None), rows, columns)
    series = Series(table[take], customs[take], drift[take], factor[take], less[take], GAP)
    done = smooth(series, rule(size[pairs], doubt[pairs].astype(float)))
    filled = [np.full(table.shape, empty) for empty in (-np.inf, 0.0, -np.inf, 0.0)]
    given = (done.flow, done.deviation, done.as_table, done.table_deviation)
    for values, found in zip(filled, given, strict=True):
        values[take] = found
    flow, deviation, *seen_as = filled
    for (buyer, seller), sd in WHOLE.items():
        n, i = at[buyer], at[seller]
        known = customs[GAP[1], n, i]
        flow[GAP[1] :, n, i] = np.log(50.0) if not np.isfinite(known) else np.maximum(known, np.log(50.0))
        deviation[GAP[1] :, n, i] = sd
    return Block(flow, deviation, table, customs, *seen_as)


def _worth(table: FloatArray, size: FloatArray) -> Mask:
    """Pairs that are seen at all, two different regions."""
    seen = (np.nan_to_num(np.exp(table)).max(0) > 1.0) | (size > 1.0)
    seen &= ~np.eye(len(places()), dtype=bool)
    seen[-1, -1] = False
    return np.asarray(seen)
