"""What is asked of all pairs with the same numbers: who has a pact, who comes first, what quiet years do."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from suasion.statecraft.alliance.endings import hazards_by_bloc
from suasion.statecraft.alliance.number import PactEvent, PactNumber, pact_number


def likeliest(count: int) -> list[tuple[str, str]]:
    """Return the pairs with the largest hazard of a bilateral pact, the largest first."""
    own = hazards_by_bloc().xs(PactEvent.BILATERAL.value, level="kind")["hazard"]
    return [(str(a), str(b)) for a, b in own.nlargest(count).index]


def quiet_path(one: PactNumber) -> pd.DataFrame:
    """Return what becomes of a question while nothing happens, its covariates held.

    Returns: ``quiet_to`` (day to which nothing has happened, ISO), ``probability``, ``probability_low``,
      ``probability_high``; from the day the question opens to the start of the year in which it closes.
    """
    days = [one.opens, *(dt.date(year, 1, 1) for year in range(one.opens.year + 1, one.closes.year + 1))]
    found = [pact_number(one.a, one.b, one.closes.year, pact=one.pact, opens=day) for day in days]
    rows = [
        (day.isoformat(), n.probability, n.low, n.high)
        for day, n in zip(days, found, strict=True)
        if n is not None
    ]
    return pd.DataFrame(rows, columns=["quiet_to", "probability", "probability_low", "probability_high"])
