"""Which raw materials weigh most between two countries, and which partners in a material."""

from __future__ import annotations

import pandas as pd

from suasion.errors import InputError
from suasion.measures.materials import COMMODITIES, THOUSAND, Side, material_table, product_codes
from suasion.sources.countries import resolve_country
from suasion.sources.materials import material_products


def top_materials(
    seller: str, buyer: str, year: int, count: int = 10, table: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the raw materials that weigh most in what one country sends another in a year.

    Parameters
    ----------
    seller, buyer : codes or names
    year : calendar year
    count : number of products, the largest first
    table : as in :func:`material_shares`

    Returns
    -------
    DataFrame
        ``product`` (HS code), ``name``, ``value`` (million USD), ``quantity`` (tonnes; NaN if not recorded),
        ``weight`` (share of the product in all materials the seller sends the buyer), ``seller_share``,
        ``buyer_share`` (0 to 1).

    Raises
    ------
    InputError
        If the year lies outside the table, or ``count`` is below 1.
    """
    trade = _of_year(material_table(table), year, count)
    a, b = resolve_country(seller), resolve_country(buyer)
    sent = _by_product(trade[trade["exporter"] == a])["value"]
    received = _by_product(trade[trade["importer"] == b])["value"]
    both = _by_product(trade[(trade["exporter"] == a) & (trade["importer"] == b)])
    top = both.sort_values("value", ascending=False).assign(weight=lambda t: t["value"] / t["value"].sum())
    top["seller_share"] = top["value"] / sent.reindex(top.index)
    top["buyer_share"] = top["value"] / received.reindex(top.index)
    ranked = top.head(count).rename_axis("product").reset_index()
    names = material_products().set_index("product")["name"].to_dict()
    ranked.insert(1, "name", [names.get(code, code) for code in ranked["product"]])
    return ranked


def _by_product(rows: pd.DataFrame) -> pd.DataFrame:
    grouped = rows.astype({"product": str}).groupby("product")
    return pd.DataFrame(
        {"value": grouped["value"].sum() * THOUSAND, "quantity": grouped["quantity"].sum(min_count=1)}
    )


def _of_year(trade: pd.DataFrame, year: int, count: int) -> pd.DataFrame:
    first, last = int(trade["year"].min()), int(trade["year"].max())
    if not first <= year <= last:
        raise InputError(f"Year {year} lies outside the table of materials ({first}-{last}).")
    if count < 1:
        raise InputError(f"`count` is {count}; ask for one row or more.")
    return trade[trade["year"] == year]


def material_partners(
    country: str,
    group: str,
    year: int,
    side: Side = "exports",
    count: int = 10,
    table: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the partners with the largest shares in a country's trade in a group of materials.

    Parameters
    ----------
    country : code or name
    group : a key of :data:`COMMODITIES`
    year : calendar year
    side : {"exports", "imports"}
        Whom it sells to, or whom it buys from.
    count : number of partners, the largest first
    table : as in :func:`material_shares`

    Returns
    -------
    DataFrame
        ``partner``, ``value`` (million USD), ``share`` (0 to 1, of all partners). Empty where nothing is
        traded.

    Raises
    ------
    InputError
        If the group, the side or the year is not known, or ``count`` is below 1.
    """
    if group not in COMMODITIES:
        raise InputError(f"There is no group {group!r}. Known: {', '.join(COMMODITIES)}.")
    if side not in ("exports", "imports"):
        raise InputError(f"`side` is {side!r}; give 'exports' or 'imports'.")
    full = material_table(table)
    trade = _of_year(full, year, count)
    own, other = ("exporter", "importer") if side == "exports" else ("importer", "exporter")
    rows = trade[
        (trade[own] == resolve_country(country))
        & trade["product"].isin(product_codes(full, group, COMMODITIES[group]))
    ]
    value = rows.astype({other: str}).groupby(other)["value"].sum().sort_values(ascending=False) * THOUSAND
    ranked = pd.DataFrame({"value": value, "share": value / value.sum()})
    return ranked.head(count).rename_axis("partner").reset_index()
