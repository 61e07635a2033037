"""Replaceability: what a buyer gets from a seller that it could not easily get elsewhere, and the reverse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from suasion.errors import InputError, SameCountryError
from suasion.products.elasticities import responses
from suasion.products.flows import Axes, Sold, axes, numbers_of, sold, suppliers_of
from suasion.products.pair import PairTrade, filler_table, pair_table
from suasion.products.piped import Piped, piped_goods
from suasion.products.risk import import_risk
from suasion.products.room import Sales, seller_outlets, spare_room
from suasion.products.store import ProductStore, connect, embedded_store, open_store
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
        buyer's present suppliers (:mod:`suasion.measures.fillers`; all exporters where it has none):
        ``alternatives`` (their number), ``alternative_exports`` (m USD, to others than the buyer), ``cover`` (these
        over the value), ``room`` (m USD, with that of newcomers up to the part that they fill), ``room_basis``
        (:class:`suasion.products.room.RoomBasis`). If the seller is cut off from the buyer: ``rise_small``, ``rise``,
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
