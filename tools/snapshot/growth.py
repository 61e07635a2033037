"""Growth of trade by pair between the year of the table and a later one, from trade statistics and national accounts.

Levels of trade statistics differ from those of the table (prices, re-exports, ownership), growth less: only growth is
taken. BACI has no 2021 and 2022 at hand, so the 2022 of a pair lies on the log line between 2020 and 2023.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from snapshot.seed import FloatArray

KINDS = (
    "own country",
    "growth of the pair's goods trade (CEPII BACI 2020 and 2023, a third of the log change)",
    "growth of the totals that China's customs published",
    "growth of raw materials by pair (CEPII BACI), of other goods as both economies'",
    "growth of both economies: the pair is a hole in the source",
    "growth of both economies: the source has no such economy",
)
"""How a pair's total was moved; positions are stored."""

SLOPE, SMALL = 0.85, 20.0
"""Slope of the table's growth on that of customs, .72 to .93 on WIOD 2003-07 by size of the pair, and million USD below
which a pair's own growth counts less than half."""
SERVICES = 0.3
"""Log growth of a pair's services over that of its goods; on WIOD .02 to .42 (assumption, 0 to .5 alike)."""
LIMIT = np.log(4.0)
"""Largest move of a pair in logs in one step: larger ones are of tiny or misreported flows."""
TOTALS_LIMIT = (0.4, 2.0)
"""Factors on a pair within which economies' totals are made to grow as their accounts say."""

RUSSIA_CHINA = {2023: {"CHN": 1.469, "RUS": 1.130}, 2024: {"CHN": 1.033, "RUS": 1.008}}
"""Growth of exports to the other, by exporter. 2023: China's customs as quoted in The Moscow Times, "Russia-China Trade
Hits Record $240Bln in 2023" ("Chinese exports to Russia increased by 46.9%, while imports from Russia rose 13%"). 2024:
the totals of 2024 in totals.csv over those of 2022 there times that growth."""

MINING = {"2701": "B05", "2702": "B05", "2709": "B06", "2711": "B06", "26": "B07", "25": "B08"}
"""Industry of the raw materials that mining sells, by the beginning of their code; the others are of industry."""


@dataclass(frozen=True, slots=True)
class PairGrowth:
    """Growth factors of sales abroad (importer, exporter, industry); how each pair's was found (importer, exporter)."""

    factor: FloatArray
    kind: npt.NDArray[np.uint8]


def square(frame: pd.DataFrame, year: int, countries: Sequence[str], value: str = "value") -> FloatArray:
    """Lay trade of a year out as (importer, exporter); NaN where there is no row."""
    chosen = frame[frame["year"] == year]
    table = chosen.pivot_table(index="importer", columns="exporter", values=value, aggfunc="sum")
    return table.reindex(index=list(countries), columns=list(countries)).to_numpy(dtype=float, copy=True)


def mining_trade(materials: pd.DataFrame, year: int, countries: Sequence[str]) -> dict[str, FloatArray]:
    """Trade of a year in what each mining industry sells, million USD."""
    chosen = materials[materials["year"] == year]
    code = chosen["product"].astype(str)
    found: dict[str, FloatArray] = {}
    for start, industry in MINING.items():
        rows = chosen[code.str.startswith(start)]
        table = np.nan_to_num(square(rows, year, countries)) / 1000.0
        found[industry] = found.get(industry, 0.0) + table
    return found


def totals_growth(
    economy: pd.DataFrame, item: str, first: int, last: int, countries: Sequence[str]
) -> FloatArray:
    """Growth of an item of the accounts by country; NaN where a year is missing."""
    chosen = economy[(economy["item"] == item) & (economy["vintage"] == 2025)]
    table = chosen.pivot_table(index="country", columns="year", values="value", observed=True)
    ratio = table.get(last, np.nan) / table.get(first, np.nan)
    return np.asarray(pd.Series(ratio).reindex(list(countries)), dtype=float)


def blended(pair: FloatArray, base: FloatArray, both: FloatArray) -> FloatArray:
    """Log growth of a pair: its own times :data:`SLOPE` where it is large, else that of both economies."""
    weight = base / (base + SMALL) * SLOPE
    own = np.where(np.isfinite(pair), pair, both)
    return np.clip(weight * own + (1 - weight) * both, -LIMIT, LIMIT)


