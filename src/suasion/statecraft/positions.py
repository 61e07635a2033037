"""Positions of states on named disputes, embedded, each with its source and date.

Where a dispute was put to the vote in the General Assembly, a position is the mean of all recorded votes on it. A state
without a row has no position that was read: it is missing, never neutral.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from suasion.errors import InputError
from suasion.files import shipped
from suasion.statecraft.tables import read_table
from suasion.types import Citation

FILE = "dispute_positions.parquet"
SOURCE: Citation = "United Nations, recorded votes of the General Assembly"
DIGITS = 3
STALE = 5
"""Years before the last vote of the table by which a position may be told and still speak of today: assumption."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """A resolution with a recorded vote: symbol, day of adoption (YYYY-MM-DD), and members counted on each side."""

    symbol: str
    date: str
    yes: int
    no: int
    abstain: int


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute and the rule by which positions on it are coded.

    key, name, question: short name, title, and the question that +1 answers with yes.
    plus, zero, minus: what +1, 0 and -1 mean.
    note: caution.
    resolutions: resolutions on whose recorded votes the positions rest, by day; empty where they rest on
      statements.
    """

    key: str
    name: str
    question: str
    plus: str
    zero: str
    minus: str
    note: str
    resolutions: tuple[Resolution, ...]


@cache
def disputes() -> tuple[Dispute, ...]:
    """All disputes of the table, with their coding rules."""
    texts = ("key", "name", "question", "plus", "zero", "minus")
    return tuple(
        Dispute(
            **{name: row[name] for name in texts},
            note=row.get("note", ""),
            resolutions=tuple(Resolution(**r) for r in row.get("resolutions", ())),
        )
        for row in read_table("positions.toml")["issue"]
    )


@dataclass(frozen=True, slots=True)
class Salience:
    """How much the disputes matter to one state: judgements with ranges (assumption).

    weights, low, high: dispute (key) to its weight, and the ends of its range.
    source: what it rests on.
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
def _voted() -> pd.DataFrame:
    table = shipped("suasion.statecraft.tables", FILE, pd.read_parquet)
    texts = dict.fromkeys(("issue", "country", "since", "date"), str)
    numbers = table.astype(texts | {"position": float, "latest": float, "votes": int})
    return numbers.assign(position=numbers["position"].round(DIGITS))


@cache
def _positions() -> pd.DataFrame:
    typed = [
        {
            "issue": issue["key"],
            "country": country,
            "position": float(row["position"]),
            "votes": 0,
            "since": row["date"],
            "date": row["date"],
            "latest": float(row["position"]),
            "source": row["source"],
            "locator": row["locator"],
        }
        for issue in read_table("positions.toml")["issue"]
        for row in issue.get("rows", ())
        for country in row["countries"]
    ]
    symbols = {d.key: [r.symbol for r in d.resolutions] for d in disputes()}
    told = {key: f"{own[0]} to {own[-1]}" for key, own in symbols.items() if own}
    voted = _voted()
    voted = voted.assign(source=SOURCE, locator=voted["issue"].map(told))
    table = pd.concat([voted, pd.DataFrame(typed)], ignore_index=True)
    table.insert(1, "name", table["issue"].map({d.key: d.name for d in disputes()}))
    limit = f"{int(voted['date'].max()[:4]) - STALE}{voted['date'].max()[4:]}"
    return table.assign(stale=table["date"] < limit)


def positions(issue: str | None = None) -> pd.DataFrame:
    """Return the positions of the table.

    issue: one dispute (key); all without it.
    Returns: ``issue`` (key), ``name``, ``country`` (alpha-3), ``position`` (-1 to 1), ``votes`` (recorded
      votes that it is the mean of; 0 for a statement), ``since`` and ``date`` (first and last day that it
      rests on), ``latest`` (the last vote, or the statement), ``source``, ``locator``, ``stale`` (whether it
      is too old to speak of today).
    Raises InputError if there is no such dispute.
    """
    table = _positions()
    if issue is None:
        return table.copy()
    known = [d.key for d in disputes()]
    if issue not in known:
        raise InputError(f"There is no dispute {issue!r}. Disputes are {', '.join(known)}.")
    return table[table["issue"] == issue].reset_index(drop=True)
