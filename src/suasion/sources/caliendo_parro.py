"""The complete data set of Caliendo and Parro (2015): 31 countries, 40 sectors, tariffs of 1993 and 2005.

The R file ``cp2015_nafta.rda`` holds long tables in US dollars: intermediate and final consumption, value
added, trade (border values, domestic sales on the diagonal), tariffs as fractions, deficits, thetas. The
second set of tariffs differs from the first only in the six trade relations inside NAFTA: it is the paper's
experiment.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from suasion.errors import InputError, SourceFileError
from suasion.files import checksum_of
from suasion.sources.countries import resolve_country
from suasion.sources.ir_files import locate
from suasion.sources.rfiles import cube, read_r
from suasion.types import FloatArray

FILE = "cp2015_nafta.rda"
CITATION = (
    "Caliendo and Parro (2015), Estimates of the Trade and Welfare Effects of NAFTA, "
    "Review of Economic Studies 82(1)"
)
_TABLES = (
    "sets",
    "intermediate_consumption",
    "final_consumption",
    "value_added",
    "trade",
    "deficit",
    "theta",
)
_MILLION = 1e-6


@dataclass(frozen=True, slots=True)
class CaliendoParro:
    """Arrays of the paper's base year, not yet an equilibrium.

    Final shares were clipped at zero, so total demand for a good differs from supply until the base is solved
    again with the shares kept. Values are million USD; ``N`` = 31, ``S`` = 40.

    countries, country_names, sectors: Alpha-3 codes (``"ROW"`` last), and the names of the data set.
    trade: (importer, exporter, sector) values at the border, before tariffs; domestic sales on the diagonal.
    tariff_1993, tariff_2005: (importer, exporter, sector) rates. 2005 differs from 1993 inside NAFTA only.
    input_use: (country, user, input) as published; one cell is negative (Canada, Basic metals using Other).
    value_added, final_use: (country, sector); ``final_use`` after clipping, its sum is income.
    deficit: (country,) imports less exports at the border.
    theta: (sector,) the paper's dispersion parameter, sigma - 1; services have 8.22.
    checksum: SHA-256 of the file.
    """

    countries: tuple[str, ...]
    country_names: tuple[str, ...]
    sectors: tuple[str, ...]
    trade: FloatArray
    tariff_1993: FloatArray
    tariff_2005: FloatArray
    input_use: FloatArray
    value_added: FloatArray
    final_use: FloatArray
    deficit: FloatArray
    theta: FloatArray
    checksum: str

    @property
    def output(self) -> FloatArray:
        """(country, sector) gross output: all sales at the border, which is value added plus inputs."""
        return np.asarray(self.trade.sum(axis=0))

    @property
    def expenditure(self) -> FloatArray:
        """(country, sector) E, purchases with tariffs of 1993."""
        return np.asarray((self.trade * (1.0 + self.tariff_1993)).sum(axis=1))

    @property
    def share(self) -> FloatArray:
        """(importer, exporter, sector) pi, shares in purchases with tariffs; sum over exporters is one."""
        return np.asarray(self.trade * (1.0 + self.tariff_1993) / self.expenditure[:, None, :])

    @property
    def va_share(self) -> FloatArray:
        """(country, sector) a, value added in gross output."""
        return np.asarray(self.value_added / self.output)

    @property
    def input_share(self) -> FloatArray:
        """(country, user, input) g, composition of input cost; sums to one, or to zero without inputs."""
        total = self.input_use.sum(axis=2, keepdims=True)
        return np.asarray(self.input_use / np.where(total > 0, total, 1.0))

    @property
    def tariff_revenue(self) -> FloatArray:
        """(country,) tariffs collected at the rates of 1993."""
        return np.asarray((self.trade * self.tariff_1993).sum(axis=(1, 2)))

    @property
    def income(self) -> FloatArray:
        """(country,) I = value added + tariff revenue + deficit."""
        return np.asarray(self.value_added.sum(axis=1) + self.tariff_revenue + self.deficit)

    @property
    def final_residual(self) -> FloatArray:
        """(country, sector) purchases less inputs, final use before clipping; 185 cells are negative."""
        return np.asarray(self.expenditure - self.input_use.sum(axis=1))

    @property
    def final_share(self) -> FloatArray:
        """(country, sector) alpha after clipping at zero and scaling to one."""
        return np.asarray(self.final_use / self.final_use.sum(axis=1, keepdims=True))


def read_caliendo_parro(path: str | Path) -> CaliendoParro:
    """Read the data set.

    path: The file ``cp2015_nafta.rda``, or a folder that holds it or a folder ``cp2015`` with it.
    Raises SourceFileError if the file is absent, not an R file, or lacks a table or a cell.
    """
    file = locate(path, [FILE])
    data = read_r(file).get("cp2015_nafta", {})
    absent = [name for name in _TABLES if name not in data]
    if absent:
        raise SourceFileError(
            f"{file} lacks {', '.join(absent)}: it is not the data set of Caliendo and Parro."
        )
    try:
        return _arranged(data, checksum_of(file))
    except (InputError, KeyError) as error:
        raise SourceFileError(f"{file} is not the data set of Caliendo and Parro: {error}") from error


def _arranged(data: dict[str, Any], checksum: str) -> CaliendoParro:
    places = tuple(str(x) for x in data["sets"]["regions"])
    goods = tuple(str(x) for x in data["sets"]["sectors"])
    flows = {"importer": places, "exporter": places, "sector": goods}
    cells = {"region": places, "sector": goods}
    trade = data["trade"]
    return CaliendoParro(
        countries=tuple(_code(x) for x in places),
        country_names=places,
        sectors=goods,
        trade=cube(trade, "value", flows) * _MILLION,
        tariff_1993=cube(trade, "tariff_bln", flows),
        tariff_2005=cube(trade, "tariff_cfl", flows),
        input_use=cube(data["intermediate_consumption"], "value", {**cells, "input": goods}) * _MILLION,
        value_added=cube(data["value_added"], "value", cells) * _MILLION,
        final_use=cube(data["final_consumption"], "value", cells) * _MILLION,
        deficit=cube(data["deficit"], "D", {"region": places}) * _MILLION,
        theta=cube(data["theta"], "value", {"sector": goods}),
        checksum=checksum,
    )


def _code(name: str) -> str:
    return "KOR" if name == "Korea" else resolve_country(name)
