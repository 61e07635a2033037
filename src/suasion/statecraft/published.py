"""Shares of arms and totals of loans that the makers of the registers printed themselves, for who has no register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from suasion.statecraft.tables import read_table

ARMS = ("recipient", "supplier", "trade_share_of", "first", "last", "trade_share", "report", "locator")
LOANS = ("debtor", "lender", "first", "last", "commitments_musd", "report", "locator")


def published_arms(a: str, b: str) -> pd.DataFrame:
    """Shares of arms between two states that SIPRI printed, by period.

    a, b: codes.
    Returns: ``recipient``, ``supplier``, ``trade_share_of`` (``imports`` of the recipient or ``exports`` of
      the supplier), ``first`` and ``last`` year, ``trade_share`` (0 to 1), ``report`` and ``locator``; by
      last year.
    """
    rows = (
        {**row, "trade_share_of": row["of"], "trade_share": row["percent"] / 100.0}
        for row in _rows("arms")
        if {row["supplier"], row["recipient"]} == {a, b}
    )
    return _by_last_year(rows, ARMS)


def published_loans(a: str, b: str) -> pd.DataFrame:
    """Loans of one of two states to the other that AidData printed, by period.

    a, b: codes.
    Returns: ``debtor``, ``lender``, ``first`` and ``last`` year, ``commitments_musd``, ``report``,
      ``locator``; by ``last``.
    """
    rows = (
        {**row, "commitments_musd": 1000.0 * row["billion_usd"]}
        for row in _rows("loans")
        if {row["lender"], row["debtor"]} == {a, b}
    )
    return _by_last_year(rows, LOANS)


def _by_last_year(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns)).sort_values("last", kind="stable", ignore_index=True)


def _rows(kind: str) -> Iterator[dict[str, Any]]:
    table = read_table("published.toml")
    for row in table[kind]["rows"]:
        yield {**row, **table["source"][row["source"]]}
