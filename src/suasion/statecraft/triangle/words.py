"""How much of a triangle is the threshold, in a sentence."""

from __future__ import annotations

import pandas as pd

from suasion.statecraft.ledger.words import percent


def threshold_sentence(table: pd.DataFrame, year: int) -> str:
    """Return the likeliest triangle at each threshold of one year.

    Parameters
    ----------
    table : DataFrame
        Of :func:`suasion.statecraft.triangle.years.triangle_thresholds`.
    year : int

    Returns
    -------
    str
    """
    best = table.sort_values("probability", ascending=False).groupby("factor").first()
    parts = [
        f"{_kind(str(row['kind']), str(row['special']))} ({percent(float(row['probability']))}) at {factor:g}"
        for factor, row in best.sort_index().iterrows()
    ]
    one = best[["kind", "special"]].drop_duplicates()
    verdict = "does not depend" if len(one) == 1 else "depends"
    return (
        f"What {year} is {verdict} on the threshold, in multiples of the median distance: {', '.join(parts)}."
    )


def _kind(kind: str, special: str) -> str:
    if kind == "romantic triangle":
        return f"{kind}, pivot {special}"
    return f"{kind}, outcast {special}" if special else kind
