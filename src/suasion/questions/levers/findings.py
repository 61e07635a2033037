"""What an audience can change on a tie, in findings: each outcome, the members alone, what is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from suasion.answers import DETAIL, MAIN, USUAL, Comparison, Country, Finding, Quantity, Word
from suasion.answers.language import ALLIED

if TYPE_CHECKING:
    from suasion.questions.levers import LeverReport

ORDER = ("share", "exit_cost_a", "leverage", "share_later", "exit_cost_b", "pact")
"""Outcomes as told, the share first: it is what is asked most."""
POINTS = ("percent", "trade")
"""Units of outcomes that are per cent of something."""


def findings(report: LeverReport) -> Iterator[Finding]:
    """What can be done about each outcome; what each member reaches alone; what is assumed."""
    rows = sorted(report.rows(report.levers.outcomes), key=lambda row: ORDER.index(str(row["lever_outcome"])))
    for place, row in enumerate(rows):
        yield _outcome(report, row, MAIN + 0.5 - 0.1 * place)
    yield from _range(report)
    yield from _alone(report)
    if any(row["why_not"] and row["lever_outcome"] == "pact" and row["now"] == row["now"] for row in rows):
        yield _pact_word(report)
    unsure = dict.fromkeys(lever for outcome, lever, _ in report.levers.unstable if outcome != "pact")
    if unsure:
        yield Finding(
            "levers.unsure", {"levers": tuple(Word("lever", lever) for lever in unsure)}, weight=DETAIL
        )


def _outcome(report: LeverReport, row: Mapping[str, Any], weight: float) -> Finding:
    """The sentence of one outcome."""
    values = {**report.who, "what": Word("outcome_of", str(row["lever_outcome"]))}
    if row["lever_class"] == "not_measured":
        return Finding(f"levers.not_measured_{row['why_not']}", values, weight=weight)
    now = row["now"]
    unit: Any = "percent" if row["lever_unit"] in POINTS else "ratio" if now >= 1.0 else "score"
    within, free = (_of_itself(row[name], now) for name in ("fall_within", "fall_free"))
    values |= {"now": Quantity(now, unit)}
    if row["lever_class"] == "none":
        return Finding(f"levers.none_{row['why_not']}", {**values, "free": free}, weight=weight)
    line = Word("red_line", row["red_line"])
    if row["lever_class"] == "blocked":
        return Finding("levers.blocked", {**values, "free": free, "line": line}, weight=weight)
    if row["red_line"] == "none":
        return Finding("levers.direct", {**values, "within": within}, weight=weight)
    values |= {"within": within, "free": free, "line": line}
    return Finding("levers.direct_lines", values, Comparison(free, within), weight=weight)


def _of_itself(fall: float, now: float) -> Quantity:
    """A fall in per cent of the level, which outcomes of all units have."""
    return Quantity(100.0 * fall / abs(now), "percent")


def _range(report: LeverReport) -> Iterator[Finding]:
    """How far the levers' joint effect on the share is from certain."""
    for row in report.rows(report.levers.plans):
        whole = row["coalition"] == members_of(report.levers.audience)
        if whole and row["lever_outcome"] == "share" and row["first_order_low"] == row["first_order_low"]:
            ends = row["first_order_low"], row["first_order_high"]
            yield Finding(
                f"levers.range_{row['lines']}",
                {**report.who, "fall": Quantity(row["first_order"], "score", *ends)},
                weight=USUAL + 0.1 * (row["lines"] == "within"),
            )


def _alone(report: LeverReport) -> Iterator[Finding]:
    """What members reach without each other, of the share of trade."""
    rows = [row for row in report.rows(report.levers.plans) if row["lever_outcome"] == "share"]
    whole = {row["lines"]: row["fall"] for row in rows if row["coalition"] == rows[-1]["coalition"]}
    for coalition in report.levers.coalitions[:-1]:
        falls = {row["lines"]: row["fall"] for row in rows if row["coalition"] == members_of(coalition)}
        if falls and min(whole.values()) > 0.0:
            parts = {
                name: Quantity(min(1.0, max(0.0, fall / whole[name])), "probability")
                for name, fall in falls.items()
            }
            yield Finding("levers.alone", {**report.who, "who": Country(coalition), **parts}, weight=DETAIL)


def _pact_word(report: LeverReport) -> Finding:
    """What the model of pacts says at the plan that lowers the share most, though no sign is sure."""
    plans = [one for (_, outcome, _), one in report.levers.plans_by.items() if outcome == "share"]
    best = max(plans, key=lambda plan: plan.actual)
    chance = Quantity(best.position.value("pact") / 100.0, "probability")
    return Finding("levers.pact_word", {**report.who, "chance": chance}, weight=DETAIL)


def notes(report: LeverReport) -> Iterator[Finding]:
    """How it was computed, and what was left out."""
    found = report.levers
    assumed = sum(lever.assumed for lever in found.model.levers)
    yield Finding(
        "levers.assumed",
        {
            "assumed": Quantity(assumed, "count"),
            "count": Quantity(len(found.model.levers), "count"),
            "budget": Quantity(found.budget_usd, "musd"),
            "draws": Quantity(found.draws, "count"),
            "failed": Quantity(found.failed, "count"),
        },
    )
    for group, members in found.left_out:
        yield Finding("levers.left_out", {"group": Country(group), "members": tuple(map(Country, members))})
    for lever, others in found.unused:
        yield Finding(
            "levers.takes_others" if others else "levers.no_flow",
            {"lever": Word("lever", lever), "others": tuple(map(Country, others))},
        )
    yield Finding("levers.relief", report.who)
    if found.beyond.later is not None:
        yield Finding("levers.path", {**report.who, "path": found.beyond.scenario})
    if found.beyond.pact is not None:
        base = Quantity(found.beyond.pact.base_percent / 100.0, "probability")
        yield Finding("levers.pact_rule", {**report.who, "base": base})


def members_of(coalition: str) -> str:
    """A coalition as a cell: codes with blanks between."""
    return coalition.replace(ALLIED, " ")
