"""Replaceability of goods, both ways: what each side gets from the other that it could not easily get elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Column, Picture
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.errors import SuasionError

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.products import Replaceability
    from suasion.world import World

COLUMNS = (
    Column("product", "Good"),
    Column("value", "Bought a year", "musd"),
    Column("buyer_share", "Of the buyer’s imports", "share"),
    Column("seller_share", "Of the seller’s exports", "share"),
    Column("loss", "Buyer’s loss if cut off", "musd"),
    Column("loss_low", "from", "musd"),
    Column("loss_high", "to", "musd"),
    Column("rise", "Price rises by", "percent"),
    Column("seller_loss", "Seller’s loss if refused", "musd"),
    Column("fall", "Price falls by", "percent"),
)


def chapter(question: Question, world: World) -> Chapter | None:
    """Return the goods that each side buys from the other, the hardest to replace first."""
    from suasion.products import replaceability_both

    title = "Which goods could not easily be got, or sold, elsewhere?"
    try:
        found = replaceability_both(question.a.code, question.b.code)
    except SuasionError as error:
        return Chapter("goods", title, reason=str(error))
    names = {question.a.code: question.a.name, question.b.code: question.b.name}
    shown = [one for one in found if len(one.table)]
    if not shown:
        return Chapter("goods", title, reason="The two trade none of the goods in the product data.")
    return Chapter(
        "goods",
        title,
        findings=tuple(_finding(one, names[one.buyer], names[one.seller]) for one in shown),
        tables=tuple(_table(one, names[one.buyer], names[one.seller]) for one in shown),
        method="products",
    )


def _finding(one: Replaceability, buyer: str, seller: str) -> Finding:
    first = one.table.iloc[0]
    cost, lost = float(one.table["loss"].sum()), float(one.table["seller_loss"].sum())
    band = (float(one.table["loss_low"].sum()), float(one.table["loss_high"].sum()))
    losses = (Quantity(cost, "musd", *band), Quantity(lost, "musd"))
    return Finding(
        source=f"{one.source}, {one.year}",
        template=(
            "Of the raw materials that {buyer} buys from {seller} ({count} goods, {value}), {good} would be the "
            "costliest to lose. If all were withheld and lost to the world, {buyer} would pay {cost} a year; if "
            "{buyer} refused them, {seller} would lose {lost}: withholding costs the buyer {word} refusing costs the "
            "seller."
        ),
        numbers={
            "count": Quantity(float(len(one.table)), "count"),
            "value": Quantity(float(one.table["value"].sum()), "musd"),
            "cost": losses[0],
            "lost": losses[1],
        },
        comparisons={"word": Comparison(*losses)},
        names={"buyer": buyer, "seller": seller, "good": str(first["name"]).lower()},
    )


def _table(one: Replaceability, buyer: str, seller: str) -> ChapterTable:
    frame = one.table.rename(columns={"product": "code", "name": "product"})
    frame["buyer_share"] *= 100.0
    frame["seller_share"] *= 100.0
    columns = [column.name for column in COLUMNS]
    return ChapterTable(
        key=f"goods-{one.seller.lower()}",
        title=f"What {buyer} buys from {seller}, the costliest to lose first",
        subtitle=f"Loss of the buyer if the goods are withheld, a year, {one.year}; bars: range of elasticities",
        columns=COLUMNS,
        rows=tuple(_cells(row) for row in frame[columns].itertuples(index=False)),
        source=f"{one.source}, {one.year}",
        notes=one.notes[:2],
        picture=Picture("ranges", "loss", "product", "loss_low", "loss_high"),
        most=6,
        terminal=("product", "value", "buyer_share", "seller_share", "loss", "seller_loss"),
    )


def _cells(row: tuple[Any, ...]) -> tuple[Cell, ...]:
    return tuple(cell if isinstance(cell, str) else None if pd.isna(cell) else float(cell) for cell in row)
