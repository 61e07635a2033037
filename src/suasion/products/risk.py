"""Governance-weighted supply risk of a raw material, GeoPolRisk.

    GeoPolRisk = HHI x import risk
    HHI         = sum over producers of (share in world production)^2
    import risk = sum over suppliers of g_i f_i / (production at home + all imports),   g = 1/2 - PV / 5

``f_i`` are tonnes imported from i and ``PV`` is the political-stability indicator, which runs from about -2.5 (worst)
to 2.5; g puts it on a scale from 0 (most stable) to 1. (Method page of geopolrisk.org: GPRS is the product of the
production HHI and of the weighted average of import shares.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd

from suasion.errors import DataError, MissingValueError
from suasion.products.flows import numbers_of
from suasion.products.store import ProductStore, connect, open_store
from suasion.sources.materials import governance
from suasion.types import FloatArray

Indicator = TypeVar("Indicator", float, FloatArray)
UNKNOWN = 0.01


@dataclass(frozen=True)
class SupplyRisk:
    """Supply risk of a material for an importer.

    Attributes
    ----------
    score : concentration x import risk, 0 to 1
    concentration : herfindahl index of world production
    import_risk : governance-weighted share of imports in supply
    rows : what it is made of: ``exporter``, ``quantity`` (tonnes), ``stability`` (the indicator), ``weight`` (g),
        ``part`` (of the import risk); the largest part first.
    without_quantity : flows left out because their quantity is not known
    """

    score: float
    concentration: float
    import_risk: float
    rows: pd.DataFrame
    without_quantity: int


def stability_weight(estimate: Indicator) -> Indicator:
    """Put the political-stability indicator on a scale of risk: 1/2 - estimate / 5.

    Parameters
    ----------
    estimate : standard normal units
    """
    return 0.5 - estimate / 5.0


def supply_risk(
    imports: pd.DataFrame, production: pd.Series, stability: pd.Series, home_production: float = 0.0
) -> SupplyRisk:
    """Measure the supply risk of one material in one year.

    Parameters
    ----------
    imports : ``exporter`` (alpha-3) and ``quantity`` (tonnes); rows of one exporter are added up. A missing quantity
        is left out, with a note.
    production : world production by country, tonnes
    stability : political stability by country, in the units of the source
    home_production : the importer's own production, tonnes

    Returns
    -------
    SupplyRisk

    Raises
    ------
    DataError
        If there is no production or no supply, a number is negative, or a country has two indicators.
    MissingValueError
        If a supplier has no indicator; the message names it.
    """
    lacking = [name for name in ("exporter", "quantity") if name not in imports.columns]
    if lacking:
        raise DataError(f"The table of imports lacks {', '.join(lacking)}.")
    unknown = imports["quantity"].isna()
    by_supplier = imports[~unknown].astype({"exporter": str}).groupby("exporter")["quantity"].sum()
    by_supplier = by_supplier[by_supplier != 0]
    _check(by_supplier, production, stability, home_production)
    weight = stability.reindex(by_supplier.index).map(stability_weight)
    supply = home_production + float(by_supplier.sum())
    share = production / production.sum()
    parts = weight * by_supplier / supply
    hhi, risk = float((share**2).sum()), float(parts.sum())
    rows = pd.DataFrame(
        {
            "exporter": by_supplier.index,
            "quantity": by_supplier.to_numpy(),
            "stability": stability.reindex(by_supplier.index).to_numpy(),
            "weight": weight.to_numpy(),
            "part": parts.to_numpy(),
        }
    ).sort_values("part", ascending=False, ignore_index=True)
    return SupplyRisk(hhi * risk, hhi, risk, rows, int(unknown.sum()))


def _check(imports: pd.Series, production: pd.Series, stability: pd.Series, home: float) -> None:
    if not (production >= 0).all() or production.sum() <= 0:
        raise DataError("World production must be numbers >= 0 with a positive sum, one a country.")
    if (imports < 0).any() or home < 0 or home + imports.sum() <= 0:
        raise DataError("Imports and production at home must be >= 0, and not all zero.")
    twice = [c for c in imports.index if c in set(stability.index[stability.index.duplicated()])]
    if twice:
        raise DataError(f"Two indicators of political stability for {', '.join(twice)}; keep one.")
    none = [c for c in imports.index if c not in stability.index or np.isnan(stability[c])]
    if none:
        raise MissingValueError(
            f"No indicator of political stability for {', '.join(none)}. Give one, or leave the supplier out on "
            "purpose: missing is not zero."
        )


def import_risk(bought: FloatArray, economies: Sequence[str], year: int) -> FloatArray:
    """Weigh a buyer's imports by its suppliers' political stability, product by product, by value.

    bought: (C, P) imports from each economy; the buyer's own rows are zero.
    economies: codes, (C,).
    year: calendar year; the indicator is that of the last year on record up to it.
    Returns: (P,). 0 to 1. NaN without imports, and where suppliers without an indicator hold more than a
      hundredth of them: what is not known is not zero.
    """
    table = governance()
    dated = table[table["year"] <= max(year, int(table["year"].min()))].sort_values("year", kind="stable")
    latest = dated.drop_duplicates("country", keep="last").set_index("country")["estimate"]
    weight = stability_weight(latest.reindex(list(economies)).to_numpy(dtype=np.float64))
    total, known = bought.sum(axis=0), ~np.isnan(weight)
    seen = bought[known].sum(axis=0)
    mean = np.divide(weight[known] @ bought[known], seen, out=np.full(total.shape, np.nan), where=seen > 0)
    return np.where(total - seen <= UNKNOWN * total, mean, np.nan)


def imports_of(
    importer: str, products: Sequence[str], year: int, store: ProductStore | None = None
) -> pd.DataFrame:
    """Imports of some products by an economy or bloc from outside, for :func:`supply_risk`.

    Parameters
    ----------
    importer : country or dated group
    products : HS codes; a material may have several
    year : calendar year
    store : product data

    Returns
    -------
    DataFrame
        ``exporter`` (alpha-3), ``product``, ``quantity`` (tonnes, NaN if unknown), ``value`` (thousand USD).
    """
    data = open_store() if store is None else store
    when = data.year(year)
    _, numbers = numbers_of(importer, data, when)
    inside = ", ".join(map(str, numbers))
    codes = ", ".join(str(int(code)) for code in products)
    with connect(data) as connection:
        return connection.execute(
            "SELECT c.country AS exporter, printf('%06d', t.product) AS product, t.quantity, t.value FROM trade t "
            f"JOIN countries c ON c.number = t.exporter WHERE t.year = ? AND t.importer IN ({inside}) "
            f"AND t.exporter NOT IN ({inside}) AND t.product IN ({codes}) ORDER BY ALL",
            [when],
        ).df()
