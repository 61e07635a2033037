"""Compare every two numbers that a world and the record have for one fact, and say which part and why.

A number of a world is compared with customs as the table counts them (``fits.reconcile.concepts``), raw materials by
mining industry, and with domestic product. What is inside the ranges of both, or within a factor of 1.5, agrees. What
is not has a kind of reason, to be told beside both, or is unexplained.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from fits.reconcile.blocks import LEAST, log
from fits.reconcile.concepts import KNOWN, Counted, goods_counted, mining_counted
from fits.reconcile.record import HUBS, MINING, TRANSIT, YEARS, Mask, Record, between, read_record
from suasion.quotient import over
from suasion.sources.published_flows import reconciled_flows, regions
from suasion.types import Z90, FloatArray
from suasion.world import World
from suasion.world.apart import COLUMNS
from suasion.world.draws import trade_spread
from suasion.world.published import base_table, income_growth
from suasion.world.reconciled import DATASET, goods_deviation

LARGE = 1000.0
"""Million USD from which a flow is compared."""
FACTOR = 1.5
BREAK, LASTING = 4.0, 0.25
"""Factor on customs since 2020 that is taken for a break of the record, and mean difference of table and customs in
logs from 2011 to 2020, the same way, that is taken for one of concept: goods that one of the two counts elsewhere."""
MINED = 0.5
"""Part of what customs say it sells of a mining industry's goods that a seller mines, below which it passes them on."""
INCOME = 0.05
"""Most that value added may part from the table's level moved by domestic product."""
SPREAD_OF_MINING = 0.5
"""Deviation of a mining industry's flow in a published table, in logs (no range is printed of it)."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One kind of fact of a year: what the world has (importer, exporter), how far it may be off, and customs.

    flows: as reconciled for the year, with their deviations; change: of customs since 2020, in logs.
    passed_on: sellers whose own industry makes little of what customs say that they sell.
    """

    kind: str
    industry: str
    flow: FloatArray
    spread: FloatArray
    customs: Counted
    flows: tuple[FloatArray, FloatArray]
    change: FloatArray
    passed_on: Mask


def compared(world: World, record: Record | None = None) -> pd.DataFrame:
    """Compare a world of 80 economies and the rest with the record of its year.

    Returns: one row a fact: ``kind`` (goods, mining, income), ``exporter``, ``importer``, ``industry``; ``world``
    and ``record``, million USD on one level; ``gap`` in logs; ``verdict``: agrees, a kind of reason, or unexplained.
    """
    known = record or read_record()
    facts = [_goods(world, known), *(_mining(world, known, code) for code in MINING)]
    found = pd.concat([*(_rows(one, world) for one in facts), _incomes(world)], ignore_index=True)
    return found.assign(year=world.year, dataset=world.provenance.dataset)


@lru_cache(maxsize=8)
def _counted(code: str) -> Counted:
    return mining_counted(read_record(), code) if code else goods_counted(read_record())


def _goods(world: World, record: Record) -> Compared:
    goods = [code < "D" for code in world.sectors]
    flow = (world.array("intermediate") + world.array("final"))[:, :, goods].sum(2)
    flows = reconciled_flows(world.year).value.sum(0), goods_deviation(world.year)
    nobody = np.zeros(len(flow), dtype=bool)
    change = np.abs(log(record.total)[world.year - YEARS[0]] - log(record.total)[9])
    return Compared("goods", "", flow, trade_spread(world), _counted(""), flows, change, nobody)


def _mining(world: World, record: Record, code: str) -> Compared:
    k, block, y = world.sectors.index(code), 1 + list(MINING).index(code), world.year - YEARS[0]
    flow = world.array("intermediate")[:, :, k] + world.array("final")[:, :, k]
    both = reconciled_flows(world.year)
    flows, customs = (both.value[block], both.deviation[block]), record.customs[code]
    spread = flows[1] if world.provenance.dataset == DATASET else np.full_like(flow, SPREAD_OF_MINING)
    sold = np.where(np.isfinite(customs[y]) & between(), customs[y], 0.0).sum(0)
    passed_on = flow.sum(0) < MINED * sold
    change = np.abs(log(customs)[y] - log(customs)[9])
    return Compared("mining", code, flow, spread, _counted(code), flows, change, passed_on)


def _rows(of: Compared, world: World) -> pd.DataFrame:
    customs, y = of.customs, world.year - YEARS[0]
    record = np.exp(customs.middle[y])
    n, i = np.nonzero(between() & (np.fmax(of.flow, record) > LARGE) & (record > LEAST))
    said = log(np.maximum(of.flow, 2 * LEAST))[n, i]
    common = np.median(said - customs.middle[y, n, i]) if len(n) else 0.0
    gap = _beyond(customs, y, said - common, (n, i))
    agrees = np.abs(gap) <= _far(of.spread, customs, (n, i))
    reason = _reasons(of, (n, i), gap)
    if y < KNOWN:
        again = _beyond(customs, y, np.log(np.maximum(of.flows[0][n, i], LEAST)), (n, i))
        reason[np.abs(again) <= _far(of.flows[1], customs, (n, i))] = "as published"
    codes = np.array(regions())
    return pd.DataFrame(
        {
            "kind": of.kind,
            "exporter": codes[i],
            "importer": codes[n],
            "industry": of.industry,
            "world": of.flow[n, i],
            "record": record[n, i],
            "gap": gap,
            "verdict": np.where(agrees, "agrees", reason),
        }
    )


Pairs = tuple[np.ndarray, np.ndarray]


def _beyond(customs: Counted, y: int, said: FloatArray, at: Pairs) -> FloatArray:
    """How far a log is beyond what customs may mean."""
    return np.asarray(said - np.clip(said, customs.low[y][at], customs.high[y][at]))


def _far(spread: FloatArray, customs: Counted, at: Pairs) -> FloatArray:
    return np.maximum(np.log(FACTOR), Z90 * np.hypot(spread, customs.deviation)[at])


def _reasons(of: Compared, at: Pairs, gap: FloatArray) -> np.ndarray:
    """Kind of reason that each flow may part from customs for: of its seller and buyer, else of its history."""
    codes, (n, i), usual = np.array(regions()), at, of.customs.usual[at]
    hub, kazakh = (np.isin(codes, names) for names in (HUBS, ("KAZ",)))
    transit = (codes[n] == "RUS") & np.isin(codes[i], TRANSIT) | kazakh[n] | kazakh[i]
    holds = {
        "lasting difference": (np.sign(usual) == np.sign(gap)) & (np.abs(usual) > LASTING),
        "break in customs": of.change[at] > np.log(BREAK),
        "passed on": of.passed_on[i],
        "transit": transit,
        "hub": hub[n] | hub[i],
    }
    found = np.full(len(n), "unexplained", dtype=object)
    for reason, where in holds.items():
        found[where] = reason
    return found


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


def told(found: pd.DataFrame) -> pd.DataFrame:
    """Facts on trade that part, as they ship to be told beside both numbers."""
    parted = found[(found["verdict"] != "agrees") & (found["kind"] != "income")]
    table = parted.rename(columns={"verdict": "reason"})[list(COLUMNS)]
    table = table.assign(reason=table["reason"].str.replace(" ", "_"))
    for name in ("world", "record"):
        table[name] = [float(f"{value:.4g}") for value in table[name]]
    return table.sort_values(list(COLUMNS[:4]), ignore_index=True)
