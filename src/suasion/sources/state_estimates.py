"""Trade of the economies that make up the rest of the world, 2023, estimated from customs and published totals.

Goods of pairs by industry and services of pairs, sales at home, and whose technologies each economy is like. Amounts
have an error of at most .2 % (:mod:`suasion.sources.quantised`); what they add up to is published and read elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Any

import numpy as np
import pyarrow.parquet as pq

from suasion.sources.embedded import load_csv, load_file
from suasion.sources.quantised import decode
from suasion.types import FloatArray

FILE, GOODS = "states2023.parquet", "state_goods.csv"
YEAR = 2023
UNITS = {"weights": 1e-6}
"""Unit of arrays that are no money; of the others 100 USD, in million USD."""
UNIT = 1e-4
COLUMN, META = "code", b"states"


@dataclass(frozen=True, slots=True)
class StateEstimates:
    """Arrays as :class:`suasion.world.every_state.RestMembers` has them, in million USD.

    classes: of how well each economy is known, by code: ``"A"``, ``"B"`` or ``"C"``.
    """

    codes: tuple[str, ...]
    classes: Mapping[str, str]
    taken: float
    arrays: Mapping[str, FloatArray]


@lru_cache(maxsize=1)
def state_estimates() -> StateEstimates:
    """Read the estimates.

    Raises
    ------
    SourceFileError
        If the file is missing or broken.
    """

    def read(file: IO[bytes]) -> tuple[Any, dict[str, Any]]:
        table = pq.read_table(file)
        return table.column(COLUMN).to_numpy(), json.loads(table.schema.metadata[META])

    codes, meta = load_file(FILE, read)
    arrays, start = {}, 0
    for name, (shape, largest) in meta["arrays"].items():
        size = int(np.prod(shape))
        flat = decode(codes[start : start + size], largest) * UNITS.get(name, UNIT)
        arrays[name] = np.moveaxis(flat.reshape(shape), 0, -1) if len(shape) == 3 else flat.reshape(shape)
        start += size
    return StateEstimates(tuple(meta["codes"]), meta["classes"], float(meta["taken"]), arrays)


@lru_cache(maxsize=1)
def goods_sold() -> Mapping[str, frozenset[str]]:
    """Return the industries of the five goods that each estimated economy sells most of, by the World Factbook."""
    table = load_csv(GOODS, text=("country",))
    return {str(code): frozenset(own) for code, own in table.groupby("country")["industry"]}
