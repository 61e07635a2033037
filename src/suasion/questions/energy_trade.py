"""How much of each of two states' energy trade is with the other, year by year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from suasion.answers import (
    DETAIL,
    MAIN,
    USUAL,
    Answer,
    Comparison,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
)
from suasion.questions.question import State, Years, question

if TYPE_CHECKING:
    import pandas as pd

GROUP = "Oil, gas and coal"
LEAST, SMALL = 0.01, 100.0
"""A direction is no tie where in none of these years it reached this share of either side's trade, or this many
million USD. Assumption: 0.005 to 0.02, 50 to 500 million."""
SIDES = {"exports": "seller_share", "imports": "buyer_share"}
"""Whose trade a share is of: the seller's exports, or the buyer's imports."""
SOURCES = (Source("energy_trade.source"),)


@question
def energy_trade(a: State, b: State, *, years: Years = 12) -> Answer:
    """What share of each state's trade in crude oil, gas and coal is with the other, year by year.

    Parameters
    ----------
    years : Years
        The last years, so many.

    Returns
    -------
    Answer
        Table ``energy-shares``; empty where neither sells the other enough to be a tie.

    Examples
    --------
    >>> su.energy_trade("CHN", "RUS", years=3)
    <Answer energy_trade CHN RUS: energy-shares (...>
    """
    import pandas as pd

    from suasion.measures.materials import COMMODITIES, material_shares

    found = material_shares(a, b, groups={GROUP: COMMODITIES[GROUP]})
    asked: dict[str, Value] = {"a": Country(found.a), "b": Country(found.b)}
    recent = found.table[found.table["year"] > found.table["year"].max() - years]
    ties = [part for _, part in recent.groupby("seller", sort=False) if _matters(part)]
    ties.sort(key=lambda part: part["seller"].iloc[0] != found.a)
    if not ties:
        return Answer(
            "energy_trade", asked, absent=Finding("energy_trade.none", asked, weight=DETAIL), sources=SOURCES
        )
    shares = (
        part.assign(trade_share_of=side, trade_share=part[column])
        for part in ties
        for side, column in SIDES.items()
    )
    table = Table.of(
        "energy-shares",
        "seller buyer year trade_share_of trade_share",
        pd.concat(shares).dropna(subset=["trade_share"]),
        axes="seller year trade_share_of",
        picture=Picture("lines", "year", "trade_share", series="trade_share_of", panel="seller"),
        notes=(Finding("energy_trade.note"),),
    )
    return Answer(
        "energy_trade",
        asked,
        tuple(finding for part in ties for finding in _findings(part)),
        (table,),
        sources=SOURCES,
        result=found,
    )


def _matters(part: pd.DataFrame) -> bool:
    return bool(part[list(SIDES.values())].max().max() >= LEAST and part["value"].max() >= SMALL)


def _findings(part: pd.DataFrame) -> Iterator[Finding]:
    """First and last year with both shares known."""
    known = part.dropna(subset=list(SIDES.values()))
    if len(known) < 2:
        return
    first, last = known.iloc[0], known.iloc[-1]
    sides = {"seller": Country(first["seller"]), "buyer": Country(first["buyer"])}
    for (side, column), weight in zip(SIDES.items(), (MAIN, USUAL), strict=True):
        old, new = (Quantity(float(row[column]), "probability") for row in (first, last))
        yield Finding(
            f"energy_trade.{side}",
            {**sides, "first": int(first["year"]), "last": int(last["year"]), "before": old, "after": new},
            Comparison(new, old),
            weight=weight,
        )
