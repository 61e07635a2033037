"""The product store: folders of Parquet files, queried through views of an in-memory DuckDB.

A DuckDB file would lock other processes out, so there is none: the views read Parquet files that never change
once written. A new release is written beside the old one, and one small file then points to it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import platformdirs

from suasion.errors import InputError, SourceFileError
from suasion.sources.baci_countries import baci_countries, number_of
from suasion.sources.embedded import snapshot_path
from suasion.sources.materials import material_products

if TYPE_CHECKING:
    import duckdb

POINTER = "current.json"
MEMORY = "2GB"
EMBEDDED = "BACI by CEPII, 74 raw materials"
TRADE = "year SMALLINT, exporter SMALLINT, importer SMALLINT, product INTEGER, value DOUBLE, quantity DOUBLE"
"""Schema of the view ``trade``: numbers of BACI and HS code as a number; thousand USD, tonnes (NULL if unknown)."""


@dataclass(frozen=True, slots=True)
class Store:
    """Where the product data lie, and what they are.

    Attributes
    ----------
    source : str
        Name to print as the source of a number.
    revision : str
        Revision of the Harmonised System, such as ``"HS92"``.
    release : str
        Release of the data.
    years : tuple of int
        Years with trade, ascending.
    trade : str
        SQL that yields the view ``trade``; see :data:`TRADE`.
    countries : DataFrame
        ``number``, ``country`` (alpha-3), ``name``, ``first_year``, ``last_year``.
    products : DataFrame
        ``product`` (HS code, text), ``name``.
    folder : Path or None
        Folder of the store; None for the embedded one.
    """

    source: str
    revision: str
    release: str
    years: tuple[int, ...]
    trade: str
    countries: pd.DataFrame
    products: pd.DataFrame
    folder: Path | None = None

    def year(self, year: int | None) -> int:
        """Return a year of the store, the last one for None.

        Parameters
        ----------
        year : int or None
            Calendar year.

        Raises
        ------
        InputError
            If the store has no such year.
        """
        if year is None:
            return self.years[-1]
        if year not in self.years:
            raise InputError(
                f"The product store has no year {year}; it has {self.years[0]} to {self.years[-1]} "
                f"({self.source})."
            )
        return year


def user_store() -> Path:
    """Folder of the user's product store."""
    return Path(platformdirs.user_data_dir("suasion")) / "products"


def open_store(folder: str | Path | None = None) -> Store:
    """Open a product store.

    Parameters
    ----------
    folder : str or Path, optional
        Folder that :func:`suasion.products.ingest_baci` wrote. Without one, the user's store if there is one,
        else the embedded raw materials 1995-2024.

    Returns
    -------
    Store

    Raises
    ------
    SourceFileError
        If the folder named holds no store, or a file of the store is gone.
    """
    if folder is None:
        return open_store(user_store()) if (user_store() / POINTER).is_file() else embedded_store()
    base = Path(folder)
    head = read_pointer(base)
    if head is None:
        raise SourceFileError(
            f"{base} holds no product store. Make one with `suasion data add baci PATH...`, or leave the folder "
            "out to use the embedded raw materials."
        )
    return _store(base, head)


def read_pointer(base: Path) -> dict[str, Any] | None:
    """Description of the release in use, None where the folder holds no store."""
    try:
        head: dict[str, Any] = json.loads((base / POINTER).read_text("utf-8"))
        return head
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as reason:
        raise SourceFileError(
            f"{base / POINTER} cannot be read ({reason}); delete the folder and add the data again."
        ) from reason


def _store(base: Path, head: dict[str, Any]) -> Store:
    inside = base / head["folder"]
    files = [inside / part["file"] for part in head["parts"]]
    lacking = [file.name for file in [*files, inside / "countries.parquet"] if not file.is_file()]
    if lacking:
        raise SourceFileError(
            f"The product store {base} lacks {', '.join(lacking[:5])}; delete the folder and add the data again."
        )
    listed = ", ".join(_text(file) for file in files)
    return Store(
        source=f"BACI by CEPII, {head['revision']}, release {head['release']}",
        revision=head["revision"],
        release=head["release"],
        years=tuple(sorted({part["year"] for part in head["parts"]})),
        trade=f"SELECT * FROM read_parquet([{listed}])",
        countries=pd.read_parquet(inside / "countries.parquet"),
        products=pd.read_parquet(inside / "products.parquet"),
        folder=base,
    )


@cache
def embedded_store() -> Store:
    """Store of the embedded raw materials, 1995-2024.

    Returns
    -------
    Store
    """
    path = _text(snapshot_path("materials.parquet"))
    number = number_of()
    codes = ", ".join(f"('{code}', {value})" for code, value in number.items())
    sql = (
        f"WITH c(code, number) AS (VALUES {codes}) "
        "SELECT t.year::SMALLINT AS year, e.number::SMALLINT AS exporter, i.number::SMALLINT AS importer, "
        "t.product::INTEGER AS product, t.value, t.quantity "
        f"FROM read_parquet({path}) t JOIN c e ON e.code = t.exporter JOIN c i ON i.code = t.importer"
    )
    table = baci_countries()
    used = table[table["number"].isin(number.values())].reset_index(drop=True)
    names = material_products()[["product", "name"]]
    return Store(EMBEDDED, "HS92", "2.0.1", tuple(range(1995, 2025)), sql, used, names)


@contextmanager
def connect(
    store: Store, *, memory: str = MEMORY, threads: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory database with the views ``trade``, ``countries`` and ``products``.

    Parameters
    ----------
    store : Store
        The data.
    memory : str
        Most memory the database may take, such as ``"2GB"``; larger intermediate results go to disk.
    threads : int, optional
        Threads; one a core without it.

    Yields
    ------
    DuckDBPyConnection
    """
    import duckdb

    config: dict[str, Any] = {"memory_limit": memory, "threads": str(threads or os.cpu_count() or 1)}
    with duckdb.connect(":memory:", config=config) as connection:
        connection.execute(f"CREATE VIEW trade AS {store.trade}")
        connection.register("countries", store.countries)
        connection.register("products", store.products)
        yield connection


def query(store: Store, sql: str, parameters: list[Any] | None = None) -> pd.DataFrame:
    """Answer one SQL query over the views of :func:`connect`.

    Parameters
    ----------
    store : Store
        The data.
    sql : str
        Query over ``trade``, ``countries`` and ``products``; ``trade`` has BACI's numbers of countries.
    parameters : list, optional
        Values of the question marks in it.

    Returns
    -------
    DataFrame

    Raises
    ------
    InputError
        If the database refuses the query; the message repeats its words.
    """
    import duckdb

    with connect(store) as connection:
        try:
            return connection.execute(sql, parameters or []).df()
        except duckdb.Error as error:
            raise InputError(f"The query over the product store failed: {error}") from error


def _text(path: Path) -> str:
    """Path as an SQL text."""
    return "'" + str(path).replace("'", "''") + "'"
