"""Who gets the rent of a supply network that has both states among its players."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.dossier.chapter import Chapter, ChapterTable, Column, Picture
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.words import plain_name

if TYPE_CHECKING:
    import pandas as pd

    from suasion.dossier.gather import Question
    from suasion.world import World

TITLE = "Who gets the rent of the pipelines?"
NETWORK = "eurasian_gas"
CASES = ("open", "closed", "closed with option")
COLUMNS = (
    Column("state", "State"),
    Column("case", "Case"),
    Column("gain", "Gain over standing alone, a year", "musd"),
    Column("share", "Of all gains", "share"),
)


def chapter(question: Question, world: World) -> Chapter | None:
    """Return the division of the gas network with western outlets open and closed; None for other pairs."""
    from suasion.games import compare, read_network

    source = read_network(NETWORK)
    networks = {case: source.network(case) for case in CASES}
    pair = (question.a.code, question.b.code)
    if not set(pair) <= set(networks["open"].players):
        return None
    table = compare(networks)
    return Chapter(
        "rent", TITLE, _findings(table, question), (_table(table, pair, source.name),), method="games"
    )


def _gain(table: pd.DataFrame, case: str, player: str) -> Quantity:
    row = table[(table["case"] == case) & (table["player"] == player)]
    return Quantity(float(row["gain"].iloc[0]), "musd")


def _findings(table: pd.DataFrame, question: Question) -> tuple[Finding, ...]:
    found = []
    for party in (question.a, question.b):
        before, after, option = (_gain(table, case, party.code) for case in CASES)
        found.append(
            Finding(
                source="Shapley value of the shipped gas network; several of its figures are assumptions with ranges",
                template=(
                    "{name} gets {before} a year from the gas network while western outlets are open and {after} once "
                    "they are closed, {word} before; if Power of Siberia {second} can be built then, {option}."
                ),
                numbers={"before": before, "after": after, "option": option},
                comparisons={"word": Comparison(after, before, "more than", "less than", "about as much as")},
                names={"name": party.name, "second": "2"},
            )
        )
    return tuple(found)


def _table(table: pd.DataFrame, pair: tuple[str, str], name: str) -> ChapterTable:
    first = table[table["player"].isin(pair)]
    rest = table[~table["player"].isin(pair)]
    rows = tuple(
        (plain_name(str(row["name"])), str(row["case"]), float(row["gain"]), float(row["share_percent"]))
        for part in (first, rest)
        for _, group in part.groupby("player", sort=False)
        for row in group.to_dict("records")
    )
    return ChapterTable(
        key="rent-shares",
        title="Gains of each player of the network",
        subtitle="Shapley value less what the player gets alone, million USD a year, by case",
        columns=COLUMNS,
        rows=rows,
        source=f"own network “{name}”; capacities, costs and prices are cited or assumed in its file",
        notes=(
            "Open: western outlets as before 2022 without Nord Stream 2. Closed: no Russian gas to the European Union.",
        ),
        picture=Picture("ranges", "gain", "state", series="case"),
        most=12,
    )
