"""Raw materials of a year: how few supply each, who supplies one buyer, and what others sell elsewhere.

Descriptive: it says what others sell elsewhere today, not what they would sell at which price.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from suasion.errors import InputError, SameCountryError
from suasion.measures.concentration import effective_number
from suasion.measures.materials import THOUSAND
from suasion.measures.totals import gap_fillers
from suasion.nearest import did_you_mean
from suasion.sources.groups import expand, is_group
from suasion.sources.materials import governance, material_products, materials
from suasion.sources.spoken import why_outside

YEAR = 2024
MOST = 12
"""Countries of a list, the largest first."""
SAME = 4
"""Goods of a group up to which they stand beside each other: stages and forms of one material."""
LEAST_MUSD = 1.0
"""Million USD: a good with less world trade in the year is not listed."""


@dataclass(frozen=True, slots=True)
class MaterialSupply:
    """Who supplies a raw material, and who sells it elsewhere.

    name, group, description: of the good.
    stops: code of the supplier assumed to stop; empty where there is none.
    gap: what it supplies, million USD; None where nothing is on record.
    total: imports of the buyer, or of the world, million USD.
    suppliers: ``country``, ``value`` (million USD), ``share`` (0 to 1), the largest first.
    buyers: the same of the world's buyers.
    elsewhere: ``country``, ``value`` (what it sells to all other buyers, million USD), ``cover`` (that over the gap),
      ``already`` (its share in what the buyer imports), ``part``, ``part_low`` and ``part_high`` (of the gap, 0 to 1:
      present suppliers in their old proportions, :mod:`suasion.measures.totals`), the largest part first; empty
      without a gap.
    """

    name: str
    group: str
    description: str
    stops: str
    gap: float | None
    total: float
    suppliers: pd.DataFrame
    buyers: pd.DataFrame
    elsewhere: pd.DataFrame


@cache
def traded() -> pd.DataFrame:
    """Trade of the year: ``product``, ``exporter``, ``importer``, ``value`` (million USD)."""
    table = materials()
    table = table[table["year"] == YEAR]
    kinds = {"product": str, "exporter": str, "importer": str}
    names = ["product", "exporter", "importer", "value"]
    return table.astype(kinds).assign(value=table["value"] * THOUSAND)[names]


@cache
def stability() -> dict[str, float]:
    """Political stability by country, standard normal units, of the last year on record."""
    table = governance().sort_values("year").groupby("country").last()
    return {str(code): float(value) for code, value in table["estimate"].items()}


def concentrated_materials(search: str = "") -> pd.DataFrame:
    """Raw materials, those with the fewest suppliers first.

    search: part of a name, a group or a code; empty for all.
    Returns: ``product``, ``name``, ``group``, ``top`` (largest supplier), ``share`` (of it in world exports, 0 to 1),
      ``suppliers`` (number that would be as concentrated, 1 / HHI) and ``value`` (world exports, million USD).
    """
    wanted, rows = search.strip().casefold(), []
    for good in material_products().itertuples():
        if wanted not in f"{good.name} {good.group} {good.product} {good.description}".casefold():
            continue
        sold = _totals(traded()[traded()["product"] == good.product], "exporter")
        if sold.sum() < LEAST_MUSD:
            continue
        shares = sold / sold.sum()
        few = float(effective_number(shares.to_numpy()))
        rows.append(
            (good.product, good.name, good.group, sold.index[0], shares.iloc[0], few, float(sold.sum()))
        )
    names = ["product", "name", "group", "top", "share", "suppliers", "value"]
    return pd.DataFrame(rows, columns=names).sort_values("suppliers", kind="stable", ignore_index=True)


def material_supply(product: str, buyer: str = "", stops: str = "") -> MaterialSupply:
    """Who supplies a raw material, and what others sell elsewhere of it.

    product: HS 1992 code of six digits.
    buyer: code of the state or group whose imports count; empty for the world.
    stops: code of the state or group assumed to stop; empty takes the largest.
    Raises InputError: There is no such good.
    Raises SameCountryError: Buyer and supplier overlap.

    A group is one economy: what its members trade with each other is neither bought nor sold.
    """
    table = material_products().set_index("product")
    if product not in table.index:
        typed = product[:40].strip()
        named = concentrated_materials(typed).head(4)[["product", "name"]].to_numpy() if typed else ()
        meant = (
            f" Did you mean {' or '.join(f'{code} ({name})' for code, name in named)}?" if len(named) else ""
        )
        why = why_outside(typed, frozenset(map(str, table.index))) or meant
        raise InputError(
            f"There is no raw material {typed!r}.{why or did_you_mean(product, table.index, 3)} "
            "A raw material is an HS code of six digits, such as 260600."
        )
    about = table.loc[[product]].iloc[0]
    rows = _united(traded()[traded()["product"] == product], buyer, stops)
    bought = rows[rows["importer"] == buyer] if buyer else rows
    sold = _totals(bought, "exporter")
    stops = stops or (str(sold.index[0]) if len(sold) else "")
    gap = float(sold.get(stops, 0.0)) if len(sold) else None
    away = ~rows["exporter"].isin([stops, buyer]) & (rows["importer"] != buyer)
    elsewhere = _totals(rows[away] if gap else rows.iloc[:0], "exporter")
    return MaterialSupply(
        str(about["name"]),
        str(about["group"]),
        str(about["description"]),
        stops,
        gap,
        float(sold.sum()),
        _largest(sold),
        _largest(_totals(rows, "importer")),
        _fillers(elsewhere, sold.drop(stops, errors="ignore"), float(sold.sum()), gap),
    )


def _united(rows: pd.DataFrame, buyer: str, stops: str) -> pd.DataFrame:
    """Trade with each group as one economy.

    Raises SameCountryError: Buyer and supplier overlap.
    """
    sides = {side: expand([side], YEAR) for side in (buyer, stops) if side}
    if buyer != stops and len(sides) > 1 and set(sides[buyer]) & set(sides[stops]):
        raise SameCountryError(f"{buyer!r} and {stops!r} overlap; name two that do not.")
    inside = {code: side for side, codes in sides.items() if is_group(side) for code in codes}
    if not inside:
        return rows
    seller, to = (rows[key].replace(inside) for key in ("exporter", "importer"))
    return rows.assign(exporter=seller, importer=to)[seller != to]


def same_group(product: str, buyer: str = "", stops: str = "") -> dict[str, MaterialSupply]:
    """Return who supplies the other goods of a material's group, by code: its stages and forms, where they are few.

    product, buyer, stops: as in :func:`material_supply`.
    """
    table = material_products().set_index("product")
    codes = [str(code) for code in table.index[table["group"] == table.loc[product, "group"]]]
    others = [code for code in codes if code != product] if len(codes) <= SAME else []
    return {code: material_supply(code, buyer, stops) for code in others}


def _fillers(elsewhere: pd.Series, sold: pd.Series, total: float, gap: float | None) -> pd.DataFrame:
    """Who would fill the gap: of all sellers but the one that stops, the largest part first."""
    both = pd.concat({"value": elsewhere, "bought": sold if gap else sold.iloc[:0]}, axis=1).fillna(0.0)
    found = gap_fillers(both[["bought"]].to_numpy(), both[["value"]].to_numpy())
    frame = both.assign(
        cover=both["value"] / (gap or 1.0),
        already=both["bought"] / (total or 1.0),
        part=found.part[:, 0],
        part_low=0.0,
        part_high=found.most[:, 0],
    )
    order = frame.sort_values(["part", "value"], ascending=False, kind="stable").head(MOST)
    return order.drop(columns="bought").rename_axis("country").reset_index()


def _totals(rows: pd.DataFrame, key: str) -> pd.Series:
    return rows.groupby(key)["value"].sum().sort_values(ascending=False)


def _largest(totals: pd.Series) -> pd.DataFrame:
    frame = pd.DataFrame({"value": totals, "share": totals / totals.sum()})
    return frame.head(MOST).rename_axis("country").reset_index()
