"""Facts on pairs of states that a user adds: a table of pair, day, kind, value and source, beside those that ship."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from suasion.errors import DataError, SourceFileError
from suasion.sources.countries import resolve_country
from suasion.sources.ir_files import locate, raw_table

COLUMNS = ("a", "b", "kind", "start", "end", "value", "what", "source", "locator")
NEEDED = ("a", "b", "kind", "start", "source")
NAMES = ("record.csv",)
KINDS = (
    "defence", "neutrality", "nonaggression", "consultation", "conduct", "vote", "exercise", "patrol", "operation",
    "combat", "arms", "war", "dispute", "rivalry", "partnership", "measure", "sanctions",
)  # fmt: skip
"""What a fact may be about."""
NONE = "none"
"""Value of a row whose source covers the kind for the pair from its start to its end, and lists nothing."""
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
ADVICE = f"A file of facts has the columns {', '.join(COLUMNS)}, one fact a row; see docs: record."


def read_dyad_record(path: str | Path) -> pd.DataFrame:
    """Read facts on pairs of states.

    path: CSV with the columns ``a``, ``b`` (codes or names), ``kind`` (one of :data:`KINDS`), ``start`` and ``end``
      (day, month or year; ``end`` empty for one day, or while it lasts), ``value``, ``what``, ``source``, ``locator``.
    Returns: Those columns as text, codes for names, empty where nothing is given.
    Raises SourceFileError if the file is absent or lacks a column.
    Raises DataError if a row has no source, no such kind, or no day; the message names the row.
    """
    file = locate(path, NAMES)
    table = raw_table(file, ADVICE)
    lacking = [name for name in NEEDED if name not in table]
    if lacking:
        raise SourceFileError(f"{file} has no column {', '.join(lacking)}. {ADVICE}")
    table = table.reindex(columns=list(COLUMNS)).astype("string").fillna("")
    table = table.apply(lambda column: column.str.strip().str.removesuffix(".0"))
    for number, row in enumerate(table.to_dict("records"), 2):
        if wrong := _fault(row):
            raise DataError(f"{file}, line {number}: {wrong} {ADVICE}")
    names = {name: resolve_country(name) for name in {*table["a"], *table["b"]}}
    coded: pd.DataFrame = table.assign(a=table["a"].map(names), b=table["b"].map(names)).astype(str)
    return coded


def _fault(row: dict[str, str]) -> str:
    """What is wrong with a row; empty if nothing is."""
    if row["kind"] not in KINDS:
        return f"the kind {row['kind']!r} is none of {', '.join(KINDS)}."
    if not row["source"]:
        return "a fact without a source."
    days = [row["start"], *([row["end"]] if row["end"] else [])]
    if odd := [day for day in days if not _DAY.fullmatch(day)]:
        return f"{odd[0]!r} is no day, month or year such as 2025-02-24."
    if row["end"] and row["end"] < row["start"][: len(row["end"])]:
        return f"it ends in {row['end']}, before {row['start']}."
    return "" if row["value"] != NONE or row["end"] else "that a source lists none needs a last year."
