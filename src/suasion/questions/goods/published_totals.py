"""What published totals say of the trade of two states: single numbers, each with its source and definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from suasion.answers import DETAIL, Answer, Country, Finding, Picture, Source, Table, Value
from suasion.questions.posed import usual
from suasion.questions.question import State, question

if TYPE_CHECKING:
    import pandas as pd

    from suasion.world import World

SHARE = "share_of_"
"""Beginning of the measures that are shares."""
SOURCES = (Source("published_totals.source"),)


@question
def published_totals(a: State, b: State, *, world: World | None = None) -> Answer:
    """What published totals say of the trade of two states with each other: dots, no series.

    Parameters
    ----------
    world : World, optional
        The economy, whose own shares are further dots; the embedded one without.

    Returns
    -------
    Answer
        Tables ``totals`` (shares) and ``amounts``; empty where nobody published any.

    Examples
    --------
    >>> su.published_totals("RUS", "CHN")
    <Answer published_totals RUS CHN: totals (...>
    """
    from suasion.measures import total_dots

    asked: dict[str, Value] = {"a": Country(a), "b": Country(b)}
    dots = total_dots(a, b, usual(world))
    if dots.empty:
        return Answer(
            "published_totals", asked, absent=Finding("published_totals.none", asked, weight=DETAIL)
        )
    dots = dots.assign(second=dots["reporter"] != a)
    dots = dots.sort_values(["second", "measure", "year", "value"], kind="stable").reset_index(drop=True)
    tables = [totals_table(*given) for given in (("totals", True, dots), ("amounts", False, dots))]
    return Answer(
        "published_totals",
        asked,
        tables=tuple(table for table in tables if table is not None),
        sources=SOURCES,
        result=dots,
    )


def totals_table(key: str, share: bool, dots: pd.DataFrame) -> Table | None:
    """The shares, or the amounts; None where there are none."""
    rows = [_row(place, row) for place, row in enumerate(dots.to_dict("records"))]
    rows = [row for row in rows if (row["total_percent"] is not None) == share]
    number = "total_percent" if share else "amount amount_unit"
    return (
        Table.of(
            key,
            f"mark country partner trade_flow year {number} source_name definition_text standing locator",
            rows,
            axes="mark",
            picture=Picture("ranges", "total_percent", "mark", series="country", panel="trade_flow")
            if share
            else None,
            notes=(Finding("published_totals.dots"),),
            brief=f"mark country trade_flow {number} source_name",
        )
        if rows
        else None
    )


def _row(place: int, row: dict[Any, Any]) -> dict[str, Any]:
    share = str(row["measure"]).startswith(SHARE)
    text = {
        name: row[name] if isinstance(row[name], str) else "" for name in ("locator", "definition", "status")
    }
    return {
        "mark": f"{int(row['year'])} ({_mark(place)})",
        "country": row["reporter"],
        "partner": row["partner"],
        "trade_flow": str(row["measure"]).removeprefix(SHARE),
        "year": int(row["year"]),
        "total_percent": float(row["value"]) if share else None,
        "amount": None if share else float(row["value"]),
        "amount_unit": row["unit"],
        "source_name": str(row["source"]),
        "definition_text": text["definition"],
        "standing": text["status"],
        "locator": text["locator"],
    }


def _mark(place: int) -> str:
    """Letters a to z, then aa, ab, ..."""
    first, last = divmod(place, 26)
    return ("" if first == 0 else chr(96 + first)) + chr(97 + last)
