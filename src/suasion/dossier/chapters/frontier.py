"""The frontier of sanctions: the least that the audience pays for the harm it does to one of the two."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from suasion.answers.catalogue import say, template
from suasion.answers.language import capital
from suasion.answers.numbers import TINY_PERCENT, usd
from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Heads, Picture, heads, reason_of
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.words import listing, printed_name
from suasion.errors import SuasionError

if TYPE_CHECKING:
    from suasion.coercion.frontier.contest import Frontier
    from suasion.dossier.gather import Question
    from suasion.world import World

WEIGHTS = (0.0, 0.5, 1.0, 2.0, 5.0)
"""Weights on harm of a dossier: few, for it must not take minutes; ``suasion frontier`` takes twenty."""
POINTS: Heads = {
    "label": "text",
    "own": "musd_change",
    "harm": "musd",
    "own_percent": "change",
    "target_percent": "change",
    "leakage": "share",
    "bystanders": "musd_change",
    "concession": "musd",
}
RATES: Heads = {
    "group": "text",
    "rate": "text",
    "trade": "change",
    "base": "musd",
}


def chapter(question: Question, world: World) -> Chapter | None:
    """Return the curve, and the best mix at the weight of one."""
    title = say("chapter.frontier.title")
    if question.outside:
        return Chapter("frontier", title, reason=question.say_outside("chapter.outside"))
    from suasion.coercion.frontier.contest import frontier
    from suasion.sources.groups import expand

    audience = expand(question.tokens, world.year)
    # Of a pair of which one belongs to the audience, the other is whom sanctions would be on.
    target = question.b if question.a.code in audience and question.b.code not in audience else question.a
    senders = (question.members if target.code in audience else question.tokens) or (question.b.code,)
    try:
        found = frontier(world, senders, target.code, lambdas=WEIGHTS, restarts=0, deficits=question.deficits)
    except SuasionError as error:
        return Chapter("frontier", title, reason=reason_of(error))
    who = question.names.get(question.audience) or question.b.name
    if (
        question.tokens and target.code not in audience
    ):  # a member that is one of the two is among the senders
        who = listing([printed_name(token, question.names.get(token, token)) for token in question.tokens])
    sides = who, target.name
    if -float(found.points.target_percent.min()) < TINY_PERCENT:
        why = say("chapter.frontier.hardly", who=who, target=target.name, weight=f"{WEIGHTS[-1]:g}")
        return Chapter("frontier", title, reason=capital(why))
    tables = (_curve(found, question, sides), _mix(found, question, sides))
    return Chapter("frontier", title, (_finding(found, question, sides),), tables, method="frontier")


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
    said = say(f"chapter.frontier.{'holds' if checks.envelope and checks.monotone else 'fails'}")
    return ChapterTable(
        key="frontier-points",
        title=say("chapter.frontier.curve", target=sides[1], who=sides[0]),
        subtitle=say("chapter.frontier.curve_subtitle"),
        columns=heads("frontier.head_points", POINTS),
        rows=rows,
        source=question.source,
        notes=(
            say("chapter.frontier.weight"),
            say("chapter.frontier.check", said=said, gap=usd(checks.two_ways_usd)),
            say("chapter.frontier.willing"),
            say("chapter.frontier.concession"),
        ),
        picture=Picture("curve", "own", "harm", label="label"),
        terminal=("label", "own", "harm", "own_percent", "target_percent", "leakage"),
    )


def _mix(found: Frontier, question: Question, sides: tuple[str, str]) -> ChapterTable:
    part = found.rates[(found.rates["lambda"] == 1.0) & (found.rates.side == found.senders)]
    rows = tuple(
        (
            str(row["group"]),
            say("chapter.frontier.embargo") if row["embargo"] else f"{row['rate_percent']:.0f} %",
            float(row["trade_change_percent"]),
            float(row["base_usd"]),
        )
        for row in part.sort_values("base_usd", ascending=False).to_dict("records")
    )
    return ChapterTable(
        key="frontier-rates",
        title=say("chapter.frontier.mix"),
        subtitle=say("chapter.frontier.mix_subtitle", who=sides[0], target=sides[1]),
        columns=heads("frontier.head_rates", RATES),
        rows=rows,
        source=question.source,
        most=10,
    )


def _finding(found: Frontier, question: Question, sides: tuple[str, str]) -> Finding:
    first, last = (found.points.iloc[place] for place in (0, -1))
    cost = Quantity(-float(last.own_usd), "musd")
    return Finding(
        source=question.source,
        template=template("chapter.frontier.finding"),
        numbers={
            "small": Quantity(-float(first.target_percent), "percent"),
            "large": Quantity(-float(last.target_percent), "percent"),
            "price": cost,
        },
        comparisons={
            "word": Comparison(
                Quantity(-float(last.target_usd), "musd"),
                cost,
                *(say(f"chapter.frontier.{word}") for word in ("more", "less", "about")),
            )
        },
        names={"who": sides[0], "target": sides[1], "weight": f"{last['lambda']:g}"},
    )
