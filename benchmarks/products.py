"""The product store and the screen at full HS6 size, on generated trade.

250 million flows: 230 economies, 5,000 products, 28 years. The files are made once in a temporary folder (2.7 GB)
and removed at the end of the process; ``SUASION_BENCH_ROWS`` makes them smaller. ``python benchmarks/products.py``
prints seconds, rows a second and peak memory at several sizes.
"""

from __future__ import annotations

import argparse
import atexit
import os
import resource
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from suasion.products import ProductStore, ingest_baci, screen_all
from suasion.sources.baci_countries import baci_countries
from table import Table, exponent, number
from timing import Case

ECONOMIES, PRODUCTS, YEARS = 230, 5_000, 28
ROWS = 250_000_000
INGEST_ROWS = 18_000_000
FIRST_YEAR = 1995
GROWN = (7, 14, 28)
"""Years of the same thickness: more rows of the same kind."""
THICKER = (4, 2, 1)
"""Parts of the rows of a year, all years: the same tables of economies by products, fuller."""


def flows(rows: int, seed: int) -> pa.Table:
    """One year of made-up flows, each exporter, importer and product at most once, in BACI's order."""
    rng = np.random.default_rng(seed)
    space = ECONOMIES * ECONOMIES * PRODUCTS
    # Steps of random length from 1: keys ascend and never repeat, and no sorting is needed.
    key = np.cumsum(rng.integers(1, max(2 * space // rows, 2), int(rows * 1.1)))
    key = key[key < space][:rows]
    exporter, rest = np.divmod(key, ECONOMIES * PRODUCTS)
    importer, product = np.divmod(rest, PRODUCTS)
    value = np.round(np.exp(rng.normal(3.0, 2.5, key.size)), 3) + 0.001
    table = pa.table(
        {
            "year": np.full(key.size, FIRST_YEAR + seed, np.int16),
            "exporter": numbers()[exporter],
            "importer": numbers()[importer],
            "product": (10_000 + 190 * product).astype(np.int32),
            "value": value,
            "quantity": np.round(value * rng.uniform(0.2, 5.0, key.size), 3),
        }
    )
    return table.filter(pa.array(exporter != importer))


@cache
def numbers() -> np.ndarray:
    """Numbers of the economies, as BACI counts them."""
    return baci_countries().drop_duplicates("country")["number"].to_numpy()[:ECONOMIES].astype(np.int16)


@cache
def scratch() -> Path:
    """Temporary folder that goes with the process."""
    folder = Path(tempfile.mkdtemp(prefix="suasion-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def generated(rows: int, years: int = YEARS) -> ProductStore:
    """ProductStore of made-up flows."""
    folder = scratch() / f"{rows}-{years}"
    folder.mkdir()
    for year in range(years):
        table = flows(rows // years, year)
        pq.write_table(table, folder / f"{year}.parquet", compression="zstd", compression_level=1)
    listed = ", ".join(f"'{folder}/{year}.parquet'" for year in range(years))
    codes = pd.DataFrame({"product": [f"{10_000 + 190 * n:06d}" for n in range(PRODUCTS)]}).assign(name="")
    return ProductStore(
        "made up", "HS92", "none", tuple(range(FIRST_YEAR, FIRST_YEAR + years)),
        f"SELECT * FROM read_parquet([{listed}])", baci_countries(), codes,
    )  # fmt: skip


@cache
def zipped(rows: int, years: int = 2) -> Path:
    """Zip in the layout of BACI."""
    path = scratch() / f"BACI_HS92_V{rows}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for year in range(years):
            table = flows(rows // years, year).rename_columns(["t", "i", "j", "k", "v", "q"])
            with archive.open(f"BACI_HS92_Y{FIRST_YEAR + year}_V{rows}.csv", "w") as member:
                csv.write_csv(table, member, csv.WriteOptions(quoting_style="none"))
    return path


def screen_job(rows: int = ROWS, years: int = YEARS) -> Callable[[], Callable[[], object]]:
    """Prepare the screen of all economies with the bootstrap, writing a file a year."""

    def prepare() -> Callable[[], object]:
        store = generated(rows, years)
        return lambda: screen_all(store, variant="cepii", out=scratch() / "screened", memory="4GB")

    return prepare


def ingest_job(rows: int = INGEST_ROWS) -> Callable[[], Callable[[], object]]:
    """Prepare the reading of a zip into a fresh store."""

    def prepare() -> Callable[[], object]:
        path = zipped(rows)

        def job() -> object:
            target = Path(tempfile.mkdtemp(dir=scratch()))
            return ingest_baci([path], target)

        return job

    return prepare


def bench_rows() -> Table:
    """Grow the rows of the screen: more years, and fuller years."""
    by_years = [(SIZE * years // YEARS, years) for years in GROWN]
    by_rows = [(SIZE // part, YEARS) for part in THICKER]
    times = {size: _screened(*size) for size in dict.fromkeys((*by_years, *by_rows))}
    rows = [
        (f"{count / 1e6:.1f}", str(years), *map(number, times[count, years]))
        for count, years in (*by_years, *by_rows[:-1])
    ]
    for what, sizes in (("years", by_years), ("rows a year", by_rows)):
        power = exponent([size[0] for size in sizes], [times[size][1] for size in sizes])
        rows.append((f"exponent, more {what}", "", "", f"{power:.2f}", ""))
    note = (
        f"All economies ({ECONOMIES}) and products ({PRODUCTS:,}), bootstrap included, on made-up trade. The exponent "
        "is that of processor time by least squares in logarithms: 1 is linear. A year costs something whatever its "
        "rows, for its tables of economies by products and their bootstrap are full: more rows a year cost less than "
        "in proportion; and the first two years of a store have no window of three, so that few years cost less than "
        "in proportion (5, 12 and 26 windows). The memory is the peak of the process so far."
    )
    head = ("million rows", "years", "wall, s", "processor, s", "peak memory, GB")
    return Table("Growth of the screen with rows", note, head, tuple(rows))


def _screened(rows: int, years: int) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak memory of one screen."""
    return spent(screen_job(rows, years)())


SIZE = int(os.environ.get("SUASION_BENCH_ROWS", ROWS))
PRODUCT_CASES = (
    Case(
        f"screen of all economies with bootstrap, {SIZE / 1e6:.0f} million HS6 rows, {YEARS} years",
        screen_job(SIZE),
        repeats=1,
        bar=120.0,
        cold=True,
    ),
    Case(
        f"ingest from zip with validation, {INGEST_ROWS / 1e6:.0f} million rows",
        ingest_job(),
        repeats=1,
        bar=INGEST_ROWS / 2e6,
        cold=True,
    ),
)


def spent(job: Callable[[], object]) -> tuple[float, float, float]:
    """Run a job once: wall seconds, processor seconds, and the peak memory of this process so far, GB."""
    usage, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    job()
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    return seconds, after.ru_utime - usage.ru_utime + after.ru_stime - usage.ru_stime, after.ru_maxrss / 1e6


def timed(name: str, rows: int, job: Callable[[], object]) -> str:
    """Run a job once and say how long it took."""
    seconds, cpu, peak = spent(job)
    return (
        f"{name}: {rows / 1e6:.1f} million rows, {seconds:.1f} s wall, {cpu:.1f} s processor, "
        f"{rows / seconds / 1e6:.2f} million rows/s, peak memory {peak:.2f} GB"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Time the screen at several sizes, and the ingest."""
    parser = argparse.ArgumentParser(description="Time the product store on made-up trade.")
    parser.add_argument(
        "--rows", type=int, nargs="*", default=[25_000_000, 50_000_000], help="sizes of the screen"
    )
    parser.add_argument("--years", type=int, default=YEARS, help="years of the screen")
    parser.add_argument("--ingest", type=int, default=INGEST_ROWS, help="rows of the zip; 0 for none")
    options = parser.parse_args(argv)
    for rows in options.rows:
        job = screen_job(rows, options.years)()
        sys.stdout.write(timed("screen", rows, job) + "\n")
        sys.stdout.flush()
    if options.ingest:
        sys.stdout.write(timed("ingest", options.ingest, ingest_job(options.ingest)()) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
