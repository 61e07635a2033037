"""Replaceability of goods: room of other sellers, risk of a seller, and what a buyer could not easily get elsewhere.

    import risk = sum over suppliers of g_i f_i / sum over suppliers of f_i,   g = 1/2 - PV / 5

``f_i`` are imports from i and ``PV`` is the political-stability indicator, which runs from about -2.5 (worst) to 2.5;
g puts it on a scale from 0 (most stable) to 1. (Method page of geopolrisk.org: the weighted average of import shares.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from suasion.errors import InputError, SameCountryError
from suasion.products.elasticities import responses
from suasion.products.flows import Axes, Sold, axes, numbers_of, sold, suppliers_of
from suasion.products.pair import PairTrade, filler_table, pair_table
from suasion.products.piped import Piped, piped_goods
from suasion.products.production import Production
from suasion.products.store import ProductStore, connect, embedded_store, open_store, side_by_side
from suasion.quotient import over
from suasion.sources.materials import governance
from suasion.types import FloatArray, IntArray

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, eq=False)
class Replaceability:
    """One direction of a pair, product by product.

    Attributes
    ----------
    buyer, seller : codes, or names of groups
    year : year of the trade
    table : one row a product that the seller sends the buyer, the largest loss of the buyer first. Trade:
        ``product``, ``name``, ``value`` (m USD), ``buyer_share`` (of the seller in the buyer's imports),
        ``seller_share`` (of the buyer in the seller's exports), ``world_share`` (of the seller in world exports),
        ``world_concentration``, ``risk`` (this times the governance-weighted share of the buyer's suppliers, as
        GeoPolRisk but by value and by exports; missing where a supplier of note has no indicator). Alternatives, the
        buyer's present suppliers (:mod:`suasion.measures.totals`; all exporters where it has none):
        ``alternatives`` (their number), ``alternative_exports`` (m USD, to others than the buyer), ``cover`` (these
        over the value), ``room`` (m USD, with that of newcomers up to the part that they fill), ``room_basis``
        (:class:`RoomBasis`). If the seller is cut off from the buyer: ``rise_small``, ``rise``,
        ``rise_low``, ``rise_high``, ``rise_limited``, and ``rise_gone`` if the seller left the world market (all per
        cent); ``loss``, ``loss_low``, ``loss_high`` (m USD of the buyer). If the buyer refuses the goods:
        ``fall_small``, ``fall``, ``fall_low``, ``fall_high`` (per cent), ``diverted_small``, ``diverted``,
        ``diverted_low``, ``diverted_high`` (share of the refused volume), ``seller_loss``, ``seller_loss_low``,
        ``seller_loss_high`` (m USD of export receipts). ``market`` and ``elasticities`` say which elasticities.
    fillers : who would fill each gap: ``product``, ``filler``, ``part`` (of the gap, 0 to 1), ``part_low``,
        ``part_high`` (nine of ten stops); what is left over is the newcomers'
    piped : goods that reach the buyer by pipe, :class:`suasion.products.piped.Piped`: their prices are the buyer's own
    source : where the trade comes from

    Notes
    -----
    A bloc is one economy: trade among its members is neither an export of the seller nor one to others than the buyer.
    """

    buyer: str
    seller: str
    year: int
    table: pd.DataFrame
    fillers: pd.DataFrame
    piped: tuple[Piped, ...]
    source: str

    def for_seller(self) -> pd.DataFrame:
        """Return the same rows, the largest loss of the seller first."""
        return self.table.sort_values("seller_loss", ascending=False, ignore_index=True)


def replaceability(
    buyer: str,
    seller: str,
    store: ProductStore | None = None,
    *,
    year: int | None = None,
    rerouted: float = 0.0,
) -> Replaceability:
    """Measure how hard it is for a buyer to replace a seller, and for the seller to replace the buyer.

    Parameters
    ----------
    buyer, seller : countries (code or name) or dated groups such as ``EU``
    store : product data; :func:`suasion.products.open_store` by default. Spare room is measured on production where the
        store has it.
    year : the store's last year without it
    rerouted : share of the goods cut off that reaches other buyers and frees as much for this one, 0 to 1

    Returns
    -------
    Replaceability

    Raises
    ------
    SameCountryError
        If buyer and seller overlap.
    InputError
        If a country or the year is not in the store, or ``rerouted`` is not in [0, 1].
    """
    _check_rerouted(rerouted)
    data = open_store() if store is None else store
    with _reading(data) as reading:
        return _measured(reading, buyer, seller, data.year(year), rerouted)


@dataclass(frozen=True, slots=True)
class _Reading:
    """An open store: what one direction has read of a year's exports serves the other too."""

    data: ProductStore
    connection: duckdb.DuckDBPyConnection
    labels: Axes
    sales: Sales


_EMBEDDED: dict[int, Sold] = {}
"""Exports in the embedded store by year, which never change: 0.4 MB a year."""


@contextmanager
def _reading(data: ProductStore) -> Iterator[_Reading]:
    with connect(data) as connection:
        labels = axes(data, connection)
        kept = _EMBEDDED if data.trade == embedded_store().trade else {}

        def sales(year: int) -> Sold:
            if year not in kept:
                kept[year] = sold(connection.cursor(), labels, year)
            return kept[year]

        yield _Reading(data, connection, labels, sales)


def _measured(reading: _Reading, buyer: str, seller: str, when: int, rerouted: float) -> Replaceability:
    data, labels = reading.data, reading.labels
    (a, buying), (b, selling) = numbers_of(buyer, data, when), numbers_of(seller, data, when)
    if set(buying) & set(selling):
        raise SameCountryError(f"{buyer!r} and {seller!r} overlap; name two that do not.")
    bought = suppliers_of(reading.connection, labels, when, buying)
    own = np.unique(labels.place[list(selling)])
    traded = np.flatnonzero(bought[own].sum(axis=0) > 0)
    room, basis = spare_room(reading.sales, labels, data, when, traded)
    weight = seller_outlets(reading.connection, labels, when, buying, own)[traded]
    buyers, sales = np.unique(labels.place[list(buying)]), _outward(reading, when, selling, own)
    every = piped_goods(reading.connection, when, a)
    piped = {int(one.product): one for one in every if one.seller == b}
    pair = _pair(labels, bought, sales, own, buyers, traded, room, basis, weight, when, piped)
    table = pair_table(pair, responses(pair.codes), rerouted, data)
    fillers = filler_table(pair, labels.economies)
    return Replaceability(a, b, when, table, fillers, tuple(pair.piped.values()), data.source)


def _outward(reading: _Reading, when: int, selling: tuple[int, ...], own: IntArray) -> FloatArray:
    """Exports of every economy, (C, P); those of the seller to outside only, where it is a bloc."""
    sales = reading.sales(when)[0]
    if own.size == 1:
        return sales
    sales = sales.copy()
    sales[own] -= suppliers_of(reading.connection, reading.labels, when, selling)[own]
    return np.clip(sales, 0.0, None)


def replaceability_both(
    a: str, b: str, store: ProductStore | None = None, *, year: int | None = None, rerouted: float = 0.0
) -> tuple[Replaceability, Replaceability]:
    """Measure both directions: what a gets from b, and what b gets from a.

    Parameters
    ----------
    a, b : countries or groups
    store : product data
    year : the store's last year without it
    rerouted : as in :func:`replaceability`

    Returns
    -------
    tuple of Replaceability

    Raises
    ------
    SameCountryError, InputError
        As :func:`replaceability`.
    """
    _check_rerouted(rerouted)
    data = open_store() if store is None else store
    with _reading(data) as reading:
        when = data.year(year)
        return _measured(reading, a, b, when, rerouted), _measured(reading, b, a, when, rerouted)


def _check_rerouted(rerouted: float) -> None:
    if not 0 <= rerouted <= 1:
        raise InputError(f"`rerouted` is {rerouted:g}; give a share from 0 to 1.")


def _pair(
    labels: Axes, bought: FloatArray, sales: FloatArray, own: IntArray, buyers: IntArray, traded: IntArray,
    room: FloatArray, basis: str, weight: FloatArray, when: int, piped: Mapping[int, Piped],
) -> PairTrade:  # fmt: skip
    others, to_buyer = sales[:, traded].copy(), bought[:, traded].copy()
    others[own], to_buyer[own] = 0.0, 0.0
    room = room.copy()
    room[own] = 0.0
    outside = bought[:, traded].copy()
    outside[buyers] = 0.0
    return PairTrade(
        codes=tuple(labels.products[n] for n in traded.tolist()),
        value=bought[np.ix_(own, traded)].sum(axis=0),
        bought=outside.sum(axis=0),
        seller_exports=sales[np.ix_(own, traded)].sum(axis=0),
        others=others,
        to_buyer=to_buyer,
        room=room,
        basis=basis,
        weight=weight,
        import_risk=import_risk(outside, labels.economies, when),
        buyers=buyers,
        piped={
            place: piped[code] for place, code in enumerate(labels.numbers[traded].tolist()) if code in piped
        },
    )


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
    for past in side_by_side(sales, years[:-1]):
        then = _chosen(past, traded)
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


UNKNOWN = 0.01


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
    weight = 0.5 - latest.reindex(list(economies)).to_numpy(dtype=np.float64) / 5.0
    total, known = bought.sum(axis=0), ~np.isnan(weight)
    seen = bought[known].sum(axis=0)
    mean = over(weight[known] @ bought[known], seen, np.nan)
    return np.where(total - seen <= UNKNOWN * total, mean, np.nan)
