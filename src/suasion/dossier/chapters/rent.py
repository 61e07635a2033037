"""Who gets the rent of a supply network that has both states among its players."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Column, Picture
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.strings import say, template
from suasion.dossier.words import plain_name

if TYPE_CHECKING:
    import pandas as pd

    from suasion.dossier.gather import Question
    from suasion.games import Network
    from suasion.world import World

NETWORK = "eurasian_gas"
CASES = ("open", "closed", "closed with option")
COLUMNS = (
    Column("state", "State"),
    Column("case", "Case"),
    Column("gain", "Gain over standing alone, a year", "musd"),
    Column("low", "from", "musd"),
    Column("high", "to", "musd"),
    Column("share", "Of all gains", "share"),
)
DRAWS = 100
"""Points of a Latin hypercube over the ranges of the file's numbers."""


def chapter(question: Question, world: World) -> Chapter | None:
    """Return the division of the gas network with western outlets open and closed; None for other pairs."""
    from suasion.games import compare, read_network, sweep

    source = read_network(NETWORK)
    networks = {case: source.network(case) for case in CASES}
    pair = (question.a.code, question.b.code)
    if not set(pair) <= set(networks["open"].players):
        return None
    spread = sweep(source, CASES, draws=DRAWS, seed=question.seed).summary("gain")
    table = compare(networks).merge(
        spread[["case", "player", "low", "high"]], on=["case", "player"], how="left"
    )
    findings = (*_findings(table, question), *_locked(networks["closed"], question))
    tables = (_table(table, pair, source.name),)
    return Chapter("rent", say("chapter.rent.title"), findings, tables, method="games")


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
                names={"name": party.name, "second": "2"},
            )
        )
    return tuple(found)


def _locked(network: Network, question: Question) -> tuple[Finding, ...]:
    """Say how much of each side's capacity leads to the other alone, where any does."""
    from suasion.games import network_lock_in, outlets

    producers = set(outlets(network)["player"])
    found = []
    for seller, buyer in ((question.a, question.b), (question.b, question.a)):
        share = network_lock_in(network, seller.code, buyer.code) if seller.code in producers else 0.0
        if share > 0:
            found.append(
                Finding(
                    source=say("chapter.rent.locked_source"),
                    template=template("chapter.rent.locked"),
                    numbers={"share": Quantity(100.0 * share, "share")},
                    names={"seller": seller.name, "buyer": buyer.name},
                )
            )
    return tuple(found)


def _table(table: pd.DataFrame, pair: tuple[str, str], name: str) -> ChapterTable:
    first = table[table["player"].isin(pair)]
    rest = table[~table["player"].isin(pair)]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            plain_name(str(row["name"])),
            str(row["case"]),
            *(float(f"{row[name]:.6g}") for name in ("gain", "low", "high", "share_percent")),
        )
        for part in (first, rest)
        for _, group in part.groupby("player", sort=False)
        for row in group.to_dict("records")
    )
    return ChapterTable(
        key="rent-shares",
        title=say("chapter.rent.table"),
        subtitle=say("chapter.rent.subtitle"),
        columns=COLUMNS,
        rows=rows,
        source=say("chapter.rent.table_source", name=name),
        notes=(say("chapter.rent.cases"), say("chapter.rent.bars", draws=DRAWS)),
        picture=Picture("ranges", "gain", "state", "low", "high", series="case"),
        most=12,
    )
