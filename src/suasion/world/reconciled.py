"""Worlds of 2011 to 2024 whose goods flows are those on which table, customs, raw materials and totals agree best.

The adjustment is made once (``tools/fits/reconcile``) and ships as flows by pair and block, each with its deviation.
Here they become a world: industries by the published mix of the pair, services as published or moved, sales at home
close the accounts at value added that moves with domestic product.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.files import shipped_checksum
from suasion.quotient import over
from suasion.sources.embedded import ROOM
from suasion.sources.published_flows import (
    BLOCKS,
    RECONCILED,
    RECONCILED_YEARS,
    YEARS,
    industries,
    published_flows,
    reconciled_flows,
    regions,
)
from suasion.types import Z90, Citation, FloatArray
from suasion.world.checks import Provenance
from suasion.world.load_embedded import embedded_words
from suasion.world.published import BASE, GOODS, RegionTable, closed, income_growth, published_table, world_of
from suasion.world.world import World

DATASET: Citation = "OECD ICIO, 2025 release, reconciled"
SERVICES_FOLLOW = 0.3
"""Part of a pair's growth of goods that its services share; the rest is of both economies (assumption, 0 to .6)."""
LEAST_AT_HOME = 0.05
"""Smallest factor on sales at home; where accounts want less, input shares move."""


@lru_cache(maxsize=4)
def reconciled_world(year: int) -> World:
    """Return the world of a year with reconciled goods flows.

    year: one of 2011 to 2024.
    Raises InputError if the year is not among them.
    """
    if year not in RECONCILED_YEARS:
        first, last = RECONCILED_YEARS[0], RECONCILED_YEARS[-1]
        raise InputError(f"There is no reconciled world of {year}: there are {first} to {last}.")
    notes = (
        "reconciled",
        *(("reconciled_2024",) if year == RECONCILED_YEARS[-1] else ()),
        "published_rest",
        "tariffs",
    )
    return world_of(reconciled_table(year), year, origin(year), notes)


def reconciled_table(year: int) -> RegionTable:
    """Return the accounts of a reconciled year."""
    if year in YEARS:
        base = published_table(year)
        return _closed_at_home(base, _with_goods(base.flow, year), base.earned.sum(1))
    base = _last_published_year()
    flow = _with_goods(base.flow, year)
    grown = income_growth(BASE, year)
    abroad, before = (x[:, :, :GOODS].sum(2) for x in (flow, base.flow))
    goods = np.clip(over(abroad, before, 1.0), 0.02, 50.0)
    both = np.sqrt(np.outer(grown, grown))
    flow[:, :, GOODS:] *= (goods**SERVICES_FOLLOW * both ** (1.0 - SERVICES_FOLLOW))[:, :, None]
    return _closed_at_home(base, flow, base.earned.sum(1) * grown)


@lru_cache(maxsize=1)
def _last_published_year() -> RegionTable:
    return reconciled_table(BASE)


def _with_goods(flow: FloatArray, year: int) -> FloatArray:
    """Put reconciled goods of a year into flows (buyer, seller, industry); sales at home stay."""
    value = reconciled_flows(year).value
    table = published_flows(min(year, BASE))[:, :, :GOODS]
    codes = industries()[:GOODS]
    mined = [codes.index(code) for code in BLOCKS[1:]]
    other = table.copy()
    other[:, :, mined] = 0.0
    usual = other.sum(0) - other[np.arange(len(other)), np.arange(len(other))]
    mix = over(other, other.sum(2, keepdims=True), over(usual, usual.sum(1, keepdims=True))[None])
    goods = mix * value[0][:, :, None]
    goods[:, :, mined] = value[1:].transpose(1, 2, 0)
    found = flow.copy()
    abroad = ~np.eye(len(flow), dtype=bool)
    found[abroad, :GOODS] = goods[abroad]
    return found


def _closed_at_home(base: RegionTable, flow: FloatArray, earned: FloatArray) -> RegionTable:
    """Scale sales at home so that value added is met at the base's coefficients, and close."""
    home = np.arange(len(flow))
    rate = over(base.earned, base.output)
    own = flow[home, home]
    abroad = flow.sum(0) - own
    factor = over(earned - (rate * abroad).sum(1), (rate * own).sum(1), 1.0)
    flow[home, home] = (
        own * np.maximum(factor, LEAST_AT_HOME * over(earned, base.earned.sum(1), 1.0))[:, None]
    )
    return closed(base, flow, earned)


def origin(year: int) -> Provenance:
    """Return where a reconciled world comes from, without building it."""
    words = embedded_words()["reconciled"]
    return Provenance(
        dataset=DATASET,
        version=str(year),
        checksum=shipped_checksum(ROOM, RECONCILED),
        transformations=tuple(words["steps"] if year in YEARS else words["steps"] + words["later"]),
        licence=words["licence"],
        citation=words["credit"],
    )


def goods_deviation(year: int) -> FloatArray:
    """Return how far all goods of each pair may be off (importer, exporter), a deviation in logs; nought at home."""
    flows = reconciled_flows(year)
    total = flows.value.sum(0)
    return np.asarray(np.sqrt((over(flows.value, total[None]) ** 2 * flows.deviation**2).sum(0)))


def reconciled_pairs(year: int) -> pd.DataFrame:
    """Goods trade of every pair of a reconciled year, with its range.

    Parameters
    ----------
    year : one of 2011 to 2024

    Returns
    -------
    DataFrame
        ``exporter``, ``importer``, ``year``; ``goods`` with its 90 % range ``goods_low`` to ``goods_high``, million USD
        at basic prices; ``published``, the same in the published table, missing from 2023.

    Raises
    ------
    InputError
        If the year is not among them.
    """
    value, spread = reconciled_flows(year).value.sum(0), goods_deviation(year)
    codes = np.array(regions())
    importer, exporter = np.nonzero(~np.eye(len(codes), dtype=bool) & (value > 0))
    goods, far = value[importer, exporter], np.exp(Z90 * spread[importer, exporter])
    table = published_flows(year)[:, :, :GOODS].sum(2)[importer, exporter] if year in YEARS else np.nan
    return pd.DataFrame(
        {
            "exporter": codes[exporter],
            "importer": codes[importer],
            "year": year,
            "goods": goods,
            "goods_low": goods / far,
            "goods_high": goods * far,
            "published": table,
        }
    )
