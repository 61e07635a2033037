"""Dependence in raw materials, by commodity and year, seen from the seller and from the buyer.

    seller's share  = exports of the good from a to b / all exports of the good from a
    buyer's share   = exports of the good from a to b / all imports of the good by b

It needs no input-output table, so it works for any country with trade records. A year without any record of
a country is missing, not zero; a year with records but no trade in the good has no share, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
import pandas as pd

from suasion.errors import DataError, InputError, SameCountryError
from suasion.sources.countries import resolve_country
from suasion.sources.groups import expand, group_code
from suasion.sources.materials import materials

Commodities = Mapping[str, Sequence[str]]

FUELS: Literal["Oil, gas and coal"] = "Oil, gas and coal"
COMMODITIES: Commodities = {
    "All materials": ("",),
    FUELS: ("2709", "2711", "2701"),
    "Crude oil": ("2709",),
    "Gas": ("2711",),
    "Coal": ("2701",),
    "Ores": ("26",),
    "Metals": ("280530", "280540", "7110", "7112", "7115", "72", "76", "81"),
    "Gold": ("7108",),
    "Rare earths": ("280530", "2846"),
    "Other minerals": ("25", "2702", "2804", "2822", "2825", "2830", "2836"),
}
"""Groups of goods by the first digits of their HS 1992 codes. Rare-earth metals are in two groups; refined
oil products (2710) are in none, for the embedded extract does not hold them."""

COLUMNS = ("year", "exporter", "importer", "product", "value", "quantity")
THOUSAND = 1e-3  # the table is in thousand USD, results in million USD

WITHHELD = "2711"
"""Gas: sellers and buyers often keep deliveries by pipeline secret, so a gap in the record is no zero."""

TRACE = 1.0
"""Million USD: less gas than this in a year is a stray cargo beside a withheld pipeline, not the tie."""


class Gap(StrEnum):
    """Why a share of materials is missing."""

    NO_DATA_SELLER = "no_data_seller"
    NO_DATA_BUYER = "no_data_buyer"
    NO_EXPORTS = "no_exports"
    NO_IMPORTS = "no_imports"
    NO_RECORD = "no_record"
    """No trade between the two is on record, either way: neither may have reported."""
    WITHHELD = "withheld"
    """The two have other trade on record, and no gas: deliveries by pipeline are often kept secret."""


@dataclass(frozen=True)
class MaterialShares:
    """Trade of two countries in raw materials, both ways, by commodity group and year.

    Attributes
    ----------
    a, b : the two countries
    table : one row per seller, buyer, group and year: ``value`` (what the seller sends the buyer), ``seller_total``,
        ``buyer_total`` (all its exports, imports of the group), million USD; ``seller_share`` (of the buyer in the
        seller's exports) and ``buyer_share`` (of the seller in the buyer's imports), 0 to 1. NaN is missing, and
        ``gap`` says why: members of :class:`Gap` with blanks between, empty where both shares are known.
    """

    a: str
    b: str
    table: pd.DataFrame

    def series(
        self, seller: str, group: str, share: Literal["seller_share", "buyer_share"] = "seller_share"
    ) -> pd.Series:
        """Return one share by year, NaN where missing.

        Parameters
        ----------
        seller : which of the two sides sells
        group : commodity group, as in the table
        share : {"seller_share", "buyer_share"}
            Of the seller's exports, or of the buyer's imports.

        Raises
        ------
        InputError
            If the table has no such rows.
        """
        rows = self.table[(self.table["seller"] == seller) & (self.table["group"] == group)]
        if rows.empty:
            groups = ", ".join(self.table["group"].unique())
            raise InputError(
                f"No rows for seller {seller!r} and group {group!r}. "
                f"Sellers: {self.a}, {self.b}; groups: {groups}."
            )
        return rows.set_index("year")[share]


def material_shares(
    a: str, b: str, table: pd.DataFrame | None = None, groups: Commodities | None = None
) -> MaterialShares:
    """Measure how much two countries depend on each other in raw materials, year by year.

    Parameters
    ----------
    a, b : two countries, inside a world's table or not, or groups: codes or names. A group has the members of the
        last year in all years, and what they sell each other is left out.
    table : trade with columns year, exporter, importer, product, value (thousand USD), quantity (tonnes); the
        embedded extract of CEPII BACI 1995-2024 by default
    groups : first digits of product codes by group name; :data:`COMMODITIES` by default

    Returns
    -------
    MaterialShares

    Raises
    ------
    SameCountryError
        If both names are one country, or a group and one of its members.
    UnknownCountryError, AmbiguousCountryError
        If a name fits no country, or several.
    DataError
        If the table lacks a column, or a value is missing or negative.
    InputError
        If a group fits no product of the table.
    """
    trade = material_table(table)
    last = int(trade["year"].max())
    sides = dict(_members(name, last) for name in (a, b))
    if len(sides) == 1 or set.intersection(*map(set, sides.values())):
        raise SameCountryError(f"{a!r} and {b!r} have a country in common. Name two different sides.")
    first, second = sides
    trade = _of_sides(trade, sides)
    chosen = COMMODITIES if groups is None else groups
    codes = {name: product_codes(trade, name, prefixes) for name, prefixes in chosen.items()}
    years = range(int(trade["year"].min()), int(trade["year"].max()) + 1)
    rows = [
        _direction(trade, seller, buyer, codes, years) for seller, buyer in ((first, second), (second, first))
    ]
    return MaterialShares(first, second, pd.concat(rows, ignore_index=True))


def _members(name: str, year: int) -> tuple[str, tuple[str, ...]]:
    """Code of a side, and its countries."""
    if group := group_code(name):
        return group, expand([group], year)
    code = resolve_country(name)
    return code, (code,)


def _of_sides(trade: pd.DataFrame, sides: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """The table with groups in place of their members, without what these sell each other."""
    for side, members in sides.items():
        if tuple(members) == (side,):
            continue
        known = [one for part in sides.values() for one in (*part, *sides)]
        trade = trade[trade["exporter"].isin(known) | trade["importer"].isin(known)]
        inside = {end: trade[end].isin(members) for end in ("exporter", "importer")}
        merged = {end: trade[end].astype(object).where(~rows, side) for end, rows in inside.items()}
        trade = trade.assign(**merged)[~(inside["exporter"] & inside["importer"])]
    return trade


def material_table(table: pd.DataFrame | None) -> pd.DataFrame:
    """Return a table of trade in materials that is checked; the embedded one without."""
    given = materials() if table is None else table
    lacking = [name for name in COLUMNS if name not in given.columns]
    if lacking:
        raise DataError(
            f"The table of materials lacks the columns {', '.join(lacking)}. It needs {', '.join(COLUMNS)}."
        )
    unknown = np.flatnonzero(~(given["value"].to_numpy(dtype=np.float64) >= 0))
    if unknown.size:
        raise DataError(
            f"The table of materials has {unknown.size} values that are missing or negative, first in row "
            f"{given.index[unknown[0]]}. Give thousand USD, and drop rows without a value."
        )
    return given


def product_codes(trade: pd.DataFrame, name: str, prefixes: Sequence[str]) -> list[str]:
    """Return the codes of a table that begin with some digits."""
    products = (
        trade["product"].cat.categories if trade["product"].dtype == "category" else trade["product"].unique()
    )
    codes = [str(code) for code in products if str(code).startswith(tuple(prefixes))]
    if not codes:
        raise InputError(
            f"Group {name!r} ({', '.join(prefixes)}) fits no product of the table. "
            "Give first digits of HS codes."
        )
    return codes


def _direction(
    trade: pd.DataFrame, seller: str, buyer: str, codes: Mapping[str, Sequence[str]], years: range
) -> pd.DataFrame:
    """All groups and years of one direction."""
    sent, received = trade[trade["exporter"] == seller], trade[trade["importer"] == buyer]
    sold = sent[sent["importer"] == buyer]
    totals = {
        name: _by_group(rows, codes, years)
        for name, rows in (("value", sold), ("seller_total", sent), ("buyer_total", received))
    }
    out = pd.DataFrame(totals).rename_axis(["group", "year"]).reset_index()
    out = out.assign(seller=seller, buyer=buyer)[["year", "group", "seller", "buyer", *totals]]
    back = trade[(trade["exporter"] == buyer) & (trade["importer"] == seller)]
    # A year without any record between two states that trade in others is a gap, not a zero.
    met = out["year"].isin({*sold["year"].unique(), *back["year"].unique()} or set(years))
    seen = {who: out["year"].isin(_years_with_records(trade, who)) for who in (seller, buyer)}
    kept_back = [
        name for name, products in codes.items() if all(one.startswith(WITHHELD) for one in products)
    ]
    stray = out["group"].isin(kept_back) & (out["value"] < TRACE)
    out["seller_total"] = out["seller_total"].where(seen[seller])
    out["buyer_total"] = out["buyer_total"].where(seen[buyer])
    out["value"] = out["value"].where(seen[seller] & seen[buyer] & met & ~stray)
    out["seller_share"] = out["value"] / out["seller_total"].where(out["seller_total"] > 0)
    out["buyer_share"] = out["value"] / out["buyer_total"].where(out["buyer_total"] > 0)
    numbers = out[["value", "seller_total", "buyer_total"]].to_numpy(dtype=np.float64)
    out["gap"] = [_gap(known, *row) for known, row in zip(met.tolist(), numbers.tolist(), strict=True)]
    return out


def _by_group(rows: pd.DataFrame, codes: Mapping[str, Sequence[str]], years: range) -> pd.Series:
    """Sums by group and year, million USD; a product may be in several groups."""
    product = rows["product"].astype("category").cat
    place = (rows["year"].to_numpy() - years.start) * len(product.categories) + product.codes.to_numpy()
    size = len(years) * len(product.categories)
    sums = np.bincount(place, weights=rows["value"].to_numpy(), minlength=size).reshape(len(years), -1)
    inside = np.array([product.categories.isin(products) for products in codes.values()])
    labels = pd.MultiIndex.from_product([codes, years])
    return pd.Series((inside @ sums.T * THOUSAND).ravel(), labels)


def _years_with_records(trade: pd.DataFrame, country: str) -> set[int]:
    seen = (trade["exporter"] == country) | (trade["importer"] == country)
    return set(trade.loc[seen, "year"].unique())


def _gap(met: bool, value: float, seller_total: float, buyer_total: float) -> str:
    """Say why a share is missing; nothing where both are known."""
    found = {
        Gap.NO_DATA_SELLER: np.isnan(seller_total),
        Gap.NO_DATA_BUYER: np.isnan(buyer_total),
        Gap.NO_EXPORTS: seller_total == 0,
        Gap.NO_IMPORTS: buyer_total == 0,
    }
    gaps = [gap for gap, there in found.items() if there]
    if np.isnan(value) and not gaps:
        gaps.append(Gap.WITHHELD if met else Gap.NO_RECORD)
    return " ".join(gaps)
