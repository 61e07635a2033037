"""Positions of major states on named disputes, embedded, each with its source and date.

A state without a row has no position that was read: it is missing, never neutral.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from suasion.errors import InputError
from suasion.statecraft.tables import read_table


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute and the rule by which positions on it are coded.

    Attributes
    ----------
    key, name, question : str
        Short name, title, and the question that +1 answers with yes.
    plus, zero, minus : str
        What +1, 0 and -1 mean.
    note : str
        Caution.
    tally : dict
        Votes ``yes``, ``no``, ``abstain`` of the whole Assembly where the positions are a recorded vote.
    """

    key: str
    name: str
    question: str
    plus: str
    zero: str
    minus: str
    note: str
    tally: dict[str, int]


@cache
def disputes() -> tuple[Dispute, ...]:
    """All disputes of the table, with their coding rules."""
    return tuple(
        Dispute(
            key=row["key"],
            name=row["name"],
            question=row["question"],
            plus=row["plus"],
            zero=row["zero"],
            minus=row["minus"],
            note=row.get("note", ""),
            tally=dict(row.get("tally", {})),
        )
        for row in read_table("positions.toml")["issue"]
    )


@dataclass(frozen=True, slots=True)
class Salience:
    """How much the disputes matter to one state: judgements with ranges (assumption).

    Attributes
    ----------
    weights, low, high : dict
        Dispute (key) to its weight, and the ends of its range.
    source : str
        What it rests on.
    """

    weights: dict[str, float]
    low: dict[str, float]
    high: dict[str, float]
    source: str


def salience_of(country: str) -> Salience | None:
    """Return the embedded judgement on how much the disputes matter to a state; None where there is none."""
    row = read_table("positions.toml")["salience"].get(country)
    if row is None:
        return None
    weights, low, high = ({d.key: float(row[d.key][i]) for d in disputes()} for i in range(3))
    return Salience(weights, low, high, row["source"])


@cache
def _positions() -> pd.DataFrame:
    lines = [
        {
            "issue": issue["key"],
            "name": issue["name"],
            "country": country,
            "position": float(row["position"]),
            "date": row["date"],
            "source": row["source"],
            "locator": row["locator"],
        }
        for issue in read_table("positions.toml")["issue"]
        for row in issue["rows"]
        for country in row["countries"]
    ]
    return pd.DataFrame(lines)


def positions(issue: str | None = None) -> pd.DataFrame:
    """Return the positions of the table.

    Parameters
    ----------
    issue : str, optional
        One dispute (key); all without it.

    Returns
    -------
    DataFrame
        Columns ``issue`` (key), ``name``, ``country`` (alpha-3), ``position`` (-1, 0, 1), ``date``, ``source``,
        ``locator``.

    Raises
    ------
    InputError
        If there is no such dispute.
    """
    table = _positions()
    if issue is None:
        return table.copy()
    known = [d.key for d in disputes()]
    if issue not in known:
        raise InputError(f"There is no dispute {issue!r}. Disputes are {', '.join(known)}.")
    return table[table["issue"] == issue].reset_index(drop=True)
