"""Ranges of what a day's tariffs do: for each draw of the elasticities the same solves as at the central ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from suasion.equilibrium.batch.bands import drawn_rows, with_bands
from suasion.equilibrium.batch.many import respond_draws
from suasion.equilibrium.economy import economy_on, respond
from suasion.equilibrium.types import Parameters, Shock
from suasion.sources.capital_shares import capital_shares
from suasion.types import FloatArray

if TYPE_CHECKING:
    from suasion.equilibrium.result import Result
    from suasion.equilibrium.solve import Solved


def drawn_welfare(found: Result) -> FloatArray | None:
    """Changes of welfare over draws (D, N), in per cent; None without draws."""
    return None if found.drawn is None else np.asarray(found.drawn["welfare"].values)


def welfare_over(found: Result, shock: Shock, solved: Solved, sets: Sequence[Parameters]) -> FloatArray:
    """Changes of welfare (D, N), in per cent, of another shock to the economy of a result.

    shock, solved: compiled, and its equilibrium at the central elasticities.
    sets: draws of the elasticities.
    """
    return np.asarray(100.0 * np.expm1(respond_draws(found._economy, shock, solved, sets).log_welfare))


def capital_over(found: Result, sets: Sequence[Parameters]) -> FloatArray:
    """Changes of welfare (D, N), in per cent, with a stock of capital that adjusts; arguments as above."""
    own = found._economy
    known = own.parameters.capital
    share = capital_shares(own.accounts.countries)[0] if known is None else known
    full = economy_on(own.accounts, replace(own.parameters, capital=share), own.deficits)
    solved, _ = respond(full, found.shock, found.solved.x)
    drawn = [replace(one, capital=share) for one in sets]
    return np.asarray(100.0 * np.expm1(respond_draws(full, found.shock, solved, drawn).log_welfare))


def ranged_rows(frame: pd.DataFrame, drawn: Mapping[str, Sequence[FloatArray | None]]) -> pd.DataFrame:
    """Return a table with the 90 % band of its columns.

    frame: rows at the central elasticities.
    drawn: by column, for each row its draws (D,); None for a row that has none.
    """
    count = max((one.size for rows in drawn.values() for one in rows if one is not None), default=0)
    none = np.full(count, np.nan)
    columns = {
        name: np.stack([none if one is None else one for one in rows])
        for name, rows in drawn.items()
        if count
    }
    frames = [pd.DataFrame({name: rows[:, d] for name, rows in columns.items()}) for d in range(count)]
    return with_bands(frame, drawn_rows(frame, frames, list(columns)))


def paid(
    found: Result,
    n: int,
    unit: FloatArray,
    price: FloatArray,
    revenue: FloatArray,
    income: FloatArray,
    transfer: FloatArray,
) -> dict[str, FloatArray]:
    """What the treasury receives more and dearer goods take from users, at base prices, factor income held.

    Real expenditure changes then by (E1 - E0) - (1 - 1 / P) E1, of which E1 - E0 is revenue and transfers.

    n: place of who charges.
    unit: base factor income over the new one, in which new values are counted.
    price: change factor of consumer prices over that of factors.
    revenue, income, transfer: new values.
    """
    base = found.base
    rows = {
        "treasury": unit * revenue - base.tax_revenue[n],
        "users": -(1.0 - 1.0 / price) * unit * income,
        "transfers": unit * transfer - base.transfer[n],
    }
    return {payer: worth for payer, worth in rows.items() if payer != "transfers" or base.transfer.any()}


def paid_over(found: Result, n: int) -> dict[str, FloatArray]:
    """The same for each draw (D,); nothing without draws."""
    if found.drawn is None:
        return {}
    base, at = found.base, {name: one.values[:, n] for name, one in found.drawn.data_vars.items()}
    consumer = 1.0 + at["consumer_price"] / 100.0
    earned = (1.0 + at["real_wage"] / 100.0) * np.exp(found.solved.problem.endowments[n]) * consumer
    income = base.income[n] * (1.0 + at["welfare"] / 100.0) * consumer
    net = (base.income[n] - base.transfer[n]) * (1.0 + at["real_income"] / 100.0) * consumer
    return paid(found, n, 1.0 / earned, consumer / earned, at["revenue"], income, income - net)
