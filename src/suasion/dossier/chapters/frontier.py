"""The frontier of sanctions: the least that the audience pays for the harm it does to one of the two."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Column, Picture
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.numbers import usd
from suasion.dossier.words import listing, printed_name
from suasion.errors import SuasionError

if TYPE_CHECKING:
    from suasion.coercion.frontier.contest import Frontier
    from suasion.dossier.gather import Question
    from suasion.world import World

TITLE = "What do sanctions do, and what do they cost who imposes them?"
WEIGHTS = (0.0, 0.5, 1.0, 2.0, 5.0)
"""Weights on harm of a dossier: few, for it must not take minutes; ``suasion frontier`` takes twenty."""
POINTS = (
    Column("label", "Weight on harm"),
    Column("own", "Senders, change in million USD", "musd_change"),
    Column("harm", "Target, loss in million USD", "musd"),
    Column("own_percent", "Senders, %", "change"),
    Column("target_percent", "Target, %", "change"),
    Column("leakage", "Lost sales that bystanders take up, %", "share"),
    Column("bystanders", "Bystanders", "musd_change"),
    Column("concession", "Concession it is worth", "musd"),
)
RATES = (
    Column("group", "Goods"),
    Column("rate", "Best tariff"),
    Column("trade", "Change of real trade, %", "change"),
    Column("base", "Trade in the base year", "musd"),
)


def chapter(question: Question, world: World) -> Chapter | None:
    """Return the curve, and the best mix at the weight of one."""
    if question.outside:
        return Chapter("frontier", TITLE, reason=f"{question.outside} is not in the world’s table.")
    from suasion.coercion.frontier.contest import frontier
    from suasion.sources.groups import expand

    audience = expand(question.tokens, world.year)
    # Of a pair of which one belongs to the audience, the other is whom sanctions would be on.
    target = question.b if question.a.code in audience and question.b.code not in audience else question.a
    senders = (question.members if target.code in audience else question.tokens) or (question.b.code,)
    try:
        found = frontier(world, senders, target.code, lambdas=WEIGHTS, restarts=0, deficits=question.deficits)
    except SuasionError as error:
        return Chapter("frontier", TITLE, reason=str(error))
    who = question.names.get(question.audience) or question.b.name
    if (
        question.tokens and target.code not in audience
    ):  # a member that is one of the two is among the senders
        who = listing([printed_name(token, question.names.get(token, token)) for token in question.tokens])
    sides = who, target.name
    tables = (_curve(found, question, sides), _mix(found, question, sides))
    return Chapter("frontier", TITLE, (_finding(found, question, sides),), tables, method="frontier")


def _curve(found: Frontier, question: Question, sides: tuple[str, str]) -> ChapterTable:
    from suasion.coercion.frontier.coalition import credibility

    worth = credibility(found).concession_usd
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            f"{row['lambda']:g}",
            row["own_usd"],
            -row["target_usd"],
            row["own_percent"],
            row["target_percent"],
            None if math.isnan(row["leakage"]) else 100.0 * row["leakage"],
            row["bystanders_usd"],
            float(one),
        )
        for row, one in zip(found.points.to_dict("records"), worth, strict=True)
    )
    checks = found.checks
    said = "no policy is" if checks.envelope and checks.monotone else "some policy is"
    return ChapterTable(
        key="frontier-points",
        title=f"Harm to {sides[1]} against what it costs {sides[0]}",
        subtitle=(
            "Best import tariffs by ten groups of goods, long run, million USD a year at base prices; beside each "
            "point: weight on harm"
        ),
        columns=POINTS,
        rows=rows,
        source=question.source,
        notes=(
            "The weight is the dollars of own loss that the senders accept for a dollar of harm.",
            f"Check: {said} better at another’s weight than that one’s own, and the two ends of the search agree to "
            f"{usd(checks.two_ways_usd)}. The target keeps its own taxes.",
            "Whether the senders would want to, the numbers do not ask.",
            "A concession is half the difference of the two losses: what an even bargain would yield to the threat.",
        ),
        picture=Picture("curve", "own", "harm", label="label"),
        terminal=("label", "own", "harm", "own_percent", "target_percent", "leakage"),
    )


def _mix(found: Frontier, question: Question, sides: tuple[str, str]) -> ChapterTable:
    part = found.rates[(found.rates["lambda"] == 1.0) & (found.rates.side == found.senders)]
    rows = tuple(
        (
            str(row["group"]),
            "embargo" if row["embargo"] else f"{row['rate_percent']:.0f} %",
            float(row["trade_change_percent"]),
            float(row["base_usd"]),
        )
        for row in part.sort_values("base_usd", ascending=False).to_dict("records")
    )
    return ChapterTable(
        key="frontier-rates",
        title="The best mix where a dollar of harm is worth a dollar",
        subtitle=f"Tariffs of {sides[0]} on {sides[1]}, long run",
        columns=RATES,
        rows=rows,
        source=question.source,
        most=10,
    )


def _finding(found: Frontier, question: Question, sides: tuple[str, str]) -> Finding:
    first, last = (found.points.iloc[place] for place in (0, -1))
    cost = Quantity(-float(last.own_usd), "musd")
    return Finding(
        source=question.source,
        template=(
            "Tariffs of {who} that serve them best, harm left aside, cost {target} {small} of its real "
            "expenditure; where they would pay {weight} dollars for a dollar of harm, {large}, {word} {price} that it "
            "costs the senders."
        ),
        numbers={
            "small": Quantity(-float(first.target_percent), "percent"),
            "large": Quantity(-float(last.target_percent), "percent"),
            "price": cost,
        },
        comparisons={
            "word": Comparison(
                Quantity(-float(last.target_usd), "musd"), cost, "in money more than the", "in money less than the",
                "in money about the",
            )
        },
        names={"who": sides[0], "target": sides[1], "weight": f"{last['lambda']:g}"},
    )  # fmt: skip
