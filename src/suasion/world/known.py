"""What is known of states beside a table: their size and their trade, by the nearest year on record."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from suasion.sources.factbook import economy
from suasion.sources.goods_totals import goods_totals
from suasion.sources.published_flows import REST, YEARS, published_flows, regions
from suasion.types import FloatArray


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


def known_goods(codes: Sequence[str], year: int, most: int) -> FloatArray:
    """Trade in goods of pairs, million USD, in the nearest year on record; 0 where none is within ``most``."""
    table = goods_totals()
    near = min(map(int, table["year"].unique()), key=lambda one: abs(one - year))
    rows = table[table["year"] == near] if abs(near - year) <= most else table.iloc[:0]
    square = rows.pivot(index="exporter", columns="importer", values="value").reindex(
        index=list(codes), columns=list(codes)
    )
    return np.asarray(square.fillna(0.0), dtype=float)


def known_flows(codes: Sequence[str], year: int, most: int) -> FloatArray | None:
    """Published trade of pairs, goods and services, million USD, in the nearest year; None if none is within ``most``.

    codes: labels of a table, sellers in rows; 0 where one is no state. The rest of
        the world is what the table does not name.
    """
    near = min(YEARS, key=lambda one: abs(one - year))
    if abs(near - year) > most:
        return None
    place = {code: at for at, code in enumerate(codes)}
    where = np.array([place.get(one, place.get(REST, -1)) for one in regions()])
    flows, held = published_flows(near).sum(axis=2), where >= 0
    known = np.zeros((len(codes), len(codes)))
    np.add.at(known, np.ix_(where[held], where[held]), flows[np.ix_(held, held)])
    return known.T  # the file has buyers in rows
