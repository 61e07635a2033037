"""The product store: folders of Parquet files, queried through views of an in-memory DuckDB.

A DuckDB file would lock other processes out, so there is none: the views read Parquet files that never change
once written. A new release is written beside the old one, and one small file then points to it.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd
import platformdirs

from suasion.database import open_database
from suasion.errors import InputError, OutputError, SourceFileError
from suasion.files import is_file
from suasion.products.production import Production, keep_production, kept_production, read_production
from suasion.sources.baci_countries import baci_countries, number_of
from suasion.sources.embedded import snapshot_path
from suasion.sources.materials import material_products
from suasion.types import Citation

if TYPE_CHECKING:
    import duckdb

Item = TypeVar("Item")
Read = TypeVar("Read")
POINTER = "current.json"
MEMORY = "2GB"
EMBEDDED: Citation = "BACI by CEPII, 74 raw materials"
TRADE = "year SMALLINT, exporter SMALLINT, importer SMALLINT, product INTEGER, value DOUBLE, quantity DOUBLE"
"""Schema of the view ``trade``: numbers of BACI and HS code as a number; thousand USD, tonnes (NULL if unknown)."""
UNITS = pd.DataFrame(
    [
        ("trade", "value", "thousand USD"),
        ("trade", "quantity", "tonnes"),
        ("production", "quantity", "tonnes"),
    ],
    columns=["view", "column", "unit"],
)
NO_PRODUCTION = pd.DataFrame({"year": [0], "country": [""], "product": [""], "quantity": [0.0]}).head(0)


@dataclass(frozen=True, slots=True)
class ProductStore:
    """Where the product data lie, and what they are.

    Attributes
    ----------
    source : name to print as the source of a number
    revision : revision of the Harmonised System, such as ``"HS92"``
    release : release of the data
    years : years with trade, ascending
    trade : SQL that yields the view ``trade``; see :data:`TRADE`
    countries : ``number``, ``country`` (alpha-3), ``name``, ``first_year``, ``last_year``
    products : ``product`` (HS code, text), ``name``
    folder : folder of the store; None for the embedded one
    production : production in tonnes, where the user added it
    """

    source: str
    revision: str
    release: str
    years: tuple[int, ...]
    trade: str
    countries: pd.DataFrame
    products: pd.DataFrame
    folder: Path | None = None
    production: Production | None = None

    def year(self, year: int | None) -> int:
        """Return a year of the store, the last one for None.

        Parameters
        ----------
        year : calendar year

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


def open_store(folder: str | Path | None = None) -> ProductStore:
    """Open a product store.

    Parameters
    ----------
    folder : folder that :func:`suasion.products.ingest_baci` wrote. Without one, the user's store if there is one,
        else the embedded raw materials 1995-2024.

    Returns
    -------
    ProductStore

    Raises
    ------
    SourceFileError
        If the folder named holds no store, or a file of the store is gone.
    """
    if folder is None:
        if is_file(user_store() / POINTER):
            return open_store(user_store())
        return replace(embedded_store(), production=kept_production(user_store()))
    base = Path(folder)
    head = read_pointer(base)
    if head is None:
        raise SourceFileError(
            f"{base} holds no product store. Make one with `suasion data add baci PATH...`, or leave the folder "
            "out to use the embedded raw materials."
        )
    return _store(base, head)


def add_production(path: str | Path, store: str | Path | None = None, source: str = "") -> Production:
    """Add a table of production to a product store, in place of the one before.

    Parameters
    ----------
    path : file; see :func:`suasion.products.read_production`
    store : folder of the store; the user's own without it
    source : where the numbers come from; the file's name without it

    Returns
    -------
    Production
        What was added. Screens and replaceability use it from then on.

    Raises
    ------
    DataError, DuplicateLabelError, SourceFileError
        If the file is not what it should be; the table before stays then.
    OutputError
        If the store cannot be written.
    """
    found = read_production(path, source)
    base = user_store() if store is None else Path(store)
    try:
        keep_production(found, base)
    except OSError as error:
        raise OutputError(f"{base} cannot be written: {error}. Choose another folder.") from error
    return found


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


