"""Tables that somebody gives: refused in one way where a column or a value is lacking, or a row is there twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from suasion.errors import DuplicateLabelError, MissingValueError

if TYPE_CHECKING:
    import pandas as pd


def whole(table: pd.DataFrame, columns: Sequence[str], noun: str) -> pd.DataFrame:
    """Return a table that has all its columns, without gaps in them.

    noun: what its rows are, for the message.
    Raises MissingValueError: A column is lacking, or a value.
    """
    absent = [name for name in columns if name not in table]
    if absent or table[list(columns)].isna().to_numpy().any():
        lacking = ", ".join(absent) or "values"
        raise MissingValueError(f"{noun} need columns {', '.join(columns)} without gaps; lacking: {lacking}.")
    return table


def unique_rows(table: pd.DataFrame, keys: Sequence[str], what: str) -> pd.DataFrame:
    """Return the table if no combination of ``keys`` occurs twice.

    Raises DuplicateLabelError: With the first rows that do.
    """
    twice = table[table.duplicated(list(keys), keep=False)]
    if len(twice):
        rows = [", ".join(f"{k} {v}" for k, v in row.items()) for row in twice[list(keys)].to_dict("records")]
        shown = "; ".join(dict.fromkeys(rows[:8]))
        raise DuplicateLabelError(
            f"{what}: {len(twice)} rows share their {', '.join(keys)}: {shown}. Keep one row of each."
        )
    return table
