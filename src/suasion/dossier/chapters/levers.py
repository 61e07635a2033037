"""Levers: what the audience can change on the tie, within red lines and without them."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from suasion.answers.catalogue import say, template
from suasion.answers.numbers import usd
from suasion.coercion.levers.rows import Influence, said_outcome, spoken
from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Heads, Picture, heads, reason_of
from suasion.dossier.claims import Comparison, Finding, Quantity, Unit
from suasion.dossier.words import listing, plain_name
from suasion.errors import SuasionError

if TYPE_CHECKING:
    from suasion.coercion.levers.study import Levers
    from suasion.dossier.gather import Question
    from suasion.world import World

DRAWS = 16
"""Draws behind the signs of the levers; ``suasion levers --draws`` takes others."""
OUTCOMES: Heads = {
    "outcome": "text",
    "base": "score",
    "within": "score",
    "free": "score",
    "class": "text",
    "line": "text",
    "price": "score",
}
PLANS: Heads = {
    "outcome": "text",
    "levers": "text",
    "why": "text",
}
SIGNS = {"per cent": "percent", "per cent of trade": "trade", "ratio": "ratio"}
"""Units of outcomes, and the words for them behind their names."""
COALITIONS: Heads = {
    "who": "text",
    "outcome": "text",
    "within": "share",
    "free": "share",
    "cost": "musd_change",
}
EFFECTS: Heads = {
    "lever": "text",
    "effect": "score",
    "low": "score",
    "high": "score",
    "same": "share",
    "basis": "text",
}
SHOWN = 16
_KINDS = {Influence.NOT_MEASURED: "unknown", Influence.NONE: "not", Influence.BLOCKED: "blocked"}
"""Classes of outcomes that cannot be moved within the red lines, and the words for them."""


def chapter(question: Question, world: World) -> Chapter | None:
    """Return outcomes, coalitions and levers; nothing where there is no audience."""
    title = say("chapter.levers.title")
    if question.outside:
        return Chapter("levers", title, reason=question.say_outside("chapter.outside"))
    if not question.tokens:
        return Chapter("levers", title, reason=say("chapter.levers.nobody"))
    from suasion.dossier.levers_beyond import ask_levers

    pair = question.a.code, question.b.code
    try:
        found = ask_levers(world, *pair, question.tokens, draws=DRAWS, deficits=question.deficits)
    except SuasionError as error:
        return Chapter("levers", title, reason=reason_of(error))
    findings = tuple(_finding(found, row, question) for row in found.outcomes.to_dict("records"))
    tables = (
        _outcomes(found, question),
        _plans(found, question),
        _coalitions(found, question),
        _effects(found, question),
    )
    return Chapter("levers", title, findings, tables, method="levers")


def _outcomes(found: Levers, question: Question) -> ChapterTable:
    rows = tuple(
        (
            f"{_name(found, str(row['outcome']), question)}, {say('chapter.levers.in_' + SIGNS[str(row['unit'])])}",
            _number(row["base"]),
            _number(row["gain_with_red_lines"]),
            _number(row["gain_without"]),
            say(f"chapter.levers.class.{row['class']}"),
            _plain(str(row["blocked_by"]).split("; ")[0], question),
            _number(row["price"]),
        )
        for row in found.outcomes.to_dict("records")
    )
    return ChapterTable(
        key="levers-outcomes",
        title=say("chapter.levers.outcomes"),
        subtitle=say(
            "chapter.levers.outcomes_subtitle",
            who=_people(question.audience, question),
            budget=usd(found.budget_usd),
            horizon=found.horizon,
        ),
        columns=heads("levers.head_outcomes", OUTCOMES),
        rows=rows,
        source=question.source,
        notes=(
            *found.notes,
            say("chapter.levers.relief", a=question.a.name),
        ),
        terminal=("outcome", "base", "within", "free", "class"),
    )


def _plans(found: Levers, question: Question) -> ChapterTable:
    """Which levers the best plans use, and why there is none where there is none."""
    rows = tuple(
        (
            _name(found, str(row["outcome"]), question),
            _in_use(str(row["levers"]), question) or say("chapter.levers.none"),
            str(row["why"]),
        )
        for row in found.outcomes.to_dict("records")
    )
    return ChapterTable(
        key="levers-plans",
        title=say("chapter.levers.plans"),
        subtitle=say("chapter.levers.plans_subtitle", who=_people(question.audience, question)),
        columns=heads("levers.head_plans", PLANS),
        rows=rows,
        source=question.source,
        most=0,
    )


def _in_use(text: str, question: Question) -> str:
    """Levers in use, each once with all who use it: "energy offered to China (United States, EU)"."""
    users: dict[str, list[str]] = {}
    for lever, owner, use in re.findall(r"(\S+) \(([^)]*)\) ([^;\s]+)", text):
        part = "" if float(use) == 1 else f" {float(use):.0%}".replace("%", " %")
        users.setdefault(_plain(lever, question), []).append(f"{_people(owner, question)}{part}")
    return "; ".join(f"{lever} ({', '.join(owners)})" for lever, owners in users.items())


def _coalitions(found: Levers, question: Question) -> ChapterTable:
    plans = {
        (row["coalition"], row["outcome"], row["red_lines"]): row for row in found.plans.to_dict("records")
    }
    rows: list[tuple[Cell, ...]] = []
    for outcome in dict.fromkeys(found.plans.outcome):
        for coalition in found.coalitions:
            within, free = (plans[coalition, outcome, bound] for bound in (True, False))
            rows.append(
                (
                    _people(coalition, question),
                    _name(found, outcome, question),
                    _number(within["share_of_base_percent"]),
                    _number(free["share_of_base_percent"]),
                    _number(free["own_cost_usd"]),
                )
            )
    return ChapterTable(
        key="levers-coalitions",
        title=say("chapter.levers.coalitions"),
        subtitle=say("chapter.levers.coalitions_subtitle"),
        columns=heads("levers.head_coalitions", COALITIONS),
        rows=tuple(rows),
        source=question.source,
        notes=(say("chapter.levers.coalitions_note"),),
        most=0,
    )


def _effects(found: Levers, question: Question) -> ChapterTable:
    part = found.influence[found.influence.outcome == "share"]
    part = part.reindex(part.effect.abs().sort_values(ascending=False).index).head(SHOWN)
    a, b = plain_name(question.a.name), plain_name(question.b.name)
    between = f" {say('chapter.levers.between', a=a, b=b)}"  # said by the subtitle
    rows = tuple(
        (
            f"{_people(row['owner'], question)}: {_plain(row['lever'], question).removesuffix(between)}",
            float(row["effect"]),
            _number(row["low"]),
            _number(row["high"]),
            _number(100.0 * row["same_sign"]),
            str(row["basis"]),
        )
        for row in part.to_dict("records")
    )
    return ChapterTable(
        key="levers-effects",
        title=say("chapter.levers.effects"),
        subtitle=say("chapter.levers.effects_subtitle", a=a, b=b),
        columns=heads("levers.head_effects", EFFECTS),
        rows=rows,
        source=question.source,
        notes=(
            say("chapter.levers.effects_note"),
            say("chapter.levers.members_note"),
        ),
        picture=Picture("ranges", "effect", "lever", "low", "high"),
        most=0,
    )


def _finding(found: Levers, row: Mapping[Hashable, Any], question: Question) -> Finding:
    """Say what can be done about one outcome."""
    ratio = row["unit"] == "ratio"
    names = {
        "what": _name(found, str(row["outcome"]), question),
        "audience": question.names.get(question.audience, question.audience),
        "why": str(row["why"]),
        "unit": "" if ratio else say("chapter.levers.points"),
        "line": _plain(str(row["blocked_by"]).split("; ")[0], question),
    }
    kind = _KINDS.get(row["class"], "free" if row["blocked_by"] else "no_line")
    words = template(f"chapter.levers.{kind}")
    if kind == "unknown":
        return Finding(question.source, words, names=names)
    base = float(row["base"])
    unit: Unit = "percent" if not ratio else "ratio" if base >= 1.0 else "score"
    numbers = {"now": Quantity(base, unit)}
    within, free = (Quantity(float(row[key]), "score") for key in ("gain_with_red_lines", "gain_without"))
    if kind in ("no_line", "free"):
        numbers["within"] = within
    if kind in ("blocked", "free"):
        numbers["free"] = free
    compared = (say(f"chapter.levers.{word}") for word in ("more", "less", "same"))
    comparisons = {"word": Comparison(free, within, *compared)} if kind == "free" else {}
    return Finding(question.source, words, numbers, comparisons, names)


def _name(found: Levers, outcome: str, question: Question) -> str:
    """Outcome in words, with the names of the pair."""
    said = said_outcome(found, outcome).rstrip(",")
    for party in (question.a, question.b):
        said = said.replace(f" {party.code}", f" {party.name}")
    return said[:1].upper() + said[1:]


def _people(code: str, question: Question) -> str:
    """A coalition's codes as names."""
    return listing([plain_name(question.names.get(part, part)) for part in code.split(" + ")])


def _plain(text: str, question: Question) -> str:
    """Name of a lever or red line in words, with the names of the pair."""
    return spoken(text, plain_name(question.a.name), plain_name(question.b.name))


def _number(value: Any) -> float | None:
    """A cell: missing where there is no number."""
    number = float(value)
    return None if number != number else number
