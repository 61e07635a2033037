"""Trade of one year as arrays of economies by products, summed up by the database.

The database reads the year's file in pieces and returns one row a buyer and product, so that nothing here is
larger than economies x products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from suasion.errors import DataError, InputError
from suasion.products.store import ProductStore
from suasion.quotient import over
from suasion.sources.countries import country_name, resolve_country
from suasion.sources.groups import group_code, members
from suasion.types import FloatArray, IntArray

if TYPE_CHECKING:
    import duckdb

UNIONS = {"BLX": ("BEL", "LUX"), "SCG": ("SRB", "MNE")}
"""Customs unions reported as one: they belong to a group if all their parts do."""
_CODES = 1_000_000
_SUMS = ("a", "b", "c")
"""Columns that add up where two numbers stand for one economy."""


@dataclass(frozen=True)
class Axes:
    """Labels of the arrays.

    economies: codes, (C,).
    products: HS codes of six digits, (P,).
    place: (1000,) BACI's number to position among the economies; -1 for none.
    column: (1000000,) HS code as a number to position among the products; -1 for none.
    """

    economies: tuple[str, ...]
    products: tuple[str, ...]
    place: IntArray
    column: IntArray

    @cached_property
    def numbers(self) -> IntArray:
        """HS codes as numbers, (P,)."""
        return np.array([int(code) for code in self.products], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class YearFlows:
    """Trade of one year, thousand USD.

    imports: (B, P) of each buyer, from outside.
    concentration: (B, P) herfindahl index of its suppliers, 0 to 1; NaN without imports.
    inside: (B, P) trade between members of a bloc; zero for a single economy.
    sales: (B, P) all exports of the buyer; of a bloc those between members too.
    top, supplier: (B, P) imports from the largest supplier, and its position; -1 without imports.
    exports: (C, P) exports of every economy.
    recorded: (B,) whether the year has any record of the buyer.
    """

    year: int
    imports: FloatArray
    concentration: FloatArray
    inside: FloatArray
    sales: FloatArray
    top: FloatArray
    supplier: IntArray
    exports: FloatArray
    recorded: NDArray[np.bool_]

    @property
    def world(self) -> FloatArray:
        """World exports, (P,)."""
        return np.asarray(self.exports.sum(axis=0))

    @property
    def world_concentration(self) -> FloatArray:
        """Herfindahl index of the world's exporters, (P,); NaN without trade."""
        return herfindahl(self.exports)


def herfindahl(values: FloatArray) -> FloatArray:
    """Sum of squared shares along the first axis; NaN where the sum is zero.

    Parameters
    ----------
    values : (C, ...)
        Nonnegative numbers.
    """
    total = values.sum(axis=0)
    squares = np.einsum("i...,i...->...", values, values)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(total > 0, squares / np.where(total > 0, total, 1.0) ** 2, np.nan))


def axes(store: ProductStore, connection: duckdb.DuckDBPyConnection) -> Axes:
    """Make the labels of a store's arrays: all its economies and all products it trades or lists.

    store: the data.
    connection: Of :func:`suasion.products.connect`.
    """
    listed = [int(code) for code in store.products["product"]]
    if not listed:
        rows = connection.execute("SELECT DISTINCT product FROM trade").fetchnumpy()
        listed = [int(code) for code in rows["product"]]
    codes = np.unique(np.array(listed, dtype=np.int64))
    economies = tuple(sorted(set(store.countries["country"])))
    place, column = np.full(1000, -1, np.int64), np.full(_CODES, -1, np.int64)
    at = {code: n for n, code in enumerate(economies)}
    place[store.countries["number"].to_numpy()] = [at[code] for code in store.countries["country"]]
    column[codes] = np.arange(codes.size)
    return Axes(economies, tuple(f"{code:06d}" for code in codes.tolist()), place, column)


def numbers_of(text: str, store: ProductStore, year: int) -> tuple[str, tuple[int, ...]]:
    """Resolve an economy or a dated group to a code and BACI's numbers.

    text: a country (code or name), a group such as ``EU``, or a code of the store such as ``BLX``.
    store: the data.
    year: dates the membership.
    Raises InputError if the store does not know it.
    """
    plain, group = str(text).strip().upper(), group_code(text)
    if group:
        codes = set(members(group, year))
        codes |= {union for union, parts in UNIONS.items() if codes.issuperset(parts)}
        name = group
    else:
        name = plain if plain in set(store.countries["country"]) else resolve_country(text)
        codes = {name}
    table = store.countries
    found = tuple(int(n) for n in table.loc[table["country"].isin(codes), "number"])
    if not found:
        raise InputError(f"The product store knows no {country_name(name)} ({name}).")
    return name, found


def years_of(text: str, years: Sequence[int]) -> tuple[int, ...]:
    """Those of some years in which a group has members; all of them for a country.

    text: a country or a group.
    years: calendar years, ascending, at least one.
    Raises InputError if the group has no members in any of them.
    """
    if not group_code(text):
        return tuple(years)
    kept = tuple(year for year in years if _has_members(text, year))
    if not kept:
        members(text, years[-1])  # says since when it has any
    return kept


def _has_members(group: str, year: int) -> bool:
    try:
        return bool(members(group, year))
    except InputError:
        return False