def pair_growth(
    flows: FloatArray,
    rest: tuple[FloatArray, FloatArray] | None,
    mining: tuple[Mapping[str, FloatArray], Mapping[str, FloatArray]],
    both: FloatArray,
    industries: Sequence[str],
    goods: npt.NDArray[np.bool_],
    typed: Mapping[tuple[int, int], float],
) -> PairGrowth:
    """Growth of every pair by industry before totals of economies are met.

    Parameters
    ----------
    flows : (importer, exporter, industry) the base table
    rest : (importer, exporter) goods other than mining in the base year and later, NaN where missing; None where there
        is no such report for the later year
    mining : trade in what each mining industry sells, in both years
    both : (importer, exporter) log growth of the two economies' trade
    industries : codes of the table
    goods : (industry,) which of them make goods
    typed : (importer, exporter) to growth of all goods, where customs published it
    """
    logs = np.repeat(both[:, :, None], len(industries), axis=2)
    kind = np.full(both.shape, 3, np.uint8)
    known = np.zeros(both.shape, bool)
    if rest is not None:
        known = np.isfinite(rest[0]) & np.isfinite(rest[1]) & (rest[0] > 0) & (rest[1] > 0)
        ratio = np.log(np.where(known, rest[1], 1.0) / np.where(known, rest[0], 1.0))
        other = blended(np.where(known, ratio, np.nan), np.where(known, rest[0], 0.0), both)
        logs[:, :, goods] = other[:, :, None]
        kind = np.where(known, 1, 4).astype(np.uint8)
    for code, first in mining[0].items():
        later = mining[1][code]
        seen = (first > 0) & (later > 0)
        change = np.log(np.where(seen, later, 1.0) / np.where(seen, first, 1.0))
        logs[:, :, industries.index(code)] = blended(np.where(seen, change, np.nan), first, both)
    if "B09" in industries:  # services to mining follow what they serve
        logs[:, :, industries.index("B09")] = logs[
            :, :, [industries.index(c) for c in ("B05", "B06", "B07")]
        ].mean(2)
    for (n, i), growth in typed.items():
        sold = flows[n, i, goods]
        reached = (sold * np.exp(logs[n, i, goods])).sum() / sold.sum()
        logs[n, i, goods] += np.log(growth / reached)
        kind[n, i] = 2
    traded = flows[:, :, goods]
    mean = np.log((traded * np.exp(logs[:, :, goods])).sum(2) / np.maximum(traded.sum(2), 1e-9) + 1e-12)
    mean = np.where(traded.sum(2) > 0, mean, both)
    logs[:, :, ~goods] = (SERVICES * mean + (1 - SERVICES) * both)[:, :, None]
    np.fill_diagonal(kind, 0)
    return PairGrowth(np.exp(logs), kind)


def meet_totals(
    flows: FloatArray,
    growth: PairGrowth,
    goods: npt.NDArray[np.bool_],
    exports: FloatArray,
    imports: FloatArray,
) -> FloatArray:
    """Scale goods so that each economy's exports and imports grow as its accounts say; pairs with customs totals stay.

    Parameters
    ----------
    flows : (importer, exporter, industry) the base table
    growth : what was found by pair
    goods : (industry,) which industries make goods: services follow neither goods nor their shocks
    exports, imports : (country,) growth of the accounts' totals, NaN where unknown

    Returns
    -------
    ndarray, shape (importer, exporter, industry)
    """
    foreign = flows.copy()
    size = np.arange(len(foreign))
    foreign[size, size] = 0.0
    base, now = foreign.sum(2), (foreign * growth.factor)[:, :, goods].sum(2)
    services = (foreign * growth.factor)[:, :, ~goods].sum(2)
    free = growth.kind != 2
    scale = np.ones_like(base)
    for _ in range(12):
        for axis, wanted in ((0, exports), (1, imports)):
            aim = np.where(np.isfinite(wanted), wanted, 1.0) * base.sum(axis) - services.sum(axis)
            reached = (now * scale).sum(axis)
            step = np.where(np.isfinite(wanted), np.maximum(aim / reached, 0.1), 1.0)
            scale *= step[None, :] if axis == 0 else step[:, None]
        scale = np.where(free, np.clip(scale, *TOTALS_LIMIT), 1.0)
    factor = growth.factor.copy()
    factor[:, :, goods] *= scale[:, :, None]
    return factor
