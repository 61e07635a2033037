"""Orders of arms by the year of order: the fit of pacts reads them, and nothing else; deliveries are another matter."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from suasion.errors import DataError
from suasion.sources.ir_files import existing, refuse_lacking
from suasion.sources.sipri import ADVICE, NO_STATES, party

_ORDERS = {
    "Supplier": "supplier",
    "Recipient": "recipient",
    "Year of order": "year",
    "SIPRI TIV for total order": "tiv",
}
_ORDER_HEAD = 11
"""Lines before the heading of a register with orders."""


def read_arms_orders(path: str | Path) -> pd.DataFrame:
    """Read orders of arms by dyad and year, from the register of transfers from 1950 on.

    path: register of transfers with the years of order, as CSV or packed with gzip.
    Returns: ``supplier``, ``recipient`` (alpha-3 or a former state's code), ``year`` of order, ``tiv``
      (million, of the whole order). Orders of rebels, organizations and unknown parties are left out.
    Raises SourceFileError if the file is absent or has no years of order.
    """
    file = existing(path, ADVICE)
    whole = pd.read_csv(file, skiprows=_ORDER_HEAD, encoding="latin-1")
    refuse_lacking(file, whole, _ORDERS, f"not a register with orders? {ADVICE}")
    table = whole[list(_ORDERS)].rename(columns=_ORDERS).dropna()
    for side in ("supplier", "recipient"):
        names = table[side].astype(str).unique()
        table[side] = table[side].astype(str).map({n: _state_or_none(n) for n in names})
    kept = table.dropna().astype({"year": int, "tiv": float})
    return kept.groupby(["supplier", "recipient", "year"])["tiv"].sum().reset_index()


def _state_or_none(name: str) -> str | None:
    """Code of a state, former ones too; None for whoever is none."""
    try:
        return None if name in NO_STATES else party(name)
    except DataError:
        return None
