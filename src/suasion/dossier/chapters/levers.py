"""Levers: what the audience can change on the tie, within red lines and without them."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from suasion.coercion.levers.rows import BLOCKED, NOT, UNKNOWN, said_outcome, spoken
from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Column, Picture
from suasion.dossier.claims import Comparison, Finding, Quantity, Unit
from suasion.dossier.words import plain_name
from suasion.errors import SuasionError

if TYPE_CHECKING:
    from suasion.coercion.levers.study import Levers
    from suasion.dossier.gather import Question
    from suasion.world import World

TITLE = "What can outsiders change?"
DRAWS = 16
"""Draws behind the signs of the levers; ``suasion levers --draws`` takes others."""
OUTCOMES = (
    Column("outcome", "Outcome"),
    Column("base", "Now", "score"),
    Column("within", "Fall within red lines", "score"),
    Column("free", "Fall without them", "score"),
    Column("class", "Class"),
    Column("line", "Dearest red line"),
    Column("price", "Its price, for one more lever in full use", "score"),
)
PLANS = (
    Column("outcome", "Outcome"),
    Column("levers", "Levers in use within the red lines"),
    Column("why", "Why none"),
)
SIGNS = {"per cent": "%", "per cent of trade": "% of trade", "ratio": "one over the other"}
"""Units of outcomes as they stand behind their names."""
COALITIONS = (
    Column("who", "Who acts"),
    Column("outcome", "Outcome"),
    Column("within", "Fall within red lines, % of itself", "share"),
    Column("free", "Fall without them, % of itself", "share"),
    Column("cost", "Own cost without them", "musd_change"),
)
EFFECTS = (
    Column("lever", "Whose lever"),
    Column("effect", "Change of the share by full use, points", "score"),
    Column("low", "from", "score"),
    Column("high", "to", "score"),
    Column("same", "Draws with this sign, %", "share"),
    Column("basis", "Basis of its size"),
)
SHOWN = 16


def chapter(question: Question, world: World) -> Chapter | None:
    """Return outcomes, coalitions and levers; nothing where there is no audience."""
    if question.outside:
        return Chapter("levers", TITLE, reason=f"{question.outside} is not in the world’s table.")
    if not question.tokens:
        return Chapter("levers", TITLE, reason="No audience was named: nobody is asked to change anything.")
    from suasion.dossier.levers_beyond import ask_levers

    pair = question.a.code, question.b.code
    try:
        found = ask_levers(world, *pair, question.tokens, draws=DRAWS, deficits=question.deficits)
    except SuasionError as error:
        return Chapter("levers", TITLE, reason=str(error))
    findings = tuple(_finding(found, row, question) for row in found.outcomes.to_dict("records"))
    tables = (
        _outcomes(found, question),
        _plans(found, question),
        _coalitions(found, question),
        _effects(found, question),
    )
    return Chapter("levers", TITLE, findings, tables, method="levers")


def _outcomes(found: Levers, question: Question) -> ChapterTable:
    rows = tuple(
        (
            f"{_name(found, str(row['outcome']), question)}, {SIGNS[str(row['unit'])]}",
            _number(row["base"]),
            _number(row["gain_with_red_lines"]),
            _number(row["gain_without"]),
            str(row["class"]),
            _plain(str(row["blocked_by"]).split("; ")[0], question),
            _number(row["price"]),
        )
        for row in found.outcomes.to_dict("records")
    )
    return ChapterTable(
        key="levers-outcomes",
        title="What can be changed, what a red line blocks, and what cannot be changed",
        subtitle=(
            f"Best plans of {_people(question.audience, question)}; own loss at most "
            f"{found.budget_usd:,.0f} million USD; {found.horizon}"
        ),
        columns=OUTCOMES,
        rows=rows,
        source=question.source,
        notes=(
            *found.notes,
            f"Levers called relief take it that sanctions on {question.a.name} are in force; where none are, they "
            "stand for cheaper trade.",
        ),
        terminal=("outcome", "base", "within", "free", "class"),
    )


def _plans(found: Levers, question: Question) -> ChapterTable:
    """Which levers the best plans use, and why there is none where there is none."""
    rows = tuple(
        (
            _name(found, str(row["outcome"]), question),
            _in_use(str(row["levers"]), question) or "none",
            str(row["why"]),
        )
        for row in found.outcomes.to_dict("records")
    )
    return ChapterTable(
        key="levers-plans",
        title="What the best plans use",
        subtitle=f"Levers of {_people(question.audience, question)} within the red lines, in full use unless a part is "
        "named",
        columns=PLANS,
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
        title="Alone and together",
        subtitle="Largest fall of each outcome, % of itself; own cost in million USD a year, a gain where negative",
        columns=COALITIONS,
        rows=tuple(rows),
        source=question.source,
        notes=("The largest state of a group stands beside it, to show what a single member can do.",),
        most=0,
    )


def _effects(found: Levers, question: Question) -> ChapterTable:
    part = found.influence[found.influence.outcome == "share"]
    part = part.reindex(part.effect.abs().sort_values(ascending=False).index).head(SHOWN)
    a, b = plain_name(question.a.name), plain_name(question.b.name)
    between = f" between {a} and {b}"  # said by the subtitle
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
        title="What each lever does to the share",
        subtitle=f"Change of {b}’s share in {a}’s trade by full use, percentage points, first order; 90 of 100 draws",
        columns=EFFECTS,
        rows=rows,
        source=question.source,
        notes=(
            "Draws are of the elasticities and of each lever’s size within its range.",
            "What a member state can do is part of what its group can do.",
        ),
        picture=Picture("ranges", "effect", "lever", "low", "high"),
        most=0,
    )


def _finding(found: Levers, row: Mapping[Hashable, Any], question: Question) -> Finding:
    """Say what can be done about one outcome."""
    names = {
        "what": _name(found, str(row["outcome"]), question),
        "audience": question.names.get(question.audience, question.audience),
        "why": str(row["why"]),
        "unit": "" if row["unit"] == "ratio" else " points",
        "line": _plain(str(row["blocked_by"]).split("; ")[0], question),
    }
    if row["class"] == UNKNOWN:
        return Finding(question.source, "{what}: not measured, for {why}.", names=names)
    base = float(row["base"])
    unit: Unit = "percent" if row["unit"] != "ratio" else "times" if base >= 1.0 else "score"
    now = Quantity(base, unit)
    within, free = (Quantity(float(row[key]), "score") for key in ("gain_with_red_lines", "gain_without"))
    if row["class"] == NOT:
        template, numbers = (
            "{what}: {now} now, and no plan of {audience} moves it by enough to count: {why}.",
            {"now": now},
        )
        return Finding(question.source, template, numbers, names=names)
    if row["class"] == BLOCKED:
        template = (
            "{what}: {now} now; within the red lines no plan of {audience} moves it by enough to count, without them "
            "one brings it down by {free}{unit}; the dearest of them is “{line}”."
        )
        return Finding(question.source, template, {"now": now, "free": free}, names=names)
    template = "{what}: {now} now; {audience} can bring it down by {within}{unit} within the red lines"
    if not row["blocked_by"]:
        tail = "; no red line stands in the way."
        return Finding(question.source, template + tail, {"now": now, "within": within}, names=names)
    word = Comparison(free, within, "more", "less", "much the same")
    tail = ", and {word} without them ({free}); the dearest of them is “{line}”."
    return Finding(
        question.source, template + tail, {"now": now, "within": within, "free": free}, {"word": word}, names
    )


def _name(found: Levers, outcome: str, question: Question) -> str:
    """Outcome in words, with the names of the pair."""
    said = said_outcome(found, outcome).rstrip(",")
    for party in (question.a, question.b):
        said = said.replace(f" {party.code}", f" {party.name}")
    return said[:1].upper() + said[1:]


def _people(code: str, question: Question) -> str:
    """A coalition's codes as names."""
    return " and ".join(plain_name(question.names.get(part, part)) for part in code.split(" + "))


def _plain(text: str, question: Question) -> str:
    """Name of a lever or red line in words, with the names of the pair."""
    return spoken(text, plain_name(question.a.name), plain_name(question.b.name))


def _number(value: Any) -> float | None:
    """A cell: missing where there is no number."""
    number = float(value)
    return None if number != number else number
