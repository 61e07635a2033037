"""Who gets the rent of a supply network that has both states among its players."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.answers.catalogue import say, template
from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Heads, Picture, heads
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.words import plain_name

if TYPE_CHECKING:
    import pandas as pd

    from suasion.dossier.gather import Question
    from suasion.sources.network_ranges import KeptDivision
    from suasion.world import World

NETWORK = "eurasian_gas"
CASES = ("open", "closed", "closed with option")
COLUMNS: Heads = {
    "state": "text",
    "case": "text",
    "gain": "musd",
    "low": "musd",
    "high": "musd",
    "share": "share",
}


def chapter(question: Question, world: World) -> Chapter | None:
    """Return the division of the gas network with western outlets open and closed; None for other pairs."""
    from suasion.sources.network_ranges import kept_division

    kept = kept_division(NETWORK)
    pair = (question.a.code, question.b.code)
    if not set(pair) <= set(kept.players):
        return None
    findings = (*_findings(kept.gains, question), *_locked(kept.locked, question))
    return Chapter(
        "rent", say("chapter.rent.title"), findings, (_table(kept, pair, question.names),), method="games"
    )


def _gain(table: pd.DataFrame, case: str, player: str) -> Quantity:
    row = table[(table["case"] == case) & (table["player"] == player)].iloc[0]
    return Quantity(float(row["gain"]), "musd", low=float(row["low"]), high=float(row["high"]))


def _findings(table: pd.DataFrame, question: Question) -> tuple[Finding, ...]:
    found = []
    for party in (question.a, question.b):
        before, after, option = (_gain(table, case, party.code) for case in CASES)
        found.append(
            Finding(
                source=say("chapter.rent.source"),
                template=template("chapter.rent.finding"),
                numbers={"before": before, "after": after, "option": option},
                comparisons={"word": Comparison(after, before)},
                names={"name": party.name},
            )
        )
    return tuple(found)


def _locked(locked: pd.DataFrame, question: Question) -> tuple[Finding, ...]:
    """Say how much of each side's capacity leads to the other alone once the west is closed, where any does."""
    closed = locked[locked["case"] == CASES[1]].set_index(["seller", "buyer"])["share"]
    return tuple(
        Finding(
            source=say("chapter.rent.locked_source"),
            template=template("chapter.rent.locked"),
            numbers={"share": Quantity(100.0 * float(closed[seller.code, buyer.code]), "share")},
            names={"seller": seller.name, "buyer": buyer.name},
        )
        for seller, buyer in ((question.a, question.b), (question.b, question.a))
        if (seller.code, buyer.code) in closed.index
    )


def _table(kept: KeptDivision, pair: tuple[str, str], known: dict[str, str]) -> ChapterTable:
    names = {code: plain_name(name) for code, name in known.items()}
    first = kept.gains[kept.gains["player"].isin(pair)]
    rest = kept.gains[~kept.gains["player"].isin(pair)]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            names.get(str(row["player"]), str(row["name"])),
            str(row["case"]),
            *(float(row[name]) for name in ("gain", "low", "high", "share_percent")),
        )
        for part in (first, rest)
        for _, group in part.groupby("player", sort=False)
        for row in group.to_dict("records")
    )
    return ChapterTable(
        key="rent-shares",
        title=say("chapter.rent.table"),
        subtitle=say("chapter.rent.subtitle"),
        columns=heads("rent.head", COLUMNS),
        rows=rows,
        source=say("chapter.rent.table_source", name=kept.title),
        notes=(say("chapter.rent.cases"), say("chapter.rent.bars", draws=kept.draws)),
        picture=Picture("ranges", "gain", "state", "low", "high", series="case"),
        most=12,
    )
