"""Reading and checking one trade file of BACI, block by block.

A block is parsed by Arrow and checked as arrays. Only when something is wrong are the lines read again as text,
to name the line and what stands in it.

With few years there are few different samples (126 of five years), so that the distribution over all of them is
known and needs neither draws nor a seed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations_with_replacement
from math import comb, factorial, prod
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from suasion.errors import DataError, DuplicateLabelError, InputError
from suasion.products.baci_files import BROKEN, FilePart, broken
from suasion.products.indicators import NEEDED, SPAN
from suasion.quotient import over
from suasion.types import Advice, FloatArray, IntArray

COLUMNS = ("t", "i", "j", "k", "v", "q")
TYPES = {
    "t": pa.int16(),
    "i": pa.int16(),
    "j": pa.int16(),
    "k": pa.int32(),
    "v": pa.float64(),
    "q": pa.float64(),
}
NAMES = ("year", "exporter", "importer", "product", "value", "quantity")
BLOCK = 1 << 23
MOST = 1.5e11
"""Thousand USD in a year: several times all trade in goods on record, and far below the same in USD."""
SHOWN = 5
NUMBERS = 1000
"""Country numbers have three digits, HS codes six; keys of rows are built on that."""
CODES = 1_000_000


@dataclass(frozen=True, slots=True)
class AllowedCodes:
    """Which country numbers and products a file may use.

    countries: (1000,) by number.
    products: (1000000,) by HS code as a number.
    """

    countries: NDArray[np.bool_]
    products: NDArray[np.bool_]


@dataclass(slots=True)
class Tally:
    """Counts and totals of a file while it is read."""

    rows: int = 0
    value: float = 0.0
    no_quantity: int = 0
    keys: list[IntArray] = field(default_factory=list)


def blocks(part: FilePart, allowed: AllowedCodes, tally: Tally) -> Iterator[pa.Table]:
    """Yield the rows of a file as checked tables, and count them.

    part: the file.
    allowed: countries and products that it may name.
    tally: is filled.
    Yields: Columns :data:`NAMES`; a missing quantity is null.
    Raises DataError if a line is no row of BACI: text for a number, another year, an unknown country or
      product, a value that is negative. The message names file, line and value of the first five. Or if the
      values add up to more than a year's trade can be, as they do in another unit.
    Raises DuplicateLabelError if a flow occurs twice.
    Raises SourceFileError if the zip is damaged.
    """
    try:
        with part.open() as stream:
            for batch in _batches(stream):
                yield _checked(batch, part, allowed, tally)
    except (pa.ArrowInvalid, pa.ArrowKeyError) as reason:
        raise _unreadable(part, allowed, reason) from reason
    _no_twins(part, tally)
    if tally.value > MOST:
        raise DataError(
            f"{part.name}: its values add up to {tally.value / 1e9:,.0f} trillion USD, far more than is traded in a "
            "year. BACI's are in thousand USD: are these in USD? Nothing was kept."
        )


def _batches(stream: IO[bytes]) -> Iterator[pa.RecordBatch]:
    """Parse; quantities come as text only where a plain reading fails on padded ``NA``."""
    reader = arrow_csv.open_csv(
        stream,
        read_options=arrow_csv.ReadOptions(block_size=BLOCK),
        convert_options=arrow_csv.ConvertOptions(
            column_types={**TYPES, "q": pa.string()} if _padded(stream) else TYPES,
            include_columns=list(COLUMNS),
            null_values=["", "NA"],
            strings_can_be_null=True,
        ),
    )
    yield from reader


def _padded(stream: IO[bytes]) -> bool:
    """Whether cells are padded with blanks, as in some releases."""
    start = stream.read(1 << 12)
    stream.seek(0)
    return b", " in start


def _checked(batch: pa.RecordBatch, part: FilePart, allowed: AllowedCodes, tally: Tally) -> pa.Table:
    if batch.schema.field("q").type == pa.string():
        trimmed = pc.utf8_trim_whitespace(batch.column("q"))
        empty = pc.is_in(trimmed, value_set=pa.array(["", "NA"]))
        quantity = pc.if_else(empty, None, trimmed).cast(pa.float64())
        batch = batch.set_column(5, "q", quantity)
    if any(batch.column(place).null_count for place in range(5)):
        raise pa.ArrowInvalid("empty cells")
    t, i, j, k, v = (batch.column(place).to_numpy() for place in range(5))
    q = batch.column(5)
    good = (t == part.year) & (i != j) & (v >= 0) & (v < np.inf)
    for number in (i, j):
        good &= allowed.countries[np.clip(number, 0, NUMBERS - 1)] & (number >= 0) & (number < NUMBERS)
    good &= allowed.products[np.clip(k, 0, CODES - 1)] & (k > 0) & (k < CODES)
    total, least = pc.sum(q).as_py(), pc.min_max(q)["min"].as_py()
    fits = total is None or (
        np.isfinite(total) and least >= 0
    )  # one quantity that is no number spoils the sum
    if not good.all() or not fits:
        raise pa.ArrowInvalid("rows out of range")
    tally.rows += batch.num_rows
    tally.value += float(v.sum())
    tally.no_quantity += q.null_count
    tally.keys.append((i.astype(np.int64) * NUMBERS + j) * CODES + k)
    return pa.table(list(batch.columns), names=list(NAMES))


def _no_twins(part: FilePart, tally: Tally) -> None:
    keys = np.concatenate(tally.keys) if tally.keys else np.zeros(0, np.int64)
    tally.keys.clear()
    if not keys.size:
        raise DataError(f"{part.name} has no rows.")
    if (np.diff(keys) > 0).all():
        return
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(np.diff(keys[order]) == 0)
    if same.size:
        first, second = sorted((int(order[same[0]]), int(order[same[0] + 1])))
        exporter, rest = divmod(int(keys[first]), NUMBERS * CODES)
        importer, product = divmod(rest, CODES)
        raise DuplicateLabelError(
            f"{part.name} has {same.size} flows twice. First: lines {first + 2} and {second + 2}, exporter "
            f"{exporter}, importer {importer}, product {product:06d}. Nothing was kept."
        )


def _unreadable(part: FilePart, allowed: AllowedCodes, reason: BaseException) -> DataError:
    """Error that names the first bad lines, found by reading the file again as text."""
    try:
        with part.open() as stream, io.TextIOWrapper(stream, "utf-8", errors="replace", newline="") as text:
            found = _bad_lines(text, part, allowed)
    except BROKEN as damage:
        return broken(part.path, damage)
    if not found:
        return DataError(f"{part.name} cannot be read: {reason}. Nothing was kept.")
    shown = "; ".join(found[:SHOWN])
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return DataError(f"{part.name} has {len(found)} bad lines: {shown}{more}. Nothing was kept.")


def _bad_lines(text: io.TextIOWrapper, part: FilePart, allowed: AllowedCodes) -> list[str]:
    reader = csv.reader(text)
    head = [name.strip() for name in next(reader, [])]
    if [name for name in COLUMNS if name not in head]:
        return [f"line 1 is {','.join(head)!r}, not t,i,j,k,v,q"]
    at = [head.index(name) for name in COLUMNS]
    found = []
    for row in reader:
        if not row:
            continue
        complaint = _complaint(
            [row[place].strip() if place < len(row) else "" for place in at], part, allowed
        )
        if complaint:
            found.append(f"line {reader.line_num}: {complaint}")
    return found


def _complaint(cells: Sequence[str], part: FilePart, allowed: AllowedCodes) -> Advice:
    """What is wrong with a line; empty if nothing."""
    numbers: dict[str, Any] = {}
    for name, cell in zip(COLUMNS, cells, strict=True):
        if name == "q" and cell in ("", "NA"):
            continue
        try:
            numbers[name] = float(cell) if name in "vq" else int(cell)
        except ValueError:
            return f"{name} is {cell!r}, not a number"
    t, i, j, k, v = (numbers[name] for name in "tijkv")
    checks = (
        (t == part.year, f"t is {t}, but the file is of {part.year}"),
        *(
            (
                0 <= number < NUMBERS and allowed.countries[number],
                f"{name} is {number}, a country that no list knows",
            )
            for name, number in (("i", i), ("j", j))
        ),
        (i != j, f"exporter and importer are both {i}"),
        (
            0 < k < CODES and allowed.products[k],
            f"k is {cells[3]!r}, no product of {part.revision}: another revision of the Harmonised System?",
        ),
        (0 <= v < np.inf, f"v is {cells[4]!r}; values are finite and not negative"),
        (
            0 <= numbers.get("q", 0.0) < np.inf,
            f"q is {cells[5]!r}; quantities are finite and not negative, or NA",
        ),
    )
    return next((text for good, text in checks if not good), "")


MOST_YEARS = 8
"""With eight years there are 6,435 different samples; more would only cost time."""


def rule_probability(flags: FloatArray, draws: int = SPAN, needed: int = NEEDED) -> FloatArray:
    """Probability that the rule holds for years drawn with replacement.

    Parameters
    ----------
    flags : (Y, ...)
        1, 0 or NaN (no record: such a year is not drawn).
    draws, needed : years drawn, and how many of them must be flagged

    Returns
    -------
    (...)
        0 to 1; NaN where no year has a record.

    Notes
    -----
    With the share p of flagged years, the number flagged among the draws is binomial.
    """
    known = (~np.isnan(flags)).sum(axis=0)
    share = over(np.nansum(flags, axis=0), known, np.nan)
    return np.asarray(
        sum(comb(draws, n) * share**n * (1.0 - share) ** (draws - n) for n in range(needed, draws + 1))
    )


def mean_band(values: FloatArray, level: float = 0.9) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean over years and its bootstrap band.

    Parameters
    ----------
    values : (Y, N) one row a year; NaN where missing. A column with a missing year has no band.
    level : probability inside the band

    Returns
    -------
    mean, low, high : (N,)

    Raises
    ------
    InputError
        If there are more than :data:`MOST_YEARS` years, or none.
    """
    years = values.shape[0]
    if not 1 <= years <= MOST_YEARS:
        raise InputError(f"The bootstrap takes 1 to {MOST_YEARS} years; {years} were given.")
    counts, weights = _samples(years)
    means = counts @ values / years
    order = np.argsort(means, axis=0)
    ranked = np.take_along_axis(means, order, axis=0)
    mass = np.cumsum(weights[order], axis=0)
    tail = (1.0 - level) / 2.0
    low = np.take_along_axis(ranked, (mass >= tail - 1e-12).argmax(axis=0)[None], axis=0)[0]
    high = np.take_along_axis(ranked, (mass >= 1.0 - tail - 1e-12).argmax(axis=0)[None], axis=0)[0]
    return np.asarray(values.mean(axis=0)), low, high


def mean_error(values: FloatArray) -> FloatArray:
    """Bootstrap standard error of the mean over years.

    Parameters
    ----------
    values : (Y, ...)
        NaN where missing.

    Returns
    -------
    (...)
        NaN where a year is missing.

    Notes
    -----
    Over all samples with replacement the variance of the mean is the variance of the years over their number.
    """
    return np.asarray(values.std(axis=0) / np.sqrt(values.shape[0]))


@cache
def _samples(years: int) -> tuple[FloatArray, FloatArray]:
    """Different samples as counts by year, and their probabilities."""
    rows = [
        [pick.count(year) for year in range(years)]
        for pick in combinations_with_replacement(range(years), years)
    ]
    weights = [factorial(years) / prod(map(factorial, row)) / years**years for row in rows]
    return np.array(rows, dtype=np.float64), np.array(weights, dtype=np.float64)
