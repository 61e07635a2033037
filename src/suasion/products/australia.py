"""Losing a buyer, worked through: Australia's coal after 2020, and three kinds of goods.

In 2020 China stopped taking several Australian goods. Coal is in the embedded data, so where it went can be
counted. For goods outside of them the formula says what to expect of their kind, with every number an
assumption and a range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from suasion.errors import InputError, MissingValueError
from suasion.products.balance import price_fall, small_fall
from suasion.products.elasticities import Range
from suasion.products.flows import numbers_of
from suasion.products.store import ProductStore, connect, open_store
from suasion.types import FloatArray

COAL = ("2701",)
MILLION = 1e-3  # thousand USD to million USD
LARGEST = 8


@dataclass(frozen=True)
class LostBuyer:
    """Exports of a good before and after a buyer turned away.

    Attributes
    ----------
    seller, buyer : str
    table : one row a year: ``year``, ``value`` (m USD), ``tonnes`` (million), ``share`` (of the buyer in the seller's
        exports, by value), ``buyer_tonnes``, ``other_tonnes`` (million), ``price`` (USD a tonne).
    partners : one row a year and partner: ``year``, ``partner``, ``value`` (m USD), ``tonnes`` (million), ``share``;
        the largest partners, the rest as ``other``.
    """

    seller: str
    buyer: str
    table: pd.DataFrame
    partners: pd.DataFrame

    def diverted(self, before: int, after: int) -> float:
        """Share of the volume that the buyer no longer took which others took more.

        Parameters
        ----------
        before, after : two years of the table

        Returns
        -------
        float
            1 - net loss of volume / volume the buyer took less; above 1 if exports grew.

        Raises
        ------
        InputError
            If a year is not in the table, or the buyer took no less.
        """
        rows = self.table.set_index("year")
        absent = [year for year in (before, after) if year not in rows.index]
        if absent:
            raise InputError(
                f"The table has no year {absent[0]}; it has {rows.index.min()} to {rows.index.max()}."
            )
        taken, sold = rows["buyer_tonnes"].to_dict(), rows["tonnes"].to_dict()
        refused = float(taken[before] - taken[after])
        if refused <= 0:
            raise InputError(f"{self.buyer} took no less in {after} than in {before}.")
        return 1.0 - float(sold[before] - sold[after]) / refused


def lost_buyer(
    seller: str = "AUS",
    buyer: str = "CHN",
    prefixes: Sequence[str] = COAL,
    years: tuple[int, int] = (2018, 2024),
    store: ProductStore | None = None,
) -> LostBuyer:
    """Show a buyer's share in a seller's exports of a good by year, and where the rest went.

    Parameters
    ----------
    seller, buyer : countries or groups; Australia and China by default
    prefixes : first digits of the HS codes; coal (2701) by default
    years : (int, int) first and last year
    store : product data

    Returns
    -------
    LostBuyer

    Raises
    ------
    InputError
        If a country or year is not in the store, or the years are in the wrong order.
    MissingValueError
        If the seller exported none of the good in the years.
    """
    data = open_store() if store is None else store
    first, last = data.year(years[0]), data.year(years[1])
    if first > last:
        raise InputError(f"The years {first} to {last} are in the wrong order.")
    (a, selling), (b, buying) = numbers_of(seller, data, last), numbers_of(buyer, data, last)
    rows = partner_rows(selling, prefixes, (first, last), data)
    if rows.empty:
        raise MissingValueError(f"{a} exported nothing under {', '.join(prefixes)} from {first} to {last}.")
    taken = rows["number"].isin(buying)
    yearly = rows.groupby("year")[["value", "quantity"]].sum()
    own = rows[taken].groupby("year")[["value", "quantity"]].sum().reindex(yearly.index, fill_value=0.0)
    table = pd.DataFrame(
        {
            "year": yearly.index,
            "value": yearly["value"].to_numpy() * MILLION,
            "tonnes": yearly["quantity"].to_numpy() / 1e6,
            "share": (own["value"] / yearly["value"]).to_numpy(),
            "buyer_tonnes": own["quantity"].to_numpy() / 1e6,
            "other_tonnes": (yearly["quantity"] - own["quantity"]).to_numpy() / 1e6,
            "price": (yearly["value"] * 1e3 / yearly["quantity"]).to_numpy(),
        }
    )
    return LostBuyer(a, b, table, _partners(rows, yearly))


def partner_rows(
    selling: Sequence[int], prefixes: Sequence[str], years: tuple[int, int], store: ProductStore
) -> pd.DataFrame:
    """Exports of a seller by year and partner.

    selling: BACI's numbers of the seller.
    prefixes: first digits of HS codes.
    years: (int, int) first and last year.
    store: product data.
    Returns: ``year``, ``number``, ``partner``, ``value`` (thousand USD), ``quantity`` (tonnes, unknown ones
      left out).
    """
    inside = ", ".join(str(int(n)) for n in selling)
    fits = " OR ".join(f"starts_with(printf('%06d', product), '{int(p):0{len(p)}d}')" for p in prefixes)
    with connect(store) as connection:
        return connection.execute(
            "SELECT t.year, t.importer AS number, c.country AS partner, sum(t.value) AS value, "
            "sum(coalesce(t.quantity, 0)) AS quantity FROM trade t JOIN countries c ON c.number = t.importer "
            f"WHERE t.exporter IN ({inside}) AND t.importer NOT IN ({inside}) AND ({fits}) "
            "AND t.year BETWEEN ? AND ? GROUP BY ALL ORDER BY ALL",
            list(years),
        ).df()


def _partners(rows: pd.DataFrame, yearly: pd.DataFrame) -> pd.DataFrame:
    large = rows.groupby("partner")["value"].sum().nlargest(LARGEST).index
    named = rows.assign(partner=rows["partner"].where(rows["partner"].isin(large), "other"))
    summed = named.groupby(["year", "partner"], as_index=False)[["value", "quantity"]].sum()
    summed["share"] = summed["value"] / summed["year"].map(yearly["value"])
    summed["value"] *= MILLION
    summed["quantity"] /= 1e6
    order = ["year", "value"]
    made = summed.rename(columns={"quantity": "tonnes"}).sort_values(order, ascending=[True, False])
    return made.reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class KindOfGood:
    """What decides whether a refused good finds other buyers.

    Attributes
    ----------
    name : str
    share : of the lost buyer in the seller's exports
    supply, demand : (low, central, high) elasticities of the seller's supply and of all other demand for its goods,
        on its old exports
    """

    name: str
    share: float
    supply: Range
    demand: Range


KINDS: tuple[KindOfGood, ...] = (
    # One world price, and a world market several times the seller's exports.
    KindOfGood("coal-like", 0.21, (0.1, 0.25, 0.5), (0.5, 0.9, 2.0)),
    # One world price; feed grains replace each other, and the world buys several times the exports.
    KindOfGood("barley-like", 0.5, (0.15, 0.4, 0.8), (1.0, 2.5, 5.0)),
    # Brands, licences and tastes tie it to its market within a year, and it can be kept instead.
    KindOfGood("wine-like", 0.4, (0.5, 1.0, 2.0), (0.2, 0.4, 0.8)),
    # Nearly all went to one buyer, so that the others' demand is thin.
    KindOfGood("lobster-like", 0.9, (0.5, 1.0, 2.0), (0.05, 0.1, 0.3)),
)
"""Four kinds of goods that Australia sold to China; all elasticities are assumptions, for the reason above each."""


def kinds_of_goods(kinds: Sequence[KindOfGood] = KINDS) -> pd.DataFrame:
    """Say what share of a refused good is diverted, and how far its price falls, by kind of good.

    Parameters
    ----------
    kinds : the kinds

    Returns
    -------
    DataFrame
        ``kind``, ``share``, ``diverted_small`` and ``fall_small`` (formula for small losses), ``diverted``, ``fall``
        (exact), and the ranges ``diverted_low``, ``diverted_high``, ``fall_low``, ``fall_high`` over the corners of
        the elasticities. Falls in per cent.
    """
    rows = []
    for kind in kinds:
        share = np.array([kind.share])
        small_f, small_d = small_fall(share, _one(kind.supply[1]), _one(kind.demand[1]))
        fall, diverted = price_fall(share, _one(kind.supply[1]), _one(kind.demand[1]))
        corners = [
            price_fall(share, _one(s), _one(d)) for s, d in product(kind.supply[::2], kind.demand[::2])
        ]
        falls = [100.0 * float(c[0][0]) for c in corners]
        shares = [float(c[1][0]) for c in corners]
        rows.append(
            (kind.name, kind.share, float(small_d[0]), 100.0 * float(small_f[0]), float(diverted[0]),
             100.0 * float(fall[0]), min(shares), max(shares), min(falls), max(falls))
        )  # fmt: skip
    columns = ["kind", "share", "diverted_small", "fall_small", "diverted", "fall", "diverted_low", "diverted_high",
               "fall_low", "fall_high"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _one(value: float) -> FloatArray:
    return np.array([value])
