"""Initial conditions of KITE, the model of the Kiel Institute: shares and levels in long tables of one R file.

``initial_conditions.rds`` is a list of tables, each with label columns and ``value``: trade shares at user prices by
origin, destination and sector; cost shares; tariffs as one plus the rate; value added and trade balances by country.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from suasion.errors import InputError, SourceFileError, UnknownCountryError
from suasion.files import checksum_of
from suasion.sources.countries import resolve_country
from suasion.sources.ir_files import locate
from suasion.sources.rfiles import cube, read_r
from suasion.types import FloatArray

FILE = "initial_conditions.rds"
CITATION = "Kiel Institute Trade Policy Evaluation (KITE) model, github.com/julianhinz/KITE"
TABLES: Mapping[str, tuple[str, ...]] = {
    "trade_share": ("destination", "origin", "sector"),
    "tariff": ("destination", "origin", "sector"),
    "factor_share": ("country", "sector"),
    "consumption_share": ("country", "sector"),
    "intermediate_share": ("country", "output", "input"),
    "value_added": ("country",),
    "trade_balance": ("country",),
    "trade_elasticity": ("sector",),
}
"""Tables that are read, and their labels in the order of the axes here."""


@dataclass(frozen=True, slots=True)
class KiteBase:
    """A base in shares; not yet an equilibrium of ours.

    countries, sectors: Alpha-3 codes where a label is a country's, else the label; labels of sectors as they
      are.
    share: (importer, exporter, sector) of purchases at user prices; sums to one over exporters.
    tariff: (importer, exporter, sector) rates.
    va_share, final_share: (country, sector) value added in cost; composition of final purchases.
    input_share: (country, user, input) composition of the cost of inputs.
    value_added, trade_balance: (country,) in the unit of the file; exports less imports, before tariffs.
    theta: (sector,) trade elasticity, positive; sigma - 1.
    checksum: SHA-256 of the file.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    share: FloatArray
    tariff: FloatArray
    va_share: FloatArray
    final_share: FloatArray
    input_share: FloatArray
    value_added: FloatArray
    trade_balance: FloatArray
    theta: FloatArray
    checksum: str


def read_kite(path: str | Path) -> KiteBase:
    """Read initial conditions; a tariff that is not there is zero.

    path: ``initial_conditions.rds``, or a folder that holds it.
    Raises SourceFileError if the file is absent, not an R file, or lacks a table or a cell; or if it holds
      export subsidies or barriers beside tariffs, which would be lost.
    """
    file = locate(path, [FILE])
    data = read_r(file)
    data |= data.get("elasticities", {})
    if "tariff" not in data and "trade_share" in data:
        data["tariff"] = pd.DataFrame(data["trade_share"]).assign(value=1.0)
    absent = [name for name in TABLES if name not in data]
    if absent:
        raise SourceFileError(f"{file} lacks {', '.join(absent)}: it is not the initial conditions of KITE.")
    for name in ("ntb", "export_subsidy"):
        if name in data and not np.allclose(pd.DataFrame(data[name])["value"], 1.0):
            raise SourceFileError(f"{file} has {name} other than 1, which a world does not hold.")
    try:
        return _arranged(data, checksum_of(file))
    except (InputError, KeyError, ValueError) as error:
        raise SourceFileError(f"{file} is not the initial conditions of KITE: {error}") from error


def _arranged(data: Mapping[str, Any], checksum: str) -> KiteBase:
    frames = {name: pd.DataFrame(data[name]) for name in TABLES}
    places = tuple(sorted({str(x) for x in frames["value_added"]["country"]}))
    goods = tuple(sorted({str(x) for x in frames["trade_elasticity"]["sector"]}))
    labels = dict.fromkeys(("country", "origin", "destination"), places)
    labels |= dict.fromkeys(("sector", "input", "output"), goods)
    cells = {
        name: cube(frames[name], "value", {axis: labels[axis] for axis in axes})
        for name, axes in TABLES.items()
    }
    return KiteBase(
        tuple(_code(x) for x in places),
        goods,
        cells["trade_share"],
        cells["tariff"] - 1.0,
        cells["factor_share"],
        cells["consumption_share"],
        cells["intermediate_share"],
        cells["value_added"],
        cells["trade_balance"],
        _theta(cells["trade_elasticity"]),
        checksum,
    )


def _theta(value: FloatArray) -> FloatArray:
    """Trade elasticity as a positive number: earlier files have its inverse, or the other sign."""
    size = np.abs(value)
    return np.asarray(np.where(size.max() < 1.0, 1.0 / size, size))


def _code(label: str) -> str:
    try:
        return resolve_country(label)
    except UnknownCountryError:
        return label.upper()
