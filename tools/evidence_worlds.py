"""What the worlds rest on: files, and the partners of the world beside those that others print."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from evidence import ROOT
from suasion.sources.goods_totals import goods_totals
from suasion.types import FloatArray
from suasion.world import World, load_world

SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
WORLD = (
    "agreements.csv",
    "groups.csv",
    "icio2022.npz",
    "icio2022_use.npz",
    "macro.parquet",
    "macro_typed.csv",
    "published_flows.parquet",
    "reconciled_flows.parquet",
    "tariff_means.parquet",
    "us_tariffs.parquet",
)
"""Embedded files that worlds by year are made from."""


def world_files() -> Sequence[Path]:
    """Embedded files and settings that worlds by year, at applied tariffs, are made from."""
    return [*(SNAPSHOT / name for name in WORLD), SNAPSHOT.parent / "world" / "applied.toml"]


def partner_check() -> pd.DataFrame:
    """Partner shares of the worlds against those that the World Factbook prints for 2023."""
    from suasion.sources.factbook import partner_shares

    printed = partner_shares()
    printed = printed[(printed["vintage"] == 2025) & (printed["year"] == 2023)]
    rows = []
    for name, world in (("2022, pattern of inputs", load_world("icio2022")), ("2023", load_world())):
        goods = [k for k, code in enumerate(world.sectors) if code < "D"]
        trade = (world.array("intermediate") + world.array("final"))[:, :, goods].sum(2)
        np.fill_diagonal(trade, 0.0)
        counted = _counted(world)
        for flow, axis in (("imports", 1), ("exports", 0)):
            seen, own = (counted, trade) if axis else (counted.T, trade.T)
            rows.append({"world": name, "flow": flow, **_partners(world, own, seen, printed, flow)})
    return pd.DataFrame(rows)


def _counted(world: World) -> np.ndarray:
    """Pairs of which customs know trade in 2023, (importer, exporter), where they know any of the importer's.

    They have no Taiwan and no trade of Belarus with Russia; the printed partners of China and of Belarus lack the same.
    """
    table = goods_totals()
    pairs = set(
        zip(*(table.loc[table["year"] == 2023, side] for side in ("importer", "exporter")), strict=True)
    )
    known = np.array([[(n, i) in pairs for i in world.countries] for n in world.countries])
    return known | ~known.any(1)[:, None]


def _partners(
    world: World, trade: FloatArray, counted: np.ndarray, printed: pd.DataFrame, flow: str
) -> dict[str, float]:
    """Largest partners and shares of one side's trade, (who reports, partner).

    ``largest_right`` takes the largest of all; ``largest_right_of_counted`` leaves out pairs that customs do not count,
    and takes any of those with the largest printed share, which is rounded to a per cent.
    """
    place = {code: k for k, code in enumerate(world.countries)}
    chosen = printed[(printed["flow"] == flow) & printed["reporter"].isin(place)]
    right, right_of_counted, misses = [], [], []
    for reporter, rows in chosen.groupby("reporter", observed=True):
        own, seen = trade[place[str(reporter)]], counted[place[str(reporter)]]
        shares = own / own.sum()
        said = rows.set_index("partner")["share"]
        if said.idxmax() in place:
            right.append(world.countries[int(shares.argmax())] == said.idxmax())
            largest = world.countries[int(np.where(seen, shares, -1.0).argmax())]
            right_of_counted.append(said.get(largest, 0.0) == said.max())
        misses += [abs(shares[place[code]] - share) for code, share in said.items() if code in place]
    return {
        "reporters": len(right),
        "largest_right": float(np.mean(right)),
        "largest_right_of_counted": float(np.mean(right_of_counted)),
        "mean_difference": float(np.mean(misses)),
    }


def sampled_partners(committed: pd.DataFrame) -> pd.DataFrame:
    """Compare all worlds again: it takes a second."""
    return partner_check()
