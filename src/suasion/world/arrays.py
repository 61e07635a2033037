"""Names, axes and derived quantities of a world's accounts, as pure functions of plain arrays.

Symbols: ``n`` importer (user), ``i`` exporter (origin), ``k`` sector bought, ``s`` sector that buys,
``f`` factor. All values are million USD; rates are fractions (0.1 is 10 %).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np

from suasion.types import FloatArray

Arrays = Mapping[str, FloatArray]

STORED: dict[str, tuple[str, ...]] = {
    "intermediate": ("importer", "exporter", "sector"),
    "final": ("importer", "exporter", "sector"),
    "input_use": ("country", "user", "input"),
    "factor_income": ("country", "sector", "factor"),
    "tariff": ("importer", "exporter", "sector"),
    "export_tax": ("importer", "exporter", "sector"),
}
"""Arrays that a world stores, with their axes in order."""

DERIVED: dict[str, tuple[str, ...]] = {
    "value_added": ("country", "sector"),
    "output": ("country", "sector"),
    "transfer": ("country",),
}
"""Quantities computed from the stored arrays, with their axes in order."""

DIMS: dict[str, tuple[str, ...]] = {**STORED, **DERIVED}
RATES = frozenset({"tariff", "export_tax"})


def read_only(values: Any) -> FloatArray:
    """Return a float64 copy of ``values`` that cannot be written to; what is one already is returned as it is."""
    if type(values) is np.ndarray and values.dtype == np.float64 and _is_sealed(values):
        return values
    copy = np.array(values, dtype=np.float64, order="C")
    copy.flags.writeable = False
    return copy


def _is_sealed(values: FloatArray) -> bool:
    """Whether an array is in order, owns its memory, and cannot be written to."""
    flags = values.flags
    return bool(flags.owndata and flags.c_contiguous and not flags.writeable)


def border_flows(flow: FloatArray, export_tax: FloatArray) -> FloatArray:
    """Value at the border, ``flow (1 + e)``, of a flow at basic prices (importer, exporter, sector)."""
    return flow * (1.0 + export_tax)


def user_flows(flow: FloatArray, tariff: FloatArray, export_tax: FloatArray) -> FloatArray:
    """Value at user prices, ``flow (1 + e)(1 + t)``, of a flow at basic prices; same axes.

    Where nothing is levied the flow itself is returned: passes over arrays are what loading a large world costs.
    """
    wedges = [1.0 + rate for rate in (export_tax, tariff) if rate.any()]
    return flow * reduce(np.multiply, wedges) if wedges else flow


def value_added(arrays: Arrays) -> FloatArray:
    """Income of all factors together (country, sector), million USD."""
    return np.asarray(arrays["factor_income"].sum(axis=2))


def output(arrays: Arrays) -> FloatArray:
    """Sales at basic prices to all buyers, at home and abroad (country, sector), million USD."""
    return np.asarray(arrays["intermediate"].sum(axis=0) + arrays["final"].sum(axis=0))


def tariff_revenue(arrays: Arrays) -> FloatArray:
    """Tariffs that each country collects on its purchases (country,), million USD."""
    if not arrays["tariff"].any():
        return np.zeros(arrays["final"].shape[0])
    border = border_flows(arrays["intermediate"] + arrays["final"], arrays["export_tax"])
    return np.asarray((border * arrays["tariff"]).sum(axis=(1, 2)))


def export_tax_revenue(arrays: Arrays) -> FloatArray:
    """Export taxes that each country collects on its sales (country,), million USD."""
    if not arrays["export_tax"].any():
        return np.zeros(arrays["final"].shape[0])
    return np.asarray(((arrays["intermediate"] + arrays["final"]) * arrays["export_tax"]).sum(axis=(0, 2)))


def absorption(arrays: Arrays) -> FloatArray:
    """Sum final purchases at user prices (country,), million USD."""
    return np.asarray(user_flows(arrays["final"], arrays["tariff"], arrays["export_tax"]).sum(axis=(1, 2)))


def income(arrays: Arrays) -> FloatArray:
    """Factor and tax income (country,), million USD."""
    return np.asarray(value_added(arrays).sum(axis=1) + tariff_revenue(arrays) + export_tax_revenue(arrays))


def transfer(arrays: Arrays) -> FloatArray:
    """Absorption less income (country,), million USD: what is spent beyond factor and tax income."""
    return np.asarray(absorption(arrays) - income(arrays))


DERIVE: dict[str, Callable[[Arrays], FloatArray]] = {
    "value_added": value_added,
    "output": output,
    "transfer": transfer,
}
"""The function that computes each derived quantity."""