def _store(base: Path, head: dict[str, Any]) -> ProductStore:
    inside = base / head["folder"]
    files = [inside / part["file"] for part in head["parts"]]
    lacking = [file.name for file in [*files, inside / "countries.parquet"] if not is_file(file)]
    if lacking:
        raise SourceFileError(
            f"The product store {base} lacks {', '.join(lacking[:5])}; delete the folder and add the data again."
        )
    listed = ", ".join(_text(file) for file in files)
    return ProductStore(
        source=f"BACI by CEPII, {head['revision']}, release {head['release']}",
        revision=head["revision"],
        release=head["release"],
        years=tuple(sorted({part["year"] for part in head["parts"]})),
        trade=f"SELECT * FROM read_parquet([{listed}])",
        countries=pd.read_parquet(inside / "countries.parquet"),
        products=pd.read_parquet(inside / "products.parquet"),
        folder=base,
        production=kept_production(base),
    )


@cache
def embedded_store() -> ProductStore:
    """Store of the embedded raw materials, 1995-2024.

    Returns
    -------
    ProductStore
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
    return ProductStore(EMBEDDED, "HS92", "2.0.1", tuple(range(1995, 2025)), sql, used, names)


@contextmanager
def connect(
    store: ProductStore, *, memory: str = MEMORY, threads: int = 1
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory database with the views ``trade``, ``production``, ``countries``, ``products`` and ``units``.

    Parameters
    ----------
    store : the data
    memory : most memory the database may take, such as ``"2GB"``; larger intermediate results go to disk
    threads : threads of one query. With one, sums are taken in one order, and the same question gives the same
        digits; with more they differ in the last ones. To use all cores, read years side by side:
        :func:`side_by_side`.

    Yields
    ------
    DuckDBPyConnection
    """
    with open_database(memory_limit=memory, threads=str(threads)) as connection:
        connection.execute(f"CREATE VIEW trade AS {store.trade}")
        connection.register("countries", store.countries)
        connection.register("products", store.products)
        connection.register(
            "production", NO_PRODUCTION if store.production is None else store.production.table
        )
        connection.register("units", UNITS)
        yield connection


def side_by_side(
    read: Callable[[Item], Read], items: Iterable[Item], workers: int | None = None
) -> Iterator[Read]:
    """Read years, or files of years, side by side, and hand them on in their order.

    read: reads one; called from several threads, so that each call needs its own cursor of a connection.
    items: what to read.
    workers: how many are read at once; one a core without it. At most one more waits to be used, so that memory
      does not grow with their number.
    Yields: What ``read`` returns.
    """
    waiting: deque[Future[Read]] = deque()
    most = workers or os.cpu_count() or 1
    pool = ThreadPoolExecutor(max_workers=most)
    try:
        for item in items:
            waiting.append(pool.submit(read, item))
            if len(waiting) > most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def query(store: ProductStore, sql: str, parameters: list[Any] | None = None) -> pd.DataFrame:
    """Answer one SQL query over the views of :func:`connect`.

    Parameters
    ----------
    store : the data
    sql : query over ``trade`` (with BACI's numbers of countries), ``production``, ``countries``, ``products``,
        ``units``
    parameters : values of the question marks in it

    Returns
    -------
    DataFrame

    Raises
    ------
    InputError
        If the database refuses the query; the message repeats its words.
    """
    import duckdb  # slow to import

    with connect(store) as connection:
        try:
            return connection.execute(sql, parameters or []).df()
        except duckdb.Error as error:
            raise InputError(f"The query over the product store failed: {error}") from error


def _text(path: Path) -> str:
    """Path as an SQL text."""
    return "'" + str(path).replace("'", "''") + "'"
