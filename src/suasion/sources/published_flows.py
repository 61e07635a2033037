"""Flows of all pairs of 80 economies and the rest of the world: as published 2011 to 2022, and reconciled to 2024.

Published: OECD Inter-Country Input-Output tables, 2025 edition, inputs and final sales together, basic prices, 27 goods
industries and all services in one. Reconciled: goods in four blocks, adjusted to customs and raw materials of the pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import IO

import numpy as np
import pyarrow.parquet as pq

from suasion.errors import InputError
from suasion.sources.embedded import load_file
from suasion.sources.icio2022 import icio2022_arrays
from suasion.types import FloatArray

FILE, RECONCILED = "published_flows.parquet", "reconciled_flows.parquet"
YEARS, RECONCILED_YEARS = range(2011, 2023), range(2011, 2025)
"""Years that are published, and years that are reconciled."""
REST = "ROW"
"""The rest of the world, a region among the others."""
SERVICES = "services"
"""All services in one, the last industry."""
BLOCKS = ("other", "B05", "B06", "B07")
"""Blocks of reconciled goods: three mining industries, and all other goods."""
STEP = 0.01
"""Unit of the shipped deviations of reconciled flows, in logs."""


@lru_cache(maxsize=1)
def regions() -> tuple[str, ...]:
    """80 economies in the order of the embedded table, and the rest of the world."""
    return (*icio2022_arrays().countries, REST)


@lru_cache(maxsize=1)
def industries() -> tuple[str, ...]:
    """27 industries that make goods, and :data:`SERVICES`."""
    return (*(code for code in icio2022_arrays().sectors if code < "D"), SERVICES)


@lru_cache(maxsize=3)
def published_flows(year: int) -> FloatArray:
    """Flows of a year as published, own sales included.

    Parameters
    ----------
    year : one of 2011 to 2022

    Returns
    -------
    ndarray, shape (importer, exporter, industry)
        Million USD at basic prices, four digits, read-only, in the order of :func:`regions` and :func:`industries`.

    Raises
    ------
    InputError
        If the year is not published.
    SourceFileError
        If the file is missing or broken.
    """
    if year not in YEARS:
        raise InputError(f"Flows of {year} are not published here: {YEARS[0]} to {YEARS[-1]} are.")
    places = len(regions())
    (flat,) = _columns(FILE, year)
    flows = np.ascontiguousarray(flat.reshape(len(industries()), places, places).transpose(2, 1, 0))
    flows.setflags(write=False)
    return flows


@dataclass(frozen=True, slots=True)
class ReconciledFlows:
    """Goods between regions (block, importer, exporter), million USD, and the deviation of each in logs."""

    value: FloatArray
    deviation: FloatArray


@lru_cache(maxsize=3)
def reconciled_flows(year: int) -> ReconciledFlows:
    """Goods flows of a year on which the published table, customs, raw materials and totals agree best.

    Parameters
    ----------
    year : one of 2011 to 2024

    Returns
    -------
    ReconciledFlows
        Sales at home are not in it.

    Raises
    ------
    InputError
        If the year is not among them.
    SourceFileError
        If the file is missing or broken.
    """
    if year not in RECONCILED_YEARS:
        first, last = RECONCILED_YEARS[0], RECONCILED_YEARS[-1]
        raise InputError(f"Flows of {year} are not reconciled here: {first} to {last} are.")
    shape = (len(BLOCKS), len(regions()), len(regions()))
    value, deviation = (x.reshape(shape) for x in _columns(RECONCILED, year, f"{year} deviation"))
    return ReconciledFlows(value, STEP * deviation)


def _columns(file: str, year: int, *others: str) -> list[FloatArray]:
    """Columns of a year: digits times a power of ten, and others as they stand."""

    def read(file: IO[bytes]) -> list[FloatArray]:
        table = pq.read_table(file, columns=[str(year), f"{year} power", *others])
        digits, power, *rest = (table.column(name).to_numpy() for name in table.column_names)
        return [digits * 10.0**power, *(x.astype(np.float64) for x in rest)]

    found: list[FloatArray] = load_file(file, read)
    return found
