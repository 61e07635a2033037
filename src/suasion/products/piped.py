"""Goods that come by pipe: without their one seller a buyer pays what its neighbours do, for what other routes carry.

    where routes suffice   p = (1 + share * gap) * (1 + rise of the world's price)
    where they do not      D p^-e_d = D - lost + free,  D: what is used, home production included

``gap`` is what buyers on the same land mass pay other sellers over what this one takes, times what was paid after past
stops over that; a buyer who would gain by it would have left already, so it is never below zero. ``free`` is what
other routes carry beyond what they do, and of stocks. The buyer loses the area under its demand up to the first
price, and, where it goes without, what that was worth above it; scarcity rents stay in the country. Every number is in
``piped.toml`` with its source, or comes from the trade of the year.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from suasion.files import shipped
from suasion.products.balance import TENFOLD, buyers_loss
from suasion.sources.groups import JOINED
from suasion.sources.materials import materials
from suasion.types import FloatArray

if TYPE_CHECKING:
    import duckdb

CENTRE, LEAST, MOST = 0, 1, 2
"""Places of a number and of its range in the file."""
KILO = 1e3
"""Tonnes in a thousand tonnes, and US dollars in a thousand of them."""
HELD, GONE, LATER = 0.4, 0.2, 2
"""A stop: a seller held more than the first part of the imports, and sold less than the second of that so many years
later."""


@dataclass(frozen=True, slots=True, eq=False)
class Piped:
    """A good that reaches a buyer by pipe, in one year.

    buyer, seller, product: codes; a buyer may be several, joined by a plus, who share their routes.
    through: codes of states through which the other routes lead.
    gap: (3,) price of others over the seller's, less one: central, least, most.
    free: (3,) thousand tonnes that other routes and stocks add.
    home: (3,) thousand tonnes of home production.
    lost, bought: thousand tonnes from the seller and in all.
    """

    buyer: str
    seller: str
    product: str
    through: tuple[str, ...]
    gap: FloatArray
    free: FloatArray
    home: FloatArray
    lost: float
    bought: float

    @property
    def carried(self) -> FloatArray:
        """Part of what the seller sends that can come otherwise: (3,), 0 to 1."""
        return np.asarray(np.minimum(self.free / self.lost, 1.0))

    def cost(self, end: int, spent: float, value: float, rise: float, demand: float) -> tuple[float, float]:
        """Return the relative rise of the buyer's price and what it loses, in the unit of ``spent``.

        end: :data:`CENTRE`, or the end of the ranges that hurts less (:data:`LEAST`) or more.
        spent, value: on all imports of the good, and on the seller's.
        rise: of the world's price, relative.
        demand: elasticity, as a positive number.
        """
        room = {CENTRE: CENTRE, LEAST: MOST, MOST: LEAST}[end]
        used = self.bought + self.home[room]
        have = min(used, used - self.lost + self.free[room]) / used
        paid = (1.0 + value / spent * self.gap[end]) * (1.0 + rise)
        short = float(np.exp(min(-np.log(have) / demand, TENFOLD))) if have > 0 else float(np.exp(TENFOLD))
        price = max(paid, short)
        whole = spent * used / self.bought
        below, above = (_area(whole, one, demand) for one in (paid, price))
        loss = _area(spent, paid, demand) + above - below - whole * have * (price - paid)
        return price - 1.0, loss


def with_pipe(
    good: Piped, place: int, end: str, rise: FloatArray, loss: FloatArray, at: tuple[FloatArray, ...]
) -> None:
    """Put a good's own price and loss in place of the world's.

    good: what comes by pipe.
    place: where it stands in the arrays, the last axis of each.
    end: of a column, as in :data:`suasion.products.loss.ENDS`.
    rise, loss: (P,) of the world's market, which are changed.
    at: (P,) each: spent on all imports and on the seller's, and elasticity of demand.
    """
    spent, value, demand = (float(one[place]) for one in at)
    side = {"": CENTRE, "_low": LEAST, "_high": MOST}[end]
    rise[place], loss[place] = good.cost(side, spent, value, float(rise[place]), demand)


def _area(spent: float, price: float, demand: float) -> float:
    """Area under a demand curve from the old price, which is one, to another."""
    return float(buyers_loss(*(np.array([one]) for one in (spent, price - 1.0, demand)))[0])


@cache
def piped_file() -> Mapping[str, Any]:
    """Return the file of goods that come by pipe."""
    return shipped("suasion.products", "piped.toml", tomllib.load)


def piped_goods(connection: duckdb.DuckDBPyConnection, year: int, buyer: str) -> tuple[Piped, ...]:
    """Return a buyer's goods of the file that the year has on record with their quantity.

    connection: Of :func:`suasion.products.connect`.
    year: calendar year.
    buyer: code.
    """
    both = set(buyer.split(JOINED))
    entries = [one for one in piped_file()["piped"] if set(one["buyer"].split(JOINED)) == both]
    if not entries:
        return ()
    goods = {int(one["product"]) for one in entries}
    rows = connection.execute(
        "SELECT product, e.country AS exporter, i.country AS importer, year, sum(value) AS value, "
        "sum(quantity) AS quantity FROM trade JOIN countries e ON e.number = exporter "
        "JOIN countries i ON i.number = importer WHERE year = ? AND quantity > 0 AND "
        f"product IN ({', '.join(map(str, sorted(goods)))}) GROUP BY ALL",
        [int(year)],
    ).df()
    rows["product"] = rows["product"].map("{:06d}".format)
    return tuple(_piped(entries, rows))


def piped_everywhere(
    connection: duckdb.DuckDBPyConnection, year: int, economies: Sequence[str]
) -> tuple[Piped, ...]:
    """Return the goods of all buyers of the file that are among some economies, see :func:`piped_goods`."""
    buyers = dict.fromkeys(one["buyer"] for one in piped_file()["piped"] if one["buyer"] in economies)
    return tuple(good for buyer in buyers for good in piped_goods(connection, year, buyer))


def _piped(entries: Sequence[Mapping[str, Any]], rows: pd.DataFrame) -> Iterator[Piped]:
    """Entries of the file with the trade of one year."""
    file = piped_file()
    for entry in entries:
        prices = land_prices(rows, entry["seller"], entry["product"], entry["mass"]).droplevel("year")
        buyers = entry["buyer"].split(JOINED)
        into = rows["importer"].isin(buyers) & ~rows["exporter"].isin(buyers)
        own = rows[into & (rows["product"] == entry["product"])]
        sold = own[own["exporter"] == entry["seller"]][["value", "quantity"]].sum()
        others = prices.drop(buyers, errors="ignore")
        if not sold["quantity"] > 0 or others.empty:
            continue
        bought = own["quantity"].sum() / KILO
        lost = sold["quantity"] / KILO
        over = others.median() * sold["quantity"] / (sold["value"] * KILO)
        miss = np.array(file["price"][f"miss_{entry['product']}"])
        free = np.array(entry["carried"]) - (bought - lost)
        yield Piped(
            entry["buyer"],
            entry["seller"],
            entry["product"],
            tuple(entry["through"].split()),
            np.maximum(over * miss - 1.0, 0.0),
            np.clip(free, 0.0, None) + np.array(entry["stock"]),
            np.array(entry["home"], dtype=np.float64),
            float(lost),
            float(bought),
        )


def land_prices(rows: pd.DataFrame, seller: str, product: str, mass: str) -> pd.Series:
    """Return what buyers of a land mass pay all but one seller, USD a tonne, by importer and year.

    rows: trade, as :func:`suasion.sources.materials.materials` has it.
    seller: code of who is left out.
    product: HS code.
    mass: key of the file.
    """
    file = piped_file()
    inside = rows["importer"].isin(file["masses"][mass].split()) & (rows["quantity"] > 0)
    part = rows[inside & (rows["product"] == product) & (rows["exporter"] != seller)]
    sums = part.groupby(["importer", "year"], observed=True)[["value", "quantity"]].sum()
    sums = sums[sums["quantity"] >= file["price"]["least_kt"] * KILO]
    return pd.Series(sums["value"] * KILO / sums["quantity"])


def tried_stops(product: str, seller: str = "RUS", mass: str = "europe") -> pd.DataFrame:
    """Return what buyers of a land mass paid after a seller's stops, beside what the rule says.

    product, seller, mass: as in :func:`land_prices`.
    Returns: One row a buyer, its latest stop: ``buyer``, ``before``, ``after`` (years), ``share`` (of the seller, by
      quantity), ``foreseen`` (price of others on the land mass over the seller's, before), ``happened`` (price that the
      buyer paid others after the stop over the seller's before it, without the move of the market) and ``miss``
      (happened over foreseen: what the buyer paid over what others on the land mass did).
    """
    every = materials()
    rows = every[(every["product"] == product) & (every["quantity"] > 0)]
    rows = rows.assign(**{one: rows[one].astype(str) for one in ("product", "exporter", "importer")})
    prices = land_prices(rows, seller, product, mass)
    bought = rows.groupby(["importer", "year"])["quantity"].sum()
    sold = rows[rows["exporter"] == seller].set_index(["importer", "year"])[["value", "quantity"]]
    found: dict[str, dict[str, Any]] = {}
    for buyer, year, quantity in zip(
        sold.index.get_level_values("importer"),
        sold.index.get_level_values("year"),
        sold["quantity"].tolist(),
        strict=True,
    ):
        share, later = quantity / bought[buyer, year], (buyer, year + LATER)
        gone = share > HELD and sold["quantity"].get(later, 0.0) < GONE * quantity
        if gone and quantity > piped_file()["price"]["least_kt"] * KILO and later in prices.index:
            then, now = (_others(prices, buyer, one) for one in (year, year + LATER))
            foreseen = then / (sold["value"][buyer, year] * KILO / quantity)
            miss = prices[later] / now
            found[buyer] = {
                "buyer": buyer, "before": year, "after": year + LATER, "share": share,
                "foreseen": foreseen, "happened": foreseen * miss, "miss": miss,
            }  # fmt: skip
    return pd.DataFrame(found.values())


def _others(prices: pd.Series, buyer: str, year: int) -> float:
    """Median of what all but one buyer pay in a year."""
    return float(prices.xs(year, level="year").drop(buyer, errors="ignore").median())
