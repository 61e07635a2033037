"""What it would be worth to two states to trade again as much as they once did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from suasion.answers import MAIN, Answer, Country, Finding, Quantity, Source, Table, Value
from suasion.questions.bands import ranged, when_of
from suasion.questions.posed import outside, posed
from suasion.questions.question import Bands, Calendar, Count, OwnElasticities, ScenarioText, State, question
from suasion.types import DeficitRule, Progress
from suasion.wars import BELLIGERENTS

if TYPE_CHECKING:
    from suasion.coercion.restored import RestoredTie
    from suasion.world import World

SOURCES = (Source("trade_history.source", "BACI"),)
WHOLE = 2013
"""Last year before the first of Russia's invasions of Ukraine."""


@question
def restoration(
    a: State,
    b: State,
    *,
    year: Calendar = WHOLE,
    horizon: str = "long",
    deficits: DeficitRule = "balance",
    draws: Bands = 16,
    seed: Count = 1,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """What it would be worth to two states to trade goods again as they did in a year.

    Costs of trade in goods between them fall until the state to which the other mattered more has the old share again.

    Parameters
    ----------
    year : int
        Year whose share in the trade in goods is restored.
    horizon : str
        months, short (first year), long, or years since the shock.

    Returns
    -------
    Answer
        Table ``restored``, one row a state; absent where the year is not on record, or the table has not both.

    Examples
    --------
    >>> su.restoration("UKR", "RUS", draws=0)
    <Answer restoration UKR RUS 2013: restored (...>
    """
    from suasion.coercion.restored import restored_tie

    pair = a, b
    asked: dict[str, Value] = {"a": Country(a), "b": Country(b), "year": year}
    economy = posed(world, given, elasticities, factors, deficits)
    if absent := outside("restoration", pair, economy):
        return Answer("restoration", asked, absent=absent, sources=SOURCES)
    shares = _shares(a, b, year)
    if not shares:
        return Answer("restoration", asked, absent=Finding("restoration.none", asked), sources=SOURCES)
    first = max(shares, key=lambda code: shares[code])
    order = pair if first == a else pair[::-1]
    tie = restored_tie(economy, *order, shares[first], horizon, deficits=deficits, draws=draws, seed=seed)
    rows = [_row(tie, code, other, draws) for code, other in (order, order[::-1])]
    told, table = _worth(rows, shares[first], asked, horizon), _table(rows, asked, tie.factor)
    return Answer("restoration", asked, (told,), (table,), sources=SOURCES, result=tie)


def of_belligerents(a: str, b: str, *_: object) -> dict[str, Any] | None:
    """Return what to ask of a pair whose trade has ended with a war; None of all others."""
    return {"a": a, "b": b} if {a, b} == BELLIGERENTS else None


def _shares(a: str, b: str, year: int) -> dict[str, float]:
    """Share of each in the trade in goods of the other in a year on record, by whose trade it is."""
    from suasion.measures.history import trade_history

    frame = trade_history(a, b)
    chosen = frame[(frame["flow"] == "turnover") & (frame["year"] == year) & (frame["form"] != "dot")]
    return {str(row["country"]): float(row["share"]) for row in chosen.to_dict("records") if row["share"] > 0}


def _row(tie: RestoredTie, code: str, partner: str, draws: int) -> dict[str, Any]:
    from suasion.coercion.restored import goods_share
    from suasion.measures.labels import sector_groups

    result = tie.result
    sectors = tuple(map(str, result.trade["sector"].to_numpy()))
    goods = sector_groups(sectors).get("goods", sectors)
    band = result.band().sel(country=code) if draws else None
    low, high = (None, None) if band is None else map(float, (band.min(), band.max()))
    return {
        "state": code,
        "partner": partner,
        "trade_share": goods_share(result.trade, code, partner, goods),
        "change_percent": float(result.welfare.sel(country=code)),
        "change_percent_low": low,
        "change_percent_high": high,
        "change_musd": float(result.equivalent_variation.sel(country=code)),
    }


def _table(rows: list[dict[str, Any]], asked: Mapping[str, Value], factor: float) -> Table:
    return Table.of(
        "restored",
        "state partner trade_share change_percent change_musd",
        rows,
        axes="state",
        values=asked,
        notes=(Finding("restoration.how", {**asked, "cut": Quantity(100.0 * (factor - 1.0), "change")}),),
    )


def _worth(rows: list[dict[str, Any]], share: float, asked: Mapping[str, Value], horizon: str) -> Finding:
    """What each would gain, or lose."""
    first, second = (ranged(row, "change_percent", "change") for row in rows)
    return Finding(
        "restoration.worth",
        {
            "a": Country(rows[0]["state"]),
            "b": Country(rows[1]["state"]),
            "year": asked["year"],
            "share": Quantity(share, "probability"),
            "when": when_of(horizon),
            "change_a": first,
            "change_b": second,
        },
        weight=MAIN,
    )
