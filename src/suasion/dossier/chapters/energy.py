"""Energy ties over time: crude oil, gas and coal from one side to the other, as shares of both sides' trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.answers.catalogue import say, template
from suasion.dossier.chapter import Cell, ChapterTable, Heads, Picture, heads
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.words import plain_name

if TYPE_CHECKING:
    import pandas as pd

    from suasion.measures.materials import MaterialShares

GROUP = "Oil, gas and coal"
RECENT = 12
"""Years shown; the chapter on raw materials has all of them."""
LEAST, SMALL = 1.0, 100.0
"""A direction is no tie where in none of these years it reached this many per cent of either side's trade, or this
many million USD. Assumption: 0.5 to 2 per cent, 50 to 500 million."""
PLACES = 2
"""Digits after the point: more are noise, and the page carries every one of them."""
SIDES = ("seller_share", "buyer_share")
COLUMNS: Heads = {
    "year": "year",
    "flow": "text",
    "line": "text",
    "share": "share",
}


def energy(a: str, b: str, names: dict[str, str]) -> tuple[tuple[Finding, ...], tuple[ChapterTable, ...]]:
    """Return what is to be said of the pair's energy trade, and its table; nothing where there is no tie.

    Parameters
    ----------
    a, b : str
        Codes of the two.
    names : dict
        Printed name of each.
    """
    from suasion.measures.materials import COMMODITIES, material_shares

    found = material_shares(a, b, groups={GROUP: COMMODITIES[GROUP]})
    ties = [(seller, buyer) for seller, buyer in ((a, b), (b, a)) if _matters(_of(found, seller))]
    rows = tuple(
        row for s, b in ties for row in _rows(_of(found, s), plain_name(names[s]), plain_name(names[b]))
    )
    if not rows:
        return (), ()
    table = ChapterTable(
        key="goods-energy",
        title=say("chapter.energy.table"),
        subtitle=say("chapter.energy.subtitle"),
        columns=heads("energy.head", COLUMNS),
        rows=rows,
        source=say("chapter.energy.source"),
        notes=(say("chapter.energy.note"),),
        picture=Picture("lines", "year", "share", series="line", panel="flow"),
        most=0,
    )
    findings = (_finding(_of(found, seller), names[seller], names[buyer]) for seller, buyer in ties)
    return tuple(one for one in findings if one is not None), (table,)


def _of(found: MaterialShares, seller: str) -> pd.DataFrame:
    """The last years of one direction."""
    table = found.table[found.table["seller"] == seller]
    recent: pd.DataFrame = table[table["year"] > table["year"].max() - RECENT]
    return recent


def _matters(rows: pd.DataFrame) -> bool:
    share = (100.0 * rows[list(SIDES)].max()).max()
    return bool(share >= LEAST and rows["value"].max() >= SMALL)


def _rows(rows: pd.DataFrame, seller: str, buyer: str) -> list[tuple[Cell, ...]]:
    flow = say("chapter.energy.flow", seller=seller, buyer=buyer)
    return [
        (int(year), flow, say(f"chapter.energy.{name}"), round(100.0 * float(share), PLACES))
        for name in SIDES
        for year, share in rows.loc[rows[name].notna(), ["year", name]].itertuples(index=False)
    ]


def _finding(rows: pd.DataFrame, seller: str, buyer: str) -> Finding | None:
    """First and last year with both shares known."""
    known = rows.dropna(subset=list(SIDES))
    if len(known) < 2:
        return None
    old, new = (
        {name: Quantity(100.0 * float(row[name]), "share") for name in SIDES}
        for row in (known.iloc[0], known.iloc[-1])
    )
    return Finding(
        source=say("chapter.energy.source"),
        template=template("chapter.energy.finding"),
        numbers={
            "before": old["seller_share"],
            "after": new["seller_share"],
            "old": old["buyer_share"],
            "new": new["buyer_share"],
        },
        comparisons={
            place: Comparison(
                new[name],
                old[name],
                *(say(f"chapter.energy.{word}") for word in ("larger", "smaller", "same")),
            )
            for place, name in zip(("word", "other"), SIDES, strict=True)
        },
        names={
            "seller": seller,
            "buyer": buyer,
            "first": str(int(known.iloc[0]["year"])),
            "last": str(int(known.iloc[-1]["year"])),
        },
    )
