"""What each of two states gets from the other that it could not easily get elsewhere, or sell elsewhere, by good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

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
from suasion.questions.question import File, Limits, Side, question
from suasion.schema.variables import BOUNDS

if TYPE_CHECKING:
    import pandas as pd

    from suasion.products import ProductStore, Replaceability

CAP = 899.9
"""Per cent: a tenfold price, up to which prices are followed, less rounding. What costs more has no sum."""
LEAST_MUSD = 1.0
"""Million USD a year: where less is traded, no loss is told in words."""
Shown = Annotated[int, Limits(1)]
"""How many rows of a list."""
WHOLE = 99.9
"""Per cent of what a seller sends that other routes carry, from which on they carry all of it."""
MOST_FILLERS = 3
"""Present suppliers that are named for each good, those with the largest part."""
NAMES = {
    "product": "hs",
    "name": "good",
    "value": "value_musd",
    "room": "room_musd",
    "alternative_exports": "elsewhere_musd",
    "risk": "supply_risk",
    "seller_loss": "refusal_musd",
    "seller_loss_low": "refusal_musd_least",
    "seller_loss_high": "refusal_musd_most",
    "loss": "withheld_musd",
    "loss_low": "withheld_musd_least",
    "loss_high": "withheld_musd_most",
    "rise": "rise_percent",
    "rise_low": "rise_percent_least",
    "rise_high": "rise_percent_most",
    "rise_small": "rise_small_percent",
    "rise_limited": "rise_limited_percent",
    "rise_gone": "rise_gone_percent",
    "fall": "fall_price_percent",
    "fall_low": "fall_price_percent_least",
    "fall_high": "fall_price_percent_most",
    "fall_small": "fall_price_small_percent",
    "diverted_low": "diverted_least",
    "diverted_high": "diverted_most",
    "market": "good_market",
    "elasticities": "basis_of_elasticities",
}
"""Columns of the model, and their names in answers."""
LOSS = "withheld_musd withheld_musd_least withheld_musd_most"
REFUSAL = "refusal_musd refusal_musd_least refusal_musd_most"
ALL = (
    "buyer seller hs good value_musd buyer_share seller_share world_share world_concentration supply_risk alternatives "
    "elsewhere_musd cover room_musd room_basis rise_percent rise_percent_least rise_percent_most rise_small_percent "
    f"rise_limited_percent rise_gone_percent loss_status {LOSS} fall_price_percent fall_price_percent_least "
    "fall_price_percent_most fall_price_small_percent diverted diverted_least diverted_most diverted_small "
    f"{REFUSAL} good_market basis_of_elasticities"
)


@question
def replaceability(
    buyer: Side,
    seller: Side,
    *,
    year: int | None = None,
    rerouted: float = 0.0,
    count: Shown = 12,
    store: File | None = None,
    production: File | None = None,
) -> Answer:
    """What each of two states gets from the other, good by good, that it could not easily get or sell elsewhere.

    Parameters
    ----------
    buyer, seller : Side
        A state or group such as EU: ISO code or English name.
    year : int, optional
        Year of trade; the store's last without it.
    rerouted : float
        Share of the goods cut off that reaches others, 0 to 1.
    count : int
        How many goods each way in the two lists; the table of all goods has all.
    store : Path, optional
        Folder of a product store, instead of your own or the embedded one.
    production : Path, optional
        CSV or Parquet file of production (year, country, product, quantity in tonnes), instead of the store's.

    Returns
    -------
    Answer
        Tables ``goods`` (what the buyer would miss), ``gap-fillers`` (who would fill the gap), ``outlets`` (what the
        seller would miss) and ``goods-all``, and ``piped`` of goods that come by pipe; empty where the two trade none.

    Examples
    --------
    >>> su.replaceability("CHN", "RUS")
    <Answer replaceability CHN RUS: goods (...>
    """
    from suasion.products import replaceability_both

    data = opened(store, production)
    found = replaceability_both(buyer, seller, data, year=year, rerouted=rerouted)
    asked: dict[str, Value] = {"buyer": Country(found[0].buyer), "seller": Country(found[0].seller)}
    traded = [one for one in found if len(one.table)]
    if not traded:
        return Answer("replaceability", asked, absent=Finding("replaceability.none", asked, weight=DETAIL))
    return Answer(
        "replaceability",
        asked,
        (
            *(finding(one, MAIN - 0.1 * place) for place, one in enumerate(traded)),
            *(told for one in traded for told in _of_pipes(one)),
        ),
        _tables(traded, count, {**asked, "year": found[0].year}, data),
        sources=(Source("replaceability.source", data.source, found[0].year),),
        result=found,
    )


def opened(store: File | None, production: File | None) -> ProductStore:
    """Open the product store that is named, the user's own, or the embedded one."""
    from suasion.products import open_store, read_production

    data = open_store(store)
    return data if production is None else replace(data, production=read_production(production))


def _tables(
    found: Iterable[Replaceability], count: int, asked: dict[str, Value], data: ProductStore
) -> tuple[Table, ...]:
    found = list(found)
    ways = [_rows(one) for one in found]
    missed = [row for way in ways for row in way[:count]]
    refused = [row for way in ways for row in sorted(way, key=lambda row: -row["refusal_musd"])[:count]]
    return (
        Table.of(
            "goods",
            f"buyer seller hs good value_musd buyer_share cover room_musd rise_percent loss_status {LOSS}",
            missed,
            axes="buyer seller hs",
            picture=Picture("ranges", "withheld_musd", "good", panel="buyer"),
            values=asked,
            notes=(*data_notes(data), Finding("replaceability.withheld"), Finding("replaceability.cap")),
            brief=f"buyer good value_musd buyer_share rise_percent {LOSS}",
            whole="goods-all",
        ),
        _fillers(found, missed, asked),
        Table.of(
            "outlets",
            f"seller buyer hs good value_musd seller_share fall_price_percent diverted {REFUSAL}",
            refused,
            axes="seller buyer hs",
            picture=Picture("ranges", "refusal_musd", "good", panel="seller"),
            values=asked,
            notes=(Finding("replaceability.refused"),),
            brief=f"seller good value_musd seller_share fall_price_percent {REFUSAL}",
            whole="goods-all",
        ),
        _all_goods(ways, asked),
        *_piped(found, asked),
    )


def _all_goods(ways: Iterable[Iterable[dict[Any, Any]]], asked: dict[str, Value]) -> Table:
    return Table.of(
        "goods-all",
        ALL,
        [row for way in ways for row in way],
        axes="buyer seller hs",
        values=asked,
        notes=(Finding("replaceability.market"),),
        detail=True,
    )


def _fillers(found: Iterable[Replaceability], missed: list[dict[Any, Any]], asked: dict[str, Value]) -> Table:
    """Who would fill the gap in the goods that are listed, with the part that newcomers take."""
    from suasion.measures.totals import NEWCOMERS

    parts = {(one.buyer, good): rows for one in found for good, rows in one.fillers.groupby("product")}
    rows = [
        {name: row[name] for name in ("buyer", "seller", "hs", "good")}
        | {"filler": one["filler"]}
        | {f"part_percent{end}": 100.0 * one[f"part{end}"] for end in ("", "_low", "_high")}
        for row in missed
        if (row["buyer"], row["hs"]) in parts
        for one in parts[row["buyer"], row["hs"]].head(MOST_FILLERS).to_dict("records")
    ]
    part = Quantity(NEWCOMERS, "probability")
    return Table.of(
        "gap-fillers",
        "buyer seller hs good filler part_percent",
        rows,
        axes="buyer hs filler",
        values=asked,
        notes=(Finding("replaceability.fillers", {"part": part}),),
        brief="buyer good filler part_percent",
    )


def _pipes(one: Replaceability) -> Iterator[dict[str, Any]]:
    """Goods that come by pipe, with what other routes carry and what they cost, each with its range."""
    names = one.table.set_index("product")["name"]
    for good in one.piped:
        row = {"buyer": one.buyer, "seller": one.seller, "hs": good.product, "good": names[good.product]}
        for name, numbers in (("carried_percent", good.carried), ("dearer_percent", good.gap)):
            ends = zip(("", *BOUNDS), (100.0 * numbers).tolist(), strict=True)
            row |= {f"{name}{end}": value for end, value in ends}
        yield row | {"through": good.through}


def _piped(found: Iterable[Replaceability], asked: dict[str, Value]) -> Iterator[Table]:
    """One table where goods come by pipe."""
    rows = [row for one in found for row in _pipes(one)]
    if rows:
        yield Table.of(
            "piped",
            "buyer seller hs good carried_percent carried_percent_least carried_percent_most "
            "dearer_percent dearer_percent_least dearer_percent_most",
            rows,
            axes="buyer seller hs",
            values=asked,
            notes=(Finding("replaceability.pipes"),),
        )


def _of_pipes(one: Replaceability) -> Iterator[Finding]:
    """What other routes carry of each good that comes by pipe, and what is paid there."""
    for place, row in enumerate(_pipes(one)):
        values: dict[str, Value] = {
            "buyer": Country(one.buyer),
            "seller": Country(one.seller),
            "good": str(row["good"]).lower(),
            "through": tuple(map(Country, row["through"])),
        }
        for name in ("carried_percent", "dearer_percent"):
            for end in ("", *BOUNDS):
                values[f"{name}{end}"] = Quantity(row[f"{name}{end}"], "percent")
        whole = [row[f"carried_percent{end}"] >= WHOLE for end in ("_least", "")]
        kind = ("short", "enough", "all")[sum(whole)]
        yield Finding(f"replaceability.pipe.{kind}", values, weight=MAIN - 0.05 - 0.01 * place)


def data_notes(data: ProductStore) -> Iterator[Finding]:
    """Which trade, and whose production, is used."""
    yield Finding(
        "replaceability.data", {"source": data.source, "first": data.years[0], "last": data.years[-1]}
    )
    if data.production is not None:
        yield Finding("replaceability.production", {"source": data.production.source})


def _rows(one: Replaceability) -> list[dict[Any, Any]]:
    """Goods of one direction, the buyer's largest loss first."""
    sides = {"buyer": one.buyer, "seller": one.seller}
    return [told_good(row) | sides for row in one.table.rename(columns=NAMES).to_dict("records")]


def told_good(row: Mapping[Any, Any]) -> dict[Any, Any]:
    """A good by its name, or its code where it has none; where its price passes the cap there is no sum."""
    beyond = row["rise_percent"] >= CAP
    return {
        **row,
        "good": row["good"] if isinstance(row["good"], str) and row["good"] else str(row["hs"]),
        "loss_status": "beyond" if beyond else "measured",
        **(dict.fromkeys(LOSS.split()) if beyond else {}),
    }


def finding(one: Replaceability, weight: float) -> Finding:
    """What both sides would lose, with the range over the elasticities, or that there is hardly any trade.

    A good whose price would pass the cap has no sum: it is named, and the sums are those of the others.
    """
    table = one.table
    whole = Quantity(float(table["value"].sum()), "musd")
    values: dict[str, Value] = {
        "buyer": Country(one.buyer),
        "seller": Country(one.seller),
        "year": one.year,
        "value": whole,
    }
    if float(table["value"].sum()) < LEAST_MUSD:
        return Finding("replaceability.hardly", values, weight=weight)
    capped, rest = table[table["rise"] >= CAP], table[table["rise"] < CAP]
    values |= {
        "count": Quantity(len(table), "count"),
        "good": _inside(table["name"])[0],
        "part": Quantity(_replaceable(table), "probability"),
    }
    if rest.empty:
        return Finding("replaceability.no_sum", values, weight=weight)
    cost, least, most, lost = (
        Quantity(float(rest[name].sum()), "musd") for name in ("loss", "loss_low", "loss_high", "seller_loss")
    )
    values |= {"cost": cost, "least": least, "most": most, "lost": lost}
    if capped.empty:
        return Finding("replaceability.costly", values, Comparison(cost, lost), weight=weight)
    return Finding(
        "replaceability.capped",
        {**values, "capped": _inside(capped["name"])},
        Comparison(cost, lost),
        weight=weight,
    )


def _inside(names: pd.Series) -> tuple[str, ...]:
    """Names as they stand inside a sentence."""
    return tuple(str(name).lower() for name in names)


def _replaceable(table: pd.DataFrame) -> float:
    """Share of the value for which other sellers have room, good by good."""
    return float(table[["value", "room"]].min(axis=1).sum() / table["value"].sum())
