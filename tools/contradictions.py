"""Compare every two numbers that a world and the record have for one fact, and say which part and why.

A number of a world is compared with customs over the ratio of concepts of exporter and importer, with raw materials
over that of the mining industry, and with domestic product. What is inside the printed ranges, or within a factor of
1.5, agrees. What is not has a kind of reason, to be told beside both, or is unexplained and must be mended.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from fits.reconcile.blocks import LEAST, Ratios, log, mean_seen, mining_ratio, ratios
from fits.reconcile.record import (
    HUBS,
    LAST,
    MINING,
    TRANSIT,
    YEARS,
    Record,
    places,
    read_record,
)
from suasion.quotient import over
from suasion.sources.published_flows import reconciled_flows, regions
from suasion.types import Z90, FloatArray
from suasion.world import World
from suasion.world.draws import trade_spread
from suasion.world.published import base_table, income_growth
from suasion.world.reconciled import DATASET, goods_deviation

LARGE = 1000.0
"""Million USD from which a flow is compared."""
FACTOR = 1.5
BREAK, LASTING = 4.0, 0.25
"""Factor on customs since 2020 that is taken for a break of the record, and mean difference of table and customs in
logs from 2011 to 2020, the same way, that is taken for one of concept: goods that one of the two counts elsewhere."""
INCOME = 0.05
"""Most that value added may part from the table's level moved by domestic product."""
CUSTOMS = 0.15
"""Deviation of customs of a pair in logs, one vintage against another (median of normal pairs at 300 million USD)."""


def compared(world: World, record: Record | None = None) -> pd.DataFrame:
    """Compare a world of 80 economies with the record of its year.

    Returns: one row a fact: ``kind`` (goods, mining, income), ``exporter``, ``importer``, ``industry``; ``world``
    and ``record``, million USD on one level; ``gap`` in logs; ``verdict``: agrees, a kind of reason, or unexplained.
    """
    known = record or read_record()
    rows = [_goods(world, known), _mining(world, known), _incomes(world)]
    found = pd.concat(rows, ignore_index=True)
    return found.assign(year=world.year, dataset=world.provenance.dataset)


def _inside(world: World) -> tuple[FloatArray, list[int]]:
    """Flows (importer, exporter, sector) of the 80 economies, and their places in the record."""
    codes = [code for code in world.countries if code != "ROW"]
    at = [world.countries.index(code) for code in codes]
    flow = (world.array("intermediate") + world.array("final"))[np.ix_(at, at)]
    return flow, [places()[code] for code in codes]


def _spread(world: World) -> FloatArray:
    size = len([code for code in world.countries if code != "ROW"])
    found = goods_deviation(world.year) if world.provenance.dataset == DATASET else trade_spread(world)
    return found[:size, :size]


def pair_ratios(record: Record) -> Ratios:
    """Ratios of all goods, table over customs, 2011 to 2020."""
    return ratios(log(record.table_total)[:10] - log(record.total)[:10], mean_seen(record.total[:10]))


def _goods(world: World, record: Record) -> pd.DataFrame:
    flow, at = _inside(world)
    goods = flow[:, :, [code < "D" for code in world.sectors]].sum(2)
    level = np.exp(pair_ratios(record).pair)
    y, cut = world.year - YEARS[0], np.ix_(at, at)
    usual = mean_seen(log(record.table_total)[:10] - log(record.total * level)[:10])[cut]
    change = np.abs(np.log(over(record.total[y], record.total[9], 1.0) + 1e-12))[cut]
    found = _rows("goods", "", goods, (record.total[y] * level)[cut], _spread(world))
    n, i = (np.array([places()[code] for code in found[name]], int) for name in ("importer", "exporter"))
    told = found.verdict.to_numpy(dtype=object)
    other = told == "unexplained"
    told[other & (change[n, i] > np.log(BREAK))] = "break in customs"
    other = told == "unexplained"
    told[other & (np.sign(usual[n, i]) == np.sign(found.gap)) & (np.abs(usual[n, i]) > LASTING)] = (
        "lasting difference"
    )
    return found.assign(verdict=told)


def _mining(world: World, record: Record) -> pd.DataFrame:
    flow, at = _inside(world)
    y, parts = world.year - YEARS[0], []
    for code in MINING:
        customs = record.customs[code]
        level = customs[y] * np.exp(mining_ratio(record.table[code], customs, LAST)[y])[None, :]
        spread = 0.5 + 0.0 * level
        if world.provenance.dataset == DATASET:
            spread = reconciled_flows(world.year).deviation[1 + list(MINING).index(code)]
        found = flow[:, :, world.sectors.index(code)]
        parts.append(_rows("mining", code, found, level[np.ix_(at, at)], spread[np.ix_(at, at)]))
    return pd.concat(parts, ignore_index=True)


def _rows(kind: str, industry: str, flow: FloatArray, record: FloatArray, spread: FloatArray) -> pd.DataFrame:
    off = ~np.eye(len(flow), dtype=bool)
    seen = off & (np.fmax(flow, record) > LARGE) & np.isfinite(record) & (record > LEAST)
    n, i = np.nonzero(seen)
    gap = np.log(np.maximum(flow[n, i], LEAST) / record[n, i])
    gap = gap - np.median(gap)
    far = np.maximum(np.log(FACTOR), Z90 * np.hypot(spread[n, i], CUSTOMS))
    codes = np.array(regions()[: len(flow)])
    exporter, importer = codes[i], codes[n]
    reason = [_reason(a, b) for a, b in zip(exporter, importer, strict=True)]
    return pd.DataFrame(
        {
            "kind": kind,
            "exporter": exporter,
            "importer": importer,
            "industry": industry,
            "world": flow[n, i],
            "record": record[n, i],
            "gap": gap,
            "verdict": np.where(np.abs(gap) <= far, "agrees", reason),
        }
    )


def _reason(exporter: str, importer: str) -> str:
    """Kind of reason that a flow may part from customs for, whatever the world."""
    if {exporter, importer} & set(HUBS):
        return "hub"
    if (importer == "RUS" and exporter in TRANSIT) or "KAZ" in (exporter, importer):
        return "transit"
    return "unexplained"


def _incomes(world: World) -> pd.DataFrame:
    """Value added against the table of 2022 moved with domestic product."""
    codes = [code for code in world.countries if code != "ROW"]
    start = base_table().earned.sum(1)[: len(codes)]
    wanted = start * income_growth(2022, world.year)[: len(codes)]
    found = world.array("value_added").sum(1)[[world.countries.index(code) for code in codes]]
    gap = np.log(over(found, wanted, 1.0))
    # The usual worlds hold deliveries of the rest of the world in value added: a common difference is no contradiction.
    gap = gap - np.median(gap)
    return pd.DataFrame(
        {
            "kind": "income",
            "exporter": codes,
            "importer": "",
            "industry": "",
            "world": found,
            "record": wanted,
            "gap": gap,
            "verdict": np.where(np.abs(gap) <= INCOME, "agrees", "unexplained"),
        }
    )


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Count facts by world, year, kind and verdict."""
    table = found.groupby(["dataset", "year", "kind", "verdict"]).size().rename("facts").reset_index()
    whole = table.groupby(["dataset", "year", "kind"]).facts.transform("sum")
    return table.assign(percent=100.0 * table.facts / whole)
