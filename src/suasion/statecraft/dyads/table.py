"""One table of pairs of states by year: pacts, power, distance, disputes, votes, trade, arms, aligned and dated.

``dyad_years`` puts the data sets of international relations side by side. Its rules, each of which answers a complaint
about tables of this kind:

- **Who is there.** A row needs a day on which both states were members of the system. Pairs that only share the number
  of a year (Germany and the German Federal Republic in 1990) are no rows. After 2016, where the list of states ends,
  membership is assumed to go on and ``membership_assumed`` says so.
- **After the data end nothing is zero.** Each source covers the years from its first to its last. Outside them a value
  is NaN. Inside, a pair without a row is zero in lists of events and pacts, and NaN in measurements.
- **Direction is in the name.** ``_12`` is of the first state towards the second, ``_21`` the reverse; ``_1`` and ``_2``
  belong to a state; no ending is of the pair. Both directions are in every table, directed or not, so a pact listed in
  one direction only is not lost.
- **No row twice.** A source that has a pair and year twice is an error that lists them.
- **Nothing dropped silently.** The coverage table counts, for each source, its rows in the years asked for and how many
  found no pair of states, and lists the years in which it has no row at all.

Columns are described in :data:`suasion.statecraft.dyads.columns.COLUMNS` and in the documentation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.errors import InputError
from suasion.files import checksum_of, is_file
from suasion.schema.typed_file import unique_rows
from suasion.sources.cache import cache_folder, kept_table
from suasion.sources.catalogue import data_set, found_in
from suasion.sources.catalogue_store import installed, located
from suasion.sources.cow_system import CowCrosswalk, read_cow_crosswalk, refuse_unknown_codes, state_years
from suasion.statecraft.dyads.columns import COLUMNS, KEYS, SOURCES, CovariatePart, derived
from suasion.types import FloatArray, IntArray

VERSION = "dyad-years-2"
"""Changes whenever the same files would make another table."""


@dataclass(frozen=True, slots=True)
class DyadYears:
    """Pairs of states by year, and what the sources cover.

    Attributes
    ----------
    table : one row a pair and year, sorted by ``cow1``, ``cow2``, ``year``; columns as in
        :data:`suasion.statecraft.dyads.columns.COLUMNS`, of the sources given
    coverage : one row a source: ``given`` (False for a source that was not there), ``first_year``, ``last_year``,
        ``rows`` (of the source, in the years of the table), ``matched`` and ``unmatched`` (rows that found a pair, or
        none), ``assumed_to`` (the year to which the last members are taken to be members) and ``missing_years``
        (years inside without any row).
    directed : whether each pair occurs in both orders
    """

    table: pd.DataFrame
    coverage: pd.DataFrame
    directed: bool

    def pair(self, a: str, b: str) -> pd.DataFrame:
        """Rows of one pair, by our codes, ordered by year.

        Parameters
        ----------
        a, b : alpha-3 codes. In an undirected table the order does not matter, and ``cow1`` stays the smaller code.

        Raises
        ------
        InputError
            If the pair has no row; the message says which code is not there.
        """
        one, two = self.table["country1"], self.table["country2"]
        hit = (one == a) & (two == b)
        rows = self.table[hit if self.directed else hit | ((one == b) & (two == a))]
        if rows.empty:
            known = set(one) | set(two)
            absent = [x for x in (a, b) if x not in known]
            why = f"{' and '.join(absent)} is not in it" if absent else "the two never share a day"
            raise InputError(f"The table has no year of {a} and {b}: {why}.")
        return rows.sort_values("year")


def dyad_years(
    sets: Mapping[str, str | Path] | str | Path | None = None,
    start: int = 1816,
    end: int = 2020,
    directed: bool = False,
    *,
    cache: Path | None = None,
) -> DyadYears:
    """Build the table of pairs of states by year.

    Parameters
    ----------
    sets : files by the names of the catalogue (``cow-states`` is needed), or a folder in which they are looked for by
        their published names, or None for those that ``suasion data add`` put into the store
    start, end : years, both inside; 1816 at the earliest
    directed : whether each pair occurs in both orders
    cache : folder that keeps the table as Parquet, by the content of the files; the user's cache folder without it

    Returns
    -------
    DyadYears

    Raises
    ------
    InputError
        If the years are not in order or begin before 1816, or a data set is not one of this table.
    SourceFileError
        If ``cow-states`` is not given, or a file is absent or another one.
    DuplicateLabelError
        If a source has a pair and year twice; the message lists them.
    UnknownCountryError
        If a source has a code that the list of states does not have.
    """
    if not 1816 <= start <= end:
        raise InputError(f"Years must run from 1816 or later to no earlier year, not from {start} to {end}.")
    files = _files(sets)
    name = _digest(files, start, end, directed)
    folder = cache_folder() if cache is None else cache
    build = lru_cache(lambda: _build(files, start, end, directed))  # once for both
    coverage = kept_table(f"{name}-coverage", lambda: build().coverage, folder)
    return DyadYears(kept_table(name, lambda: build().table, folder), coverage, directed)


def _build(files: Mapping[str, Path], start: int, end: int, directed: bool) -> DyadYears:
    states = read_cow_crosswalk(files["cow-states"])
    table, rows = skeleton(states, start, end, directed)
    columns: dict[str, FloatArray] = {}
    coverage = [_state_coverage(states, start, end, len(table))]
    for name, load in SOURCES.items():
        if name not in files:
            coverage.append({"source": name, "given": False})
            continue
        part = load(files[name], states)
        refuse_unknown_codes(part.table, states, f"The data set {name}")
        filled, counts = fill(part, rows, start, end, name)
        columns |= filled
        coverage.append({"source": name, "given": True, **counts})
    columns |= derived(columns)
    ordered = {c: columns[c] for c in column_names() if c in columns}
    full = pd.concat([table, pd.DataFrame(ordered)], axis=1)
    return DyadYears(full, _coverage_table(coverage), directed)


def _state_coverage(states: CowCrosswalk, start: int, end: int, rows: int) -> dict[str, object]:
    years = {"first_year": int(states.spells["start"].min()), "last_year": states.last_year}
    return {
        "source": "cow-states",
        "given": True,
        **years,
        "rows": rows,
        "matched": rows,
        "unmatched": 0,
        "missing_years": "",
        "assumed_to": end if end > states.last_year else None,
    }


def _coverage_table(entries: list[dict[str, object]]) -> pd.DataFrame:
    numbers = ["first_year", "last_year", "rows", "matched", "unmatched", "assumed_to"]
    table = pd.DataFrame(entries).reindex(columns=["source", "given", *numbers, "missing_years"])
    return table.astype(dict.fromkeys(numbers, "Int64")).fillna({"missing_years": ""})


def column_names() -> tuple[str, ...]:
    """Full names of the value columns, in order, with the endings of their shape."""
    ends = {"directed": ("_12", "_21"), "state": ("_1", "_2"), "pair": ("",), "derived": ("",)}
    names = []
    for base, (source, shape) in COLUMNS.items():
        names += [f"{base}{e}" for e in ends[shape]]
        if source == "atop":
            names.append(base)
    return tuple(names)


def _files(sets: Mapping[str, str | Path] | str | Path | None) -> dict[str, Path]:
    wanted = ("cow-states", *SOURCES)
    if sets is None:
        there = installed()
        files = {name: located(name) for name in wanted if name in there}
    elif isinstance(sets, str | Path):
        files = {k: v for k, v in found_in(Path(sets)).items() if k in wanted}
    else:
        files = {k: Path(v) for k, v in sets.items()}
        unknown = sorted(set(files) - set(wanted))
        if unknown:
            raise InputError(
                f"The table of dyad-years has no data set {', '.join(unknown)}; it takes {', '.join(wanted)}."
            )
    if "cow-states" not in files:
        located("cow-states")
    return files


def _digest(files: Mapping[str, Path], start: int, end: int, directed: bool) -> str:
    """Name of the table in the cache: version, years, and the content of every file."""
    content = {}
    for name, path in sorted(files.items()):
        known = {f.name for f in data_set(name).files}
        inside = [path] if is_file(path) else sorted(p for p in path.rglob("*") if p.name in known)
        content[name] = [checksum_of(p) for p in inside]
    text = json.dumps([VERSION, start, end, directed, list(KEYS), list(COLUMNS), content])
    return f"{VERSION}-{hashlib.sha256(text.encode()).hexdigest()[:24]}"


@dataclass(frozen=True, slots=True)
class Rows:
    """Which row of the table a pair and year has.

    states: (K,) codes in order.
    start: first year.
    number: (years, K, K) int32. Row by year and the places of both states; -1 where there is none.
    one, two, year: (rows,) places of the states, and year, of each row.
    """

    states: IntArray
    start: int
    number: npt.NDArray[np.int32]
    one: IntArray
    two: IntArray
    year: IntArray

    def of(self, cow1: IntArray, cow2: IntArray, year: IntArray) -> IntArray:
        """Row of each pair and year, -1 where the table has none."""
        one, two = self._place(cow1), self._place(cow2)
        when = year - self.start
        inside = (one >= 0) & (two >= 0) & (when >= 0) & (when < len(self.number))
        found = np.full(len(year), -1, dtype=np.int64)
        found[inside] = self.number[when[inside], one[inside], two[inside]]
        return found

    def of_states(
        self, cow: IntArray, year: IntArray, values: FloatArray, absent: float
    ) -> tuple[FloatArray, FloatArray]:
        """Values of the first and of the second state of every row."""
        grid = np.full((len(self.number), len(self.states)), absent, dtype=values.dtype)
        place, when = self._place(cow), year - self.start
        inside = (place >= 0) & (when >= 0) & (when < len(self.number))
        grid[when[inside], place[inside]] = values[inside]
        at = self.year - self.start
        return grid[at, self.one], grid[at, self.two]

    def _place(self, cow: IntArray) -> IntArray:
        place = np.minimum(np.searchsorted(self.states, cow), len(self.states) - 1)
        return np.where(self.states[place] == cow, place, -1)


def skeleton(states: CowCrosswalk, start: int, end: int, directed: bool) -> tuple[pd.DataFrame, Rows]:
    """Pairs of states by year, without any other data.

    states: list of states, with dates.
    start, end: years, both inside.
    directed: whether each pair occurs in both orders.
    Returns: Key columns, and the rows by pair and year.
    """
    members = state_years(states, start, end)
    codes = np.unique(members["cow"].to_numpy())
    pieces = [_pairs_of_year(group, codes, directed) for _, group in members.groupby("year")]
    one, two, year, days = (np.concatenate(x) for x in zip(*pieces, strict=True))
    order = np.lexsort((year, two, one))
    one, two, year, days = one[order], two[order], year[order], days[order]
    number = np.full((end - start + 1, len(codes), len(codes)), -1, dtype=np.int32)
    number[year - start, one, two] = np.arange(len(year), dtype=np.int32)
    label = pd.Series(members["country"].to_numpy(), index=pd.MultiIndex.from_frame(members[["cow", "year"]]))
    names = label.unstack().reindex(index=codes, columns=range(start, end + 1)).to_numpy()
    table = pd.DataFrame(
        {
            "cow1": codes[one],
            "cow2": codes[two],
            "year": year,
            "country1": pd.Categorical(names[one, year - start]),
            "country2": pd.Categorical(names[two, year - start]),
            "shared_days": days,
            "membership_assumed": year > states.last_year,
        }
    )
    return table, Rows(codes, start, number, one, two, year)


def _pairs_of_year(
    group: pd.DataFrame, codes: IntArray, directed: bool
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Pairs of one year that share a day: places of the states, year, days in common."""
    place = np.searchsorted(codes, group["cow"].to_numpy())
    first, last = group["from_day"].to_numpy(), group["to_day"].to_numpy()
    year = int(group["year"].iloc[0])
    length = 366 if pd.Timestamp(year=year, month=1, day=1).is_leap_year else 365
    last = np.minimum(last, length)
    shared = np.minimum(last[:, None], last) - np.maximum(first[:, None], first) + 1
    keep = shared > 0
    keep &= ~np.eye(len(place), dtype=bool) if directed else np.triu(np.ones_like(keep), 1)
    row, col = np.nonzero(keep)
    return place[row], place[col], np.full(len(row), year), shared[row, col]


