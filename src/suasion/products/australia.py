"""Losing a buyer, counted: a seller's exports of a good by year and partner, as those of Australian coal after 2020."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from suasion.errors import InputError, MissingValueError
from suasion.products.flows import numbers_of
from suasion.products.store import ProductStore, connect, open_store

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
