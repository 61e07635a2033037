"""Who would sell, or make at home, what two sides buy from each other, and how much dearer it would get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from suasion.answers import (
    DETAIL,
    MAIN,
    Answer,
    Country,
    Finding,
    Industry,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
)
from suasion.answers import numbers as n
from suasion.questions.bands import ranged, when_of
from suasion.questions.posed import pair_of, pair_outside, posed
from suasion.questions.question import Count, Limits, OwnElasticities, ScenarioText, Side, question
from suasion.types import DeficitRule

if TYPE_CHECKING:
    import pandas as pd

    from suasion.coercion import Substitutes
    from suasion.world import World

MOST = 8
"""Industries of each side in the short table, those in which most is bought; all stand in the long one."""
PLACES = ("first", "second")
"""Other sellers that a sentence names."""
COLUMNS = (
    "buyer seller industry value_musd import_share price_percent foreign_percent home_percent bought_percent"
)
Few = Annotated[int, Limits(0, 64)]
"""Draws of table and elasticities, each of which is solved on its own."""


@question
def substitutes(
    a: Side,
    b: Side,
    *,
    horizon: str = "short",
    draws: Few = 8,
    seed: Count = 0,
    deficits: DeficitRule = "balance",
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
) -> Answer:
    """Who would take the other's place in what each of two sides buys from it, and how much dearer it would get.

    A group buys and sells as one; what its members sell each other counts as home.

    Parameters
    ----------
    horizon : str
        months, short (one year), long (ten years), or years since the cut.
    draws : int
        Draws of table and elasticities for 90 % ranges; 0 for none.

    Returns
    -------
    Answer
        Tables ``substitutes`` (the largest purchases of either side), ``substitutes-all`` and ``fillers``; empty where
        a state is not in the world's table, or the cut has no equilibrium.

    Examples
    --------
    >>> su.substitutes("DEU", "RUS", draws=0)
    <Answer substitutes DEU RUS: substitutes (...>
    """
    from suasion.coercion import substitutes as model
    from suasion.errors import ConvergenceError, ShockError

    economy = posed(world, given, elasticities, factors, deficits, cuts=True)
    a, b = pair_of(a, b, economy)
    asked: dict[str, Value] = {"a": Country(a), "b": Country(b)}
    if absent := pair_outside("substitutes", a, b, economy):
        return Answer("substitutes", asked, absent=absent)
    when = when_of(horizon)
    source = (Source("world.source", economy.provenance.dataset, economy.year),)
    try:
        found = model(economy, a, b, horizon, count=draws, seed=seed, deficits=deficits)
    except (ShockError, ConvergenceError):
        return Answer(
            "substitutes",
            asked,
            absent=Finding("substitutes.unsolved", {**asked, "when": when}),
            sources=source,
        )
    table = found.table.rename(columns={"sector": "industry"})
    return Answer(
        "substitutes",
        asked,
        tuple([one for _, rows in table.groupby("buyer", sort=False) for one in _hardest(found, rows, when)]),
        tuple(_tables(found, table, {**asked, "when": when}, economy.year)),
        sources=source,
        result=found,
    )


def _tables(found: Substitutes, table: pd.DataFrame, values: dict[str, Value], year: int) -> Iterator[Table]:
    """The largest purchases of either side, all of them, and who gains in the largest."""
    largest = table.groupby("buyer", sort=False).head(MOST)
    yield Table.of(
        "substitutes",
        COLUMNS,
        largest,
        axes="buyer industry",
        values=values,
        notes=(*_at_border(table, year), *_notes(found)),
        brief="buyer industry value_musd import_share price_percent home_percent",
        picture=Picture("ranges", "price_percent", "industry", panel="buyer"),
        whole="substitutes-all",
    )
    yield Table.of("substitutes-all", COLUMNS, table, axes="buyer industry", values=values, detail=True)
    yield _fillers(found, largest, values)


def _fillers(found: Substitutes, largest: pd.DataFrame, values: dict[str, Value]) -> Table:
    """Other sellers that gain most in the largest purchases."""
    kept = found.fillers.rename(columns={"sector": "industry"})
    order = {(row.buyer, row.industry): place for place, row in enumerate(largest.itertuples())}
    place = [order.get(key, -1) for key in zip(kept["buyer"], kept["industry"], strict=True)]
    kept = kept.assign(place=place).sort_values("place", kind="stable")
    return Table.of(
        "fillers",
        "buyer seller industry filler part_percent",
        kept[kept["place"] >= 0],
        axes="buyer industry filler",
        values=values,
        notes=(Finding("substitutes.parts"), Finding("substitutes.newcomers")),
        brief="buyer industry filler part_percent",
    )


def _at_border(table: pd.DataFrame, year: int) -> Iterator[Finding]:
    """What customs record of goods of mines, at the border, where the table has another amount by half or more."""
    from suasion.sources.materials import MINED, mined

    customs = mined(year)
    for row in table[table["industry"].isin(MINED)].to_dict("records"):
        bought = customs[(customs["industry"] == row["industry"]) & (customs["importer"] == row["buyer"])]
        value = float(bought.loc[bought["exporter"] == row["seller"], "value"].sum())
        world, told = row["value_musd"], value >= LEAST_AT_BORDER
        lost = world >= LEAST_AT_BORDER and value * LOST < world
        if not lost and (not told or max(value / world, world / value) < APART):
            continue
        values: dict[str, Value] = {"buyer": Country(row["buyer"]), "seller": Country(row["seller"])}
        values |= {"industry": Industry(row["industry"]), "year": year, "world": Quantity(world, "musd")}
        if told:
            share = Quantity(value / float(bought["value"].sum()), "probability")
            values |= {"value": Quantity(value, "musd"), "share": share}
        yield Finding(f"substitutes.{'border' if told else 'unrecorded'}", values)


LEAST_AT_BORDER, APART, LOST = 1000.0, 1.5, 10.0
"""Million USD of customs, or of the table, from which customs are told beside it, the factor that they are apart by, at
least, and that from which customs lack the goods."""


def _notes(found: Substitutes) -> Iterator[Finding]:
    yield Finding("substitutes.parts")
    yield Finding("substitutes.prices")
    if found.draws:
        yield Finding(
            f"substitutes.{'range' if found.tables else 'range_elasticities'}",
            {"solved": Quantity(found.solved, "count"), "draws": Quantity(found.draws, "count")},
        )


def _hardest(found: Substitutes, rows: pd.DataFrame, when: Value) -> Iterator[Finding]:
    """The purchase whose loss costs most at its price, and who would take the seller's place in it."""
    dearer = rows.assign(bill=rows["value_musd"] * rows["price_percent"]).nlargest(1, "bill")
    row = dearer.to_dict("records")[0]
    who: dict[str, Value] = {"buyer": Country(row["buyer"]), "seller": Country(row["seller"]), "when": when}
    if row["price_percent"] < n.NOTICED_PERCENT:
        yield Finding("substitutes.nothing", who, weight=MAIN)
        return
    told = {
        **who,
        "industry": Industry(row["industry"]),
        "value": Quantity(row["value_musd"], "musd"),
        "share": Quantity(row["import_share"], "probability"),
        "price": ranged(row, "price_percent", "percent"),
    }
    yield Finding("substitutes.hardest", told, weight=MAIN)
    others = found.fillers[
        (found.fillers["buyer"] == row["buyer"]) & (found.fillers["sector"] == row["industry"])
    ]
    named = others.head(len(PLACES)).to_dict("records")
    if len(named) == len(PLACES) and row["home_percent"] > 0:
        names = {f"{place}_state": Country(one["filler"]) for place, one in zip(PLACES, named, strict=True)}
        parts = {
            f"{place}_part": ranged(one, "part_percent", "percent")
            for place, one in zip(PLACES, named, strict=True)
        }
        yield Finding(
            "substitutes.instead",
            {
                **who,
                "industry": told["industry"],
                "home": ranged(row, "home_percent", "percent"),
                **names,
                **parts,
            },
            weight=DETAIL,
        )
