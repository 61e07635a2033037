"""Who arms whom: shares of deliveries of major arms, both ways.

Deliveries come in lumps, so shares are of sums over several years. Orders are never mixed in.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from suasion.errors import InputError, SameCountryError
from suasion.schema.typed_file import unique_rows, whole

COLUMNS = ("supplier", "recipient", "year", "tiv")


def arms_shares(deliveries: pd.DataFrame, recipient: str, supplier: str, window: int = 5) -> pd.DataFrame:
    """Return a supplier's share of a recipient's arms imports, and the recipient's of the supplier's exports.

    Parameters
    ----------
    deliveries : ``supplier``, ``recipient``, ``year``, ``tiv``; a dyad-year without a row has no delivery
    recipient, supplier : the two countries
    window : years summed, the last one that of the row. 1 gives single years.

    Returns
    -------
    DataFrame
        One row a year of the data: ``year``, ``tiv`` (of the dyad, in the window), ``imports`` and ``exports`` (all of
        the recipient's and of the supplier's), ``import_share``, ``export_share`` (0 to 1). All are missing for
        the first years, whose window begins before the data; a share is missing where there is no trade.

    Raises
    ------
    InputError
        If the window is shorter than a year or longer than the data, or a country is not in them.
    SameCountryError
        If both are the same.
    MissingValueError
        If a column or a value is missing.
    DuplicateLabelError
        If a dyad-year occurs twice.
    """
    if recipient == supplier:
        raise SameCountryError(f"Both sides are {recipient}. Give two different countries.")
    table = _checked(deliveries)
    years = _years(table, window)
    for country in (recipient, supplier):
        _known(table, country)
    bought, sold = table["recipient"] == recipient, table["supplier"] == supplier
    sums = {
        name: _windows(table[rows], years, window)
        for name, rows in (("tiv", bought & sold), ("imports", bought), ("exports", sold))
    }
    result = pd.DataFrame({"year": list(years)} | {name: s.to_numpy() for name, s in sums.items()})
    for name, total in (("import_share", "imports"), ("export_share", "exports")):
        result[name] = result["tiv"] / result[total].where(result[total] > 0.0)
    return result


def suppliers(deliveries: pd.DataFrame, recipient: str, first: int, last: int) -> pd.DataFrame:
    """Return who armed a country over some years, the largest first.

    Parameters
    ----------
    deliveries : as for :func:`arms_shares`
    recipient : the country armed
    first, last : years, both inside

    Returns
    -------
    DataFrame
        ``supplier``, ``tiv``, ``share`` (0 to 1).

    Raises
    ------
    InputError
        If the years are not all in the data.
    """
    table = _checked(deliveries)
    low, high = int(table["year"].min()), int(table["year"].max())
    if not low <= first <= last <= high:
        raise InputError(f"The data have the years {low} to {high}, not all of {first} to {last}.")
    rows = table[(table["recipient"] == recipient) & table["year"].between(first, last)]
    total = rows.groupby("supplier")["tiv"].sum().rename_axis("supplier").to_frame("tiv").reset_index()
    total["share"] = total["tiv"] / (total["tiv"].sum() or np.nan)
    return total.sort_values(["tiv", "supplier"], ascending=[False, True], ignore_index=True)


def self_reliance(deliveries: pd.DataFrame, country: str, window: int = 5) -> pd.DataFrame:
    """Return how little a country needs arms from abroad, by two measures that deliveries allow.

    Arms that a country makes for itself are in no data set of transfers. A country that no longer needs its suppliers
    buys less than it did, and sells more than it buys: that is what can be seen.

    Parameters
    ----------
    deliveries : as for :func:`arms_shares`
    country : str
    window : years summed, the last one that of the row

    Returns
    -------
    DataFrame
        ``year``, ``imports``, ``exports`` (of the window), ``seller_share`` = exports / (exports + imports), 0 who only
        buys, 1 who only sells; ``of_peak`` = imports / largest imports of any window, 0 to 1. Missing for the first
        years, whose window begins before the data, and where there is no trade.

    Raises
    ------
    InputError
        If the window does not fit, or the country is not in the data.
    """
    table = _checked(deliveries)
    years = _years(table, window)
    _known(table, country)
    sums = {
        name: _windows(table[table[side] == country], years, window)
        for name, side in (("imports", "recipient"), ("exports", "supplier"))
    }
    result = pd.DataFrame({"year": list(years)} | {name: s.to_numpy() for name, s in sums.items()})
    both = result["imports"] + result["exports"]
    result["seller_share"] = result["exports"] / both.where(both > 0.0)
    peak = result["imports"].max()
    result["of_peak"] = result["imports"] / (peak if peak > 0.0 else np.nan)
    return result


def _years(table: pd.DataFrame, window: int) -> range:
    years = range(int(table["year"].min()), int(table["year"].max()) + 1)
    if not 1 <= window <= len(years):
        raise InputError(f"A window of {window} years does not fit the data, {years[0]} to {years[-1]}.")
    return years


def _known(table: pd.DataFrame, country: str) -> None:
    if country not in set(table["supplier"]) | set(table["recipient"]):
        years = f"{table['year'].min():.0f} to {table['year'].max():.0f}"
        raise InputError(
            f"{country} neither sends nor receives arms in the data, {years}: it has no share. If that is a surprise, "
            "check the code."
        )


def _windows(rows: pd.DataFrame, years: range, window: int) -> pd.Series[float]:
    """Sums over windows of years; a year without a row has no delivery."""
    return rows.groupby("year")["tiv"].sum().reindex(years, fill_value=0.0).rolling(window).sum()


def _checked(deliveries: pd.DataFrame) -> pd.DataFrame:
    whole(deliveries, COLUMNS, "Deliveries")
    return unique_rows(deliveries, ("supplier", "recipient", "year"), "Table of deliveries")
