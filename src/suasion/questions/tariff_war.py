"""The tariffs that all states would set against each other, and what they would cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from suasion.answers.answer import Answer, Source
from suasion.answers.finding import MAIN, USUAL, Finding
from suasion.answers.table import Picture, Table
from suasion.answers.values import Country, Quantity, Value
from suasion.questions.posed import posed
from suasion.questions.question import AS_HORIZON, NOTHING, OwnElasticities, ScenarioText, question

if TYPE_CHECKING:
    from suasion.world import World

SOURCES = (Source("tariff_war.source"),)
MOST = 15
"""States that are drawn."""


@question
def tariff_war(
    *,
    given: ScenarioText = NOTHING,
    elasticities: OwnElasticities = AS_HORIZON,
    world: World | None = None,
) -> Answer:
    """The tariffs of a war of all against all: each state's best answer to those of all others, and what it costs.

    Returns
    -------
    Answer
        Table ``tariffs``, one row a state; ``tariff-losses``, those that lose the most.
    """
    from suasion.coercion.nash import nash_tariffs

    economy = posed(world, given, elasticities)
    found = nash_tariffs(economy)
    frame = found.table.rename(columns={"country": "state", "welfare_percent": "welfare_change_percent"})
    asked: dict[str, Value] = {"year": economy.year, "states": len(frame)}
    table = Table.of(
        "tariffs",
        "state tariff_percent base_tariff_percent welfare_change_percent",
        frame.sort_values("welfare_change_percent"),
        values=asked,
        axes="state",
        notes=(Finding("tariff_war.note"),),
    )
    largest = Table.of(
        "tariff-losses",
        "state welfare_change_percent",
        frame.nsmallest(MOST, "welfare_change_percent")[["state", "welfare_change_percent"]],
        values={**asked, "most": MOST},
        axes="state",
        picture=Picture("ranges", "welfare_change_percent", "state"),
        detail=True,
    )
    rows = frame.to_dict("records")
    least = min(rows, key=lambda row: row["welfare_change_percent"])
    highest = max(rows, key=lambda row: row["tariff_percent"])
    income = float((100.0 * frame["welfare_usd"] / frame["welfare_change_percent"]).sum())
    whole = Quantity(100.0 * float(frame["welfare_usd"].sum()) / income, "change")
    findings = (
        Finding("tariff_war.world", {**asked, "change": whole}, weight=MAIN),
        Finding("tariff_war.least", _said(least), weight=USUAL + 0.5),
        Finding("tariff_war.highest", _said(highest)),
    )
    return Answer("tariff_war", asked, findings, (table, largest), sources=SOURCES, result=found)


def _said(row: Mapping[Any, Any]) -> dict[str, Value]:
    """A state, its tariff, and what the war changes."""
    return {
        "state": Country(str(row["state"])),
        "tariff": Quantity(row["tariff_percent"], "percent"),
        "change": Quantity(row["welfare_change_percent"], "change"),
    }