def fill(
    part: CovariatePart, rows: Rows, start: int, end: int, name: str
) -> tuple[dict[str, FloatArray], dict[str, object]]:
    """Put one data set into columns.

    part: rows of the data set.
    rows: rows of the table.
    start, end: years of the table.
    name: name of the data set, for messages.
    Returns: Columns by full name, each (rows,), and the counts of the coverage table.
    Raises DuplicateLabelError if the data set has a key twice.
    """
    keys = ["cow", "year"] if part.shape == "state" else ["cow1", "cow2", "year"]
    unique_rows(part.table, keys, f"The data set {name}")
    first, last = part.years()
    table = part.table[part.table["year"].between(start, end)]
    covered = (rows.year >= first) & (rows.year <= last)
    at = {k: table[k].to_numpy(dtype=np.int64) for k in keys}
    if part.shape == "state":
        found = np.isin(at["cow"], rows.states)
        columns = _state_columns(part, table, rows, at, covered)
    else:
        there, back = rows.of(at["cow1"], at["cow2"], at["year"]), rows.of(at["cow2"], at["cow1"], at["year"])
        found = (there >= 0) | (back >= 0)
        columns = _pair_columns(part, table, (there, back), covered)
    return columns, _counts(table, found, (max(first, start), min(last, end)), (first, last))


