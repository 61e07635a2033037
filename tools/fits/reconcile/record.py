"""All evidence on goods flows as arrays (year, importer, exporter), million USD; nothing of it is the IMF's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.sources.embedded import load_csv, load_parquet
from suasion.sources.macro import macro
from suasion.sources.materials import MINED
from suasion.sources.published_flows import YEARS as PUBLISHED
from suasion.sources.published_flows import industries, published_flows, regions
from suasion.types import FloatArray

YEARS = range(2011, 2025)
COUNT = len(YEARS)
LAST = PUBLISHED[-1] - YEARS[0]
"""Place of the last published table."""
GAP = (9, 12)
"""Places of 2020 and 2023: between them customs of all pairs are missing."""
MINING = MINED
"""Mining industries that the list of raw materials covers."""
BLOCKS = ("other", *MINING)
HUBS = ("HKG", "SGP", "NLD", "BEL", "ARE", "CHE")
TRANSIT = ("KAZ", "BLR", "TUR", "ARE", "HKG", "LTU", "LVA", "EST")
"""Sellers of others' goods to Russia since 2022 (judgement)."""
HIDDEN_GAS = tuple((buyer, seller) for seller in ("RUS", "NOR", "NLD") for buyer in ("DEU", "AUT", "HUN"))
"""Buyers whose customs keep the origin of gas secret, until 2022 (BACI has 23 bn of RUS-DEU in 2018, the table 32)."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of flows: the table to its last year, customs by block, customs in all; NaN where nothing."""

    table: dict[str, FloatArray]
    customs: dict[str, FloatArray]
    total: FloatArray
    hidden: Mask

    @property
    def table_total(self) -> FloatArray:
        """All goods in the table."""
        return np.asarray(sum(self.table.values()))


@cache
def places() -> dict[str, int]:
    """Place of each region."""
    return {code: k for k, code in enumerate(regions())}


def between() -> Mask:
    """Pairs of two single economies (importer, exporter)."""
    pairs = ~np.eye(len(places()), dtype=bool)
    pairs[-1], pairs[:, -1] = False, False
    return pairs


def with_hubs() -> Mask:
    """Pairs one of which is a hub of transit trade."""
    at = [places()[code] for code in HUBS]
    pairs = np.zeros((len(places()),) * 2, bool)
    pairs[at], pairs[:, at] = True, True
    return pairs


def read_record(last: int = LAST) -> Record:
    """Read the record.

    last: place of the last table that is known: earlier ones try the method out.
    """
    tables = np.stack([published_flows(y)[:, :, :-1] for y in PUBLISHED])
    tables = np.concatenate([tables, np.full((COUNT - len(tables), *tables.shape[1:]), np.nan)])
    tables[last + 1 :] = np.nan
    table = {code: tables[..., industries().index(code)] for code in MINING}
    table = {"other": tables.sum(3) - sum(table.values())} | table
    total, dug = _totals(), _materials()
    hidden = _hidden(table, total, dug, last)
    any_hidden = np.logical_or.reduce(list(hidden.values()))
    rest = total - sum(dug.values())
    rest[~(rest > 0.05 * total) | any_hidden] = np.nan
    customs = {"other": rest} | {code: np.where(hidden[code], np.nan, dug[code]) for code in MINING}
    return Record(table, customs, total, any_hidden)


def _totals() -> FloatArray:
    """Customs of all goods by pair: BACI, typed totals between; Taiwan's are unknown."""
    raw = load_parquet("goods_totals.parquet")
    values = _spread(raw, raw["value"].to_numpy(float))
    values[values <= 0] = np.nan
    late, early = values[GAP[1]], values[GAP[0]]
    lost = (late < 0.2 * early) & (early > 50)  # late reporters, not trade that ended
    sanctioned = [places()["RUS"], places()["BLR"]]
    lost[sanctioned], lost[:, sanctioned] = False, False
    late[lost] = np.nan
    for year, exporter, importer, value in _typed():
        values[year - YEARS[0], places()[importer], places()[exporter]] = value
    taiwan = places()["TWN"]
    values[:, taiwan], values[:, :, taiwan] = np.nan, np.nan
    values[:, -1, -1] = np.nan
    return values


def _typed() -> list[tuple[int, str, str, float]]:
    """Totals of pairs that China's customs published for years that BACI lacks, million USD."""
    raw = load_csv("totals.csv")
    chosen = raw[(raw["unit"] == "billion USD") & raw["measure"].isin(["exports", "imports"])]
    chosen = chosen[chosen["year"].isin([2021, 2022, 2024])]
    found = []
    for row in chosen.to_dict("records"):
        one, two = str(row["reporter"]), str(row["partner"])
        exporter, importer = (one, two) if row["measure"] == "exports" else (two, one)
        if {one, two} <= set(places()):
            found.append((int(row["year"]), exporter, importer, 1000.0 * float(row["value"])))
    return found


def _materials() -> dict[str, FloatArray]:
    """Raw materials that each mining industry sells."""
    return {code: raw_materials(starts) for code, starts in MINING.items()}


@cache
def raw_materials(starts: tuple[str, ...]) -> FloatArray:
    """Customs of the raw materials whose codes begin so (year, importer, exporter), million USD."""
    raw = load_parquet("materials.parquet")
    part = raw[raw["product"].astype(str).str.startswith(starts)]
    return _spread(part, part["value"].to_numpy(float) / 1000.0)


def _spread(raw: pd.DataFrame, value: FloatArray) -> FloatArray:
    """Sum rows with year, importer, exporter into an array; states without a table are the rest of the world."""
    kept = raw["year"].isin(list(YEARS)).to_numpy()
    ends = [
        raw[name].astype(str).map(places()).fillna(places()["ROW"]).astype(int).to_numpy()
        for name in ("importer", "exporter")
    ]
    found = np.zeros((COUNT, len(places()), len(places())))
    np.add.at(found, (raw["year"].to_numpy()[kept] - YEARS[0], ends[0][kept], ends[1][kept]), value[kept])
    known = np.isin(np.array(YEARS), raw["year"].unique())
    found[~known] = np.nan
    return found


def _hidden(
    table: dict[str, FloatArray], total: FloatArray, dug: dict[str, FloatArray], last: int
) -> dict[str, Mask]:
    """Where a raw material vanishes though trade goes on: a fall to a tenth while the table or the total stays."""
    found = {}
    for code, values in dug.items():
        hide = np.zeros(values.shape, bool)
        for y in range(8, COUNT):
            top = values[5:y].max(0)
            fall = (values[y] < 0.1 * top) & (top > 300)
            if y <= last:
                stays = table[code][y] > 0.4 * np.nan_to_num(table[code][5:y]).max(0)
            elif np.isfinite(total[y]).sum() > 100:
                stays = ~(total[y] <= 0.6 * np.nan_to_num(total[5:10]).max(0))
            else:
                stays = hide[y - 1]
            hide[y] = fall & stays
        found[code] = hide & ~np.eye(len(places()), dtype=bool)
    return found


def goods_growth(first: int, last: int) -> tuple[FloatArray, FloatArray]:
    """Log growth of goods exports and imports by region, World Bank; the rest by all others; Taiwan unknown."""
    found = []
    for item in ("goods_exports", "goods_imports"):
        table = macro(item)[[first, last]]
        known = table.reindex(list(places()))
        rest = table.drop([code for code in places() if code in table.index]).dropna().sum()
        growth = np.array(np.log(known[last] / known[first]), dtype=float)
        growth[-1] = np.log(rest[last] / rest[first])
        found.append(growth)
    return found[0], found[1]
