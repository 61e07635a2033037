"""Goods, both ways: what each side gets from the other that it could not easily get elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from suasion.answers.catalogue import say, template
from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Heads, Picture, heads, reason_of
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.words import listing
from suasion.errors import SuasionError

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.products import Replaceability
    from suasion.world import World

COLUMNS: Heads = {
    "product": "text",
    "value": "musd",
    "buyer_share": "share",
    "seller_share": "share",
    "room": "musd",
    "loss": "musd",
    "loss_low": "musd",
    "loss_high": "musd",
    "rise": "percent",
    "seller_loss": "musd",
    "fall": "percent",
}

CAP = 899.9
"""Per cent: a tenfold price, up to which prices are followed, less rounding. What costs more has no sum here."""
LEAST_MUSD = 1.0
"""Million USD a year: where less is traded, no loss is told in words."""


def chapter(question: Question, world: World) -> Chapter | None:
    """Return the goods that each side buys from the other, the hardest to replace first."""
    from suasion.products import replaceability_both

    title = say("chapter.goods.title")
    try:
        found = replaceability_both(question.a.code, question.b.code)
    except SuasionError as error:
        return Chapter("goods", title, reason=reason_of(error))
    names = {question.a.code: question.a.name, question.b.code: question.b.name}
    shown = [one for one in found if len(one.table)]
    if not shown:
        return Chapter("goods", title, reason=say("chapter.goods.none"))
    return Chapter(
        "goods",
        title,
        findings=tuple(_finding(one, names[one.buyer], names[one.seller]) for one in shown),
        tables=tuple(_table(one, names[one.buyer], names[one.seller]) for one in shown),
        method="products",
    )


def _finding(one: Replaceability, buyer: str, seller: str) -> Finding:
    """Say what both sides would lose, with the range over the elasticities, or that there is hardly any trade.

    A good whose price would pass the cap has no sum: it is named, and the sums are those of the others.
    """
    value = Quantity(float(one.table["value"].sum()), "musd")
    sides = {"buyer": buyer, "seller": seller, "year": str(one.year)}
    source = f"{one.source}, {one.year}"
    if float(one.table["value"].sum()) < LEAST_MUSD:
        words = template("chapter.goods.finding_hardly")
        return Finding(source=source, template=words, numbers={"value": value}, names=sides)
    capped = one.table[one.table["rise"] >= CAP]
    rest = one.table[one.table["rise"] < CAP]
    cost, low, high, lost = (
        Quantity(float(rest[name].sum()), "musd") for name in ("loss", "loss_low", "loss_high", "seller_loss")
    )
    key = "finding" if capped.empty else "finding_nothing_else" if rest.empty else "finding_capped"
    return Finding(
        source=source,
        template=template(f"chapter.goods.{key}"),
        numbers={
            "count": Quantity(float(len(one.table)), "count"),
            "value": value,
            "part": Quantity(_replaceable(one.table), "share"),
            **({} if rest.empty else {"cost": cost, "low": low, "high": high, "lost": lost}),
        },
        comparisons={} if rest.empty else {"word": Comparison(cost, lost)},
        names={
            **sides,
            "goods": say(f"chapter.goods.{'one' if len(one.table) == 1 else 'several'}"),
            "good": str(one.table["name"].iloc[0]).lower(),
            **({} if capped.empty else {"capped": listing([str(name).lower() for name in capped["name"]])}),
        },
    )


def _replaceable(table: pd.DataFrame) -> float:
    """Per cent of the value for which other sellers have room, good by good."""
    return 100.0 * float(table[["value", "room"]].min(axis=1).sum() / table["value"].sum())


def _table(one: Replaceability, buyer: str, seller: str) -> ChapterTable:
    frame = one.table.rename(columns={"product": "code", "name": "product"})
    frame["buyer_share"] *= 100.0
    frame["seller_share"] *= 100.0
    frame.loc[frame["rise"] >= CAP, ["loss", "loss_low", "loss_high", "rise"]] = float("nan")
    no_sum = (say("chapter.goods.no_sum"),) if frame["rise"].isna().any() else ()
    return ChapterTable(
        key=f"goods-{one.seller.lower()}",
        title=say("chapter.goods.table", buyer=buyer, seller=seller),
        subtitle=say("chapter.goods.subtitle", year=one.year),
        columns=heads("goods.head", COLUMNS),
        rows=tuple(_cells(row) for row in frame[list(COLUMNS)].itertuples(index=False)),
        source=f"{one.source}, {one.year}",
        notes=(*no_sum, *(note.replace("'", "’") for note in one.notes[:2]), say("chapter.goods.refused")),
        picture=Picture("ranges", "loss", "product", "loss_low", "loss_high"),
        most=6,
        terminal=("product", "value", "buyer_share", "seller_share", "loss", "seller_loss"),
    )


def _cells(row: tuple[Any, ...]) -> tuple[Cell, ...]:
    """Six digits of every number: more are noise, and the page carries all of them."""
    return tuple(
        cell if isinstance(cell, str) else None if pd.isna(cell) else float(f"{cell:.6g}") for cell in row
    )