def year_flows(
    connection: duckdb.DuckDBPyConnection, labels: Axes, year: int, bloc: Sequence[int] | None = None
) -> YearFlows:
    """Sum up one year.

    connection: Of :func:`suasion.products.connect`.
    labels: labels of the arrays.
    year: calendar year.
    bloc: BACI's numbers of one buyer; every economy is a buyer without it.
    Returns: With one buyer for a bloc, else with all economies in the order of the labels.
    """
    exports = _grid(connection, labels, year, "exporter", "sum(value) AS a")["a"]
    if bloc is None:
        what = "sum(value) AS a, sum(value * value) AS b, max(value) AS c, arg_max(exporter, value) AS d"
        found = _grid(connection, labels, year, "importer", what, ("a", "b", "c", "d"))
        imports, squares = found["a"], found["b"]
        supplier = np.where(imports > 0, labels.place[found["d"].astype(np.int64)], -1)
        return YearFlows(
            year, imports, over(squares, imports**2, np.nan), np.zeros_like(imports), exports, found["c"], supplier,
            exports, (imports.sum(axis=1) + exports.sum(axis=1)) > 0,
        )  # fmt: skip
    return _bloc_flows(connection, labels, year, bloc, exports)


def _bloc_flows(
    connection: duckdb.DuckDBPyConnection, labels: Axes, year: int, bloc: Sequence[int], exports: FloatArray
) -> YearFlows:
    """One buyer: suppliers outside of it, trade inside, its members' exports."""
    inside_list = ", ".join(str(int(number)) for number in bloc)
    bought = _grid(
        connection, labels, year, "exporter", "sum(value) AS a", where=f"importer IN ({inside_list})"
    )
    own = np.unique(labels.place[list(bloc)])
    outside = bought["a"].copy()
    outside[own] = 0.0
    imports = outside.sum(axis=0)
    sales = exports[own].sum(axis=0)
    return YearFlows(
        year,
        imports[None],
        herfindahl(outside)[None],
        bought["a"][own].sum(axis=0)[None],
        sales[None],
        outside.max(axis=0)[None],
        np.where(imports > 0, outside.argmax(axis=0), -1)[None],
        exports,
        np.array([(imports.sum() + sales.sum()) > 0]),
    )


def suppliers_of(
    connection: duckdb.DuckDBPyConnection, labels: Axes, year: int, bloc: Sequence[int]
) -> FloatArray:
    """What a buyer gets from every economy, (C, P), thousand USD.

    connection, labels, year, bloc: As in :func:`year_flows`.
    Returns: (C, P).
    """
    listed = ", ".join(str(int(number)) for number in bloc)
    return _grid(connection, labels, year, "exporter", "sum(value) AS a", where=f"importer IN ({listed})")[
        "a"
    ]


UNWEIGHED = 0.01
"""Share of a product's imports by value without a quantity up to which its tonnes still say something: assumption."""


def tonnes_bought(
    connection: duckdb.DuckDBPyConnection, labels: Axes, year: int, bloc: Sequence[int]
) -> FloatArray:
    """Tonnes that a buyer imports of each product, (P,).

    connection, labels, year, bloc: As in :func:`suppliers_of`.
    Returns: (P,). NaN where flows of unknown quantity hold more than a hundredth of the value: what is not
      known is not zero.
    """
    listed = ", ".join(str(int(number)) for number in bloc)
    what = "sum(quantity) AS a, sum(value) AS b, sum(value) FILTER (quantity > 0) AS c"
    made = _grid(connection, labels, year, "exporter", what, _SUMS, where=f"importer IN ({listed})")
    tonnes, value, weighed = (made[name].sum(axis=0) for name in _SUMS)
    return np.asarray(np.where(value - weighed > UNWEIGHED * value, np.nan, tonnes))


Sold = tuple[FloatArray, FloatArray, FloatArray]
"""Exports of every economy and product: value, tonnes, and value of the flows whose tonnes are known."""


def sold(connection: duckdb.DuckDBPyConnection, labels: Axes, year: int) -> Sold:
    """Exports of every economy in one reading of the year.

    connection, labels, year: As in :func:`suppliers_of`.
    Returns: value: (C, P). Thousand USD.
    tonnes: (C, P). Tonnes, unknown quantities as zero.
    weighed: (C, P). Thousand USD of the flows whose quantity is known.
    """
    what = "sum(value) AS a, sum(quantity) AS b, sum(value) FILTER (quantity > 0) AS c"
    made = _grid(connection, labels, year, "exporter", what, names=("a", "b", "c"))
    return made["a"], made["b"], made["c"]


def _grid(
    connection: duckdb.DuckDBPyConnection,
    labels: Axes,
    year: int,
    side: str,
    what: str,
    names: Sequence[str] = ("a",),
    where: str = "true",
) -> dict[str, FloatArray]:
    """Dense arrays of sums by economy and product."""
    sql = f"SELECT {side}, product, {what} FROM trade WHERE year = ? AND {where} GROUP BY ALL"
    rows: dict[str, Any] = connection.execute(sql, [int(year)]).fetchnumpy()
    shape = (len(labels.economies), len(labels.products))
    line, column = labels.place[rows[side]], labels.column[rows["product"]]
    if line.size and min(line.min(), column.min()) < 0:
        raise DataError(
            f"The product store has a country or product in {year} that its lists lack; add the data again with "
            "the lists of the release."
        )
    at = line * shape[1] + column
    made: dict[str, FloatArray] = {}
    for name in names:
        cells = np.ma.filled(rows[name], 0.0).astype(np.float64)
        if name in _SUMS:
            grid: FloatArray = np.bincount(at, cells, shape[0] * shape[1]).astype(np.float64)
        else:
            grid = np.zeros(shape[0] * shape[1])
            grid[at] = cells
        made[name] = grid.reshape(shape)
    return made
