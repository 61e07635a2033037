"""How much more the alternatives could sell, and how thinly a seller's other outlets are supplied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from suasion.products.flows import Axes, Sold
from suasion.products.production import Production
from suasion.products.store import ProductStore, side_by_side
from suasion.quotient import over
from suasion.types import FloatArray, IntArray

if TYPE_CHECKING:
    import duckdb

Sales = Callable[[int], Sold]
ROOM_YEARS = 5


class RoomBasis(StrEnum):
    """Best year of the last five that this year's sales are held against, at this year's price."""

    EXPORTS = "exports"
    PRODUCTION = "production"


def spare_room(
    sales: Sales,
    labels: Axes,
    store: ProductStore,
    year: int,
    traded: IntArray,
) -> tuple[FloatArray, RoomBasis]:
    """Return how much more each economy could sell of each product, at this year's price.

    sales: exports of a year, as :func:`suasion.products.flows.sold` returns them.
    labels: labels of the arrays.
    store: the data, with production in tonnes or without.
    year: calendar year.
    traded: (P,) which products.
    Returns: room: (C, P). Thousand USD. Exports of earlier years are revalued by :func:`price_change`.
    basis: What it is measured by.
    """
    years = [y for y in store.years if year - ROOM_YEARS < y <= year]
    now = _chosen(sales(year), traded)
    best = now[0].copy()
    for sold in side_by_side(sales, years[:-1]):
        then = _chosen(sold, traded)
        np.maximum(best, then[0] * price_change(then, now), out=best)
    if store.production is None:
        return best - now[0], RoomBasis.EXPORTS
    price = np.nan_to_num(weighted_median(_value_a_tonne(now), now[2]))
    return _by_production(labels, years, traded, store.production, best - now[0], price), RoomBasis.PRODUCTION


def price_change(then: Sold, now: Sold) -> FloatArray:
    """Change of each product's price between two years: the median of its sellers' changes of value a tonne.

    then, now: exports of the two years.
    Returns: (P,). New price over old; 1 where no seller has quantities in both years.

    Sellers are weighted by the geometric mean of their sales in both years. World value over world tonnes would be
    led by quantities that are wrong or of another grade: for copper ore it tripled from 2020 to 2024.
    """
    old, new = _value_a_tonne(then), _value_a_tonne(now)
    known = (old > 0) & (new > 0)
    middle = weighted_median(over(new, old, np.nan), np.where(known, np.sqrt(then[2] * now[2]), 0.0))
    return np.asarray(np.where(np.isnan(middle), 1.0, middle))


def weighted_median(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Lower weighted median along the first axis; NaN where no weight is positive.

    values: (C, P) those of no weight may be NaN.
    weights: (C, P) nonnegative.
    Returns: (P,).
    """
    order = np.argsort(np.where(weights > 0, values, np.inf), axis=0)
    ranked = np.take_along_axis(weights, order, axis=0).cumsum(axis=0)
    half = (ranked < 0.5 * ranked[-1]).sum(axis=0)
    at = np.take_along_axis(order, half[None], axis=0)
    return np.asarray(np.where(ranked[-1] > 0, np.take_along_axis(values, at, axis=0)[0], np.nan))


def _chosen(sales: Sold, traded: IntArray) -> Sold:
    value, tonnes, weighed = sales
    return value[:, traded], tonnes[:, traded], weighed[:, traded]


def _value_a_tonne(sales: Sold) -> FloatArray:
    """Thousand USD a tonne of each seller, (C, P); zero if unknown."""
    _, tonnes, weighed = sales
    return over(weighed, tonnes)


def _by_production(
    labels: Axes, years: Sequence[int], traded: IntArray, production: Production, room: FloatArray,
    price: FloatArray,
) -> FloatArray:  # fmt: skip
    """Room by production where a seller's is known in all the years; a covered product it does not list is zero."""
    codes = [labels.products[n] for n in traded.tolist()]
    table = production.table
    rows = table[table["year"].isin(years) & table["product"].isin(codes)]
    at = [
        pd.Index(axis).get_indexer(pd.Index(rows[name]))
        for axis, name in ((years, "year"), (labels.economies, "country"), (codes, "product"))
    ]
    covered = np.zeros((len(years), len(codes)), bool)
    covered[at[0], at[2]] = True
    output = np.zeros((len(years), len(labels.economies), len(codes)))
    here = at[1] >= 0
    output[at[0][here], at[1][here], at[2][here]] = rows["quantity"].to_numpy()[here]
    known = covered.all(axis=0)
    return np.where(known, (output.max(axis=0) - output[-1]) * price, room)


def seller_outlets(
    connection: duckdb.DuckDBPyConnection, labels: Axes, year: int, buying: Sequence[int], own: IntArray
) -> FloatArray:
    """Share of other origins in the imports of a seller's other buyers, weighted by its sales to them.

    connection: Of :func:`suasion.products.connect`.
    labels, year: As in :func:`spare_room`.
    buying: BACI's numbers of the buyer left out.
    own: (S,) positions of the seller.
    Returns: (K,). 0 to 1; 1 where the seller has no other buyer.
    """
    sellers = np.flatnonzero(np.isin(labels.place, own))
    inside = ", ".join(str(n) for n in sellers.tolist())
    outside = ", ".join(str(int(n)) for n in buying)
    rows = connection.execute(
        f"SELECT product, sum(mine) AS a, sum(mine * mine / whole) AS b FROM (SELECT product, importer, "
        f"sum(value) AS whole, sum(value) FILTER (exporter IN ({inside})) AS mine FROM trade WHERE year = ? "
        f"AND importer NOT IN ({outside}, {inside}) GROUP BY ALL HAVING mine > 0) GROUP BY ALL",
        [int(year)],
    ).fetchnumpy()
    share = np.ones(len(labels.products))
    share[labels.column[rows["product"]]] = 1.0 - np.asarray(rows["b"], np.float64) / np.asarray(
        rows["a"], np.float64
    )
    return share
