"""What is known of states beside a table: their size and their trade in goods, by the nearest year on record."""

from __future__ import annotations

from functools import cache

import numpy as np

from suasion.sources.factbook import economy
from suasion.sources.goods_totals import goods_totals


@cache
def known_sizes() -> dict[str, list[tuple[int, float]]]:
    """Gross domestic product of states by year, million USD."""
    table = economy()
    rows = table[(table["item"] == "gdp_nominal") & (table["value"] > 0)]
    found: dict[str, list[tuple[int, float]]] = {}
    for country, year, value in zip(rows["country"], rows["year"], rows["value"], strict=True):
        found.setdefault(str(country), []).append((int(year), float(value)))
    return found


def nearest_size(rows: list[tuple[int, float]], year: int) -> tuple[int, float]:
    """Year and value of the row that is nearest to a year; no number where there is none."""
    return min(rows, key=lambda row: abs(row[0] - year), default=(year, np.nan))


@cache
def known_goods(year: int, most: int) -> dict[tuple[str, str], float]:
    """Trade in goods of pairs, million USD, in the nearest year on record; empty where none is within ``most``."""
    table = goods_totals()
    near = min(map(int, table["year"].unique()), key=lambda one: abs(one - year))
    rows = table[table["year"] == near] if abs(near - year) <= most else table.iloc[:0]
    return dict(zip(zip(rows["exporter"], rows["importer"], strict=True), rows["value"], strict=True))
