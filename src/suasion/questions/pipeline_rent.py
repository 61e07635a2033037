"""Who gets the rent of the shipped gas network, with the outlets of before 2022, of today, and of none to the west."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    MAIN,
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
from suasion.questions.bands import ranged
from suasion.questions.question import State, question

if TYPE_CHECKING:
    import pandas as pd

NETWORK = "eurasian_gas"
OUTLETS = {"open": "open", "today": "today", "today with option": "today_with_option", "closed": "closed"}
"""Cases of the network file."""
YEARS: dict[str, Value] = {"old": 2022, "new": 2025}
"""Before which the outlets were open, and since the beginning of which they are those of today."""
SOURCES = (Source("pipeline_rent.source"),)


@question
def pipeline_rent(a: State, b: State) -> Answer:
    """What each of two states gains from the Eurasian gas network, with its outlets of before 2022 and of today.

    Returns
    -------
    Answer
        Table ``rent-shares``; empty where the two are not both players of the network.

    Examples
    --------
    >>> su.pipeline_rent("RUS", "CHN")
    <Answer pipeline_rent RUS CHN: rent-shares (...>
    """
    from suasion.sources.network_ranges import kept_division

    pair = a, b
    asked: dict[str, Value] = {"a": Country(a), "b": Country(b)}
    kept = kept_division(NETWORK)
    if not set(pair) <= set(kept.players):
        return Answer("pipeline_rent", asked, absent=Finding("pipeline_rent.outside", asked, weight=DETAIL))
    rows = sorted(_rows(kept.gains), key=lambda row: row["state"] not in pair)  # the two first
    table = Table.of(
        "rent-shares",
        "state outlets gain_musd share_percent",
        rows,
        axes="state outlets",
        picture=Picture("ranges", "gain_musd", "state", panel="outlets"),
        notes=(
            Finding("pipeline_rent.cases", YEARS),
            Finding("pipeline_rent.bars", {"draws": Quantity(kept.draws, "count")}),
        ),
    )
    return Answer(
        "pipeline_rent",
        asked,
        (*_gains(rows, pair), *_locked(kept.locked, pair)),
        (table,),
        sources=SOURCES,
        result=kept,
    )


def _rows(gains: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Players in the order of the file, the cases of each together."""
    for _, group in gains.groupby("player", sort=False):
        for row in group.to_dict("records"):
            yield {
                "state": row["player"],
                "outlets": OUTLETS[row["case"]],
                "gain_musd": row["gain"],
                "gain_musd_low": row["low"],
                "gain_musd_high": row["high"],
                "share_percent": row["share_percent"],
            }


def _gains(rows: list[dict[str, Any]], pair: tuple[str, str]) -> Iterator[Finding]:
    for code in pair:
        gain = {row["outlets"]: ranged(row, "gain_musd", "musd") for row in rows if row["state"] == code}
        yield Finding(
            "pipeline_rent.gain",
            {"state": Country(code), **YEARS, **gain},
            Comparison(gain["today"], gain["open"]),
            weight=MAIN,
        )


def _locked(locked: pd.DataFrame, pair: tuple[str, str]) -> Iterator[Finding]:
    """How much of each side's capacity leads to the other alone with the outlets of today, where any does."""
    today = locked[locked["case"] == "today"].set_index(["seller", "buyer"])["share"]
    for seller, buyer in (pair, pair[::-1]):
        if (seller, buyer) in today.index:
            yield Finding(
                "pipeline_rent.locked",
                {
                    "seller": Country(seller),
                    "buyer": Country(buyer),
                    "share": Quantity(float(today[seller, buyer]), "probability"),
                },
            )
