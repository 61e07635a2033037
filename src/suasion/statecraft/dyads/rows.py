"""The rows of the dyad-year table, and how a data set is put into its columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.schema.given import unique_rows
from suasion.sources.cow_crosswalk import CowCrosswalk
from suasion.sources.cow_system import state_years
from suasion.statecraft.dyads.columns import CovariatePart
from suasion.types import FloatArray, IntArray


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