def _state_columns(
    part: CovariatePart,
    table: pd.DataFrame,
    rows: Rows,
    at: dict[str, IntArray],
    covered: npt.NDArray[np.bool_],
) -> dict[str, FloatArray]:
    columns: dict[str, FloatArray] = {}
    for source, target in part.columns.items():
        both = rows.of_states(at["cow"], at["year"], _values(part, table, source), _absent(part))
        columns |= {
            f"{target}_{k}": np.where(covered, v, v.dtype.type(np.nan))
            for k, v in zip((1, 2), both, strict=True)
        }
    return columns


def _pair_columns(
    part: CovariatePart, table: pd.DataFrame, found: tuple[IntArray, IntArray], covered: npt.NDArray[np.bool_]
) -> dict[str, FloatArray]:
    columns: dict[str, FloatArray] = {}
    there, back = found
    for source, target in part.columns.items():
        values = _values(part, table, source)
        empty = np.where(covered, values.dtype.type(_absent(part)), values.dtype.type(np.nan))
        if part.shape == "directed":
            columns[f"{target}_12"] = _scattered(empty, [(there, values)])
            columns[f"{target}_21"] = _scattered(empty, [(back, values)])
        else:
            columns[target] = _scattered(empty, [(there, values), (back, values)])
    return columns


def _absent(part: CovariatePart) -> float:
    return 0.0 if part.absent == "zero" else float("nan")


def _values(part: CovariatePart, table: pd.DataFrame, column: str) -> FloatArray:
    """Values of a column; flags and counts are exact in single precision, which halves the table."""
    kind = np.float32 if part.absent == "zero" else np.float64
    return np.asarray(table[column].to_numpy(dtype=kind))


def _scattered(empty: FloatArray, pieces: list[tuple[IntArray, FloatArray]]) -> FloatArray:
    out = empty.copy()
    for row, values in pieces:
        out[row[row >= 0]] = values[row >= 0]
    return out


def _counts(
    table: pd.DataFrame, found: npt.NDArray[np.bool_], window: tuple[int, int], years: tuple[int, int]
) -> dict[str, object]:
    with_rows = set(table["year"])
    empty = [str(y) for y in range(window[0], window[1] + 1) if y not in with_rows]
    return {
        "first_year": years[0],
        "last_year": years[1],
        "rows": len(table),
        "matched": int(found.sum()),
        "unmatched": int((~found).sum()),
        "missing_years": ", ".join(empty),
    }
