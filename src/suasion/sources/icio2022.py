"""The embedded world table: OECD inter-country input-output, year 2022, 80 economies x 50 industries.

Source: OECD Inter-Country Input-Output tables, 2025 release, as carried by the package named in
PROVENANCE.md. The rest of the world is not in the source: its deliveries sit in value added, its purchases
in final sales.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from suasion.errors import SourceFileError
from suasion.sources import quantised
from suasion.sources.embedded import ADVICE, load_csv, load_npz
from suasion.types import FloatArray


@dataclass(frozen=True, slots=True)
class IcioTable:
    """The embedded table for 2022, current million USD at basic prices, tariffs unknown.

    Attributes
    ----------
    countries : tuple of str
        ISO 3166 alpha-3 codes, N = 80.
    sectors : tuple of str
        ICIO industry codes, S = 50.
    intermediate, final : ndarray, shape (importer, exporter, sector)
        Purchases for further production (observed) and for final use (destination estimated).
    input_use : ndarray, shape (country, user, input)
        What each industry buys of each input, all origins.
    factor_income : ndarray, shape (country, sector, factor = 1)
        Output less purchases: value added, net taxes, and deliveries of the rest of the world.
    absorption : ndarray, shape (country,)
        Final purchases that the split aims at.
    net_exports : ndarray, shape (country,)
        Exports less imports of goods and services in 2022, World Factbook; zero where missing.
    net_exports_missing : tuple of str
        Economies whose net exports are unknown and taken as zero.
    absorption_factor : float
        The common factor that closes the world sum of absorption.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    intermediate: FloatArray
    final: FloatArray
    input_use: FloatArray
    factor_income: FloatArray
    absorption: FloatArray
    net_exports: FloatArray
    net_exports_missing: tuple[str, ...]
    absorption_factor: float

    @property
    def arrays(self) -> Mapping[str, FloatArray]:
        """The four stored arrays of a world by standard name."""
        names = ("intermediate", "final", "input_use", "factor_income")
        return MappingProxyType({name: getattr(self, name) for name in names})


@cache
def icio2022_sectors() -> Mapping[str, str]:
    """Names of the 50 industries by ICIO code, in the order of the table."""
    table = load_csv("sectors.csv", text=("code", "name"))
    return MappingProxyType(dict(zip(table["code"], table["name"], strict=True)))


@cache
def icio2022_arrays() -> IcioTable:
    """Pooled arrays of the embedded 2022 table.

    Returns
    -------
    IcioTable
        Read-only float64 arrays in million USD. Output of a cell, summed over buyers, equals its value
        added plus its purchases to rounding in the last digit: the stored amounts are whole multiples of
        100 USD.

    Raises
    ------
    SourceFileError
        If the file is missing or broken.
    """
    return _table(load_npz("icio2022.npz"))


def _table(raw: Mapping[str, npt.NDArray[Any]]) -> IcioTable:
    try:
        unit = float(raw["units_per_million"])
        return IcioTable(
            countries=tuple(str(code) for code in raw["countries"]),
            sectors=tuple(str(code) for code in raw["sectors"]),
            intermediate=_frozen(raw["intermediate"] / unit),
            final=_frozen(raw["final"] / unit),
            input_use=_frozen(raw["input_use"] / unit),
            factor_income=_frozen(raw["factor_income"] / unit),
            absorption=_frozen(raw["absorption"]),
            net_exports=_frozen(raw["net_exports"]),
            net_exports_missing=tuple(str(code) for code in raw["net_exports_missing"]),
            absorption_factor=float(raw["absorption_factor"]),
        )
    except KeyError as reason:
        raise SourceFileError(
            f"the embedded file icio2022.npz lacks the array {reason}; {ADVICE}"
        ) from reason


def icio2022_use() -> FloatArray:
    """Full user-by-industry matrix of the embedded 2022 table, unpacked on demand.

    Returns
    -------
    ndarray of float64, shape (exporter, input, importer, user)
        Million USD; 128 MB, unpacked anew at each call (under a second). Each flow is within 0.2 % of the
        published one; sums over users and over exporters equal the pooled arrays.

    Raises
    ------
    SourceFileError
        If the file is missing or broken.
    """
    raw = load_npz("icio2022_use.npz")
    unit = float(load_npz("icio2022.npz")["units_per_million"])
    try:
        shape = tuple(int(size) for size in raw["shape"])
        codes = _unpack(raw["low"], raw["high"], shape)
        ladder = quantised.levels(int(raw["largest"])) / unit
    except (KeyError, OSError, ValueError) as reason:
        raise SourceFileError(
            f"the embedded file icio2022_use.npz is broken ({reason}); {ADVICE}"
        ) from reason
    use = np.empty(tuple(shape[axis] for axis in (2, 0, 1, 3)))
    for exporter, flows in enumerate(use):  # indexing, not `take`: ten times as fast here
        flows[...] = ladder[codes[:, :, exporter]]
    return use


def _unpack(
    low: npt.NDArray[np.uint8], high: npt.NDArray[np.uint8], shape: tuple[int, ...]
) -> quantised.CodeArray:
    """Codes from their two compressed byte planes."""
    size, codec = int(np.prod(shape)), pa.Codec("zstd")
    first, second = (
        np.frombuffer(codec.decompress(plane.tobytes(), size, asbytes=True), np.uint8)
        for plane in (low, high)
    )
    codes = second.astype(np.uint16)
    codes <<= 8
    codes |= first
    return codes.reshape(shape)


def _frozen(array: npt.NDArray[Any]) -> FloatArray:
    """Read-only float64 copy."""
    copy = np.array(array, dtype=np.float64)
    copy.setflags(write=False)
    return copy
